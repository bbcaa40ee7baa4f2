//! `.xls` and `.xlsb`, from the smallest that is read to those that ask for the
//! whole machine.

use super::packages::archive;
use super::*;

/// A record of an `.xls`: kind, length, content.
fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16).to_le_bytes();
    [&kind.to_le_bytes()[..], &length, content].concat()
}

fn beginning(kind: u16) -> Vec<u8> {
    record(0x0809, &[&[0, 6][..], &kind.to_le_bytes(), &[0; 12]].concat())
}

fn text8(text: &str) -> Vec<u8> {
    [&[text.len() as u8, 0][..], text.as_bytes()].concat()
}

/// The stream of a workbook with one sheet of records.
fn stream(sheet: &[u8]) -> Vec<u8> {
    let shared =
        |text: &str| [&(text.len() as u16).to_le_bytes()[..], &[0], text.as_bytes()].concat();
    let texts = [&2_u32.to_le_bytes()[..], &2_u32.to_le_bytes(), &shared("Oui"), &shared("Non")];
    let before = [beginning(5), record(0x00FC, &texts.concat())].concat();
    let name = text8("Feuil1");
    let bound = |at: u32| record(0x0085, &[&at.to_le_bytes()[..], &[0, 0], &name].concat());
    let start = before.len() + bound(0).len() + 4;
    let globals = [before, bound(start as u32), record(0x000A, &[])].concat();
    [globals, beginning(0x10), sheet.to_vec(), record(0x000A, &[])].concat()
}

/// A cell of an `.xls`: row, column, style, content.
fn at(kind: u16, row: u16, column: u16, content: &[u8]) -> Vec<u8> {
    let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
    record(kind, &[&place[..], content].concat())
}

fn number(row: u16, column: u16, number: f64) -> Vec<u8> {
    at(0x0203, row, column, &number.to_le_bytes())
}

fn shared(row: u16, column: u16, rank: u32) -> Vec<u8> {
    at(0x00FD, row, column, &rank.to_le_bytes())
}

fn dimensions(top: u32, bottom: u32, left: u16, right: u16) -> Vec<u8> {
    let rows = [top.to_le_bytes(), bottom.to_le_bytes()].concat();
    let columns = [left.to_le_bytes(), right.to_le_bytes(), [0, 0]].concat();
    record(0x0200, &[rows, columns].concat())
}

/// The sectors of a compound file: the table of sectors, the directory, then
/// those of the stream.
struct Compound {
    table: Vec<u32>,
    stream: Vec<u8>,
    name: &'static str,
}

impl Compound {
    fn new(mut stream: Vec<u8>) -> Self {
        stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
        let last = stream.len() as u32 / 512 + 1;
        let mut table = vec![0xFFFF_FFFD, 0xFFFF_FFFE];
        table.extend((3..=last).chain([0xFFFF_FFFE]));
        table.resize(128, 0xFFFF_FFFF);
        Self { table, stream, name: "Workbook" }
    }

    fn entry(name: &str, kind: u8, start: u32, length: u32) -> Vec<u8> {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let size = entry.len() as u16 + 2;
        entry.resize(64, 0);
        entry.extend(size.to_le_bytes());
        entry.extend([kind, 1]);
        entry.resize(116, 0xFF);
        entry.extend(start.to_le_bytes());
        entry.extend(length.to_le_bytes());
        entry.extend([0; 4]);
        entry
    }

