//! Findings that are known and left, each with a reason.
//!
//! `constats-connus.toml` names a finding by its fingerprint, which holds the
//! values: when one of them changes the finding comes back.

use std::collections::BTreeMap;
use std::path::Path;

use super::Finding;
use crate::diagnostics::Diagnostics;
use crate::edition::KNOWN_FINDINGS;
use crate::settings::Document;

/// The known findings of an edition: reason by fingerprint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acknowledged {
    reasons: BTreeMap<String, String>,
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
        let mut reasons = BTreeMap::new();
        for section in root.sections("connu") {
            let fingerprint = section.required_text("empreinte");
            let reason = section.required_text("raison");
            // For the reader of the file only.
            section.text("code");
            section.text("objet");
            section.finish();
            if let (Some(fingerprint), Some(reason)) = (fingerprint, reason) {
                reasons.insert(fingerprint, reason);
            }
        }
        root.finish();
        Self { reasons }
    }

    /// Marks the findings that are known.
    pub fn mark(&self, findings: &mut [Finding]) {
        for finding in findings {
            finding.acknowledged = self.reasons.get(&finding.fingerprint()).cloned();
        }
    }
}

/// The lines that make a finding known, ready to paste.
pub fn lines(finding: &Finding) -> String {
    let object = &finding.object;
    let named = [&object.region, &object.project, &object.indicator];
    let object: Vec<&str> = named.into_iter().flatten().map(String::as_str).collect();
    format!(
        "[[connu]]\nempreinte = \"{}\"\ncode = \"{}\"\nobjet = \"{}\"\nraison = \"…\"\n",
        finding.fingerprint(),
        finding.code,
        object.join(", ").replace('\\', "\\\\").replace('"', "\\\"")
    )
}
