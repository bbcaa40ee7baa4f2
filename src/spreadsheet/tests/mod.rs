//! Whole workbooks, written byte by byte and read back.

mod binary;
mod mutations;
mod packages;

use std::io::Write;

use super::*;

/// The sheet of a file, as pairs of addresses and values.
fn cells(bytes: &[u8], sheet: &str) -> Result<Vec<(String, Value)>, String> {
    let file = written(bytes);
    let mut workbook = Workbook::open(file.path()).map_err(|fault| fault.code.to_string())?;
    let sheet = workbook.read(sheet).map_err(|fault| fault.code.to_string())?;
    let cells = sheet.columns().iter().flat_map(|column| column.cells());
    Ok(cells.map(|(at, value)| (at.to_string(), value.clone())).collect())
}

/// The names of the sheets of a file, hidden ones in brackets.
fn names(bytes: &[u8]) -> Vec<String> {
    let file = written(bytes);
    let workbook = Workbook::open(file.path()).expect("a workbook");
    let name = |sheet: SheetInfo| match sheet.visible {
        true => sheet.name,
        false => format!("({})", sheet.name),
    };
    workbook.sheets().into_iter().map(name).collect()
}

fn written(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("a file");
    file
}

fn cell(position: &str, value: Value) -> (String, Value) {
    (position.to_string(), value)
}
