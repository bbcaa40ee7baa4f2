//! The report of checks: what does not hold, the errors first, by région.

use std::collections::HashMap;

use serde::Serialize;

use super::data::EditionData;
use crate::checks::{Fact, Family, Finding, counts};
use crate::diagnostics::{Place, Severity};
use crate::matching;
use crate::register::{Laureate, Register};
use crate::typography::capitalised;

/// The data of the report of checks.
#[derive(Debug, Clone, Serialize)]
pub struct ControlData {
    pub edition: EditionData,
    /// « 25 erreurs, 119 alertes, 70 informations »
    #[serde(rename = "resume")]
    pub summary: Vec<CountData>,
    /// How many findings each family has, by severity.
    #[serde(rename = "familles")]
    pub families: Vec<FamilyData>,
    /// A part for each severity, the gravest first.
    #[serde(rename = "parties")]
    pub parts: Vec<PartData>,
}

/// How many findings there are of a severity.
#[derive(Debug, Clone, Serialize)]
pub struct CountData {
    #[serde(rename = "gravite")]
    pub severity: String,
    #[serde(rename = "libelle")]
    pub label: String,
    #[serde(rename = "nombre")]
    pub count: usize,
}

/// A family of rules and its findings.
#[derive(Debug, Clone, Serialize)]
pub struct FamilyData {
    #[serde(rename = "lettre")]
    pub letter: String,
    #[serde(rename = "nom")]
    pub name: String,
    /// Errors, warnings, informations.
    #[serde(rename = "nombres")]
    pub counts: Vec<usize>,
}

/// The findings of a severity, or the known ones.
#[derive(Debug, Clone, Serialize)]
pub struct PartData {
    #[serde(rename = "gravite")]
    pub severity: String,
    #[serde(rename = "titre")]
    pub title: String,
    #[serde(rename = "note")]
    pub note: String,
    #[serde(rename = "groupes")]
    pub groups: Vec<GroupData>,
}

/// The findings of a région, or of the whole programme.
#[derive(Debug, Clone, Serialize)]
pub struct GroupData {
    #[serde(rename = "nom")]
    pub name: String,
    #[serde(rename = "constats")]
    pub findings: Vec<LineData>,
}

/// A finding on its line.
#[derive(Debug, Clone, Serialize)]
pub struct LineData {
    pub code: String,
    #[serde(rename = "objet")]
    pub object: String,
    pub message: String,
    /// The facts that disagree: « enveloppe : 4,5 M€ ».
    #[serde(rename = "faits")]
    pub facts: Vec<String>,
    #[serde(rename = "calcul")]
    pub arithmetic: String,
    /// « laureats.xlsx, Régions : I2, F2 »
    #[serde(rename = "lieux")]
    pub places: Vec<String>,
    #[serde(rename = "proposition")]
    pub proposal: String,
    /// The reason, for a known finding.
    #[serde(rename = "connu")]
    pub known: String,
    /// The fingerprint that acknowledges it; empty where it would tell answers.
    #[serde(rename = "empreinte")]
    pub fingerprint: String,
}

/// How many facts a line shows; the others stand in the CSV and the JSON.
const FACTS: usize = 4;

/// Gathers the data of the report.
pub fn control(edition: EditionData, register: &Register, findings: &[Finding]) -> ControlData {
    let open = |severity: Severity| {
        let of = move |f: &&Finding| f.severity == severity && f.acknowledged.is_none();
        findings.iter().filter(of).collect::<Vec<_>>()
    };
    const NOTES: [(Severity, &str, &str); 3] = [
        (
            Severity::Error,
            "Erreurs",
            "L’arithmétique, ou la géographie officielle, prouve que l’un des faits est faux.",
        ),
        (Severity::Warning, "Alertes", "Une faute est probable : à vérifier auprès de qui sait."),
        (Severity::Information, "Informations", "Des questions de forme, utiles avant d’imprimer."),
    ];
    let projects = register.laureates_by_id();
    let part = |severity: &str, title: &str, note: &str, found: &[&Finding]| PartData {
        severity: severity.to_string(),
        title: title.to_string(),
        note: note.to_string(),
        groups: groups(register, &projects, found),
    };
    let mut parts: Vec<PartData> = NOTES
        .iter()
        .map(|(severity, title, note)| part(severity.word(), title, note, &open(*severity)))
        .collect();
    let known: Vec<&Finding> = findings.iter().filter(|f| f.acknowledged.is_some()).collect();
    let note = "Ces constats sont connus et gardés, chacun avec sa raison. Si une valeur change, \
                le constat revient.";
    parts.push(part("connu", "Constats connus", note, &known));
    parts.retain(|part| !part.groups.is_empty());
    ControlData { edition, summary: summary(findings), families: families(findings), parts }
}

