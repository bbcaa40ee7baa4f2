//! The catalogue: which figures an edition has, and what each one is.
//!
//! `indicateurs.toml` names them. A section is one indicator, or one for each
//! option of a question:
//!
//! ```toml
//! [themes]                  # themes.insertion, themes.numerique…
//! question = "themes"
//!
//! [apprenants.moyenne]
//! question = "apprenants"
//! mesure = "moyenne"
//!
//! [apprenants.total]
//! calcul = "apprenants.moyenne * laureats * 3"
//! ```

use std::path::Path;

use super::expression::Expression;
use crate::codebook::{Base, Codebook, Condition, Kind, Question};
use crate::diagnostics::{Diagnostics, Place};
use crate::diffusion::Change;
use crate::settings::{Document, Section};

/// What an indicator is.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    pub id: String,
    pub label: String,
    pub unit: Unit,
    /// How many decimals it is shown with.
    pub decimals: usize,
    pub measure: Measure,
    /// What of the register a published total should equal.
    pub parts: Option<RegisterMeasure>,
    /// What other figures a published one should follow from.
    pub identity: Option<Expression>,
    /// Another base than the question's own.
    pub base: Option<OwnBase>,
    /// What it changes of the edition's thresholds of disclosure.
    pub diffusion: Option<Change>,
    /// The line of the catalogue, for messages.
    pub place: Place,
}

/// A base of an indicator's own: `base = "tous"`, `base = "qpv = oui"`.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnBase {
    /// Everyone who was asked, or only those who answered.
    Counted(Base),
    /// Those of the question's base who meet a condition.
    Condition(Condition),
}

impl std::fmt::Display for OwnBase {
    /// As the catalogue writes it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Counted(Base::Asked) => f.write_str("tous"),
            Self::Counted(Base::Respondents) => f.write_str("repondants"),
            Self::Condition(condition) => condition.fmt(f),
        }
    }
}

/// How an indicator is obtained. Questions and options are given by their
/// identifiers.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// The share of respondents who ticked an option.
    Share { question: String, option: String },
    /// A statistic of the numbers answered.
    Number { question: String, statistic: Statistic },
    /// A count or a sum over the register.
    Register(RegisterMeasure),
    /// How many projects answered.
    Respondents,
    /// A total that the programme announced, by its name in the edition.
    Announced(String),
    /// Arithmetic on other indicators.
    Expression(Expression),
}

impl Definition {
    /// What tells the tables that indicators are taken from apart: the
    /// question, and a base of its own: `themes`, `themes [qpv = oui]`. None for
    /// what is no question's.
    pub fn table(&self) -> Option<String> {
        let question = match &self.measure {
            Measure::Share { question, .. } | Measure::Number { question, .. } => question,
            _ => return None,
        };
        Some(match &self.base {
            None => question.clone(),
            Some(base) => format!("{question} [{base}]"),
        })
    }
}

impl Measure {
    /// Whether two measures are made of the same answers, so that one shown
    /// would tell the other.
    fn same_cells(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Share { .. }, Self::Share { .. }) => self == other,
            (Self::Number { question, .. }, Self::Number { question: of, .. }) => question == of,
            _ => false,
        }
    }
}

/// A statistic of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    Mean,
    Total,
    Median,
    Minimum,
    Maximum,
}

/// A count or a sum over the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterMeasure {
    /// How many projects the lists hold.
    Laureates,
    Regions,
    Cards,
    /// The sum of the régions' envelopes, in millions of euros.
    Envelope,
    /// The sum of the announced projects.
    Announced,
    /// The sum of the départements covered.
    Departments,
    /// The smallest and the largest grant of all régions, in euros.
    SmallestGrant,
    LargestGrant,
    /// The different tiers-lieux of the lists.
    ThirdPlaces,
    /// The different training organisations of the lists.
    TrainingOrganisations,
}

/// The unit of an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    Percent,
    Euros,
    MillionEuros,
    /// Counted things, by their name in the plural; empty for a bare number.
    Things(String),
}

impl Unit {
    fn from_text(text: &str) -> Self {
        match text {
            "%" => Self::Percent,
            "€" => Self::Euros,
            "M€" => Self::MillionEuros,
            other => Self::Things(other.to_string()),
        }
    }

    /// The unit as written in files.
    pub fn symbol(&self) -> &str {
        match self {
            Self::Percent => "%",
            Self::Euros => "€",
            Self::MillionEuros => "M€",
            Self::Things(things) => things,
        }
    }
}

