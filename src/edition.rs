//! An edition: one year's inputs, as `edition.toml` describes them.
//!
//! The file says what the other files are called, what the programme announced
//! and how documents are dated. An edition is data and may come from somebody
//! else: it never names a program to run.

mod display;
mod estimation;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::diffusion::Diffusion;
use crate::settings::{Document, Section};
use crate::typography::{alternatives, quoted};
pub use display::{Display, SmallForm};
pub use estimation::{
    Calibration, CalibrationMargin, Estimation, IntervalMethod, Merged, Variable, Weighting,
};

/// The file that makes a folder an edition.
pub const FILE: &str = "edition.toml";

/// The file of an edition that names the findings which are known.
pub const KNOWN_FINDINGS: &str = "constats-connus.toml";

/// A validated `edition.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Edition {
    /// The folder of the edition.
    pub folder: PathBuf,
    pub year: i32,
    pub title: String,
    /// The name of the programme: `DEFFINOV Tiers-Lieux`.
    pub programme: String,
    /// Who publishes the bilan.
    pub publisher: String,
    /// The date of the documents, which is also their creation timestamp.
    pub date: NaiveDate,
    /// Whether the questionnaire's answers are made up.
    pub demonstration: bool,
    pub sources: Sources,
    /// The totals that the programme announced: name and number.
    pub announced: Vec<(String, f64)>,
    /// From how many respondents on a figure appears.
    pub diffusion: Diffusion,
    /// How percentages of few respondents are shown.
    pub display: Display,
    pub estimation: Estimation,
    /// The indicators of the key figures page, in order.
    pub key_figures: Vec<Cited>,
    /// The national pages of charts, in order.
    pub pages: Vec<Page>,
    /// What the profile of a région compares with the national figures; empty
    /// for the questions and indicators of the pages.
    pub profile: Vec<ProfileGroup>,
    pub open_data: OpenData,
    /// The earlier edition that this one is compared with.
    pub earlier: Option<Earlier>,
}

/// An earlier edition, and the line that names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    pub folder: PathBuf,
    pub place: Place,
}

/// Figures that stand together in the profile of a région.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileGroup {
    pub title: String,
    /// A question, for its options, or indicators.
    pub subjects: Vec<Cited>,
}

/// What the open data hold beside the figures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OpenData {
    /// The questions whose answers are published, anonymised; none by default.
    pub answers: Vec<Cited>,
    /// The licence of the data: `Licence Ouverte 2.0`.
    pub licence: Option<String>,
}

/// A page of the brochure: a text, large figures and charts.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub title: String,
    /// The file of its text, in the folder of texts.
    pub text: Option<String>,
    /// Indicators shown as large figures.
    pub figures: Vec<Cited>,
    pub charts: Vec<Chart>,
}

/// A chart of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub title: String,
    /// The question whose options it compares, or the indicator it shows.
    pub subject: Cited,
    pub form: ChartForm,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartForm {
    /// One bar an option, the longest first.
    Bars,
    /// A hundred squares, for one proportion or a few.
    Waffle,
    /// One point an option, with its interval.
    Points,
    /// A cell a class, for classes that follow one another.
    Strip,
    /// One bar cut in parts, for an exclusive question.
    Parts,
}

/// An identifier, and the line that cites it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cited {
    pub id: String,
    pub place: Place,
}

/// Where the inputs stand, and what the documents say of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Sources {
    pub register: PathBuf,
    pub survey: PathBuf,
    pub codebook: PathBuf,
    pub indicators: PathBuf,
    pub published: PathBuf,
    pub texts: PathBuf,
    /// Where the register comes from, for the methodology page.
    pub register_origin: String,
    /// Where the answers come from, for the methodology page.
    pub survey_origin: String,
}

impl Edition {
    /// Reads the edition of a folder, with every fault of its file.
    pub fn read(folder: &Path, found: &mut Diagnostics) -> Option<Self> {
        if !folder.join(FILE).is_file() {
            found.push(no_edition(folder));
            return None;
        }
        match Document::read(&folder.join(FILE)) {
            Ok(document) => {
                let edition = edition(folder, &document.root());
                let faults = document.into_diagnostics();
                let broken = faults.has_errors();
                found.extend(faults);
                edition.filter(|_| !broken)
            }
            Err(faults) => {
                found.extend(faults);
                None
            }
        }
    }

