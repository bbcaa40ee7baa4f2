//! OpenDocument spreadsheets: `.ods`.
//!
//! Everything stands in one part, `content.xml`; it is walked through once for
//! the names of the sheets and once for the cells of one. A cell or a row that
//! is repeated a million million times is repeated up to the edge of a sheet.

use std::collections::HashSet;
use std::io::{Read, Seek};

use super::archive::Archive;
use super::fault::Fault;
use super::limits::{Budget, COLUMNS, DESCRIPTION, EXPANSION, ROWS};
use super::sheet::SheetBuilder;
use super::value::{Position, Value, is_error_name, parse_moment};
use super::workbook::SheetInfo;
use super::xml::{Markup, Tag, Token, for_each_element, push_text};

/// An open document.
pub struct OpenDocument<R> {
    archive: Archive<R>,
    sheets: Vec<SheetInfo>,
}

/// The part that holds the sheets.
const CONTENT: &str = "content.xml";

impl<R: Read + Seek> OpenDocument<R> {
    /// Reads the names of the sheets.
    pub fn open(mut archive: Archive<R>) -> Result<Self, Fault> {
        refuse_encrypted(&mut archive)?;
        let part = archive.part(CONTENT, EXPANSION)?;
        let part = part.ok_or_else(|| Fault::Damaged("content.xml manque".to_string()))?;
        let sheets = sheets(part)?;
        Ok(Self { archive, sheets })
    }

    /// The sheets, in the order of the tabs.
    pub fn sheets(&self) -> impl Iterator<Item = &SheetInfo> {
        self.sheets.iter()
    }

    /// Reads the cells of a sheet, with what is left of the budget once `held`
    /// bytes are kept for other sheets.
    pub fn read(&mut self, name: &str, held: usize) -> Result<SheetBuilder, Fault> {
        let rank = self.sheets.iter().position(|sheet| sheet.name == name);
        let rank = rank.ok_or(Fault::Absent)?;
        let mut budget = Budget::default();
        budget.spend(held)?;
        let part = self.archive.part(CONTENT, EXPANSION)?;
        let part = part.ok_or_else(|| Fault::Damaged("content.xml manque".to_string()))?;
        read_table(part, rank, SheetBuilder::within(budget))
    }
}

fn refuse_encrypted<R: Read + Seek>(archive: &mut Archive<R>) -> Result<(), Fault> {
    let Some(part) = archive.part("META-INF/manifest.xml", DESCRIPTION)? else { return Ok(()) };
    for_each_element(part, |tag| match tag.name {
        "encryption-data" => Err(Fault::Protected),
        _ => Ok(()),
    })
}

/// The names of the sheets; those of a style that is not displayed are hidden.
fn sheets(source: impl Read) -> Result<Vec<SheetInfo>, Fault> {
    let mut hidden: HashSet<String> = HashSet::new();
    let mut style = String::new();
    let mut sheets = Vec::new();
    for_each_table(source, |tag| {
        let text = |name| tag.attribute(name).map(|text| text.into_owned());
        match tag.name {
            "style" => style = text("name").unwrap_or_default(),
            "table-properties" if text("display").as_deref() == Some("false") => {
                hidden.insert(style.clone());
            }
            "table" => {
                let name = text("name").unwrap_or_default();
                let visible = text("style-name").is_none_or(|style| !hidden.contains(&style));
                sheets.push(SheetInfo { name, visible });
            }
            _ => {}
        }
    })?;
    Ok(sheets)
}

