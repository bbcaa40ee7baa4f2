use std::collections::BTreeSet;

use super::answers::{Anonymised, anonymise};
use super::resource::{Datum, Field, FieldKind, Resource};
use crate::codebook::Codebook;
use crate::diagnostics::Diagnostics;
use crate::diffusion::Diffusion;
use crate::disclosure::Rules;
use crate::indicators::{Catalogue, Context, Data, Figures};
use crate::register::{Laureate, Register};
use crate::spreadsheet::testing::sheet;
use crate::survey::Survey;

const CODEBOOK: &str = r#"
[repondant]
identifiant = "projet"
[[question]]
id = "projet"
type = "identifiant"
colonne = "Projet"
[[question]]
id = "profil"
type = "choix-unique"
colonne = "Profil"
modalites = [{ id = "a", libelle = "A" }, { id = "b", libelle = "B" }, { id = "c", libelle = "C" }]
[[question]]
id = "themes"
type = "choix-multiple"
colonne = "Thèmes"
modalites = [{ id = "x", libelle = "X" }, { id = "y", libelle = "Y" }]
[[question]]
id = "apprenants"
type = "nombre"
colonne = "Apprenants"
[[question]]
id = "avis"
type = "texte"
colonne = "Avis"
"#;

/// Answers of twelve projects, six in each of two régions: profile, themes,
/// learners, an opinion.
fn answers(rows: [(&str, &str, &str); 12]) -> (Survey, Figures) {
    let ids: Vec<String> = (0..12).map(|rank| format!("P{rank}")).collect();
    let laureate = |(rank, id): (usize, &String)| Laureate {
        id: id.clone(),
        region: if rank < 6 { "bretagne" } else { "corse" }.to_string(),
        number: None,
        name: format!("Projet {rank}"),
        third_places: String::new(),
        training_organisations: String::new(),
        commune: None,
        grant: None,
        source_line: None,
        remark: None,
        texts: Vec::new(),
        cells: Default::default(),
    };
    let laureates = ids.iter().enumerate().map(laureate).collect();
    let register = Register { laureates, ..Register::default() };
    let mut cells = vec![vec!["Projet", "Profil", "Thèmes", "Apprenants", "Avis"]];
    for (id, (profile, themes, learners)) in ids.iter().zip(&rows) {
        cells.push(vec![id, profile, themes, learners, "Un avis."]);
    }
    let rows: Vec<&[&str]> = cells.iter().map(Vec::as_slice).collect();
    let mut found = Diagnostics::new();
    let codebook = Codebook::parse("dictionnaire.toml", CODEBOOK, &mut found).unwrap();
    let survey = Survey::read(sheet(&rows), codebook, Some(&register), &mut found).unwrap();
    let context = Context { codebook: &survey.codebook, announced: &[] };
    let catalogue = "[profil]\nquestion = 'profil'\n[themes]\nquestion = 'themes'";
    let catalogue = Catalogue::parse("indicateurs.toml", catalogue, &context, &mut found);
    assert!(found.is_empty(), "{found:?}");
    let diffusion = Diffusion::OFF;
    let plan = crate::sampling::Plan::of_answers(&survey);
    let (answers, register) = (&survey, &register);
    let display = crate::edition::Display::PLAIN;
    let data = Data {
        survey: answers,
        register,
        plan: &plan,
        announced: &[],
        diffusion: &diffusion,
        display,
    };
    let figures = Figures::compute(&catalogue, &data).unwrap();
    (survey, figures)
}

const ROWS: [(&str, &str, &str); 12] = [
    ("A", "X;Y", "10"),
    ("A", "X", "20"),
    ("A", "", "30"),
    ("B", "Y", "40"),
    ("B", "X;Y", "50"),
    ("C", "X", "60"),
    ("A", "Y", "70"),
    ("A", "X", "80"),
    ("B", "X;Y", "90"),
    ("B", "Y", "100"),
    ("B", "X", "110"),
    ("A", "Y", "120"),
];

/// Values stand for three respondents at least.
const RULES: Rules = Rules { base_minimale: 3, effectif_minimal: 0, protection: 2 };

