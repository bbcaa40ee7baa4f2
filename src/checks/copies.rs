//! E: blocks that were copied from one card to another, and elements printed
//! twice on one.

use super::territory::card_fact;
use super::{Facts, Family, Finding};
use crate::diagnostics::Severity;
use crate::matching;
use crate::register::Card;
use crate::register::members::members;
use crate::typography::quoted;

const FAMILY: Family = Family::Copies;

/// A block of a card: its name, its column, and its text.
type Block = (&'static str, &'static str, fn(&Card) -> String);

/// The blocks that two cards may share only by mistake, where they are long
/// enough; partners hardly ever.
const BLOCKS: [Block; 3] = [
    ("autres partenaires", "Autres partenaires", |card| card.other_partners.clone()),
    ("publics cibles", "Publics cibles", |card| card.publics.clone()),
    ("thématiques", "Thématiques", |card| card.themes.join(" ; ")),
];

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let cards = &facts.register.cards;
    let mut findings = Vec::new();
    for (rank, card) in cards.iter().enumerate() {
        for block in &BLOCKS {
            let twin = cards.iter().take(rank).find(|other| is_copied(block, card, other));
            findings.extend(twin.map(|twin| copied(facts, block, card, twin)));
        }
        findings.extend(repeated(facts, card));
    }
    findings
}

/// Whether two cards share a block that is too long, or too particular, to be
/// shared by chance.
fn is_copied((what, _, text): &Block, card: &Card, other: &Card) -> bool {
    let (mine, theirs) = (text(card), text(other));
    let same = matching::key(&mine) == matching::key(&theirs);
    let elements = mine.split([',', ';']).filter(|element| !element.trim().is_empty()).count();
    let particular = match *what {
        // A partner that works across the country would still be rare.
        "autres partenaires" => !mine.is_empty(),
        "publics cibles" => elements >= 3,
        _ => false,
    };
    same && particular
}

fn copied(facts: &Facts<'_>, block: &Block, card: &Card, twin: &Card) -> Finding {
    let (what, column, text) = block;
    let elements = text(card).split([',', ';']).count();
    // One shared name may be true, and so may publics; a whole list of partners
    // is a copy.
    let is_copy = *what == "autres partenaires" && elements >= 2;
    let severity = if is_copy { Severity::Error } else { Severity::Warning };
    let message = format!("{what} identiques à ceux de la fiche {}", quoted(&twin.title));
    let object = facts.object(&card.region).project(&card.title);
    Finding::new("E-bloc-copie", FAMILY, severity, object, message)
        .fact(card_fact(twin, &format!("fiche {}", twin.title), &text(twin), column))
        .fact(card_fact(card, &format!("fiche {}", card.title), &text(card), column))
        .propose("gardez le bloc sur sa fiche, et reprenez l’autre chez les porteurs du projet")
}

/// Elements that a block of one card names twice.
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
        for (rank, element) in elements.iter().enumerate() {
            let key = matching::loose_key(element);
            let twice = elements.iter().take(rank).any(|other| matching::loose_key(other) == key);
            if twice {
                let message = format!("{} figure deux fois parmi les {what}", quoted(element));
                let object = facts.object(&card.region).project(&card.title);
                findings.push(
                    Finding::new("E-element-repete", FAMILY, Severity::Error, object, message)
                        .fact(card_fact(card, what, &elements.join(" ; "), column))
                        .propose("retirez la répétition"),
                );
            }
        }
    }
    findings
}
