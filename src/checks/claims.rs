//! What a printed number claims of the value it stands for.

use crate::indicators::Value;
use crate::matching;
use crate::published::PublishedFigure;
use crate::typography::round_half_up;

/// The claim of a number, given the word before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    Equal,
    About,
    MoreThan,
    LessThan,
}

/// How far from the value « près de » may be, as a share of it.
const ABOUT: f64 = 0.05;

impl Claim {
    /// The claim of a published figure.
    pub fn of(figure: &PublishedFigure) -> Self {
        Self::of_words(figure.approximation.as_deref().unwrap_or_default())
    }

    /// The claim of the words before a number; unknown ones make it
    /// approximate.
    pub fn of_words(words: &str) -> Self {
        match matching::loose_key(words).as_str() {
            "" => Self::Equal,
            "plus de" | "plus d'" | "au moins" => Self::MoreThan,
            "moins de" | "moins d'" | "au plus" => Self::LessThan,
            _ => Self::About,
        }
    }

    /// The claim of a number by the end of the text before it.
    pub fn before(text: &str) -> Self {
        const WORDS: [&str; 10] = [
            "plus de", "plus d'", "au moins", "moins de", "moins d'", "au plus", "pres de",
            "pres d'", "environ", "quelque",
        ];
        let key = matching::loose_key(text);
        let key = key.trim_end();
        Self::of_words(WORDS.iter().find(|word| key.ends_with(*word)).copied().unwrap_or_default())
    }

    /// Whether a value bears out a number printed with so many decimals.
    pub fn holds(self, value: f64, printed: f64, decimals: usize) -> bool {
        match self {
            Self::Equal => (round_half_up(value, decimals) - printed).abs() < 1e-9,
            Self::About => (value - printed).abs() <= ABOUT * printed.abs(),
            Self::MoreThan => value >= printed,
            Self::LessThan => value <= printed,
        }
    }

    /// The same for a value of a figure. A percentage of an exclusive question
    /// may be printed as it is rounded with the others, or by itself.
    pub fn holds_for(self, value: &Value, printed: f64, decimals: usize) -> bool {
        let Some(exact) = value.value else { return false };
        let together = value.rounded(decimals).unwrap_or(exact);
        self.holds(exact, printed, decimals)
            || (self == Self::Equal && (together - printed).abs() < 1e-9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::Rounding;

    #[test]
    fn a_part_of_a_whole_may_be_rounded_with_the_others() {
        let third = Value {
            value: Some(100.0 / 3.0),
            rounding: Rounding::Part { up: 0b11 },
            ..Value::default()
        };
        assert!(Claim::Equal.holds_for(&third, 34.0, 0) && Claim::Equal.holds_for(&third, 33.0, 0));
        assert!(
            Claim::Equal.holds_for(&third, 33.4, 1) && !Claim::Equal.holds_for(&third, 34.4, 1)
        );
        assert!(
            !Claim::Equal.holds_for(&third, 35.0, 0) && !Claim::Equal.holds_for(&third, 32.0, 0)
        );
        assert!(!Claim::Equal.holds_for(&Value::default(), 0.0, 0));
    }

    #[test]
    fn words_before_a_number_say_what_it_claims() {
        assert_eq!(Claim::before("avec plus de "), Claim::MoreThan);
        assert_eq!(Claim::before("soit près\u{A0}d’"), Claim::About);
        assert_eq!(Claim::before("les "), Claim::Equal);
        assert!(Claim::MoreThan.holds(92.1, 90.0, 0));
        assert!(Claim::About.holds(57.0, 58.0, 0) && !Claim::About.holds(50.0, 58.0, 0));
        assert!(Claim::Equal.holds(65.6, 66.0, 0) && !Claim::Equal.holds(65.4, 66.0, 0));
    }
}
