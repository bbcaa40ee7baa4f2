//! Confidence intervals of means and proportions.

use super::design::Design;
use super::distributions::{beta_quantile, student_critical};
use super::estimators::{Estimate, mean};
use super::logit::logit_interval;

/// How the interval of a proportion is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ProportionMethod {
    /// Korn and Graubard: Clopper–Pearson with the effective sample size.
    #[default]
    Beta,
    /// Wald's interval on the log odds.
    Logit,
    /// Wilson's score interval with the effective sample size.
    Wilson,
}

/// What an interval was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    Beta,
    Logit,
    Wilson,
    /// Estimate ± t · standard error.
    Student,
    /// Everyone answered: the estimate itself.
    Census,
    /// A total that the weights were calibrated to: the estimate itself.
    Calibrated,
    /// Clopper–Pearson with the number of units, where the answers show no
    /// variation that a variance could be estimated from.
    Exact,
    /// From a quantile's order statistics, at the bounds of the proportion
    /// below it.
    Woodruff,
    /// From the intervals and the correlations of the estimates that it is a
    /// function of.
    Linearised,
    /// From all that those estimates could be together, each within its bounds.
    Bounds,
}

/// The bounds of a confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
    pub basis: Basis,
}

/// A proportion with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    pub estimate: Estimate,
    pub interval: Interval,
}

/// A standard error below this is rounding, not variation.
const NOTHING: f64 = 1e-12;

/// So is one below this share of that of a simple random sample: what a raking
/// that stopped leaves of a share that its margins fix.
const RESIDUE: f64 = 1e-6;

/// The interval of a mean, a total or a ratio: estimate ± t · standard error,
/// with the degrees of freedom of the domain.
///
/// R: `confint(svymean(…), df = degf(design))`. None where no degree of freedom
/// is left.
pub fn interval(estimate: &Estimate, level: f64) -> Option<Interval> {
    if estimate.census {
        return Some(point(estimate.value));
    }
    let error = estimate.standard_error.filter(|_| estimate.degrees > 0)?;
    let margin = student_critical(level, estimate.degrees as f64) * error;
    let (low, high) = (estimate.value - margin, estimate.value + margin);
    Some(Interval { low, high, basis: Basis::Student })
}

/// The proportion of a domain's units that are hits, with its interval.
///
/// `hits` has one entry for each of `units`. R: `svyciprop(~hit, subset(design,
/// domain), method)`, except where that gives no number or a wrong one:
///
/// - everyone answered: the interval is the proportion itself;
/// - all hits or none, or hits that do not vary within strata: the variance is
///   zero whatever the truth, so that the number of units stands for the
///   effective sample size, as in SAS's `SURVEYFREQ` and the NCHS standards
///   (Parker et al., 2017), and the finite population correction is left out;
/// - no degree of freedom: from 0 to 1.
///
/// (A share of the whole that is itself a margin of a calibration is known, which
/// is the plan's to say.)
///
/// None for an empty domain.
pub fn proportion(
    design: &Design,
    units: &[usize],
    hits: &[bool],
    method: ProportionMethod,
    level: f64,
) -> Option<Proportion> {
    let values: Vec<f64> = hits.iter().map(|hit| f64::from(u8::from(*hit))).collect();
    let estimate = exact_ends(mean(design, units, &values)?, hits);
    let interval = match method {
        ProportionMethod::Logit if !estimate.census && varies(&estimate) => {
            logit_interval(design, units, &values, &estimate, level)
        }
        _ => interval_of_proportion(&estimate, method, level),
    };
    Some(Proportion { estimate, interval })
}

/// The interval of a proportion from its estimate alone. `logit` is that of the
/// exact log odds: `svyciprop(method = "xlogit")`.
pub(super) fn interval_of_proportion(
    estimate: &Estimate,
    method: ProportionMethod,
    level: f64,
) -> Interval {
    if estimate.census {
        point(estimate.value)
    } else if !varies(estimate) {
        without_variance(estimate, level)
    } else {
        match method {
            ProportionMethod::Beta => beta(estimate, level),
            ProportionMethod::Wilson => wilson(estimate, level),
            ProportionMethod::Logit => exact_log_odds(estimate, level),
        }
    }
}

