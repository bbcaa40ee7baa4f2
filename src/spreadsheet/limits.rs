//! What a file may cost.
//!
//! A sheet costs what its filled cells cost; a file that asks for more than a
//! machine has is told so, before the machine is brought down.

/// A sheet has no more rows, as Excel and LibreOffice have it.
pub const ROWS: u32 = 1 << 20;

/// A sheet has no more columns.
pub const COLUMNS: u32 = 1 << 14;

/// A part of an archive expands to no more bytes than this.
pub const EXPANSION: u64 = 1 << 30;

/// Up to as many bytes, a part is read however well it was compressed.
pub const UNSUSPECTED: u64 = 64 << 20;

/// Beyond, a part that was compressed more than this is a bomb: real sheets
/// are compressed ten to forty times.
pub const RATIO: u64 = 250;

/// A part that only describes the workbook has no more bytes.
pub const DESCRIPTION: u64 = 32 << 20;

/// The memory that the cells and the texts of a workbook may take, in bytes.
const MEMORY: usize = 256 << 20;

/// A file asks for more memory than it may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooHeavy;

/// What is left of the memory that a workbook may take.
#[derive(Debug, Clone, Copy)]
pub struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MEMORY)
    }
}

impl Budget {
    /// Takes bytes from what is left.
    pub fn spend(&mut self, bytes: usize) -> Result<(), TooHeavy> {
        self.0 = self.0.checked_sub(bytes).ok_or(TooHeavy)?;
        Ok(())
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.0
    }
}
