//! Tables: the answers to a question, by group, with their bases and estimates.
//!
//! Counting is polars'; [`estimates`] weighs the answers by the sampling plan. A multiple answer counts each of its options once;
//! the base is made of respondents, never of mentions (the trap of
//! `questionr::multi.table`, whose base is every row).

mod estimates;
mod measures;

use std::collections::HashMap;

use polars::prelude::*;

use crate::codebook::{Base, Question};
use crate::sampling::Plan;
use crate::survey::{Entries, Survey};
use estimates::Estimator;
pub use estimates::{
    CautiousShare, Concealed, Estimated, Observed, basis_word, cautious_share, observed,
};
pub use measures::{Measure, Measured, measure};

/// How respondents are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// All together.
    None,
    /// By the région of their project.
    Region,
    /// By their answers to a question, given by its rank; who ticked several
    /// options is in several groups.
    Question(usize),
}

/// The answers to a question, group by group.
#[derive(Debug, Clone, PartialEq)]
pub struct Tabulation {
    /// The rank of the question in the codebook.
    pub question: usize,
    /// All together, then each group in its order; groups without a
    /// respondent included.
    pub groups: Vec<Group>,
}

/// A group of respondents.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    /// The région's slug or the option's identifier; none for all together.
    pub key: Option<String>,
    /// The denominator: respondents to the question, or all who were asked.
    pub base: usize,
    /// The sum of their weights.
    pub weighted_base: f64,
    /// Who was asked and did not answer.
    pub unanswered: usize,
    pub not_asked: usize,
    /// Who gave an answer that is not recognised.
    pub unknown: usize,
    /// One an option, in the order of the codebook; empty for numbers.
    pub options: Vec<Count>,
    /// For numbers.
    pub numbers: Option<Summary>,
}

/// How many respondents ticked an option.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Count {
    pub count: usize,
    /// The sum of their weights.
    pub weighted: f64,
    /// Their share of the base, out of 1; none in an empty base.
    pub share: Option<Estimated>,
}

/// The numbers that were answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    pub count: usize,
    pub sum: Estimated,
    pub mean: Estimated,
    pub median: Estimated,
    pub min: f64,
    pub max: f64,
}

impl Tabulation {
    /// The group of all respondents.
    pub fn total(&self) -> Option<&Group> {
        self.groups.first()
    }

    /// The group of a key.
    pub fn group(&self, key: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.key.as_deref() == Some(key))
    }
}

/// Counts the answers to a question and estimates what they say of all
/// projects.
///
/// # Errors
///
/// Those of polars; none is reachable from an input.
pub fn tabulate(
    survey: &Survey,
    question: usize,
    by: Grouping,
    plan: &Plan,
) -> PolarsResult<Tabulation> {
    let mut table = count_answers(survey, question, by)?;
    let definition = survey.codebook.questions.get(question).zip(survey.answers.get(question));
    let Some((definition, answers)) = definition else { return Ok(table) };
    let estimator = Estimator::new(definition, answers, plan);
    let mut members = vec![Vec::new(); table.groups.len()];
    for (respondent, group) in pairs(survey, by, &group_keys(survey, by)) {
        if let Some(members) = members.get_mut(group as usize) {
            members.push(respondent as usize);
        }
    }
    for (group, members) in table.groups.iter_mut().zip(&members) {
        estimator.estimate(group, members);
    }
    Ok(table)
}

/// Counts the answers to a question, without estimates.
///
/// # Errors
///
/// Those of polars; none is reachable from an input.
pub fn count_answers(survey: &Survey, question: usize, by: Grouping) -> PolarsResult<Tabulation> {
    let keys = group_keys(survey, by);
    let members = members(survey, by, &keys)?;
    let mut groups: Vec<Group> = std::iter::once(None)
        .chain(keys.into_iter().map(Some))
        .map(|key| Group { key, ..Group::default() })
        .collect();
    if let Some(definition) = survey.codebook.questions.get(question) {
        count_bases(survey, question, definition, &members, &mut groups)?;
        count_unknown(survey, question, &members, &mut groups)?;
        count_options(survey, question, definition, &members, &mut groups)?;
    }
    Ok(Tabulation { question, groups })
}

/// The keys of the groups, in their order: régions as they first appear,
/// options as in the codebook.
fn group_keys(survey: &Survey, by: Grouping) -> Vec<String> {
    match by {
        Grouping::None => Vec::new(),
        Grouping::Region => {
            let mut regions: Vec<String> = Vec::new();
            for region in survey.respondents.iter().filter_map(|r| r.region.clone()) {
                if !regions.contains(&region) {
                    regions.push(region);
                }
            }
            regions
        }
        Grouping::Question(rank) => survey
            .codebook
            .questions
            .get(rank)
            .map(|question| question.options.iter().map(|option| option.id.clone()).collect())
            .unwrap_or_default(),
    }
}

/// Who belongs to which group, as a frame: `repondant` and `groupe`.
fn members(survey: &Survey, by: Grouping, keys: &[String]) -> PolarsResult<DataFrame> {
    let (respondents, groups): (Vec<u32>, Vec<u32>) = pairs(survey, by, keys).into_iter().unzip();
    df!("repondant" => respondents, "groupe" => groups)
}

