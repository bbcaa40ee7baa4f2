//! Random tables, the same at each run.

use super::*;

/// SplitMix64.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high`, both included.
    pub fn among(&mut self, low: usize, high: usize) -> usize {
        low + (self.roll() % (high - low + 1) as u64) as usize
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.among(0, of.len() - 1)]
    }
}

pub fn rules(dice: &mut Dice) -> Rules {
    Rules {
        base_minimale: dice.one(&[0, 3, 5, 5, 10]),
        effectif_minimal: dice.one(&[0, 0, 2, 3, 5]),
        protection: dice.one(&[1, 2, 2, 3, 5]),
    }
}

pub fn kind(dice: &mut Dice) -> Kind {
    dice.one(&[Kind::Exclusive, Kind::Multiple, Kind::AtLeastOne])
}

fn published(dice: &mut Dice) -> Published {
    let percent = |decimals| Published::Percentages { decimals };
    dice.one(&[Published::Counts, Published::Counts, percent(0), percent(1)])
}

/// A table over these bases; shares of the options vary from rare to frequent.
pub fn table(dice: &mut Dice, kind: Kind, rows: usize, bases: Vec<usize>) -> Table {
    let shares: Vec<usize> = (0..rows).map(|_| dice.one(&[0, 2, 10, 30, 60, 95])).collect();
    let rest = dice.one(&[0, 0, 1, 20]);
    let mut counts = vec![vec![0; bases.len()]; rows];
    for (region, &base) in bases.iter().enumerate() {
        for _ in 0..base {
            answer(dice, kind, &shares, rest, |row| counts[row][region] += 1);
        }
    }
    let national = if dice.among(0, 9) == 0 { Published::Nothing } else { published(dice) };
    Table::new(kind, counts, bases).expect("a table").published(published(dice), national)
}

fn answer(dice: &mut Dice, kind: Kind, shares: &[usize], rest: usize, mut tick: impl FnMut(usize)) {
    if kind == Kind::Exclusive {
        let total = shares.iter().sum::<usize>() + rest;
        let mut left = dice.among(0, total.max(1) - 1);
        for (row, share) in shares.iter().enumerate() {
            if left < *share {
                return tick(row);
            }
            left -= share;
        }
        return;
    }
    let ticked: Vec<bool> = shares.iter().map(|share| dice.among(0, 99) < *share).collect();
    let forced = kind == Kind::AtLeastOne && !ticked.contains(&true);
    let spare = dice.among(0, shares.len() - 1);
    for (row, ticked) in ticked.into_iter().enumerate() {
        if ticked || (forced && row == spare) {
            tick(row);
        }
    }
}

/// Few respondents in few régions.
pub fn tiny(dice: &mut Dice) -> Table {
    let (rows, regions) = dice.one(&[(1, 2), (1, 3), (1, 4), (2, 2), (2, 3), (3, 2), (1, 5)]);
    let bases = (0..regions).map(|_| dice.one(&[0, 1, 2, 3, 4, 4, 6, 7])).collect();
    let kind = kind(dice);
    table(dice, kind, rows, bases)
}

pub fn small(dice: &mut Dice) -> Table {
    let (rows, regions) = (dice.among(1, 6), dice.among(1, 8));
    let bases = (0..regions).map(|_| dice.one(&[0, 1, 2, 3, 4, 6, 9, 14, 25])).collect();
    let kind = kind(dice);
    table(dice, kind, rows, bases)
}

/// The shape of an edition: sixteen régions of 2 to 48 respondents, one or two
/// of them of 1 to 4.
pub fn realistic(dice: &mut Dice) -> Table {
    let mut bases: Vec<usize> = (0..16).map(|_| dice.among(5, 48)).collect();
    for _ in 0..dice.among(1, 2) {
        let region = dice.among(0, 15);
        bases[region] = dice.among(1, 4);
    }
    let (kind, rows) = (kind(dice), dice.among(2, 12));
    table(dice, kind, rows, bases)
}
