//! Where the table of answers stands in a sheet: its rows of titles, its first
//! and last rows.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::names::{is_code, is_placeholder};
use super::profile::is_moment;
use super::vocabulary::{Tick, tick};
use crate::matching;
use crate::spreadsheet::{Column, Position, Sheet, Value};

/// How far down the titles are looked for.
const DEPTH: usize = 40;

/// How many rows of titles a table may have.
const TITLE_ROWS: usize = 3;

/// The rows of a table, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    pub title_rows: Vec<u32>,
    pub first_row: u32,
    pub last_row: u32,
    /// How many rows between these hold something.
    pub filled_rows: usize,
}

impl Shape {
    /// The row of short names, where wordings stand in others, and the rows of
    /// wordings.
    pub fn code_and_word_rows(&self, sheet: &Sheet) -> (Option<u32>, Vec<u32>) {
        let rows: Vec<Row> = self.title_rows.iter().map(|row| whole_row(sheet, *row)).collect();
        let longest = rows.iter().map(Row::mean_length).max().unwrap_or(0);
        let widest = rows.iter().map(Row::width).max().unwrap_or(0);
        let full = |row: &&Row| row.width() * 10 >= widest * 8;
        let is_code =
            |row: &&Row| full(row) && row.is_mostly_codes() && row.mean_length() < longest;
        let spelled = rows.iter().filter(full).count() > 1;
        let code = rows.iter().find(is_code).filter(|_| spelled).map(|row| row.row);
        let words = rows.iter().filter(|row| Some(row.row) != code && !is_import(row));
        (code, words.map(|row| row.row).collect())
    }
}

/// A filled row: its cells by column.
struct Row {
    row: u32,
    cells: Vec<(u32, Value)>,
}

impl Row {
    fn width(&self) -> usize {
        self.cells.len()
    }

    /// Whether no cell is a number or a date, in whatever type it is written.
    fn is_all_words(&self) -> bool {
        let word = |value: &Value| matches!(value, Value::Text(_)) && !is_figure(value);
        self.cells.iter().all(|(_, value)| word(value))
    }

    fn is_all_text(&self) -> bool {
        self.cells.iter().all(|(_, value)| matches!(value, Value::Text(_)))
    }

    fn get(&self, column: u32) -> Option<&Value> {
        let rank = self.cells.binary_search_by_key(&column, |(column, _)| *column).ok()?;
        self.cells.get(rank).map(|(_, value)| value)
    }

    /// Whether the cells are mostly short names without spaces: `q1`,
    /// `GazCC[SQ001]`.
    fn is_mostly_codes(&self) -> bool {
        let code = |value: &Value| {
            let text = value.as_text();
            !text.trim().is_empty() && !text.trim().contains(char::is_whitespace)
        };
        let codes = self.cells.iter().filter(|(_, value)| code(value)).count();
        codes * 10 >= self.width() * 8 && !self.is_mostly_placeholders()
    }

    /// Whether the cells are different short names, mostly with a number or a
    /// mark in them: `q1`, `nb_salaries`. Words may be answers.
    fn is_all_short_names(&self) -> bool {
        let texts: HashSet<String> =
            self.cells.iter().map(|(_, v)| v.as_text().to_string()).collect();
        let marked =
            |text: &&String| text.contains(|c: char| c.is_ascii_digit() || "_[".contains(c));
        texts.len() == self.width()
            && texts.iter().all(|text| is_code(text))
            && texts.iter().filter(marked).count() * 2 >= self.width()
    }

    /// Whether the row says units or bases below the titles: `(m²)`, `n = 30`.
    fn is_remark(&self, below: &Samples<'_>) -> bool {
        let once = |column: &u32, value: &Value| {
            below.get(column).is_none_or(|sample| sample.count(value) <= 1)
        };
        let remark = |(column, value): &(u32, Value)| {
            let text = matching::loose_key(&value.as_text());
            let unit = text.starts_with('(') && text.ends_with(')') && once(column, value);
            unit || is_base(&text)
        };
        self.cells.iter().all(remark)
    }

