//! Opening a spreadsheet file, whatever wrote it.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use super::archive::Archive;
use super::delimited;
use super::fault::Fault;
use super::legacy::Legacy;
use super::office::Office;
use super::open_document::OpenDocument;
use super::sheet::Sheet;
use crate::diagnostics::{Diagnostic, Place};
use crate::matching;
use crate::typography::{alternatives, quoted};

type Buffered = BufReader<File>;

/// An open spreadsheet file.
pub struct Workbook {
    file: String,
    source: Source,
    /// What the sheets that were read and are kept weigh, in bytes.
    held: usize,
}

enum Source {
    Office(Box<Office<Buffered>>),
    OpenDocument(OpenDocument<Buffered>),
    Legacy(Box<Legacy<Buffered>>),
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
    /// is encrypted, `classeur-trop-lourd` where it asks for more memory than a
    /// workbook may.
    pub fn open(path: &Path) -> Result<Self, Diagnostic> {
        let file = path.display().to_string();
        let source = open_source(path, &file)?;
        Ok(Self { file, source, held: 0 })
    }

    /// The file, as the person named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The sheets of cells, in the order of the tabs. A text file has none.
    pub fn sheets(&self) -> Vec<SheetInfo> {
        match &self.source {
            Source::Office(book) => book.sheets().cloned().collect(),
            Source::OpenDocument(book) => book.sheets().cloned().collect(),
            Source::Legacy(book) => book.sheets(),
            Source::Text(_) => Vec::new(),
        }
    }

    /// Reads the sheet of a name; names are compared as labels are.
    ///
    /// A text file answers with its only sheet, whatever the name.
    ///
    /// # Errors
    ///
    /// `feuille-absente` with the sheets there are; `feuille-illisible`;
    /// `classeur-trop-lourd`.
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

    /// Counts a sheet that was read and is kept: the next ones have less room.
    pub fn hold(&mut self, sheet: &Sheet) {
        self.held += sheet.weight();
    }

    fn read_exact(&mut self, name: &str) -> Result<Sheet, Diagnostic> {
        let builder = match &mut self.source {
            Source::Office(book) => book.read(name, self.held),
            Source::OpenDocument(book) => book.read(name, self.held),
            Source::Legacy(book) => book.read(name, self.held),
            Source::Text(sheet) => return Ok(sheet.clone()),
        };
        builder
            .map(|builder| builder.finish(&self.file, Some(name)))
            .map_err(|fault| sheet_fault(&self.file, name, &fault))
    }
}

fn open_source(path: &Path, file: &str) -> Result<Source, Diagnostic> {
    let mut reader = open_file(path, file)?;
    let mut magic = [0; 8];
    let length = read_start(&mut reader, &mut magic).map_err(|e| unreadable(file, &e))?;
    let start = magic.get(..length).unwrap_or_default();
    if let Some(other) = other_document(start) {
        return Err(other.at(Place::file(file)));
    }
    let opened = match start {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => open_archive(reader),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            Legacy::open_xls(reader).map(|book| Some(Source::Legacy(Box::new(book))))
        }
        _ => return delimited::read(reader, file).map(Source::Text),
    };
    match opened {
        Ok(Some(source)) => Ok(source),
        Ok(None) => Err(not_a_spreadsheet(file)),
        Err(fault) => Err(file_fault(file, &fault)),
    }
}

/// The documents that are mistaken for tables, by how they begin.
fn other_document(start: &[u8]) -> Option<Diagnostic> {
    let start = String::from_utf8_lossy(start).to_lowercase();
    let start = start.trim_start_matches('\u{FEFF}').trim_start();
    let begins = |marks: &[&str]| marks.iter().any(|mark| start.starts_with(mark));
    let (message, help) = match () {
        () if begins(&["%pdf", "{\\rtf"]) => (
            "ce fichier est un document mis en page, pas un tableur",
            "donnez l’export du questionnaire : .xlsx, .xlsm, .xlsb, .xls, .ods, .csv ou .tsv",
        ),
        // Some tools name such a page `.xls`.
        () if begins(&["<!do", "<html", "<tab", "<?xm"]) => (
            "ce fichier est une page web, pas un tableur, quel que soit son nom",
            "ouvrez-le dans un tableur et enregistrez-le au format .xlsx ou .csv",
        ),
        () => return None,
    };
    Some(Diagnostic::error("pas-un-tableur", message).help(help))
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

/// Opens a zip archive: an Office Open XML or an OpenDocument workbook. None
/// where it is another archive.
fn open_archive(reader: Buffered) -> Result<Option<Source>, Fault> {
    let archive = Archive::open(reader)?;
    let office = archive.holds("[content_types].xml") && !archive.holds("word/document.xml");
    Ok(Some(match () {
        () if archive.holds("xl/workbook.bin") => {
            Source::Legacy(Box::new(Legacy::open_xlsb(archive)?))
        }
        () if archive.holds("content.xml") => Source::OpenDocument(OpenDocument::open(archive)?),
        () if office => Source::Office(Box::new(Office::open(archive)?)),
        () => return Ok(None),
    }))
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

/// What is wrong with a whole workbook.
fn file_fault(file: &str, fault: &Fault) -> Diagnostic {
    told(fault, "pas-un-tableur", "ce classeur").at(Place::file(file))
}

/// What is wrong with a sheet.
fn sheet_fault(file: &str, sheet: &str, fault: &Fault) -> Diagnostic {
    told(fault, "feuille-illisible", "le contenu de cette feuille").at(Place::sheet(file, sheet))
}

/// The message for a fault; `code` is that of a damaged `thing`.
fn told(fault: &Fault, code: &'static str, thing: &str) -> Diagnostic {
    const MEND: &str = "ouvrez le classeur dans un tableur et enregistrez-le de nouveau, au \
                        format .xlsx ou .csv";
    match fault {
        Fault::Damaged(detail) => {
            let message = format!("{thing} est abîmé ou incomplet (détail technique : {detail})");
            Diagnostic::error(code, message).help(MEND)
        }
        Fault::Absent | Fault::TextsWanted => {
            Diagnostic::error(code, format!("{thing} est introuvable")).help(MEND)
        }
        Fault::Heavy => Diagnostic::error(
            "classeur-trop-lourd",
            format!("{thing} demande plus de mémoire qu’un questionnaire n’en prend"),
        )
        .help(
            "gardez la feuille des réponses seule, sans lignes ni colonnes de trop, et \
             enregistrez-la au format .csv",
        ),
        Fault::Expands => Diagnostic::error(
            "classeur-trop-lourd",
            format!("{thing} se déploie hors de toute proportion une fois décompressé"),
        )
        .help(
            "si vous savez d’où vient ce fichier, ouvrez-le dans un tableur et enregistrez la \
             feuille des réponses au format .csv",
        ),
        Fault::Protected => {
            Diagnostic::error("classeur-protege", "ce classeur est protégé par un mot de passe")
                .help("retirez le mot de passe dans le tableur, puis enregistrez")
        }
    }
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
