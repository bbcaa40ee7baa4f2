//! A sheet in memory, by columns.
//!
//! A sheet costs what its filled cells cost, not what its used range claims:
//! each column keeps the rows that hold something, and each distinct value of
//! a column is kept once. A value in `XFD1048576` is one cell; 200,000 answers
//! « Oui » are one text and 200,000 pairs of numbers.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;

use super::limits::{Budget, TooHeavy};
use super::value::{Position, Value, column_letters};
use crate::diagnostics::Place;

/// A sheet of a spreadsheet file, with the coordinates of every filled cell.
#[derive(Debug, Clone)]
pub struct Sheet {
    file: String,
    name: Option<String>,
    columns: Vec<Column>,
    weight: usize,
}

/// The filled cells of one column, from top to bottom.
#[derive(Debug, Clone)]
pub struct Column {
    index: u32,
    cells: Vec<Cell>,
    values: Vec<Value>,
}

/// A filled cell: its row and the rank of its value among the column's.
#[derive(Debug, Clone, Copy)]
struct Cell {
    row: u32,
    code: u32,
}

impl Sheet {
    /// The file the sheet was read from, as the person named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The sheet's name; none for a text file, which has only one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// About how many bytes of memory the cells take.
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// The columns that hold something, from left to right.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// A column by its index from 0, if it holds something.
    pub fn column(&self, index: u32) -> Option<&Column> {
        let rank = self.columns.binary_search_by_key(&index, Column::index).ok()?;
        self.columns.get(rank)
    }

    /// What a cell holds, if it holds something.
    pub fn value(&self, position: Position) -> Option<&Value> {
        self.column(position.column)?.value(position.row)
    }

    /// The last row that holds something, counted from 0.
    pub fn last_row(&self) -> Option<u32> {
        self.columns.iter().filter_map(|column| column.cells.last()).map(|cell| cell.row).max()
    }

    /// Whether no cell holds anything.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The filled cells of a row, from left to right.
    pub fn row(&self, row: u32) -> impl Iterator<Item = (Position, &Value)> {
        self.columns.iter().filter_map(move |column| {
            column.value(row).map(|value| (Position::new(row, column.index), value))
        })
    }

    /// The place of the sheet, for messages.
    pub fn place(&self) -> Place {
        match &self.name {
            Some(name) => Place::sheet(&self.file, name),
            None => Place::file(&self.file),
        }
    }

    /// The place of a cell, for messages.
    pub fn place_of(&self, position: Position) -> Place {
        self.place().at(position)
    }

    /// The place of a column, for messages.
    pub fn place_of_column(&self, column: u32) -> Place {
        self.place().at(format!("colonne {}", column_letters(column)))
    }
}

impl Column {
    /// The index of the column, counted from 0.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The distinct values of the column, in order of appearance.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The filled cells: row, and rank of the value in [`Column::values`].
    pub fn codes(&self) -> impl ExactSizeIterator<Item = (u32, usize)> {
        self.cells.iter().map(|cell| (cell.row, cell.code as usize))
    }

    /// The filled cells, from top to bottom.
    pub fn cells(&self) -> impl Iterator<Item = (Position, &Value)> {
        self.cells.iter().filter_map(|cell| {
            let value = self.values.get(cell.code as usize)?;
            Some((Position::new(cell.row, self.index), value))
        })
    }

    /// What the cell of a row holds, if it holds something.
    pub fn value(&self, row: u32) -> Option<&Value> {
        let rank = self.cells.binary_search_by_key(&row, |cell| cell.row).ok()?;
        self.values.get(self.cells.get(rank)?.code as usize)
    }
}

/// Collects the cells of a sheet, in any order.
#[derive(Debug, Default)]
pub struct SheetBuilder {
    /// The columns by index; none where nothing stands.
    columns: Vec<Option<Box<ColumnBuilder>>>,
    budget: Budget,
    held: usize,
}

#[derive(Debug, Default)]
struct ColumnBuilder {
    cells: Vec<Cell>,
    values: Vec<Value>,
    texts: HashMap<Arc<str>, u32>,
    others: HashMap<(u8, u64), u32, Folding>,
    /// The codes of the shared texts that were met last, by rank: most columns
    /// hold a few values that come back.
    recent: [Option<(usize, u32)>; RECENT],
}

const RECENT: usize = 32;

/// About what a cell costs, and a distinct value beside its text, in bytes.
const CELL: usize = 12;
const VALUE: usize = 112;

/// What a column costs beside its cells, in bytes.
const COLUMN: usize = 1024;

impl SheetBuilder {
    /// An empty sheet.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty sheet that may take what is left of a budget.
    pub fn within(budget: Budget) -> Self {
        Self { budget, ..Self::default() }
    }

    /// Adds a filled cell.
    ///
    /// # Errors
    ///
    /// Where the sheet takes more memory than it may.
    pub fn push(&mut self, position: Position, value: Value) -> Result<(), TooHeavy> {
        self.add(position, |column| column.code(value))
    }

    /// Adds a cell that holds a text of a shared list, known by its rank there.
    ///
    /// # Errors
    ///
    /// Where the sheet takes more memory than it may.
    pub fn push_shared(
        &mut self,
        position: Position,
        rank: usize,
        text: &str,
    ) -> Result<(), TooHeavy> {
        self.add(position, |column| column.shared_code(rank, text))
    }

