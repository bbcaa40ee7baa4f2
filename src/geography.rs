//! The official geography: régions, départements, chefs-lieux, communes and
//! their outlines, for maps and for checking places.
//!
//! Codes are INSEE's. Coordinates are longitude and latitude in degrees
//! (WGS 84).

use std::collections::HashMap;

use serde_json::Value;

use crate::assets::Assets;
use crate::diagnostics::{Diagnostic, Place};
use crate::matching;

/// A point: longitude, latitude, in degrees.
pub type Point = (f64, f64);

/// A closed ring of points.
pub type Ring = Vec<Point>;

/// The outline of a territory: the outer ring of each of its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// The INSEE code: `53` for Bretagne, `29` for Finistère.
    pub code: String,
    pub name: String,
    /// The code of the région it lies in; its own for a région.
    pub region: String,
    pub rings: Vec<Ring>,
}

/// A département and its chef-lieu.
#[derive(Debug, Clone, PartialEq)]
pub struct Department {
    pub code: String,
    pub name: String,
    pub region: String,
    pub region_name: String,
    pub capital: Option<String>,
    pub capital_at: Option<Point>,
}

/// A commune.
#[derive(Debug, Clone, PartialEq)]
pub struct Commune {
    pub code: String,
    pub name: String,
    pub department: String,
    pub department_name: String,
    pub region: String,
    pub population: u32,
    pub at: Option<Point>,
}

/// The whole geography.
#[derive(Debug, Clone)]
pub struct Geography {
    pub regions: Vec<Outline>,
    pub departments: Vec<Department>,
    pub department_outlines: Vec<Outline>,
    pub communes: Vec<Commune>,
    communes_by_name: HashMap<String, Vec<usize>>,
}

impl Geography {
    /// Reads the geography's files.
    ///
    /// # Errors
    ///
    /// `geographie-illisible` where a file does not have the form its README
    /// gives; those of [`Assets::read`].
    pub fn load(assets: &Assets) -> Result<Self, Diagnostic> {
        let regions = outlines(assets, "geographie/regions.geojson", "code_region", "region")?;
        let departments = departments(assets)?;
        let department_outlines =
            outlines(assets, "geographie/departements.geojson", "code", "nom")?;
        let communes = communes(assets)?;
        let mut communes_by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (rank, commune) in communes.iter().enumerate() {
            communes_by_name.entry(place_key(&commune.name)).or_default().push(rank);
        }
        Ok(Self { regions, departments, department_outlines, communes, communes_by_name })
    }

    /// The communes of a name, hyphens, accents and capitals aside.
    pub fn communes_named(&self, name: &str) -> Vec<&Commune> {
        let ranks = self.communes_by_name.get(&place_key(name)).into_iter().flatten();
        ranks.filter_map(|rank| self.communes.get(*rank)).collect()
    }

    /// The départements of a région, by its code.
    pub fn departments_of(&self, region: &str) -> impl Iterator<Item = &Department> {
        self.departments.iter().filter(move |department| department.region == region)
    }

    /// The département of a name, hyphens, accents and capitals aside.
    pub fn department_named(&self, name: &str) -> Option<&Department> {
        let wanted = place_key(name);
        self.departments.iter().find(|department| place_key(&department.name) == wanted)
    }
}

/// The form under which two place names are the same: `St` is `Saint`, hyphens
/// and apostrophes are spaces.
pub fn place_key(name: &str) -> String {
    let plain = matching::loose_key(name).replace(['-', '\'', '’'], " ");
    let words = plain.split_whitespace().map(|word| match word {
        "st" => "saint",
        "ste" => "sainte",
        other => other,
    });
    words.collect::<Vec<_>>().join(" ")
}

fn outlines(
    assets: &Assets,
    file: &str,
    code: &str,
    name: &str,
) -> Result<Vec<Outline>, Diagnostic> {
    let text = assets.read_text(file)?;
    let document: Value = serde_json::from_str(&text).map_err(|_| unreadable(file))?;
    let features = document.get("features").and_then(Value::as_array);
    features
        .ok_or_else(|| unreadable(file))?
        .iter()
        .map(|feature| outline(feature, code, name).ok_or_else(|| unreadable(file)))
        .collect()
}

