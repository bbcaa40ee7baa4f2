//! A sheet in memory, by columns.
//!
//! A sheet costs what its filled cells cost, not what its used range claims:
//! a column keeps each distinct value once, and the code of one where something
//! stands. A value in `XFD1048576` is one cell; 200,000 answers « Oui » are one
//! text and 200,000 bytes.

use std::sync::Arc;

use super::blocks::Blocks;
use super::distinct::{self, Distinct, Hashing};
use super::limits::{Budget, TooHeavy};
use super::value::{Position, Value, column_letters, is_error_name};
use crate::diagnostics::Place;

/// A sheet of a spreadsheet file, with the coordinates of every filled cell. A
/// copy shares the cells.
#[derive(Debug, Clone)]
pub struct Sheet {
    file: String,
    name: Option<String>,
    columns: Arc<[Column]>,
    weight: usize,
}

/// The filled cells of one column, from top to bottom.
#[derive(Debug, Clone)]
pub struct Column {
    index: u32,
    cells: Blocks,
    values: Vec<Value>,
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
        self.columns.iter().filter_map(|column| column.cells.ends()).map(|(_, last)| last).max()
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
    pub fn codes(&self) -> impl Iterator<Item = (u32, usize)> {
        self.cells.iter().map(|(row, code)| (row, code as usize))
    }

    /// The filled cells, from top to bottom.
    pub fn cells(&self) -> impl Iterator<Item = (Position, &Value)> {
        self.codes().filter_map(|(row, code)| {
            Some((Position::new(row, self.index), self.values.get(code)?))
        })
    }

    /// What the cell of a row holds, if it holds something.
    pub fn value(&self, row: u32) -> Option<&Value> {
        self.values.get(self.cells.get(row)? as usize)
    }

    /// The first row that holds something.
    pub fn first_row(&self) -> Option<u32> {
        self.cells.ends().map(|(first, _)| first)
    }
}

/// Collects the cells of a sheet, in any order.
#[derive(Debug)]
pub struct SheetBuilder {
    /// The columns by index; none where nothing stands.
    columns: Vec<Option<Box<ColumnBuilder>>>,
    hashing: Hashing,
    budget: Budget,
    /// The row below the lowest cell so far.
    next_row: u32,
    /// How many rows hold something, as far as they come from top to bottom.
    rows: usize,
    /// How many cells came.
    cells: usize,
}

impl Default for SheetBuilder {
    fn default() -> Self {
        Self::within(Budget::default())
    }
}

#[derive(Debug, Default)]
struct ColumnBuilder {
    cells: Blocks,
    values: Distinct,
    /// The codes of the shared texts that were met last, by rank, counted from 1:
    /// most columns hold a few values that come back.
    recent: [(u32, u32); RECENT],
}

const RECENT: usize = 32;

/// What a column costs beside its cells and values, in bytes.
const COLUMN: usize = size_of::<ColumnBuilder>() + 2 * size_of::<Column>() + 16;

/// A sheet has no more filled cells than this: a million rows of eighty answers. What
/// repeats one cell costs little memory, and would take an hour.
const CELLS: usize = 80 << 20;

/// What a row of answers costs those who read the sheet, in bytes: whoever answers
/// is known by some numbers and texts, however few questions there are.
const ROW: usize = 96;

impl SheetBuilder {
    /// An empty sheet.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty sheet that may take what is left of a budget.
    pub fn within(budget: Budget) -> Self {
        Self {
            columns: Vec::new(),
            hashing: Hashing::default(),
            budget,
            next_row: 0,
            rows: 0,
            cells: 0,
        }
    }

    /// Adds a filled cell.
    ///
    /// # Errors
    ///
    /// Where the sheet takes more memory than it may.
    pub fn push(&mut self, position: Position, value: Value) -> Result<(), TooHeavy> {
        self.add(position, |column, hashing, budget| column.values.value(value, hashing, budget))
    }

    /// Adds a cell of a text file: a text, or the name of an error.
    ///
    /// # Errors
    ///
    /// Where the sheet takes more memory than it may.
    pub fn push_written(&mut self, position: Position, text: &str) -> Result<(), TooHeavy> {
        if is_error_name(text.trim()) {
            return self.push(position, Value::written(text));
        }
        self.add(position, |column, hashing, budget| column.values.text(text, hashing, budget))
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
        self.add(position, |column, hashing, budget| column.shared(rank, text, hashing, budget))
    }

