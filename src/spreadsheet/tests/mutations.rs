//! Whole workbooks with bytes changed, cut or repeated: read or refused, without
//! a panic. `PROPTEST_CASES=200000 cargo test --lib mutations` goes on longer.

use proptest::prelude::*;

use super::binary::{small_xls, small_xlsb};
use super::packages::{small_ods, small_xlsx};
use super::*;

/// A change of some bytes.
#[derive(Debug, Clone)]
enum Change {
    Set(usize, u8),
    /// Four bytes of a number that programs trip over.
    Number(usize, u32),
    Cut(usize),
    Remove(usize, usize),
    Repeat(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let numbers = prop_oneof![
        Just(0),
        Just(1),
        Just(0x7FFF_FFFF),
        Just(0x8000_0000),
        Just(0xFFFF_FFFE),
        Just(u32::MAX),
        any::<u32>()
    ];
    prop_oneof![
        6 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        4 => (any::<usize>(), numbers).prop_map(|(at, number)| Change::Number(at, number)),
        1 => any::<usize>().prop_map(Change::Cut),
        1 => (any::<usize>(), 1..64_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        1 => (any::<usize>(), 1..64_usize).prop_map(|(at, length)| Change::Repeat(at, length)),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let place = |at: usize, bytes: &[u8]| at.checked_rem(bytes.len()).unwrap_or(0);
        match *change {
            Change::Set(at, byte) => {
                let at = place(at, &bytes);
                bytes.splice(at..(at + 1).min(bytes.len()), [byte]);
            }
            Change::Number(at, number) => {
                let at = place(at, &bytes);
                bytes.splice(at..(at + 4).min(bytes.len()), number.to_le_bytes());
            }
            Change::Cut(at) => bytes.truncate(place(at, &bytes)),
            Change::Remove(at, length) => {
                let at = place(at, &bytes);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Change::Repeat(at, length) => {
                let at = place(at, &bytes);
                let piece = bytes[at..(at + length).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// Reads every sheet of a file; what is refused has a message.
fn read_all(bytes: &[u8]) {
    let file = written(bytes);
    let Ok(mut workbook) = Workbook::open(file.path()) else { return };
    let _ = workbook.read("");
    for sheet in workbook.sheets() {
        let _ = workbook.read(&sheet.name);
    }
}

proptest! {
    #[test]
    fn a_changed_workbook_is_read_or_refused(
        sample in 0..6_usize,
        changes in proptest::collection::vec(change(), 1..6),
    ) {
        let bytes = match sample {
            0 | 1 => small_xls(),
            2 | 3 => small_xlsb(),
            4 => small_xlsx(),
            _ => small_ods(),
        };
        read_all(&changed(bytes, &changes));
    }

    /// The parts themselves changed, under a sound archive.
    #[test]
    fn a_changed_part_is_read_or_refused(
        sample in 0..3_usize,
        part in any::<usize>(),
        changes in proptest::collection::vec(change(), 1..4),
    ) {
        let whole = match sample {
            0 => small_xlsb(),
            1 => small_xlsx(),
            _ => small_ods(),
        };
        let mut parts = super::packages::parts(&whole);
        let rank = part % parts.len();
        let content = std::mem::take(&mut parts[rank].1);
        parts[rank].1 = changed(content, &changes);
        let parts: Vec<(&str, &[u8])> =
            parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
        read_all(&super::packages::archive(&parts));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
    }

    #[test]
    fn any_text_is_read(text in "[a-cé;,|\t\"\r\n #/]{0,120}") {
        let file = written(text.as_bytes());
        let mut workbook = Workbook::open(file.path()).expect("a text");
        workbook.read("").expect("a sheet");
    }
}
