//! Writing the sheets: titles that stay, formats, print settings, charts.

use std::collections::BTreeSet;

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartSolidFill, Format, FormatAlign,
    FormatBorder, Url, Worksheet, XlsxError,
};

use super::WorkbookInputs;
use super::table::{Cell, HIDDEN, NONE, Shape, Table};
use crate::edition::Edition;

/// The name of the contents sheet.
const CONTENTS: &str = "Sommaire";

/// The name of the method sheet.
const METHOD: &str = "Méthode";

/// The rows above the first one of a table: title, groups, columns.
const HEAD: u32 = 3;

/// The columns that stay at the left: the name of the row.
const SIDE: u16 = 1;

/// How many characters a spreadsheet takes in the name of a sheet.
const LONGEST_NAME: usize = 31;

/// How many characters fit across a page on its side, at full size.
const PAGE_WIDTH: f64 = 105.0;

/// How many fit once they are made as small as can be read.
const READABLE: f64 = 1.5 * PAGE_WIDTH;

/// The longest text of a cell.
const LONGEST_TEXT: usize = 32_767;

/// The formats of the workbook.
pub struct Styles {
    plain: Format,
    title: Format,
    heading: Format,
    column: Format,
    number_column: Format,
    name: Format,
    total_name: Format,
    text: Format,
    note: Format,
    warning: Format,
}

impl Styles {
    pub fn new() -> Self {
        let plain = Format::new().set_font_size(10);
        let bold = plain.clone().set_bold();
        // All cells of a row begin at the same height, however long one of them is.
        let top = plain.clone().set_align(FormatAlign::Top);
        let line = bold.clone().set_text_wrap().set_border_bottom(FormatBorder::Thin);
        Self {
            title: bold.clone().set_font_size(14),
            heading: bold.clone().set_align(FormatAlign::Left).set_align(FormatAlign::Bottom),
            number_column: line.clone().set_align(FormatAlign::Right),
            column: line.set_align(FormatAlign::Bottom),
            name: top.clone(),
            total_name: top.clone().set_bold(),
            text: top.set_text_wrap().set_align(FormatAlign::Left).set_indent(1),
            note: plain.clone().set_italic(),
            warning: plain.clone().set_bold().set_font_color("#9A3412"),
            plain,
        }
    }

    /// The format of a number.
    fn number(&self, shape: &Shape, total: bool) -> Format {
        let format = self.plain.clone().set_num_format(pattern(shape));
        let format = format.set_align(FormatAlign::Right).set_align(FormatAlign::Top);
        if total { format.set_bold() } else { format }
    }
}

/// The pattern of a shape, in the notation of the format: the program that
/// shows it puts the comma and the space of its own language.
fn pattern(shape: &Shape) -> String {
    let decimals = |count: usize| match count {
        0 => String::new(),
        count => format!(".{}", "0".repeat(count)),
    };
    match shape {
        Shape::Count => "#,##0".to_string(),
        Shape::Number(count) => format!("#,##0{}", decimals(*count)),
        Shape::Percent(count) => format!("0{}\"\u{A0}%\"", decimals(*count)),
        Shape::Euros => "#,##0\"\u{A0}€\"".to_string(),
        Shape::MillionEuros => "#,##0.0#\"\u{A0}M€\"".to_string(),
        Shape::Text | Shape::Word => "@".to_string(),
    }
}

/// A name for the sheet of each table: what a spreadsheet forbids is left out,
/// and no two are the same.
pub fn names(tables: &[Table]) -> Vec<String> {
    let fixed = [CONTENTS, METHOD].map(|name| name.to_lowercase());
    let mut taken: BTreeSet<String> = fixed.into_iter().collect();
    let mut name = |table: &Table| {
        let allowed = |c: &char| !"[]:*?/\\'".contains(*c) && !c.is_control();
        let wanted: String = table.id.chars().filter(allowed).collect();
        let wanted = if wanted.trim().is_empty() { "Tableau".to_string() } else { wanted };
        let mut name = shortened(&wanted, LONGEST_NAME);
        let mut rank = 2;
        // « History » is a name that Excel keeps for itself.
        while name.eq_ignore_ascii_case("history") || !taken.insert(name.to_lowercase()) {
            let ending = format!(" {rank}");
            name = shortened(&wanted, LONGEST_NAME - ending.len()) + &ending;
            rank += 1;
        }
        name
    };
    tables.iter().map(&mut name).collect()
}

