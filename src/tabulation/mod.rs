//! Counting: the answers to a question, by group, with their bases.
//!
//! Aggregation is polars'. A multiple answer counts each of its options once;
//! the base is made of respondents, never of mentions (the trap of
//! `questionr::multi.table`, whose base is every row).

mod domains;

use std::collections::HashMap;

pub use domains::{domains, hits};
use polars::prelude::*;

use crate::codebook::{Base, Kind, Question};
use crate::survey::{Entries, Survey};

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
}

/// The numbers that were answered.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Summary {
    pub count: usize,
    pub sum: f64,
    pub mean: f64,
    pub median: f64,
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

/// Counts the answers to a question.
///
/// # Errors
///
/// Those of polars; none is reachable from an input.
pub fn tabulate(survey: &Survey, question: usize, by: Grouping) -> PolarsResult<Tabulation> {
    let keys = group_keys(survey, by);
    let members = members(survey, by, &keys)?;
    let mut groups: Vec<Group> = std::iter::once(None)
        .chain(keys.into_iter().map(Some))
        .map(|key| Group { key, ..Group::default() })
        .collect();
    if let Some(definition) = survey.codebook.questions.get(question) {
        count_bases(survey, question, definition, &members, &mut groups)?;
        count_unknown(survey, question, &members, &mut groups)?;
        match definition.kind {
            Kind::Number => summarise(survey, question, &members, &mut groups)?,
            _ => count_options(survey, question, definition, &members, &mut groups)?,
        }
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

/// Who belongs to which group: `repondant` and `groupe` (rank in the result,
/// 0 for all together).
fn members(survey: &Survey, by: Grouping, keys: &[String]) -> PolarsResult<DataFrame> {
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
    let (respondents, groups): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
    df!("repondant" => respondents, "groupe" => groups)
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
            in_base.clone().sum().alias("base"),
            col("poids").filter(in_base).sum().alias("base_ponderee"),
            col("statut").eq(lit(1_u32)).sum().alias("sans_reponse"),
            col("statut").eq(lit(2_u32)).sum().alias("non_demande"),
        ])
        .collect()?;
    for row in rows(&counted)? {
        let Some(group) = groups.get_mut(row.group) else { continue };
        group.base = row.count("base")?;
        group.weighted_base = row.number("base_ponderee")?;
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
    let counted = with_groups(survey, question, answers, members)?
        .group_by([col("groupe"), col("modalite")])
        .agg([len().alias("effectif"), col("poids").sum().alias("poids")])
        .collect()?;
    let options = counted.column("modalite")?.u32()?;
    for (row, option) in rows(&counted)?.into_iter().zip(options.iter()) {
        let group = groups.get_mut(row.group);
        let cell = group.and_then(|group| group.options.get_mut(option? as usize));
        if let Some(cell) = cell {
            *cell = Count { count: row.count("effectif")?, weighted: row.number("poids")? };
        }
    }
    Ok(())
}

fn summarise(
    survey: &Survey,
    question: usize,
    members: &DataFrame,
    groups: &mut [Group],
) -> PolarsResult<()> {
    let answers = survey.answer_frame(question)?;
    let summaries = with_groups(survey, question, answers, members)?
        .group_by([col("groupe")])
        .agg([
            len().alias("effectif"),
            (col("valeur") * col("poids")).sum().alias("somme"),
            ((col("valeur") * col("poids")).sum() / col("poids").sum()).alias("moyenne"),
            col("valeur").median().alias("mediane"),
            col("valeur").min().alias("minimum"),
            col("valeur").max().alias("maximum"),
        ])
        .collect()?;
    for row in rows(&summaries)? {
        let Some(group) = groups.get_mut(row.group) else { continue };
        group.numbers = Some(Summary {
            count: row.count("effectif")?,
            sum: row.number("somme")?,
            mean: row.number("moyenne")?,
            median: row.number("mediane")?,
            min: row.number("minimum")?,
            max: row.number("maximum")?,
        });
    }
    Ok(())
}

/// Answers with the weight and the groups of who gave them.
fn with_groups(
    survey: &Survey,
    question: usize,
    answers: DataFrame,
    members: &DataFrame,
) -> PolarsResult<LazyFrame> {
    let key = || [col("repondant")];
    let respondents = survey.respondent_frame(question)?.lazy();
    Ok(answers.lazy().join(respondents, key(), key(), JoinArgs::default()).join(
        members.clone().lazy(),
        key(),
        key(),
        JoinArgs::default(),
    ))
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
        self.number(column).map(|number| number as usize)
    }

    fn number(&self, column: &str) -> PolarsResult<f64> {
        self.frame.column(column)?.get(self.index)?.try_extract::<f64>()
    }
}

#[cfg(test)]
mod tests;
