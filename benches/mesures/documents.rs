//! The documents: the whole job against compiling the same documents alone.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::Scale;
use crate::process::{Cost, bilan, in_turn, run};
use crate::reading::peer;
use crate::record::Record;
use crate::table::{Row, Table, at_most};

/// How much longer than the compiler alone the whole job may take.
const MOST: f64 = 1.25;

/// The text that is changed.
const TEXT: &str = "textes/regions/bretagne.md";

pub fn measure(scale: Scale) -> Table {
    let runs = if scale == Scale::Whole { 7 } else { 1 };
    let place = Place::new();
    let mut table = Table::default();
    table.push(whole_job(&place, runs));
    table.push(second_run(&place, runs));
    table
}

/// A copy of the shipped edition, and where it is made.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("inputs");
        copy(&inputs, &folder.path().join("inputs"));
        Self { folder }
    }

    fn edition(&self) -> PathBuf {
        self.folder.path().join("inputs/2025")
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn produce(&self, words: &[&str]) -> Cost {
        let mut command = bilan();
        command.arg("produire").arg(self.edition()).arg("-q").args(words);
        command.arg("--sortie").arg(self.at("sortie")).stderr(std::process::Stdio::null());
        run(&mut command)
    }

    /// Writes a sentence at the end of a text, another one each time.
    fn change_text(&self, turn: usize) {
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("inputs/2025").join(TEXT);
        let text = std::fs::read_to_string(original).expect("a text");
        let sentence = ["Une phrase ajoutée.", "Une autre phrase."][turn % 2];
        std::fs::write(self.edition().join(TEXT), format!("{text}\n\n{sentence}\n"))
            .expect("a text");
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        match path.is_dir() {
            true => copy(&path, &target),
            false => std::fs::copy(&path, &target).map(|_| ()).expect("a copy"),
        }
    }
}

fn whole_job(place: &Place, runs: usize) -> Row {
    let record = Record::of(&place.edition(), &place.at("gardee"), &place.at("tout"));
    let (own, bare) = in_turn(runs, || place.produce(&["--refaire"]), || record.compile_all());
    let ratio = own.seconds() / bare.seconds();
    Row {
        what: "the whole job on the shipped edition: figures, checks, charts, tables, documents"
            .into(),
        own: own.words(),
        other: format!("compiling the same {} documents alone: {}", record.len(), bare.words()),
        result: format!("{ratio:.2} ×"),
        target: at_most(ratio, MOST),
    }
}

/// The recorder is another compiler, so that each has its output of before.
fn second_run(place: &Place, runs: usize) -> Row {
    let (recorded, notes) = (place.at("gardee"), place.at("change"));
    Record::of(&place.edition(), &recorded, &place.at("avant"));
    place.change_text(1);
    let record = Record::of(&place.edition(), &recorded, &notes);
    place.produce(&[]);
    let mut turn = 0;
    let own = || {
        place.change_text(turn);
        turn += 1;
        place.produce(&[])
    };
    let (own, bare) = in_turn(runs, own, || record.compile_all());
    let ratio = own.seconds() / bare.seconds();
    Row {
        what: "a second run after the text of a région changed".into(),
        own: own.words(),
        other: format!("compiling the {} documents that change: {}", record.len(), bare.words()),
        result: format!("{ratio:.2} ×"),
        target: at_most(ratio, MOST),
    }
}

/// The fact sheets against a peer that makes the same tables and pictures.
pub fn measure_sheets(scale: Scale) -> Table {
    let runs = if scale == Scale::Whole { 3 } else { 1 };
    let place = Place::new();
    let record = Record::of(&place.edition(), &place.at("gardee"), &place.at("tout"));
    let mut table = Table::default();
    let what = "sixteen fact sheets".to_string();
    let pages = place.at("pages");
    let Some(command) = peer("fact_sheets_weasyprint.py", &[record.work(), pages]) else {
        table.push(skipped(what, "WeasyPrint"));
        return table;
    };
    let mut command = command;
    let own = || place.produce(&["--seulement", "fiches", "--refaire"]);
    let (own, other) = in_turn(runs, own, || run(&mut command));
    table.push(Row {
        what,
        own: own.words(),
        other: format!("WeasyPrint, the same tables and pictures: {}", other.words()),
        result: format!("{:.1} × faster", other.seconds() / own.seconds()),
        target: String::new(),
    });
    table
}

/// A peer that is not installed.
pub fn skipped(what: String, peer: &str) -> Row {
    Row {
        what,
        own: String::new(),
        other: format!("{peer} is not installed (benches/README.md)"),
        result: "—".to_string(),
        target: String::new(),
    }
}
