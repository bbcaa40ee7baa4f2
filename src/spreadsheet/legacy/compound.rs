//! A look over an `.xls` before it is read: the compound file around it (MS-CFB)
//! and the extent of its sheets (MS-XLS).
//!
//! The library follows chains of sectors without counting them, and makes of a
//! sheet a full rectangle. Here chains are followed with a count, and rectangles
//! are measured.

use std::collections::HashSet;
use std::io::{Read, Seek, SeekFrom};

use crate::spreadsheet::fault::Fault;

/// A file has no more bytes: the library holds it in memory whole, twice.
const LARGEST: u64 = 100 << 20;

/// The rectangles of all the sheets together have no more cells.
const MOST_CELLS: u64 = 3_000_000;

/// Sector numbers from here on are no sectors.
const SPECIAL: u32 = 0xFFFF_FFFA;

/// Checks a file; the error says why it cannot be read.
pub fn check<R: Read + Seek>(reader: &mut R) -> Result<(), Fault> {
    let length = reader.seek(SeekFrom::End(0))?;
    if length > LARGEST {
        return Err(Fault::Heavy);
    }
    reader.rewind()?;
    let mut bytes = Vec::with_capacity(length as usize);
    reader.take(LARGEST).read_to_end(&mut bytes)?;
    let file = CompoundFile::open(&bytes).ok_or_else(broken)?;
    if file.entries.iter().any(|entry| entry.name == "EncryptedPackage") {
        return Err(Fault::Protected);
    }
    let workbook = file.entries.iter().find(|entry| is_workbook(&entry.name));
    let entry = workbook.ok_or_else(|| Fault::Damaged("pas de classeur dedans".to_string()))?;
    let stream = file.stream(entry).ok_or_else(broken)?;
    if extent(&stream) > MOST_CELLS { Err(Fault::Heavy) } else { Ok(()) }
}

fn broken() -> Fault {
    Fault::Damaged("chaîne de secteurs rompue".to_string())
}

fn is_workbook(name: &str) -> bool {
    name.eq_ignore_ascii_case("Workbook") || name.eq_ignore_ascii_case("Book")
}

/// The sectors of a file and what they hold.
struct CompoundFile<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// The sector that follows each.
    next: Vec<u32>,
    entries: Vec<Entry>,
    small_next: Vec<u32>,
    small: Vec<u8>,
}

/// A stream of the file.
struct Entry {
    name: String,
    start: u32,
    length: usize,
}

/// Streams shorter than this stand in small sectors.
const SMALL_STREAM: usize = 4096;
const SMALL_SECTOR: usize = 64;

impl<'a> CompoundFile<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self {
            bytes,
            sector,
            next: Vec::new(),
            entries: Vec::new(),
            small_next: Vec::new(),
            small: Vec::new(),
        };
        for id in file.table_sectors()? {
            file.next.extend(numbers(file.sector_bytes(id)?));
        }
        file.entries = entries(&file.chain(u32_at(bytes, 48)?, usize::MAX)?, sector);
        if u32_at(bytes, 64)? > 0 {
            let root = file.entries.first()?;
            file.small = file.chain(root.start, root.length)?;
            let table = file.chain(u32_at(bytes, 60)?, usize::MAX)?;
            file.small_next = numbers(&table).collect();
        }
        Some(file)
    }

    /// The sectors of the table of sectors, each once.
    fn table_sectors(&self) -> Option<Vec<u32>> {
        let mut listed: Vec<u32> = numbers(self.bytes.get(76..512)?).collect();
        let mut more = u32_at(self.bytes, 68)?;
        let mut seen = HashSet::new();
        while more < SPECIAL {
            if !seen.insert(more) {
                return None;
            }
            listed.extend(numbers(self.sector_bytes(more)?));
            more = listed.pop()?;
        }
        listed.retain(|id| *id < SPECIAL);
        let distinct: HashSet<&u32> = listed.iter().collect();
        (distinct.len() == listed.len()).then_some(listed)
    }

    fn sector_bytes(&self, id: u32) -> Option<&'a [u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// The bytes of a chain of sectors, `length` at the most; none where it
    /// comes back on itself or leads out of the file.
    fn chain(&self, start: u32, length: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut seen = HashSet::new();
        let mut id = start;
        while id < SPECIAL && bytes.len() < length {
            if !seen.insert(id) {
                return None;
            }
            bytes.extend_from_slice(self.sector_bytes(id)?);
            id = *self.next.get(id as usize)?;
        }
        let whole = length == usize::MAX || bytes.len() >= length;
        bytes.truncate(length);
        whole.then_some(bytes)
    }

    fn stream(&self, entry: &Entry) -> Option<Vec<u8>> {
        if entry.length >= SMALL_STREAM {
            return self.chain(entry.start, entry.length);
        }
        let mut bytes = Vec::new();
        let mut id = entry.start;
        while id < SPECIAL && bytes.len() < entry.length {
            let start = (id as usize).checked_mul(SMALL_SECTOR)?;
            let end = start.checked_add(SMALL_SECTOR)?.min(self.small.len());
            bytes.extend_from_slice(self.small.get(start..end)?);
            id = *self.small_next.get(id as usize)?;
        }
        bytes.truncate(entry.length);
        Some(bytes)
    }
}

