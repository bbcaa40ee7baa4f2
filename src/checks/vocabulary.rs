//! G: the spellings of options on the cards: variants, near-duplicates,
//! truncated ones, labels used once.
//!
//! Each finding proposes the spelling to keep and prints the line of the
//! codebook that would settle it, ready to paste: the option of the codebook
//! where it knows one, with the new synonyms added.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::organisations::candidates;
use super::territory::card_fact;
use super::{Fact, Facts, Family, Finding, Object};
use crate::codebook::{Choice, Question};
use crate::diagnostics::Severity;
use crate::matching;
use crate::register::Card;
use crate::register::members::members;
use crate::typography::{counted, list, quoted};

const FAMILY: Family = Family::Vocabulary;

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let vocabularies = [
        Vocabulary::new(facts, "thématiques", "Thématiques", |card| card.themes.clone()),
        Vocabulary::new(facts, "publics cibles", "Publics cibles", |card| members(&card.publics)),
    ];
    vocabularies.iter().flat_map(Vocabulary::findings).collect()
}

/// A list of the cards whose elements are options.
struct Vocabulary<'a> {
    name: &'static str,
    column: &'static str,
    labels: BTreeMap<String, Label>,
    /// The question of the codebook whose options they are.
    question: Option<&'a Question>,
    /// The labels that are one but for capitals, signs and plurals.
    groups: BTreeMap<String, Vec<String>>,
}

/// A spelling, how often it is used, and the first card that does.
struct Label {
    count: usize,
    fact: Fact,
}

impl<'a> Vocabulary<'a> {
    fn new(
        facts: &Facts<'a>,
        name: &'static str,
        column: &'static str,
        elements: impl Fn(&Card) -> Vec<String>,
    ) -> Self {
        let mut labels: BTreeMap<String, Label> = BTreeMap::new();
        for card in &facts.register.cards {
            for element in elements(card) {
                let fact = || card_fact(card, &format!("fiche {}", card.title), &element, column);
                labels
                    .entry(element.clone())
                    .or_insert_with(|| Label { count: 0, fact: fact() })
                    .count += 1;
            }
        }
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for label in labels.keys() {
            groups.entry(variant_key(label)).or_default().push(label.clone());
        }
        let question = question(facts, &labels);
        Self { name, column, labels, question, groups }
    }

    fn findings(&self) -> Vec<Finding> {
        let truncated = self.truncated();
        let mut findings: Vec<Finding> =
            truncated.iter().map(|cut| self.cut_finding(cut)).collect();
        findings.extend(self.variants());
        findings.extend(self.known_synonyms());
        findings.extend(self.near_duplicates(&truncated));
        findings.extend(self.used_once());
        findings
    }

    /// G1: spellings that differ by capitals, spaces, signs or a plural.
    fn variants(&self) -> Vec<Finding> {
        let several = self.groups.values().filter(|group| group.len() > 1);
        several.map(|group| self.variants_finding(group)).collect()
    }

    fn variants_finding(&self, group: &[String]) -> Finding {
        let named: Vec<String> = group.iter().map(|label| quoted(label)).collect();
        let message = format!(
            "{} écritures d’un même libellé ({}) : {}",
            group.len(),
            self.name,
            list(&named)
        );
        Finding::new("G-variantes", FAMILY, Severity::Information, self.object(), message)
            .facts(group.iter().filter_map(|label| self.fact(label)))
            .propose(self.settled(&self.most_used(group), group))
    }

    /// The spelling to keep, and the codebook's line that says so.
    fn settled(&self, keep: &str, group: &[String]) -> String {
        let option = self.option_of(group);
        let label = option.map_or(keep, |option| option.label.as_str());
        format!(
            "gardez {} ; dans le dictionnaire : {}",
            quoted(label),
            codebook_line(option, keep, group)
        )
    }

