//! Who stands in the denominator of each group: the domains of estimates.

use std::collections::HashMap;

use super::{Grouping, Tabulation};
use crate::codebook::Base;
use crate::survey::{Entries, Status, Survey};

/// The ranks of the respondents in the base of each group of a table, in rising
/// order; groups are in the order of [`Tabulation::groups`].
pub fn domains(survey: &Survey, table: &Tabulation, by: Grouping) -> Vec<Vec<usize>> {
    let in_base = in_base(survey, table.question);
    let members = members(survey, table, by);
    let base = |members: Vec<usize>| -> Vec<usize> {
        members.into_iter().filter(|unit| in_base.get(*unit).copied().unwrap_or(false)).collect()
    };
    members.into_iter().map(base).collect()
}

/// Whether each respondent ticked an option of the table's question.
pub fn hits(survey: &Survey, question: usize, option: usize) -> Vec<bool> {
    let answers = survey.answers.get(question);
    answers.map(|answers| answers.ticked(&[option as u32])).unwrap_or_default()
}

fn in_base(survey: &Survey, question: usize) -> Vec<bool> {
    let asked = survey.codebook.questions.get(question).map(|question| question.base);
    let counts = |status: &Status| match asked {
        Some(Base::Asked) => *status != Status::NotAsked,
        _ => *status == Status::Answered,
    };
    let answers = survey.answers.get(question);
    answers.map(|answers| answers.status.iter().map(counts).collect()).unwrap_or_default()
}

/// The respondents of each group, in or out of the base.
fn members(survey: &Survey, table: &Tabulation, by: Grouping) -> Vec<Vec<usize>> {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); table.groups.len()];
    let mut add = |group: usize, unit: usize| {
        if let Some(group) = members.get_mut(group) {
            group.push(unit);
        }
    };
    (0..survey.respondents.len()).for_each(|unit| add(0, unit));
    match by {
        Grouping::None => {}
        Grouping::Region => {
            let keys = table.groups.iter().enumerate();
            let ranks: HashMap<&str, usize> =
                keys.filter_map(|(rank, group)| Some((group.key.as_deref()?, rank))).collect();
            for (unit, respondent) in survey.respondents.iter().enumerate() {
                let region = respondent.region.as_deref();
                if let Some(rank) = region.and_then(|region| ranks.get(region)) {
                    add(*rank, unit);
                }
            }
        }
        Grouping::Question(rank) => {
            if let Some(Entries::Options(ticks)) = survey.answers.get(rank).map(|a| &a.entries) {
                ticks.iter().for_each(|(unit, option)| add(*option as usize + 1, *unit as usize));
            }
        }
    }
    members
}
