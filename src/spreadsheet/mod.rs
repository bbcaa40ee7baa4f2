//! Any spreadsheet file, as sheets of typed cells with their coordinates.
//!
//! [`office`] and [`open_document`] stream the cells of `.xlsx` and `.ods` into a
//! [`Sheet`], which keeps what is filled and nothing else ([`distinct`] values,
//! and their codes in [`blocks`]), so that a sheet costs what its answers cost; [`legacy`] has calamine read `.xls` and `.xlsb` once it
//! is sure that they are in proportion; text files are read with `csv`. What a
//! file may cost is in [`limits`]. This room knows nothing of
//! questions; [`table`] gives named columns to the rooms that read lists.

mod archive;
mod blocks;
mod delimited;
mod distinct;
mod fault;
mod legacy;
mod limits;
mod office;
mod open_document;
mod sheet;
pub mod table;
mod value;
mod workbook;
mod xml;

pub use sheet::{Column, Sheet, SheetBuilder};
pub use value::{Position, Value, column_index, column_letters, parse_number};
pub use workbook::{SheetInfo, Workbook};

#[cfg(test)]
mod tests;

/// Small sheets for the tests of other rooms.
#[cfg(test)]
pub mod testing {
    use super::{Position, Sheet, SheetBuilder, Value};

    /// A sheet of texts; empty texts are empty cells.
    pub fn sheet(rows: &[&[&str]]) -> Sheet {
        let mut builder = SheetBuilder::new();
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let at = Position::new(row as u32, column as u32);
                builder.push(at, Value::written(cell)).expect("a small sheet");
            }
        }
        builder.finish("essai.xlsx", Some("Réponses"))
    }
}
