//! Whether the cells of a column hold several answers, and what stands between
//! them.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::combination::combine_freely;
use super::profile::Profile;
use super::vocabulary::is_absent;
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
const MOST_OPTIONS: usize = 200;

/// An option's label is no longer than this.
const LONGEST_LABEL: usize = 200;

/// Several answers a cell: the separator, and the options by frequency.
#[derive(Debug, Clone, PartialEq)]
pub struct Several {
    pub separator: Separator,
    /// The label of each option and how often it stands there.
    pub options: Vec<(String, usize)>,
}

/// Finds the separator of a column, if its cells hold several answers.
///
/// They do where the parts of cells that hold several come back in other cells,
/// in other combinations; or where every cell ends with the separator, as
/// Microsoft Forms writes them.
pub fn several(profile: &Profile) -> Option<Several> {
    CANDIDATES.into_iter().filter(|separator| stands_in(profile, *separator)).find_map(
        |separator| {
            let cells = cells(profile, separator);
            let closed = is_closed(profile, separator);
            let joined = cells.iter().filter(|cell| cell.labels.len() > 1).count();
            if joined == 0 && !closed {
                return None;
            }
            let several = Several { separator, options: options(&cells) };
            (is_list(&several, closed) && (closed || is_supported(&cells, separator)))
                .then_some(several)
        },
    )
}

/// Whether a separator stands in any cell.
fn stands_in(profile: &Profile, separator: Separator) -> bool {
    profile.values.iter().any(|(text, _)| match separator {
        Separator::Character(character) => text.contains(character),
        Separator::Line => text.contains('\n'),
        Separator::Spaces => text.contains(char::is_whitespace),
    })
}

/// A distinct cell: its labels, and how often it stands in the column.
struct Cell {
    labels: Vec<String>,
    count: usize,
}

fn cells(profile: &Profile, separator: Separator) -> Vec<Cell> {
    let joints = Joints::of(profile, separator);
    let cell = |(text, count): &(String, usize)| Cell {
        labels: joints.glued(text, &cut(text, separator)),
        count: *count,
    };
    profile.values.iter().map(cell).collect()
}

fn is_list(several: &Several, closed: bool) -> bool {
    let count = several.options.len();
    let mentions: usize = several.options.iter().map(|(_, count)| count).sum();
    let repeated: usize =
        several.options.iter().map(|(_, count)| count).filter(|count| **count > 1).sum();
    let least = if closed { 1 } else { 2 };
    let short = several.options.iter().all(|(label, _)| label.chars().count() <= LONGEST_LABEL);
    let sensible = several.separator != Separator::Spaces || are_codes(several);
    (least..=MOST_OPTIONS).contains(&count)
        && short
        && sensible
        && repeated * 100 >= mentions * if closed { 50 } else { 70 }
}

/// Whether the parts of enough cells stand in other cells too: « Oui, souvent »
/// is one answer where « souvent » is never with another.
fn is_supported(cells: &[Cell], separator: Separator) -> bool {
    let mut holders: HashMap<String, usize> = HashMap::new();
    for label in cells.iter().flat_map(|cell| &cell.labels) {
        *holders.entry(matching::key(label)).or_default() += 1;
    }
    let elsewhere =
        |label: &String| holders.get(&matching::key(label)).is_some_and(|count| *count > 1);
    let loose = matches!(separator, Separator::Character('/') | Separator::Spaces);
    let labels = || cells.iter().map(|cell| (cell.labels.as_slice(), cell.count));
    if loose && !combine_freely(labels()) {
        return false;
    }
    let joined: Vec<&Cell> = cells.iter().filter(|cell| cell.labels.len() > 1).collect();
    let supported = joined.iter().filter(|cell| cell.labels.iter().all(elsewhere)).count();
    let (least, percent) = match separator {
        Separator::Character(';' | '|') | Separator::Line => (1, 30),
        _ => (2, 50),
    };
    supported >= least && supported * 100 >= joined.len() * percent
}

/// Spaces separate codes, never words: Kobo's `jeunes adultes`.
fn are_codes(several: &Several) -> bool {
    let code = |label: &str| {
        let plain = label.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
        let word = label.starts_with(|c: char| c.is_ascii_uppercase())
            && label.chars().skip(1).any(|c| c.is_ascii_lowercase());
        plain && !word
    };
    several.options.len() <= 60 && several.options.iter().all(|(label, _)| code(label))
}

/// Whether every cell ends with the separator.
fn is_closed(profile: &Profile, separator: Separator) -> bool {
    let Separator::Character(character) = separator else { return false };
    profile.filled > 0 && profile.values.iter().all(|(text, _)| text.ends_with(character))
}

