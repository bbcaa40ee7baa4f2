//! G: the spellings of options on the cards: variants, near-duplicates,
//! truncated ones, labels used once.

use std::collections::BTreeMap;

use super::territory::card_fact;
use super::{Fact, Facts, Family, Finding, Object};
use crate::codebook::Question;
use crate::diagnostics::Severity;
use crate::matching;
use crate::register::Card;
use crate::register::members::members;
use crate::typography::{counted, list, quoted};

const FAMILY: Family = Family::Vocabulary;

/// A list of the cards whose elements are options.
struct Vocabulary {
    name: &'static str,
    column: &'static str,
    labels: BTreeMap<String, Label>,
}

/// A spelling, and the cards that use it.
struct Label {
    count: usize,
    fact: Fact,
}

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let vocabularies = [
        vocabulary(facts, "thématiques", "Thématiques", |card| card.themes.clone()),
        vocabulary(facts, "publics cibles", "Publics cibles", |card| members(&card.publics)),
    ];
    vocabularies.iter().flat_map(|vocabulary| vocabulary.findings(facts)).collect()
}

fn vocabulary(
    facts: &Facts<'_>,
    name: &'static str,
    column: &'static str,
    elements: impl Fn(&Card) -> Vec<String>,
) -> Vocabulary {
    let mut labels: BTreeMap<String, Label> = BTreeMap::new();
    for card in &facts.register.cards {
        for element in elements(card) {
            let what = format!("fiche {}", card.title);
            let fact = card_fact(card, &what, &element, column);
            labels.entry(element).or_insert(Label { count: 0, fact }).count += 1;
        }
    }
    Vocabulary { name, column, labels }
}

impl Vocabulary {
    fn findings(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let question = self.question(facts);
        let mut findings = self.variants(question);
        findings.extend(self.known_synonyms(question));
        findings.extend(self.truncated());
        findings.extend(self.near_duplicates());
        findings.extend(self.used_once());
        findings
    }

    /// The question of the codebook whose options most of the labels are.
    fn question<'a>(&self, facts: &Facts<'a>) -> Option<&'a Question> {
        let known = |question: &Question| {
            let keys: Vec<String> = question
                .options
                .iter()
                .flat_map(|option| std::iter::once(&option.label).chain(&option.synonyms))
                .map(|label| matching::key(label))
                .collect();
            self.labels.keys().filter(|label| keys.contains(&matching::key(label))).count()
        };
        let questions = facts.survey.codebook.questions.iter();
        let best = questions.max_by_key(|question| known(question))?;
        (known(best) >= 3).then_some(best)
    }

    /// G1: spellings that differ by capitals, spaces, signs or a plural.
    fn variants(&self, question: Option<&Question>) -> Vec<Finding> {
        let mut groups: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for label in self.labels.keys() {
            groups.entry(variant_key(label)).or_default().push(label);
        }
        let several = groups.values().filter(|group| group.len() > 1);
        several.map(|group| self.variants_finding(group, question)).collect()
    }

    fn variants_finding(&self, group: &[&String], question: Option<&Question>) -> Finding {
        let keep = self.to_keep(group, question);
        let named: Vec<String> = group.iter().map(|label| quoted(label)).collect();
        let message = format!(
            "{} écritures d’un même libellé ({}) : {}",
            group.len(),
            self.name,
            list(&named)
        );
        let others: Vec<&str> =
            group.iter().map(|label| label.as_str()).filter(|label| *label != keep).collect();
        Finding::new("G-variantes", FAMILY, Severity::Information, self.object(), message)
            .facts(group.iter().filter_map(|label| self.fact(label)))
            .propose(format!(
                "gardez {} ; dans le dictionnaire : {}",
                quoted(&keep),
                codebook_line(&keep, &others)
            ))
    }

    /// The spelling of the codebook, else the one used most.
    fn to_keep(&self, group: &[&String], question: Option<&Question>) -> String {
        let in_codebook = question.and_then(|question| {
            let keys: Vec<String> = group.iter().map(|label| matching::key(label)).collect();
            question.options.iter().find(|option| keys.contains(&matching::key(&option.label)))
        });
        let most = group.iter().max_by_key(|label| self.count(label));
        in_codebook
            .map(|option| option.label.clone())
            .or_else(|| most.map(|label| label.to_string()))
            .unwrap_or_default()
    }

    /// G2: spellings that the codebook knows as synonyms of another.
    fn known_synonyms(&self, question: Option<&Question>) -> Vec<Finding> {
        let Some(question) = question else { return Vec::new() };
        let mut findings = Vec::new();
        for option in &question.options {
            let is_synonym = |label: &&String| {
                let key = matching::key(label);
                key != matching::key(&option.label)
                    && option.synonyms.iter().any(|synonym| matching::key(synonym) == key)
            };
            for label in self.labels.keys().filter(is_synonym) {
                let message = format!(
                    "{} est écrit pour {} ({})",
                    quoted(label),
                    quoted(&option.label),
                    counted(self.count(label), "fiche")
                );
                findings.push(
                    Finding::new(
                        "G-synonyme",
                        FAMILY,
                        Severity::Information,
                        self.object(),
                        message,
                    )
                    .facts(self.fact(label))
                    .propose(format!("écrivez {}", quoted(&option.label))),
                );
            }
        }
        findings
    }

    /// G3: labels that lost their first or last letters.
    fn truncated(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for label in self.labels.keys() {
            let key = matching::loose_key(label);
            let whole = self.labels.keys().find(|other| {
                let other_key = matching::loose_key(other);
                let lost = other_key.chars().count().saturating_sub(key.chars().count());
                let is_piece = other_key.ends_with(&key) || other_key.starts_with(&key);
                key.chars().count() >= 4
                    && (1..=2).contains(&lost)
                    && is_piece
                    && !is_plural(&key, &other_key)
            });
            if let Some(whole) = whole {
                let message = format!("{} est {} tronqué", quoted(label), quoted(whole));
                findings.push(
                    Finding::new("G-tronque", FAMILY, Severity::Warning, self.object(), message)
                        .facts([self.fact(label), self.fact(whole)].into_iter().flatten())
                        .propose(format!("écrivez {}", quoted(whole))),
                );
            }
        }
        findings
    }

    /// G4: labels a slip apart, or one the beginning of another.
    fn near_duplicates(&self) -> Vec<Finding> {
        let labels: Vec<&String> = self.labels.keys().collect();
        let mut findings = Vec::new();
        for (rank, one) in labels.iter().enumerate() {
            for other in labels.iter().skip(rank + 1) {
                if variant_key(one) != variant_key(other) && are_near(one, other) {
                    findings.push(self.near_finding(one, other));
                }
            }
        }
        findings
    }

    fn near_finding(&self, one: &str, other: &str) -> Finding {
        let (rare, keep) =
            if self.count(one) <= self.count(other) { (one, other) } else { (other, one) };
        let message = format!("{} et {} disent-ils la même chose ?", quoted(rare), quoted(keep));
        Finding::new("G-quasi-doublon", FAMILY, Severity::Information, self.object(), message)
            .facts([self.fact(rare), self.fact(keep)].into_iter().flatten())
            .propose(format!(
                "si oui, gardez {} ; dans le dictionnaire : {}",
                quoted(keep),
                codebook_line(keep, &[rare])
            ))
    }

    /// G5: labels used once, told together.
    fn used_once(&self) -> Option<Finding> {
        let once: Vec<&String> = self
            .labels
            .iter()
            .filter(|(_, label)| label.count == 1)
            .map(|(text, _)| text)
            .collect();
        // Where most labels are used once the list is free text.
        if once.is_empty() || once.len() * 2 > self.labels.len() {
            return None;
        }
        let named: Vec<String> = once.iter().map(|label| quoted(label)).collect();
        let message =
            format!("libellés employés une seule fois ({}) : {}", self.name, list(&named));
        Some(
            Finding::new("G-libelle-unique", FAMILY, Severity::Information, self.object(), message)
                .facts(once.iter().filter_map(|label| self.fact(label)))
                .propose(
                    "rattachez-les à un libellé existant, ou gardez-les s’ils disent autre chose",
                ),
        )
    }

    fn object(&self) -> Object {
        Object::national().indicator(self.column)
    }

    fn count(&self, label: &str) -> usize {
        self.labels.get(label).map_or(0, |label| label.count)
    }

    fn fact(&self, label: &str) -> Option<Fact> {
        self.labels.get(label).map(|label| label.fact.clone())
    }
}

