//! An explanation for a person who reads a terminal.

use super::wording::no_interval;
use super::{Asked, BaseSteps, Explanation, SourceCell};
use crate::codebook::{Location, Separator};
use crate::indicators::{
    Definition, Linearisation, NoInterval, OwnBase, Term, Value, Wording, show,
};
use crate::tabulation::basis_word;
use crate::typography::{
    NOT_DISCLOSED, capitalised, counted, decimal, integer, percent, quoted, shortest,
};

/// How wide a line of cells may be.
const WIDTH: usize = 96;

/// The explanation as text.
pub fn explanation_text(explanation: &Explanation<'_>) -> String {
    let denominator = explanation.denominator.as_ref();
    let sections = [
        headline(explanation),
        section("Définition", &definition(explanation)),
        section("Question", &question(explanation)),
        section(
            "Base",
            &explanation.base.as_ref().map(|base| steps(base, explanation)).unwrap_or_default(),
        ),
        section("Calcul", &explanation.arithmetic),
        section("Incertitude", &uncertainty(explanation)),
        section("Chiffres utilisés", &parts(explanation)),
        cells("Cellules comptées", &explanation.cells),
        denominator.map_or(String::new(), |(_, list)| cells("Cellules du dénominateur", list)),
    ];
    let filled: Vec<String> = sections.into_iter().filter(|section| !section.is_empty()).collect();
    filled.join("\n")
}

/// « qpv : des projets touchent des publics en QPV », the place and the value.
fn headline(explanation: &Explanation<'_>) -> String {
    let definition = &explanation.figure.definition;
    let place = explanation.region.as_ref().map_or("France", |(_, name)| name.as_str());
    let (value, base) = told(&explanation.value, definition);
    format!("{} : {}\n{place} : {value}{}\n", definition.id, definition.label, base)
}

/// A value as documents print it, and its base in parentheses where the value
/// does not give it.
fn told(value: &Value, definition: &Definition) -> (String, String) {
    let told = match value.told_with_base(definition) {
        _ if value.hidden => NOT_DISCLOSED.to_string(),
        Some(told) => told,
        None => "pas de valeur".to_string(),
    };
    let base = value.base.filter(|_| value.wording == Wording::Plain);
    (told, base.map(|base| format!(" (n = {})", integer(base as i64))).unwrap_or_default())
}

fn section(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("  {line}\n")).collect();
    format!("{title}\n{}", lines.concat())
}

fn definition(explanation: &Explanation<'_>) -> Vec<String> {
    let mut lines = vec![capitalised(&explanation.definition())];
    lines.push(explanation.figure.definition.place.to_string());
    if explanation.value.hidden {
        lines.push(
            "Ce chiffre n’est pas diffusé : il repose sur trop peu de répondants, ou il \
             permettrait de retrouver un chiffre masqué."
                .to_string(),
        );
        lines.push("Les seuils sont dans la section [diffusion] d’edition.toml.".to_string());
    }
    lines
}

fn question(explanation: &Explanation<'_>) -> Vec<String> {
    let below = explanation.denominator.iter().map(|(asked, _)| asked);
    explanation.question.iter().chain(below).flat_map(question_lines).collect()
}

fn question_lines(asked: &Asked<'_>) -> Vec<String> {
    let question = asked.question;
    let mut lines: Vec<String> = match &question.location {
        Location::Options(_) => vec![quoted(&question.label)],
        _ => asked.titles.iter().map(|title| quoted(title)).collect(),
    };
    let kind = question.kind.in_words();
    let place = match &question.location {
        Location::Column(_) => String::new(),
        Location::Separated(_, separator) => {
            format!(", dans une cellule, séparées par {}", separator_words(*separator))
        }
        Location::Options(_) => ", une colonne par réponse".to_string(),
    };
    lines.push(format!("{kind}{place} ({})", question.place));
    lines
}

