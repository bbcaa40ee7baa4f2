//! Exports as the usual form tools write them, read with the unedited draft.
//!
//! Each test writes a small file in the tool's own layout and asks for tables
//! by identifier, by title or by the beginning of a title.

use std::collections::BTreeMap;
use std::path::Path;

use assert_cmd::assert::Assert;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::Value;

use crate::support::bilan;

/// A folder with one file of answers.
struct Export {
    folder: tempfile::TempDir,
    name: &'static str,
}

/// A table as JSON gives it: the base, who did not answer, and the count of
/// each option by its label.
type Counts = (u64, u64, BTreeMap<String, u64>);

impl Export {
    fn bytes(name: &'static str, content: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(name), content).expect("a file");
        Self { folder, name }
    }

    fn delimited(name: &'static str, separator: char, rows: &[Vec<String>]) -> Self {
        Self::bytes(name, text(separator, rows).as_bytes())
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, arguments: &[&str]) -> Assert {
        bilan(self.path()).args(["tableau", self.name]).args(arguments).assert()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let assert = self.run(&[arguments, &["--format", "json"]].concat()).success();
        serde_json::from_slice(&assert.get_output().stdout).expect("JSON")
    }

    fn counts(&self, arguments: &[&str]) -> Counts {
        let table = self.json(arguments);
        let number = |value: &Value| value.as_u64().expect("a number");
        let options = table["groupes"][0]["modalites"].as_array().expect("options");
        let counts = options.iter().map(|option| {
            (option["libelle"].as_str().expect("a label").to_string(), number(&option["effectif"]))
        });
        (number(&table["base"]), number(&table["sans_reponse"]), counts.collect())
    }

    /// The messages of a run that fails as wrong use.
    fn refusal(&self, arguments: &[&str]) -> String {
        let assert = self.run(arguments).code(2);
        String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
    }
}

/// Rows of cells between separators; quotation marks where cells need them.
fn text(separator: char, rows: &[Vec<String>]) -> String {
    let quoted = |cell: &String| match cell.contains([separator, '"', '\n']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.clone(),
    };
    let line = |row: &Vec<String>| {
        row.iter().map(quoted).collect::<Vec<_>>().join(&separator.to_string()) + "\r\n"
    };
    rows.iter().map(line).collect()
}

fn counted(base: u64, unanswered: u64, counts: &[(&str, u64)]) -> Counts {
    (base, unanswered, counts.iter().map(|(label, count)| (label.to_string(), *count)).collect())
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| cell.to_string()).collect()
}

/// A row for each number from 0 on, below rows of titles.
fn rows(
    titles: &[&[&str]],
    count: usize,
    cells: impl Fn(usize) -> Vec<String>,
) -> Vec<Vec<String>> {
    titles.iter().map(|titles| row(titles)).chain((0..count).map(cells)).collect()
}

fn when(condition: bool, then: &str, otherwise: &str) -> String {
    if condition { then.to_string() } else { otherwise.to_string() }
}

