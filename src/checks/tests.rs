//! Every rule on a synthetic edition: nothing in a clean one, exactly one
//! finding for one planted fault, nothing for a near miss.

mod cases;
mod edition;
mod random;

use std::collections::BTreeSet;
use std::path::Path;

use cases::CASES;
use edition::Edition;

use super::Finding;
use crate::diagnostics::Severity;

fn told(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        format!("    {}: {} ({})", finding.code, finding.message, finding.arithmetic)
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn findings_after(change: impl Fn(&mut Edition)) -> Vec<Finding> {
    let mut edition = Edition::clean();
    change(&mut edition);
    edition.findings()
}

#[test]
fn a_clean_edition_has_no_finding() {
    let findings = Edition::clean().findings();
    assert!(findings.is_empty(), "{}", told(&findings));
}

/// Whatever its size and its names: true totals, places that exist, members
/// and titles that agree give no false alarm.
#[test]
fn random_clean_editions_have_no_finding() {
    let mut wrong = Vec::new();
    for seed in 0..12 {
        let findings = random::edition(seed).findings();
        // An envelope may be far from the others by chance: that is told, and no
        // more than told.
        let findings: Vec<Finding> =
            findings.into_iter().filter(|f| f.code != "B-enveloppe-par-projet").collect();
        if !findings.is_empty() {
            wrong.push(format!("seed {seed}:\n{}", told(&findings)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_planted_fault_is_found_and_nothing_else() {
    let mut wrong = Vec::new();
    for (rank, case) in CASES.iter().enumerate() {
        let findings = findings_after(case.fault);
        let mut codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
        codes.sort_unstable();
        if codes != case.codes {
            wrong.push(format!("case {rank}, {:?}:\n{}", case.codes, told(&findings)));
        }
        wrong.extend(findings.iter().filter(|f| !can_be_checked(f)).map(|f| format!("{f:?}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whatever a rule says can be checked: a fact with its place, another fact or
/// an arithmetic where something is compared, and something to do.
fn can_be_checked(finding: &Finding) -> bool {
    const OF_ONE_FACT: &str = "CDFGJK";
    let placed = finding.facts.iter().any(|fact| fact.place.is_some());
    let compared = finding.facts.len() > 1 || !finding.arithmetic.is_empty();
    let one_is_enough = OF_ONE_FACT.contains(finding.family.letter())
        || ["A-partie-absente", "H-part-impossible"].contains(&finding.code);
    placed && (compared || one_is_enough) && !finding.proposal.is_empty()
}

/// A copied block is an error where geography proves it, a warning elsewhere.
#[test]
fn an_error_is_proven() {
    let copied = |partners: &str| {
        let findings = findings_after(|edition| {
            for region in ["Bretagne", "Normandie"] {
                let row = edition.cards.row("Région", region);
                edition.cards.set(row, "Autres partenaires", partners);
            }
        });
        let copied = findings.into_iter().find(|finding| finding.code == "E-bloc-copie");
        let copied = copied.unwrap();
        (copied.severity, copied.arithmetic)
    };
    let (severity, why) = copied("Ressourcerie 901, Ressourcerie de Bretagne");
    assert_eq!(severity, Severity::Error);
    assert!(why.ends_with(" est de Bretagne, et non de Normandie"), "{why}");
    assert_eq!(copied("Ressourcerie 901, Ressourcerie 902").0, Severity::Warning);
    assert_eq!(copied("Ressourcerie 901, Ressourcerie de Corse").0, Severity::Warning);
}

#[test]
fn a_near_miss_is_left_alone() {
    let mut wrong = Vec::new();
    for (rank, case) in CASES.iter().enumerate() {
        let findings = findings_after(case.near_miss);
        if !findings.is_empty() {
            wrong.push(format!("case {rank}, near {:?}:\n{}", case.codes, told(&findings)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The codes that the rules can emit: the texts of their sources that look like
/// one.
fn codes_of_rules() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
    let sources = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let rules = sources.filter(|path| path.is_file() && !path.ends_with("tests.rs"));
    let texts = rules.map(|path| std::fs::read_to_string(path).unwrap());
    // Codes are the only texts of this form.
    let is_code = |text: &&str| {
        let (letter, rest) = text.split_at_checked(1).unwrap_or_default();
        ("A".."L").contains(&letter)
            && rest.strip_prefix('-').is_some_and(|rest| {
                rest.len() > 3 && rest.chars().all(|c| c.is_ascii_lowercase() || c == '-')
            })
    };
    let mut codes = BTreeSet::new();
    for text in texts {
        let found = text.split('"').filter(is_code).filter(|code| !code.ends_with("-essai"));
        codes.extend(found.map(str::to_string));
    }
    codes
}

#[test]
fn every_rule_has_a_planted_fault() {
    let rules = codes_of_rules();
    let planted: BTreeSet<String> =
        CASES.iter().flat_map(|case| case.codes).map(|code| code.to_string()).collect();
    assert!(rules.len() >= 60, "{rules:?}");
    assert_eq!(rules, planted);
}
