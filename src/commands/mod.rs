//! One file a verb, readable from top to bottom.

pub mod apercu;
pub mod comparer;
pub mod completions;
pub mod dictionnaire;
pub mod expliquer;
pub mod initialiser;
mod material;
mod outcome;
pub mod produire;
mod progress;
pub mod tableau;
pub mod verifier;

pub use outcome::Outcome;
pub use progress::Progress;

use std::path::{Path, PathBuf};

use crate::checks::{self, Acknowledged, Facts, Finding};
use crate::codebook::Codebook;
use crate::diagnostics::{Diagnostic, Diagnostics, Failure, Place};
use crate::diffusion::Diffusion;
use crate::disclosure::gives_away;
use crate::edition::{self, Edition};
use crate::exports::{Anonymised, HashedFile, anonymise, hash_inputs};
use crate::geography::Geography;
use crate::indicators::{Catalogue, Context, Data, Figures, Thresholds, with_own_bases};
use crate::published::{self, PublishedFigure};
use crate::quality::{Quality, quality};
use crate::register::Register;
use crate::sampling::Plan;
use crate::spreadsheet::Workbook;
use crate::survey::Survey;
use crate::typography::quoted;

/// The folder where editions are looked for.
const INPUTS: &str = "inputs";

/// The inputs of an edition, read and checked.
pub struct Loaded {
    pub edition: Edition,
    pub register: Register,
    pub survey: Survey,
    pub plan: Plan,
    pub catalogue: Catalogue,
    /// With all their digits: for who holds the answers.
    pub figures: Figures,
    /// As documents and files show them.
    pub published_figures: Figures,
    pub published: Vec<PublishedFigure>,
    /// The findings that are known and left.
    pub acknowledged: Acknowledged,
    /// The texts: file name and content.
    pub texts: Vec<(String, String)>,
    /// What the files were when they were read.
    pub inputs: Vec<HashedFile>,
    /// What was found on the way and stops nothing.
    pub warnings: Diagnostics,
}

impl Loaded {
    /// What does not hold in the edition, the known findings marked, and the
    /// known ones that are no more.
    pub fn findings(&self, geography: &Geography) -> (Vec<Finding>, Diagnostics) {
        let facts = Facts {
            register: &self.register,
            published: &self.published,
            figures: &self.published_figures,
            survey: &self.survey,
            reading: &self.warnings,
            geography,
            texts: &self.texts,
            year: self.edition.year,
            demonstration: self.edition.demonstration,
        };
        let mut findings = checks::check(&facts);
        let unused = self.acknowledged.mark(&mut findings);
        (findings, unused)
    }
}

impl Loaded {
    /// How good the response is.
    ///
    /// # Errors
    ///
    /// `calcul`, which no input reaches.
    fn quality(&self) -> Result<Quality, Failure> {
        let thresholds = Thresholds::new(&self.edition.diffusion, &self.catalogue);
        quality(&self.survey, &self.register, &thresholds)
            .map_err(|error| Failure::internal(tabulation_failed(&error)))
    }

    /// A finding as files tell it: without answers, where no figure of a single
    /// project may appear.
    fn in_files(&self, finding: Finding) -> Finding {
        let Diffusion { rules, dominance } = &self.edition.diffusion;
        let alone = gives_away(&[1.0], rules, dominance);
        if alone { finding.without_answers() } else { finding }
    }

    /// The answers that the edition publishes, anonymised.
    pub fn anonymised(&self) -> Option<Anonymised> {
        let asked = &self.edition.open_data.answers;
        let questions: Vec<String> = asked.iter().map(|question| question.id.clone()).collect();
        let publishes = !questions.is_empty();
        publishes.then(|| {
            anonymise(&self.survey, &self.figures, &questions, &self.edition.diffusion.rules)
        })
    }

    /// What is left out of the anonymised answers, and why.
    fn left_out(&self, answers: &Anonymised) -> Diagnostics {
        let asked = &self.edition.open_data.answers;
        let tell = |(id, reason): &(String, &str)| {
            let place = asked.iter().find(|cited| cited.id == *id).map(|cited| cited.place.clone());
            let message = format!("les réponses à « {id} » ne sont pas publiées : {reason}");
            let diagnostic = Diagnostic::warning("reponses-non-publiees", message)
                .help("retirez cette question de « reponses » dans la section [donnees]");
            place.into_iter().fold(diagnostic, Diagnostic::at)
        };
        answers.left_out.iter().map(tell).collect()
    }
}

