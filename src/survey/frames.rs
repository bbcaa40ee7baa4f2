//! The answers as polars frames, one row an answer.

use polars::prelude::*;

use super::{Entries, Status, Survey};

impl Survey {
    /// The respondents: `repondant` (rank from 0), `region` (slug, or null),
    /// `poids`, and `statut` to a question: 0 answered, 1 blank, 2 not asked.
    pub fn respondent_frame(&self, question: usize) -> PolarsResult<DataFrame> {
        let ranks: Vec<u32> = (0..self.respondents.len() as u32).collect();
        let regions: Vec<Option<&str>> =
            self.respondents.iter().map(|respondent| respondent.region.as_deref()).collect();
        let weights: Vec<f64> = self.respondents.iter().map(|r| r.weight).collect();
        let statuses: Vec<u32> = self
            .answers
            .get(question)
            .map(|answers| answers.status.iter().map(|status| code(*status)).collect())
            .unwrap_or_default();
        df!("repondant" => ranks, "region" => regions, "poids" => weights, "statut" => statuses)
    }

    /// The answers to a question: `repondant` and `modalite` (rank of the
    /// option), or `repondant` and `valeur`; empty for texts.
    pub fn answer_frame(&self, question: usize) -> PolarsResult<DataFrame> {
        match self.answers.get(question).map(|answers| &answers.entries) {
            Some(Entries::Options(pairs)) => {
                let (respondents, options): (Vec<u32>, Vec<u32>) = pairs.iter().copied().unzip();
                df!("repondant" => respondents, "modalite" => options)
            }
            Some(Entries::Numbers(pairs)) => {
                let (respondents, values): (Vec<u32>, Vec<f64>) = pairs.iter().copied().unzip();
                df!("repondant" => respondents, "valeur" => values)
            }
            _ => df!("repondant" => Vec::<u32>::new()),
        }
    }
}

fn code(status: Status) -> u32 {
    match status {
        Status::Answered => 0,
        Status::Blank => 1,
        Status::NotAsked => 2,
    }
}
