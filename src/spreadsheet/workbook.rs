//! Opening a spreadsheet file, whatever wrote it.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;
use std::sync::Arc;

use calamine::{
    Data, DataRef, ExcelDateTime, Ods, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx,
};
use chrono::NaiveDateTime;

use super::delimited;
use super::sheet::{Sheet, SheetBuilder};
use super::value::{Position, Value};
use crate::diagnostics::{Diagnostic, Place};
use crate::matching;
use crate::typography::{alternatives, quoted};

type Buffered = BufReader<File>;

/// An open spreadsheet file.
pub struct Workbook {
    file: String,
    source: Source,
}

enum Source {
    Xlsx(Box<Xlsx<Buffered>>),
    Xlsb(Box<Xlsb<Buffered>>),
    Xls(Box<Xls<Buffered>>),
    Ods(Box<Ods<Buffered>>),
    Text(Sheet),
}

/// A sheet's name, and whether a person who opens the file sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetInfo {
    pub name: String,
    pub visible: bool,
}

impl Workbook {
    /// Opens a workbook (`.xlsx`, `.xlsm`, `.xlsb`, `.xls`, `.ods`) or a text
    /// file (`.csv`, `.tsv`). The content decides, not the name.
    ///
    /// # Errors
    ///
    /// `fichier-illisible` where there is no such file or it cannot be read,
    /// `pas-un-tableur` where it is something else, `classeur-protege` where it
    /// is encrypted.
    pub fn open(path: &Path) -> Result<Self, Diagnostic> {
        let file = path.display().to_string();
        let source = open_source(path, &file)?;
        Ok(Self { file, source })
    }

    /// The file, as the person named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The sheets of cells, in the order of the tabs. A text file has none.
    pub fn sheets(&self) -> Vec<SheetInfo> {
        match &self.source {
            Source::Xlsx(book) => sheet_infos(book.sheets_metadata()),
            Source::Xlsb(book) => sheet_infos(book.sheets_metadata()),
            Source::Xls(book) => sheet_infos(book.sheets_metadata()),
            Source::Ods(book) => sheet_infos(book.sheets_metadata()),
            Source::Text(_) => Vec::new(),
        }
    }

    /// Reads the sheet of a name; names are compared as labels are.
    ///
    /// A text file answers with its only sheet, whatever the name.
    ///
    /// # Errors
    ///
    /// `feuille-absente` with the sheets there are; `feuille-illisible`.
    pub fn read(&mut self, name: &str) -> Result<Sheet, Diagnostic> {
        if let Source::Text(sheet) = &self.source {
            return Ok(sheet.clone());
        }
        let names: Vec<String> = self.sheets().into_iter().map(|sheet| sheet.name).collect();
        let wanted = matching::key(name);
        let found = names.iter().find(|candidate| matching::key(candidate) == wanted);
        match found {
            Some(found) => self.read_exact(found),
            None => Err(missing_sheet(&self.file, name, &names)),
        }
    }

    fn read_exact(&mut self, name: &str) -> Result<Sheet, Diagnostic> {
        let builder = match &mut self.source {
            Source::Xlsx(book) => stream_xlsx(book, name).map_err(|error| error.to_string()),
            Source::Xlsb(book) => stream_xlsb(book, name).map_err(|error| error.to_string()),
            Source::Xls(book) => whole_sheet(book.as_mut(), name),
            Source::Ods(book) => whole_sheet(book.as_mut(), name),
            Source::Text(sheet) => return Ok(sheet.clone()),
        };
        builder
            .map(|builder| builder.finish(&self.file, Some(name)))
            .map_err(|detail| unreadable_sheet(&self.file, name, &detail))
    }
}

fn open_source(path: &Path, file: &str) -> Result<Source, Diagnostic> {
    let mut reader = open_file(path, file)?;
    let mut magic = [0; 8];
    let length = read_start(&mut reader, &mut magic).map_err(|e| unreadable(file, &e))?;
    match magic.get(..length).unwrap_or_default() {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => open_archive(reader, file),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => open_compound(reader, file),
        _ => delimited::read(reader, file).map(Source::Text),
    }
}

fn open_file(path: &Path, file: &str) -> Result<Buffered, Diagnostic> {
    let opened = File::open(path).map_err(|error| unreadable(file, &error))?;
    let is_folder = opened.metadata().is_ok_and(|metadata| metadata.is_dir());
    if is_folder {
        return Err(Diagnostic::error("fichier-illisible", "c’est un dossier, pas un fichier")
            .at(Place::file(file))
            .help("indiquez un fichier de ce dossier"));
    }
    Ok(BufReader::new(opened))
}

