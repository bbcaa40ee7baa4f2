//! A list with titled columns: what the register's sheets are.
//!
//! [`Table::new`] finds the row of titles and each expected column, and tells
//! all that are missing at once. A [`Row`] answers by title, and tells a text
//! that stands where a number is due.

use std::sync::Arc;

use super::sheet::Sheet;
use super::value::{Position, Value};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::matching;
use crate::typography::{list, quoted, shortest};

/// The row of titles stands among the first rows.
const HEADER_ROWS: u32 = 20;

/// A sheet whose columns have titles.
pub struct Table<'a> {
    sheet: &'a Sheet,
    header: u32,
    columns: Arc<Vec<(String, u32)>>,
}

/// The cells of a row, by the titles of their columns: what is kept of a row
/// for messages once the sheet is gone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cells {
    sheet: Place,
    row: u32,
    columns: Arc<Vec<(String, u32)>>,
}

impl Cells {
    /// Whether the sheet has a column of this title.
    pub fn has(&self, title: &str) -> bool {
        let wanted = matching::key(title);
        self.columns.iter().any(|(title, _)| *title == wanted)
    }

    /// The keys of the titles of the sheet's columns.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(title, _)| title.as_str())
    }

    /// The place of a cell; that of the row where there is no such column.
    pub fn place(&self, title: &str) -> Place {
        let wanted = matching::key(title);
        let column = self.columns.iter().find(|(title, _)| *title == wanted);
        match column {
            Some((_, column)) => self.sheet.clone().at(Position::new(self.row, *column)),
            None => self.sheet.clone().at(format!("ligne {}", self.row + 1)),
        }
    }
}

/// A row of a table that holds something.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table<'a>,
    row: u32,
}

impl<'a> Table<'a> {
    /// Finds the titles of a sheet.
    ///
    /// Pushes `titres-absents` where no row holds a title, or one
    /// `colonne-absente` for each of `required` that is not there.
    pub fn new(sheet: &'a Sheet, required: &[&str], found: &mut Diagnostics) -> Option<Self> {
        let Some(header) = header_row(sheet, required) else {
            found.push(no_header(sheet, required));
            return None;
        };
        let columns = Arc::new(titles(sheet, header));
        let table = Self { sheet, header, columns };
        let missing: Vec<&&str> =
            required.iter().filter(|title| table.column(title).is_none()).collect();
        found.extend(missing.iter().map(|title| table.missing_column(title)));
        missing.is_empty().then_some(table)
    }

    /// The rows below the titles that hold something, from top to bottom.
    pub fn rows(&'a self) -> impl Iterator<Item = Row<'a>> {
        let last = self.sheet.last_row().unwrap_or(0);
        (self.header + 1..=last)
            .map(move |row| Row { table: self, row })
            .filter(|row| !row.is_empty())
    }

    /// The sheet the table stands on.
    pub fn sheet(&self) -> &'a Sheet {
        self.sheet
    }

    /// Whether the table has a column of this title.
    pub fn has(&self, title: &str) -> bool {
        self.column(title).is_some()
    }

    fn column(&self, title: &str) -> Option<u32> {
        let wanted = matching::key(title);
        self.columns.iter().find(|(title, _)| *title == wanted).map(|(_, column)| *column)
    }

    fn missing_column(&self, title: &str) -> Diagnostic {
        let present: Vec<&Value> = self.sheet.row(self.header).map(|(_, value)| value).collect();
        let texts: Vec<String> = present.iter().map(|value| value.to_string()).collect();
        let near = matching::nearest(title, texts.iter().map(String::as_str));
        let help = match near.first() {
            Some(near) => format!("renommez {} en {}", quoted(near), quoted(title)),
            None => format!("ajoutez une colonne {} à la ligne des titres", quoted(title)),
        };
        Diagnostic::error("colonne-absente", format!("la colonne {} est absente", quoted(title)))
            .at(self.sheet.place().at(format!("ligne {}", self.header + 1)))
            .help(help)
    }
}

impl<'a> Row<'a> {
    /// The text of a cell, without spaces around it; none where it is blank.
    pub fn text(&self, title: &str) -> Option<String> {
        let value = self.value(title)?;
        Some(value.as_text().trim().to_string())
    }

    /// The number of a cell. A text is a `nombre-attendu`; a blank is none.
    pub fn number(&self, title: &str, found: &mut Diagnostics) -> Option<f64> {
        let value = self.value(title)?;
        let number = value.as_number();
        if number.is_none() {
            let message = format!(
                "un nombre est attendu dans la colonne {}, pas {}",
                quoted(title),
                quoted(&value.as_text())
            );
            found.push(
                Diagnostic::error("nombre-attendu", message)
                    .at(self.place(title))
                    .help("écrivez le nombre en chiffres, sans unité, ou laissez la cellule vide"),
            );
        }
        number
    }

