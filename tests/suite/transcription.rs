//! The register is the brochure's: counts that a reader of the source can
//! make.

use bilan::diagnostics::Diagnostics;
use bilan::published;
use bilan::register::{Carrier, Register};

use crate::support::shipped;

fn register() -> Register {
    let mut found = Diagnostics::new();
    let register = Register::read(&shipped().join("laureats.xlsx"), &mut found);
    assert!(found.is_empty(), "{found:?}");
    register
}

#[test]
fn the_lists_hold_the_projects_of_the_brochure() {
    let register = register();
    let counts: Vec<usize> =
        register.regions.iter().map(|region| register.laureates_of(&region.slug).count()).collect();
    assert_eq!(counts, [15, 15, 18, 13, 2, 14, 3, 9, 9, 3, 15, 14, 48, 13, 6, 5]);
    assert_eq!(register.laureates.len(), 202);
}

#[test]
fn numbers_run_from_one_in_each_list() {
    let register = register();
    for region in &register.regions {
        let numbers: Vec<usize> =
            register.laureates_of(&region.slug).filter_map(|laureate| laureate.number).collect();
        assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>(), "{}", region.name);
    }
}

#[test]
fn each_row_stands_at_its_line_of_the_source() {
    let register = register();
    let lines: Vec<usize> = register.laureates.iter().filter_map(|l| l.source_line).collect();
    assert_eq!(lines.len(), 202);
    assert!(lines.is_sorted());
    assert!(register.cards.iter().all(|card| card.source_line.is_some()));
    assert!(register.regions.iter().all(|region| region.source_lines.is_some()));
}

#[test]
fn the_facts_boxes_are_those_of_the_brochure() {
    let register = register();
    assert_eq!(register.regions.len(), 16);
    let envelopes: f64 = register.regions.iter().filter_map(|region| region.envelope).sum();
    assert!((envelopes - 52.3).abs() < 1e-9, "{envelopes}");
    let centre = register.region("centre-val-de-loire").unwrap();
    assert_eq!((centre.announced, centre.announced_of_which), (Some(13), Some(4)));
    let state = register.regions.iter().filter(|region| region.carrier == Carrier::State);
    assert_eq!(state.count(), 6);
    assert!(register.regions.iter().all(|region| region.carrier != Carrier::Unknown));
}

#[test]
fn there_are_forty_one_cards() {
    let register = register();
    assert_eq!(register.cards.len(), 41);
    assert!(register.regions.iter().all(|r| (2..=3).contains(&register.cards_of(&r.slug).count())));
}

#[test]
fn contradictions_are_kept_as_printed() {
    let register = register();
    let project = register.laureate("MAY-02").unwrap();
    assert_eq!(project.name, "");
    let card = register.cards.iter().find(|card| card.title.starts_with("Création du réseau"));
    assert_eq!(card.unwrap().department.as_deref(), Some("Landes"));

    let mut found = Diagnostics::new();
    let figures = published::read(&shipped().join("chiffres-publies.xlsx"), &mut found);
    assert!(found.is_empty());
    let insertion: Vec<f64> = figures
        .iter()
        .filter(|figure| figure.indicator.as_deref() == Some("themes.insertion"))
        .filter_map(|figure| figure.value)
        .collect();
    assert_eq!(insertion, [60.0, 66.0]);
    let uncertain = figures.iter().filter(|figure| !figure.certain).count();
    assert_eq!(uncertain, 6 + 16 + 4 + 6 + 17);
}
