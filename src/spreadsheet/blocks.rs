//! Which value stands in which row of a column, in blocks of rows.
//!
//! A cell is the code of a value. Where most rows of a block are filled, the block
//! keeps a code for each row, one, two or four bytes wide as the codes need; where
//! few are, it keeps pairs of a row and a code. A block changes from one form to
//! the other as cells come, in whatever order: a cell of « Oui » costs a byte in a
//! full column, and a value in the last row of a sheet costs one small block.

use super::limits::{Budget, TooHeavy};

/// How many rows a block has.
const SPAN: u32 = 1 << 10;

/// How many blocks a column has at the most.
const BLOCKS: u32 = 1 << 16;

/// What a pair of a row and a code takes, in bytes.
const PAIR: usize = size_of::<(u16, u32)>();

/// What the allocator adds to the cells of a block, in bytes.
const BLOCK: usize = 16;

/// The codes of a column's filled cells, by row.
#[derive(Debug, Clone, Default)]
pub struct Blocks {
    /// In the order in which they were begun; from top to bottom once settled.
    blocks: Vec<Block>,
    /// The block that the last cell came into.
    current: usize,
    /// The rank of each block in the list, and one more, by its number; 0 where
    /// there is none. Empty once settled.
    ranks: Vec<u16>,
}

#[derive(Debug, Clone)]
struct Block {
    number: u32,
    /// How many cells came; of pairs, those that came again too.
    filled: u16,
    cells: Cells,
}

/// The cells of a block. Codes count from 1 here; 0 is an empty cell.
#[derive(Debug, Clone)]
enum Cells {
    Pairs(Vec<(u16, u32)>),
    Narrow(Vec<u8>),
    Middle(Vec<u16>),
    Wide(Vec<u32>),
}

impl Blocks {
    /// Puts a code into a row, in place of the one that stands there.
    pub fn set(&mut self, row: u32, code: u32, budget: &mut Budget) -> Result<(), TooHeavy> {
        let (number, offset) = (row / SPAN, row % SPAN);
        let code = code.checked_add(1).ok_or(TooHeavy)?;
        let current = self.blocks.get_mut(self.current);
        if let Some(block) = current.filter(|block| block.number == number)
            && block.put(offset, code)
        {
            return Ok(());
        }
        self.set_elsewhere(number, offset, code, budget)
    }

    /// Puts a code into a block that must be found, or begun, or get room.
    fn set_elsewhere(
        &mut self,
        number: u32,
        offset: u32,
        code: u32,
        budget: &mut Budget,
    ) -> Result<(), TooHeavy> {
        self.current = self.rank(number, budget)?;
        let Some(block) = self.blocks.get_mut(self.current) else { return Ok(()) };
        if !block.put(offset, code) {
            let before = block.cells.bytes();
            block.make_room(offset, code);
            budget.exchange(before, block.cells.bytes())?;
            block.put(offset, code);
        }
        Ok(())
    }

    /// The rank of a block in the list; begins it where it is new.
    fn rank(&mut self, number: u32, budget: &mut Budget) -> Result<usize, TooHeavy> {
        if number >= BLOCKS {
            return Err(TooHeavy);
        }
        let place = number as usize;
        if self.ranks.len() <= place {
            let before = 2 * self.ranks.capacity();
            self.ranks.resize(place + 1, 0);
            budget.exchange(before, 2 * self.ranks.capacity())?;
        }
        let known = self.ranks.get(place).and_then(|rank| rank.checked_sub(1));
        if let Some(known) = known {
            return Ok(known as usize);
        }
        let before = size_of::<Block>() * self.blocks.capacity();
        self.blocks.push(Block { number, filled: 0, cells: Cells::Narrow(Vec::new()) });
        budget.exchange(before, BLOCK + size_of::<Block>() * self.blocks.capacity())?;
        if let Some(rank) = self.ranks.get_mut(place) {
            *rank = u16::try_from(self.blocks.len()).map_err(|_| TooHeavy)?;
        }
        Ok(self.blocks.len() - 1)
    }

