use super::sheet;
use super::table::Table;

fn named(ids: &[&str]) -> Vec<String> {
    let tables: Vec<Table> =
        ids.iter().map(|id| Table { id: id.to_string(), ..Table::default() }).collect();
    sheet::names(&tables)
}

/// What Excel refuses in the name of a sheet: a forbidden character, more than
/// 31 units of UTF-16, a name twice in any case, `History`.
#[test]
fn sheets_have_names_that_spreadsheets_accept() {
    let long = "x".repeat(40);
    let names = named(&["a/b:c", "A*b?C", "méthode", "", "History", "'q'", &long, &long]);
    let [first, second, third, fourth, fifth, sixth, seventh, eighth] = names.as_slice() else {
        panic!("{names:?}");
    };
    assert_eq!([first, second], ["abc", "AbC 2"]);
    assert_eq!([third, fourth, fifth, sixth], ["méthode 2", "Tableau", "History 2", "q"]);
    assert_eq!(seventh.len(), 31);
    assert_eq!(eighth.len(), 31);
    assert_ne!(seventh, eighth);
}