/// LimeSurvey's whole titles; every eighth answer was not sent, and a question
/// is not asked of everyone.
fn limesurvey() -> Export {
    let titles: &[&str] = &[
        "ID de la réponse",
        "Date de soumission",
        "Dernière page",
        "Langue de départ",
        "Tête de série",
        "Adresse IP",
        "Quel est votre statut juridique ?",
        "Quel est votre statut juridique ? [Autre]",
        "Quels publics accueillez-vous ? [Jeunes de moins de 26 ans]",
        "Quels publics accueillez-vous ? [Salariés, indépendants]",
        "Quels publics accueillez-vous ? [Autre]",
        "Êtes-vous satisfait… [De l’accueil]",
        "Êtes-vous satisfait… [Des locaux]",
        "Proposez-vous des formations ?",
        "Lesquelles ? [Préqualifiantes]",
        "Lesquelles ? [Qualifiantes]",
        "Combien d’apprenants par an ?",
        "Temps total",
    ];
    let statuses = ["Association", "SCIC", "Autre"];
    let steps = ["Très satisfait", "Plutôt satisfait", "Pas du tout satisfait"];
    let cells = |i: usize| {
        let forms = i.is_multiple_of(2);
        vec![
            (i + 1).to_string(),
            when(i % 8 != 7, "2025-03-01 10:00:00", ""),
            "5".into(),
            "fr".into(),
            (1_000_000 + i * 7919).to_string(),
            format!("198.51.100.{i}"),
            statuses[i % 3].into(),
            when(i % 3 == 2, &format!("Fondation {i}"), ""),
            when(!i.is_multiple_of(4), "Oui", "Non"),
            when(i.is_multiple_of(4), "Oui", "Non"),
            when(i % 10 == 4, "les aidants", ""),
            steps[i % 3].into(),
            when(!i.is_multiple_of(5), steps[(i + 1) % 3], ""),
            when(forms, "Oui", "Non"),
            when(forms, &when(i.is_multiple_of(4), "Oui", "Non"), "N/A"),
            when(forms, "Non", "N/A"),
            (i * 3).to_string(),
            format!("{}.5", 200 + i),
        ]
    };
    Export::delimited("results-survey.csv", ',', &rows(&[titles], 32, cells))
}

#[test]
fn limesurvey_with_whole_titles_in_french() {
    let export = limesurvey();
    let publics = [("Jeunes de moins de 26 ans", 20), ("Salariés, indépendants", 8), ("Autre", 3)];
    assert_eq!(export.counts(&["Quels publics accueillez-vous ?"]), counted(28, 0, &publics));
    let statuses = [("Association", 10), ("SCIC", 9), ("Autre", 9)];
    assert_eq!(export.counts(&["quel est votre statut"]), counted(28, 0, &statuses));
    let kinds = [("Préqualifiantes", 8), ("Qualifiantes", 0)];
    assert_eq!(export.counts(&["Lesquelles"]), counted(16, 0, &kinds), "« N/A » is not a no");
    assert_eq!(export.counts(&["etes-vous-satisfait-des-locaux"]).1, 6);
    let numbers = export.json(&["Combien d'apprenants"]);
    assert_eq!(numbers["groupes"][0]["nombres"]["effectif"], 28);
}

#[test]
fn a_question_is_asked_for_as_kindly_as_answers_are_read() {
    let export = limesurvey();
    let rows = export.refusal(&["Êtes-vous satisfait"]);
    assert!(rows.contains("etes-vous-satisfait-de-l-accueil"), "{rows}");
    let near = export.refusal(&["Quels publiques accueillez vous"]);
    assert!(near.contains("vouliez-vous dire"), "{near}");
    let text = export.refusal(&["Adresse IP"]);
    assert!(text.contains("question-sans-tableau"), "{text}");
    let all = export.counts(&["Proposez-vous", "--filtre", "Date de soumission ≠"]);
    assert_eq!(all, counted(28, 0, &[("Oui", 16), ("Non", 12)]));
    let some = ["Proposez-vous", "--filtre", "quels publics = Salariés, indépendants"];
    assert_eq!(export.counts(&some), counted(8, 0, &[("Oui", 8), ("Non", 0)]));
    let others = ["Proposez-vous", "--filtre", "quels publics ≠ Autre"];
    assert_eq!(export.counts(&others).0, 25);
}

