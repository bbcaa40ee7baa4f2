//! The cells of a sheet, from its stream into memory one by one.

use std::io::Read;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::plain::PlainCell;
use super::strings::{SharedTexts, TextReader, unescaped};
use super::styles::Styles;
use crate::spreadsheet::fault::Fault;
use crate::spreadsheet::limits::{COLUMNS, ROWS};
use crate::spreadsheet::sheet::SheetBuilder;
use crate::spreadsheet::value::{Position, Value, parse_moment};
use crate::spreadsheet::xml::{Markup, Tag, Token, push_text};

/// What the cells of a workbook refer to.
pub struct Context<'a> {
    /// The shared texts, once they were read.
    pub texts: Option<&'a SharedTexts>,
    pub styles: &'a Styles,
    pub dates_from_1904: bool,
}

/// How the content of a cell is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    #[default]
    Number,
    /// The rank of a shared text.
    Shared,
    /// A text in the cell, beside `v` or in it.
    Text,
    Boolean,
    Error,
    /// A date of ISO 8601.
    Date,
}

/// A cell that is being read.
#[derive(Debug, Default)]
struct Cell {
    position: Option<Position>,
    kind: Kind,
    style: usize,
    value: String,
    inline: TextReader,
    in_value: bool,
}

/// Reads the cells of a sheet. [`Fault::TextsWanted`] where a cell refers to the
/// shared texts and they were not read.
pub fn read(
    source: impl Read,
    context: &Context<'_>,
    mut builder: SheetBuilder,
) -> Result<SheetBuilder, Fault> {
    let mut markup = Markup::new(source)?;
    let mut cell = Cell::default();
    // The place of a cell that does not say where it stands.
    let mut next = Position::new(0, 0);
    loop {
        while let Some(plain) = markup.leading(PlainCell::parse) {
            cell.take(&plain, next);
            next = cell.end(context, &mut builder, next)?;
        }
        let token = markup.next()?;
        match &token {
            Token::Open(tag) => match tag.name {
                "c" => cell.begin(tag, next)?,
                "v" => cell.in_value = true,
                "row" => next = Position::new(row_number(tag, next.row)?, 0),
                _ => cell.inline.read(&token),
            },
            Token::Close(name) => match *name {
                "v" => cell.in_value = false,
                "c" => next = cell.end(context, &mut builder, next)?,
                "row" => next = Position::new(next.row.saturating_add(1), 0),
                "sheetData" => return Ok(builder),
                _ => cell.inline.read(&token),
            },
            Token::End => return Err(Fault::Damaged("la feuille est tronquée".to_string())),
            _ if cell.in_value => push_text(&token, &mut cell.value),
            _ => cell.inline.read(&token),
        }
    }
}

