//! Estimates of a table: each group a domain of the plan.
//!
//! R, for the option of a question by région, `des` being the plan of all
//! respondents: `svyciprop(~I(q %in% "option"), subset(des, asked & answered &
//! region == "bre"), method)`; for a number, `svymean`, `svytotal` and
//! `svyquantile` of the same subset.

use super::{Count, Group, Summary};
use crate::codebook::{Base, Question};
use crate::sampling::Plan;
use crate::statistics::sums::sum;
use crate::statistics::{
    Basis, Interval, Proportion, Quantile, Secret, cautious_proportion, interval, mean, proportion,
    public_range, quantile, total,
};
use crate::survey::{Answers, Entries, Respondent, Status, Survey};

/// An estimate with its uncertainty. Proportions are out of 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimated {
    pub value: f64,
    pub standard_error: Option<f64>,
    /// The bounds of the confidence interval, each where there is one.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// What the interval was made with; none where there is none.
    pub basis: Option<Basis>,
}

impl Estimated {
    /// The bounds, where both are there.
    pub fn interval(&self) -> Option<(f64, f64)> {
        self.low.zip(self.high)
    }

    /// A value without uncertainty, for tests of what stands to the right.
    #[cfg(test)]
    pub fn bare(value: f64) -> Self {
        Self { value, standard_error: None, low: None, high: None, basis: None }
    }

    /// A share; known where it is a total that the weights were calibrated to.
    pub(super) fn share(
        found: &Proportion,
        plan: &Plan,
        question: &Question,
        units: &[usize],
    ) -> Self {
        let estimate = &found.estimate;
        if !plan.fixes(&question.id, units) {
            return Self::new(estimate.value, estimate.standard_error, Some(found.interval));
        }
        let value = estimate.value;
        let point = Interval { low: value, high: value, basis: Basis::Calibrated };
        Self::new(value, Some(0.0), Some(point))
    }

    pub(super) fn of_quantile(quantile: &Quantile) -> Self {
        let basis = if quantile.census { Basis::Census } else { Basis::Woodruff };
        let bounded = quantile.low.is_some() || quantile.high.is_some();
        Self {
            value: quantile.value,
            standard_error: quantile.standard_error,
            low: quantile.low,
            high: quantile.high,
            basis: bounded.then_some(basis),
        }
    }

    pub(super) fn new(value: f64, standard_error: Option<f64>, interval: Option<Interval>) -> Self {
        Self {
            value,
            standard_error,
            low: interval.map(|interval| interval.low),
            high: interval.map(|interval| interval.high),
            basis: interval.map(|interval| interval.basis),
        }
    }
}

/// The word for what an interval was made with, in tables and files.
pub fn basis_word(basis: Basis) -> &'static str {
    match basis {
        Basis::Beta => "beta",
        Basis::Logit => "logit",
        Basis::Wilson => "wilson",
        Basis::Student => "t",
        Basis::Census => "recensement",
        Basis::Calibrated => "calage",
        Basis::Exact => "exact",
        Basis::Woodruff => "woodruff",
        Basis::Linearised => "linearisation",
        Basis::Bounds => "bornes",
    }
}

/// What readers must not learn of a respondent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concealed {
    Nothing,
    /// What was answered.
    Answer,
    /// That too, and whether the question was asked or answered at all.
    Base,
}

/// A share that tells nothing of what is concealed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CautiousShare {
    /// The share itself, exact; the interval and the standard error may appear.
    pub share: Estimated,
    /// What the share could be as far as readers know, out of 1.
    pub range: (f64, f64),
}

/// The share of all respondents to a question who ticked an option, with an
/// interval at a confidence level that tells nothing of what the concealed ones
/// answered. None where nobody is in the base.
pub fn cautious_share(
    survey: &Survey,
    question: usize,
    option: usize,
    plan: &Plan,
    level: f64,
    concealed: impl Fn(&Respondent) -> Concealed,
) -> Option<CautiousShare> {
    let definition = survey.codebook.questions.get(question)?;
    let estimator = Estimator::new(definition, survey.answers.get(question)?, plan);
    let flags: Vec<Concealed> = survey.respondents.iter().map(concealed).collect();
    let (units, others): (Vec<usize>, Vec<usize>) =
        (0..flags.len()).partition(|unit| estimator.is_in_base(*unit));
    let hits = estimator.hits(option, &units);
    let flag = |unit: &usize| flags.get(*unit).copied().unwrap_or(Concealed::Nothing);
    let concealed: Vec<bool> = units.iter().map(|u| flag(u) != Concealed::Nothing).collect();
    let possible: Vec<usize> =
        others.into_iter().filter(|unit| flag(unit) == Concealed::Base).collect();
    let secret = Secret { concealed: &concealed, possible: &possible };
    let (design, method) = (&plan.design, plan.method());
    let share = cautious_proportion(design, &units, &hits, secret, method, level)?;
    let estimate = share.estimate;
    Some(CautiousShare {
        share: Estimated::new(estimate.value, estimate.standard_error, Some(share.interval)),
        range: public_range(design, &units, &hits, secret)?,
    })
}