    /// The creation timestamp of the documents: noon of their date, UTC, in
    /// seconds since 1970.
    pub fn timestamp(&self) -> i64 {
        self.date.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc().timestamp()
    }

    /// The name of the edition's folder, which its output folder takes.
    pub fn name(&self) -> String {
        let name = self.folder.file_name().map(|name| name.to_string_lossy().into_owned());
        name.unwrap_or_else(|| self.year.to_string())
    }

    /// The files that the documents are made from, those that are there; the
    /// folder of texts is given by its files, an earlier edition by those that
    /// its figures are made from.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = self.figure_files();
        files.extend(Some(self.folder.join(KNOWN_FINDINGS)).filter(|path| path.is_file()));
        collect_files(&self.sources.texts, &mut files);
        let earlier = self.earlier.as_ref();
        let earlier =
            earlier.and_then(|earlier| Self::read(&earlier.folder, &mut Diagnostics::new()));
        files.extend(earlier.iter().flat_map(Self::figure_files));
        files
    }

    /// The files that the figures are made from, those that are there.
    fn figure_files(&self) -> Vec<PathBuf> {
        let sources = &self.sources;
        let single = [
            self.folder.join(FILE),
            sources.register.clone(),
            sources.survey.clone(),
            sources.codebook.clone(),
            sources.indicators.clone(),
            sources.published.clone(),
        ];
        single.into_iter().filter(|path| path.is_file()).collect()
    }
}

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect_files(&path, files);
        } else {
            files.push(path);
        }
    }
}

fn edition(folder: &Path, root: &Section<'_>) -> Option<Edition> {
    let year = root.required_integer("annee").and_then(|year| i32::try_from(year).ok());
    let title = root.required_text("titre");
    let programme = root.required_text("programme");
    let publisher = root.text("editeur").unwrap_or_default();
    let date = date(root);
    let demonstration = root.boolean("demonstration").unwrap_or(false);
    let sources = sources(folder, root.section("sources").as_ref());
    let announced = announced(root.section("programme_annonce").as_ref());
    let diffusion = Diffusion::read(root.section("diffusion").as_ref());
    let display = Display::read(root.section("affichage").as_ref());
    let estimation = estimation::read(root);
    let key_figures = cited(root, "chiffres_cles");
    let pages = root.sections("page").iter().filter_map(page).collect();
    let profile = root.sections("profil").iter().filter_map(profile_group).collect();
    let open_data = root.section("donnees").as_ref().map(open_data).unwrap_or_default();
    let earlier = root.section("comparaison").as_ref().and_then(|section| earlier(folder, section));
    root.finish();
    Some(Edition {
        folder: folder.to_path_buf(),
        year: year?,
        title: title?,
        programme: programme?,
        publisher,
        date: date?,
        demonstration,
        sources,
        announced,
        diffusion,
        display,
        estimation,
        key_figures,
        pages,
        profile,
        open_data,
        earlier,
    })
}

/// The earlier edition, whose folder is told from the edition's own.
fn earlier(folder: &Path, section: &Section<'_>) -> Option<Earlier> {
    let named = section.required_text("edition");
    let place = section.place("edition");
    let earlier = Earlier { folder: folder.join(named.as_deref().unwrap_or_default()), place };
    let named = named.as_deref().unwrap_or_default();
    let real = |folder: &Path| folder.canonicalize().ok();
    if !named.is_empty() && !earlier.folder.join(FILE).is_file() {
        let message = format!("aucune édition dans « {} »", earlier.folder.display());
        let help = "donnez le dossier d’une année antérieure, par exemple \"../2024\", ou retirez la \
                    section [comparaison]";
        section.fault("edition", "edition-anterieure-absente", message, help.to_string());
    } else if !named.is_empty() && real(&earlier.folder) == real(folder) {
        let message = "une édition ne se compare pas à elle-même".to_string();
        let help = "donnez le dossier d’une année antérieure, par exemple \"../2024\"".to_string();
        section.fault("edition", "edition-double", message, help);
    }
    section.finish();
    (!named.is_empty()).then_some(earlier)
}

