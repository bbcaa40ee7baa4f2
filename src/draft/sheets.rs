//! Which sheet of a workbook holds the answers.

use super::columns_of_answers;
use crate::diagnostics::{Diagnostic, Place};
use crate::matching;
use crate::spreadsheet::{Sheet, SheetInfo, Workbook};
use crate::typography::{list, quoted};

/// The sheet of a name or a rank; without either, the one visible sheet that
/// looks like a table of answers.
///
/// # Errors
///
/// `feuille-absente` for a name that is not there; `feuille-a-choisir` where
/// several sheets may be meant, with their names.
pub fn answers_sheet(workbook: &mut Workbook, wanted: Option<&str>) -> Result<Sheet, Diagnostic> {
    let sheets = workbook.sheets();
    match wanted {
        Some(wanted) => match by_rank(&sheets, wanted) {
            Some(sheet) => workbook.read(&sheet.name),
            None => workbook.read(wanted),
        },
        None => only_answers(workbook, &sheets),
    }
}

/// The sheet of a rank from 1, where no sheet bears the number as its name.
fn by_rank<'a>(sheets: &'a [SheetInfo], wanted: &str) -> Option<&'a SheetInfo> {
    let key = matching::key(wanted);
    let named = sheets.iter().any(|sheet| matching::key(&sheet.name) == key);
    let rank = wanted.trim().parse::<usize>().ok()?.checked_sub(1)?;
    sheets.get(rank).filter(|_| !named)
}

fn only_answers(workbook: &mut Workbook, sheets: &[SheetInfo]) -> Result<Sheet, Diagnostic> {
    let visible: Vec<&SheetInfo> = sheets.iter().filter(|sheet| sheet.visible).collect();
    match visible.as_slice() {
        // A text file has no sheet to choose; neither has an empty workbook.
        [] => workbook.read(""),
        [only] => workbook.read(&only.name),
        several => {
            let mut fitting = fitting(workbook, several)?;
            match (fitting.sheet.take(), fitting.names().as_slice()) {
                (Some(only), [_]) => Ok(only),
                (_, []) => Err(none_fits(workbook.file(), several)),
                (_, names) => Err(to_choose(workbook.file(), names)),
            }
        }
    }
}

/// The sheets that look like tables of answers.
#[derive(Default)]
struct Fitting {
    /// The widest of them.
    sheet: Option<Sheet>,
    /// Their names, and how many columns of each hold something.
    sizes: Vec<(String, usize)>,
}

/// How many times wider a table of answers is than the lists, the notes and the
/// tables of results beside it.
const WIDER: usize = 5;

impl Fitting {
    fn widest(&self) -> usize {
        self.sizes.iter().map(|(_, columns)| *columns).max().unwrap_or(0)
    }

    /// The names of the sheets that may be meant: one of a column or two is a list
    /// where another has more.
    fn names(&self) -> Vec<String> {
        let widest = self.widest();
        let likely = |columns: usize| columns * WIDER > widest && (columns > 2 || widest <= 2);
        let kept = self.sizes.iter().filter(|(_, columns)| likely(*columns));
        kept.map(|(name, _)| name.clone()).collect()
    }
}

/// Reads sheets one after the other; all but the widest are dropped as soon as they
/// are read.
fn fitting(workbook: &mut Workbook, sheets: &[&SheetInfo]) -> Result<Fitting, Diagnostic> {
    let mut fitting = Fitting::default();
    for sheet in sheets {
        let read = workbook.read(&sheet.name)?;
        let Some(columns) = columns_of_answers(&read) else { continue };
        if fitting.sheet.is_none() || columns > fitting.widest() {
            workbook.hold(&read);
            fitting.sheet = Some(read);
        }
        fitting.sizes.push((sheet.name.clone(), columns));
    }
    Ok(fitting)
}

fn none_fits(file: &str, sheets: &[&SheetInfo]) -> Diagnostic {
    let names: Vec<String> = sheets.iter().map(|sheet| quoted(&sheet.name)).collect();
    Diagnostic::error(
        "pas-des-reponses",
        "aucune feuille visible de ce classeur ne ressemble à une table de réponses",
    )
    .at(Place::file(file))
    .help(format!(
        "donnez l’export du questionnaire, ou dites quelle feuille lire avec --feuille : {}",
        list(&names)
    ))
}

fn to_choose(file: &str, names: &[String]) -> Diagnostic {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    Diagnostic::error(
        "feuille-a-choisir",
        "plusieurs feuilles de ce classeur ressemblent à une table de réponses",
    )
    .at(Place::file(file))
    .help(format!(
        "dites laquelle, avec --feuille ou « feuille » dans le dictionnaire : {}",
        list(&names)
    ))
}
