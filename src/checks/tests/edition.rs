//! A synthetic edition without a fault, which tests change in one place.
//!
//! Every région of the country has three projects, whose names differ by their
//! numbers; every total is the sum of its parts, every place exists, every
//! published figure is the one that the answers give. It is written to
//! workbooks and read back as any edition is, so that findings have cells.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use chrono::NaiveDate;
use rust_xlsxwriter::Workbook;

use crate::assets::Assets;
use crate::checks::{Facts, Finding, check};
use crate::codebook::Codebook;
use crate::diagnostics::Diagnostics;
use crate::diffusion::Diffusion;
use crate::geography::Geography;
use crate::indicators::{Catalogue, Context, Data, Figures};
use crate::published;
use crate::register::Register;
use crate::spreadsheet::{Position, SheetBuilder, Value};
use crate::survey::Survey;

/// The official geography, read once.
pub static GEOGRAPHY: LazyLock<Geography> =
    LazyLock::new(|| Geography::load(&Assets::embedded()).unwrap());

/// How many projects a région has.
pub const PROJECTS: usize = 3;

/// A table to be written: its titles, and its rows.
#[derive(Debug, Clone)]
pub struct Table {
    titles: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    fn new(titles: &[&'static str]) -> Self {
        Self { titles: titles.to_vec(), rows: Vec::new() }
    }

    fn column(&self, title: &str) -> usize {
        let column = self.titles.iter().position(|other| *other == title);
        column.unwrap_or_else(|| panic!("no column {title}"))
    }

    /// What a cell holds.
    pub fn get(&self, row: usize, title: &str) -> &str {
        &self.rows[row][self.column(title)]
    }

    /// Changes a cell; rows count from 0, below the titles.
    pub fn set(&mut self, row: usize, title: &str, value: impl ToString) -> &mut Self {
        let column = self.column(title);
        self.rows[row][column] = value.to_string();
        self
    }

    /// Adds a row; what is not said is blank.
    pub fn add(&mut self, cells: &[(&str, &str)]) -> &mut Self {
        self.rows.push(vec![String::new(); self.titles.len()]);
        let row = self.rows.len() - 1;
        for (title, value) in cells {
            self.set(row, title, value);
        }
        self
    }

    /// The first row that holds a value in a column.
    #[track_caller]
    pub fn row(&self, title: &str, value: &str) -> usize {
        let column = self.column(title);
        let row = self.rows.iter().position(|row| row[column] == value);
        row.unwrap_or_else(|| panic!("no row with {title} = {value}"))
    }
}

/// The files of an edition.
#[derive(Debug, Clone)]
pub struct Edition {
    pub laureates: Table,
    pub regions: Table,
    pub cards: Table,
    pub published: Table,
    pub answers: Table,
    pub codebook: String,
    pub catalogue: String,
    pub texts: Vec<(String, String)>,
    /// The totals that the programme announces.
    pub announced: Vec<(String, f64)>,
    pub demonstration: bool,
}

const CODEBOOK: &str = r#"
[table]
lignes_titres = 1
[repondant]
identifiant = "projet"
nom = "nom"
region = "region"
horodatage = "fin"
doublons = "dernier"
[[question]]
id = "fin"
type = "date"
colonne = "Fin"
[[question]]
id = "projet"
type = "identifiant"
colonne = "Projet"
[[question]]
id = "nom"
type = "texte"
colonne = "Nom"
[[question]]
id = "region"
type = "texte"
colonne = "Région"
[[question]]
id = "membres"
libelle = "Membres"
type = "nombre"
colonne = "Membres"
[[question]]
id = "apprenants"
libelle = "Apprenants"
type = "nombre"
colonne = "Apprenants"
[[question]]
id = "themes"
libelle = "Thématiques"
type = "choix-multiple"
colonne = "Thématiques"
separateur = ";"
modalites = [
    { id = "insertion", libelle = "Insertion" },
    { id = "numerique", libelle = "Numérique" },
    { id = "artisanat", libelle = "Artisanat", synonymes = ["Métiers manuels"] },
]
[[question]]
id = "profils"
libelle = "Profil"
type = "choix-unique"
colonne = "Profil"
modalites = [
    { id = "emploi", libelle = "Demandeurs d’emploi" },
    { id = "etudiants", libelle = "Étudiants" },
    { id = "salaries", libelle = "Salariés" },
]
[[question]]
id = "precision"
libelle = "Précision"
type = "choix-unique"
colonne = "Précision"
base = "profils = emploi"
modalites = [{ id = "long", libelle = "Longue durée" }, { id = "court", libelle = "Courte durée" }]
"#;

const CATALOGUE: &str = r#"
[laureats]
registre = "projets"
parties = "projets"
libelle = "projets lauréats"
unite = "projets"
[regions]
registre = "regions"
parties = "regions"
libelle = "régions participantes"
unite = "régions"
[budget]
registre = "enveloppe"
parties = "enveloppe"
libelle = "somme des enveloppes"
unite = "M€"
[tiers-lieux]
annonce = "tiers_lieux"
parties = "tiers_lieux"
libelle = "tiers-lieux annoncés"
unite = "tiers-lieux"
[organismes]
annonce = "organismes"
parties = "organismes"
libelle = "organismes annoncés"
unite = "organismes"
[departements]
annonce = "departements"
parties = "departements"
libelle = "départements annoncés"
unite = "départements"
[membres]
question = "membres"
mesure = "moyenne"
coherence = "(tiers-lieux + organismes) / laureats"
libelle = "membres par consortium"
unite = "membres"
[apprenants.moyenne]
question = "apprenants"
mesure = "moyenne"
libelle = "apprenants par projet"
unite = "apprenants"
[apprenants.total]
calcul = "apprenants.moyenne * laureats * 3"
coherence = "apprenants.moyenne * laureats * 3"
libelle = "apprenants sur trois ans"
unite = "apprenants"
[themes]
question = "themes"
[profils]
question = "profils"
"#;

const TITLES: [(&str, &[&str]); 4] = [
    (
        "Lauréats",
        &[
            "Identifiant",
            "Région",
            "Numéro",
            "Nom",
            "Tiers-lieux",
            "Organismes de formation",
            "Subvention (€)",
            "Ligne source",
        ],
    ),
    (
        "Régions",
        &[
            "Région",
            "Codes géographiques",
            "Intitulé imprimé",
            "Dispositif porté par",
            "Projets (libellé)",
            "Projets annoncés",
            "Dont lauréats DEFFINOV",
            "Enveloppe (M€)",
            "Subvention minimale (€)",
            "Subvention maximale (€)",
            "Départements couverts",
            "Projets en ruralité",
            "Projets en petite/moyenne ville",
            "Projets en grande ville/métropole",
        ],
    ),
    (
        "Fiches",
        &[
            "Région",
            "Titre",
            "Communes",
            "Département",
            "Tiers-lieux",
            "Organismes de formation",
            "Autres partenaires",
            "Publics cibles",
            "Thématiques",
        ],
    ),
    (
        "Chiffres",
        &[
            "Indicateur",
            "Région",
            "Fiche",
            "Libellé",
            "Valeur",
            "Unité",
            "Valeur imprimée",
            "Approximation",
            "Rubrique",
            "Graphique",
            "Formulation",
            "Ligne source",
            "Attribution",
        ],
    ),
];

const ANSWERS: [&str; 9] = [
    "Fin",
    "Projet",
    "Nom",
    "Région",
    "Membres",
    "Apprenants",
    "Thématiques",
    "Profil",
    "Précision",
];

fn table(name: &str) -> Table {
    let (_, titles) = TITLES.iter().find(|(other, _)| *other == name).unwrap();
    Table::new(titles)
}

impl Edition {
    /// The edition without a fault.
    pub fn clean() -> Self {
        Self::of(|_| true)
    }

