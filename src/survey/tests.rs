use super::*;
use crate::register::Laureate;
use crate::spreadsheet::testing::sheet;

/// Reads rows with a codebook, and returns the messages too.
fn read(codebook: &str, rows: &[&[&str]]) -> (Option<Survey>, Vec<String>) {
    read_with(codebook, rows, None)
}

fn read_with(
    codebook: &str,
    rows: &[&[&str]],
    register: Option<&Register>,
) -> (Option<Survey>, Vec<String>) {
    let mut found = Diagnostics::new();
    let codebook = Codebook::parse("dictionnaire.toml", codebook, &mut found).expect("codebook");
    let survey = Survey::read(sheet(rows), codebook, register, &mut found);
    (survey, found.iter().map(ToString::to_string).collect())
}

fn options(survey: &Survey, question: &str) -> Vec<(u32, u32)> {
    match &survey.question(question).unwrap().1.entries {
        Entries::Options(pairs) => pairs.clone(),
        other => panic!("not options: {other:?}"),
    }
}

fn statuses(survey: &Survey, question: &str) -> Vec<Status> {
    survey.question(question).unwrap().1.status.clone()
}

const THEMES: &str = r#"
[[question]]
id = "themes"
type = "choix-multiple"
colonne = "Thèmes"
modalites = [{ id = "ins", libelle = "Insertion" }, { id = "num", libelle = "Numérique" }]
"#;

#[test]
fn several_answers_in_a_cell_are_told_apart() {
    let rows: &[&[&str]] =
        &[&["Thèmes", "x"], &["Insertion;Numérique;", "1"], &["\u{A0}numérique ", "2"], &["", "3"]];
    let (survey, messages) = read(THEMES, rows);
    let survey = survey.unwrap();
    assert_eq!(options(&survey, "themes"), [(0, 0), (0, 1), (1, 1)]);
    assert_eq!(statuses(&survey, "themes"), [Status::Answered, Status::Answered, Status::Blank]);
    assert!(messages.is_empty());
}

