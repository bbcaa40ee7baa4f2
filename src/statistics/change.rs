//! The difference between two surveys whose samples share units.
//!
//! Two years ask the same projects, and most of them answer both times. What a
//! project says one year goes with what it said the other, so that the
//! difference is better known than from two samples of strangers.

use super::design::{Design, Stratum};
use super::sums::{Sum, sum};

/// What an estimate is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// A mean or a proportion.
    #[default]
    Mean,
    Total,
}

/// One of the two estimates.
#[derive(Debug, Clone, Copy)]
pub struct Wave<'a> {
    pub design: &'a Design,
    pub form: Form,
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

/// The difference of two means, proportions or totals, with its interval.
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
    let covariance = covariance(first, second, common);
    let product = first.standard_error * second.standard_error;
    let correlation = if product > 0.0 { (covariance / product).clamp(-1.0, 1.0) } else { 0.0 };
    let square = |wave: &Wave<'_>| wave.standard_error * wave.standard_error;
    let variance = square(first) + square(second) - 2.0 * correlation * product;
    let bounds = |wave: &Wave<'_>| (wave.estimate, wave.interval);
    Difference {
        value: second.estimate - first.estimate,
        standard_error: variance.max(0.0).sqrt(),
        correlation,
        interval: difference_interval(bounds(first), bounds(second), correlation),
    }
}

