//! Strata: the régions, each with its projects and its respondents.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::edition::{Estimation, Merged, Weighting};
use crate::register::Register;
use crate::spreadsheet::Position;
use crate::survey::Survey;
use crate::typography::{alternatives, counted, list, quoted};

/// The strata of the respondents.
pub(super) struct Strata {
    /// The stratum of each respondent.
    pub of: Vec<usize>,
    /// The name of each: a région's, or those of merged régions.
    pub names: Vec<String>,
    /// The projects of each; none where the population cannot be known.
    pub populations: Vec<Option<f64>>,
}

impl Strata {
    /// The strata of an edition: its régions, merged as it asks.
    ///
    /// Pushes an error for a merger that names no région, and, where answers are
    /// weighted, for a stratum that nobody answers for or where answers are more
    /// than the projects.
    pub fn new(
        survey: &Survey,
        register: &Register,
        estimation: &Estimation,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let mut own = Diagnostics::new();
        let ranks = ranks(register, &estimation.merged, &mut own);
        let names = names(register, &ranks);
        let mut strata = Self {
            of: respondents(survey, &ranks, names.len()),
            populations: populations(register, &ranks, names.len()),
            names,
        };
        strata.set_apart_unplaced();
        strata.check(survey, estimation, &mut own);
        let sound = !own.has_errors();
        found.extend(own);
        sound.then_some(strata)
    }

    /// Respondents without a région make a stratum of their own, of which
    /// nothing is known.
    fn set_apart_unplaced(&mut self) {
        if self.of.contains(&self.names.len()) {
            self.names.push("sans région".to_string());
            self.populations.push(None);
        }
    }

    fn check(&mut self, survey: &Survey, estimation: &Estimation, found: &mut Diagnostics) {
        let mut samples = vec![0_usize; self.names.len()];
        self.of
            .iter()
            .for_each(|rank| samples.iter_mut().skip(*rank).take(1).for_each(|n| *n += 1));
        let weighted = estimation.weighting != Weighting::None;
        let mut empty = Vec::new();
        for ((name, population), sample) in
            self.names.iter().zip(&mut self.populations).zip(&samples)
        {
            match population {
                Some(projects) if *sample as f64 > *projects => {
                    found.push(too_many(name, *projects, *sample, weighted, survey));
                    *population = None;
                }
                Some(projects) if *projects > 0.0 && *sample == 0 => empty.push(name.as_str()),
                None if weighted => found.push(unplaced(survey, &self.of, self.names.len() - 1)),
                _ => {}
            }
        }
        if weighted && !empty.is_empty() {
            found.push(unanswered(&empty, &self.names, estimation));
        }
    }
}

/// The stratum of each région, by slug, from 0 and without a gap.
fn ranks(
    register: &Register,
    merged: &[Merged],
    found: &mut Diagnostics,
) -> BTreeMap<String, usize> {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for group in merged {
        let slugs = group
            .regions
            .iter()
            .filter_map(|name| found.take(register.named_region(name, group.place.clone())));
        let slugs: Vec<String> = slugs.collect();
        for slug in &slugs {
            if first.contains_key(slug) {
                found.push(merged_twice(slug, group));
            }
            first.insert(slug.clone(), slugs.first().cloned().unwrap_or_default());
        }
    }
    let mut leaders: Vec<&str> = Vec::new();
    let mut ranks = BTreeMap::new();
    for region in &register.regions {
        let leader = first.get(&region.slug).unwrap_or(&region.slug);
        let rank = leaders.iter().position(|other| other == leader).unwrap_or(leaders.len());
        if rank == leaders.len() {
            leaders.push(leader);
        }
        ranks.insert(region.slug.clone(), rank);
    }
    ranks
}

fn names(register: &Register, ranks: &BTreeMap<String, usize>) -> Vec<String> {
    let mut names: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for region in &register.regions {
        if let Some(rank) = ranks.get(&region.slug) {
            names.entry(*rank).or_default().push(&region.name);
        }
    }
    names.into_values().map(|names| names.join(" + ")).collect()
}

/// The stratum of each respondent; `unplaced` without a région.
fn respondents(survey: &Survey, ranks: &BTreeMap<String, usize>, unplaced: usize) -> Vec<usize> {
    let rank = |respondent: &crate::survey::Respondent| {
        respondent.region.as_ref().and_then(|slug| ranks.get(slug)).copied().unwrap_or(unplaced)
    };
    survey.respondents.iter().map(rank).collect()
}

fn populations(
    register: &Register,
    ranks: &BTreeMap<String, usize>,
    strata: usize,
) -> Vec<Option<f64>> {
    let cells = register.laureates.iter().filter_map(|laureate| ranks.get(&laureate.region));
    let counts = crate::statistics::sums::sums_by_cell(strata, cells.map(|rank| (*rank, 1.0)));
    counts.into_iter().map(Some).collect()
}

fn merged_twice(slug: &str, group: &Merged) -> Diagnostic {
    let message = format!("la région {} est dans deux regroupements", quoted(slug));
    Diagnostic::error("regroupement-invalide", message)
        .at(group.place.clone())
        .help("ne la gardez que dans l’un des deux")
}

fn too_many(
    name: &str,
    projects: f64,
    sample: usize,
    weighted: bool,
    survey: &Survey,
) -> Diagnostic {
    let message = format!(
        "{} : {} pour {} au registre ; la correction de population finie n’y a pas de sens",
        quoted(name),
        counted(sample, "réponse"),
        counted(projects as usize, "projet"),
    );
    let diagnostic = if weighted {
        Diagnostic::error("plus-de-reponses-que-de-projets", message)
    } else {
        Diagnostic::warning("plus-de-reponses-que-de-projets", message)
    };
    diagnostic
        .at(survey.sheet.place())
        .help("ne gardez qu’une réponse par projet : doublons = \"dernier\" dans le dictionnaire")
}

fn unplaced(survey: &Survey, of: &[usize], stratum: usize) -> Diagnostic {
    let rows = survey.respondents.iter().zip(of).filter(|(_, rank)| **rank == stratum);
    let cells: Vec<String> =
        rows.map(|(respondent, _)| Position::new(respondent.row, 0).to_string()).take(5).collect();
    Diagnostic::error(
        "repondant-sans-region",
        "ces réponses n’ont pas de région : elles n’ont pas de poids",
    )
    .at(survey.sheet.place().at(cells.join(", ")))
    .help("rattachez-les à un projet du registre, ou retirez-les par un filtre")
}

fn unanswered(empty: &[&str], names: &[String], estimation: &Estimation) -> Diagnostic {
    let quoted_names: Vec<String> = empty.iter().map(|name| quoted(name)).collect();
    let message = format!(
        "aucune réponse de {} : la pondération n’a personne pour {}",
        list(&quoted_names),
        if empty.len() == 1 { "cette région" } else { "ces régions" }
    );
    let other = names.iter().find(|name| !empty.contains(&name.as_str()));
    let pair = [empty.first().copied().unwrap_or_default(), other.map_or("…", String::as_str)];
    let pair: Vec<String> = pair.iter().map(|name| format!("\"{name}\"")).collect();
    let ways = [
        format!("regroupez-la : [[estimation.regroupement]] regions = [{}]", pair.join(", ")),
        "prenez ponderation = \"aucune\"".to_string(),
    ];
    Diagnostic::error("region-sans-reponse", message)
        .at(estimation.place.clone())
        .help(alternatives(&ways))
}
