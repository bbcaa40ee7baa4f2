//! The figures of the bilan: each with its identifier, its value, its base
//! and its count.
//!
//! Which figures there are is the edition's to say (see [`Catalogue`]); this
//! room computes them from the survey and the register. Documents, charts,
//! texts, checks and exports all take them from here.

mod catalogue;
mod derived;
mod display;
mod expression;
mod masks;
mod publication;
mod rounding;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::PolarsResult;

pub use catalogue::{
    Catalogue, Context, Definition, Measure, OwnBase, RegisterMeasure, Statistic, Unit,
};
pub use derived::{Linearisation, NoInterval, Term, linearisation};
pub use display::{Wording, show};
pub use expression::{Dual, Expression, Operation};
pub use masks::{GroupMask, Masker, QuestionMask, Thresholds};
pub use publication::outward;
pub use rounding::{Rounding, roundings};

use crate::codebook::{Base, Question};
use crate::diffusion::Diffusion;
use crate::edition::Display;
use crate::register::members::{members, organisation_key};
use crate::register::{Laureate, Region, Register};
use crate::sampling::Plan;
use crate::statistics::Basis;
use crate::survey::{Respondent, Survey};
use crate::tabulation::{
    Estimated, Group, Grouping, Measured, Summary, Tabulation, measure, tabulate,
};
use crate::typography;

/// The value of an indicator, nationally or in a région.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Value {
    /// In the indicator's unit: a percentage is 66.1, not 0.661. None where it
    /// cannot be computed.
    pub value: Option<f64>,
    /// How it is rounded where it is printed.
    pub rounding: Rounding,
    /// How it is printed.
    pub wording: Wording,
    /// The numerator of a share.
    pub count: Option<usize>,
    /// How many respondents it rests on.
    pub base: Option<usize>,
    /// How many were asked, and how many of them answered; none for what is no
    /// question's.
    pub response: Option<Response>,
    /// The estimated standard error, in the indicator's unit.
    pub standard_error: Option<f64>,
    /// The bounds of the confidence interval, in the indicator's unit, each
    /// where there is one: that of a quantile may reach beyond the answers.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// What the interval was made with.
    pub basis: Option<Basis>,
    /// Whether disclosure control hides it: then value, count and interval are
    /// absent, here and in every product.
    pub hidden: bool,
}

impl Value {
    /// Takes out all that disclosure control hides: the base stays unless it
    /// is itself hidden.
    fn conceal(&mut self, base: bool) {
        let (base, response) = (self.base.filter(|_| !base), self.response.filter(|_| !base));
        *self = Self { base, response, hidden: true, ..Self::default() };
    }
}

/// Who was asked what an indicator is made from, and who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Response {
    /// The respondents to whom the question was put; for a count of
    /// respondents, the projects of the register.
    pub asked: usize,
    /// Those of them who answered it.
    pub answered: usize,
}

impl Response {
    /// Answered out of asked, in per cent; none where nobody was asked.
    pub fn rate(&self) -> Option<f64> {
        (self.asked > 0).then(|| 100.0 * self.answered as f64 / self.asked as f64)
    }
}

/// An indicator and its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub definition: Definition,
    pub national: Value,
    /// By the slug of the région; absent where the région has no answer.
    pub regions: BTreeMap<String, Value>,
}

impl Figure {
    /// Whether the figure was computed from the questionnaire's answers.
    pub fn rests_on_answers(&self) -> bool {
        self.national.base.is_some() || self.national.hidden
    }

    /// The national value as printed, with its unit: `66 %`, `4,5 M€`.
    pub fn shown(&self) -> Option<String> {
        self.national.mark(&self.definition)
    }
}

/// The figures of an edition.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    pub figures: Vec<Figure>,
    /// The hidden figures that others, declared public, give away: the
    /// identifier of each, and the région's slug.
    pub exposed: Vec<(String, Option<String>)>,
}

/// What figures are computed from.
pub struct Data<'a> {
    pub survey: &'a Survey,
    pub register: &'a Register,
    /// How respondents stand for all projects.
    pub plan: &'a Plan,
    pub announced: &'a [(String, f64)],
    /// From how many respondents on a figure appears.
    pub diffusion: &'a Diffusion,
    /// How percentages of few respondents are shown.
    pub display: Display,
}

