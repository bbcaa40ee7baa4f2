//! `bilan tableau`: the table of a question, on the spot.

use polars::prelude::PolarsResult;

use super::{Outcome, tabulation_failed};
use crate::cli::{TableFormat, TableauArguments};
use crate::codebook::{Codebook, ColumnRef, Condition, NoCondition, Question};
use crate::diagnostics::{Diagnostic, Diagnostics, Failure, Place};
use crate::draft;
use crate::edition::{Edition, IntervalMethod};
use crate::exports::QuestionTable;
use crate::indicators::{Catalogue, Context, Masker, QuestionMask, Thresholds};
use crate::matching;
use crate::register::Register;
use crate::sampling::Plan;
use crate::spreadsheet::Workbook;
use crate::survey::Survey;
use crate::tabulation::{Grouping, tabulate};
use crate::typography::quoted;

/// Runs the command: the text to print, and what was found on the way.
///
/// # Errors
///
/// Faults of the inputs; a question that is not there, with suggestions.
pub fn run(arguments: &TableauArguments) -> Result<Outcome, Failure> {
    let mut found = Diagnostics::new();
    let interval = IntervalWanted::read(arguments)?;
    let opened = open(arguments, &mut found);
    let Some(Opened { survey, plan, edition }) = opened.filter(|_| !found.has_errors()) else {
        return Err(Failure::Input(found));
    };
    let plan = interval.set(plan);
    let question = question(&survey, &arguments.question).map_err(Failure::usage)?;
    let by = grouping(&survey, arguments.par.as_deref()).map_err(Failure::usage)?;
    let table = tabulate(&survey, question, by, &plan);
    let table = table.map_err(|error| Failure::internal(tabulation_failed(&error)))?;
    let mask = edition.as_ref().map(|edition| edition.mask(arguments, &survey, question, by));
    let mask = mask.transpose().map_err(|error| Failure::internal(tabulation_failed(&error)))?;
    let register = edition.as_ref().map(|edition| &edition.register);
    let (survey, plan, mask) = (&survey, &plan, mask.as_ref());
    let view = QuestionTable { survey, register, plan, table: &table, by, mask };
    let text = match arguments.form.format {
        TableFormat::Texte => view.text(),
        TableFormat::Csv => view.csv(),
        TableFormat::Json => format!("{:#}\n", view.json()),
    };
    Ok(Outcome::text(text).with(found))
}

/// What a table is made from.
struct Opened {
    survey: Survey,
    /// How the answers stand for all projects.
    plan: Plan,
    edition: Option<OpenedEdition>,
}

/// The intervals that the command line asks for, in place of the usual ones.
#[derive(Default)]
struct IntervalWanted {
    level: Option<f64>,
    method: Option<IntervalMethod>,
}

impl IntervalWanted {
    fn read(arguments: &TableauArguments) -> Result<Self, Failure> {
        let mut found = Diagnostics::new();
        let level = arguments.niveau.as_deref();
        let method = arguments.intervalle.as_deref();
        let wanted = Self {
            level: level.and_then(|text| found.take(level_of(text))),
            method: method.and_then(|word| found.take(method_of(word))),
        };
        if found.has_errors() { Err(Failure::Usage(found)) } else { Ok(wanted) }
    }

    fn set(&self, plan: Plan) -> Plan {
        let (level, interval) = (plan.level, plan.interval);
        Plan {
            level: self.level.unwrap_or(level),
            interval: self.method.unwrap_or(interval),
            ..plan
        }
    }
}

/// A confidence level: at least 0.5 and below 1, with a point or a comma.
fn level_of(text: &str) -> Result<f64, Diagnostic> {
    let number = text.trim().replace(',', ".").parse::<f64>().ok();
    match number {
        Some(level) if (0.5..1.0).contains(&level) => Ok(level),
        other => {
            let message = format!("{} n’est pas un niveau de confiance", quoted(text));
            let help = match other.filter(|number| (50.0..100.0).contains(number)) {
                Some(percent) => format!("vouliez-vous dire {} ?", percent / 100.0),
                None => {
                    "écrivez 0.95 pour 95 % : un nombre d’au moins 0.5 et de moins de 1".to_string()
                }
            };
            Err(Diagnostic::error("valeur-invalide", message)
                .at(Place::file("--niveau"))
                .help(help))
        }
    }
}

