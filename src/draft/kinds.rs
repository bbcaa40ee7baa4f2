//! What kind of question a column asks.

use super::names::Name;
use super::profile::Profile;
use super::separators::{Several, several};
use super::vocabulary::{Tick, is_personal_title, is_technical, tick};
use crate::codebook::Kind;

/// A list has no more options than this.
const MOST_OPTIONS: usize = 150;

/// A scale has no more steps than this.
const MOST_STEPS: usize = 11;

/// What a column was taken for.
#[derive(Debug, Clone, PartialEq)]
pub enum Guess {
    /// One of these options; in the order to show them.
    Single(Vec<String>),
    Several(Several),
    Number,
    Date,
    Identifier,
    Personal,
    Text,
    /// Nothing stands in it.
    Empty,
}

impl Guess {
    /// The kind of the question.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Single(_) => Kind::Single,
            Self::Several(_) => Kind::Multiple,
            Self::Number => Kind::Number,
            Self::Date => Kind::Date,
            Self::Identifier => Kind::Identifier,
            Self::Personal => Kind::Personal,
            Self::Text | Self::Empty => Kind::Text,
        }
    }
}

/// Guesses from the title and the content. `rows` is how many answers there
/// are.
pub fn guess(name: &Name, profile: &Profile, rows: usize) -> Guess {
    let personal_title = is_personal_title(&name.wording) || is_personal_title(&name.title);
    match () {
        () if profile.filled == 0 => Guess::Empty,
        () if profile.is_personal() => Guess::Personal,
        () if personal_title && !is_closed_list(profile) => Guess::Personal,
        () if profile.mostly(profile.moments, 90) => Guess::Date,
        () if is_technical(&name.title) && profile.is_unique() => Guess::Identifier,
        () => guess_answer(profile, rows),
    }
}

fn guess_answer(profile: &Profile, rows: usize) -> Guess {
    if profile.mostly(profile.numbers, 95) {
        return guess_number(profile, rows);
    }
    if let Some(several) = several(profile) {
        return Guess::Several(several);
    }
    let labels: Vec<String> = answers(profile);
    let longest = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    let listed = is_list(profile) && (longest <= 160 || labels.len() <= MOST_STEPS);
    if listed && !labels.is_empty() { Guess::Single(ordered(labels, profile)) } else { Guess::Text }
}

/// Whole numbers on a short scale are steps of it; others are amounts.
fn guess_number(profile: &Profile, rows: usize) -> Guess {
    let scale = profile.integers == profile.numbers
        && profile.smallest >= 0.0
        && profile.largest <= 10.0
        && profile.distinct() <= MOST_STEPS
        && profile.filled >= 3 * profile.distinct();
    let counts_rows = profile.is_unique()
        && profile.integers == profile.numbers
        && profile.largest - profile.smallest + 1.0 <= rows as f64 * 1.5
        && profile.filled == rows
        && rows > MOST_STEPS;
    match () {
        () if scale => Guess::Single(ordered(answers(profile), profile)),
        () if counts_rows => Guess::Identifier,
        () => Guess::Number,
    }
}

/// The values that are answers: « N/A » is not one.
pub fn answers(profile: &Profile) -> Vec<String> {
    let asked = profile.values.iter().filter(|(text, _)| tick(text) != Tick::NotAsked);
    asked.map(|(text, _)| text.clone()).collect()
}

/// Whether values come back often enough to be options of a list.
fn is_list(profile: &Profile) -> bool {
    let distinct = profile.distinct();
    let repeated: usize = profile.values.iter().map(|(_, n)| n).filter(|n| **n > 1).sum();
    match distinct {
        0 => false,
        1..=3 => true,
        4..=6 => profile.filled >= distinct + 2,
        _ => {
            distinct <= MOST_OPTIONS
                && profile.filled >= 2 * distinct
                && repeated * 100 >= profile.filled * 80
        }
    }
}

fn is_closed_list(profile: &Profile) -> bool {
    profile.distinct() <= MOST_STEPS && is_list(profile) && profile.filled >= 4 * profile.distinct()
}

/// Yes before no, steps in their order, other labels by frequency.
pub fn ordered(labels: Vec<String>, profile: &Profile) -> Vec<String> {
    let leading = |label: &String| {
        let digits: String = label.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().ok()
    };
    let count = |label: &String| {
        profile.values.iter().find(|(text, _)| text == label).map_or(0, |(_, count)| *count)
    };
    let mut labels = labels;
    if labels.iter().all(|label| leading(label).is_some()) {
        labels.sort_by_key(leading);
    } else if labels.iter().all(|label| matches!(tick(label), Tick::Yes | Tick::No)) {
        labels.sort_by_key(|label| tick(label) != Tick::Yes);
    } else {
        labels.sort_by_key(|label| std::cmp::Reverse(count(label)));
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(title: &str, values: &[(&str, usize)]) -> Guess {
        let mut profile = Profile {
            values: values.iter().map(|(text, count)| (text.to_string(), *count)).collect(),
            filled: values.iter().map(|(_, count)| count).sum(),
            smallest: f64::INFINITY,
            largest: f64::NEG_INFINITY,
            ..Profile::default()
        };
        for (text, count) in values {
            if let Ok(number) = text.parse::<f64>() {
                profile.numbers += count;
                profile.integers += if number.fract() == 0.0 { *count } else { 0 };
                profile.smallest = profile.smallest.min(number);
                profile.largest = profile.largest.max(number);
            }
        }
        let rows = profile.filled;
        guess(&Name { title: title.to_string(), ..Name::default() }, &profile, rows)
    }

    #[test]
    fn a_short_scale_is_a_choice_and_amounts_are_numbers() {
        let scale: Vec<(&str, usize)> = vec![("3", 10), ("1", 8), ("2", 7)];
        assert_eq!(
            guessed("Note", &scale),
            Guess::Single(vec!["1".into(), "2".into(), "3".into()])
        );
        assert_eq!(guessed("Âge", &[("34", 2), ("51", 1), ("28.5", 3)]), Guess::Number);
    }

    #[test]
    fn yes_stands_before_no() {
        let guess = guessed("Avez-vous un projet ?", &[("Non", 12), ("Oui", 5), ("N/A", 3)]);
        assert_eq!(guess, Guess::Single(vec!["Oui".into(), "Non".into()]));
    }

    #[test]
    fn a_personal_title_over_a_closed_list_is_a_question() {
        let regions = [("Bretagne", 20), ("Corse", 15)];
        assert_eq!(guessed("Adresse postale", &regions).kind(), Kind::Single);
        let names = [("Camille Exemple", 1), ("Claude Modèle", 1), ("Alix Essai", 1)];
        assert_eq!(guessed("Nom", &names), Guess::Personal);
    }

    #[test]
    fn free_text_is_text() {
        let words: Vec<String> = (0..30).map(|n| format!("réponse libre {n}")).collect();
        let values: Vec<(&str, usize)> = words.iter().map(|word| (word.as_str(), 1)).collect();
        assert_eq!(guessed("Remarques", &values), Guess::Text);
    }
}
