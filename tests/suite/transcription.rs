//! The register is the brochure's: counts that a reader of the source can
//! make.

use bilan::diagnostics::Diagnostics;
use bilan::published;
use bilan::register::{Carrier, Register, Settlement};

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

/// Each box as printed: projects, envelope (M€), smallest and largest grant
/// (€), départements, and projects in rural areas, small or medium towns and
/// cities.
#[test]
fn each_facts_box_holds_its_figures() {
    type Row = (&'static str, usize, f64, f64, f64, Option<usize>, [Option<usize>; 3]);
    #[rustfmt::skip]
    const BOXES: [Row; 16] = [
        ("auvergne-rhone-alpes", 15, 4.5, 99e3, 260e3, Some(10), [Some(4), Some(9), Some(2)]),
        ("bourgogne-franche-comte", 15, 3.0, 80e3, 200e3, Some(6), [Some(8), Some(7), None]),
        ("bretagne", 18, 2.9, 50e3, 200e3, Some(4), [Some(8), Some(5), Some(5)]),
        ("centre-val-de-loire", 13, 5.8, 200e3, 500e3, Some(6), [Some(2), Some(9), Some(2)]),
        ("corse", 2, 1.2, 62e3, 200e3, Some(2), [Some(1), Some(1), None]),
        ("grand-est", 14, 4.2, 127e3, 425e3, Some(11), [Some(4), Some(9), Some(2)]),
        ("guadeloupe-et-saint-martin", 3, 1.2, 190e3, 350e3, None, [None, Some(3), None]),
        ("hauts-de-france", 9, 3.9, 127e3, 207e3, Some(5), [Some(2), Some(5), Some(2)]),
        ("ile-de-france", 9, 4.2, 104e3, 200e3, Some(3), [Some(1), None, Some(8)]),
        ("mayotte", 3, 1.1, 355e3, 500e3, None, [None, Some(3), None]),
        ("normandie", 15, 2.9, 95e3, 285e3, Some(5), [Some(2), Some(5), Some(8)]),
        ("nouvelle-aquitaine", 14, 4.4, 74e3, 300e3, Some(10), [Some(11), Some(2), Some(1)]),
        ("occitanie", 48, 6.1, 20e3, 200e3, Some(13), [Some(14), Some(22), Some(11)]),
        ("provence-alpes-cote-d-azur", 13, 2.6, 180e3, 200e3, Some(5), [Some(1), Some(8), Some(4)]),
        ("pays-de-la-loire", 6, 3.0, 190e3, 464e3, Some(2), [None, Some(4), Some(2)]),
        ("la-reunion", 5, 1.3, 62e3, 200e3, None, [None, Some(3), Some(2)]),
    ];
    let towns = |settlement: &Settlement| {
        let classes =
            [settlement.small_town, settlement.medium_town, settlement.small_or_medium_town];
        let printed: Vec<usize> = classes.into_iter().flatten().collect();
        (!printed.is_empty()).then(|| printed.iter().sum())
    };
    let register = register();
    for (region, row) in register.regions.iter().zip(BOXES) {
        let (slug, projects, envelope, low, high, departments, settlement) = row;
        assert_eq!(region.slug, slug);
        assert_eq!(region.announced, Some(projects), "{slug}");
        assert_eq!(region.envelope, Some(envelope), "{slug}");
        assert_eq!((region.grant_min, region.grant_max), (Some(low), Some(high)), "{slug}");
        assert_eq!(region.departments, departments, "{slug}");
        let printed = [region.settlement.rural, towns(&region.settlement), region.settlement.city];
        assert_eq!(printed, settlement, "{slug}");
    }
}

/// The lists name one kind of member only for some projects, and the source
/// does not say which: each of these rows says that it is doubtful.
#[test]
fn a_doubtful_row_says_so() {
    let register = register();
    let single: Vec<&str> = register
        .laureates
        .iter()
        .filter(|l| l.third_places.is_empty() || l.training_organisations.is_empty())
        .map(|laureate| laureate.id.as_str())
        .collect();
    assert_eq!(
        single,
        [
            "BFC-14", "BRE-08", "CVL-03", "CVL-08", "HDF-06", "HDF-09", "NOR-14", "OCC-01",
            "OCC-06", "OCC-26", "OCC-33", "OCC-34", "OCC-35", "OCC-37", "OCC-48",
        ]
    );
    for laureate in register.laureates.iter().filter(|l| single.contains(&l.id.as_str())) {
        let remark = laureate.remark.as_deref().unwrap_or_default();
        assert!(remark.contains("incertaine"), "{}", laureate.id);
    }
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
    assert_eq!(uncertain, 6 + 16 + 4 + 6 + 17 + 1);
    assert_eq!(figures.len(), 127 + 9 + 103);
    assert!(figures.iter().all(|figure| figure.source_line.is_some()));
}
