//! Whether the cells of a column hold several answers, and what stands between
//! them.

use std::collections::{HashMap, HashSet};

use super::profile::Profile;
use crate::codebook::Separator;
use crate::matching;

/// The separators of form tools, the surest first.
const CANDIDATES: [Separator; 6] = [
    Separator::Character(';'),
    Separator::Line,
    Separator::Character('|'),
    Separator::Character(','),
    Separator::Character('/'),
    Separator::Spaces,
];

/// A list of options has no more than this.
const MOST_OPTIONS: usize = 80;

/// Several answers a cell: the separator, and the options by frequency.
#[derive(Debug, Clone, PartialEq)]
pub struct Several {
    pub separator: Separator,
    /// The label of each option and how often it stands there.
    pub options: Vec<(String, usize)>,
}

/// Finds the separator of a column, if its cells hold several answers.
///
/// They do where cutting gives fewer distinct parts than there are distinct
/// cells (the same options in many combinations), or where every cell ends
/// with the separator, as Microsoft Forms writes them.
pub fn several(profile: &Profile) -> Option<Several> {
    CANDIDATES.into_iter().find_map(|separator| {
        let holding = cells_with(profile, separator);
        let closed = is_closed(profile, separator);
        if holding == 0 || (holding * 20 < profile.filled && !closed) {
            return None;
        }
        let options = options(profile, separator);
        let several = Several { separator, options };
        is_list(profile, &several, closed).then_some(several)
    })
}

fn is_list(profile: &Profile, several: &Several, closed: bool) -> bool {
    let count = several.options.len();
    let mentions: usize = several.options.iter().map(|(_, count)| count).sum();
    let repeated: usize =
        several.options.iter().map(|(_, count)| count).filter(|count| **count > 1).sum();
    let frequent = repeated * 100 >= mentions * if closed { 70 } else { 85 };
    let combines = count < profile.distinct() && mentions > profile.filled;
    let sensible = (2..=MOST_OPTIONS).contains(&count)
        && (several.separator != Separator::Spaces || are_codes(several));
    let short = several.options.iter().all(|(label, _)| label.chars().count() <= 160);
    sensible && short && frequent && (combines || closed)
}

