//! The interval of a difference.

use std::collections::BTreeSet;

use super::Year;
use super::pairs::Pairs;
use crate::indicators::{Definition, Figure, Measure, Statistic, outward};
use crate::statistics::{
    self, Estimate, Form, Wave, difference, difference_interval, interval, mean, proportion,
    quantile, student_critical, total,
};
use crate::survey::Respondent;
use crate::tabulation::{CautiousShare, Observed, cautious_share, observed};

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
        let one = estimate(earlier, first, region, level)?;
        let other = estimate(later, second, region, level)?;
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

impl Estimated {
    /// The same estimate, as its edition publishes it where régions are hidden:
    /// the bounds are those of the figure, moved to another level.
    fn with_bounds_of(self, figure: &Figure, year: &Year<'_>, level: f64) -> Option<Self> {
        /// As good as infinite, for Student's t.
        const MANY: f64 = 1e6;
        let national = &figure.national;
        let (value, (low, high)) = (national.value?, national.interval()?);
        let wider = student_critical(level, MANY) / student_critical(year.plan.level, MANY);
        let moved = |bound: f64| value + wider * (bound - value);
        let standard_error = national.standard_error.unwrap_or(0.0);
        Some(Self { value, standard_error, interval: (moved(low), moved(high)), ..self })
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
    figure: &Figure,
    region: Option<&str>,
    level: f64,
) -> Option<Estimated> {
    let definition = &figure.definition;
    let rank = year.survey.rank(&definition.table()?)?;
    let question = year.survey.codebook.questions.get(rank)?;
    let option = match &definition.measure {
        Measure::Share { option, .. } => Some(question.option(option)?),
        _ => None,
    };
    let observed =
        observed(year.survey, rank, option, year.plan, |respondent| respondent.is_in(region))?;
    let masked = region.is_none() && figure.is_hidden_somewhere();
    let found = match (&definition.measure, option) {
        (Measure::Share { .. }, Some(option)) if masked => {
            let concealed = |respondent: &Respondent| figure.concealed(respondent);
            let found = cautious_share(year.survey, rank, option, year.plan, level, concealed)?;
            cautious(observed, &found)
        }
        (Measure::Share { .. }, _) => share(year, observed, level),
        (Measure::Number { statistic, .. }, _) => number(year, observed, *statistic, level),
        (Measure::Ratio { .. }, _) => ratio(year, definition, observed, region, level),
        _ => None,
    }?;
    if masked && !is_share(definition) {
        found.with_bounds_of(figure, year, level)
    } else {
        Some(found)
    }
}

/// A ratio R is the mean of R + (y − R x) / x̄, which has its influences.
fn ratio(
    year: &Year<'_>,
    definition: &Definition,
    numerators: Observed,
    region: Option<&str>,
    level: f64,
) -> Option<Estimated> {
    let denominators = year.survey.rank(definition.tables().get(1)?)?;
    let below = observed(year.survey, denominators, None, year.plan, |respondent| {
        respondent.is_in(region)
    })?;
    let design = &year.plan.design;
    let found = statistics::ratio(design, &numerators.units, &numerators.values, &below.values)?;
    let average = mean(design, &below.units, &below.values)?.value;
    let pairs = numerators.values.iter().zip(&below.values);
    let values = pairs.map(|(y, x)| found.value + (y - found.value * x) / average).collect();
    linear(Observed { values, ..numerators }, Form::Mean, &found, level)
}

fn share(year: &Year<'_>, observed: Observed, level: f64) -> Option<Estimated> {
    let (design, method) = (&year.plan.design, year.plan.method());
    let hits: Vec<bool> = observed.values.iter().map(|value| *value > 0.5).collect();
    let found = proportion(design, &observed.units, &hits, method, level)?;
    Some(Estimated {
        form: Form::Mean,
        value: found.estimate.value,
        standard_error: found.estimate.standard_error.unwrap_or(0.0),
        interval: (found.interval.low, found.interval.high),
        paired: true,
        observed,
    })
}

/// A share as its edition publishes it, where régions are hidden.
fn cautious(observed: Observed, found: &CautiousShare) -> Option<Estimated> {
    Some(Estimated {
        form: Form::Mean,
        value: 0.5 * (found.range.0 + found.range.1),
        standard_error: found.share.standard_error.unwrap_or(0.0),
        interval: (found.share.low?, found.share.high?),
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
        Statistic::Median | Statistic::Quantile(_) => {
            let order = if let Statistic::Quantile(order) = statistic { order } else { 0.5 };
            let found = quantile(design, units, values, order, level)?;
            Some(Estimated {
                form: Form::Mean,
                value: found.value,
                standard_error: found.standard_error.unwrap_or(0.0),
                interval: (found.low?, found.high?),
                // What one project's answer does to a quantile is not linear.
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
