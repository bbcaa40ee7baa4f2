//! The interval of a proportion for readers who must not learn what some of
//! its units answered.

use super::design::Design;
use super::estimators::{Estimate, mean};
use super::intervals::{Proportion, ProportionMethod, interval_of_proportion};

/// [`proportion`](super::proportion), with the largest standard error that the
/// concealed units could give.
///
/// The variance of a stratified proportion adds up the strata, so that its
/// digits tell what a small stratum answered. Here the hits of concealed units
/// (`concealed` has one entry for each of `units`) count in the proportion
/// itself only; in the variance, each stratum has of them as many as make it
/// largest. What comes out depends on the proportion and on the other units,
/// and is never narrower than it should be. The `logit` interval is that of the
/// exact log odds (R: `method = "xlogit"`), which needs no unit's answer.
///
/// None for an empty domain.
pub fn cautious_proportion(
    design: &Design,
    units: &[usize],
    hits: &[bool],
    concealed: &[bool],
    method: ProportionMethod,
    level: f64,
) -> Option<Proportion> {
    let values: Vec<f64> = hits.iter().map(|hit| f64::from(u8::from(*hit))).collect();
    let exact = mean(design, units, &values)?;
    let mut guess = Guess { design, units, value: exact.value, hits: hits.to_vec() };
    let mut ranks = by_stratum(design, units, concealed);
    ranks.iter().for_each(|ranks| guess.set(ranks, 0));
    ranks.iter_mut().for_each(|ranks| guess.widen(ranks));
    let standard_error = (!exact.census).then(|| guess.variance().sqrt());
    let estimate = Estimate { standard_error: standard_error.or(exact.standard_error), ..exact };
    Some(Proportion { estimate, interval: interval_of_proportion(&estimate, method, level) })
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
        let size = super::sums::sum(weights.iter().copied());
        let influence =
            |(weight, hit): (&f64, &bool)| weight * (f64::from(u8::from(*hit)) - self.value) / size;
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
        cautious_proportion(&design, &units, &hits, &concealed, method, 0.95).unwrap()
    }

    fn sample() -> (Design, Vec<usize>, Vec<bool>) {
        let strata: Vec<usize> = [vec![0; 20], vec![1; 3], vec![2; 2]].concat();
        let concealed = strata.iter().map(|stratum| *stratum > 0).collect();
        let populations = [Some(30.0), Some(5.0), Some(4.0)];
        let design = Design::new(strata, &populations, vec![1.0; 25]).unwrap();
        (design, (0..25).collect(), concealed)
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
            assert_eq!(cautious_proportion(&design, &units, &hits, &open, method, 0.95), exact);
        }
    }
}
