//! Checks: every figure and every name that does not hold, before it is
//! printed.
//!
//! A rule is a function from the [`Facts`] of an edition to findings. Rules
//! name no région and no project: on another year's files they find that
//! year's faults. Severities are honest: an error is what arithmetic or the
//! official geography proves, a warning what is probable, an information a
//! matter of form.

mod acknowledged;
mod answers;
mod budgets;
mod cards;
mod claims;
mod copies;
mod distributions;
mod finding;
mod lists;
mod organisations;
mod recomputed;
mod territory;
mod texts;
mod totals;
mod vocabulary;

pub use acknowledged::{Acknowledged, line as acknowledging_line};
pub use cards::matched as matched_cards;
pub use finding::{Fact, Family, Finding, Object};

use std::collections::HashMap;

use crate::diagnostics::{Diagnostics, Severity};
use crate::geography::Geography;
use crate::indicators::Figures;
use crate::matching;
use crate::published::PublishedFigure;
use crate::register::{Card, Region, Register};
use crate::survey::Survey;

/// What rules look at.
pub struct Facts<'a> {
    pub register: &'a Register,
    pub published: &'a [PublishedFigure],
    pub figures: &'a Figures,
    pub survey: &'a Survey,
    /// What reading the questionnaire found.
    pub reading: &'a Diagnostics,
    pub geography: &'a Geography,
    /// The texts: file name and content.
    pub texts: &'a [(String, String)],
    pub year: i32,
    /// Whether the answers are made up: then they prove nothing.
    pub demonstration: bool,
}

impl Facts<'_> {
    /// The région of a slug.
    fn region(&self, slug: &str) -> Option<&Region> {
        self.register.region(slug)
    }

    /// The cards by the key of their titles; of two with one title, the first.
    fn cards_by_title(&self) -> HashMap<String, &Card> {
        let keyed = self.register.cards.iter().rev();
        keyed.map(|card| (matching::key(&card.title), card)).collect()
    }

    /// A région as the object of a finding.
    fn object(&self, slug: &str) -> Object {
        self.region(slug).map_or_else(Object::national, |region| Object::region(&region.name))
    }
}

/// Applies every rule; findings come by severity, then by family and object.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    const RULES: [fn(&Facts<'_>) -> Vec<Finding>; 11] = [
        totals::check,
        budgets::check,
        territory::check,
        lists::check,
        copies::check,
        cards::check,
        vocabulary::check,
        distributions::check,
        recomputed::check,
        answers::check,
        texts::check,
    ];
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(facts)).collect();
    findings.sort_by_cached_key(order);
    findings
}

fn order(finding: &Finding) -> (std::cmp::Reverse<Severity>, Family, Object, &'static str) {
    (std::cmp::Reverse(finding.severity), finding.family, finding.object.clone(), finding.code)
}

/// How many findings there are of each severity, errors first; the known ones
/// are not counted.
pub fn counts(findings: &[Finding]) -> [(Severity, usize); 3] {
    [Severity::Error, Severity::Warning, Severity::Information].map(|severity| {
        let open = |f: &&Finding| f.severity == severity && f.acknowledged.is_none();
        (severity, findings.iter().filter(open).count())
    })
}

#[cfg(test)]
mod tests;
