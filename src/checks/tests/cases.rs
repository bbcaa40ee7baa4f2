//! For each rule, a fault that it finds and a near miss that it leaves.

use super::edition::{Edition, PROJECTS, Table};

/// A planted fault, and what looks like it and is none.
pub struct Case {
    /// The codes of the findings that the fault gives, sorted.
    pub codes: &'static [&'static str],
    pub fault: fn(&mut Edition),
    pub near_miss: fn(&mut Edition),
}

const fn case(
    codes: &'static [&'static str],
    fault: fn(&mut Edition),
    near_miss: fn(&mut Edition),
) -> Case {
    Case { codes, fault, near_miss }
}

const HERE: &str = "Bretagne";

/// The row of a région's box.
fn region(edition: &Edition, name: &str) -> usize {
    edition.regions.row("Région", name)
}

/// The row of a région's project, counted from 0, in the list and in the answers.
fn project(edition: &Edition, name: &str, rank: usize) -> usize {
    region(edition, name) * PROJECTS + rank
}

fn set_project(edition: &mut Edition, name: &str, rank: usize, title: &str, value: &str) {
    let row = project(edition, name, rank);
    edition.laureates.set(row, title, value);
}

fn set_project_first(edition: &mut Edition, name: &str, title: &str, value: &str) {
    set_project(edition, name, 0, title, value);
}

fn set_card(edition: &mut Edition, name: &str, title: &str, value: &str) {
    let row = edition.cards.row("Région", name);
    edition.cards.set(row, title, value);
}

fn set_box(edition: &mut Edition, title: &str, value: impl ToString) {
    let row = region(edition, HERE);
    edition.regions.set(row, title, value);
}

fn set_answer(edition: &mut Edition, rank: usize, title: &str, value: &str) {
    let row = project(edition, HERE, rank);
    edition.answers.set(row, title, value);
}

/// Other bounds of grants for the région, and grants within them.
fn bounds(edition: &mut Edition, min: u32, max: u32) {
    set_box(edition, "Subvention minimale (€)", min);
    set_box(edition, "Subvention maximale (€)", max);
    for rank in 0..PROJECTS {
        set_project(edition, HERE, rank, "Subvention (€)", &u32::midpoint(min, max).to_string());
    }
}

/// Another envelope for the région, and the total that goes with it.
fn envelope(edition: &mut Edition, millions: f64) {
    set_box(edition, "Enveloppe (M€)", millions);
    let envelopes = (0..edition.regions.rows.len())
        .map(|row| edition.regions.get(row, "Enveloppe (M€)").parse::<f64>().unwrap());
    let total = (envelopes.sum::<f64>() * 1000.0).round() / 1000.0;
    edition.republish("budget", total, &format!("{} M€", crate::typography::shortest(total, 3)));
}

/// Leaves the national number of départements unpublished.
fn without_departments(edition: &mut Edition) {
    let row = edition.published.row("Indicateur", "departements");
    edition.published.rows.remove(row);
}

/// Sets a column of every published row of a chart.
fn set_chart(edition: &mut Edition, chart: &str, title: &str, value: &str) {
    for row in 0..edition.published.rows.len() {
        if edition.published.get(row, "Graphique") == chart {
            edition.published.set(row, title, value);
        }
    }
}

fn last(table: &mut Table, title: &str, value: &str) {
    let row = table.rows.len() - 1;
    table.set(row, title, value);
}

/// A number of members or a département that the text of a card gives.
fn said_of_card(edition: &mut Edition, id: &str, value: &str, printed: &str) {
    let row = edition.cards.row("Région", HERE);
    let title = edition.cards.get(row, "Titre").to_string();
    edition.published.add(&[
        ("Indicateur", id),
        ("Région", HERE),
        ("Fiche", &title),
        ("Valeur", value),
        ("Unité", "structures"),
        ("Valeur imprimée", printed),
        ("Formulation", "une phrase de la fiche"),
    ]);
}

/// A name that a text or the map of the région gives.
fn named(edition: &mut Edition, kind: &str, printed: &str) {
    edition.published.add(&[
        ("Indicateur", kind),
        ("Région", HERE),
        ("Valeur imprimée", printed),
        ("Formulation", "un nom"),
    ]);
}

