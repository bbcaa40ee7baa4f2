//! How good the response is: who answered, what was left blank, and whether
//! those who answered resemble the register.
//!
//! What a voluntary census misses is not sampling but non-response; the bilan
//! prints this beside its figures. Everything here counts projects, not rows:
//! a project that answered twice answered.

use std::collections::BTreeSet;

use polars::prelude::PolarsResult;

use crate::codebook::Kind;
use crate::indicators::{Masker, Thresholds};
use crate::matching;
use crate::register::members::members;
use crate::register::{Carrier, Laureate, Register};
use crate::survey::Survey;
use crate::tabulation::{Group, Grouping, count_answers};

/// The quality of the response of an edition.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Quality {
    /// All projects of the register.
    pub national: Rate,
    /// By région, in the order of the register.
    pub regions: Vec<Rate>,
    /// By who runs the call for projects.
    pub carriers: Vec<Rate>,
    /// The questions with options or numbers, in the order of the codebook.
    pub questions: Vec<ItemResponse>,
    /// What the register knows, of all projects and of those that answered.
    pub comparisons: Vec<Comparison>,
}

/// How many projects of a group answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rate {
    /// The slug of a région; empty for other groups.
    pub slug: String,
    pub name: String,
    pub projects: usize,
    pub respondents: usize,
}

impl Rate {
    /// In per cent; none for a group without a project.
    pub fn percent(&self) -> Option<f64> {
        percent(self.respondents, self.projects)
    }
}

/// What became of a question among those it was put to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemResponse {
    pub id: String,
    pub label: String,
    /// None of the counts may be shown: they tell a hidden one.
    pub hidden: bool,
    /// The respondents it was put to.
    pub asked: usize,
    /// Those of them who answered.
    pub answered: usize,
    /// Those of them whose answer, or a part of it, is not recognised.
    pub unrecognised: usize,
}

impl ItemResponse {
    /// The share of those asked who left it blank, in per cent.
    pub fn blank_percent(&self) -> Option<f64> {
        percent(self.asked - self.answered.min(self.asked), self.asked)
    }
}

/// How the projects of the register, and those that answered, divide.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What the register says of each project.
    pub label: String,
    pub classes: Vec<Class>,
}

/// A class of projects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    pub name: String,
    /// How many projects of the register are in it, of how many.
    pub projects: usize,
    pub of_projects: usize,
    /// How many respondents are in it, of how many.
    pub respondents: usize,
    pub of_respondents: usize,
}

impl Class {
    /// Its share of the register, in per cent.
    pub fn of_register(&self) -> Option<f64> {
        percent(self.projects, self.of_projects)
    }

    /// Its share of those that answered, in per cent.
    pub fn of_answers(&self) -> Option<f64> {
        percent(self.respondents, self.of_respondents)
    }

    /// By how many points the answers differ from the register.
    pub fn gap(&self) -> Option<f64> {
        Some(self.of_answers()? - self.of_register()?)
    }
}

/// Measures the quality of a response.
///
/// # Errors
///
/// Those of polars; none is reachable from an input.
pub fn quality(
    survey: &Survey,
    register: &Register,
    thresholds: &Thresholds,
) -> PolarsResult<Quality> {
    let answered: BTreeSet<String> = survey
        .respondents
        .iter()
        .filter_map(|respondent| respondent.project.as_deref().map(matching::key))
        .collect();
    let projects: Vec<Project<'_>> = register
        .laureates
        .iter()
        .map(|laureate| Project {
            laureate,
            carrier: register.region(&laureate.region).map_or(Carrier::Unknown, |r| r.carrier),
            answered: answered.contains(&matching::key(&laureate.id)),
        })
        .collect();
    let regions = register.regions.iter().map(|region| {
        let own = projects.iter().filter(|project| project.laureate.region == region.slug);
        Rate { slug: region.slug.clone(), ..rate(&region.name, own) }
    });
    Ok(Quality {
        national: rate("Ensemble", projects.iter()),
        regions: regions.collect(),
        carriers: carriers(&projects),
        questions: questions(survey, thresholds)?,
        comparisons: comparisons(&projects),
    })
}

