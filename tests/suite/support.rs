//! What the tests share: editions of their own, runs of the program, PDFs
//! read back.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use assert_cmd::Command;
use rust_xlsxwriter::Workbook;

/// The root of the project.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The shipped edition.
pub fn shipped() -> PathBuf {
    project().join("inputs/2025")
}

/// The program, run in a folder, without what the environment says of Typst.
pub fn bilan(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("bilan").expect("the program is built");
    command.current_dir(folder).env_remove("BILAN_TYPST").env_remove("TYPST_FONT_PATHS");
    command
}

/// The output of the shipped edition, made once for all tests that read it.
pub static SHIPPED_OUTPUT: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder").keep();
    let output = folder.join("2025");
    bilan(&folder).arg("produire").arg(shipped()).arg("--sortie").arg(&output).assert().success();
    output
});

/// A folder with an edition that `bilan initialiser` made, to be changed.
pub struct Edition {
    pub folder: tempfile::TempDir,
}

/// A sheet to write: its name and its rows, titles first.
pub type Rows<'a> = (&'a str, Vec<Vec<&'a str>>);

impl Edition {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        bilan(folder.path()).args(["initialiser", "essai", "--quiet"]).assert().success();
        Self { folder }
    }

    /// The path of a file of the edition.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("essai").join(name)
    }

    /// Replaces a text in a file of the edition.
    pub fn replace(&self, name: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path(name)).expect("a text");
        assert!(text.contains(from), "{name} does not contain {from}");
        std::fs::write(self.path(name), text.replace(from, to)).expect("a text");
    }

    /// Writes a workbook of the edition. Cells that read as numbers are numbers.
    pub fn write_workbook(&self, name: &str, sheets: &[Rows<'_>]) {
        write_sheets(&self.path(name), sheets);
    }

    /// Writes a register of projects (id, région, number, name, tiers-lieux,
    /// organismes) in Bretagne and Corse, without cards.
    pub fn write_register(&self, laureates: Vec<Vec<&str>>) {
        let titles = vec![
            "Identifiant",
            "Région",
            "Numéro",
            "Nom",
            "Tiers-lieux",
            "Organismes de formation",
        ];
        self.write_workbook(
            "laureats.xlsx",
            &[
                ("Lauréats", [vec![titles], laureates].concat()),
                ("Régions", regions()),
                (
                    "Fiches",
                    vec![vec![
                        "Région",
                        "Titre",
                        "Communes",
                        "Tiers-lieux",
                        "Organismes de formation",
                    ]],
                ),
            ],
        );
    }

    /// Runs `bilan produire` on the edition.
    pub fn produce(&self) -> assert_cmd::assert::Assert {
        bilan(self.folder.path()).args(["produire", "essai", "--quiet"]).assert()
    }

    /// The messages of a run that fails, with the exit code expected; nothing
    /// may have been written.
    pub fn messages(&self, code: i32) -> String {
        let assert = self.produce().code(code);
        assert!(!self.folder.path().join("output").exists(), "something was written");
        String::from_utf8(assert.get_output().stderr.clone()).expect("text").trim().to_string()
    }

    /// The output folder.
    pub fn output(&self) -> PathBuf {
        self.folder.path().join("output/essai")
    }
}

/// Writes a workbook: its sheets by name, and their rows. Cells that read as
/// numbers are numbers.
pub fn write_sheets<S: AsRef<str>>(path: &Path, sheets: &[(&str, Vec<Vec<S>>)]) {
    let mut workbook = Workbook::new();
    for (sheet_name, rows) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*sheet_name).expect("a name");
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().map(AsRef::as_ref).enumerate() {
                let (row, column) = (row as u32, column as u16);
                match cell.parse::<f64>() {
                    _ if cell.is_empty() => continue,
                    Ok(number) => sheet.write(row, column, number),
                    Err(_) => sheet.write(row, column, cell),
                }
                .expect("a cell");
            }
        }
    }
    workbook.save(path).expect("a workbook");
}

fn regions() -> Vec<Vec<&'static str>> {
    vec![
        vec![
            "Région",
            "Codes géographiques",
            "Dispositif porté par",
            "Projets annoncés",
            "Enveloppe (M€)",
            "Subvention minimale (€)",
            "Subvention maximale (€)",
        ],
        vec!["Bretagne", "53", "la Région", "2", "0.3", "100000", "200000"],
        vec!["Corse", "94", "l’État", "1", "0.1", "50000", "100000"],
    ]
}

/// The titles of the example questionnaire.
pub const ANSWER_TITLES: [&str; 5] = [
    "Date de réponse",
    "Identifiant du projet",
    "Courriel",
    "Quelles sont les thématiques du projet ?",
    "Combien d’apprenants par an ?",
];

/// The text of a PDF, all pages, white space made single.
pub fn text_of(path: &Path) -> String {
    let document = lopdf::Document::load(path).expect("a PDF");
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    let text = document.extract_text(&pages).expect("text");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The number of pages of a PDF.
pub fn pages_of(path: &Path) -> usize {
    lopdf::Document::load(path).expect("a PDF").get_pages().len()
}
