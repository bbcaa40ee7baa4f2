//! Random editions: what analysts may put in one, and what they may leave out.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use bilan::assets::Assets;
use bilan::checks::{Family, Finding, Object};
use bilan::codebook::Codebook;
use bilan::diagnostics::{Diagnostics, Place, Severity};
use bilan::edition::Edition;
use bilan::geography::Geography;
use bilan::indicators::{
    Definition, Figure, Figures, Measure, RegisterMeasure, Unit, Value, Wording,
};
use bilan::quality::{Class, Comparison, ItemResponse, Quality, Rate};
use bilan::register::Register;
use bilan::report::{Content, Inputs};
use bilan::typst_cli::{self, CompileArguments};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

use crate::pages;
use crate::support;

static GEOGRAPHY: LazyLock<Geography> =
    LazyLock::new(|| Geography::load(&Assets::embedded()).expect("the geography"));

/// What a random edition is like.
#[derive(Debug, Clone, Copy)]
pub struct Portrait {
    pub seed: u64,
    /// How many projects each région has.
    pub projects: [usize; 3],
    /// The longest name of a project, in characters.
    pub longest: usize,
    pub cards: bool,
    pub texts: bool,
    pub answers: Answers,
    /// Whether texts hold what fonts and line breaking find hard.
    pub strange: bool,
    /// How often an optional cell is empty, in percent.
    pub missing: u32,
    /// How many options a question has.
    pub options: usize,
}

/// What the questionnaire gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answers {
    /// Shares, with their intervals.
    Some,
    None,
    /// All of it hidden by disclosure control.
    Hidden,
}

/// An ordinary edition, to be varied.
pub const ORDINARY: Portrait = Portrait {
    seed: 1,
    projects: [3, 14, 30],
    longest: 90,
    cards: true,
    texts: true,
    answers: Answers::Some,
    strange: false,
    missing: 10,
    options: 6,
};

/// The régions of every random edition: one with many départements, one with
/// one, one without an outline.
const REGIONS: [(&str, &str, &str); 3] = [
    ("Bretagne", "53", "la Région"),
    ("La Réunion", "04", "l’État"),
    ("Terres lointaines", "", ""),
];

/// A random edition, its content gathered and ready to compile.
pub struct Random {
    folder: TempDir,
    content: Content,
}

impl Random {
    /// Makes an edition of a portrait.
    pub fn new(portrait: Portrait) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut writer = Writer { rng: ChaCha8Rng::seed_from_u64(portrait.seed), portrait };
        let edition = writer.edition(folder.path());
        let register = writer.register(folder.path());
        let figures = writer.figures();
        let findings = writer.findings();
        let quality = writer.quality();
        let codebook = writer.codebook();
        let inputs = Inputs {
            edition: &edition,
            register: &register,
            figures: &figures,
            geography: &GEOGRAPHY,
            quality: &quality,
            codebook: &codebook,
            sampling: "sans pondération".to_string(),
            comparison: None,
        };
        let mut found = Diagnostics::new();
        let content = Content::gather(&inputs, &findings, &Assets::embedded(), &mut found);
        assert!(!found.has_errors(), "{found:?}");
        Self { folder, content }
    }

    /// Compiles every document as the pipeline does, and gives the faults of
    /// their pages.
    pub fn faults(&self) -> Vec<String> {
        self.write_work();
        let documents = self.content.documents.iter();
        documents.flat_map(|document| self.faults_of(document)).collect()
    }

    /// As [`Random::faults`], for the fact sheets alone.
    pub fn sheet_faults(&self) -> Vec<String> {
        self.write_work();
        let sheets = self.content.documents.iter().filter(|document| document.name != "bilan");
        sheets.flat_map(|document| self.faults_of(document)).collect()
    }

    fn faults_of(&self, document: &bilan::report::Document) -> Vec<String> {
        let arguments = self.arguments(document);
        let (laid, messages) = typst_cli::pages(&arguments).expect("a compiler that runs");
        let name = &document.name;
        let mut faults: Vec<String> =
            messages.into_iter().map(|message| format!("{name} : {message}")).collect();
        let laid_faults = laid.iter().flat_map(|laid| pages::faults(laid, name));
        faults.extend(laid_faults.map(|fault| format!("{name}, {fault}")));
        faults
    }

    fn work(&self) -> PathBuf {
        self.folder.path().join("travail")
    }

    fn write_work(&self) {
        let write = |name: &str, bytes: &[u8]| {
            let path = self.work().join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, bytes).expect("a file");
        };
        let assets = Assets::embedded();
        for name in assets.template_names() {
            write(&name, &assets.read(&name).expect("a template"));
        }
        for picture in &self.content.pictures {
            write(&picture.file(), picture.picture.svg.as_bytes());
        }
        for document in &self.content.documents {
            write(&data_file(&document.name), document.data.to_string().as_bytes());
        }
    }

    fn arguments(&self, document: &bilan::report::Document) -> CompileArguments {
        let work = self.work();
        CompileArguments {
            input: work.join(document.template),
            output: work.join(format!("{}.pdf", document.name)),
            inputs: vec![("donnees".to_string(), format!("/{}", data_file(&document.name)))],
            font_paths: vec![work.join("polices")],
            root: Some(work),
            ignore_system_fonts: true,
            ignore_embedded_fonts: false,
            creation_timestamp: Some(1_751_284_800),
            pdf_standard: vec!["ua-1".to_string(), "a-2a".to_string()],
            features: vec!["a11y-extras".to_string()],
            diagnostic_format: "short".to_string(),
            ppi: 72.0,
            jobs: None,
            deps: None,
            deps_format: "json".to_string(),
        }
    }
}

