//! Weights adjusted to totals that are known: post-stratification and raking.

use std::collections::BTreeMap;

use super::design::Design;
use super::sums::{sum, sums_by_cell};

/// A variable whose population totals are known: the cell of each unit, and
/// the total of each cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    pub cells: Vec<usize>,
    pub totals: Vec<f64>,
}

/// When raking stops: `control` of R's `rake()`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RakingControl {
    /// The rounds over all margins, at most.
    pub rounds: usize,
    /// The largest change of a cell of the crossed margins in a round that
    /// still counts as none; below 1, a share of the sum of the weights.
    pub tolerance: f64,
}

/// How raking ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Convergence {
    /// The rounds that were made.
    pub rounds: usize,
    /// Whether the last round changed less than the tolerance.
    pub converged: bool,
    /// The largest relative gap between a margin and its total.
    pub largest_gap: f64,
    /// Where it is: the margin and its cell.
    pub widest: (usize, usize),
}

/// Why weights cannot be adjusted. Margins and cells are ranks from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalibrationFault {
    /// A margin does not have one cell a unit, or a cell no total.
    Shape { margin: usize },
    /// The population has units in a cell where nobody answered.
    EmptyCell { margin: usize, cell: usize },
    /// Somebody answered in a cell where the population has no unit.
    EmptyPopulation { margin: usize, cell: usize },
}

/// What an adjustment leaves behind for variances.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Adjustment {
    PostStratified { cells: Vec<usize>, before: Vec<f64>, after: Vec<f64> },
    Raked(Vec<RakedMargin>),
}

/// A margin, and the weights as they stood after its turn in the last round.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RakedMargin {
    cells: Vec<usize>,
    weights: Vec<f64>,
}

/// How often residuals go round the margins of a raked design; `svyrecvar`
/// goes ten times, which is enough for them to settle.
const SWEEPS: usize = 10;

impl Design {
    /// Scales the weights so that each cell sums to its total.
    ///
    /// The variance of an estimate is then that of its residuals from the means
    /// of the cells, weighted by g = w after / w before (Särndal, Swensson and
    /// Wretman, *Model Assisted Survey Sampling*, §7.6). R: `postStratify()`.
    ///
    /// # Errors
    ///
    /// [`CalibrationFault`], with margin 0.
    pub fn post_stratify(mut self, margin: &Margin) -> Result<Self, CalibrationFault> {
        margin.check(0, self.len())?;
        let before = self.weights.clone();
        self.weights = margin.scaled(&before);
        self.adjustments.push(Adjustment::PostStratified {
            cells: margin.cells.clone(),
            before,
            after: self.weights.clone(),
        });
        Ok(self)
    }

    /// Scales the weights to each margin in turn, over and over, until the
    /// weighted table of all margins no longer changes: iterative proportional
    /// fitting (Deming and Stephan, 1940). R: `rake()`.
    ///
    /// The design is returned even where the rounds ran out before the table
    /// settled; [`Convergence`] says so.
    ///
    /// # Errors
    ///
    /// [`CalibrationFault`], for the first margin at fault.
    pub fn rake(
        mut self,
        margins: &[Margin],
        control: RakingControl,
    ) -> Result<(Self, Convergence), CalibrationFault> {
        for (rank, margin) in margins.iter().enumerate() {
            margin.check(rank, self.len())?;
        }
        let crossed = crossed(margins, self.len());
        let tolerance = control.threshold(&self.weights);
        let mut table = crossed.table(&self.weights);
        let mut raked = Vec::new();
        let mut rounds = 0;
        let mut converged = false;
        while rounds < control.rounds && !converged {
            raked = self.round(margins);
            let next = crossed.table(&self.weights);
            converged = largest_difference(&table, &next) < tolerance;
            table = next;
            rounds += 1;
        }
        self.adjustments.push(Adjustment::Raked(raked));
        let (largest_gap, widest) = widest_gap(margins, &self.weights);
        Ok((self, Convergence { rounds, converged, largest_gap, widest }))
    }

    /// One turn of every margin.
    fn round(&mut self, margins: &[Margin]) -> Vec<RakedMargin> {
        let mut turn = |margin: &Margin| {
            self.weights = margin.scaled(&self.weights);
            RakedMargin { cells: margin.cells.clone(), weights: self.weights.clone() }
        };
        margins.iter().map(&mut turn).collect()
    }
}

impl RakingControl {
    fn threshold(&self, weights: &[f64]) -> f64 {
        let total = sum(weights.iter().copied());
        if self.tolerance < 1.0 { self.tolerance * total } else { self.tolerance }
    }
}

