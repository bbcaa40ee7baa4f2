//! I: each published figure against the one computed from the answers.
//!
//! Exact ratios are compared at the printed precision, never rounded ones. A
//! difference comes with the number of answers that would have to change, and
//! with the other definitions that would give the printed value.

use super::claims::Claim;
use super::totals::published_fact;
use super::{Fact, Facts, Family, Finding, Object};
use crate::diagnostics::Severity;
use crate::indicators::{Figure, Measure};
use crate::matching;
use crate::published::{NAMES, PublishedFigure};
use crate::survey::Status;
use crate::tabulation::{Group, Grouping, count_answers};
use crate::typography::{counted, list, quoted, round_half_up, shortest};

const FAMILY: Family = Family::Recomputed;

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let national = facts.published.iter().filter(|figure| figure.is_national());
    let compared = national.filter_map(|figure| compare(facts, figure));
    compared.chain(unknown_indicators(facts)).collect()
}

/// I2: published figures of an indicator that the catalogue nearly has: they
/// are compared with nothing.
fn unknown_indicators(facts: &Facts<'_>) -> Vec<Finding> {
    let ids: Vec<&str> = facts.figures.figures.iter().map(|f| f.definition.id.as_str()).collect();
    let mut seen: Vec<&str> = Vec::new();
    let mut findings = Vec::new();
    for figure in facts.published {
        let Some(id) = figure.indicator.as_deref() else { continue };
        let known = NAMES.contains(&id) || ids.contains(&id);
        if figure.card.is_some() || known || seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let near = matching::nearest(id, ids.iter().copied());
        let near = near.first().filter(|near| matching::similarity(near, id) >= 0.8);
        findings.extend(near.map(|near| {
            let message = format!("{} n’est pas un indicateur : rien ne le vérifie", quoted(id));
            let object = Object::national().indicator(id);
            let place = figure.cells.place("Indicateur");
            Finding::new("I-indicateur-inconnu", FAMILY, Severity::Warning, object, message)
                .fact(published_fact(figure))
                .fact(Fact::new("indicateur", id).at(&place))
                .propose(format!("écrivez {}, si c’est bien lui", quoted(near)))
        }));
    }
    findings
}

fn compare(facts: &Facts<'_>, figure: &PublishedFigure) -> Option<Finding> {
    let computed = facts.figures.get(figure.indicator.as_deref()?)?;
    // Totals of the register are family A's.
    if !computed.rests_on_answers() && computed.definition.parts.is_some() {
        return None;
    }
    let (printed, value) = (figure.value?, computed.national.value?);
    let holds = Claim::of(figure).holds_for(&computed.national, printed, figure.decimals());
    (!holds).then(|| finding(facts, figure, computed, printed, value))
}

fn finding(
    facts: &Facts<'_>,
    figure: &PublishedFigure,
    computed: &Figure,
    printed: f64,
    value: f64,
) -> Finding {
    let exact = figure.certain && Claim::of(figure) == Claim::Equal && !facts.demonstration;
    let severity = if exact { Severity::Error } else { Severity::Warning };
    let shown = computed.national.told(&computed.definition).unwrap_or_default();
    let base = computed.national.base.map_or(String::new(), |base| format!(" (n = {base})"));
    let made_up = if facts.demonstration { " sur des réponses de démonstration" } else { "" };
    let message = format!("publié : {} ; recalculé{made_up} : {shown}{base}", figure.printed);
    let object = Object::national().indicator(&computed.definition.id);
    let mut arithmetic = arithmetic(computed, printed, value, figure.decimals());
    if let Some(change) = answers_to_change(computed, printed, figure.decimals()) {
        arithmetic = format!("{arithmetic} ; {change}");
    }
    let others = other_definitions(facts, computed, printed, figure.decimals());
    let proposal = if others.is_empty() {
        "corrigez le chiffre publié, ou dites sur quelles réponses il repose".to_string()
    } else {
        format!("la valeur publiée serait {} : dites laquelle est voulue", list(&others))
    };
    Finding::new("I-publie-et-recalcule", FAMILY, severity, object, message)
        .fact(published_fact(figure))
        .fact(Fact::new(format!("recalculé : {}", computed.definition.label), shown))
        .sum(arithmetic)
        .propose(proposal)
}

