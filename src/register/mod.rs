//! The register: who the laureates are, and what each région announces.
//!
//! Three sheets of `laureats.xlsx`, as printed in the source: `Lauréats` (one
//! row a project), `Régions` (one row a région's facts box) and `Fiches` (one
//! row a highlighted project). The register does not know the questionnaire;
//! nothing in it is corrected on reading.

mod cards;
mod laureates;
pub mod members;
mod regions;

use std::collections::HashMap;
use std::path::Path;

pub use cards::Card;
pub use laureates::Laureate;
pub use regions::{Carrier, Region, Settlement};

use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::matching;
use crate::spreadsheet::{Sheet, Workbook};
use crate::typography::quoted;

/// The names of the register's sheets.
pub const SHEETS: [&str; 3] = ["Lauréats", "Régions", "Fiches"];

/// The register of an edition.
#[derive(Debug, Clone, Default)]
pub struct Register {
    /// In the order of the sheet, which is the order of the brochure.
    pub regions: Vec<Region>,
    pub laureates: Vec<Laureate>,
    pub cards: Vec<Card>,
}

impl Register {
    /// Reads the register's workbook.
    ///
    /// Pushes every fault of the three sheets; the register is whole only when
    /// no error was pushed.
    pub fn read(path: &Path, found: &mut Diagnostics) -> Self {
        let Some(mut workbook) = found.take(Workbook::open(path)) else {
            return Self::default();
        };
        let [laureates, regions, cards] = SHEETS.map(|name| found.take(workbook.read(name)));
        let regions = read_sheet(regions, found, regions::read);
        let known = RegionNames::new(&regions);
        let laureates = read_sheet(laureates, found, |s, d| laureates::read(s, &known, d));
        let cards = read_sheet(cards, found, |s, d| cards::read(s, &known, d));
        Self { regions, laureates, cards }
    }

    /// The région of a slug.
    pub fn region(&self, slug: &str) -> Option<&Region> {
        self.regions.iter().find(|region| region.slug == slug)
    }

    /// The slug of the région that a person names by its name or its slug.
    ///
    /// # Errors
    ///
    /// `region-inconnue`, with the nearest name.
    pub fn named_region(&self, name: &str, place: Place) -> Result<String, Diagnostic> {
        let slug = matching::slug(name);
        if self.region(&slug).is_some() {
            return Ok(slug);
        }
        let known: Vec<String> = self.regions.iter().map(|region| region.name.clone()).collect();
        Err(unknown_region(name, &known, place))
    }

    /// The laureates of a région, in the order of the list.
    pub fn laureates_of(&self, slug: &str) -> impl Iterator<Item = &Laureate> {
        self.laureates.iter().filter(move |laureate| laureate.region == slug)
    }

    /// The cards of a région, in the order of the chapter.
    pub fn cards_of(&self, slug: &str) -> impl Iterator<Item = &Card> {
        self.cards.iter().filter(move |card| card.region == slug)
    }

    /// The laureates by the key of their identifiers, for who asks for many;
    /// of two with one identifier, the first.
    pub fn laureates_by_id(&self) -> HashMap<String, &Laureate> {
        let keyed = self.laureates.iter().rev();
        keyed.map(|laureate| (matching::key(&laureate.id), laureate)).collect()
    }

    /// The laureate of an identifier; identifiers are compared as labels are.
    pub fn laureate(&self, id: &str) -> Option<&Laureate> {
        let wanted = matching::key(id);
        self.laureates.iter().find(|laureate| matching::key(&laureate.id) == wanted)
    }
}

fn read_sheet<T>(
    sheet: Option<Sheet>,
    found: &mut Diagnostics,
    read: impl FnOnce(&Sheet, &mut Diagnostics) -> Vec<T>,
) -> Vec<T> {
    sheet.map(|sheet| read(&sheet, found)).unwrap_or_default()
}

/// The names under which the other sheets may speak of a région.
struct RegionNames {
    slugs: HashMap<String, String>,
    names: Vec<String>,
}

impl RegionNames {
    fn new(regions: &[Region]) -> Self {
        let names = regions.iter().map(|region| region.name.clone()).collect();
        let slugs = regions
            .iter()
            .map(|region| (matching::key(&region.name), region.slug.clone()))
            .collect();
        Self { slugs, names }
    }

    /// The slug of the région that a cell names.
    fn resolve(&self, name: Option<String>, place: Place, found: &mut Diagnostics) -> String {
        let Some(name) = name else {
            found.push(missing_region(place));
            return String::new();
        };
        self.slugs.get(&matching::key(&name)).cloned().unwrap_or_else(|| {
            found.push(unknown_region(&name, &self.names, place));
            String::new()
        })
    }
}

fn missing_region(place: Place) -> Diagnostic {
    Diagnostic::error("region-absente", "la région n’est pas indiquée")
        .at(place)
        .help("écrivez le nom d’une région de la feuille « Régions »")
}

/// The message for a région that the register does not have.
fn unknown_region(name: &str, known: &[String], place: Place) -> Diagnostic {
    let near = matching::nearest(name, known.iter().map(String::as_str));
    let help = match near.first() {
        Some(near) => format!("vouliez-vous dire {} ?", quoted(near)),
        None => "les régions sont celles de la feuille « Régions » du registre".to_string(),
    };
    Diagnostic::error("region-inconnue", format!("la région {} est inconnue", quoted(name)))
        .at(place)
        .help(help)
}
