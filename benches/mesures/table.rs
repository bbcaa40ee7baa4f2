//! The table of results, and its place in README.md.

use std::path::Path;

const START: &str = "<!-- mesures : début -->";
const END: &str = "<!-- mesures : fin -->";

/// A measure beside what it is held against.
#[derive(Debug)]
pub struct Row {
    pub what: String,
    /// What `bilan` takes.
    pub own: String,
    /// What the other takes, or why it was not measured.
    pub other: String,
    /// The ratio or the exponent, with its unit.
    pub result: String,
    /// What it should be, and whether it is.
    pub target: String,
}

/// Rows, in order.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
}

impl Table {
    pub fn push(&mut self, row: Row) {
        println!("  {} · {} · {} · {}", row.what, row.own, row.other, row.result);
        self.rows.push(row);
    }

    pub fn extend(&mut self, other: Table) {
        self.rows.extend(other.rows);
    }

    pub fn markdown(&self) -> String {
        let line = |row: &Row| {
            format!(
                "| {} | {} | {} | {} | {} |\n",
                row.what, row.own, row.other, row.result, row.target
            )
        };
        let head = "| what | `bilan` | against | result | target |\n|---|---|---|---|---|\n";
        self.rows.iter().map(line).fold(head.to_string(), |all, line| all + &line)
    }

    /// Writes the table between its marks in README.md.
    pub fn write_into_readme(&self) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        let text = std::fs::read_to_string(&file).expect("README.md");
        let (before, rest) = text.split_once(START).expect("the first mark in README.md");
        let (_, after) = rest.split_once(END).expect("the last mark in README.md");
        let table = format!("{START}\n\n{}\n{}\n{END}", machine(), self.markdown());
        std::fs::write(&file, format!("{before}{table}{after}")).expect("README.md");
    }
}

/// « Measured on 2 cores (name of the processor), bilan 0.1.0. »
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = told.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map(|(_, name)| format!(" ({name})")).unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    format!("Measured in one run on {cores} cores{model}, version {version}.\n")
}

/// Whether a result keeps a bound: `≤ 1.25, met` or `≤ 1.25, not met`.
pub fn at_most(result: f64, bound: f64) -> String {
    format!("≤ {bound}: {}", if result <= bound { "met" } else { "**not met**" })
}

/// As [`at_most`], for a result that should be large.
pub fn at_least(result: f64, bound: f64) -> String {
    format!("≥ {bound}: {}", if result >= bound { "met" } else { "**not met**" })
}
