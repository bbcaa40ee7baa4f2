//! Medians and other quantiles of domains.

use super::design::Design;
use super::distributions::student_critical;
use super::estimators::{Linearised, mean};
use super::sums::Sum;

/// A quantile with Woodruff's interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantile {
    pub value: f64,
    pub standard_error: Option<f64>,
    /// None where the interval reaches beyond the answers.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// How many units it rests on.
    pub units: usize,
    /// Whether everyone answered.
    pub census: bool,
}

/// A value and the weight of the units up to it, in rising order.
struct Ladder {
    steps: Vec<(f64, f64)>,
    total: f64,
}

/// The quantile of a domain: the smallest value at or below which at least a
/// share p of the weights stands, with the interval of R. S. Woodruff (*JASA* 47
/// (1952), 635–646): the quantiles at the bounds of the t interval of the share
/// of units at or below the estimate.
///
/// R: `svyquantile(~y, subset(design, domain), p, qrule = "math", interval.type
/// = "mean")`, its default. A bound of the share below 0 or above 1 gives no
/// bound; the standard error is the length of the interval over 2 t. None for an
/// empty domain.
pub fn quantile(
    design: &Design,
    units: &[usize],
    values: &[f64],
    p: f64,
    level: f64,
) -> Option<Quantile> {
    let ladder = Ladder::new(design, units, values);
    let value = ladder.at(p)?;
    let below: Vec<f64> = values.iter().map(|y| f64::from(u8::from(*y <= value))).collect();
    let share = mean(design, units, &below)?;
    let bare = Quantile {
        value,
        standard_error: None,
        low: None,
        high: None,
        units: units.len(),
        census: share.census,
    };
    if share.census {
        let bound = Some(value);
        return Some(Quantile { standard_error: Some(0.0), low: bound, high: bound, ..bare });
    }
    let Some(error) = share.standard_error.filter(|_| share.degrees > 0) else {
        return Some(bare);
    };
    let t = student_critical(level, share.degrees as f64);
    let low = ladder.bound(share.value - t * error);
    let high = ladder.bound(share.value + t * error);
    let standard_error = low.zip(high).map(|(low, high)| (high - low) / (2.0 * t));
    Some(Quantile { standard_error, low, high, ..bare })
}

/// A quantile with the influence of each unit on it: that on the share of units
/// at or below it, over the density there. The density is that which Woodruff's
/// interval implies (R. J. Francisco, W. A. Fuller, *Annals of Statistics* 19,
/// 1991), so that the influences have the quantile's own standard error. None
/// where it has none.
pub fn linearised_quantile(
    design: &Design,
    units: &[usize],
    values: &[f64],
    quantile: &Quantile,
) -> Option<Linearised> {
    let error = quantile.standard_error?;
    let below: Vec<f64> =
        values.iter().map(|y| f64::from(u8::from(*y <= quantile.value))).collect();
    let share = Linearised::mean(design, units, &below)?;
    let spread = design.variance(units, &share.influence).sqrt();
    let slope = if spread > 0.0 { -error / spread } else { 0.0 };
    let influence = share.influence.iter().map(|z| slope * z).collect();
    Some(Linearised { value: quantile.value, influence })
}

impl Ladder {
    fn new(design: &Design, units: &[usize], values: &[f64]) -> Self {
        let mut pairs: Vec<(f64, f64)> =
            units.iter().zip(values).map(|(unit, y)| (*y, design.weight(*unit))).collect();
        pairs.sort_by(|left, right| left.0.total_cmp(&right.0));
        let mut climbed = Sum::default();
        let steps = pairs
            .into_iter()
            .map(|(value, weight)| {
                climbed.add(weight);
                (value, climbed.value())
            })
            .collect();
        Self { steps, total: climbed.value() }
    }

    /// The smallest value with at least a share p at or below it.
    fn at(&self, p: f64) -> Option<f64> {
        let passed = self.steps.partition_point(|(_, climbed)| *climbed <= p * self.total);
        let exact = passed.checked_sub(1).and_then(|last| self.steps.get(last));
        match exact {
            Some((value, climbed)) if p - climbed / self.total == 0.0 => Some(*value),
            _ => self.steps.get(passed).or(self.steps.last()).map(|(value, _)| *value),
        }
    }

    /// The bound that R's rule gives for a share. Below the share of the
    /// smallest value, the rule of `survey` 4.1 to 4.5 gives the second smallest.
    fn bound(&self, p: f64) -> Option<f64> {
        if !(0.0..=1.0).contains(&p) {
            return None;
        }
        let first = self.steps.first()?;
        if p * self.total < first.1 {
            return self.steps.get(1).or(Some(first)).map(|(value, _)| *value);
        }
        self.at(p)
    }
}
