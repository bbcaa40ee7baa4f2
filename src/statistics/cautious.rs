//! The interval of a proportion for readers who must not learn what some of
//! its units answered.

use super::design::Design;
use super::estimators::{Estimate, mean};
use super::intervals::{Interval, Proportion, ProportionMethod, interval_of_proportion};
use super::sums::sum;

/// What readers of a proportion must not learn.
#[derive(Debug, Clone, Copy)]
pub struct Secret<'a> {
    /// Which of the domain's units are concealed, one entry each: how many hits
    /// they are together is public, which of them are is not.
    pub concealed: &'a [bool],
    /// Units out of the domain that could be in it, as far as readers know: those
    /// of the strata whose number in the domain is not public.
    pub possible: &'a [usize],
}

/// [`proportion`](super::proportion), with the widest interval that the
/// concealed units could give.
///
/// The variance of a stratified proportion adds up the strata, so that its
/// digits tell what a small stratum answered. Here the hits of concealed units
/// count together only; in the variance, each stratum has of them as many as make
/// it largest. Under weights the proportion itself depends on who they are: the
/// interval holds those of both ends of [`public_range`]. What comes out depends
/// on that range and on the other units, and is never narrower than it should be.
/// The `logit` interval is that of the exact log odds (R: `method = "xlogit"`),
/// which needs no unit's answer.
///
/// None for an empty domain.
pub fn cautious_proportion(
    design: &Design,
    units: &[usize],
    hits: &[bool],
    secret: Secret<'_>,
    method: ProportionMethod,
    level: f64,
) -> Option<Proportion> {
    let values: Vec<f64> = hits.iter().map(|hit| f64::from(u8::from(*hit))).collect();
    let exact = mean(design, units, &values)?;
    let sums = Sums::new(design, units, hits, secret);
    let all: Vec<usize> = units.iter().chain(secret.possible).copied().collect();
    // Who is in the domain must not be told by the degrees of freedom either.
    let known = Estimate {
        degrees: design.degrees_of_freedom(&all),
        census: design.is_census(&all),
        ..exact
    };
    let at = |value: f64| {
        let error = widest_error(design, &all, hits, secret, value, sums.base.0);
        let standard_error = (!known.census).then_some(error).or(exact.standard_error);
        let estimate = Estimate { value, standard_error, ..known };
        (standard_error, interval_of_proportion(&estimate, method, level))
    };
    let (low, high) = sums.range_around(exact.value);
    let ((first, lower), (last, upper)) = (at(low), at(high));
    let interval = Interval {
        low: lower.low.min(upper.low),
        high: lower.high.max(upper.high),
        basis: lower.basis,
    };
    let standard_error = first.zip(last).map(|(first, last)| first.max(last));
    Some(Proportion { estimate: Estimate { standard_error, ..known }, interval })
}

/// What a proportion could be as far as readers know: from the smallest weights
/// of concealed units for their hits (and the largest for the others of the
/// domain) to the reverse. A point, the proportion itself, where weights do not
/// tell concealed units from each other.
///
/// It depends on the number of concealed hits, on weights and on what the other
/// units answered: on nothing that unweighted counts do not tell.
///
/// None for an empty domain.
pub fn public_range(
    design: &Design,
    units: &[usize],
    hits: &[bool],
    secret: Secret<'_>,
) -> Option<(f64, f64)> {
    let values: Vec<f64> = hits.iter().map(|hit| f64::from(u8::from(*hit))).collect();
    let exact = mean(design, units, &values)?;
    Some(Sums::new(design, units, hits, secret).range_around(exact.value))
}

/// The least and the greatest that the weights of the hits, and of the domain,
/// can add up to.
struct Sums {
    hits: (f64, f64),
    base: (f64, f64),
}

impl Sums {
    fn new(design: &Design, units: &[usize], hits: &[bool], secret: Secret<'_>) -> Self {
        let flags = || units.iter().zip(hits).zip(secret.concealed);
        let weight = |unit: &usize| design.weight(*unit);
        let open = || flags().filter(|(_, concealed)| !**concealed);
        let hidden = || flags().filter(|(_, concealed)| **concealed);
        let open_hits =
            sum(open().filter(|((_, hit), _)| **hit).map(|((unit, _), _)| weight(unit)));
        let open_base = sum(open().map(|((unit, _), _)| weight(unit)));
        let mut pool: Vec<f64> = hidden()
            .map(|((unit, _), _)| weight(unit))
            .chain(secret.possible.iter().map(weight))
            .collect();
        pool.sort_by(f64::total_cmp);
        let among = |open: f64, count: usize| {
            let least = sum(pool.iter().take(count).copied());
            (open + least, open + sum(pool.iter().rev().take(count).copied()))
        };
        Self {
            hits: among(open_hits, hidden().filter(|((_, hit), _)| **hit).count()),
            base: among(open_base, hidden().count()),
        }
    }

