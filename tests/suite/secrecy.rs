//! What the files of `output/` tell of the answers that an edition hides: nothing.
//!
//! Two editions that differ only in what the published pattern leaves open (small
//! régions have exchanged their answers) give the same files, to the byte. Whatever
//! a file could give away, in a cell, a cached formula, the length of a bar, a
//! digest or the order of rows, would make them differ.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bilan::codebook::Codebook;
use bilan::diagnostics::Diagnostics;
use bilan::register::Register;
use bilan::spreadsheet::{Position, Workbook};
use bilan::survey::Survey;
use bilan::tabulation::{Grouping, count_answers};
use serde_json::Value;

use crate::support::{bilan, project, text_of, write_sheets};

/// The column of the project's identifier, in both years.
const PROJECT: usize = 4;
const PROFILE: usize = 14;
/// The columns of answers.
const ANSWERS: std::ops::Range<usize> = 8..22;

/// Two projects, of small régions, and the columns where each has the answers of
/// the other. All were asked the same questions and answered the same ones, so that
/// bases stay, and the pattern of hidden cells with them.
type Exchange = (&'static str, &'static str, fn(usize) -> bool);

/// Those of 2025: the régions have 3, 2 and 1 respondents.
const EXCHANGES: [Exchange; 2] =
    [("GUA-01", "MAY-01", |_| true), ("COR-01", "GUA-03", |column| column != PROFILE)];

/// Those of 2024, where the régions have 3 and 2.
const EARLIER: [Exchange; 1] =
    [("GUA-03", "COR-01", |column| [8, 9, 10, 11, 12, 13, 15, 16, 17].contains(&column))];

/// The shipped editions of both years, in a folder of their own.
struct Twin {
    folder: tempfile::TempDir,
}

impl Twin {
    /// With more settings, more indicators, and answers that have been exchanged.
    fn new(settings: &str, indicators: &str, exchanges: &[Exchange], earlier: &[Exchange]) -> Self {
        let twin = Self { folder: tempfile::tempdir().expect("a folder") };
        for (year, exchanges) in [("2024", earlier), ("2025", exchanges)] {
            copy(&project().join("inputs").join(year), &twin.inputs(year));
            twin.exchange(year, exchanges);
        }
        twin.append("edition.toml", settings);
        twin.append("indicateurs.toml", indicators);
        twin
    }

    fn inputs(&self, year: &str) -> PathBuf {
        self.folder.path().join("inputs").join(year)
    }

    fn append(&self, name: &str, more: &str) {
        let path = self.inputs("2025").join(name);
        let text = std::fs::read_to_string(&path).expect("a text");
        // A section at the end belongs to no other.
        std::fs::write(path, format!("{text}\n{more}\n")).expect("a text");
    }

    fn exchange(&self, year: &str, exchanges: &[Exchange]) {
        let path = self.inputs(year).join("questionnaire.xlsx");
        let sheet = Workbook::open(&path).unwrap().read("Réponses").unwrap();
        let cell = |row, column| {
            let value = sheet.value(Position::new(row, column));
            value.map(|value| value.as_text().into_owned()).unwrap_or_default()
        };
        let columns = sheet.columns().iter().map(|column| column.index() + 1).max().unwrap();
        let last = sheet.last_row().unwrap();
        let mut rows: Vec<Vec<String>> =
            (0..=last).map(|row| (0..columns).map(|column| cell(row, column)).collect()).collect();
        for (one, other, moves) in exchanges {
            let rank = |id: &str| rows.iter().position(|row| row[PROJECT] == *id).expect("a row");
            let (one, other) = (rank(one), rank(other));
            let width = rows[0].len();
            for column in ANSWERS.filter(|column| *column < width && moves(*column)) {
                let kept = std::mem::take(&mut rows[one][column]);
                rows[one][column] = std::mem::replace(&mut rows[other][column], kept);
            }
        }
        write_sheets(&path, &[("Réponses", rows)]);
    }

    /// Makes everything, or only what is named, and returns each file.
    fn produce(&self, only: &[&str]) -> Files {
        let mut command = bilan(self.folder.path());
        command.args(["produire", "inputs/2025", "--quiet"]);
        for part in only {
            command.args(["--seulement", part]);
        }
        command.assert().success();
        let output = self.output();
        let mut files = Files::new();
        let mut folders = vec![output.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&output).unwrap().display().to_string();
                    files.insert(name, std::fs::read(path).unwrap());
                }
            }
        }
        files
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("output/2025")
    }

    /// The counts of each question, option and région.
    fn counts(&self) -> BTreeMap<(String, String), usize> {
        let mut found = Diagnostics::new();
        let folder = self.inputs("2025");
        let register = Register::read(&folder.join("laureats.xlsx"), &mut found);
        let codebook = Codebook::read(&folder.join("dictionnaire.toml"), &mut found).unwrap();
        let path = folder.join("questionnaire.xlsx");
        let survey = Survey::open(&path, codebook, Some(&register), &mut found).unwrap();
        let mut counts = BTreeMap::new();
        for (rank, question) in survey.codebook.questions.iter().enumerate() {
            for group in count_answers(&survey, rank, Grouping::Region).unwrap().groups {
                for (option, count) in question.options.iter().zip(&group.options) {
                    let region = group.key.clone().unwrap_or_default();
                    counts.insert((format!("{}.{}", question.id, option.id), region), count.count);
                }
            }
        }
        counts
    }
}

