//! The distinct values of a column, each known by its rank.

use std::hash::{BuildHasher, RandomState};

use super::limits::{Budget, TooHeavy};
use super::value::Value;

/// What a text costs beside its letters, in bytes: its counts, and what the
/// allocator adds.
const TEXT: usize = 40;

/// The distinct values of a column, in order of appearance, with a table to find
/// them by.
#[derive(Debug, Default)]
pub struct Distinct {
    values: Vec<Value>,
    /// A hash in the upper half and a rank counted from 1 in the lower one; 0
    /// where there is nothing. The length is a power of two.
    slots: Vec<u64>,
}

/// How values are hashed: from seeds that no file can know.
#[derive(Debug)]
pub struct Hashing {
    texts: RandomState,
    others: u64,
}

impl Default for Hashing {
    fn default() -> Self {
        let texts = RandomState::new();
        let others = texts.hash_one(0) | 1;
        Self { texts, others }
    }
}

impl Hashing {
    fn text(&self, text: &str) -> u32 {
        self.texts.hash_one(text) as u32
    }

    /// Numbers are many: a multiplication folded onto itself is enough.
    fn other(&self, value: &Value) -> u32 {
        let (kind, number) = match value {
            Value::Number(number) => (1, number.to_bits()),
            Value::Boolean(truth) => (2, u64::from(*truth)),
            Value::Moment(moment) => (3, moment.and_utc().timestamp_millis() as u64),
            Value::Text(text) | Value::Fault(text) => return self.text(text),
        };
        let product = u128::from(number ^ self.others.rotate_left(kind)) * u128::from(self.others);
        let folded = (product >> 64) as u64 ^ product as u64;
        (folded >> 32) as u32 ^ folded as u32
    }
}

impl Distinct {
    /// The rank of a text.
    pub fn text(
        &mut self,
        text: &str,
        hashing: &Hashing,
        budget: &mut Budget,
    ) -> Result<u32, TooHeavy> {
        let hash = hashing.text(text);
        let is = |value: &Value| matches!(value, Value::Text(known) if **known == *text);
        match self.find(hash, is) {
            Some(rank) => Ok(rank),
            None => self.add(hash, Value::text(text), budget),
        }
    }

    /// The rank of a value.
    pub fn value(
        &mut self,
        value: Value,
        hashing: &Hashing,
        budget: &mut Budget,
    ) -> Result<u32, TooHeavy> {
        let hash = hashing.other(&value);
        match self.find(hash, |known| same(known, &value)) {
            Some(rank) => Ok(rank),
            None => self.add(hash, value, budget),
        }
    }

    fn find(&self, hash: u32, is: impl Fn(&Value) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let slot = *self.slots.get(at)?;
            let rank = (slot as u32).checked_sub(1)?;
            let alike = (slot >> 32) as u32 == hash;
            if alike && self.values.get(rank as usize).is_some_and(&is) {
                return Some(rank);
            }
            at = (at + 1) & mask;
        }
    }

    fn add(&mut self, hash: u32, value: Value, budget: &mut Budget) -> Result<u32, TooHeavy> {
        self.make_room(budget)?;
        if let Value::Text(text) | Value::Fault(text) = &value {
            budget.spend(TEXT + text.len())?;
        }
        let rank = u32::try_from(self.values.len()).map_err(|_| TooHeavy)?;
        self.values.push(value);
        put(&mut self.slots, hash, rank);
        Ok(rank)
    }

    /// Makes room for one more value. What grows is copied: for a moment the old
    /// and the new live together.
    fn make_room(&mut self, budget: &mut Budget) -> Result<(), TooHeavy> {
        let held = self.values.capacity();
        if self.values.len() == held {
            let more = held.max(4);
            budget
                .exchange_copying(size_of::<Value>() * held, size_of::<Value>() * (held + more))?;
            self.values.reserve_exact(more);
        }
        let room = self.slots.len();
        if (self.values.len() + 1) * 4 > room * 3 {
            let wanted = (2 * room).max(8);
            budget.exchange_copying(8 * room, 8 * wanted)?;
            let mut slots = vec![0; wanted];
            for slot in self.slots.iter().filter(|slot| **slot > 0) {
                put(&mut slots, (slot >> 32) as u32, *slot as u32 - 1);
            }
            self.slots = slots;
        }
        Ok(())
    }

    /// The values, in order of appearance.
    pub fn into_values(mut self) -> Vec<Value> {
        self.values.shrink_to_fit();
        self.values
    }
}

/// Puts a rank into the first free slot.
fn put(slots: &mut [u64], hash: u32, rank: u32) {
    let mask = slots.len().saturating_sub(1);
    let mut at = hash as usize & mask;
    while slots.get(at).is_some_and(|slot| *slot > 0) {
        at = (at + 1) & mask;
    }
    if let Some(slot) = slots.get_mut(at) {
        *slot = (u64::from(hash) << 32) | (u64::from(rank) + 1);
    }
}

/// Whether two values are one: of one kind, and the same to the bit.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.to_bits() == other.to_bits(),
        _ => one == other,
    }
}

/// How many bytes of memory values take.
pub fn bytes(values: &[Value]) -> usize {
    let text = |value: &Value| match value {
        Value::Text(text) | Value::Fault(text) => TEXT + text.len(),
        _ => 0,
    };
    size_of_val(values) + values.iter().map(text).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_rank_however_often_it_comes() {
        let (mut distinct, hashing) = (Distinct::default(), Hashing::default());
        let mut budget = Budget::default();
        let values = |round: usize| {
            let number = |n: u32| Value::Number(f64::from(n) / 7.0);
            let others = [
                Value::Boolean(true),
                Value::text("1"),
                Value::Fault("1".into()),
                Value::Number(0.0),
                Value::Number(-0.0),
                Value::Number(f64::NAN),
            ];
            let numbers = (1..5_000).map(number).chain(others);
            numbers.chain((0..3_000).map(move |n| Value::text(&format!("texte {n}")))).skip(round)
        };
        for round in 0..2 {
            for (rank, value) in values(round).enumerate() {
                let rank = (rank + round) as u32;
                if let Value::Text(text) = &value {
                    assert_eq!(distinct.text(text, &hashing, &mut budget), Ok(rank));
                }
                assert_eq!(distinct.value(value, &hashing, &mut budget), Ok(rank));
            }
        }
        let spent = Budget::default().left() - budget.left();
        let values = distinct.into_values();
        assert_eq!(values.len(), 4_999 + 6 + 3_000);
        assert!(bytes(&values) <= spent && spent <= 2 * bytes(&values));
    }

    #[test]
    fn a_column_without_memory_is_refused() {
        let (mut distinct, hashing) = (Distinct::default(), Hashing::default());
        let mut budget = Budget::default();
        budget.spend(budget.left() - 10_000).unwrap();
        let numbers = (0..1_000).map(|n| Value::Number(f64::from(n)));
        let all: Result<Vec<u32>, TooHeavy> =
            numbers.map(|value| distinct.value(value, &hashing, &mut budget)).collect();
        assert_eq!(all, Err(TooHeavy));
    }
}
