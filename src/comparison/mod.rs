//! Two years side by side: which figures can be compared, by how much they
//! differ, and whether that is more than noise.
//!
//! Figures are matched by their identifiers, questions and options by theirs;
//! what is not measured the same way is said and not compared ([`matched`]).
//! Projects are matched by their identifiers in the register: those that
//! answered both times are pairs, the others independent
//! ([`crate::statistics::difference`]).
//!
//! What is shown is what each edition publishes. A figure that is hidden in
//! either year is hidden here, its difference too. Where a région of a national
//! figure is hidden in either year, the interval of the difference is made of
//! the published ones, of the correlation in the régions that are shown, and
//! its bounds are rounded away from each other, as those of the figures are.

mod estimate;
mod matched;
mod pairs;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::edition::Edition;
use crate::indicators::{Definition, Figure, Figures, Value};
use crate::register::Register;
use crate::sampling::Plan;
use crate::survey::Survey;
use crate::typography::{counted, integer};
use estimate::Estimator;

/// A year, read.
#[derive(Clone, Copy)]
pub struct Year<'a> {
    pub edition: &'a Edition,
    pub register: &'a Register,
    /// With a question more for each base of an indicator's own
    /// (`with_own_bases`).
    pub survey: &'a Survey,
    pub plan: &'a Plan,
    /// As documents and files show them (`Figures::published`).
    pub figures: &'a Figures,
}

/// Two years compared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// The earlier year and the later one.
    pub years: [i32; 2],
    /// Whether the answers of each are made up.
    pub demonstration: [bool; 2],
    pub respondents: [usize; 2],
    /// How many projects answered both times.
    pub common: usize,
    /// The confidence level of the differences: that of the later edition.
    pub level: f64,
    /// The name of each région of the later register, by its slug, in its order.
    pub regions: Vec<(String, String)>,
    /// What can be compared, in the order of the later catalogue.
    pub lines: Vec<Line>,
    /// What cannot, and why.
    pub apart: Vec<Apart>,
    /// What a reader should know of the two years.
    pub remarks: Vec<String>,
}

/// An indicator that both years have.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// That of the later year.
    pub definition: Definition,
    /// The label of the question it comes from; empty for the others.
    pub family: String,
    pub national: Pair,
    /// By the slug of the région, where both years have a value.
    pub regions: BTreeMap<String, Pair>,
    /// What changed and does not forbid comparing.
    pub remarks: Vec<String>,
}

/// An indicator that cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    pub id: String,
    pub label: String,
    /// The label of the question it comes from; empty for the others.
    pub family: String,
    pub reason: String,
}

/// The values of an indicator somewhere, both years.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pair {
    pub first: Value,
    pub second: Value,
    /// None where a value is hidden or missing.
    pub change: Option<Change>,
}

/// A difference, the later year less the earlier one, in the indicator's unit;
/// in points for a percentage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    pub value: f64,
    pub interval: Option<(f64, f64)>,
    pub verdict: Verdict,
}

/// Whether a difference is more than noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It has no interval: it is known, or its uncertainty is not.
    Untold,
    /// The interval holds zero.
    Noise,
    /// The interval leaves zero out.
    Beyond,
    /// So does the interval made wide enough for all differences of the
    /// territory at once (Bonferroni).
    BeyondAll,
}

impl Verdict {
    /// The word in texts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Untold => "",
            Self::Noise => "dans le bruit",
            Self::Beyond => "hors du bruit",
            Self::BeyondAll => "hors du bruit, même corrigé",
        }
    }

    /// Whether the difference is more than noise.
    pub fn is_beyond(self) -> bool {
        matches!(self, Self::Beyond | Self::BeyondAll)
    }

    /// The word in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Untold => "",
            Self::Noise => "dans-le-bruit",
            Self::Beyond => "hors-du-bruit",
            Self::BeyondAll => "hors-du-bruit-corrige",
        }
    }
}

impl Pair {
    /// Whether disclosure control hides one of the two years.
    pub fn hidden(&self) -> bool {
        self.first.hidden || self.second.hidden
    }

    /// Hidden in either year is hidden in both.
    fn concealed(self) -> Self {
        if !self.hidden() {
            return self;
        }
        let conceal = |value: Value| Value { base: value.base, hidden: true, ..Value::default() };
        Self { first: conceal(self.first), second: conceal(self.second), change: None }
    }
}

impl Line {
    /// The values of a région, or the national ones.
    pub fn at(&self, region: Option<&str>) -> Option<&Pair> {
        match region {
            None => Some(&self.national),
            Some(slug) => self.regions.get(slug),
        }
    }
}

impl Comparison {
    /// How many differences of a territory have an interval: what chance is
    /// given at once.
    pub fn tests(&self, region: Option<&str>) -> usize {
        let changes = self.lines.iter().filter_map(|line| line.at(region)?.change);
        changes.filter(|change| change.verdict != Verdict::Untold).count()
    }

    /// The name of a région.
    pub fn region_name<'a>(&'a self, slug: &'a str) -> &'a str {
        let region = self.regions.iter().find(|(known, _)| known == slug);
        region.map_or(slug, |(_, name)| name)
    }

    /// Whether figures made up stand in it.
    pub fn is_demonstration(&self) -> bool {
        self.demonstration.contains(&true)
    }
}

