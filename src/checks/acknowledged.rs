//! Findings that are known and left, each with a reason.
//!
//! `constats-connus.toml` has a line a finding, under its fingerprint:
//!
//! ```toml
//! b273feee = { code = "A-total-et-somme", objet = "budget.total", raison = "…" }
//! ```
//!
//! The fingerprint holds the values: when one of them changes the finding comes
//! back, and the line that no longer serves is told.

use std::collections::BTreeMap;
use std::path::Path;

use super::Finding;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::edition::KNOWN_FINDINGS;
use crate::settings::{Document, Section};
use crate::typography::quoted;

/// The known findings of an edition, by fingerprint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acknowledged {
    known: BTreeMap<String, Known>,
}

/// Why a finding is left, and the line that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    reason: String,
    /// For the reader of the file, and for messages.
    code: String,
    object: String,
    place: Place,
}

impl Acknowledged {
    /// Reads the file of an edition; an absent one knows nothing.
    pub fn read(folder: &Path, found: &mut Diagnostics) -> Self {
        let path = folder.join(KNOWN_FINDINGS);
        if !path.exists() {
            return Self::default();
        }
        match Document::read(&path) {
            Ok(document) => {
                let known = Self::from_document(&document);
                found.extend(document.take_diagnostics());
                known
            }
            Err(faults) => {
                found.extend(faults);
                Self::default()
            }
        }
    }

    fn from_document(document: &Document) -> Self {
        let root = document.root();
        let known = |fingerprint: &&str| {
            let section = root.section(fingerprint)?;
            let reason = reason(&section);
            let (code, object) = (section.text("code"), section.text("objet"));
            let place = section.place("raison");
            section.finish();
            let (code, object) = (code.unwrap_or_default(), object.unwrap_or_default());
            Some((fingerprint.to_string(), Known { reason: reason?, code, object, place }))
        };
        let known = root.keys().iter().filter_map(known).collect();
        root.finish();
        Self { known }
    }

    /// Marks the findings that are known. Returns a warning for each line that
    /// acknowledges nothing any more.
    pub fn mark(&self, findings: &mut [Finding]) -> Diagnostics {
        let mut left: BTreeMap<&str, &Known> =
            self.known.iter().map(|(fingerprint, known)| (fingerprint.as_str(), known)).collect();
        for finding in findings {
            let fingerprint = finding.fingerprint();
            left.remove(fingerprint.as_str());
            finding.acknowledged = self.known.get(&fingerprint).map(|known| known.reason.clone());
        }
        left.into_iter().map(|(fingerprint, known)| unused(fingerprint, known)).collect()
    }
}

/// The reason, which somebody must have written.
fn reason(section: &Section<'_>) -> Option<String> {
    let reason = section.required_text("raison")?;
    let words = reason.chars().filter(|c| c.is_alphanumeric()).count();
    if words == 0 {
        let message = "un constat connu a une raison".to_string();
        let help = "dites pourquoi il est gardé, pour qui relira".to_string();
        section.fault("raison", "raison-absente", message, help);
        return None;
    }
    Some(reason)
}

fn unused(fingerprint: &str, known: &Known) -> Diagnostic {
    let said = [&known.code, &known.object].map(String::as_str).join(" ");
    let message = format!(
        "le constat connu {} ({}) n’existe plus, ou l’une de ses valeurs a changé",
        quoted(fingerprint),
        said.trim()
    );
    Diagnostic::warning("constat-connu-absent", message)
        .at(known.place.clone())
        .help("relisez le constat s’il est revenu, puis retirez cette ligne")
}

/// The line that makes a finding known, ready to paste.
pub fn line(finding: &Finding) -> String {
    let object = &finding.object;
    let named = [&object.region, &object.project, &object.indicator];
    let object: Vec<&str> = named.into_iter().flatten().map(String::as_str).collect();
    let object = object.join(", ").replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        "{} = {{ code = \"{}\", objet = \"{object}\", raison = \"…\" }}",
        finding.fingerprint(),
        finding.code,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{Fact, Family, Object};
    use crate::diagnostics::Severity;

    fn finding(value: &str) -> Finding {
        let object = Object::region("Corse").project("L’« atelier » \"A\"");
        Finding::new("B-essai", Family::Budgets, Severity::Error, object, "un constat")
            .fact(Fact::new("enveloppe", value))
    }

    fn read(text: &str) -> (Acknowledged, Vec<String>) {
        let document = Document::parse("constats-connus.toml", text).unwrap();
        let known = Acknowledged::from_document(&document);
        (known, document.into_diagnostics().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_line_to_paste_makes_the_finding_known() {
        let line = line(&finding("1")).replace("…", "accord du financeur");
        let (known, messages) = read(&line);
        assert_eq!(messages, [""; 0]);
        let mut findings = [finding("1"), finding("2")];
        assert!(known.mark(&mut findings).is_empty());
        assert_eq!(findings[0].acknowledged.as_deref(), Some("accord du financeur"));
        assert_eq!(findings[1].acknowledged, None);
    }

    #[test]
    fn a_value_that_changes_brings_the_finding_back() {
        let (known, _) = read(&line(&finding("1")).replace("…", "accord"));
        let mut findings = [finding("2")];
        let unused = known.mark(&mut findings);
        assert_eq!(findings[0].acknowledged, None);
        assert_eq!(unused.iter().map(|d| d.code).collect::<Vec<_>>(), ["constat-connu-absent"]);
    }

    #[test]
    fn wrong_lines_are_told() {
        let (known, messages) = read(
            "aaaaaaaa = { code = \"B\", raison = \"…\" }\nbbbbbbbb = \"parce que\"\n\
             cccccccc = { raison = \"vu\", motif = \"x\" }\ndddddddd = { code = \"B\" }\n",
        );
        assert_eq!(known.known.len(), 1);
        insta::assert_snapshot!(messages.join("\n"));
    }
}
