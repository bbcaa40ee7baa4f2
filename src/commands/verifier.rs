//! `bilan verifier`: every figure that does not hold, before it is printed.

use super::{Outcome, edition_folder, load};
use crate::assets::Assets;
use crate::checks::{Family, Finding, counts};
use crate::cli::{Gravity, TableFormat, VerifierArguments};
use crate::diagnostics::{Diagnostic, Diagnostics, Failure, Place, Severity};
use crate::exports::{findings_csv, findings_json, findings_text};
use crate::geography::Geography;
use crate::typography::{list, quoted};

/// Runs the command: the findings, and exit code 1 where one of them has the
/// severity asked for and is not known.
///
/// # Errors
///
/// Faults of the inputs; a family that does not exist.
pub fn run(arguments: &VerifierArguments) -> Result<Outcome, Failure> {
    let families = families(&arguments.famille)?;
    let assets = Assets::locate(arguments.modeles.as_deref()).map_err(Failure::usage)?;
    let loaded = load(&edition_folder(arguments.edition.as_deref())?)?;
    let geography = Geography::load(&assets).map_err(Failure::input)?;
    let least = severity(arguments.gravite);
    let (mut findings, unused) = loaded.findings(&geography);
    findings.retain(|finding| families.is_empty() || families.contains(&finding.family));
    let summary = summary(&findings);
    findings.retain(|finding| finding.severity >= least);
    let text = match arguments.form.format {
        TableFormat::Texte => format!("{}{summary}\n", findings_text(&findings)),
        TableFormat::Csv => findings_csv(&findings),
        TableFormat::Json => findings_json(&findings),
    };
    let open = findings.iter().any(|finding| finding.acknowledged.is_none());
    Ok(Outcome { text, warnings: unused, findings: open, ..Outcome::default() })
}

fn severity(gravity: Gravity) -> Severity {
    match gravity {
        Gravity::Erreur => Severity::Error,
        Gravity::Alerte => Severity::Warning,
        Gravity::Information => Severity::Information,
    }
}

fn families(names: &[String]) -> Result<Vec<Family>, Failure> {
    let mut found = Diagnostics::new();
    let families = names
        .iter()
        .flat_map(|names| names.split(','))
        .filter_map(|name| {
            let family = Family::parse(name);
            if family.is_none() {
                found.push(unknown_family(name));
            }
            family
        })
        .collect();
    if found.has_errors() { Err(Failure::Usage(found)) } else { Ok(families) }
}

fn unknown_family(name: &str) -> Diagnostic {
    let known: Vec<String> = Family::ALL
        .iter()
        .map(|family| format!("{} ({})", family.letter(), family.name()))
        .collect();
    Diagnostic::error("famille-inconnue", format!("la famille {} n’existe pas", quoted(name)))
        .at(Place::file("--famille"))
        .help(format!("les familles sont {}", list(&known)))
}

/// « 12 erreurs, 30 alertes, 8 informations ; 2 constats connus »
pub fn summary(findings: &[Finding]) -> String {
    let noun = |severity: Severity, count: usize| {
        let plural = if count > 1 { "s" } else { "" };
        format!("{count} {}{plural}", severity.word())
    };
    let open: Vec<String> = counts(findings).into_iter().map(|(s, count)| noun(s, count)).collect();
    let known = findings.iter().filter(|finding| finding.acknowledged.is_some()).count();
    let known = match known {
        0 => String::new(),
        1 => " ; 1 constat connu".to_string(),
        several => format!(" ; {several} constats connus"),
    };
    format!("{}{known}", open.join(", "))
}
