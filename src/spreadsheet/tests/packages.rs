//! `.xlsx` and `.ods` as other programs than ours write them, and as no program
//! should.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";

/// An archive of parts.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(content).expect("a part");
    }
    zip.finish().expect("an archive").into_inner()
}

/// A workbook of one sheet, with other parts beside it.
fn workbook(namespace: &str, sheet: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let link = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{namespace}/{kind}\" Target=\"{target}\"/>")
    };
    let root = format!(
        "<Relationships>{}</Relationships>",
        link("rId1", "officeDocument", "xl/workbook.xml")
    );
    let links = format!(
        "<Relationships>{}{}{}</Relationships>",
        link("rId1", "worksheet", "/xl/worksheets/sheet1.xml"),
        link("rId2", "sharedStrings", "sharedStrings.xml"),
        link("rId3", "styles", "styles.xml")
    );
    let book = "<workbook><workbookPr date1904=\"true\"/><sheets>\
                <sheet name=\"R&amp;D\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    parts.extend(others.iter().map(|(name, content)| (*name, content.as_bytes())));
    archive(&parts)
}

const STYLES: &str =
    "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>";

#[test]
fn strict_and_prefixed_workbooks_are_read_like_others() {
    let sheet = "<x:worksheet xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\">\
                 <x:sheetData><x:row r=\"3\"><x:c r=\"B3\" t=\"s\"><x:v>0</x:v></x:c>\
                 <x:c r=\"C3\" s=\"1\"><x:v>44255.5</x:v></x:c></x:row></x:sheetData></x:worksheet>";
    let shared = "<sst><si><t>Oui</t></si></sst>";
    let others = [("xl/sharedStrings.xml", shared), ("xl/styles.xml", STYLES)];
    let noon = value::parse_moment("2025-03-01T12:00:00").unwrap();
    for namespace in [OFFICE, STRICT] {
        let bytes = workbook(namespace, sheet, &others);
        assert_eq!(names(&bytes), ["R&D"]);
        let expected = [cell("B3", Value::text("Oui")), cell("C3", Value::Moment(noon))];
        assert_eq!(cells(&bytes, "r&d").unwrap(), expected);
    }
}

#[test]
fn hidden_sheets_are_known_and_charts_are_no_sheets() {
    let link = |id: &str, kind: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{id}.xml\"/>")
    };
    let links = ["worksheet", "chartsheet", "worksheet", "worksheet"];
    let links = links.iter().enumerate().map(|(rank, kind)| link(&format!("s{rank}"), kind));
    let links = format!("<Relationships>{}</Relationships>", links.collect::<String>());
    let book = "<workbook><sheets><sheet name=\"A\" r:id=\"s0\"/><sheet name=\"G\" r:id=\"s1\"/>\
                <sheet name=\"B\" state=\"hidden\" r:id=\"s2\"/>\
                <sheet name=\"C\" state=\"veryHidden\" r:id=\"s3\"/></sheets></workbook>";
    let bytes = archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl\\Workbook.xml", book.as_bytes()),
        ("xl\\_rels\\workbook.xml.rels", links.as_bytes()),
    ]);
    assert_eq!(names(&bytes), ["A", "(B)", "(C)"]);
}

#[test]
fn a_cell_in_the_last_corner_costs_one_cell() {
    let sheet = "<sheetData><row r=\"1048576\"><c r=\"XFD1048576\"><v>3</v></c></row></sheetData>";
    let read = cells(&workbook(OFFICE, sheet, &[]), "R&D").unwrap();
    assert_eq!(read, [cell("XFD1048576", Value::Number(3.0))]);
}

#[test]
fn a_thousand_styled_rows_without_content_are_nothing() {
    let rows: String = (2..1002)
        .map(|row| format!("<row r=\"{row}\" s=\"1\"><c r=\"A{row}\" s=\"1\"/></row>"))
        .collect();
    let sheet = format!("<sheetData><row r=\"1\"><c><v>1</v></c></row>{rows}</sheetData>");
    let read = cells(&workbook(OFFICE, &sheet, &[("xl/styles.xml", STYLES)]), "R&D").unwrap();
    assert_eq!(read, [cell("A1", Value::Number(1.0))]);
}

