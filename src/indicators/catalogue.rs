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
//! [apprenants.neuf-dixiemes]
//! question = "apprenants"
//! mesure = "quantile"
//! ordre = 0.9
//!
//! [apprenants.par-membre]
//! mesure = "ratio"
//! numerateur = "apprenants"
//! denominateur = "membres"
//!
//! [apprenants.total]
//! calcul = "apprenants.moyenne * laureats * 3"
//! ```

use std::path::Path;

use super::expression::Expression;
use crate::codebook::{Base, Codebook, Condition, Kind, Question};
use crate::diagnostics::{Diagnostics, Place};
use crate::diffusion::{Change, Diffusion};
use crate::matching;
use crate::settings::{Document, Section};
use crate::typography::{alternatives, list, quoted};

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
    /// The total of the numbers answered to a question over that of another, among
    /// those who answered both.
    Ratio { numerator: String, denominator: String },
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
    /// The thresholds that it is under in an edition, with its own.
    pub fn under(&self, edition: &Diffusion) -> Diffusion {
        self.diffusion.map_or(*edition, |change| edition.with(&change))
    }

    /// What tells the tables that indicators are taken from apart: the
    /// question, and a base of its own: `themes`, `themes [qpv = oui]`; that of the
    /// numerators of a ratio. None for what is no question's.
    pub fn table(&self) -> Option<String> {
        self.tables().into_iter().next()
    }

    /// All of them: a ratio has that of its denominators too.
    pub fn tables(&self) -> Vec<String> {
        let with_base = |table: String| match &self.base {
            None => table,
            Some(base) => format!("{table} [{base}]"),
        };
        let pair = |one: &String, other: &String| format!("{one} (avec {other})");
        let tables = match &self.measure {
            Measure::Share { question, .. } | Measure::Number { question, .. } => {
                vec![question.clone()]
            }
            Measure::Ratio { numerator, denominator } => {
                vec![pair(numerator, denominator), pair(denominator, numerator)]
            }
            _ => Vec::new(),
        };
        tables.into_iter().map(with_base).collect()
    }
}

impl Measure {
    /// The question that is counted; the numerator of a ratio.
    pub fn question(&self) -> Option<&str> {
        match self {
            Self::Share { question, .. } | Self::Number { question, .. } => Some(question),
            Self::Ratio { numerator, .. } => Some(numerator),
            _ => None,
        }
    }

    /// Whether it is made of numbers that were answered.
    pub fn is_of_numbers(&self) -> bool {
        matches!(self, Self::Number { .. } | Self::Ratio { .. })
    }

    /// Whether two measures are made of the same answers, so that one shown
    /// would tell the other.
    fn same_cells(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Share { .. }, Self::Share { .. }) => self == other,
            (Self::Number { question, .. }, Self::Number { question: of, .. }) => question == of,
            (Self::Ratio { .. }, Self::Ratio { .. }) => self == other,
            _ => false,
        }
    }
}

/// A statistic of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Statistic {
    Mean,
    Total,
    Median,
    /// Of an order between 0 and 1.
    Quantile(f64),
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

/// What `mesure` asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asked {
    Statistic(Statistic),
    /// Whose order is another key.
    Quantile,
    Ratio,
}