/// The indicators of an edition, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    pub definitions: Vec<Definition>,
}

const STATISTICS: [(&str, Statistic); 5] = [
    ("moyenne", Statistic::Mean),
    ("total", Statistic::Total),
    ("mediane", Statistic::Median),
    ("minimum", Statistic::Minimum),
    ("maximum", Statistic::Maximum),
];

const REGISTER: [(&str, RegisterMeasure); 10] = [
    ("projets", RegisterMeasure::Laureates),
    ("regions", RegisterMeasure::Regions),
    ("fiches", RegisterMeasure::Cards),
    ("enveloppe", RegisterMeasure::Envelope),
    ("projets_annonces", RegisterMeasure::Announced),
    ("departements", RegisterMeasure::Departments),
    ("subvention_minimale", RegisterMeasure::SmallestGrant),
    ("subvention_maximale", RegisterMeasure::LargestGrant),
    ("tiers_lieux", RegisterMeasure::ThirdPlaces),
    ("organismes", RegisterMeasure::TrainingOrganisations),
];

/// What a catalogue may refer to.
pub struct Context<'a> {
    pub codebook: &'a Codebook,
    /// The names of the announced totals.
    pub announced: &'a [(String, f64)],
}

impl Catalogue {
    /// Reads a catalogue, with every fault of it.
    pub fn read(path: &Path, context: &Context<'_>, found: &mut Diagnostics) -> Self {
        match Document::read(path) {
            Ok(document) => Self::from_document(&document, context, found),
            Err(faults) => {
                found.extend(faults);
                Self::default()
            }
        }
    }

    /// Reads a catalogue from its text; `file` is its name in messages.
    pub fn parse(file: &str, text: &str, context: &Context<'_>, found: &mut Diagnostics) -> Self {
        match Document::parse(file, text) {
            Ok(document) => Self::from_document(&document, context, found),
            Err(faults) => {
                found.extend(faults);
                Self::default()
            }
        }
    }

    fn from_document(document: &Document, context: &Context<'_>, found: &mut Diagnostics) -> Self {
        let root = document.root();
        let mut definitions = Vec::new();
        for key in root.keys() {
            if let Some(section) = root.section(key) {
                read_section(&section, key, context, &mut definitions);
            }
        }
        let catalogue = Self { definitions };
        catalogue.check_expressions(&root);
        catalogue.check_diffusion(&root);
        found.extend(document.take_diagnostics());
        catalogue
    }

    /// The definition of an identifier.
    pub fn get(&self, id: &str) -> Option<&Definition> {
        self.definitions.iter().find(|definition| definition.id == id)
    }

    /// Checks that expressions name indicators that exist, and do not go round
    /// in circles.
    fn check_expressions(&self, root: &Section<'_>) {
        for definition in &self.definitions {
            let Some(section) = descend(root, &definition.id) else { continue };
            if let Some(identity) = &definition.identity {
                self.check_names(&section, "coherence", identity);
            }
            let Measure::Expression(expression) = &definition.measure else { continue };
            self.check_names(&section, "calcul", expression);
            if let Some(circle) = self.circle(&definition.id) {
                let message = format!("ce calcul tourne en rond : {}", circle.join(" → "));
                let help = "un indicateur ne peut pas dépendre de lui-même".to_string();
                section.fault("calcul", "calcul-circulaire", message, help);
            }
        }
    }

    /// Checks that two indicators of the same cells agree on who may see them,
    /// and that nothing is said where there is nothing to hide.
    fn check_diffusion(&self, root: &Section<'_>) {
        for (rank, definition) in self.definitions.iter().enumerate() {
            let Some(section) = declaring(root, &definition.id) else { continue };
            let others = self.definitions.iter().take(rank);
            let same = |other: &&Definition| {
                other.measure.same_cells(&definition.measure)
                    && other.base == definition.base
                    && other.diffusion != definition.diffusion
            };
            if let Some(other) = others.into_iter().find(same) {
                let message = format!(
                    "« {} » et « {} » sont faits des mêmes réponses, et l’un est diffusé autrement",
                    other.id, definition.id
                );
                let help = "écrivez la même « diffusion » aux deux".to_string();
                section.fault("diffusion", "diffusion-contradictoire", message, help);
            }
            let surveyed =
                matches!(definition.measure, Measure::Share { .. } | Measure::Number { .. });
            if definition.diffusion.is_some() && !surveyed {
                let message = "« diffusion » ne se règle que sur un chiffre du questionnaire";
                let help = "un calcul suit les chiffres dont il est fait, et ceux du registre \
                            sont publics : retirez la clé";
                section.fault("diffusion", "diffusion-inutile", message.into(), help.into());
            }
        }
    }

