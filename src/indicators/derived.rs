//! Figures that are computed from others: `apprenants.moyenne * laureats * 3`.
//!
//! What comes of the answers of the same respondents varies together. The
//! variance of a calculation is that of its parts' influences, added up with the
//! calculation's derivatives ([`crate::statistics::combine`]); what the register
//! or the programme says is known, and does not vary.

use super::expression::Dual;
use super::{Definition, Expression, Figure, Figures, Measure, Statistic, Value, denominator};
use crate::sampling::Plan;
use crate::statistics::{Basis, Combined, Part, combine, correlation};
use crate::survey::Survey;
use crate::tabulation::{Measured, measure};

/// The uncertainty of a calculation.
#[derive(Debug, Clone, PartialEq)]
pub struct Linearisation {
    /// The estimates that it is made of, in the order in which it names them.
    pub terms: Vec<Term>,
    /// The correlation of each two of them, row by row.
    pub correlations: Vec<Vec<f64>>,
    pub found: Result<Combined, NoInterval>,
    /// Whether none of them was left to chance.
    pub census: bool,
}

/// An estimate in a calculation.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The indicator.
    pub id: String,
    /// The derivative of the calculation by it.
    pub slope: f64,
    pub standard_error: f64,
}

/// Why a calculation has no interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoInterval {
    /// Nothing in it is estimated from a sample.
    Known,
    /// It cannot be computed, or is hidden.
    NoValue,
    /// This part is one respondent's answer: a minimum or a maximum.
    Extreme(String),
    /// This part has none of its own.
    Part(String),
}

impl Figures {
    /// Computes the figures that depend on others, those first that can be.
    pub(super) fn derive(&mut self, definitions: &[&Definition], survey: &Survey, plan: &Plan) {
        let mut left: Vec<&Definition> = definitions.to_vec();
        while let Some(next) = left.iter().position(|definition| is_ready(definition, &left)) {
            let definition = left.remove(next);
            let figure = self.derived_figure(definition, survey, plan);
            self.figures.push(figure);
        }
    }

    fn derived_figure(&self, definition: &Definition, survey: &Survey, plan: &Plan) -> Figure {
        let Measure::Expression(expression) = &definition.measure else {
            return super::figure(definition, Value::default());
        };
        let parts: Vec<&Figure> =
            expression.indicators().into_iter().filter_map(|id| self.get(id)).collect();
        let at = |region: Option<&str>| {
            let value = expression.evaluate(&|id| self.get(id)?.at(region)?.value);
            let value = derived(value, parts.iter().filter_map(|part| part.at(region)));
            self.bounded(value, expression, region, survey, plan)
        };
        let everywhere = |slug: &String| parts.iter().all(|part| part.regions.contains_key(slug));
        let slugs = parts.first().map(|part| part.regions.keys()).into_iter().flatten();
        let regions = slugs.filter(|slug| everywhere(slug));
        let regions = regions.map(|slug| (slug.clone(), at(Some(slug)))).collect();
        Figure { definition: definition.clone(), national: at(None), regions }
    }

    /// The value with its interval, where it has one.
    fn bounded(
        &self,
        value: Value,
        expression: &Expression,
        region: Option<&str>,
        survey: &Survey,
        plan: &Plan,
    ) -> Value {
        let linearisation = linearisation(self, expression, region, survey, plan);
        let Ok(found) = linearisation.found else { return value };
        let basis = if linearisation.census { Basis::Census } else { Basis::Linearised };
        let bounded = found.low.or(found.high).is_some();
        Value {
            standard_error: Some(found.standard_error),
            low: found.low,
            high: found.high,
            basis: bounded.then_some(basis),
            ..value
        }
    }

    /// A calculation's value with its derivatives by what is no calculation.
    fn dual(&self, id: &str, region: Option<&str>, depth: usize) -> Option<Dual> {
        let figure = self.get(id)?;
        let value = figure.at(region)?.value?;
        match &figure.definition.measure {
            Measure::Expression(_) if depth == 0 => None,
            Measure::Expression(inner) => {
                inner.differentiate(&|id| self.dual(id, region, depth - 1))
            }
            measure if measure.question().is_some() => {
                Some(Dual { value, slopes: vec![(id.to_string(), 1.0)] })
            }
            _ => Some(Dual { value, slopes: Vec::new() }),
        }
    }

    /// How deep calculations can rest on each other: no circle is accepted.
    pub(super) fn depth(&self) -> usize {
        self.figures.len()
    }

    /// The figures of answers that a calculation rests on, through others, each
    /// once.
    pub(super) fn atoms(&self, expression: &Expression) -> Vec<&Figure> {
        let mut found: Vec<&Figure> = Vec::new();
        self.collect_atoms(expression, self.depth(), &mut found);
        found
    }

    fn collect_atoms<'a>(
        &'a self,
        expression: &Expression,
        depth: usize,
        found: &mut Vec<&'a Figure>,
    ) {
        for figure in expression.indicators().into_iter().filter_map(|id| self.get(id)) {
            let known = found.iter().any(|known| known.definition.id == figure.definition.id);
            match &figure.definition.measure {
                Measure::Expression(inner) if depth > 0 => {
                    self.collect_atoms(inner, depth - 1, found);
                }
                measure if measure.question().is_some() && !known => found.push(figure),
                _ => {}
            }
        }
    }
}

