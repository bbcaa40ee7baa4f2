//! `indicateurs.json`: every figure with its identifier, value and base.

use serde_json::{Map, Value, json};

use crate::edition::Edition;
use crate::indicators::{Definition, Figure, Figures, Value as FigureValue};
use crate::tabulation::basis_word;

/// The file of the schema, beside the figures.
pub const SCHEMA: &str = "indicateurs.schema.json";

/// The figures of an edition, in the order of its catalogue, as they may be
/// published (`Figures::published`); percentages are out of 100.
pub fn indicators_json(edition: &Edition, figures: &Figures) -> String {
    let document = json!({
        "$schema": SCHEMA,
        "edition": edition.year,
        "programme": edition.programme,
        "demonstration": edition.demonstration,
        "indicateurs": figures.figures.iter().map(figure).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn figure(figure: &Figure) -> Value {
    let definition = &figure.definition;
    let mut entry = Map::new();
    entry.insert("id".into(), json!(definition.id));
    entry.insert("libelle".into(), json!(definition.label));
    entry.insert("unite".into(), json!(definition.unit.symbol()));
    entry.insert("enquete".into(), json!(figure.rests_on_answers()));
    entry.extend(value(&figure.national, definition));
    if !figure.regions.is_empty() {
        let regions = figure.regions.iter();
        let regions: Map<String, Value> = regions
            .map(|(slug, regional)| (slug.clone(), Value::Object(value(regional, definition))))
            .collect();
        entry.insert("regions".into(), Value::Object(regions));
    }
    Value::Object(entry)
}

fn value(value: &FigureValue, definition: &Definition) -> Map<String, Value> {
    let mut entry = Map::new();
    entry.insert("valeur".into(), json!(value.value));
    if let Some(shown) = value.told(definition) {
        entry.insert("affiche".into(), json!(shown));
    }
    if value.hidden {
        entry.insert("diffusable".into(), json!(false));
    }
    if let Some(count) = value.count {
        entry.insert("effectif".into(), json!(count));
    }
    if let Some(base) = value.base {
        entry.insert("base".into(), json!(base));
    }
    if let Some(error) = value.standard_error {
        entry.insert("erreur_type".into(), json!(error));
    }
    if value.low.or(value.high).is_some() {
        let method = value.basis.map(basis_word);
        let bounds = json!({"bas": value.low, "haut": value.high, "methode": method});
        entry.insert("intervalle".into(), bounds);
    }
    if let Some(response) = value.response {
        let response = json!({
            "interroges": response.asked,
            "repondants": response.answered,
            "taux": response.rate(),
        });
        entry.insert("reponse".into(), response);
    }
    entry
}