impl Figures {
    /// Computes the figures of a catalogue.
    ///
    /// # Errors
    ///
    /// Those of polars; none is reachable from an input.
    pub fn compute(catalogue: &Catalogue, data: &Data<'_>) -> PolarsResult<Self> {
        let survey = with_own_bases(data.survey, catalogue);
        let data = &Data { survey: &survey, ..*data };
        let mut tables = Tables { survey: data.survey, plan: data.plan, done: BTreeMap::new() };
        let mut figures = Self::default();
        let (derived, direct): (Vec<&Definition>, Vec<&Definition>) = catalogue
            .definitions
            .iter()
            .partition(|definition| matches!(definition.measure, Measure::Expression(_)));
        for definition in direct {
            let figure = direct_figure(definition, data, &mut tables)?;
            figures.figures.push(figure);
        }
        figures.conceal(data, catalogue, &mut tables)?;
        figures.derive(&derived, data.survey, data.plan);
        figures.figures.iter_mut().for_each(|figure| figure.word(&data.display));
        let rank = |figure: &Figure| {
            catalogue
                .definitions
                .iter()
                .position(|definition| definition.id == figure.definition.id)
        };
        figures.figures.sort_by_key(rank);
        Ok(figures)
    }

    /// The figure of an identifier.
    pub fn get(&self, id: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.definition.id == id)
    }

    /// The figures of a question's options, in the order of the codebook.
    pub fn of_question<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Figure> {
        self.figures.iter().filter(move |figure| {
            let definition = &figure.definition;
            definition.base.is_none()
                && matches!(&definition.measure, Measure::Share { question, .. } if question == id)
        })
    }

    /// Takes out what disclosure control hides.
    fn conceal(
        &mut self,
        data: &Data<'_>,
        catalogue: &Catalogue,
        tables: &mut Tables<'_>,
    ) -> PolarsResult<()> {
        let thresholds = Thresholds::new(data.diffusion, catalogue);
        let masker = Masker { survey: data.survey, thresholds: &thresholds, edition: true };
        let mut done: BTreeMap<String, Masked> = BTreeMap::new();
        for figure in &mut self.figures {
            let definition_tables = figure.definition.tables();
            let Some(id) = definition_tables.first().cloned() else { continue };
            let least = thresholds.of(&id, None).rules.base_minimale;
            let option = match &figure.definition.measure {
                Measure::Share { option, .. } => Some(option.clone()),
                _ => None,
            };
            let Some((question, table)) = tables.of(&id)? else { continue };
            let Some(rank) = data.survey.rank(&id) else { continue };
            if !done.contains_key(&id) {
                let mut mask = masker.mask(rank, Grouping::Region)?;
                for rank in definition_tables.iter().skip(1).filter_map(|id| data.survey.rank(id)) {
                    mask.hide_with(&masker.mask(rank, Grouping::Region)?);
                }
                done.insert(id.clone(), Masked::new(question, table, mask));
            }
            let Some(masked) = done.get(&id) else { continue };
            let option = option.and_then(|option| question.option(&option));
            for (group, (mask, roundings)) in table.groups.iter().zip(masked.groups()) {
                let value = match &group.key {
                    None => Some(&mut figure.national),
                    Some(slug) => figure.regions.get_mut(slug),
                };
                let Some(value) = value else { continue };
                if question.base == Base::Asked && group.key.is_some() && masked.hides_something() {
                    // How many answered is one more equation on hidden counts.
                    value.response = None;
                }
                if let Some(rounding) = option.and_then(|option| roundings.get(option)) {
                    value.rounding = *rounding;
                }
                let extreme = is_extreme(&figure.definition.measure) && mask.extremes;
                let few = tail(&figure.definition.measure, value).is_some_and(|n| n < least);
                if extreme || few || mask.hides(option) {
                    value.conceal(mask.base);
                    if option.is_some_and(|option| mask.exposed.contains(&option)) {
                        self.exposed.push((figure.definition.id.clone(), group.key.clone()));
                    }
                }
            }
        }
        Ok(())
    }
}

