//! Means and totals of numbers by région, with the national one published.
//!
//! The national total less the shown régions' gives the total of the hidden
//! régions together. That remainder is a figure like any other, published by
//! deduction: it must satisfy the rules that the figures printed do. One hidden
//! région alone never does, since it is its own remainder.

use super::mask::Mark;
use super::rules::Rules;

/// The rule of dominance, for amounts that are not public anyway.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dominance {
    /// The share of the largest contributor, in per cent, from which an amount
    /// is hidden; 0 turns the rule off.
    pub percent: f64,
    /// The least number of contributors.
    pub contributors: usize,
}

impl Default for Dominance {
    fn default() -> Self {
        Self { percent: 85.0, contributors: 3 }
    }
}

impl Dominance {
    /// No rule of dominance.
    pub const OFF: Self = Self { percent: 0.0, contributors: 0 };
}

/// Which régions' means or totals are hidden, and whether the national one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeansMask {
    /// In the order of the régions given.
    pub regions: Vec<Mark>,
    /// The national figure, hidden last.
    pub national: Mark,
}

/// Whether an amount would give away its largest contributor: the latter makes
/// up `percent` % of the amount or more, or there are fewer than `least`
/// contributors. Contributors are those of an amount other than zero; nobody's
/// amount (no contribution at all) gives nobody away. `percent` 0: never.
#[must_use]
pub fn dominant(contributions: &[f64], percent: f64, least: usize) -> bool {
    if contributions.is_empty() || percent <= 0.0 {
        return false;
    }
    let sizes = contributions.iter().map(|amount| amount.abs()).filter(|amount| *amount > 0.0);
    let total: f64 = sizes.clone().sum();
    let largest = sizes.clone().fold(0.0, f64::max);
    sizes.count() < least || largest * 100.0 >= percent * total
}

/// Whether an amount may not appear, for its base or for who makes it up.
#[must_use]
pub fn gives_away(amounts: &[f64], rules: &Rules, dominance: &Dominance) -> bool {
    rules.base_too_small(amounts.len())
        || dominant(amounts, dominance.percent, dominance.contributors)
}

/// Which régions' means (or totals) to hide, knowing how many respondents each
/// rests on. `national` is the base of the published national mean, `None` if
/// none is published. A région without respondents has no mean to hide.
#[must_use]
pub fn hide_means(bases: &[usize], national: Option<usize>, rules: &Rules) -> MeansMask {
    let respondents =
        |hidden: &[usize]| -> usize { hidden.iter().filter_map(|region| bases.get(*region)).sum() };
    let together = |hidden: &[usize]| rules.base_too_small(respondents(hidden));
    let national = national.map(|base| rules.base_too_small(base));
    hide(bases, national, |region| together(&[region]), together)
}

/// [`hide_means`] for amounts, under the rule of dominance too.
/// `contributions` has one list per région, with an amount for each of its
/// respondents; `apart` those of the respondents that are in no région, and in
/// the national amount only. The régions that are `forced` (one flag each; none
/// where there are none) are hidden in any case.
#[must_use]
pub fn hide_amounts(
    contributions: &[Vec<f64>],
    apart: &[f64],
    forced: &[bool],
    rules: &Rules,
    dominance: &Dominance,
) -> MeansMask {
    let gives_away = |amounts: &[f64]| gives_away(amounts, rules, dominance);
    let lists = |regions: &[usize]| -> Vec<f64> {
        regions.iter().filter_map(|region| contributions.get(*region)).flatten().copied().collect()
    };
    let together = |hidden: &[usize]| gives_away(&[lists(hidden).as_slice(), apart].concat());
    let bases: Vec<usize> = contributions.iter().map(Vec::len).collect();
    let all: Vec<usize> = (0..bases.len()).collect();
    let alone = |region: usize| forced.get(region) == Some(&true) || gives_away(&lists(&[region]));
    hide(&bases, Some(together(&all)), alone, together)
}

/// Hides the régions that are sensitive alone, then others, smallest base
/// first, until what is hidden and what is in no région are not sensitive
/// together; failing that, the national figure.
fn hide(
    bases: &[usize],
    national: Option<bool>,
    alone: impl Fn(usize) -> bool,
    sensitive: impl Fn(&[usize]) -> bool,
) -> MeansMask {
    let (primary, others): (Vec<usize>, Vec<usize>) =
        ranked(bases).into_iter().partition(|region| alone(*region));
    let mark = if national == Some(true) { Mark::Primary } else { Mark::Shown };
    let mut mask = MeansMask { regions: vec![Mark::Shown; bases.len()], national: mark };
    mark_all(&mut mask, &primary, Mark::Primary);
    if national == Some(false) && sensitive(&primary) {
        match complement(&primary, &others, &sensitive) {
            Some(added) => mark_all(&mut mask, &added, Mark::Complementary),
            None => mask.national = Mark::Complementary,
        }
    }
    mask
}

/// The régions with respondents, smallest base first.
fn ranked(bases: &[usize]) -> Vec<usize> {
    let base = |region: &usize| bases.get(*region).copied().unwrap_or_default();
    let mut regions: Vec<usize> = (0..bases.len()).filter(|region| base(region) > 0).collect();
    regions.sort_by_key(base);
    regions
}

/// One région to add if one will do, else the first few, less those that turn
/// out not to be needed.
fn complement(
    primary: &[usize],
    others: &[usize],
    sensitive: &impl Fn(&[usize]) -> bool,
) -> Option<Vec<usize>> {
    let safe = |added: &[usize]| !sensitive(&[primary, added].concat());
    let one = others.iter().find(|region| safe(&[**region])).map(|region| vec![*region]);
    one.or_else(|| {
        let enough = (2..=others.len()).find_map(|n| others.get(..n).filter(|few| safe(few)))?;
        Some(thinned(enough.to_vec(), safe))
    })
}

fn thinned(mut added: Vec<usize>, safe: impl Fn(&[usize]) -> bool) -> Vec<usize> {
    for region in added.clone().into_iter().rev() {
        let less: Vec<usize> = added.iter().copied().filter(|other| *other != region).collect();
        if safe(&less) {
            added = less;
        }
    }
    added
}

fn mark_all(mask: &mut MeansMask, regions: &[usize], mark: Mark) {
    for region in regions {
        if let Some(place) = mask.regions.get_mut(*region) {
            *place = mark;
        }
    }
}
