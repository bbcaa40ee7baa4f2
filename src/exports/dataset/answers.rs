//! The answers themselves, so that nobody can be recognised in them.
//!
//! A row a respondent, in an order that says nothing; no identifier, no name,
//! no text, no date, no région. Of each question that the edition names:
//!
//! - nothing, where disclosure hides one of its national figures;
//! - the options that fewer than `least` respondents ticked, or left, are put
//!   together or left out; numbers become classes of at least `least`;
//! - and nothing, where the rows would give away a hidden cell of a région.
//!
//! For the last rule the program plays the reader who knows every published
//! figure: a row cannot be of a région where nobody ticked what it ticks, or
//! where everybody ticked what it does not. What remains bounds each hidden
//! count of a région from both sides; where the bounds are closer than the
//! edition's `protection`, the question that excludes the most is dropped, and
//! so on. `least` is the larger of the edition's two thresholds.

use std::collections::BTreeSet;

use super::resource::{Datum, Field, FieldKind, Resource};
use crate::codebook::{Kind, Question};
use crate::disclosure::Rules;
use crate::indicators::{Figures, Measure};
use crate::survey::{Entries, Status, Survey};
use crate::typography::shortest;

/// How many classes a number has at most.
const CLASSES: usize = 5;

/// The value of the options put together.
const TOGETHER: &str = "autres";

/// The anonymised answers, and what was left out of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Anonymised {
    pub fields: Vec<Field>,
    pub rows: Vec<Vec<Datum>>,
    /// The questions that were asked for and are not there, each with the
    /// reason.
    pub left_out: Vec<(String, &'static str)>,
}

/// The columns that a question becomes.
struct Columns {
    question: usize,
    fields: Vec<Field>,
    /// One a respondent, one a field.
    cells: Vec<Vec<Datum>>,
}

/// Makes the answers to some questions anonymous, under the rules of the
/// edition.
pub fn anonymise(
    survey: &Survey,
    figures: &Figures,
    questions: &[String],
    rules: &Rules,
) -> Anonymised {
    let least = rules.base_minimale.max(rules.effectif_minimal);
    let mut left_out = Vec::new();
    let mut columns: Vec<Columns> = Vec::new();
    for id in questions {
        match survey.rank(id).map(|rank| columns_of(survey, figures, rank, least)) {
            Some(Ok(found)) => columns.push(found),
            Some(Err(reason)) => left_out.push((id.clone(), reason)),
            None => left_out.push((id.clone(), "la question n’existe pas")),
        }
    }
    while let Some(worst) = worst_question(survey, figures, &columns, rules.protection) {
        let dropped = columns.remove(worst);
        let question = survey.codebook.questions.get(dropped.question);
        let id = question.map(|question| question.id.clone()).unwrap_or_default();
        left_out.push((id, "un chiffre masqué d’une région pourrait en être déduit"));
    }
    let respondents = 0..survey.respondents.len();
    let row = |respondent: usize| -> Vec<Datum> {
        let cells = columns.iter().filter_map(|columns| columns.cells.get(respondent));
        cells.flatten().cloned().collect()
    };
    let mut rows: Vec<Vec<Datum>> = respondents.map(row).collect();
    rows.sort_by_key(|row| format!("{row:?}"));
    let fields: Vec<Field> = columns.into_iter().flat_map(|columns| columns.fields).collect();
    if fields.is_empty() {
        rows.clear();
    }
    Anonymised { fields, rows, left_out }
}

/// The table of the package.
pub fn resource(answers: &Anonymised) -> Resource {
    Resource {
        name: "reponses".to_string(),
        title: "Réponses anonymisées".to_string(),
        description: "Une ligne par répondant, dans un ordre qui ne dit rien, sans région ni identifiant. Les valeurs rares sont réunies ou ôtées, les nombres mis en classes. Une case vide est une absence de réponse.".to_string(),
        fields: answers.fields.clone(),
        rows: answers.rows.clone(),
        ..Resource::default()
    }
}

