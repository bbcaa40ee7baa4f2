//! Text files of answers: their encoding, their separator, their records.
//!
//! Nothing in a `.csv` says how it was written. The encoding is the byte order
//! mark's, else UTF-8 where the bytes are, else that of Western Europe: Windows', or
//! the Macintosh's of old where its accents are more.
//! The separator is the one that cuts the first records into the most regular
//! table.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek};

use csv_core::ReadRecordResult;
use encoding_rs::{
    CoderResult, Decoder, DecoderResult, Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE,
    WINDOWS_1252,
};

use super::sheet::{Sheet, SheetBuilder};
use super::value::Position;
use crate::diagnostics::{Diagnostic, Place};

/// The separators that form tools write, the likeliest first.
const SEPARATORS: [u8; 4] = [b';', b',', b'\t', b'|'];

/// How many records decide on the separator.
const SAMPLE: usize = 200;

/// How many bytes hold the sample.
const SAMPLE_BYTES: u64 = 1 << 20;

/// A record of more bytes than this is none of a questionnaire: a file without
/// line feeds, or a quotation mark that is never closed.
const LONGEST_RECORD: usize = 8 << 20;

/// Reads a delimited text file as a sheet. Cells are texts as written, but the
/// names of errors, which are errors; rows of unequal lengths are read as they
/// are.
///
/// The file is gone through twice, for its encoding and for its cells, and is
/// never in memory whole.
pub fn read(mut reader: impl Read + Seek, file: &str) -> Result<Sheet, Diagnostic> {
    let io_fault = |error: io::Error| unreadable(file, &error);
    let encoding = encoding(&mut reader).map_err(io_fault)?;
    let mut sample = String::new();
    reader.rewind().map_err(io_fault)?;
    let start = Decoded::new((&mut reader).take(SAMPLE_BYTES), encoding);
    BufReader::new(start).read_to_string(&mut sample).map_err(|error| told(file, &error))?;
    reader.rewind().map_err(io_fault)?;
    parse(Decoded::new(reader, encoding), separator(&sample), file)
}

/// The encoding of a file: its mark's, else what its bytes are.
fn encoding(reader: &mut impl Read) -> io::Result<&'static Encoding> {
    let mut accents = Accents::default();
    let mut utf8 = Some(UTF_8.new_decoder_without_bom_handling());
    let mut chunk = vec![0; 1 << 16];
    let mut first = true;
    loop {
        let count = fill(reader, &mut chunk)?;
        let bytes = chunk.get(..count).unwrap_or_default();
        if first {
            let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
            if let Some(encoding) = marked.or_else(|| utf16_without_mark(bytes)) {
                return Ok(encoding);
            }
            first = false;
        }
        let last = count < chunk.len();
        accents.count(bytes);
        if utf8.as_mut().is_some_and(|decoder| !is_well_formed(decoder, bytes, last)) {
            utf8 = None;
        }
        match (last, &utf8) {
            (true, Some(_)) => return Ok(UTF_8),
            (true, None) => return Ok(accents.encoding()),
            (false, _) => {}
        }
    }
}

/// How often the bytes of accented letters stand there, as two systems write them.
#[derive(Default)]
struct Accents {
    windows: usize,
    macintosh: usize,
}

impl Accents {
    /// Counts the letters of one system that the other has no letter for: « é », « è »,
    /// « ç », « ê » and « ù » of the Macintosh, and those that Windows has.
    fn count(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.windows += usize::from(matches!(byte, 0xE0..=0xFC));
            self.macintosh += usize::from(matches!(byte, 0x8D..=0x90 | 0x9D));
        }
    }

    fn encoding(&self) -> &'static Encoding {
        if self.macintosh > self.windows { MACINTOSH } else { WINDOWS_1252 }
    }
}

/// Reads until the buffer is full or the file ends.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut count = 0;
    while let Some(rest) = buffer.get_mut(count..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}

/// Whether bytes go on as UTF-8.
fn is_well_formed(decoder: &mut Decoder, bytes: &[u8], last: bool) -> bool {
    let mut room = [0; 4096];
    let mut rest = bytes;
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(rest, &mut room, last);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return true,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => return false,
        }
    }
}

/// A file's text as UTF-8, decoded as it is read. Characters that no text holds
/// are an error of [`ErrorKind::InvalidData`].
pub struct Decoded<R> {
    reader: R,
    decoder: Decoder,
    input: Vec<u8>,
    /// What was read and not decoded.
    pending: std::ops::Range<usize>,
    /// Whether the file ended, and whether all of it was decoded.
    ended: bool,
    finished: bool,
}

