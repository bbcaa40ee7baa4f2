//! K: the texts: figures typed by hand where an indicator exists, and words
//! that the figures do not bear out.

use super::{Fact, Facts, Family, Finding, Object};
use crate::diagnostics::{Place, Severity};
use crate::indicators::{Figure, Unit, show};
use crate::matching;
use crate::spreadsheet::parse_number;
use crate::typography::{quoted, round_half_up, shortest};

const FAMILY: Family = Family::Texts;

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in facts.texts {
        for sentence in sentences(text) {
            findings.extend(typed_figures(facts, file, &sentence));
            findings.extend(unborne_words(facts, file, &sentence));
        }
    }
    findings
}

/// A sentence and the line it begins at.
struct Sentence<'a> {
    text: &'a str,
    line: usize,
}

/// The sentences of a text: they end at a full stop before a space, or at a
/// line without text.
fn sentences(text: &str) -> Vec<Sentence<'_>> {
    let mut sentences = Vec::new();
    let (mut start, mut line, mut start_line) = (0, 1, 1);
    let bytes = text.as_bytes();
    for (at, character) in text.char_indices() {
        let next = bytes.get(at + character.len_utf8()).copied().unwrap_or(b' ');
        let ends = matches!(character, '.' | '!' | '?') && next.is_ascii_whitespace()
            || character == '\n' && next == b'\n';
        line += usize::from(character == '\n');
        if ends {
            let end = at + character.len_utf8();
            sentences.extend(text.get(start..end).map(|text| Sentence { text, line: start_line }));
            (start, start_line) = (end, line);
        }
    }
    sentences.extend(text.get(start..).map(|text| Sentence { text, line: start_line }));
    sentences.retain(|sentence| !sentence.text.trim().is_empty());
    for sentence in &mut sentences {
        let blank = sentence.text.len() - sentence.text.trim_start().len();
        sentence.line += sentence.text.get(..blank).unwrap_or_default().matches('\n').count();
        sentence.text = sentence.text.trim();
    }
    sentences
}

impl Sentence<'_> {
    fn place(&self, file: &str) -> Place {
        Place::line(file, self.line)
    }

    /// The sentence without its live figures.
    fn plain(&self) -> String {
        let mut plain = String::new();
        let mut rest = self.text;
        while let Some((before, after)) = rest.split_once("{{") {
            plain.push_str(before);
            rest = after.split_once("}}").map_or("", |(_, rest)| rest);
            plain.push('…');
        }
        plain + rest
    }

    /// The identifiers of its live figures.
    fn live(&self) -> Vec<&str> {
        let figures = self.text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}"));
        figures.map(|(inner, _)| inner.split('|').next().unwrap_or(inner).trim()).collect()
    }
}

/// K1: numbers typed by hand near the words of an indicator's label.
fn typed_figures(facts: &Facts<'_>, file: &str, sentence: &Sentence<'_>) -> Vec<Finding> {
    let plain = sentence.plain();
    let mut findings = Vec::new();
    for (number, unit, written) in numbers(&plain) {
        let near = facts.figures.figures.iter().filter(|figure| fits_unit(figure, unit));
        let best = near
            .map(|figure| (words_in_common(&figure.definition.label, &plain), figure))
            .filter(|(score, _)| *score >= 0.75)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, figure)) = best {
            findings.extend(typed(figure, number, &written, sentence, file));
        }
    }
    findings
}

/// The unit that follows a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Percent,
    Euros,
    MillionEuros,
    Bare,
}

/// The numbers of a sentence, with the unit after them. Years are not figures.
fn numbers(text: &str) -> Vec<(f64, Written, String)> {
    let mut numbers = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let from = rest.get(start..).unwrap_or_default();
        let written = from.get(..number_length(from)).unwrap_or_default();
        let after = from.get(written.len()..).unwrap_or_default().trim_start();
        let unit = match () {
            () if after.starts_with('%') => Written::Percent,
            () if after.starts_with("M€") || after.starts_with("million") => {
                Written::MillionEuros
            }
            () if after.starts_with('€') => Written::Euros,
            () => Written::Bare,
        };
        if let Some(number) = parse_number(written)
            && !((1990.0..2100.0).contains(&number) && unit == Written::Bare)
        {
            numbers.push((number, unit, written.to_string()));
        }
        rest = from.get(written.len().max(1)..).unwrap_or_default();
    }
    numbers
}

/// The length of the number at the beginning of the text: digits, groups of
/// three after a space, decimals after a comma or a point.
fn number_length(text: &str) -> usize {
    let digits = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        rest.bytes().take_while(u8::is_ascii_digit).count()
    };
    let separator = |at: usize, among: &str| {
        let next = text.get(at..).and_then(|rest| rest.chars().next());
        next.filter(|c| among.contains(*c)).map(char::len_utf8)
    };
    let mut length = digits(0);
    while let Some(space) = separator(length, " \u{A0}\u{202F}")
        && digits(length + space) == 3
    {
        length += space + 3;
    }
    match separator(length, ",.") {
        Some(point) if digits(length + point) > 0 => length + point + digits(length + point),
        _ => length,
    }
}

fn fits_unit(figure: &Figure, unit: Written) -> bool {
    matches!(
        (&figure.definition.unit, unit),
        (Unit::Percent, Written::Percent)
            | (Unit::Euros, Written::Euros)
            | (Unit::MillionEuros, Written::MillionEuros)
            | (Unit::Things(_), Written::Bare)
    )
}