/// The beginning of a text, in units of UTF-16 as spreadsheets count them.
fn shortened(text: &str, longest: usize) -> String {
    let mut length = 0;
    let fits = |c: &char| {
        length += c.len_utf16();
        length <= longest
    };
    text.chars().take_while(fits).collect()
}

/// Writes the contents: a link to each sheet.
pub fn contents(
    sheet: &mut Worksheet,
    inputs: &WorkbookInputs<'_>,
    tables: &[Table],
    names: &[String],
    styles: &Styles,
) -> Result<(), XlsxError> {
    let edition = inputs.edition;
    sheet.set_name(CONTENTS)?;
    sheet.set_screen_gridlines(false);
    for (column, width) in [(0, 26.0), (1, 70.0), (2, 12.0)] {
        sheet.set_column_width(column, width)?;
    }
    text(sheet, 0, 0, &edition.title, &styles.title)?;
    let subtitle = format!("{}, bilan {}", edition.programme, edition.year);
    text(sheet, 1, 0, &subtitle, &styles.plain)?;
    if edition.demonstration {
        text(sheet, 2, 0, DEMONSTRATION, &styles.warning)?;
    }
    for (column, title) in ["Feuille", "Contenu", "Base (n)"].into_iter().enumerate() {
        text(sheet, 4, column as u16, title, &styles.column)?;
    }
    link(sheet, 5, 0, METHOD, &styles.name)?;
    text(sheet, 5, 1, "La méthode, les sources et les marques", &styles.plain)?;
    for (row, (table, name)) in (6..).zip(tables.iter().zip(names)) {
        link(sheet, row, 0, name, &styles.name)?;
        text(sheet, row, 1, &table.title, &styles.plain)?;
        if let Some(base) = table.base {
            let format = styles.number(&Shape::Count, false);
            sheet.write_number_with_format(row, 2, base as f64, &format)?;
        }
    }
    sheet.set_freeze_panes(5, 0)?;
    print_setup(sheet, edition, 5)?;
    sheet.set_print_fit_to_pages(1, 0);
    Ok(())
}

const DEMONSTRATION: &str = "Questionnaire de démonstration : les réponses sont inventées, et les chiffres qui en viennent aussi.";

/// Writes the method: headings and texts.
pub fn method(
    sheet: &mut Worksheet,
    lines: &[(bool, String)],
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name(METHOD)?;
    sheet.set_screen_gridlines(false).set_column_width(0, METHOD_WIDTH)?;
    text(sheet, 0, 0, "La méthode", &styles.title)?;
    for (row, (heading, line)) in (2..).zip(lines) {
        text(sheet, row, 0, line, if *heading { &styles.heading } else { &styles.text })?;
        let height = height_of(line, METHOD_WIDTH) + if *heading { 8 } else { 0 };
        sheet.set_row_height(row, height)?;
    }
    sheet.set_print_fit_to_pages(1, 0).set_paper_size(A4).set_landscape();
    Ok(())
}

/// The width of the method, in characters.
const METHOD_WIDTH: f64 = 110.0;

/// The height of a row in points, for a text that is wrapped in a column of so
/// many characters. It is set: not every program finds it by itself.
fn height_of(text: &str, width: f64) -> u32 {
    let length = text.chars().count() as f64;
    // Words leave room at the ends of lines.
    let lines = if length <= width { 1.0 } else { (length / (0.9 * width)).ceil() };
    15 * lines.clamp(1.0, 25.0) as u32
}