#[test]
fn a_part_that_expands_a_thousandfold_is_refused() {
    let blank = format!("<sheetData>{}</sheetData>", " ".repeat(80 << 20));
    let bytes = workbook(OFFICE, &blank, &[]);
    assert!(bytes.len() < 200_000);
    assert_eq!(cells(&bytes, "R&D").unwrap_err(), "classeur-trop-lourd");
}

#[test]
fn what_a_workbook_claims_is_not_reserved() {
    let sheet = "<dimension ref=\"A1:XFD1048576\"/><sheetData><row><c t=\"s\"><v>0</v></c>\
                 <c t=\"s\"><v>4294967295</v></c></row></sheetData>";
    let shared = "<sst count=\"99999999999\" uniqueCount=\"4294967295\"><si><t>a</t></si></sst>";
    let read = cells(&workbook(OFFICE, sheet, &[("xl/sharedStrings.xml", shared)]), "R&D");
    assert_eq!(read.unwrap(), [cell("A1", Value::text("a"))]);
}

#[test]
fn entities_of_a_document_are_not_expanded() {
    let sheet = "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\
                 <sheetData><row><c t=\"str\"><v>&b; &amp; c</v></c></row></sheetData>";
    let read = cells(&workbook(OFFICE, sheet, &[]), "R&D").unwrap();
    assert_eq!(read, [cell("A1", Value::text("&b; & c"))]);
}

#[test]
fn broken_workbooks_are_told() {
    let whole = workbook(OFFICE, "<sheetData><row><c><v>1</v></c></row></sheetData>", &[]);
    let cut = workbook(OFFICE, "<sheetData><row><c><v>1</v>", &[]);
    assert_eq!(cells(&cut, "R&D").unwrap_err(), "feuille-illisible");
    let half = whole.get(..whole.len() / 2).unwrap();
    assert_eq!(cells(half, "R&D").unwrap_err(), "pas-un-tableur");
    let none = archive(&[("[Content_Types].xml", b"<Types/>")]);
    assert_eq!(cells(&none, "R&D").unwrap_err(), "pas-un-tableur");
    let letter = archive(&[("word/document.xml", b""), ("[Content_Types].xml", b"")]);
    assert_eq!(cells(&letter, "R&D").unwrap_err(), "pas-un-tableur");
}

#[test]
fn an_encrypted_document_is_told() {
    let manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>";
    let bytes =
        archive(&[("META-INF/manifest.xml", manifest.as_bytes()), ("content.xml", b"<a/>")]);
    assert_eq!(cells(&bytes, "A").unwrap_err(), "classeur-protege");
}

/// The parts of an archive.
pub fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let part = |rank: usize| {
        let mut file = zip.by_index(rank).expect("a part");
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut content).expect("a part");
        (file.name().expect("a name").to_string(), content)
    };
    (0..zip_len(bytes)).map(part).collect()
}

fn zip_len(bytes: &[u8]) -> usize {
    zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive").len()
}

/// A small workbook with every kind of cell.
pub fn small_xlsx() -> Vec<u8> {
    let sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>\
                 <c r=\"B1\" s=\"1\"><v>45717</v></c><c t=\"inlineStr\"><is><r><t>a</t></r></is></c>\
                 <c t=\"e\"><v>#N/A</v></c><c t=\"b\"><v>1</v></c></row></sheetData></worksheet>";
    let shared = "<sst uniqueCount=\"1\"><si><t>Oui &amp; non</t></si></sst>";
    workbook(OFFICE, sheet, &[("xl/sharedStrings.xml", shared), ("xl/styles.xml", STYLES)])
}

/// A small document with every kind of cell.
pub fn small_ods() -> Vec<u8> {
    let content = "<office:spreadsheet><table:table table:name=\"A\"><table:table-row \
                   table:number-rows-repeated=\"2\"><table:table-cell office:value-type=\"float\" \
                   office:value=\"1\" table:number-columns-repeated=\"3\"/><table:table-cell \
                   office:value-type=\"string\"><text:p>a<text:s/>b</text:p></table:table-cell>\
                   <table:table-cell office:value-type=\"date\" office:date-value=\"2025-03-01\"/>\
                   </table:table-row></table:table></office:spreadsheet>";
    archive(&[("META-INF/manifest.xml", b"<m/>"), ("content.xml", content.as_bytes())])
}
