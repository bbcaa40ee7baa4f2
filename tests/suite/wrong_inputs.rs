//! Wrong inputs: each gets a message in French with its place and a way out,
//! all at once; exit code 3; nothing written.

use crate::support::{ANSWER_TITLES, Edition, bilan};

#[test]
fn no_file() {
    let edition = Edition::new();
    for name in ["laureats.xlsx", "questionnaire.xlsx", "dictionnaire.toml"] {
        std::fs::remove_file(edition.path(name)).unwrap();
    }
    insta::assert_snapshot!(edition.messages(3));
}

#[test]
fn no_edition() {
    let folder = tempfile::tempdir().unwrap();
    let assert = bilan(folder.path()).args(["produire", "absent"]).assert().code(3);
    let messages = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(messages.contains("ce dossier n’existe pas\n  → absent\n"), "{messages}");
    std::fs::write(folder.path().join("export.csv"), "a;b\n").unwrap();
    let assert = bilan(folder.path()).args(["produire", "export.csv"]).assert().code(3);
    let messages = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(messages.contains("c’est un fichier, pas le dossier d’une édition"), "{messages}");
    let edition = Edition::new();
    let near = edition.path("..");
    let assert = bilan(&near).args(["verifier", "."]).assert().code(3);
    let messages = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(messages.contains("il n’a pas de fichier edition.toml"), "{messages}");
    assert!(messages.contains("./essai"), "{messages}");
    let assert = bilan(folder.path()).arg("produire").assert().code(3);
    let messages = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(messages.contains("edition-absente"), "{messages}");
}

#[test]
fn not_a_spreadsheet() {
    let edition = Edition::new();
    std::fs::write(edition.path("laureats.xlsx"), [0x89, b'P', b'N', b'G', 0, 1, 2, 0]).unwrap();
    std::fs::write(edition.path("questionnaire.xlsx"), b"PK\x03\x04tronqu").unwrap();
    insta::assert_snapshot!(edition.messages(3));
}

#[test]
fn a_missing_sheet_and_missing_columns() {
    let edition = Edition::new();
    edition.write_workbook(
        "laureats.xlsx",
        &[
            ("Laureat", vec![vec!["Identifiant"]]),
            ("Régions", vec![vec!["Région", "Enveloppe"], vec!["Bretagne", "0.3"]]),
            ("Fiches", vec![vec!["Rien"]]),
        ],
    );
    insta::assert_snapshot!(edition.messages(3));
}

#[test]
fn wrong_cells_of_the_register() {
    let edition = Edition::new();
    edition.write_register(vec![
        vec!["BRE-01", "Bretagne", "un", "A", "Lieu", "GRETA"],
        vec!["bre-01", "Bretange", "2", "B", "Lieu", "GRETA"],
        vec!["", "", "1.5", "C", "Lieu", "GRETA"],
        vec!["BRE-02", "Bretagne", "3", "D", "Lieu", "GRETA"],
    ]);
    insta::assert_snapshot!(edition.messages(3));
}

#[test]
fn an_answer_for_a_project_that_does_not_exist() {
    let edition = Edition::new();
    edition.write_workbook(
        "questionnaire.xlsx",
        &[(
            "Réponses",
            vec![
                ANSWER_TITLES.to_vec(),
                vec!["", "BRE-09", "", "Insertion", "12"],
                vec!["", "", "", "Insertion", "12"],
            ],
        )],
    );
    let assert = bilan(edition.folder.path())
        .args(["verifier", "essai", "--famille", "J", "--gravite", "erreur"])
        .assert()
        .code(1);
    let text = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    insta::assert_snapshot!(text);
}

#[test]
fn texts_and_pages_that_name_what_is_not_there() {
    let edition = Edition::new();
    edition.replace(
        "textes/carte.md",
        "À compléter.",
        "{{laureat}} et {{laureats|region=Bretange}}.",
    );
    edition.replace("edition.toml", "question = \"themes\"", "question = \"theme\"");
    edition.replace("edition.toml", "\"laureats\",", "\"laureat\",");
    insta::assert_snapshot!(edition.messages(3));
}

#[test]
fn an_unknown_region_on_the_command_line() {
    let edition = Edition::new();
    let assert = bilan(edition.folder.path())
        .args(["produire", "essai", "--region", "Bretange", "--region", "Corse"])
        .assert()
        .code(2);
    let messages = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert_eq!(messages.matches("region-inconnue").count(), 2, "{messages}");
    assert!(messages.contains("vouliez-vous dire «\u{A0}Bretagne\u{A0}»"), "{messages}");
}

#[test]
fn a_compiler_that_is_not_one() {
    let edition = Edition::new();
    for program in ["/nulle/part/typst", "/bin/echo"] {
        bilan(edition.folder.path())
            .args(["produire", "essai", "--typst", program])
            .assert()
            .code(2);
    }
}
