//! How time grows with what is given: the exponent of the power that fits the
//! times best, 1 where they are in proportion.

use std::path::Path;

use rust_xlsxwriter::Workbook;

use crate::curve::{self, Curve, Point};
use crate::process::{bilan, run, seconds};
use crate::reading::{tabulate, thousands};
use crate::table::{Row, Table, at_most};
use crate::workbook::{self, Size};
use crate::{Scale, checks};

/// The largest exponent that is still called linear: times of a few seconds on
/// a shared machine vary by a tenth.
const LINEAR: f64 = 1.1;

pub fn measure(scale: Scale) -> Table {
    let small = scale == Scale::Small;
    let pick = |whole: &'static [usize], short: &'static [usize]| if small { short } else { whole };
    let curves = [
        rows(pick(&[2_000, 20_000, 200_000, 1_000_000], &[1_000, 4_000])),
        regions(pick(&[16, 160], &[4, 8])),
        laureates(pick(&[200, 2_000, 20_000], &[100, 400])),
    ];
    if !small {
        curve::draw(&curves);
    }
    let mut table = Table::default();
    curves.iter().for_each(|curve| table.push(row(curve)));
    table
}

fn row(curve: &Curve) -> Row {
    let told = |point: &Point| {
        let memory = point.memory.map(|memory| format!(", {} MB", memory / 1024));
        format!("{}: {}{}", thousands(point.size), seconds(point.time), memory.unwrap_or_default())
    };
    let exponent = curve.exponent();
    Row {
        what: format!("growth with the {}", curve.name),
        own: curve.points.iter().map(told).collect::<Vec<_>>().join("<br>"),
        other: "an exponent of 1".to_string(),
        result: format!("exponent {exponent:.2}"),
        target: at_most(exponent, LINEAR),
    }
}

fn rows(sizes: &[usize]) -> Curve {
    let point = |&rows: &usize| {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("questionnaire.xlsx");
        workbook::write(&file, Size { rows, columns: 60 });
        let cost = tabulate(&file);
        Point { size: rows, time: cost.seconds(), memory: Some(cost.memory) }
    };
    let points = sizes.iter().map(point).collect();
    Curve { name: "rows of answers, 60 columns, one table", points }
}

fn laureates(sizes: &[usize]) -> Curve {
    let point =
        |&size: &usize| Point { size, time: checks::time(size).as_secs_f64(), memory: None };
    let points = sizes.iter().map(point).collect();
    Curve { name: "projects of the register, all checks", points }
}

/// Editions of so many régions of twelve projects, everything made.
fn regions(sizes: &[usize]) -> Curve {
    let point = |&size: &usize| {
        let folder = tempfile::tempdir().expect("a folder");
        let edition = folder.path().join("edition");
        run(bilan().arg("initialiser").arg(&edition).arg("-q"));
        write_register(&edition.join("laureats.xlsx"), size);
        let output = folder.path().join("sortie");
        let mut command = bilan();
        command.arg("produire").arg(&edition).arg("--sortie").arg(&output).arg("-q");
        let cost = run(command.stderr(std::process::Stdio::null()));
        Point { size, time: cost.seconds(), memory: None }
    };
    let points = sizes.iter().map(point).collect();
    Curve { name: "régions, the whole job", points }
}

/// How many projects a région of the synthetic register has.
const PROJECTS: usize = 12;

/// The columns that a register must have.
const REGIONS: [&str; 8] = [
    "Région",
    "Codes géographiques",
    "Dispositif porté par",
    "Projets annoncés",
    "Enveloppe (M€)",
    "Subvention minimale (€)",
    "Subvention maximale (€)",
    "Départements couverts",
];
const CARDS: [&str; 6] =
    ["Région", "Titre", "Communes", "Département", "Tiers-lieux", "Organismes de formation"];

fn write_register(file: &Path, regions: usize) {
    let name = |region: usize| format!("Contrée {region}");
    let mut books = Workbook::new();
    let mut sheet = |title: &str, rows: Vec<Vec<String>>| {
        let sheet = books.add_worksheet().set_name(title).expect("a name");
        for (row, cells) in (0..).zip(&rows) {
            sheet.write_row(row, 0, cells).expect("cells");
        }
    };
    let titles = |words: &[&str]| words.iter().map(|word| word.to_string()).collect::<Vec<_>>();
    let project = |number: usize| {
        let region = number / PROJECTS;
        vec![
            format!("C{region}-{number}"),
            name(region),
            (number % PROJECTS + 1).to_string(),
            format!("Projet {number} des ateliers de formation"),
            format!("Le Lieu {number}, la Fabrique {number}"),
            format!("Organisme {number}"),
        ]
    };
    let columns =
        ["Identifiant", "Région", "Numéro", "Nom", "Tiers-lieux", "Organismes de formation"];
    let projects = (0..regions * PROJECTS).map(project);
    sheet("Lauréats", [titles(&columns)].into_iter().chain(projects).collect());
    let region = |number: usize| {
        let rest = ["la Région", "", "", "", "", ""].map(str::to_string);
        [vec![name(number), String::new()], rest.to_vec()].concat()
    };
    sheet("Régions", [titles(&REGIONS)].into_iter().chain((0..regions).map(region)).collect());
    sheet("Fiches", vec![titles(&CARDS)]);
    books.save(file).expect("a workbook");
}