fn outline(feature: &Value, code: &str, name: &str) -> Option<Outline> {
    let property = |key: &str| Some(feature.get("properties")?.get(key)?.as_str()?.to_string());
    let geometry = feature.get("geometry")?;
    let coordinates = geometry.get("coordinates")?.as_array()?;
    let rings: Option<Vec<Ring>> = match geometry.get("type")?.as_str()? {
        "Polygon" => coordinates.first().and_then(ring).map(|ring| vec![ring]),
        "MultiPolygon" => coordinates.iter().map(|part| ring(part.as_array()?.first()?)).collect(),
        _ => None,
    };
    Some(Outline {
        code: property(code)?,
        name: property(name)?,
        region: property("code_region")?,
        rings: rings?,
    })
}

fn ring(points: &Value) -> Option<Ring> {
    let point = |point: &Value| Some((point.get(0)?.as_f64()?, point.get(1)?.as_f64()?));
    points.as_array()?.iter().map(point).collect()
}

fn departments(assets: &Assets) -> Result<Vec<Department>, Diagnostic> {
    records(assets, "geographie/departements.csv", |field| {
        Some(Department {
            code: field("code")?,
            name: field("nom")?,
            region: field("code_region")?,
            region_name: field("region")?,
            capital: field("chef_lieu").filter(|name| !name.is_empty()),
            capital_at: point(field),
        })
    })
}

fn communes(assets: &Assets) -> Result<Vec<Commune>, Diagnostic> {
    records(assets, "geographie/communes.csv", |field| {
        Some(Commune {
            code: field("code_insee")?,
            name: field("nom")?,
            department: field("code_departement")?,
            department_name: field("departement")?,
            region: field("code_region")?,
            population: field("population")?.parse().unwrap_or(0),
            at: point(field),
        })
    })
}

fn point(field: &dyn Fn(&str) -> Option<String>) -> Option<Point> {
    let coordinate = |name: &str| field(name)?.parse::<f64>().ok();
    Some((coordinate("longitude")?, coordinate("latitude")?))
}

/// Reads the records of a CSV file, whose first line names the fields.
fn records<T>(
    assets: &Assets,
    file: &str,
    read: impl Fn(&dyn Fn(&str) -> Option<String>) -> Option<T>,
) -> Result<Vec<T>, Diagnostic> {
    let text = assets.read_text(file)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|_| unreadable(file))?.clone();
    let mut found = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| unreadable(file))?;
        let field = |name: &str| {
            let rank = headers.iter().position(|header| header == name)?;
            // Official files have typewriter apostrophes.
            record.get(rank).map(|text| text.replace('\'', "’"))
        };
        found.push(read(&field).ok_or_else(|| unreadable(file))?);
    }
    Ok(found)
}

fn unreadable(file: &str) -> Diagnostic {
    Diagnostic::error("geographie-illisible", "ce fichier de géographie n’a pas la forme attendue")
        .at(Place::file(file))
        .help("remettez le fichier d’origine, ou retirez-le du dossier des modèles")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_official_geography_is_whole() {
        let geography = Geography::load(&Assets::embedded()).unwrap();
        assert_eq!(geography.regions.len(), 19);
        assert_eq!(geography.department_outlines.len(), 102);
        assert_eq!(geography.departments_of("53").count(), 4);
        assert_eq!(geography.communes.len(), 34_876);
        assert_eq!(geography.communes_named("SAINT-BRIEUC")[0].department, "22");
        assert_eq!(geography.department_named("Côtes d’Armor").unwrap().code, "22");
    }

    #[test]
    fn place_names_forgive_hyphens_and_saints() {
        assert_eq!(place_key("St-Léonard de Noblat"), place_key("Saint-Léonard-de-Noblat"));
        assert_eq!(place_key("L'Abergement"), place_key("l’abergement"));
    }
}
