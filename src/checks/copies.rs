//! E: blocks that were copied from one card to another, and elements printed
//! twice on one.

use std::collections::{HashMap, HashSet};

use super::lists::{Territory, foreign_territory, territories};
use super::territory::{card_fact, named_in};
use super::totals::published_fact;
use super::{Facts, Family, Finding};
use crate::diagnostics::Severity;
use crate::matching;
use crate::published::PublishedFigure;
use crate::register::members::members;
use crate::register::{Card, Region};
use crate::typography::quoted;

const FAMILY: Family = Family::Copies;

/// A block of a card.
struct Block {
    name: &'static str,
    column: &'static str,
    text: fn(&Card) -> String,
    /// How grave it is that two cards share so many elements; none where that
    /// may well be.
    severity: fn(usize) -> Option<Severity>,
}

/// The blocks that two cards may share only by mistake, where they are long
/// enough: partners hardly ever, publics and themes sometimes.
const BLOCKS: [Block; 3] = [
    Block {
        name: "autres partenaires",
        column: "Autres partenaires",
        text: |card| card.other_partners.clone(),
        severity: |elements| (elements >= 1).then_some(Severity::Warning),
    },
    Block {
        name: "publics cibles",
        column: "Publics cibles",
        text: |card| card.publics.clone(),
        severity: |elements| (elements >= 3).then_some(Severity::Warning),
    },
    Block {
        name: "thématiques",
        column: "Thématiques",
        text: |card| card.themes.join(" ; "),
        severity: |elements| (elements >= 4).then_some(Severity::Information),
    },
];

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let territories = territories(facts);
    let copied = BLOCKS.iter().flat_map(|block| copied_blocks(facts, block, &territories));
    let mut findings: Vec<Finding> = copied.collect();
    findings.extend(facts.register.cards.iter().flat_map(|card| repeated(facts, card)));
    findings.extend(facts.register.regions.iter().flat_map(|region| repeated_towns(facts, region)));
    findings
}

/// E3: towns that the map of a région names twice.
fn repeated_towns(facts: &Facts<'_>, region: &Region) -> Vec<Finding> {
    let mut seen: HashMap<String, &PublishedFigure> = HashMap::new();
    let mut findings = Vec::new();
    for town in named_in(facts, region, "commune") {
        let Some(first) = seen.insert(matching::loose_key(&town.printed), town) else { continue };
        let message = format!("{} figure deux fois sur la carte", quoted(&town.printed));
        let object = facts.object(&region.slug);
        findings.push(
            Finding::new("E-element-repete", FAMILY, Severity::Warning, object, message)
                .facts([published_fact(first), published_fact(town)])
                .sum(format!("{} × 2", quoted(&town.printed)))
                .propose("retirez la répétition"),
        );
    }
    findings
}

/// E1: cards whose block is another's; the first card that prints it is the
/// one compared with.
fn copied_blocks(facts: &Facts<'_>, block: &Block, territories: &[Territory]) -> Vec<Finding> {
    let mut first: HashMap<String, &Card> = HashMap::new();
    let mut findings = Vec::new();
    for card in &facts.register.cards {
        let text = (block.text)(card);
        let elements = text.split([',', ';']).filter(|element| !element.trim().is_empty()).count();
        let Some(severity) = (block.severity)(elements) else { continue };
        match first.get(&matching::key(&text)) {
            Some(twin) => {
                let finding = copied(facts, block, severity, card, twin);
                findings.push(match proof(facts, territories, card, twin, &text) {
                    Some(proof) => Finding { severity: Severity::Error, ..finding }.sum(proof),
                    None => finding,
                });
            }
            None => {
                first.insert(matching::key(&text), card);
            }
        }
    }
    findings
}

/// What proves that a block is another card's: an organisation of it bears the
/// name of the région of one card, and not of the other's.
fn proof(
    facts: &Facts<'_>,
    territories: &[Territory],
    card: &Card,
    twin: &Card,
    text: &str,
) -> Option<String> {
    let (here, there) = (facts.region(&card.region)?, facts.region(&twin.region)?);
    let names = members(text);
    let of_one = |own: &Region, other: &Region| {
        names.iter().find_map(|name| {
            let territory = foreign_territory(territories, other, name)?;
            let told = || format!("{} est de {}, et non de {}", quoted(name), own.name, other.name);
            territory.is_of(own).then(told)
        })
    };
    of_one(there, here).or_else(|| of_one(here, there))
}

fn copied(
    facts: &Facts<'_>,
    block: &Block,
    severity: Severity,
    card: &Card,
    twin: &Card,
) -> Finding {
    let Block { name, column, text, .. } = block;
    let those = if *name == "thématiques" { "celles" } else { "ceux" };
    let message = format!("{name} identiques à {those} de la fiche {}", quoted(&twin.title));
    let object = facts.object(&card.region).project(&card.title);
    Finding::new("E-bloc-copie", FAMILY, severity, object, message)
        .fact(card_fact(twin, &format!("fiche {}", twin.title), &text(twin), column))
        .fact(card_fact(card, &format!("fiche {}", card.title), &text(card), column))
        .propose("gardez le bloc sur sa fiche, et reprenez l’autre chez les porteurs du projet")
}

/// E2: elements that a block of one card names twice.
fn repeated(facts: &Facts<'_>, card: &Card) -> Vec<Finding> {
    let lists: [(&str, &str, Vec<String>); 5] = [
        ("tiers-lieux", "Tiers-lieux", members(&card.third_places)),
        (
            "organismes de formation",
            "Organismes de formation",
            members(&card.training_organisations),
        ),
        ("autres partenaires", "Autres partenaires", members(&card.other_partners)),
        ("publics cibles", "Publics cibles", members(&card.publics)),
        ("thématiques", "Thématiques", card.themes.clone()),
    ];
    let mut findings = Vec::new();
    for (what, column, elements) in lists {
        let mut seen = HashSet::new();
        for element in elements.iter().filter(|e| !seen.insert(matching::loose_key(e))) {
            let message = format!("{} figure deux fois parmi les {what}", quoted(element));
            let object = facts.object(&card.region).project(&card.title);
            findings.push(
                Finding::new("E-element-repete", FAMILY, Severity::Error, object, message)
                    .fact(card_fact(card, what, &elements.join(" ; "), column))
                    .sum(format!("{} × 2", quoted(element)))
                    .propose("retirez la répétition"),
            );
        }
    }
    findings
}
