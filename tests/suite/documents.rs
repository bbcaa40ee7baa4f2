//! The documents of the shipped edition: complete, conformant, reproducible.

use std::path::{Path, PathBuf};

use bilan::exports::Manifest;
use bilan::hash::sha256;
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf};

use crate::accessibility::decode;
use crate::support::{SHIPPED_OUTPUT, bilan, pages_of, shipped, text_of};

fn pdfs(folder: &Path) -> Vec<PathBuf> {
    let names = bilan::output::files(folder);
    names.iter().filter(|name| name.ends_with(".pdf")).map(|name| folder.join(name)).collect()
}

#[test]
fn there_is_a_brochure_and_a_sheet_a_region() {
    let files = bilan::output::files(&SHIPPED_OUTPUT);
    let sheets = files.iter().filter(|file| file.starts_with("fiches/")).count();
    assert_eq!(sheets, 16);
    for file in [
        "bilan.pdf",
        "controle.pdf",
        "controle.csv",
        "controle.json",
        "indicateurs.json",
        "manifeste.json",
        "graphiques/themes.svg",
    ] {
        assert!(files.contains(&file.to_string()), "{file}");
    }
}

#[test]
fn every_pdf_conforms_to_ua_1_and_a_2a() {
    for path in pdfs(&SHIPPED_OUTPUT) {
        for profile in [ValidationProfile::PdfUa1, ValidationProfile::PdfA2a] {
            let options = ValidationOptions::default().profile(profile);
            let report = validate_pdf(&path, &options).unwrap();
            assert!(report.is_compliant, "{}: {report}", path.display());
        }
    }
}

/// Both conformances are declared in the metadata.
#[test]
fn every_pdf_declares_its_conformance() {
    for path in pdfs(&SHIPPED_OUTPUT) {
        let document = lopdf::Document::load(&path).unwrap();
        let metadata = document
            .objects
            .values()
            .filter_map(|object| object.as_stream().ok())
            .find(|stream| stream.dict.has_type(b"Metadata"))
            .unwrap();
        let xmp = String::from_utf8_lossy(&metadata.content).into_owned();
        assert!(xmp.contains("<pdfuaid:part>1</pdfuaid:part>"), "{}", path.display());
        assert!(xmp.contains("<pdfaid:part>2</pdfaid:part>"), "{}", path.display());
        assert!(xmp.contains("<pdfaid:conformance>A</pdfaid:conformance>"), "{}", path.display());
    }
}

/// The alternatives of the figures of a document, in the order of its objects.
fn alternatives(path: &Path) -> Vec<Option<String>> {
    let document = lopdf::Document::load(path).unwrap();
    let figures =
        document.objects.values().filter_map(|object| object.as_dict().ok()).filter(|dictionary| {
            dictionary.get(b"S").and_then(|name| name.as_name()).is_ok_and(|n| n == b"Figure")
        });
    figures
        .map(|dictionary| {
            let bytes = dictionary.get(b"Alt").ok()?.as_str().ok()?;
            Some(decode(bytes))
        })
        .collect()
}

#[test]
fn every_picture_has_an_alternative_that_gives_its_figures() {
    let brochure = alternatives(&SHIPPED_OUTPUT.join("bilan.pdf"));
    assert!(brochure.len() >= 26, "{}", brochure.len());
    assert!(brochure.iter().all(|alternative| alternative.as_ref().is_some_and(|a| a.len() > 20)));
    let all: String = brochure.into_iter().flatten().collect();
    for figure in ["Insertion 66\u{202F}%", "Occitanie 48", "47\u{202F}% des projets"] {
        assert!(all.contains(figure), "{figure}");
    }
}

#[test]
fn the_brochure_holds_every_laureate_and_every_figure() {
    let text = text_of(&SHIPPED_OUTPUT.join("bilan.pdf"));
    for expected in ["Le Kreuzet", "Les nouvelles Grisettes", "202", "52,3", "Sommaire", "Méthode"]
    {
        assert!(text.contains(expected), "{expected}");
    }
    assert!(pages_of(&SHIPPED_OUTPUT.join("bilan.pdf")) > 40);
}

/// A page that shows a figure of the demonstration answers says so.
#[test]
fn demonstration_figures_are_marked_on_their_page() {
    let document = lopdf::Document::load(SHIPPED_OUTPUT.join("bilan.pdf")).unwrap();
    let marked = |page: u32| {
        let text = document.extract_text(&[page]).unwrap();
        text.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("Questionnaire de démonstration")
    };
    // Key figures, six pages of charts; then the first regional chapter, whose
    // facts are the register's.
    for page in 4..=10 {
        assert!(marked(page), "page {page}");
    }
    assert!(!marked(13), "page 13");
}

#[test]
fn a_second_run_writes_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("2025");
    bilan(folder.path())
        .args(["produire", "--quiet", "--jobs", "1", "--sortie"])
        .arg(&output)
        .arg(shipped())
        .assert()
        .success();
    let names = bilan::output::files(&SHIPPED_OUTPUT);
    assert_eq!(bilan::output::files(&output), names);
    for name in names {
        let (first, second) = (SHIPPED_OUTPUT.join(&name), output.join(&name));
        assert!(std::fs::read(first).unwrap() == std::fs::read(second).unwrap(), "{name} differs");
    }
}