    fn check_names(&self, section: &Section<'_>, key: &str, expression: &Expression) {
        for id in expression.indicators() {
            if self.get(id).is_none() {
                let ids = self.definitions.iter().map(|definition| definition.id.as_str());
                section.unknown_value(key, id, ids);
            }
        }
    }

    /// A path from an indicator back to itself, if there is one.
    fn circle(&self, start: &str) -> Option<Vec<String>> {
        let mut seen = Vec::new();
        let mut paths = vec![vec![start.to_string()]];
        while let Some(path) = paths.pop() {
            let last = path.last().cloned().unwrap_or_default();
            let measure = self.get(&last).map(|definition| &definition.measure);
            let Some(Measure::Expression(expression)) = measure else { continue };
            for id in expression.indicators() {
                let longer = [path.clone(), vec![id.to_string()]].concat();
                if id == start {
                    return Some(longer);
                }
                if !seen.contains(&id) {
                    seen.push(id);
                    paths.push(longer);
                }
            }
        }
        None
    }
}

fn descend<'a>(root: &Section<'a>, id: &str) -> Option<Section<'a>> {
    let mut parts = id.split('.');
    let first = root.section(parts.next()?)?;
    parts.try_fold(first, |section, part| section.section(part))
}

/// The section that declares an indicator: its own, or that of its family.
fn declaring<'a>(root: &Section<'a>, id: &str) -> Option<Section<'a>> {
    let family = id.rsplit_once('.').map(|(family, _)| family);
    descend(root, id).or_else(|| descend(root, family?))
}

/// Reads a section: an indicator, a family of them, or sections within.
fn read_section(
    section: &Section<'_>,
    id: &str,
    context: &Context<'_>,
    definitions: &mut Vec<Definition>,
) {
    const MEASURES: [&str; 5] = ["question", "registre", "annonce", "calcul", "enquete"];
    let is_indicator = MEASURES.iter().any(|key| section.has(key));
    if is_indicator {
        definitions.extend(definition(section, id, context));
    }
    let within = section.keys().into_iter().filter(|key| {
        // The thresholds of an indicator are written as a table, too.
        section.is_section(key) && !(*key == "diffusion" && is_indicator)
    });
    for key in within {
        if let Some(child) = section.section(key) {
            read_section(&child, &format!("{id}.{key}"), context, definitions);
        }
    }
    section.finish();
}

fn definition(section: &Section<'_>, id: &str, context: &Context<'_>) -> Vec<Definition> {
    let label = section.text("libelle");
    let unit = section.text("unite");
    let decimals = section.count("decimales");
    let question = question(section, context);
    let parts = section.choice("parties", &REGISTER);
    let identity =
        section.text("coherence").and_then(|text| expression(section, "coherence", &text));
    let base = question.and_then(|question| own_base(section, question, context));
    let diffusion = Change::read(section);
    let named = |id: String, label: String, unit: &str, measure: Measure| Definition {
        id,
        label,
        unit: Unit::from_text(unit),
        decimals: decimals.unwrap_or(0).min(6),
        measure,
        parts,
        identity: identity.clone(),
        base: base.clone(),
        diffusion,
        place: section.place_of_section(),
    };
    let written = unit.as_deref();
    if let Some(question) = question {
        let of = |part: &str| if part.is_empty() { id.to_string() } else { format!("{id}.{part}") };
        let single = |(part, name, unit, measure): (&str, &str, &str, Measure)| {
            let label = label.clone().unwrap_or_else(|| name.to_string());
            named(of(part), label, written.unwrap_or(unit), measure)
        };
        return question_measures(section, question).into_iter().map(single).collect();
    }
    let label = label.unwrap_or_else(|| id.to_string());
    let measure = other_measure(section, context);
    measure.map(|m| named(id.to_string(), label, written.unwrap_or(""), m)).into_iter().collect()
}