    /// The range of the proportion, which is `exact` where nothing moves it.
    fn range_around(&self, exact: f64) -> (f64, f64) {
        /// Below this, a difference is the arithmetic's.
        const NOISE: f64 = 1e-12;
        let (low, high) = (self.hits.0 / self.base.1, (self.hits.1 / self.base.0).min(1.0));
        if high - low <= NOISE { (exact, exact) } else { (low, high) }
    }
}

/// The largest standard error that concealed units could give a proportion of
/// this value. All who could be in the domain are: a variance is largest where
/// every value is at an end.
fn widest_error(
    design: &Design,
    all: &[usize],
    hits: &[bool],
    secret: Secret<'_>,
    value: f64,
    size: f64,
) -> f64 {
    let mut hits = hits.to_vec();
    hits.resize(all.len(), false);
    let mut concealed = secret.concealed.to_vec();
    concealed.resize(all.len(), true);
    let mut guess = Guess { design, units: all, value, size, hits };
    let mut ranks = by_stratum(design, all, &concealed);
    ranks.iter().for_each(|ranks| guess.set(ranks, 0));
    ranks.iter_mut().for_each(|ranks| guess.widen(ranks));
    guess.variance().sqrt()
}

/// The ranks, among `units`, of the concealed ones, stratum by stratum.
fn by_stratum(design: &Design, units: &[usize], concealed: &[bool]) -> Vec<Vec<usize>> {
    let mut strata: Vec<Vec<usize>> = vec![Vec::new(); design.strata().len()];
    for (rank, unit) in units.iter().enumerate() {
        if concealed.get(rank) == Some(&true)
            && let Some(ranks) = strata.get_mut(design.stratum(*unit))
        {
            ranks.push(rank);
        }
    }
    strata.into_iter().filter(|ranks| !ranks.is_empty()).collect()
}

/// Hits that could be those of the units, and the proportion that is known.
struct Guess<'a> {
    design: &'a Design,
    units: &'a [usize],
    value: f64,
    /// What the weights of the domain add up to.
    size: f64,
    hits: Vec<bool>,
}

