//! `donnees/`: the figures as open data, ready for publication.
//!
//! A Frictionless data package: `datapackage.json`, CSV files in UTF-8 with a
//! decimal point, and for each a Table Schema as schema.data.gouv.fr wants it.
//! What disclosure hides has no value here; the answers themselves are written
//! only where the edition asks for them, see [`answers`].

mod answers;
mod resource;
mod tables;

use serde_json::{Value, json};

pub use answers::{Anonymised, anonymise};
pub use resource::{Datum, Field, FieldKind, ForeignKey, Resource};

use crate::codebook::Codebook;
use crate::edition::Edition;
use crate::hash::sha256;
use crate::indicators::Figures;
use crate::matching;
use crate::register::Register;

/// The folder of the data in the output folder.
pub const FOLDER: &str = "donnees";

/// What the data package is made from.
pub struct DatasetInputs<'a> {
    pub edition: &'a Edition,
    pub register: &'a Register,
    pub codebook: &'a Codebook,
    pub figures: &'a Figures,
    /// The anonymised answers, where the edition asks for them.
    pub answers: Option<Anonymised>,
    /// Tables that other rooms make.
    pub more: Vec<Resource>,
}

/// The files of the data package: their paths from the root of the output, and
/// their contents.
pub fn dataset(inputs: &DatasetInputs<'_>) -> Vec<(String, Vec<u8>)> {
    let mut resources = tables::resources(inputs);
    resources.extend(inputs.answers.as_ref().map(answers::resource));
    resources.extend(inputs.more.iter().cloned());
    let mut files = Vec::new();
    let mut descriptions = Vec::new();
    for resource in &resources {
        let csv = resource.csv();
        descriptions.push(description(resource, &csv));
        let schema = format!("{:#}\n", schema(resource, inputs.edition));
        files.push((format!("{FOLDER}/{}", resource.file()), csv.into_bytes()));
        files.push((format!("{FOLDER}/{}", resource.schema_file()), schema.into_bytes()));
    }
    let package = format!("{:#}\n", package(inputs.edition, descriptions));
    files.push((format!("{FOLDER}/datapackage.json"), package.into_bytes()));
    files
}

/// A resource as the package describes it.
fn description(resource: &Resource, csv: &str) -> Value {
    json!({
        "name": resource.name,
        "title": resource.title,
        "description": resource.description,
        "path": resource.file(),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": csv.len(),
        "hash": format!("sha256:{}", sha256(csv.as_bytes())),
        "schema": resource.schema_file(),
    })
}

/// The Table Schema of a resource, with what schema.data.gouv.fr asks for.
fn schema(resource: &Resource, edition: &Edition) -> Value {
    let date = edition.date.to_string();
    let mut schema = json!({
        "$schema": "https://frictionlessdata.io/schemas/table-schema.json",
        "name": resource.name,
        "title": resource.title,
        "description": resource.description,
        "countryCode": "FR",
        "created": date,
        "lastModified": date,
        "version": SCHEMA_VERSION,
        "contributors": contributors(edition),
        "resources": [{"title": resource.title, "name": resource.name, "path": format!("../{}", resource.file())}],
        "encoding": "utf-8",
        "missingValues": [""],
    });
    if let (Some(schema), Value::Object(content)) = (schema.as_object_mut(), resource.schema()) {
        schema.extend(content);
    }
    schema
}

/// The version of the tables' shape. It grows when a column changes.
const SCHEMA_VERSION: &str = "1.0.0";

fn contributors(edition: &Edition) -> Value {
    match edition.publisher.as_str() {
        "" => json!([]),
        publisher => json!([{"title": publisher, "role": "author"}]),
    }
}

fn package(edition: &Edition, resources: Vec<Value>) -> Value {
    let demonstration = if edition.demonstration {
        " Les réponses au questionnaire sont inventées : ces données sont une démonstration."
    } else {
        ""
    };
    let sources = [&edition.sources.register_origin, &edition.sources.survey_origin];
    let sources = sources.into_iter().filter(|origin| !origin.is_empty());
    let mut package = json!({
        "profile": "tabular-data-package",
        "name": format!("{}-{}", matching::slug(&edition.programme), edition.year),
        "title": edition.title,
        "description": format!("Les chiffres du bilan {} du programme {}.{demonstration}", edition.year, edition.programme),
        "version": format!("{}.0.0", edition.year),
        "created": format!("{}T12:00:00Z", edition.date),
        "keywords": ["tiers-lieux", "formation professionnelle"],
        "contributors": contributors(edition),
        "sources": sources.map(|origin| json!({"title": origin})).collect::<Vec<_>>(),
        "demonstration": edition.demonstration,
    });
    if let Some(package) = package.as_object_mut() {
        if let Some(licence) = &edition.open_data.licence {
            package.insert("licenses".into(), json!([{"name": licence}]));
        }
        package.insert("resources".into(), json!(resources));
    }
    package
}

#[cfg(test)]
mod tests;