impl Cell {
    fn begin(&mut self, tag: &Tag<'_>, next: Position) -> Result<(), Fault> {
        self.position = Some(next);
        self.kind = Kind::Number;
        self.style = 0;
        self.value.clear();
        self.inline.clear();
        for (key, value) in tag.attributes() {
            match key {
                "r" => self.position = Some(position(value)?),
                "s" => self.style = value.parse().unwrap_or(0),
                "t" => self.kind = kind(value),
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes over a cell that was read in one go.
    fn take(&mut self, plain: &PlainCell<'_>, next: Position) {
        self.position = Some(plain.position.unwrap_or(next));
        self.kind = plain.kind.map_or(Kind::Number, kind);
        self.style = plain.style;
        self.value.clear();
        self.value.push_str(plain.value);
        self.inline.clear();
    }

    /// Puts the cell where it stands, and returns the place right of it.
    fn end(
        &mut self,
        context: &Context<'_>,
        builder: &mut SheetBuilder,
        next: Position,
    ) -> Result<Position, Fault> {
        let Some(position) = self.position.take() else { return Ok(next) };
        self.in_value = false;
        if position.row >= ROWS || position.column >= COLUMNS {
            return Err(Fault::Damaged(format!("{position} est hors d’une feuille")));
        }
        let value = self.value.trim();
        match self.kind {
            Kind::Shared => {
                let texts = context.texts.ok_or(Fault::TextsWanted)?;
                let rank: Option<usize> = value.parse().ok();
                let text = rank.and_then(|rank| Some((rank, texts.get(rank)?)));
                if let Some((rank, text)) = text.filter(|(_, text)| !text.is_empty()) {
                    builder.push_shared(position, rank, text)?;
                }
            }
            _ => {
                if let Some(value) = self.content(context) {
                    builder.push(position, value)?;
                }
            }
        }
        Ok(Position::new(position.row, position.column + 1))
    }

    /// What a cell holds that is not a shared text.
    fn content(&self, context: &Context<'_>) -> Option<Value> {
        let written = self.value.trim();
        let inline = || Some(&self.inline.text).filter(|text| !text.is_empty());
        match self.kind {
            Kind::Text => {
                let text = inline().unwrap_or(&self.value);
                (!text.is_empty()).then(|| Value::text(&unescaped(text)))
            }
            _ if written.is_empty() => inline().map(|text| Value::text(&unescaped(text))),
            Kind::Boolean => Some(Value::Boolean(matches!(written, "1" | "true"))),
            Kind::Error => Some(Value::Fault(written.into())),
            Kind::Date => Some(parse_moment(written).map_or(Value::text(written), Value::Moment)),
            Kind::Number | Kind::Shared => Some(match written.parse::<f64>() {
                Ok(number) if number.is_finite() => self.number(number, context),
                _ => Value::text(written),
            }),
        }
    }

    fn number(&self, number: f64, context: &Context<'_>) -> Value {
        let date = context.styles.is_date(self.style);
        let moment = date.then(|| moment(number, context.dates_from_1904)).flatten();
        moment.map_or(Value::Number(number), Value::Moment)
    }
}

fn kind(word: &str) -> Kind {
    match word {
        "s" => Kind::Shared,
        "str" | "inlineStr" => Kind::Text,
        "b" => Kind::Boolean,
        "e" => Kind::Error,
        "d" => Kind::Date,
        _ => Kind::Number,
    }
}

/// The row of an element, counted from 0; the next one where it does not say.
fn row_number(tag: &Tag<'_>, next: u32) -> Result<u32, Fault> {
    let Some(written) = tag.exact_attribute("r") else { return Ok(next) };
    let number = written.trim().parse::<u32>().ok().and_then(|row| row.checked_sub(1));
    number.ok_or_else(|| Fault::Damaged(format!("« {written} » n’est pas une ligne")))
}

fn position(written: &str) -> Result<Position, Fault> {
    let plain = || written.replace('$', "").parse().ok();
    let position = written.parse().ok().or_else(plain);
    position.ok_or_else(|| Fault::Damaged(format!("« {written} » n’est pas une cellule")))
}

/// The day and the time of a number of days. Excel believes that 1900 was a leap
/// year; days are counted from 1904 in workbooks that a Mac began.
pub fn moment(days: f64, from_1904: bool) -> Option<NaiveDateTime> {
    let origin = match (from_1904, days < 60.0) {
        (true, _) => NaiveDate::from_ymd_opt(1904, 1, 1)?,
        (false, true) => NaiveDate::from_ymd_opt(1899, 12, 31)?,
        (false, false) => NaiveDate::from_ymd_opt(1899, 12, 30)?,
    };
    if !(0.0..2_958_466.0).contains(&days) {
        return None;
    }
    let milliseconds = (days * 86_400_000.0).round() as i64;
    // A second is what people write; less is the noise of the conversion.
    let seconds = (milliseconds + 500).div_euclid(1000);
    let exact = (milliseconds - seconds * 1000).abs() <= 2;
    let elapsed = match exact {
        true => TimeDelta::try_seconds(seconds)?,
        false => TimeDelta::try_milliseconds(milliseconds)?,
    };
    origin.and_hms_opt(0, 0, 0)?.checked_add_signed(elapsed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::spreadsheet::limits::Budget;

    /// The cells of a sheet, or the fault as it would be told.
    fn read_cells(xml: &str) -> Result<Vec<(String, Value)>, String> {
        let shared = "<sst><si><t>Oui</t></si><si><t>Non</t></si></sst>";
        let texts = SharedTexts::read(shared.as_bytes(), &mut Budget::default()).unwrap();
        let styles = Styles::default();
        let context = Context { texts: Some(&texts), styles: &styles, dates_from_1904: false };
        let sheet = read(xml.as_bytes(), &context, SheetBuilder::new());
        let sheet = sheet.map_err(|fault| format!("{fault:?}"))?.finish("essai.xlsx", None);
        let cells = sheet.columns().iter().flat_map(|column| column.cells());
        Ok(cells.map(|(at, value)| (at.to_string(), value.clone())).collect())
    }

    fn cells(xml: &str, from_1904: bool) -> Vec<(String, Value)> {
        let styles = "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>";
        let shared = "<sst><si><t>Oui</t></si><si><t>Non</t></si></sst>";
        let texts = SharedTexts::read(shared.as_bytes(), &mut Budget::default()).unwrap();
        let context = Context {
            texts: Some(&texts),
            styles: &Styles::read(styles.as_bytes()).unwrap(),
            dates_from_1904: from_1904,
        };
        let sheet = read(xml.as_bytes(), &context, SheetBuilder::new()).unwrap();
        let sheet = sheet.finish("essai.xlsx", None);
        let cells = sheet.columns().iter().flat_map(|column| column.cells());
        cells.map(|(at, value)| (at.to_string(), value.clone())).collect()
    }

    fn cell(position: &str, value: Value) -> (String, Value) {
        (position.to_string(), value)
    }

    #[test]
    fn cells_of_every_kind_are_read() {
        let xml = r#"<x:worksheet xmlns:x="urn:x"><x:sheetData><x:row r="2">
            <x:c r="A2" t="s"><x:v>1</x:v></x:c>
            <x:c r="B2"><x:f>1+1</x:f><x:v>2.5</x:v></x:c>
            <x:c r="C2" t="inlineStr"><x:is><x:t>en </x:t><x:r><x:t>ligne</x:t></x:r></x:is></x:c>
            <x:c r="D2" t="str"><x:f>A1&amp;"é"</x:f><x:v>a &lt; &#233;</x:v></x:c>
            <x:c r="E2" t="b"><x:v>1</x:v></x:c>
            <x:c r="F2" t="e"><x:v>#N/A</x:v></x:c>
            <x:c r="G2" s="1"><x:v>45717</x:v></x:c>
            <x:c r="H2" t="d"><x:v>2025-03-01T10:30:00</x:v></x:c>
            <x:c r="I2" s="1"/><x:c r="J2" t="s"><x:v>99</x:v></x:c>
            </x:row></x:sheetData></x:worksheet>"#;
        let day = |hour: u32, minute: u32| {
            let date = NaiveDate::from_ymd_opt(2025, 3, 1).unwrap();
            Value::Moment(date.and_hms_opt(hour, minute, 0).unwrap())
        };
        assert_eq!(
            cells(xml, false),
            [
                cell("A2", Value::text("Non")),
                cell("B2", Value::Number(2.5)),
                cell("C2", Value::text("en ligne")),
                cell("D2", Value::text("a < é")),
                cell("E2", Value::Boolean(true)),
                cell("F2", Value::Fault("#N/A".into())),
                cell("G2", day(0, 0)),
                cell("H2", day(10, 30)),
            ]
        );
    }

    #[test]
    fn cells_without_an_address_follow_each_other() {
        let xml = "<sheetData><row><c><v>1</v></c><c/><c><v>2</v></c></row>\
                   <row><c r=\"C2\"><v>3</v></c><c><v>4</v></c></row></sheetData>";
        let places: Vec<String> = cells(xml, false).into_iter().map(|(at, _)| at).collect();
        assert_eq!(places, ["A1", "C1", "C2", "D2"]);
    }

    #[test]
    fn days_are_counted_from_1900_or_from_1904() {
        let text = |days, from_1904| moment(days, from_1904).unwrap().to_string();
        assert_eq!(text(45717.0, false), "2025-03-01 00:00:00");
        assert_eq!(text(44255.0, true), "2025-03-01 00:00:00");
        assert_eq!(text(59.0, false), "1900-02-28 00:00:00");
        assert_eq!(text(61.0, false), "1900-03-01 00:00:00");
        assert_eq!(text(45_717.427_083_333_3, false), "2025-03-01 10:15:00");
        assert_eq!(moment(-1.0, false), None);
        assert_eq!(moment(1e12, false), None);
    }

    proptest! {
        /// A prefix sends a cell to the tokens; without one, most are taken whole.
        #[test]
        fn a_cell_taken_whole_is_what_its_tokens_give(
            written in prop::collection::vec(
                (
                    "(( r=\"([A-D][1-9]|[A-D][1-9]|[A-D][1-9]|[A-Z]{1,4}[0-9]{1,8})\")?( s=\"[0-9]{0,2}\")?( t=\"(s|b|e|d|str|n|x)\")?)",
                    "(<v>[ -%'-;=-~é]{0,6}</v>|<v>[0-9.eE+-]{0,6}</v>|<v>[01]</v>|<f>1</f><v>2</v>)?",
                ),
                0..8,
            ),
            always_closed in any::<bool>(),
        ) {
            let cell = |(attributes, inside): &(String, String)| match always_closed {
                true => format!("<c{attributes}>{inside}</c>"),
                false => format!("<c{attributes}{}", match inside.as_str() {
                    "" => "/>".to_string(),
                    inside => format!(">{inside}</c>"),
                }),
            };
            let row: String = written.iter().map(cell).collect();
            let plain = format!("<sheetData><row>{row}</row></sheetData>");
            let prefixed = plain.replace("</", "</x:").replace('<', "<x:").replace("<x:/x:", "</x:");
            prop_assert_eq!(read_cells(&plain), read_cells(&prefixed));
        }
    }

    #[test]
    fn a_cell_outside_a_sheet_is_a_fault() {
        let context = Context { texts: None, styles: &Styles::default(), dates_from_1904: false };
        for xml in [
            "<sheetData><row r=\"4294967295\"><c><v>1</v></c></row></sheetData>",
            "<sheetData><row><c r=\"XFE1\"><v>1</v></c></row></sheetData>",
            "<sheetData><row><c r=\"1A\"><v>1</v></c></row></sheetData>",
            "<sheetData><row><c><v>1</v></c></row>",
        ] {
            let read = read(xml.as_bytes(), &context, SheetBuilder::new());
            assert!(matches!(read, Err(Fault::Damaged(_))), "{xml}");
        }
    }
}