#[test]
fn the_manifest_holds_the_hash_of_every_file() {
    let manifest = Manifest::read(&SHIPPED_OUTPUT).unwrap();
    assert!(manifest.inputs.iter().any(|input| input.file == "textes/regions/bretagne.md"));
    for output in &manifest.outputs {
        let bytes = std::fs::read(SHIPPED_OUTPUT.join(&output.file)).unwrap();
        assert_eq!(sha256(&bytes), output.sha256, "{}", output.file);
    }
    assert_eq!(manifest.outputs.len() + 1, bilan::output::files(&SHIPPED_OUTPUT).len());
}

/// A chart or a map for re-use: the drawing, its pixels, its words, its data.
#[test]
fn charts_come_with_pixels_words_and_data() {
    let files = bilan::output::files(&SHIPPED_OUTPUT.join("graphiques"));
    let drawings: Vec<&str> = files.iter().filter_map(|file| file.strip_suffix(".svg")).collect();
    assert!(drawings.len() >= 40, "{drawings:?}");
    for name in drawings {
        for extension in ["png", "txt", "csv"] {
            let file = format!("{name}.{extension}");
            assert!(files.contains(&file), "{file}");
        }
        let path = SHIPPED_OUTPUT.join(format!("graphiques/{name}.svg"));
        assert!(std::fs::metadata(path).unwrap().len() < 300_000, "{name}");
    }
}

/// Pages as pictures: as many as the document has, and the documents of before
/// stay.
#[test]
fn pages_can_be_written_as_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("2025");
    let run = |arguments: &[&str]| {
        let mut command = bilan(folder.path());
        command.args(["produire", "--quiet", "--sortie"]).arg(&output).arg(shipped());
        command.args(arguments).assert().success();
        bilan::output::files(&output)
    };
    run(&["--region", "Corse"]);
    let files = run(&["--region", "Corse", "--format", "png", "--resolution", "30"]);
    let pages = pages_of(&output.join("fiches/corse.pdf"));
    let pictures = files.iter().filter(|file| file.starts_with("pages/corse-")).count();
    assert_eq!(pictures, pages);
    let page = image_size(&output.join("pages/corse-1.png"));
    assert_eq!(page, (248, 351));
}

/// The width and the height that the head of a PNG file gives.
fn image_size(path: &Path) -> (u32, u32) {
    let bytes = std::fs::read(path).unwrap();
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn the_brochure_can_be_sent_by_mail() {
    let size = std::fs::metadata(SHIPPED_OUTPUT.join("bilan.pdf")).unwrap().len();
    assert!(size < 5_000_000, "{size}");
}

/// A sheet is printed on both sides: two or four pages.
#[test]
fn sheets_have_two_or_four_pages() {
    for path in pdfs(&SHIPPED_OUTPUT.join("fiches")) {
        let pages = pages_of(&path);
        assert!(pages == 2 || pages == 4, "{}: {pages}", path.display());
    }
}

/// With the genuine compiler, where there is one, the pages are the same.
#[test]
fn the_genuine_compiler_gives_the_same_pages() {
    let version = std::process::Command::new("typst").arg("--version").output();
    let genuine = version.is_ok_and(|out| String::from_utf8_lossy(&out.stdout).contains("0.15.1"));
    if !genuine {
        eprintln!("typst 0.15.1 is not installed: only the built-in compiler was tested");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("2025");
    bilan(folder.path())
        .args(["produire", "--quiet", "--typst", "typst", "--sortie"])
        .arg(&output)
        .arg(shipped())
        .assert()
        .success();
    for (mine, genuine) in pdfs(&SHIPPED_OUTPUT).iter().zip(pdfs(&output)) {
        let same = uncompressed(mine) == uncompressed(&genuine);
        assert!(same, "{} differs", mine.display());
    }
}

/// The objects of a PDF, its streams uncompressed, less its metadata: two builds
/// of the compiler may not compress alike, and its identifier follows.
fn uncompressed(path: &Path) -> Vec<String> {
    let document = lopdf::Document::load(path).unwrap();
    let shown = |object: &lopdf::Object| match object.as_stream() {
        Ok(stream) => {
            let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
            let keys = stream.dict.iter().filter(|(key, _)| *key != b"Length");
            format!("{:?} {}", keys.collect::<Vec<_>>(), sha256(&content))
        }
        Err(_) => format!("{object:?}"),
    };
    let told = |object: &&lopdf::Object| {
        !object.as_stream().is_ok_and(|stream| stream.dict.has_type(b"Metadata"))
    };
    document.objects.values().filter(told).map(shown).collect()
}

#[test]
fn a_part_can_be_made_alone_and_keeps_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("2025");
    let run = |arguments: &[&str]| {
        let mut command = bilan(folder.path());
        command.args(["produire", "--quiet", "--sortie"]).arg(&output).arg(shipped());
        command.args(arguments).assert().success();
        bilan::output::files(&output)
    };
    assert_eq!(run(&["--region", "Bretagne"]), ["fiches/bretagne.pdf", "manifeste.json"]);
    let both = run(&["--region", "corse", "--region", "Île-de-France"]);
    assert_eq!(both.iter().filter(|name| name.starts_with("fiches/")).count(), 3);
    let more = run(&["--seulement", "indicateurs"]);
    assert!(more.contains(&"indicateurs.json".to_string()));
    assert!(both.iter().all(|name| more.contains(name)));
}
