//! `bilan expliquer`: what it says can be done again by hand.

use std::collections::BTreeMap;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use serde_json::Value;

use crate::support::{Edition, bilan, project, shipped};

fn explained(arguments: &[&str]) -> Value {
    let assert = bilan(&project())
        .args(["expliquer", "inputs/2025", "--format", "json", "--quiet"])
        .args(arguments)
        .assert();
    serde_json::from_slice(&assert.success().get_output().stdout).unwrap()
}

/// Reads a workbook with calamine alone, nothing of the program.
struct Book {
    sheets: BTreeMap<String, Range<Data>>,
}

impl Book {
    fn open(name: &str) -> Self {
        let mut workbook: Xlsx<_> = open_workbook(shipped().join(name)).unwrap();
        Self { sheets: workbook.worksheets().into_iter().collect() }
    }

    /// The cell of `Réponses!N12`.
    fn cell(&self, reference: &str) -> &Data {
        let (sheet, cell) = reference.split_once('!').unwrap();
        let digits = cell.find(|c: char| c.is_ascii_digit()).unwrap();
        let column = cell[..digits].bytes().fold(0, |c, b| c * 26 + u32::from(b - b'A') + 1) - 1;
        let row = cell[digits..].parse::<u32>().unwrap() - 1;
        self.sheets[sheet].get_value((row, column)).unwrap()
    }

    fn text(&self, reference: &str) -> String {
        self.cell(reference).to_string().replace('\u{A0}', " ")
    }
}

fn cells(explanation: &Value) -> Vec<&str> {
    explanation["cellules"].as_array().unwrap().iter().map(|cell| cell.as_str().unwrap()).collect()
}

/// The wordings under which the workbook has an option, as the codebook gives
/// them: what a person would look for.
const WORDINGS: [(&str, &[&str]); 7] = [
    ("themes.insertion", &["insertion"]),
    ("themes.fablab", &["fablab", "fab lab"]),
    ("ages.16-25", &["16/25 ans", "16-25 ans", "16 à 25 ans"]),
    ("formations.certifiantes", &["formations certifiantes ou diplômantes"]),
    ("prequalification.soft-skills", &["soft skills"]),
    ("organismes.afpa", &["établissement afpa", "afpa"]),
    ("qpv", &["oui"]),
];

#[test]
fn the_cells_of_a_share_give_its_count() {
    let book = Book::open("questionnaire.xlsx");
    for (id, wordings) in WORDINGS {
        let explanation = explained(&[id]);
        let listed = cells(&explanation);
        for reference in &listed {
            let text = book.text(reference).to_lowercase();
            let named = |part: &str| wordings.contains(&part.trim().trim_end_matches('.'));
            assert!(text.split(';').any(named), "{id}, {reference}: {text}");
        }
        assert_eq!(Some(listed.len() as u64), explanation["effectif"].as_u64(), "{id}");
        let share = 100.0 * listed.len() as f64 / explanation["base"].as_f64().unwrap();
        assert!((share - explanation["valeur"].as_f64().unwrap()).abs() < 1e-9, "{id}");
    }
}

/// The other way round: no other cell of the rows that count says it.
#[test]
fn no_cell_is_forgotten() {
    let book = Book::open("questionnaire.xlsx");
    let respondents = explained(&["repondants"]);
    let rows: Vec<String> = cells(&respondents)
        .iter()
        .map(|cell| cell.trim_start_matches(|c: char| !c.is_ascii_digit()).to_string())
        .collect();
    for (id, wordings) in [WORDINGS[0], WORDINGS[2], WORDINGS[6]] {
        let explanation = explained(&[id]);
        let listed = cells(&explanation);
        let column = listed[0].trim_end_matches(|c: char| c.is_ascii_digit());
        let says = |row: &&String| {
            let text = book.text(&format!("{column}{row}")).to_lowercase();
            text.split(';').any(|part| wordings.contains(&part.trim().trim_end_matches('.')))
        };
        assert_eq!(rows.iter().filter(says).count(), listed.len(), "{id}");
    }
}

