//! What did not change is not made again, and is what would have been made.

use std::collections::BTreeMap;

use crate::support::{Edition, bilan};

/// An edition of two régions, with a text each.
fn edition() -> Edition {
    let edition = Edition::new();
    edition.write_register(vec![
        vec!["BRE-01", "Bretagne", "1", "A", "Lieu", "GRETA"],
        vec!["BRE-02", "Bretagne", "2", "B", "Lieu", "GRETA"],
        vec!["COR-01", "Corse", "1", "C", "Lieu", "AFPA"],
    ]);
    for region in ["bretagne", "corse"] {
        write_text(&edition, region, "Un texte.\n");
    }
    edition
}

fn write_text(edition: &Edition, region: &str, text: &str) {
    let path = edition.path(&format!("textes/regions/{region}.md"));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// Runs `produire`; the documents that were made, then those that were kept.
fn produce(edition: &Edition, more: &[&str]) -> (Vec<String>, Vec<String>) {
    let assert = bilan(edition.folder.path()).args(["produire", "essai"]).args(more).assert();
    let said = String::from_utf8(assert.success().get_output().stderr.clone()).unwrap();
    let documents = said.lines().filter_map(|line| line.strip_prefix("  "));
    let mut documents: Vec<&str> = documents.filter(|line| line.contains(".pdf")).collect();
    documents.sort_unstable();
    let (kept, made): (Vec<&str>, Vec<&str>) =
        documents.into_iter().partition(|line| line.ends_with(" (inchangé)"));
    let names = |lines: Vec<&str>| {
        lines.iter().map(|line| line.trim_end_matches(" (inchangé)").to_string()).collect()
    };
    (names(made), names(kept))
}

fn contents(edition: &Edition) -> BTreeMap<String, Vec<u8>> {
    let output = edition.output();
    let names = bilan::output::files(&output);
    names
        .into_iter()
        .map(|name| (name.clone(), std::fs::read(output.join(name)).unwrap()))
        .collect()
}

const ALL: [&str; 4] = ["bilan.pdf", "controle.pdf", "fiches/bretagne.pdf", "fiches/corse.pdf"];

#[test]
fn a_second_run_makes_nothing_again() {
    let edition = edition();
    assert_eq!(produce(&edition, &[]).0, ALL);
    let first = contents(&edition);
    assert_eq!(produce(&edition, &[]).1, ALL);
    assert!(contents(&edition) == first);
    assert_eq!(produce(&edition, &["--refaire"]).0, ALL);
    assert!(contents(&edition) == first, "what was kept is what would have been made");
}

#[test]
fn a_text_makes_its_documents_again_and_no_other() {
    let edition = edition();
    produce(&edition, &[]);
    write_text(&edition, "corse", "Un autre texte.\n");
    let (made, kept) = produce(&edition, &[]);
    assert_eq!(made, ["bilan.pdf", "fiches/corse.pdf"]);
    assert_eq!(kept, ["controle.pdf", "fiches/bretagne.pdf"]);
    let incremental = contents(&edition);
    produce(&edition, &["--refaire"]);
    assert!(contents(&edition) == incremental);
}

/// A part made alone keeps the traces of the others, and uses its own.
#[test]
fn parts_made_alone_are_kept_too() {
    let edition = edition();
    assert_eq!(produce(&edition, &["--region", "Corse"]).0, ["fiches/corse.pdf"]);
    assert_eq!(produce(&edition, &["--region", "Bretagne"]).0, ["fiches/bretagne.pdf"]);
    let (made, kept) = produce(&edition, &[]);
    assert_eq!(made, ["bilan.pdf", "controle.pdf"]);
    assert_eq!(kept, ["fiches/bretagne.pdf", "fiches/corse.pdf"]);
}

#[test]
fn a_template_makes_again_what_reads_it() {
    let edition = edition();
    produce(&edition, &[]);
    let folder = edition.folder.path().join("report-templates");
    std::fs::create_dir(&folder).unwrap();
    let template = bilan::assets::Assets::embedded().read_text("fiche.typ").unwrap();
    std::fs::write(folder.join("fiche.typ"), format!("{template}\n// Une remarque.\n")).unwrap();
    let (made, kept) = produce(&edition, &[]);
    assert_eq!(made, ["fiches/bretagne.pdf", "fiches/corse.pdf"]);
    assert_eq!(kept, ["bilan.pdf", "controle.pdf"]);
}

/// A document that somebody changed, or took away, is made again.
#[test]
fn a_document_that_is_not_the_one_made_is_made_again() {
    let edition = edition();
    produce(&edition, &[]);
    let first = contents(&edition);
    std::fs::write(edition.output().join("bilan.pdf"), "gribouillis").unwrap();
    std::fs::remove_file(edition.output().join("fiches/corse.pdf")).unwrap();
    let (made, kept) = produce(&edition, &[]);
    assert_eq!(made, ["bilan.pdf", "fiches/corse.pdf"]);
    assert_eq!(kept, ["controle.pdf", "fiches/bretagne.pdf"]);
    assert!(contents(&edition) == first);
}
