//! What the columns of one question hold: ticks, their own label, steps of a
//! scale.

use std::collections::HashSet;

use super::profile::{OTHERS, Profile};
use super::vocabulary::{Family, is_comment, is_other};
use crate::matching;

/// A scale has no more steps than this.
const MOST_STEPS: usize = OTHERS - 1;

/// What a column holds, as one of several of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Empty,
    /// Yes and no, in one vocabulary.
    Ticks(Family),
    /// The option's own label, and nothing or a no beside it.
    Own,
    /// One text only, which is not the label of the column.
    One(String),
    /// A few values that come back.
    Scale,
    Numbers,
    Free,
}

impl Content {
    /// What a column of a label holds.
    pub fn of(profile: &Profile, label: &str) -> Self {
        let others: Vec<&str> = other_values(profile).collect();
        match (others.as_slice(), profile.marks().family) {
            _ if profile.long > 0 => Self::Free,
            ([], None) => Self::Empty,
            ([], Some(first)) => Self::Ticks(first),
            ([only], _) if is_label(only, label) => Self::Own,
            ([_], Some(_)) if !profile.marks().has_yes && !is_number(profile) => Self::Own,
            ([only], None) => Self::One(matching::key(only)),
            _ if is_number(profile) && profile.distinct() > 11 => Self::Numbers,
            (others, _) if others.len() > MOST_STEPS => Self::Free,
            _ if profile.filled >= 2 * profile.distinct() => Self::Scale,
            _ => Self::Free,
        }
    }

    /// Whether an option's own column may hold this.
    pub fn is_tick(&self) -> bool {
        matches!(self, Self::Empty | Self::Ticks(_) | Self::Own | Self::One(_))
    }
}

/// The first values that are neither yes, no nor « not asked ».
pub fn other_values(profile: &Profile) -> impl Iterator<Item = &str> {
    let ranks = profile.marks().others.iter();
    ranks.filter_map(|rank| profile.values.get(*rank)).map(|(text, _)| text.as_str())
}

fn is_number(profile: &Profile) -> bool {
    profile.mostly(profile.numbers, 95)
}

/// Whether a value says what the column's title says, or the end of it.
fn is_label(value: &str, label: &str) -> bool {
    let (value, label) = (matching::key(value), matching::key(label));
    !value.is_empty() && label.ends_with(&value)
}

/// What the columns of a run have in common so far.
#[derive(Debug, Default)]
pub struct Nature {
    content: Option<Content>,
    values: HashSet<String>,
}

impl Nature {
    /// Takes in one more column; no where it belongs to another question.
    pub fn admit(&mut self, profile: &Profile, label: &str) -> bool {
        let content = Content::of(profile, label);
        let asks = label.trim_end().ends_with('?');
        let fits = match (&self.content, &content) {
            (_, Content::Empty) => !asks,
            (Some(Content::Ticks(_) | Content::Own), Content::Free | Content::One(_))
                if is_other(label) || is_comment(label) =>
            {
                return true;
            }
            (_, Content::Free) => false,
            (_, Content::Ticks(_)) if asks => false,
            (None, _) => true,
            (Some(Content::Ticks(ours)), Content::Ticks(theirs)) => ours == theirs,
            (Some(Content::Own), Content::Own) => true,
            (Some(Content::Numbers), Content::Numbers) => true,
            (Some(Content::Own | Content::Numbers), _) | (_, Content::Own | Content::Numbers) => {
                false
            }
            _ => self.shares(profile),
        };
        if fits && content != Content::Empty {
            // What columns of numbers hold tells nothing of the next one.
            let values = profile.values.iter().filter(|_| content != Content::Numbers);
            self.values.extend(values.map(|(text, _)| matching::key(text)));
            if self.content != Some(Content::Scale) {
                self.content = Some(content);
            }
        }
        fits
    }

    fn shares(&self, profile: &Profile) -> bool {
        profile.values.iter().any(|(text, _)| self.values.contains(&matching::key(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(values: &[(&str, usize)]) -> Profile {
        let numbers = values.iter().filter(|(t, _)| t.parse::<f64>().is_ok()).map(|(_, n)| n);
        Profile {
            filled: values.iter().map(|(_, n)| n).sum(),
            numbers: numbers.sum(),
            values: values.iter().map(|(text, n)| (text.to_string(), *n)).collect(),
            ..Profile::default()
        }
    }

    #[test]
    fn what_columns_hold_is_told_apart() {
        let of = |values: &[(&str, usize)], label: &str| Content::of(&profile(values), label);
        assert_eq!(of(&[("Oui", 3), ("Non", 4), ("N/A", 1)], "x"), Content::Ticks(Family::Oui));
        assert_eq!(of(&[("1", 3), ("0", 4)], "x"), Content::Ticks(Family::Digits));
        assert_eq!(of(&[("Jeunes", 3)], "Publics - Jeunes"), Content::Own);
        assert_eq!(of(&[("Father figure", 3), ("Not selected", 4)], "q4_1"), Content::Own);
        assert_eq!(of(&[("Jeunes", 3)], "q4_1"), Content::One("jeunes".into()));
        assert_eq!(of(&[("1", 3), ("2", 4), ("3", 9)], "x"), Content::Scale);
        assert_eq!(of(&[("un mot", 1), ("un autre", 1)], "x"), Content::Free);
        assert_eq!(of(&[], "x"), Content::Empty);
    }

    #[test]
    fn a_column_of_another_question_is_not_admitted() {
        let mut nature = Nature::default();
        assert!(nature.admit(&profile(&[("X", 3)]), "Jeunes"));
        assert!(nature.admit(&profile(&[]), "Adultes"));
        assert!(
            nature.admit(&profile(&[("les aidants", 1), ("un peu tous", 1)]), "Autre : précisez")
        );
        assert!(!nature.admit(&profile(&[("Oui", 3), ("Non", 2)]), "Est-ce gratuit"));
        assert!(!nature.admit(&profile(&[("Bretagne", 3), ("Corse", 3)]), "Région"));
    }
}