fn cut(text: &str, separator: Separator) -> Vec<&str> {
    let parts: Vec<&str> = match separator {
        Separator::Character(character) => cut_outside(text, character),
        Separator::Line => text.lines().collect(),
        Separator::Spaces => text.split_whitespace().collect(),
    };
    let said = |part: &&str| !part.is_empty() && !is_absent(part);
    parts.into_iter().map(str::trim).filter(said).collect()
}

/// Cuts at a separator that stands neither in brackets nor inside a number:
/// « Transports (bus, train) », « $25,000 ».
fn cut_outside(text: &str, separator: char) -> Vec<&str> {
    let balanced = text.matches('(').count() == text.matches(')').count();
    let (mut depth, mut start, mut parts) = (0_usize, 0, Vec::new());
    let mut before = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let after = characters.peek().map(|(_, next)| *next);
        let digits = [before, after].iter().all(|c| c.is_some_and(|c| c.is_ascii_digit()));
        let in_number = separator == ',' && digits;
        match character {
            '(' if balanced => depth += 1,
            ')' if balanced => depth = depth.saturating_sub(1),
            _ if character == separator && depth == 0 && !in_number => {
                parts.extend(text.get(start..at));
                start = at + character.len_utf8();
            }
            _ => {}
        }
        before = Some(character);
    }
    parts.extend(text.get(start..));
    parts
}

/// The options of the cells, by frequency.
fn options(cells: &[Cell]) -> Vec<(String, usize)> {
    let mut found: Vec<(String, usize)> = Vec::new();
    let mut ranks: HashMap<String, usize> = HashMap::new();
    for cell in cells {
        for label in &cell.labels {
            let next = found.len();
            let rank = *ranks.entry(matching::key(label)).or_insert(next);
            match found.get_mut(rank) {
                Some((_, known)) => *known += cell.count,
                None => found.push((label.clone(), cell.count)),
            }
        }
    }
    found.sort_by_key(|(_, count)| Reverse(*count));
    found
}

/// The pairs of parts that are one option, which contains the separator:
/// « Média, communication ».
///
/// The second part begins with a small letter where options begin with a
/// capital, never begins a cell, is never written with a capital, and always
/// follows the same first part; which never goes without it, or else goes without
/// it while the pair comes back often: what a respondent added is no option.
struct Joints {
    pairs: HashSet<(String, String)>,
}

/// What is known of a part that begins with a small letter.
#[derive(Default)]
struct Follower {
    count: usize,
    before: HashSet<String>,
    begins: bool,
}

/// How often a pair stands there before its first part may go alone too, and
/// its share of the first part's cells, as a divisor.
const SURE: usize = 3;
const SHARE: usize = 4;

impl Joints {
    fn of(profile: &Profile, separator: Separator) -> Self {
        let Separator::Character(character) = separator else {
            return Self { pairs: HashSet::new() };
        };
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut followers: HashMap<String, Follower> = HashMap::new();
        let mut capitals = [0_usize; 2];
        for (text, count) in &profile.values {
            let mut before: Option<String> = None;
            for part in cut(text, Separator::Character(character)) {
                let key = matching::key(part);
                *counts.entry(key.clone()).or_default() += count;
                let low = part.starts_with(char::is_lowercase);
                if let Some(side) = capitals.get_mut(usize::from(low)).filter(|_| before.is_none())
                {
                    *side += count;
                }
                if low {
                    let follower = followers.entry(key.clone()).or_default();
                    follower.count += count;
                    follower.begins |= before.is_none();
                    follower.before.extend(before);
                }
                before = Some(key);
            }
        }
        let [upper, lower] = capitals;
        let pair = |(second, follower): (String, Follower)| {
            let mut firsts = follower.before.into_iter();
            let first = firsts.next().filter(|_| firsts.next().is_none() && !follower.begins)?;
            let with_first = *counts.get(&first)?;
            let always_low = counts.get(&second) == Some(&follower.count);
            let bound = with_first == follower.count;
            let often = follower.count >= SURE && follower.count * SHARE >= with_first;
            (always_low && (bound || often)).then_some((first, second))
        };
        let followers = followers.into_iter().filter(|_| upper >= 10 * lower);
        Self { pairs: followers.filter_map(pair).collect() }
    }