    /// The whole number of a cell, zero or more. Anything else is a
    /// `nombre-attendu` or an `entier-attendu`; a blank is none.
    pub fn count(&self, title: &str, found: &mut Diagnostics) -> Option<usize> {
        let number = self.number(title, found)?;
        if number.fract() == 0.0 && (0.0..1e9).contains(&number) {
            return Some(number as usize);
        }
        let message = format!("{} n’est pas un nombre entier positif", shortest(number, 6));
        found.push(
            Diagnostic::error("entier-attendu", message)
                .at(self.place(title))
                .help("écrivez un nombre entier, ou laissez la cellule vide"),
        );
        None
    }

    /// The filled cells of the row: the titles' keys and the texts.
    pub fn texts(&self) -> Vec<(String, String)> {
        let text = |(title, column): &(String, u32)| {
            let value = self.table.sheet.value(Position::new(self.row, *column))?;
            (!value.is_blank()).then(|| (title.clone(), value.as_text().trim().to_string()))
        };
        self.table.columns.iter().filter_map(text).collect()
    }

    /// The place of a cell of the row, for messages.
    pub fn place(&self, title: &str) -> Place {
        self.cells().place(title)
    }

    /// The cells of the row, to be kept.
    pub fn cells(&self) -> Cells {
        Cells {
            sheet: self.table.sheet.place(),
            row: self.row,
            columns: Arc::clone(&self.table.columns),
        }
    }

    /// The cell of the row in a column, in A1 notation.
    pub fn cell(&self, title: &str) -> Option<Position> {
        self.table.column(title).map(|column| Position::new(self.row, column))
    }

    fn value(&self, title: &str) -> Option<&'a Value> {
        let column = self.table.column(title)?;
        let value = self.table.sheet.value(Position::new(self.row, column))?;
        (!value.is_blank()).then_some(value)
    }

    fn is_empty(&self) -> bool {
        self.table.sheet.row(self.row).all(|(_, value)| value.is_blank())
    }
}

/// The first row that holds at least half of the expected titles, or else the
/// one that holds the most.
fn header_row(sheet: &Sheet, required: &[&str]) -> Option<u32> {
    let expected: Vec<String> = required.iter().map(|title| matching::key(title)).collect();
    let matches = |row: u32| {
        let keys = titles(sheet, row);
        expected.iter().filter(|title| keys.iter().any(|(key, _)| key == *title)).count()
    };
    (0..HEADER_ROWS)
        .map(|row| (matches(row), row))
        .filter(|(count, _)| *count > 0)
        .max_by_key(|(count, row)| (*count, HEADER_ROWS - row))
        .map(|(_, row)| row)
}

fn titles(sheet: &Sheet, row: u32) -> Vec<(String, u32)> {
    sheet.row(row).map(|(at, value)| (matching::key(&value.as_text()), at.column)).collect()
}

fn no_header(sheet: &Sheet, required: &[&str]) -> Diagnostic {
    let expected: Vec<String> = required.iter().map(|title| quoted(title)).collect();
    Diagnostic::error("titres-absents", "cette feuille n’a pas la ligne de titres attendue")
        .at(sheet.place())
        .help(format!("une ligne doit porter les titres {}", list(&expected)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spreadsheet::testing::sheet;

    #[test]
    fn titles_may_stand_below_a_note() {
        let sheet = sheet(&[&["Liste des projets"], &[], &["Nom", "Nombre"], &["A", "3"]]);
        let mut found = Diagnostics::new();
        let table = Table::new(&sheet, &["nom", "NOMBRE"], &mut found).unwrap();
        let row = table.rows().next().unwrap();
        assert_eq!(row.text("Nom").as_deref(), Some("A"));
        assert_eq!(row.count("Nombre", &mut found), Some(3));
        assert!(found.is_empty());
    }

    #[test]
    fn all_missing_columns_are_told_at_once() {
        let sheet = sheet(&[&["Nom", "Nombr"], &["A", "3"]]);
        let mut found = Diagnostics::new();
        assert!(Table::new(&sheet, &["Nom", "Nombre", "Région"], &mut found).is_none());
        let messages: Vec<String> = found.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(messages.join("\n"));
    }

    #[test]
    fn a_text_where_a_number_is_due_is_told_with_its_cell() {
        let sheet = sheet(&[&["Nom", "Nombre"], &["A", "douze"], &["B", "1,5"], &["C", ""]]);
        let mut found = Diagnostics::new();
        let table = Table::new(&sheet, &["Nom", "Nombre"], &mut found).unwrap();
        let counts: Vec<Option<usize>> =
            table.rows().map(|row| row.count("Nombre", &mut found)).collect();
        assert_eq!(counts, [None, None, None]);
        let places: Vec<String> = found.iter().map(|d| d.places[0].to_string()).collect();
        assert_eq!(
            places,
            ["essai.xlsx, feuille « Réponses », B2", "essai.xlsx, feuille « Réponses », B3"]
        );
    }
}
