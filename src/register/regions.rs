//! The sheet `Régions`: one row a région's facts box.

use std::collections::HashSet;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::matching;
use crate::spreadsheet::Sheet;
use crate::spreadsheet::table::{Cells, Row, Table};
use crate::typography::quoted;

const REQUIRED: [&str; 6] = [
    "Région",
    "Dispositif porté par",
    "Projets annoncés",
    "Enveloppe (M€)",
    "Subvention minimale (€)",
    "Subvention maximale (€)",
];

/// Who runs the call for projects of a région.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Carrier {
    /// The regional council.
    Region,
    /// The State's services (DREETS, DEETS).
    State,
    /// Neither is named.
    Unknown,
}

impl Carrier {
    /// Reads who comes first in a text such as « la Région, en partenariat
    /// avec la DREETS ».
    fn from_text(text: &str) -> Self {
        let text = matching::loose_key(text);
        let position = |words: &[&str]| words.iter().filter_map(|word| text.find(word)).min();
        match (position(&["region"]), position(&["etat", "dreets", "deets", "prefet"])) {
            (Some(region), Some(state)) if region < state => Self::Region,
            (Some(_), None) => Self::Region,
            (_, Some(_)) => Self::State,
            (None, None) => Self::Unknown,
        }
    }

    /// The word for maps and tables.
    pub fn label(self) -> &'static str {
        match self {
            Self::Region => "Région",
            Self::State => "État",
            Self::Unknown => "Non précisé",
        }
    }
}

/// How many projects stand in settlements of each size, as far as printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settlement {
    pub rural: Option<usize>,
    pub small_town: Option<usize>,
    pub medium_town: Option<usize>,
    /// Small and medium towns, where the source counts them together.
    pub small_or_medium_town: Option<usize>,
    pub city: Option<usize>,
}

impl Settlement {
    /// The classes that are printed, with their French labels.
    pub fn classes(&self) -> Vec<(&'static str, usize)> {
        [
            ("ruralité", self.rural),
            ("petite ville", self.small_town),
            ("ville moyenne", self.medium_town),
            ("petite ou moyenne ville", self.small_or_medium_town),
            ("grande ville ou métropole", self.city),
        ]
        .into_iter()
        .filter_map(|(label, count)| Some((label, count?)))
        .collect()
    }
}

/// A région's facts box.
#[derive(Debug, Clone)]
pub struct Region {
    /// The name the edition uses: `Grand Est`.
    pub name: String,
    /// The identifier made from the name: `grand-est`.
    pub slug: String,
    /// The official codes of the territories it covers.
    pub codes: Vec<String>,
    /// The name as the source prints it: `Grand-Est`.
    pub printed_name: String,
    /// Who runs the call, as printed.
    pub carrier_text: String,
    pub carrier: Carrier,
    /// The announced number of projects, as printed.
    pub announced_text: String,
    pub announced: Option<usize>,
    /// How many of the announced ones are laureates of the programme, where
    /// the source tells them apart.
    pub announced_of_which: Option<usize>,
    /// In millions of euros.
    pub envelope: Option<f64>,
    /// The smallest and the largest grant to a project, in euros.
    pub grant_min: Option<f64>,
    pub grant_max: Option<f64>,
    /// How many départements are said to be covered.
    pub departments: Option<usize>,
    pub settlement: Settlement,
    /// The lines of the source at which the box stands.
    pub source_lines: Option<String>,
    /// What the transcriber noted.
    pub remark: Option<String>,
    /// The cells of its row, for messages.
    pub cells: Cells,
}

pub(super) fn read(sheet: &Sheet, found: &mut Diagnostics) -> Vec<Region> {
    let Some(table) = Table::new(sheet, &REQUIRED, found) else { return Vec::new() };
    let regions: Vec<Region> = table.rows().map(|row| region(&row, found)).collect();
    found.extend(duplicates(&regions));
    regions
}

fn region(row: &Row<'_>, found: &mut Diagnostics) -> Region {
    let text = |title: &str| row.text(title).unwrap_or_default();
    let name = name(row, found);
    let carrier_text = text("Dispositif porté par");
    Region {
        slug: matching::slug(&name),
        codes: codes(&text("Codes géographiques")),
        printed_name: row.text("Intitulé imprimé").unwrap_or_else(|| name.clone()),
        carrier: Carrier::from_text(&carrier_text),
        carrier_text,
        announced_text: text("Projets (libellé)"),
        announced: row.count("Projets annoncés", found),
        announced_of_which: row.count("Dont lauréats DEFFINOV", found),
        envelope: row.number("Enveloppe (M€)", found),
        grant_min: row.number("Subvention minimale (€)", found),
        grant_max: row.number("Subvention maximale (€)", found),
        departments: row.count("Départements couverts", found),
        settlement: settlement(row, found),
        source_lines: row.text("Lignes source"),
        remark: row.text("Remarque"),
        cells: row.cells(),
        name,
    }
}

fn settlement(row: &Row<'_>, found: &mut Diagnostics) -> Settlement {
    Settlement {
        rural: row.count("Projets en ruralité", found),
        small_town: row.count("Projets en petite ville", found),
        medium_town: row.count("Projets en ville moyenne", found),
        small_or_medium_town: row.count("Projets en petite/moyenne ville", found),
        city: row.count("Projets en grande ville/métropole", found),
    }
}

fn name(row: &Row<'_>, found: &mut Diagnostics) -> String {
    row.text("Région").unwrap_or_else(|| {
        found.push(
            Diagnostic::error("region-absente", "cette ligne n’a pas de nom de région")
                .at(row.place("Région"))
                .help("écrivez le nom de la région, ou videz la ligne"),
        );
        String::new()
    })
}

fn codes(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|code| !code.is_empty()).map(str::to_string).collect()
}

fn duplicates(regions: &[Region]) -> Vec<Diagnostic> {
    let mut seen = HashSet::new();
    regions
        .iter()
        .filter(|region| !region.slug.is_empty() && !seen.insert(&region.slug))
        .map(|region| {
            let message = format!("la région {} a deux lignes", quoted(&region.name));
            Diagnostic::error("region-en-double", message)
                .at(region.cells.place("Région"))
                .help("ne gardez qu’une ligne par région")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_named_runs_the_call() {
        assert_eq!(Carrier::from_text("l’État (DREETS et DDETSPP)"), Carrier::State);
        assert_eq!(Carrier::from_text("la Région"), Carrier::Region);
        assert_eq!(
            Carrier::from_text("la Région, en partenariat avec la DREETS Occitanie"),
            Carrier::Region
        );
        assert_eq!(Carrier::from_text(""), Carrier::Unknown);
    }
}