#[test]
fn the_cells_of_a_mean_and_of_a_total_give_them() {
    let book = Book::open("questionnaire.xlsx");
    for id in ["apprenants.moyenne", "membres.moyenne"] {
        let explanation = explained(&[id]);
        let numbers: Vec<f64> = cells(&explanation)
            .iter()
            .map(|cell| match book.cell(cell) {
                Data::Float(number) => *number,
                Data::Int(number) => *number as f64,
                other => other.to_string().replace(',', ".").trim().parse().unwrap(),
            })
            .collect();
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        assert!((mean - explanation["valeur"].as_f64().unwrap()).abs() < 1e-9, "{id}");
        assert_eq!(Some(numbers.len() as u64), explanation["base"].as_u64(), "{id}");
    }
    let register = Book::open("laureats.xlsx");
    let explanation = explained(&["budget.total"]);
    let sum: f64 =
        cells(&explanation).iter().map(|c| register.text(c).parse::<f64>().unwrap()).sum();
    assert!((sum - explanation["valeur"].as_f64().unwrap()).abs() < 1e-9, "{sum}");
    assert_eq!(cells(&explained(&["laureats"])).len(), 202);
}

#[test]
fn a_region_counts_its_own_cells() {
    let (national, occitanie) = (explained(&["qpv"]), explained(&["qpv", "--region", "Occitanie"]));
    let all = cells(&national);
    assert!(cells(&occitanie).iter().all(|cell| all.contains(cell)));
    assert_eq!(occitanie["effectif"].as_u64(), Some(cells(&occitanie).len() as u64));
    assert_eq!(occitanie["etapes"]["de_la_region"].as_u64(), Some(44));
}

#[test]
fn a_hidden_figure_has_neither_value_nor_cells() {
    let corse = explained(&["qpv", "--region", "Corse"]);
    assert_eq!(corse["diffusable"], false);
    for key in ["valeur", "effectif", "erreur_type", "borne_basse", "borne_haute", "methode"] {
        assert!(corse[key].is_null(), "{key}");
    }
    assert_eq!((cells(&corse).len(), corse["calcul"].as_array().unwrap().len()), (0, 0));
    assert_eq!(corse["base"].as_u64(), Some(1));
    let total = explained(&["apprenants.total", "--region", "Mayotte"]);
    assert_eq!(
        (&total["diffusable"], total["calcul"].as_array().unwrap().len()),
        (&false.into(), 0)
    );
    let closed = explained(&["prequalification.soft-skills", "--region", "Corse"]);
    assert!(closed["base"].is_null() && closed["etapes"].is_null());
}

fn text(arguments: &[&str]) -> String {
    let assert =
        bilan(&project()).args(["explain", "inputs/2025", "--quiet"]).args(arguments).assert();
    String::from_utf8(assert.success().get_output().stdout.clone()).unwrap()
}

#[test]
fn an_explanation_reads_as_a_page() {
    insta::assert_snapshot!(text(&["prequalification.soft-skills"]));
    insta::assert_snapshot!(text(&["apprenants.total"]));
    insta::assert_snapshot!(text(&["themes.insertion", "--region", "Corse"]));
    insta::assert_snapshot!(text(&["budget.total"]));
}

#[test]
fn what_is_not_there_gets_a_suggestion() {
    let messages = |arguments: &[&str]| {
        let assert =
            bilan(&project()).args(["expliquer", "inputs/2025"]).args(arguments).assert().code(2);
        String::from_utf8(assert.get_output().stderr.clone()).unwrap()
    };
    let all = [
        messages(&["temes.insertion"]),
        messages(&["ages"]),
        messages(&["qpv", "--region", "Bretange"]),
        messages(&["annonce.budget", "--region", "Bretagne"]),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

/// Rows that a filter or another answer leaves out are told with their numbers.
#[test]
fn rows_that_do_not_count_are_told() {
    let edition = Edition::new();
    edition.replace("edition.toml", "base_minimale = 5", "base_minimale = 0");
    edition.write_workbook(
        "questionnaire.xlsx",
        &[(
            "Réponses",
            vec![
                crate::support::ANSWER_TITLES.to_vec(),
                vec!["2025-03-10", "BRE-01", "a@example.org", "Insertion;", "80"],
                vec!["2025-03-11", "BRE-01", "a@example.org", "Numérique;Insertion;", "90"],
                vec!["2025-03-12", "BRE-02", "b@example.org", "Numérique;", "120"],
            ],
        )],
    );
    let assert = bilan(edition.folder.path())
        .args(["expliquer", "essai", "themes.insertion", "--quiet"])
        .assert()
        .success();
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(text.contains("réponses en double (ligne 2)"), "{text}");
    assert!(text.contains("Réponses!D3"), "{text}");
    assert!(!text.contains("Réponses!D2"), "{text}");
}
