//! Where a figure comes from: its definition, its base and how it was reached,
//! the arithmetic with its numbers, and the cells that counted, so that a
//! person can do it again by hand in the workbook.
//!
//! A figure that disclosure control hides keeps its definition and its
//! question; it has neither arithmetic nor cells here.

mod cells;
mod json;
mod text;
mod wording;

use crate::codebook::{Base, Condition, Question};
use crate::indicators::{
    Definition, Figure, Figures, Linearisation, Measure, Value, linearisation,
};
use crate::register::Register;
use crate::sampling::Plan;
use crate::survey::{Reason, Status, Survey};

pub use cells::SourceCell;
pub use json::explanation_json;
pub use text::explanation_text;

/// What figures were computed from.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    pub figures: &'a Figures,
    pub survey: &'a Survey,
    pub register: &'a Register,
    pub plan: &'a Plan,
    /// The file of the edition, where announced totals stand.
    pub edition_file: &'a str,
}

/// A figure explained, nationally or in a région.
pub struct Explanation<'a> {
    pub figure: &'a Figure,
    pub value: Value,
    /// The région's slug and name.
    pub region: Option<(String, String)>,
    /// The question it is of.
    pub question: Option<Asked<'a>>,
    /// How its base was reached; none for what rests on no answer, or where the
    /// base is hidden.
    pub base: Option<BaseSteps>,
    /// The arithmetic, a line a step.
    pub arithmetic: Vec<String>,
    /// The cells that counted, in the order of the rows; the numerators of a
    /// ratio.
    pub cells: Vec<SourceCell>,
    /// The question and the cells of a ratio's denominators.
    pub denominator: Option<(Asked<'a>, Vec<SourceCell>)>,
    /// What the interval of a calculation is made of.
    pub linearisation: Option<Linearisation>,
    /// The figures that a calculation is made of, each explained.
    pub parts: Vec<Explanation<'a>>,
    pub plan: &'a Plan,
}

/// A question and its wording in the questionnaire.
pub struct Asked<'a> {
    pub question: &'a Question,
    /// The titles of its columns.
    pub titles: Vec<String>,
}

/// How a base was reached, in numbers of rows and of respondents.
#[derive(Debug, Clone, PartialEq)]
pub struct BaseSteps {
    /// The rows of the table that hold something.
    pub filled: usize,
    /// The rows that each filter leaves out.
    pub filtered: Vec<(String, Vec<u32>)>,
    /// The rows of projects whose other answer counts.
    pub duplicates: Vec<u32>,
    /// The rows of no project of the register.
    pub unknown_projects: Vec<u32>,
    /// All respondents, and those of the région.
    pub respondents: usize,
    pub in_region: usize,
    pub condition: Option<Condition>,
    pub not_asked: usize,
    pub unanswered: usize,
    /// Whether those who did not answer stay in the base.
    pub keeps_blanks: bool,
    /// For numbers, the answers that are none.
    pub unreadable: usize,
    /// Those of the base whose answer, or a part of it, is not recognised.
    pub unrecognised: usize,
    pub base: usize,
}

