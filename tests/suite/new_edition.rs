//! `bilan initialiser`: what it makes works at once.

use crate::support::{Edition, bilan, text_of};

#[test]
fn a_new_edition_can_be_produced_at_once() {
    let edition = Edition::new();
    edition.produce().success();
    let text = text_of(&edition.output().join("bilan.pdf"));
    assert!(text.contains("Questionnaire de démonstration"));
    assert!(edition.output().join("fiches/bretagne.pdf").is_file());
}

#[test]
fn nothing_is_ever_replaced() {
    let edition = Edition::new();
    let again = bilan(edition.folder.path()).args(["initialiser", "essai"]).assert().code(2);
    let messages = String::from_utf8_lossy(&again.get_output().stderr).into_owned();
    assert!(messages.contains("dossier-occupe"), "{messages}");
}

#[test]
fn a_template_on_disk_takes_precedence() {
    let edition = Edition::new();
    let folder = edition.folder.path().join("report-templates");
    std::fs::create_dir(&folder).unwrap();
    let own = "#let donnees = json(sys.inputs.donnees)\n\
               #set document(title: [Mien], date: auto)\n#set text(lang: \"fr\")\n= À moi #donnees.edition.annee";
    std::fs::write(folder.join("bilan.typ"), own).unwrap();
    edition.produce().success();
    assert!(text_of(&edition.output().join("bilan.pdf")).contains("À moi 2026"));
}

/// A template that does not compile is told, and leaves nothing behind.
#[test]
fn a_broken_template_leaves_nothing() {
    let edition = Edition::new();
    let folder = edition.folder.path().join("report-templates");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("fiche.typ"), "#let x = (\n").unwrap();
    let assert = edition.produce().code(4);
    let messages = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(messages.contains("fiche.typ:1"), "{messages}");
    assert!(bilan::output::files(&edition.folder.path().join("output")).is_empty());
}
