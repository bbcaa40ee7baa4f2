//! Sample designs: strata with their populations, and weights.

use super::calibration::Adjustment;
use super::sums::{Sum, sums_by_cell};

/// A stratum whose part that was not drawn is below this share is a census;
/// `survey:::onestrat` draws the line there.
const CENSUS: f64 = 1e-7;

/// A part of the population that answers for itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    /// How many units there are; none where the population is unbounded.
    pub population: Option<f64>,
    /// How many units answered.
    pub sample: usize,
}

impl Stratum {
    /// The finite population correction 1 − n/N; 1 without a population.
    pub fn correction(&self) -> f64 {
        self.population.map_or(1.0, |population| (population - self.sample as f64) / population)
    }

    /// Whether everyone answered.
    pub fn is_census(&self) -> bool {
        self.correction() < CENSUS
    }
}

/// What is wrong with a design. Strata and units are ranks from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DesignFault {
    /// The vectors do not have one entry a unit, or a stratum has no entry.
    Shape,
    /// A weight that is not above zero and finite.
    Weight { unit: usize },
    /// More answers than there are units.
    SampleExceedsPopulation { stratum: usize },
}

/// A sample drawn without replacement in each stratum, each unit by itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Design {
    stratum_of: Vec<usize>,
    strata: Vec<Stratum>,
    pub(super) weights: Vec<f64>,
    pub(super) adjustments: Vec<Adjustment>,
}

/// The weights N/n of a stratified sample; none where a stratum's population
/// is unknown. `svydesign()` takes them where only `fpc` is given.
pub fn expansion_weights(stratum_of: &[usize], populations: &[Option<f64>]) -> Option<Vec<f64>> {
    let samples = sample_sizes(stratum_of, populations.len());
    let weight = |stratum: &usize| {
        let population = populations.get(*stratum).copied().flatten()?;
        Some(population / *samples.get(*stratum)? as f64)
    };
    stratum_of.iter().map(weight).collect()
}

fn sample_sizes(stratum_of: &[usize], strata: usize) -> Vec<usize> {
    let mut sizes = vec![0; strata];
    for stratum in stratum_of {
        if let Some(size) = sizes.get_mut(*stratum) {
            *size += 1;
        }
    }
    sizes
}

impl Design {
    /// A stratified design: the stratum and the weight of each unit, and the
    /// population of each stratum.
    ///
    /// # Errors
    ///
    /// [`DesignFault`], for the first fault there is.
    pub fn new(
        stratum_of: Vec<usize>,
        populations: &[Option<f64>],
        weights: Vec<f64>,
    ) -> Result<Self, DesignFault> {
        let outside = stratum_of.iter().any(|stratum| *stratum >= populations.len());
        if outside || weights.len() != stratum_of.len() {
            return Err(DesignFault::Shape);
        }
        if let Some(unit) = weights.iter().position(|w| !(w.is_finite() && *w > 0.0)) {
            return Err(DesignFault::Weight { unit });
        }
        let samples = sample_sizes(&stratum_of, populations.len());
        let stratum = |(population, sample): (&Option<f64>, usize)| Stratum {
            population: *population,
            sample,
        };
        let strata: Vec<Stratum> = populations.iter().zip(samples).map(stratum).collect();
        if let Some(stratum) = strata.iter().position(|stratum| stratum.correction() < 0.0) {
            return Err(DesignFault::SampleExceedsPopulation { stratum });
        }
        Ok(Self { stratum_of, strata, weights, adjustments: Vec::new() })
    }

    /// One stratum of an unbounded population.
    ///
    /// # Errors
    ///
    /// [`DesignFault::Weight`].
    pub fn simple(weights: Vec<f64>) -> Result<Self, DesignFault> {
        Self::new(vec![0; weights.len()], &[None], weights)
    }

    /// How many units answered.
    pub fn len(&self) -> usize {
        self.stratum_of.len()
    }

    /// Whether nobody answered.
    pub fn is_empty(&self) -> bool {
        self.stratum_of.is_empty()
    }

    /// The strata, empty ones included.
    pub fn strata(&self) -> &[Stratum] {
        &self.strata
    }

    /// The weights, one a unit, after every adjustment.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The stratum of a unit; 0 for a unit that is not there.
    pub fn stratum(&self, unit: usize) -> usize {
        self.stratum_of.get(unit).copied().unwrap_or_default()
    }

    /// The weight of a unit; 0 for a unit that is not there.
    pub fn weight(&self, unit: usize) -> f64 {
        self.weights.get(unit).copied().unwrap_or(0.0)
    }

    /// Whether the weights were calibrated to known totals.
    pub fn is_calibrated(&self) -> bool {
        !self.adjustments.is_empty()
    }

