//! `tableaux.xlsx`, read back with calamine.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::path::Path;
use std::process::Command;

use bilan::matching;
use calamine::{Data, DataType, Range, Reader, Xlsx, open_workbook};
use serde_json::Value;

use crate::support::{ANSWER_TITLES, Edition, SHIPPED_OUTPUT};

type Book = Xlsx<std::io::BufReader<std::fs::File>>;

fn open(output: &Path) -> Book {
    open_workbook(output.join("tableaux.xlsx")).unwrap()
}

fn figures(output: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(output.join("indicateurs.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    document["indicateurs"].as_array().unwrap().clone()
}

/// A question's sheet: cells by territory (slug, empty for the country), group
/// of columns and column.
fn cells(sheet: &Range<Data>) -> HashMap<(String, String, String), Data> {
    let rows: Vec<&[Data]> = sheet.rows().collect();
    let (groups, titles) = (rows[1], rows[2]);
    let mut found = HashMap::new();
    for row in rows[3..].iter().take_while(|row| !row[0].to_string().is_empty()) {
        let name = row[0].to_string();
        let slug = if name == "Ensemble" { String::new() } else { matching::slug(&name) };
        let mut group = String::new();
        for (column, cell) in row.iter().enumerate().skip(1) {
            if !groups[column].to_string().is_empty() {
                group = groups[column].to_string();
            }
            let key = (slug.clone(), group.clone(), titles[column].to_string());
            found.insert(key, cell.clone());
        }
    }
    found
}

/// A cell against a value of the JSON file: the same number, or a mark where
/// there is none. (The JSON reader of the tests may be a bit off in the last
/// binary digit.)
fn assert_same(cell: Option<&Data>, value: &Value, what: &str) {
    let cell = cell.unwrap_or_else(|| panic!("{what} has no cell"));
    match (cell, value.as_f64()) {
        (Data::Float(written), Some(number)) => {
            assert!((written - number).abs() <= 1e-14 * number.abs(), "{what}: {written}");
        }
        (cell, None) => assert!(["s", "–"].contains(&cell.to_string().as_str()), "{what}: {cell}"),
        (cell, Some(number)) => panic!("{what}: {cell} is not {number}"),
    }
}

/// The sheets of the questions, after those of the register and of the response.
fn question_sheets(book: &Book) -> Vec<String> {
    let names = book.sheet_names();
    let first = names.iter().position(|name| name == "2024-2025").unwrap();
    names[first + 1..].to_vec()
}

/// Every value, count, base and bound of every territory is the one of the
/// JSON file, and no number of a question's sheet is missing from it.
#[test]
fn every_figure_of_a_question_is_that_of_the_json_file() {
    const GROUPS: [(&str, &str); 5] = [
        ("Pourcentage", "/valeur"),
        ("Valeur", "/valeur"),
        ("Effectif", "/effectif"),
        ("Borne basse de l’intervalle", "/intervalle/bas"),
        ("Borne haute de l’intervalle", "/intervalle/haut"),
    ];
    let mut book = open(&SHIPPED_OUTPUT);
    let figures = figures(&SHIPPED_OUTPUT);
    let mut compared = 0;
    for question in question_sheets(&book) {
        let cells = cells(&book.worksheet_range(&question).unwrap());
        let mut left: BTreeSet<_> = cells.keys().filter(|key| !key.2.is_empty()).collect();
        let own = |id: &str| id == question || id.starts_with(&format!("{question}."));
        for figure in figures.iter().filter(|figure| own(figure["id"].as_str().unwrap())) {
            let label = figure["libelle"].as_str().unwrap();
            // A question of one option is its indicator, under another name.
            let column = if figure["id"] == question { "Oui" } else { label };
            if !cells.keys().any(|(_, _, title)| title == column) {
                continue; // A figure computed from others, on the first sheet only.
            }
            let regions = figure["regions"].as_object().into_iter().flatten();
            let territories = std::iter::once((String::new(), figure))
                .chain(regions.map(|(slug, value)| (slug.clone(), value)));
            for (slug, value) in territories {
                for (group, pointer) in GROUPS {
                    let key = (slug.clone(), group.to_string(), column.to_string());
                    let Some(cell) = cells.get(&key) else { continue };
                    let expected = value.pointer(pointer).unwrap_or(&Value::Null);
                    assert_same(Some(cell), expected, &format!("{key:?} of {question}"));
                    left.remove(&key);
                    compared += 1;
                }
                let key = (slug.clone(), "Base".to_string(), "n".to_string());
                assert_same(cells.get(&key), &value["base"], &format!("{key:?} of {question}"));
                left.remove(&key);
            }
        }
        assert!(left.is_empty(), "{question}: {left:?} are not in the JSON file");
    }
    assert!(compared > 4000, "{compared} values compared");
}

/// The sheets of the register, of the response and of the two years say what
/// the JSON file says.
#[test]
fn the_other_sheets_say_what_the_json_file_says() {
    let mut book = open(&SHIPPED_OUTPUT);
    let all = figures(&SHIPPED_OUTPUT);
    let named = |id: &str| all.iter().find(|figure| figure["id"] == id);
    let at = |figure: &Value, territory: &str| match territory {
        "Ensemble" => figure["valeur"].clone(),
        name => figure["regions"][&matching::slug(name)]["valeur"].clone(),
    };
    let mut compared = 0;

    let register = book.worksheet_range("Registre").unwrap();
    let titles: Vec<String> = register.rows().nth(2).unwrap().iter().map(Data::to_string).collect();
    for row in register.rows().skip(3).take_while(|row| !row[0].is_empty()) {
        for (title, cell) in titles.iter().zip(row).skip(1) {
            let figure = all.iter().find(|figure| figure["libelle"] == **title).unwrap();
            let territory = row[0].to_string();
            assert_same(Some(cell), &at(figure, &territory), &format!("{title}, {territory}"));
            compared += 1;
        }
    }

    let rates = book.worksheet_range("Taux de réponse").unwrap();
    let national: Vec<&Data> = rates.rows().nth(3).unwrap().iter().skip(1).collect();
    for (cell, id) in national.iter().zip(["laureats", "repondants", "taux-de-reponse"]) {
        assert_same(Some(cell), &named(id).unwrap()["valeur"], id);
    }

    let blanks = book.worksheet_range("Non-réponse").unwrap();
    for row in blanks.rows().skip(3) {
        let id = row[0].to_string();
        let own = |figure: &&Value| {
            let other = figure["id"].as_str().unwrap();
            (other == id || other.starts_with(&format!("{id}."))) && figure["reponse"].is_object()
        };
        let Some(figure) = all.iter().find(own) else { continue };
        assert_same(row.get(2), &figure["reponse"]["interroges"], &id);
        assert_same(row.get(3), &figure["reponse"]["repondants"], &id);
        compared += 1;
    }

    let years = book.worksheet_range("2024-2025").unwrap();
    for row in years.rows().skip(3).take_while(|row| !row[0].is_empty()) {
        let id = row[0].to_string();
        let Some(figure) = named(&id) else { continue };
        assert_same(row.get(6), &figure["valeur"], &id);
        assert_same(row.get(7), &figure["base"], &id);
        compared += 1;
    }
    assert!(compared > 140, "{compared} values compared");
}

#[test]
fn the_national_figures_are_those_of_the_json_file() {
    let mut book = open(&SHIPPED_OUTPUT);
    let sheet = book.worksheet_range("Indicateurs").unwrap();
    let figures = figures(&SHIPPED_OUTPUT);
    let rows: Vec<&[Data]> = sheet.rows().skip(3).take(figures.len()).collect();
    for (figure, row) in figures.iter().zip(&rows) {
        let id = figure["id"].as_str().unwrap();
        assert_eq!(row[0].to_string(), id);
        assert_same(row.get(3), &figure["valeur"], id);
        assert_same(row.get(4), &figure["effectif"], id);
        assert_same(row.get(5), &figure["base"], id);
        let bound = |name: &str| figure.pointer(&format!("/intervalle/{name}"));
        assert_same(row.get(6), bound("bas").unwrap_or(&Value::Null), id);
        assert_same(row.get(7), bound("haut").unwrap_or(&Value::Null), id);
    }
    assert_eq!(rows.len(), figures.len());
}

#[test]
fn the_contents_lead_to_every_sheet() {
    let mut book = open(&SHIPPED_OUTPUT);
    let names = book.sheet_names();
    let contents = book.worksheet_range("Sommaire").unwrap();
    let listed: Vec<String> = contents.rows().skip(5).map(|row| row[0].to_string()).collect();
    assert_eq!(listed, names[1..]);
    let demonstration = contents.get_value((2, 0)).unwrap().to_string();
    assert!(demonstration.contains("démonstration"), "{demonstration}");
}

/// A name that begins as a formula is a text, and its cell says so to who
/// edits it.
#[test]
fn no_text_is_a_formula() {
    let edition = Edition::new();
    edition.write_workbook(
        "questionnaire.xlsx",
        &[(
            "Réponses",
            vec![ANSWER_TITLES.to_vec(), vec!["", "BRE-01", "", "Numérique;Insertion;", "80"]],
        )],
    );
    let hostile = "=1+1";
    edition.replace(
        "dictionnaire.toml",
        "libelle = \"Insertion\"",
        "libelle = \"=1+1\", synonymes = [\"Insertion\"]",
    );
    edition.produce().success();
    let mut book = open(&edition.output());
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(formulas.used_cells().next().is_none(), "{name}");
    }
    let sheet = book.worksheet_range("themes").unwrap();
    let title = sheet.used_cells().find(|(row, _, cell)| *row == 2 && **cell == *hostile);
    assert!(title.is_some(), "{hostile} is not there as a text");
}

/// The parts of the workbook, by name.
fn parts(output: &Path) -> HashMap<String, String> {
    let file = std::fs::File::open(output.join("tableaux.xlsx")).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut read = |name: &String| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        (name.clone(), String::from_utf8_lossy(&bytes).into_owned())
    };
    names.iter().map(&mut read).collect()
}