    fn add(
        &mut self,
        position: Position,
        code: impl FnOnce(&mut ColumnBuilder) -> (u32, usize),
    ) -> Result<(), TooHeavy> {
        let rank = position.column as usize;
        let mut bytes = CELL;
        if self.columns.len() <= rank {
            self.budget.spend(8 * (rank - self.columns.len()))?;
            self.columns.resize_with(rank + 1, || None);
        }
        if let Some(slot) = self.columns.get_mut(rank) {
            bytes += if slot.is_none() { COLUMN } else { 0 };
            let column = slot.get_or_insert_default();
            let (code, cost) = code(column);
            column.cells.push(Cell { row: position.row, code });
            bytes += cost;
        }
        self.held += bytes;
        self.budget.spend(bytes)
    }

    /// The sheet. Where a file holds a cell twice, the last one counts.
    pub fn finish(self, file: &str, name: Option<&str>) -> Sheet {
        let filled = self.columns.into_iter().zip(0..);
        let columns = filled.filter_map(|(column, index)| Some(column?.finish(index))).collect();
        Sheet { file: file.to_string(), name: name.map(str::to_string), columns, weight: self.held }
    }
}

impl ColumnBuilder {
    /// The rank of a value among the distinct ones of the column, and what it
    /// costs where it is new.
    fn code(&mut self, value: Value) -> (u32, usize) {
        let next = self.values.len() as u32;
        let (code, cost) = match &value {
            Value::Text(text) => {
                (*self.texts.entry(Arc::clone(text)).or_insert(next), VALUE + text.len())
            }
            other => (*self.others.entry(identity(other)).or_insert(next), VALUE),
        };
        if code < next {
            return (code, 0);
        }
        self.values.push(value);
        (code, cost)
    }

    fn shared_code(&mut self, rank: usize, text: &str) -> (u32, usize) {
        let slot = rank % RECENT;
        if let Some(Some((known, code))) = self.recent.get(slot)
            && *known == rank
        {
            return (*code, 0);
        }
        let known = self.texts.get(text).map(|code| (*code, 0));
        let (code, cost) = known.unwrap_or_else(|| self.code(Value::text(text)));
        if let Some(recent) = self.recent.get_mut(slot) {
            *recent = Some((rank, code));
        }
        (code, cost)
    }

    fn finish(mut self, index: u32) -> Column {
        // Writers put cells in order but need not; a stable sort is linear when
        // they did, and keeps the later of two cells at the same place behind.
        self.cells.sort_by_key(|cell| cell.row);
        self.cells.reverse();
        self.cells.dedup_by_key(|cell| cell.row);
        self.cells.reverse();
        self.cells.shrink_to_fit();
        Column { index, cells: self.cells, values: self.values }
    }
}

/// Hashing for the identities of numbers, which are many: a multiplication folded
/// onto itself, from a seed that no file can know.
#[derive(Debug, Clone)]
struct Folding(u64);

impl Default for Folding {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0) | 1)
    }
}

impl BuildHasher for Folding {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        Folded { seed: self.0, state: self.0 }
    }
}

#[derive(Debug)]
struct Folded {
    seed: u64,
    state: u64,
}

impl Hasher for Folded {
    fn finish(&self) -> u64 {
        self.state
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.state ^ number) * u128::from(self.seed);
        self.state = (product >> 64) as u64 ^ product as u64;
    }
}

/// Two values that are not texts are the same when their identities are.
fn identity(value: &Value) -> (u8, u64) {
    match value {
        Value::Number(number) => (0, number.to_bits()),
        Value::Boolean(truth) => (1, u64::from(*truth)),
        Value::Moment(moment) => (2, moment.and_utc().timestamp_millis() as u64),
        Value::Text(text) | Value::Fault(text) => (3, fault_number(text)),
    }
}

/// Spreadsheets know some ten error values, all told apart by eight bytes.
fn fault_number(text: &str) -> u64 {
    text.bytes().take(8).fold(0, |number, byte| number << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(cells: &[(&str, Value)]) -> Sheet {
        let mut builder = SheetBuilder::new();
        for (position, value) in cells {
            builder.push(position.parse().unwrap(), value.clone()).unwrap();
        }
        builder.finish("essai.xlsx", Some("Feuille 1"))
    }

    #[test]
    fn cells_keep_their_coordinates() {
        let sheet = sheet(&[
            ("B2", Value::text("oui")),
            ("XFD1048576", Value::Number(3.0)),
            ("B9", Value::text("oui")),
        ]);
        assert_eq!(sheet.columns().len(), 2);
        assert_eq!(sheet.last_row(), Some(1_048_575));
        let column = sheet.column(1).unwrap();
        assert_eq!(column.values(), [Value::text("oui")]);
        assert_eq!(column.codes().collect::<Vec<_>>(), [(1, 0), (8, 0)]);
        assert_eq!(sheet.value(Position::new(0, 0)), None);
        let place = sheet.place_of(Position::new(8, 1));
        assert_eq!(place.to_string(), "essai.xlsx, feuille « Feuille 1 », B9");
    }

    #[test]
    fn the_last_of_two_cells_at_one_place_counts() {
        let sheet = sheet(&[
            ("A2", Value::text("après")),
            ("A1", Value::text("premier")),
            ("A1", Value::text("second")),
        ]);
        let values: Vec<String> =
            sheet.column(0).unwrap().cells().map(|(_, value)| value.to_string()).collect();
        assert_eq!(values, ["second", "après"]);
    }

    #[test]
    fn values_of_different_kinds_are_distinct() {
        let sheet = sheet(&[
            ("A1", Value::text("1")),
            ("A2", Value::Number(1.0)),
            ("A3", Value::Boolean(true)),
            ("A4", Value::Fault("#N/A".into())),
        ]);
        assert_eq!(sheet.column(0).unwrap().values().len(), 4);
    }
}