    /// The degrees of freedom of a domain: its units less the strata they are
    /// in, as `degf()` of the subset counts them.
    pub fn degrees_of_freedom(&self, units: &[usize]) -> usize {
        units.len().saturating_sub(self.strata_of(units).len())
    }

    /// Whether every stratum that a domain's estimate depends on is a census.
    /// Calibration makes it depend on all of them.
    pub fn is_census(&self, units: &[usize]) -> bool {
        let census = |stratum: &Stratum| stratum.sample == 0 || stratum.is_census();
        if self.is_calibrated() {
            return !self.is_empty() && self.strata.iter().all(census);
        }
        let strata = self.strata_of(units);
        !strata.is_empty() && strata.iter().all(|rank| self.strata.get(*rank).is_some_and(census))
    }

    /// The rows of a domain's design as R counts them: subsetting a calibrated
    /// design keeps every row, with weights of zero.
    pub fn rows(&self, units: &[usize]) -> usize {
        if self.is_calibrated() { self.len() } else { units.len() }
    }

    /// The strata that units are in, in order.
    fn strata_of(&self, units: &[usize]) -> Vec<usize> {
        let mut present = vec![false; self.strata.len()];
        for stratum in units.iter().filter_map(|unit| self.stratum_of.get(*unit)) {
            if let Some(flag) = present.get_mut(*stratum) {
                *flag = true;
            }
        }
        let ranks = present.into_iter().enumerate();
        ranks.filter_map(|(rank, present)| present.then_some(rank)).collect()
    }

    /// The variance of an estimate from the influence of each unit of its
    /// domain; the influence of other units is zero.
    ///
    /// Taylor linearisation for one stage of sampling without replacement, in
    /// each stratum (1 − n/N) · n/(n − 1) · Σ (z − z̄)², after the influence is
    /// made orthogonal to what the weights were calibrated on (Lumley, §2.2 and
    /// §7.2; Binder 1983). A stratum with one unit gives (1 − n/N) · z², not
    /// centred: `options(survey.lonely.psu = "adjust")`.
    pub fn variance(&self, units: &[usize], influence: &[f64]) -> f64 {
        if !self.is_calibrated() {
            let pairs = units.iter().copied().zip(influence.iter().copied());
            return self.stratified_variance(pairs);
        }
        self.stratified_variance(self.residuals(units, influence).into_iter().enumerate())
    }

    /// The influence of every unit, zero outside of the domain, made orthogonal
    /// to what the weights were calibrated on.
    pub(super) fn residuals(&self, units: &[usize], influence: &[f64]) -> Vec<f64> {
        let mut residuals = vec![0.0; self.len()];
        for (unit, value) in units.iter().zip(influence) {
            if let Some(residual) = residuals.get_mut(*unit) {
                *residual = *value;
            }
        }
        for adjustment in &self.adjustments {
            adjustment.residualise(&mut residuals);
        }
        residuals
    }

    fn stratified_variance(&self, influence: impl Iterator<Item = (usize, f64)> + Clone) -> f64 {
        let by_stratum = influence.filter_map(|(unit, z)| Some((*self.stratum_of.get(unit)?, z)));
        let totals = sums_by_cell(self.strata.len(), by_stratum.clone());
        let means: Vec<f64> = totals
            .iter()
            .zip(&self.strata)
            .map(|(total, stratum)| centre(*total, stratum))
            .collect();
        // Units of the stratum that are not listed count with an influence of
        // zero, hence with the square of the mean.
        let mut squares: Vec<(Sum, usize)> = vec![Default::default(); self.strata.len()];
        for (stratum, z) in by_stratum {
            let mean = means.get(stratum).copied().unwrap_or(0.0);
            if let Some((square, listed)) = squares.get_mut(stratum) {
                square.add((z - mean) * (z - mean));
                *listed += 1;
            }
        }
        let mut variance = Sum::default();
        for ((stratum, mean), (square, listed)) in self.strata.iter().zip(means).zip(squares) {
            let unlisted = stratum.sample.saturating_sub(listed) as f64;
            variance.add(scale(stratum) * (square.value() + unlisted * mean * mean));
        }
        variance.value()
    }
}

/// The mean of a stratum's influences; zero in a stratum with one unit, which
/// is then not centred.
fn centre(total: f64, stratum: &Stratum) -> f64 {
    if stratum.sample > 1 { total / stratum.sample as f64 } else { 0.0 }
}

fn scale(stratum: &Stratum) -> f64 {
    let n = stratum.sample as f64;
    match stratum.sample {
        _ if stratum.is_census() => 0.0,
        0 | 1 => stratum.correction(),
        _ => stratum.correction() * n / (n - 1.0),
    }
}