    fn add(
        &mut self,
        position: Position,
        code: impl FnOnce(&mut ColumnBuilder, &Hashing, &mut Budget) -> Result<u32, TooHeavy>,
    ) -> Result<(), TooHeavy> {
        let (rank, budget) = (position.column as usize, &mut self.budget);
        if self.columns.len() <= rank {
            budget.spend(16 * (rank + 1 - self.columns.len()))?;
            self.columns.resize_with(rank + 1, || None);
        }
        if position.row >= self.next_row {
            self.next_row = position.row.saturating_add(1);
            self.rows += 1;
            budget.spend(ROW)?;
        }
        self.cells += 1;
        if self.cells > CELLS {
            return Err(TooHeavy);
        }
        let Some(slot) = self.columns.get_mut(rank) else { return Ok(()) };
        if slot.is_none() {
            budget.spend(COLUMN)?;
        }
        let column = slot.get_or_insert_default();
        let code = code(column, &self.hashing, budget)?;
        column.cells.set(position.row, code, budget)
    }

    /// The sheet. Where a file holds a cell twice, the last one counts.
    pub fn finish(self, file: &str, name: Option<&str>) -> Sheet {
        let filled = self.columns.into_iter().zip(0..);
        let columns: Arc<[Column]> =
            filled.filter_map(|(column, index)| Some(column?.finish(index))).collect();
        let bytes = |column: &Column| column.cells.bytes() + distinct::bytes(&column.values);
        let weight = ROW * self.rows + columns.iter().map(bytes).sum::<usize>();
        Sheet { file: file.to_string(), name: name.map(str::to_string), columns, weight }
    }
}

impl ColumnBuilder {
    /// The code of a shared text.
    fn shared(
        &mut self,
        rank: usize,
        text: &str,
        hashing: &Hashing,
        budget: &mut Budget,
    ) -> Result<u32, TooHeavy> {
        let key = u32::try_from(rank + 1).map_err(|_| TooHeavy)?;
        let slot = self.recent.get_mut(rank % RECENT);
        if let Some((known, code)) = slot.as_deref()
            && *known == key
        {
            return Ok(*code);
        }
        let code = self.values.text(text, hashing, budget)?;
        if let Some(recent) = slot {
            *recent = (key, code);
        }
        Ok(code)
    }

    fn finish(mut self, index: u32) -> Column {
        self.cells.settle();
        Column { index, cells: self.cells, values: self.values.into_values() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use proptest::prelude::*;

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

    /// Any value of a small vocabulary, so that values come back.
    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            "[ab]{1,2}".prop_map(|text| Value::text(&text)),
            (0..400_i32).prop_map(|number| Value::Number(f64::from(number))),
            any::<bool>().prop_map(Value::Boolean),
            Just(Value::Fault("#N/A".into())),
        ]
    }

    proptest! {
        /// A sheet holds what a map of places holds, whatever the order.
        #[test]
        fn a_sheet_holds_what_a_map_holds(
            cells in prop::collection::vec((0..3_000_u32, 0..4_u32, value()), 0..400),
            shared in prop::collection::vec((0..1_100_u32, 0..70_usize), 0..400),
        ) {
            let mut builder = SheetBuilder::new();
            let mut map = BTreeMap::new();
            for (row, column, value) in cells {
                builder.push(Position::new(row, column * 9), value.clone()).unwrap();
                map.insert((column * 9, row), value);
            }
            for (row, rank) in shared {
                let text = format!("texte {}", rank % 60);
                builder.push_shared(Position::new(row, 0), rank, &text).unwrap();
                map.insert((0, row), Value::text(&text));
            }
            let sheet = builder.finish("essai.xlsx", None);
            let held = sheet.columns().iter().flat_map(Column::cells);
            let held: Vec<_> = held.map(|(at, value)| ((at.column, at.row), value)).collect();
            prop_assert_eq!(held, map.iter().map(|(at, value)| (*at, value)).collect::<Vec<_>>());
            prop_assert_eq!(sheet.last_row(), map.keys().map(|(_, row)| *row).max());
            for column in sheet.columns() {
                let distinct: HashSet<String> =
                    column.values().iter().map(|value| format!("{value:?}")).collect();
                prop_assert_eq!(distinct.len(), column.values().len());
            }
            for ((column, row), value) in &map {
                prop_assert_eq!(sheet.value(Position::new(*row, *column)), Some(value));
            }
        }
    }

    #[test]
    fn a_questionnaire_of_a_million_rows_fits() {
        let mut builder = SheetBuilder::new();
        for row in 0..1_000_000 {
            builder.push(Position::new(row, 0), Value::Number(f64::from(row))).unwrap();
            for column in 1..4 {
                let text = ["Oui", "Non"][(row % 2) as usize];
                builder.push_shared(Position::new(row, column), (row % 2) as usize, text).unwrap();
            }
        }
        // A row, a number and its code, three answers.
        let sheet = builder.finish("essai.xlsx", None);
        assert!(sheet.weight() < 1_000_000 * (ROW + 24 + 4 + 4), "{}", sheet.weight());
    }
}
