//! Which cells to hide.

use super::attack::{Interval, attack};
use super::mask::{Cell, Mark, Mask, Place};
use super::network::{Moved, Network, Way};
use super::rules::Rules;
use super::table::{Kind, Table};

/// What hiding one cell more weighs against hiding cells on smaller bases.
const CELL: u64 = 1 << 28;
/// What the national column weighs: hidden where nothing else helps.
const NATIONAL: u64 = 1 << 44;

/// What has to be hidden in a table, and what may not be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    /// The cells hidden for themselves.
    pub primary: Vec<Cell>,
    /// The options that are public: never hidden.
    pub public_rows: Vec<usize>,
    /// The width, in respondents, of the interval an attacker must be left
    /// with for each hidden count; what it can be at most where that is smaller.
    pub protection: usize,
}

impl Demand {
    /// What the rules ask for: every published cell that is sensitive.
    #[must_use]
    pub fn of(table: &Table, rules: &Rules) -> Self {
        let sensitive = |cell: &Cell| {
            table.is_published(cell.place)
                && rules.sensitive(table.count(*cell), table.base(cell.place))
        };
        let cells = Mask::shown(table.rows(), table.regions()).cells();
        let primary = cells.filter(sensitive).collect();
        Self { primary, public_rows: Vec::new(), protection: rules.protection }
    }

    /// What is asked of one option, which becomes the only row.
    fn option(&self, row: usize) -> Self {
        let primary = self.primary.iter().filter(|cell| cell.row == row);
        Self {
            primary: primary.map(|cell| Cell { row: 0, ..*cell }).collect(),
            public_rows: if self.public_rows.contains(&row) { vec![0] } else { Vec::new() },
            protection: self.protection,
        }
    }
}

/// Hides what the rules ask for in a table, and as little else as keeps it from
/// being worked out: fewest cells first, then the smallest bases; national
/// counts only where hiding every région's would not do. Deterministic.
#[must_use]
pub fn protect(table: &Table, rules: &Rules) -> Mask {
    protect_cells(table, &Demand::of(table, rules))
}

/// [`protect`] for cells given one by one.
#[must_use]
pub fn protect_cells(table: &Table, demand: &Demand) -> Mask {
    if table.kind() != Kind::Multiple {
        return solve(table, demand);
    }
    let mut mask = Mask::shown(table.rows(), table.regions());
    for row in 0..table.rows() {
        let alone = solve(&table.option(row), &demand.option(row));
        for cell in alone.cells() {
            mask.set(Cell { row, ..cell }, alone.mark(cell));
        }
    }
    mask
}

/// The hidden cells that a reader can work out more closely than `protection`
/// allows: none after [`protect`], unless public options stand in the way.
#[must_use]
pub fn exposed(table: &Table, mask: &Mask, protection: usize) -> Vec<Interval> {
    let close =
        |interval: &Interval| interval.width() < protection.min(table.reach(interval.cell.place));
    attack(table, mask).into_iter().filter(close).collect()
}

fn solve(table: &Table, demand: &Demand) -> Mask {
    let mut search = Search::new(table, demand);
    if !search.primary.is_empty() {
        search.avoid_hopeless();
        search.cover();
        search.clean();
        search.improve();
        search.exchange(table.rows());
        search.clean();
    }
    search.mask(table)
}

/// How much dearer a set of cells may be before [`Search::clean`] to be worth
/// cleaning.
const SURPLUS: u64 = 3 * CELL;

/// A set of hidden cells on its way to being safe.
#[derive(Clone)]
struct Search {
    network: Network,
    primary: Vec<usize>,
    cells: usize,
    protection: usize,
}

impl Search {
    fn new(table: &Table, demand: &Demand) -> Self {
        let mut network = Network::new(table, |cell| cost(table, cell));
        let cells = Mask::shown(table.rows(), table.regions()).cells();
        let mut primary = Vec::new();
        for (rank, cell) in cells.enumerate() {
            if demand.public_rows.contains(&cell.row) {
                network.keep_shown(rank);
            } else if demand.primary.contains(&cell) {
                network.hide(rank, true);
                primary.push(rank);
            }
        }
        let cells = table.rows() * (table.regions() + 1);
        Self { network, primary, cells, protection: demand.protection }
    }

    /// Prices like national counts the cells that could only be hidden together
    /// with one.
    fn avoid_hopeless(&mut self) {
        let mut open = self.clone();
        for rank in 0..self.cells {
            let regional = self.price(rank).is_some_and(|price| price < NATIONAL);
            if regional {
                open.network.hide(rank, true);
            }
        }
        for rank in 0..self.cells {
            if self.price(rank).is_some()
                && !open.is_safe(rank)
                && let Some(edge) = self.network.edges.get_mut(rank)
            {
                edge.cost = edge.cost.map(|cost| cost.max(NATIONAL));
            }
        }
    }

    /// Hides cells until every hidden one is safe. What is safe stays so as
    /// more is hidden, and need not be looked at again.
    fn cover(&mut self) {
        let mut safe = vec![false; self.cells];
        let next = |search: &Self, safe: &[bool]| {
            search.hidden().find(|rank| safe.get(*rank) == Some(&false))
        };
        while let Some(rank) = next(self, &safe) {
            if self.is_safe(rank) {
                safe.get_mut(rank).into_iter().for_each(|safe| *safe = true);
            } else {
                let Some(cells) = self.help(rank) else { break };
                cells.into_iter().for_each(|cell| self.network.hide(cell, true));
            }
        }
    }

