//! The margins of a calibration: who is in which cell, and the totals.

use crate::codebook::{Kind, Question};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::edition::{CalibrationMargin, Estimation, Variable};
use crate::matching;
use crate::register::{Laureate, Register};
use crate::statistics::sums::sum;
use crate::statistics::{CalibrationFault, Margin};
use crate::survey::{Entries, Survey};
use crate::typography::{alternatives, counted, integer, quoted, shortest};

/// How many cells or projects a message names.
const NAMED: usize = 5;

/// A margin and the words for it.
pub(super) struct NamedMargin {
    pub margin: Margin,
    pub name: String,
    /// Whether it is a question's.
    pub of_question: bool,
    /// The names of its cells.
    pub cells: Vec<String>,
    pub place: Place,
}

/// Reads the margins that the edition asks for.
///
/// Pushes an error for each that does not hold: no such variable, a respondent
/// without an answer, totals that are not those of the register.
pub(super) fn read(
    survey: &Survey,
    register: &Register,
    estimation: &Estimation,
    found: &mut Diagnostics,
) -> Option<Vec<NamedMargin>> {
    let wanted = &estimation.calibration.margins;
    if wanted.is_empty() {
        found.push(no_margin(estimation));
        return None;
    }
    let read = |margin: &CalibrationMargin| {
        let read = match &margin.variable {
            Variable::Register(name) => of_register(name, margin, survey, register),
            Variable::Question { id, totals } => of_question(id, totals, margin, survey),
        };
        found.take(read)
    };
    let margins: Option<Vec<NamedMargin>> =
        wanted.iter().map(read).collect::<Vec<_>>().into_iter().collect();
    let margins = margins?;
    let unequal: Vec<Diagnostic> =
        margins.iter().filter_map(|margin| wrong_sum(margin, register)).collect();
    let sound = unequal.is_empty();
    found.extend(unequal);
    sound.then_some(margins)
}

/// The names of the variables and their values are the cells' « variable :
/// valeur ».
pub(super) fn name_of(margins: &[NamedMargin], (margin, cell): (usize, usize)) -> String {
    let named = margins.get(margin);
    let cell = named.and_then(|named| named.cells.get(cell)).map_or("", String::as_str);
    format!("{} : {cell}", named.map_or("", |named| named.name.as_str()))
}

/// The message for weights that cannot be adjusted.
pub(super) fn fault(fault: CalibrationFault, margins: &[NamedMargin]) -> Diagnostic {
    let (at, message, help) = match fault {
        CalibrationFault::Shape { margin } => {
            (margin, "cette marge n’a pas une valeur par réponse".to_string(), "signalez-le")
        }
        CalibrationFault::EmptyCell { margin, cell } => (
            margin,
            format!("personne n’a répondu pour {}", quoted(&name_of(margins, (margin, cell)))),
            "retirez cette marge, ou regroupez sa modalité avec une autre",
        ),
        CalibrationFault::EmptyPopulation { margin, cell } => (
            margin,
            format!(
                "des réponses sont à {}, dont le total est zéro",
                quoted(&name_of(margins, (margin, cell)))
            ),
            "corrigez le total de cette modalité",
        ),
    };
    let place = margins.get(at).map(|named| named.place.clone()).unwrap_or_default();
    Diagnostic::error("marge-invalide", message).at(place).help(help)
}

fn no_margin(estimation: &Estimation) -> Diagnostic {
    Diagnostic::error("calage-sans-marge", "le calage n’a aucune marge")
        .at(estimation.place.clone())
        .help("ajoutez [[calage.marge]] registre = \"region\" (ou « porteur », ou une question)")
}

