//! Functions of several estimates made from the same respondents.

use super::design::Design;
use super::sums::{Sum, sum};

/// An estimate that a function depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The derivative of the function by this estimate.
    pub slope: f64,
    pub value: f64,
    /// The bounds of its confidence interval, each where there is one.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// The units of its domain, and the influence of each (see
    /// [`Linearised`](super::Linearised)).
    pub units: Vec<usize>,
    pub influence: Vec<f64>,
}

/// The uncertainty of a function of estimates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Combined {
    pub standard_error: f64,
    /// The bounds of the confidence interval, each where there is one.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// A standard error below this share of an estimate is rounding.
const NOTHING: f64 = 1e-12;

/// The standard error and the interval of a function whose value is `value`, at
/// the level of the intervals of its parts.
///
/// The variance is that of Σ slope × influence, all parts together, so that what
/// their respondents have in common counts (Woodruff, *JASA* 66, 1971; Deville,
/// *Survey Methodology* 25, 1999). R: `svycontrast()` on statistics with their
/// covariances.
///
/// The interval is made of those of the parts and of their correlations r (G. Y.
/// Zou, A. Donner, *Statistics in Medicine* 27, 2008): with dᵢ the slope times the
/// distance of part i to that of its bounds which lowers the function, the lower
/// bound lies √(Σᵢⱼ rᵢⱼ dᵢ dⱼ) below the value, and the upper one likewise above.
/// It is value ± t · standard error where those of the parts are; a single
/// proportion times a constant has the bounds of the proportion times it. A part
/// that does not vary (0 or 100 %) has a bound all the same, and counts as
/// independent of the others.
pub fn combine(design: &Design, value: f64, parts: &[Part]) -> Combined {
    let errors: Vec<f64> = parts.iter().map(|part| part.standard_error(design)).collect();
    let slopes: Vec<f64> = parts.iter().map(|part| part.slope).collect();
    let below = distance(design, parts, &errors, |part| part.distance(part.slope < 0.0));
    let above = distance(design, parts, &errors, |part| part.distance(part.slope > 0.0));
    Combined {
        standard_error: variance(design, parts, &slopes).sqrt(),
        low: below.map(|below| value - below),
        high: above.map(|above| value + above),
    }
}

impl Part {
    /// The standard error of the part itself.
    pub fn standard_error(&self, design: &Design) -> f64 {
        design.variance(&self.units, &self.influence).sqrt()
    }

    /// How far the upper or the lower bound is.
    fn distance(&self, upper: bool) -> Option<f64> {
        match upper {
            true => self.high.map(|high| high - self.value),
            false => self.low.map(|low| self.value - low),
        }
    }

    fn varies(&self, error: f64) -> bool {
        error > NOTHING * self.value.abs().max(1.0)
    }
}

/// The distance of a bound from the value; none where a part has none.
fn distance(
    design: &Design,
    parts: &[Part],
    errors: &[f64],
    of: impl Fn(&Part) -> Option<f64>,
) -> Option<f64> {
    let (mut factors, mut alone) = (Vec::new(), Sum::default());
    for (part, error) in parts.iter().zip(errors) {
        let distance = of(part).or((part.slope == 0.0).then_some(0.0))?;
        let (factor, apart) = match part.varies(*error) {
            true => (part.slope * distance / error, 0.0),
            false => (0.0, part.slope * distance),
        };
        factors.push(factor);
        alone.add(apart * apart);
    }
    Some((variance(design, parts, &factors) + alone.value()).sqrt())
}

/// The variance of the sum of the parts, each times a factor.
fn variance(design: &Design, parts: &[Part], factors: &[f64]) -> f64 {
    let mut influence = vec![Sum::default(); design.len()];
    for (part, factor) in parts.iter().zip(factors) {
        for (unit, own) in part.units.iter().zip(&part.influence) {
            if let Some(sum) = influence.get_mut(*unit) {
                sum.add(factor * own);
            }
        }
    }
    let influence: Vec<f64> = influence.into_iter().map(Sum::value).collect();
    let units: Vec<usize> = (0..design.len()).collect();
    design.variance(&units, &influence)
}

/// The correlation of two estimates; zero where one of them does not vary.
pub fn correlation(design: &Design, one: &Part, other: &Part) -> f64 {
    let (first, second) = (one.standard_error(design), other.standard_error(design));
    if !(one.varies(first) && other.varies(second)) {
        return 0.0;
    }
    // Var(a + b) − Var(a − b) = 4 Cov(a, b), with a and b of variance 1.
    let parts = [one.clone(), other.clone()];
    let together = |sign: f64| variance(design, &parts, &[1.0 / first, sign / second]);
    let terms = [together(1.0), -together(-1.0)];
    (sum(terms) / 4.0).clamp(-1.0, 1.0)
}
