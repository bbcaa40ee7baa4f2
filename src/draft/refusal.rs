//! Files that are not tables of answers, told as what they are.

use super::groups::TableColumn;
use super::profile::Profile;
use super::table::Shape;
use super::vocabulary::is_technical;
use crate::diagnostics::Diagnostic;
use crate::spreadsheet::Sheet;

/// Tells a sheet that is no table of answers.
pub fn check(sheet: &Sheet, shape: &Shape, columns: &[TableColumn]) -> Result<(), Diagnostic> {
    let profiles: Vec<&Profile> = columns.iter().map(|column| &column.profile).collect();
    let rows = shape.height();
    let filled = profiles.iter().filter(|profile| profile.filled > 0).count();
    match () {
        () if filled == 0 => Err(empty(sheet)),
        () if is_crosstab(columns, rows) => Err(crosstab(sheet)),
        () if is_list_of_questions(&profiles) => Err(list(sheet)),
        () if filled == 1 && profiles.iter().any(|p| p.mean_length > 60) => Err(list(sheet)),
        () => Ok(()),
    }
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

/// A sheet that holds nothing.
pub fn empty(sheet: &Sheet) -> Diagnostic {
    refusal(sheet, "cette feuille est vide", "choisissez la feuille qui porte les réponses")
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
