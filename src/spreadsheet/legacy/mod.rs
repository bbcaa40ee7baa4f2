//! The binary workbooks, `.xls` and `.xlsb`, which calamine reads.
//!
//! calamine trusts what a file says of its own sizes, reserves memory by it and
//! may panic on what is broken. A file is therefore looked over before it is
//! handed on ([`compound`] for `.xls`, the sizes of the parts for `.xlsb`), and
//! a panic is a damaged file.

mod compound;

use std::cell::Cell;
use std::fmt::Display;
use std::io::{Read, Seek, sink};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xls, Xlsb};

use super::archive::Archive;
use super::fault::Fault;
use super::limits::{Budget, EXPANSION};
use super::sheet::SheetBuilder;
use super::value::{Position, Value, parse_moment};
use super::workbook::SheetInfo;

/// An open workbook. calamine reads the sheets of `.xls` when it opens it, those
/// of `.xlsb` one by one.
pub enum Legacy<R: Read + Seek> {
    Xls(Xls<R>),
    Xlsb(Xlsb<R>),
}

/// The texts that an `.xlsb` shares take no more bytes than this: calamine keeps
/// each by itself.
const SHARED_TEXTS: u64 = 32 << 20;

impl<R: Read + Seek> Legacy<R> {
    /// Opens an `.xls`.
    pub fn open_xls(mut reader: R) -> Result<Self, Fault> {
        compound::check(&mut reader)?;
        reader.rewind()?;
        guarded(|| Xls::new(reader)).map(Self::Xls)
    }

    /// Opens an `.xlsb`.
    pub fn open_xlsb(mut archive: Archive<R>) -> Result<Self, Fault> {
        check_parts(&mut archive)?;
        let mut reader = archive.into_inner();
        reader.rewind()?;
        guarded(|| Xlsb::new(reader)).map(Self::Xlsb)
    }

    /// The sheets of cells, in the order of the tabs.
    pub fn sheets(&self) -> Vec<SheetInfo> {
        let metadata = match self {
            Self::Xls(book) => book.sheets_metadata(),
            Self::Xlsb(book) => book.sheets_metadata(),
        };
        let sheets = metadata.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        sheets
            .map(|sheet| SheetInfo {
                name: sheet.name.clone(),
                visible: sheet.visible == SheetVisible::Visible,
            })
            .collect()
    }

    /// Reads the cells of a sheet, with what is left of the budget once `held`
    /// bytes are kept for other sheets.
    pub fn read(&mut self, name: &str, held: usize) -> Result<SheetBuilder, Fault> {
        let mut budget = Budget::default();
        budget.spend(held)?;
        let builder = SheetBuilder::within(budget);
        match self {
            Self::Xls(book) => whole_sheet(book, name, builder),
            Self::Xlsb(book) => streamed_sheet(book, name, builder),
        }
    }
}

/// Expands each part once, for nothing but its size.
fn check_parts<R: Read + Seek>(archive: &mut Archive<R>) -> Result<(), Fault> {
    let names: Vec<String> = archive.names().map(str::to_string).collect();
    for name in names.iter().filter(|name| name.ends_with(".bin") || name.ends_with(".rels")) {
        let limit = if name.contains("sharedstrings") { SHARED_TEXTS } else { EXPANSION };
        if let Some(mut part) = archive.part(name, limit)? {
            std::io::copy(&mut part, &mut sink())?;
        }
    }
    Ok(())
}

fn whole_sheet<R: Read + Seek>(
    book: &mut Xls<R>,
    name: &str,
    mut builder: SheetBuilder,
) -> Result<SheetBuilder, Fault> {
    let range = guarded(|| book.worksheet_range(name))?;
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        let position = Position::new(top + row as u32, left + column as u32);
        push(&mut builder, position, &borrowed(value))?;
    }
    Ok(builder)
}

fn streamed_sheet<R: Read + Seek>(
    book: &mut Xlsb<R>,
    name: &str,
    mut builder: SheetBuilder,
) -> Result<SheetBuilder, Fault> {
    let mut heavy = false;
    guarded(|| {
        let mut cells = book.worksheet_cells_reader(name)?;
        while let Some(cell) = cells.next_cell()? {
            let (row, column) = cell.get_position();
            let pushed = push(&mut builder, Position::new(row, column), cell.get_value());
            heavy = pushed.is_err();
            if heavy {
                break;
            }
        }
        Ok::<(), calamine::XlsbError>(())
    })?;
    if heavy { Err(Fault::Heavy) } else { Ok(builder) }
}

fn push(
    builder: &mut SheetBuilder,
    position: Position,
    data: &DataRef<'_>,
) -> Result<(), super::limits::TooHeavy> {
    let text = |text: &str| (!text.is_empty()).then(|| Value::text(text));
    let value = match data {
        DataRef::Empty => None,
        DataRef::Int(number) => Some(Value::Number(*number as f64)),
        DataRef::Float(number) => Some(Value::Number(*number)),
        DataRef::String(content) => text(content),
        DataRef::SharedString(content) => text(content),
        DataRef::Bool(truth) => Some(Value::Boolean(*truth)),
        DataRef::DateTime(moment) => Some(moment_value(moment)),
        DataRef::DateTimeIso(content) => {
            parse_moment(content).map(Value::Moment).or_else(|| text(content))
        }
        DataRef::DurationIso(content) => text(content),
        DataRef::Error(error) => Some(Value::Fault(error.to_string().into())),
    };
    value.map_or(Ok(()), |value| builder.push(position, value))
}

/// The owned cell of a whole sheet, seen as a streamed one.
fn borrowed(data: &Data) -> DataRef<'_> {
    match data {
        Data::Empty => DataRef::Empty,
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
    }
}

/// A date where the number falls in the calendar, the bare number otherwise.
fn moment_value(moment: &ExcelDateTime) -> Value {
    let date = moment.is_datetime().then(|| moment.as_datetime()).flatten();
    date.map_or_else(|| Value::Number(moment.as_f64()), Value::Moment)
}

thread_local! {
    /// Whether a panic of this thread is a damaged file, told elsewhere.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs what a broken file may make panic.
fn guarded<T, E: Display>(work: impl FnOnce() -> Result<T, E>) -> Result<T, Fault> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let told = take_hook();
        set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                told(panic);
            }
        }));
    });
    QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(told(&error.to_string())),
        Err(_) => Err(Fault::Damaged("structure incohérente".to_string())),
    }
}

fn told(error: &str) -> Fault {
    match error.to_lowercase().contains("password") {
        true => Fault::Protected,
        false => Fault::Damaged(error.to_string()),
    }
}
