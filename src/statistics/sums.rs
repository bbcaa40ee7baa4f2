//! Sums that do not depend on rounding luck.

/// A compensated sum of numbers, added in order.
///
/// The error of each addition is kept and added at the end, so that the result
/// is as if computed with twice the digits: A. Neumaier, « Rundungsfehleranalyse
/// einiger Verfahren zur Summation endlicher Summen », ZAMM 54 (1974).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    /// Adds a number.
    pub fn add(&mut self, term: f64) {
        let next = self.sum + term;
        self.lost += if self.sum.abs() >= term.abs() {
            (self.sum - next) + term
        } else {
            (term - next) + self.sum
        };
        self.sum = next;
    }

    /// The sum so far.
    pub fn value(self) -> f64 {
        self.sum + self.lost
    }
}

/// The sum of numbers, in their order.
pub fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    let mut total = Sum::default();
    terms.into_iter().for_each(|term| total.add(term));
    total.value()
}

/// The sums of numbers by cell; numbers of a cell out of range are left out.
pub fn sums_by_cell(cells: usize, terms: impl IntoIterator<Item = (usize, f64)>) -> Vec<f64> {
    let mut sums = vec![Sum::default(); cells];
    for (cell, term) in terms {
        if let Some(sum) = sums.get_mut(cell) {
            sum.add(term);
        }
    }
    sums.into_iter().map(Sum::value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_addition_loses_is_not_lost() {
        assert_eq!(sum([1.0, 1e100, 1.0, -1e100]), 2.0);
        assert_eq!(sum(std::iter::repeat_n(0.1, 10)), 1.0);
        assert_eq!(sum([]), 0.0);
    }

    #[test]
    fn cells_are_summed_apart() {
        assert_eq!(sums_by_cell(2, [(0, 1.0), (1, 2.0), (0, 3.0), (7, 9.0)]), [4.0, 2.0]);
    }
}