fn summary(findings: &[Finding]) -> Vec<CountData> {
    let known = findings.iter().filter(|finding| finding.acknowledged.is_some()).count();
    let line = |severity: &str, singular: &str, count: usize| {
        let plural = if count > 1 { "s" } else { "" };
        let label = singular.split(' ').map(|word| format!("{word}{plural}"));
        CountData {
            severity: severity.to_string(),
            label: label.collect::<Vec<_>>().join(" "),
            count,
        }
    };
    let open = counts(findings).into_iter();
    let lines = open.map(|(severity, count)| line(severity.word(), severity.word(), count));
    let known = (known > 0).then(|| line("connu", "constat connu", known));
    lines.chain(known).collect()
}

fn families(findings: &[Finding]) -> Vec<FamilyData> {
    let counted = |family: Family| {
        let count = |severity: Severity| {
            let open = |f: &&Finding| f.severity == severity && f.acknowledged.is_none();
            findings.iter().filter(|finding| finding.family == family).filter(open).count()
        };
        let severities = [Severity::Error, Severity::Warning, Severity::Information];
        FamilyData {
            letter: family.letter().to_string(),
            name: capitalised(family.name()),
            counts: severities.map(count).to_vec(),
        }
    };
    Family::ALL.into_iter().map(counted).collect()
}

/// The laureates by the key of their identifiers.
type Projects<'a> = HashMap<String, &'a Laureate>;

/// The findings of the whole programme, then each région's, in the order of the
/// register.
fn groups(register: &Register, projects: &Projects<'_>, findings: &[&Finding]) -> Vec<GroupData> {
    let mut of: HashMap<Option<&str>, Vec<LineData>> = HashMap::new();
    for finding in findings {
        let region = finding.object.region.as_deref();
        of.entry(region).or_default().push(line(finding, projects));
    }
    let named = register.regions.iter().map(|region| Some(region.name.as_str()));
    let mut groups = Vec::new();
    for name in std::iter::once(None).chain(named) {
        groups.push(GroupData {
            name: name.unwrap_or("Ensemble du programme").to_string(),
            findings: of.remove(&name).unwrap_or_default(),
        });
    }
    groups.retain(|group| !group.findings.is_empty());
    groups
}

fn line(finding: &Finding, projects: &Projects<'_>) -> LineData {
    let fact = |fact: &Fact| format!("{} : {}", fact.what, shortened(&fact.value));
    // A matter of form is told by its message and its cells; so are names that
    // the message has already.
    let said =
        |fact: &Fact| fact.value.chars().count() > 3 && finding.message.contains(&fact.value);
    let told = finding.severity == Severity::Information || finding.facts.iter().all(said);
    let most = if told { 0 } else { FACTS };
    let shown = finding.facts.iter().take(most).map(fact);
    let more = finding.facts.len().checked_sub(FACTS).filter(|more| *more > 0 && most > 0);
    LineData {
        code: finding.code.to_string(),
        object: object(finding, projects),
        message: capitalised(&finding.message),
        facts: shown.chain(more.map(|more| format!("… et {more} de plus"))).collect(),
        arithmetic: finding.arithmetic.clone(),
        places: places(finding),
        proposal: capitalised(&finding.proposal),
        known: finding.acknowledged.clone().unwrap_or_default(),
        fingerprint: finding.public_fingerprint().unwrap_or_default(),
    }
}