/// A variable that the register knows of every project: the totals are counted.
fn of_register(
    name: &str,
    margin: &CalibrationMargin,
    survey: &Survey,
    register: &Register,
) -> Result<NamedMargin, Diagnostic> {
    let known = register.laureates.first().is_some_and(|first| first.cells.has(name));
    let value = |laureate: &Laureate| match matching::loose_key(name).as_str() {
        "region" => register.region(&laureate.region).map(|region| region.name.clone()),
        "porteur" => {
            let region = register.region(&laureate.region);
            region.map(|region| region.carrier.label().to_string())
        }
        _ => laureate.text(name).map(str::to_string),
    };
    let is_known = known || ["region", "porteur"].contains(&matching::loose_key(name).as_str());
    if !is_known {
        return Err(unknown_variable(name, margin, register));
    }
    let values: Vec<Option<String>> = register.laureates.iter().map(value).collect();
    let blank = register.laureates.iter().zip(&values).filter(|(_, value)| value.is_none());
    let blank: Vec<&Laureate> = blank.map(|(laureate, _)| laureate).collect();
    if !blank.is_empty() {
        return Err(blank_values(name, &blank, margin));
    }
    let values: Vec<String> = values.into_iter().flatten().collect();
    let mut cells = values.clone();
    cells.sort();
    cells.dedup();
    let rank = |value: &String| cells.binary_search(value).unwrap_or(cells.len());
    let totals = crate::statistics::sums::sums_by_cell(
        cells.len(),
        values.iter().map(|value| (rank(value), 1.0)),
    );
    let of_respondent = |respondent: &crate::survey::Respondent| {
        let laureate = respondent.project.as_deref().and_then(|id| register.laureate(id));
        laureate.and_then(value).as_ref().map_or(cells.len(), &rank)
    };
    let of: Vec<usize> = survey.respondents.iter().map(of_respondent).collect();
    Ok(NamedMargin {
        margin: Margin { cells: of, totals },
        name: matching::slug(name),
        of_question: false,
        cells,
        place: margin.place.clone(),
    })
}

/// An exclusive question, with the totals that the edition gives.
fn of_question(
    id: &str,
    totals: &[(String, f64)],
    margin: &CalibrationMargin,
    survey: &Survey,
) -> Result<NamedMargin, Diagnostic> {
    let Some((question, answers)) = survey.question(id) else {
        return Err(unknown_question(id, margin, survey));
    };
    if question.kind != Kind::Single {
        let message = format!("la question {} n’est pas à choix unique", quoted(id));
        return Err(Diagnostic::error("marge-invalide", message)
            .at(margin.place.clone())
            .help("calez sur une question où chaque projet n’a qu’une réponse"));
    }
    if let Some((word, _)) = totals.iter().find(|(word, _)| question.option(word).is_none()) {
        return Err(unknown_option(word, question, margin));
    }
    let mut cells: Vec<Option<usize>> = vec![None; survey.respondents.len()];
    if let Entries::Options(pairs) = &answers.entries {
        for (respondent, option) in pairs {
            if let Some(cell) = cells.get_mut(*respondent as usize) {
                *cell = Some(*option as usize);
            }
        }
    }
    let missing: Vec<u32> =
        (0..).zip(&cells).filter(|(_, c)| c.is_none()).map(|(r, _)| r).collect();
    if !missing.is_empty() {
        return Err(missing_answers(id, &missing, margin, survey));
    }
    let absent = |cell: &usize| {
        let option = question.options.get(*cell)?;
        (!totals.iter().any(|(id, _)| *id == option.id)).then_some(option)
    };
    if let Some(option) = cells.iter().flatten().find_map(absent) {
        let message = format!(
            "la modalité {} de {}, qui a des réponses, n’a pas de total",
            quoted(&option.id),
            quoted(id)
        );
        return Err(Diagnostic::error("marge-invalide", message)
            .at(margin.place.clone())
            .help(format!("ajoutez {} = … aux « totaux » de cette marge", option.id)));
    }
    let total = |option: &crate::codebook::Choice| {
        totals.iter().find(|(id, _)| *id == option.id).map_or(0.0, |(_, total)| *total)
    };
    Ok(NamedMargin {
        margin: Margin {
            cells: cells.into_iter().flatten().collect(),
            totals: question.options.iter().map(total).collect(),
        },
        name: question.id.clone(),
        of_question: true,
        cells: question.options.iter().map(|option| option.label.clone()).collect(),
        place: margin.place.clone(),
    })
}

