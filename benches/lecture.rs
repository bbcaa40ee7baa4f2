//! Reading a large questionnaire: `bilan tableau` against a loop that only walks
//! the same cells with calamine's streaming reader.
//!
//! `cargo bench --bench lecture` writes a workbook of 200,000 rows × 60 columns,
//! runs both as processes of their own, in turn, and prints the best time of
//! each, their ratio, and the most memory that `bilan` held. Other numbers of
//! rows and of runs may be given: `cargo bench --bench lecture -- 20000 3`.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use calamine::{DataRef, Reader, Xlsx};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What the issue asks for.
const ROWS: usize = 200_000;
const COLUMNS: usize = 60;
const MOST_TIME: f64 = 1.25;
const MOST_MEMORY: u64 = 300;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if let [word, file] = arguments.as_slice()
        && word == "marche"
    {
        println!("{}", walk(Path::new(file)));
        return;
    }
    let number = |rank: usize| arguments.get(rank).and_then(|word| word.parse().ok());
    let (rows, runs) = (number(0).unwrap_or(ROWS), number(1).unwrap_or(5));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("questionnaire.xlsx");
    write_workbook(&file, rows);
    compare(&file, rows, runs);
}

/// How many cells hold something.
fn walk(file: &Path) -> usize {
    let mut book: Xlsx<_> = calamine::open_workbook(file).expect("a workbook");
    let name = book.sheet_names().first().expect("a sheet").clone();
    let mut cells = book.worksheet_cells_reader(&name).expect("cells");
    let mut filled = 0;
    while let Some(cell) = cells.next_cell().expect("a cell") {
        filled += usize::from(*cell.get_value() != DataRef::Empty);
    }
    filled
}

fn compare(file: &Path, rows: usize, runs: usize) {
    let own = std::env::current_exe().expect("this program");
    let (mut walks, mut tables) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        walks.push(run(Command::new(&own).arg("marche").arg(file)));
        let program = env!("CARGO_BIN_EXE_bilan");
        tables.push(run(Command::new(program).arg("tableau").arg(file).args(["Thèmes", "-q"])));
    }
    let best = |runs: &[(Duration, u64)]| runs.iter().map(|(time, _)| *time).min().unwrap();
    let (walk, table) = (best(&walks), best(&tables));
    let memory = tables.iter().map(|(_, memory)| *memory).max().unwrap_or(0) / 1024;
    let ratio = table.as_secs_f64() / walk.as_secs_f64();
    println!("{rows} rows × {COLUMNS} columns, best of {runs}:");
    println!("  calamine, cells walked     {:>7.2} s", walk.as_secs_f64());
    println!("  bilan tableau              {:>7.2} s", table.as_secs_f64());
    println!("  ratio                      {ratio:>7.2}   (target {MOST_TIME})");
    println!("  memory of bilan            {memory:>7} MB (target {MOST_MEMORY})");
}

/// Runs a process: how long it took, and the most memory it held in kilobytes
/// (0 where the system does not say).
fn run(command: &mut Command) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().expect("a process");
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    loop {
        if let Some(result) = child.try_wait().expect("a process") {
            assert!(result.success(), "{command:?} failed");
            return (start.elapsed(), memory);
        }
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
        memory = memory.max(peak.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Writes a questionnaire as spreadsheet programs do: texts shared, cells with
/// their addresses.
fn write_workbook(file: &Path, rows: usize) {
    let parts = [
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_string()),
        ("_rels/.rels", links(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml", "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Réponses\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>".to_string()),
        ("xl/_rels/workbook.xml.rels", links(&[("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")])),
        ("xl/styles.xml", "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>".to_string()),
    ];
    let output = BufWriter::new(std::fs::File::create(file).expect("a file"));
    let mut zip = ZipWriter::new(output);
    for (name, content) in &parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(content.as_bytes()).expect("a part");
    }
    let mut texts = Texts::default();
    zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).expect("a part");
    zip.write_all(b"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>").expect("a part");
    for row in 0..=rows {
        zip.write_all(row_xml(row, &mut texts).as_bytes()).expect("a part");
    }
    zip.write_all(b"</sheetData></worksheet>").expect("a part");
    zip.start_file("xl/sharedStrings.xml", SimpleFileOptions::default()).expect("a part");
    zip.write_all(texts.xml().as_bytes()).expect("a part");
    zip.finish().expect("a workbook");
}

fn links(targets: &[(&str, &str)]) -> String {
    let link = |(rank, (kind, target)): (usize, &(&str, &str))| {
        format!(
            "<Relationship Id=\"rId{}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/>",
            rank + 1
        )
    };
    let links: String = targets.iter().enumerate().map(link).collect();
    format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{links}</Relationships>"
    )
}