impl Margin {
    fn check(&self, margin: usize, units: usize) -> Result<(), CalibrationFault> {
        let outside = self.cells.iter().any(|cell| *cell >= self.totals.len());
        if outside || self.cells.len() != units {
            return Err(CalibrationFault::Shape { margin });
        }
        let mut filled = vec![false; self.totals.len()];
        for cell in &self.cells {
            if let Some(flag) = filled.get_mut(*cell) {
                *flag = true;
            }
        }
        for (cell, (filled, total)) in filled.into_iter().zip(&self.totals).enumerate() {
            match (filled, *total > 0.0) {
                (false, true) => return Err(CalibrationFault::EmptyCell { margin, cell }),
                (true, false) => return Err(CalibrationFault::EmptyPopulation { margin, cell }),
                _ => {}
            }
        }
        Ok(())
    }

    /// The sum of the weights of each cell.
    fn sums(&self, weights: &[f64]) -> Vec<f64> {
        sums_by_cell(self.totals.len(), self.cells.iter().copied().zip(weights.iter().copied()))
    }

    /// Weights scaled so that each cell sums to its total.
    fn scaled(&self, weights: &[f64]) -> Vec<f64> {
        let factors: Vec<f64> =
            self.totals.iter().zip(self.sums(weights)).map(|(total, sum)| total / sum).collect();
        let scale =
            |(weight, cell): (&f64, &usize)| weight * factors.get(*cell).copied().unwrap_or(1.0);
        weights.iter().zip(&self.cells).map(scale).collect()
    }
}

impl Adjustment {
    /// Takes out of the influences what the adjustment explains.
    pub(super) fn residualise(&self, influence: &mut [f64]) {
        match self {
            Self::PostStratified { cells, before, after } => {
                let shares: Vec<f64> = before.iter().zip(after).map(|(b, a)| b / a).collect();
                subtract_means(influence, cells, before, &shares, after);
            }
            Self::Raked(margins) => {
                let one = vec![1.0; influence.len()];
                for margin in (0..SWEEPS).flat_map(|_| margins) {
                    let inverse: Vec<f64> = margin.weights.iter().map(|w| 1.0 / w).collect();
                    subtract_means(influence, &margin.cells, &one, &inverse, &margin.weights);
                }
            }
        }
    }
}

/// z − scale · (Σ z · factor / Σ base), the sums being those of the unit's cell.
fn subtract_means(
    influence: &mut [f64],
    cells: &[usize],
    base: &[f64],
    factor: &[f64],
    scale: &[f64],
) {
    let count = cells.iter().max().map_or(0, |last| last + 1);
    let products = influence.iter().zip(factor).map(|(z, factor)| z * factor);
    let totals = sums_by_cell(count, cells.iter().copied().zip(products));
    let bases = sums_by_cell(count, cells.iter().copied().zip(base.iter().copied()));
    let means: Vec<f64> = totals.iter().zip(bases).map(|(total, base)| total / base).collect();
    for ((z, cell), scale) in influence.iter_mut().zip(cells).zip(scale) {
        *z -= means.get(*cell).copied().unwrap_or(0.0) * scale;
    }
}

/// The cells of all margins crossed, those that have a unit.
struct Crossed {
    cells: Vec<usize>,
    count: usize,
}

fn crossed(margins: &[Margin], units: usize) -> Crossed {
    let mut ranks: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
    let mut cells = Vec::with_capacity(units);
    for unit in 0..units {
        let key = margins.iter().filter_map(|margin| margin.cells.get(unit).copied()).collect();
        let next = ranks.len();
        cells.push(*ranks.entry(key).or_insert(next));
    }
    Crossed { cells, count: ranks.len() }
}

impl Crossed {
    fn table(&self, weights: &[f64]) -> Vec<f64> {
        sums_by_cell(self.count, self.cells.iter().copied().zip(weights.iter().copied()))
    }
}

fn largest_difference(before: &[f64], after: &[f64]) -> f64 {
    before.iter().zip(after).map(|(b, a)| (b - a).abs()).fold(0.0, f64::max)
}

/// The largest relative gap between a margin and its total, and where it is.
fn widest_gap(margins: &[Margin], weights: &[f64]) -> (f64, (usize, usize)) {
    let mut widest = (0.0, (0, 0));
    for (rank, margin) in margins.iter().enumerate() {
        for (cell, (sum, total)) in margin.sums(weights).iter().zip(&margin.totals).enumerate() {
            let gap = if *total > 0.0 { (sum - total).abs() / total } else { 0.0 };
            if gap > widest.0 {
                widest = (gap, (rank, cell));
            }
        }
    }
    widest
}