/// Writes a table, its notes and its chart.
pub fn table(
    sheet: &mut Worksheet,
    table: &Table,
    name: &str,
    edition: &Edition,
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    titles(sheet, table, styles)?;
    let formats: Vec<[Format; 2]> = table
        .columns()
        .map(|column| [false, true].map(|total| styles.number(&column.shape, total)))
        .collect();
    for (row, content) in (HEAD..).zip(&table.rows) {
        let style = if content.total { &styles.total_name } else { &styles.name };
        text(sheet, row, 0, &content.name, style)?;
        let texts = content.cells.iter().zip(table.columns()).filter_map(|(cell, of)| match cell {
            Cell::Text(text) => Some(height_of(text, column_width(&of.shape))),
            _ => None,
        });
        if let Some(height) = texts.max().filter(|height| *height > 15) {
            sheet.set_row_height(row, height)?;
        }
        let cells = content.cells.iter().zip(&formats).zip(table.columns());
        for (column, ((value, formats), of)) in (SIDE..).zip(cells) {
            let [usual, total] = formats;
            let format = if content.total { total } else { usual };
            match shown_otherwise(value, &of.shape) {
                Some(shown) => {
                    let format = format.clone().set_num_format(shown);
                    cell(sheet, row, column, value, &format, styles)?;
                }
                None => cell(sheet, row, column, value, format, styles)?,
            }
        }
    }
    let below = notes(sheet, table, edition, styles)? + 1;
    chart(sheet, table, name, below)?;
    widths(sheet, table)?;
    sheet.set_freeze_panes(HEAD, SIDE)?;
    print_setup(sheet, edition, HEAD)?;
    pages(sheet, table, below)
}

/// The title of the sheet, those of the groups and those of the columns.
fn titles(sheet: &mut Worksheet, table: &Table, styles: &Styles) -> Result<(), XlsxError> {
    text(sheet, 0, 0, &table.title, &styles.title)?;
    text(sheet, HEAD - 1, 0, &table.rows_are, &styles.column)?;
    let mut first = SIDE;
    for group in &table.groups {
        text(sheet, 1, first, &group.title, &styles.heading)?;
        for (column, title) in (first..).zip(&group.columns) {
            let of_text = matches!(title.shape, Shape::Text | Shape::Word);
            let style = if of_text { &styles.column } else { &styles.number_column };
            text(sheet, HEAD - 1, column, &title.title, style)?;
        }
        first += group.columns.len() as u16;
    }
    sheet.set_row_height(HEAD - 1, 54)?;
    Ok(())
}

/// The format of a percentage that is a part of a whole, where its rounding is
/// not the one that a spreadsheet would make: the text itself, over a number
/// that stays what it is.
fn shown_otherwise(value: &Cell, shape: &Shape) -> Option<String> {
    use crate::typography::{decimal, percent, round_half_up};
    let Cell::Percent(number, rounding) = value else { return None };
    let (decimals, written): (usize, fn(f64, usize) -> String) = match shape {
        Shape::Percent(decimals) => (*decimals, percent),
        Shape::Number(decimals) => (*decimals, decimal),
        _ => return None,
    };
    let shown = rounding.apply(*number, decimals);
    let same = shown == round_half_up(*number, decimals);
    (!same).then(|| format!("\"{}\"", written(shown, decimals)))
}

fn cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Cell,
    format: &Format,
    styles: &Styles,
) -> Result<(), XlsxError> {
    match value {
        Cell::Number(number) | Cell::Percent(number, _) => {
            sheet.write_number_with_format(row, column, *number, format)?;
        }
        Cell::Text(content) => text(sheet, row, column, content, &styles.text)?,
        Cell::Hidden => text(sheet, row, column, HIDDEN, format)?,
        Cell::None => text(sheet, row, column, NONE, format)?,
    }
    Ok(())
}

/// Writes a text as a text. One that a spreadsheet would take for a formula
/// when a person edits its cell is marked as a text for good.
fn text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    content: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let content = shortened(content, LONGEST_TEXT);
    if crate::exports::plain(&content) == content {
        sheet.write_string_with_format(row, column, content, format)?;
    } else {
        let marked = format.clone().set_quote_prefix();
        sheet.write_string_with_format(row, column, content, &marked)?;
    }
    Ok(())
}

