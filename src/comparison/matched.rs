//! Which figures of two years measure the same thing.

use std::collections::BTreeMap;

use super::{Apart, Year};
use crate::codebook::{Base, Kind, Question};
use crate::indicators::{Definition, Figure, Measure, Statistic};
use crate::typography::{list, quoted};

/// What both years have, with what changed, and what cannot be compared.
pub struct Matched<'a> {
    pub both: Vec<((&'a Figure, &'a Figure), Vec<String>)>,
    pub apart: Vec<Apart>,
}

/// Matches the figures of two years by their identifiers.
pub fn matched<'a>(first: &Year<'a>, second: &Year<'a>) -> Matched<'a> {
    let mut found = Matched { both: Vec::new(), apart: Vec::new() };
    let mut refused: BTreeMap<&str, String> = BTreeMap::new();
    let (derived, direct): (Vec<&Figure>, Vec<&Figure>) = second
        .figures
        .figures
        .iter()
        .partition(|figure| matches!(figure.definition.measure, Measure::Expression(_)));
    for figure in direct.into_iter().chain(derived) {
        let id = figure.definition.id.as_str();
        let judged = judge(first, second, figure).and_then(|(before, remarks)| {
            let parts = match &figure.definition.measure {
                Measure::Expression(expression) => expression.indicators(),
                _ => Vec::new(),
            };
            match parts.into_iter().find(|part| refused.contains_key(part)) {
                Some(part) => Err(format!("calculé avec {}, qui ne se compare pas", quoted(part))),
                None => Ok((before, remarks)),
            }
        });
        match judged {
            Ok((before, remarks)) => found.both.push(((before, figure), remarks)),
            Err(reason) => {
                refused.insert(id, reason.clone());
                found.apart.push(apart(second, &figure.definition, reason));
            }
        }
    }
    let gone = first
        .figures
        .figures
        .iter()
        .filter(|figure| second.figures.get(&figure.definition.id).is_none());
    found.apart.extend(gone.map(|figure| {
        apart(first, &figure.definition, absence(first, second, &figure.definition))
    }));
    let order = |id: &str| second.figures.figures.iter().position(|f| f.definition.id == id);
    found.both.sort_by_key(|((_, figure), _)| order(&figure.definition.id));
    found
}

fn apart(year: &Year<'_>, definition: &Definition, reason: String) -> Apart {
    let (id, label) = (definition.id.clone(), definition.label.clone());
    Apart { id, label, family: family(year, definition), reason }
}

/// The label of the question that an indicator comes from.
pub fn family(year: &Year<'_>, definition: &Definition) -> String {
    question(year, definition).map(|question| question.label.clone()).unwrap_or_default()
}

fn question<'a>(year: &Year<'a>, definition: &Definition) -> Option<&'a Question> {
    year.survey.codebook.question(definition.measure.question()?)
}

/// Why an indicator of one year is not in the other.
fn absence(one: &Year<'_>, other: &Year<'_>, definition: &Definition) -> String {
    let year = other.edition.year;
    let Some(own) = question(one, definition) else {
        return format!("absent du catalogue de {year}");
    };
    match (other.survey.codebook.question(&own.id), &definition.measure) {
        (None, _) => format!("la question n’était pas posée en {year}"),
        (Some(question), Measure::Share { option, .. })
            if question.option(option).is_none() && question.kind.is_choice() =>
        {
            format!("cette modalité n’était pas proposée en {year}")
        }
        _ => format!("absent du catalogue de {year}"),
    }
}

/// The figure of the earlier year that can be compared with one of the later
/// year, and what changed; or why there is none.
fn judge<'a>(
    first: &Year<'a>,
    second: &Year<'a>,
    figure: &Figure,
) -> Result<(&'a Figure, Vec<String>), String> {
    let after = &figure.definition;
    let Some(earlier) = first.figures.get(&after.id) else {
        return Err(absence(second, first, after));
    };
    let before = &earlier.definition;
    if before.unit != after.unit {
        let [one, other] = [before, after].map(|d| quoted(d.unit.symbol()));
        return Err(format!("l’unité a changé : {one}, puis {other}"));
    }
    if before.base != after.base {
        let base = |d: &Definition| {
            d.base.as_ref().map_or("celle de la question".to_string(), |b| quoted(&b.to_string()))
        };
        return Err(format!("la base a changé : {}, puis {}", base(before), base(after)));
    }
    same_measure(before, after)?;
    let mut remarks = Vec::new();
    if before.label != after.label {
        remarks.push(format!("libellé de {} : {}", first.edition.year, quoted(&before.label)));
    }
    if let Some((one, other)) = question(first, before).zip(question(second, after)) {
        remarks.extend(same_question(first, one, other, after)?);
    }
    let unweighted = !(first.plan.is_weighted() && second.plan.is_weighted());
    if unweighted && matches!(after.measure, Measure::Number { statistic: Statistic::Total, .. }) {
        remarks.push("total des réponses reçues, qui dépend de leur nombre".to_string());
    }
    Ok((earlier, remarks))
}