impl<R: Read> Decoded<R> {
    /// Decodes what a reader gives.
    pub fn new(reader: R, encoding: &'static Encoding) -> Self {
        Self {
            reader,
            decoder: encoding.new_decoder(),
            input: vec![0; 1 << 16],
            pending: 0..0,
            ended: false,
            finished: false,
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A character takes up to four bytes; callers' buffers are larger.
        loop {
            if self.finished {
                return Ok(0);
            }
            if self.pending.is_empty() && !self.ended {
                let count = fill(&mut self.reader, &mut self.input)?;
                self.pending = 0..count;
                self.ended = count < self.input.len();
            }
            let bytes = self.input.get(self.pending.clone()).unwrap_or_default();
            let (result, read, written, _) = self.decoder.decode_to_utf8(bytes, buffer, self.ended);
            self.pending.start += read;
            let text = buffer.get(..written).unwrap_or_default();
            if text.iter().any(|byte| byte.is_ascii_control() && !b"\t\n\r\x0C".contains(byte)) {
                return Err(io::Error::new(ErrorKind::InvalidData, "not text"));
            }
            self.finished = self.ended && result == CoderResult::InputEmpty;
            if written > 0 || result == CoderResult::OutputFull {
                return Ok(written);
            }
        }
    }
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
    let mut records = Records::new(text.as_bytes(), separator);
    let record = || records.next().ok().flatten().map(|(_, fields)| fields);
    std::iter::from_fn(record).take(SAMPLE).collect()
}

fn most_frequent(widths: &[usize]) -> usize {
    let frequency = |width: &usize| widths.iter().filter(|other| *other == width).count();
    widths.iter().copied().max_by_key(|width| (frequency(width), *width)).unwrap_or(0)
}

/// The records of a text, one after the other. Blank lines are rows without cells.
struct Records<R> {
    source: BufReader<R>,
    parser: csv_core::Reader,
    /// The fields of the record one after the other, and where each ends.
    fields: Vec<u8>,
    ends: Vec<usize>,
    /// The row of the next line, counted from 0.
    row: u32,
    /// Whether the last byte was a carriage return: a line feed belongs to it.
    after_return: bool,
}

impl<R: Read> Records<R> {
    fn new(source: R, separator: u8) -> Self {
        Self {
            source: BufReader::with_capacity(1 << 16, source),
            parser: csv_core::ReaderBuilder::new().delimiter(separator).build(),
            fields: vec![0; 1 << 12],
            ends: vec![0; 1 << 8],
            row: 0,
            after_return: false,
        }
    }

    /// Reads the next record: its row, and how many fields it has. An error of
    /// [`ErrorKind::FileTooLarge`] past [`LONGEST_RECORD`].
    fn next(&mut self) -> io::Result<Option<(u32, usize)>> {
        self.skip_blank_lines()?;
        let (mut read, mut out, mut fields) = (0, 0, 0);
        loop {
            let input = self.source.fill_buf()?;
            let output = self.fields.get_mut(out..).unwrap_or_default();
            let ends = self.ends.get_mut(fields..).unwrap_or_default();
            let (result, nin, nout, nends) = self.parser.read_record(input, output, ends);
            self.after_return = nin > 0 && input.get(nin - 1) == Some(&b'\r');
            self.source.consume(nin);
            (read, out, fields) = (read + nin, out + nout, fields + nends);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.fields.resize(2 * self.fields.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => {
                    let row = self.row;
                    self.row = row.saturating_add(1);
                    return Ok(Some((row, fields)));
                }
            }
            if read > LONGEST_RECORD {
                return Err(ErrorKind::FileTooLarge.into());
            }
        }
    }

    fn skip_blank_lines(&mut self) -> io::Result<()> {
        loop {
            let input = self.source.fill_buf()?;
            let blank = input.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            for byte in input.iter().take(blank) {
                let second = *byte == b'\n' && self.after_return;
                self.row = self.row.saturating_add(u32::from(!second));
                self.after_return = *byte == b'\r';
            }
            let ended = blank < input.len() || input.is_empty();
            self.source.consume(blank);
            if ended {
                return Ok(());
            }
        }
    }