/// p's log odds ± t · standard error / (p (1 − p)), turned back (Lumley, §2.3).
fn exact_log_odds(estimate: &Estimate, level: f64) -> Interval {
    let p = estimate.value;
    let odds = libm::log(p / (1.0 - p));
    let error = estimate.standard_error.unwrap_or(0.0) / (p * (1.0 - p));
    let margin = student_critical(level, estimate.degrees as f64) * error;
    let share = |odds: f64| 1.0 / (1.0 + libm::exp(-odds));
    Interval { low: share(odds - margin), high: share(odds + margin), basis: Basis::Logit }
}

fn point(value: f64) -> Interval {
    Interval { low: value, high: value, basis: Basis::Census }
}

/// All hits is 1 and none is 0, whatever the weights round to.
fn exact_ends(estimate: Estimate, hits: &[bool]) -> Estimate {
    let value = if hits.iter().all(|hit| *hit) {
        1.0
    } else if hits.iter().any(|hit| *hit) {
        estimate.value
    } else {
        0.0
    };
    let constant = value == 0.0 || value == 1.0;
    let standard_error = estimate.standard_error.map(|se| if constant { 0.0 } else { se });
    Estimate { value, standard_error, ..estimate }
}

fn varies(estimate: &Estimate) -> bool {
    let inside = estimate.value > 0.0 && estimate.value < 1.0;
    let error = estimate.standard_error.unwrap_or(0.0);
    let simple = (estimate.value * (1.0 - estimate.value) / estimate.units as f64).sqrt();
    inside && error > NOTHING && error > RESIDUE * simple && estimate.degrees > 0
}

/// The square of t with one degree of freedom less than the rows, over the
/// square of t with those of the design: what Korn and Graubard deflate the
/// sample size by. Zero without a degree of freedom.
fn deflation(rows: usize, degrees: usize, level: f64) -> f64 {
    if rows < 2 || degrees == 0 {
        return 0.0;
    }
    let simple = student_critical(level, (rows - 1) as f64);
    let design = student_critical(level, degrees as f64);
    (simple / design) * (simple / design)
}

/// p (1 − p) / variance: the size of the simple random sample that would have
/// this variance. The finite population correction is in the variance.
fn effective_size(estimate: &Estimate) -> f64 {
    let error = estimate.standard_error.unwrap_or(0.0);
    estimate.value * (1.0 - estimate.value) / (error * error)
}

/// E. L. Korn, B. I. Graubard, « Confidence Intervals For Proportions With
/// Small Expected Number of Positive Counts Estimated From Survey Data »,
/// *Survey Methodology* 24 (1998), 193–201.
fn beta(estimate: &Estimate, level: f64) -> Interval {
    let size = effective_size(estimate) * deflation(estimate.rows, estimate.degrees, level);
    clopper_pearson(estimate.value, size, level, Basis::Beta)
}

fn without_variance(estimate: &Estimate, level: f64) -> Interval {
    let size = estimate.units as f64 * deflation(estimate.units, estimate.degrees, level);
    clopper_pearson(estimate.value, size, level, Basis::Exact)
}

/// C. J. Clopper, E. S. Pearson, *Biometrika* 26 (1934), 404–413, by quantiles
/// of beta, with a sample size that need not be whole.
fn clopper_pearson(p: f64, size: f64, level: f64, basis: Basis) -> Interval {
    let alpha = 1.0 - level;
    let (hits, misses) = (size * p, size * (1.0 - p));
    let low = beta_quantile(alpha / 2.0, hits, misses + 1.0);
    let high = beta_quantile(1.0 - alpha / 2.0, hits + 1.0, misses);
    Interval { low, high, basis }
}

/// E. B. Wilson, *JASA* 22 (1927), 209–212, with the effective sample size and
/// Student's t in place of the normal quantile: `svyciprop(method = "wilson")`
/// of `survey` 4.5 (Dean and Pagano, 2015).
fn wilson(estimate: &Estimate, level: f64) -> Interval {
    let (p, size) = (estimate.value, effective_size(estimate));
    let t = student_critical(level, estimate.degrees as f64);
    let centre = p + t * t / (2.0 * size);
    let half = t * (p * (1.0 - p) / size + t * t / (4.0 * size * size)).sqrt();
    let scale = 1.0 + t * t / size;
    Interval { low: (centre - half) / scale, high: (centre + half) / scale, basis: Basis::Wilson }
}