/// Who belongs to which group: respondents, in rising order within a group, and
/// the rank of the group in the result, 0 for all together.
fn pairs(survey: &Survey, by: Grouping, keys: &[String]) -> Vec<(u32, u32)> {
    let everyone = 0..survey.respondents.len() as u32;
    let mut pairs: Vec<(u32, u32)> = everyone.map(|respondent| (respondent, 0)).collect();
    match by {
        Grouping::None => {}
        Grouping::Region => {
            let ranks: HashMap<&str, u32> =
                keys.iter().zip(1..).map(|(key, rank)| (key.as_str(), rank)).collect();
            let region = |(rank, respondent): (usize, &crate::survey::Respondent)| {
                Some((rank as u32, *ranks.get(respondent.region.as_deref()?)?))
            };
            pairs.extend(survey.respondents.iter().enumerate().filter_map(region));
        }
        Grouping::Question(rank) => {
            if let Some(Entries::Options(ticks)) = survey.answers.get(rank).map(|a| &a.entries) {
                pairs.extend(ticks.iter().map(|(respondent, option)| (*respondent, option + 1)));
            }
        }
    }
    pairs
}

fn count_bases(
    survey: &Survey,
    question: usize,
    definition: &Question,
    members: &DataFrame,
    groups: &mut [Group],
) -> PolarsResult<()> {
    let in_base = match definition.base {
        Base::Respondents => col("statut").eq(lit(0_u32)),
        Base::Asked => col("statut").neq(lit(2_u32)),
    };
    let counted = survey
        .respondent_frame(question)?
        .lazy()
        .join(members.clone().lazy(), [col("repondant")], [col("repondant")], JoinArgs::default())
        .group_by([col("groupe")])
        .agg([
            in_base.sum().alias("base"),
            col("statut").eq(lit(1_u32)).sum().alias("sans_reponse"),
            col("statut").eq(lit(2_u32)).sum().alias("non_demande"),
        ])
        .collect()?;
    for row in rows(&counted)? {
        let Some(group) = groups.get_mut(row.group) else { continue };
        group.base = row.count("base")?;
        group.unanswered = row.count("sans_reponse")?;
        group.not_asked = row.count("non_demande")?;
    }
    Ok(())
}

fn count_unknown(
    survey: &Survey,
    question: usize,
    members: &DataFrame,
    groups: &mut [Group],
) -> PolarsResult<()> {
    let unknown = survey.answers.get(question).map(|a| a.unknown.as_slice()).unwrap_or_default();
    let told = unknown.iter().filter(|unknown| !unknown.fault);
    let mut respondents: Vec<u32> = told.map(|unknown| unknown.respondent).collect();
    respondents.sort_unstable();
    respondents.dedup();
    let counted = df!("repondant" => respondents)?
        .lazy()
        .join(members.clone().lazy(), [col("repondant")], [col("repondant")], JoinArgs::default())
        .group_by([col("groupe")])
        .agg([len().alias("effectif")])
        .collect()?;
    for row in rows(&counted)? {
        if let Some(group) = groups.get_mut(row.group) {
            group.unknown = row.count("effectif")?;
        }
    }
    Ok(())
}

fn count_options(
    survey: &Survey,
    question: usize,
    definition: &Question,
    members: &DataFrame,
    groups: &mut [Group],
) -> PolarsResult<()> {
    for group in groups.iter_mut() {
        group.options = vec![Count::default(); definition.options.len()];
    }
    let answers = survey.answer_frame(question)?;
    if answers.column("modalite").is_err() {
        return Ok(());
    }
    let counted = answers
        .lazy()
        .join(members.clone().lazy(), [col("repondant")], [col("repondant")], JoinArgs::default())
        .group_by([col("groupe"), col("modalite")])
        .agg([len().alias("effectif")])
        .collect()?;
    let options = counted.column("modalite")?.u32()?;
    for (row, option) in rows(&counted)?.into_iter().zip(options.iter()) {
        let group = groups.get_mut(row.group);
        let cell = group.and_then(|group| group.options.get_mut(option? as usize));
        if let Some(cell) = cell {
            cell.count = row.count("effectif")?;
        }
    }
    Ok(())
}

/// A row of an aggregated frame.
struct AggregateRow<'a> {
    frame: &'a DataFrame,
    index: usize,
    group: usize,
}

/// The rows of an aggregated frame that belong to a group.
fn rows(frame: &DataFrame) -> PolarsResult<Vec<AggregateRow<'_>>> {
    let groups = frame.column("groupe")?.u32()?;
    let row = |(index, group): (usize, Option<u32>)| {
        Some(AggregateRow { frame, index, group: group? as usize })
    };
    Ok(groups.iter().enumerate().filter_map(row).collect())
}

impl AggregateRow<'_> {
    fn count(&self, column: &str) -> PolarsResult<usize> {
        self.frame.column(column)?.get(self.index)?.try_extract::<f64>().map(|n| n as usize)
    }
}

#[cfg(test)]
mod tests;
