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
    /// The confidence level: « 95 % ».
    #[serde(rename = "niveau")]
    pub level: String,
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
    #[serde(rename = "hauteur")]
    pub height: f64,
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
    /// Of a chart that is alone: the label, the value, its interval and its
    /// count, for a table where the page has room.
    #[serde(rename = "valeurs")]
    pub values: Vec<[String; 4]>,
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
    /// The commune, where the project stands on the map.
    #[serde(rename = "lieu")]
    pub commune: String,
}

/// A video and the code that leads to it.
#[derive(Debug, Clone, Serialize)]
pub struct VideoData {
    pub url: String,
    pub code: Image,
}

/// A class of settlement and how many projects stand in it.
#[derive(Debug, Clone, Serialize)]
pub struct SettlementData {
    #[serde(rename = "libelle")]
    pub label: String,
    #[serde(rename = "nombre")]
    pub count: usize,
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
    pub video: Option<VideoData>,
    /// Whether the source says that there is a video, whose address it does
    /// not print.
    #[serde(rename = "video_signalee")]
    pub video_told: bool,
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
    /// The figures that stand large at the head of the chapter.
    #[serde(rename = "chiffres")]
    pub figures: Vec<Fact>,
    /// How many projects its list has.
    #[serde(rename = "projets")]
    pub projects: String,
    #[serde(rename = "enveloppe")]
    pub envelope: String,
    #[serde(rename = "subvention")]
    pub grants: String,
    #[serde(rename = "implantation")]
    pub settlement: Vec<SettlementData>,
    #[serde(rename = "encart")]
    pub facts: Vec<Fact>,
    #[serde(rename = "texte")]
    pub text: Vec<Block>,
    #[serde(rename = "carte")]
    pub map: Image,
    /// The same, drawn for the width of a page, low and then high.
    #[serde(rename = "carte_basse")]
    pub low_map: Image,
    #[serde(rename = "carte_large")]
    pub large_map: Image,
    #[serde(rename = "laureats")]
    pub laureates: Vec<LaureateData>,
    #[serde(rename = "fiches")]
    pub cards: Vec<CardData>,
}

/// The data of the brochure.
#[derive(Debug, Clone, Serialize)]
pub struct BrochureData {
    pub edition: EditionData,
    /// The ornament of the cover.
    #[serde(rename = "couverture")]
    pub cover: Image,
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
    /// Of all régions.
    #[serde(rename = "total_projets")]
    pub total_projects: String,
    #[serde(rename = "total_enveloppe")]
    pub total_envelope: String,
    /// None where nobody could answer.
    #[serde(rename = "qualite")]
    pub quality: Option<QualityData>,
    /// None where the edition names no earlier one.
    pub evolution: Option<EvolutionData>,
    #[serde(rename = "methode")]
    pub method: TextData,
    /// How intervals are made, and what is not disclosed.
    pub precision: Vec<Fact>,
    #[serde(rename = "quatrieme")]
    pub back_cover: Vec<Block>,
}

/// Two years side by side.
#[derive(Debug, Clone, Serialize)]
pub struct EvolutionData {
    /// The earlier year and the later one.
    #[serde(rename = "annees")]
    pub years: [String; 2],
    /// How many answered each year, and both.
    #[serde(rename = "phrase")]
    pub sentence: String,
    /// What of it is made up; empty where nothing is.
    #[serde(rename = "demonstration")]
    pub demonstration: String,
    /// How many differences are more than chance.
    #[serde(rename = "titre_changements")]
    pub changes_title: String,
    /// Those, by question: the label, both values, the difference and its
    /// interval.
    #[serde(rename = "changements")]
    pub changes: Vec<ProfileTable>,
    /// Means and totals, in the same columns.
    #[serde(rename = "nombres")]
    pub numbers: Vec<[String; 5]>,
    /// The shares, in as many pictures as pages need.
    #[serde(rename = "graphiques")]
    pub charts: Vec<Image>,
    #[serde(rename = "methode")]
    pub method: String,
    /// What cannot be compared, and why.
    #[serde(rename = "a_part")]
    pub apart: Vec<String>,
    /// What changed and does not forbid comparing.
    #[serde(rename = "remarques")]
    pub remarks: Vec<String>,
}

/// How good the response is.
#[derive(Debug, Clone, Serialize)]
pub struct QualityData {
    /// « 186 des 202 projets ont répondu, soit 92 %. »
    #[serde(rename = "phrase")]
    pub sentence: String,
    /// The response rate of each région.
    #[serde(rename = "graphique")]
    pub chart: Image,
    /// Who runs the call, the projects, the respondents, the rate.
    #[serde(rename = "porteurs")]
    pub carriers: Vec<[String; 4]>,
    /// The question, who was asked, who answered, the share left blank.
    pub questions: Vec<[String; 4]>,
    /// The class, its share of the register, of the answers, the difference.
    #[serde(rename = "comparaisons")]
    pub comparisons: Vec<ComparisonData>,
}

/// The register and those who answered, by class.
#[derive(Debug, Clone, Serialize)]
pub struct ComparisonData {
    #[serde(rename = "titre")]
    pub title: String,
    #[serde(rename = "lignes")]
    pub lines: Vec<[String; 4]>,
}

/// The data of a région's fact sheet.
#[derive(Debug, Clone, Serialize)]
pub struct SheetData {
    pub edition: EditionData,
    pub region: RegionData,
    /// « 13 des 15 projets ont répondu au questionnaire. »
    #[serde(rename = "reponse")]
    pub response: String,
    /// Empty where the région has no figure that may be shown.
    #[serde(rename = "profil")]
    pub profile: Vec<Image>,
    /// The numbers of the profile, a table a group.
    #[serde(rename = "tableaux_profil")]
    pub profile_tables: Vec<ProfileTable>,
    /// Why there is no profile, where disclosure control hides all of it.
    #[serde(rename = "profil_cache")]
    pub profile_hidden: String,
    #[serde(rename = "constats")]
    pub findings: Vec<FindingData>,
    /// « et 4 autres constats », or empty.
    #[serde(rename = "autres_constats")]
    pub more_findings: String,
    /// The method in a few lines.
    #[serde(rename = "methode")]
    pub method: Vec<String>,
}

/// Lines of figures under a title: a group of the profile (the label, the
/// région's value, its interval, its base, the national value) or of what
/// changed from year to year.
#[derive(Debug, Clone, Serialize)]
pub struct ProfileTable {
    #[serde(rename = "titre")]
    pub title: String,
    #[serde(rename = "lignes")]
    pub lines: Vec<[String; 5]>,
}

/// Something that does not hold in a région.
#[derive(Debug, Clone, Serialize)]
pub struct FindingData {
    /// `erreur` or `alerte`.
    #[serde(rename = "gravite")]
    pub severity: String,
    #[serde(rename = "objet")]
    pub object: String,
    pub message: String,
    #[serde(rename = "calcul")]
    pub arithmetic: String,
    #[serde(rename = "proposition")]
    pub proposal: String,
}

impl FindingData {
    /// Whether two findings differ by their object only.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let words = |finding: &Self| {
            [&finding.severity, &finding.message, &finding.arithmetic, &finding.proposal]
                .map(Clone::clone)
        };
        words(self) == words(other) && !self.object.is_empty() && !other.object.is_empty()
    }
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
