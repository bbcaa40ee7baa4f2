//! The codebook of an unknown export, drafted from what the file holds.
//!
//! A draft finds the table in the sheet ([`table`]), profiles its columns
//! ([`profile`]), puts together those of one question ([`groups`]) by the names
//! that form tools give ([`names`]), and guesses what each asks ([`kinds`]). It
//! runs unedited; what a person should look at is told in its notes.

mod combination;
mod content;
mod groups;
mod kinds;
mod names;
mod profile;
mod questions;
mod refusal;
mod separators;
mod sheets;
mod table;
mod vocabulary;
mod write;
mod xlsform;

pub use sheets::answers_sheet;
pub use write::to_toml;
pub use xlsform::{is_xlsform, read_xlsform};

use std::collections::BTreeMap;

use groups::{TableColumn, groups};
use names::{Name, TitleCells};
use profile::profiles;
use table::{Shape, shape, title_cell};
use vocabulary::{Tick, tick};

use crate::codebook::{Codebook, Condition, Layout, Operator, Respondent, Titles};
use crate::diagnostics::Diagnostic;
use crate::matching;
use crate::spreadsheet::{Sheet, column_letters};

/// A drafted codebook and what a person should look at.
#[derive(Debug, Clone)]
pub struct Draft {
    pub codebook: Codebook,
    /// How many rows of answers the table has.
    pub rows: usize,
    pub notes: Vec<String>,
}

/// Drafts the codebook of a sheet.
///
/// # Errors
///
/// `pas-des-reponses` where the sheet is not a table of answers: a crosstab, a
/// list, nothing.
pub fn draft(sheet: &Sheet) -> Result<Draft, Diagnostic> {
    let shape = shape(sheet).ok_or_else(|| refusal::empty(sheet))?;
    let titles = Titles::of_rows(sheet, shape.title_rows.clone());
    let repeated = titles.repeated_rows();
    let columns = table_columns(sheet, &shape, &titles, &repeated);
    refusal::check(sheet, &shape, &columns)?;
    let rows = shape.filled_rows - repeated.len().min(shape.filled_rows);
    let mut drafted = questions::questions(&groups(&columns), &titles, rows);
    if !repeated.is_empty() {
        drafted.notes.push(format!(
            "les titres reviennent plus bas (ligne {}) : cette ligne n’est pas une réponse",
            repeated.iter().map(|row| (row + 1).to_string()).collect::<Vec<_>>().join(", ")
        ));
    }
    let layout = layout(sheet, &shape, &columns, &mut drafted);
    let codebook = Codebook {
        file: "dictionnaire.toml".to_string(),
        respondent: Respondent::default(),
        questions: drafted.questions,
        layout,
    };
    Ok(Draft { codebook, rows, notes: drafted.notes })
}

/// Whether a sheet looks like a table of answers: of whole ones, not of a group
/// of questions that each answer repeats on a sheet of its own.
///
/// How many of its columns hold something; none where it does not.
pub fn columns_of_answers(sheet: &Sheet) -> Option<usize> {
    let shape = shape(sheet)?;
    let titles = Titles::of_rows(sheet, shape.title_rows.clone());
    let columns = table_columns(sheet, &shape, &titles, &[]);
    let repeats =
        |column: &TableColumn| PARENT.contains(&matching::loose_key(&column.name.lowest).as_str());
    let sound = !columns.iter().any(repeats) && refusal::check(sheet, &shape, &columns).is_ok();
    sound.then(|| columns.iter().filter(|column| column.profile.filled > 0).count())
}

/// The titles under which KoboToolbox and ODK say which answer a row of a
/// repeated group belongs to.
const PARENT: [&str; 4] = ["_parent_index", "_parent_table_name", "parent_key", "__submissions-id"];

/// The columns of a table, with their titles taken apart.
fn table_columns(
    sheet: &Sheet,
    shape: &Shape,
    titles: &Titles<'_>,
    left_out: &[u32],
) -> Vec<TableColumn> {
    let mut names = names(sheet, shape, titles);
    let columns = profiles(sheet, shape, left_out).into_iter().map(|profile| TableColumn {
        name: names.remove(&profile.index).unwrap_or_default(),
        profile,
    });
    columns.filter(|column| column.profile.filled > 0 || !column.name.title.is_empty()).collect()
}

