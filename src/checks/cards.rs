//! F: each card against its project's entry in the list.
//!
//! A card bears no number: its project is the entry of the same région with
//! which it shares most members and words. Where the two disagree on a title
//! or on members, both are shown.

use super::lists::laureate_fact;
use super::territory::card_fact;
use super::{Facts, Family, Finding};
use crate::diagnostics::Severity;
use crate::matching;
use crate::register::members::{members, organisation_key};
use crate::register::{Card, Laureate};
use crate::typography::{list, quoted};

const FAMILY: Family = Family::Cards;

/// Below this a card and an entry have too little in common.
const ENOUGH: f64 = 0.45;

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for region in &facts.register.regions {
        let cards: Vec<&Card> = facts.register.cards_of(&region.slug).collect();
        let laureates: Vec<&Laureate> = facts.register.laureates_of(&region.slug).collect();
        let pairs = matched(&cards, &laureates);
        for (rank, card) in cards.iter().enumerate() {
            match pairs.iter().find(|(card, _)| *card == rank) {
                Some((_, laureate)) => {
                    let laureate = laureates.get(*laureate);
                    findings.extend(laureate.into_iter().flat_map(|l| compare(facts, card, l)));
                }
                None => findings.push(without_project(facts, card, &laureates)),
            }
        }
    }
    findings
}

/// Cards with their entries, by rank: the best pairs first, each entry once.
pub fn matched(cards: &[&Card], laureates: &[&Laureate]) -> Vec<(usize, usize)> {
    let mut scored: Vec<(f64, usize, usize)> = Vec::new();
    for (card_rank, card) in cards.iter().enumerate() {
        for (rank, laureate) in laureates.iter().enumerate() {
            let score = score(card, laureate);
            if score >= ENOUGH {
                scored.push((score, card_rank, rank));
            }
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, card, laureate) in scored {
        if !pairs.iter().any(|(c, l)| *c == card || *l == laureate) {
            pairs.push((card, laureate));
        }
    }
    pairs
}

/// How much a card and an entry have in common, from 0 to 2: words of the
/// titles, and members whatever their role.
fn score(card: &Card, laureate: &Laureate) -> f64 {
    let titles = shared_share(&words(&card.title), &words(&laureate.name));
    // One word in common, and no member, is chance.
    let titles_alone = if titles >= 0.75 { titles } else { 0.0 };
    let on_card = [&card.third_places, &card.training_organisations, &card.other_partners];
    let listed = [&laureate.third_places, &laureate.training_organisations];
    let keys = |texts: &[&String]| -> Vec<String> {
        texts.iter().flat_map(|text| members(text)).map(|name| organisation_key(&name)).collect()
    };
    match shared_share(&keys(&on_card), &keys(&listed)) {
        0.0 => titles_alone,
        members => titles + members,
    }
}

/// The telling words of a title.
fn words(title: &str) -> Vec<String> {
    const EMPTY: [&str; 30] = [
        "le",
        "la",
        "les",
        "l",
        "de",
        "du",
        "des",
        "d",
        "et",
        "en",
        "au",
        "aux",
        "a",
        "un",
        "une",
        "pour",
        "dans",
        "sur",
        "tiers",
        "lieu",
        "lieux",
        "projet",
        "formation",
        "formations",
        "deffinov",
        "ses",
        "son",
        "par",
        "tlc",
        "competences",
    ];
    matching::loose_key(title)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 1 && !EMPTY.contains(word))
        .map(str::to_string)
        .collect()
}

/// The share of the shorter list that the other has too.
fn shared_share(left: &[String], right: &[String]) -> f64 {
    let shortest = left.len().min(right.len());
    if shortest == 0 {
        return 0.0;
    }
    let shared = left.iter().filter(|one| right.iter().any(|other| same(one, other))).count();
    shared.min(shortest) as f64 / shortest as f64
}

/// Whether two keys name the same thing: equal, nearly so, or one the other
/// with more words.
fn same(left: &str, right: &str) -> bool {
    let (a, b): (String, String) = (squeezed(left), squeezed(right));
    let contains = |long: &str, short: &str| {
        let words: Vec<&str> = short.split(' ').collect();
        words.iter().map(|word| word.len()).sum::<usize>() >= 4
            && words.iter().all(|word| long.split(' ').any(|other| other == *word))
    };
    a == b
        || contains(left, right)
        || contains(right, left)
        || (a.len() >= 5 && b.len() >= 5 && strsim::normalized_damerau_levenshtein(&a, &b) >= 0.82)
}

/// A key without spaces and final s.
fn squeezed(key: &str) -> String {
    key.split(' ').map(|word| word.trim_end_matches('s')).collect()
}

