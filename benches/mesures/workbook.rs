//! A questionnaire of any size, written as spreadsheet programs do.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// How many rows of answers, how many columns.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub rows: usize,
    pub columns: usize,
}

/// The title of the question that is tabulated.
pub const QUESTION: &str = "Thèmes";

/// Writes a questionnaire: texts shared, cells with their addresses.
pub fn write(file: &Path, size: Size) {
    let parts = [
        ("[Content_Types].xml", content_types()),
        ("_rels/.rels", links(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml", "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Réponses\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>".to_string()),
        ("xl/_rels/workbook.xml.rels", links(&[("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")])),
        ("xl/styles.xml", "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>".to_string()),
    ];
    let mut zip = ZipWriter::new(BufWriter::new(File::create(file).expect("a file")));
    for (name, content) in &parts {
        zip.start_file(*name, options()).expect("a part");
        zip.write_all(content.as_bytes()).expect("a part");
    }
    let mut texts = Texts::default();
    zip.start_file("xl/worksheets/sheet1.xml", options()).expect("a part");
    zip.write_all(b"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>").expect("a part");
    for row in 0..=size.rows {
        zip.write_all(row_xml(row, size.columns, &mut texts).as_bytes()).expect("a part");
    }
    zip.write_all(b"</sheetData></worksheet>").expect("a part");
    zip.start_file("xl/sharedStrings.xml", options()).expect("a part");
    zip.write_all(texts.xml().as_bytes()).expect("a part");
    zip.finish().expect("a workbook");
}

/// A sheet of a million rows is larger than the format's first limits.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().large_file(true).compression_level(Some(1))
}

/// What each part is: openpyxl reads nothing without it.
fn content_types() -> String {
    const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let parts = [
        ("workbook", "sheet.main"),
        ("worksheets/sheet1", "worksheet"),
        ("sharedStrings", "sharedStrings"),
        ("styles", "styles"),
    ];
    let part = |(name, kind): &(&str, &str)| {
        format!("<Override PartName=\"/xl/{name}.xml\" ContentType=\"{KIND}.{kind}+xml\"/>")
    };
    let parts: String = parts.iter().map(part).collect();
    format!(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{parts}</Types>"
    )
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

fn row_xml(row: usize, columns: usize, texts: &mut Texts) -> String {
    let mut xml = format!("<row r=\"{}\">", row + 1);
    for column in 0..columns {
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

/// The letters of a column, counted from 0: A, …, Z, AA, …
fn letters(column: usize) -> String {
    let letter = char::from(b'A' + (column % 26) as u8);
    match column / 26 {
        0 => letter.to_string(),
        before => letters(before - 1) + &letter.to_string(),
    }
}

/// After sixty columns the same kinds of questions come again.
fn title(column: usize) -> String {
    match column {
        60.. => format!("{} ({})", title(5 + column % 55), column / 55),
        0 => "ID".to_string(),
        1 => "Date".to_string(),
        2 => "Statut".to_string(),
        3 => "Région".to_string(),
        4 => QUESTION.to_string(),
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
        60.. => answer(row, 5 + column % 55),
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