/// The titles of the columns. A blank cell in an upper row belongs to the
/// merged cell at its left.
fn names(sheet: &Sheet, shape: &Shape, titles: &Titles<'_>) -> BTreeMap<u32, Name> {
    let (codes, words) = shape.code_and_word_rows(sheet);
    let mut names = BTreeMap::new();
    let mut merged: Option<String> = None;
    for column in sheet.columns() {
        let cell = |row: &u32| {
            title_cell(sheet, *row, column.index()).map(|text| names::without_marks(&text))
        };
        let mut own: Vec<Option<String>> = words.iter().map(cell).collect();
        let lowest = own.pop().flatten();
        let upper: Vec<String> = own.into_iter().flatten().collect();
        let upper = Some(upper.join(" – ")).filter(|upper| !upper.is_empty());
        let inherited = merged.clone().filter(|_| upper.is_none());
        // A title that fills both rows is not a group for its neighbours.
        if upper.is_some() {
            merged = upper.clone().filter(|_| lowest.is_some());
        }
        let code = codes.and_then(|row| cell(&row));
        let cells = TitleCells { code, upper, merged: inherited, lowest };
        let title = titles.title(column.index()).unwrap_or_default();
        names.insert(column.index(), Name::read(title, &cells));
    }
    names
}

/// Where the table stands, and which rows count.
fn layout(
    sheet: &Sheet,
    shape: &Shape,
    columns: &[TableColumn],
    drafted: &mut questions::Drafted,
) -> Layout {
    let filters = sent(columns, drafted);
    let whole = sheet.last_row() == Some(shape.last_row);
    Layout {
        sheet: sheet.name().map(str::to_string),
        title_rows: shape.title_rows.clone(),
        first_row: Some(shape.first_row),
        last_row: (!whole).then_some(shape.last_row),
        filters,
        weight: None,
    }
}

/// The filters that keep the answers that were sent. LimeSurvey leaves the date
/// of submission blank in others, Drupal ticks a column of drafts, Qualtrics says
/// which were tries.
fn sent(columns: &[TableColumn], drafted: &mut questions::Drafted) -> Vec<Condition> {
    let titled = |titles: &[&str]| {
        let mut columns = columns.iter();
        let is_it = |column: &&TableColumn| {
            titles.contains(&matching::loose_key(&column.name.lowest).as_str())
        };
        columns.find(is_it).filter(|column| column.profile.filled > 0)
    };
    let different = |subject: &str, value: &str| Condition {
        subject: subject.to_string(),
        operator: Operator::Different,
        values: vec![value.to_string()],
    };
    if let Some(date) = titled(&SUBMISSION) {
        let title = &date.name.lowest;
        drafted.notes.push(format!(
            "seules les réponses envoyées comptent : la colonne « {title} » doit être remplie"
        ));
        let absent = date.profile.absent.iter().map(|word| different(title, word));
        return std::iter::once(different(title, "")).chain(absent).collect();
    }
    let mut without = |titles: &[&str], left_out: fn(&str) -> bool, note: &str| {
        let Some(column) = titled(titles) else { return Vec::new() };
        let title = &column.name.lowest;
        let values = column.profile.values.iter().filter(|(text, _)| left_out(text));
        let filters: Vec<Condition> = values.map(|(text, _)| different(title, text)).collect();
        if !filters.is_empty() {
            drafted.notes.push(format!("{note} : colonne « {title} »"));
        }
        filters
    };
    let mut filters =
        without(&DRAFT, |text| tick(text) == Tick::Yes, "les brouillons ne comptent pas");
    filters.extend(without(&STATUS, is_try, "les réponses d’essai ne comptent pas"));
    const OPEN: &str = "les réponses qui ne sont pas allées au bout ne comptent pas";
    filters.extend(without(&FINISHED, |text| tick(text) == Tick::No, OPEN));
    filters.extend(without(&PROGRESS, |text| !is_at_the_end(text), OPEN));
    filters
}

/// The titles of the column in which Qualtrics says how an answer came.
const STATUS: [&str; 4] = ["status", "response type", "statut", "type de reponse"];

/// Whether an answer was a try of who made the form.
fn is_try(text: &str) -> bool {
    const TRIES: [&str; 4] =
        ["survey preview", "survey test", "apercu de l'enquete", "test de l'enquete"];
    TRIES.contains(&matching::loose_key(text).as_str())
}

/// The title of the column in which Qualtrics says whether an answer came to the last
/// page, and that of Sphinx.
const FINISHED: [&str; 1] = ["finished"];
const PROGRESS: [&str; 1] = ["progression"];

/// Whether Sphinx says that an answer is complete; numbers are another tool's.
fn is_at_the_end(text: &str) -> bool {
    let key = matching::loose_key(text);
    ["termine", "complet", "finished", "complete"].iter().any(|word| key.starts_with(word))
        || key.contains(|c: char| c.is_ascii_digit())
}

/// The titles of LimeSurvey's date of submission.
const SUBMISSION: [&str; 6] = [
    "submitdate",
    "date de soumission",
    "date submitted",
    "submitdate. date submitted",
    "submitdate. date de soumission",
    "submitdate._.date submitted",
];

/// The titles of Drupal's column of drafts.
const DRAFT: [&str; 6] =
    ["brouillon", "draft", "is draft", "in draft", "a l'etat de brouillon", "en brouillon"];

/// The letters of a column, for notes.
fn letters(column: u32) -> String {
    column_letters(column)
}

#[cfg(test)]
mod tests;