    /// Puts the blocks in order, once all cells have come, and gives back the
    /// memory that they do not need.
    pub fn settle(&mut self) {
        self.ranks = Vec::new();
        self.current = 0;
        self.blocks.sort_unstable_by_key(|block| block.number);
        self.blocks.iter_mut().for_each(Block::settle);
        self.blocks.shrink_to_fit();
    }

    /// The filled cells from top to bottom, once settled: row and code.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        self.blocks.iter().flat_map(Block::iter)
    }

    /// The code in a row, once settled; none in an empty cell.
    pub fn get(&self, row: u32) -> Option<u32> {
        let rank = self.blocks.binary_search_by_key(&(row / SPAN), |block| block.number).ok()?;
        self.blocks.get(rank)?.cells.get(row % SPAN)?.checked_sub(1)
    }

    /// The first and the last filled rows, once settled.
    pub fn ends(&self) -> Option<(u32, u32)> {
        let first = self.blocks.first()?.iter().next()?;
        // Nothing empty stands behind the last cell of a block.
        let last = self.blocks.last()?;
        let offset = match &last.cells {
            Cells::Pairs(pairs) => u32::from(pairs.last()?.0),
            dense => dense.len().checked_sub(1)? as u32,
        };
        Some((first.0, last.number * SPAN + offset))
    }

    /// How many bytes of memory the cells take.
    pub fn bytes(&self) -> usize {
        let blocks = self.blocks.iter().map(|block| block.cells.bytes() + BLOCK);
        self.blocks.capacity() * size_of::<Block>() + blocks.sum::<usize>()
    }
}

impl Block {
    /// Puts a code into a row, where the form of the block has room for it.
    fn put(&mut self, offset: u32, code: u32) -> bool {
        let put = match &mut self.cells {
            Cells::Pairs(pairs) => {
                let room = pairs.len() < pairs.capacity();
                if room {
                    pairs.push((offset as u16, code));
                }
                room.then_some(true)
            }
            Cells::Narrow(codes) => put(codes, offset, code),
            Cells::Middle(codes) => put(codes, offset, code),
            Cells::Wide(codes) => put(codes, offset, code),
        };
        // A block of pairs becomes dense long before its count runs over.
        self.filled = self.filled.saturating_add(u16::from(put == Some(true)));
        put.is_some()
    }

    /// Takes the form that costs least with one more cell, and room for it.
    fn make_room(&mut self, offset: u32, code: u32) {
        let length = self.cells.len().max(offset as usize + 1);
        let width = self.cells.width().max(width(code));
        let pairs = PAIR * (self.filled as usize + 1);
        // Being dense is faster; what stands at the limit does not go to and fro.
        let (dense, most) = match self.cells {
            Cells::Pairs(_) => (length * width, 2 * pairs),
            _ => (length * width, 2 * pairs + 64),
        };
        match (dense <= most, &mut self.cells) {
            (false, Cells::Pairs(pairs)) => {
                pairs.reserve_exact(pairs.len().max(2));
            }
            (true, _) => self.cells = self.cells.spread(length, width),
            (false, _) => self.cells = self.cells.gathered(1),
        }
    }

    fn settle(&mut self) {
        if let Cells::Pairs(pairs) = &mut self.cells {
            // The sort is stable: the later of two cells in a row stands behind.
            pairs.sort_by_key(|(offset, _)| *offset);
            pairs.reverse();
            pairs.dedup_by_key(|(offset, _)| *offset);
            pairs.reverse();
        }
        self.cells.shrink();
    }

    fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        let top = self.number * SPAN;
        let cell = move |rank| {
            let (offset, code) = self.cells.at(rank)?;
            Some((top + u32::from(offset), code.checked_sub(1)?))
        };
        (0..self.cells.count()).filter_map(cell)
    }
}