fn link(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    name: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let url = Url::new(format!("internal:'{name}'!A1")).set_text(name);
    let format = format.clone().set_font_color("#1D4ED8").set_underline(UNDERLINE);
    sheet.write_url_with_format(row, column, url, &format)?;
    Ok(())
}

const UNDERLINE: rust_xlsxwriter::FormatUnderline = rust_xlsxwriter::FormatUnderline::Single;

/// Writes the notes below a table; returns the row after them.
fn notes(
    sheet: &mut Worksheet,
    table: &Table,
    edition: &Edition,
    styles: &Styles,
) -> Result<u32, XlsxError> {
    let mut row = HEAD + table.rows.len() as u32 + 1;
    for note in table.notes.iter().filter(|note| !note.is_empty()) {
        text(sheet, row, 0, note, &styles.note)?;
        row += 1;
    }
    if table.from_answers && edition.demonstration {
        text(sheet, row, 0, DEMONSTRATION, &styles.warning)?;
        row += 1;
    }
    link(sheet, row, 0, CONTENTS, &styles.name)?;
    Ok(row + 1)
}

/// Draws the first row of a group as bars, below the notes.
fn chart(sheet: &mut Worksheet, table: &Table, name: &str, row: u32) -> Result<(), XlsxError> {
    let Some((first, group)) = drawn(table) else { return Ok(()) };
    let last = first + group.columns.len() as u16 - 1;
    let mut chart = Chart::new_bar();
    let labels = labels(table, first, group);
    chart
        .add_series()
        .set_name((name, 0, 0))
        .set_categories((name, HEAD - 1, first, HEAD - 1, last))
        .set_values((name, HEAD, first, HEAD, last))
        .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color("#1F5C99")))
        .set_gap(40)
        .set_data_label(ChartDataLabel::new().show_value().set_num_format("0"))
        .set_custom_data_labels(&labels);
    let title = format!("{} ({}, ensemble)", table.title, group.title.to_lowercase());
    chart.title().set_name(shortened(&title, 255).as_str()).set_font(ChartFont::new().set_size(11));
    chart.legend().set_hidden();
    // Bars are drawn from the bottom up; the first option belongs on top.
    chart.y_axis().set_reverse();
    chart.x_axis().set_min(0).set_major_gridlines(false).set_hidden(true);
    chart.set_alt_text(shortened(&alternative(table, first, group), 255));
    chart.set_width(chart_width(table)).set_height(110 + 32 * group.columns.len() as u32);
    sheet.insert_chart(row, 0, &chart)?;
    Ok(())
}

/// The labels of the bars that a format would round otherwise than the
/// documents do, one a bar; none where there is no such bar.
fn labels(table: &Table, first: u16, group: &super::Group) -> Vec<ChartDataLabel> {
    let label = |cell: &Cell| {
        let mut label = ChartDataLabel::new();
        match (cell, shown_otherwise(cell, &Shape::Percent(0))) {
            (Cell::Percent(number, rounding), Some(_)) => {
                let shown = crate::typography::decimal(rounding.apply(*number, 0), 0);
                (label.set_value(shown.as_str()).to_custom(), true)
            }
            _ => (label.to_custom(), false),
        }
    };
    let cells = table.rows.first().map(|row| row.cells.as_slice()).unwrap_or_default();
    let own = cells.iter().skip(usize::from(first - SIDE)).take(group.columns.len());
    let (labels, other): (Vec<_>, Vec<bool>) = own.map(label).unzip();
    if other.contains(&true) { labels } else { Vec::new() }
}

/// The group to draw and its first column.
fn drawn(table: &Table) -> Option<(u16, &super::Group)> {
    let rank = table.drawn?;
    let group = table.groups.get(rank).filter(|group| !group.columns.is_empty())?;
    let before: usize = table.groups.iter().take(rank).map(|group| group.columns.len()).sum();
    Some((SIDE + before as u16, group))
}