/// The folder of the edition asked for, or of the newest one.
fn edition_folder(asked: Option<&Path>) -> Result<PathBuf, Failure> {
    match asked {
        Some(folder) => Ok(folder.to_path_buf()),
        None => edition::newest(Path::new(INPUTS)).map_err(Failure::input),
    }
}

/// Reads all the inputs of an edition; every fault of every file is told.
fn load(folder: &Path) -> Result<Loaded, Failure> {
    let mut found = Diagnostics::new();
    let loaded = read_all(folder, &mut found);
    match loaded.filter(|_| !found.has_errors()) {
        Some(loaded) => Ok(Loaded { warnings: found, ..loaded }),
        None => Err(Failure::Input(found)),
    }
}

fn read_all(folder: &Path, found: &mut Diagnostics) -> Option<Loaded> {
    let edition = Edition::read(folder, found)?;
    // What cannot be read is told by who reads it.
    let inputs = hash_inputs(&edition).unwrap_or_default();
    let sources = &edition.sources;
    let register = Register::read(&sources.register, found);
    // A register with faults would make every answer come from nowhere.
    let sound = (!found.has_errors()).then_some(&register);
    let published = published::read(&sources.published, found);
    let acknowledged = Acknowledged::read(&edition.folder, found);
    let codebook = Codebook::read(&sources.codebook, found);
    let catalogue = codebook.as_ref().map(|codebook| {
        let context = Context { codebook, announced: &edition.announced };
        Catalogue::read(&sources.indicators, &context, found)
    });
    if codebook.is_none() {
        found.take(Workbook::open(&sources.survey));
    }
    let survey = Survey::open(&sources.survey, codebook?, sound, found)?;
    if found.has_errors() {
        // A plan of what could not be read would only add to the messages.
        return None;
    }
    let plan = Plan::of_edition(&survey, &register, &edition.estimation, found)?;
    let announced = &edition.announced;
    let diffusion = &edition.diffusion;
    let display = edition.display;
    let data =
        Data { survey: &survey, register: &register, plan: &plan, announced, diffusion, display };
    let catalogue = catalogue?;
    let figures = Figures::compute(&catalogue, &data);
    let figures = found.take(figures.map_err(|error| tabulation_failed(&error)))?;
    found.extend(exposed(&figures, &sources.indicators));
    let own = with_own_bases(&survey, &catalogue);
    let published_figures = figures.published(&Data { survey: &own, ..data });
    drop(own);
    let texts = texts(&edition);
    let warnings = Diagnostics::new();
    Some(Loaded {
        edition,
        register,
        survey,
        plan,
        catalogue,
        figures,
        published_figures,
        published,
        acknowledged,
        texts,
        inputs,
        warnings,
    })
}

/// One warning for each indicator that public ones give away.
fn exposed(figures: &Figures, catalogue: &Path) -> Vec<Diagnostic> {
    let mut ids: Vec<&str> = figures.exposed.iter().map(|(id, _)| id.as_str()).collect();
    ids.dedup();
    let warning = |id: &str| {
        let message = format!(
            "{} est masqué, mais les chiffres déclarés publics permettent de le retrouver",
            quoted(id)
        );
        Diagnostic::warning("diffusion-inefficace", message)
            .at(Place::file(catalogue.display().to_string()))
            .help("retirez « diffusion = false » des autres modalités de la question")
    };
    ids.into_iter().map(warning).collect()
}

/// The texts of an edition that can be read, by name.
fn texts(edition: &Edition) -> Vec<(String, String)> {
    let folder = &edition.sources.texts;
    crate::output::files(folder)
        .into_iter()
        .filter(|name| name.ends_with(".md"))
        .filter_map(|name| {
            let path = folder.join(&name);
            let text = std::fs::read_to_string(&path).ok()?;
            Some((path.display().to_string(), text))
        })
        .collect()
}

/// polars refused a table: a fault of the program, not of the inputs.
fn tabulation_failed(error: &polars::error::PolarsError) -> Diagnostic {
    Diagnostic::error("calcul", format!("un calcul a échoué ({error})"))
        .help("signalez cette erreur avec les fichiers qui la provoquent")
}