/// Puts a code into a row of a dense block; whether the row was empty. None where
/// the code is too wide, the row too far, or the memory full.
fn put<T>(codes: &mut Vec<T>, offset: u32, code: u32) -> Option<bool>
where
    T: Copy + Default + PartialEq + TryFrom<u32>,
{
    let code = T::try_from(code).ok()?;
    let offset = offset as usize;
    if let Some(slot) = codes.get_mut(offset) {
        return Some(std::mem::replace(slot, code) == T::default());
    }
    let room = offset < codes.capacity();
    if room {
        codes.resize(offset, T::default());
        codes.push(code);
    }
    room.then_some(true)
}

/// How many bytes a code needs in a dense block.
fn width(code: u32) -> usize {
    match code {
        0..=0xFF => 1,
        0x100..=0xFFFF => 2,
        _ => 4,
    }
}

impl Cells {
    /// One more than the last filled row.
    fn len(&self) -> usize {
        match self {
            Self::Pairs(pairs) => {
                pairs.iter().map(|(offset, _)| *offset as usize + 1).max().unwrap_or(0)
            }
            dense => dense.count(),
        }
    }

    /// How many entries there are, those of empty cells too.
    fn count(&self) -> usize {
        match self {
            Self::Pairs(pairs) => pairs.len(),
            Self::Narrow(codes) => codes.len(),
            Self::Middle(codes) => codes.len(),
            Self::Wide(codes) => codes.len(),
        }
    }

    /// The entry of a rank: its row and its code, or 0.
    fn at(&self, rank: usize) -> Option<(u16, u32)> {
        let offset = rank as u16;
        match self {
            Self::Pairs(pairs) => pairs.get(rank).copied(),
            Self::Narrow(codes) => codes.get(rank).map(|code| (offset, u32::from(*code))),
            Self::Middle(codes) => codes.get(rank).map(|code| (offset, u32::from(*code))),
            Self::Wide(codes) => codes.get(rank).map(|code| (offset, *code)),
        }
    }

    /// The code in a row, or 0, of a settled block.
    fn get(&self, offset: u32) -> Option<u32> {
        let rank = match self {
            Self::Pairs(pairs) => {
                pairs.binary_search_by_key(&offset, |(at, _)| u32::from(*at)).ok()?
            }
            _ => offset as usize,
        };
        self.at(rank).map(|(_, code)| code)
    }

    /// The width of the widest code, in bytes.
    fn width(&self) -> usize {
        match self {
            Self::Pairs(pairs) => pairs.iter().map(|(_, code)| width(*code)).max().unwrap_or(1),
            Self::Narrow(_) => 1,
            Self::Middle(_) => 2,
            Self::Wide(_) => 4,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Pairs(pairs) => PAIR * pairs.capacity(),
            Self::Narrow(codes) => codes.capacity(),
            Self::Middle(codes) => 2 * codes.capacity(),
            Self::Wide(codes) => 4 * codes.capacity(),
        }
    }

    fn shrink(&mut self) {
        match self {
            Self::Pairs(pairs) => pairs.shrink_to_fit(),
            Self::Narrow(codes) => codes.shrink_to_fit(),
            Self::Middle(codes) => codes.shrink_to_fit(),
            Self::Wide(codes) => codes.shrink_to_fit(),
        }
    }

    /// The entries in the order in which they came.
    fn entries(&self) -> impl Iterator<Item = (u16, u32)> {
        (0..self.count()).filter_map(|rank| self.at(rank))
    }

    /// The same cells, a code for each row, with the empty rows before the one that
    /// comes next and room for as many again.
    fn spread(&self, length: usize, width: usize) -> Self {
        match width {
            1 => Self::Narrow(dense(self, length)),
            2 => Self::Middle(dense(self, length)),
            _ => Self::Wide(dense(self, length)),
        }
    }

    /// The same cells as pairs, with room for some more.
    fn gathered(&self, more: usize) -> Self {
        let filled = || self.entries().filter(|(_, code)| *code > 0);
        let mut pairs = Vec::with_capacity(filled().count() + more);
        pairs.extend(filled());
        Self::Pairs(pairs)
    }
}