fn same_measure(before: &Definition, after: &Definition) -> Result<(), String> {
    let differs = || Err("ce n’est plus la même mesure".to_string());
    match (&before.measure, &after.measure) {
        (Measure::Share { .. }, other) | (other, Measure::Share { .. })
            if other.is_of_numbers() =>
        {
            Err("le type de la question a changé".to_string())
        }
        (
            Measure::Share { question, option },
            Measure::Share { question: asked, option: ticked },
        ) if question != asked || option != ticked => {
            Err("ce n’est plus la même question ou la même modalité".to_string())
        }
        (Measure::Expression(one), Measure::Expression(other)) if one != other => {
            Err("le calcul a changé".to_string())
        }
        (one, other) if one != other => differs(),
        _ => Ok(()),
    }
}

/// Whether a question was asked in the same way; what changed and does not
/// forbid comparing.
fn same_question(
    first: &Year<'_>,
    one: &Question,
    other: &Question,
    after: &Definition,
) -> Result<Vec<String>, String> {
    let year = first.edition.year;
    if one.kind != other.kind {
        let [before, after] = [one, other].map(|question| question.kind.in_words());
        return Err(format!("le type de la question a changé : {before}, puis {after}"));
    }
    let counted = |question: &Question| match question.base {
        Base::Asked => "tous",
        Base::Respondents => "repondants",
    };
    if one.base != other.base {
        let [before, after] = [one, other].map(|question| quoted(counted(question)));
        return Err(format!("la base a changé : {before}, puis {after}"));
    }
    let asked = |question: &Question| question.condition.as_ref().map(ToString::to_string);
    if asked(one) != asked(other) {
        let words = |question| asked(question).map_or("tous".to_string(), |c| quoted(&c));
        return Err(format!(
            "la question n’est plus posée aux mêmes : {}, puis {}",
            words(one),
            words(other)
        ));
    }
    let mut remarks = changed_options(year, one, other)?;
    if one.label != other.label {
        remarks.push(format!("question de {year} : {}", quoted(&one.label)));
    }
    if let Measure::Share { option, .. } = &after.measure {
        let label = |question: &Question| {
            question
                .option(option)
                .and_then(|rank| question.options.get(rank))
                .map(|o| o.label.clone())
        };
        if let Some(before) = label(one).filter(|before| Some(before) != label(other).as_ref()) {
            remarks.push(format!("modalité de {year} : {}", quoted(&before)));
        }
    }
    remarks.dedup();
    Ok(remarks)
}

/// Options that came or went. In a question with one answer they take from all
/// others, which then say something else; in one with several, each is its own
/// yes or no.
fn changed_options(year: i32, one: &Question, other: &Question) -> Result<Vec<String>, String> {
    let missing = |from: &Question, to: &Question| -> Vec<String> {
        let gone = from.options.iter().filter(|option| to.option(&option.id).is_none());
        gone.map(|option| quoted(&option.label)).collect()
    };
    let (gone, new) = (missing(one, other), missing(other, one));
    if gone.is_empty() && new.is_empty() {
        return Ok(Vec::new());
    }
    let mut parts = Vec::new();
    if !new.is_empty() {
        parts.push(format!("sans {} en {year}", list(&new)));
    }
    if !gone.is_empty() {
        parts.push(format!("avec {} en {year} seulement", list(&gone)));
    }
    let told = format!("les modalités ont changé : {}", parts.join(", "));
    match other.kind {
        Kind::Single => Err(told),
        _ => Ok(vec![told]),
    }
}