    /// The cheapest cells that widen the interval of `rank`, by what they cost
    /// for each respondent of width.
    fn help(&self, rank: usize) -> Option<Vec<usize>> {
        let (up, down) = self.extremes(rank);
        let missing = self.target(rank).saturating_sub(up.gain + down.gain);
        let ways = [(Way::Up, &up), (Way::Down, &down)];
        let tries = ways.iter().flat_map(|(way, moved)| {
            (1..=missing).filter_map(|step| {
                let (cost, cells) = self.network.cheapest(rank, *way, step, moved)?;
                Some((cost * missing as u64 / step as u64, cells))
            })
        });
        tries.min_by_key(|(cost, _)| *cost).map(|(_, cells)| cells)
    }

    /// Shows again, dearest first, what can be shown together with all that
    /// depends on it. Safe sets being closed under union, what is left then has
    /// no safe part.
    fn clean(&mut self) {
        let mut ranks: Vec<usize> = self.complementary().collect();
        ranks.sort_by_key(|rank| std::cmp::Reverse(self.price(*rank)));
        for rank in ranks {
            if self.is_hidden(rank)
                && let Some(less) = self.without(rank)
            {
                *self = less;
            }
        }
    }

    /// The largest safe part of the hidden cells that leaves `rank` out.
    fn without(&self, rank: usize) -> Option<Self> {
        let mut less = self.clone();
        less.network.hide(rank, false);
        loop {
            if less.primary.iter().any(|rank| !less.is_safe(*rank)) {
                return None;
            }
            let unsafe_cells: Vec<usize> =
                less.complementary().filter(|rank| !less.is_safe(*rank)).collect();
            if unsafe_cells.is_empty() {
                return Some(less);
            }
            unsafe_cells.iter().for_each(|rank| less.network.hide(*rank, false));
        }
    }

    /// Tries to do without each complementary cell in turn, whatever else that
    /// takes, and keeps what costs less.
    fn improve(&mut self) {
        for rank in self.complementary().collect::<Vec<_>>() {
            if !self.is_hidden(rank) {
                continue;
            }
            let mut other = self.clone();
            other.network.hide(rank, false);
            other.network.keep_shown(rank);
            other.cover();
            let promising = other.total() < self.total() + SURPLUS;
            if promising && other.hidden().all(|rank| other.is_safe(rank)) {
                other.clean();
                self.take(other);
            }
        }
    }

    /// Moves the complementary cells of a whole column to another one with a
    /// smaller base, where that is as safe.
    fn exchange(&mut self, rows: usize) {
        let width = self.cells / rows.max(1);
        for from in 0..width {
            for to in (0..width).filter(|to| *to != from) {
                let moved: Vec<usize> =
                    self.complementary().filter(|rank| rank % width == from).collect();
                if moved.is_empty() {
                    break;
                }
                let mut other = self.clone();
                for rank in moved {
                    other.network.hide(rank, false);
                    other.network.hide(rank - from + to, true);
                }
                let cheaper = other.total() < self.total() && other.may_hide();
                if cheaper && other.hidden().all(|rank| other.is_safe(rank)) {
                    *self = other;
                }
            }
        }
    }

    /// Whether everything that is hidden may be.
    fn may_hide(&self) -> bool {
        self.complementary().all(|rank| self.price(rank).is_some())
    }

    /// Takes over the hidden cells of another search, if they cost less.
    fn take(&mut self, other: Self) {
        if other.total() < self.total() {
            for rank in 0..self.cells {
                self.network.hide(rank, other.is_hidden(rank));
            }
        }
    }

    fn total(&self) -> u64 {
        self.complementary().filter_map(|rank| self.price(rank)).sum()
    }

    fn is_safe(&self, rank: usize) -> bool {
        let target = self.target(rank);
        let up = self.network.push(rank, Way::Up, target).gain;
        up >= target || up + self.network.push(rank, Way::Down, target - up).gain >= target
    }

    fn extremes(&self, rank: usize) -> (Moved, Moved) {
        let target = self.target(rank);
        (self.network.push(rank, Way::Up, target), self.network.push(rank, Way::Down, target))
    }

    fn target(&self, rank: usize) -> usize {
        self.protection.min(self.network.edges.get(rank).map_or(0, |edge| edge.reach))
    }

    fn price(&self, rank: usize) -> Option<u64> {
        self.network.edges.get(rank)?.cost
    }

    fn is_hidden(&self, rank: usize) -> bool {
        self.network.edges.get(rank).is_some_and(|edge| edge.hidden)
    }

    fn hidden(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.cells).filter(|rank| self.is_hidden(*rank))
    }

    fn complementary(&self) -> impl Iterator<Item = usize> + '_ {
        self.hidden().filter(|rank| self.primary.binary_search(rank).is_err())
    }

    fn mask(&self, table: &Table) -> Mask {
        let mut mask = Mask::shown(table.rows(), table.regions());
        for (rank, cell) in mask.cells().enumerate() {
            let primary = self.primary.binary_search(&rank).is_ok();
            match (primary, self.is_hidden(rank)) {
                (true, _) => mask.set(cell, Mark::Primary),
                (false, true) => mask.set(cell, Mark::Complementary),
                (false, false) => {}
            }
        }
        mask
    }
}

fn cost(table: &Table, cell: Cell) -> u64 {
    let weight = CELL + table.base(cell.place).min(1 << 20) as u64;
    match cell.place {
        Place::Region(_) => weight,
        Place::National => NATIONAL + weight,
    }
}