    fn is_mostly_placeholders(&self) -> bool {
        let placeholders = self.cells.iter().filter(|(_, v)| is_placeholder(&v.as_text())).count();
        placeholders * 2 >= self.width()
    }

    fn mean_length(&self) -> usize {
        let total: usize = self.cells.iter().map(|(_, v)| v.as_text().chars().count()).sum();
        total / self.width().max(1)
    }
}

/// Whether a cell holds a number or a date, written as text or not.
fn is_figure(value: &Value) -> bool {
    value.as_number().is_some() || is_moment(value)
}

/// Whether a text says how many answered: `n = 30`, `base : 30`.
fn is_base(text: &str) -> bool {
    let rest = text.strip_prefix("base").or_else(|| text.strip_prefix('n'));
    let number = rest.and_then(|rest| rest.trim_start().strip_prefix(['=', ':']));
    number.is_some_and(|number| number.trim().parse::<u32>().is_ok())
}

/// What the first cells of the columns hold: looked at when somebody asks.
struct Samples<'a> {
    sheet: &'a Sheet,
    columns: HashSet<u32>,
    samples: OnceCell<HashMap<u32, Sample>>,
}

impl<'a> Samples<'a> {
    fn new(sheet: &'a Sheet, top: &[Row]) -> Self {
        let columns = top.iter().flat_map(|row| row.cells.iter().map(|(column, _)| *column));
        Self { sheet, columns: columns.collect(), samples: OnceCell::new() }
    }

    fn get(&self, column: &u32) -> Option<&Sample> {
        let all = self.samples.get_or_init(|| {
            let columns = self.sheet.columns().iter();
            let sampled = columns.filter(|column| self.columns.contains(&column.index()));
            sampled.map(|column| (column.index(), Sample::of(column))).collect()
        });
        all.get(column)
    }
}

/// What the first cells of a column hold, its titles among them: how often each
/// value stands there, since a title does not come back below itself.
#[derive(Default)]
struct Sample {
    counts: HashMap<String, usize>,
    filled: usize,
    figures: usize,
}

impl Sample {
    fn of(column: &Column) -> Self {
        let mut codes: BTreeMap<usize, usize> = BTreeMap::new();
        for (_, code) in column.codes().take(500) {
            *codes.entry(code).or_default() += 1;
        }
        let mut sample = Self::default();
        for (code, count) in codes {
            let Some(value) = column.values().get(code) else { continue };
            sample.filled += count;
            sample.figures += if is_figure(value) { count } else { 0 };
            *sample.counts.entry(matching::key(&value.as_text())).or_default() += count;
        }
        sample
    }

    fn count(&self, value: &Value) -> usize {
        self.counts.get(&matching::key(&value.as_text())).copied().unwrap_or(0)
    }

    fn repeats(&self) -> bool {
        self.counts.values().any(|count| *count > 1)
    }

    /// Whether the column holds numbers or dates, a title or two aside.
    fn is_figures(&self) -> bool {
        self.figures * 10 >= self.filled.saturating_sub(2).max(1) * 8
    }
}

/// Finds the table of a sheet. None where the sheet holds nothing.
pub fn shape(sheet: &Sheet) -> Option<Shape> {
    let top = top_rows(sheet);
    let width = usual_width(&top)?;
    let main = top.iter().position(|row| row.width() * 2 >= width && row.width() >= 2);
    let main = main.unwrap_or(0);
    let below = Samples::new(sheet, &top);
    let mut last = main;
    while let (Some(next), Some(current)) = (top.get(last + 1), top.get(last))
        && last + 1 - main < TITLE_ROWS
        && next.row == current.row + 1
        && goes_on_as_titles(current, next, &below)
    {
        last += 1;
    }
    // Qualtrics closes its titles by a row of names for its own use.
    let closing = top.iter().skip(main + 1).take(TITLE_ROWS - 1).position(is_import);
    last = last.max(closing.map_or(last, |rank| main + 1 + rank));
    let first = upper_titles(&top, main, last);
    let title_rows: Vec<u32> = top.get(first..=last)?.iter().map(|row| row.row).collect();
    let remarks = top.iter().skip(last + 1).take_while(|row| row.is_remark(&below));
    let first_row = remarks.last().map_or(*title_rows.last()?, |row| row.row) + 1;
    let (last_row, filled_rows) = last_row(sheet, first_row, width);
    Some(Shape { title_rows, first_row, last_row, filled_rows })
}

