//! An explanation for other programs: numbers are not rounded.

use serde_json::{Map, Value, json};

use super::wording::no_interval;
use super::{Asked, BaseSteps, Explanation};
use crate::indicators::{Linearisation, Response, Term};
use crate::tabulation::basis_word;

/// The explanation as JSON.
pub fn explanation_json(explanation: &Explanation<'_>) -> String {
    format!("{:#}\n", entry(explanation))
}

fn entry(explanation: &Explanation<'_>) -> Value {
    let (definition, value) = (&explanation.figure.definition, &explanation.value);
    let mut fields = Map::new();
    let mut add = |key: &str, value: Value| fields.insert(key.to_string(), value);
    add("indicateur", json!(definition.id));
    add("libelle", json!(definition.label));
    add("unite", json!(definition.unit.symbol()));
    add("region", json!(explanation.region.as_ref().map(|(slug, _)| slug)));
    add("definition", json!(explanation.definition()));
    add("lieu", json!(definition.place));
    add("question", question(explanation));
    add("diffusable", json!(!value.hidden));
    add("valeur", json!(value.value));
    add("effectif", json!(value.count));
    add("base", json!(value.base));
    add("erreur_type", json!(value.standard_error));
    add("borne_basse", json!(value.low));
    add("borne_haute", json!(value.high));
    add("methode", json!(value.basis.map(basis_word)));
    add("affiche", json!(value.told(definition)));
    add("reponse", json!(value.response.map(response)));
    add("niveau", json!(explanation.plan.level));
    add("ponderation", json!(explanation.plan.weighting.word()));
    add("plan", json!(explanation.plan.in_words()));
    add("plan_r", json!(explanation.plan.in_r()));
    add("etapes", explanation.base.as_ref().map_or(Value::Null, steps));
    add("calcul", json!(explanation.arithmetic));
    let cells = &explanation.cells;
    add("fichier", json!(cells.first().map(|cell| &cell.place.file)));
    add("cellules", cells.iter().map(|cell| cell.reference()).collect());
    if cells.iter().any(|cell| cell.number.is_some()) {
        add("nombres", cells.iter().map(|cell| json!(cell.number)).collect());
    }
    if let Some((asked, cells)) = &explanation.denominator {
        add("denominateur", question_of(asked));
        add("cellules_denominateur", cells.iter().map(|cell| cell.reference()).collect());
        add("nombres_denominateur", cells.iter().map(|cell| json!(cell.number)).collect());
    }
    if let Some(linearisation) = &explanation.linearisation {
        add("linearisation", linear(linearisation));
    }
    if !explanation.parts.is_empty() {
        add("parties", explanation.parts.iter().map(entry).collect());
    }
    Value::Object(fields)
}

/// Who was asked, who answered, and the rate in per cent.
fn response(response: Response) -> Value {
    json!({
        "interroges": response.asked,
        "repondants": response.answered,
        "taux": response.rate(),
    })
}

fn question(explanation: &Explanation<'_>) -> Value {
    explanation.question.as_ref().map_or(Value::Null, question_of)
}

/// The estimates that a calculation is made of; why it has no interval.
fn linear(linearisation: &Linearisation) -> Value {
    let term = |term: &Term| {
        json!({
            "indicateur": term.id,
            "derivee": term.slope,
            "erreur_type": term.standard_error,
        })
    };
    json!({
        "estimations": linearisation.terms.iter().map(term).collect::<Vec<_>>(),
        "correlations": linearisation.correlations,
        "sans_intervalle": linearisation.found.as_ref().err().map(no_interval),
    })
}

fn question_of(asked: &Asked<'_>) -> Value {
    let question = asked.question;
    json!({
        "id": question.id,
        "libelle": question.label,
        "type": question.kind.word(),
        "titres": asked.titles,
        "condition": question.condition.as_ref().map(ToString::to_string),
        "lieu": question.place,
    })
}

/// Rows are counted from 1, as spreadsheets count them.
fn steps(base: &BaseSteps) -> Value {
    let rows = |rows: &[u32]| rows.iter().map(|row| row + 1).collect::<Vec<u32>>();
    let filtered =
        base.filtered.iter().map(|(filter, left)| json!({"filtre": filter, "lignes": rows(left)}));
    json!({
        "lignes_remplies": base.filled,
        "ecartees": filtered.collect::<Vec<_>>(),
        "projets_inconnus": rows(&base.unknown_projects),
        "doublons": rows(&base.duplicates),
        "repondants": base.respondents,
        "de_la_region": base.in_region,
        "non_demande": base.not_asked,
        "sans_reponse": base.unanswered,
        "sans_reponse_dans_la_base": base.keeps_blanks,
        "pas_un_nombre": base.unreadable,
        "non_reconnu": base.unrecognised,
        "base": base.base,
    })
}