/// What stands between two texts, each time.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    let rest = text.split(start).skip(1);
    rest.filter_map(|rest| rest.split_once(end)).map(|(found, _)| found).collect()
}

#[test]
fn every_link_leads_to_a_sheet() {
    let names = open(&SHIPPED_OUTPUT).sheet_names();
    let parts = parts(&SHIPPED_OUTPUT);
    let mut links = 0;
    for (name, part) in parts.iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet")) {
        for target in between(part, "location=\"", "\"") {
            let sheet = target.strip_prefix('\'').and_then(|rest| rest.strip_suffix("'!A1"));
            assert!(sheet.is_some_and(|s| names.iter().any(|n| n == s)), "{name}: {target}");
            links += 1;
        }
    }
    // The contents to each other sheet, and each but the method back to it.
    assert_eq!(links, 2 * (names.len() - 1) - 1);
}

/// Titles stay in sight, and are printed on every page, on A4.
#[test]
fn sheets_are_set_for_the_screen_and_for_paper() {
    let names = open(&SHIPPED_OUTPUT).sheet_names();
    let parts = parts(&SHIPPED_OUTPUT);
    let titles =
        between(&parts["xl/workbook.xml"], "<definedName name=\"_xlnm.Print_Titles\"", "/");
    for (rank, name) in names.iter().enumerate() {
        let sheet = &parts[&format!("xl/worksheets/sheet{}.xml", rank + 1)];
        assert!(sheet.contains("paperSize=\"9\""), "{name} is not for A4");
        if name == "Méthode" {
            continue; // A text, on one page.
        }
        let head = if name == "Sommaire" { 5 } else { 3 };
        assert!(sheet.contains(&format!("ySplit=\"{head}\"")), "{name}: the titles do not stay");
        assert!(sheet.contains("state=\"frozen\""), "{name}");
        assert!(sheet.contains("<oddFooter>"), "{name} has no footer");
        let own = titles.iter().find(|title| title.contains(&format!("localSheetId=\"{rank}\"")));
        let repeated = own.unwrap_or_else(|| panic!("{name} repeats no title"));
        assert!(repeated.contains(&format!("$1:${head}<")), "{name}: {repeated}");
    }
}