/// A project of the register, and whether it answered.
struct Project<'a> {
    laureate: &'a Laureate,
    carrier: Carrier,
    answered: bool,
}

fn rate<'a>(name: &str, projects: impl Iterator<Item = &'a Project<'a>>) -> Rate {
    let mut rate = Rate { name: name.to_string(), ..Rate::default() };
    for project in projects {
        rate.projects += 1;
        rate.respondents += usize::from(project.answered);
    }
    rate
}

/// The carriers that run a call, each with its projects.
fn carriers(projects: &[Project<'_>]) -> Vec<Rate> {
    let of = |carrier: Carrier| {
        rate(carrier.label(), projects.iter().filter(|project| project.carrier == carrier))
    };
    let all = [Carrier::Region, Carrier::State, Carrier::Unknown].map(of);
    all.into_iter().filter(|rate| rate.projects > 0).collect()
}

fn questions(survey: &Survey, thresholds: &Thresholds) -> PolarsResult<Vec<ItemResponse>> {
    let masker = Masker { survey, thresholds, edition: true };
    let mut responses = Vec::new();
    for (rank, question) in survey.codebook.questions.iter().enumerate() {
        if !question.kind.is_choice() && question.kind != Kind::Number {
            continue;
        }
        let table = count_answers(survey, rank, Grouping::None)?;
        let total = table.total().cloned().unwrap_or_default();
        let asked = survey.respondents.len() - total.not_asked.min(survey.respondents.len());
        let mask = masker.mask(rank, Grouping::None)?;
        responses.push(ItemResponse {
            id: question.id.clone(),
            label: question.label.clone(),
            hidden: mask.group(0).is_some_and(|group| group.base),
            asked,
            answered: answered(&total, asked),
            unrecognised: total.unknown,
        });
    }
    Ok(responses)
}

fn answered(total: &Group, asked: usize) -> usize {
    asked - total.unanswered.min(asked)
}

/// What the register knows of every project.
fn comparisons(projects: &[Project<'_>]) -> Vec<Comparison> {
    const SIZES: [&str; 4] = ["aucun", "1", "2", "3 et plus"];
    let size = |text: &str| SIZES.get(members(text).len().min(3)).copied().unwrap_or_default();
    let third_places = |project: &Project<'_>| size(&project.laureate.third_places);
    let organisations = |project: &Project<'_>| size(&project.laureate.training_organisations);
    let carriers = [Carrier::Region, Carrier::State, Carrier::Unknown].map(Carrier::label);
    vec![
        compared("Appel à projets porté par", &carriers, projects, |p| p.carrier.label()),
        compared("Tiers-lieux du projet", &SIZES, projects, third_places),
        compared("Organismes de formation du projet", &SIZES, projects, organisations),
    ]
}

/// Divides the projects into classes, those without a project left out.
fn compared<'p>(
    label: &str,
    classes: &[&str],
    projects: &'p [Project<'p>],
    class: impl Fn(&'p Project<'p>) -> &'static str,
) -> Comparison {
    let all = rate("", projects.iter());
    let of = |name: &&str| {
        let own = rate(name, projects.iter().filter(|project| class(project) == *name));
        Class {
            name: own.name,
            projects: own.projects,
            of_projects: all.projects,
            respondents: own.respondents,
            of_respondents: all.respondents,
        }
    };
    let classes = classes.iter().map(of).filter(|class| class.projects > 0).collect();
    Comparison { label: label.to_string(), classes }
}

fn percent(count: usize, base: usize) -> Option<f64> {
    (base > 0).then(|| 100.0 * count as f64 / base as f64)
}

#[cfg(test)]
mod tests;