#[test]
fn limesurvey_with_codes() {
    let titles: &[&str] = &[
        "id",
        "submitdate",
        "lastpage",
        "startlanguage",
        "statut",
        "statut[other]",
        "themes[SQ001]",
        "themes[SQ001comment]",
        "themes[SQ002]",
        "themes[other]",
        "themes[othercomment]",
        "sat[SQ001]",
        "sat[SQ002]",
        "rang[1]",
        "rang[2]",
        "interviewtime",
    ];
    let cells = |i: usize| {
        vec![
            (i + 1).to_string(),
            "2025-03-01 10:00:00".into(),
            "5".into(),
            "fr".into(),
            ["A1", "A2", "-oth-"][i % 3].into(),
            when(i % 3 == 2, &format!("Fondation {i}"), ""),
            when(i % 2 == 1, "Y", ""),
            when(i % 10 == 1, &format!("surtout {i}"), ""),
            when(i.is_multiple_of(3), "Y", ""),
            when(i.is_multiple_of(7), &format!("médiation {i}"), ""),
            String::new(),
            ["A1", "A2", "A3", "A4"][i % 4].into(),
            ["A1", "A2", "A3", "A4"][(i + 1) % 4].into(),
            ["A1", "A2"][i % 2].into(),
            ["A1", "A2"][(i + 1) % 2].into(),
            format!("{}.25", 300 + i),
        ]
    };
    let export = Export::delimited("codes.csv", ';', &rows(&[titles], 30, cells));
    // Nobody ticked anything in rows 2, 4, 8, 10, 16, 20, 22 and 26.
    let themes = [("SQ001", 15), ("SQ002", 10), ("other", 5)];
    assert_eq!(export.counts(&["themes"]), counted(22, 8, &themes));
    assert_eq!(export.counts(&["themes[SQ002]"]).2["SQ002"], 10);
    let statuses = [("A1", 10), ("A2", 10), ("-oth-", 10)];
    assert_eq!(export.counts(&["statut"]), counted(30, 0, &statuses));
    let steps = [("A1", 8), ("A2", 8), ("A3", 7), ("A4", 7)];
    assert_eq!(export.counts(&["sat[SQ001]"]), counted(30, 0, &steps));
    assert_eq!(export.counts(&["rang[1]"]), counted(30, 0, &[("A1", 15), ("A2", 15)]));
}

#[test]
fn framaforms_with_three_rows_of_titles() {
    let form: &[&str] = &["Enquête sur les tiers-lieux"];
    let groups: &[&str] =
        &["Détails de l’envoi", "", "", "", "", "Publics accueillis", "", "", "", "Votre avis sur"];
    let titles: &[&str] = &[
        "Numéro de série",
        "SID",
        "Heure de soumission",
        "Brouillon",
        "Adresse IP",
        "Jeunes",
        "Demandeurs d’emploi",
        "Autre…",
        "Votre région ?",
        "L’accueil",
        "Les locaux",
        "Proposez-vous des formations ?",
    ];
    let cells = |i: usize| {
        vec![
            (i + 1).to_string(),
            (9000 + i).to_string(),
            "03/03/2025 - 10:12".into(),
            when(i % 12 == 11, "1", "0"),
            format!("198.51.100.{i}"),
            when(i % 2 == 1, "X", ""),
            when(i.is_multiple_of(3), "X", ""),
            when(i.is_multiple_of(8), &format!("aidants {i}"), ""),
            ["Bretagne", "Corse"][i % 2].into(),
            ["Bien", "Moyen", "Mauvais"][i % 3].into(),
            ["Bien", "Moyen"][i % 2].into(),
            when(!i.is_multiple_of(4), "Oui", "Non"),
        ]
    };
    let export =
        Export::delimited("resultats.csv", '\t', &rows(&[form, groups, titles], 24, cells));
    // Rows 11 and 23 are drafts; rows 2, 4, 10, 14, 20 and 22 tick nothing.
    let publics = [("Jeunes", 10), ("Demandeurs d’emploi", 8), ("Autre…", 3)];
    assert_eq!(export.counts(&["publics accueillis"]), counted(16, 6, &publics));
    assert_eq!(export.counts(&["votre région"]).2["Bretagne"], 12);
    assert_eq!(export.counts(&["votre-avis-sur-les-locaux"]).2["Bien"], 12);
    assert_eq!(
        export.counts(&["Proposez-vous des formations ?"]),
        counted(22, 0, &[("Oui", 16), ("Non", 6)])
    );
}

