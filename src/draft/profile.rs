//! What a column holds, counted once a distinct value.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::table::Shape;
use super::vocabulary::{Family, Tick, family, is_absent, is_personal_value, tick};
use crate::matching;
use crate::spreadsheet::{Column, Sheet, Value};

/// Beyond as many distinct values a column holds no list of options.
const MANY: usize = 2_000;

/// A text of more bytes is no word for « not asked ».
const ABSENT: usize = 40;

/// A text of more bytes is no label.
const LONG_TEXT: usize = 4_096;

/// The content of a column, within the rows of the table.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    pub index: u32,
    /// Cells that hold something that shows, error values aside.
    pub filled: usize,
    /// Cells whose text was looked at; all of them but in very long columns.
    pub examined: usize,
    pub numbers: usize,
    /// Numbers without decimals.
    pub integers: usize,
    pub moments: usize,
    /// Texts that are too long to be labels, and are not among the values.
    pub long: usize,
    pub personal: usize,
    /// The words for « not asked » that stand there, which are no content.
    pub absent: Vec<String>,
    /// Distinct values, in order of appearance, with how often each stands
    /// there; labels that are the same are one. Cut off at [`MANY`].
    pub values: Vec<(String, usize)>,
    pub mean_length: usize,
    pub smallest: f64,
    pub largest: f64,
    /// Which values say yes or no, once somebody asked [`Profile::marks`].
    pub marks: OnceCell<Marks>,
}

/// How many values that are neither yes nor no are looked at.
pub const OTHERS: usize = 16;

/// Which values say yes or no.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// The vocabulary of the first value that does.
    pub family: Option<Family>,
    /// Whether one says yes.
    pub has_yes: bool,
    /// The ranks of the first values that say neither, nor « not asked ».
    pub others: Vec<usize>,
}

impl Profile {
    /// Counts a column.
    pub fn new(column: &Column, shape: &Shape, left_out: &[u32]) -> Self {
        let mut counts = vec![0_usize; column.values().len()];
        let rows = shape.first_row..=shape.last_row;
        for (row, code) in column.codes() {
            if rows.contains(&row)
                && left_out.binary_search(&row).is_err()
                && let Some(count) = counts.get_mut(code)
            {
                *count += 1;
            }
        }
        let mut profile = Self {
            index: column.index(),
            smallest: f64::INFINITY,
            largest: f64::NEG_INFINITY,
            ..Self::default()
        };
        let mut ranks: HashMap<String, usize> = HashMap::new();
        let mut length = 0;
        for (value, count) in column.values().iter().zip(counts).filter(|(_, count)| *count > 0) {
            if !value.is_blank() {
                let text = value.as_text();
                length += text.len().min(LONG_TEXT) * count;
                profile.add(value, &text, count, &mut ranks);
            }
        }
        profile.mean_length = length / profile.filled.max(1);
        profile
    }

    fn add(&mut self, value: &Value, text: &str, count: usize, ranks: &mut HashMap<String, usize>) {
        if matches!(value, Value::Fault(_)) {
            return;
        }
        if text.len() <= ABSENT && matches!(value, Value::Text(_)) && is_absent(text) {
            self.absent.push(text.trim().to_string());
            return;
        }
        self.filled += count;
        if text.len() > LONG_TEXT {
            self.long += count;
            return;
        }
        if let Some(number) = value.as_number() {
            self.numbers += count;
            self.integers += if number.fract() == 0.0 { count } else { 0 };
            self.smallest = self.smallest.min(number);
            self.largest = self.largest.max(number);
        }
        self.moments += if is_moment(value) { count } else { 0 };
        if self.values.len() >= MANY {
            return;
        }
        self.examined += count;
        self.personal += if is_personal_value(text) { count } else { 0 };
        let next = self.values.len();
        let rank = *ranks.entry(matching::key(text)).or_insert(next);
        match self.values.get_mut(rank) {
            Some((_, known)) => *known += count,
            None => self.values.push((text.trim().to_string(), count)),
        }
    }

    /// The values of several columns together.
    pub fn together<'a>(profiles: impl Iterator<Item = &'a Self>) -> Self {
        let mut whole = Self::default();
        let mut ranks: HashMap<String, usize> = HashMap::new();
        for profile in profiles {
            whole.filled += profile.filled;
            for (text, count) in &profile.values {
                let next = whole.values.len();
                let rank = *ranks.entry(matching::key(text)).or_insert(next);
                match whole.values.get_mut(rank) {
                    Some((_, known)) => *known += count,
                    None => whole.values.push((text.clone(), *count)),
                }
            }
        }
        whole
    }

    /// Which values say yes or no.
    pub fn marks(&self) -> &Marks {
        self.marks.get_or_init(|| {
            let mut marks = Marks::default();
            for (rank, (text, _)) in self.values.iter().enumerate() {
                match tick(text) {
                    Tick::Other if marks.others.len() < OTHERS => marks.others.push(rank),
                    Tick::Other | Tick::NotAsked => {}
                    said => {
                        marks.has_yes |= said == Tick::Yes;
                        marks.family = marks.family.or_else(|| family(text));
                    }
                }
            }
            marks
        })
    }

    /// How many distinct values there are.
    pub fn distinct(&self) -> usize {
        self.values.len()
    }

    /// Whether a share of the filled cells, out of 100, is of a kind.
    pub fn mostly(&self, count: usize, percent: usize) -> bool {
        self.filled > 0 && count * 100 >= self.filled * percent
    }

    /// Whether most of the cells that were looked at are particulars.
    pub fn is_personal(&self) -> bool {
        self.personal > 0 && self.personal * 2 >= self.examined
    }

    /// Whether no two rows hold the same value.
    pub fn is_unique(&self) -> bool {
        self.filled > 1 && (self.distinct() >= MANY || self.distinct() == self.filled)
    }
}

/// Profiles the columns of a sheet that hold something in the table, without the
/// rows that are left out, in rising order.
pub fn profiles(sheet: &Sheet, shape: &Shape, left_out: &[u32]) -> Vec<Profile> {
    sheet.columns().iter().map(|column| Profile::new(column, shape, left_out)).collect()
}

/// Whether a value is a date, or a text that writes one.
pub fn is_moment(value: &Value) -> bool {
    match value {
        Value::Moment(_) => true,
        Value::Text(text) => is_written_moment(text.trim()),
        _ => false,
    }
}

/// `2025-03-31`, `31/03/2025 14:05`, `5/10/18 4:01`, `2020-07-15T20:15:08+02:00`.
fn is_written_moment(text: &str) -> bool {
    if text.len() > 35 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let date = text.split(['T', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = date.split(['-', '/', '.']).collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let sizes: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    parts.iter().all(digits)
        && matches!(sizes.as_slice(), [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4] | [1..=2, 1..=2, 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_recognised_as_tools_write_them() {
        for text in ["2025-03-31", "31/03/2025 14:05", "5/10/18 4:01", "2020-07-15T20:15:08+02:00"]
        {
            assert!(is_written_moment(text), "{text}");
        }
        for text in ["1.5", "12/05", "2025", "Lundi 3 mars", "1-2-3-4"] {
            assert!(!is_written_moment(text), "{text}");
        }
    }
}
