//! The findings of a check as text, CSV and JSON.

use serde_json::{Value, json};

use crate::checks::{Finding, acknowledging_line};
use crate::diagnostics::Severity;

/// What stands in the files that are not for readers of the bilan.
pub const WORKING_FILE: &str = "document de travail : ne le diffusez pas";

/// The findings for a person who reads a terminal: by région, the gravest
/// first, each with its arithmetic, its cells and what to do.
pub fn findings_text(findings: &[Finding]) -> String {
    let (known, open): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().partition(|finding| finding.acknowledged.is_some());
    let mut text = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Information] {
        let of_severity: Vec<&&Finding> =
            open.iter().filter(|finding| finding.severity == severity).collect();
        text.extend(of_severity.iter().map(|finding| entry(finding)));
    }
    if !known.is_empty() {
        text.push_str("Constats connus\n\n");
        text.extend(known.iter().map(|finding| entry(finding)));
    }
    text
}

fn entry(finding: &Finding) -> String {
    let mut lines = vec![format!(
        "{} [{}] {}{}",
        finding.severity.word(),
        finding.code,
        subject(finding).map(|subject| format!("{subject} : ")).unwrap_or_default(),
        finding.message
    )];
    if !finding.arithmetic.is_empty() {
        lines.push(format!("  calcul : {}", finding.arithmetic));
    }
    for fact in finding.facts.iter().take(8) {
        let place = fact.place.as_ref().map(|place| format!(" → {place}")).unwrap_or_default();
        let line = fact.source_line.as_ref().map(|lines| {
            let plural = if lines.contains('-') { "s" } else { "" };
            format!(", ligne{plural} {lines} de la source")
        });
        lines.push(format!("  {} : {}{place}{}", fact.what, fact.value, line.unwrap_or_default()));
    }
    if let Some(more) = finding.facts.len().checked_sub(8).filter(|more| *more > 0) {
        lines.push(format!("  … et {more} de plus"));
    }
    lines.push(format!("  à faire : {}", finding.proposal));
    if let Some(reason) = &finding.acknowledged {
        lines.push(format!("  connu : {reason}"));
    } else {
        lines.push(format!("  à garder : {}", acknowledging_line(finding)));
    }
    lines.join("\n") + "\n\n"
}

/// What a finding is about, in words.
pub fn subject(finding: &Finding) -> Option<String> {
    let object = &finding.object;
    let parts: Vec<&str> =
        [&object.region, &object.project].into_iter().flatten().map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The findings as CSV for a French spreadsheet: semicolons, a byte order
/// mark, a row a finding.
pub fn findings_csv(findings: &[Finding]) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let titles = [
        "gravité",
        "code",
        "famille",
        "région",
        "projet",
        "indicateur",
        "constat",
        "calcul",
        "faits",
        "lieux",
        "lignes de la source",
        "proposition",
        "connu",
        "empreinte",
    ];
    // Writing to memory does not fail, and all records are as long.
    let _ = writer.write_record(titles);
    for finding in findings {
        let _ = writer.write_record(record(finding).map(|cell| plain(&cell)));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("\u{FEFF}{}", String::from_utf8(bytes).unwrap_or_default())
}

fn record(finding: &Finding) -> [String; 14] {
    let object = &finding.object;
    let joined = |texts: Vec<String>| texts.join(" | ");
    let facts = finding.facts.iter().map(|fact| format!("{} : {}", fact.what, fact.value));
    let places = finding.facts.iter().filter_map(|fact| fact.place.as_ref());
    let lines = finding.facts.iter().filter_map(|fact| fact.source_line.clone());
    [
        finding.severity.word().to_string(),
        finding.code.to_string(),
        format!("{} {}", finding.family.letter(), finding.family.name()),
        object.region.clone().unwrap_or_default(),
        object.project.clone().unwrap_or_default(),
        object.indicator.clone().unwrap_or_default(),
        finding.message.clone(),
        finding.arithmetic.clone(),
        joined(facts.collect()),
        joined(places.map(ToString::to_string).collect()),
        joined(lines.collect()),
        finding.proposal.clone(),
        finding.acknowledged.clone().unwrap_or_default(),
        finding.public_fingerprint().unwrap_or_default(),
    ]
}

/// A text that no spreadsheet runs as a formula.
pub fn plain(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if risky { format!("'{text}") } else { text.to_string() }
}

/// The findings as JSON, with the lines that would acknowledge each.
pub fn findings_json(findings: &[Finding]) -> String {
    let entry = |finding: &Finding| -> Value {
        let mut value = serde_json::to_value(finding).unwrap_or_default();
        if let Some(fields) = value.as_object_mut() {
            let fingerprint = finding.public_fingerprint();
            let line = fingerprint.as_ref().map(|_| acknowledging_line(finding));
            fields.insert("empreinte".into(), json!(fingerprint));
            fields.insert("pour_le_dire_connu".into(), json!(line));
        }
        value
    };
    let findings: Vec<Value> = findings.iter().map(entry).collect();
    let document = json!({ "usage": WORKING_FILE, "constats": findings });
    format!("{document:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{Fact, Family, Object};
    use crate::diagnostics::Place;

    #[test]
    fn files_tell_where_an_answer_is_and_not_what_it_is() {
        let place = Place::sheet("questionnaire.xlsx", "Réponses").at("J37");
        let object = Object::national().indicator("apprenants");
        let (family, severity) = (Family::Answers, Severity::Information);
        let finding = Finding::new("J-valeur-extreme", family, severity, object, "1 réponse")
            .fact(Fact::answer("9137").at(&place))
            .propose("vérifiez cette réponse");
        let fingerprint = finding.fingerprint();
        let told = findings_text(std::slice::from_ref(&finding));
        assert!(told.contains("9137") && told.contains(&fingerprint), "{told}");
        let withheld = [finding.without_answers()];
        for text in [findings_csv(&withheld), findings_json(&withheld)] {
            assert!(text.contains("J37") && text.contains("bilan verifier"), "{text}");
            assert!(!text.contains("9137") && !text.contains(&fingerprint), "{text}");
            assert!(!text.contains(&withheld[0].fingerprint()), "{text}");
        }
    }
}