    /// The labels of a cell, as they are spelled there.
    fn glued(&self, text: &str, parts: &[&str]) -> Vec<String> {
        let mut labels: Vec<Range<usize>> = Vec::new();
        let (mut before, mut from) = (String::new(), 0);
        for part in parts {
            let at = text.get(from..).and_then(|rest| rest.find(part)).unwrap_or(0);
            let (start, end) = (from + at, from + at + part.len());
            let pair = (std::mem::take(&mut before), matching::key(part));
            match labels.last_mut().filter(|_| self.pairs.contains(&pair)) {
                Some(label) => label.end = end,
                None => labels.push(start..end),
            }
            (before, from) = (pair.1, end);
        }
        labels.into_iter().filter_map(|label| text.get(label)).map(str::to_string).collect()
    }
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
    fn an_option_is_spelled_as_in_its_cells() {
        let cells = ["Emploi; Culture ; sport", "Culture ; sport", "Emploi"].repeat(3);
        let found = several(&profile(&cells)).unwrap();
        assert_eq!(labels(&found), ["Culture ; sport", "Emploi"]);
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
    fn commas_in_brackets_and_numbers_do_not_separate() {
        let cells = [
            "Réseaux sociaux (Facebook, X), Bouche à oreille",
            "Réseaux sociaux (Facebook, X)",
            "Bouche à oreille, Affiche",
            "Affiche, Réseaux sociaux (Facebook, X)",
        ];
        let found = several(&profile(&cells.repeat(2))).unwrap();
        assert_eq!(
            labels(&found),
            ["Affiche", "Bouche à oreille", "Réseaux sociaux (Facebook, X)"]
        );
        let sums = ["$25,000 - $49,999", "$0 - $24,999", "$50,000 - $99,999"].repeat(5);
        assert_eq!(several(&profile(&sums)), None);
    }

    #[test]
    fn nuances_of_an_answer_are_one_answer() {
        let cells = ["Oui, souvent", "Oui, parfois", "Non, jamais", "Non"].repeat(4);
        assert_eq!(several(&profile(&cells)), None);
        let cells = ["Medium rare", "Medium", "Medium Well", "Well"].repeat(4);
        assert_eq!(several(&profile(&cells)), None);
    }

    #[test]
    fn an_option_may_begin_with_another_one() {
        let cells = [
            "Formation, Conseil",
            "Formation, accompagnement",
            "Formation, accompagnement, Conseil",
            "Formation",
            "Conseil",
            "Formation, accompagnement",
        ];
        let found = several(&profile(&cells)).unwrap();
        assert_eq!(labels(&found), ["Conseil", "Formation", "Formation, accompagnement"]);
    }

    #[test]
    fn words_that_a_respondent_added_do_not_change_the_options() {
        let cells = [
            "Sport, Lecture, jeux vidéo",
            "Lecture",
            "Sport, Lecture",
            "Sport",
            "Lecture, Cuisine",
            "Cuisine, Sport",
        ];
        let found = several(&profile(&cells)).unwrap();
        let count = |label: &str| found.options.iter().find(|(l, _)| l == label).unwrap().1;
        assert_eq!((count("Lecture"), count("Sport"), count("jeux vidéo")), (4, 4, 1));
    }

    #[test]
    fn steps_of_a_scale_and_units_are_no_codes() {
        for cells in [
            vec!["agree", "strongly agree", "disagree", "strongly disagree", "neutral"],
            vec!["neutral", "negative", "strongly negative", "positive"],
            vec!["very satisfied", "not very satisfied", "satisfied", "not satisfied"],
            vec!["CDI", "CDD", "temps partiel", "CDI temps partiel", "CDD temps partiel"],
            vec!["40", "40 ans", "48 ans", "35", "35 ans", "48", "ans 54"],
            vec!["2x/semaine", "1x/semaine", "2x/mois", "1x/mois", "jamais"],
        ] {
            assert_eq!(several(&profile(&cells.repeat(6))), None, "{cells:?}");
        }
    }

    #[test]
    fn what_a_respondent_added_is_not_a_part_of_an_option() {
        let mut cells =
            ["Insertion", "Alimentation", "Alimentation, Insertion", "Insertion, Culture"]
                .repeat(6);
        cells.extend(["Culture, Alimentation, atelier vélo, couture"; 3]);
        let found = several(&profile(&cells)).unwrap();
        assert!(found.options.contains(&("Alimentation".to_string(), 15)), "{found:?}");
        let mut cells = ["C, Python", "Julia", "Python", "C", "Python, Julia"].repeat(2);
        cells.push("C, Python, D, julia");
        let found = several(&profile(&cells)).unwrap();
        assert!(labels(&found).contains(&"D"), "{found:?}");
    }

    #[test]
    fn free_text_is_not_a_list() {
        let cells = ["Bien, mais cher", "Trop loin, trop tard", "Oui, sans doute", "Parfait"];
        assert_eq!(several(&profile(&cells)), None);
    }
}