fn columns_of(
    survey: &Survey,
    figures: &Figures,
    rank: usize,
    least: usize,
) -> Result<Columns, &'static str> {
    let question = survey.codebook.questions.get(rank).ok_or("la question n’existe pas")?;
    if hides_national(figures, question) {
        return Err("un de ses chiffres nationaux est masqué");
    }
    let columns = match question.kind {
        Kind::Single => single(survey, rank, question, least),
        Kind::Multiple => multiple(survey, rank, question, least),
        Kind::Number => number(survey, rank, question, least),
        _ => return Err("seules les questions à choix et les nombres sont publiés"),
    };
    let columns = columns.filter(|columns| !columns.fields.is_empty());
    columns.ok_or("trop peu de réponses pour qu’elles soient anonymes")
}

fn hides_national(figures: &Figures, question: &Question) -> bool {
    figures.figures.iter().filter(|figure| figure.national.hidden).any(|figure| {
        let measure = &figure.definition.measure;
        // A ratio is of those who answered two questions: hidden, it says nothing
        // of who answered one.
        let ratio = matches!(measure, Measure::Ratio { .. });
        !ratio && measure.question() == Some(question.id.as_str())
    })
}

/// What each respondent ticked; none who did not answer.
fn ticks(survey: &Survey, rank: usize) -> Vec<Option<BTreeSet<usize>>> {
    let Some(answers) = survey.answers.get(rank) else { return Vec::new() };
    let answered = |status: &Status| (*status == Status::Answered).then(BTreeSet::new);
    let mut ticks: Vec<Option<BTreeSet<usize>>> = answers.status.iter().map(answered).collect();
    if let Entries::Options(pairs) = &answers.entries {
        for (respondent, option) in pairs {
            if let Some(Some(ticked)) = ticks.get_mut(*respondent as usize) {
                ticked.insert(*option as usize);
            }
        }
    }
    ticks
}

/// One column: the option, those that few chose put together.
fn single(survey: &Survey, rank: usize, question: &Question, least: usize) -> Option<Columns> {
    let ticks = ticks(survey, rank);
    let chosen = |ticked: &Option<BTreeSet<usize>>| {
        ticked.as_ref().map(|ticked| ticked.iter().next().copied())
    };
    let chosen: Vec<Option<Option<usize>>> = ticks.iter().map(chosen).collect();
    let count = |option: Option<usize>| chosen.iter().filter(|c| **c == Some(option)).count();
    let mut options: Vec<Option<usize>> = (0..question.options.len()).map(Some).collect();
    options.push(None); // An answer that is none of the options.
    options.retain(|option| count(*option) > 0);
    options.sort_by_key(|option| count(*option));
    let mut together: Vec<Option<usize>> = Vec::new();
    let total = |options: &[Option<usize>]| options.iter().map(|o| count(*o)).sum::<usize>();
    for option in options {
        let rare = count(option) < least || option.is_none();
        let too_few_yet = !together.is_empty() && total(&together) < least;
        if rare || too_few_yet {
            together.push(option);
        }
    }
    if !together.is_empty() && total(&together) < least {
        return None;
    }
    let word = |option: &Option<usize>| {
        let kept = option.filter(|rank| !together.contains(&Some(*rank)));
        let id = kept.and_then(|rank| question.options.get(rank)).map(|option| option.id.clone());
        id.unwrap_or_else(|| TOGETHER.to_string())
    };
    let cell = |answer: &Option<Option<usize>>| {
        vec![answer.as_ref().map_or(Datum::None, |option| Datum::Text(word(option)))]
    };
    let cells: Vec<Vec<Datum>> = chosen.iter().map(cell).collect();
    let values: BTreeSet<String> = chosen.iter().flatten().map(word).collect();
    let field = Field::new(&question.id, FieldKind::Text, &question.label, "Modalité choisie");
    Some(Columns { question: rank, fields: vec![field.of(values)], cells })
}