/// A label without capitals, accents, spaces, signs and plural marks.
fn variant_key(label: &str) -> String {
    matching::loose_key(label)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(singular)
        .collect()
}

fn singular(word: &str) -> &str {
    match word {
        "des" | "du" | "de" | "les" | "le" | "la" => "",
        word if word.len() > 3 => word.trim_end_matches(['s', 'x']),
        word => word,
    }
}

fn is_plural(short: &str, long: &str) -> bool {
    long.strip_prefix(short).is_some_and(|rest| ["s", "x", "es"].contains(&rest))
}

fn are_near(one: &str, other: &str) -> bool {
    let (a, b) = (variant_key(one), variant_key(other));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let begins =
        short.len() >= 5 && long.starts_with(short.as_str()) && long.len() - short.len() <= 3;
    let lost = long.len() - short.len() <= 2 && long.ends_with(short.as_str());
    let slip = short.len() >= 6 && strsim::damerau_levenshtein(&a, &b) == 1;
    let ending = short.len() >= 20 && strsim::damerau_levenshtein(&a, &b) <= 3;
    (begins || slip || ending) && !lost
}

/// The line of the codebook that would settle it.
fn codebook_line(keep: &str, others: &[&str]) -> String {
    let quote = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let synonyms: Vec<String> = others.iter().map(|other| quote(other)).collect();
    format!(
        "{{ id = {}, libelle = {}, synonymes = [{}] }}",
        quote(&matching::slug(keep)),
        quote(keep),
        synonyms.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_label_have_one_key() {
        for spelling in ["Média/communication", "Média / Communication", "MÉDIA - communications"]
        {
            assert_eq!(variant_key(spelling), variant_key("Média/ Communication"), "{spelling}");
        }
        assert_eq!(variant_key("Jeunes et NEETS"), variant_key("jeunes et NEET"));
        assert_ne!(variant_key("Jeunesse"), variant_key("Jeunes"));
    }

    #[test]
    fn near_labels_are_a_slip_or_an_ending_apart() {
        assert!(are_near("Jeunes", "Jeunesse"));
        assert!(are_near("Entreprenariat", "Entrepenariat"));
        assert!(!are_near("Insertion", "Inclusion"));
        assert!(!are_near("Numérique", "Culture"));
    }
}
