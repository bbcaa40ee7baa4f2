//! The difference between two surveys whose samples share units.
//!
//! Two years ask the same projects, and most of them answer both times. What a
//! project says one year goes with what it said the other, so that the
//! difference is better known than from two samples of strangers.

use super::design::{Design, Stratum};
use super::sums::{Sum, sum};

/// One of the two estimates.
#[derive(Debug, Clone, Copy)]
pub struct Wave<'a> {
    pub design: &'a Design,
    /// The units of the domain, in rising order.
    pub units: &'a [usize],
    /// What each of them answered: 0 and 1 for a proportion.
    pub values: &'a [f64],
    pub estimate: f64,
    pub standard_error: f64,
    /// The bounds of its confidence interval.
    pub interval: (f64, f64),
}

/// A stratum of the first survey and one of the second that have units in
/// common.
#[derive(Debug, Clone, PartialEq)]
pub struct Common {
    pub first: usize,
    pub second: usize,
    /// How many units of the population are in both.
    pub population: f64,
    /// The units that answered both times, by their ranks in each survey.
    pub pairs: Vec<(usize, usize)>,
}

/// A difference, second less first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    pub value: f64,
    pub standard_error: f64,
    /// The correlation of the two estimates, from −1 to 1.
    pub correlation: f64,
    pub interval: (f64, f64),
}

impl Difference {
    /// Whether the interval leaves zero out.
    pub fn is_more_than_noise(&self) -> bool {
        let (low, high) = self.interval;
        low > 0.0 || high < 0.0
    }
}

/// The difference of two means or proportions, with its interval.
///
/// The variance is V₁ + V₂ − 2C. In a stratum of which n₁ and n₂ units were
/// drawn out of N₁ and N₂, M of which are in both populations and m in both
/// samples, the covariance of the two sums of influences is
/// (m − n₁ n₂ M / (N₁ N₂)) S₁₂, with S₁₂ the covariance of the influences of
/// the m units (S. M. Tam, « On covariances from overlapping samples », *The
/// American Statistician* 38, 1984; L. Qualité, Y. Tillé, *Survey Methodology*
/// 34, 2008). Where all answer both times it is the variance of the individual
/// differences; where nobody does it is taken as zero.
///
/// The interval is made of the two intervals and of the correlation r
/// (G. Y. Zou, A. Donner, *Statistics in Medicine* 27, 2008): with distances
/// a = θ₂ − l₂ and b = u₁ − θ₁, the lower bound lies √(a² + b² − 2 r a b) below
/// the difference, and the upper one likewise above. It is that of Student
/// where both intervals are, and stays sound for proportions near 0 and 1.
pub fn difference(first: &Wave<'_>, second: &Wave<'_>, common: &[Common]) -> Difference {
    let value = second.estimate - first.estimate;
    let covariance = covariance(first, second, common);
    let product = first.standard_error * second.standard_error;
    let correlation = if product > 0.0 { (covariance / product).clamp(-1.0, 1.0) } else { 0.0 };
    let variance =
        first.standard_error.powi(2) + second.standard_error.powi(2) - 2.0 * correlation * product;
    let distance = |a: f64, b: f64| (a * a + b * b - 2.0 * correlation * a * b).max(0.0).sqrt();
    let below = distance(second.estimate - second.interval.0, first.interval.1 - first.estimate);
    let above = distance(second.interval.1 - second.estimate, first.estimate - first.interval.0);
    Difference {
        value,
        standard_error: variance.max(0.0).sqrt(),
        correlation,
        interval: (value - below, value + above),
    }
}

fn covariance(first: &Wave<'_>, second: &Wave<'_>, common: &[Common]) -> f64 {
    let (left, right) = (first.influence(), second.influence());
    sum(common.iter().map(|common| {
        let strata =
            first.design.strata().get(common.first).zip(second.design.strata().get(common.second));
        strata.map_or(0.0, |(a, b)| overlap(common, a, b) * spread(common, &left, &right))
    }))
}

