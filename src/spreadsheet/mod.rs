//! Any spreadsheet file, as sheets of typed cells with their coordinates.
//!
//! Workbooks are read with `calamine`, text files with `csv`. Cells are
//! streamed into a [`Sheet`], which keeps what is filled and nothing else, so
//! that a sheet costs what its answers cost. This room knows nothing of
//! questions; [`table`] gives named columns to the rooms that read lists.

mod delimited;
mod sheet;
pub mod table;
mod value;
mod workbook;

pub use sheet::{Column, Sheet, SheetBuilder};
pub use value::{Position, Value, column_index, column_letters, parse_number};
pub use workbook::{SheetInfo, Workbook};

/// Small sheets for the tests of other rooms.
#[cfg(test)]
pub mod testing {
    use super::{Position, Sheet, SheetBuilder, Value};

    /// A sheet of texts; empty texts are empty cells.
    pub fn sheet(rows: &[&[&str]]) -> Sheet {
        let mut builder = SheetBuilder::new();
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                builder.push(Position::new(row as u32, column as u32), Value::text(cell));
            }
        }
        builder.finish("essai.xlsx", Some("Réponses"))
    }
}