/// The base that an indicator asks for, where it is not the question's.
fn own_base(section: &Section<'_>, question: &Question, context: &Context<'_>) -> Option<OwnBase> {
    let text = section.text("base")?;
    let counted = match text.as_str() {
        "tous" => Some(Base::Asked),
        "repondants" => Some(Base::Respondents),
        _ => None,
    };
    if let Some(base) = counted {
        return (base != question.base).then_some(OwnBase::Counted(base));
    }
    let Some(condition) = Condition::parse(&text) else {
        section.unknown_value("base", &text, ["tous", "repondants", "question = modalite"]);
        return None;
    };
    check_condition(section, &condition, question, context).then_some(OwnBase::Condition(condition))
}

/// Whether a condition is on a question of the codebook, other than the one
/// counted, and on options that it has.
fn check_condition(
    section: &Section<'_>,
    condition: &Condition,
    question: &Question,
    context: &Context<'_>,
) -> bool {
    let Some(subject) = context.codebook.question(&condition.subject) else {
        let ids = context.codebook.questions.iter().map(|question| question.id.as_str());
        section.unknown_value("base", &condition.subject, ids);
        return false;
    };
    if subject.id == question.id {
        let message = format!("la question « {} » serait sa propre base", question.id);
        let help = "la condition porte sur une autre question".to_string();
        section.fault("base", "condition-circulaire", message, help);
        return false;
    }
    let unknown = condition.values.iter().filter(|value| {
        subject.kind.is_choice() && !value.is_empty() && subject.option(value).is_none()
    });
    let unknown: Vec<&String> = unknown.collect();
    for value in &unknown {
        let ids = subject.options.iter().map(|option| option.id.as_str());
        section.unknown_value("base", value, ids);
    }
    unknown.is_empty()
}

fn question<'a>(section: &Section<'_>, context: &Context<'a>) -> Option<&'a Question> {
    let id = section.text("question")?;
    let question = context.codebook.question(&id);
    if question.is_none() {
        let ids = context.codebook.questions.iter().map(|question| question.id.as_str());
        section.unknown_value("question", &id, ids);
    }
    question
}

/// The measures that a question gives: the part of the identifier, the label,
/// the unit and the measure of each.
fn question_measures<'q>(
    section: &Section<'_>,
    question: &'q Question,
) -> Vec<(&'q str, &'q str, &'static str, Measure)> {
    let option = section.text("modalite");
    let statistic = section.choice("mesure", &STATISTICS);
    let share =
        |option: &str| Measure::Share { question: question.id.clone(), option: option.to_string() };
    match (question.kind, option) {
        (Kind::Single | Kind::Multiple, Some(id)) => match question.option(&id) {
            Some(_) => vec![("", question.label.as_str(), "%", share(&id))],
            None => {
                let ids = question.options.iter().map(|option| option.id.as_str());
                section.unknown_value("modalite", &id, ids);
                Vec::new()
            }
        },
        (Kind::Single | Kind::Multiple, None) => question
            .options
            .iter()
            .map(|option| (option.id.as_str(), option.label.as_str(), "%", share(&option.id)))
            .collect(),
        (Kind::Number, None) => {
            let statistic = statistic.unwrap_or(Statistic::Mean);
            let measure = Measure::Number { question: question.id.clone(), statistic };
            vec![("", question.label.as_str(), "", measure)]
        }
        _ => {
            let message = format!("la question « {} » ne donne pas de chiffre", question.id);
            let help = "prenez une question à choix ou un nombre".to_string();
            section.fault("question", "mesure-impossible", message, help);
            Vec::new()
        }
    }
}

fn other_measure(section: &Section<'_>, context: &Context<'_>) -> Option<Measure> {
    if section.has("registre") {
        return section.choice("registre", &REGISTER).map(Measure::Register);
    }
    if section.has("enquete") {
        return section.choice("enquete", &[("repondants", Measure::Respondents)]);
    }
    if let Some(name) = section.text("annonce") {
        let known = || context.announced.iter().map(|(name, _)| name.as_str());
        if !known().any(|candidate| candidate == name) {
            section.unknown_value("annonce", &name, known());
        }
        return Some(Measure::Announced(name));
    }
    let text = section.text("calcul")?;
    expression(section, "calcul", &text).map(Measure::Expression)
}

fn expression(section: &Section<'_>, key: &str, text: &str) -> Option<Expression> {
    let fault = |fault: String| {
        let help = "écrivez par exemple « apprenants.moyenne * laureats * 3 »".to_string();
        section.fault(key, "calcul-invalide", fault, help);
    };
    Expression::parse(text).map_err(fault).ok()
}