fn profile_group(section: &Section<'_>) -> Option<ProfileGroup> {
    let title = section.required_text("titre");
    let question = section.text("question");
    let place = section.place("question");
    let mut subjects = cited(section, "indicateurs");
    subjects.extend(question.map(|id| Cited { id, place }));
    section.finish();
    Some(ProfileGroup { title: title?, subjects })
}

fn open_data(section: &Section<'_>) -> OpenData {
    let open_data =
        OpenData { answers: cited(section, "reponses"), licence: section.text("licence") };
    section.finish();
    open_data
}

fn page(section: &Section<'_>) -> Option<Page> {
    let page = Page {
        title: section.required_text("titre").unwrap_or_default(),
        text: section.text("texte"),
        figures: cited(section, "chiffres"),
        charts: section.sections("graphiques").iter().filter_map(chart).collect(),
    };
    section.finish();
    (!page.title.is_empty()).then_some(page)
}

fn chart(section: &Section<'_>) -> Option<Chart> {
    const FORMS: [(&str, ChartForm); 5] = [
        ("barres", ChartForm::Bars),
        ("carreaux", ChartForm::Waffle),
        ("points", ChartForm::Points),
        ("bande", ChartForm::Strip),
        ("parts", ChartForm::Parts),
    ];
    let title = section.required_text("titre");
    let question = section.text("question");
    let indicator = section.text("indicateur");
    let (default, key) = match indicator {
        Some(_) => (ChartForm::Waffle, "indicateur"),
        None => (ChartForm::Bars, "question"),
    };
    let form = section.choice("forme", &FORMS).unwrap_or(default);
    section.finish();
    let subject = Cited { id: indicator.or(question)?, place: section.place(key) };
    Some(Chart { title: title?, subject, form })
}

fn cited(section: &Section<'_>, key: &str) -> Vec<Cited> {
    let ids = section.texts(key).unwrap_or_default();
    ids.into_iter().map(|id| Cited { id, place: section.place(key) }).collect()
}

fn date(root: &Section<'_>) -> Option<NaiveDate> {
    let text = root.required_text("date")?;
    let date = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
    if date.is_none() {
        let message = format!("« {text} » n’est pas une date");
        let help = "écrivez-la entre guillemets : \"2025-06-30\"".to_string();
        root.fault("date", "valeur-invalide", message, help);
    }
    date
}

fn sources(folder: &Path, section: Option<&Section<'_>>) -> Sources {
    let text = |key: &str| section.and_then(|section| section.text(key));
    let path = |key: &str, default: &str| folder.join(text(key).unwrap_or(default.to_string()));
    let sources = Sources {
        register: path("laureats", "laureats.xlsx"),
        survey: path("questionnaire", "questionnaire.xlsx"),
        codebook: path("dictionnaire", "dictionnaire.toml"),
        indicators: path("indicateurs", "indicateurs.toml"),
        published: path("chiffres_publies", "chiffres-publies.xlsx"),
        texts: path("textes", "textes"),
        register_origin: text("origine_laureats").unwrap_or_default(),
        survey_origin: text("origine_questionnaire").unwrap_or_default(),
    };
    if let Some(section) = section {
        section.finish();
    }
    sources
}

fn announced(section: Option<&Section<'_>>) -> Vec<(String, f64)> {
    let Some(section) = section else { return Vec::new() };
    let number = |key: &str| section.number(key).map(|number| (key.to_string(), number));
    section.keys().into_iter().filter_map(number).collect()
}

/// The newest edition under a folder: the one whose year is the highest, the
/// last by name where years are equal.
///
/// # Errors
///
/// `edition-absente` where no folder under it holds an `edition.toml`.
pub fn newest(inputs: &Path) -> Result<PathBuf, Diagnostic> {
    let folders = editions_under(inputs).into_iter();
    folders.max_by_key(|folder| (year_of(folder), folder.clone())).ok_or_else(|| {
        Diagnostic::error("edition-absente", "aucune édition dans ce dossier")
            .at(Place::file(inputs.display().to_string()))
            .help("donnez le dossier d’une édition, ou créez-en une avec « bilan initialiser »")
    })
}

/// The folders under another one that hold an edition, by name.
fn editions_under(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.join(FILE).is_file()).collect();
    folders.sort();
    folders
}