impl Figure {
    /// The value nationally or in a région.
    pub fn at(&self, region: Option<&str>) -> Option<&Value> {
        match region {
            None => Some(&self.national),
            Some(slug) => self.regions.get(slug),
        }
    }
}

fn is_ready(definition: &Definition, left: &[&Definition]) -> bool {
    let Measure::Expression(expression) = &definition.measure else { return true };
    let waits = |id: &&str| left.iter().any(|other| other.id == **id);
    !expression.indicators().iter().any(waits)
}

/// The value of a calculation: it rests on what its weakest part rests on, the
/// one of the smallest base, and is hidden with any of them.
fn derived<'v>(value: Option<f64>, parts: impl Iterator<Item = &'v Value> + Clone) -> Value {
    let hidden = parts.clone().any(|part| part.hidden);
    let weakest = parts.clone().filter(|part| part.base.is_some()).min_by_key(|part| part.base);
    let weakest = weakest.or_else(|| parts.clone().find(|part| part.response.is_some()));
    Value {
        value: value.filter(|_| !hidden),
        hidden,
        base: weakest.and_then(|part| part.base),
        response: weakest.and_then(|part| part.response),
        ..Value::default()
    }
}

/// The uncertainty of a calculation on figures that are computed, nationally or
/// in a région. `survey` has the bases of the catalogue's own.
pub fn linearisation(
    figures: &Figures,
    expression: &Expression,
    region: Option<&str>,
    survey: &Survey,
    plan: &Plan,
) -> Linearisation {
    let none = |reason: NoInterval| Linearisation {
        terms: Vec::new(),
        correlations: Vec::new(),
        found: Err(reason),
        census: false,
    };
    let dual = expression.differentiate(&|id| figures.dual(id, region, figures.depth()));
    let Some(dual) = dual.filter(|dual| dual.value.is_finite()) else {
        return none(NoInterval::NoValue);
    };
    if dual.slopes.is_empty() {
        return none(NoInterval::Known);
    }
    let mut parts = Vec::new();
    for (id, slope) in &dual.slopes {
        match part(figures, id, *slope, region, survey, plan) {
            Ok(part) => parts.push(part),
            Err(reason) => return none(reason),
        }
    }
    let design = &plan.design;
    let term = |((id, slope), part): (&(String, f64), &Part)| Term {
        id: id.clone(),
        slope: *slope,
        standard_error: part.standard_error(design),
    };
    let row = |(rank, one): (usize, &Part)| {
        let with = |(own, other): (usize, &Part)| match own == rank {
            true => 1.0,
            false => correlation(design, one, other),
        };
        parts.iter().enumerate().map(with).collect()
    };
    let of_census = |(id, _): &(String, f64)| {
        let value = figures.get(id).and_then(|figure| figure.at(region));
        value.is_some_and(|value| value.basis == Some(Basis::Census))
    };
    Linearisation {
        terms: dual.slopes.iter().zip(&parts).map(term).collect(),
        correlations: parts.iter().enumerate().map(row).collect(),
        found: Ok(combine(design, dual.value, &parts)),
        census: dual.slopes.iter().all(of_census),
    }
}

/// A figure of answers in a calculation.
fn part(
    figures: &Figures,
    id: &str,
    slope: f64,
    region: Option<&str>,
    survey: &Survey,
    plan: &Plan,
) -> Result<Part, NoInterval> {
    let missing = || NoInterval::Part(id.to_string());
    let figure = figures.get(id).ok_or_else(missing)?;
    let definition = &figure.definition;
    let rank = definition.table().and_then(|table| survey.rank(&table)).ok_or_else(missing)?;
    let question = survey.codebook.questions.get(rank).ok_or_else(missing)?;
    let (what, scale) = match &definition.measure {
        Measure::Share { option, .. } => (question.option(option).map(Measured::Share), 100.0),
        Measure::Number { statistic, .. } => match statistic {
            Statistic::Mean => (Some(Measured::Mean), 1.0),
            Statistic::Total => (Some(Measured::Total), 1.0),
            Statistic::Median => (Some(Measured::Quantile(0.5)), 1.0),
            Statistic::Quantile(order) => (Some(Measured::Quantile(*order)), 1.0),
            Statistic::Minimum | Statistic::Maximum => {
                return Err(NoInterval::Extreme(id.to_string()));
            }
        },
        Measure::Ratio { .. } => (denominator(definition, survey).map(Measured::Ratio), 1.0),
        _ => (None, 1.0),
    };
    let found = what
        .and_then(|what| measure(survey, rank, what, plan, |respondent| respondent.is_in(region)));
    let found = found.ok_or_else(missing)?;
    let influence = found.influence.ok_or_else(missing)?;
    let own = found.estimated;
    Ok(Part {
        slope,
        value: scale * own.value,
        low: own.low.map(|low| scale * low),
        high: own.high.map(|high| scale * high),
        units: found.units,
        influence: influence.into_iter().map(|own| scale * own).collect(),
    })
}