    /// An edition of nothing.
    pub fn empty() -> Self {
        Self {
            laureates: table("Lauréats"),
            regions: table("Régions"),
            cards: table("Fiches"),
            published: table("Chiffres"),
            answers: Table::new(&ANSWERS),
            codebook: CODEBOOK.to_string(),
            catalogue: CATALOGUE.to_string(),
            texts: vec![
                ("textes/a.md".into(), "Le registre compte {{laureats}} projets.\n".into()),
                (
                    "textes/regions/bretagne.md".into(),
                    "# Bretagne\n\nLes {{laureats|region=bretagne}} projets de la région.\n".into(),
                ),
            ],
            announced: Vec::new(),
            demonstration: false,
        }
    }

    /// The clean edition, of some of the régions only, by their codes.
    pub fn of(kept: impl Fn(&str) -> bool) -> Self {
        let mut edition = Self::empty();
        let outlines: Vec<_> =
            GEOGRAPHY.regions.iter().filter(|o| o.code.len() == 2 && kept(&o.code)).collect();
        for (rank, outline) in outlines.iter().enumerate() {
            edition.add_region(rank, &outline.code, &outline.name);
        }
        edition.publish();
        edition
    }

    fn add_region(&mut self, rank: usize, code: &str, name: &str) {
        let departments = GEOGRAPHY.departments_of(code).count().min(2);
        let bounds = [100_000 + 1000 * rank, 200_000 + 1000 * rank];
        let millions = 0.45 + 0.003 * rank as f64;
        self.regions.add(&[
            ("Région", name),
            ("Codes géographiques", code),
            ("Intitulé imprimé", name),
            ("Dispositif porté par", "la Région"),
            ("Projets (libellé)", "3 projets lauréats"),
            ("Projets annoncés", "3"),
            ("Enveloppe (M€)", &format!("{millions:.3}")),
            ("Subvention minimale (€)", &bounds[0].to_string()),
            ("Subvention maximale (€)", &bounds[1].to_string()),
            ("Départements couverts", &departments.to_string()),
            ("Projets en ruralité", "1"),
            ("Projets en petite/moyenne ville", "1"),
            ("Projets en grande ville/métropole", "1"),
        ]);
        for number in 1..=PROJECTS {
            self.add_project(rank, name, number, bounds[0]);
        }
        self.add_card(rank, code, name);
    }

