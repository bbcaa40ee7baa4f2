//! Text files of answers: their encoding, their separator, their records.
//!
//! Nothing in a `.csv` says how it was written. The encoding is the byte order
//! mark's, else UTF-8 where the bytes are, else what `chardetng` recognises.
//! The separator is the one that cuts the first records into the most regular
//! table.

use std::io::Read;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::sheet::{Sheet, SheetBuilder};
use super::value::{Position, Value};
use crate::diagnostics::{Diagnostic, Place};

/// The separators that form tools write, the likeliest first.
const SEPARATORS: [u8; 4] = [b';', b',', b'\t', b'|'];

/// How many records decide on the separator.
const SAMPLE: usize = 200;

/// Reads a delimited text file as a sheet. Cells are texts as written; rows of
/// unequal lengths are read as they are.
pub fn read(mut reader: impl Read, file: &str) -> Result<Sheet, Diagnostic> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(|error| unreadable(file, &error))?;
    let text = decode(&bytes).ok_or_else(|| not_text(file))?;
    drop(bytes);
    parse(&text, separator(&text), file)
}

/// The text of a file, whatever its encoding; nothing where it is not text.
fn decode(bytes: &[u8]) -> Option<String> {
    let encoding = encoding(bytes);
    let (text, _, _) = encoding.decode(bytes);
    let control =
        |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{0C}' | '\u{85}');
    (!text.chars().any(control)).then(|| text.into_owned())
}

fn encoding(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(Some(b"fr"), chardetng::Utf8Detection::Deny)
}

/// UTF-16 written without a mark: Latin letters have a zero byte each.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..bytes.len().min(512))?;
    let zeros = |parity: usize| start.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), start.len() / 2);
    match () {
        () if half == 0 => None,
        () if odd * 10 > half * 7 => Some(UTF_16LE),
        () if even * 10 > half * 7 => Some(UTF_16BE),
        () => None,
    }
}

/// The separator under which the sample makes the widest regular table.
fn separator(text: &str) -> u8 {
    let score = |separator: &u8| {
        let widths = sample_widths(text, *separator);
        let widest = most_frequent(&widths);
        let regular = widths.iter().filter(|width| **width == widest).count();
        if widest < 2 { 0 } else { regular * 1000 / widths.len().max(1) * widest.min(50) }
    };
    // `max_by_key` keeps the last of equals: the likeliest stands last.
    SEPARATORS.iter().rev().copied().max_by_key(score).unwrap_or(b';')
}

fn sample_widths(text: &str, separator: u8) -> Vec<usize> {
    let records = reader(text, separator).into_records();
    records.take(SAMPLE).filter_map(Result::ok).map(|record| record.len()).collect()
}

fn most_frequent(widths: &[usize]) -> usize {
    let frequency = |width: &usize| widths.iter().filter(|other| *other == width).count();
    widths.iter().copied().max_by_key(|width| (frequency(width), *width)).unwrap_or(0)
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

fn parse(text: &str, separator: u8, file: &str) -> Result<Sheet, Diagnostic> {
    let mut builder = SheetBuilder::new();
    let mut records = reader(text, separator);
    let mut record = csv::StringRecord::new();
    let mut row = 0;
    while records.read_record(&mut record).map_err(|error| bad_record(file, &error))? {
        for (column, cell) in record.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            builder.push(Position::new(row, column as u32), Value::text(cell));
        }
        row += 1;
    }
    Ok(builder.finish(file, None))
}

fn unreadable(file: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("fichier-illisible", format!("ce fichier ne peut pas être lu ({error})"))
        .at(Place::file(file))
        .help("vérifiez le disque ou le réseau")
}

fn not_text(file: &str) -> Diagnostic {
    Diagnostic::error("pas-un-tableur", "ce fichier n’est ni un tableur ni du texte")
        .at(Place::file(file))
        .help("donnez un fichier .xlsx, .xlsm, .xlsb, .xls, .ods, .csv ou .tsv")
}

fn bad_record(file: &str, error: &csv::Error) -> Diagnostic {
    let line = error.position().map_or(0, |position| position.line() as usize);
    Diagnostic::error("fichier-illisible", "cette ligne ne peut pas être lue")
        .at(Place::line(file, line))
        .help("vérifiez les guillemets de la ligne")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<(String, String)> {
        let sheet = read(bytes, "essai.csv").unwrap();
        let mut cells: Vec<(Position, String)> = sheet
            .columns()
            .iter()
            .flat_map(|column| column.cells())
            .map(|(position, value)| (position, value.to_string()))
            .collect();
        cells.sort();
        cells.into_iter().map(|(position, value)| (position.to_string(), value)).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect()
    }

    #[test]
    fn separators_are_recognised() {
        for separator in [";", ",", "\t", "|"] {
            let text = ["id", "thèmes"].join(separator) + "\n" + &["1", "a"].join(separator);
            let expected = pairs(&[("A1", "id"), ("B1", "thèmes"), ("A2", "1"), ("B2", "a")]);
            assert_eq!(cells(text.as_bytes()), expected, "{separator:?}");
        }
    }

    #[test]
    fn a_comma_inside_answers_does_not_win_over_the_semicolon() {
        let text = "id;thèmes\n1;a, b, c\n2;a, b, d\n";
        assert_eq!(cells(text.as_bytes()).len(), 6);
    }

    #[test]
    fn encodings_are_recognised() {
        let text = "id;Ville\n1;Nîmes où l’été\n";
        let expected = cells(text.as_bytes());
        let with_mark = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let windows = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        for bytes in [with_mark, [b"\xFF\xFE", &little[..]].concat(), little, big, windows] {
            assert_eq!(cells(&bytes), expected);
        }
    }

    #[test]
    fn quoted_line_feeds_and_ragged_rows_are_read() {
        let text = "a;b\n\"un\ndeux\";x\nseul\n1;2;3;4\n";
        let read = cells(text.as_bytes());
        assert!(read.contains(&("A2".into(), "un\ndeux".into())));
        assert!(read.contains(&("A3".into(), "seul".into())));
        assert!(read.contains(&("D4".into(), "4".into())));
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        let error = read(&[0_u8, 1, 2, 3, 0, 0, 7][..], "photo.jpg").unwrap_err();
        assert_eq!(error.code, "pas-un-tableur");
    }
}