impl Wave<'_> {
    /// The influence of every unit of the survey on the estimate.
    fn influence(&self) -> Vec<f64> {
        let weights = self.units.iter().map(|unit| self.design.weight(*unit));
        let size = sum(weights.clone());
        let influence: Vec<f64> =
            weights.zip(self.values).map(|(w, value)| w * (value - self.estimate) / size).collect();
        self.design.residuals(self.units, &influence)
    }
}

/// m − n₁ n₂ M / (N₁ N₂): how many more units the samples share than chance
/// would have them.
fn overlap(common: &Common, first: &Stratum, second: &Stratum) -> f64 {
    let share = |stratum: &Stratum| {
        stratum.population.map_or(0.0, |population| stratum.sample as f64 / population)
    };
    common.pairs.len() as f64 - share(first) * share(second) * common.population
}

/// The covariance of the influences of the units in both samples. That of one
/// unit is its product, not centred, where it is all that each sample has, as
/// its variance is (`lonely.psu = "adjust"`), and unknown elsewhere.
fn spread(common: &Common, left: &[f64], right: &[f64]) -> f64 {
    let of = |(a, b): &(usize, usize)| Some((*left.get(*a)?, *right.get(*b)?));
    let pairs: Vec<(f64, f64)> = common.pairs.iter().filter_map(of).collect();
    let count = pairs.len() as f64;
    match pairs.as_slice() {
        [] => 0.0,
        [(a, b)] => a * b,
        pairs => {
            let means = (
                sum(pairs.iter().map(|(a, _)| *a)) / count,
                sum(pairs.iter().map(|(_, b)| *b)) / count,
            );
            let mut products = Sum::default();
            pairs.iter().for_each(|(a, b)| products.add((a - means.0) * (b - means.1)));
            products.value() / (count - 1.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{interval, mean};

    /// A design of two strata of ten and six, of which the first four and the
    /// last three units answered.
    fn design() -> Design {
        let strata = vec![0, 0, 0, 0, 1, 1, 1];
        Design::new(strata, &[Some(10.0), Some(6.0)], vec![2.5, 2.5, 2.5, 2.5, 2.0, 2.0, 2.0])
            .unwrap()
    }

    fn wave<'a>(design: &'a Design, units: &'a [usize], values: &'a [f64]) -> Wave<'a> {
        let estimate = mean(design, units, values).unwrap();
        let bounds = interval(&estimate, 0.95).unwrap();
        Wave {
            design,
            units,
            values,
            estimate: estimate.value,
            standard_error: estimate.standard_error.unwrap(),
            interval: (bounds.low, bounds.high),
        }
    }

    fn all_pairs() -> Vec<Common> {
        let common = |stratum, population, units: std::ops::Range<usize>| Common {
            first: stratum,
            second: stratum,
            population,
            pairs: units.map(|unit| (unit, unit)).collect(),
        };
        vec![common(0, 10.0, 0..4), common(1, 6.0, 4..7)]
    }

    const FIRST: [f64; 7] = [10.0, 12.0, 9.0, 15.0, 20.0, 22.0, 27.0];
    const SECOND: [f64; 7] = [11.0, 15.0, 9.0, 16.0, 20.0, 25.0, 26.0];
    const UNITS: [usize; 7] = [0, 1, 2, 3, 4, 5, 6];

    /// Where all answer both times, the difference is the mean of the
    /// differences, with its standard error.
    #[test]
    fn the_same_units_are_one_sample_of_differences() {
        let design = design();
        let (first, second) = (wave(&design, &UNITS, &FIRST), wave(&design, &UNITS, &SECOND));
        let change: Vec<f64> = FIRST.iter().zip(SECOND).map(|(a, b)| b - a).collect();
        let expected = mean(&design, &UNITS, &change).unwrap();
        let found = difference(&first, &second, &all_pairs());
        assert!((found.value - expected.value).abs() < 1e-12);
        assert!((found.standard_error - expected.standard_error.unwrap()).abs() < 1e-12);
        let bounds = interval(&expected, 0.95).unwrap();
        assert!((found.interval.0 - bounds.low).abs() < 1e-9, "{found:?} {bounds:?}");
        assert!((found.interval.1 - bounds.high).abs() < 1e-9);
        assert!(found.correlation > 0.5);
    }

    #[test]
    fn strangers_are_independent() {
        let design = design();
        let (first, second) = (wave(&design, &UNITS, &FIRST), wave(&design, &UNITS, &SECOND));
        let found = difference(&first, &second, &[]);
        let expected = (first.standard_error.powi(2) + second.standard_error.powi(2)).sqrt();
        assert_eq!(found.correlation, 0.0);
        assert!((found.standard_error - expected).abs() < 1e-12);
    }

    /// Two samples that share no more units than chance has them are as good as
    /// independent: half of ten each time, two or three of them twice.
    #[test]
    fn a_chance_overlap_says_nothing() {
        let stratum = Stratum { population: Some(10.0), sample: 5 };
        let common = |pairs: usize| Common {
            first: 0,
            second: 0,
            population: 10.0,
            pairs: (0..pairs).map(|unit| (unit, unit)).collect(),
        };
        let [fewer, more] = [2, 3].map(|pairs| overlap(&common(pairs), &stratum, &stratum));
        assert!((fewer + more).abs() < 1e-12);
        assert_eq!(overlap(&common(5), &stratum, &stratum), 2.5);
    }

    /// A domain, and units in another order the second time.
    #[test]
    fn units_are_known_by_their_pairs() {
        let design = design();
        let domain = [0, 1, 4, 5, 6];
        let pick = |values: [f64; 7]| domain.map(|unit| values[unit]);
        let (left, right) = (pick(FIRST), pick(SECOND));
        let change: Vec<f64> = left.iter().zip(right).map(|(a, b)| b - a).collect();
        let straight = difference(
            &wave(&design, &domain, &left),
            &wave(&design, &domain, &right),
            &all_pairs(),
        );
        let expected = mean(&design, &domain, &change).unwrap().standard_error.unwrap();
        assert!((straight.standard_error - expected).abs() < 1e-12);
        let mirrored: Vec<f64> = [1, 0, 4, 6, 5].map(|unit: usize| SECOND[unit]).to_vec();
        let mut swapped = all_pairs();
        swapped[0].pairs = vec![(0, 1), (1, 0), (2, 2), (3, 3)];
        swapped[1].pairs = vec![(4, 4), (5, 6), (6, 5)];
        let second = wave(&design, &domain, &mirrored);
        let found = difference(&wave(&design, &domain, &left), &second, &swapped);
        assert!((found.standard_error - expected).abs() < 1e-12);
    }

    #[test]
    fn a_difference_of_proportions_stays_in_bounds_at_the_ends() {
        let design = Design::simple(vec![1.0; 8]).unwrap();
        let units: Vec<usize> = (0..8).collect();
        let method = crate::statistics::ProportionMethod::Beta;
        let all = vec![true; 8];
        let none = vec![false; 8];
        let proportion = |hits: &[bool]| {
            crate::statistics::proportion(&design, &units, hits, method, 0.95).unwrap()
        };
        let (before, after) = (proportion(&none), proportion(&all));
        let values = [vec![0.0; 8], vec![1.0; 8]];
        let wave = |found: &crate::statistics::Proportion, values: &'static [f64]| Wave {
            design: &design,
            units: &units,
            values,
            estimate: found.estimate.value,
            standard_error: found.estimate.standard_error.unwrap_or(0.0),
            interval: (found.interval.low, found.interval.high),
        };
        let [left, right] = values.map(|values| &*values.leak());
        let found = difference(&wave(&before, left), &wave(&after, right), &[]);
        assert_eq!(found.value, 1.0);
        assert!(found.interval.0 > 0.0 && found.interval.1 <= 1.0, "{found:?}");
        assert!(found.is_more_than_noise());
    }
}