    fn add_project(&mut self, rank: usize, region: &str, number: usize, grant: usize) {
        let serial = 100 + rank * PROJECTS + number;
        let (id, title) = (format!("P{serial}"), format!("Atelier {serial}"));
        self.laureates.add(&[
            ("Identifiant", &id),
            ("Région", region),
            ("Numéro", &number.to_string()),
            ("Nom", &title),
            ("Tiers-lieux", &format!("Halle {serial}")),
            ("Organismes de formation", &format!("Cefora {serial}")),
            ("Subvention (€)", &(grant + 50_000).to_string()),
            ("Ligne source", &serial.to_string()),
        ]);
        let themes = ["Insertion", "Insertion;Numérique", "Numérique;Artisanat"];
        let profiles = ["Demandeurs d’emploi", "Étudiants", "Salariés"];
        self.answers.add(&[
            ("Fin", "2025-05-12"),
            ("Projet", &id),
            ("Nom", &title),
            ("Région", region),
            ("Membres", "2"),
            ("Apprenants", ["90", "100", "110"][number - 1]),
            ("Thématiques", themes[number - 1]),
            ("Profil", profiles[number - 1]),
            ("Précision", if number == 1 { "Longue durée" } else { "" }),
        ]);
    }

    /// A card for the first project of a région, in its largest commune.
    fn add_card(&mut self, rank: usize, code: &str, region: &str) {
        let serial = 101 + rank * PROJECTS;
        let communes = GEOGRAPHY.communes.iter().filter(|commune| commune.region == code);
        let commune = communes.max_by_key(|commune| commune.population).unwrap();
        let themes = ["Insertion ; Numérique", "Numérique ; Artisanat"];
        self.cards.add(&[
            ("Région", region),
            ("Titre", &format!("Atelier {serial}")),
            ("Communes", &commune.name),
            ("Département", &commune.department_name),
            ("Tiers-lieux", &format!("Halle {serial}")),
            ("Organismes de formation", &format!("Cefora {serial}")),
            ("Publics cibles", "Demandeurs d’emploi, Étudiants"),
            ("Thématiques", themes[rank % 2]),
        ]);
    }