fn separator_words(separator: Separator) -> String {
    match separator {
        Separator::Character(character) => quoted(&character.to_string()),
        Separator::Line => "un retour à la ligne".to_string(),
        Separator::Spaces => "une espace".to_string(),
    }
}

/// How the base was reached, a line a step, with its number in front.
fn steps(base: &BaseSteps, explanation: &Explanation<'_>) -> Vec<String> {
    let mut steps = vec![(' ', base.filled, "lignes remplies".to_string())];
    for (filter, rows) in &base.filtered {
        let text = format!("écartées par le filtre {} ({})", quoted(filter), rows_text(rows));
        steps.push(('−', rows.len(), text));
    }
    if !base.unknown_projects.is_empty() {
        let text = format!("d’aucun projet du registre ({})", rows_text(&base.unknown_projects));
        steps.push(('−', base.unknown_projects.len(), text));
    }
    if !base.duplicates.is_empty() {
        let text = format!("réponses en double ({})", rows_text(&base.duplicates));
        steps.push(('−', base.duplicates.len(), text));
    }
    steps.push(('=', base.respondents, "réponses de projets".to_string()));
    if let Some((_, name)) = &explanation.region {
        let elsewhere = base.respondents - base.in_region.min(base.respondents);
        steps.push(('−', elsewhere, "d’autres régions".to_string()));
        steps.push(('=', base.in_region, name.clone()));
    }
    if let Some(OwnBase::Condition(condition)) = &explanation.figure.definition.base {
        let condition = quoted(&condition.to_string());
        let text = format!("hors de la base que le chiffre se donne ({condition})");
        steps.push(('−', base.not_asked, text));
    } else if let Some(condition) = &base.condition {
        let condition = quoted(&condition.to_string());
        steps.push((
            '−',
            base.not_asked,
            format!("à qui elle n’est pas posée (posée si {condition})"),
        ));
    } else if base.not_asked > 0 {
        steps.push(('−', base.not_asked, "à qui elle n’est pas posée".to_string()));
    }
    if base.keeps_blanks {
        let stays = match base.unanswered {
            0 => "sans réponse : la base compte tous ceux à qui elle est posée",
            1 => {
                "sans réponse, qui reste dans la base : elle compte tous ceux à qui elle est posée"
            }
            _ => {
                "sans réponse, qui restent dans la base : elle compte tous ceux à qui elle est posée"
            }
        };
        steps.push((' ', base.unanswered, stays.to_string()));
    } else if explanation.question.is_some() {
        steps.push(('−', base.unanswered, "sans réponse".to_string()));
    }
    if base.unreadable > 0 {
        steps.push(('−', base.unreadable, "dont la réponse n’est pas un nombre".to_string()));
    }
    if explanation.question.is_some() {
        steps.push(('=', base.base, "base".to_string()));
    }
    if base.unrecognised > 0 {
        steps.push((' ', base.unrecognised, "dont une réponse n’est pas reconnue".to_string()));
    }
    let width = steps.iter().map(|(_, number, _)| integer(*number as i64).chars().count()).max();
    let width = width.unwrap_or(1);
    let line = |(sign, number, text): &(char, usize, String)| {
        format!("{sign} {:>width$}  {text}", integer(*number as i64))
    };
    steps.iter().map(line).chain(response(explanation)).collect()
}

/// « taux de réponse à la question : 174 ÷ 186 = 93,5 % »
fn response(explanation: &Explanation<'_>) -> Option<String> {
    let response = explanation.value.response?;
    let of = match (&explanation.denominator, &explanation.question) {
        (Some(_), _) => "taux de réponse aux deux questions",
        (None, Some(_)) => "taux de réponse à la question",
        (None, None) => "taux de réponse",
    };
    Some(format!(
        "{of} : {} ÷ {} = {}",
        integer(response.answered as i64),
        integer(response.asked as i64),
        percent(response.rate()?, 1)
    ))
}