/// The share of a label's telling words that a sentence has, if it has two of
/// them or the only one.
fn words_in_common(label: &str, sentence: &str) -> f64 {
    let sentence = matching::loose_key(sentence);
    let label = matching::loose_key(label);
    let stem = |word: &str| word.trim_end_matches(['s', 'x']).to_string();
    let words: Vec<String> = label
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 3)
        .map(stem)
        .collect();
    let found = words.iter().filter(|word| sentence.contains(word.as_str())).count();
    if words.is_empty() || (found < 2 && words.len() > 1) {
        return 0.0;
    }
    found as f64 / words.len() as f64
}

fn typed(
    figure: &Figure,
    number: f64,
    written: &str,
    sentence: &Sentence<'_>,
    file: &str,
) -> Option<Finding> {
    let value = figure.national.value?;
    let decimals = written.split_once(',').map_or(0, |(_, fraction)| fraction.len());
    let same = (round_half_up(value, decimals) - number).abs() < 1e-9;
    let id = &figure.definition.id;
    let shown = show(value, &figure.definition);
    let (code, severity, message) = if same {
        (
            "K-chiffre-tape",
            Severity::Information,
            format!("{} est tapé à la main : il ne suivra pas les données", quoted(written)),
        )
    } else {
        (
            "K-chiffre-different",
            Severity::Warning,
            format!(
                "{} est tapé à la main, l’indicateur {} vaut {shown}",
                quoted(written),
                quoted(id)
            ),
        )
    };
    Some(
        Finding::new(code, FAMILY, severity, Object::national().indicator(id), message)
            .fact(Fact::new("texte", sentence.text).at(&sentence.place(file)))
            .fact(Fact::new(figure.definition.label.clone(), shown))
            .propose(format!("écrivez {{{{{id}}}}}, si c’est bien ce chiffre")),
    )
}

/// A wording and the shares it may stand for, out of 100.
const WORDINGS: [(&str, f64, f64); 16] = [
    ("la quasi-totalite", 90.0, 100.0),
    ("les trois quarts", 72.5, 77.5),
    ("pres des trois quarts", 70.0, 75.0),
    ("les deux tiers", 64.0, 69.5),
    ("pres des deux tiers", 62.0, 66.7),
    ("plus de la moitie", 50.0, 62.0),
    ("pres de la moitie", 45.0, 50.0),
    ("la moitie", 48.0, 52.0),
    ("une majorite", 50.0, 100.0),
    ("la majorite", 50.0, 100.0),
    ("majoritairement", 50.0, 100.0),
    ("pres d'un tiers", 30.0, 33.4),
    ("plus d'un tiers", 33.3, 42.0),
    ("un tiers", 31.0, 36.0),
    ("un quart", 23.0, 27.0),
    ("une minorite", 0.0, 50.0),
];

/// K2: words of quantity that the live figure of the sentence does not bear
/// out.
fn unborne_words(facts: &Facts<'_>, file: &str, sentence: &Sentence<'_>) -> Vec<Finding> {
    let live = sentence.live();
    let shares: Vec<&Figure> = live
        .iter()
        .filter_map(|id| facts.figures.get(id))
        .filter(|figure| figure.definition.unit == Unit::Percent)
        .collect();
    let key = matching::loose_key(&sentence.plain());
    let Some((wording, low, high)) = longest_wording(&key) else { return Vec::new() };
    // With several figures the words may speak of any of them.
    let borne =
        |figure: &&Figure| figure.national.value.is_some_and(|value| (low..=high).contains(&value));
    if shares.is_empty() || shares.iter().any(borne) {
        return Vec::new();
    }
    let values: Vec<String> = shares.iter().filter_map(|figure| figure.shown()).collect();
    let message =
        format!("{} n’est pas ce que dit le chiffre : {}", quoted(wording), values.join(", "));
    let id = shares.first().map(|figure| figure.definition.id.clone());
    let object = Object { indicator: id, ..Object::national() };
    vec![
        Finding::new("K-mot-dementi", FAMILY, Severity::Warning, object, message)
            .fact(Fact::new("texte", sentence.text).at(&sentence.place(file)))
            .sum(format!(
                "{} attend entre {} et {} %",
                quoted(wording),
                shortest(low, 1),
                shortest(high, 1)
            ))
            .propose("laissez la phrase suivre le chiffre : {{…|format=mots}}"),
    ]
}

/// The longest wording of quantity in a sentence: « plus de la moitié » is not
/// « la moitié ».
fn longest_wording(key: &str) -> Option<(&'static str, f64, f64)> {
    let found = WORDINGS.iter().filter(|(wording, ..)| key.contains(wording));
    found.max_by_key(|(wording, ..)| wording.len()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_know_their_line() {
        let text = "# Titre\n\nUne phrase. Une autre\nsur deux lignes.\n\nLa dernière";
        let found: Vec<(usize, &str)> =
            sentences(text).iter().map(|sentence| (sentence.line, sentence.text)).collect();
        assert_eq!(
            found,
            [
                (1, "# Titre"),
                (3, "Une phrase."),
                (3, "Une autre\nsur deux lignes."),
                (6, "La dernière")
            ]
        );
    }

    #[test]
    fn numbers_have_units_and_years_are_not_numbers() {
        let found = numbers("En 2025, 47 % des 1 202 projets, pour 52,3 M€, soit 12 €.");
        let found: Vec<(f64, Written)> = found.into_iter().map(|(n, unit, _)| (n, unit)).collect();
        assert_eq!(
            found,
            [
                (47.0, Written::Percent),
                (1202.0, Written::Bare),
                (52.3, Written::MillionEuros),
                (12.0, Written::Euros)
            ]
        );
    }

    #[test]
    fn the_longest_wording_counts() {
        assert_eq!(
            longest_wording("plus de la moitie des projets").unwrap().0,
            "plus de la moitie"
        );
        assert_eq!(longest_wording("rien"), None);
    }
}
