//! `bilan comparer`: two years side by side.

use std::path::Path;

use super::{Loaded, Outcome, load};
use crate::cli::{ComparerArguments, TableFormat};
use crate::comparison::{Comparison, Year, compare};
use crate::diagnostics::{Diagnostic, Diagnostics, Failure, Place};
use crate::edition::Earlier;
use crate::exports::{comparison_csv, comparison_json, comparison_text};
use crate::indicators::with_own_bases;

/// Runs the command: the comparison to print.
///
/// # Errors
///
/// Faults of the inputs of both editions; twice the same year; no figure that
/// can be compared.
pub fn run(arguments: &ComparerArguments) -> Result<Outcome, Failure> {
    let folders = [arguments.first.as_path(), arguments.second.as_path()];
    distinct(folders)?;
    let (first, second) = load_both(folders)?;
    let mut told = Diagnostics::new();
    let (mut first, mut second) = (first, second);
    if first.edition.year > second.edition.year {
        told.push(reversed(&first, &second));
        std::mem::swap(&mut first, &mut second);
    }
    told.extend(std::mem::take(&mut first.warnings));
    told.extend(std::mem::take(&mut second.warnings));
    let comparison = compared(&first, &second)?;
    let regions = regions(arguments, &second)?;
    let text = match arguments.form.format {
        TableFormat::Texte => comparison_text(&comparison, &regions),
        TableFormat::Csv => comparison_csv(&comparison, &regions),
        TableFormat::Json => format!("{:#}\n", comparison_json(&comparison, &regions)),
    };
    Ok(Outcome::text(text).with(told))
}

/// The régions asked for, by slug; the country where none is.
fn regions(arguments: &ComparerArguments, loaded: &Loaded) -> Result<Vec<Option<String>>, Failure> {
    let mut found = Diagnostics::new();
    let named = |name: &String| loaded.register.named_region(name, Place::file("--region"));
    let asked = arguments.region.iter().filter_map(|name| found.take(named(name)));
    let asked: Vec<Option<String>> = asked.map(Some).collect();
    match (found.has_errors(), asked.is_empty()) {
        (true, _) => Err(Failure::Usage(found)),
        (false, true) => Ok(vec![None]),
        (false, false) => Ok(asked),
    }
}

/// Two editions, the earlier one first.
///
/// # Errors
///
/// Two editions of the same year; no figure that can be compared.
pub(super) fn compared(first: &Loaded, second: &Loaded) -> Result<Comparison, Failure> {
    let year = second.edition.year;
    if first.edition.year >= year {
        return Err(Failure::usage(not_earlier(first, second)));
    }
    let surveys = [first, second].map(|loaded| with_own_bases(&loaded.survey, &loaded.catalogue));
    let [before, after] = &surveys;
    let comparison = compare(&first.as_year(before), &second.as_year(after));
    if comparison.lines.is_empty() {
        return Err(Failure::input(nothing_in_common(first, second, &comparison)));
    }
    Ok(comparison)
}

/// A failure on the earlier edition that another names: its faults have places
/// of their own; the last one says who asked for it.
pub(super) fn named_by(earlier: &Earlier, failure: Failure) -> Failure {
    match failure {
        Failure::Usage(found) | Failure::Input(found) => {
            let here = |fault: Diagnostic| fault.at(earlier.place.clone());
            Failure::Input(found.into_iter().map(here).collect())
        }
        other => other,
    }
}

impl Loaded {
    fn as_year<'a>(&'a self, survey: &'a crate::survey::Survey) -> Year<'a> {
        Year {
            edition: &self.edition,
            register: &self.register,
            survey,
            plan: &self.plan,
            figures: &self.published_figures,
        }
    }
}

/// Reads both editions; the faults of both are told at once.
fn load_both([first, second]: [&Path; 2]) -> Result<(Loaded, Loaded), Failure> {
    match rayon::join(|| load(first), || load(second)) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (Err(first), Err(second)) => {
            let mut found = Diagnostics::new();
            found.extend(first.diagnostics().iter().cloned());
            found.extend(second.diagnostics().iter().cloned());
            Err(Failure::Input(found))
        }
        (Err(failure), _) | (_, Err(failure)) => Err(failure),
    }
}

/// The same folder twice has nothing to say.
fn distinct([first, second]: [&Path; 2]) -> Result<(), Failure> {
    let real = |folder: &Path| folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    if real(first) != real(second) {
        return Ok(());
    }
    let message = "les deux éditions sont la même : il n’y a rien à comparer";
    let diagnostic = Diagnostic::error("edition-double", message)
        .at(Place::file(first.display().to_string()))
        .help("donnez les dossiers de deux années, par exemple inputs/2024 inputs/2025");
    Err(Failure::usage(diagnostic))
}

fn file(loaded: &Loaded) -> Place {
    Place::file(loaded.edition.folder.join(crate::edition::FILE).display().to_string())
}

fn not_earlier(first: &Loaded, second: &Loaded) -> Diagnostic {
    let years = [first, second].map(|loaded| loaded.edition.year);
    let message = match years {
        [one, other] if one == other => format!("les deux éditions sont de la même année, {one}"),
        [one, other] => format!("l’édition de {one} n’est pas antérieure à celle de {other}"),
    };
    Diagnostic::error("edition-non-anterieure", message)
        .at(file(first))
        .at(file(second))
        .help("corrigez « annee » dans edition.toml, ou donnez l’édition d’une année antérieure")
}

fn reversed(first: &Loaded, second: &Loaded) -> Diagnostic {
    let [later, earlier] = [first, second].map(|loaded| loaded.edition.year);
    let message = format!(
        "{later} est donnée avant {earlier} : les écarts sont comptés de {earlier} à {later}"
    );
    Diagnostic::information("annees-inversees", message)
}

fn nothing_in_common(first: &Loaded, second: &Loaded, comparison: &Comparison) -> Diagnostic {
    let [before, after] = [first, second].map(|loaded| loaded.edition.year);
    let message = format!("aucun chiffre ne se compare entre {before} et {after}");
    let reasons = comparison.apart.iter().take(5);
    let reasons: Vec<String> = reasons.map(|a| format!("{} ({})", a.id, a.reason)).collect();
    let help = match reasons.as_slice() {
        [] => "déclarez des chiffres dans les deux indicateurs.toml, sous le même nom".to_string(),
        reasons => format!(
            "donnez le même nom et la même question aux chiffres des deux années ; par exemple : {}",
            reasons.join(", ")
        ),
    };
    Diagnostic::error("rien-a-comparer", message)
        .at(Place::file(first.edition.sources.indicators.display().to_string()))
        .at(Place::file(second.edition.sources.indicators.display().to_string()))
        .help(help)
}