fn data_file(name: &str) -> String {
    format!("donnees/{name}.json")
}

struct Writer {
    rng: ChaCha8Rng,
    portrait: Portrait,
}

const WORDS: [&str; 16] = [
    "formation",
    "tiers-lieu",
    "numérique",
    "accompagnement",
    "à",
    "des",
    "publics",
    "éloignés",
    "l’emploi",
    "insertion",
    "et",
    "coopération",
    "territoire",
    "d’apprentissage",
    "savoir-faire",
    "école",
];

const STRANGE: [&str; 16] = [
    "🎉",
    "👩‍🌾",
    "1️⃣",
    "👍🏽",
    "🇫🇷",
    "❤️",
    "שלום",
    "בית ספר",
    "学校",
    "مدرسة",
    "Łódź",
    "Ελλάδα",
    "№",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "multi-acteur-au-service-de-la-consolidation-du-parcours-professionnel-favorisant",
    "e\u{301}\u{323}te\u{301}\u{200B}\u{202E}",
];

impl Writer {
    /// A text of at most so many characters, and at least one.
    fn text(&mut self, most: usize) -> String {
        let wanted = self.rng.random_range(1..=most);
        let mut text = String::new();
        while text.chars().count() < wanted {
            let word = match self.portrait.strange && self.rng.random_bool(0.25) {
                true => STRANGE[self.rng.random_range(0..STRANGE.len())],
                false => WORDS[self.rng.random_range(0..WORDS.len())],
            };
            text = format!("{text} {word}");
        }
        let cut: String = text.trim_start().chars().take(wanted).collect();
        match cut.trim() {
            "" => "x".to_string(),
            text => text.to_string(),
        }
    }

    /// An optional text.
    fn maybe(&mut self, most: usize) -> String {
        let absent = self.rng.random_range(0..100) < self.portrait.missing;
        if absent { String::new() } else { self.text(most) }
    }

    fn edition(&mut self, folder: &std::path::Path) -> Edition {
        let title = self.text(110);
        let text = |text: &str| text.replace(['\\', '"'], "");
        let pages = match self.portrait.answers {
            Answers::None => String::new(),
            _ => FORMS.iter().map(|form| {
                format!(
                    "[[page]]\ntitre = \"{}\"\ntexte = \"page.md\"\nchiffres = [\"part\", \"compte\"]\n\
                     graphiques = [{{ question = \"q\", forme = \"{form}\", titre = \"{}\" }}, \
                     {{ indicateur = \"part\", titre = \"{}\" }}]\n",
                    text(&self.text(60)), text(&self.text(90)), text(&self.text(70)),
                )
            }).collect(),
        };
        let toml = format!(
            "annee = 2031\ntitre = \"{}\"\nprogramme = \"DEFFINOV\"\nediteur = \"\"\ndate = \"2031-03-01\"\n\
             demonstration = true\nchiffres_cles = [\"projets\", \"part\"]\n[sources]\n\
             origine_laureats = \"{}\"\norigine_questionnaire = \"{}\"\n{pages}",
            text(&title),
            text(&self.text(300)),
            text(&self.text(300)),
        );
        std::fs::write(folder.join("edition.toml"), toml).expect("an edition");
        if self.portrait.texts {
            let regions = folder.join("textes/regions");
            std::fs::create_dir_all(&regions).expect("a folder");
            for name in ["programme", "carte", "regions", "methode", "quatrieme", "page"] {
                let body = self.markdown();
                std::fs::write(folder.join(format!("textes/{name}.md")), body).expect("a text");
            }
            for slug in ["bretagne", "la-reunion"] {
                let body = self.markdown();
                std::fs::write(regions.join(format!("{slug}.md")), body).expect("a text");
            }
        }
        let mut found = Diagnostics::new();
        let edition = Edition::read(folder, &mut found);
        edition.unwrap_or_else(|| panic!("{found:?}"))
    }