#[test]
fn google_forms_in_french() {
    let titles: &[&str] = &[
        "Horodateur",
        "Adresse e-mail",
        "Quelles sont vos thématiques ?",
        "Votre avis [Accueil]",
        "Votre avis [Locaux]",
        "Quand êtes-vous ouvert ? [Matin]",
        "De 1 à 5, recommanderiez-vous ?",
        "À quelle fréquence ?",
        "Un commentaire ?",
    ];
    let themes = [
        "Insertion professionnelle",
        "Numérique (code, données, IA)",
        "Média, communication",
        "Transition écologique",
    ];
    let days = ["Lundi", "Mardi", "Mercredi"];
    let ticked = |options: &[&str], bits: usize| {
        let options = options.iter().enumerate().filter(|(rank, _)| bits >> rank & 1 == 1);
        options.map(|(_, option)| *option).collect::<Vec<_>>().join(", ")
    };
    let cells = |i: usize| {
        vec![
            format!("2025/03/{:02} 9:12:45 AM UTC+1", i % 28 + 1),
            format!("p{i}@example.org"),
            ticked(&themes, i % 16),
            ["Bien", "Moyen", "Mauvais"][i % 3].into(),
            ["Bien", "Moyen", "Mauvais"][(i + 1) % 3].into(),
            ticked(&days, i % 8),
            (i % 5 + 1).to_string(),
            ["Oui, souvent", "Oui, parfois", "Non, jamais"][i % 3].into(),
            when(i.is_multiple_of(4), "Merci, à bientôt", &format!("texte {i}, et suite")),
        ]
    };
    let export = Export::delimited("Réponses.csv", ',', &rows(&[titles], 48, cells));
    let each: Vec<(&str, u64)> = themes.iter().map(|theme| (*theme, 24)).collect();
    assert_eq!(export.counts(&["Quelles sont vos"]), counted(45, 3, &each));
    let mornings = [("Lundi", 24), ("Mardi", 24), ("Mercredi", 24)];
    assert_eq!(export.counts(&["Quand êtes-vous ouvert ?"]), counted(42, 6, &mornings));
    let steps = [("1", 10), ("2", 10), ("3", 10), ("4", 9), ("5", 9)];
    assert_eq!(export.counts(&["De 1 à 5"]), counted(48, 0, &steps));
    let often = [("Oui, souvent", 16), ("Oui, parfois", 16), ("Non, jamais", 16)];
    assert_eq!(export.counts(&["à quelle"]), counted(48, 0, &often));
    let crossed = export.json(&["votre-avis-accueil", "--par", "Quelles sont"]);
    assert_eq!(crossed["groupes"][1]["base"], 24);
}

/// KoboToolbox's columns under sections, with values or with labels.
fn kobo(titles: [&str; 4], options: [&str; 3], flags: [&str; 2]) -> Export {
    let [publics, first, second, forms] = titles;
    let titles: &[&str] = &[
        "start",
        "end",
        "username",
        "profil/structure",
        publics,
        first,
        second,
        forms,
        "activites/nb",
        "_gps_latitude",
        "_id",
        "_uuid",
        "_submission_time",
        "_validation_status",
        "_index",
    ];
    let [jeunes, seniors, yes] = options;
    let cells = |i: usize| {
        let (a, b) = (i % 2 == 1, i.is_multiple_of(3));
        let answered = a || b;
        let joined = [(a, jeunes), (b, seniors)].into_iter().filter(|(ticked, _)| *ticked);
        let flag = |ticked: bool| when(answered, flags[usize::from(!ticked)], "");
        vec![
            "2025-03-03T10:00:00.000+01:00".into(),
            "2025-03-03T10:20:00.000+01:00".into(),
            "collecteur".into(),
            format!("tl_{i}"),
            joined.map(|(_, option)| option).collect::<Vec<_>>().join(" "),
            flag(a),
            flag(b),
            when(i.is_multiple_of(4), yes, "non"),
            (i * 4).to_string(),
            format!("48.85{i}"),
            (7000 + i).to_string(),
            format!("uuid-{i}"),
            "2025-03-03T10:20:01".into(),
            String::new(),
            (i + 1).to_string(),
        ]
    };
    Export::delimited("export.csv", ';', &rows(&[titles], 30, cells))
}