/// Every margin must add up to the projects of the register, or raking turns
/// for ever between two populations.
fn wrong_sum(named: &NamedMargin, register: &Register) -> Option<Diagnostic> {
    let total = sum(named.margin.totals.iter().copied());
    let projects = register.laureates.len();
    if (total - projects as f64).abs() <= 1e-9 * projects as f64 {
        return None;
    }
    let message = format!(
        "les totaux de {} font {}, le registre a {}",
        quoted(&named.name),
        shortest(total, 6),
        counted(projects, "projet")
    );
    Some(
        Diagnostic::error("marge-incoherente", message)
            .at(named.place.clone())
            .help(format!("ramenez-les à {}", integer(projects as i64))),
    )
}

fn unknown_variable(name: &str, margin: &CalibrationMargin, register: &Register) -> Diagnostic {
    let columns = register.laureates.first().map(|first| first.cells.titles());
    let known: Vec<&str> =
        ["region", "porteur"].into_iter().chain(columns.into_iter().flatten()).collect();
    let near: Vec<String> =
        matching::nearest(name, known.iter().copied()).into_iter().map(quoted).collect();
    let help = match near.as_slice() {
        [] => "écrivez region, porteur ou le titre d’une colonne de « Lauréats »".to_string(),
        near => format!("vouliez-vous dire {} ?", alternatives(near)),
    };
    let message = format!("le registre ne connaît pas {}", quoted(name));
    Diagnostic::error("variable-inconnue", message).at(margin.place.clone()).help(help)
}

fn blank_values(name: &str, blank: &[&Laureate], margin: &CalibrationMargin) -> Diagnostic {
    let message =
        format!("{} n’est pas renseigné pour {}", quoted(name), counted(blank.len(), "projet"));
    let diagnostic = Diagnostic::error("marge-invalide", message).at(margin.place.clone());
    let cells = blank.iter().take(NAMED).map(|laureate| laureate.cells.place(name));
    cells.fold(diagnostic, Diagnostic::at).help("remplissez ces cellules du registre")
}

fn unknown_question(id: &str, margin: &CalibrationMargin, survey: &Survey) -> Diagnostic {
    let singles = survey.codebook.questions.iter().filter(|q| q.kind == Kind::Single);
    let ids: Vec<&str> = singles.map(|question| question.id.as_str()).collect();
    let near: Vec<String> =
        matching::nearest(id, ids.iter().copied()).into_iter().map(quoted).collect();
    let help = match near.as_slice() {
        [] if ids.len() == 1 => format!("la seule question à choix unique est {}", ids.join(", ")),
        [] => format!("les questions à choix unique sont {}", ids.join(", ")),
        near => format!("vouliez-vous dire {} ?", alternatives(near)),
    };
    Diagnostic::error("question-inconnue", format!("aucune question ne s’appelle {}", quoted(id)))
        .at(margin.place.clone())
        .help(help)
}

fn unknown_option(word: &str, question: &Question, margin: &CalibrationMargin) -> Diagnostic {
    let ids: Vec<&str> = question.options.iter().map(|option| option.id.as_str()).collect();
    let near: Vec<String> =
        matching::nearest(word, ids.iter().copied()).into_iter().map(quoted).collect();
    let help = match near.as_slice() {
        [] => format!("ses modalités sont {}", ids.join(", ")),
        near => format!("vouliez-vous dire {} ?", alternatives(near)),
    };
    let message =
        format!("la question {} n’a pas de modalité {}", quoted(&question.id), quoted(word));
    Diagnostic::error("modalite-inconnue", message).at(margin.place.clone()).help(help)
}

fn missing_answers(
    id: &str,
    missing: &[u32],
    margin: &CalibrationMargin,
    survey: &Survey,
) -> Diagnostic {
    let rank = survey.rank(id).unwrap_or_default();
    let cells = missing.iter().filter_map(|r| survey.cells(*r, rank).into_iter().next());
    let named: Vec<String> = cells.take(NAMED).map(|cell| cell.to_string()).collect();
    let more = missing.len().saturating_sub(NAMED);
    let named =
        named.join(", ") + &if more > 0 { format!(" et {more} autres") } else { String::new() };
    let message = format!(
        "{} sans réponse reconnue à {} : le calage ne sait pas où les ranger",
        counted(missing.len(), "répondant"),
        quoted(id)
    );
    Diagnostic::error("marge-invalide", message)
        .at(margin.place.clone())
        .at(survey.sheet.place().at(named))
        .help("complétez ces réponses, ou retirez la marge")
}
