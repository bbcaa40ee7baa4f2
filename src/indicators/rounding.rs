//! How percentages are rounded for display.
//!
//! Those of an exclusive question are parts of a whole: they are rounded
//! together, by the largest remainder, so that what a reader adds up makes 100.
//! The others are rounded each by itself. Values stay what they are: only what
//! is displayed is rounded.
//!
//! **Nothing hidden shows in a rounding.** The hidden options of a group and
//! those who chose none are one part among the others: what the shown options
//! leave of 100. The roundings are then a function of what is shown, and tell a
//! reader nothing more.

use crate::codebook::{Kind, Question};
use crate::statistics::rounding::{floor, largest_remainder};
use crate::tabulation::Group;
use crate::typography::round_half_up;

use super::GroupMask;

/// The most decimals a percentage is shown with.
const MOST_DECIMALS: usize = 6;

/// How a value is rounded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest, halves away from zero.
    #[default]
    Nearest,
    /// As a part of a whole: up with as many decimals as the bits of `up` say,
    /// down with the others.
    Part { up: u8 },
}

impl Rounding {
    /// A value with a number of decimals.
    pub fn apply(self, value: f64, decimals: usize) -> f64 {
        match self {
            Self::Part { up } if decimals <= MOST_DECIMALS => {
                let scale = 10_f64.powi(decimals as i32);
                (floor(value * scale) + f64::from((up >> decimals) & 1)) / scale
            }
            _ => round_half_up(value, decimals),
        }
    }
}

/// The rounding of each option of a question in a group, of which some are
/// hidden.
pub fn roundings(question: &Question, group: &Group, hidden: &GroupMask) -> Vec<Rounding> {
    let mut roundings = vec![Rounding::Nearest; group.options.len()];
    if question.kind != Kind::Single {
        return roundings;
    }
    let shown = |(option, count): (usize, &crate::tabulation::Count)| {
        let share = count.share.filter(|_| !hidden.hides(Some(option)))?;
        Some((option, 100.0 * share.value))
    };
    let parts: Vec<(usize, f64)> = group.options.iter().enumerate().filter_map(shown).collect();
    let mut ups = vec![0_u8; parts.len()];
    for decimals in 0..=MOST_DECIMALS {
        let scale = 10_f64.powi(decimals as i32);
        let units: Vec<f64> = parts.iter().map(|(_, value)| value * scale).collect();
        let Some(up) = largest_remainder(&units, 100.0 * scale) else { return roundings };
        for (ups, up) in ups.iter_mut().zip(up) {
            *ups |= u8::from(up) << decimals;
        }
    }
    for ((option, _), up) in parts.iter().zip(ups) {
        if let Some(rounding) = roundings.get_mut(*option) {
            *rounding = Rounding::Part { up };
        }
    }
    roundings
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codebook::{Codebook, Question};
    use crate::diagnostics::Diagnostics;
    use crate::tabulation::{Count, Estimated};

    fn question(kind: &str, options: usize) -> Question {
        let ids: Vec<String> =
            (0..options).map(|n| format!("{{ id = 'o{n}', libelle = 'O{n}' }}")).collect();
        let text = format!(
            "[[question]]\nid = 'q'\ntype = '{kind}'\ncolonne = 'Q'\nmodalites = [{}]\n",
            ids.join(", ")
        );
        let codebook = Codebook::parse("d.toml", &text, &mut Diagnostics::new()).unwrap();
        codebook.questions.into_iter().next().unwrap()
    }

    fn group(counts: &[usize], base: usize) -> Group {
        let count = |count: &usize| Count {
            count: *count,
            weighted: *count as f64,
            share: (base > 0).then(|| Estimated::bare(*count as f64 / base as f64)),
        };
        Group { base, options: counts.iter().map(count).collect(), ..Group::default() }
    }

    fn shown(
        kind: &str,
        counts: &[usize],
        base: usize,
        hidden: &[bool],
        decimals: usize,
    ) -> Vec<f64> {
        let mask = GroupMask { options: hidden.to_vec(), ..GroupMask::default() };
        let group = group(counts, base);
        let roundings = roundings(&question(kind, counts.len()), &group, &mask);
        let values = group.options.iter().map(|count| 100.0 * count.share.unwrap().value);
        values.zip(roundings).map(|(value, rounding)| rounding.apply(value, decimals)).collect()
    }

    #[test]
    fn the_parts_of_an_exclusive_question_make_a_hundred() {
        // To the nearest, they would be 33, 33, 33 and 1.
        assert_eq!(shown("choix-unique", &[2, 2, 2], 6, &[], 0), [34.0, 33.0, 33.0]);
        assert_eq!(shown("choix-unique", &[2, 2, 2], 6, &[], 1), [33.4, 33.3, 33.3]);
        assert_eq!(shown("choix-multiple", &[2, 2, 2], 6, &[], 0), [33.0, 33.0, 33.0]);
    }

    #[test]
    fn those_who_chose_nothing_are_a_part_of_the_whole() {
        assert_eq!(shown("choix-unique", &[2, 2, 2], 7, &[], 0), [29.0, 29.0, 28.0]);
    }

    proptest! {
        /// What is hidden may be anything that leaves the shown counts and the
        /// base as they are: the display stays the same.
        #[test]
        fn a_rounding_tells_nothing_of_what_is_hidden(
            open in proptest::collection::vec(0_usize..40, 1..5),
            total in 2_usize..60,
            (first, second) in (0_usize..=60, 0_usize..=60),
            decimals in 0_usize..=2,
        ) {
            let base = open.iter().sum::<usize>() + total;
            let counts = |part: usize| [open.clone(), vec![part % (total + 1), total - part % (total + 1)]].concat();
            let hidden = [vec![false; open.len()], vec![true; 2]].concat();
            let display = |part: usize| {
                let mut all = shown("choix-unique", &counts(part), base, &hidden, decimals);
                all.truncate(open.len());
                all
            };
            prop_assert_eq!(display(first), display(second));
        }
    }
}