#[test]
fn kobotoolbox_with_values() {
    let titles =
        ["profil/publics", "profil/publics/jeunes", "profil/publics/seniors", "formations"];
    let export = kobo(titles, ["jeunes", "seniors", "oui"], ["1", "0"]);
    let publics = counted(20, 10, &[("jeunes", 15), ("seniors", 10)]);
    for name in ["publics", "profil/publics", "profil-publics"] {
        assert_eq!(export.counts(&[name]), publics, "{name}");
    }
    assert_eq!(export.counts(&["formations"]), counted(30, 0, &[("oui", 8), ("non", 22)]));
    assert_eq!(export.json(&["activites/nb"])["type"], "nombre");
    let wide = export.json(&["publics", "--filtre", "_id > 7019"]);
    assert_eq!(wide["sans_reponse"], 4);
}

#[test]
fn kobotoolbox_with_labels() {
    let titles = [
        "Quels publics ?",
        "Quels publics ?/Jeunes",
        "Quels publics ?/Seniors (60 ans/plus)",
        "Proposez-vous des formations ?",
    ];
    let export = kobo(titles, ["Jeunes", "Seniors (60 ans/plus)", "Oui"], ["TRUE", "FALSE"]);
    let publics = [("Jeunes", 15), ("Seniors (60 ans/plus)", 10)];
    assert_eq!(export.counts(&["Quels publics"]), counted(20, 10, &publics));
    assert_eq!(export.counts(&["Proposez"]), counted(30, 0, &[("Oui", 8), ("non", 22)]));
}

#[test]
fn microsoft_forms_in_a_workbook() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let moment = Format::new().set_num_format("m/d/yy h:mm:ss");
    let titles = [
        "ID",
        "Heure de début",
        "Adresse de messagerie",
        "Nom",
        "Quelles thématiques ?\u{A0}",
        "Le budget",
        "La météo\u{A0}",
        "Points - Quelles thématiques ?",
    ];
    for (column, title) in titles.iter().enumerate() {
        sheet.write(0, column as u16, *title).expect("a title");
    }
    for i in 0..24_u32 {
        let at = ExcelDateTime::from_ymd(2025, 3, 3).expect("a date");
        let themes = ["Numérique;", "Insertion;Numérique;", "Insertion\u{A0};", ""][i as usize % 4];
        sheet.write(i + 1, 0, i + 6).expect("a cell");
        sheet.write_with_format(i + 1, 1, &at, &moment).expect("a cell");
        sheet.write(i + 1, 2, "anonymous").expect("a cell");
        sheet.write(i + 1, 4, themes).expect("a cell");
        let steps = ["Peu", "Fort\u{A0}", "Très fort"];
        sheet.write(i + 1, 5, steps[i as usize % 3]).expect("a cell");
        sheet.write(i + 1, 6, steps[i as usize % 2]).expect("a cell");
    }
    workbook.save(folder.path().join("reponses.xlsx")).expect("a workbook");
    let export = Export { folder, name: "reponses.xlsx" };
    let themes = [("Numérique", 12), ("Insertion", 12)];
    assert_eq!(export.counts(&["Quelles thématiques"]), counted(18, 6, &themes));
    let weather = [("Peu", 12), ("Fort", 12)];
    assert_eq!(export.counts(&["la météo"]), counted(24, 0, &weather));
}