    /// Publishes what the register and the answers give.
    fn publish(&mut self) {
        let regions = self.regions.rows.len();
        let total = regions * PROJECTS;
        let sum = |title: &str| -> f64 {
            (0..regions).map(|row| self.regions.get(row, title).parse::<f64>().unwrap()).sum()
        };
        let departments = sum("Départements couverts");
        let budget = sum("Enveloppe (M€)");
        self.announced = vec![
            ("tiers_lieux".into(), total as f64),
            ("organismes".into(), total as f64),
            ("departements".into(), departments),
        ];
        self.figure("laureats", total as f64, "projets");
        self.figure("regions", regions as f64, "régions");
        self.figure("budget", budget, "M€");
        self.figure("tiers-lieux", total as f64, "tiers-lieux");
        self.figure("organismes", total as f64, "organismes");
        self.figure("departements", departments, "départements");
        self.figure("membres", 2.0, "membres");
        self.figure("apprenants.moyenne", 100.0, "apprenants");
        self.figure("apprenants.total", (total * 300) as f64, "apprenants");
        for (id, label, value) in [
            ("insertion", "Insertion", 67.0),
            ("numerique", "Numérique", 67.0),
            ("artisanat", "Artisanat", 33.0),
        ] {
            self.share(&format!("themes.{id}"), label, value, "themes");
        }
        for (id, label) in [
            ("emploi", "Demandeurs d’emploi"),
            ("etudiants", "Étudiants"),
            ("salaries", "Salariés"),
        ] {
            self.share(&format!("profils.{id}"), label, 33.0, "profils");
        }
        for _ in 0..regions {
            self.figure("laureats", PROJECTS as f64, "projets");
            let last = self.published.rows.len() - 1;
            self.published.set(last, "Graphique", "carte").set(last, "Attribution", "incertaine");
        }
        self.figure("laureats", PROJECTS as f64, "projets");
        let last = self.published.rows.len() - 1;
        self.published.set(last, "Région", "Bretagne");
    }

    /// Publishes a national figure, as it reads.
    pub fn figure(&mut self, id: &str, value: f64, unit: &str) -> &mut Table {
        let number = crate::typography::shortest(value, 3);
        let printed = if unit == "M€" { format!("{number} M€") } else { number };
        self.published.add(&[
            ("Indicateur", id),
            ("Valeur", &value.to_string()),
            ("Unité", unit),
            ("Valeur imprimée", &printed),
            ("Formulation", &format!("{printed} {unit}")),
            ("Ligne source", "12"),
            ("Attribution", "certaine"),
        ])
    }

    /// Publishes a share of a chart.
    pub fn share(&mut self, id: &str, label: &str, value: f64, chart: &str) -> &mut Table {
        let printed = format!("{} %", crate::typography::shortest(value, 1));
        self.published.add(&[
            ("Indicateur", id),
            ("Libellé", label),
            ("Valeur", &value.to_string()),
            ("Unité", "%"),
            ("Valeur imprimée", &printed),
            ("Rubrique", "Les projets"),
            ("Graphique", chart),
            ("Formulation", &format!("{printed} {label}")),
            ("Attribution", "certaine"),
        ])
    }

    /// Changes a published figure, as it reads.
    pub fn republish(&mut self, id: &str, value: f64, printed: &str) -> &mut Table {
        let row = self.published.row("Indicateur", id);
        self.published.set(row, "Valeur", value).set(row, "Valeur imprimée", printed)
    }

    /// Changes the text that speaks of the whole programme.
    pub fn text(&mut self, text: &str) {
        self.texts[0].1 = text.to_string();
    }