/// Reads the first bytes and goes back to the beginning.
fn read_start(reader: &mut Buffered, start: &mut [u8]) -> std::io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = start.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest)? {
            0 => break,
            count => length += count,
        }
    }
    reader.rewind()?;
    Ok(length)
}

/// Opens a zip archive: an Office Open XML or an OpenDocument workbook.
fn open_archive(reader: Buffered, file: &str) -> Result<Source, Diagnostic> {
    let archive = zip::ZipArchive::new(reader).map_err(|error| damaged(file, &error))?;
    let holds = |archive: &zip::ZipArchive<Buffered>, wanted: &str| {
        archive.file_names().flatten().any(|name| same_part(&name, wanted))
    };
    let binary = holds(&archive, "xl/workbook.bin");
    let open_document = holds(&archive, "content.xml");
    let office = holds(&archive, "[content_types].xml") && !holds(&archive, "word/document.xml");
    let mut reader = archive.into_inner();
    reader.rewind().map_err(|error| unreadable(file, &error))?;
    match (binary, open_document, office) {
        (true, ..) => open_with(reader, file, |book| Source::Xlsb(Box::new(book))),
        (_, true, _) => open_with(reader, file, |book| Source::Ods(Box::new(book))),
        (_, _, true) => open_with(reader, file, |book| Source::Xlsx(Box::new(book))),
        _ => Err(not_a_spreadsheet(file)),
    }
}

/// Whether two part names of an archive are the same: some writers put
/// backslashes, or other capitals.
fn same_part(name: &str, wanted: &str) -> bool {
    name.replace('\\', "/").eq_ignore_ascii_case(wanted)
}

/// Opens an OLE compound file: an old workbook, or an encrypted new one.
fn open_compound(mut reader: Buffered, file: &str) -> Result<Source, Diagnostic> {
    let mut start = vec![0; 1 << 16];
    let length = read_start(&mut reader, &mut start).map_err(|e| unreadable(file, &e))?;
    start.truncate(length);
    if contains_utf16(&start, "EncryptedPackage") {
        return Err(protected(file));
    }
    open_with(reader, file, |book| Source::Xls(Box::new(book)))
}

fn open_with<R>(
    reader: Buffered,
    file: &str,
    wrap: impl FnOnce(R) -> Source,
) -> Result<Source, Diagnostic>
where
    R: Reader<Buffered>,
    R::Error: std::fmt::Display,
{
    R::new(reader).map(wrap).map_err(|error| match error.to_string() {
        detail if detail.to_lowercase().contains("password") => protected(file),
        detail => damaged(file, &detail),
    })
}

fn contains_utf16(bytes: &[u8], text: &str) -> bool {
    let wanted: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn sheet_infos(metadata: &[calamine::Sheet]) -> Vec<SheetInfo> {
    metadata
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| SheetInfo {
            name: sheet.name.clone(),
            visible: sheet.visible == SheetVisible::Visible,
        })
        .collect()
}

fn stream_xlsx(book: &mut Xlsx<Buffered>, name: &str) -> Result<SheetBuilder, calamine::XlsxError> {
    let mut cells = book.worksheet_cells_reader(name)?;
    let mut builder = SheetBuilder::new();
    while let Some(cell) = cells.next_cell()? {
        push(&mut builder, cell.get_position(), cell.get_value());
    }
    Ok(builder)
}

fn stream_xlsb(book: &mut Xlsb<Buffered>, name: &str) -> Result<SheetBuilder, calamine::XlsbError> {
    let mut cells = book.worksheet_cells_reader(name)?;
    let mut builder = SheetBuilder::new();
    while let Some(cell) = cells.next_cell()? {
        push(&mut builder, cell.get_position(), cell.get_value());
    }
    Ok(builder)
}

/// Reads a sheet of a format that calamine does not stream.
fn whole_sheet<R>(book: &mut R, name: &str) -> Result<SheetBuilder, String>
where
    R: Reader<Buffered>,
    R::Error: std::fmt::Display,
{
    let range = book.worksheet_range(name).map_err(|error| error.to_string())?;
    let (top, left) = range.start().unwrap_or_default();
    let mut builder = SheetBuilder::new();
    for (row, column, value) in range.used_cells() {
        let position = (top + row as u32, left + column as u32);
        push(&mut builder, position, &borrowed(value));
    }
    Ok(builder)
}