    /// The option of the codebook that one of the labels is, or is a synonym of.
    fn option_of(&self, labels: &[String]) -> Option<&'a Choice> {
        let keys: Vec<String> = labels.iter().map(|label| matching::key(label)).collect();
        let known = |option: &&Choice| {
            let wordings = std::iter::once(&option.label).chain(&option.synonyms);
            wordings.map(|wording| matching::key(wording)).any(|key| keys.contains(&key))
        };
        self.question?.options.iter().find(known)
    }

    fn most_used(&self, group: &[String]) -> String {
        // Of equal ones the first, which begins with a capital.
        let most = group.iter().rev().max_by_key(|label| self.count(label));
        most.cloned().unwrap_or_default()
    }

    /// G2: spellings that the codebook knows as synonyms of another.
    fn known_synonyms(&self) -> Vec<Finding> {
        let Some(question) = self.question else { return Vec::new() };
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
                let object = self.object();
                findings.push(
                    Finding::new("G-synonyme", FAMILY, Severity::Information, object, message)
                        .facts(self.fact(label))
                        .fact(Fact::new("dictionnaire", &option.label).at(&option.place))
                        .propose(format!("écrivez {}", quoted(&option.label))),
                );
            }
        }
        findings
    }

    /// G3: labels that lost their first letter or their last.
    fn truncated(&self) -> Vec<Cut<'_>> {
        let by_key: HashMap<String, &String> =
            self.labels.keys().map(|label| (matching::loose_key(label), label)).collect();
        let mut cuts = Vec::new();
        for whole in self.labels.keys() {
            let key = matching::loose_key(whole);
            let letters = || key.chars();
            let headless: String = letters().skip(1).collect();
            let tailless: String = letters().take(letters().count().saturating_sub(1)).collect();
            let plural = key.ends_with(['s', 'x', 'e']);
            let pieces = [Some(headless), (!plural).then_some(tailless)];
            for piece in pieces.into_iter().flatten().filter(|piece| piece.chars().count() >= 4) {
                cuts.extend(by_key.get(&piece).map(|label| Cut { label, whole }));
            }
        }
        cuts
    }

    fn cut_finding(&self, cut: &Cut<'_>) -> Finding {
        let message = format!("{} est {} tronqué", quoted(cut.label), quoted(cut.whole));
        let (one, other) = (self.fact(cut.label), self.fact(cut.whole));
        Finding::new("G-tronque", FAMILY, Severity::Warning, self.object(), message)
            .facts([one, other].into_iter().flatten())
            .propose(format!("écrivez {}", quoted(cut.whole)))
    }

    /// G4: labels a slip apart, or one the beginning of a word of the other.
    fn near_duplicates(&self, truncated: &[Cut<'_>]) -> Vec<Finding> {
        let keys: Vec<&str> = self.groups.keys().map(String::as_str).collect();
        let group = |rank: &usize| self.groups.get(keys.get(*rank).copied().unwrap_or_default());
        let mut pairs = candidates(&keys);
        pairs.extend(beginnings(&keys));
        pairs.sort_unstable();
        pairs.dedup();
        let cut = |label: &String| truncated.iter().any(|cut| cut.label == label);
        pairs
            .iter()
            .filter_map(|(left, right)| group(left).zip(group(right)))
            .map(|(left, right)| (self.most_used(left), self.most_used(right)))
            .filter(|(one, other)| are_near(one, other) && !cut(one) && !cut(other))
            .map(|(one, other)| self.near_finding(&one, &other))
            .collect()
    }

    fn near_finding(&self, one: &String, other: &String) -> Finding {
        let (rare, keep) =
            if self.count(one) <= self.count(other) { (one, other) } else { (other, one) };
        let message = format!("{} et {} disent-ils la même chose ?", quoted(rare), quoted(keep));
        let both = [keep.clone(), rare.clone()];
        Finding::new("G-quasi-doublon", FAMILY, Severity::Information, self.object(), message)
            .facts([self.fact(rare), self.fact(keep)].into_iter().flatten())
            .propose(format!("si oui, {}", self.settled(keep, &both)))
    }

    /// G5: labels used once, told together.
    fn used_once(&self) -> Option<Finding> {
        let uses = |group: &[String]| group.iter().map(|label| self.count(label)).sum::<usize>();
        let once: Vec<&String> =
            self.groups.values().filter(|group| uses(group) == 1).flatten().collect();
        // Where most labels are used once the list is free text.
        if once.is_empty() || once.len() * 2 > self.groups.len() {
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

/// A label that another is without its first letter or its last.
struct Cut<'a> {
    label: &'a String,
    whole: &'a String,
}

/// The question of the codebook whose options most of the labels are.
fn question<'a>(facts: &Facts<'a>, labels: &BTreeMap<String, Label>) -> Option<&'a Question> {
    let keys: HashSet<String> = labels.keys().map(|label| matching::key(label)).collect();
    let known = |question: &Question| {
        let options = question.options.iter();
        let wordings = options.flat_map(|o| std::iter::once(&o.label).chain(&o.synonyms));
        wordings.filter(|wording| keys.contains(&matching::key(wording))).count()
    };
    let questions = facts.survey.codebook.questions.iter();
    let best = questions.max_by_key(|question| known(question))?;
    (known(best) >= 3).then_some(best)
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

/// Pairs of keys of which one begins with the other; keys are sorted.
fn beginnings(keys: &[&str]) -> Vec<(usize, usize)> {
    const FAR: usize = 50;
    let longer = |rank: usize, key: &str| {
        let next = keys.iter().enumerate().skip(rank + 1).take(FAR);
        next.take_while(|(_, other)| other.starts_with(key)).count()
    };
    let ranked = keys.iter().enumerate().filter(|(_, key)| key.len() >= 5);
    ranked.flat_map(|(rank, key)| (1..=longer(rank, key)).map(move |n| (rank, rank + n))).collect()
}

/// Whether two labels may be one: a letter apart, or with another ending of the
/// last word.
fn are_near(one: &str, other: &str) -> bool {
    let words = |label: &str| {
        let key = matching::loose_key(label);
        key.split(|c: char| !c.is_alphanumeric()).filter(|word| !singular(word).is_empty()).count()
    };
    let (a, b) = (variant_key(one), variant_key(other));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let begins = short.len() >= 5
        && long.starts_with(short.as_str())
        && long.len() - short.len() <= 3
        && words(one) == words(other);
    let distance = strsim::damerau_levenshtein(&a, &b);
    begins || short.len() >= 6 && distance == 1 || short.len() >= 20 && distance <= 2
}

/// The line of the codebook that would settle it: the option it has, with the
/// labels that are missing from its synonyms; else a new one.
fn codebook_line(option: Option<&Choice>, keep: &str, labels: &[String]) -> String {
    let quote = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let (id, label) = match option {
        Some(option) => (option.id.clone(), option.label.as_str()),
        None => (matching::slug(keep), keep),
    };
    let known = option.map(|option| option.synonyms.clone()).unwrap_or_default();
    // Capitals and spaces make no difference to the codebook.
    let mut seen: HashSet<String> = HashSet::from([matching::key(label)]);
    let synonyms: Vec<String> = known
        .iter()
        .chain(labels)
        .filter(|synonym| seen.insert(matching::key(synonym)))
        .map(|synonym| quote(synonym))
        .collect();
    let synonyms = match synonyms.as_slice() {
        [] => String::new(),
        some => format!(", synonymes = [{}]", some.join(", ")),
    };
    format!("{{ id = {}, libelle = {}{synonyms} }}", quote(&id), quote(label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Place;

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
        assert!(!are_near("Habitants", "Habitants des QPV"));
    }

    #[test]
    fn the_line_to_paste_keeps_the_option_and_its_synonyms() {
        let option = Choice {
            id: "media".into(),
            label: "Média, communication".into(),
            synonyms: vec!["Média / communication".into()],
            free: false,
            place: Place::default(),
        };
        let labels = ["Média / Communication".to_string(), "Média/ \"Com\"".to_string()];
        assert_eq!(
            codebook_line(Some(&option), "Média / Communication", &labels),
            "{ id = \"media\", libelle = \"Média, communication\", \
             synonymes = [\"Média / communication\", \"Média/ \\\"Com\\\"\"] }"
        );
        let labels = ["Tout public".to_string(), "tout public".to_string()];
        assert_eq!(
            codebook_line(None, "Tout public", &labels),
            "{ id = \"tout-public\", libelle = \"Tout public\" }"
        );
    }
}