/// The values of a chart in words.
fn alternative(table: &Table, first: u16, group: &super::Group) -> String {
    let cells = table.rows.first().map(|row| row.cells.as_slice()).unwrap_or_default();
    let values = group.columns.iter().zip(cells.iter().skip(usize::from(first - SIDE)));
    let value = |(column, cell): (&super::Column, &Cell)| match cell {
        Cell::Percent(number, rounding) => {
            let shown = crate::typography::percent(rounding.apply(*number, 0), 0);
            format!("{} {shown}", column.title)
        }
        Cell::Number(number) => {
            let shown = crate::typography::percent(*number, 0);
            format!("{} {shown}", column.title)
        }
        _ => format!("{} {HIDDEN}", column.title),
    };
    let values: Vec<String> = values.map(value).collect();
    format!("{} : {}.", table.title, values.join(", "))
}

fn widths(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let names = table.rows.iter().map(|row| row.name.chars().count());
    let widest = names.max().unwrap_or(0).clamp(18, NAMES_WIDTH as usize);
    sheet.set_column_width(0, widest as f64)?;
    for (column, content) in (SIDE..).zip(table.columns()) {
        sheet.set_column_width(column, column_width(&content.shape))?;
    }
    Ok(())
}

fn column_width(shape: &Shape) -> f64 {
    match shape {
        Shape::Text => TEXT_WIDTH,
        _ => 13.0,
    }
}

/// The width of a column of texts, in characters.
const TEXT_WIDTH: f64 = 28.0;

const A4: u8 = 9;

/// The widest column of names, in characters.
const NAMES_WIDTH: f64 = 36.0;

fn print_setup(sheet: &mut Worksheet, edition: &Edition, head: u32) -> Result<(), XlsxError> {
    // An ampersand begins a code in a footer; two are one.
    let title = edition.title.replace('&', "&&");
    let footer = format!("&L{}&C&A&R&P / &N", shortened(&title, 180));
    sheet.set_paper_size(A4).set_landscape().set_footer(footer);
    sheet.set_repeat_rows(0, head - 1)?;
    Ok(())
}

/// A table that is not too wide is one page wide. A wider one has as many groups
/// on a page as it can be read with, at the scale that the widest page needs,
/// with the names of the rows repeated, and its chart on a page of its own.
fn pages(sheet: &mut Worksheet, table: &Table, below: u32) -> Result<(), XlsxError> {
    if is_narrow(table) {
        sheet.set_print_fit_to_pages(1, u16::from(table.drawn.is_some()));
        return Ok(());
    }
    if table.drawn.is_some() {
        sheet.set_page_breaks(&[below])?;
    }
    sheet.set_repeat_columns(0, SIDE - 1)?;
    let mut breaks = Vec::new();
    let mut column = SIDE as u32;
    let (mut used, mut widest) = (NAMES_WIDTH, PAGE_WIDTH);
    for (rank, group) in table.groups.iter().enumerate() {
        // The bases stay on the page of the values.
        if rank > 1 && used + width(group) > READABLE {
            breaks.push(column);
            used = NAMES_WIDTH;
        }
        used += width(group);
        widest = widest.max(used);
        column += group.columns.len() as u32;
    }
    sheet.set_print_scale((100.0 * PAGE_WIDTH / widest).clamp(10.0, 100.0) as u16);
    sheet.set_vertical_page_breaks(&breaks)?;
    Ok(())
}

/// Whether all columns can be read on one page.
fn is_narrow(table: &Table) -> bool {
    NAMES_WIDTH + table.groups.iter().map(width).sum::<f64>() <= READABLE
}

/// The width of a group, in characters.
fn width(group: &super::Group) -> f64 {
    group.columns.iter().map(|column| column_width(&column.shape)).sum()
}

/// The width of the chart, in pixels: that of the columns on its page.
fn chart_width(table: &Table) -> u32 {
    let groups = if is_narrow(table) { table.groups.len() } else { 2 };
    let characters = NAMES_WIDTH + table.groups.iter().take(groups).map(width).sum::<f64>();
    (7.0 * characters).clamp(480.0, 900.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_as_high_as_its_longest_text_is_wrapped() {
        assert_eq!(height_of("questionnaire", 13.0), 15);
        assert_eq!(height_of("régions qui ont lancé un appel à projets", 28.0), 30);
        assert_eq!(height_of("", 28.0), 15);
    }
}