fn push(builder: &mut SheetBuilder, (row, column): (u32, u32), data: &DataRef<'_>) {
    let value = match data {
        DataRef::Empty => None,
        DataRef::Int(number) => Some(Value::Number(*number as f64)),
        DataRef::Float(number) => Some(Value::Number(*number)),
        DataRef::String(text) => text_value(text),
        DataRef::SharedString(text) => text_value(text),
        DataRef::Bool(truth) => Some(Value::Boolean(*truth)),
        DataRef::DateTime(moment) => Some(moment_value(moment)),
        DataRef::DateTimeIso(text) => Some(iso_moment(text)),
        DataRef::DurationIso(text) => text_value(text),
        DataRef::Error(error) => Some(fault(error)),
    };
    if let Some(value) = value {
        builder.push(Position::new(row, column), value);
    }
}

/// The owned cell of a whole sheet, seen as a streamed one.
fn borrowed(data: &Data) -> DataRef<'_> {
    match data {
        Data::Empty => DataRef::Empty,
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
    }
}

fn text_value(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| Value::text(text))
}

fn fault(error: &calamine::CellErrorType) -> Value {
    Value::Fault(Arc::from(error.to_string()))
}

/// A date where the number falls in the calendar, the bare number otherwise.
fn moment_value(moment: &ExcelDateTime) -> Value {
    let date = moment.is_datetime().then(|| moment.as_datetime()).flatten();
    date.map_or_else(|| Value::Number(moment.as_f64()), Value::Moment)
}

fn iso_moment(text: &str) -> Value {
    let day = || format!("{text}T00:00:00").parse::<NaiveDateTime>();
    text.parse::<NaiveDateTime>()
        .or_else(|_| day())
        .map_or_else(|_| Value::text(text), Value::Moment)
}

fn unreadable(file: &str, error: &std::io::Error) -> Diagnostic {
    let (message, help) = match error.kind() {
        std::io::ErrorKind::NotFound => {
            ("ce fichier n’existe pas".to_string(), "vérifiez le nom et le dossier")
        }
        std::io::ErrorKind::PermissionDenied => (
            "ce fichier ne peut pas être ouvert : accès refusé".to_string(),
            "fermez-le s’il est ouvert ailleurs, ou demandez les droits de lecture",
        ),
        _ => {
            (format!("ce fichier ne peut pas être lu ({error})"), "vérifiez le disque ou le réseau")
        }
    };
    Diagnostic::error("fichier-illisible", message).at(Place::file(file)).help(help)
}

fn not_a_spreadsheet(file: &str) -> Diagnostic {
    Diagnostic::error("pas-un-tableur", "ce fichier n’est pas un tableur")
        .at(Place::file(file))
        .help("donnez un fichier .xlsx, .xlsm, .xlsb, .xls, .ods, .csv ou .tsv")
}

fn damaged(file: &str, detail: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error(
        "pas-un-tableur",
        format!("ce classeur est abîmé ou incomplet (détail technique : {detail})"),
    )
    .at(Place::file(file))
    .help("ouvrez-le dans un tableur et enregistrez-le de nouveau au format .xlsx")
}

fn protected(file: &str) -> Diagnostic {
    Diagnostic::error("classeur-protege", "ce classeur est protégé par un mot de passe")
        .at(Place::file(file))
        .help("retirez le mot de passe dans le tableur, puis enregistrez")
}

fn unreadable_sheet(file: &str, sheet: &str, detail: &str) -> Diagnostic {
    Diagnostic::error(
        "feuille-illisible",
        format!("cette feuille ne peut pas être lue (détail technique : {detail})"),
    )
    .at(Place::sheet(file, sheet))
    .help("ouvrez le classeur dans un tableur et enregistrez-le de nouveau au format .xlsx")
}

fn missing_sheet(file: &str, wanted: &str, names: &[String]) -> Diagnostic {
    let near = matching::nearest(wanted, names.iter().map(String::as_str));
    let known: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let help = match near.first() {
        Some(near) => format!("renommez la feuille {} en {}", quoted(near), quoted(wanted)),
        None if known.is_empty() => "le classeur n’a aucune feuille de cellules".to_string(),
        None => format!("les feuilles de ce classeur sont {}", alternatives(&known)),
    };
    let message = format!("la feuille {} est absente", quoted(wanted));
    Diagnostic::error("feuille-absente", message).at(Place::file(file)).help(help)
}
