//! Which column of a sheet the codebook means.

use std::collections::{BTreeMap, HashMap};

use super::{ColumnRef, Layout};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::matching;
use crate::spreadsheet::{Column, Position, Sheet, column_letters};
use crate::typography::{alternatives, quoted};

/// The titles of a sheet's columns.
pub struct Titles<'a> {
    sheet: &'a Sheet,
    /// The rows of titles, counted from 0.
    rows: Vec<u32>,
    titles: BTreeMap<u32, Title>,
    /// The columns of each whole title, by key.
    whole: HashMap<String, Vec<u32>>,
    /// The columns of each cell of a title, by key.
    parts: HashMap<String, Vec<u32>>,
    /// The columns whose title is a path, by the key of its last step.
    ends: HashMap<String, Vec<u32>>,
}

/// The title of a column: its cells in the rows of titles, from top to bottom.
struct Title {
    parts: Vec<String>,
}

impl Title {
    fn text(&self) -> String {
        self.parts.join(" – ")
    }

    /// Whether a person may mean this column: by the whole title, or by one of
    /// its cells.
    fn is(&self, key: &str) -> bool {
        matching::key(&self.text()) == key || self.parts.iter().any(|p| matching::key(p) == key)
    }
}

impl<'a> Titles<'a> {
    /// The titles of a sheet, in the rows that the layout names (the first row
    /// with something in it where it names none).
    ///
    /// A blank cell of an upper row is part of the merged cell at its left.
    pub fn new(sheet: &'a Sheet, layout: &Layout) -> Self {
        let first = sheet.columns().iter().filter_map(Column::first_row).min();
        let rows = match layout.title_rows.as_slice() {
            [] => first.into_iter().collect(),
            rows => rows.to_vec(),
        };
        Self::of_rows(sheet, rows)
    }

    /// The titles that stand in rows, counted from 0, from top to bottom.
    pub fn of_rows(sheet: &'a Sheet, rows: Vec<u32>) -> Self {
        let mut titles = Self {
            sheet,
            rows,
            titles: BTreeMap::new(),
            whole: HashMap::new(),
            parts: HashMap::new(),
            ends: HashMap::new(),
        };
        let mut above: Vec<Option<String>> = vec![None; titles.rows.len()];
        for column in sheet.columns() {
            let parts = parts(sheet, &titles.rows, column.index(), &mut above);
            if !parts.is_empty() {
                titles.add(column.index(), Title { parts });
            }
        }
        titles
    }

    fn add(&mut self, column: u32, title: Title) {
        self.whole.entry(matching::key(&title.text())).or_default().push(column);
        for part in &title.parts {
            self.parts.entry(matching::key(part)).or_default().push(column);
            let is_path = !part.contains(char::is_whitespace);
            if let Some((_, end)) = part.rsplit_once('/').filter(|_| is_path) {
                self.ends.entry(matching::key(end)).or_default().push(column);
            }
        }
        self.titles.insert(column, title);
    }

    /// The one column that a title names; none where several or none do.
    pub fn only(&self, title: &str) -> Option<u32> {
        match self.named(title) {
            [column] => Some(*column),
            _ => None,
        }
    }

    /// Whether a title names a column.
    pub fn has(&self, title: &str) -> bool {
        !self.named(title).is_empty()
    }

    /// The one column that a person names: as [`Titles::only`] has it, else
    /// without accents, else by the beginning of its title.
    pub fn meant(&self, word: &str) -> Option<u32> {
        let wanted = matching::loose_key(word);
        let by = |fits: &dyn Fn(&str) -> bool| {
            let named = |title: &Title| {
                let mut names = std::iter::once(title.text()).chain(title.parts.iter().cloned());
                names.any(|name| fits(&matching::loose_key(&name)))
            };
            let mut columns = self.titles.iter().filter(|(_, title)| named(title));
            let first = columns.next().map(|(column, _)| *column);
            first.filter(|_| columns.next().is_none())
        };
        let begins = || by(&|name| !wanted.is_empty() && name.starts_with(&wanted));
        self.only(word).or_else(|| by(&|name| name == wanted)).or_else(begins)
    }

    /// The columns that a title names: by the whole of it, else by one cell,
    /// else by the end of a path, as KoboToolbox writes `profil/publics`.
    fn named(&self, title: &str) -> &[u32] {
        let key = matching::key(title);
        let columns = self.whole.get(&key).or_else(|| self.parts.get(&key));
        let columns = columns.or_else(|| self.ends.get(&key));
        columns.map(Vec::as_slice).unwrap_or_default()
    }

    /// The sheet, for messages.
    pub fn place(&self) -> Place {
        self.sheet.place()
    }

