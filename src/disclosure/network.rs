//! The true counts as a flow, and how far each can move.
//!
//! Flow runs from a hub to each option (the national count), from an option to
//! each région (the cell), and back to the hub (the column's sum). Moving one
//! count means sending flow around a cycle through it.

use std::collections::VecDeque;

use super::mask::{Cell, Mask, Place};
use super::table::Table;

/// An edge: a cell or a column's sum.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    from: usize,
    to: usize,
    count: usize,
    /// What a reader knows while the cell is shown.
    shown: (usize, usize),
    /// The most it can be once hidden.
    pub reach: usize,
    pub hidden: bool,
    /// What hiding it costs; `None` for what cannot be hidden.
    pub cost: Option<u64>,
}

impl Edge {
    fn bounds(&self, opened: bool) -> (usize, usize) {
        if self.hidden || (opened && self.cost.is_some()) { (0, self.reach) } else { self.shown }
    }
}

/// Which way a count is to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// The counts after moving one of them as far as allowed.
#[derive(Debug, Clone)]
pub(super) struct Moved {
    pub gain: usize,
    flows: Vec<usize>,
}

/// The network of a table.
#[derive(Debug, Clone)]
pub(super) struct Network {
    /// Cells in the order of [`Mask::cells`], then the columns' sums.
    pub edges: Vec<Edge>,
    touching: Vec<Vec<usize>>,
}

/// A step of a search: the edge taken, and the node it was taken from.
type Step = (usize, usize);

impl Network {
    /// The network of a table with nothing hidden. `cost` prices the hiding of a
    /// cell.
    pub fn new(table: &Table, cost: impl Fn(Cell) -> u64) -> Self {
        let (rows, regions) = (table.rows(), table.regions());
        let cells = Mask::shown(rows, regions).cells();
        let mut edges: Vec<Edge> = cells.map(|cell| cell_edge(table, cell, cost(cell))).collect();
        edges.extend((0..regions).map(|region| sum_edge(table, region)));
        let mut touching = vec![Vec::new(); rows + regions + 1];
        for (rank, edge) in edges.iter().enumerate() {
            for node in [edge.from, edge.to] {
                if let Some(list) = touching.get_mut(node) {
                    list.push(rank);
                }
            }
        }
        Self { edges, touching }
    }

    /// Hides or shows a cell.
    pub fn hide(&mut self, rank: usize, hidden: bool) {
        if let Some(edge) = self.edges.get_mut(rank) {
            edge.hidden = hidden;
        }
    }

    /// Makes a cell one that cannot be hidden.
    pub fn keep_shown(&mut self, rank: usize) {
        if let Some(edge) = self.edges.get_mut(rank) {
            edge.cost = None;
        }
    }

    /// Moves the count of an edge as far as it goes, `limit` at most.
    pub fn push(&self, rank: usize, way: Way, limit: usize) -> Moved {
        let flows = self.edges.iter().map(|edge| edge.count).collect();
        let mut moved = Moved { gain: 0, flows };
        while moved.gain < limit {
            let reach = |start, end| self.reach((start, end), rank, &moved.flows);
            let Some(path) = self.cycle(rank, way, reach) else { break };
            let step = self.narrowest(&path, &moved.flows).min(limit - moved.gain);
            if step == 0 {
                break;
            }
            self.send(&path, step, &mut moved.flows);
            moved.gain += step;
        }
        moved
    }

    /// The cheapest cells to hide so that the count of an edge moves further
    /// than `moved`, by `step`, with what that costs.
    pub fn cheapest(
        &self,
        rank: usize,
        way: Way,
        step: usize,
        moved: &Moved,
    ) -> Option<(u64, Vec<usize>)> {
        let flows = &moved.flows;
        let search = |start, end| self.search((start, end), rank, step, flows);
        let path = self.cycle(rank, way, search)?;
        let itself = path.last().map_or(0, |&(edge, node)| self.room(edge, node, flows, false));
        if itself < step {
            return None;
        }
        let opened = |&(edge, from): &Step| self.room(edge, from, flows, false) < step;
        let cells: Vec<usize> = path.iter().filter(|s| opened(s)).map(|s| s.0).collect();
        let cost = cells.iter().filter_map(|cell| self.edges.get(*cell)?.cost).sum();
        Some((cost, cells))
    }

    /// A cycle through an edge that moves its count, which `find` closes; the
    /// edge is its last step.
    fn cycle(
        &self,
        rank: usize,
        way: Way,
        find: impl Fn(usize, usize) -> Option<Vec<Step>>,
    ) -> Option<Vec<Step>> {
        let edge = self.edges.get(rank)?;
        let (start, end) = match way {
            Way::Up => (edge.to, edge.from),
            Way::Down => (edge.from, edge.to),
        };
        let mut path = find(start, end)?;
        path.push((rank, end));
        Some(path)
    }

