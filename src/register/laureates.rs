//! The sheet `Lauréats`: one row a funded project.

use std::collections::HashMap;

use super::RegionNames;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::matching;
use crate::spreadsheet::Sheet;
use crate::spreadsheet::table::{Cells, Row, Table};
use crate::typography::quoted;

const REQUIRED: [&str; 6] =
    ["Identifiant", "Région", "Numéro", "Nom", "Tiers-lieux", "Organismes de formation"];

/// A funded project, as its région's list prints it.
#[derive(Debug, Clone)]
pub struct Laureate {
    /// The identifier the edition gives it: `BRE-04`.
    pub id: String,
    /// The slug of its région.
    pub region: String,
    /// Its number in the région's list.
    pub number: Option<usize>,
    /// Its name; empty where the source prints none.
    pub name: String,
    /// The tiers-lieux of the consortium, in one text as printed.
    pub third_places: String,
    /// The training organisations of the consortium, in one text as printed.
    pub training_organisations: String,
    /// The commune where it stands, where the register gives it.
    pub commune: Option<String>,
    /// The grant, in euros, where the register gives it.
    pub grant: Option<f64>,
    /// The line of the source at which the entry stands.
    pub source_line: Option<usize>,
    /// What the transcriber noted.
    pub remark: Option<String>,
    /// What its row says, by the keys of the titles.
    pub texts: Vec<(String, String)>,
    /// The cells of its row, for messages.
    pub cells: Cells,
}

impl Laureate {
    /// The name, or the identifier where the source prints no name.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }

    /// What its row says in a column of the sheet; none where it is blank.
    pub fn text(&self, title: &str) -> Option<&str> {
        let wanted = matching::key(title);
        self.texts.iter().find(|(key, _)| *key == wanted).map(|(_, text)| text.as_str())
    }
}

pub(super) fn read(sheet: &Sheet, regions: &RegionNames, found: &mut Diagnostics) -> Vec<Laureate> {
    let Some(table) = Table::new(sheet, &REQUIRED, found) else { return Vec::new() };
    let laureates: Vec<Laureate> = table.rows().map(|row| laureate(&row, regions, found)).collect();
    found.extend(duplicates(&laureates));
    laureates
}

fn laureate(row: &Row<'_>, regions: &RegionNames, found: &mut Diagnostics) -> Laureate {
    let text = |title: &str| row.text(title).unwrap_or_default();
    Laureate {
        id: identifier(row, found),
        region: regions.resolve(row.text("Région"), row.place("Région"), found),
        number: row.count("Numéro", found),
        name: text("Nom"),
        third_places: text("Tiers-lieux"),
        training_organisations: text("Organismes de formation"),
        commune: row.text("Commune"),
        grant: row.number("Subvention (€)", found),
        source_line: row.count("Ligne source", found),
        remark: row.text("Remarque"),
        texts: row.texts(),
        cells: row.cells(),
    }
}

fn identifier(row: &Row<'_>, found: &mut Diagnostics) -> String {
    row.text("Identifiant").unwrap_or_else(|| {
        found.push(
            Diagnostic::error("identifiant-absent", "ce projet n’a pas d’identifiant")
                .at(row.place("Identifiant"))
                .help("donnez-lui un identifiant qu’aucun autre projet ne porte"),
        );
        String::new()
    })
}

/// One message for each identifier that two projects share.
fn duplicates(laureates: &[Laureate]) -> Vec<Diagnostic> {
    let mut first: HashMap<String, &Laureate> = HashMap::new();
    let mut found = Vec::new();
    for laureate in laureates.iter().filter(|laureate| !laureate.id.is_empty()) {
        match first.get(&matching::key(&laureate.id)) {
            Some(earlier) => found.push(duplicate(laureate, earlier)),
            None => {
                first.insert(matching::key(&laureate.id), laureate);
            }
        }
    }
    found
}

fn duplicate(laureate: &Laureate, earlier: &Laureate) -> Diagnostic {
    let message = format!(
        "deux projets portent l’identifiant {} : {} et {}",
        quoted(&laureate.id),
        quoted(earlier.title()),
        quoted(laureate.title())
    );
    Diagnostic::error("identifiant-en-double", message)
        .at(laureate.cells.place("Nom"))
        .at(earlier.cells.place("Nom"))
        .help("donnez à l’un des deux un autre identifiant")
}
