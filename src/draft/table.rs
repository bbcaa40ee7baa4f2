//! Where the table of answers stands in a sheet: its rows of titles, its first
//! and last rows.

use std::collections::HashMap;

use crate::matching;
use crate::spreadsheet::{Position, Sheet, Value};

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
}

impl Shape {
    /// How many rows of answers there may be.
    pub fn height(&self) -> usize {
        (self.last_row + 1).saturating_sub(self.first_row) as usize
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

    fn is_all_text(&self) -> bool {
        self.cells.iter().all(|(_, value)| matches!(value, Value::Text(_)))
    }

    /// Whether the cells are mostly short names without spaces: `q1`,
    /// `GazCC[SQ001]`.
    fn is_mostly_codes(&self) -> bool {
        let code = |value: &Value| {
            let text = value.as_text();
            !text.trim().is_empty() && !text.trim().contains(char::is_whitespace)
        };
        let codes = self.cells.iter().filter(|(_, value)| code(value)).count();
        codes * 10 >= self.width() * 8
    }

    fn mean_length(&self) -> usize {
        let total: usize = self.cells.iter().map(|(_, v)| v.as_text().chars().count()).sum();
        total / self.width().max(1)
    }
}

/// Finds the table of a sheet. None where the sheet holds nothing.
pub fn shape(sheet: &Sheet) -> Option<Shape> {
    let top = top_rows(sheet);
    let width = top.iter().map(Row::width).max()?;
    let main = top.iter().position(|row| row.width() * 2 >= width && row.width() >= 2);
    let main = main.unwrap_or(0);
    let below = repeated_values(sheet, &top);
    let mut last = main;
    while let (Some(next), Some(current)) = (top.get(last + 1), top.get(last))
        && last + 1 - main < TITLE_ROWS
        && next.row == current.row + 1
        && goes_on_as_titles(current, next, &below)
    {
        last += 1;
    }
    let first = upper_titles(&top, main, last);
    let title_rows: Vec<u32> = top.get(first..=last)?.iter().map(|row| row.row).collect();
    let first_row = title_rows.last()? + 1;
    Some(Shape { title_rows, first_row, last_row: last_row(sheet, first_row, width) })
}

/// The first rows that hold something that shows.
fn top_rows(sheet: &Sheet) -> Vec<Row> {
    let mut rows: std::collections::BTreeMap<u32, Vec<(u32, Value)>> = Default::default();
    for column in sheet.columns() {
        for (at, value) in column.cells().take(DEPTH).filter(|(_, value)| !value.is_blank()) {
            rows.entry(at.row).or_default().push((at.column, value.clone()));
        }
    }
    rows.into_iter().take(DEPTH).map(|(row, cells)| Row { row, cells }).collect()
}

/// For each column, how often each value stands in it, the first rows aside
/// from counting: a title does not come back below itself.
fn repeated_values(sheet: &Sheet, top: &[Row]) -> HashMap<u32, HashMap<String, usize>> {
    let columns: Vec<u32> =
        top.iter().flat_map(|row| row.cells.iter().map(|(column, _)| *column)).collect();
    let mut counts: HashMap<u32, HashMap<String, usize>> = HashMap::new();
    for column in sheet.columns().iter().filter(|column| columns.contains(&column.index())) {
        let entry = counts.entry(column.index()).or_default();
        for (_, value) in column.cells().take(500) {
            *entry.entry(matching::key(&value.as_text())).or_default() += 1;
        }
    }
    counts
}

/// Whether a row below a row of titles is one too: texts that come back nowhere
/// in their columns, below codes or below merged cells.
fn goes_on_as_titles(
    current: &Row,
    next: &Row,
    below: &HashMap<u32, HashMap<String, usize>>,
) -> bool {
    if !next.is_all_text() || !current.is_all_text() {
        return false;
    }
    let repeats = |(column, value): &&(u32, Value)| {
        let counts = below.get(column);
        counts.and_then(|c| c.get(&matching::key(&value.as_text()))).is_some_and(|n| *n > 1)
    };
    let coming_back = next.cells.iter().filter(repeats).count();
    let columns_that_repeat = next
        .cells
        .iter()
        .filter(|(column, _)| {
            below.get(column).is_some_and(|counts| counts.values().any(|count| *count > 1))
        })
        .count();
    let unique = columns_that_repeat >= 1 && coming_back * 10 <= columns_that_repeat;
    let fills_merged = has_gaps(current, next);
    let spells_codes = current.is_mostly_codes()
        && next.width() * 10 >= current.width() * 8
        && next.mean_length() > current.mean_length();
    let imports = next.cells.iter().all(|(_, v)| v.as_text().starts_with("{\"ImportId\""));
    imports || (unique && (fills_merged || spells_codes))
}

/// Whether filled cells of the lower row stand below blanks of the upper one.
fn has_gaps(upper: &Row, lower: &Row) -> bool {
    let filled = |column: u32| upper.cells.iter().any(|(other, _)| *other == column);
    lower.cells.iter().any(|(column, _)| !filled(*column))
}

/// The first row of titles: rows of groups may stand above the main one.
fn upper_titles(top: &[Row], main: usize, last: usize) -> usize {
    let mut first = main;
    while let (Some(above), Some(current)) =
        (first.checked_sub(1).and_then(|r| top.get(r)), top.get(first))
        && last - first + 1 < TITLE_ROWS
        && above.row + 1 == current.row
        && above.width() >= 2
        && above.is_all_text()
        && has_gaps(above, current)
    {
        first -= 1;
    }
    first
}

/// The last row of answers: notes below the table, set off by a blank row and
/// much narrower, are not answers.
fn last_row(sheet: &Sheet, first_row: u32, width: usize) -> u32 {
    let mut widths: HashMap<u32, usize> = HashMap::new();
    for column in sheet.columns() {
        for (row, _) in column.codes().filter(|(row, _)| *row >= first_row) {
            *widths.entry(row).or_default() += 1;
        }
    }
    let mut rows: Vec<u32> = widths.keys().copied().collect();
    rows.sort_unstable();
    let narrow = (width / 5).max(1);
    for rank in (1..rows.len()).rev() {
        let (Some(row), Some(before)) = (rows.get(rank), rows.get(rank - 1)) else { break };
        if widths.get(row).is_none_or(|cells| *cells > narrow) {
            break;
        }
        if row - before > 1 {
            rows.truncate(rank);
            break;
        }
    }
    rows.last().copied().unwrap_or(first_row)
}

/// The title of a column: its cells in the rows of titles.
pub fn title_cells(sheet: &Sheet, shape: &Shape, column: u32) -> Vec<Option<String>> {
    let cell = |row: &u32| {
        let value = sheet.value(Position::new(*row, column)).filter(|value| !value.is_blank())?;
        Some(value.as_text().trim().to_string())
    };
    shape.title_rows.iter().map(cell).collect()
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