/// The shared texts, each once.
#[derive(Default)]
struct Texts {
    ranks: std::collections::HashMap<String, usize>,
    list: Vec<String>,
}

impl Texts {
    fn rank(&mut self, text: &str) -> usize {
        if let Some(rank) = self.ranks.get(text) {
            return *rank;
        }
        self.ranks.insert(text.to_string(), self.list.len());
        self.list.push(text.to_string());
        self.list.len() - 1
    }

    fn xml(&self) -> String {
        let texts: String =
            self.list.iter().map(|text| format!("<si><t>{text}</t></si>")).collect();
        format!(
            "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{texts}</sst>"
        )
    }
}

/// What a cell holds.
enum Content {
    Text(String),
    Number(f64),
    Day(usize),
    Nothing,
}

fn row_xml(row: usize, texts: &mut Texts) -> String {
    let mut xml = format!("<row r=\"{}\">", row + 1);
    for column in 0..COLUMNS {
        let content = if row == 0 { Content::Text(title(column)) } else { answer(row, column) };
        let place = format!("{}{}", letters(column), row + 1);
        xml += &match content {
            Content::Text(text) => {
                format!("<c r=\"{place}\" t=\"s\"><v>{}</v></c>", texts.rank(&text))
            }
            Content::Number(number) => format!("<c r=\"{place}\"><v>{number}</v></c>"),
            Content::Day(day) => format!("<c r=\"{place}\" s=\"1\"><v>{day}</v></c>"),
            Content::Nothing => String::new(),
        };
    }
    xml + "</row>"
}

fn letters(column: usize) -> String {
    let letter = |rank: usize| char::from(b'A' + rank as u8);
    match column {
        0..26 => letter(column).to_string(),
        _ => [letter(column / 26 - 1), letter(column % 26)].iter().collect(),
    }
}

fn title(column: usize) -> String {
    match column {
        0 => "ID".to_string(),
        1 => "Date".to_string(),
        2 => "Statut".to_string(),
        3 => "Région".to_string(),
        4 => "Thèmes".to_string(),
        5..25 => format!("Publics [Option {column}]"),
        25..35 => format!("Avis [Ligne {column}]"),
        35..45 => format!("Nombre {column}"),
        45..57 => format!("Choix {column}"),
        _ => format!("Remarque {column}"),
    }
}

/// An answer of the usual kinds: one option, several in a cell, one column an
/// option, steps of a scale, numbers, free text.
fn answer(row: usize, column: usize) -> Content {
    const THEMES: [&str; 5] =
        ["Insertion", "Numérique", "Média, communication", "Transition écologique", "Artisanat"];
    const STEPS: [&str; 4] =
        ["Très satisfait", "Plutôt satisfait", "Plutôt pas satisfait", "Pas du tout satisfait"];
    let text = |text: &str| Content::Text(text.to_string());
    match column {
        0 => Content::Number(row as f64),
        1 => Content::Day(45_000 + row % 300),
        2 => text(["Association", "SCIC", "Collectivité"][row % 3]),
        3 => Content::Text(format!("Région {}", row % 13)),
        4 if row.is_multiple_of(32) => Content::Nothing,
        4 => {
            let ticked = THEMES.iter().enumerate().filter(|(bit, _)| row >> bit & 1 == 1);
            Content::Text(ticked.map(|(_, theme)| format!("{theme};")).collect())
        }
        5..25 if (row + column).is_multiple_of(9) => Content::Nothing,
        5..25 => text(["Oui", "Non"][(row * 7 + column * 3) % 2]),
        25..35 => text(STEPS[row * (column + 1) % 4]),
        35..45 => {
            Content::Number(((row * 31 + column * 17) % 1000) as f64 + (row % 7) as f64 / 10.0)
        }
        45..57 => Content::Text(format!("Modalité {}", row * (column + 3) % 8)),
        57 if row.is_multiple_of(3) => {
            Content::Text(format!("un lieu ouvert à tous les publics, avec des ateliers ({row})"))
        }
        58 => Content::Text(format!("oui {}", row % 500)),
        _ => Content::Nothing,
    }
}