/// What is hidden of a question's table, and how the rest is rounded.
struct Masked {
    mask: QuestionMask,
    /// A list a group, an entry an option.
    roundings: Vec<Vec<Rounding>>,
}

impl Masked {
    fn new(question: &Question, table: &Tabulation, mask: QuestionMask) -> Self {
        let groups = table.groups.iter().zip(&mask.groups);
        let roundings = groups.map(|(group, hidden)| roundings(question, group, hidden)).collect();
        Self { mask, roundings }
    }

    fn hides_something(&self) -> bool {
        let hides =
            |group: &GroupMask| group.base || group.numbers || group.options.contains(&true);
        self.mask.groups.iter().any(hides)
    }

    fn groups(&self) -> impl Iterator<Item = (&GroupMask, &Vec<Rounding>)> {
        self.mask.groups.iter().zip(&self.roundings)
    }
}

/// The tables of the questions, each made once.
struct Tables<'a> {
    survey: &'a Survey,
    plan: &'a Plan,
    done: BTreeMap<String, Tabulation>,
}

impl Tables<'_> {
    /// A question and its table: all together, then by région.
    fn of(&mut self, question: &str) -> PolarsResult<Option<(&Question, &Tabulation)>> {
        if !self.done.contains_key(question)
            && let Some(rank) = self.survey.rank(question)
        {
            let table = tabulate(self.survey, rank, Grouping::Region, self.plan)?;
            self.done.insert(question.to_string(), table);
        }
        let definition = self.survey.codebook.question(question);
        Ok(definition.zip(self.done.get(question)))
    }
}

/// The survey, with a question more for each base that an indicator has of its
/// own, and two for each ratio: its numerators and its denominators.
pub fn with_own_bases<'a>(survey: &'a Survey, catalogue: &Catalogue) -> Cow<'a, Survey> {
    let mut survey = Cow::Borrowed(survey);
    for definition in &catalogue.definitions {
        if let Measure::Ratio { numerator, denominator } = &definition.measure {
            add_pairs(&mut survey, definition, [numerator, denominator]);
            continue;
        }
        let (Some(base), Some(id)) = (&definition.base, definition.table()) else { continue };
        let Some(question) = definition.measure.question() else { continue };
        let Some(rank) = survey.rank(question).filter(|_| survey.rank(&id).is_none()) else {
            continue;
        };
        let own = survey.codebook.questions.get(rank).map_or(Base::Respondents, |q| q.base);
        match base {
            OwnBase::Counted(base) => survey.to_mut().add_base(rank, id, *base, None),
            OwnBase::Condition(condition) => {
                survey.to_mut().add_base(rank, id, own, Some(condition.clone()));
            }
        }
    }
    survey
}

/// Adds the numerators and the denominators of those who gave both.
fn add_pairs(survey: &mut Cow<'_, Survey>, definition: &Definition, questions: [&String; 2]) {
    let [one, other] = questions.map(|question| survey.rank(question));
    let Some((one, other)) = one.zip(other) else { return };
    let condition = match &definition.base {
        Some(OwnBase::Condition(condition)) => Some(condition.clone()),
        _ => None,
    };
    for (id, (own, with)) in definition.tables().into_iter().zip([(one, other), (other, one)]) {
        if survey.rank(&id).is_none() {
            survey.to_mut().add_pair(own, with, id, condition.clone());
        }
    }
}

fn direct_figure(
    definition: &Definition,
    data: &Data<'_>,
    tables: &mut Tables<'_>,
) -> PolarsResult<Figure> {
    let id = definition.table().unwrap_or_default();
    let figure = match &definition.measure {
        Measure::Share { option, .. } => match tables.of(&id)? {
            Some((question, table)) => {
                surveyed(definition, table, |group| share(question, group, option))
            }
            None => figure(definition, Value::default()),
        },
        Measure::Number { statistic: Statistic::Quantile(order), .. } => {
            measured(definition, data, tables, Measured::Quantile(*order))?
        }
        Measure::Ratio { .. } => match denominator(definition, data.survey) {
            Some(rank) => measured(definition, data, tables, Measured::Ratio(rank))?,
            None => figure(definition, Value::default()),
        },
        Measure::Number { statistic, .. } => match tables.of(&id)? {
            Some((question, table)) => surveyed(definition, table, |group| {
                let response = Some(response(question, group));
                group.numbers.map(|summary| Value { response, ..number(&summary, *statistic) })
            }),
            None => figure(definition, Value::default()),
        },
        Measure::Register(measure) => Figure {
            regions: regional_values(data.register, *measure),
            ..figure(definition, known(register_value(data.register, *measure)))
        },
        Measure::Respondents => respondents(definition, data),
        Measure::Announced(name) => figure(definition, known(announced(data.announced, name))),
        Measure::Expression(_) => figure(definition, Value::default()),
    };
    Ok(figure)
}