/// A column an option: ticked or not. Those that few ticked, or few left, are
/// left out.
fn multiple(survey: &Survey, rank: usize, question: &Question, least: usize) -> Option<Columns> {
    let ticks = ticks(survey, rank);
    let answered = ticks.iter().flatten().count();
    let count = |option: usize| ticks.iter().flatten().filter(|t| t.contains(&option)).count();
    let rare = |count: usize| count > 0 && count < least;
    let kept: Vec<usize> = (0..question.options.len())
        .filter(|option| !rare(count(*option)) && !rare(answered - count(*option)))
        .collect();
    let field = |option: &usize| {
        let option = question.options.get(*option)?;
        let name = format!("{}.{}", question.id, option.id);
        let title = format!("{} : {}", question.label, option.label);
        Some(Field::new(&name, FieldKind::Boolean, &title, "Si la modalité est cochée"))
    };
    let cells = |ticked: &Option<BTreeSet<usize>>| {
        let cell = |option: &usize| {
            ticked.as_ref().map_or(Datum::None, |ticked| Datum::Boolean(ticked.contains(option)))
        };
        kept.iter().map(cell).collect()
    };
    Some(Columns {
        question: rank,
        fields: kept.iter().filter_map(field).collect(),
        cells: ticks.iter().map(cells).collect(),
    })
}

/// One column: the class of the number. Its bounds are between numbers, and
/// the outer ones are open, so that no number is given.
fn number(survey: &Survey, rank: usize, question: &Question, least: usize) -> Option<Columns> {
    let answers = survey.answers.get(rank)?;
    let Entries::Numbers(pairs) = &answers.entries else { return None };
    let mut numbers: Vec<f64> = pairs.iter().map(|(_, number)| *number).collect();
    numbers.sort_by(f64::total_cmp);
    let bounds = class_bounds(&numbers, least.max(1));
    let mut cells = vec![vec![Datum::None]; answers.status.len()];
    for (respondent, number) in pairs {
        if let Some(cell) = cells.get_mut(*respondent as usize) {
            *cell = vec![Datum::Text(class(*number, &bounds))];
        }
    }
    let values = (0..=bounds.len()).map(|rank| class_name(rank, &bounds));
    let field = Field::new(&question.id, FieldKind::Text, &question.label, "Classe du nombre");
    Some(Columns { question: rank, fields: vec![field.of(values)], cells })
}

/// Bounds between classes of at least `least` numbers, at most [`CLASSES`];
/// halfway between two numbers that differ.
fn class_bounds(numbers: &[f64], least: usize) -> Vec<f64> {
    let size = numbers.len().div_ceil(CLASSES).max(least);
    let mut bounds = Vec::new();
    let mut begin = 0;
    while begin + size + least <= numbers.len() {
        let mut end = begin + size;
        let differs =
            |end: usize| numbers.get(end - 1).zip(numbers.get(end)).is_some_and(|(a, b)| a < b);
        while end < numbers.len() && !differs(end) {
            end += 1;
        }
        if end + least > numbers.len() {
            break;
        }
        if let (Some(low), Some(high)) = (numbers.get(end - 1), numbers.get(end)) {
            bounds.push((low + high) / 2.0);
        }
        begin = end;
    }
    bounds
}

fn class(number: f64, bounds: &[f64]) -> String {
    class_name(bounds.iter().filter(|bound| number > **bound).count(), bounds)
}

fn class_name(rank: usize, bounds: &[f64]) -> String {
    let shown = |bound: &f64| shortest(*bound, 2);
    let low = rank.checked_sub(1).and_then(|rank| bounds.get(rank)).map(shown);
    let high = bounds.get(rank).map(shown);
    match (low, high) {
        (Some(low), Some(high)) => format!("de {low} à {high}"),
        (Some(low), None) => format!("plus de {low}"),
        (None, Some(high)) => format!("moins de {high}"),
        (None, None) => "tous les nombres".to_string(),
    }
}

/// What a reader knows of an option in a région.
struct Known {
    question: usize,
    option: usize,
    region: usize,
    base: usize,
    /// None where it is hidden.
    count: Option<usize>,
}

