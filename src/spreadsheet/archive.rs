//! The zip archive that a workbook is: its parts, read under a limit.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Seek};

use zip::read::ZipFile;
use zip::result::ZipError;

use super::fault::Fault;
use super::limits::expansion;

/// An open archive.
pub struct Archive<R> {
    zip: zip::ZipArchive<R>,
    /// The rank of each part by its name, in small letters and with slashes:
    /// some writers put backslashes, or other capitals.
    ranks: HashMap<String, usize>,
}

/// A part, as a stream of bytes that fails once too many have come.
pub type Part<'a, R> = Limited<ZipFile<'a, R>>;

impl<R: Read + Seek> Archive<R> {
    /// Opens an archive.
    pub fn open(reader: R) -> Result<Self, Fault> {
        let zip = zip::ZipArchive::new(reader)?;
        let names = zip.file_names().enumerate();
        let ranks = names.filter_map(|(rank, name)| Some((part_name(&name.ok()?), rank))).collect();
        Ok(Self { zip, ranks })
    }

    /// Whether the archive has a part.
    pub fn holds(&self, name: &str) -> bool {
        self.ranks.contains_key(&part_name(name))
    }

    /// The names of the parts, in small letters.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.ranks.keys().map(String::as_str)
    }

    /// A part by its name; none where there is no such part. It expands to
    /// `limit` bytes at the most.
    pub fn part(&mut self, name: &str, limit: u64) -> Result<Option<Part<'_, R>>, Fault> {
        let Some(rank) = self.ranks.get(&part_name(name)) else { return Ok(None) };
        let file = self.zip.by_index(*rank)?;
        let limit = limit.min(expansion(file.compressed_size()));
        if file.size() > limit {
            return Err(Fault::Expands);
        }
        Ok(Some(Limited { inner: file, left: limit }))
    }

    /// The archive's own reader, for a library that opens it again.
    pub fn into_inner(self) -> R {
        self.zip.into_inner()
    }
}

/// The name of a part, as it is looked up.
fn part_name(name: &str) -> String {
    let name: Cow<'_, str> = match name.contains('\\') {
        true => name.replace('\\', "/").into(),
        false => name.into(),
    };
    name.trim_start_matches('/').to_lowercase()
}

/// A reader of at most so many bytes. What the archive says of a part's size
/// may be wrong; what comes out of it is counted.
pub struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::new(ErrorKind::FileTooLarge, "too large")),
        }
        Ok(count)
    }
}

impl From<ZipError> for Fault {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::UnsupportedArchive(reason) if reason == ZipError::PASSWORD_REQUIRED => {
                Self::Protected
            }
            other => Self::Damaged(other.to_string()),
        }
    }
}