/// Walks through the elements outside cells: tables inside a cell, a chart or a
/// tracked change are no sheets.
fn for_each_table(source: impl Read, mut visit: impl FnMut(&Tag<'_>)) -> Result<(), Fault> {
    let mut markup = Markup::new(source)?;
    let mut depth = 0_usize;
    loop {
        match markup.next()? {
            Token::Open(tag) => {
                if depth == 0 {
                    visit(&tag);
                }
                depth += usize::from(is_container(tag.name));
            }
            Token::Close(name) => depth = depth.saturating_sub(usize::from(is_container(name))),
            Token::End => return Ok(()),
            _ => {}
        }
    }
}

/// Whether tables inside an element are no sheets. A sheet itself is one.
fn is_container(name: &str) -> bool {
    matches!(name, "table" | "tracked-changes" | "dde-links")
}

/// Where the reading of a sheet stands.
#[derive(Default)]
struct Reading {
    /// How many tables deep.
    depth: usize,
    /// The sheet that is being read, counted from 0.
    rank: Option<usize>,
    row: u32,
    column: u32,
    repeated_rows: u32,
    /// The cells of the row, each with its columns.
    cells: Vec<(u32, u32, Value)>,
    /// How many cells come of repetitions, so far.
    copies: u64,
    cell: Cell,
}

/// Repetitions fill no more cells of a sheet than this: those that a program puts for
/// equal neighbours are fewer, and more would take too long.
const COPIES: u64 = 32 << 20;

/// A cell that is being read.
#[derive(Default)]
struct Cell {
    open: bool,
    repeated: u32,
    kind: String,
    value: Option<String>,
    is_error: bool,
    has_formula: bool,
    text: String,
    paragraphs: usize,
    in_paragraph: bool,
    /// How deep inside an annotation, which is no content.
    notes: usize,
}

fn read_table(
    source: impl Read,
    wanted: usize,
    mut builder: SheetBuilder,
) -> Result<SheetBuilder, Fault> {
    let mut markup = Markup::new(source)?;
    let mut reading = Reading::default();
    loop {
        let token = markup.next()?;
        match &token {
            Token::Open(tag) => reading.start(tag),
            Token::Close(name) => {
                let here = reading.rank == Some(wanted);
                if reading.end(name, here, &mut builder)? {
                    return Ok(builder);
                }
            }
            Token::End if reading.rank >= Some(wanted) => return Ok(builder),
            Token::End => return Err(Fault::Absent),
            _ => reading.cell.add(&token),
        }
    }
}

impl Reading {
    fn start(&mut self, tag: &Tag<'_>) {
        match tag.name {
            "table" if self.depth == 0 => {
                self.depth = 1;
                self.rank = Some(self.rank.map_or(0, |rank| rank + 1));
                self.row = 0;
            }
            name if is_container(name) => self.depth += 1,
            "table-row" if self.depth == 1 => {
                self.repeated_rows = repeated(tag, "number-rows-repeated", ROWS);
                self.column = 0;
                self.cells.clear();
            }
            "table-cell" | "covered-table-cell" if self.depth == 1 => {
                self.cell = Cell::begin(tag);
            }
            name if self.cell.open => self.cell.start(name, tag),
            _ => {}
        }
    }

    /// Ends an element; yes at the end of the sheet that is wanted.
    fn end(&mut self, name: &str, here: bool, builder: &mut SheetBuilder) -> Result<bool, Fault> {
        match name {
            name if is_container(name) => {
                self.depth = self.depth.saturating_sub(1);
                return Ok(here && name == "table" && self.depth == 0);
            }
            "table-row" if self.depth == 1 => {
                if here {
                    self.push_row(builder)?;
                }
                self.row = self.row.saturating_add(self.repeated_rows).min(ROWS);
            }
            "table-cell" | "covered-table-cell" if self.depth == 1 => {
                let cell = std::mem::take(&mut self.cell);
                let end = self.column.saturating_add(cell.repeated).min(COLUMNS);
                if let Some(value) = cell.content().filter(|_| here && end > self.column) {
                    self.cells.push((self.column, end, value));
                }
                self.column = end;
            }
            name if self.cell.open => self.cell.end(name),
            _ => {}
        }
        Ok(false)
    }

    fn push_row(&mut self, builder: &mut SheetBuilder) -> Result<(), Fault> {
        let last = self.row.saturating_add(self.repeated_rows).min(ROWS);
        let columns: u64 = self.cells.iter().map(|(start, end, _)| u64::from(end - start)).sum();
        let filled = columns * u64::from(last - self.row);
        self.copies += filled - filled.min(self.cells.len() as u64);
        if self.copies > COPIES {
            return Err(Fault::Heavy);
        }
        if self.cells.is_empty() {
            return Ok(());
        }
        for row in self.row..last {
            for (start, end, value) in &self.cells {
                for column in *start..*end {
                    builder.push(Position::new(row, column), value.clone())?;
                }
            }
        }
        Ok(())
    }
}

/// How often an element is repeated, up to the edge of a sheet.
fn repeated(tag: &Tag<'_>, name: &str, most: u32) -> u32 {
    let Some(written) = tag.attribute(name) else { return 1 };
    let digits = written.trim();
    match digits.parse::<u32>() {
        Ok(count) => count.min(most),
        // More digits than a number of the machine holds.
        Err(_) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => most,
        Err(_) => 1,
    }
}

impl Cell {
    fn begin(tag: &Tag<'_>) -> Self {
        let extension = tag.exact_attribute("calcext:value-type");
        let kind = tag.exact_attribute("office:value-type");
        let kind = kind.or_else(|| tag.attribute("value-type"));
        let text = |name| tag.attribute(name).map(|text| text.into_owned());
        let value = ["date-value", "time-value", "boolean-value", "value", "string-value"];
        Self {
            open: true,
            repeated: repeated(tag, "number-columns-repeated", COLUMNS),
            kind: kind.map(|kind| kind.into_owned()).unwrap_or_default(),
            value: value.into_iter().find_map(text),
            is_error: extension.is_some_and(|kind| kind == "error"),
            has_formula: tag.attribute("formula").is_some(),
            ..Self::default()
        }
    }

    fn start(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "annotation" | "note" => self.notes += 1,
            _ if self.notes > 0 => {}
            "p" | "h" => {
                if self.paragraphs > 0 {
                    self.text.push('\n');
                }
                self.paragraphs += 1;
                self.in_paragraph = true;
            }
            "s" if self.in_paragraph => {
                let count = repeated(tag, "c", 1000);
                self.text.extend(std::iter::repeat_n(' ', count as usize));
            }
            "tab" if self.in_paragraph => self.text.push('\t'),
            "line-break" if self.in_paragraph => self.text.push('\n'),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "annotation" | "note" => self.notes = self.notes.saturating_sub(1),
            "p" | "h" if self.notes == 0 => self.in_paragraph = false,
            _ => {}
        }
    }

    fn add(&mut self, token: &Token<'_>) {
        if self.in_paragraph && self.notes == 0 {
            push_text(token, &mut self.text);
        }
    }

    /// What the cell holds. LibreOffice shows the name of an error and writes an
    /// empty text, or a zero, for its value.
    fn content(self) -> Option<Value> {
        let shown = self.text.trim();
        if self.is_error || self.has_formula && is_error_name(shown) {
            return Some(Value::Fault(if shown.is_empty() { "#ERREUR!" } else { shown }.into()));
        }
        let written = self.value.as_deref().unwrap_or_default();
        let text =
            || Some(&self.text).filter(|text| !text.is_empty()).map(|text| Value::text(text));
        let value = match self.kind.as_str() {
            "float" | "percentage" | "currency" => written.parse().ok().map(Value::Number),
            "boolean" => Some(Value::Boolean(written == "true")),
            "date" => parse_moment(written).map(Value::Moment),
            "string" if self.paragraphs == 0 => {
                Some(Value::text(written)).filter(|_| !written.is_empty())
            }
            _ => None,
        };
        value.or_else(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x">
        <office:automatic-styles>
        <style:style style:name="ta1"><style:table-properties table:display="true"/></style:style>
        <style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>
        </office:automatic-styles><office:body><office:spreadsheet>"#;

    fn document(tables: &str) -> String {
        format!("{HEAD}{tables}</office:spreadsheet></office:body></office:document-content>")
    }

    fn cells(xml: &str, rank: usize) -> Vec<(String, Value)> {
        let sheet = read_table(xml.as_bytes(), rank, SheetBuilder::new()).unwrap();
        let sheet = sheet.finish("essai.ods", None);
        let cells = sheet.columns().iter().flat_map(|column| column.cells());
        cells.map(|(at, value)| (at.to_string(), value.clone())).collect()
    }

    fn cell(position: &str, value: Value) -> (String, Value) {
        (position.to_string(), value)
    }

    #[test]
    fn cells_of_every_kind_are_read() {
        let xml = document(
            r##"<table:table table:name="A" table:style-name="ta1"><table:table-header-rows>
            <table:table-row>
            <table:table-cell office:value-type="string"><text:p>un<text:s text:c="2"/>deux</text:p>
            <text:p>trois &amp; <text:span>quatre</text:span></text:p>
            <office:annotation><text:p>une note</text:p></office:annotation></table:table-cell>
            <table:table-cell office:value-type="float" office:value="2.5"><text:p>2,5</text:p>
            </table:table-cell>
            <table:table-cell office:value-type="percentage" office:value="0.5"/>
            <table:table-cell office:value-type="boolean" office:boolean-value="true"/>
            <table:table-cell office:value-type="date" office:date-value="2025-03-01"/>
            <table:table-cell table:formula="of:=1/0" office:value-type="string"
             office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p>
            </table:table-cell>
            <table:table-cell table:formula="of:=NA()" office:value-type="float" office:value="0">
            <text:p>#N/A</text:p></table:table-cell>
            </table:table-row></table:table-header-rows></table:table>"##,
        );
        let day = parse_moment("2025-03-01").unwrap();
        assert_eq!(
            cells(&xml, 0),
            [
                cell("A1", Value::text("un  deux\ntrois & quatre")),
                cell("B1", Value::Number(2.5)),
                cell("C1", Value::Number(0.5)),
                cell("D1", Value::Boolean(true)),
                cell("E1", Value::Moment(day)),
                cell("F1", Value::Fault("#DIV/0!".into())),
                cell("G1", Value::Fault("#N/A".into())),
            ]
        );
    }

    #[test]
    fn repetitions_stop_at_the_edge_of_a_sheet() {
        let xml = document(
            r#"<table:table table:name="A"><table:table-row
            table:number-rows-repeated="1000000000000000000"><table:table-cell
            table:number-columns-repeated="1000000000000000000"/></table:table-row></table:table>
            <table:table table:name="B"><table:table-row table:number-rows-repeated="2">
            <table:table-cell table:number-columns-repeated="3"/>
            <table:table-cell office:value-type="float" office:value="1"
             table:number-columns-repeated="2"/></table:table-row>
            <table:table-row table:number-rows-repeated="5"><table:table-cell/></table:table-row>
            <table:table-row><table:covered-table-cell/><table:table-cell
            office:value-type="float" office:value="7"
            table:number-columns-repeated="1000000000000000000000"/></table:table-row>
            </table:table>"#,
        );
        assert!(cells(&xml, 0).is_empty());
        let second = cells(&xml, 1);
        assert_eq!(second.len(), 4 + COLUMNS as usize - 1);
        assert!(second.contains(&cell("E2", Value::Number(1.0))));
        assert!(second.contains(&cell("XFD8", Value::Number(7.0))));
    }

    #[test]
    fn repetitions_that_fill_too_many_cells_are_refused_at_once() {
        let xml = document(
            r#"<table:table table:name="A"><table:table-row
            table:number-rows-repeated="1000000"><table:table-cell office:value-type="float"
            office:value="1" table:number-columns-repeated="1000000"/></table:table-row>
            </table:table>"#,
        );
        let table = read_table(xml.as_bytes(), 0, SheetBuilder::new());
        assert!(matches!(table, Err(Fault::Heavy)));
    }

    #[test]
    fn hidden_sheets_and_tables_in_cells_are_told_apart() {
        let xml = document(
            r#"<table:table table:name="A &amp; B" table:style-name="ta1"><table:table-row>
            <table:table-cell office:value-type="float" office:value="1"/>
            <table:table-cell><table:table table:name="dedans"/></table:table-cell>
            </table:table-row></table:table>
            <table:table table:name="Cachée" table:style-name="ta2"/>"#,
        );
        let names: Vec<(String, bool)> = sheets(xml.as_bytes())
            .unwrap()
            .into_iter()
            .map(|sheet| (sheet.name, sheet.visible))
            .collect();
        assert_eq!(names, [("A & B".to_string(), true), ("Cachée".to_string(), false)]);
        assert_eq!(cells(&xml, 0).len(), 1);
    }
}
