//! A table of counts as it is published: options × régions, and the national
//! column.

use super::mask::{Cell, Place};

/// How the options of a question relate to their base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One option at most for each respondent. How many chose none is held
    /// known, as tables say how many answers were not recognised: a column adds
    /// up to what it adds up to.
    Exclusive,
    /// Each option is ticked or not, independently of the others.
    Multiple,
    /// Several options, and every respondent of the base ticked one at least,
    /// as when the base is those who answered: a column adds up to no less
    /// than its base.
    AtLeastOne,
}

/// In what form the shown cells of a column appear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Published {
    /// As counts, or so that the count can be read exactly. Also the choice for
    /// percentages adjusted by largest remainders, whose rounding says more
    /// than that of a percentage alone.
    #[default]
    Counts,
    /// As percentages of the base only, each rounded to the nearest at this
    /// number of decimals.
    Percentages {
        /// Decimals after the comma.
        decimals: u32,
    },
    /// Nowhere: the column is not in any document.
    Nothing,
}

/// Why a table cannot be one of counts. Ranks are from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// A row does not have one count per base.
    Ragged { row: usize, counts: usize, bases: usize },
    /// A count above its base.
    AboveBase { row: usize, region: usize, count: usize, base: usize },
    /// An exclusive question whose options add up to more than the base.
    SumAboveBase { region: usize, sum: usize, base: usize },
}

/// The counts of a question by option (rows) and région (columns), unweighted,
/// with the bases; the national column is their sum. What is not published of
/// the bases is held known all the same: the attacker is at least that strong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    kind: Kind,
    counts: Vec<Vec<usize>>,
    bases: Vec<usize>,
    /// One a région.
    forms: Vec<Published>,
    national: Published,
    /// The least and the most that each région's options can add up to.
    sums: Vec<(usize, usize)>,
}

impl Table {
    /// A table whose régions and national column are published as counts.
    ///
    /// # Errors
    ///
    /// Everything that is [`Malformed`] in it.
    pub fn new(
        kind: Kind,
        counts: Vec<Vec<usize>>,
        bases: Vec<usize>,
    ) -> Result<Self, Vec<Malformed>> {
        let faults = faults(kind, &counts, &bases);
        if !faults.is_empty() {
            return Err(faults);
        }
        let sums = known_sums(kind, &counts, &bases);
        let forms = vec![Published::Counts; bases.len()];
        Ok(Self { kind, counts, bases, forms, national: Published::Counts, sums })
    }

    /// The same table, in other forms.
    #[must_use]
    pub fn published(self, regional: Published, national: Published) -> Self {
        Self { forms: vec![regional; self.bases.len()], national, ..self }
    }

    /// The same table with one more column of respondents, which is in no
    /// document but which the national one includes. `counts` has one count a
    /// row, each no more than `base`.
    #[must_use]
    pub fn with_unpublished(mut self, counts: &[usize], base: usize) -> Self {
        let column: Vec<Vec<usize>> = counts.iter().map(|count| vec![*count]).collect();
        self.sums.extend(known_sums(self.kind, &column, &[base]));
        self.push(counts, base);
        self
    }

    /// The same table with one more column that is in no document and stands
    /// for nobody: what may come on top of the other columns, as where groups
    /// overlap. Nothing is known of its sum.
    #[must_use]
    pub fn with_slack(mut self, counts: &[usize], most: usize) -> Self {
        self.sums.push((0, most * self.rows()));
        self.push(counts, most);
        self
    }

    fn push(&mut self, counts: &[usize], base: usize) {
        for (row, line) in self.counts.iter_mut().enumerate() {
            line.push(counts.get(row).copied().unwrap_or_default().min(base));
        }
        self.bases.push(base);
        self.forms.push(Published::Nothing);
    }

    /// How the options relate to the base.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The form in which a column appears.
    #[must_use]
    pub fn form(&self, place: Place) -> Published {
        match place {
            Place::Region(region) => self.forms.get(region).copied().unwrap_or_default(),
            Place::National => self.national,
        }
    }

