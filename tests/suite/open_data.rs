//! `donnees/`: the data package is what its schemas say, and holds the figures
//! of `indicateurs.json`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{ANSWER_TITLES, Edition, SHIPPED_OUTPUT};

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A table of the package: its schema, and its rows as texts.
struct Table {
    schema: Value,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    fn read(folder: &Path, name: &str) -> Self {
        let mut reader = csv::Reader::from_path(folder.join(format!("{name}.csv"))).unwrap();
        let schema = json(&folder.join(format!("schemas/{name}.json")));
        let titles: Vec<String> = reader.headers().unwrap().iter().map(str::to_string).collect();
        let fields = schema["fields"].as_array().unwrap();
        let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert_eq!(titles, names, "{name}");
        Self { rows: reader.records().map(Result::unwrap).collect(), schema }
    }

    fn rank(&self, field: &str) -> usize {
        let fields = self.schema["fields"].as_array().unwrap();
        fields.iter().position(|candidate| candidate["name"] == field).unwrap()
    }

    fn column(&self, field: &str) -> Vec<String> {
        let rank = self.rank(field);
        self.rows.iter().map(|row| row[rank].to_string()).collect()
    }

    /// Checks types, constraints and the primary key.
    fn check(&self, name: &str) {
        for field in self.schema["fields"].as_array().unwrap() {
            let (kind, column) = (field["type"].as_str().unwrap(), field["name"].as_str().unwrap());
            for cell in self.column(column) {
                let fits = match kind {
                    _ if cell.is_empty() => field["constraints"]["required"] == false,
                    "integer" => cell.parse::<i64>().is_ok(),
                    "number" => cell.parse::<f64>().is_ok_and(f64::is_finite),
                    "boolean" => ["true", "false"].contains(&cell.as_str()),
                    _ => true,
                };
                assert!(fits, "{name}.{column}: {cell:?}");
                let values = field["constraints"]["enum"].as_array();
                let known =
                    values.is_none_or(|v| cell.is_empty() || v.contains(&cell.clone().into()));
                assert!(known, "{name}.{column}: {cell:?}");
            }
        }
        let keys = self.schema["primaryKey"].as_array().into_iter().flatten();
        let keys: Vec<usize> = keys.map(|key| self.rank(key.as_str().unwrap())).collect();
        let distinct: BTreeSet<Vec<&str>> =
            self.rows.iter().map(|row| keys.iter().map(|key| &row[*key]).collect()).collect();
        assert!(keys.is_empty() || distinct.len() == self.rows.len(), "{name}: keys");
    }
}

#[test]
fn every_table_is_what_its_schema_says() {
    let folder = SHIPPED_OUTPUT.join("donnees");
    let package = json(&folder.join("datapackage.json"));
    let resources = package["resources"].as_array().unwrap();
    let names: Vec<&str> = resources.iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert!(names.starts_with(&["regions", "laureats", "fiches", "modalites", "indicateurs"]));
    for (resource, name) in resources.iter().zip(&names) {
        let table = Table::read(&folder, name);
        table.check(name);
        let bytes = std::fs::read(folder.join(resource["path"].as_str().unwrap())).unwrap();
        assert_eq!(resource["bytes"], bytes.len());
        assert_eq!(resource["hash"], format!("sha256:{}", bilan::hash::sha256(&bytes)));
        for key in table.schema["foreignKeys"].as_array().into_iter().flatten() {
            let target = key["reference"]["resource"].as_str().unwrap();
            let known = Table::read(&folder, target);
            let known = known.column(key["reference"]["fields"][0].as_str().unwrap());
            let values = table.column(key["fields"][0].as_str().unwrap());
            // An empty cell is a missing value: the country has no région.
            let holds = |value: &String| value.is_empty() || known.contains(value);
            assert!(values.iter().all(holds), "{name} → {target}");
        }
    }
    assert_eq!(Table::read(&folder, "laureats").rows.len(), 202);
    assert_eq!(Table::read(&folder, "fiches").rows.len(), 41);
}

#[test]
fn the_figures_are_those_of_the_json_file() {
    let table = Table::read(&SHIPPED_OUTPUT.join("donnees"), "indicateurs");
    let document = json(&SHIPPED_OUTPUT.join("indicateurs.json"));
    let [id, territory, value, base] =
        ["indicateur", "territoire", "valeur", "base"].map(|field| table.rank(field));
    let mut rows = table.rows.iter();
    for figure in document["indicateurs"].as_array().unwrap() {
        let national = ("france".to_string(), figure.clone());
        let mut expected = vec![national];
        let regions = figure["regions"].as_object().into_iter().flatten();
        expected.extend(regions.map(|(slug, value)| (slug.clone(), value.clone())));
        for _ in 0..expected.len() {
            let row = rows.next().unwrap();
            assert_eq!(row[id], *figure["id"].as_str().unwrap());
            let (_, json) = expected.iter().find(|(slug, _)| *slug == row[territory]).unwrap();
            assert_eq!(row[base].parse().ok(), json["base"].as_u64(), "{row:?}");
            match (row[value].parse::<f64>(), json["valeur"].as_f64()) {
                (Ok(written), Some(number)) => {
                    assert!((written - number).abs() <= 1e-12 * number.abs(), "{row:?}");
                }
                (written, number) => assert!(written.is_err() && number.is_none(), "{row:?}"),
            }
        }
    }
    assert!(rows.next().is_none());
}

/// The answers are published where the edition asks, and nowhere else; what is
/// personal never is.
#[test]
fn answers_are_published_only_where_asked() {
    assert!(!SHIPPED_OUTPUT.join("donnees/reponses.csv").exists());
    let edition = Edition::new();
    let ids: Vec<String> = (1..=24).map(|rank| format!("BRE-{rank:02}")).collect();
    let laureates = ids.iter().map(|id| vec![id, "Bretagne", "1", "A", "Lieu", "GRETA"]);
    edition.write_register(laureates.collect());
    let mut rows = vec![ANSWER_TITLES.to_vec()];
    for (rank, id) in ids.iter().enumerate() {
        let theme = if rank % 2 == 0 { "Insertion" } else { "Numérique" };
        rows.push(vec!["2025-03-10", id, "quelqu.un@example.org", theme, ["80", "90"][rank % 2]]);
    }
    edition.write_workbook("questionnaire.xlsx", &[("Réponses", rows)]);
    let asks = "[donnees]\nreponses = [\"themes\", \"apprenants\", \"courriel\"]\n\n[sources]";
    edition.replace("edition.toml", "[sources]", asks);
    let assert = crate::support::bilan(edition.folder.path()).args(["produire", "essai"]).assert();
    let said = String::from_utf8_lossy(&assert.success().get_output().stderr).into_owned();
    assert!(said.contains("reponses-non-publiees") && said.contains("« courriel »"), "{said}");
    let folder = edition.output().join("donnees");
    let table = Table::read(&folder, "reponses");
    table.check("reponses");
    assert_eq!(table.rows.len(), 24);
    for name in bilan::output::files(&edition.output()) {
        let bytes = std::fs::read(edition.output().join(&name)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("quelqu.un"), "{name} holds an address");
    }
    validate(&folder);
}

#[test]
fn the_package_is_valid() {
    validate(&SHIPPED_OUTPUT.join("donnees"));
}

/// Validates a package with `frictionless`, where it is installed.
fn validate(folder: &Path) {
    let output = Command::new("frictionless")
        .args(["validate", "datapackage.json"])
        .current_dir(folder)
        .output();
    match output {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{said}");
        }
        Err(_) => eprintln!("frictionless is not installed: only the program's own check was run"),
    }
}
