//! `bilan expliquer`: where a figure comes from.

use std::path::Path;

use super::{Outcome, edition_folder, load};
use crate::cli::{ExplanationFormat, ExpliquerArguments};
use crate::diagnostics::{Diagnostic, Failure, Place};
use crate::indicators::{Figures, with_own_bases};
use crate::matching;
use crate::provenance::{Origin, explanation_json, explanation_text};
use crate::typography::{list, quoted};

/// Runs the command: the explanation to print.
///
/// # Errors
///
/// Faults of the inputs; an indicator or a région that is not there, with
/// suggestions.
pub fn run(arguments: &ExpliquerArguments) -> Result<Outcome, Failure> {
    let (edition, id) = match arguments.words.as_slice() {
        [id] => (None, id),
        [edition, id] => (Some(Path::new(edition)), id),
        _ => return Err(Failure::usage(too_many(&arguments.words))),
    };
    let loaded = load(&edition_folder(edition)?)?;
    let named = |name: &String| loaded.register.named_region(name, Place::file("--region"));
    let region = match &arguments.region {
        Some(name) => Some(named(name).map_err(Failure::usage)?),
        None => None,
    };
    let edition_file = loaded.edition.folder.join(crate::edition::FILE).display().to_string();
    let survey = with_own_bases(&loaded.survey, &loaded.catalogue);
    let origin = Origin {
        figures: &loaded.figures,
        survey: &survey,
        register: &loaded.register,
        plan: &loaded.plan,
        edition_file: &edition_file,
    };
    if loaded.figures.get(id).is_none() {
        return Err(Failure::usage(no_indicator(
            &loaded.figures,
            id,
            &loaded.edition.sources.indicators,
        )));
    }
    let explanation = origin.explain(id, region.as_deref());
    let explanation = explanation.ok_or_else(|| Failure::usage(not_regional(id)))?;
    let text = match arguments.format {
        ExplanationFormat::Texte => explanation_text(&explanation),
        ExplanationFormat::Json => explanation_json(&explanation),
    };
    Ok(Outcome::text(text).with(loaded.warnings))
}

fn too_many(words: &[String]) -> Diagnostic {
    let message = format!("un seul indicateur à la fois : {}", words.join(" "));
    Diagnostic::error("argument-en-trop", message)
        .help("écrivez « bilan expliquer inputs/2025 themes.insertion »")
}

/// What to write instead: the indicators of a family, or the nearest ones.
fn no_indicator(figures: &Figures, id: &str, catalogue: &Path) -> Diagnostic {
    let ids = || figures.figures.iter().map(|figure| figure.definition.id.as_str());
    let family: Vec<String> =
        ids().filter(|known| known.starts_with(&format!("{id}."))).map(quoted).collect();
    let near = matching::nearest(id, ids());
    let help = match (family.as_slice(), near.first()) {
        ([], Some(near)) => format!("vouliez-vous dire {} ?", quoted(near)),
        ([], None) => format!("les indicateurs sont ceux de {}", catalogue.display()),
        (family, _) => format!("c’est une famille : demandez {}", list(family)),
    };
    Diagnostic::error("indicateur-inconnu", format!("l’indicateur {} n’existe pas", quoted(id)))
        .help(help)
}

fn not_regional(id: &str) -> Diagnostic {
    let message = format!("l’indicateur {} n’a pas de valeur par région", quoted(id));
    Diagnostic::error("indicateur-sans-region", message)
        .at(Place::file("--region"))
        .help("demandez-le sans --region : il n’est que national")
}
