//! The figures printed elsewhere, as `chiffres-publies.xlsx` transcribes
//! them: one row a figure, with its wording and the line it stands at.
//!
//! Where a source contradicts itself, both values have a row. Where a chart's
//! labels and values came apart, the attribution is marked uncertain.

use std::path::Path;

use crate::diagnostics::{Diagnostics, Place};
use crate::matching;
use crate::spreadsheet::Workbook;
use crate::spreadsheet::table::{Cells, Row, Table};

/// The sheet of the published figures.
pub const SHEET: &str = "Chiffres";

const REQUIRED: [&str; 5] = ["Indicateur", "Valeur", "Unité", "Valeur imprimée", "Formulation"];

/// What a row may hold in place of a figure, by its indicator: a name as printed,
/// of a structure, a département, a town on the map of a région, or of who runs
/// the call.
pub const NAMES: [&str; 4] = ["structure", "departement", "commune", "porteur"];

/// A figure as printed.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedFigure {
    /// The identifier of the indicator it is a value of; none where the source
    /// prints a value that belongs to no label.
    pub indicator: Option<String>,
    /// The région it speaks of, as named; none for a national figure.
    pub region: Option<String>,
    /// The card it speaks of, by its title.
    pub card: Option<String>,
    /// The label it stands beside.
    pub label: Option<String>,
    /// None where the source gives a word (« tous ») for a number.
    pub value: Option<f64>,
    pub unit: String,
    /// As printed: `6,7 %`.
    pub printed: String,
    /// The word that makes it approximate: « près de ».
    pub approximation: Option<String>,
    /// The heading it stands under.
    pub section: Option<String>,
    /// The chart it belongs to.
    pub chart: Option<String>,
    /// The sentence or the line it stands in.
    pub wording: String,
    pub source_line: Option<usize>,
    /// Whether the value certainly belongs to the label.
    pub certain: bool,
    pub remark: Option<String>,
    /// The cell of the value, for messages.
    pub place: Place,
    /// The cells of its row, for messages.
    pub cells: Cells,
}

impl PublishedFigure {
    /// Whether it speaks of the whole programme.
    pub fn is_national(&self) -> bool {
        self.region.is_none() && self.card.is_none()
    }

    /// How many decimals the figure is printed with.
    pub fn decimals(&self) -> usize {
        let fraction = self.printed.split_once(',').map_or("", |(_, fraction)| fraction);
        fraction.chars().take_while(char::is_ascii_digit).count()
    }
}

/// Reads the published figures; an absent file holds none.
pub fn read(path: &Path, found: &mut Diagnostics) -> Vec<PublishedFigure> {
    if !path.exists() {
        return Vec::new();
    }
    let sheet =
        found.take(Workbook::open(path)).and_then(|mut workbook| found.take(workbook.read(SHEET)));
    let Some(sheet) = sheet else { return Vec::new() };
    let Some(table) = Table::new(&sheet, &REQUIRED, found) else { return Vec::new() };
    table.rows().map(|row| figure(&row, found)).collect()
}

fn figure(row: &Row<'_>, found: &mut Diagnostics) -> PublishedFigure {
    let text = |title: &str| row.text(title).unwrap_or_default();
    let word = row.text("Valeur").is_some_and(|value| matching::key(&value) == "tous");
    PublishedFigure {
        indicator: row.text("Indicateur"),
        region: row.text("Région"),
        card: row.text("Fiche"),
        label: row.text("Libellé"),
        value: if word { None } else { row.number("Valeur", found) },
        unit: text("Unité"),
        printed: text("Valeur imprimée"),
        approximation: row.text("Approximation"),
        section: row.text("Rubrique"),
        chart: row.text("Graphique"),
        wording: text("Formulation"),
        source_line: row.count("Ligne source", found),
        certain: matching::key(&text("Attribution")) != "incertaine",
        remark: row.text("Remarque"),
        place: row.place("Valeur"),
        cells: row.cells(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_precision_is_known() {
        let printed = |printed: &str| PublishedFigure {
            indicator: None,
            region: None,
            card: None,
            label: None,
            value: None,
            unit: String::new(),
            printed: printed.to_string(),
            approximation: None,
            section: None,
            chart: None,
            wording: String::new(),
            source_line: None,
            certain: true,
            remark: None,
            place: Place::default(),
            cells: Cells::default(),
        };
        assert_eq!(printed("6,7 %").decimals(), 1);
        assert_eq!(printed("60 000").decimals(), 0);
        assert_eq!(printed("4,50 M€").decimals(), 2);
    }
}