/// The towns of the map of the région.
fn map(edition: &mut Edition, towns: &[&str]) {
    towns.iter().for_each(|town| named(edition, "commune", town));
}

const CAPITALS: [&str; 4] = ["Rennes", "Vannes", "Quimper", "Saint-Brieuc"];

fn said_of_region(edition: &mut Edition, id: &str, value: f64, printed: &str) {
    edition.figure(id, value, "");
    last(&mut edition.published, "Région", HERE);
    last(&mut edition.published, "Valeur imprimée", printed);
}

fn since(edition: &mut Edition, year: f64) {
    edition.figure("contexte.debut", year, "année");
    last(&mut edition.published, "Approximation", "depuis");
}

fn themes_of(edition: &mut Edition, cards: &[usize], themes: &str) {
    for card in cards {
        edition.cards.set(*card, "Thématiques", themes);
    }
}

fn settlement_chart(edition: &mut Edition, rural: f64) {
    for (label, value) in
        [("Zone rurale", rural), ("Petite ou moyenne ville", 33.0), ("Grande ville", 33.0)]
    {
        let id = format!("contexte.{}", crate::matching::slug(label));
        edition.share(&id, label, value, "lieux");
    }
}

fn outlier(edition: &mut Edition, value: usize) {
    set_answer(edition, 1, "Apprenants", &value.to_string());
    // The mean stays what it was.
    for rank in 0..(value - 100) / 10 {
        edition.answers.set(rank * PROJECTS, "Apprenants", "80");
    }
}

