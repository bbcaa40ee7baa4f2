//! Clean editions of any size: true totals, places that exist, names as
//! projects and structures bear them.

use std::collections::HashSet;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::edition::{Edition, GEOGRAPHY};
use crate::geography::{Commune, Outline};
use crate::typography::{round_half_up, shortest};

const HOUSES: [&str; 14] = [
    "La Halle",
    "L’Atelier",
    "Le Moulin",
    "La Fabrique",
    "Le Hangar",
    "La Ruche",
    "Le Comptoir",
    "La Manufacture",
    "Le Bocal",
    "La Station",
    "Le Tiers-lieu",
    "L’Escale",
    "La Grange",
    "Le Quai",
];
const WHICH: [&str; 26] = [
    "des Tilleuls",
    "du Vieux Port",
    "des Possibles",
    "du Pont",
    "de la Gare",
    "du Canal",
    "des Trois Moulins",
    "numérique",
    "partagé",
    "des Lavandières",
    "du Lac",
    "du Port",
    "et ses amis",
    "des métiers",
    "(coopérative)",
    "d’à côté",
    "du Bois Joli",
    "des Halles",
    "solidaire",
    "créatif",
    "de l’Étang",
    "du Marais",
    "des Cordeliers",
    "à ciel ouvert",
    "en commun",
    "77",
];
const SCHOOLS: [&str; 12] = [
    "GRETA",
    "AFPA",
    "MFR",
    "CFA",
    "Mission locale",
    "CFPPA",
    "Lycée agricole",
    "INSTEP",
    "Ligue de l’enseignement",
    "Campus",
    "IUT",
    "Université",
];
const VERBS: [&str; 12] = [
    "Apprendre",
    "Se former",
    "Fabriquer",
    "Réparer",
    "Coopérer",
    "Cultiver",
    "Entreprendre",
    "Transmettre",
    "Bâtir",
    "Coder",
    "Cuisiner",
    "Rebondir",
];
const HOW: [&str; 14] = [
    "ensemble",
    "autrement",
    "par le faire",
    "au village",
    "en ruralité",
    "sur le territoire",
    "avec les jeunes",
    "pour demain",
    "à la ferme",
    "et innover",
    "au cœur du quartier",
    "en réseau",
    "dans l’économie circulaire",
    "en mouvement",
];
const THEMES: [&str; 3] = ["Insertion", "Numérique", "Artisanat"];
const PROFILES: [(&str, &str); 3] =
    [("emploi", "Demandeurs d’emploi"), ("etudiants", "Étudiants"), ("salaries", "Salariés")];

/// What is drawn, and what was drawn before.
struct Draw {
    dice: ChaCha8Rng,
    names: HashSet<String>,
    bounds: HashSet<[usize; 2]>,
}

impl Draw {
    fn among<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.dice.random_range(0..things.len())]
    }

    /// A name that no other bears, whatever the article.
    fn unused(&mut self, name: impl Fn(&mut Self) -> String) -> String {
        loop {
            let name = name(self);
            if self.names.insert(crate::register::members::organisation_key(&name)) {
                return name;
            }
        }
    }

    fn house(&mut self) -> String {
        self.unused(|draw| {
            let (house, which) = (*draw.among(&HOUSES), *draw.among(&WHICH));
            match draw.dice.random_range(0..3) {
                0 => format!("{house} {which}"),
                _ => format!("{house} {which} {}", draw.dice.random_range(1..400)),
            }
        })
    }

    /// A training organisation of a commune.
    fn school(&mut self, communes: &[&Commune]) -> String {
        self.unused(|draw| {
            let (school, commune) = (*draw.among(&SCHOOLS), *draw.among(communes));
            format!("{school} de {}", commune.name)
        })
    }

    fn title(&mut self) -> String {
        self.unused(|draw| {
            let (verb, how) = (*draw.among(&VERBS), *draw.among(&HOW));
            match draw.dice.random_range(0..4) {
                0 => format!("{verb} {how}"),
                _ => format!(
                    "{verb} {how}, {} {}",
                    draw.among(&WHICH),
                    draw.dice.random_range(1..400)
                ),
            }
        })
    }

    /// Bounds of grants that no other région has, in euros.
    fn bounds(&mut self) -> [usize; 2] {
        loop {
            let least = self.dice.random_range(60..110) * 1000;
            let bounds = [least, least + self.dice.random_range(40..90) * 1000];
            if self.bounds.insert(bounds) {
                return bounds;
            }
        }
    }
}

