//! Reading and tabulating: against a bare walk of the same cells, and against
//! what an analyst would use instead.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use calamine::{DataRef, Reader, Xlsx};

use crate::Scale;
use crate::documents::skipped;
use crate::process::{Cost, bilan, in_turn, run};
use crate::table::{Row, Table, at_least, at_most};
use crate::workbook::{self, QUESTION, Size};

/// How much longer than the bare walk a table may take.
const MOST: f64 = 1.25;

/// The most memory for the large workbook, in MB.
const MOST_MEMORY: f64 = 300.0;

/// How much faster than peers it should be.
const LEAST: f64 = 10.0;

/// The scripts of the peers, what they are called, and whether they are held
/// to the target.
const PEERS: [(&str, &str, bool); 3] = [
    ("pandas_openpyxl.py", "pandas + openpyxl", true),
    ("polars_fastexcel.py", "polars + fastexcel", false),
    ("readxl_survey.R", "R, readxl + survey", true),
];

/// The word that makes this program walk a workbook.
const WALK: &str = "marche";

/// Whether this process was started to walk a workbook; it has then done so.
pub fn acts_as_floor() -> bool {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [word, file] = arguments.as_slice() else { return false };
    if word == WALK {
        println!("{}", walk(Path::new(file)));
    }
    word == WALK
}

/// How many cells hold something.
fn walk(file: &Path) -> usize {
    let mut book: Xlsx<_> = calamine::open_workbook(file).expect("a workbook");
    let name = book.sheet_names().first().expect("a sheet").clone();
    let mut cells = book.worksheet_cells_reader(&name).expect("cells");
    let mut filled = 0;
    while let Some(cell) = cells.next_cell().expect("a cell") {
        filled += usize::from(*cell.get_value() != DataRef::Empty);
    }
    filled
}

pub fn measure(scale: Scale) -> Table {
    let sizes = match scale {
        Scale::Whole => [(200_000, 60), (5_000, 300)],
        Scale::Small => [(2_000, 60), (500, 300)],
    };
    let mut table = Table::default();
    for (rows, columns) in sizes {
        measure_size(Size { rows, columns }, &mut table);
    }
    table
}

fn measure_size(size: Size, table: &mut Table) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("questionnaire.xlsx");
    workbook::write(&file, size);
    let what = format!("a table from {} × {} of xlsx", thousands(size.rows), size.columns);
    let (own, floor) = in_turn(5, || tabulate(&file), || run(&mut floor(&file)));
    let ratio = own.seconds() / floor.seconds();
    let memory = own.memory as f64 / 1024.0;
    table.push(Row {
        what: what.clone(),
        own: own.words(),
        other: format!("calamine, the cells walked and nothing else: {}", floor.words()),
        result: format!("{ratio:.2} ×"),
        target: format!("{}; 300 MB: {}", at_most(ratio, MOST), met(memory <= MOST_MEMORY)),
    });
    for (script, name, held) in PEERS {
        table.push(against(what.clone(), own, &file, (script, name, held)));
    }
}

fn met(is: bool) -> &'static str {
    if is { "met" } else { "**not met**" }
}

fn against(what: String, own: Cost, file: &Path, peer_of: (&str, &str, bool)) -> Row {
    let (script, name, held) = peer_of;
    let Some(mut command) = peer(script, &[file.to_path_buf()]) else {
        return skipped(what, name);
    };
    let other = run(command.arg(QUESTION));
    let ratio = other.seconds() / own.seconds();
    Row {
        what,
        own: own.words(),
        other: format!("{name}: {}", other.words()),
        result: format!("{ratio:.1} × faster"),
        target: if held { at_least(ratio, LEAST) } else { String::new() },
    }
}

/// A table of a bare file, with its drafted codebook.
pub fn tabulate(file: &Path) -> Cost {
    run(bilan().arg("tableau").arg(file).args([QUESTION, "-q"]))
}

fn floor(file: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.arg(WALK).arg(file);
    command
}

/// « 200,000 »
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(as_text).collect();
    groups.join(",")
}

fn as_text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("digits")
}

/// A script of a peer, ready to run; none where what it needs is missing,
/// which it says by refusing to load it.
pub fn peer(script: &str, arguments: &[PathBuf]) -> Option<Command> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    let path = folder.join("peers").join(script);
    let program = match script.ends_with(".R") {
        true => PathBuf::from("Rscript"),
        false => python(&folder),
    };
    let mut check = Command::new(&program);
    check.arg(&path).arg("--installe").stdout(Stdio::null()).stderr(Stdio::null());
    if !check.status().is_ok_and(|status| status.success()) {
        return None;
    }
    let mut command = Command::new(program);
    command.arg(path).args(arguments);
    Some(command)
}

/// The Python of the folder that benches/README.md tells to make, else that of
/// the machine.
fn python(folder: &Path) -> PathBuf {
    let own = folder.join(".venv/bin/python");
    if own.is_file() { own } else { PathBuf::from("python3") }
}