#[test]
fn an_unknown_answer_is_told_and_counted_not_guessed() {
    let rows: &[&[&str]] = &[&["Thèmes"], &["Insertions"], &["Insertion;Autre"], &["Insertions"]];
    let (survey, messages) = read(THEMES, rows);
    let survey = survey.unwrap();
    assert_eq!(options(&survey, "themes"), [(1, 0)]);
    assert_eq!(survey.question("themes").unwrap().1.unknown.len(), 3);
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn one_column_an_option_knows_yes_no_and_blank() {
    let codebook = r#"
        [[question]]
        id = "publics"
        type = "choix-multiple"
        modalites = [
            { id = "jeunes", libelle = "Jeunes", colonne = "Publics [Jeunes]" },
            { id = "seniors", libelle = "Seniors", colonne = "Publics [Seniors]" },
        ]
    "#;
    let rows: &[&[&str]] = &[
        &["Publics [Jeunes]", "Publics [Seniors]", "n"],
        &["Oui", "Non", "1"],
        &["Non", "Non", "2"],
        &["", "Seniors", "3"],
        &["", "", "4"],
        &["N/A", "", "5"],
    ];
    let (survey, messages) = read(codebook, rows);
    let survey = survey.unwrap();
    assert_eq!(options(&survey, "publics"), [(0, 0), (2, 1)]);
    use Status::{Answered, Blank, NotAsked};
    assert_eq!(statuses(&survey, "publics"), [Answered, Answered, Answered, Blank, NotAsked]);
    assert!(messages.is_empty());
}

#[test]
fn not_asked_is_no_free_text() {
    let codebook = r#"
        [[question]]
        id = "themes"
        type = "choix-multiple"
        modalites = [
            { libelle = "Insertion", colonne = "T[1]" },
            { libelle = "Autre", colonne = "T[other]", libre = true },
        ]
    "#;
    let rows: &[&[&str]] =
        &[&["T[1]", "T[other]"], &["Oui", "la vannerie"], &["N/A", "N/A"], &["Non", ""]];
    let (survey, messages) = read(codebook, rows);
    let survey = survey.unwrap();
    assert_eq!(options(&survey, "themes"), [(0, 0), (0, 1)]);
    assert_eq!(statuses(&survey, "themes"), [Status::Answered, Status::NotAsked, Status::Answered]);
    assert!(messages.is_empty(), "{messages:?}");
}

#[test]
fn who_was_not_asked_is_not_a_no() {
    let codebook = r#"
        [[question]]
        id = "forme"
        type = "choix-unique"
        colonne = "Formez-vous ?"
        modalites = [{ id = "oui", libelle = "Oui" }, { id = "non", libelle = "Non" }]
        [[question]]
        id = "types"
        type = "choix-multiple"
        colonne = "Quels types ?"
        base = "forme = oui"
        modalites = [{ id = "a", libelle = "A" }]
    "#;
    let rows: &[&[&str]] =
        &[&["Formez-vous ?", "Quels types ?"], &["Oui", "A"], &["Non", ""], &["Non", "A"]];
    let (survey, messages) = read(codebook, rows);
    let survey = survey.unwrap();
    use Status::{Answered, NotAsked};
    assert_eq!(statuses(&survey, "types"), [Answered, NotAsked, NotAsked]);
    assert_eq!(options(&survey, "types"), [(0, 0)]);
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn a_filter_keeps_the_rows_it_accepts() {
    let codebook = format!("[table]\nfiltre = \"Statut = terminé\"\n{THEMES}");
    let rows: &[&[&str]] =
        &[&["Thèmes", "Statut"], &["Insertion", "Terminé"], &["Insertion", "brouillon"]];
    let (survey, _) = read(&codebook, rows);
    assert_eq!(survey.unwrap().respondents.len(), 1);
}

#[test]
fn a_filter_on_a_title_knows_the_options_of_its_cells() {
    let rows: &[&[&str]] = &[
        &["Thèmes", "Statut"],
        &["Insertion;Numérique;", "a"],
        &["Numérique", "a"],
        &["Insertion", "b"],
        &["Insertion;Autre chose", "b"],
    ];
    let kept = |filter: &str| {
        let codebook = format!("[table]\nfiltre = {filter:?}\n{THEMES}");
        let rows = read(&codebook, rows).0.unwrap().respondents;
        rows.iter().map(|respondent| respondent.row).collect::<Vec<_>>()
    };
    assert_eq!(kept("Thèmes = Numérique"), [1, 2]);
    assert_eq!(kept("Thèmes ≠ numérique"), [3, 4]);
    assert_eq!(kept("Thèmes = Insertion;Numérique;"), [1]);
    assert_eq!(kept("Thèmes parmi Numérique, Insertion"), [1, 2, 3, 4]);
    assert_eq!(kept("Thèmes ≠"), [1, 2, 3, 4]);
}

#[test]
fn a_filter_on_the_column_of_an_option_looks_at_its_cells() {
    let codebook = |filter: &str| {
        format!(
            "[table]\nfiltre = {filter:?}\n[[question]]\nid = \"publics\"\n\
             libelle = \"Publics\"\ntype = \"choix-multiple\"\nmodalites = [\n\
             {{ libelle = \"Jeunes\", colonne = \"Publics[1]\" }},\n\
             {{ libelle = \"Seniors\", colonne = \"Publics[2]\" }} ]\n"
        )
    };
    let rows: &[&[&str]] = &[
        &["Publics", "Publics[1]", "Publics[2]"],
        &["Jeunes Seniors", "Vrai", "Vrai"],
        &["Jeunes", "Vrai", "Faux"],
        &["Seniors", "Faux", "Vrai"],
    ];
    let kept = |filter: &str| {
        let rows = read(&codebook(filter), rows).0.unwrap().respondents;
        rows.iter().map(|respondent| respondent.row).collect::<Vec<_>>()
    };
    assert_eq!(kept("Publics[1] = Faux"), [3]);
    assert_eq!(kept("Publics[2] = vrai"), [1, 3]);
    // The column of whole answers, which KoboToolbox puts before.
    assert_eq!(kept("Publics = Seniors"), [1, 3]);
}

#[test]
fn a_cell_that_says_not_asked_is_not_cut() {
    let codebook =
        THEMES.replace("colonne = \"Thèmes\"", "colonne = \"Thèmes\"\nseparateur = \"/\"");
    let rows: &[&[&str]] = &[&["Thèmes"], &["Insertion/Numérique"], &["N/A"], &["Insertion/N"]];
    let (survey, messages) = read(&codebook, rows);
    let survey = survey.unwrap();
    use Status::{Answered, NotAsked};
    assert_eq!(statuses(&survey, "themes"), [Answered, NotAsked, Answered]);
    assert_eq!(messages.len(), 1, "{messages:?}");
}

#[test]
fn a_filter_that_keeps_nobody_is_told() {
    let rows: &[&[&str]] = &[&["Thèmes", "Statut"], &["Insertion", "Terminé"], &["", "Ouvert"]];
    let told = |filter: &str| {
        let codebook = format!("[table]\nfiltre = {filter:?}\n{THEMES}");
        read(&codebook, rows).1.join("\n")
    };
    let all = [told("Statut = Terminée"), told("Statut = fini"), told("themes = chant")];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn titles_may_stand_on_two_rows_with_merged_cells() {
    let codebook = r#"
        [table]
        lignes_titres = [1, 2]
        [[question]]
        id = "q"
        type = "choix-unique"
        colonne = "Accueil – Avis"
        modalites = [{ libelle = "Bien" }]
    "#;
    let rows: &[&[&str]] =
        &[&["Accueil", "", "Repas"], &["Note", "Avis", "Avis"], &["3", "Bien", "?"]];
    let (survey, messages) = read(codebook, rows);
    assert_eq!(options(&survey.unwrap(), "q"), [(0, 0)]);
    assert!(messages.is_empty());
}

#[test]
fn columns_that_are_not_there_are_all_told() {
    let codebook = r#"
        [[question]]
        id = "a"
        type = "texte"
        colonne = "Nom du projet"
        [[question]]
        id = "b"
        type = "texte"
        colonne = "Avis"
        [[question]]
        id = "c"
        type = "texte"
        lettre = "A"
        colonne = "Région"
    "#;
    let (survey, messages) = read(codebook, &[&["Nom du projt", "Avis", "Avis"], &["x", "y", "z"]]);
    assert!(survey.is_none());
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn a_table_of_something_else_is_told_once() {
    let question = |id: &str| {
        format!("[[question]]\nid = \"{id}\"\ntype = \"texte\"\ncolonne = \"Titre {id}\"\n")
    };
    let codebook: String = ["a", "b", "c", "d"].map(question).concat();
    let (survey, messages) = read(&codebook, &[&["Recette", "Sucre"], &["crêpes", "30 g"]]);
    assert!(survey.is_none());
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(messages[0].contains("aucune des 4 colonnes du dictionnaire"), "{messages:?}");
    let (_, messages) = read(&codebook, &[&["Titre a", "Sucre"], &["crêpes", "30 g"]]);
    assert_eq!(messages.len(), 3, "{messages:?}");
}

fn register() -> Register {
    let laureate = |id: &str, name: &str| Laureate {
        id: id.to_string(),
        region: "bretagne".to_string(),
        number: None,
        name: name.to_string(),
        third_places: String::new(),
        training_organisations: String::new(),
        commune: None,
        grant: None,
        source_line: None,
        remark: None,
        texts: Vec::new(),
        cells: Default::default(),
    };
    let laureates = vec![laureate("BRE-01", "Avelen"), laureate("BRE-02", "Echo")];
    Register { laureates, ..Register::default() }
}

const PROJECTS: &str = r#"
[repondant]
identifiant = "projet"
nom = "nom"
horodatage = "fin"
[[question]]
id = "projet"
type = "identifiant"
colonne = "Identifiant"
[[question]]
id = "nom"
type = "texte"
colonne = "Nom"
[[question]]
id = "fin"
type = "date"
colonne = "Fin"
"#;

#[test]
fn the_latest_of_two_answers_counts() {
    let rows: &[&[&str]] = &[
        &["Identifiant", "Nom", "Fin"],
        &["BRE-01", "", "02/03/2025 10:00:00"],
        &["bre-01", "", "01/03/2025 10:00:00"],
        &["BRE-02", "", ""],
    ];
    let (survey, messages) = read_with(PROJECTS, rows, Some(&register()));
    let rows: Vec<u32> = survey.unwrap().respondents.iter().map(|r| r.row).collect();
    assert_eq!(rows, [1, 3]);
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn a_day_without_a_time_is_a_moment_too() {
    for [early, late] in [["2025-03-07", "2025-04-18"], ["07/03/2025", "18/04/2025"]] {
        let rows: &[&[&str]] =
            &[&["Identifiant", "Nom", "Fin"], &["BRE-01", "", late], &["bre-01", "", early]];
        let (survey, _) = read_with(PROJECTS, rows, Some(&register()));
        let rows: Vec<u32> = survey.unwrap().respondents.iter().map(|r| r.row).collect();
        assert_eq!(rows, [1], "{late}");
    }
}

#[test]
fn a_project_is_known_by_its_name_or_not_at_all() {
    let rows: &[&[&str]] = &[
        &["Identifiant", "Nom", "Fin"],
        &["", "AVELEN", ""],
        &["BRE-20", "", ""],
        &["", "", "2025-03-01"],
    ];
    let (survey, messages) = read_with(PROJECTS, rows, Some(&register()));
    assert_eq!(survey.unwrap().respondents.len(), 1);
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn weights_must_be_above_zero() {
    let codebook = format!("[table]\npoids = \"Poids\"\n{THEMES}");
    let rows: &[&[&str]] = &[
        &["Thèmes", "Poids"],
        &["Insertion", "1,5"],
        &["Insertion", "0"],
        &["Insertion", "-1"],
        &["Insertion", ""],
    ];
    let (survey, messages) = read(&codebook, rows);
    assert_eq!(survey.unwrap().respondents.len(), 1);
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn rows_that_do_not_count_are_kept_with_their_reason() {
    let codebook = "[table]\nfiltre = 'Statut = terminé'\n[repondant]\nidentifiant = 'projet'\n\
        [[question]]\nid = 'projet'\ntype = 'identifiant'\ncolonne = 'Projet'\n";
    let rows: &[&[&str]] = &[
        &["Projet", "Statut"],
        &["A", "terminé"],
        &["B", "en cours"],
        &["A", "terminé"],
        &["C", "terminé"],
    ];
    let mut found = Diagnostics::new();
    let codebook = Codebook::parse("dictionnaire.toml", codebook, &mut found).unwrap();
    let survey = Survey::read(sheet(rows), codebook, None, &mut found).unwrap();
    let filter = Reason::Filter("Statut = terminé".to_string());
    let expected =
        [LeftOut { row: 1, reason: Reason::Duplicate }, LeftOut { row: 2, reason: filter }];
    assert_eq!(survey.left_out, expected);
}