/// What the projects of an edition make together.
#[derive(Default)]
struct Totals {
    projects: usize,
    places: usize,
    schools: usize,
    themes: [usize; 3],
    profiles: [usize; 3],
    /// By région.
    counts: Vec<usize>,
}

/// The clean edition of a seed.
pub fn edition(seed: u64) -> Edition {
    let dice = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = Draw { dice, names: HashSet::new(), bounds: HashSet::new() };
    let mut edition = Edition::empty();
    edition.texts.truncate(1);
    let outlines: Vec<&Outline> = GEOGRAPHY.regions.iter().filter(|o| o.code.len() == 2).collect();
    // All the régions, or so few that nobody takes them for all.
    let kept = if seed.is_multiple_of(3) { draw.dice.random_range(1..=6) } else { outlines.len() };
    let most = [3, 8, 20][seed as usize % 3];
    let mut totals = Totals::default();
    for outline in outlines.into_iter().take(kept) {
        let projects = draw.dice.random_range(1..=most);
        add_region(&mut edition, &mut draw, &mut totals, outline, projects);
    }
    publish(&mut edition, &totals);
    edition
}

fn add_region(
    edition: &mut Edition,
    draw: &mut Draw,
    totals: &mut Totals,
    outline: &Outline,
    projects: usize,
) {
    let communes = GEOGRAPHY.communes.iter().filter(|commune| commune.region == outline.code);
    let mut communes: Vec<&Commune> = communes.collect();
    communes.sort_by_key(|commune| std::cmp::Reverse(commune.population));
    communes.truncate(120);
    let bounds = draw.bounds();
    // Both bounds are reached; the others lie between.
    let grant = |draw: &mut Draw, rank: usize| match rank {
        0 => bounds[0],
        1 => bounds[1],
        _ => draw.dice.random_range(bounds[0] / 1000 + 1..bounds[1] / 1000) * 1000,
    };
    let grants: Vec<usize> = (0..projects).map(|rank| grant(draw, rank)).collect();
    for (rank, grant) in grants.iter().enumerate() {
        add_project(edition, draw, totals, (outline, &communes), rank + 1, *grant);
    }
    let rural = draw.dice.random_range(0..=projects);
    let towns = draw.dice.random_range(0..=projects - rural);
    let most = grants.iter().max().unwrap();
    let millions = grants.iter().sum::<usize>() as f64 / 1e6;
    let departments = GEOGRAPHY.departments_of(&outline.code).count();
    let announced = format!("{projects} projets lauréats");
    edition.regions.add(&[
        ("Région", &outline.name),
        ("Codes géographiques", &outline.code),
        ("Intitulé imprimé", &outline.name),
        ("Dispositif porté par", *draw.among(&["la Région", "l’État (DREETS)"])),
        ("Projets (libellé)", &announced),
        ("Projets annoncés", &projects.to_string()),
        ("Enveloppe (M€)", &format!("{millions:.3}")),
        ("Subvention minimale (€)", &bounds[0].to_string()),
        ("Subvention maximale (€)", &most.to_string()),
        ("Départements couverts", &departments.to_string()),
        ("Projets en ruralité", &rural.to_string()),
        ("Projets en petite/moyenne ville", &towns.to_string()),
        ("Projets en grande ville/métropole", &(projects - rural - towns).to_string()),
    ]);
    totals.counts.push(projects);
}

