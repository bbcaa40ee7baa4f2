//! The shape of the data file that the templates read. Keys are French, as
//! analysts may write templates; values are texts, ready to print.

use serde::Serialize;

use crate::prose::Block;

/// What every document says of its edition.
#[derive(Debug, Clone, Serialize)]
pub struct EditionData {
    #[serde(rename = "annee")]
    pub year: i32,
    #[serde(rename = "titre")]
    pub title: String,
    #[serde(rename = "programme")]
    pub programme: String,
    #[serde(rename = "editeur")]
    pub publisher: String,
    /// « 30 juin 2025 »
    #[serde(rename = "date")]
    pub date: String,
    pub demonstration: bool,
    #[serde(rename = "origine_laureats")]
    pub register_origin: String,
    #[serde(rename = "origine_questionnaire")]
    pub survey_origin: String,
    /// The program's name and version.
    #[serde(rename = "logiciel")]
    pub program: String,
}

/// A picture, its words and its text alternative.
#[derive(Debug, Clone, Serialize)]
pub struct Image {
    /// From the root of the work folder: `/graphiques/themes.svg`.
    #[serde(rename = "chemin")]
    pub path: String,
    #[serde(rename = "titre")]
    pub title: String,
    /// The base and the method.
    #[serde(rename = "legende")]
    pub caption: String,
    pub alternative: String,
    /// In points.
    #[serde(rename = "largeur")]
    pub width: f64,
    /// Whether it shows figures computed from the answers.
    #[serde(rename = "enquete")]
    pub from_answers: bool,
}

/// A large figure.
#[derive(Debug, Clone, Serialize)]
pub struct KeyFigure {
    #[serde(rename = "valeur")]
    pub value: String,
    #[serde(rename = "libelle")]
    pub label: String,
    /// « n = 186 », or where the figure comes from.
    #[serde(rename = "note")]
    pub note: String,
    #[serde(rename = "enquete")]
    pub from_answers: bool,
}

/// A line of a facts box.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    #[serde(rename = "libelle")]
    pub label: String,
    #[serde(rename = "valeur")]
    pub value: String,
}

/// A national page.
#[derive(Debug, Clone, Serialize)]
pub struct PageData {
    #[serde(rename = "titre")]
    pub title: String,
    #[serde(rename = "texte")]
    pub text: Vec<Block>,
    #[serde(rename = "chiffres")]
    pub figures: Vec<KeyFigure>,
    #[serde(rename = "graphiques")]
    pub charts: Vec<Image>,
}

/// A project of a list.
#[derive(Debug, Clone, Serialize)]
pub struct LaureateData {
    #[serde(rename = "numero")]
    pub number: String,
    #[serde(rename = "nom")]
    pub name: String,
    #[serde(rename = "tiers_lieux")]
    pub third_places: String,
    #[serde(rename = "organismes")]
    pub training_organisations: String,
}

/// A highlighted project.
#[derive(Debug, Clone, Serialize)]
pub struct CardData {
    #[serde(rename = "titre")]
    pub title: String,
    /// « Chambery (Savoie) »
    #[serde(rename = "lieu")]
    pub place: String,
    #[serde(rename = "tiers_lieux")]
    pub third_places: String,
    #[serde(rename = "organismes")]
    pub training_organisations: String,
    #[serde(rename = "autres_partenaires")]
    pub other_partners: String,
    #[serde(rename = "publics")]
    pub publics: String,
    #[serde(rename = "thematiques")]
    pub themes: Vec<String>,
    #[serde(rename = "texte")]
    pub text: Vec<Block>,
}

/// A région's chapter or fact sheet.
#[derive(Debug, Clone, Serialize)]
pub struct RegionData {
    pub slug: String,
    #[serde(rename = "nom")]
    pub name: String,
    /// « d’Occitanie », « de Bretagne »
    #[serde(rename = "de_nom")]
    pub of_name: String,
    /// `Région`, `État` or `Non précisé`.
    #[serde(rename = "porteur")]
    pub carrier: String,
    #[serde(rename = "encart")]
    pub facts: Vec<Fact>,
    #[serde(rename = "texte")]
    pub text: Vec<Block>,
    #[serde(rename = "carte")]
    pub map: Image,
    #[serde(rename = "laureats")]
    pub laureates: Vec<LaureateData>,
    #[serde(rename = "fiches")]
    pub cards: Vec<CardData>,
}

/// The data of the brochure.
#[derive(Debug, Clone, Serialize)]
pub struct BrochureData {
    pub edition: EditionData,
    #[serde(rename = "programme")]
    pub programme: TextData,
    #[serde(rename = "chiffres_cles")]
    pub key_figures: Vec<KeyFigure>,
    pub pages: Vec<PageData>,
    #[serde(rename = "carte")]
    pub map: Image,
    #[serde(rename = "texte_carte")]
    pub map_text: Vec<Block>,
    #[serde(rename = "texte_regions")]
    pub regions_text: Vec<Block>,
    pub regions: Vec<RegionData>,
    #[serde(rename = "methode")]
    pub method: TextData,
    #[serde(rename = "quatrieme")]
    pub back_cover: Vec<Block>,
}

/// The data of a région's fact sheet.
#[derive(Debug, Clone, Serialize)]
pub struct SheetData {
    pub edition: EditionData,
    pub region: RegionData,
}

/// A text with its sections.
#[derive(Debug, Clone, Serialize)]
pub struct TextData {
    #[serde(rename = "titre")]
    pub title: String,
    pub introduction: Vec<Block>,
    pub sections: Vec<SectionData>,
}

/// A section of a text.
#[derive(Debug, Clone, Serialize)]
pub struct SectionData {
    #[serde(rename = "titre")]
    pub title: String,
    #[serde(rename = "blocs")]
    pub blocks: Vec<Block>,
}