/// The width of the widest row, one that is out of proportion below the first
/// rows aside.
fn usual_width(top: &[Row]) -> Option<usize> {
    let mut widths: Vec<usize> = top.iter().map(Row::width).collect();
    widths.sort_unstable();
    let median = widths.get(widths.len() / 2).copied()?;
    let sensible = |(rank, row): (usize, &Row)| {
        (rank < TITLE_ROWS || row.width() <= 8 * median).then_some(row.width())
    };
    top.iter().enumerate().filter_map(sensible).max()
}

fn whole_row(sheet: &Sheet, row: u32) -> Row {
    let cells = sheet.row(row).filter(|(_, value)| !value.is_blank());
    Row { row, cells: cells.map(|(at, value)| (at.column, value.clone())).collect() }
}

/// The first rows that hold something that shows.
fn top_rows(sheet: &Sheet) -> Vec<Row> {
    let mut rows: BTreeMap<u32, Vec<(u32, Value)>> = BTreeMap::new();
    for column in sheet.columns() {
        for (at, value) in column.cells().take(DEPTH).filter(|(_, value)| !value.is_blank()) {
            rows.entry(at.row).or_default().push((at.column, value.clone()));
        }
    }
    rows.into_iter().take(DEPTH).map(|(row, cells)| Row { row, cells }).collect()
}

/// Whether a row holds the names that Qualtrics gives columns for its own use.
fn is_import(row: &Row) -> bool {
    row.cells.iter().all(|(_, value)| is_import_name(&value.as_text()))
}

/// `{"ImportId":"QID2"}`, with single quotes in older exports.
fn is_import_name(text: &str) -> bool {
    let name = text.trim_start().strip_prefix('{').map(str::trim_start);
    name.is_some_and(|name| name.trim_start_matches(['"', '\'']).starts_with("ImportId"))
}

/// Whether a row below a row of titles is one too: texts that come back nowhere
/// in their columns, below codes or below merged cells.
fn goes_on_as_titles(current: &Row, next: &Row, below: &Samples<'_>) -> bool {
    let is_datum = |(column, value): &(u32, Value)| {
        is_figure(value) && below.get(column).is_some_and(Sample::is_figures)
    };
    if !next.is_all_text() || !current.is_all_text() || next.cells.iter().any(is_datum) {
        return false;
    }
    let placeholders = next.cells.iter().filter(|(_, v)| is_placeholder(&v.as_text())).count();
    if placeholders * 2 >= next.width() {
        return true;
    }
    let fills_merged = has_gaps(current, next);
    let spells_codes = current.is_mostly_codes()
        && next.width() * 10 >= current.width() * 8
        && next.mean_length() > current.mean_length();
    let codes_below = !current.is_mostly_codes()
        && next.width() * 10 >= current.width() * 8
        && next.is_all_short_names();
    come_back_nowhere(current, next, below) && (fills_merged || spells_codes || codes_below)
}

/// Whether the values of a row come back nowhere below. A column that holds
/// one text only says nothing below a title, and holds the option's own label
/// below a merged one.
fn come_back_nowhere(current: &Row, next: &Row, below: &Samples<'_>) -> bool {
    let (mut witnesses, mut coming_back) = (0, 0);
    for (column, value) in &next.cells {
        let Some(sample) = below.get(column) else { continue };
        // Below a short name that is a word already: `Progress` twice.
        if current.get(*column).is_some_and(|above| same(above, value)) {
            continue;
        }
        let count = sample.count(value);
        let titled = usize::from(current.get(*column).is_some());
        let alone = count > 1 && sample.counts.len() == 1 + titled;
        let labels = alone && titled == 0 && tick(&value.as_text()) == Tick::Other;
        witnesses += usize::from(labels || sample.repeats() && !alone);
        coming_back += usize::from(count > 1 && !alone);
    }
    witnesses >= 1 && coming_back * 10 <= witnesses
}

