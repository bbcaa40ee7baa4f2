//! Who answers: the rows that count, and the project each one speaks for.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::{LeftOut, Reason};
use crate::codebook::Duplicates;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::matching;
use crate::register::{Laureate, Register};
use crate::spreadsheet::{Position, Sheet, Value};
use crate::typography::quoted;

/// A row that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Respondent {
    /// The row of the sheet, counted from 0.
    pub row: u32,
    /// The identifier of the project, where the register knows it.
    pub project: Option<String>,
    /// The slug of the project's région.
    pub region: Option<String>,
    pub weight: f64,
}

impl Respondent {
    /// Whether the project is in a région, known by its slug; in the country where
    /// none is asked for.
    pub fn is_in(&self, region: Option<&str>) -> bool {
        region.is_none() || self.region.as_deref() == region
    }
}

/// The columns that say who answers.
#[derive(Debug, Clone, Copy, Default)]
pub struct IdentityColumns {
    pub id: Option<u32>,
    pub name: Option<u32>,
    pub moment: Option<u32>,
    pub weight: Option<u32>,
}

/// Attaches rows to projects and settles which of several answers counts; the
/// respondents, and the rows that are none.
pub fn respondents(
    sheet: &Sheet,
    columns: IdentityColumns,
    rows: &[u32],
    register: Option<&Register>,
    rule: Duplicates,
    found: &mut Diagnostics,
) -> (Vec<Respondent>, Vec<LeftOut>) {
    let directory = register.map(Directory::new);
    let attached: Vec<Respondent> = rows
        .iter()
        .filter_map(|row| {
            let project = match &directory {
                Some(directory) => Some(directory.attach(sheet, columns, *row, found)?),
                None => None,
            };
            Some(Respondent {
                row: *row,
                region: project.map(|laureate| laureate.region.clone()),
                project: project
                    .map(|laureate| laureate.id.clone())
                    .or_else(|| text(sheet, columns.id, *row)),
                weight: weight(sheet, columns.weight, *row, found)?,
            })
        })
        .collect();
    let with_project: Vec<u32> = attached.iter().map(|respondent| respondent.row).collect();
    let mut left_out = missing(rows, &with_project, &Reason::UnknownProject);
    let kept = without_duplicates(sheet, columns, attached, rule, found);
    let counted: Vec<u32> = kept.iter().map(|respondent| respondent.row).collect();
    left_out.extend(missing(&with_project, &counted, &Reason::Duplicate));
    (kept, left_out)
}

/// The rows that are not among those kept; both are in rising order.
pub(super) fn missing(rows: &[u32], kept: &[u32], reason: &Reason) -> Vec<LeftOut> {
    let missing = rows.iter().filter(|row| kept.binary_search(row).is_err());
    missing.map(|row| LeftOut { row: *row, reason: reason.clone() }).collect()
}

/// The laureates by identifier and by name.
struct Directory<'a> {
    laureates: &'a [Laureate],
    by_id: HashMap<String, &'a Laureate>,
    by_name: HashMap<String, Vec<&'a Laureate>>,
}

impl<'a> Directory<'a> {
    fn new(register: &'a Register) -> Self {
        let mut by_name: HashMap<String, Vec<&Laureate>> = HashMap::new();
        for laureate in register.laureates.iter().filter(|laureate| !laureate.name.is_empty()) {
            by_name.entry(matching::loose_key(&laureate.name)).or_default().push(laureate);
        }
        let by_id = register.laureates.iter().map(|l| (matching::key(&l.id), l)).collect();
        Self { laureates: &register.laureates, by_id, by_name }
    }

    /// The project that a row speaks for: by its identifier, else by a name
    /// that one project only bears.
    fn attach(
        &self,
        sheet: &Sheet,
        columns: IdentityColumns,
        row: u32,
        found: &mut Diagnostics,
    ) -> Option<&'a Laureate> {
        let id = text(sheet, columns.id, row);
        let name = text(sheet, columns.name, row);
        if let Some(laureate) = id.as_deref().and_then(|id| self.by_id.get(&matching::key(id))) {
            return Some(laureate);
        }
        let named = name.as_deref().and_then(|name| self.by_name.get(&matching::loose_key(name)));
        match named.map(Vec::as_slice) {
            Some([laureate]) => {
                found.push(attached_by_name(sheet, columns, row, laureate));
                Some(laureate)
            }
            _ => {
                found.push(self.unknown(sheet, columns, row, id.as_deref(), name.as_deref()));
                None
            }
        }
    }

    fn unknown(
        &self,
        sheet: &Sheet,
        columns: IdentityColumns,
        row: u32,
        id: Option<&str>,
        name: Option<&str>,
    ) -> Diagnostic {
        let said = [id, name].into_iter().flatten().map(quoted).collect::<Vec<_>>().join(", ");
        let message = match said.as_str() {
            "" => {
                "cette réponse ne dit pas de quel projet elle vient : elle est écartée".to_string()
            }
            said => format!("aucun projet du registre ne correspond à {said} : réponse écartée"),
        };
        let ids = self.laureates.iter().map(|laureate| laureate.id.as_str());
        let names = self.laureates.iter().map(|laureate| laureate.name.as_str());
        let near = id.map(|id| matching::nearest(id, ids)).unwrap_or_default();
        let named = name.map(|name| matching::nearest(name, names)).unwrap_or_default();
        let help = match near.first().or(named.first()) {
            Some(near) => format!("vouliez-vous dire {} ?", quoted(near)),
            None => "corrigez l’identifiant, ou ajoutez le projet au registre".to_string(),
        };
        let column = columns.id.or(columns.name).unwrap_or(0);
        Diagnostic::warning("projet-inconnu", message)
            .at(sheet.place_of(Position::new(row, column)))
            .help(help)
    }
}