/// The interval of a difference, second less first, from the estimates, their
/// intervals and their correlation (see [`difference`]).
pub fn difference_interval(
    (first, (first_low, first_high)): (f64, (f64, f64)),
    (second, (second_low, second_high)): (f64, (f64, f64)),
    correlation: f64,
) -> (f64, f64) {
    let distance = |a: f64, b: f64| (a * a + b * b - 2.0 * correlation * a * b).max(0.0).sqrt();
    let below = distance(second - second_low, first_high - first);
    let above = distance(second_high - second, first - first_low);
    (second - first - below, second - first + above)
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
        let (centre, size) = match self.form {
            Form::Mean => (self.estimate, sum(weights.clone())),
            Form::Total => (0.0, 1.0),
        };
        let influence: Vec<f64> =
            weights.zip(self.values).map(|(w, value)| w * (value - centre) / size).collect();
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
            form: Form::Mean,
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
            form: Form::Mean,
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

    /// The design of `tests/oracle/change.R`.
    fn panel() -> Design {
        let strata = vec![0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2];
        let weights = [vec![20.0 / 6.0; 6], vec![9.0 / 4.0; 4], vec![4.0]].concat();
        Design::new(strata, &[Some(20.0), Some(9.0), Some(4.0)], weights).unwrap()
    }

    /// A year's estimate with its interval: `svyciprop` for an option, `confint`
    /// for a mean or a total.
    fn measured<'a>(
        design: &'a Design,
        form: Form,
        is_option: bool,
        units: &'a [usize],
        values: &'a [f64],
    ) -> Wave<'a> {
        let (estimate, bounds) = if is_option {
            let hits: Vec<bool> = values.iter().map(|value| *value > 0.5).collect();
            let method = crate::statistics::ProportionMethod::Beta;
            let found = crate::statistics::proportion(design, units, &hits, method, 0.95).unwrap();
            (found.estimate, (found.interval.low, found.interval.high))
        } else {
            let found = match form {
                Form::Mean => mean(design, units, values),
                Form::Total => crate::statistics::total(design, units, values),
            };
            let found = found.unwrap();
            let bounds = interval(&found, 0.95).unwrap();
            (found, (bounds.low, bounds.high))
        };
        Wave {
            design,
            form,
            units,
            values,
            estimate: estimate.value,
            standard_error: estimate.standard_error.unwrap(),
            interval: bounds,
        }
    }

    /// R's `svytotal` and `svycontrast` find the same differences and standard
    /// errors; its intervals and correlations give the same bounds.
    #[test]
    fn differences_are_those_of_r() {
        const Y: [[f64; 11]; 2] = [
            [10.0, 12.0, 9.0, 15.0, 20.0, 22.0, 27.0, 31.0, 8.0, 14.0, 40.0],
            [11.0, 15.0, 9.0, 16.0, 20.0, 25.0, 26.0, 36.0, 7.0, 19.0, 44.0],
        ];
        const H: [[f64; 11]; 2] = [
            [0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0],
            [0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0],
        ];
        /// Who left the question out, each year.
        const MISSING: [&[usize]; 2] = [&[5], &[2, 8]];
        let design = panel();
        let common = |stratum, population, units: std::ops::Range<usize>| Common {
            first: stratum,
            second: stratum,
            population,
            pairs: units.map(|unit| (unit, unit)).collect(),
        };
        let all = vec![common(0, 20.0, 0..6), common(1, 9.0, 6..10), common(2, 4.0, 10..11)];
        let expected = include_str!("../../tests/oracle/change.csv");
        let mut cases = 0;
        for line in expected.lines().skip(1) {
            let [case, variable, statistic, value, error, low, high] =
                <[&str; 7]>::try_from(line.split(',').collect::<Vec<_>>()).unwrap();
            let answers = if variable == "y" { Y } else { H };
            let form = if statistic == "total" { Form::Total } else { Form::Mean };
            let left_out =
                |year: usize, unit: &usize| case == "panel-domaine" && MISSING[year].contains(unit);
            let answered = [0, 1].map(|year| {
                let units: Vec<usize> = (0..11).filter(|unit| !left_out(year, unit)).collect();
                let values: Vec<f64> = units.iter().map(|unit| answers[year][*unit]).collect();
                (units, values)
            });
            let [first, second] = [0, 1].map(|year| {
                let (units, values): &(Vec<usize>, Vec<f64>) = &answered[year];
                measured(&design, form, variable == "h", units, values)
            });
            let pairs = if case == "independants" { &[][..] } else { &all };
            let found = difference(&first, &second, pairs);
            let near = |found: f64, expected: &str| {
                let expected: f64 = expected.parse().unwrap();
                (found - expected).abs() <= 1e-9 * expected.abs().max(1.0)
            };
            assert!(near(found.value, value), "{line} {found:?}");
            assert!(near(found.standard_error, error), "{line} {found:?}");
            assert!(near(found.interval.0, low), "{line} {found:?}");
            assert!(near(found.interval.1, high), "{line} {found:?}");
            cases += 1;
        }
        assert_eq!(cases, 8);
    }

    /// The subsets of `size` units out of `count`, as bits.
    fn subsets(count: u32, size: u32) -> impl Iterator<Item = u32> + Clone {
        (0_u32..1 << count).filter(move |bits| bits.count_ones() == size)
    }

    /// Over all pairs of samples of three out of six that share two units, the
    /// estimated covariance is on average the true one.
    #[test]
    fn the_covariance_of_a_partial_overlap_is_without_bias() {
        let population = [[3.0, 7.0, 1.0, 9.0, 4.0, 6.0], [5.0, 8.0, 2.0, 6.0, 7.0, 5.0]];
        let members = |bits: u32| (0..6_usize).filter(move |unit| bits >> unit & 1 == 1);
        let total = |year: usize, bits: u32| sum(members(bits).map(|unit| population[year][unit]));
        let stratum = Stratum { population: Some(6.0), sample: 3 };
        let draws = subsets(6, 3).flat_map(|one| subsets(6, 3).map(move |other| (one, other)));
        let (mut products, mut estimates, mut count) = (0.0, 0.0, 0.0);
        for (one, other) in draws.filter(|(one, other)| (one & other).count_ones() == 2) {
            let common = Common {
                first: 0,
                second: 0,
                population: 6.0,
                pairs: members(one & other).map(|unit| (unit, unit)).collect(),
            };
            let spread = spread(&common, &population[0], &population[1]);
            estimates += overlap(&common, &stratum, &stratum) * spread;
            products += total(0, one) * total(1, other);
            count += 1.0;
        }
        let expected = |year: usize| 3.0 / 6.0 * population[year].iter().sum::<f64>();
        let covariance = products / count - expected(0) * expected(1);
        assert!(covariance > 0.1, "{covariance}");
        assert!(
            (estimates / count - covariance).abs() < 1e-9,
            "{} {covariance}",
            estimates / count
        );
    }
}