fn asked(words: &str) -> Vec<String> {
    words.split(' ').map(str::to_string).collect()
}

fn column(answers: &Anonymised, name: &str) -> Vec<Datum> {
    let rank = answers.fields.iter().position(|field| field.name == name).unwrap();
    answers.rows.iter().map(|row| row[rank].clone()).collect()
}

#[test]
fn rare_options_are_put_together_and_numbers_are_classes() {
    let (survey, figures) = answers(ROWS);
    let made = anonymise(&survey, &figures, &asked("profil themes apprenants"), &RULES);
    assert_eq!(made.left_out, []);
    assert_eq!(made.rows.len(), 12);
    let profiles: BTreeSet<String> =
        column(&made, "profil").iter().map(|cell| format!("{cell:?}")).collect();
    // One project is of profile C: it goes with those of profile B.
    assert_eq!(profiles, BTreeSet::from(["Text(\"a\")", "Text(\"autres\")"].map(String::from)));
    let blanks = column(&made, "themes.x").iter().filter(|cell| **cell == Datum::None).count();
    assert_eq!(blanks, 1);
    let classes = column(&made, "apprenants");
    let small = classes.iter().filter(|cell| **cell == Datum::Text("moins de 35".to_string()));
    assert_eq!(small.count(), 3);
}

/// The order of the rows, the texts and the identifiers say nothing.
#[test]
fn nothing_tells_who_answered() {
    let (survey, figures) = answers(ROWS);
    let made = anonymise(&survey, &figures, &asked("avis projet profil themes"), &RULES);
    let reasons: Vec<&str> = made.left_out.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(reasons, ["avis", "projet"]);
    let rows: Vec<String> = made.rows.iter().map(|row| format!("{row:?}")).collect();
    assert!(rows.is_sorted());
    assert!(rows.iter().all(|row| !row.contains('P') && !row.contains("avis")), "{rows:?}");
}

#[test]
fn what_the_nation_hides_is_left_out() {
    let (survey, mut figures) = answers(ROWS);
    for figure in figures.figures.iter_mut().filter(|f| f.definition.id == "themes.y") {
        figure.national.hidden = true;
    }
    let made = anonymise(&survey, &figures, &asked("profil themes"), &RULES);
    assert_eq!(made.left_out[0].0, "themes");
    assert!(made.fields.iter().all(|field| !field.name.starts_with("themes")));
}

/// All projects of profile A are in Bretagne, which is published; in Corse the
/// themes are hidden. The rows of profile B are then those of Corse, and their
/// themes the hidden counts.
#[test]
fn rows_that_give_a_hidden_cell_away_lose_the_question_that_does() {
    let mut rows = ROWS;
    for (rank, row) in rows.iter_mut().enumerate() {
        row.0 = if rank < 6 { "A" } else { "B" };
    }
    let (survey, mut figures) = answers(rows);
    let open = anonymise(&survey, &figures, &asked("profil themes"), &RULES);
    assert_eq!(open.left_out, [], "nothing is hidden yet");
    for figure in &mut figures.figures {
        if figure.definition.id.starts_with("themes") {
            let corse = figure.regions.get_mut("corse").unwrap();
            (corse.hidden, corse.count, corse.value) = (true, None, None);
        }
    }
    let made = anonymise(&survey, &figures, &asked("profil themes"), &RULES);
    assert_eq!(made.left_out.len(), 1);
    assert_eq!(made.left_out[0].0, "profil");
    assert_eq!(made.fields.len(), 2);
}

#[test]
fn a_cell_keeps_its_text_and_is_no_formula() {
    let resource = Resource {
        name: "essai".to_string(),
        fields: vec![
            Field::new("a", FieldKind::Text, "A", ""),
            Field::new("b", FieldKind::Number, "B", ""),
        ],
        rows: vec![
            vec![Datum::text("=1+1"), Datum::Number(-0.5)],
            vec![Datum::text("a, \"b\"\nc"), Datum::None],
        ],
        ..Resource::default()
    };
    assert_eq!(resource.csv(), "a,b\n'=1+1,-0.5\n\"a, \"\"b\"\"\nc\",\n");
}