    /// A shortest path with room on every edge but `without`.
    fn reach(
        &self,
        (start, end): (usize, usize),
        without: usize,
        flows: &[usize],
    ) -> Option<Vec<Step>> {
        let mut came: Vec<Option<Step>> = vec![None; self.touching.len()];
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for &edge in self.touching.get(node).into_iter().flatten() {
                let Some(next) = self.other(edge, node) else { continue };
                let known = next == start || came.get(next).is_none_or(Option::is_some);
                if known || edge == without || self.room(edge, node, flows, false) == 0 {
                    continue;
                }
                put(&mut came, next, Some((edge, node)));
                if next == end {
                    return trace(&came, start, end);
                }
                queue.push_back(next);
            }
        }
        None
    }

    /// The path on which sending `step` takes the cheapest cells to hide
    /// (Dijkstra).
    fn search(
        &self,
        (start, end): (usize, usize),
        without: usize,
        step: usize,
        flows: &[usize],
    ) -> Option<Vec<Step>> {
        let nodes = self.touching.len();
        let mut came: Vec<Option<Step>> = vec![None; nodes];
        let (mut best, mut done) = (vec![u64::MAX; nodes], vec![false; nodes]);
        put(&mut best, start, 0);
        while let Some((node, cost)) = nearest(&best, &done).filter(|(node, _)| *node != end) {
            put(&mut done, node, true);
            for &edge in self.touching.get(node).into_iter().flatten() {
                let (Some(next), Some(price)) =
                    (self.other(edge, node), self.price(edge, node, step, flows))
                else {
                    continue;
                };
                let shorter = best.get(next).is_some_and(|known| cost + price < *known);
                if edge != without && shorter {
                    put(&mut best, next, cost + price);
                    put(&mut came, next, Some((edge, node)));
                }
            }
        }
        trace(&came, start, end)
    }

    /// What sending `step` over an edge from `node` costs, where it can.
    fn price(&self, edge: usize, node: usize, step: usize, flows: &[usize]) -> Option<u64> {
        if self.room(edge, node, flows, false) >= step {
            return Some(0);
        }
        let openable = self.room(edge, node, flows, true) >= step;
        if openable { self.edges.get(edge)?.cost } else { None }
    }

    /// How much more an edge can carry away from `node`.
    fn room(&self, edge: usize, node: usize, flows: &[usize], opened: bool) -> usize {
        let (Some(found), Some(flow)) = (self.edges.get(edge), flows.get(edge)) else { return 0 };
        let (low, high) = found.bounds(opened);
        if found.from == node { high.saturating_sub(*flow) } else { flow.saturating_sub(low) }
    }

    fn other(&self, edge: usize, node: usize) -> Option<usize> {
        self.edges.get(edge).map(|edge| if edge.from == node { edge.to } else { edge.from })
    }

    fn narrowest(&self, path: &[Step], flows: &[usize]) -> usize {
        let rooms = path.iter().map(|&(edge, node)| self.room(edge, node, flows, false));
        rooms.min().unwrap_or_default()
    }

    fn send(&self, path: &[Step], step: usize, flows: &mut [usize]) {
        for &(edge, node) in path {
            let forward = self.edges.get(edge).is_some_and(|edge| edge.from == node);
            if let Some(flow) = flows.get_mut(edge) {
                *flow = if forward { *flow + step } else { flow.saturating_sub(step) };
            }
        }
    }
}

fn cell_edge(table: &Table, cell: Cell, cost: u64) -> Edge {
    let hub = table.rows() + table.regions();
    let (from, to) = match cell.place {
        Place::Region(region) => (cell.row, table.rows() + region),
        Place::National => (hub, cell.row),
    };
    Edge {
        from,
        to,
        count: table.count(cell),
        shown: table.read(cell),
        reach: table.reach(cell.place),
        hidden: false,
        cost: table.is_published(cell.place).then_some(cost),
    }
}

fn sum_edge(table: &Table, region: usize) -> Edge {
    let place = Place::Region(region);
    let counts = (0..table.rows()).map(|row| table.count(Cell { row, place }));
    Edge {
        from: table.rows() + region,
        to: table.rows() + table.regions(),
        count: counts.sum(),
        shown: table.column(region),
        reach: table.base(place),
        hidden: false,
        cost: None,
    }
}

fn put<T>(list: &mut [T], rank: usize, value: T) {
    if let Some(place) = list.get_mut(rank) {
        *place = value;
    }
}

fn nearest(best: &[u64], done: &[bool]) -> Option<(usize, u64)> {
    let open = best.iter().zip(done).enumerate();
    open.filter(|(_, (cost, done))| !**done && **cost < u64::MAX)
        .map(|(node, (cost, _))| (node, *cost))
        .min_by_key(|(_, cost)| *cost)
}

fn trace(came: &[Option<Step>], start: usize, end: usize) -> Option<Vec<Step>> {
    let mut path = Vec::new();
    let mut node = end;
    while node != start {
        let step = came.get(node).copied().flatten()?;
        path.push(step);
        node = step.1;
    }
    path.reverse();
    Some(path)
}
