//! The checks on a register of any size.

use std::path::Path;
use std::time::{Duration, Instant};

use bilan::assets::Assets;
use bilan::checks::{Facts, check};
use bilan::codebook::Codebook;
use bilan::diagnostics::Diagnostics;
use bilan::geography::Geography;
use bilan::indicators::Figures;
use bilan::register::Register;
use bilan::spreadsheet::{Position, SheetBuilder, Value};
use bilan::survey::Survey;
use rust_xlsxwriter::Workbook;

/// The best of three times of all the checks on a register of so many projects,
/// with a card for one in four.
pub fn time(projects: usize) -> Duration {
    let geography = Geography::load(&Assets::embedded()).expect("the geography");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("laureats.xlsx");
    write_register(&path, projects, &geography);
    let register = Register::read(&path, &mut Diagnostics::new());
    assert_eq!(register.laureates.len(), projects);
    best_of_three(&register, &geography)
}

fn best_of_three(register: &Register, geography: &Geography) -> Duration {
    let mut found = Diagnostics::new();
    let codebook = "[[question]]\nid = 'a'\ntype = 'texte'\ncolonne = 'A'\n";
    let codebook = Codebook::parse("dictionnaire.toml", codebook, &mut found).expect("a codebook");
    let mut sheet = SheetBuilder::new();
    sheet.push(Position::new(0, 0), Value::text("A")).expect("a cell");
    let sheet = sheet.finish("questionnaire.xlsx", None);
    let survey = Survey::read(sheet, codebook, None, &mut found).expect("a survey");
    let figures = Figures::default();
    let facts = Facts {
        register,
        published: &[],
        figures: &figures,
        survey: &survey,
        reading: &found,
        geography,
        texts: &[],
        year: 2025,
        demonstration: false,
    };
    let run = || {
        let start = Instant::now();
        std::hint::black_box(check(&facts));
        start.elapsed()
    };
    (0..3).map(|_| run()).min().expect("three runs")
}

/// A word that hardly any other number gives: four syllables of 288 in an order
/// without pattern, so that two words have as little in common as proper names
/// have.
fn name(number: usize) -> String {
    const ONSETS: [&str; 24] = [
        "b", "c", "d", "f", "g", "j", "l", "m", "n", "p", "r", "s", "t", "v", "br", "cl", "dr",
        "fl", "gr", "pl", "qu", "st", "tr", "ch",
    ];
    const RIMES: [&str; 12] = ["a", "e", "i", "o", "u", "an", "on", "ar", "el", "ou", "ier", "oi"];
    // The finaliser of SplitMix64: neighbours get words far apart.
    let mut rest = (number as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
    rest = (rest ^ (rest >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    rest = (rest ^ (rest >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    rest ^= rest >> 31;
    let mut name = String::new();
    for _ in 0..4 {
        let syllable = (rest % 288) as usize;
        rest /= 288;
        name.push_str(ONSETS[syllable / 12]);
        name.push_str(RIMES[syllable % 12]);
    }
    name
}

/// A name as organisations bear: a word that many have, and one of its own.
fn organisation(number: usize) -> String {
    const KINDS: [&str; 12] = [
        "Halle",
        "Fabrique",
        "Maison",
        "Ferme",
        "Atelier",
        "Campus",
        "Institut",
        "Coopérative",
        "Moulin",
        "École",
        "Ruche",
        "Centre",
    ];
    format!("{} {}", KINDS[number % 12], name(number))
}

fn write_register(path: &Path, projects: usize, geography: &Geography) {
    let outlines: Vec<_> = geography.regions.iter().filter(|o| o.code.len() == 2).collect();
    let mut laureates = vec![
        ["Identifiant", "Région", "Numéro", "Nom", "Tiers-lieux", "Organismes de formation"]
            .map(str::to_string)
            .to_vec(),
    ];
    let mut cards = vec![
        ["Région", "Titre", "Communes", "Département", "Tiers-lieux", "Organismes de formation"]
            .map(str::to_string)
            .to_vec(),
    ];
    cards[0].extend(["Autres partenaires", "Publics cibles", "Thématiques"].map(str::to_string));
    for number in 0..projects {
        let outline = outlines[number % outlines.len()];
        let commune = &geography.communes[number % geography.communes.len()];
        let title = format!("{} et {}", organisation(number), name(number + 1_000_000));
        let places = [2_000_000, 3_000_000].map(|from| organisation(number + from)).join(", ");
        let training = format!("GRETA {}", name(number + 4_000_000));
        laureates.push(vec![
            format!("P{number}"),
            outline.name.clone(),
            (number / outlines.len() + 1).to_string(),
            title.clone(),
            places.clone(),
            training.clone(),
        ]);
        if number % 4 == 0 {
            cards.push(vec![
                outline.name.clone(),
                title,
                commune.name.clone(),
                commune.department_name.clone(),
                places,
                training,
                format!("Partenaire {}", name(number + 5_000_000)),
                "Demandeurs d’emploi, étudiants".to_string(),
                format!("Insertion ; {}", name(number % 500)),
            ]);
        }
    }
    let mut regions = vec![
        [
            "Région",
            "Codes géographiques",
            "Dispositif porté par",
            "Projets annoncés",
            "Enveloppe (M€)",
            "Subvention minimale (€)",
            "Subvention maximale (€)",
            "Départements couverts",
        ]
        .map(str::to_string)
        .to_vec(),
    ];
    for outline in &outlines {
        let (name, code) = (outline.name.clone(), outline.code.clone());
        let rest = ["la Région", "", "", "", "", "1"].map(str::to_string);
        regions.push([vec![name, code], rest.to_vec()].concat());
    }
    let mut workbook = Workbook::new();
    for (sheet, rows) in [("Lauréats", laureates), ("Régions", regions), ("Fiches", cards)] {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(sheet).expect("a name");
        for (row, cells) in (0..).zip(&rows) {
            worksheet.write_row(row, 0, cells).expect("cells");
        }
    }
    workbook.save(path).expect("a workbook");
}
