//! `tableaux.xlsx`: the figures for people who work in a spreadsheet.
//!
//! A contents sheet with links, the method, the national figures, the
//! register's figures by région, the quality of the response, then a sheet a question: a row a territory,
//! and the percentages, the counts and the bounds side by side under the same
//! frozen titles. Numbers are numbers, equal to those of `indicateurs.json`; a
//! percentage is 65.8, as there, and not 0.658. Nothing is computed here: a
//! figure that disclosure hides has no number to write.
//!
//! The file has no clock: the same figures give the same bytes.

mod quality;
mod sheet;
mod table;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::codebook::Codebook;
use crate::diagnostics::Diagnostic;
use crate::edition::Edition;
use crate::indicators::Figures;
use crate::quality::Quality;
use crate::register::Register;
use crate::sampling::Plan;

pub use table::{Cell, Column, Group, Row, Shape, Table};

/// The name of the workbook in the output folder.
pub const FILE: &str = "tableaux.xlsx";

/// What the workbook is made from.
pub struct WorkbookInputs<'a> {
    pub edition: &'a Edition,
    pub register: &'a Register,
    pub codebook: &'a Codebook,
    pub figures: &'a Figures,
    /// How the figures were estimated.
    pub plan: &'a Plan,
    pub quality: &'a Quality,
    /// Tables that other rooms make, after those of the register.
    pub more: Vec<Table>,
}

/// The bytes of the workbook.
///
/// # Errors
///
/// `classeur-impossible` where the format cannot hold the tables: more than
/// 16,384 columns.
pub fn workbook(inputs: &WorkbookInputs<'_>) -> Result<Vec<u8>, Diagnostic> {
    write(inputs).map_err(|error| {
        Diagnostic::error("classeur-impossible", format!("{FILE} ne peut pas être écrit ({error})"))
            .help("signalez cette erreur avec les fichiers qui la provoquent")
    })
}

fn write(inputs: &WorkbookInputs<'_>) -> Result<Vec<u8>, XlsxError> {
    let tables = tables(inputs);
    let names = sheet::names(&tables);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(inputs.edition)?);
    let styles = sheet::Styles::new();
    sheet::contents(workbook.add_worksheet(), inputs, &tables, &names, &styles)?;
    sheet::method(workbook.add_worksheet(), &table::method(inputs), &styles)?;
    for (table, name) in tables.iter().zip(&names) {
        sheet::table(workbook.add_worksheet(), table, name, inputs.edition, &styles)?;
    }
    workbook.save_to_buffer()
}

/// The tables, in the order of their sheets.
fn tables(inputs: &WorkbookInputs<'_>) -> Vec<Table> {
    let mut tables = vec![table::national(inputs)];
    tables.extend(table::register(inputs));
    tables.extend(quality::tables(inputs.quality));
    tables.extend(inputs.more.iter().cloned());
    tables.extend(table::questions(inputs));
    tables
}

/// The title and the dates of the file: those of the edition, so that no clock
/// is in it.
fn properties(edition: &Edition) -> Result<DocProperties, XlsxError> {
    // The format knows no date before 1900; such an edition gets its first day.
    let moment = ExcelDateTime::from_timestamp(edition.timestamp())
        .or_else(|_| ExcelDateTime::from_ymd(1900, 1, 1))?;
    Ok(DocProperties::new()
        .set_title(&edition.title)
        .set_subject(&edition.programme)
        .set_author(&edition.publisher)
        .set_creation_datetime(&moment))
}

#[cfg(test)]
mod tests;