fn same(above: &Value, below: &Value) -> bool {
    matching::key(&above.as_text()) == matching::key(&below.as_text())
}

/// Whether filled cells of the lower row stand below blanks of the upper one.
fn has_gaps(upper: &Row, lower: &Row) -> bool {
    lower.cells.iter().any(|(column, _)| upper.get(*column).is_none())
}

/// The first row of titles: rows of groups may stand above the main one.
fn upper_titles(top: &[Row], main: usize, last: usize) -> usize {
    let mut first = main;
    while let (Some(above), Some(current)) =
        (first.checked_sub(1).and_then(|r| top.get(r)), top.get(first))
        && last - first + 1 < TITLE_ROWS
        && above.row + 1 == current.row
        && above.is_all_words()
        && stands_over(above, current)
    {
        first -= 1;
    }
    first
}

/// Whether a row holds the names of groups of the columns below it. A single
/// cell over the first column is the name of the form or a note.
fn stands_over(above: &Row, current: &Row) -> bool {
    let first = current.cells.first().map(|(column, _)| *column);
    let inside = above.cells.iter().any(|(column, _)| Some(*column) > first);
    let over = above.cells.iter().filter(|(column, _)| current.get(*column).is_some()).count();
    inside && over * 2 >= above.width() && has_gaps(above, current)
}

/// The last row of answers, and how many there are: notes below the table, set off by a blank row or
/// by their first word, and much narrower, are not answers.
fn last_row(sheet: &Sheet, first_row: u32, width: usize) -> (u32, usize) {
    let rows = row_widths(sheet, first_row);
    let narrow = (width / 5).max(1);
    let mut kept = rows.len();
    for rank in (1..rows.len()).rev() {
        let (Some((row, cells)), Some((before, _))) = (rows.get(rank), rows.get(rank - 1)) else {
            break;
        };
        let closes = is_total(sheet, *row);
        if *cells as usize > narrow && !closes {
            break;
        }
        if row - before > 1 || closes || is_note(sheet, *row) {
            kept = rank;
        }
    }
    let last = kept.checked_sub(1).and_then(|rank| rows.get(rank));
    (last.map_or(first_row, |(row, _)| *row), kept)
}

/// The filled rows from one on, from top to bottom, and how many cells each
/// holds.
fn row_widths(sheet: &Sheet, first_row: u32) -> Vec<(u32, u32)> {
    let Some(last) = sheet.last_row().filter(|last| *last >= first_row) else { return Vec::new() };
    let mut widths = vec![0_u32; (last - first_row) as usize + 1];
    for column in sheet.columns() {
        for (row, _) in column.codes() {
            let rank = row.checked_sub(first_row).map(|rank| rank as usize);
            if let Some(width) = rank.and_then(|rank| widths.get_mut(rank)) {
                *width += 1;
            }
        }
    }
    let rows = (first_row..).zip(widths);
    rows.filter(|(_, width)| *width > 0).collect()
}

fn first_text(sheet: &Sheet, row: u32) -> Option<String> {
    sheet.row(row).next().map(|(_, value)| matching::loose_key(&value.as_text()))
}

/// Whether a row sums up those above it: by a word that its column holds once.
fn is_total(sheet: &Sheet, row: u32) -> bool {
    const WORDS: [&str; 12] = [
        "total",
        "totaux",
        "total general",
        "grand total",
        "ensemble",
        "moyenne",
        "moyennes",
        "somme",
        "en %",
        "%",
        "pourcentage",
        "pourcentages",
    ];
    let Some((at, value)) = sheet.row(row).next() else { return false };
    let key = matching::loose_key(&value.as_text());
    let again = |column: &Column| {
        let same = column.cells().filter(|(_, other)| matching::loose_key(&other.as_text()) == key);
        same.count() > 1
    };
    WORDS.contains(&key.trim_end_matches([':', ' '])) && !sheet.column(at.column).is_some_and(again)
}

