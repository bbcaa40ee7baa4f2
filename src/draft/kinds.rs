//! What kind of question a column asks.

use std::cmp::{Ordering, Reverse};

use super::names::Name;
use super::profile::Profile;
use super::separators::{Several, several};
use super::vocabulary::{
    ABOVE, BELOW, BETWEEN, SCALES, Tick, is_absent, is_contact_title, is_personal_title,
    is_place_title, is_technical, is_unnamed, tick,
};
use crate::codebook::Kind;
use crate::matching;
use crate::spreadsheet::parse_number;

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
        () if is_place_title(&name.title) => Guess::Personal,
        () if personal_title && !is_closed_list(profile) => Guess::Personal,
        () if is_contact_title(&name.title) && has_long_integers(profile) => Guess::Personal,
        () if profile.mostly(profile.moments, 90) => Guess::Date,
        () if is_technical(&name.title) && profile.is_unique() => Guess::Identifier,
        () if is_unnamed(&name.title) && profile.is_unique() && has_only_integers(profile) => {
            Guess::Identifier
        }
        () => guess_answer(profile, rows),
    }
}

fn has_only_integers(profile: &Profile) -> bool {
    profile.integers == profile.filled
}

/// Eight to twelve digits each: telephone numbers, below a title that asks for one.
fn has_long_integers(profile: &Profile) -> bool {
    profile.mostly(profile.integers, 90) && profile.smallest >= 1e7 && profile.largest < 1e12
}

fn guess_answer(profile: &Profile, rows: usize) -> Guess {
    if profile.long > 0 || holds_links(profile) {
        return Guess::Text;
    }
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

/// Addresses of pages and of sent files are no options.
fn holds_links(profile: &Profile) -> bool {
    let link =
        |text: &str| ["http://", "https://", "www."].iter().any(|start| text.starts_with(start));
    let links = profile.values.iter().filter(|(text, _)| link(text)).count();
    links > 0 && links * 2 > profile.values.len()
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
        && profile.index == 0
        && rows > MOST_STEPS;
    match () {
        () if scale => Guess::Single(ordered(answers(profile), profile)),
        () if counts_rows => Guess::Identifier,
        () => Guess::Number,
    }
}

/// The values that are answers: « N/A » is not one, « Sans objet » is.
pub fn answers(profile: &Profile) -> Vec<String> {
    let asked = profile.values.iter().filter(|(text, _)| !is_absent(text));
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
    let count = |label: &String| {
        profile.values.iter().find(|(text, _)| text == label).map_or(0, |(_, count)| *count)
    };
    let mut labels = labels;
    if let Some(scale) = scale_of(&labels) {
        let step =
            |label: &String| scale.iter().position(|step| *step == matching::loose_key(label));
        labels.sort_by_key(step);
    } else if labels.iter().all(|label| numbered_code(label).is_some()) {
        labels.sort_by(|a, b| numbered_code(a).cmp(&numbered_code(b)));
    } else if labels.iter().all(|label| magnitude(label).is_some()) {
        labels.sort_by(|a, b| magnitude(a).partial_cmp(&magnitude(b)).unwrap_or(Ordering::Equal));
    } else if labels.iter().all(|label| matches!(tick(label), Tick::Yes | Tick::No)) {
        labels.sort_by_key(|label| tick(label) != Tick::Yes);
    } else {
        labels.sort_by_key(|label| Reverse(count(label)));
    }
    labels
}

/// The letters and the number of an answer's code: `A12`.
fn numbered_code(label: &str) -> Option<(&str, u64)> {
    let start = label.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = label.split_at(start);
    let letter = |c: char| c.is_ascii_uppercase();
    let short = (1..=2).contains(&letters.len()) && letters.chars().all(letter);
    digits.parse().ok().filter(|_| short).map(|number| (letters, number))
}

/// The usual scale that holds all the labels.
fn scale_of(labels: &[String]) -> Option<&'static [&'static str]> {
    let keys: Vec<String> = labels.iter().map(|label| matching::loose_key(label)).collect();
    let holds = |scale: &&&[&str]| keys.iter().all(|key| scale.contains(&key.as_str()));
    SCALES.iter().find(holds).copied()
}

/// The first number of a label that measures: `18-24 ans`, `Moins de 18 ans`,
/// `Plus de 65 ans`, `5+`. None for a label that only holds a number.
fn magnitude(label: &str) -> Option<f64> {
    let key = matching::loose_key(label);
    let start = key.find(|c: char| c.is_ascii_digit())?;
    let (before, rest) = key.split_at(start);
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && !c.is_whitespace() && c != ',' && c != '.')
        .unwrap_or(rest.len());
    let number = parse_number(rest.get(..end)?.trim_end_matches([' ', ',', '.']))?;
    let before = before.trim_matches(|c: char| c.is_whitespace() || "$€<>≤≥~(".contains(c));
    let below = key.starts_with(['<', '≤']) || BELOW.contains(&before);
    let above = key.starts_with(['>', '≥']) || ABOVE.contains(&before);
    let plain = before.is_empty() || below || above || BETWEEN.contains(&before);
    let shift = if below { -0.5 } else { f64::from(u8::from(above)) * 0.5 };
    plain.then_some(number + shift)
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
    fn steps_stand_in_their_order() {
        let order = |labels: &[&str]| {
            let labels = labels.iter().map(|label| label.to_string()).collect();
            ordered(labels, &Profile::default())
        };
        assert_eq!(order(&["45-60", "> 60", "< 18", "18-29"]), ["< 18", "18-29", "45-60", "> 60"]);
        assert_eq!(
            order(&["De 20 001 à 35 000 €", "Plus de 35 000 €", "Moins de 20 000 €"]),
            ["Moins de 20 000 €", "De 20 001 à 35 000 €", "Plus de 35 000 €"]
        );
        assert_eq!(
            order(&["Plutôt d’accord", "Pas du tout d'accord", "Tout à fait d’accord"]),
            ["Tout à fait d’accord", "Plutôt d’accord", "Pas du tout d'accord"]
        );
        assert_eq!(order(&["Often", "Never", "Sometimes"]), ["Never", "Sometimes", "Often"]);
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
    fn telephone_numbers_have_no_mean_and_links_are_no_options() {
        let profile = Profile {
            values: vec![("97123456".to_string(), 1), ("61204567".to_string(), 1)],
            filled: 2,
            examined: 2,
            numbers: 2,
            integers: 2,
            smallest: 61_204_567.0,
            largest: 97_123_456.0,
            ..Profile::default()
        };
        let name =
            |title: &str| Name { title: title.into(), wording: title.into(), ..Name::default() };
        assert_eq!(guess(&name("Contact de l'apprenant"), &profile, 2), Guess::Personal);
        assert_eq!(guess(&name("Budget"), &profile, 2), Guess::Number);
        let places = [("48.85", 4), ("43.60", 4)];
        assert_eq!(guessed("LocationLatitude", &places), Guess::Personal);
        let links = [("https://exemple.org/a.jpg", 1), ("https://exemple.org/b.jpg", 1)];
        assert_eq!(guessed("Photo du lieu", &links), Guess::Text);
    }

    #[test]
    fn free_text_is_text() {
        let words: Vec<String> = (0..30).map(|n| format!("réponse libre {n}")).collect();
        let values: Vec<(&str, usize)> = words.iter().map(|word| (word.as_str(), 1)).collect();
        assert_eq!(guessed("Remarques", &values), Guess::Text);
    }
}
