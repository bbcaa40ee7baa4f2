//! What a reader can work out: for each hidden count, its extremes over all
//! tables that agree with what is printed.
//!
//! Knows the printed cells and nothing of the hidden ones, and shares no code
//! with the search for cells to hide: a feasible flow is built from nothing
//! (lower bounds turned into supplies and demands), then pushed to both ends.

use std::collections::VecDeque;

use super::mask::{Cell, Mask, Place};
use super::table::Table;

/// What can be known of a hidden count, in respondents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The hidden cell.
    pub cell: Cell,
    /// The least it can be.
    pub low: usize,
    /// The most it can be.
    pub high: usize,
}

impl Interval {
    /// `high − low`.
    #[must_use]
    pub fn width(&self) -> usize {
        self.high.saturating_sub(self.low)
    }
}

/// The exact interval of each hidden cell of a published column, in the order
/// of [`Mask::cells`].
#[must_use]
pub fn attack(table: &Table, mask: &Mask) -> Vec<Interval> {
    let mut arcs = Arcs::of(table, mask);
    arcs.settle();
    let hidden = |cell: &Cell| mask.is_hidden(*cell) && table.is_published(cell.place);
    let ranked = Mask::shown(table.rows(), table.regions()).cells().enumerate();
    let ranked = ranked.filter(|(_, cell)| hidden(cell));
    ranked
        .map(|(rank, cell)| {
            let (low, high) = arcs.extremes(rank);
            Interval { cell, low, high }
        })
        .collect()
}

/// One direction of an arc; its opposite has the rank with the last bit
/// flipped.
#[derive(Debug, Clone, Copy)]
struct Half {
    to: usize,
    room: usize,
}

/// A residual network with a lower bound for each arc.
struct Arcs {
    halves: Vec<Half>,
    lows: Vec<usize>,
    leaving: Vec<Vec<usize>>,
    /// What the lower bounds bring to each node and take from it.
    balance: Vec<(usize, usize)>,
}

impl Arcs {
    /// Cells in the order of [`Mask::cells`], then columns' sums; nodes: the
    /// options, the régions, the nation, and two for [`Arcs::settle`].
    fn of(table: &Table, mask: &Mask) -> Self {
        let (rows, regions) = (table.rows(), table.regions());
        let nation = rows + regions;
        let nodes = nation + 3;
        let (halves, lows) = (Vec::new(), Vec::new());
        let (leaving, balance) = (vec![Vec::new(); nodes], vec![(0, 0); nodes]);
        let mut arcs = Self { halves, lows, leaving, balance };
        for cell in Mask::shown(rows, regions).cells() {
            let bounds = known(table, mask, cell);
            match cell.place {
                Place::Region(region) => arcs.bounded(cell.row, rows + region, bounds),
                Place::National => arcs.bounded(nation, cell.row, bounds),
            }
        }
        for region in 0..regions {
            arcs.bounded(rows + region, nation, table.column(region));
        }
        arcs
    }

    fn bounded(&mut self, from: usize, to: usize, (low, high): (usize, usize)) {
        self.arc(from, to, high.saturating_sub(low));
        self.lows.push(low);
        if let Some(balance) = self.balance.get_mut(to) {
            balance.0 += low;
        }
        if let Some(balance) = self.balance.get_mut(from) {
            balance.1 += low;
        }
    }

    fn arc(&mut self, from: usize, to: usize, room: usize) {
        for (node, half) in [(from, Half { to, room }), (to, Half { to: from, room: 0 })] {
            if let Some(list) = self.leaving.get_mut(node) {
                list.push(self.halves.len());
            }
            self.halves.push(half);
        }
    }

    /// Finds some table that agrees with everything printed. One exists: the
    /// true one.
    fn settle(&mut self) {
        let (source, sink) = (self.leaving.len() - 2, self.leaving.len() - 1);
        let first = self.halves.len();
        for (node, (brought, taken)) in self.balance.clone().into_iter().enumerate() {
            if brought > taken {
                self.arc(source, node, brought - taken);
            } else if taken > brought {
                self.arc(node, sink, taken - brought);
            }
        }
        self.flow(source, sink, usize::MAX);
        self.halves.iter_mut().skip(first).for_each(|half| half.room = 0);
    }

    /// The least and the most an arc can carry.
    fn extremes(&mut self, rank: usize) -> (usize, usize) {
        let (ahead, back) = (2 * rank, 2 * rank + 1);
        let (to, from) = (self.end(ahead), self.end(back));
        let (more, less) = (self.room(ahead), self.room(back));
        let value = self.lows.get(rank).copied().unwrap_or_default() + less;
        self.set(ahead, 0);
        self.set(back, 0);
        let saved = self.halves.clone();
        let high = value + self.flow(to, from, more);
        self.halves = saved.clone();
        let low = value - self.flow(from, to, less);
        self.halves = saved;
        self.set(ahead, more);
        self.set(back, less);
        (low, high)
    }

    /// Sends up to `limit` from one node to another (Edmonds–Karp).
    fn flow(&mut self, from: usize, to: usize, limit: usize) -> usize {
        let mut sent = 0;
        while sent < limit {
            let path = self.shortest(from, to);
            let Some(room) = path.iter().map(|half| self.room(*half)).min() else { break };
            let room = room.min(limit - sent);
            for half in path {
                self.set(half, self.room(half) - room);
                self.set(half ^ 1, self.room(half ^ 1) + room);
            }
            sent += room;
        }
        sent
    }

    /// The halves of a shortest path with room; none if there is no path.
    fn shortest(&self, from: usize, to: usize) -> Vec<usize> {
        let mut by: Vec<Option<usize>> = vec![None; self.leaving.len()];
        let mut queue = VecDeque::from([from]);
        while let Some(node) = queue.pop_front() {
            for &half in self.leaving.get(node).into_iter().flatten() {
                let next = self.end(half);
                if self.room(half) > 0 && next != from && by.get(next) == Some(&None) {
                    if let Some(place) = by.get_mut(next) {
                        *place = Some(half);
                    }
                    queue.push_back(next);
                }
            }
        }
        let mut path = Vec::new();
        let mut node = to;
        while let Some(half) = by.get(node).copied().flatten() {
            path.push(half);
            node = self.end(half ^ 1);
        }
        path
    }

    fn end(&self, half: usize) -> usize {
        self.halves.get(half).map_or(0, |half| half.to)
    }

    fn room(&self, half: usize) -> usize {
        self.halves.get(half).map_or(0, |half| half.room)
    }

    fn set(&mut self, half: usize, room: usize) {
        if let Some(half) = self.halves.get_mut(half) {
            half.room = room;
        }
    }
}

/// What is known of a cell taken alone.
fn known(table: &Table, mask: &Mask, cell: Cell) -> (usize, usize) {
    if mask.is_hidden(cell) { (0, table.reach(cell.place)) } else { table.read(cell) }
}