/// The project with its name, or the indicator.
fn object(finding: &Finding, projects: &Projects<'_>) -> String {
    let object = &finding.object;
    let project = object.project.as_deref().unwrap_or_default();
    match projects.get(&matching::key(project)) {
        Some(laureate) if !laureate.name.is_empty() => format!("{project}, {}", laureate.name),
        Some(_) => project.to_string(),
        None if !project.is_empty() => project.to_string(),
        None => object.indicator.clone().unwrap_or_default(),
    }
}

/// A value that is a sentence is cut where a line would be full.
fn shortened(value: &str) -> String {
    const LONG: usize = 90;
    match value.char_indices().nth(LONG) {
        Some((at, _)) => format!("{}…", value.get(..at).unwrap_or_default().trim_end()),
        None => value.to_string(),
    }
}

/// The cells by file and sheet, and the lines of the source.
fn places(finding: &Finding) -> Vec<String> {
    let mut sheets: Vec<(String, Vec<String>)> = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    for fact in &finding.facts {
        if let Some((sheet, cell)) = fact.place.as_ref().map(located) {
            match sheets.iter_mut().find(|(other, _)| *other == sheet) {
                Some((_, cells)) if cells.contains(&cell) => {}
                Some((_, cells)) => cells.push(cell),
                None => sheets.push((sheet, vec![cell])),
            }
        }
        lines.extend(fact.source_line.clone().filter(|line| !lines.contains(line)));
    }
    let mut told: Vec<String> = sheets
        .into_iter()
        .map(|(sheet, cells)| format!("{sheet} : {}", cells.join(", ")))
        .collect();
    if !lines.is_empty() {
        let plural =
            if lines.len() > 1 || lines.iter().any(|l| l.contains('-')) { "s" } else { "" };
        told.push(format!("source, ligne{plural} {}", lines.join(", ")));
    }
    told
}

/// A place in two parts: the file, without the folder of the edition, and its
/// sheet, then the cell or the line.
fn located(place: &Place) -> (String, String) {
    let file = place.file.rsplit(['/', '\\']).next().unwrap_or(&place.file).to_string();
    let sheet = place.sheet.as_ref().map_or(file.clone(), |sheet| format!("{file}, {sheet}"));
    let line = place.line.map(|line| format!("ligne {line}"));
    (sheet, place.cell.clone().or(line).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Object;

    /// A line shows the facts that its message does not say.
    #[test]
    fn facts_that_the_message_says_are_not_said_again() {
        let shown = |values: [&str; 2]| {
            let object = Object::region("Corse");
            let message = "« La Halle » et « Le Moulin » : 12";
            let finding =
                Finding::new("D-essai", Family::Lists, Severity::Warning, object, message)
                    .facts(values.map(|value| Fact::new("nom", value)));
            line(&finding, &Projects::new()).facts.len()
        };
        assert_eq!(shown(["La Halle", "Le Moulin"]), 0);
        assert_eq!(shown(["La Halle", "Le Moulin à eau"]), 2);
        assert_eq!(shown(["La Halle", "12"]), 2);
    }

    #[test]
    fn cells_of_one_sheet_stand_together() {
        let cell = |cell: &str| Place::sheet("laureats.xlsx", "Régions").at(cell);
        let finding = Finding::new(
            "B-essai",
            Family::Budgets,
            Severity::Error,
            Object::region("Corse"),
            "un constat",
        )
        .fact(Fact::new("a", "1").at(&cell("I6")).line(Some("10-12")))
        .fact(Fact::new("b", "2").at(&cell("F6")).line(Some("10-12")))
        .fact(Fact::new("c", "3").at(&Place::line("textes/a.md", 4)));
        assert_eq!(
            places(&finding),
            ["laureats.xlsx, Régions : I6, F6", "a.md : ligne 4", "source, lignes 10-12"]
        );
    }
}