impl<'a> Origin<'a> {
    /// Explains a figure; none where it does not exist, or not in this région.
    pub fn explain(&self, id: &str, region: Option<&str>) -> Option<Explanation<'a>> {
        let figure = self.figures.get(id)?;
        let value = match region {
            None => figure.national,
            Some(slug) => match figure.regions.get(slug) {
                Some(value) => *value,
                // Other régions have one: nobody answered in this one.
                None if !figure.regions.is_empty() => Value::default(),
                None => return None,
            },
        };
        let named = region.map(|slug| {
            let region = self.register.region(slug);
            (slug.to_string(), region.map_or(slug.to_string(), |region| region.name.clone()))
        });
        let question = figure.definition.table().and_then(|id| self.survey.rank(&id));
        let shown = !value.hidden;
        let base_shown = shown || value.base.is_some();
        let base = question.filter(|_| base_shown).map(|rank| self.steps(rank, region));
        Some(Explanation {
            figure,
            value,
            region: named,
            question: question.and_then(|rank| self.asked(rank)),
            base: base.or_else(|| self.respondents(&figure.definition, region)),
            arithmetic: if shown { self.arithmetic(figure, &value, region) } else { Vec::new() },
            cells: if shown { self.cells(&figure.definition, region) } else { Vec::new() },
            denominator: self.denominator(&figure.definition, region, shown),
            linearisation: self.linearisation(&figure.definition, region).filter(|_| shown),
            parts: self.parts(&figure.definition, region),
            plan: self.plan,
        })
    }

    fn asked(&self, rank: usize) -> Option<Asked<'a>> {
        let question = self.survey.codebook.questions.get(rank)?;
        let title = |column: &crate::codebook::ColumnRef| column.title.clone();
        let titles = question.location.columns().iter().filter_map(title).collect();
        Some(Asked { question, titles })
    }

    fn denominator(
        &self,
        definition: &Definition,
        region: Option<&str>,
        shown: bool,
    ) -> Option<(Asked<'a>, Vec<SourceCell>)> {
        let table = definition.tables().into_iter().nth(1)?;
        let cells = if shown { self.answered(&table, region) } else { Vec::new() };
        Some((self.asked(self.survey.rank(&table)?)?, cells))
    }

    fn linearisation(
        &self,
        definition: &Definition,
        region: Option<&str>,
    ) -> Option<Linearisation> {
        let Measure::Expression(expression) = &definition.measure else { return None };
        Some(linearisation(self.figures, expression, region, self.survey, self.plan))
    }

    fn parts(&self, definition: &Definition, region: Option<&str>) -> Vec<Explanation<'a>> {
        let Measure::Expression(expression) = &definition.measure else { return Vec::new() };
        let mut ids = expression.indicators();
        let mut seen = Vec::new();
        ids.retain(|id| {
            let new = !seen.contains(id);
            seen.push(*id);
            new
        });
        ids.into_iter().filter_map(|id| self.explain(id, region)).collect()
    }

    /// Whether a respondent is of the région asked for.
    fn is_of(&self, respondent: usize, region: Option<&str>) -> bool {
        region.is_none_or(|slug| {
            let respondent = self.survey.respondents.get(respondent);
            respondent.is_some_and(|respondent| respondent.region.as_deref() == Some(slug))
        })
    }

    fn steps(&self, rank: usize, region: Option<&str>) -> BaseSteps {
        let mut steps = self.rows(region);
        let question = self.survey.codebook.questions.get(rank);
        let Some((question, answers)) = question.zip(self.survey.answers.get(rank)) else {
            return steps;
        };
        let own = answers.status.iter().enumerate().filter(|(who, _)| self.is_of(*who, region));
        for (_, status) in own {
            steps.not_asked += usize::from(*status == Status::NotAsked);
            steps.unanswered += usize::from(*status == Status::Blank);
        }
        let mut unknown: Vec<u32> = answers.unknown.iter().map(|u| u.respondent).collect();
        unknown.dedup();
        unknown.retain(|who| self.is_of(*who as usize, region));
        steps.condition = question.condition.clone();
        steps.keeps_blanks = question.base == Base::Asked;
        let blanks = if steps.keeps_blanks { 0 } else { steps.unanswered };
        let asked = steps.in_region.saturating_sub(steps.not_asked);
        match question.kind {
            crate::codebook::Kind::Number => {
                steps.base = self.numbers(rank, region).len();
                steps.keeps_blanks = false;
                steps.unreadable =
                    asked.saturating_sub(steps.unanswered).saturating_sub(steps.base);
            }
            _ => {
                steps.base = asked.saturating_sub(blanks);
                steps.unrecognised = unknown.len();
            }
        }
        steps
    }

    /// The steps of a count of respondents.
    fn respondents(&self, definition: &Definition, region: Option<&str>) -> Option<BaseSteps> {
        matches!(definition.measure, Measure::Respondents).then(|| self.rows(region))
    }

    /// From the rows of the table to the respondents.
    fn rows(&self, region: Option<&str>) -> BaseSteps {
        let survey = self.survey;
        let mut filtered: Vec<(String, Vec<u32>)> = Vec::new();
        let (mut duplicates, mut unknown_projects) = (Vec::new(), Vec::new());
        for left in &survey.left_out {
            match &left.reason {
                Reason::Duplicate => duplicates.push(left.row),
                Reason::UnknownProject => unknown_projects.push(left.row),
                Reason::Filter(text) => match filtered.iter_mut().find(|(t, _)| t == text) {
                    Some((_, rows)) => rows.push(left.row),
                    None => filtered.push((text.clone(), vec![left.row])),
                },
            }
        }
        let respondents = survey.respondents.len();
        let in_region = (0..respondents).filter(|who| self.is_of(*who, region)).count();
        BaseSteps {
            filled: respondents + survey.left_out.len(),
            filtered,
            duplicates,
            unknown_projects,
            respondents,
            in_region,
            condition: None,
            not_asked: 0,
            unanswered: 0,
            keeps_blanks: false,
            unreadable: 0,
            unrecognised: 0,
            base: in_region,
        }
    }
}