/// A native chart shows the first row of the percentages, under their titles.
#[test]
fn charts_show_the_cells_that_they_should() {
    let mut book = open(&SHIPPED_OUTPUT);
    let parts = parts(&SHIPPED_OUTPUT);
    let mut drawn = 0;
    for (name, part) in parts.iter().filter(|(name, _)| name.starts_with("xl/charts/chart")) {
        let ranges = between(part, "<c:f>", "</c:f>");
        let [title, categories, values] = ranges[..] else { panic!("{name}: {ranges:?}") };
        let split = |range: &str| {
            let (sheet, cells) = range.split_once('!').unwrap();
            let (first, last) = cells.split_once(':').unwrap_or((cells, cells));
            (sheet.trim_matches('\'').to_string(), position(first), position(last))
        };
        let (sheet, from, to) = split(values);
        let (titles_sheet, titles_from, titles_to) = split(categories);
        assert_eq!((&titles_sheet, split(title).1), (&sheet, (0, 0)), "{name}");
        assert_eq!((titles_from.0, titles_to.0, from.0, to.0), (2, 2, 3, 3), "{name}");
        assert_eq!((titles_from.1, titles_to.1), (from.1, to.1), "{name}");
        let range = book.worksheet_range(&sheet).unwrap();
        let text = |row: u32, column: u32| range.get_value((row, column)).unwrap().to_string();
        assert_eq!(text(3, 0), "Ensemble", "{name}");
        assert_eq!(text(1, from.1), "Pourcentage", "{name}");
        // The group goes on to the column before the next one's title.
        assert!((from.1 + 1..=to.1).all(|column| text(1, column).is_empty()), "{name}");
        assert!(!text(1, to.1 + 1).is_empty(), "{name} leaves a column out");
        drawn += 1;
    }
    assert!(drawn >= 10, "{drawn} charts");
}