fn add_project(
    edition: &mut Edition,
    draw: &mut Draw,
    totals: &mut Totals,
    (outline, communes): (&Outline, &[&Commune]),
    number: usize,
    grant: usize,
) {
    totals.projects += 1;
    let id = format!("P{}", 1000 + totals.projects);
    let title = draw.title();
    let houses: Vec<String> = (0..draw.dice.random_range(1..=4)).map(|_| draw.house()).collect();
    let schools: Vec<String> =
        (0..draw.dice.random_range(1..=4)).map(|_| draw.school(communes)).collect();
    totals.places += houses.len();
    totals.schools += schools.len();
    let (houses_list, schools_list) = (houses.join(", "), schools.join(", "));
    edition.laureates.add(&[
        ("Identifiant", &id),
        ("Région", &outline.name),
        ("Numéro", &number.to_string()),
        ("Nom", &title),
        ("Tiers-lieux", &houses_list),
        ("Organismes de formation", &schools_list),
        ("Subvention (€)", &grant.to_string()),
    ]);
    let theme = draw.dice.random_range(0..3);
    let profile = draw.dice.random_range(0..3);
    totals.themes[theme] += 1;
    totals.profiles[profile] += 1;
    edition.answers.add(&[
        ("Fin", "2025-05-12"),
        ("Projet", &id),
        ("Nom", &title),
        ("Région", &outline.name),
        ("Membres", &(houses.len() + schools.len()).to_string()),
        ("Apprenants", "100"),
        ("Thématiques", THEMES[theme]),
        ("Profil", PROFILES[profile].1),
        ("Précision", if profile == 0 { "Longue durée" } else { "" }),
    ]);
    if draw.dice.random_range(0..3) == 0 {
        let commune = draw.among(communes);
        edition.cards.add(&[
            ("Région", &outline.name),
            ("Titre", &title),
            ("Communes", &commune.name),
            ("Département", &commune.department_name),
            ("Tiers-lieux", &houses_list),
            ("Organismes de formation", &schools_list),
            ("Publics cibles", PROFILES[profile].1),
            ("Thématiques", THEMES[theme]),
        ]);
    }
}

fn publish(edition: &mut Edition, totals: &Totals) {
    let sum = |title: &str| -> f64 {
        let rows = 0..edition.regions.rows.len();
        rows.map(|row| edition.regions.get(row, title).parse::<f64>().unwrap()).sum()
    };
    let (departments, budget) = (sum("Départements couverts"), sum("Enveloppe (M€)"));
    let budget = round_half_up(budget, 3);
    let [projects, places, schools] =
        [totals.projects, totals.places, totals.schools].map(|count| count as f64);
    edition.announced = vec![
        ("tiers_lieux".into(), places),
        ("organismes".into(), schools),
        ("departements".into(), departments),
    ];
    edition.figure("laureats", projects, "projets");
    edition.figure("regions", totals.counts.len() as f64, "régions");
    edition.figure("budget", budget, "M€");
    edition.figure("tiers-lieux", places, "tiers-lieux");
    edition.figure("organismes", schools, "organismes");
    edition.figure("departements", departments, "départements");
    edition.figure("membres", round_half_up((places + schools) / projects, 1), "membres");
    edition.figure("apprenants.moyenne", 100.0, "apprenants");
    edition.figure("apprenants.total", projects * 300.0, "apprenants");
    let share = |count: usize| round_half_up(100.0 * count as f64 / projects, 1);
    for (theme, count) in THEMES.iter().zip(totals.themes) {
        let id = format!("themes.{}", crate::matching::slug(theme));
        let value = share(count);
        edition.share(&id, theme, value, "themes");
    }
    for ((id, label), count) in PROFILES.iter().zip(totals.profiles) {
        edition.share(&format!("profils.{id}"), label, share(count), "profils");
    }
    for count in &totals.counts {
        edition.figure("laureats", *count as f64, "projets");
        let last = edition.published.rows.len() - 1;
        edition.published.set(last, "Graphique", "carte");
    }
    let shown = shortest(projects, 0);
    edition
        .text(&format!("Le registre compte {{{{laureats}}}} projets, et non {}.\n", shown.len()));
}