    /// A field of the record that was read.
    fn field(&self, rank: usize) -> &str {
        let end = |rank: usize| self.ends.get(rank).copied();
        let start = rank.checked_sub(1).and_then(end).unwrap_or(0);
        let bytes = end(rank).and_then(|end| self.fields.get(start..end)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

fn parse(source: impl Read, separator: u8, file: &str) -> Result<Sheet, Diagnostic> {
    let mut builder = SheetBuilder::new();
    let mut records = Records::new(source, separator);
    while let Some((row, fields)) = records.next().map_err(|error| told(file, &error))? {
        for column in 0..fields {
            let field = records.field(column);
            if !field.is_empty() {
                let position = Position::new(row, column as u32);
                builder.push_written(position, field).map_err(|_| too_heavy(file))?;
            }
        }
    }
    Ok(builder.finish(file, None))
}

/// What went wrong while the text was decoded.
fn told(file: &str, error: &io::Error) -> Diagnostic {
    match error.kind() {
        ErrorKind::InvalidData => not_text(file),
        ErrorKind::FileTooLarge => endless(file),
        _ => unreadable(file, error),
    }
}

fn unreadable(file: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("fichier-illisible", format!("ce fichier ne peut pas être lu ({error})"))
        .at(Place::file(file))
        .help("vérifiez le disque ou le réseau")
}

fn too_heavy(file: &str) -> Diagnostic {
    Diagnostic::error(
        "classeur-trop-lourd",
        "ce fichier demande plus de mémoire qu’un questionnaire n’en prend",
    )
    .at(Place::file(file))
    .help("gardez les colonnes utiles, ou coupez le fichier en plusieurs")
}

fn endless(file: &str) -> Diagnostic {
    Diagnostic::error(
        "classeur-trop-lourd",
        "une ligne de ce fichier est plus longue que celles d’un questionnaire",
    )
    .at(Place::file(file))
    .help("cherchez un guillemet qui n’est pas fermé, ou exportez de nouveau le fichier")
}

fn not_text(file: &str) -> Diagnostic {
    Diagnostic::error("pas-un-tableur", "ce fichier n’est ni un tableur ni du texte")
        .at(Place::file(file))
        .help("donnez un fichier .xlsx, .xlsm, .xlsb, .xls, .ods, .csv ou .tsv")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spreadsheet::Value;

    fn cells(bytes: &[u8]) -> Vec<(String, String)> {
        let sheet = read(std::io::Cursor::new(bytes), "essai.csv").unwrap();
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
        let macintosh = b"id;Ville\n1;N\x94mes o\x9D l\xD5\x8Et\x8E\n".to_vec();
        let marked = [b"\xFF\xFE", &little[..]].concat();
        for bytes in [with_mark, marked, little, big, windows, macintosh] {
            assert_eq!(cells(&bytes), expected);
        }
        // Found in an export: two letters, which were taken for Cyrillic.
        let rare = cells(b"a;b\nUniverse?\x8C\xE6;x\n");
        assert_eq!(rare[2], ("A2".to_string(), "Universe?Œæ".to_string()));
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
    fn blank_lines_are_rows() {
        for end in ["\n", "\r\n", "\r"] {
            let lines = ["", "a;b", "", "", "\"un\ndeux\";c", "d;e", "", "f;g"];
            let read = cells(lines.join(end).as_bytes());
            let rows: Vec<&str> = read.iter().map(|(place, _)| place.as_str()).collect();
            assert_eq!(rows, ["A2", "B2", "A5", "B5", "A6", "B6", "A8", "B8"], "{end:?}");
        }
    }

    #[test]
    fn a_file_of_blank_lines_is_an_empty_sheet() {
        let sheet = read(std::io::Cursor::new(vec![b'\n'; 20 << 20]), "essai.csv").unwrap();
        assert!(sheet.is_empty());
    }

    #[test]
    fn an_accent_far_down_tells_the_encoding() {
        let text = format!("id;Ville\n{}9;Nîmes\n", "1;Brest\n".repeat(40_000));
        let windows = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
        for bytes in [windows, text.into_bytes()] {
            assert!(cells(&bytes).contains(&("B40002".into(), "Nîmes".into())));
        }
    }

    #[test]
    fn the_names_of_errors_are_errors() {
        let sheet = read(std::io::Cursor::new("a;b\n#N/A;Err:502\n"), "essai.csv").unwrap();
        for column in 0..2 {
            let value = sheet.value(Position::new(1, column));
            assert!(matches!(value, Some(Value::Fault(_))), "{value:?}");
        }
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        let error = read(std::io::Cursor::new([0_u8, 1, 2, 3, 0, 0, 7]), "photo.jpg").unwrap_err();
        assert_eq!(error.code, "pas-un-tableur");
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let commas = vec![b','; 10 << 20];
        let open = [b"a,b\n\"".to_vec(), b"x\n".repeat(5 << 20)].concat();
        for bytes in [commas, open] {
            let told = read(std::io::Cursor::new(bytes), "essai.csv").unwrap_err();
            assert_eq!(told.code, "classeur-trop-lourd");
        }
        let many = [&b"a".repeat(200)[..], b",b\n"].concat().repeat(50_000);
        assert!(read(std::io::Cursor::new(many), "essai.csv").is_ok());
    }
}
