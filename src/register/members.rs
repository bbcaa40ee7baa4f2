//! The organisations that a printed list of members names.
//!
//! « La Bobine et l’Atelier » is two organisations, « Ressources et
//! Développement » is one: the conjunction is read as a separator where the
//! list has commas before it, or where an article follows it. What stays
//! doubtful can be counted both ways, see [`count_range`].

use crate::matching;

/// The organisations of a list, as printed.
pub fn members(text: &str) -> Vec<String> {
    let parts: Vec<&str> = cut(text);
    let several = parts.len() > 1;
    let last = parts.len().saturating_sub(1);
    parts
        .into_iter()
        .enumerate()
        .flat_map(|(rank, part)| split_conjunction(part, several && rank == last))
        .map(|part| part.trim().trim_end_matches(['.', ';', ',']).trim().to_string())
        .filter(|part| !part.is_empty())
        .collect()
}

/// The least and the most organisations that a list may name.
pub fn count_range(text: &str) -> (usize, usize) {
    let commas = cut(text).iter().filter(|part| !part.trim().is_empty()).count();
    let conjunctions = text.split_whitespace().filter(|word| *word == "et").count();
    (commas, if commas == 0 { 0 } else { commas + conjunctions })
}

/// The words that tell no organisation from another, beside the small ones.
const EMPTY: [&str; 13] = [
    "tiers",
    "lieu",
    "lieux",
    "tiers-lieu",
    "tiers-lieux",
    "organisme",
    "formation",
    "association",
    "centre",
    "the",
    "projet",
    "site",
    "n",
];

/// Whether a word tells an organisation from others.
fn is_telling(word: &str) -> bool {
    !matching::is_small_word(word) && !EMPTY.contains(&word)
}

/// The form under which two names are the same organisation: without accents,
/// capitals, articles, punctuation and the words that say what it is.
pub fn organisation_key(name: &str) -> String {
    let plain = matching::loose_key(name);
    let words: Vec<&str> =
        plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let telling: Vec<&str> = words.iter().copied().filter(|word| is_telling(word)).collect();
    let kept = if telling.is_empty() { words } else { telling };
    kept.join(" ")
}

/// Whether a key tells an organisation: « Le tiers-lieu » is any.
pub fn tells(key: &str) -> bool {
    key.split(' ').any(is_telling)
}

/// The members of a list, no conjunction taken for a separator.
pub fn uncut_members(text: &str) -> impl Iterator<Item = &str> {
    let parts = cut(text).into_iter().map(|part| part.trim().trim_end_matches('.'));
    parts.filter(|part| !part.is_empty())
}

/// Cuts at commas, semicolons and dashes between spaces, but not inside
/// parentheses or brackets.
fn cut(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, character) in text.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' | ';' if depth == 0 => {
                parts.extend(text.get(start..at));
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    parts
}

/// Cuts at « et » where it joins two members: before an article, and, at the
/// end of a list, the last one there is. « et du », « et de la » go on with the
/// name.
fn split_conjunction(part: &str, ends_a_list: bool) -> Vec<&str> {
    const ARTICLES: [&str; 10] =
        ["le ", "la ", "les ", "l’", "l'", "un ", "une ", "Le ", "La ", "L’"];
    const GOING_ON: [&str; 11] =
        ["de ", "du ", "des ", "d’", "d'", "à ", "ses ", "son ", "sa ", "leur ", "leurs "];
    let starts = |text: &str, words: &[&str]| words.iter().any(|word| text.starts_with(word));
    let conjunctions: Vec<usize> = part.match_indices(" et ").map(|(at, _)| at).collect();
    let mut pieces = Vec::new();
    let mut start = 0;
    for (rank, at) in conjunctions.iter().enumerate() {
        let after = part.get(at + 4..).unwrap_or_default();
        let last = ends_a_list && rank + 1 == conjunctions.len();
        if starts(after, &ARTICLES) || (last && !starts(after, &GOING_ON)) {
            pieces.extend(part.get(start..*at));
            start = at + 4;
        }
    }
    pieces.extend(part.get(start..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_told_apart() {
        assert_eq!(members("La Bobine et l’Atelier"), ["La Bobine", "l’Atelier"]);
        assert_eq!(members("Ressources et Développement"), ["Ressources et Développement"]);
        assert_eq!(
            members("Askoria, l’IBEP et l’AFPA de Morlaix"),
            ["Askoria", "l’IBEP", "l’AFPA de Morlaix"]
        );
        assert_eq!(members("Alicias ; INFREP ; la Ligue"), ["Alicias", "INFREP", "la Ligue"]);
        assert_eq!(members("Pastré (SCI, SARL), Autre"), ["Pastré (SCI, SARL)", "Autre"]);
        assert_eq!(members("A, B et C"), ["A", "B", "C"]);
        assert_eq!(
            members("X, Conseils et Formations et l’AFPA"),
            ["X", "Conseils et Formations", "l’AFPA"]
        );
        assert_eq!(members("X, Métiers d’art et du design"), ["X", "Métiers d’art et du design"]);
        assert_eq!(members("X, La Halle et ses amis"), ["X", "La Halle et ses amis"]);
        assert!(members(" , ").is_empty());
    }

    #[test]
    fn a_doubtful_list_is_counted_both_ways() {
        assert_eq!(count_range("Ressources et Développement"), (1, 2));
        assert_eq!(count_range("A, B et C"), (2, 3));
        assert_eq!(count_range(""), (0, 0));
    }

    #[test]
    fn an_organisation_is_known_without_its_article() {
        assert_eq!(organisation_key("Le tiers-lieu Alpha"), organisation_key("Alpha"));
        assert_eq!(organisation_key("l’AFPA de Creil"), "afpa creil");
        assert_eq!(organisation_key("Le lieu"), "le lieu");
        assert!(!tells("le lieu") && tells("afpa creil"));
    }
}