/// What each respondent of a question's base answered, in rising order: 1 or 0
/// for an option, a number for a question of numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    /// The ranks of the respondents.
    pub units: Vec<usize>,
    pub values: Vec<f64>,
}

/// What the respondents that are kept answered to a question, or whether they
/// ticked one of its options. None where there is no such question.
pub fn observed(
    survey: &Survey,
    question: usize,
    option: Option<usize>,
    plan: &Plan,
    keeps: impl Fn(&Respondent) -> bool,
) -> Option<Observed> {
    let definition = survey.codebook.questions.get(question)?;
    let estimator = Estimator::new(definition, survey.answers.get(question)?, plan);
    let kept = survey.respondents.iter().enumerate().filter(|(_, respondent)| keeps(respondent));
    let kept = kept.map(|(unit, _)| unit);
    let value = |unit: usize| match option {
        Some(option) => {
            let ticked =
                estimator.ticks.get(option).and_then(|ticks| ticks.get(unit)) == Some(&true);
            estimator.is_in_base(unit).then_some(f64::from(u8::from(ticked)))
        }
        None => estimator.numbers.get(unit).copied().flatten(),
    };
    let (units, values) = kept.filter_map(|unit| Some((unit, value(unit)?))).unzip();
    Some(Observed { units, values })
}

/// A question's answers, by respondent, and the plan they are weighed with.
pub(super) struct Estimator<'a> {
    question: &'a Question,
    answers: &'a Answers,
    plan: &'a Plan,
    /// For each option, whether each respondent ticked it.
    ticks: Vec<Vec<bool>>,
    /// The number of each respondent.
    numbers: Vec<Option<f64>>,
}

impl<'a> Estimator<'a> {
    pub(super) fn new(question: &'a Question, answers: &'a Answers, plan: &'a Plan) -> Self {
        let count = answers.status.len();
        let mut ticks = vec![vec![false; count]; question.options.len()];
        let mut numbers = vec![None; count];
        match &answers.entries {
            Entries::Options(pairs) => {
                for (unit, option) in pairs {
                    let tick = ticks.get_mut(*option as usize);
                    if let Some(tick) = tick.and_then(|ticks| ticks.get_mut(*unit as usize)) {
                        *tick = true;
                    }
                }
            }
            Entries::Numbers(pairs) => {
                for (unit, value) in pairs {
                    if let Some(number) = numbers.get_mut(*unit as usize) {
                        *number = Some(*value);
                    }
                }
            }
            Entries::Opaque => {}
        }
        Self { question, answers, plan, ticks, numbers }
    }

    /// Fills in the estimates of a group, whose members are in rising order.
    pub(super) fn estimate(&self, group: &mut Group, members: &[usize]) {
        let units: Vec<usize> =
            members.iter().copied().filter(|unit| self.is_in_base(*unit)).collect();
        group.weighted_base = self.weight(&units);
        for (option, cell) in group.options.iter_mut().enumerate() {
            *cell = self.share(*cell, &units, &self.hits(option, &units));
        }
        group.numbers = self.summary(members);
    }

    /// Whether each of some respondents ticked an option.
    fn hits(&self, option: usize, units: &[usize]) -> Vec<bool> {
        let ticks = self.ticks.get(option).map(Vec::as_slice).unwrap_or_default();
        units.iter().map(|unit| ticks.get(*unit).copied().unwrap_or(false)).collect()
    }

    fn is_in_base(&self, unit: usize) -> bool {
        let status = self.answers.status.get(unit);
        match self.question.base {
            Base::Respondents => status == Some(&Status::Answered),
            Base::Asked => status.is_some_and(|status| *status != Status::NotAsked),
        }
    }

    fn weight(&self, units: &[usize]) -> f64 {
        sum(self.plan.units(units).iter().map(|unit| self.plan.design.weight(*unit)))
    }

    fn share(&self, cell: Count, units: &[usize], hits: &[bool]) -> Count {
        let plan = self.plan;
        let ticked: Vec<usize> =
            units.iter().zip(hits).filter(|(_, hit)| **hit).map(|(unit, _)| *unit).collect();
        let units = plan.units(units);
        let found = proportion(&plan.design, &units, hits, plan.method(), plan.level);
        let share = found.map(|found| Estimated::share(&found, plan, self.question, &units));
        Count { weighted: self.weight(&ticked), share, ..cell }
    }

    /// The numbers answered; none where nobody answered one.
    fn summary(&self, members: &[usize]) -> Option<Summary> {
        let number = |unit: &usize| Some((*unit, self.numbers.get(*unit).copied().flatten()?));
        let (units, values): (Vec<usize>, Vec<f64>) = members.iter().filter_map(number).unzip();
        let count = units.len();
        let units = self.plan.units(&units);
        let (design, level) = (&self.plan.design, self.plan.level);
        let mean = mean(design, &units, &values)?;
        let total = total(design, &units, &values)?;
        let median = quantile(design, &units, &values, 0.5, level)?;
        Some(Summary {
            count,
            mean: Estimated::new(mean.value, mean.standard_error, interval(&mean, level)),
            sum: Estimated::new(total.value, total.standard_error, interval(&total, level)),
            median: Estimated::of_quantile(&median),
            min: values.iter().copied().fold(f64::INFINITY, f64::min),
            max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        })
    }
}