fn method_of(word: &str) -> Result<IntervalMethod, Diagnostic> {
    IntervalMethod::of_word(&matching::loose_key(word)).ok_or_else(|| {
        let words = IntervalMethod::words();
        let help = match matching::nearest(word, words).first() {
            Some(near) => format!("vouliez-vous dire {} ?", quoted(near)),
            None => format!("écrivez {}", words.join(", ")),
        };
        let message = format!("{} n’est pas une méthode d’intervalle", quoted(word));
        Diagnostic::error("valeur-invalide", message).at(Place::file("--intervalle")).help(help)
    })
}

/// What a table of an edition has to respect.
struct OpenedEdition {
    register: Register,
    thresholds: Thresholds,
}

impl OpenedEdition {
    /// What disclosure control hides of a table. A table of some of the rows,
    /// or with other weights, is none of the edition's.
    fn mask(
        &self,
        arguments: &TableauArguments,
        survey: &Survey,
        question: usize,
        by: Grouping,
    ) -> PolarsResult<QuestionMask> {
        let edition = arguments.filtre.is_empty();
        Masker { survey, thresholds: &self.thresholds, edition }.mask(question, by)
    }
}

/// Opens an edition's questionnaire.
fn open_edition(arguments: &TableauArguments, found: &mut Diagnostics) -> Option<Opened> {
    let edition = Edition::read(&arguments.source, found)?;
    let sources = &edition.sources;
    let register = Register::read(&sources.register, found);
    let sound = (!found.has_errors()).then_some(&register);
    let codebook = Codebook::read(&sources.codebook, found)?;
    let context = Context { codebook: &codebook, announced: &edition.announced };
    let catalogue = match sources.indicators.exists() {
        true => Catalogue::read(&sources.indicators, &context, found),
        false => Catalogue::default(),
    };
    let thresholds = Thresholds::new(&edition.diffusion, &catalogue);
    let margins = edition.estimation.questions();
    let (codebook, filters) = restricted(codebook, arguments, &margins, found)?;
    let survey = Survey::open(&sources.survey, codebook, sound, found)?;
    if found.has_errors() {
        return None;
    }
    let plan = Plan::of_edition(&survey, &register, &edition.estimation, found)?;
    let (survey, plan) = domain(survey, plan, &filters, found)?;
    Some(Opened { survey, plan, edition: Some(OpenedEdition { register, thresholds }) })
}

/// Opens an edition's questionnaire, or a file of answers.
fn open(arguments: &TableauArguments, found: &mut Diagnostics) -> Option<Opened> {
    if arguments.source.is_dir() {
        return open_edition(arguments, found);
    }
    let mut workbook = found.take(Workbook::open(&arguments.source))?;
    let described = described(arguments, found)?;
    let named = described.as_ref().and_then(|codebook| codebook.layout.sheet.as_deref());
    let wanted = arguments.feuille.as_deref().or(named);
    let sheet = found.take(draft::answers_sheet(&mut workbook, wanted))?;
    let codebook = match described {
        Some(codebook) => codebook,
        None => found.take(draft::draft(&sheet))?.codebook,
    };
    let (codebook, filters) = restricted(codebook, arguments, &[], found)?;
    let survey = Survey::read(sheet, codebook, None, found)?;
    let plan = Plan::of_answers(&survey);
    let (survey, plan) = domain(survey, plan, &filters, found)?;
    Some(Opened { survey, plan, edition: None })
}

/// The respondents that `--filtre` keeps, as a domain of the design of all.
fn domain(
    survey: Survey,
    plan: Plan,
    filters: &[Condition],
    found: &mut Diagnostics,
) -> Option<(Survey, Plan)> {
    if filters.is_empty() {
        return Some((survey, plan));
    }
    let part = survey.narrowed(filters, found)?;
    let plan = plan.within(&survey, &part);
    Some((part, plan))
}

/// The codebook asked for, a form's, or none.
fn described(arguments: &TableauArguments, found: &mut Diagnostics) -> Option<Option<Codebook>> {
    let Some(path) = &arguments.dictionnaire else { return Some(None) };
    let is_toml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    if is_toml {
        return Codebook::read(path, found).map(Some);
    }
    let mut form = found.take(Workbook::open(path))?;
    draft::read_xlsform(&mut form, found).map(|draft| Some(draft.codebook))
}

