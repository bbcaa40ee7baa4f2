//! Whether two labels say the same, and which label a person may have meant.
//!
//! Questionnaire exports disagree on apostrophes, no-break spaces, capitals
//! and final full stops. [`key`] reduces a label to what people compare;
//! [`nearest`] proposes the labels that a slip of the finger could have meant.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form under which two labels are the same.
///
/// Unicode NFKC; typographic apostrophes, quotation marks and hyphens made
/// plain; runs of white space (no-break ones too) made one space and cut off
/// at both ends; lower case; a final full stop dropped. Accents are kept:
/// `pêche` is not `péché`.
///
/// Labels are short; past [`LONGEST`] bytes a text is left as it is.
pub fn key(label: &str) -> String {
    let (label, rest) = label.split_at(label.floor_char_boundary(LONGEST));
    // Composing letters that are composed already takes most of the time.
    let mut plain = match label.chars().all(is_composed) {
        true => reduced(label.len(), label.chars()),
        false => reduced(label.len(), label.nfkc()),
    };
    plain.push_str(rest);
    plain
}

/// Whether NFKC leaves a character as it is, whatever stands beside it: the letters
/// of French, and punctuation. No-break spaces become spaces either way.
fn is_composed(character: char) -> bool {
    matches!(character, '\0'..='\u{7F}' | '\u{A0}' | '«' | '»' | 'À'..='ÿ' | 'Œ' | 'œ' | '\u{2010}'
        | '\u{2012}'..='\u{2015}' | '‘' | '’' | '“' | '”' | '€' | '\u{202F}' | '✓' | '✔')
}

/// Characters in their plain form and in lower case; runs of white space made one
/// space, none at the ends; no final full stop.
fn reduced(length: usize, characters: impl Iterator<Item = char>) -> String {
    let mut plain = String::with_capacity(length);
    let mut pending_space = false;
    let mut add = |character: char| {
        if character.is_whitespace() {
            pending_space = !plain.is_empty();
            return;
        }
        if std::mem::take(&mut pending_space) {
            plain.push(' ');
        }
        plain.push(character);
    };
    for character in characters {
        match character {
            '`' => add('\''),
            ascii if ascii.is_ascii() => add(ascii.to_ascii_lowercase()),
            other => plain_character(other).flat_map(char::to_lowercase).for_each(&mut add),
        }
    }
    while plain.ends_with('.') {
        plain.pop();
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// The length of the longest label that is compared in full, in bytes.
const LONGEST: usize = 8_192;

/// How much of a label is looked at for slips of the finger, in bytes.
const LOOKED_AT: usize = 400;

/// [`key`] without accents, for comparing what people typed by hand.
pub fn loose_key(label: &str) -> String {
    let key = key(label);
    if key.is_ascii() {
        return key;
    }
    key.nfd().filter(|character| !is_combining_mark(*character)).flat_map(ligature).collect()
}

/// An identifier made from a label: `Transition écologique` gives
/// `transition-ecologique`. Lower-case ASCII letters, digits and hyphens only.
pub fn slug(label: &str) -> String {
    let mut slug = String::with_capacity(label.len());
    for character in loose_key(label).chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// How alike two labels are once reduced by [`loose_key`], from 0 to 1
/// (Damerau–Levenshtein distance, normalised by the longer length).
pub fn similarity(left: &str, right: &str) -> f64 {
    let (left, right) = (loose_key(beginning(left)), loose_key(beginning(right)));
    strsim::normalized_damerau_levenshtein(&left, &right)
}

fn beginning(label: &str) -> &str {
    label.split_at(label.floor_char_boundary(LOOKED_AT)).0
}

/// The candidates nearest to a label, best first, at most three.
///
/// A candidate counts when it is at least 60 % alike, or when one of the two
/// begins with the other.
pub fn nearest<'a>(label: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = loose_key(beginning(label));
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| (closeness(&wanted, &loose_key(beginning(candidate))), candidate))
        .filter(|(score, _)| *score >= 0.6)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

fn closeness(wanted: &str, candidate: &str) -> f64 {
    let alike = strsim::normalized_damerau_levenshtein(wanted, candidate);
    let begins = wanted.len() >= 3
        && candidate.len() >= 3
        && (candidate.starts_with(wanted) || wanted.starts_with(candidate));
    if begins { alike.max(0.8) } else { alike }
}

/// The plain characters that a typographic one stands for.
fn plain_character(character: char) -> impl Iterator<Item = char> {
    let plain = match character {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{00B4}' | '\u{0060}' => '\'',
        '\u{201C}' | '\u{201D}' | '\u{00AB}' | '\u{00BB}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{200B}' | '\u{200C}' | '\u{200D}' | '\u{FEFF}' | '\u{00AD}' => '\0',
        other => other,
    };
    (plain != '\0').then_some(plain).into_iter()
}

fn ligature(character: char) -> impl Iterator<Item = char> {
    let (first, second) = match character {
        'œ' => ('o', Some('e')),
        'æ' => ('a', Some('e')),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

/// The articles, prepositions and conjunctions that tell no name from another,
/// as [`loose_key`] has them.
const SMALL_WORDS: [&str; 15] =
    ["le", "la", "les", "l", "de", "du", "des", "d", "et", "a", "au", "aux", "en", "un", "une"];

/// Whether a word of a [`loose_key`] tells no name from another.
pub fn is_small_word(word: &str) -> bool {
    SMALL_WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typography_does_not_make_a_difference() {
        assert_eq!(key("  Demandeurs\u{A0}d’emploi. "), key("demandeurs d'emploi"));
        assert_eq!(key("Média\u{202F}/ Communication"), key("média / communication"));
        assert_eq!(key("e\u{301}tudiants"), key("Étudiants"));
        assert_eq!(key("zéro\u{200B}largeur"), "zérolargeur");
    }

    #[test]
    fn composed_letters_are_what_nfkc_makes_of_them() {
        let composed: Vec<char> = ('\0'..='\u{FFFF}').filter(|c| is_composed(*c)).collect();
        assert!(composed.len() > 200);
        for pair in composed.iter().flat_map(|a| ['e', 'É', ' '].map(|b| [*a, b])) {
            let text: String = pair.iter().collect();
            assert_eq!(reduced(8, text.chars()), reduced(8, text.nfkc()), "{text:?}");
        }
    }

    #[test]
    fn accents_make_a_difference_unless_asked_otherwise() {
        assert_ne!(key("pêche"), key("péché"));
        assert_eq!(loose_key("Bœuf à l’Été"), "boeuf a l'ete");
    }

    #[test]
    fn a_slug_is_plain() {
        assert_eq!(slug("  Transition écologique "), "transition-ecologique");
        assert_eq!(slug("Université / IUT"), "universite-iut");
        assert_eq!(slug("???"), "");
    }

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        let options = ["Insertion", "Numérique", "Transition écologique"];
        assert_eq!(nearest("Insertoin", options), ["Insertion"]);
        assert_eq!(nearest("transition", options), ["Transition écologique"]);
        assert!(nearest("zzz", options).is_empty());
    }
}