/// The question of a ratio's denominators, by its rank.
fn denominator(definition: &Definition, survey: &Survey) -> Option<usize> {
    survey.rank(definition.tables().get(1)?)
}

/// A figure that a table does not hold: it is estimated of each group's answers.
fn measured(
    definition: &Definition,
    data: &Data<'_>,
    tables: &mut Tables<'_>,
    what: Measured,
) -> PolarsResult<Figure> {
    let id = definition.table().unwrap_or_default();
    let Some((rank, (question, table))) = data.survey.rank(&id).zip(tables.of(&id)?) else {
        return Ok(figure(definition, Value::default()));
    };
    let value = |group: &Group| {
        let base = group.numbers.as_ref()?.count;
        let found = measure(data.survey, rank, what, data.plan, |respondent| {
            group.key.is_none() || respondent.region == group.key
        })?;
        let response = Some(response(question, group));
        Some(Value { base: Some(base), response, ..estimated(&found.estimated, 1.0) })
    };
    Ok(surveyed(definition, table, value))
}

/// A figure that is computed from the answers of each group.
fn surveyed(
    definition: &Definition,
    table: &Tabulation,
    value: impl Fn(&Group) -> Option<Value>,
) -> Figure {
    let national = table.total().and_then(&value).unwrap_or_default();
    let regional = |group: &Group| Some((group.key.clone()?, value(group)?));
    let regions = table.groups.iter().filter_map(regional).collect();
    Figure { regions, ..figure(definition, national) }
}

fn figure(definition: &Definition, national: Value) -> Figure {
    Figure { definition: definition.clone(), national, regions: BTreeMap::new() }
}

/// Whether a measure is one respondent's answer.
fn is_extreme(measure: &Measure) -> bool {
    let Measure::Number { statistic, .. } = measure else { return false };
    matches!(statistic, Statistic::Minimum | Statistic::Maximum)
}

/// How many respondents stand on the shorter side of a quantile, which is one of
/// their answers; none for another measure. The median's sides are halves.
fn tail(measure: &Measure, value: &Value) -> Option<usize> {
    let Measure::Number { statistic: Statistic::Quantile(order), .. } = measure else {
        return None;
    };
    Some((value.base? as f64 * order.min(1.0 - order)).floor() as usize)
}

/// A value that rests on no answer.
fn known(value: Option<f64>) -> Value {
    Value { value, ..Value::default() }
}

fn share(question: &Question, group: &Group, option: &str) -> Option<Value> {
    let cell = group.options.get(question.option(option)?)?;
    let share = cell.share.map(|share| estimated(&share, 100.0)).unwrap_or_default();
    let response = Some(response(question, group));
    Some(Value { count: Some(cell.count), base: Some(group.base), response, ..share })
}

/// Who was asked a question in a group, and who answered.
fn response(question: &Question, group: &Group) -> Response {
    match question.base {
        Base::Respondents => {
            Response { asked: group.base + group.unanswered, answered: group.base }
        }
        Base::Asked => {
            Response { asked: group.base, answered: group.base.saturating_sub(group.unanswered) }
        }
    }
}

fn number(summary: &Summary, statistic: Statistic) -> Value {
    let value = match statistic {
        Statistic::Mean => estimated(&summary.mean, 1.0),
        Statistic::Total => estimated(&summary.sum, 1.0),
        Statistic::Median => estimated(&summary.median, 1.0),
        // No summary has it: see `measured`.
        Statistic::Quantile(_) => Value::default(),
        Statistic::Minimum => known(Some(summary.min)),
        Statistic::Maximum => known(Some(summary.max)),
    };
    Value { base: Some(summary.count), ..value }
}