const MEASURES: [(&str, Asked); 7] = [
    ("moyenne", Asked::Statistic(Statistic::Mean)),
    ("total", Asked::Statistic(Statistic::Total)),
    ("mediane", Asked::Statistic(Statistic::Median)),
    ("minimum", Asked::Statistic(Statistic::Minimum)),
    ("maximum", Asked::Statistic(Statistic::Maximum)),
    ("quantile", Asked::Quantile),
    ("ratio", Asked::Ratio),
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
        // A circle is told once, at the first of its indicators.
        let mut circular: Vec<String> = Vec::new();
        for definition in &self.definitions {
            let Some(section) = descend(root, &definition.id) else { continue };
            if let Some(identity) = &definition.identity {
                self.check_names(&section, "coherence", identity);
            }
            let Measure::Expression(expression) = &definition.measure else { continue };
            self.check_names(&section, "calcul", expression);
            let told = |circle: &Vec<String>| circle.iter().any(|id| circular.contains(id));
            if let Some(circle) = self.circle(&definition.id).filter(|circle| !told(circle)) {
                circular.extend(circle.iter().cloned());
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
            let surveyed = definition.measure.question().is_some();
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
                let message = format!("l’indicateur {} n’existe pas", quoted(id));
                section.fault(key, "indicateur-inconnu", message, self.instead_of(id));
            }
        }
    }

    /// What to write in place of an indicator that does not exist.
    fn instead_of(&self, id: &str) -> String {
        let ids = || self.definitions.iter().map(|definition| definition.id.as_str());
        let family = format!("{id}.");
        let family: Vec<String> =
            ids().filter(|known| known.starts_with(&family)).map(quoted).collect();
        let near: Vec<String> = matching::nearest(id, ids()).into_iter().map(quoted).collect();
        match (family.as_slice(), near.as_slice()) {
            ([], []) => "les indicateurs sont les sections de ce fichier".to_string(),
            ([], near) => format!("vouliez-vous dire {} ?", alternatives(near)),
            (family, _) => format!("c’est une famille : nommez {}", alternatives(family)),
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
    const SOURCES: [&str; 8] = [
        "question",
        "registre",
        "annonce",
        "calcul",
        "enquete",
        "mesure",
        "numerateur",
        "denominateur",
    ];
    let names = section.keys();
    let is_section = |key: &&str| section.is_section(key) && *key != "diffusion";
    let childless = !names.iter().any(is_section);
    let is_indicator =
        childless || SOURCES.iter().any(|key| section.has(key) && !section.is_section(key));
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
    let asked = section.choice("mesure", &MEASURES);
    let is_ratio =
        asked == Some(Asked::Ratio) || section.has("numerateur") || section.has("denominateur");
    let question =
        if is_ratio { None } else { named_question(section, "question", context.codebook) };
    let pair = if is_ratio { ratio(section, asked, context) } else { None };
    let parts = section.choice("parties", &REGISTER);
    let identity =
        section.text("coherence").and_then(|text| expression(section, "coherence", &text));
    let counted = question.or(pair.map(|(numerator, _)| numerator));
    let base = counted.and_then(|question| own_base(section, question, context));
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
        return question_measures(section, question, asked).into_iter().map(single).collect();
    }
    let fallback = match pair {
        Some((numerator, denominator)) => format!("{} / {}", numerator.label, denominator.label),
        None => id.to_string(),
    };
    let label = label.unwrap_or(fallback);
    let measure = match pair {
        Some((numerator, denominator)) => Some(Measure::Ratio {
            numerator: numerator.id.clone(),
            denominator: denominator.id.clone(),
        }),
        None if is_ratio || section.has("question") => None,
        None => other_measure(section, context),
    };
    measure.map(|m| named(id.to_string(), label, written.unwrap_or(""), m)).into_iter().collect()
}

/// The two questions of a ratio.
fn ratio<'a>(
    section: &Section<'_>,
    asked: Option<Asked>,
    context: &Context<'a>,
) -> Option<(&'a Question, &'a Question)> {
    if asked.is_some_and(|asked| asked != Asked::Ratio) || !section.has("mesure") {
        let message = "« numerateur » et « denominateur » ne servent qu’à un ratio".to_string();
        section.fault("mesure", "mesure-impossible", message, "écrivez mesure = \"ratio\"".into());
    }
    if section.has("question") {
        // Asked for, so that it is told once and not as an unknown key.
        let _ = section.text("question");
        let message = "un ratio n’a pas de « question »".to_string();
        let help = "nommez ses deux questions par « numerateur » et « denominateur »".to_string();
        section.fault("question", "mesure-impossible", message, help);
    }
    let side = |key: &str| {
        section.required_text(key)?;
        let question = named_question(section, key, context.codebook)?;
        if question.kind == Kind::Number {
            return Some(question);
        }
        no_numbers(section, key, question, context);
        None
    };
    let (numerator, denominator) = (side("numerateur"), side("denominateur"));
    let pair = numerator.zip(denominator);
    if let Some((question, _)) = pair.filter(|(one, other)| one.id == other.id) {
        let message = format!("le ratio de « {} » à elle-même est toujours 1", question.id);
        let help = "nommez une autre question au dénominateur".to_string();
        section.fault("denominateur", "mesure-impossible", message, help);
        return None;
    }
    pair
}

/// Tells that a question gives no number, and which ones do.
fn no_numbers(section: &Section<'_>, key: &str, question: &Question, context: &Context<'_>) {
    let numbers = context.codebook.questions.iter().filter(|q| q.kind == Kind::Number);
    let numbers: Vec<String> = numbers.map(|question| quoted(&question.id)).collect();
    let message = format!(
        "la question « {} » est de type « {} » : elle ne donne pas de nombres",
        question.id,
        question.kind.word()
    );
    let help = match numbers.as_slice() {
        [] => "aucune question du dictionnaire n’est de type « nombre »".to_string(),
        _ => format!("prenez une question de type « nombre » : {}", list(&numbers)),
    };
    section.fault(key, "mesure-impossible", message, help);
}