/// The question to drop first, where the rows give a hidden cell away.
fn worst_question(
    survey: &Survey,
    figures: &Figures,
    columns: &[Columns],
    protection: usize,
) -> Option<usize> {
    let regions: BTreeSet<&String> =
        survey.respondents.iter().filter_map(|respondent| respondent.region.as_ref()).collect();
    let regions: Vec<&String> = regions.into_iter().collect();
    let shown: Vec<usize> = columns.iter().map(|columns| columns.question).collect();
    let known = known(survey, figures, &shown, &regions);
    let ticks: Vec<Vec<Option<BTreeSet<usize>>>> =
        shown.iter().map(|rank| ticks(survey, *rank)).collect();
    let mut excluded = vec![0; shown.len()];
    let mut possible = vec![vec![true; regions.len()]; survey.respondents.len()];
    for fact in &known {
        let Some(rank) = shown.iter().position(|question| *question == fact.question) else {
            continue;
        };
        let Some(answers) = ticks.get(rank) else { continue };
        for (row, answer) in possible.iter_mut().zip(answers) {
            if fact.excludes(answer.as_ref())
                && let (Some(region), Some(count)) =
                    (row.get_mut(fact.region), excluded.get_mut(rank))
            {
                *region = false;
                *count += 1;
            }
        }
    }
    let exposed = known.iter().filter(|fact| fact.count.is_none()).any(|fact| {
        let rank = shown.iter().position(|question| *question == fact.question);
        let answers = rank.and_then(|rank| ticks.get(rank));
        answers.is_some_and(|answers| fact.is_exposed(&possible, answers, protection))
    });
    let worst = excluded.iter().enumerate().max_by_key(|(rank, count)| (**count, *rank));
    worst.map(|(rank, _)| rank).filter(|_| exposed)
}

impl Known {
    /// Whether an answer cannot come from the région.
    fn excludes(&self, answer: Option<&BTreeSet<usize>>) -> bool {
        let (Some(count), Some(answer)) = (self.count, answer) else { return false };
        let ticked = answer.contains(&self.option);
        (ticked && count == 0) || (!ticked && count == self.base)
    }

    /// Whether the rows leave too little doubt on a hidden count.
    fn is_exposed(
        &self,
        possible: &[Vec<bool>],
        answers: &[Option<BTreeSet<usize>>],
        protection: usize,
    ) -> bool {
        let mut sure = [0, 0];
        let mut may_be = [0, 0];
        for (row, answer) in possible.iter().zip(answers) {
            let Some(answer) = answer else { continue };
            let side = usize::from(answer.contains(&self.option));
            let here = row.get(self.region) == Some(&true);
            let elsewhere =
                row.iter().enumerate().any(|(region, may)| *may && region != self.region);
            if let (true, Some(may), Some(sure)) = (here, may_be.get_mut(side), sure.get_mut(side))
            {
                *may += 1;
                *sure += usize::from(!elsewhere);
            }
        }
        let [sure_no, sure_yes] = sure;
        let [may_no, may_yes] = may_be;
        let low = sure_yes.max(self.base.saturating_sub(may_no));
        let high = may_yes.min(self.base.saturating_sub(sure_no));
        high.saturating_sub(low) < protection.min(self.base)
    }
}

/// What is published of the options of some questions, région by région.
fn known(
    survey: &Survey,
    figures: &Figures,
    questions: &[usize],
    regions: &[&String],
) -> Vec<Known> {
    let mut all = Vec::new();
    for figure in &figures.figures {
        let Measure::Share { question, option } = &figure.definition.measure else { continue };
        let Some(rank) = survey.rank(question).filter(|rank| questions.contains(rank)) else {
            continue;
        };
        let definition = survey.codebook.questions.get(rank);
        let Some(option) = definition.and_then(|question| question.option(option)) else {
            continue;
        };
        for (region, slug) in regions.iter().enumerate() {
            let Some(value) = figure.regions.get(*slug) else { continue };
            let base = value.base.unwrap_or(0);
            let count = value.count.filter(|_| !value.hidden);
            all.push(Known { question: rank, option, region, base, count });
        }
    }
    all
}