/// An estimate in the unit of an indicator.
fn estimated(estimate: &Estimated, scale: f64) -> Value {
    Value {
        value: Some(scale * estimate.value),
        standard_error: estimate.standard_error.map(|error| scale * error),
        low: estimate.low.map(|low| scale * low),
        high: estimate.high.map(|high| scale * high),
        basis: estimate.low.or(estimate.high).and(estimate.basis),
        ..Value::default()
    }
}

/// How many projects answered, in all and in each région of the register.
fn respondents(definition: &Definition, data: &Data<'_>) -> Figure {
    let answered = data.survey.respondents.len();
    let asked = data.register.laureates.len();
    let value = |asked: usize, answered: usize| Value {
        response: (asked > 0).then_some(Response { asked, answered: answered.min(asked) }),
        ..known(Some(answered as f64))
    };
    let regional = |region: &Region| {
        let asked = data.register.laureates_of(&region.slug).count();
        let of = |own: &&Respondent| own.region.as_ref() == Some(&region.slug);
        let answered = data.survey.respondents.iter().filter(of).count();
        (asked > 0).then(|| (region.slug.clone(), value(asked, answered)))
    };
    let regions = data.register.regions.iter().filter_map(regional).collect();
    Figure { regions, ..figure(definition, value(asked, answered)) }
}

fn announced(totals: &[(String, f64)], name: &str) -> Option<f64> {
    totals.iter().find(|(candidate, _)| candidate == name).map(|(_, number)| *number)
}

fn register_value(register: &Register, measure: RegisterMeasure) -> Option<f64> {
    let regions = || register.regions.iter();
    let sum = |of: fn(&Region) -> Option<f64>| Some(regions().filter_map(of).sum());
    match measure {
        RegisterMeasure::Laureates => Some(register.laureates.len() as f64),
        RegisterMeasure::Regions => Some(register.regions.len() as f64),
        RegisterMeasure::Cards => Some(register.cards.len() as f64),
        RegisterMeasure::Envelope => sum(|region| region.envelope).map(cents),
        RegisterMeasure::Announced => sum(|region| region.announced.map(|n| n as f64)),
        RegisterMeasure::Departments => sum(|region| region.departments.map(|n| n as f64)),
        RegisterMeasure::SmallestGrant => regions().filter_map(|r| r.grant_min).reduce(f64::min),
        RegisterMeasure::LargestGrant => regions().filter_map(|r| r.grant_max).reduce(f64::max),
        RegisterMeasure::ThirdPlaces => distinct(register, |laureate| &laureate.third_places),
        RegisterMeasure::TrainingOrganisations => {
            distinct(register, |laureate| &laureate.training_organisations)
        }
    }
}

/// How many different organisations the lists name.
fn distinct(register: &Register, list: impl Fn(&Laureate) -> &String) -> Option<f64> {
    let names = register.laureates.iter().flat_map(|laureate| members(list(laureate)));
    let keys: BTreeSet<String> = names.map(|name| organisation_key(&name)).collect();
    Some(keys.len() as f64)
}

/// Amounts printed to a tenth of a million are summed without binary noise.
fn cents(millions: f64) -> f64 {
    typography::round_half_up(millions, 6)
}

fn regional_values(register: &Register, measure: RegisterMeasure) -> BTreeMap<String, Value> {
    let value = |region: &Region| match measure {
        RegisterMeasure::Laureates => Some(register.laureates_of(&region.slug).count() as f64),
        RegisterMeasure::Cards => Some(register.cards_of(&region.slug).count() as f64),
        RegisterMeasure::Regions => None,
        RegisterMeasure::Envelope => region.envelope,
        RegisterMeasure::Announced => region.announced.map(|n| n as f64),
        RegisterMeasure::Departments => region.departments.map(|n| n as f64),
        RegisterMeasure::SmallestGrant => region.grant_min,
        RegisterMeasure::LargestGrant => region.grant_max,
        RegisterMeasure::ThirdPlaces | RegisterMeasure::TrainingOrganisations => None,
    };
    let entry = |region: &Region| Some((region.slug.clone(), known(Some(value(region)?))));
    register.regions.iter().filter_map(entry).collect()
}

#[cfg(test)]
mod tests;