    /// What does not hold in it.
    pub fn findings(&self) -> Vec<Finding> {
        let folder = tempfile::tempdir().unwrap();
        let mut found = Diagnostics::new();
        let register = self.register(folder.path(), &mut found);
        let published = self.read_published(folder.path(), &mut found);
        let codebook = Codebook::parse("dictionnaire.toml", &self.codebook, &mut found).unwrap();
        let context = Context { codebook: &codebook, announced: &self.announced };
        let catalogue = Catalogue::parse("indicateurs.toml", &self.catalogue, &context, &mut found);
        let survey = self.survey(codebook, &register, &mut found);
        assert!(!found.has_errors(), "{found:?}");
        let figures = self.figures(&catalogue, &survey, &register);
        check(&Facts {
            register: &register,
            published: &published,
            figures: &figures,
            survey: &survey,
            reading: &found,
            geography: &GEOGRAPHY,
            texts: &self.texts,
            year: 2025,
            demonstration: self.demonstration,
        })
    }

    /// The figures; those of the same answers and the same register are computed
    /// once for all tests.
    fn figures(&self, catalogue: &Catalogue, survey: &Survey, register: &Register) -> Figures {
        static COMPUTED: Mutex<BTreeMap<String, Figures>> = Mutex::new(BTreeMap::new());
        let tables = [&self.answers, &self.laureates, &self.regions].map(|table| &table.rows);
        let key = format!("{tables:?}{}{}{:?}", self.codebook, self.catalogue, self.announced);
        if let Some(known) = COMPUTED.lock().unwrap().get(&key) {
            return known.clone();
        }
        let plan = crate::sampling::Plan::of_answers(survey);
        let data = Data {
            survey,
            register,
            plan: &plan,
            announced: &self.announced,
            diffusion: &Diffusion::OFF,
            display: crate::edition::Display::default(),
        };
        let figures = Figures::compute(catalogue, &data).unwrap();
        COMPUTED.lock().unwrap().insert(key, figures.clone());
        figures
    }

    fn register(&self, folder: &Path, found: &mut Diagnostics) -> Register {
        let path = folder.join("laureats.xlsx");
        let sheets =
            [("Lauréats", &self.laureates), ("Régions", &self.regions), ("Fiches", &self.cards)];
        write(&path, &sheets);
        Register::read(&path, found)
    }

    fn read_published(
        &self,
        folder: &Path,
        found: &mut Diagnostics,
    ) -> Vec<published::PublishedFigure> {
        let path = folder.join("chiffres-publies.xlsx");
        write(&path, &[("Chiffres", &self.published)]);
        published::read(&path, found)
    }

    fn survey(&self, codebook: Codebook, register: &Register, found: &mut Diagnostics) -> Survey {
        let mut builder = SheetBuilder::new();
        for (column, title) in self.answers.titles.iter().enumerate() {
            builder.push(Position::new(0, column as u32), Value::text(title)).unwrap();
        }
        for (row, cells) in self.answers.rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                builder.push(Position::new(row as u32 + 1, column as u32), value(cell)).unwrap();
            }
        }
        let sheet = builder.finish("questionnaire.xlsx", Some("Réponses"));
        Survey::read(sheet, codebook, Some(register), found).unwrap()
    }
}

/// What a spreadsheet makes of a text: a date, an error, a number, a text.
fn value(cell: &str) -> Value {
    if let Ok(date) = NaiveDate::parse_from_str(cell, "%Y-%m-%d") {
        return Value::Moment(date.and_hms_opt(9, 0, 0).unwrap());
    }
    match cell.parse::<f64>() {
        Ok(number) => Value::Number(number),
        Err(_) if cell.starts_with('#') => Value::Fault(cell.into()),
        Err(_) => Value::text(cell),
    }
}

fn write(path: &Path, sheets: &[(&str, &Table)]) {
    let mut workbook = Workbook::new();
    for (name, table) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).unwrap();
        sheet.write_row(0, 0, table.titles.clone()).unwrap();
        for (row, cells) in (1..).zip(&table.rows) {
            for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                match cell.parse::<f64>() {
                    // Codes keep their leading zero.
                    Ok(number) if !cell.starts_with('0') || cell.starts_with("0.") => {
                        sheet.write(row, column, number).unwrap();
                    }
                    _ => {
                        sheet.write(row, column, cell).unwrap();
                    }
                }
            }
        }
    }
    workbook.save(path).unwrap();
}
