//! The answers of a year before, made from those of a year.
//!
//! Most projects that answered one year answered the year before too, and most
//! of them said much the same: so is it here, or two years could not be
//! compared as they will be. Who answered and what they said is made up all the
//! same.

use std::collections::BTreeSet;

use bilan::codebook::{Codebook, Kind, Question};
use bilan::diagnostics::Diagnostics;
use bilan::edition::Edition;
use bilan::register::Register;
use bilan::survey::{Entries, Survey};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::{Answers, Failure};

/// How many of those who answer one year had answered the year before.
const FAITHFUL: f64 = 0.87;

/// How many of the others had.
const LOST: f64 = 0.5;

/// How many answers stay what they were.
const STEADY: f64 = 0.75;

/// The answers of the later year.
pub struct Later {
    survey: Survey,
}

impl Later {
    /// Reads an edition's answers.
    pub fn read(folder: &std::path::Path) -> Result<Self, Failure> {
        let mut found = Diagnostics::new();
        let survey = Edition::read(folder, &mut found).and_then(|edition| {
            let register = Register::read(&edition.sources.register, &mut found);
            let codebook = Codebook::read(&edition.sources.codebook, &mut found)?;
            Survey::open(&edition.sources.survey, codebook, Some(&register), &mut found)
        });
        survey.map(|survey| Self { survey }).ok_or("les réponses ne peuvent pas être lues".into())
    }

    /// Who answered the year before: identifiers and names. Every région has
    /// somebody.
    pub fn people(&self, register: &Register, rng: &mut ChaCha8Rng) -> Vec<(String, String)> {
        let mut regions = BTreeSet::new();
        let mut people = Vec::new();
        for laureate in &register.laureates {
            let faithful = if self.rank(&laureate.id).is_some() { FAITHFUL } else { LOST };
            if rng.random_bool(faithful) || !regions.contains(&laureate.region) {
                regions.insert(&laureate.region);
                people.push((laureate.id.clone(), laureate.name.clone()));
            }
        }
        people
    }

    /// The answers to a question of the people asked, in the order of `ids`.
    pub fn answers(
        &self,
        question: &Question,
        ids: &[String],
        asked: &[usize],
        rng: &mut ChaCha8Rng,
    ) -> Answers {
        match question.kind {
            Kind::Single | Kind::Multiple => {
                Answers::Options(self.ticks(question, ids, asked, rng))
            }
            Kind::Number => Answers::Numbers(self.numbers(question, ids, asked, rng)),
            _ => Answers::None,
        }
    }

    fn ticks(
        &self,
        question: &Question,
        ids: &[String],
        asked: &[usize],
        rng: &mut ChaCha8Rng,
    ) -> Vec<Vec<usize>> {
        let drift: Vec<f64> = question
            .options
            .iter()
            .map(|option| self.share(&question.id, &option.id) * rng.random_range(0.75..1.3))
            .collect();
        let mut ticks = vec![Vec::new(); ids.len()];
        for person in asked {
            let mut before = self.ticked(question, &ids[*person]);
            if let (Kind::Single, Some(before)) = (question.kind, before.as_mut()) {
                before.truncate(1);
            }
            ticks[*person] = match before {
                Some(before) if !before.is_empty() && rng.random_bool(STEADY) => before,
                _ if question.kind == Kind::Single => vec![draw(&drift, rng)],
                _ => several(question, &drift, rng),
            };
        }
        ticks
    }

    /// What a project ticked in the later year, among the options there are.
    fn ticked(&self, question: &Question, id: &str) -> Option<Vec<usize>> {
        let (later, answers) = self.survey.question(&question.id)?;
        let respondent = self.rank(id)?;
        let Entries::Options(pairs) = &answers.entries else { return None };
        let options = pairs.iter().filter(|(unit, _)| *unit as usize == respondent);
        let ids = options.filter_map(|(_, option)| later.options.get(*option as usize));
        Some(ids.filter_map(|option| question.option(&option.id)).collect())
    }

    fn numbers(
        &self,
        question: &Question,
        ids: &[String],
        asked: &[usize],
        rng: &mut ChaCha8Rng,
    ) -> Vec<Option<f64>> {
        let pairs = match self.survey.question(&question.id).map(|(_, answers)| &answers.entries) {
            Some(Entries::Numbers(pairs)) => pairs.as_slice(),
            _ => &[],
        };
        let of = |id: &str| {
            let respondent = self.rank(id)?;
            pairs.iter().find(|(unit, _)| *unit as usize == respondent).map(|(_, number)| *number)
        };
        let mut numbers = vec![None; ids.len()];
        for person in asked {
            let usual = of(&ids[*person]);
            let any = pairs.get(rng.random_range(0..pairs.len().max(1))).map(|(_, number)| *number);
            let number = usual.or(any).unwrap_or(10.0);
            numbers[*person] = Some((number * rng.random_range(0.8..1.1)).round().max(1.0));
        }
        numbers
    }

    fn rank(&self, id: &str) -> Option<usize> {
        let respondents = &self.survey.respondents;
        respondents.iter().position(|respondent| respondent.project.as_deref() == Some(id))
    }

    /// The share of the later year's respondents who ticked an option.
    fn share(&self, question: &str, option: &str) -> f64 {
        let Some((question, answers)) = self.survey.question(question) else { return 0.1 };
        let Some(rank) = question.option(option) else { return 0.1 };
        let Entries::Options(pairs) = &answers.entries else { return 0.1 };
        let count = pairs.iter().filter(|(_, option)| *option as usize == rank).count();
        count as f64 / self.survey.respondents.len().max(1) as f64
    }
}

/// Options ticked each by itself, at least one; « aucun » stands alone.
fn several(question: &Question, shares: &[f64], rng: &mut ChaCha8Rng) -> Vec<usize> {
    let none = question.option("aucun");
    if none.is_some_and(|rank| rng.random_bool(shares[rank].min(1.0))) {
        return none.into_iter().collect();
    }
    let others = (0..shares.len()).filter(|rank| Some(*rank) != none);
    let ticked: Vec<usize> =
        others.filter(|rank| rng.random_bool(shares[*rank].clamp(0.0, 1.0))).collect();
    if ticked.is_empty() { vec![draw(shares, rng)] } else { ticked }
}

/// Draws a rank with chances in proportion to the shares.
fn draw(shares: &[f64], rng: &mut ChaCha8Rng) -> usize {
    let mut target = rng.random_range(0.0..1.0) * shares.iter().sum::<f64>();
    for (rank, share) in shares.iter().enumerate() {
        if target < *share {
            return rank;
        }
        target -= share;
    }
    0
}