/// A cell such as `$C$4`, from 0: row, column.
fn position(cell: &str) -> (u32, u32) {
    let parts: Vec<&str> = cell.split('$').collect();
    let [_, letters, row] = parts[..] else { panic!("{cell}") };
    let column = letters.bytes().fold(0, |sum, letter| 26 * sum + u32::from(letter - b'A') + 1);
    (row.parse::<u32>().unwrap() - 1, column - 1)
}

/// LibreOffice, where it is installed, reads every sheet and finds the numbers
/// that calamine does.
#[test]
fn libreoffice_reads_the_same_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let profile =
        format!("-env:UserInstallation=file://{}", folder.path().join("profil").display());
    let sheets = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1";
    let run = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", sheets, "--outdir"])
        .arg(folder.path())
        .arg(SHIPPED_OUTPUT.join("tableaux.xlsx"))
        .output();
    if !run.is_ok_and(|output| output.status.success()) {
        return eprintln!(
            "LibreOffice is not installed here: the workbook is read by calamine only"
        );
    }
    let mut book = open(&SHIPPED_OUTPUT);
    let mut compared = 0;
    // The method is a text, whose blank lines a reader of CSV leaves out.
    for name in book.sheet_names().into_iter().filter(|name| name != "Méthode") {
        let range = book.worksheet_range(&name).unwrap();
        let path = folder.path().join(format!("tableaux-{name}.csv"));
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&path).unwrap();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        for (row, column, cell) in range.used_cells() {
            let read = &rows[row][column];
            match cell {
                Data::Float(number) => {
                    let read: f64 = read.parse().unwrap_or_else(|_| panic!("{name}: {read}"));
                    assert!(
                        (read - number).abs() <= 1e-12 * number.abs().max(1.0),
                        "{name}: {read}"
                    );
                    compared += 1;
                }
                cell => assert_eq!(read.trim(), cell.to_string().trim(), "{name}"),
            }
        }
    }
    assert!(compared > 4000, "{compared} numbers compared");
}
