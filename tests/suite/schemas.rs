//! The JSON Schemas: they accept what the program ships and writes, and refuse
//! what it refuses.

use std::path::Path;

use serde_json::Value;

use crate::support::{SHIPPED_OUTPUT, project};

/// The faults of a document, as far as the words that these schemas use.
fn faults(schema: &Value, node: &Value, value: &Value, place: &str) -> Vec<String> {
    if let Some(path) = node["$ref"].as_str() {
        let target = schema.pointer(path.trim_start_matches('#')).unwrap();
        return faults(schema, target, value, place);
    }
    let mut found = Vec::new();
    let mut check = |holds: bool, what: &str| {
        if !holds {
            found.push(format!("{place}: {what} ({value})"));
        }
    };
    let is = |kind: &str| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    };
    match &node["type"] {
        Value::String(kind) => check(is(kind), kind),
        Value::Array(kinds) => check(kinds.iter().any(|kind| is(kind.as_str().unwrap())), "kind"),
        _ => {}
    }
    if let Some(values) = node["enum"].as_array() {
        check(values.contains(value), "enum");
    }
    if let Some(constant) = node.get("const") {
        check(constant == value, "const");
    }
    if let (Some(minimum), Some(number)) = (node["minimum"].as_f64(), value.as_f64()) {
        check(number >= minimum, "minimum");
    }
    for required in node["required"].as_array().into_iter().flatten() {
        check(value.get(required.as_str().unwrap()).is_some(), "required");
    }
    if let Some(ways) = node["anyOf"].as_array() {
        check(ways.iter().any(|way| faults(schema, way, value, place).is_empty()), "anyOf");
    }
    let properties = &node["properties"];
    for (key, child) in value.as_object().into_iter().flatten() {
        let place = format!("{place}.{key}");
        match (properties.get(key), &node["additionalProperties"]) {
            (Some(node), _) => found.extend(faults(schema, node, child, &place)),
            (None, Value::Bool(false)) => found.push(format!("{place}: unknown")),
            (None, other) if other.is_object() => {
                found.extend(faults(schema, other, child, &place))
            }
            _ => {}
        }
    }
    if node["items"].is_object() {
        for (rank, item) in value.as_array().into_iter().flatten().enumerate() {
            found.extend(faults(schema, &node["items"], item, &format!("{place}[{rank}]")));
        }
    }
    found
}

fn check(schema: &str, value: &Value) -> Vec<String> {
    let path = project().join("report-templates/schemas").join(schema);
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    faults(&schema, &schema, value, "")
}

fn toml(path: &Path) -> Value {
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_shipped_files_are_accepted() {
    let mut checked = 0;
    let editions = std::fs::read_dir(project().join("inputs")).unwrap().flatten();
    let folders = editions.map(|entry| entry.path());
    for folder in folders.chain([project().join("report-templates/edition-type")]) {
        let schemas = [
            ("edition", "edition"),
            ("dictionnaire", "dictionnaire"),
            ("indicateurs", "catalogue"),
        ];
        for (name, schema) in schemas {
            let path = folder.join(format!("{name}.toml"));
            let schema = format!("{schema}.json");
            assert_eq!(check(&schema, &toml(&path)), [""; 0], "{}", path.display());
            let text = std::fs::read_to_string(&path).unwrap();
            let first = text.lines().next().unwrap();
            assert!(first.starts_with("#:schema ") && first.ends_with(&schema));
            checked += 1;
        }
    }
    assert!(checked >= 6);
}

#[test]
fn what_the_program_refuses_is_refused() {
    let wrong: Value =
        toml::from_str("annee = '2025'\ntitre = 'T'\ndate = 'x'\npagge = 1\n").unwrap();
    let faults = check("edition.json", &wrong);
    assert_eq!(faults.len(), 3, "{faults:?}");
    let wrong: Value =
        toml::from_str("[[question]]\nid = 'a'\ntype = 'choix'\nmodalites = [{ id = 'x' }]")
            .unwrap();
    assert_eq!(check("dictionnaire.json", &wrong).len(), 2);
    let wrong: Value = toml::from_str(
        "[a.b]\nquestoin = 'x'\nmesure = 'moyene'\n[c]\nregistre = 'projet'\ndecimales = -1\n\
         [d]\nquestion = 'x'\ndiffusion = { base_minimal = 3 }\n",
    )
    .unwrap();
    let faults = check("catalogue.json", &wrong);
    assert_eq!(faults.len(), 5, "{faults:?}");
}

#[test]
fn the_figures_are_what_their_schema_says() {
    let text = std::fs::read_to_string(SHIPPED_OUTPUT.join("indicateurs.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(check("indicateurs.json", &document), [""; 0]);
    let schema = SHIPPED_OUTPUT.join(document["$schema"].as_str().unwrap());
    let shipped = project().join("report-templates/schemas/indicateurs.json");
    assert_eq!(std::fs::read(schema).unwrap(), std::fs::read(shipped).unwrap());
}
