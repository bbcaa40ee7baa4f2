//! The official geography: régions, départements, chefs-lieux, communes and
//! their outlines, for maps and for checking places.
//!
//! Codes are INSEE's. Coordinates are longitude and latitude in degrees
//! (WGS 84).

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use crate::assets::Assets;
use crate::diagnostics::{Diagnostic, Place};
use crate::hash::sha256;
use crate::matching;

/// The files, in the folder of the templates.
const FILES: [&str; 4] = [
    "geographie/regions.geojson",
    "geographie/departements.geojson",
    "geographie/departements.csv",
    "geographie/communes.csv",
];

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
    departments_by_name: HashMap<String, usize>,
}

impl Geography {
    /// Reads the geography's files.
    ///
    /// # Errors
    ///
    /// `geographie-illisible` where a file does not have the form its README
    /// gives; those of [`Assets::read`].
    pub fn load(assets: &Assets) -> Result<Self, Diagnostic> {
        let [regions, outlined, departments, communes] = FILES;
        let regions = outlines(assets, regions, "code_region", "region")?;
        let department_outlines = outlines(assets, outlined, "code", "nom")?;
        let departments = read_departments(assets, departments)?;
        let communes = read_communes(assets, communes)?;
        let mut communes_by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (rank, commune) in communes.iter().enumerate() {
            communes_by_name.entry(place_key(&commune.name)).or_default().push(rank);
        }
        let by_name =
            |(rank, department): (usize, &Department)| (place_key(&department.name), rank);
        let departments_by_name = departments.iter().enumerate().map(by_name).collect();
        Ok(Self {
            regions,
            departments,
            department_outlines,
            communes,
            communes_by_name,
            departments_by_name,
        })
    }

    /// The fingerprint of the files; none where one of them cannot be read.
    pub fn fingerprint(assets: &Assets) -> Option<String> {
        let hashes = FILES.iter().map(|file| Some(sha256(&assets.read(file).ok()?)));
        Some(hashes.collect::<Option<Vec<String>>>()?.concat())
    }

    /// The communes of a name, hyphens, accents and capitals aside.
    pub fn communes_named(&self, name: &str) -> Vec<&Commune> {
        let ranks = self.communes_by_name.get(&place_key(name)).into_iter().flatten();
        ranks.filter_map(|rank| self.communes.get(*rank)).collect()
    }

    /// The communes whose name holds some words, as [`place_key`] writes them.
    pub fn communes_keyed(&self, words: &str) -> impl Iterator<Item = (&str, &Commune)> {
        let keyed = self.communes_by_name.iter().filter(move |(key, _)| key.contains(words));
        keyed.flat_map(|(key, ranks)| {
            let communes = ranks.iter().filter_map(|rank| self.communes.get(*rank));
            communes.map(move |commune| (key.as_str(), commune))
        })
    }

    /// The départements of a région, by its code.
    pub fn departments_of(&self, region: &str) -> impl Iterator<Item = &Department> {
        self.departments.iter().filter(move |department| department.region == region)
    }

    /// The département of a name, hyphens, accents and capitals aside.
    pub fn department_named(&self, name: &str) -> Option<&Department> {
        self.departments_by_name.get(&place_key(name)).and_then(|rank| self.departments.get(*rank))
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

/// A GeoJSON file, as far as it is needed.
#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    geometry: Geometry,
    properties: HashMap<String, Value>,
}

/// Rings of points; the first ring of a part is its outer one.
#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Ring>),
    MultiPolygon(Vec<Vec<Ring>>),
}

fn outlines(
    assets: &Assets,
    file: &str,
    code: &str,
    name: &str,
) -> Result<Vec<Outline>, Diagnostic> {
    let bytes = assets.read(file)?;
    let document: Collection = serde_json::from_slice(&bytes).map_err(|_| unreadable(file))?;
    let outline = |feature| outline(feature, code, name).ok_or_else(|| unreadable(file));
    document.features.into_iter().map(outline).collect()
}

fn outline(feature: Feature, code: &str, name: &str) -> Option<Outline> {
    let property = |key: &str| Some(feature.properties.get(key)?.as_str()?.to_string());
    let outer = |part: Vec<Ring>| part.into_iter().next();
    let rings: Option<Vec<Ring>> = match feature.geometry {
        Geometry::Polygon(part) => outer(part).map(|ring| vec![ring]),
        Geometry::MultiPolygon(parts) => parts.into_iter().map(outer).collect(),
    };
    Some(Outline {
        code: property(code)?,
        name: property(name)?,
        region: property("code_region")?,
        rings: rings?,
    })
}

fn read_departments(assets: &Assets, file: &str) -> Result<Vec<Department>, Diagnostic> {
    records(assets, file, |field| {
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

fn read_communes(assets: &Assets, file: &str) -> Result<Vec<Commune>, Diagnostic> {
    records(assets, file, |field| {
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
    let bytes = assets.read(file)?;
    let mut reader = csv::Reader::from_reader(bytes.as_ref());
    let headers = reader.headers().map_err(|_| unreadable(file))?.clone();
    let mut found = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| unreadable(file))? {
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
