//! The projects that answered both times, stratum by stratum.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Year;
use crate::statistics::Common;

/// What the two samples share.
pub struct Pairs {
    common: Vec<Common>,
    /// The régions of the respondents of each stratum, in each year.
    regions: [Vec<BTreeSet<String>>; 2],
    calibrated: bool,
}

impl Pairs {
    pub fn new(first: &Year<'_>, second: &Year<'_>) -> Self {
        Self {
            common: common(first, second),
            regions: [regions(first), regions(second)],
            calibrated: first.plan.design.is_calibrated() || second.plan.design.is_calibrated(),
        }
    }

    /// How many projects answered both times.
    pub fn count(&self) -> usize {
        self.common.iter().map(|common| common.pairs.len()).sum()
    }

    /// What the strata share that none of the concealed régions is in. Weights
    /// calibrated to the whole sample make every influence depend on all
    /// answers, so that nothing is told then.
    pub fn without(&self, concealed: &BTreeSet<String>) -> Vec<Common> {
        if concealed.is_empty() {
            return self.common.clone();
        }
        let [first, second] = &self.regions;
        let open = |regions: &[BTreeSet<String>], stratum: usize| {
            regions.get(stratum).is_none_or(|regions| regions.is_disjoint(concealed))
        };
        let shown = |common: &&Common| {
            !self.calibrated && open(first, common.first) && open(second, common.second)
        };
        self.common.iter().filter(shown).cloned().collect()
    }
}

fn regions(year: &Year<'_>) -> Vec<BTreeSet<String>> {
    let design = &year.plan.design;
    let mut regions = vec![BTreeSet::new(); design.strata().len()];
    for (unit, respondent) in year.survey.respondents.iter().enumerate() {
        if let Some(of_stratum) = regions.get_mut(design.stratum(unit)) {
            of_stratum.extend(respondent.region.clone());
        }
    }
    regions
}

/// The respondent of each project; a project that counts several times is
/// nobody's pair.
fn units<'a>(year: &Year<'a>) -> HashMap<&'a str, usize> {
    let mut units: HashMap<&str, Vec<usize>> = HashMap::new();
    for (unit, respondent) in year.survey.respondents.iter().enumerate() {
        if let Some(project) = &respondent.project {
            units.entry(project).or_default().push(unit);
        }
    }
    let alone = |(project, units): (&'a str, Vec<usize>)| match units.as_slice() {
        [unit] => Some((project, *unit)),
        _ => None,
    };
    units.into_iter().filter_map(alone).collect()
}

/// The stratum of each project of the register whose région has a respondent.
fn strata<'a>(year: &Year<'a>) -> HashMap<&'a str, usize> {
    let mut of_region: HashMap<&str, usize> = HashMap::new();
    for (unit, respondent) in year.survey.respondents.iter().enumerate() {
        if let Some(region) = &respondent.region {
            of_region.insert(region, year.plan.design.stratum(unit));
        }
    }
    let laureates = year.register.laureates.iter();
    let stratum = |laureate: &'a crate::register::Laureate| {
        Some((laureate.id.as_str(), *of_region.get(laureate.region.as_str())?))
    };
    laureates.filter_map(stratum).collect()
}

fn common(first: &Year<'_>, second: &Year<'_>) -> Vec<Common> {
    let mut found: BTreeMap<(usize, usize), Common> = BTreeMap::new();
    let (before, after) = (units(first), units(second));
    let mut projects: Vec<&str> =
        before.keys().filter(|project| after.contains_key(*project)).copied().collect();
    // The order of a hash map changes from run to run; that of sums must not.
    projects.sort_by_key(|project| before.get(project));
    for project in projects {
        let (Some(left), Some(right)) = (before.get(project), after.get(project)) else { continue };
        let key = (first.plan.design.stratum(*left), second.plan.design.stratum(*right));
        let common = found.entry(key).or_insert_with(|| Common {
            first: key.0,
            second: key.1,
            population: 0.0,
            pairs: Vec::new(),
        });
        common.pairs.push((*left, *right));
    }
    let after = strata(second);
    for (project, left) in strata(first) {
        let right = after.get(project);
        if let Some(common) = right.and_then(|right| found.get_mut(&(left, *right))) {
            common.population += 1.0;
        }
    }
    found.into_values().collect()
}