/// What a run wrote, by name.
type Files = BTreeMap<String, Vec<u8>>;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The digests of the questionnaires, which the manifest has because it is no file
/// for readers, are taken out; nothing else is.
fn without_digests(files: &mut Files) {
    let text = String::from_utf8(files["manifeste.json"].clone()).unwrap();
    let mut manifest: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(manifest["usage"], "document de travail : ne le diffusez pas");
    let inputs = manifest["entrees"].as_array_mut().unwrap();
    let answers: Vec<&mut Value> = inputs
        .iter_mut()
        .filter(|input| input["fichier"].as_str().unwrap().ends_with("questionnaire.xlsx"))
        .collect();
    assert!((1..=2).contains(&answers.len()), "{answers:?}");
    answers.into_iter().for_each(|input| input["sha256"] = Value::Null);
    files.insert("manifeste.json".to_string(), manifest.to_string().into_bytes());
}

fn differing(one: &Files, other: &Files) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    names.into_iter().filter(|name| one.get(*name) != other.get(*name)).cloned().collect()
}

/// Makes two editions that differ in exchanged answers; returns the files of the
/// first, after the check that hidden counts differ and no shown one does.
fn same_files(settings: &str, indicators: &str, only: &[&str], exchanges: &[Exchange]) -> Files {
    let earlier = if only.is_empty() { &EARLIER[..] } else { &[] };
    let one = Twin::new(settings, indicators, &[], &[]);
    let other = Twin::new(settings, indicators, exchanges, earlier);
    let (mut files, mut again) = std::thread::scope(|scope| {
        let again = scope.spawn(|| other.produce(only));
        (one.produce(only), again.join().unwrap())
    });
    without_digests(&mut files);
    without_digests(&mut again);
    let document: Value = serde_json::from_slice(&files["indicateurs.json"]).unwrap();
    let (before, after) = (one.counts(), other.counts());
    let mut moved = 0;
    for ((id, region), count) in before.iter().filter(|(key, count)| after[*key] != **count) {
        let figure = document["indicateurs"].as_array().unwrap().iter().find(|f| f["id"] == **id);
        let cell = &figure.expect("an indicator")["regions"][region];
        assert_eq!(cell["diffusable"], false, "{id} {region} {count}: {cell}");
        moved += 1;
    }
    assert!(moved >= 20, "only {moved} hidden counts differ");
    assert_eq!(differing(&files, &again), [""; 0], "files that tell hidden answers");
    files
}

/// What the shipped edition does not have: answers to publish, measures of every
/// kind, bases of their own, calculations on what is hidden.
const INDICATORS: &str = r#"
[essai.total]
question = "apprenants"
mesure = "total"
[essai.mediane]
question = "apprenants"
mesure = "mediane"
[essai.minimum]
question = "apprenants"
mesure = "minimum"
[essai.maximum]
question = "apprenants"
mesure = "maximum"
[structures.total]
question = "membres"
mesure = "total"
[essai.ratio]
mesure = "ratio"
numerateur = "apprenants"
denominateur = "membres"
[essai.quantile]
question = "apprenants"
mesure = "quantile"
ordre = 0.8
[essai.rapport]
calcul = "essai.total / structures.total"
[essai.sans-regions]
calcul = "themes.insertion * regions"
[essai.encore]
calcul = "essai.sans-regions + essai.total"
[themes-qpv]
question = "themes"
base = "qpv = oui"
[profils-tous]
question = "profils"
base = "tous"
"#;

#[test]
fn no_file_depends_on_hidden_answers() {
    let settings =
        "[donnees]\nreponses = [\"themes\", \"qpv\", \"zrr\", \"ages\", \"apprenants\"]\n";
    let files = same_files(settings, INDICATORS, &[], &EXCHANGES);
    for name in ["bilan.pdf", "fiches/corse.pdf", "tableaux.xlsx", "donnees/reponses.csv"] {
        assert!(files.contains_key(name), "no {name}");
    }
    assert!(files.contains_key("donnees/comparaison.csv") && files.contains_key("controle.pdf"));
    assert!(files.keys().any(|name| name.ends_with(".svg")), "no chart");
}

