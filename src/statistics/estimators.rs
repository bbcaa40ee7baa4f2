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

/// An estimate with the influence of each unit of its domain on it: by how much
/// a little more of the unit's weight would move the estimate, times that weight.
///
/// The variance of a function of several estimates is that of the sum of their
/// influences times its derivatives (Woodruff 1971; J.-C. Deville, *Survey
/// Methodology* 25, 1999).
#[derive(Debug, Clone, PartialEq)]
pub struct Linearised {
    pub value: f64,
    /// One for each unit of the domain.
    pub influence: Vec<f64>,
}

impl Linearised {
    /// [`mean`], with the influences w (y − mean) / Σ w (Lumley, §2.2).
    pub fn mean(design: &Design, units: &[usize], values: &[f64]) -> Option<Self> {
        let weights = weights(design, units);
        let size = sum(weights.iter().copied());
        let value = sum(weights.iter().zip(values).map(|(weight, y)| weight * y)) / size;
        let influence = weights.iter().zip(values).map(|(weight, y)| weight * (y - value) / size);
        let influence = influence.collect();
        (!units.is_empty()).then_some(Self { value, influence })
    }

    /// [`total`], with the influences w y.
    pub fn total(design: &Design, units: &[usize], values: &[f64]) -> Option<Self> {
        let weights = weights(design, units);
        let influence: Vec<f64> = weights.iter().zip(values).map(|(w, y)| w * y).collect();
        let value = sum(influence.iter().copied());
        (!units.is_empty()).then_some(Self { value, influence })
    }

    /// [`ratio`], with the influences w (y − R x) / Σ w x (Lumley, §5.1).
    pub fn ratio(
        design: &Design,
        units: &[usize],
        numerators: &[f64],
        denominators: &[f64],
    ) -> Option<Self> {
        let weights = weights(design, units);
        let total = |values: &[f64]| sum(weights.iter().zip(values).map(|(w, value)| w * value));
        let below = total(denominators);
        let value = total(numerators) / below;
        let pairs = numerators.iter().zip(denominators);
        let influence = weights.iter().zip(pairs).map(|(w, (y, x))| w * (y - value * x) / below);
        let influence = influence.collect();
        (!units.is_empty() && value.is_finite()).then_some(Self { value, influence })
    }

    /// The estimate with its standard error.
    fn estimate(&self, design: &Design, units: &[usize]) -> Estimate {
        Estimate::new(design, units, self.value, &self.influence)
    }
}

/// The mean of a domain: Σ w y / Σ w, a ratio of two estimated totals.
///
/// `values` has one entry for each of `units`, which are in rising order. None
/// for an empty domain.
pub fn mean(design: &Design, units: &[usize], values: &[f64]) -> Option<Estimate> {
    Some(Linearised::mean(design, units, values)?.estimate(design, units).spread())
}

/// The total of a domain: Σ w y, the Horvitz–Thompson estimator.
///
/// None for an empty domain.
pub fn total(design: &Design, units: &[usize], values: &[f64]) -> Option<Estimate> {
    Some(Linearised::total(design, units, values)?.estimate(design, units))
}

/// The ratio of two totals of a domain: Σ w y / Σ w x.
///
/// None for an empty domain, and where the denominator is zero.
pub fn ratio(
    design: &Design,
    units: &[usize],
    numerators: &[f64],
    denominators: &[f64],
) -> Option<Estimate> {
    let ratio = Linearised::ratio(design, units, numerators, denominators)?;
    Some(ratio.estimate(design, units).spread())
}

fn weights(design: &Design, units: &[usize]) -> Vec<f64> {
    units.iter().map(|unit| design.weight(*unit)).collect()
}