    fn markdown(&mut self) -> String {
        let items: Vec<String> = (0..self.rng.random_range(2..7))
            .map(|_| format!("- **{}** : {}", self.text(20), self.text(200)))
            .collect();
        format!(
            "# {}\n\n{}\n\n{}\n\n## {}\n\n{}\n\n> {}\n",
            self.text(50),
            self.text(600),
            self.text(900),
            self.text(60),
            items.join("\n"),
            self.text(200),
        )
    }

    fn register(&mut self, folder: &std::path::Path) -> Register {
        let titles = |titles: &[&str]| titles.iter().map(|t| t.to_string()).collect::<Vec<_>>();
        let mut laureates = vec![titles(&[
            "Identifiant",
            "Région",
            "Numéro",
            "Nom",
            "Tiers-lieux",
            "Organismes de formation",
            "Commune",
        ])];
        let mut cards = vec![titles(&[
            "Région",
            "Titre",
            "Communes",
            "Département",
            "Tiers-lieux",
            "Organismes de formation",
            "Autres partenaires",
            "Publics cibles",
            "Thématiques",
            "Vidéo",
            "Lien vidéo",
        ])];
        let communes = ["Rennes", "Brest", "Vannes", "Saint-Malo", "Quimper"];
        for (rank, (region, ..)) in REGIONS.iter().enumerate() {
            for number in 1..=self.portrait.projects[rank] {
                let commune = match rank == 0 && self.rng.random_bool(0.4) {
                    true => communes[self.rng.random_range(0..communes.len())],
                    false => "",
                };
                laureates.push(vec![
                    format!("{rank}-{number}"),
                    region.to_string(),
                    number.to_string(),
                    self.maybe(self.portrait.longest),
                    self.maybe(self.portrait.longest),
                    self.maybe(self.portrait.longest),
                    commune.to_string(),
                ]);
            }
            for number in 0..if self.portrait.cards { 3 } else { 0 } {
                let link = if number == 1 { "https://example.org/video/projet?id=42" } else { "" };
                cards.push(vec![
                    region.to_string(),
                    self.text(120),
                    self.text(60),
                    self.maybe(30),
                    self.maybe(200),
                    self.maybe(200),
                    self.maybe(400),
                    self.maybe(200),
                    self.maybe(90).replace(' ', " ; "),
                    "oui".to_string(),
                    link.to_string(),
                ]);
            }
        }
        let mut regions = vec![titles(&[
            "Région",
            "Codes géographiques",
            "Dispositif porté par",
            "Projets (libellé)",
            "Projets annoncés",
            "Enveloppe (M€)",
            "Subvention minimale (€)",
            "Subvention maximale (€)",
            "Départements couverts",
            "Projets en ruralité",
            "Projets en petite ville",
            "Projets en grande ville/métropole",
        ])];
        for (name, codes, carrier) in REGIONS {
            let absent = self.rng.random_range(0..100) < self.portrait.missing;
            let number = |text: &str| if absent { String::new() } else { text.to_string() };
            regions.push(vec![
                name.to_string(),
                codes.to_string(),
                carrier.to_string(),
                self.maybe(80),
                number("15"),
                number("4.5"),
                number("99000"),
                number("260000"),
                number("1"),
                number("4"),
                number("0"),
                number("11"),
            ]);
        }
        let path = folder.join("laureats.xlsx");
        support::write_sheets(
            &path,
            &[("Lauréats", laureates), ("Régions", regions), ("Fiches", cards)],
        );
        let mut found = Diagnostics::new();
        let register = Register::read(&path, &mut found);
        assert!(!found.has_errors(), "{found:?}");
        register
    }

    fn figures(&mut self) -> Figures {
        let share = |option: String| Measure::Share { question: "q".to_string(), option };
        let count = Measure::Register(RegisterMeasure::Laureates);
        let mut figures = vec![
            self.figure("projets", Unit::Things("projets".to_string()), count.clone()),
            self.figure("compte", Unit::Things("projets".to_string()), count),
        ];
        let alone = Measure::Share { question: "r".to_string(), option: "oui".to_string() };
        figures.push(self.figure("part", Unit::Percent, alone));
        for option in 0..self.portrait.options {
            let option = if option == 1 { "autre".to_string() } else { format!("o{option}") };
            figures.push(self.figure(&format!("q.{option}"), Unit::Percent, share(option)));
        }
        Figures { figures, ..Figures::default() }
    }

