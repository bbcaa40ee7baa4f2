//! `tableaux.xlsx`, read back with calamine.

use std::collections::HashMap;
use std::path::Path;

use bilan::matching;
use calamine::{Data, Range, Reader, Xlsx, open_workbook};
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

#[test]
fn every_figure_of_a_question_is_that_of_the_json_file() {
    let mut book = open(&SHIPPED_OUTPUT);
    let mut compared = 0;
    for figure in figures(&SHIPPED_OUTPUT) {
        let id = figure["id"].as_str().unwrap();
        let Some((question, _)) = id.split_once('.') else { continue };
        let Ok(sheet) = book.worksheet_range(question) else { continue };
        let cells = cells(&sheet);
        let label = figure["libelle"].as_str().unwrap();
        let has_column = cells.keys().any(|(_, _, column)| column == label);
        if figure["unite"] != "%" && !has_column {
            continue; // A figure computed from others, on the first sheet only.
        }
        let national = (String::new(), &figure);
        let regions = figure["regions"].as_object().into_iter().flatten();
        for (slug, value) in std::iter::once(national).chain(regions.map(|(s, v)| (s.clone(), v))) {
            let at = |group: &str, column: &str| {
                cells.get(&(slug.clone(), group.to_string(), column.to_string()))
            };
            let what = format!("{id} {slug}");
            let shares = at("Pourcentage", label).or(at("Valeur", label));
            assert_same(shares, &value["valeur"], &what);
            if figure["unite"] == "%" {
                assert_same(at("Effectif", label), &value["effectif"], &what);
            }
            let base = at("Base", "n").or(at("Base", label));
            assert_same(base, &value["base"], &what);
            compared += 1;
        }
    }
    assert!(compared > 900, "{compared} values compared");
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
        assert_same(row.get(5), &figure["base"], id);
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