fn arithmetic(computed: &Figure, printed: f64, value: f64, decimals: usize) -> String {
    let rounded = shortest(round_half_up(value, decimals), decimals);
    match (computed.national.count, computed.national.base) {
        (Some(count), Some(base)) => {
            format!(
                "{count} ÷ {base} = {} % → {rounded} ≠ {}",
                shortest(value, 2),
                shortest(printed, 4)
            )
        }
        _ => format!("{} → {rounded} ≠ {}", shortest(value, 2), shortest(printed, 4)),
    }
}

/// How many answers would have to change for the printed share to hold.
fn answers_to_change(computed: &Figure, printed: f64, decimals: usize) -> Option<String> {
    let (count, base) = (computed.national.count?, computed.national.base?);
    let share = |count: usize| round_half_up(100.0 * count as f64 / base.max(1) as f64, decimals);
    let fits = (0..=base).filter(|candidate| (share(*candidate) - printed).abs() < 1e-9);
    let nearest = fits.min_by_key(|candidate| candidate.abs_diff(count));
    Some(match nearest {
        Some(nearest) => {
            let change = counted(nearest.abs_diff(count), "réponse");
            format!("{change} devraient changer ({count} → {nearest})")
        }
        None => format!("aucun effectif sur {base} ne donne {}", shortest(printed, 4)),
    })
}

/// The definitions that would give the printed share.
fn other_definitions(
    facts: &Facts<'_>,
    computed: &Figure,
    printed: f64,
    decimals: usize,
) -> Vec<String> {
    let Measure::Share { question, .. } = &computed.definition.measure else { return Vec::new() };
    let (Some(rank), Some(count)) = (facts.survey.rank(question), computed.national.count) else {
        return Vec::new();
    };
    let table = count_answers(facts.survey, rank, Grouping::None).ok();
    let mentions: usize = table
        .as_ref()
        .and_then(|table| table.total())
        .map_or(0, |group: &Group| group.options.iter().map(|option| option.count).sum());
    let answers = facts.survey.answers.get(rank);
    let asked = answers.map_or(0, |answers| {
        answers.status.iter().filter(|status| **status != Status::NotAsked).count()
    });
    let base = computed.national.base.unwrap_or(0);
    let candidates = [
        (mentions, format!("la part des mentions ({count} ÷ {mentions})")),
        (asked, format!("la part de tous ceux à qui la question était posée ({count} ÷ {asked})")),
        (
            facts.survey.respondents.len(),
            format!(
                "la part de tous les répondants ({count} ÷ {})",
                facts.survey.respondents.len()
            ),
        ),
        (
            facts.register.laureates.len(),
            format!("la part de tous les lauréats ({count} ÷ {})", facts.register.laureates.len()),
        ),
    ];
    let gives = |base: usize| {
        base > 0
            && (round_half_up(100.0 * count as f64 / base as f64, decimals) - printed).abs() < 1e-9
    };
    let mut found: Vec<String> = Vec::new();
    let mut bases = vec![base];
    for (candidate, words) in candidates {
        if !bases.contains(&candidate) && gives(candidate) {
            found.push(words);
        }
        bases.push(candidate);
    }
    let cut = computed.national.value.map(|value| {
        let scale = 10_f64.powi(decimals as i32);
        (value * scale).floor() / scale
    });
    if cut.is_some_and(|cut| (cut - printed).abs() < 1e-9) {
        found.push(format!(
            "la part tronquée au lieu d’être arrondie ({})",
            quoted(&shortest(printed, 4))
        ));
    }
    found
}
