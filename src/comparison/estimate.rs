//! The interval of a difference.

use std::collections::BTreeSet;

use super::Year;
use super::pairs::Pairs;
use crate::indicators::{Definition, Figure, Measure, Statistic, outward};
use crate::statistics::{
    Estimate, Form, Secret, Wave, cautious_proportion, difference, difference_interval, interval,
    mean, proportion, public_range, quantile, total,
};
use crate::tabulation::{Observed, observed};

/// Estimates the differences of two years.
pub struct Estimator<'a> {
    years: [&'a Year<'a>; 2],
    pub pairs: Pairs,
    pub level: f64,
}

/// An estimate of one year, about to be compared.
struct Estimated {
    observed: Observed,
    form: Form,
    value: f64,
    standard_error: f64,
    interval: (f64, f64),
    /// Whether it goes with that of the same projects in the other year.
    paired: bool,
}

impl<'a> Estimator<'a> {
    pub fn new(first: &'a Year<'a>, second: &'a Year<'a>) -> Self {
        Self { years: [first, second], pairs: Pairs::new(first, second), level: second.plan.level }
    }

    /// The bounds of a difference at a confidence level, in the unit of the
    /// indicator; none for what rests on no sample, or where one of the two
    /// estimates has no interval.
    pub fn interval(
        &self,
        first: &Figure,
        second: &Figure,
        region: Option<&str>,
        level: f64,
    ) -> Option<(f64, f64)> {
        let hidden = match region {
            None => [first, second].map(hidden_regions),
            Some(_) => Default::default(),
        };
        let [before, after] = &hidden;
        let [earlier, later] = self.years;
        let one = estimate(earlier, &first.definition, region, before, level)?;
        let other = estimate(later, &second.definition, region, after, level)?;
        let concealed: BTreeSet<String> = before.union(after).cloned().collect();
        let bounds = self.difference(&one, &other, &concealed);
        let scale = if is_share(&second.definition) { 100.0 } else { 1.0 };
        let bounds = (scale * bounds.0, scale * bounds.1);
        let decimals = second.definition.decimals;
        Some(if concealed.is_empty() { bounds } else { outward(bounds, decimals) })
    }

    fn difference(
        &self,
        one: &Estimated,
        other: &Estimated,
        concealed: &BTreeSet<String>,
    ) -> (f64, f64) {
        if !(one.paired && other.paired) {
            return difference_interval(
                (one.value, one.interval),
                (other.value, other.interval),
                0.0,
            );
        }
        let [earlier, later] = self.years;
        let common = self.pairs.without(concealed);
        difference(&one.wave(earlier), &other.wave(later), &common).interval
    }
}

impl Estimated {
    fn wave<'a>(&'a self, year: &'a Year<'_>) -> Wave<'a> {
        Wave {
            design: &year.plan.design,
            form: self.form,
            units: &self.observed.units,
            values: &self.observed.values,
            estimate: self.value,
            standard_error: self.standard_error,
            interval: self.interval,
        }
    }
}

fn is_share(definition: &Definition) -> bool {
    matches!(definition.measure, Measure::Share { .. })
}

fn hidden_regions(figure: &Figure) -> BTreeSet<String> {
    let hidden = figure.regions.iter().filter(|(_, value)| value.hidden);
    hidden.map(|(slug, _)| slug.clone()).collect()
}

fn estimate(
    year: &Year<'_>,
    definition: &Definition,
    region: Option<&str>,
    concealed: &BTreeSet<String>,
    level: f64,
) -> Option<Estimated> {
    let rank = year.survey.rank(&definition.table()?)?;
    let question = year.survey.codebook.questions.get(rank)?;
    let option = match &definition.measure {
        Measure::Share { option, .. } => Some(question.option(option)?),
        _ => None,
    };
    let observed = observed(year.survey, rank, option, year.plan, |respondent| {
        region.is_none() || respondent.region.as_deref() == region
    })?;
    match &definition.measure {
        Measure::Share { .. } => share(year, observed, concealed, level),
        Measure::Number { statistic, .. } => number(year, observed, *statistic, level),
        _ => None,
    }
}

/// A proportion, as each edition publishes it: where régions are hidden, with
/// the interval that tells nothing of them.
fn share(
    year: &Year<'_>,
    observed: Observed,
    concealed: &BTreeSet<String>,
    level: f64,
) -> Option<Estimated> {
    let (design, method) = (&year.plan.design, year.plan.method());
    let hits: Vec<bool> = observed.values.iter().map(|value| *value > 0.5).collect();
    let (found, value) = if concealed.is_empty() {
        let found = proportion(design, &observed.units, &hits, method, level)?;
        (found, found.estimate.value)
    } else {
        let is_hidden = |unit: &usize| {
            let region = year.survey.respondents.get(*unit).and_then(|r| r.region.as_ref());
            region.is_some_and(|region| concealed.contains(region))
        };
        let hidden: Vec<bool> = observed.units.iter().map(is_hidden).collect();
        let secret = Secret { concealed: &hidden, possible: &[] };
        let (low, high) = public_range(design, &observed.units, &hits, secret)?;
        let found = cautious_proportion(design, &observed.units, &hits, secret, method, level)?;
        (found, 0.5 * (low + high))
    };
    Some(Estimated {
        form: Form::Mean,
        value,
        standard_error: found.estimate.standard_error.unwrap_or(0.0),
        interval: (found.interval.low, found.interval.high),
        paired: true,
        observed,
    })
}

fn number(
    year: &Year<'_>,
    observed: Observed,
    statistic: Statistic,
    level: f64,
) -> Option<Estimated> {
    let design = &year.plan.design;
    let (units, values) = (&observed.units, &observed.values);
    match statistic {
        Statistic::Mean => {
            let found = mean(design, units, values)?;
            linear(observed, Form::Mean, &found, level)
        }
        // Without weights a total is that of the answers that came in.
        Statistic::Total if year.plan.is_weighted() => {
            let found = total(design, units, values)?;
            linear(observed, Form::Total, &found, level)
        }
        Statistic::Median => {
            let found = quantile(design, units, values, 0.5, level)?;
            Some(Estimated {
                form: Form::Mean,
                value: found.value,
                standard_error: found.standard_error.unwrap_or(0.0),
                interval: (found.low?, found.high?),
                // What one project's answer does to a median is not linear.
                paired: false,
                observed,
            })
        }
        Statistic::Total | Statistic::Minimum | Statistic::Maximum => None,
    }
}

fn linear(observed: Observed, form: Form, estimate: &Estimate, level: f64) -> Option<Estimated> {
    let bounds = interval(estimate, level)?;
    Some(Estimated {
        form,
        value: estimate.value,
        standard_error: estimate.standard_error.unwrap_or(0.0),
        interval: (bounds.low, bounds.high),
        paired: true,
        observed,
    })
}