    fn figure(&mut self, id: &str, unit: Unit, measure: Measure) -> Figure {
        let label = self.text(self.portrait.longest);
        let answers = matches!(measure, Measure::Share { .. });
        let slugs = ["bretagne", "la-reunion"].map(str::to_string);
        Figure {
            definition: Definition {
                id: id.to_string(),
                label,
                unit,
                decimals: 0,
                measure,
                parts: None,
                identity: None,
                base: None,
                diffusion: None,
                place: Place::file("indicateurs.toml"),
            },
            national: self.value(answers),
            regions: slugs
                .into_iter()
                .map(|slug| (slug, self.value(answers)))
                .collect::<BTreeMap<_, _>>(),
        }
    }

    fn value(&mut self, answers: bool) -> Value {
        match (answers, self.portrait.answers) {
            (false, _) => Value { value: Some(202.0), ..Value::default() },
            (true, Answers::None) => Value { base: Some(0), ..Value::default() },
            (true, Answers::Hidden) => Value { base: Some(3), hidden: true, ..Value::default() },
            (true, Answers::Some) => {
                let share = f64::from(self.rng.random_range(0..=100));
                let half = f64::from(self.rng.random_range(0..25));
                let wordings = [Wording::Plain, Wording::WithInterval, Wording::AsCount];
                Value {
                    value: Some(share),
                    count: Some(7),
                    base: Some(15),
                    low: Some((share - half).max(0.0)),
                    high: Some((share + half).min(100.0)),
                    wording: wordings[self.rng.random_range(0..3)],
                    ..Value::default()
                }
            }
        }
    }

    /// The two questions of the figures; one was asked on a condition.
    fn codebook(&mut self) -> Codebook {
        let text = |writer: &mut Self, most: usize| writer.text(most).replace(['"', '\\'], "’");
        let mut question = |id: &str, kind: &str, asked: &str| {
            let (label, option) =
                (text(self, self.portrait.longest), text(self, self.portrait.longest));
            format!(
                "[[question]]\nid = \"{id}\"\nlibelle = \"{label}\"\ntype = \"{kind}\"\n\
                 colonne = \"{id}\"\n{asked}\nmodalites = [{{ id = \"oui\", libelle = \
                 \"{option}\" }}, {{ id = \"non\", libelle = \"Non\" }}]\n"
            )
        };
        let asked = "separateur = \";\"\nbase = \"r = oui\"";
        let toml = question("r", "choix-unique", "") + &question("q", "choix-multiple", asked);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("dictionnaire.toml");
        std::fs::write(&path, &toml).expect("a file");
        let mut found = Diagnostics::new();
        let codebook = Codebook::read(&path, &mut found);
        codebook.unwrap_or_else(|| panic!("{found:?}\n{toml}"))
    }

    fn quality(&mut self) -> Quality {
        let rate = |name: &str, projects: usize| Rate {
            slug: String::new(),
            name: name.to_string(),
            projects,
            respondents: projects / 2,
        };
        let regions = REGIONS.iter().zip(self.portrait.projects);
        let question = |writer: &mut Self, hidden| ItemResponse {
            id: "q".to_string(),
            label: writer.text(writer.portrait.longest),
            hidden,
            asked: 12,
            answered: 9,
            unrecognised: 1,
        };
        Quality {
            national: rate("", self.portrait.projects.iter().sum()),
            regions: regions.map(|((name, ..), projects)| rate(name, projects)).collect(),
            carriers: vec![rate("Région", 5), rate("État", 0)],
            questions: (0..self.portrait.options).map(|n| question(self, n % 3 == 0)).collect(),
            comparisons: (0..3)
                .map(|_| Comparison {
                    label: self.text(self.portrait.longest),
                    classes: (0..4).map(|_| self.class()).collect(),
                })
                .collect(),
        }
    }

    fn class(&mut self) -> Class {
        Class {
            name: self.text(self.portrait.longest),
            projects: self.rng.random_range(0..=15),
            of_projects: 15,
            respondents: self.rng.random_range(0..=12),
            of_respondents: 12,
        }
    }

    fn findings(&mut self) -> Vec<Finding> {
        let finding = |writer: &mut Self, severity| {
            let object = Object::region("Bretagne").project("0-1");
            let message = writer.text(writer.portrait.longest);
            Finding::new("Z-essai", Family::Totals, severity, object, message)
                .sum("14 + 22 + 11 = 47 ≠ 48")
                .propose(writer.text(120))
        };
        (0..12)
            .map(|n| finding(self, if n % 3 == 0 { Severity::Error } else { Severity::Warning }))
            .collect()
    }
}

const FORMS: [&str; 5] = ["barres", "points", "bande", "parts", "carreaux"];