    /// The number of options.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.counts.len()
    }

    /// The number of régions.
    #[must_use]
    pub fn regions(&self) -> usize {
        self.bases.len()
    }

    /// The number of respondents that chose an option; 0 outside the table.
    #[must_use]
    pub fn count(&self, cell: Cell) -> usize {
        let row = self.counts.get(cell.row).map(Vec::as_slice).unwrap_or_default();
        at(row, cell.place)
    }

    /// The base of a column, in respondents; 0 outside the table.
    #[must_use]
    pub fn base(&self, place: Place) -> usize {
        at(&self.bases, place)
    }

    /// The most that a hidden count of a column can be, as everybody knows: the
    /// base, or the recognised answers of an exclusive question.
    #[must_use]
    pub fn reach(&self, place: Place) -> usize {
        let region = |region: usize| self.base(Place::Region(region)).min(self.column(region).1);
        match place {
            Place::Region(rank) => region(rank),
            Place::National => (0..self.regions()).map(region).sum(),
        }
    }

    /// Whether the cell appears in some document, unless it is hidden.
    #[must_use]
    pub fn is_published(&self, place: Place) -> bool {
        self.form(place) != Published::Nothing
    }

    /// The table of one option alone.
    pub(super) fn option(&self, row: usize) -> Self {
        let counts = self.counts.get(row).cloned().into_iter().collect();
        let sums = self.bases.iter().map(|base| (0, *base)).collect();
        Self { kind: self.kind, counts, sums, ..self.clone() }
    }

    /// The counts, smallest and largest, that a reader of the shown cell knows
    /// to be possible from that cell alone.
    pub(super) fn read(&self, cell: Cell) -> (usize, usize) {
        let (count, base) = (self.count(cell), self.base(cell.place));
        match self.form(cell.place) {
            Published::Counts => (count, count),
            Published::Percentages { decimals } => behind(count, base, decimals),
            Published::Nothing => (0, self.reach(cell.place)),
        }
    }

    /// The least and the most that a région's options can add up to, as
    /// everybody knows.
    pub(super) fn column(&self, region: usize) -> (usize, usize) {
        self.sums.get(region).copied().unwrap_or_default()
    }
}

/// What the kind of a question says of the sum of each column. One option alone
/// says nothing: its sum is its count.
fn known_sums(kind: Kind, counts: &[Vec<usize>], bases: &[usize]) -> Vec<(usize, usize)> {
    let rows = counts.len();
    let known = |(region, base): (usize, &usize)| {
        let sum: usize = counts.iter().map(|row| at(row, Place::Region(region))).sum();
        match kind {
            Kind::Exclusive if rows > 1 => (sum, sum),
            Kind::AtLeastOne if rows > 1 => (sum.min(*base), base * rows),
            _ => (0, base * rows),
        }
    };
    bases.iter().enumerate().map(known).collect()
}

fn at(values: &[usize], place: Place) -> usize {
    match place {
        Place::Region(region) => values.get(region).copied().unwrap_or_default(),
        Place::National => values.iter().sum(),
    }
}

fn faults(kind: Kind, counts: &[Vec<usize>], bases: &[usize]) -> Vec<Malformed> {
    let mut faults = Vec::new();
    for (row, line) in counts.iter().enumerate() {
        if line.len() != bases.len() {
            let (counts, bases) = (line.len(), bases.len());
            faults.push(Malformed::Ragged { row, counts, bases });
        }
        let pairs = line.iter().zip(bases).enumerate().filter(|(_, (count, base))| count > base);
        faults.extend(pairs.map(|(region, (&count, &base))| Malformed::AboveBase {
            row,
            region,
            count,
            base,
        }));
    }
    if kind == Kind::Exclusive {
        faults.extend(sums_above(counts, bases));
    }
    faults
}

fn sums_above<'a>(
    counts: &'a [Vec<usize>],
    bases: &'a [usize],
) -> impl Iterator<Item = Malformed> + 'a {
    bases.iter().enumerate().filter_map(|(region, &base)| {
        let sum = counts.iter().map(|row| at(row, Place::Region(region))).sum();
        (sum > base).then_some(Malformed::SumAboveBase { region, sum, base })
    })
}

/// The counts that print as the same percentage of `base`. A count whose
/// percentage falls midway between two printed ones is held to be known, and to
/// be no other's neighbour: whichever way ties are rounded, a reader knows no
/// more than this.
fn behind(count: usize, base: usize, decimals: u32) -> (usize, usize) {
    let same = |other: &usize| nearest(*other, base, decimals) == nearest(count, base, decimals);
    if nearest(count, base, decimals).is_none() {
        return (count, count);
    }
    let low = (0..count).rev().take_while(same).last().unwrap_or(count);
    let high = (count + 1..=base).take_while(same).last().unwrap_or(count);
    (low, high)
}

/// The percentage in units of its last decimal, unless it is a tie.
fn nearest(count: usize, base: usize, decimals: u32) -> Option<u128> {
    let scale = 200 * 10_u128.pow(decimals.min(12));
    let (doubled, base) = (count as u128 * scale, (base as u128).max(1));
    let tie = doubled % (2 * base) == base;
    (!tie).then_some((doubled + base) / (2 * base))
}