    /// The rows below that hold the titles again, where exports were put end to end.
    pub fn repeated_rows(&self) -> Vec<u32> {
        let Some(lowest) = self.rows.iter().max().copied() else { return Vec::new() };
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        let mut titled = 0;
        for column in self.sheet.columns() {
            let Some(title) = column.value(lowest).filter(|value| !value.is_blank()) else {
                continue;
            };
            titled += 1;
            let code = column.values().iter().position(|value| value == title);
            let again = column.codes().filter(|(row, held)| *row > lowest && Some(*held) == code);
            again.for_each(|(row, _)| *counts.entry(row).or_default() += 1);
        }
        let whole = counts.into_iter().filter(|(_, count)| titled > 1 && *count == titled);
        whole.map(|(row, _)| row).collect()
    }

    /// The row below the titles.
    pub fn next_row(&self) -> u32 {
        self.rows.iter().max().map_or(0, |row| row + 1)
    }

    /// The title of a column.
    pub fn title(&self, column: u32) -> Option<String> {
        self.titles.get(&column).map(Title::text)
    }

    /// The column that a reference means.
    ///
    /// Pushes `colonne-absente` or `colonne-ambigue`, and `titre-change` where
    /// letters and title disagree.
    pub fn resolve(&self, wanted: &ColumnRef, found: &mut Diagnostics) -> Option<u32> {
        match (&wanted.title, wanted.index) {
            (Some(title), Some(index)) => {
                self.check_title(index, title, wanted, found);
                Some(index)
            }
            (None, Some(index)) => Some(index),
            (Some(title), None) => self.by_title(title, wanted, found),
            (None, None) => None,
        }
    }

    fn by_title(&self, title: &str, wanted: &ColumnRef, found: &mut Diagnostics) -> Option<u32> {
        match self.named(title) {
            [column] => Some(*column),
            [] => {
                found.push(self.absent(title, wanted));
                None
            }
            several => {
                found.push(self.ambiguous(title, several, wanted));
                None
            }
        }
    }

    fn check_title(&self, index: u32, title: &str, wanted: &ColumnRef, found: &mut Diagnostics) {
        let key = matching::key(title);
        if self.titles.get(&index).is_some_and(|there| there.is(&key)) {
            return;
        }
        let there = self.title(index).map_or("aucun titre".to_string(), |title| quoted(&title));
        let message =
            format!("la colonne {} porte {there}, et non {}", column_letters(index), quoted(title));
        found.push(
            Diagnostic::error("titre-change", message)
                .at(self
                    .sheet
                    .place_of(Position::new(self.rows.first().copied().unwrap_or(0), index)))
                .at(wanted.place.clone())
                .help("corrigez la lettre ou le titre dans le dictionnaire"),
        );
    }

    fn absent(&self, title: &str, wanted: &ColumnRef) -> Diagnostic {
        let titles: Vec<String> = self.titles.values().map(Title::text).collect();
        let near = matching::nearest(title, titles.iter().map(String::as_str));
        let help = match near.first() {
            Some(near) => format!("le titre le plus proche est {}", quoted(near)),
            None => {
                "corrigez ce nom dans le dictionnaire ou dans le filtre, ou le titre dans l’export"
                    .to_string()
            }
        };
        let message = format!("la colonne {} est absente", quoted(title));
        Diagnostic::error("colonne-absente", message)
            .at(self.sheet.place())
            .at(wanted.place.clone())
            .help(help)
    }

    fn ambiguous(&self, title: &str, columns: &[u32], wanted: &ColumnRef) -> Diagnostic {
        let letters: Vec<String> = columns.iter().map(|column| column_letters(*column)).collect();
        let message = format!("{} colonnes portent le titre {}", columns.len(), quoted(title));
        Diagnostic::error("colonne-ambigue", message)
            .at(self.sheet.place().at(format!("colonnes {}", letters.join(", "))))
            .at(wanted.place.clone())
            .help(format!(
                "ajoutez au dictionnaire la lettre de la bonne : {}",
                alternatives(&letters)
            ))
    }
}

/// The cells of a column in the rows of titles. `above` remembers the last
/// filled cell of each row, for merged ones; it fills all rows but the lowest.
fn parts(sheet: &Sheet, rows: &[u32], column: u32, above: &mut [Option<String>]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for (rank, row) in rows.iter().enumerate() {
        let own = sheet
            .value(Position::new(*row, column))
            .filter(|value| !value.is_blank())
            .map(|value| value.as_text().trim().to_string());
        let lowest = rank + 1 == rows.len();
        if let Some(memory) = above.get_mut(rank)
            && own.is_some()
        {
            memory.clone_from(&own);
        }
        let inherited = above.get(rank).cloned().flatten().filter(|_| !lowest);
        let part = own.or(inherited);
        parts.extend(part.filter(|part| !parts.contains(part)));
    }
    parts
}
