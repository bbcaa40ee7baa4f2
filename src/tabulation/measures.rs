//! What figures are made of beside the shares and the summaries of a table:
//! quantiles, ratios, and the influence of each respondent on any of them.

use super::estimates::{Estimated, observed};
use crate::sampling::Plan;
use crate::statistics::{
    Linearised, interval, linearised_quantile, mean, proportion, quantile, ratio, total,
};
use crate::survey::{Respondent, Survey};

/// What is estimated of the answers to a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measured {
    /// The share of an option, by its rank.
    Share(usize),
    Mean,
    Total,
    /// The quantile of an order between 0 and 1.
    Quantile(f64),
    /// The ratio of the numbers answered to those answered to another question,
    /// by its rank, by the same respondents (see [`Survey::add_pair`]).
    Ratio(usize),
}

/// An estimate, and what each respondent of its domain has in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// A share is out of 1.
    pub estimated: Estimated,
    /// The units of the plan's design.
    pub units: Vec<usize>,
    /// None where an estimate has no standard error.
    pub influence: Option<Vec<f64>>,
}

/// Estimates something of the answers to a question, among the respondents that
/// are kept; none where nobody of them answered.
///
/// R, `des` being the plan of all respondents: `svyquantile(~x, subset(des,
/// answered & kept), p)`; `svyratio(~y, ~x, subset(des, both answered & kept))`.
pub fn measure(
    survey: &Survey,
    question: usize,
    measured: Measured,
    plan: &Plan,
    keeps: impl Fn(&Respondent) -> bool,
) -> Option<Measure> {
    let option = match measured {
        Measured::Share(option) => Some(option),
        _ => None,
    };
    let answers = observed(survey, question, option, plan, &keeps)?;
    let units = plan.units(&answers.units).into_owned();
    let (design, level, values) = (&plan.design, plan.level, &answers.values);
    let (estimated, linear) = match measured {
        Measured::Share(_) => {
            let hits: Vec<bool> = values.iter().map(|value| *value > 0.5).collect();
            let found = proportion(design, &units, &hits, plan.method(), level)?;
            let definition = survey.codebook.questions.get(question)?;
            let share = Estimated::share(&found, plan, definition, &units);
            (share, Linearised::mean(design, &units, values))
        }
        Measured::Quantile(order) => {
            let found = quantile(design, &units, values, order, level)?;
            let linear = linearised_quantile(design, &units, values, &found);
            (Estimated::of_quantile(&found), linear)
        }
        Measured::Mean | Measured::Total | Measured::Ratio(_) => {
            let (estimate, linear) = match measured {
                Measured::Ratio(denominator) => {
                    let below = observed(survey, denominator, None, plan, keeps)?.values;
                    let linear = Linearised::ratio(design, &units, values, &below);
                    (ratio(design, &units, values, &below)?, linear)
                }
                Measured::Total => {
                    (total(design, &units, values)?, Linearised::total(design, &units, values))
                }
                _ => (mean(design, &units, values)?, Linearised::mean(design, &units, values)),
            };
            let bounds = interval(&estimate, level);
            (Estimated::new(estimate.value, estimate.standard_error, bounds), linear)
        }
    };
    let influence = linear.filter(|_| estimated.standard_error.is_some());
    Some(Measure { estimated, units, influence: influence.map(|linear| linear.influence) })
}