fn without_project(facts: &Facts<'_>, card: &Card, laureates: &[&Laureate]) -> Finding {
    let best = laureates
        .iter()
        .map(|laureate| (score(card, laureate), laureate))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(score, _)| *score > 0.0);
    let proposal = match best {
        Some((_, near)) => format!("est-ce {} {} ?", near.id, quoted(near.title())),
        None => "dites de quel projet de la liste il s’agit".to_string(),
    };
    let message = "la fiche ne correspond à aucun projet de la liste";
    let object = facts.object(&card.region).project(&card.title);
    Finding::new("F-fiche-sans-projet", FAMILY, Severity::Warning, object, message)
        .fact(card_fact(card, "titre", &card.title, "Titre"))
        .fact(card_fact(card, "tiers-lieux", &card.third_places, "Tiers-lieux"))
        .propose(proposal)
}

fn compare(facts: &Facts<'_>, card: &Card, laureate: &Laureate) -> Vec<Finding> {
    let mut findings: Vec<Finding> = titles(facts, card, laureate).into_iter().collect();
    let roles = [
        ("tiers-lieux", &card.third_places, &laureate.third_places, "Tiers-lieux"),
        (
            "organismes de formation",
            &card.training_organisations,
            &laureate.training_organisations,
            "Organismes de formation",
        ),
    ];
    for (what, on_card, listed, column) in roles {
        findings.extend(members_differ(facts, card, laureate, what, on_card, listed, column));
    }
    findings
}

/// F2: the same project under two titles.
fn titles(facts: &Facts<'_>, card: &Card, laureate: &Laureate) -> Option<Finding> {
    let plain = |title: &str| -> String {
        matching::loose_key(title).chars().filter(|c| c.is_alphanumeric()).collect()
    };
    if plain(&card.title) == plain(&laureate.name)
        || laureate.name.is_empty() && card.title.is_empty()
    {
        return None;
    }
    let alike = shared_share(&words(&card.title), &words(&laureate.name)) >= 0.5;
    let severity = if alike { Severity::Information } else { Severity::Warning };
    let message = format!(
        "{} dans la liste, {} sur la fiche",
        if laureate.name.is_empty() { "sans nom".to_string() } else { quoted(&laureate.name) },
        quoted(&card.title)
    );
    let object = facts.object(&card.region).project(&laureate.id);
    Some(
        Finding::new("F-deux-titres", FAMILY, severity, object, message)
            .fact(laureate_fact(laureate, "nom", laureate.title(), "Nom"))
            .fact(card_fact(card, "titre de la fiche", &card.title, "Titre"))
            .propose("gardez un seul titre, le même dans la liste et sur la fiche"),
    )
}

/// F3: members that only the list or only the card names.
#[allow(clippy::too_many_arguments)]
fn members_differ(
    facts: &Facts<'_>,
    card: &Card,
    laureate: &Laureate,
    what: &str,
    on_card: &str,
    listed: &str,
    column: &str,
) -> Option<Finding> {
    let only_listed = missing_from(listed, on_card);
    let only_on_card = missing_from(on_card, listed);
    if only_listed.is_empty() && only_on_card.is_empty() {
        return None;
    }
    let named = |names: &[String]| list(&names.iter().map(|name| quoted(name)).collect::<Vec<_>>());
    let message = match (only_listed.as_slice(), only_on_card.as_slice()) {
        (_, []) => format!("{what} : {} dans la liste seulement", named(&only_listed)),
        ([], _) => format!("{what} : {} sur la fiche seulement", named(&only_on_card)),
        _ => format!(
            "{what} : {} dans la liste, {} sur la fiche",
            named(&only_listed),
            named(&only_on_card)
        ),
    };
    let object = facts.object(&card.region).project(&laureate.id);
    Some(
        Finding::new("F-membres-differents", FAMILY, Severity::Warning, object, message)
            .fact(laureate_fact(laureate, what, listed, column))
            .fact(card_fact(card, &format!("fiche {}", card.title), on_card, column))
            .propose("gardez la même liste de membres aux deux endroits"),
    )
}

/// The members of a list that another does not name.
fn missing_from(list: &str, other: &str) -> Vec<String> {
    let keys: Vec<String> = members(other).iter().map(|name| organisation_key(name)).collect();
    members(list)
        .into_iter()
        .filter(|name| {
            let key = organisation_key(name);
            !keys.iter().any(|other| same(&key, other))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_with_more_words_or_a_slip() {
        assert!(same(&organisation_key("Le Dynamo"), &organisation_key("la Dynamo")));
        assert!(same(
            &organisation_key("GRETA CFA Bretagne Sud"),
            &organisation_key("Le GRETA-CFA Bretagne Sud")
        ));
        assert!(same(&organisation_key("AFLOKAT"), &organisation_key("Aflokkat")));
        assert!(same(&organisation_key("Mednum"), &organisation_key("Arnia Mednum BFC")));
        assert!(!same(&organisation_key("Ping"), &organisation_key("Hyperlien")));
        assert!(!same(&organisation_key("Casa 94"), &organisation_key("Casa 89")));
    }
}