/// The entries of a directory, 128 bytes each.
fn entries(directory: &[u8], sector: usize) -> Vec<Entry> {
    let entry = |bytes: &[u8]| {
        let units = bytes.get(..64)?.chunks_exact(2).map(|unit| u16_at(unit, 0).unwrap_or(0));
        let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
        let high = if sector == 4096 { u32_at(bytes, 124)? } else { 0 };
        let length = u64::from(u32_at(bytes, 120)?) | u64::from(high) << 32;
        Some(Entry {
            name: String::from_utf16_lossy(&units),
            start: u32_at(bytes, 116)?,
            length: usize::try_from(length).ok()?,
        })
    };
    directory.chunks_exact(128).filter_map(entry).collect()
}

/// How many cells the rectangles around the filled cells of the sheets have
/// together, or the largest that a sheet announces.
fn extent(stream: &[u8]) -> u64 {
    let (mut total, mut announced) = (0_u64, 0_u64);
    let mut filled = Rectangle::default();
    for (kind, data) in records(stream) {
        match kind {
            // The beginning of a sheet.
            0x0809 => {
                total = total.saturating_add(filled.area());
                filled = Rectangle::default();
            }
            0x0200 => announced = announced.max(announced_area(data)),
            // Several numbers in a row.
            0x00BD => {
                filled.add(data);
                let last = data.len().checked_sub(2).and_then(|at| u16_at(data, at));
                filled.right = filled.right.max(last.unwrap_or(0));
            }
            0x0006 | 0x0203 | 0x0204 | 0x0205 | 0x00D6 | 0x00FD | 0x027E => filled.add(data),
            _ => {}
        }
    }
    total.saturating_add(filled.area()).max(announced)
}

/// The records of a stream: kind and content.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(rest, 0)?, u16_at(rest, 2)? as usize);
        let data = rest.get(4..4 + length)?;
        rest = rest.get(4 + length..)?;
        Some((kind, data))
    })
}

/// The rectangle around the filled cells of a sheet.
#[derive(Default)]
struct Rectangle {
    begun: bool,
    top: u16,
    bottom: u16,
    left: u16,
    right: u16,
}

impl Rectangle {
    /// Adds the cell of a record.
    fn add(&mut self, data: &[u8]) {
        let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else { return };
        if !self.begun {
            *self = Self { begun: true, top: row, bottom: row, left: column, right: column };
        }
        self.top = self.top.min(row);
        self.bottom = self.bottom.max(row);
        self.left = self.left.min(column);
        self.right = self.right.max(column);
    }

    fn area(&self) -> u64 {
        let side = |low: u16, high: u16| u64::from(high.saturating_sub(low)) + 1;
        if self.begun { side(self.top, self.bottom) * side(self.left, self.right) } else { 0 }
    }
}

/// How many cells a sheet announces, as the library understands it.
fn announced_area(data: &[u8]) -> u64 {
    let wide = data.len() >= 14;
    let number = |rank: usize| match (wide, rank) {
        (true, 0 | 1) => u32_at(data, 4 * rank).map(u64::from),
        (true, _) => u16_at(data, 4 + 2 * rank).map(u64::from),
        (false, _) => u16_at(data, 2 * rank).map(u64::from),
    };
    match (number(0), number(1), number(2), number(3)) {
        (Some(top), Some(bottom), Some(left), Some(right)) => {
            // A rectangle that ends before it begins has no sense, and makes
            // the library count backwards.
            let rows = if bottom < top { u64::MAX } else { bottom - top };
            let left = if left > 0xFF || right < left { 0 } else { left };
            rows.saturating_mul(right - left)
        }
        _ => 0,
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).filter_map(|number| u32_at(number, 0))
}