/// Compares two years; `first` is the earlier one.
pub fn compare(first: &Year<'_>, second: &Year<'_>) -> Comparison {
    let estimator = Estimator::new(first, second);
    let found = matched::matched(first, second);
    let line = |(figure, remarks): (&(&Figure, &Figure), &Vec<String>)| {
        let (one, other) = *figure;
        let slugs: BTreeSet<&String> =
            one.regions.keys().filter(|slug| other.regions.contains_key(*slug)).collect();
        let regional = |slug: &String| (slug.clone(), pair(&estimator, one, other, Some(slug)));
        Line {
            definition: other.definition.clone(),
            family: matched::family(second, &other.definition),
            national: pair(&estimator, one, other, None),
            regions: slugs.into_iter().map(regional).collect(),
            remarks: remarks.clone(),
        }
    };
    let mut comparison = Comparison {
        years: [first, second].map(|year| year.edition.year),
        demonstration: [first, second].map(|year| year.edition.demonstration),
        respondents: [first, second].map(|year| year.survey.respondents.len()),
        common: estimator.pairs.count(),
        level: second.plan.level,
        regions: second.register.regions.iter().map(|r| (r.slug.clone(), r.name.clone())).collect(),
        lines: found.both.iter().map(|(figures, remarks)| line((figures, remarks))).collect(),
        apart: found.apart,
        remarks: remarks(first, second),
    };
    correct(&mut comparison, &estimator, &found.both);
    comparison
}

fn at<'a>(figure: &'a Figure, region: Option<&str>) -> Option<&'a Value> {
    match region {
        None => Some(&figure.national),
        Some(slug) => figure.regions.get(slug),
    }
}

fn pair(estimator: &Estimator<'_>, one: &Figure, other: &Figure, region: Option<&str>) -> Pair {
    let [first, second] =
        [one, other].map(|figure| at(figure, region).copied().unwrap_or_default());
    let pair = Pair { first, second, change: None }.concealed();
    let (Some(before), Some(after)) = (pair.first.value, pair.second.value) else { return pair };
    let interval = estimator.interval(one, other, region, estimator.level);
    let verdict = match interval {
        None => Verdict::Untold,
        Some(bounds) if leaves_zero_out(bounds) => Verdict::Beyond,
        Some(_) => Verdict::Noise,
    };
    Pair { change: Some(Change { value: after - before, interval, verdict }), ..pair }
}

/// A bound this near to zero is arithmetic.
fn leaves_zero_out((low, high): (f64, f64)) -> bool {
    const NOTHING: f64 = 1e-9;
    low > NOTHING || high < -NOTHING
}

/// Says which differences stand even when all those of their territory are
/// given the risk of one: each at the level 1 − α / k, with k of them
/// (Bonferroni).
fn correct(
    comparison: &mut Comparison,
    estimator: &Estimator<'_>,
    figures: &[((&Figure, &Figure), Vec<String>)],
) {
    let territories: Vec<Option<String>> = std::iter::once(None)
        .chain(comparison.regions.iter().map(|(slug, _)| Some(slug.clone())))
        .collect();
    for territory in territories {
        let region = territory.as_deref();
        let tests = comparison.tests(region).max(1) as f64;
        let level = 1.0 - (1.0 - estimator.level) / tests;
        for (line, ((one, other), _)) in comparison.lines.iter_mut().zip(figures) {
            let pair = match region {
                None => Some(&mut line.national),
                Some(slug) => line.regions.get_mut(slug),
            };
            let Some(change) = pair.and_then(|pair| pair.change.as_mut()) else { continue };
            if change.verdict == Verdict::Beyond
                && estimator.interval(one, other, region, level).is_some_and(leaves_zero_out)
            {
                change.verdict = Verdict::BeyondAll;
            }
        }
    }
}

fn remarks(first: &Year<'_>, second: &Year<'_>) -> Vec<String> {
    let mut remarks = Vec::new();
    let years = [first.edition.year, second.edition.year];
    let [before, after] = years;
    if first.edition.programme != second.edition.programme {
        remarks.push(format!(
            "Les deux éditions n’ont pas le même programme : « {} » et « {} ».",
            first.edition.programme, second.edition.programme
        ));
    }
    let file = |year: &Year<'_>| year.edition.sources.register.canonicalize().ok();
    if file(first).is_some() && file(first) == file(second) {
        remarks.push(
            "Les deux éditions ont le même registre : ses chiffres ne peuvent pas différer."
                .to_string(),
        );
    }
    if first.plan.is_weighted() != second.plan.is_weighted()
        || first.plan.weighting != second.plan.weighting
    {
        remarks.push(format!(
            "Les réponses ne sont pas pondérées de la même façon : en {before}, {} ; en {after}, {}.",
            first.plan.in_words(),
            second.plan.in_words()
        ));
    }
    for (year, kept) in [first, second].into_iter().zip(years) {
        let (answers, projects) = (year.survey.respondents.len(), year.register.laureates.len());
        if answers * 2 < projects {
            remarks.push(format!(
                "En {kept}, {} pour {} projets : ceux qui n’ont pas répondu peuvent différer des autres, ce que les intervalles ne disent pas.",
                counted(answers, "réponse"),
                integer(projects as i64)
            ));
        }
    }
    remarks
}

#[cfg(test)]
mod tests;