/// The base that an indicator asks for, where it is not the question's.
fn own_base(section: &Section<'_>, question: &Question, context: &Context<'_>) -> Option<OwnBase> {
    let text = section.text("base")?;
    let counted = match text.as_str() {
        "tous" if question.kind == Kind::Number => {
            let message = "une mesure de nombres n’a pour base que ceux qui en ont donné un";
            let help = "retirez « base », ou écrivez une condition : base = \"qpv = oui\"";
            section.fault("base", "mesure-impossible", message.into(), help.into());
            return None;
        }
        "tous" => Some(Base::Asked),
        "repondants" => Some(Base::Respondents),
        _ => None,
    };
    if let Some(base) = counted {
        return (base != question.base).then_some(OwnBase::Counted(base));
    }
    let Ok(condition) = Condition::parse(&text) else {
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

/// The question that a key names.
fn named_question<'a>(
    section: &Section<'_>,
    key: &str,
    codebook: &'a Codebook,
) -> Option<&'a Question> {
    let id = section.text(key)?;
    let question = codebook.question(&id);
    if question.is_none() {
        let ids = codebook.questions.iter().map(|question| question.id.as_str());
        section.unknown_value(key, &id, ids);
    }
    question
}

/// The measures that a question gives: the part of the identifier, the label,
/// the unit and the measure of each.
fn question_measures<'q>(
    section: &Section<'_>,
    question: &'q Question,
    asked: Option<Asked>,
) -> Vec<(&'q str, &'q str, &'static str, Measure)> {
    let option = section.text("modalite");
    let order = order(section, asked);
    let share =
        |option: &str| Measure::Share { question: question.id.clone(), option: option.to_string() };
    if question.kind.is_choice() && asked.is_some() {
        let message =
            format!("la question « {} » est à choix : elle n’a pas de mesure", question.id);
        let help = "retirez « mesure » : le chiffre est la part de ceux qui ont choisi chaque \
                    modalité";
        section.fault("mesure", "mesure-impossible", message, help.to_string());
        return Vec::new();
    }
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
            let statistic = match asked {
                Some(Asked::Statistic(statistic)) => Some(statistic),
                Some(Asked::Quantile) => order,
                // A word that is none was told.
                _ => (!section.has("mesure")).then_some(Statistic::Mean),
            };
            let measure = |statistic| Measure::Number { question: question.id.clone(), statistic };
            let entry = |statistic| ("", question.label.as_str(), "", measure(statistic));
            statistic.map(entry).into_iter().collect()
        }
        (Kind::Number, Some(_)) => {
            let message = format!("la question « {} » est un nombre, sans modalités", question.id);
            let help = "retirez « modalite », et dites la « mesure » : moyenne, total, mediane…";
            section.fault("modalite", "mesure-impossible", message, help.to_string());
            Vec::new()
        }
        _ => {
            let message = format!("la question « {} » ne donne pas de chiffre", question.id);
            let help = "prenez une question à choix ou un nombre".to_string();
            section.fault("question", "mesure-impossible", message, help);
            Vec::new()
        }
    }
}

/// The quantile that `ordre` asks for; the median where it is 0.5.
fn order(section: &Section<'_>, asked: Option<Asked>) -> Option<Statistic> {
    const KEY: &str = "ordre";
    if asked != Some(Asked::Quantile) {
        if section.number(KEY).is_some() {
            let message = "« ordre » ne sert qu’à un quantile".to_string();
            let help = "écrivez mesure = \"quantile\", ou retirez « ordre »".to_string();
            section.fault(KEY, "mesure-impossible", message, help);
        }
        return None;
    }
    if !section.has(KEY) {
        let message = "l’« ordre » du quantile n’est pas dit".to_string();
        let help = "ajoutez une ligne ordre = 0.9 (neuf réponses sur dix sont au-dessous)";
        section.fault("mesure", "cle-absente", message, help.to_string());
    }
    let order = section.number(KEY)?;
    if order > 0.0 && order < 1.0 {
        let median = order == 0.5;
        return Some(if median { Statistic::Median } else { Statistic::Quantile(order) });
    }
    let message = "« ordre » doit être entre 0 et 1, sans y être égal".to_string();
    let help = match order {
        _ if order > 1.0 && order < 100.0 => format!("écrivez ordre = {}", order / 100.0),
        0.0 => "le plus petit des nombres est mesure = \"minimum\"".to_string(),
        1.0 => "le plus grand des nombres est mesure = \"maximum\"".to_string(),
        _ => "écrivez 0.9 pour la valeur que neuf réponses sur dix ne dépassent pas".to_string(),
    };
    section.fault(KEY, "valeur-invalide", message, help);
    None
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
    if !section.has("calcul") {
        let message = "ce chiffre n’a pas de source".to_string();
        let help = "ajoutez une ligne question = …, registre = …, annonce = …, enquete = … ou \
                    calcul = …";
        section.fault("mesure", "cle-absente", message, help.to_string());
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
