//! `bilan dictionnaire`: a first codebook for an export nobody described.

use std::path::Path;

use super::Outcome;
use crate::cli::DictionnaireArguments;
use crate::diagnostics::{Diagnostic, Diagnostics, Failure, Place};
use crate::draft::{self, Draft};
use crate::spreadsheet::Workbook;
use crate::typography::counted;

/// Runs the command: the text to print, which is the codebook itself where no
/// file was asked for.
///
/// # Errors
///
/// Those of reading; `pas-des-reponses` where the file is something else;
/// `fichier-existant` where the file to write is there already.
pub fn run(arguments: &DictionnaireArguments) -> Result<Outcome, Failure> {
    if let Some(path) = arguments.sortie.as_ref().filter(|path| path.exists()) {
        return Err(Failure::usage(exists(path)));
    }
    let mut found = Diagnostics::new();
    let drafted = draft_of(&arguments.file, arguments.feuille.as_deref(), &mut found);
    let Some(drafted) = drafted.filter(|_| !found.has_errors()) else {
        return Err(Failure::Input(found));
    };
    let text = draft::to_toml(&drafted, &file_name(&arguments.file));
    match &arguments.sortie {
        None => Ok(Outcome::text(text)),
        Some(path) => {
            std::fs::write(path, &text)
                .map_err(|error| Failure::internal(unwritten(path, &error)))?;
            let questions = counted(drafted.codebook.questions.len(), "question");
            Ok(Outcome::text(format!("{} : {questions}\n", path.display())))
        }
    }
}

/// The draft of a file: an export, or a form.
pub fn draft_of(path: &Path, sheet: Option<&str>, found: &mut Diagnostics) -> Option<Draft> {
    let mut workbook = found.take(Workbook::open(path))?;
    if sheet.is_none() && draft::is_xlsform(&workbook) {
        return draft::read_xlsform(&mut workbook, found);
    }
    let sheet = found.take(draft::answers_sheet(&mut workbook, sheet))?;
    found.take(draft::draft(&sheet))
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn exists(path: &Path) -> Diagnostic {
    Diagnostic::error("fichier-existant", "ce fichier existe déjà")
        .at(Place::file(path.display().to_string()))
        .help("choisissez un autre nom : rien n’est jamais remplacé")
}

fn unwritten(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("sortie-impossible", format!("ce fichier ne peut pas être écrit ({error})"))
        .at(Place::file(path.display().to_string()))
        .help("vérifiez les droits et la place du disque")
}