/// The cases, by family.
#[rustfmt::skip]
pub const CASES: &[Case] = &[
    // A. Totals
    case(&["A-total-et-somme"],
        |e| { e.republish("budget", 9.5, "9,5 M€"); },
        |e| { e.republish("budget", 8.6, "8,6 M€"); }),
    case(&["A-produit"],
        |e| e.catalogue = e.catalogue.replace("(tiers-lieux + organismes) / laureats", "(tiers-lieux + organismes) / laureats * 3"),
        |e| e.catalogue = e.catalogue.replace("(tiers-lieux + organismes) / laureats", "(tiers-lieux + organismes) / laureats * 1.2")),
    case(&["A-deux-valeurs"],
        |e| { e.figure("contexte.lieux", 12.0, "lieux"); e.figure("contexte.lieux", 15.0, "lieux"); },
        |e| { e.figure("contexte.lieux", 12.0, "lieux"); e.figure("contexte.lieux", 12.0, "lieux"); }),
    case(&["A-deux-valeurs"],
        |e| said_of_region(e, "departements", 1.0, "un"),
        |e| said_of_region(e, "departements", 2.0, "deux")),
    case(&["A-deux-valeurs"],
        |e| said_of_region(e, "budget", 0.9, "0,9 M€"),
        |e| { envelope(e, 0.46); said_of_region(e, "budget", 0.5, "0,5 M€"); last(&mut e.published, "Unité", "M€"); }),
    case(&["A-exact-et-approche"],
        |e| { e.figure("laureats", 54.0, "projets"); last(&mut e.published, "Approximation", "près de"); },
        |e| { e.figure("laureats", 54.0, "projets"); }),
    case(&["A-carte-et-total", "A-total-et-somme"],
        |e| {
            e.catalogue = e.catalogue.replace("coherence = \"apprenants.moyenne * laureats * 3\"", "");
            e.republish("laureats", 56.0, "56");
        },
        |e| { e.republish("laureats", 54.0, "54"); }),
    case(&["A-carte-et-encarts"],
        |e| {
            let row = e.published.row("Graphique", "carte");
            e.published.set(row, "Valeur", 4).set(row + 1, "Valeur", 2);
        },
        |e| e.published.rows.rotate_left(1)),
    case(&["A-annonces-et-liste"],
        |e| last(&mut e.published, "Valeur", "4"),
        |e| said_of_region(e, "laureats", 3.0, "trois")),
    case(&["A-deux-lectures"],
        |e| { set_box(e, "Dont lauréats DEFFINOV", 2); envelope(e, 0.45); bounds(e, 20_000, 240_000); },
        |e| set_box(e, "Dont lauréats DEFFINOV", 3)),
    case(&["A-deux-lectures", "C-departements-couverts"],
        |e| {
            let total: f64 = e.published.get(e.published.row("Indicateur", "departements"), "Valeur").parse().unwrap();
            set_box(e, "Départements couverts", 5);
            e.republish("departements", total + 3.0, "total");
        },
        |e| {
            let total: f64 = e.published.get(e.published.row("Indicateur", "departements"), "Valeur").parse().unwrap();
            set_box(e, "Départements couverts", 4);
            e.republish("departements", total + 2.0, "total");
        }),
    case(&["A-fiche-et-texte"],
        |e| said_of_card(e, "membres", "5", "cinq"),
        |e| said_of_card(e, "membres", "2", "deux")),
    case(&["A-partie-absente"],
        |e| set_box(e, "Départements couverts", ""),
        |e| for row in 0..e.regions.rows.len() { e.regions.set(row, "Départements couverts", ""); }),

    case(&["A-annees"],
        |e| { e.figure("contexte.debut", 2023.0, "année"); last(&mut e.published, "Approximation", "depuis"); e.figure("contexte.appel", 2021.0, "année"); },
        |e| { e.figure("contexte.debut", 2023.0, "année"); last(&mut e.published, "Approximation", "depuis"); e.figure("contexte.appel", 2023.0, "année"); }),

    case(&["A-annees"],
        |e| { since(e, 2023.0); e.figure("contexte.age", 1.0, "an"); last(&mut e.published, "Approximation", "moins de"); },
        |e| { since(e, 2023.0); e.figure("contexte.age", 2.0, "ans"); last(&mut e.published, "Approximation", "moins de"); }),

    // B. Budgets
    case(&["B-moyenne-hors-bornes"],
        |e| { envelope(e, 0.45); bounds(e, 50_000, 120_000); },
        |e| { envelope(e, 0.45); bounds(e, 140_000, 160_000); }),
    case(&["B-enveloppe-et-bornes"],
        |e| { envelope(e, 0.45); bounds(e, 100_000, 160_000); },
        |e| { envelope(e, 0.45); bounds(e, 130_000, 160_000); }),
    case(&["B-moyenne-a-la-borne"],
        |e| { envelope(e, 0.45); bounds(e, 149_800, 150_000); },
        |e| { envelope(e, 0.45); bounds(e, 150_000, 150_000); }),
    case(&["B-bornes-inversees"],
        |e| { envelope(e, 0.45); bounds(e, 160_000, 140_000); },
        |e| { envelope(e, 0.45); bounds(e, 150_000, 150_000); }),
    case(&["B-subvention-hors-bornes"],
        |e| set_project(e, HERE, 0, "Subvention (€)", "500000"),
        |e| {
            let max = e.regions.get(region(e, HERE), "Subvention maximale (€)").to_string();
            set_project(e, HERE, 0, "Subvention (€)", &max);
        }),
    case(&["B-bornes-identiques"],
        |e| {
            let (min, max) = (e.regions.get(0, "Subvention minimale (€)").to_string(), e.regions.get(0, "Subvention maximale (€)").to_string());
            e.regions.set(1, "Subvention minimale (€)", min).set(1, "Subvention maximale (€)", max);
        },
        |e| {
            let min = e.regions.get(0, "Subvention minimale (€)").to_string();
            e.regions.set(1, "Subvention minimale (€)", min);
        }),
    case(&["B-enveloppe-par-projet"],
        |e| { envelope(e, 1.2); bounds(e, 300_000, 500_000); },
        |e| { envelope(e, 0.51); bounds(e, 150_000, 190_000); }),

    // C. Territory
    case(&["C-implantation"],
        |e| set_box(e, "Projets en ruralité", 2),
        |e| { set_box(e, "Projets en ruralité", 2); set_box(e, "Projets en grande ville/métropole", 0); }),
    case(&["C-departements-couverts"],
        |e| { without_departments(e); set_box(e, "Départements couverts", 5); },
        |e| { without_departments(e); set_box(e, "Départements couverts", 4); }),
    case(&["C-departements-nommes"],
        |e| { without_departments(e); set_box(e, "Départements couverts", 1); set_project(e, HERE, 1, "Nom", "L’atelier du Finistère"); },
        |e| { without_departments(e); set_box(e, "Départements couverts", 1); set_project(e, HERE, 1, "Nom", "L’atelier d’Ille-et-Vilaine"); }),
    case(&["C-departements-nommes"],
        |e| { without_departments(e); set_box(e, "Départements couverts", 1); set_project(e, HERE, 1, "Organismes de formation", "Cefora de Quimper"); },
        |e| { without_departments(e); set_box(e, "Départements couverts", 1); set_project(e, HERE, 1, "Organismes de formation", "Cefora de Rennes"); }),
    case(&["C-nom-de-region"],
        |e| set_box(e, "Intitulé imprimé", "Bretagne ; Bretagnes"),
        |e| {
            let row = region(e, "Provence-Alpes-Côte d'Azur");
            e.regions.set(row, "Intitulé imprimé", "Provence-Alpes-Côte d’Azur");
        }),
    case(&["C-departement-orthographe"],
        |e| set_card(e, HERE, "Département", "Ille et Vilaine"),
        |e| { set_card(e, HERE, "Département", "Côtes-d’Armor"); set_card(e, HERE, "Communes", "Saint-Brieuc"); }),
    case(&["C-departement-hors-region"],
        |e| { set_card(e, HERE, "Département", "Sarthe"); set_card(e, HERE, "Communes", "Le Mans"); },
        |e| { set_card(e, HERE, "Département", "Finistère"); set_card(e, HERE, "Communes", "Brest"); }),
    case(&["C-departement-inconnu"],
        |e| set_card(e, HERE, "Département", "Armorique"),
        |e| set_card(e, HERE, "Département", "")),
    case(&["C-commune-ailleurs"],
        |e| set_card(e, HERE, "Communes", "Nantes"),
        |e| set_card(e, HERE, "Communes", "Rennes, Saint-Malo")),
    case(&["C-commune-orthographe"],
        |e| set_card(e, HERE, "Communes", "Saint Malo"),
        |e| set_card(e, HERE, "Communes", "Saint-Malo")),
    case(&["C-commune-inconnue"],
        |e| set_card(e, HERE, "Communes", "Rènnnes"),
        |e| set_card(e, HERE, "Communes", "Rennes et Saint-Malo")),
    case(&["C-titre-et-departement"],
        |e| { set_project(e, HERE, 0, "Nom", "L’atelier d’Ille-et-Vilaine"); set_card(e, HERE, "Titre", "L’atelier d’Ille-et-Vilaine");
              set_card(e, HERE, "Département", "Finistère"); set_card(e, HERE, "Communes", "Brest"); },
        |e| { set_project(e, HERE, 0, "Nom", "L’atelier d’Ille-et-Vilaine"); set_card(e, HERE, "Titre", "L’atelier d’Ille-et-Vilaine"); }),
    case(&["C-titre-et-departement"],
        |e| said_of_card(e, "departement", "", "Finistère"),
        |e| said_of_card(e, "departement", "", "Ille-et-Vilaine")),
    case(&["C-departements-nommes"],
        |e| { without_departments(e); set_box(e, "Départements couverts", 1); named(e, "departement", "Finistère"); },
        |e| { without_departments(e); set_box(e, "Départements couverts", 1); named(e, "departement", "Ille-et-Vilaine"); }),
    case(&["C-departement-inconnu"],
        |e| named(e, "departement", "Ile-et-Vilaine"),
        |e| named(e, "departement", "Ille-et-Vilaine")),
    case(&["C-departement-inconnu"],
        |e| said_of_card(e, "departement", "", "Ile-et-Vilaine"),
        |e| said_of_card(e, "departement", "", "Ille et Vilaine")),
    case(&["C-commune-inconnue"],
        |e| { map(e, &CAPITALS); named(e, "commune", "Douarnenes"); },
        |e| { map(e, &CAPITALS); named(e, "commune", "Le Faou d’en haut"); }),
    case(&["C-commune-ailleurs"],
        |e| { map(e, &CAPITALS); named(e, "commune", "Nantes"); },
        |e| { map(e, &CAPITALS); named(e, "commune", "Brest"); }),
    case(&["C-chef-lieu-absent"],
        |e| map(e, &["Rennes", "Vannes", "Brest", "Saint-Brieuc"]),
        |e| map(e, &["Rennes", "Brest"])),
    case(&["C-implantation-nationale"],
        |e| settlement_chart(e, 60.0),
        |e| settlement_chart(e, 32.0)),
    case(&["C-regions-absentes"],
        |e| *e = Edition::of(|code| code != "06"),
        |e| *e = Edition::of(|code| ["53", "52", "28", "24"].contains(&code))),

    // D. Lists
    case(&["D-numerotation"],
        |e| set_project(e, HERE, 2, "Numéro", "4"),
        |e| { set_project(e, HERE, 0, "Numéro", "2"); set_project(e, HERE, 1, "Numéro", "1"); }),
    case(&["D-numerotation"],
        |e| set_project(e, HERE, 2, "Numéro", "2"),
        |e| set_project(e, HERE, 2, "Numéro", "")),
    case(&["D-nom-absent"],
        |e| set_project(e, HERE, 2, "Nom", ""),
        |e| set_project(e, HERE, 2, "Nom", "A")),
    case(&["D-un-seul-type-de-membre"],
        |e| { set_project(e, HERE, 1, "Organismes de formation", "Cefora 901, Cefora 902"); set_project(e, HERE, 2, "Organismes de formation", ""); },
        |e| { set_project(e, HERE, 2, "Organismes de formation", "Cefora 901"); }),
    case(&["D-nom-tronque"],
        |e| set_project(e, HERE, 2, "Tiers-lieux", "Halle 901 et le"),
        |e| set_project(e, HERE, 2, "Tiers-lieux", "Halle 901 et Cie")),
    case(&["D-nom-tronque"],
        |e| set_project(e, HERE, 2, "Tiers-lieux", "Halle 901 (association"),
        |e| set_project(e, HERE, 2, "Tiers-lieux", "Halle 901 (association)")),
    case(&["D-nom-tronque"],
        |e| { set_project(e, HERE, 0, "Nom", "Atelier : de formation"); set_card(e, HERE, "Titre", "Atelier de formation");  },
        |e| { set_project(e, HERE, 0, "Nom", "Atelier : des formations"); set_card(e, HERE, "Titre", "Atelier des formations"); }),
    case(&["D-nom-tronque"],
        |e| set_project(e, HERE, 2, "Organismes de formation", "le GRETA Grand"),
        |e| set_project(e, HERE, 2, "Organismes de formation", "le GRETA Gascon")),
    case(&["D-nom-tronque"],
        |e| { set_project(e, HERE, 1, "Organismes de formation", "Cefora 901 et Cefora 902"); set_project(e, HERE, 2, "Organismes de formation", "Cefora 903, Saint-Malo");
              e.republish("organismes", 55.0, "55"); },
        |e| { set_project(e, HERE, 2, "Organismes de formation", "Cefora 902 de Saint-Malo"); }),
    case(&["D-projet-en-double"],
        |e| { set_project(e, HERE, 1, "Nom", "Le même"); set_project(e, HERE, 2, "Nom", "Le même"); },
        |e| { set_project(e, HERE, 1, "Nom", "Le même"); set_project(e, "Corse", 2, "Nom", "Le même"); }),
    case(&["D-projet-en-double"],
        |e| for rank in [1, 2] { set_project(e, HERE, rank, "Tiers-lieux", "Halle 901"); set_project(e, HERE, rank, "Organismes de formation", "Cefora 901"); },
        |e| for rank in [1, 2] { set_project(e, HERE, rank, "Tiers-lieux", "Halle 901"); }),
    case(&["D-deux-ecritures"],
        |e| { set_project(e, HERE, 1, "Tiers-lieux", "Le Vieux Moulin"); set_project(e, HERE, 2, "Tiers-lieux", "Le Vieux Mouliin"); },
        |e| { set_project(e, HERE, 1, "Tiers-lieux", "Le Vieux Moulin 1"); set_project(e, HERE, 2, "Tiers-lieux", "Le Vieux Moulin 2"); }),
    case(&["D-deux-ecritures"],
        |e| { set_project(e, HERE, 1, "Tiers-lieux", "Évaléco"); set_project(e, HERE, 2, "Tiers-lieux", "Evaleco"); },
        |e| { set_project(e, HERE, 1, "Tiers-lieux", "Évaléco"); set_project(e, HERE, 2, "Tiers-lieux", "L’Évaléco"); }),
    case(&["D-deux-ecritures"],
        |e| { set_project(e, HERE, 1, "Organismes de formation", "Cefora de Lens"); set_project(e, HERE, 2, "Organismes de formation", "Cefora de Lenns"); },
        |e| { set_project(e, HERE, 1, "Organismes de formation", "Cefora de Lens"); set_project(e, HERE, 2, "Organismes de formation", "Cefora de Sens"); }),
    case(&["D-deux-roles"],
        |e| { set_project(e, HERE, 1, "Tiers-lieux", "Halle 901"); set_project(e, HERE, 2, "Organismes de formation", "La Halle 901"); },
        |e| { set_project(e, HERE, 1, "Tiers-lieux", "Halle 901"); set_project(e, HERE, 2, "Tiers-lieux", "La Halle 901"); }),
    case(&["D-regions-eloignees"],
        |e| { set_project(e, HERE, 1, "Tiers-lieux", "Halle 901"); set_project(e, "Corse", 1, "Tiers-lieux", "Halle 901"); },
        |e| { set_project(e, HERE, 1, "Tiers-lieux", "Halle 901"); set_project(e, "Normandie", 1, "Tiers-lieux", "Halle 901"); }),
    case(&["D-autre-territoire"],
        |e| set_project(e, HERE, 1, "Organismes de formation", "Cefora du Limousin"),
        |e| { set_project(e, "Nouvelle-Aquitaine", 1, "Organismes de formation", "Cefora du Limousin");
              set_project(e, "Pays de la Loire", 1, "Organismes de formation", "Cefora de Montoir-de-Bretagne"); }),

    case(&["D-deux-ecritures"],
        |e| { set_project(e, HERE, 1, "Tiers-lieux", "La Rosée"); named(e, "structure", "La Rosêe"); },
        |e| { set_project(e, HERE, 1, "Tiers-lieux", "La Rosée"); named(e, "structure", "La Rosée"); }),
    case(&["D-deux-ecritures"],
        |e| { set_box(e, "Dispositif porté par", "l’État (DREETS)"); named(e, "porteur", "DREET"); },
        |e| { set_box(e, "Dispositif porté par", "l’État (DREETS)"); named(e, "porteur", "DREETS"); }),
    case(&["D-deux-porteurs"],
        |e| named(e, "porteur", "DREETS"),
        |e| named(e, "porteur", "Région")),

    // E. Copies
    case(&["E-bloc-copie"],
        |e| for name in [HERE, "Normandie"] { set_card(e, name, "Autres partenaires", "Ressourcerie 901, Ressourcerie 902"); },
        |e| for (name, partners) in [(HERE, "Ressourcerie 901"), ("Normandie", "Ressourcerie 902")] { set_card(e, name, "Autres partenaires", partners); }),
    case(&["E-bloc-copie"],
        |e| for name in [HERE, "Corse"] { set_card(e, name, "Publics cibles", "Demandeurs d’emploi, Étudiants, Salariés"); },
        |e| for name in [HERE, "Corse"] { set_card(e, name, "Publics cibles", "Demandeurs d’emploi, Salariés"); }),
    case(&["D-autre-territoire", "E-bloc-copie"],
        |e| for name in [HERE, "Normandie"] { set_card(e, name, "Autres partenaires", "Ressourcerie de Normandie, Ressourcerie 902"); },
        |e| set_card(e, "Normandie", "Autres partenaires", "Ressourcerie de Normandie, Ressourcerie 902")),
    case(&["E-element-repete"],
        |e| { map(e, &CAPITALS); named(e, "commune", "Rennes"); },
        |e| { map(e, &CAPITALS); named(e, "commune", "Brest"); }),
    case(&["E-element-repete"],
        |e| themes_of(e, &[0], "Insertion ; Numérique ; Insertion"),
        |e| themes_of(e, &[0], "Insertion ; Numérique ; Artisanat")),

    // F. List against card
    case(&["F-deux-titres"],
        |e| set_card(e, HERE, "Titre", "Tout autre chose"),
        |e| { set_project(e, HERE, 0, "Nom", "L’Atelier des Grèves"); set_card(e, HERE, "Titre", "l'atelier des grèves."); }),
    case(&["F-membres-differents"],
        |e| { set_project(e, HERE, 0, "Organismes de formation", "Cefora 901"); set_card(e, HERE, "Organismes de formation", "Cefora 901, Dacelo"); },
        |e| { set_project(e, HERE, 0, "Organismes de formation", "Cefora 901"); set_card(e, HERE, "Organismes de formation", "le Cefora 901"); }),
    case(&["F-texte-et-membres"],
        |e| { for set in [set_project_first, set_card] { set(e, HERE, "Organismes de formation", "Cefora 901"); } said_of_card(e, "structure", "", "Cefora 902"); },
        |e| { for set in [set_project_first, set_card] { set(e, HERE, "Organismes de formation", "Cefora 901"); } said_of_card(e, "structure", "", "CEFORA 901"); }),
    case(&["F-fiche-sans-projet"],
        |e| { set_card(e, HERE, "Titre", "Zénith"); set_card(e, HERE, "Tiers-lieux", "Le Phare"); set_card(e, HERE, "Organismes de formation", "Dacelo"); },
        |e| { set_card(e, HERE, "Titre", "Zénith"); set_project(e, HERE, 0, "Nom", "Zénith"); }),

    // G. Vocabulary
    case(&["G-variantes"],
        |e| set_card(e, HERE, "Publics cibles", "demandeurs d’emploi, Étudiants"),
        |e| set_card(e, HERE, "Publics cibles", "Étudiants, Demandeurs d’emploi")),
    case(&["G-synonyme"],
        |e| themes_of(e, &[0, 1], "Métiers manuels ; Insertion"),
        |e| themes_of(e, &[0, 1], "Artisanat ; Insertion")),
    case(&["G-tronque"],
        |e| themes_of(e, &[0, 1], "umérique ; Insertion"),
        |e| themes_of(e, &[0, 1], "Musique ; Insertion")),
    case(&["G-quasi-doublon"],
        |e| themes_of(e, &[0, 1], "Numérique ; Insertiion"),
        |e| themes_of(e, &[0, 1], "Numérique ; Inclusion")),
    case(&["G-quasi-doublon"],
        |e| { themes_of(e, &[0, 1], "Jeunes"); themes_of(e, &[2, 3], "Jeunesse"); },
        |e| { themes_of(e, &[0, 1], "Jeunes"); themes_of(e, &[2, 3], "Jeunes des quartiers"); }),
    case(&["G-libelle-unique"],
        |e| themes_of(e, &[0], "Insertion ; Poterie"),
        |e| themes_of(e, &[0, 1], "Insertion ; Poterie")),

    // H. Distributions
    case(&["H-part-impossible"],
        |e| { e.share("contexte.part", "Part", 120.0, "parts"); },
        |e| { e.share("contexte.part", "Part", 100.0, "parts"); }),
    case(&["H-valeurs-sans-libelle"],
        |e| { e.share("", "", 30.0, "themes"); },
        |e| { e.share("contexte.autre", "Autre", 30.0, "themes"); }),
    case(&["H-repartition-superieure-a-cent"],
        |e| set_chart(e, "themes", "Rubrique", "La répartition des thématiques"),
        |e| set_chart(e, "themes", "Rubrique", "Les thématiques citées")),
    case(&["H-somme-proche-de-cent"],
        |e| for (id, value) in [("lieu.a", 40.0), ("lieu.b", 35.0), ("lieu.c", 30.0)] { e.share(id, id, value, "lieux"); },
        |e| for (id, value) in [("lieu.a", 40.0), ("lieu.b", 35.0), ("lieu.c", 26.0)] { e.share(id, id, value, "lieux"); }),
    case(&["H-somme-incomplete"],
        |e| { let row = e.published.row("Indicateur", "profils.emploi"); e.published.rows.remove(row); },
        |e| { let row = e.published.row("Indicateur", "themes.artisanat"); e.published.rows.remove(row); }),
    case(&["H-classes-chevauchantes"],
        |e| for (id, label) in [("age.a", "16/25 ans"), ("age.b", "25/45 ans")] { e.share(id, label, 30.0, "ages"); },
        |e| for (id, label) in [("age.a", "16/24 ans"), ("age.b", "25/45 ans")] { e.share(id, label, 30.0, "ages"); }),
    case(&["H-majorite"],
        |e| set_chart(e, "profils", "Rubrique", "Des profils en majorité salariés"),
        |e| set_chart(e, "profils", "Rubrique", "Des profils en majorité salariés ou demandeurs d’emploi")),

    // I. Published against recomputed
    case(&["I-publie-et-recalcule"],
        |e| { e.republish("themes.insertion", 70.0, "70 %"); },
        |e| { e.republish("themes.insertion", 66.7, "66,7 %"); }),
    case(&["I-publie-et-recalcule"],
        |e| { e.republish("themes.insertion", 67.0, "67 %"); let row = e.published.row("Indicateur", "themes.insertion"); e.published.set(row, "Approximation", "plus de"); },
        |e| { e.republish("themes.insertion", 66.0, "66 %"); let row = e.published.row("Indicateur", "themes.insertion"); e.published.set(row, "Approximation", "plus de"); }),
    case(&["I-indicateur-inconnu"],
        |e| { e.figure("laureat", 54.0, "projets"); },
        |e| { e.figure("contexte.ailleurs", 54.0, "projets"); }),

    // J. Questionnaire
    case(&["J-reponse-non-reconnue"],
        |e| set_answer(e, 0, "Thématiques", "Insertion;Permaculture"),
        |e| set_answer(e, 0, "Thématiques", " insertion ")),
    case(&["J-cellule-en-erreur"],
        |e| set_answer(e, 1, "Apprenants", "#N/A"),
        |e| set_answer(e, 1, "Apprenants", "")),
    case(&["J-reponse-en-double"],
        |e| { let row = e.answers.rows[0].clone(); e.answers.rows.push(row); },
        |e| { e.answers.add(&[]); }),
    case(&["J-projet-inconnu"],
        |e| { e.answers.add(&[("Projet", "X1"), ("Nom", "Nulle part")]); },
        |e| { e.answers.add(&[]); }),
    case(&["J-rattache-par-le-nom"],
        |e| set_answer(e, 0, "Projet", "X1"),
        |e| { let id = e.answers.get(project(e, HERE, 0), "Projet").to_lowercase(); set_answer(e, 0, "Projet", &id); }),
    case(&["J-reponse-non-demandee"],
        |e| set_answer(e, 1, "Précision", "Longue durée"),
        |e| set_answer(e, 0, "Précision", "Courte durée")),
    case(&["J-colonne-vide"],
        |e| for row in 0..e.answers.rows.len() { e.answers.set(row, "Précision", ""); },
        |e| for row in 1..e.answers.rows.len() { e.answers.set(row, "Précision", ""); }),
    case(&["J-valeur-extreme"], |e| outlier(e, 180), |e| outlier(e, 170)),
    case(&["J-date-hors-annee"],
        |e| set_answer(e, 0, "Fin", "2021-05-12"),
        |e| set_answer(e, 0, "Fin", "2024-05-12")),
    case(&["J-region-contredite"],
        |e| set_answer(e, 0, "Région", "Corse"),
        |e| set_answer(e, 0, "Région", "BRETAGNE")),

    // K. Texts
    case(&["K-chiffre-introuvable"],
        |e| e.text("Le registre compte {{laureat}} projets."),
        |e| e.text("Le registre compte {{laureats|format=lettres}} projets.")),
    case(&["K-chiffre-tape"],
        |e| e.text("Le registre compte 54 projets lauréats."),
        |e| e.text("Le registre compte 54 pages.")),
    case(&["K-chiffre-different"],
        |e| e.text("Le registre compte cinquante-trois projets lauréats."),
        |e| e.text("Le registre ne compte pas 53 projets d’autres années.")),
    case(&["K-chiffre-different"],
        |e| e.texts[1].1 = "La région compte 54 projets lauréats.".into(),
        |e| e.texts[1].1 = "La région compte 54 communes.".into()),
    case(&["K-mot-dementi"],
        |e| e.text("La moitié des projets ({{themes.insertion}}) le disent."),
        |e| e.text("Les deux tiers des projets ({{themes.insertion}}) le disent.")),
    case(&["K-mot-dementi"],
        |e| e.text("Plus de {{themes.insertion}} des projets le disent."),
        |e| e.text("Près de {{themes.insertion}} des projets le disent.")),
];
