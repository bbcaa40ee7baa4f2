//! J: what reading the questionnaire found, and what the answers themselves
//! show.

use chrono::Datelike;

use super::{Fact, Facts, Family, Finding, Object};
use crate::codebook::{Kind, Question};
use crate::diagnostics::{Diagnostic, Place, Severity};
use crate::spreadsheet::{Position, Value};
use crate::survey::{Answers, Entries, Status};
use crate::typography::{counted, quoted, shortest};

const FAMILY: Family = Family::Answers;

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = facts.reading.iter().filter_map(read).collect();
    let questions = facts.survey.codebook.questions.iter().zip(&facts.survey.answers);
    for (rank, (question, answers)) in questions.enumerate() {
        findings.extend(empty_column(facts, question, answers, rank));
        findings.extend(outliers(facts, question, answers, rank));
        findings.extend(dates(facts, question, rank));
        findings.extend(contradicted_region(facts, question, rank));
    }
    findings
}

/// A message of the reading, as a finding.
fn read(diagnostic: &Diagnostic) -> Option<Finding> {
    let (code, severity) = match diagnostic.code {
        "reponse-non-reconnue" => ("J-reponse-non-reconnue", Severity::Warning),
        "cellule-en-erreur" => ("J-cellule-en-erreur", Severity::Warning),
        "reponse-en-double" => ("J-reponse-en-double", Severity::Warning),
        "projet-inconnu" => ("J-projet-inconnu", Severity::Error),
        "rattache-par-le-nom" => ("J-rattache-par-le-nom", Severity::Information),
        "reponse-non-demandee" => ("J-reponse-non-demandee", Severity::Warning),
        _ => return None,
    };
    let cell = |place: &Place| place.cell.clone().unwrap_or_else(|| place.to_string());
    let facts = diagnostic.places.iter().map(|place| Fact::new("cellule", cell(place)).at(place));
    Some(
        Finding::new(code, FAMILY, severity, Object::national(), diagnostic.message.clone())
            .facts(facts)
            .propose(diagnostic.help.clone().unwrap_or_default()),
    )
}

/// A question that nobody answered. Personal columns are not read, and
/// remarks may well be empty.
fn empty_column(
    facts: &Facts<'_>,
    question: &Question,
    answers: &Answers,
    rank: usize,
) -> Option<Finding> {
    let read = matches!(question.kind, Kind::Single | Kind::Multiple | Kind::Number | Kind::Date);
    let answered = answers.status.contains(&Status::Answered);
    let asked = answers.status.contains(&Status::Blank);
    (read && asked && !answered).then(|| {
        let column = facts.survey.columns.get(rank).and_then(|columns| columns.first()).copied();
        let place = facts.survey.sheet.place_of_column(column.unwrap_or(0));
        let message = format!("personne n’a répondu à {}", quoted(&question.label));
        Finding::new("J-colonne-vide", FAMILY, Severity::Warning, object(question), message)
            .fact(Fact::new("colonne", "(vide)").at(&place))
            .propose("vérifiez que la colonne est la bonne, ou retirez la question du dictionnaire")
    })
}

fn object(question: &Question) -> Object {
    Object::national().indicator(&question.id)
}

/// Numbers far from the others: beyond three times the interquartile range.
fn outliers(
    facts: &Facts<'_>,
    question: &Question,
    answers: &Answers,
    rank: usize,
) -> Option<Finding> {
    let Entries::Numbers(pairs) = &answers.entries else { return None };
    let mut sorted: Vec<f64> = pairs.iter().map(|(_, number)| *number).collect();
    sorted.sort_by(f64::total_cmp);
    if sorted.len() < 12 {
        return None;
    }
    let at = |share: f64| sorted.get((share * (sorted.len() - 1) as f64) as usize).copied();
    let (first, third) = (at(0.25)?, at(0.75)?);
    let reach = 3.0 * (third - first);
    let far: Vec<&(u32, f64)> = pairs
        .iter()
        .filter(|(_, number)| reach > 0.0 && (*number < first - reach || *number > third + reach))
        .collect();
    if far.is_empty() {
        return None;
    }
    let fact = |(respondent, number): &&(u32, f64)| {
        let cell = facts.survey.cells(*respondent, rank).into_iter().next();
        let place = cell.map(|cell| facts.survey.sheet.place_of(cell)).unwrap_or_default();
        Fact::answer(shortest(*number, 4)).at(&place)
    };
    let message =
        format!("{} loin des autres à {}", counted(far.len(), "réponse"), quoted(&question.label));
    Some(
        Finding::new("J-valeur-extreme", FAMILY, Severity::Information, object(question), message)
            .facts(far.iter().map(fact))
            .sum(format!(
                "la moitié des réponses sont entre {} et {}",
                shortest(first, 2),
                shortest(third, 2)
            ))
            .propose("vérifiez ces réponses auprès des projets"),
    )
}

/// Dates of another year than the edition's or the one before.
fn dates(facts: &Facts<'_>, question: &Question, rank: usize) -> Option<Finding> {
    if question.kind != Kind::Date {
        return None;
    }
    let column = facts.survey.columns.get(rank)?.first().copied()?;
    let year = |value: &Value| match value {
        Value::Moment(moment) => Some(moment.year()),
        _ => None,
    };
    let far: Vec<Fact> = facts
        .survey
        .respondents
        .iter()
        .filter_map(|respondent| {
            let position = Position::new(respondent.row, column);
            let value = facts.survey.sheet.value(position)?;
            let out =
                year(value).is_some_and(|year| !(facts.year - 1..=facts.year).contains(&year));
            out.then(|| {
                Fact::new("date", value.to_string()).at(&facts.survey.sheet.place_of(position))
            })
        })
        .collect();
    (!far.is_empty()).then(|| {
        let message = format!(
            "{} hors de {}-{} à {}",
            counted(far.len(), "date"),
            facts.year - 1,
            facts.year,
            quoted(&question.label)
        );
        Finding::new("J-date-hors-annee", FAMILY, Severity::Warning, object(question), message)
            .facts(far)
            .propose("vérifiez l’année de ces dates")
    })
}

/// Respondents who give another région than the register's.
fn contradicted_region(facts: &Facts<'_>, question: &Question, rank: usize) -> Option<Finding> {
    let is_it = facts.survey.codebook.respondent.region.as_deref() == Some(question.id.as_str());
    if !is_it {
        return None;
    }
    let column = facts.survey.columns.get(rank)?.first().copied()?;
    let contradicting: Vec<Fact> = facts
        .survey
        .respondents
        .iter()
        .filter_map(|respondent| {
            let position = Position::new(respondent.row, column);
            let said = facts.survey.sheet.value(position).filter(|value| !value.is_blank())?;
            let region = facts.region(respondent.region.as_deref()?)?;
            let differs = crate::matching::slug(&said.as_text()) != region.slug;
            let what = format!("{}, registre : {}", respondent.project.clone()?, region.name);
            differs.then(|| {
                Fact::new(what, said.to_string()).at(&facts.survey.sheet.place_of(position))
            })
        })
        .collect();
    (!contradicting.is_empty()).then(|| {
        let message = format!(
            "{} une autre région que celle du registre",
            match contradicting.len() {
                1 => "1 projet donne".to_string(),
                several => format!("{several} projets donnent"),
            }
        );
        Finding::new("J-region-contredite", FAMILY, Severity::Warning, object(question), message)
            .facts(contradicting)
            .propose("corrigez le registre, ou la réponse")
    })
}