fn dense<T>(cells: &Cells, length: usize) -> Vec<T>
where
    T: Copy + Default + TryFrom<u32>,
{
    let room = length.next_power_of_two().clamp(8, SPAN as usize);
    let mut codes = Vec::with_capacity(room);
    // The cell that comes is put behind, or into its row where there is one.
    codes.resize(cells.len().max(length - 1), T::default());
    for (offset, code) in cells.entries() {
        if let (Some(slot), Ok(code)) = (codes.get_mut(offset as usize), T::try_from(code)) {
            *slot = code;
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// Cells as a sheet has them: a run of rows, a step between them, the number of
    /// values, from top to bottom or not.
    fn cells() -> impl Strategy<Value = Vec<(u32, u32)>> {
        let run = (
            prop_oneof![0..5_000_u32, Just(1_048_000)],
            1..700_u32,
            prop_oneof![Just(1_u32), Just(2), Just(3), Just(9), Just(130), Just(1024)],
            prop_oneof![Just(2_u32), Just(254), Just(256), Just(300), Just(70_000)],
            any::<bool>(),
        );
        let run = run.prop_map(|(first, count, step, values, down)| {
            let cell = |rank: u32| (first + rank * step, (rank * 7919 + first) % values);
            let mut cells: Vec<(u32, u32)> = (0..count).map(cell).collect();
            if !down {
                cells.reverse();
            }
            cells
        });
        prop::collection::vec(run, 1..6).prop_map(|runs| runs.concat())
    }

    fn settled(cells: &[(u32, u32)]) -> Blocks {
        let mut blocks = Blocks::default();
        let mut budget = Budget::default();
        for (row, code) in cells {
            blocks.set(*row, *code, &mut budget).unwrap();
        }
        blocks.settle();
        blocks
    }

    proptest! {
        /// Blocks hold what a map of rows holds.
        #[test]
        fn blocks_hold_what_a_map_holds(cells in cells()) {
            let map: BTreeMap<u32, u32> = cells.iter().copied().collect();
            let blocks = settled(&cells);
            prop_assert!(blocks.iter().eq(map.iter().map(|(row, code)| (*row, *code))));
            let ends = map.keys().next().zip(map.keys().next_back());
            prop_assert_eq!(blocks.ends(), ends.map(|(first, last)| (*first, *last)));
            for row in map.keys().flat_map(|row| [row.saturating_sub(1), *row, row + 1]) {
                prop_assert_eq!(blocks.get(row), map.get(&row).copied());
            }
        }

        /// What was spent covers what is held, and no cell costs more than a few
        /// words beside its block.
        #[test]
        fn cells_cost_what_they_take(cells in cells()) {
            let mut blocks = Blocks::default();
            let mut budget = Budget::default();
            let whole = budget.left();
            for (row, code) in &cells {
                blocks.set(*row, *code, &mut budget).unwrap();
            }
            let spent = whole - budget.left();
            prop_assert!(blocks.bytes() <= spent, "{} > {spent}", blocks.bytes());
            let least = 256 * blocks.blocks.len() + 2 * blocks.ranks.capacity();
            prop_assert!(spent <= least + 40 * cells.len(), "{spent} for {} cells", cells.len());
        }
    }

    #[test]
    fn a_full_column_of_a_few_values_costs_a_byte_a_cell() {
        let column: Vec<(u32, u32)> = (0..1_000_000).map(|row| (row, row % 200)).collect();
        assert!(settled(&column).bytes() < 1_100_000);
        let gaps: Vec<(u32, u32)> = column.iter().copied().filter(|(row, _)| row % 3 > 0).collect();
        assert!(settled(&gaps).bytes() < 1_100_000);
        let rare: Vec<(u32, u32)> = column.into_iter().filter(|(row, _)| row % 500 == 7).collect();
        assert!(settled(&rare).bytes() < 150_000);
    }

    #[test]
    fn a_row_beyond_any_sheet_is_refused() {
        let mut blocks = Blocks::default();
        assert!(blocks.set(u32::MAX, 0, &mut Budget::default()).is_err());
    }
}