    fn bytes(&self) -> Vec<u8> {
        let mut header = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        header.resize(24, 0);
        header.extend([0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
        header.resize(44, 0);
        for number in [1, 1, 0, 4096, 0xFFFF_FFFE_u32, 0, 0xFFFF_FFFE, 0, 0] {
            header.extend(number.to_le_bytes());
        }
        header.resize(512, 0xFF);
        let table: Vec<u8> = self.table.iter().flat_map(|next| next.to_le_bytes()).collect();
        let mut directory = Self::entry("Root Entry", 5, 0xFFFF_FFFE, 0);
        directory.extend(Self::entry(self.name, 2, 2, self.stream.len() as u32));
        directory.resize(512, 0);
        [header, table, directory, self.stream.clone()].concat()
    }
}

fn xls(records: &[Vec<u8>]) -> Vec<u8> {
    Compound::new(stream(&records.concat())).bytes()
}

/// An `.xls` with every kind of cell.
pub fn small_xls() -> Vec<u8> {
    xls(&[
        dimensions(0, 3, 0, 3),
        shared(0, 0, 1),
        number(1, 1, 2.5),
        at(0x0205, 2, 2, &[0x2A, 1]),
        at(0x0205, 2, 1, &[1, 0]),
    ])
}

#[test]
fn a_small_xls_is_read() {
    let bytes = small_xls();
    assert_eq!(names(&bytes), ["Feuil1"]);
    assert_eq!(
        cells(&bytes, "Feuil1").unwrap(),
        [
            cell("A1", Value::text("Non")),
            cell("B2", Value::Number(2.5)),
            cell("B3", Value::Boolean(true)),
            cell("C3", Value::Fault("#N/A".into())),
        ]
    );
}

#[test]
fn an_xls_that_asks_for_the_whole_machine_is_refused() {
    let far = [number(0, 0, 1.0), number(65_535, 65_535, 1.0)];
    let wide = [dimensions(0, u32::MAX, 0, 256), number(0, 0, 1.0)];
    let backwards = [dimensions(9, 2, 0, 1), number(0, 0, 1.0)];
    for records in [&far[..], &wide, &backwards] {
        assert_eq!(cells(&xls(records), "Feuil1").unwrap_err(), "classeur-trop-lourd");
    }
}

#[test]
fn an_xls_that_goes_round_in_circles_is_refused() {
    let sound = || Compound::new(stream(&number(0, 0, 1.0)));
    let mut circular = sound();
    circular.table[9] = 2;
    circular.stream.resize(4096 * 4, 0);
    let mut directory = sound();
    directory.table[1] = 1;
    let mut lost = sound();
    lost.table[4] = 90_000;
    for broken in [circular, directory, lost] {
        assert_eq!(cells(&broken.bytes(), "Feuil1").unwrap_err(), "pas-un-tableur");
    }
}

#[test]
fn an_encrypted_workbook_is_told() {
    let mut package = Compound::new(Vec::new());
    package.name = "EncryptedPackage";
    assert_eq!(cells(&package.bytes(), "A").unwrap_err(), "classeur-protege");
}

/// A record of an `.xlsb`: kind and length on seven bits a byte.
fn short_record(kind: u16, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut varied = |mut number: usize| loop {
        let rest = number >> 7;
        bytes.push((number & 0x7F) as u8 | if rest > 0 { 0x80 } else { 0 });
        if rest == 0 {
            break;
        }
        number = rest;
    };
    varied(kind as usize);
    varied(content.len());
    [bytes, content.to_vec()].concat()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let length = (units.len() as u32).to_le_bytes();
    [&length[..], &units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>()].concat()
}

/// An `.xlsb` of one sheet, that shares one text and says how many it shares.
fn xlsb(texts: u32, records: &[Vec<u8>]) -> Vec<u8> {
    let sheet = [&[0; 8][..], &wide("rId1"), &wide("Feuil1")].concat();
    let book =
        [short_record(0x009C, &sheet), short_record(0x0090, &[]), short_record(0x009D, &[0; 4])];
    let counts = [texts.to_le_bytes(), texts.to_le_bytes()].concat();
    let item = [&[0][..], &wide("Oui")].concat();
    let shared = [short_record(0x009F, &counts), short_record(0x0013, &item)];
    let content = [
        short_record(0x0094, &[0xFF; 16]),
        short_record(0x0091, &[]),
        records.concat(),
        short_record(0x0092, &[]),
    ];
    let links = "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.bin\"/>\
                 </Relationships>";
    archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.bin", &book.concat()),
        ("xl/_rels/workbook.bin.rels", links.as_bytes()),
        ("xl/sharedStrings.bin", &shared.concat()),
        ("xl/worksheets/sheet1.bin", &content.concat()),
    ])
}

/// A row, and a cell of it.
fn binary_row(row: u32) -> Vec<u8> {
    short_record(0x0000, &[&row.to_le_bytes()[..], &[0; 13]].concat())
}

fn binary_cell(kind: u16, column: u32, content: &[u8]) -> Vec<u8> {
    short_record(kind, &[&column.to_le_bytes()[..], &[0; 4], content].concat())
}

/// An `.xlsb` with every kind of cell.
pub fn small_xlsb() -> Vec<u8> {
    let records = [
        binary_row(0),
        binary_cell(0x0007, 0, &0_u32.to_le_bytes()),
        binary_row(1_048_575),
        binary_cell(0x0005, 16_383, &2.5_f64.to_le_bytes()),
        binary_cell(0x0003, 0, &[0x07]),
    ];
    xlsb(1, &records)
}

#[test]
fn a_small_xlsb_is_read() {
    let bytes = small_xlsb();
    assert_eq!(names(&bytes), ["Feuil1"]);
    assert_eq!(
        cells(&bytes, "Feuil1").unwrap(),
        [
            cell("A1", Value::text("Oui")),
            cell("A1048576", Value::Fault("#DIV/0!".into())),
            cell("XFD1048576", Value::Number(2.5)),
        ]
    );
}

#[test]
fn an_xlsb_that_does_not_hold_together_is_refused() {
    let claims = xlsb(u32::MAX, &[]);
    assert_eq!(cells(&claims, "Feuil1").unwrap_err(), "pas-un-tableur");
    let unknown = [binary_row(0), binary_cell(0x0007, 0, &9_u32.to_le_bytes())];
    assert_eq!(cells(&xlsb(1, &unknown), "Feuil1").unwrap_err(), "feuille-illisible");
    let far = [binary_row(0), binary_cell(0x0005, u32::MAX, &1.0_f64.to_le_bytes())];
    assert_eq!(cells(&xlsb(1, &far), "Feuil1").unwrap_err(), "classeur-trop-lourd");
}