/// Tells a folder that holds no edition, with the editions in it or beside it.
fn no_edition(folder: &Path) -> Diagnostic {
    let message = match folder {
        folder if folder.is_dir() => {
            format!("ce dossier n’est pas une édition : il n’a pas de fichier {FILE}")
        }
        folder if folder.exists() => "c’est un fichier, pas le dossier d’une édition".to_string(),
        _ => "ce dossier n’existe pas".to_string(),
    };
    let mut near = editions_under(folder);
    if near.is_empty() {
        near = folder.parent().map(editions_under).unwrap_or_default();
    }
    let near: Vec<String> = near.iter().map(|path| quoted(&path.display().to_string())).collect();
    let help = match near.as_slice() {
        [] => "donnez le dossier d’une édition, ou créez-en une avec « bilan initialiser »".into(),
        near => format!(
            "donnez {}, ou créez une édition avec « bilan initialiser »",
            alternatives(near)
        ),
    };
    Diagnostic::error("edition-absente", message)
        .at(Place::file(folder.display().to_string()))
        .help(help)
}

fn year_of(folder: &Path) -> i64 {
    let document = Document::read(&folder.join(FILE)).ok();
    document.and_then(|document| document.root().integer("annee")).unwrap_or(i64::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(text: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        folder
    }

    const MINIMAL: &str =
        "annee = 2025\ntitre = 'Bilan'\nprogramme = 'DEFFINOV'\ndate = '2025-06-30'\n";

    #[test]
    fn a_minimal_edition_takes_the_usual_names() {
        let folder = folder(MINIMAL);
        let edition = Edition::read(folder.path(), &mut Diagnostics::new()).unwrap();
        assert_eq!(edition.sources.register, folder.path().join("laureats.xlsx"));
        assert_eq!(edition.timestamp(), 1_751_284_800);
        assert!(!edition.demonstration);
    }

    /// The schema that editors use has the keys that the program reads.
    #[test]
    fn the_schema_has_the_keys_that_are_read() {
        let sections = "[sources]\n[programme_annonce]\n[diffusion]\n[affichage]\n[donnees]\n\
                        [comparaison]\n\
                        [[estimation.regroupement]]\n[calage]\n[[calage.marge]]\nquestion = 'x'\ntotaux = {}\n\
                        [[profil]]\n[[page]]\ngraphiques = [{}]\n";
        let folder = folder(&format!("{MINIMAL}{sections}"));
        let schema = include_str!("../report-templates/schemas/edition.json");
        crate::settings::testing::assert_schema_agrees(schema, || {
            Edition::read(folder.path(), &mut Diagnostics::new());
        });
    }

    #[test]
    fn the_faults_of_an_edition_are_told_at_once() {
        let text = "anne = 2025\ntitre = 'Bilan'\ndate = 'juin'\n[sources]\nlaureat = 'x'\n";
        let folder = folder(text);
        let mut found = Diagnostics::new();
        assert!(Edition::read(folder.path(), &mut found).is_none());
        let codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(
            codes,
            ["cle-absente", "cle-absente", "valeur-invalide", "cle-inconnue", "cle-inconnue"]
        );
    }

    #[test]
    fn an_earlier_edition_is_there_and_another() {
        for (named, code) in [("../absente", "edition-anterieure-absente"), (".", "edition-double")]
        {
            let folder = folder(&format!("{MINIMAL}[comparaison]\nedition = '{named}'\n"));
            let mut found = Diagnostics::new();
            assert!(Edition::read(folder.path(), &mut found).is_none());
            let fault = found.iter().next().unwrap();
            assert_eq!(fault.code, code);
            assert!(fault.to_string().contains("ligne 6"), "{fault}");
        }
    }

    #[test]
    fn the_newest_edition_is_the_one_of_the_highest_year() {
        let inputs = tempfile::tempdir().unwrap();
        for (name, year) in [("b", 2023), ("a", 2025), ("c", 2024)] {
            let folder = inputs.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join(FILE), format!("annee = {year}")).unwrap();
        }
        assert_eq!(newest(inputs.path()).unwrap(), inputs.path().join("a"));
        assert_eq!(newest(Path::new("/nulle/part")).unwrap_err().code, "edition-absente");
    }
}
