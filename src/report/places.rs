//! Where projects stand: those whose commune is known.
//!
//! The register prints no commune for a project. Where a card does, and the
//! card is that of a project of the list, the project takes the place of its
//! card; a column `Commune` of the register comes first.

use std::collections::HashMap;

use crate::checks::matched_cards;
use crate::geography::{Commune, Geography, place_key};
use crate::maps::Site;
use crate::register::{Card, Laureate, Region, Register};

/// The projects of a région that can be put on its map, in the order of the
/// list.
pub fn sites(register: &Register, region: &Region, geography: &Geography) -> Vec<Site> {
    let laureates: Vec<&Laureate> = register.laureates_of(&region.slug).collect();
    let cards: Vec<&Card> = register.cards_of(&region.slug).collect();
    let pairs = matched_cards(&cards, &laureates).into_iter();
    let pairs: HashMap<usize, usize> = pairs.map(|(card, laureate)| (laureate, card)).collect();
    let card_of = |rank: usize| pairs.get(&rank).and_then(|card| cards.get(*card));
    let site = |(rank, laureate): (usize, &&Laureate)| {
        let names = match (&laureate.commune, card_of(rank)) {
            (Some(commune), _) => commune.clone(),
            (None, Some(card)) => card.communes.clone(),
            (None, None) => return None,
        };
        let commune = first_known(geography, region, &names)?;
        Some(Site {
            number: laureate.number.map_or_else(String::new, |number| number.to_string()),
            id: laureate.id.clone(),
            commune: commune.name.clone(),
            at: commune.at?,
        })
    };
    laureates.iter().enumerate().filter_map(site).collect()
}

/// The first commune of a list that lies in a région and whose place is known.
fn first_known<'a>(geography: &'a Geography, region: &Region, names: &str) -> Option<&'a Commune> {
    names.split([',', ';', '(', ')']).flat_map(|part| part.split(" et ")).find_map(|name| {
        let found = geography.communes_named(name.trim());
        let inside = |commune: &&Commune| region.codes.contains(&commune.region);
        let mut inside: Vec<&Commune> = found.into_iter().filter(inside).collect();
        inside.retain(|commune| commune.at.is_some() && !place_key(&commune.name).is_empty());
        // Two communes of one name in a région: which one is not known.
        if inside.len() == 1 { inside.pop() } else { None }
    })
}
