//! Recognising options in what respondents wrote.
//!
//! Labels are matched exactly after [`matching::key`], then by synonym, then
//! not at all: an unknown answer is never guessed. In a cell with several
//! answers an option may itself contain the separator (« Média,
//! communication »): known options are matched longest first.

use std::collections::HashMap;

use super::{Choice, Separator};
use crate::matching;

/// Finds the options of a question in a text.
#[derive(Debug, Clone)]
pub struct OptionMatcher {
    /// The rank of the option of each label, synonym and identifier, by key.
    ranks: HashMap<String, usize>,
}

/// A part of a cell: a known option, or a text that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    Option(usize),
    Unknown(String),
}

impl OptionMatcher {
    /// A matcher for options. Labels take precedence over synonyms, synonyms
    /// over identifiers, and earlier options over later ones.
    pub fn new(options: &[Choice]) -> Self {
        let mut ranks = HashMap::new();
        let mut add = |text: &str, rank: usize| {
            ranks.entry(matching::key(text)).or_insert(rank);
        };
        for (rank, option) in options.iter().enumerate() {
            add(&option.label, rank);
        }
        for (rank, option) in options.iter().enumerate() {
            option.synonyms.iter().for_each(|synonym| add(synonym, rank));
        }
        for (rank, option) in options.iter().enumerate() {
            add(&option.id, rank);
        }
        Self { ranks }
    }

    /// The option of a whole cell.
    pub fn whole(&self, text: &str) -> Match {
        match self.ranks.get(&matching::key(text)) {
            Some(rank) => Match::Option(*rank),
            None => Match::Unknown(text.trim().to_string()),
        }
    }

    /// The options of a cell with several answers, in their order. Empty parts
    /// are passed over; an option named twice counts once.
    pub fn several(&self, text: &str, separator: Separator) -> Vec<Match> {
        let parts = split(text, separator);
        let limit = self.parts_of_options(separator);
        let mut found = Vec::new();
        let mut rest = parts.as_slice();
        while !rest.is_empty() {
            let (matched, length) = self.longest(rest, limit, separator);
            if let Some(matched) = matched.filter(|matched| !found.contains(matched)) {
                found.push(matched);
            }
            rest = rest.get(length..).unwrap_or_default();
        }
        found
    }

    /// In how many parts the separator cuts the options at the most.
    fn parts_of_options(&self, separator: Separator) -> usize {
        self.ranks.keys().map(|key| split(key, separator).len()).max().unwrap_or(1)
    }

    /// The longest run of parts that together name an option, and its length;
    /// else the first part alone.
    fn longest(
        &self,
        parts: &[&str],
        limit: usize,
        separator: Separator,
    ) -> (Option<Match>, usize) {
        for length in (1..=parts.len().min(limit)).rev() {
            let run = join(parts.get(..length).unwrap_or_default(), separator);
            if let Some(rank) = self.ranks.get(&matching::key(&run)) {
                return (Some(Match::Option(*rank)), length);
            }
        }
        let first = parts.first().map(|part| part.trim()).filter(|part| !part.is_empty());
        (first.map(|part| Match::Unknown(part.to_string())), 1)
    }
}

/// The parts of a cell, as they stand between separators.
fn split(text: &str, separator: Separator) -> Vec<&str> {
    match separator {
        Separator::Character(character) => text.split(character).collect(),
        Separator::Line => text.lines().collect(),
        Separator::Spaces => text.split_whitespace().collect(),
    }
}

fn join(parts: &[&str], separator: Separator) -> String {
    match separator {
        Separator::Character(character) => parts.join(&character.to_string()),
        Separator::Line => parts.join("\n"),
        Separator::Spaces => parts.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Place;

    fn matcher(options: &[(&str, &str, &[&str])]) -> OptionMatcher {
        let options: Vec<Choice> = options
            .iter()
            .map(|(id, label, synonyms)| Choice {
                id: id.to_string(),
                label: label.to_string(),
                synonyms: synonyms.iter().map(|synonym| synonym.to_string()).collect(),
                free: false,
                place: Place::default(),
            })
            .collect();
        OptionMatcher::new(&options)
    }

    #[test]
    fn labels_then_synonyms_then_nothing() {
        let matcher =
            matcher(&[("ins", "Insertion", &["Insertion pro"]), ("num", "Numérique", &[])]);
        assert_eq!(matcher.whole(" insertion. "), Match::Option(0));
        assert_eq!(matcher.whole("INSERTION PRO"), Match::Option(0));
        assert_eq!(matcher.whole("num"), Match::Option(1));
        assert_eq!(matcher.whole("Insertions"), Match::Unknown("Insertions".into()));
    }

    #[test]
    fn an_option_may_contain_the_separator() {
        let matcher = matcher(&[
            ("media", "Média, communication", &[]),
            ("com", "communication", &[]),
            ("num", "Numérique", &[]),
        ]);
        let several = |text| matcher.several(text, Separator::Character(','));
        assert_eq!(
            several("Numérique, Média, communication"),
            [Match::Option(2), Match::Option(0)]
        );
        assert_eq!(several("communication,Numérique,,"), [Match::Option(1), Match::Option(2)]);
        assert_eq!(several("Média, Numérique"), [Match::Unknown("Média".into()), Match::Option(2)]);
    }

    #[test]
    fn an_option_named_twice_counts_once() {
        let matcher = matcher(&[("a", "A", &[]), ("b", "B", &[])]);
        assert_eq!(
            matcher.several("A;B;a;", Separator::Character(';')),
            [Match::Option(0), Match::Option(1)]
        );
    }
}