#[test]
fn typeform_names_each_column_by_its_option() {
    let titles: &[&str] = &[
        "#",
        "Quel est votre nom ?",
        "Jeunes",
        "Seniors",
        "Other",
        "Êtes-vous satisfait ?",
        "Insertion",
        "Numérique",
        "Submit Date (UTC)",
        "Network ID",
    ];
    let cells = |i: usize| {
        vec![
            format!("tf{i:03}"),
            format!("Camille Exemple {i}"),
            when(i % 2 == 1, "Jeunes", ""),
            when(i.is_multiple_of(3), "Seniors", ""),
            when(i % 7 == 2, &format!("aidants {i}"), ""),
            when(i.is_multiple_of(3), "0", "1"),
            when(i.is_multiple_of(2), "Insertion", ""),
            when(!i.is_multiple_of(5), "Numérique", ""),
            "2025-03-03 10:10:00".into(),
            format!("{:08x}", i * 7919),
        ]
    };
    let export = Export::delimited("responses.csv", ',', &rows(&[titles], 20, cells));
    let publics = [("Jeunes", 10), ("Seniors", 7), ("Other", 3)];
    assert_eq!(export.counts(&["Jeunes"]), counted(16, 4, &publics));
    let themes = [("Insertion", 10), ("Numérique", 16)];
    assert_eq!(export.counts(&["Insertion"]), counted(18, 2, &themes));
    assert_eq!(export.counts(&["Êtes-vous"]), counted(20, 0, &[("0", 7), ("1", 13)]));
}

#[test]
fn sphinx_in_windows_1252() {
    let titles: &[&str] = &[
        "CLE",
        "DATE_SAISIE",
        "1. Statut de la structure",
        "2. Publics accueillis",
        "3_1. Satisfaction - L’accueil",
        "3_2. Satisfaction - Les locaux",
        "4. Équipements - Fablab",
        "4. Équipements - Cuisine",
        "5. Nombre de salariés",
    ];
    let cells = |i: usize| {
        vec![
            (i + 1).to_string(),
            "03/03/2025 10:12:00".into(),
            ["Association", "Société coopérative"][i % 2].into(),
            ["Jeunes ; Demandeurs d’emploi", "Jeunes", "Demandeurs d’emploi", ""][i % 4].into(),
            ["Très satisfait", "Satisfait", "Peu satisfait"][i % 3].into(),
            ["Très satisfait", "Satisfait", "Peu satisfait"][(i + 1) % 3].into(),
            when(i.is_multiple_of(2), "Oui", "Non"),
            when(i.is_multiple_of(5), "Oui", "Non"),
            (i * 3 + 2).to_string(),
        ]
    };
    let text = text(';', &rows(&[titles], 24, cells));
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    let export = Export::bytes("sphinx.csv", &bytes);
    let publics = [("Jeunes", 12), ("Demandeurs d’emploi", 12)];
    assert_eq!(export.counts(&["2. Publics"]), counted(18, 6, &publics));
    let gear = [("Fablab", 12), ("Cuisine", 5)];
    assert_eq!(export.counts(&["4. Équipements"]), counted(24, 0, &gear));
    assert_eq!(export.json(&["5. Nombre"])["type"], "nombre");
    assert_eq!(export.counts(&["3_1. Satisfaction - L'accueil"]).2["Satisfait"], 8);
}

#[test]
fn surveymonkey_spreads_a_question_over_columns() {
    let questions: &[&str] = &["RespondentID", "Which states?", "", "", "Gender", "Comments"];
    let options: &[&str] =
        &["", "Ohio", "Texas", "Other (please specify)", "Response", "Open-Ended Response"];
    let cells = |i: usize| {
        vec![
            (3_190_000_000_usize + i).to_string(),
            when(i % 2 == 1, "Ohio", ""),
            when(i.is_multiple_of(3), "Texas", ""),
            when(i % 9 == 4, &format!("Utah {i}"), ""),
            ["Male", "Female"][i % 2].into(),
            format!("words {i}"),
        ]
    };
    let export = Export::delimited("monkey.csv", ',', &rows(&[questions, options], 27, cells));
    let states = [("Ohio", 13), ("Texas", 9), ("Other (please specify)", 3)];
    assert_eq!(export.counts(&["Which states?"]), counted(20, 7, &states));
    assert_eq!(export.counts(&["Gender"]), counted(27, 0, &[("Male", 14), ("Female", 13)]));
}

/// A workbook of sheets of texts.
fn sheets(name: &'static str, sheets: &[(&str, &[&[&str]])]) -> Export {
    let folder = tempfile::tempdir().expect("a folder");
    let mut workbook = Workbook::new();
    for (title, rows) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*title).expect("a name");
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                sheet.write(row as u32, column as u16, *cell).expect("a cell");
            }
        }
    }
    workbook.save(folder.path().join(name)).expect("a workbook");
    Export { folder, name }
}

