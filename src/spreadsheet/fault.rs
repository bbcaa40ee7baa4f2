//! Why a workbook cannot be read.

use std::io::{self, ErrorKind};

use super::limits::TooHeavy;

/// Why a workbook, or one of its sheets, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is broken; the detail is for a technician.
    Damaged(String),
    /// Its cells take more memory than they may.
    Heavy,
    /// A part of it is out of proportion once expanded.
    Expands,
    /// It is encrypted.
    Protected,
    /// There is no sheet of this name.
    Absent,
    /// A cell refers to shared texts, which are read only then; never told.
    TextsWanted,
}

impl From<TooHeavy> for Fault {
    fn from(_: TooHeavy) -> Self {
        Self::Heavy
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::FileTooLarge => Self::Expands,
            _ => Self::Damaged(error.to_string()),
        }
    }
}
