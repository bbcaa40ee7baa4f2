use super::*;
use crate::codebook::Codebook;
use crate::diagnostics::Diagnostics;
use crate::spreadsheet::testing::sheet;

fn survey(codebook: &str, rows: &[&[&str]]) -> Survey {
    let mut found = Diagnostics::new();
    let codebook = Codebook::parse("dictionnaire.toml", codebook, &mut found).expect("codebook");
    Survey::read(sheet(rows), codebook, None, &mut found).expect("survey")
}

/// The table of a question under the plan of a file of answers.
fn table(survey: &Survey, question: usize, by: Grouping) -> Tabulation {
    tabulate(survey, question, by, &Plan::of_answers(survey)).unwrap()
}

const CODEBOOK: &str = r#"
[table]
poids = "Poids"
[[question]]
id = "themes"
type = "choix-multiple"
colonne = "Thèmes"
modalites = [{ id = "ins", libelle = "Insertion" }, { id = "num", libelle = "Numérique" }]
[[question]]
id = "taille"
type = "choix-unique"
colonne = "Taille"
modalites = [{ id = "petite", libelle = "Petite" }, { id = "grande", libelle = "Grande" }]
[[question]]
id = "apprenants"
type = "nombre"
colonne = "Apprenants"
"#;

const ROWS: &[&[&str]] = &[
    &["Thèmes", "Taille", "Apprenants", "Poids"],
    &["Insertion;Numérique", "Petite", "10", "1"],
    &["Insertion", "Grande", "20", "2"],
    &["", "Grande", "60", "1"],
    &["Autre chose", "Grande", "beaucoup", "1"],
];

#[test]
fn the_base_is_of_respondents_never_of_mentions() {
    let table = table(&survey(CODEBOOK, ROWS), 0, Grouping::None);
    let total = table.total().unwrap();
    assert_eq!((total.base, total.unanswered, total.unknown), (3, 1, 1));
    assert_eq!(total.weighted_base, 4.0);
    let counts: Vec<usize> = total.options.iter().map(|option| option.count).collect();
    assert_eq!(counts, [2, 1]);
    assert_eq!(total.options[0].weighted, 3.0);
}

#[test]
fn a_base_of_all_who_were_asked_counts_the_blanks() {
    let codebook =
        CODEBOOK.replacen("colonne = \"Thèmes\"", "colonne = \"Thèmes\"\nbase = \"tous\"", 1);
    let table = table(&survey(&codebook, ROWS), 0, Grouping::None);
    assert_eq!(table.total().unwrap().base, 4);
}

#[test]
fn groups_are_those_of_another_question() {
    let table = table(&survey(CODEBOOK, ROWS), 0, Grouping::Question(1));
    let large = table.group("grande").unwrap();
    assert_eq!((large.base, large.options[0].count, large.options[1].count), (2, 1, 0));
    assert_eq!(table.groups.len(), 3);
}

#[test]
fn numbers_are_summed_up_with_their_weights() {
    let table = table(&survey(CODEBOOK, ROWS), 2, Grouping::None);
    let summary = table.total().unwrap().numbers.unwrap();
    assert_eq!((summary.count, summary.mean.value, summary.median.value), (3, 27.5, 20.0));
    assert_eq!((summary.min, summary.max, summary.sum.value), (10.0, 60.0, 110.0));
}

#[test]
fn an_empty_table_counts_nothing() {
    let empty = survey(CODEBOOK, &[&["Thèmes", "Taille", "Apprenants", "Poids"]]);
    for question in 0..3 {
        let table = table(&empty, question, Grouping::Question(1));
        assert!(table.groups.iter().all(|group| group.base == 0));
    }
}