/// The files that need no compiler.
const DATA: &[&str] = &["indicateurs", "tableaux", "donnees", "graphiques", "controle"];

/// Numbers that weights make differ in what is known of them stay where they are.
fn options_only(exchanges: [Exchange; 2]) -> [Exchange; 2] {
    let [(a, b, _), (c, d, _)] = exchanges;
    [(a, b, |column| column > 9), (c, d, |column| column > 9 && column != PROFILE)]
}

#[test]
fn no_file_depends_on_hidden_answers_under_weights() {
    let settings = "[estimation]\nponderation = \"region\"\nintervalle = \"wilson\"\n";
    same_files(settings, INDICATORS, DATA, &options_only(EXCHANGES));
}

#[test]
fn no_file_depends_on_hidden_answers_where_small_counts_are_hidden() {
    let settings = "[diffusion]\neffectif_minimal = 3\n[estimation]\nintervalle = \"logit\"\n\
                    [affichage]\nforme_petite_base = \"effectif\"\n";
    same_files(settings, INDICATORS, DATA, &EXCHANGES);
}

/// With every threshold at 0 the same exchange shows everywhere, and nothing is
/// hidden: this is also what the tests above would find.
#[test]
fn without_thresholds_nothing_is_hidden_in_any_file() {
    let settings = "[diffusion]\nbase_minimale = 0\neffectif_minimal = 0\ndominance = 0\n\
                    contributeurs = 0\nprotection = 0\n";
    let (one, other) = (
        Twin::new(settings, INDICATORS, &[], &[]),
        Twin::new(settings, INDICATORS, &EXCHANGES, &EARLIER),
    );
    // The year before has its own thresholds.
    for twin in [&one, &other] {
        let path = twin.inputs("2024").join("edition.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, format!("{text}\n{settings}")).unwrap();
    }
    let (files, again) = std::thread::scope(|scope| {
        let again = scope.spawn(|| other.produce(&[]));
        (one.produce(&[]), again.join().unwrap())
    });
    let differ = differing(&files, &again);
    for name in ["indicateurs.json", "tableaux.xlsx", "donnees/comparaison.csv", "fiches/corse.pdf"]
    {
        assert!(differ.iter().any(|other| other == name), "{name} in {differ:?}");
    }
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    assert!(!text("indicateurs.json").contains("\"diffusable\": false"));
    for (name, rows) in [("indicateurs", "masque=true"), ("comparaison", "diffusable=false")] {
        assert_eq!(hidden_rows(&text(&format!("donnees/{name}.csv")), rows), 0, "{name}");
    }
    let words = ["non diffusé", "non diffusable", "masqué"];
    let drawn = files.keys().filter(|name| name.starts_with("graphiques/"));
    for name in drawn.filter(|name| !name.ends_with(".png")) {
        assert!(!words.iter().any(|word| text(name).contains(word)), "{name}");
    }
    for name in files.keys().filter(|name| name.starts_with("fiches/")) {
        let text = text_of(&one.output().join(name));
        assert!(!words[..2].iter().any(|word| text.contains(word)), "{name}");
    }
    assert_eq!(marks(&one.output().join("tableaux.xlsx")), 0);
}

/// How many rows of a file have a value in a column: `masque=true`.
fn hidden_rows(csv: &str, wanted: &str) -> usize {
    let (column, value) = wanted.split_once('=').unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rank = reader.headers().unwrap().iter().position(|title| title == column);
    let rank = rank.unwrap_or_else(|| panic!("no column « {column} » in {csv:.200}"));
    reader.records().filter(|record| &record.as_ref().unwrap()[rank] == value).count()
}

/// How many cells of the tables have the mark of what is hidden.
fn marks(workbook: &Path) -> usize {
    let mut workbook = Workbook::open(workbook).unwrap();
    let names: Vec<String> = workbook.sheets().into_iter().map(|sheet| sheet.name).collect();
    let of = |name: &String| {
        let sheet = workbook.read(name).unwrap();
        let cells = sheet.columns().iter().flat_map(|column| column.cells());
        cells.filter(|(_, value)| value.as_text() == "s").count()
    };
    names.iter().map(of).sum()
}

#[test]
fn hidden_cells_have_the_mark_that_the_test_looks_for() {
    let twin = Twin::new("", "", &[], &[]);
    let files = twin.produce(DATA);
    assert!(marks(&twin.output().join("tableaux.xlsx")) > 100);
    let text = String::from_utf8(files["donnees/indicateurs.csv"].clone()).unwrap();
    assert!(hidden_rows(&text, "masque=true") > 100);
    let drawn = files.iter().filter(|(name, _)| name.ends_with(".txt"));
    let told = drawn.filter(|(_, text)| String::from_utf8_lossy(text).contains("non diffusé"));
    assert!(told.count() > 0, "no chart says that a value is hidden");
}
