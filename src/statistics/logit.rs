//! The logit interval of a proportion, as `svyciprop(method = "logit")` has it.
//!
//! R fits a logistic regression with an intercept alone (`svyglm(y ~ 1, family
//! = quasibinomial)`) and transforms the Wald interval of the intercept back.
//! The log odds of the mean would be the exact solution; R's fit stops when the
//! deviance settles to 1e-8, which moves the bounds in their eighth digit. The
//! same steps are taken here, so that the bounds are R's.

use libm::{erfc, exp, log, sqrt};

use super::design::Design;
use super::distributions::student_critical;
use super::estimators::Estimate;
use super::intervals::{Basis, Interval};
use super::sums::sum;

/// `glm.control()`: the relative change of the deviance that ends the fit, and
/// the steps at most.
const EPSILON: f64 = 1e-8;
const STEPS: usize = 25;

/// One unit in the fit.
struct Case {
    weight: f64,
    /// 1 for a hit, 0 for none.
    y: f64,
    /// The linear predictor and the probability it stands for.
    eta: f64,
    mu: f64,
}

impl Case {
    fn predict(&mut self, eta: f64) {
        self.eta = eta;
        self.mu = exp(eta) / (1.0 + exp(eta));
    }

    /// The derivative of the probability, which is also its variance.
    fn slope(&self) -> f64 {
        let odds = exp(self.eta);
        odds / ((1.0 + odds) * (1.0 + odds))
    }

    fn working_weight(&self) -> f64 {
        self.weight * self.slope() * self.slope() / (self.mu * (1.0 - self.mu))
    }

    fn working_residual(&self) -> f64 {
        (self.y - self.mu) / self.slope()
    }

    fn deviance(&self) -> f64 {
        let probability = if self.y > 0.5 { self.mu } else { 1.0 - self.mu };
        -2.0 * self.weight * log(probability)
    }
}

/// The interval of a proportion strictly between 0 and 1.
pub(super) fn logit_interval(
    design: &Design,
    units: &[usize],
    values: &[f64],
    estimate: &Estimate,
    level: f64,
) -> Interval {
    let (intercept, influence) = fit(&mut cases(design, units, values, estimate.rows));
    let error = design.variance(units, &influence).sqrt();
    let (below, above) = r_factors(student_critical(level, estimate.degrees as f64));
    let back = |eta: f64| exp(eta) / (1.0 + exp(eta));
    let (low, high) = (back(intercept - below * error), back(intercept + above * error));
    Interval { low, high, basis: Basis::Logit }
}

/// The quantiles that `confint.svyglm()` takes for Student's t: it turns t into
/// the level at which the normal quantile is t, and that level back, which costs
/// digits where t is large (few degrees of freedom). The same digits are lost
/// here. Above 8, R's level rounds to 1 and its bounds are infinite: t is kept.
fn r_factors(t: f64) -> (f64, f64) {
    let level = 1.0 - 2.0 * normal_tail(t);
    let low = (1.0 - level) / 2.0;
    let high = 1.0 - (1.0 - low);
    (normal_quantile(low, t), normal_quantile(high, t))
}

/// P(Z > z), of a standard normal variable.
fn normal_tail(z: f64) -> f64 {
    0.5 * erfc(z / std::f64::consts::SQRT_2)
}

/// The z above which a normal variable is with probability `tail`, near a first
/// guess: Newton's steps. The guess itself where the tail is zero.
fn normal_quantile(tail: f64, guess: f64) -> f64 {
    /// Each step doubles the digits, and the guess has eight.
    const STEPS: usize = 3;
    if tail <= 0.0 {
        return guess;
    }
    let step = |z: f64| {
        let density = exp(-0.5 * z * z) / sqrt(2.0 * std::f64::consts::PI);
        z + (normal_tail(z) - tail) / density
    };
    (0..STEPS).fold(guess, |z, _| step(z))
}

/// The units at the start of the fit: weights rescaled to a mean of 1 over the
/// rows of the design, and the probabilities that `binomial()` begins with.
fn cases(design: &Design, units: &[usize], values: &[f64], rows: usize) -> Vec<Case> {
    let average = sum(units.iter().map(|unit| design.weight(*unit))) / rows as f64;
    let case = |(unit, y): (&usize, &f64)| {
        let weight = design.weight(*unit) / average;
        let start = (weight * y + 0.5) / (weight + 1.0);
        let mut case = Case { weight, y: *y, eta: 0.0, mu: 0.0 };
        case.predict(log(start / (1.0 - start)));
        case
    };
    units.iter().zip(values).map(case).collect()
}

/// Iteratively reweighted least squares; the intercept and its influences.
fn fit(cases: &mut [Case]) -> (f64, Vec<f64>) {
    let deviance = |cases: &[Case]| sum(cases.iter().map(Case::deviance));
    let mut last = deviance(cases);
    let mut intercept = 0.0;
    let mut weights = Vec::new();
    for _ in 0..STEPS {
        weights = cases.iter().map(Case::working_weight).collect::<Vec<f64>>();
        let responses = cases.iter().map(|case| case.eta + case.working_residual());
        let weighted = weights.iter().zip(responses).map(|(weight, z)| weight * z);
        intercept = sum(weighted) / sum(weights.iter().copied());
        cases.iter_mut().for_each(|case| case.predict(intercept));
        let next = deviance(cases);
        let settled = (next - last).abs() / (next.abs() + 0.1) < EPSILON;
        last = next;
        if settled {
            break;
        }
    }
    let information = sum(weights.iter().copied());
    let influence = |(case, weight): (&Case, &f64)| case.working_residual() * weight / information;
    (intercept, cases.iter().zip(&weights).map(influence).collect())
}