fn attached_by_name(
    sheet: &Sheet,
    columns: IdentityColumns,
    row: u32,
    laureate: &Laureate,
) -> Diagnostic {
    let message = format!(
        "réponse rattachée par le nom au projet {} {}, faute d’identifiant connu",
        laureate.id,
        quoted(&laureate.name)
    );
    Diagnostic::warning("rattache-par-le-nom", message)
        .at(sheet.place_of(Position::new(row, columns.name.unwrap_or(0))))
        .help(format!("écrivez {} dans la colonne de l’identifiant", laureate.id))
}

/// The weight of a row, 1 where there is no column of weights.
fn weight(sheet: &Sheet, column: Option<u32>, row: u32, found: &mut Diagnostics) -> Option<f64> {
    let Some(column) = column else { return Some(1.0) };
    let position = Position::new(row, column);
    let value = sheet.value(position).filter(|value| !value.is_blank());
    let weight = value.and_then(Value::as_number);
    let message = match (value, weight) {
        (_, Some(weight)) if weight > 0.0 => return Some(weight),
        (_, Some(0.0)) => "le poids est nul : cette réponse ne compterait pas".to_string(),
        (_, Some(_)) => "le poids est négatif".to_string(),
        (Some(value), None) => format!("le poids {} n’est pas un nombre", quoted(&value.as_text())),
        (None, None) => "le poids est absent".to_string(),
    };
    found.push(
        Diagnostic::error("poids-invalide", message)
            .at(sheet.place_of(position))
            .help("donnez un poids supérieur à zéro, ou retirez la ligne par un filtre"),
    );
    None
}

fn without_duplicates(
    sheet: &Sheet,
    columns: IdentityColumns,
    all: Vec<Respondent>,
    rule: Duplicates,
    found: &mut Diagnostics,
) -> Vec<Respondent> {
    if rule == Duplicates::KeepAll || columns.id.is_none() {
        return all;
    }
    let mut by_project: HashMap<String, Vec<&Respondent>> = HashMap::new();
    for respondent in &all {
        if let Some(project) = &respondent.project {
            by_project.entry(matching::key(project)).or_default().push(respondent);
        }
    }
    let mut dropped = Vec::new();
    let mut repeated: Vec<&Vec<&Respondent>> =
        by_project.values().filter(|rows| rows.len() > 1).collect();
    repeated.sort_by_key(|rows| rows.first().map(|first| first.row));
    for rows in repeated {
        let kept = kept(sheet, columns, rows, rule);
        found.push(repeated_answer(sheet, columns, rows, kept));
        dropped.extend(rows.iter().map(|r| r.row).filter(|row| *row != kept));
    }
    all.into_iter().filter(|respondent| !dropped.contains(&respondent.row)).collect()
}

/// The row that counts among those of one project. The latest is the one with
/// the latest moment; the lower row where moments are missing or equal.
fn kept(sheet: &Sheet, columns: IdentityColumns, rows: &[&Respondent], rule: Duplicates) -> u32 {
    let moment = |row: u32| -> Option<NaiveDateTime> {
        match sheet.value(Position::new(row, columns.moment?))? {
            Value::Moment(moment) => Some(*moment),
            other => parse_moment(&other.as_text()),
        }
    };
    let ordered = rows.iter().map(|respondent| (moment(respondent.row), respondent.row));
    let chosen = match rule {
        Duplicates::KeepFirst => ordered.min(),
        _ => ordered.max(),
    };
    chosen.map_or(0, |(_, row)| row)
}

/// Reads the moments that form tools write as text.
fn parse_moment(text: &str) -> Option<NaiveDateTime> {
    const FORMATS: [&str; 6] = [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%d/%m/%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
        "%d/%m/%Y - %H:%M",
    ];
    /// A day is its first moment.
    const DAYS: [&str; 4] = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"];
    let text = text.trim();
    let moment = FORMATS.iter().find_map(|f| NaiveDateTime::parse_from_str(text, f).ok());
    moment.or_else(|| {
        let day = DAYS.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok())?;
        day.and_hms_opt(0, 0, 0)
    })
}

fn repeated_answer(
    sheet: &Sheet,
    columns: IdentityColumns,
    rows: &[&Respondent],
    kept: u32,
) -> Diagnostic {
    let project = rows.first().and_then(|first| first.project.as_deref()).unwrap_or_default();
    let message = format!(
        "le projet {} a répondu {} fois ; la réponse de la ligne {} est retenue",
        quoted(project),
        rows.len(),
        kept + 1
    );
    let column = columns.id.unwrap_or(0);
    let diagnostic = Diagnostic::warning("reponse-en-double", message);
    rows.iter()
        .fold(diagnostic, |diagnostic, respondent| {
            diagnostic.at(sheet.place_of(Position::new(respondent.row, column)))
        })
        .help("retirez les lignes en trop, ou changez « doublons » dans le dictionnaire")
}

fn text(sheet: &Sheet, column: Option<u32>, row: u32) -> Option<String> {
    let value = sheet.value(Position::new(row, column?)).filter(|value| !value.is_blank())?;
    Some(value.as_text().trim().to_string())
}