/// « ligne 12 », « lignes 12, 14 et 20 »
fn rows_text(rows: &[u32]) -> String {
    let numbers: Vec<String> = rows.iter().map(|row| (row + 1).to_string()).collect();
    let word = if numbers.len() > 1 { "lignes" } else { "ligne" };
    format!("{word} {}", crate::typography::list(&numbers))
}

fn uncertainty(explanation: &Explanation<'_>) -> Vec<String> {
    let (value, definition) = (&explanation.value, &explanation.figure.definition);
    let more = Definition { decimals: definition.decimals + 1, ..definition.clone() };
    let bounds = match (value.interval(), value.interval_shown(&more)) {
        (Some((low, high)), _) => format!("de {} à {}", show(low, &more), show(high, &more)),
        (None, Some(one_bound)) => one_bound,
        (None, None) => return without_interval(explanation),
    };
    let level = percent(100.0 * explanation.plan.level, 0);
    let mut lines = vec![format!("intervalle de confiance à {level} : {bounds}")];
    if let Some(basis) = value.basis {
        lines.push(format!("méthode : {}, {}", basis_word(basis), explanation.plan.in_words()));
    }
    if let Some(error) = value.standard_error {
        lines.push(format!("erreur type : {}", shortest(error, 4)));
    }
    lines.extend(explanation.linearisation.iter().flat_map(linear));
    lines.push(format!("dans R : {}", explanation.plan.in_r()));
    lines
}

/// Why a calculation on answers has no interval.
fn without_interval(explanation: &Explanation<'_>) -> Vec<String> {
    let reason = explanation.linearisation.as_ref().and_then(|found| found.found.as_ref().err());
    let told = reason.filter(|reason| !matches!(reason, NoInterval::Known | NoInterval::NoValue));
    told.map(|reason| format!("pas d’intervalle : {}", no_interval(reason))).into_iter().collect()
}

/// What each estimate has in the interval of a calculation, and how they go
/// together.
fn linear(linearisation: &Linearisation) -> Vec<String> {
    let term = |term: &Term| {
        format!(
            "{} : dérivée {}, erreur type {}",
            term.id,
            shortest(term.slope, 6),
            shortest(term.standard_error, 6)
        )
    };
    let ids: Vec<&str> = linearisation.terms.iter().map(|term| term.id.as_str()).collect();
    let mut lines: Vec<String> = linearisation.terms.iter().map(term).collect();
    for (rank, (one, row)) in ids.iter().zip(&linearisation.correlations).enumerate() {
        let others = ids.iter().zip(row).skip(rank + 1);
        lines.extend(others.map(|(other, correlation)| {
            format!("corrélation de {one} et {other} : {}", decimal(*correlation, 3))
        }));
    }
    lines
}

fn parts(explanation: &Explanation<'_>) -> Vec<String> {
    let part = |part: &Explanation<'_>| {
        let definition = &part.figure.definition;
        let (value, base) = told(&part.value, definition);
        format!("{} = {value}{base} : {}", definition.id, part.definition())
    };
    explanation.parts.iter().map(part).collect()
}

/// The cells, as many on a line as fit.
fn cells(title: &str, cells: &[SourceCell]) -> String {
    let Some(first) = cells.first() else { return String::new() };
    let mut lines: Vec<String> = Vec::new();
    for cell in cells {
        let text = cell_text(cell);
        match lines.last_mut() {
            Some(line) if line.chars().count() + text.chars().count() + 2 <= WIDTH => {
                line.push_str(&format!(", {text}"));
            }
            _ => lines.push(text),
        }
    }
    let title = format!("{title} ({}), dans {}", counted(cells.len(), "cellule"), first.place.file);
    section(&title, &lines)
}

fn cell_text(cell: &SourceCell) -> String {
    let reference = cell.reference();
    match cell.number {
        Some(number) => format!("{reference} ({})", shortest(number, 4)),
        None => reference,
    }
}
