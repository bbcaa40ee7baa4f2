//! What `bilan` takes, against what an analyst would use instead.
//!
//! `cargo bench --bench mesures` measures everything on this machine and writes
//! the table of README.md and the curves of docs/croissance.svg anew. Names of
//! sections measure those alone and print (`-- lecture fiches`); `essai` takes
//! small sizes, to see that all runs. Peers that are not installed are skipped
//! with a word: benches/README.md says how to install them.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod checks;
mod curve;
mod documents;
mod growth;
mod process;
mod program;
mod reading;
mod record;
mod table;
mod workbook;

use table::Table;

/// Measures one section.
type Measure = fn(Scale) -> Table;

/// What is measured, by the name that asks for it.
const SECTIONS: [(&str, Measure); 5] = [
    ("lecture", reading::measure),
    ("documents", documents::measure),
    ("fiches", documents::measure_sheets),
    ("croissance", growth::measure),
    ("programme", program::measure),
];

/// Whether sizes are those of the table, or small ones to try.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    Whole,
    Small,
}

fn main() {
    if record::acts_as_compiler() || reading::acts_as_floor() {
        return;
    }
    let words: Vec<String> = std::env::args().skip(1).filter(|w| !w.starts_with("--")).collect();
    let asked = |name: &str| words.iter().any(|word| word == name);
    let scale = if asked("essai") { Scale::Small } else { Scale::Whole };
    let all = !SECTIONS.iter().any(|(name, _)| asked(name));
    let mut whole = Table::default();
    for (name, measure) in SECTIONS.iter().filter(|(name, _)| all || asked(name)) {
        let table = measure(scale);
        println!("{name}\n{}", table.markdown());
        whole.extend(table);
    }
    if all && scale == Scale::Whole {
        whole.write_into_readme();
    }
}
