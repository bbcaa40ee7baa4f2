//! Means, totals and ratios of domains.

use super::design::Design;
use super::sums::sum;

/// An estimate and what its uncertainty is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    /// None where a single unit says nothing of the spread.
    pub standard_error: Option<f64>,
    /// How many units it rests on.
    pub units: usize,
    /// The degrees of freedom of Student's t.
    pub degrees: usize,
    /// The rows of the domain's design, as R counts them.
    pub rows: usize,
    /// Whether everyone answered, so that nothing was left to chance.
    pub census: bool,
}

impl Estimate {
    fn new(design: &Design, units: &[usize], value: f64, influence: &[f64]) -> Self {
        let census = design.is_census(units);
        let variance = if census { 0.0 } else { design.variance(units, influence) };
        Self {
            value,
            standard_error: Some(variance.sqrt()),
            units: units.len(),
            degrees: design.degrees_of_freedom(units),
            rows: design.rows(units),
            census,
        }
    }

    /// The same, without the standard error where one unit is all there is: the
    /// residual of a single unit is zero whatever it answered.
    fn spread(self) -> Self {
        let known = self.units > 1 || self.census;
        Self { standard_error: self.standard_error.filter(|_| known), ..self }
    }
}

/// The mean of a domain: Σ w y / Σ w, a ratio of two estimated totals.
///
/// `values` has one entry for each of `units`, which are in rising order. The
/// influence of a unit is w (y − mean) / Σ w (Lumley, §2.2). None for an empty
/// domain.
pub fn mean(design: &Design, units: &[usize], values: &[f64]) -> Option<Estimate> {
    let weights = weights(design, units);
    let size = sum(weights.iter().copied());
    let weighted = weights.iter().zip(values).map(|(weight, value)| weight * value);
    let mean = sum(weighted) / size;
    let influence: Vec<f64> =
        weights.iter().zip(values).map(|(weight, value)| weight * (value - mean) / size).collect();
    (!units.is_empty()).then(|| Estimate::new(design, units, mean, &influence).spread())
}

/// The total of a domain: Σ w y, the Horvitz–Thompson estimator.
///
/// None for an empty domain.
pub fn total(design: &Design, units: &[usize], values: &[f64]) -> Option<Estimate> {
    let weights = weights(design, units);
    let influence: Vec<f64> =
        weights.iter().zip(values).map(|(weight, value)| weight * value).collect();
    let total = sum(influence.iter().copied());
    (!units.is_empty()).then(|| Estimate::new(design, units, total, &influence))
}

/// The ratio of two totals of a domain: Σ w y / Σ w x.
///
/// The influence of a unit is w (y − R x) / Σ w x (Lumley, §5.1). None for an
/// empty domain, and where the denominator is zero.
pub fn ratio(
    design: &Design,
    units: &[usize],
    numerators: &[f64],
    denominators: &[f64],
) -> Option<Estimate> {
    let weights = weights(design, units);
    let total = |values: &[f64]| sum(weights.iter().zip(values).map(|(w, value)| w * value));
    let below = total(denominators);
    let ratio = total(numerators) / below;
    let pairs = numerators.iter().zip(denominators);
    let influence: Vec<f64> =
        weights.iter().zip(pairs).map(|(w, (y, x))| w * (y - ratio * x) / below).collect();
    let defined = !units.is_empty() && ratio.is_finite();
    defined.then(|| Estimate::new(design, units, ratio, &influence).spread())
}

fn weights(design: &Design, units: &[usize]) -> Vec<f64> {
    units.iter().map(|unit| design.weight(*unit)).collect()
}