/// Whether a row says something of the table.
fn is_note(sheet: &Sheet, row: u32) -> bool {
    let words = ["source", "note", "notes", "nb", "n.b", "lecture", "champ", "legende", "*"];
    let word = |text: String| {
        let first = text.split([' ', ':', ',']).next().unwrap_or_default().to_string();
        words.contains(&first.as_str())
    };
    first_text(sheet, row).is_some_and(word)
}

/// The text of a cell in a row of titles.
pub fn title_cell(sheet: &Sheet, row: u32, column: u32) -> Option<String> {
    let value = sheet.value(Position::new(row, column)).filter(|value| !value.is_blank())?;
    let text = value.as_text().trim().to_string();
    (!is_import_name(&text)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spreadsheet::testing::sheet;

    fn titles(rows: &[&[&str]]) -> (Vec<u32>, u32, u32) {
        let shape = shape(&sheet(rows)).unwrap();
        (shape.title_rows, shape.first_row, shape.last_row)
    }

    #[test]
    fn a_plain_table_has_one_row_of_titles() {
        let rows: &[&[&str]] = &[&["A", "B"], &["x", "y"], &["x", "z"]];
        assert_eq!(titles(rows), (vec![0], 1, 2));
    }

    #[test]
    fn notes_above_and_below_are_not_answers() {
        let rows: &[&[&str]] = &[
            &["Enquête 2025"],
            &[],
            &["A", "B", "C"],
            &["x", "y", "1"],
            &["x", "z", "2"],
            &[],
            &["Source : le service"],
        ];
        assert_eq!(titles(rows), (vec![2], 3, 4));
    }

    #[test]
    fn totals_units_and_bases_are_not_answers() {
        let rows: &[&[&str]] = &[
            &["Région", "Surface", "Avis"],
            &["", "(m²)", "(sur 10)"],
            &["n = 3", "n = 3", "n = 2"],
            &["Corse", "120", "8"],
            &["Bretagne", "80", "7"],
            &["Corse", "95", "8"],
            &["Total général", "295", "23"],
            &["En %", "100 %", "100 %"],
        ];
        assert_eq!(titles(rows), (vec![0], 3, 5));
        // An answer that comes back sums up nothing.
        let rows: &[&[&str]] =
            &[&["Qualité", "Avis"], &["Moyenne", "x"], &["Bonne", "y"], &["Moyenne", "x"]];
        assert_eq!(titles(rows), (vec![0], 1, 3));
    }

    #[test]
    fn codes_stand_above_titles() {
        let rows: &[&[&str]] = &[
            &["q1", "q2", "q3"],
            &["Avez-vous un projet ?", "Quel est son thème ?", "Remarques"],
            &["Oui", "Numérique", "rien"],
            &["Oui", "Insertion", ""],
            &["Non", "Numérique", "tout"],
        ];
        assert_eq!(titles(rows), (vec![0, 1], 2, 4));
    }

    #[test]
    fn codes_stand_below_titles() {
        let rows: &[&[&str]] = &[
            &["Avez-vous un projet ?", "Quel est son thème ?", "Remarques"],
            &["q1", "q2", "q3_txt"],
            &["Oui", "Numérique", "rien"],
            &["Oui", "Insertion", ""],
            &["Non", "Numérique", "tout"],
        ];
        assert_eq!(titles(rows), (vec![0, 1], 2, 4));
    }

    #[test]
    fn merged_titles_stand_above_options() {
        let rows: &[&[&str]] = &[
            &["Projet", "Publics", "", "", "Avis"],
            &["", "Jeunes", "Adultes", "Seniors", ""],
            &["A", "X", "", "X", "bien"],
            &["B", "X", "X", "", "bien"],
        ];
        assert_eq!(titles(rows), (vec![0, 1], 2, 3));
    }
}