/// Spaces separate codes, never words: Kobo's `jeunes adultes`.
fn are_codes(several: &Several) -> bool {
    let code = |label: &str| {
        label.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
            && label.chars().any(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    several.options.len() <= 40 && several.options.iter().all(|(label, _)| code(label))
}

fn cells_with(profile: &Profile, separator: Separator) -> usize {
    let holds = |text: &str| cut(text, separator).len() > 1;
    profile.values.iter().filter(|(text, _)| holds(text)).map(|(_, count)| count).sum()
}

/// Whether every cell ends with the separator.
fn is_closed(profile: &Profile, separator: Separator) -> bool {
    let Separator::Character(character) = separator else { return false };
    profile.filled > 0 && profile.values.iter().all(|(text, _)| text.ends_with(character))
}

fn cut(text: &str, separator: Separator) -> Vec<&str> {
    let parts: Vec<&str> = match separator {
        Separator::Character(character) => text.split(character).collect(),
        Separator::Line => text.lines().collect(),
        Separator::Spaces => text.split_whitespace().collect(),
    };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The options of a column, by frequency. Parts that only ever stand together
/// are one option that contains the separator.
fn options(profile: &Profile, separator: Separator) -> Vec<(String, usize)> {
    let joints = joints(profile, separator);
    let glue = match separator {
        Separator::Character(character) => format!("{character} "),
        Separator::Line => "\n".to_string(),
        Separator::Spaces => " ".to_string(),
    };
    let mut found: Vec<(String, usize)> = Vec::new();
    let mut ranks: HashMap<String, usize> = HashMap::new();
    for (text, count) in &profile.values {
        for label in glued(&cut(text, separator), &joints, &glue) {
            let next = found.len();
            let rank = *ranks.entry(matching::key(&label)).or_insert(next);
            match found.get_mut(rank) {
                Some((_, known)) => *known += count,
                None => found.push((label, *count)),
            }
        }
    }
    found.sort_by_key(|b| std::cmp::Reverse(b.1));
    found
}

/// The pairs of parts that only ever stand together, the second right after
/// the first, three times at least.
fn joints(profile: &Profile, separator: Separator) -> HashSet<(String, String)> {
    let mut alone: HashMap<String, usize> = HashMap::new();
    let mut together: HashMap<(String, String), usize> = HashMap::new();
    for (text, count) in &profile.values {
        let parts: Vec<String> = cut(text, separator).into_iter().map(matching::key).collect();
        for part in &parts {
            *alone.entry(part.clone()).or_default() += count;
        }
        for pair in parts.windows(2) {
            if let [first, second] = pair {
                *together.entry((first.clone(), second.clone())).or_default() += count;
            }
        }
    }
    let count = |part: &String| alone.get(part).copied().unwrap_or(0);
    let inseparable = |((first, second), count_of): &(&(String, String), &usize)| {
        **count_of >= 3 && count(first) == **count_of && count(second) == **count_of
    };
    let begins_low = |second: &str| second.chars().next().is_some_and(char::is_lowercase);
    together
        .iter()
        .filter(inseparable)
        .filter(|((_, second), _)| written_low(profile, second, begins_low))
        .map(|(pair, _)| pair.clone())
        .collect()
}

/// Whether a part is written with a small letter first, as the second half of
/// an option is: « Média, communication », but not « Jeunes, Adultes ».
fn written_low(profile: &Profile, key: &str, is_low: impl Fn(&str) -> bool) -> bool {
    let separators = [',', ';', '|', '/', '\n'];
    profile
        .values
        .iter()
        .flat_map(|(text, _)| text.split(separators))
        .map(str::trim)
        .filter(|part| matching::key(part) == key)
        .take(3)
        .all(is_low)
}

fn glued(parts: &[&str], joints: &HashSet<(String, String)>, glue: &str) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    let mut before: Option<String> = None;
    for part in parts {
        let key = matching::key(part);
        let joined = before.take().is_some_and(|before| joints.contains(&(before, key.clone())));
        match labels.last_mut().filter(|_| joined) {
            Some(label) => *label = format!("{label}{glue}{part}"),
            None => labels.push((*part).to_string()),
        }
        before = Some(key);
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(cells: &[&str]) -> Profile {
        let mut profile = Profile { filled: cells.len(), ..Profile::default() };
        for cell in cells {
            match profile.values.iter_mut().find(|(text, _)| text == cell) {
                Some((_, count)) => *count += 1,
                None => profile.values.push((cell.to_string(), 1)),
            }
        }
        profile
    }

    fn labels(several: &Several) -> Vec<&str> {
        let mut labels: Vec<&str> =
            several.options.iter().map(|(label, _)| label.as_str()).collect();
        labels.sort_unstable();
        labels
    }

    #[test]
    fn combinations_of_the_same_options_are_several_answers() {
        let cells = ["A, B", "A", "B, C", "A, B, C", "C", "A, C", "B", "A, B"];
        let found = several(&profile(&cells)).unwrap();
        assert_eq!(found.separator, Separator::Character(','));
        assert_eq!(labels(&found), ["A", "B", "C"]);
    }

    #[test]
    fn a_label_with_a_comma_is_one_answer() {
        let cells = ["Never, and not open to it", "Never, but open to it", "Often"].repeat(10);
        assert_eq!(several(&profile(&cells)), None);
    }

    #[test]
    fn an_option_that_contains_the_separator_stays_whole() {
        let cells = [
            "Média, communication, Numérique",
            "Numérique",
            "Média, communication",
            "Insertion",
            "Insertion, Numérique",
            "Média, communication, Insertion",
            "Numérique, Insertion",
        ]
        .repeat(2);
        let found = several(&profile(&cells)).unwrap();
        assert_eq!(labels(&found), ["Insertion", "Média, communication", "Numérique"]);
    }

    #[test]
    fn a_closing_separator_means_several_even_where_each_cell_has_one() {
        let found = several(&profile(&["A;", "B;", "A;", "B;A;", "A;"])).unwrap();
        assert_eq!(labels(&found), ["A", "B"]);
    }

    #[test]
    fn codes_are_separated_by_spaces_and_sentences_are_not() {
        let codes =
            ["jeunes adultes", "jeunes", "adultes seniors", "seniors", "jeunes seniors"].repeat(2);
        assert_eq!(several(&profile(&codes)).unwrap().separator, Separator::Spaces);
        let words = ["Un projet utile", "Un projet", "Très utile", "Utile"].repeat(2);
        assert_eq!(several(&profile(&words)), None);
    }

    #[test]
    fn free_text_is_not_a_list() {
        let cells = ["Bien, mais cher", "Trop loin, trop tard", "Oui, sans doute", "Parfait"];
        assert_eq!(several(&profile(&cells)), None);
    }
}