impl Guess<'_> {
    /// Makes hits of the first `count` of some units, and of no other of them.
    fn set(&mut self, ranks: &[usize], count: usize) {
        for (place, rank) in ranks.iter().enumerate() {
            if let Some(hit) = self.hits.get_mut(*rank) {
                *hit = place < count;
            }
        }
    }

    /// Gives a stratum the number of hits that makes the variance largest.
    fn widen(&mut self, ranks: &[usize]) {
        let (mut widest, mut best) = (f64::NEG_INFINITY, 0);
        for count in 0..=ranks.len() {
            self.set(ranks, count);
            let variance = self.variance();
            if variance > widest {
                (widest, best) = (variance, count);
            }
        }
        self.set(ranks, best);
    }

    fn variance(&self) -> f64 {
        let weights: Vec<f64> = self.units.iter().map(|unit| self.design.weight(*unit)).collect();
        let residual = |hit: bool| f64::from(u8::from(hit)) - self.value;
        let influence = |(weight, hit): (&f64, &bool)| weight * residual(*hit) / self.size;
        let influence: Vec<f64> = weights.iter().zip(&self.hits).map(influence).collect();
        self.design.variance(self.units, &influence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::proportion;

    /// Three strata of 20, 3 and 2 units; the last two are concealed.
    fn cautious(small: usize, smallest: usize, method: ProportionMethod) -> Proportion {
        let (design, units, concealed) = sample();
        let hits = hits(small, smallest);
        cautious_proportion(&design, &units, &hits, secret(&concealed), method, 0.95).unwrap()
    }

    fn sample() -> (Design, Vec<usize>, Vec<bool>) {
        let strata: Vec<usize> = [vec![0; 20], vec![1; 3], vec![2; 2]].concat();
        let concealed = strata.iter().map(|stratum| *stratum > 0).collect();
        let populations = [Some(30.0), Some(5.0), Some(4.0)];
        let design = Design::new(strata, &populations, vec![1.0; 25]).unwrap();
        (design, (0..25).collect(), concealed)
    }

    fn secret(concealed: &[bool]) -> Secret<'_> {
        Secret { concealed, possible: &[] }
    }

    fn hits(small: usize, smallest: usize) -> Vec<bool> {
        let first = |count: usize, of: usize| (0..of).map(move |unit| unit < count);
        first(9, 20).chain(first(small, 3)).chain(first(smallest, 2)).collect()
    }

    const METHODS: [ProportionMethod; 3] =
        [ProportionMethod::Beta, ProportionMethod::Logit, ProportionMethod::Wilson];

    #[test]
    fn counts_with_the_same_sum_give_the_same_interval() {
        for method in METHODS {
            assert_eq!(cautious(2, 0, method), cautious(1, 1, method));
            assert_eq!(cautious(2, 0, method), cautious(0, 2, method));
        }
    }

    #[test]
    fn it_is_never_narrower_than_the_exact_one() {
        let (design, units, _) = sample();
        for (small, smallest) in [(0, 0), (1, 0), (3, 2), (2, 1)] {
            let cautious = cautious(small, smallest, ProportionMethod::Beta);
            let hits = hits(small, smallest);
            let exact = proportion(&design, &units, &hits, ProportionMethod::Beta, 0.95).unwrap();
            assert_eq!(cautious.estimate.value, exact.estimate.value);
            assert!(cautious.interval.low <= exact.interval.low + 1e-12);
            assert!(cautious.interval.high >= exact.interval.high - 1e-12);
        }
    }

    #[test]
    fn with_nobody_concealed_it_is_the_exact_one() {
        let (design, units, _) = sample();
        let hits = hits(1, 1);
        for method in [ProportionMethod::Beta, ProportionMethod::Wilson] {
            let exact = proportion(&design, &units, &hits, method, 0.95);
            let open = [false; 25];
            let cautious = cautious_proportion(&design, &units, &hits, secret(&open), method, 0.95);
            assert_eq!(cautious, exact);
        }
    }

    /// The two small strata weigh 5/3 and 2: who of them is a hit moves the
    /// proportion, and nothing that is published.
    #[test]
    fn under_weights_neither_the_range_nor_the_interval_tells_who_the_hits_are() {
        let (_, units, concealed) = sample();
        let strata: Vec<usize> = [vec![0; 20], vec![1; 3], vec![2; 2]].concat();
        let populations = [Some(30.0), Some(5.0), Some(4.0)];
        let weights = [vec![1.5; 20], vec![5.0 / 3.0; 3], vec![2.0; 2]].concat();
        let design = Design::new(strata, &populations, weights).unwrap();
        for method in METHODS {
            let of = |hits: &[bool]| {
                let secret = secret(&concealed);
                let range = public_range(&design, &units, hits, secret).unwrap();
                let found = cautious_proportion(&design, &units, hits, secret, method, 0.95);
                (range, found.unwrap())
            };
            let ((range, one), (same, other)) = (of(&hits(2, 0)), of(&hits(0, 2)));
            assert_eq!(range, same);
            assert_eq!(
                (one.interval, one.estimate.standard_error),
                (other.interval, other.estimate.standard_error)
            );
            assert!(one.estimate.value < other.estimate.value, "the exact one would tell");
            for found in [one, other] {
                assert!(range.0 <= found.estimate.value && found.estimate.value <= range.1);
            }
        }
    }

    /// A question that an unknown number of each small stratum was asked.
    #[test]
    fn who_is_in_the_domain_is_not_told_where_it_is_hidden() {
        let (design, ..) = sample();
        let of = |inside: [usize; 2]| {
            let units: Vec<usize> = (0..20).chain(inside).collect();
            let hits: Vec<bool> = (0..22).map(|rank| rank < 9 || rank == 20).collect();
            let concealed: Vec<bool> = (0..22).map(|rank| rank >= 20).collect();
            let possible: Vec<usize> = (20..25).filter(|unit| !inside.contains(unit)).collect();
            let secret = Secret { concealed: &concealed, possible: &possible };
            cautious_proportion(&design, &units, &hits, secret, ProportionMethod::Beta, 0.95)
        };
        assert_eq!(of([20, 21]), of([20, 23]));
        assert_eq!(of([20, 21]), of([23, 24]));
    }
}
