//! Files that are not tables of answers, told as what they are.

use super::groups::TableColumn;
use super::profile::Profile;
use super::table::{Shape, title_cell};
use super::vocabulary::is_technical;
use crate::diagnostics::Diagnostic;
use crate::spreadsheet::{Position, Sheet, Value};

/// Tells a sheet that is no table of answers.
pub fn check(sheet: &Sheet, shape: &Shape, columns: &[TableColumn]) -> Result<(), Diagnostic> {
    let profiles: Vec<&Profile> = columns.iter().map(|column| &column.profile).collect();
    let rows = shape.filled_rows;
    let filled = profiles.iter().filter(|profile| profile.filled > 0).count();
    match () {
        () if is_prose(sheet, shape, columns) => Err(prose(sheet)),
        () if filled == 0 => Err(titles_only(sheet, shape)),
        () if is_crosstab(columns, rows) => Err(crosstab(sheet)),
        () if is_list_of_questions(&profiles) => Err(list(sheet)),
        () if filled == 1 && profiles.iter().any(|p| p.mean_length > 60) => Err(list(sheet)),
        () => Ok(()),
    }
}

/// A text file that holds sentences, cut where their commas stand: what most of
/// its lines hold is words in the first column only.
fn is_prose(sheet: &Sheet, shape: &Shape, columns: &[TableColumn]) -> bool {
    let is_file_of_text = sheet.name().is_none();
    let marked = sheet.file().to_lowercase().ends_with(".md");
    let Some(first) = columns.first().filter(|_| is_file_of_text) else { return false };
    let sentence = |text: &str| text.split_whitespace().count() >= 3;
    let titles =
        shape.title_rows.iter().filter_map(|row| title_cell(sheet, *row, first.profile.index));
    let mut sentences: usize = titles.filter(|title| sentence(title)).count();
    let own = first.profile.values.iter().filter(|(text, count)| *count == 1 && sentence(text));
    sentences += own.count() + first.profile.long;
    let rows = shape.filled_rows.max(1);
    let alone = rows - widest_other(columns).min(rows);
    let words = sentences * 2 > rows.min(first.profile.filled + 1);
    marked || words && alone * 2 >= rows
}

/// How many cells the fullest column but the first holds.
fn widest_other(columns: &[TableColumn]) -> usize {
    columns.iter().skip(1).map(|column| column.profile.filled).max().unwrap_or(0)
}

/// A published table: labels at the left, then only counts and percentages;
/// or percentages everywhere.
fn is_crosstab(columns: &[TableColumn], rows: usize) -> bool {
    let has_answers = columns.iter().any(|column| {
        is_technical(&column.name.title) || column.profile.mostly(column.profile.moments, 80)
    });
    let percent = |profile: &Profile| {
        let written = |text: &str| text.trim_end().ends_with('%');
        let count: usize = profile.values.iter().filter(|(t, _)| written(t)).map(|(_, n)| n).sum();
        profile.mostly(count, 60)
    };
    let profiles: Vec<&Profile> =
        columns.iter().map(|column| &column.profile).filter(|p| p.filled > 0).collect();
    let percents = profiles.iter().filter(|profile| percent(profile)).count();
    let figures = profiles.iter().filter(|p| percent(p) || p.mostly(p.numbers, 80)).count();
    let (Some(first), others) = (profiles.first(), profiles.len().saturating_sub(1)) else {
        return false;
    };
    let labelled = first.distinct() == first.filled && first.numbers == 0;
    let all_figures = others >= 1 && figures >= others && labelled && rows <= 400;
    !has_answers && (percents * 2 > profiles.len() || all_figures)
}

/// A form's questions: a few columns of long texts, most of them different and
/// many with a question mark.
fn is_list_of_questions(profiles: &[&Profile]) -> bool {
    let filled = profiles.iter().filter(|profile| profile.filled > 0).count();
    let asks = |profile: &&&Profile| {
        let questions = profile.values.iter().filter(|(text, _)| text.trim_end().ends_with('?'));
        questions.count() * 2 > profile.distinct()
            && profile.distinct() >= if filled == 1 { 2 } else { 3 }
            && profile.mean_length > 15
    };
    filled <= 6 && profiles.iter().filter(asks).count() >= 1
}

/// A sheet without answers: titles alone, or sentences of which one has commas.
fn titles_only(sheet: &Sheet, shape: &Shape) -> Diagnostic {
    let beside = |(at, _): (Position, &Value)| !shape.title_rows.contains(&at.row);
    let more = sheet.columns().iter().any(|column| column.cells().any(beside));
    if more && sheet.name().is_none() {
        return prose(sheet);
    }
    refusal(
        sheet,
        "cette feuille n’a que des titres, sans aucune réponse au-dessous",
        "donnez l’export une fois le questionnaire rempli, ou choisissez la feuille des réponses",
    )
}

/// A sheet that holds nothing.
pub fn empty(sheet: &Sheet) -> Diagnostic {
    refusal(sheet, "cette feuille est vide", "choisissez la feuille qui porte les réponses")
}

fn prose(sheet: &Sheet) -> Diagnostic {
    refusal(
        sheet,
        "ce fichier est un texte, pas une table de réponses",
        "donnez l’export du questionnaire : une ligne par réponse, une colonne par question",
    )
}

fn crosstab(sheet: &Sheet) -> Diagnostic {
    refusal(
        sheet,
        "cette feuille est un tableau de résultats, pas une table de réponses",
        "donnez l’export du questionnaire : une ligne par réponse, une colonne par question",
    )
}

fn list(sheet: &Sheet) -> Diagnostic {
    refusal(
        sheet,
        "cette feuille est une liste de questions, pas une table de réponses",
        "donnez l’export du questionnaire : une ligne par réponse, une colonne par question",
    )
}

fn refusal(sheet: &Sheet, message: &str, help: &str) -> Diagnostic {
    Diagnostic::error("pas-des-reponses", message).at(sheet.place()).help(help)
}
