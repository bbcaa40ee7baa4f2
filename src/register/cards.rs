//! The sheet `Fiches`: one row a highlighted project.

use super::RegionNames;
use crate::diagnostics::Diagnostics;
use crate::spreadsheet::Sheet;
use crate::spreadsheet::table::{Cells, Row, Table};

const REQUIRED: [&str; 5] =
    ["Région", "Titre", "Communes", "Tiers-lieux", "Organismes de formation"];

/// A highlighted project, as its card prints it.
#[derive(Debug, Clone)]
pub struct Card {
    /// The slug of its région.
    pub region: String,
    pub title: String,
    /// The communes, in one text as printed.
    pub communes: String,
    pub department: Option<String>,
    pub third_places: String,
    pub training_organisations: String,
    pub other_partners: String,
    /// The target publics, in one text as printed.
    pub publics: String,
    /// The themes, as printed, one an element.
    pub themes: Vec<String>,
    /// Whether the source says that there is a video.
    pub has_video: bool,
    /// The address of the video, where it is known.
    pub video_link: Option<String>,
    pub source_line: Option<usize>,
    /// What the transcriber noted.
    pub remark: Option<String>,
    /// The cells of its row, for messages.
    pub cells: Cells,
}

pub(super) fn read(sheet: &Sheet, regions: &RegionNames, found: &mut Diagnostics) -> Vec<Card> {
    let Some(table) = Table::new(sheet, &REQUIRED, found) else { return Vec::new() };
    table.rows().map(|row| card(&row, regions, found)).collect()
}

fn card(row: &Row<'_>, regions: &RegionNames, found: &mut Diagnostics) -> Card {
    let text = |title: &str| row.text(title).unwrap_or_default();
    Card {
        region: regions.resolve(row.text("Région"), row.place("Région"), found),
        title: text("Titre"),
        communes: text("Communes"),
        department: row.text("Département"),
        third_places: text("Tiers-lieux"),
        training_organisations: text("Organismes de formation"),
        other_partners: text("Autres partenaires"),
        publics: text("Publics cibles"),
        themes: themes(&text("Thématiques")),
        has_video: row.text("Vidéo").is_some(),
        video_link: row.text("Lien vidéo"),
        source_line: row.count("Ligne source", found),
        remark: row.text("Remarque"),
        cells: row.cells(),
    }
}

fn themes(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|theme| !theme.is_empty()).map(str::to_string).collect()
}