#[test]
fn an_xlsform_describes_an_export() {
    let form = sheets(
        "formulaire.xlsx",
        &[
            (
                "survey",
                &[
                    &["type", "name", "label::Français (fr)", "relevant"],
                    &["begin_group", "profil", "Profil", ""],
                    &["select_one oui_non", "forme", "Formez-vous ?", ""],
                    &["select_multiple types", "types", "Quels types ?", "${forme} = 'oui'"],
                    &["end_group", "", "", ""],
                    &["integer", "nb", "Combien ?", ""],
                    &["text", "mail", "Votre courriel", ""],
                ],
            ),
            (
                "choices",
                &[
                    &["list_name", "name", "label::Français (fr)"],
                    &["oui_non", "oui", "Oui"],
                    &["oui_non", "non", "Non"],
                    &["types", "courtes", "Formations courtes"],
                    &["types", "longues", "Formations longues"],
                ],
            ),
        ],
    );
    let titles: &[&str] = &["_id", "profil/forme", "profil/types", "nb", "mail"];
    let answers: &[[&str; 5]] = &[
        ["1", "oui", "courtes longues", "3", "a@example.org"],
        ["2", "oui", "longues", "4", "b@example.org"],
        ["3", "non", "", "5", "c@example.org"],
        ["4", "oui", "", "6", "d@example.org"],
    ];
    let rows: Vec<Vec<String>> =
        [row(titles)].into_iter().chain(answers.iter().map(|cells| row(cells))).collect();
    let export = Export::delimited("export.csv", ';', &rows);
    let form = form.path().join(form.name);
    let form = form.to_str().expect("a path");
    let types = [("Formations courtes", 1), ("Formations longues", 2)];
    assert_eq!(
        export.counts(&["Quels types", "--dictionnaire", form]),
        counted(2, 1, &types),
        "who was not asked is not counted"
    );
    let drafted = bilan(export.path()).args(["dictionnaire", form]).assert().success();
    let text = String::from_utf8_lossy(&drafted.get_output().stdout).into_owned();
    assert!(text.contains("forme = oui") && text.contains("type = \"personnel\""), "{text}");
}

#[test]
fn the_one_sheet_of_answers_is_found() {
    let answers: &[&[&str]] =
        &[&["ID", "Statut"], &["a", "SCIC"], &["b", "SCIC"], &["c", "Association"]];
    let note: &[&[&str]] = &[&["Questions"], &["Quel est votre statut ?"], &["Et encore ?"]];
    let results: &[&[&str]] = &[&["Statut", "Part"], &["SCIC", "66%"], &["Association", "33%"]];
    let one = sheets("un.xlsx", &[("Lisez-moi", note), ("Tri", results), ("Réponses", answers)]);
    assert_eq!(one.counts(&["Statut"]), counted(3, 0, &[("SCIC", 2), ("Association", 1)]));
    let wide: &[&[&str]] =
        &[&["ID", "Statut", "Avis"], &["a", "SCIC", "Bon"], &["b", "SCIC", "Bon"]];
    let regions: &[&[&str]] = &[&["Région"], &["Corse"], &["Bretagne"], &["Corse"]];
    let lists = sheets("listes.xlsx", &[("Listes", regions), ("Données", wide)]);
    assert_eq!(lists.counts(&["Statut"]).0, 2);
    let two = sheets("deux.xlsx", &[("2024", answers), ("2025", answers)]);
    let told = two.run(&["Statut"]).code(3);
    let message = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(message.contains("feuille-a-choisir") && message.contains("2025"), "{message}");
    assert_eq!(two.counts(&["Statut", "--feuille", "2"]).0, 3);
    let none = sheets("rien.xlsx", &[("Lisez-moi", note), ("Tri", results)]);
    let told = none.run(&["Statut"]).code(3);
    let message = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(message.contains("pas-des-reponses"), "{message}");
}
