use super::*;
use crate::codebook::Codebook;
use crate::diagnostics::Diagnostics;
use crate::spreadsheet::table::Cells;
use crate::spreadsheet::testing::sheet;

const CODEBOOK: &str = r#"
[repondant]
identifiant = "projet"
doublons = "tous"
[[question]]
id = "projet"
type = "identifiant"
colonne = "Projet"
[[question]]
id = "qpv"
type = "choix-unique"
colonne = "QPV"
modalites = [{ id = "oui", libelle = "Oui" }, { id = "non", libelle = "Non" }]
[[question]]
id = "suite"
type = "nombre"
colonne = "Suite"
base = "qpv = oui"
"#;

fn laureate(id: &str, third_places: &str) -> Laureate {
    Laureate {
        id: id.to_string(),
        region: id.split('-').next().unwrap().to_lowercase(),
        number: None,
        name: format!("Projet {id}"),
        third_places: third_places.to_string(),
        training_organisations: "GRETA".to_string(),
        commune: None,
        grant: None,
        source_line: None,
        remark: None,
        texts: Vec::new(),
        cells: Cells::default(),
    }
}

fn read(rows: &[&[&str]]) -> Quality {
    let mut found = Diagnostics::new();
    let codebook = Codebook::parse("dictionnaire.toml", CODEBOOK, &mut found).unwrap();
    let laureates = ["BRE-1", "BRE-2", "BRE-3", "COR-1"];
    let places = ["La Bobine, Le Fil", "La Bobine", "", "Le Phare"];
    let laureates = laureates.into_iter().zip(places).map(|(id, place)| laureate(id, place));
    let register = Register { laureates: laureates.collect(), ..Register::default() };
    let survey = Survey::read(sheet(rows), codebook, Some(&register), &mut found).unwrap();
    quality(&survey, &register, &Thresholds::off()).unwrap()
}

const ROWS: &[&[&str]] = &[
    &["Projet", "QPV", "Suite"],
    &["BRE-1", "Oui", "4"],
    &["BRE-1", "Oui", ""],
    &["BRE-3", "Non", ""],
    &["COR-1", "Peut-être", ""],
    &["BRE-1", "", ""],
];

#[test]
fn a_project_that_answers_twice_answers_once() {
    let quality = read(ROWS);
    assert_eq!((quality.national.projects, quality.national.respondents), (4, 3));
    assert_eq!(quality.national.percent(), Some(75.0));
    assert_eq!(Rate::default().percent(), None);
}

#[test]
fn non_response_is_of_those_who_were_asked() {
    let quality = read(ROWS);
    let counts: Vec<(&str, usize, usize, usize)> = quality
        .questions
        .iter()
        .map(|item| (item.id.as_str(), item.asked, item.answered, item.unrecognised))
        .collect();
    assert_eq!(counts, [("qpv", 5, 4, 1), ("suite", 2, 1, 0)]);
    assert_eq!(quality.questions[0].blank_percent(), Some(20.0));
}

#[test]
fn respondents_are_compared_with_the_register() {
    let quality = read(ROWS);
    let places = &quality.comparisons[1];
    let classes: Vec<(&str, usize, usize)> =
        places.classes.iter().map(|c| (c.name.as_str(), c.projects, c.respondents)).collect();
    assert_eq!(classes, [("aucun", 1, 1), ("1", 2, 1), ("2", 1, 1)]);
    let gap = places.classes[1].gap().unwrap();
    assert!((gap - (100.0 / 3.0 - 50.0)).abs() < 1e-9, "{gap}");
}