/// The codebook with the weight asked for, and no more questions than the table,
/// the weights and the filters need; and the filters asked for.
fn restricted(
    mut codebook: Codebook,
    arguments: &TableauArguments,
    margins: &[&str],
    found: &mut Diagnostics,
) -> Option<(Codebook, Vec<Condition>)> {
    let own = codebook.layout.filters.len();
    for text in &arguments.filtre {
        match Condition::parse(text) {
            Ok(condition) => codebook.layout.filters.push(condition),
            Err(fault) => found.push(not_a_condition(text, fault)),
        }
    }
    if let Some(title) = &arguments.poids {
        let place = Place::file("--poids");
        codebook.layout.weight = Some(ColumnRef { title: Some(title.clone()), index: None, place });
    }
    let asked: Vec<&str> =
        std::iter::once(arguments.question.as_str()).chain(arguments.par.as_deref()).collect();
    codebook.keep_only(&asked, margins);
    let filters = codebook.layout.filters.split_off(own);
    (!found.has_errors()).then_some((codebook, filters))
}

fn not_a_condition(text: &str, fault: NoCondition) -> Diagnostic {
    Diagnostic::error("condition-invalide", format!("{} n’est pas une condition", quoted(text)))
        .at(Place::file("--filtre"))
        .help(fault.help())
}

/// The question that a person means.
fn question(survey: &Survey, word: &str) -> Result<usize, Diagnostic> {
    let meant = survey.codebook.search_kindly(word);
    let candidates: Vec<&Question> =
        meant.iter().copied().filter(|question| question.has_table()).collect();
    match (candidates.as_slice(), meant.as_slice()) {
        ([only], _) => survey.rank(&only.id).ok_or_else(|| no_question(survey, word)),
        ([], [other, ..]) => Err(no_table(survey, other)),
        ([], []) => Err(no_question(survey, word)),
        (several, _) => Err(several_questions(word, several)),
    }
}

fn no_table(survey: &Survey, question: &Question) -> Diagnostic {
    let message = format!(
        "{} n’a pas de tableau : le type de la question est {}",
        quoted(&question.label),
        quoted(question.kind.word())
    );
    Diagnostic::error("question-sans-tableau", message).at(survey.sheet.place()).help(
        "si ce sont des modalités ou des nombres, dites-le dans un dictionnaire \
         (bilan dictionnaire FICHIER -o dictionnaire.toml, puis --dictionnaire)",
    )
}

fn no_question(survey: &Survey, word: &str) -> Diagnostic {
    let questions = || survey.codebook.questions.iter().filter(|question| question.has_table());
    let names = questions().flat_map(Question::names);
    let near: Vec<String> = matching::nearest(word, names).into_iter().map(quoted).collect();
    let help = match near.as_slice() {
        [] => format!("les questions qui ont un tableau sont {}", some(questions())),
        near => format!("vouliez-vous dire {} ?", near.join(" ou ")),
    };
    Diagnostic::error("question-inconnue", format!("aucune question ne s’appelle {}", quoted(word)))
        .at(survey.sheet.place())
        .help(help)
}

/// The identifiers of the first questions, and how many more there are.
fn some<'a>(questions: impl Iterator<Item = &'a Question>) -> String {
    const NAMED: usize = 20;
    let ids: Vec<&str> = questions.map(|question| question.id.as_str()).collect();
    let named = ids.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match ids.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} et {more} autres"),
    }
}

fn several_questions(word: &str, candidates: &[&Question]) -> Diagnostic {
    const NAMED: usize = 12;
    let name = |question: &&Question| format!("{} ({})", question.id, question.label);
    let mut names: Vec<String> = candidates.iter().take(NAMED).map(name).collect();
    if candidates.len() > NAMED {
        names.push("…".to_string());
    }
    let message = format!("{} questions peuvent s’appeler {}", candidates.len(), quoted(word));
    Diagnostic::error("question-ambigue", message)
        .help(format!("donnez l’identifiant de l’une d’elles : {}", names.join(", ")))
}

fn grouping(survey: &Survey, by: Option<&str>) -> Result<Grouping, Diagnostic> {
    let Some(by) = by else { return Ok(Grouping::None) };
    let has_regions = survey.respondents.iter().any(|respondent| respondent.region.is_some());
    if matching::loose_key(by) == "region" && has_regions {
        return Ok(Grouping::Region);
    }
    let rank = question(survey, by)?;
    let is_choice = survey.codebook.questions.get(rank).is_some_and(|q| q.kind.is_choice());
    if is_choice { Ok(Grouping::Question(rank)) } else { Err(no_groups(by)) }
}

fn no_groups(by: &str) -> Diagnostic {
    Diagnostic::error("croisement-impossible", format!("{} ne fait pas de groupes", quoted(by)))
        .help("croisez avec une question à choix, ou avec « region » pour une édition")
}
