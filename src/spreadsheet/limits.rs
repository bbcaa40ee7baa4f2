//! What a file may cost.
//!
//! A sheet costs what its filled cells cost; a file that asks for more than a
//! machine has is told so, before the machine is brought down.

/// A sheet has no more rows, as Excel and LibreOffice have it.
pub const ROWS: u32 = 1 << 20;

/// A sheet has no more columns.
pub const COLUMNS: u32 = 1 << 14;

/// A part of an archive expands to no more bytes than this.
pub const EXPANSION: u64 = 4 << 30;

/// Up to as many bytes, a part is read however well it was compressed.
const UNSUSPECTED: u64 = 64 << 20;

/// Beyond, a part that was compressed more than this is a bomb: real sheets
/// are compressed ten to forty times.
const RATIO: u64 = 250;

/// And beyond as many bytes, one that was compressed more than that: what is not
/// worth its megabytes would take too long.
const BULK: u64 = 512 << 20;
const BULK_RATIO: u64 = 60;

/// How many bytes a part of so many compressed ones may expand to.
pub fn expansion(compressed: u64) -> u64 {
    let suspected = compressed.saturating_mul(RATIO).min(BULK);
    let bulky = compressed.saturating_mul(BULK_RATIO);
    UNSUSPECTED.max(suspected).max(bulky).min(EXPANSION)
}

/// A part that only describes the workbook has no more bytes.
pub const DESCRIPTION: u64 = 32 << 20;

/// The memory that the cells and the texts of a workbook may take, in bytes.
const MEMORY: usize = 320 << 20;

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

    /// Takes what is held now for what was held before.
    pub fn exchange(&mut self, before: usize, now: usize) -> Result<(), TooHeavy> {
        self.0 += before;
        self.spend(now)
    }

    /// Takes what will be held for what is held, where both are for a moment.
    pub fn exchange_copying(&mut self, before: usize, now: usize) -> Result<(), TooHeavy> {
        self.spend(now)?;
        self.0 += before;
        Ok(())
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.0
    }
}
