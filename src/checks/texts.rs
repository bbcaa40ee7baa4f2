//! K: the texts: live figures that cannot be told, figures typed by hand where
//! an indicator exists, and words that the figures do not bear out.

use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

use super::claims::Claim;
use super::{Fact, Facts, Family, Finding, Object};
use crate::diagnostics::{Place, Severity};
use crate::indicators::{Figure, Unit, Value, show};
use crate::matching;
use crate::prose::{Book, Piece, Request, pieces, wording};
use crate::spreadsheet::parse_number;
use crate::typography::{decimal, list, quoted, shortest};

const FAMILY: Family = Family::Texts;

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in facts.texts {
        let reader = Reader {
            facts,
            book: Book { figures: facts.figures, regions: &facts.register.regions },
            file,
            region: region_of(facts, file),
        };
        for sentence in sentences(text) {
            findings.extend(reader.untold(&sentence));
            findings.extend(reader.typed_figures(&sentence));
            findings.extend(reader.unborne_words(&sentence));
            findings.extend(reader.unborne_bounds(&sentence));
        }
    }
    findings
}

/// The slug of the région that a file speaks of: `regions/bretagne.md`.
fn region_of<'a>(facts: &Facts<'a>, file: &str) -> Option<&'a str> {
    let stem = Path::new(file).file_stem()?.to_str()?;
    facts.register.region(stem).map(|region| region.slug.as_str())
}

/// A text being read.
struct Reader<'a> {
    facts: &'a Facts<'a>,
    book: Book<'a>,
    file: &'a str,
    /// The région whose figures the text speaks of.
    region: Option<&'a str>,
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
    /// The text without its live figures.
    fn plain(&self) -> String {
        let piece = |piece: Piece<'_>| match piece {
            Piece::Text(text) => text.to_string(),
            Piece::Figure(..) => "…".to_string(),
        };
        pieces(self.text).into_iter().map(piece).collect()
    }

    /// Its live figures, each with the text before it.
    fn live(&self) -> Vec<(Request, String)> {
        let mut before = String::new();
        let mut live = Vec::new();
        for piece in pieces(self.text) {
            match piece {
                Piece::Text(text) => before.push_str(text),
                Piece::Figure(request, _) => live.push((request, std::mem::take(&mut before))),
            }
        }
        live
    }
}

impl Reader<'_> {
    fn text_fact(&self, sentence: &Sentence<'_>) -> Fact {
        Fact::new("texte", sentence.text).at(&Place::line(self.file, sentence.line))
    }

    fn object(&self, id: &str) -> Object {
        self.region.map_or_else(Object::national, |slug| self.facts.object(slug)).indicator(id)
    }

    /// The value of a figure that a text speaks of: its région's, where it has
    /// one.
    fn value<'v>(&self, figure: &'v Figure) -> &'v Value {
        let regional = self.region.and_then(|slug| figure.regions.get(slug));
        regional.unwrap_or(&figure.national)
    }

    /// What to write in place of a typed number.
    fn request(&self, figure: &Figure) -> String {
        let id = &figure.definition.id;
        match self.region.filter(|slug| figure.regions.contains_key(*slug)) {
            Some(slug) => format!("{{{{{id}|region={slug}}}}}"),
            None => format!("{{{{{id}}}}}"),
        }
    }

    /// K1: live figures that do not exist, or are hidden.
    fn untold(&self, sentence: &Sentence<'_>) -> Vec<Finding> {
        let told = |(request, _): (Request, String)| {
            let missing = self.book.tell(&request).err()?;
            let (object, message) = (self.object(&request.id), missing.message);
            Some(
                Finding::new("K-chiffre-introuvable", FAMILY, Severity::Error, object, message)
                    .fact(self.text_fact(sentence))
                    .propose(missing.help),
            )
        };
        sentence.live().into_iter().filter_map(told).collect()
    }

    /// K2: numbers typed by hand near the words of an indicator's label.
    fn typed_figures(&self, sentence: &Sentence<'_>) -> Vec<Finding> {
        let plain = sentence.plain();
        let key = matching::loose_key(&plain);
        let numbers = numbers(&plain);
        numbers.iter().filter_map(|number| self.typed(number, &key, sentence)).collect()
    }

    /// The indicator that a number seems to be: of those whose label the sentence
    /// has the words of, one that has this value, else the one with most words.
    fn typed(&self, number: &Number<'_>, key: &str, sentence: &Sentence<'_>) -> Option<Finding> {
        let figures = self.facts.figures.figures.iter().filter(|figure| number.fits(figure));
        let near: Vec<(f64, &Figure)> = figures
            .map(|figure| (words_in_common(&figure.definition.label, key), figure))
            .filter(|(score, figure)| *score >= 0.75 && self.value(figure).value.is_some())
            .collect();
        let borne = |(_, figure): &&(f64, &Figure)| {
            number.claim.holds_for(self.value(figure), number.value, number.decimals())
        };
        let best = near.iter().max_by(|a, b| a.0.total_cmp(&b.0));
        match near.iter().find(borne) {
            Some((_, figure)) => Some(self.typed_finding(figure, number, sentence, true)),
            None => best.map(|(_, figure)| self.typed_finding(figure, number, sentence, false)),
        }
    }

    fn typed_finding(
        &self,
        figure: &Figure,
        number: &Number<'_>,
        sentence: &Sentence<'_>,
        borne: bool,
    ) -> Finding {
        let definition = &figure.definition;
        let shown = self.value(figure).number_shown(definition).unwrap_or_default();
        let (code, severity, message) = if borne {
            let message = format!(
                "{} est tapé à la main : il ne suivra pas les données",
                quoted(number.written)
            );
            ("K-chiffre-tape", Severity::Information, message)
        } else {
            let message = format!(
                "{} est tapé à la main, l’indicateur {} vaut {shown}",
                quoted(number.written),
                quoted(&definition.id)
            );
            ("K-chiffre-different", Severity::Warning, message)
        };
        let sum = match borne {
            true => String::new(),
            false => format!("{} ≠ {shown}", number.written),
        };
        Finding::new(code, FAMILY, severity, self.object(&definition.id), message)
            .fact(self.text_fact(sentence))
            .fact(Fact::new(definition.label.clone(), shown))
            .sum(sum)
            .propose(format!("écrivez {}, si c’est bien ce chiffre", self.request(figure)))
    }

    /// The shares of a sentence: its live figures', and those typed by hand.
    fn shares(&self, sentence: &Sentence<'_>) -> Vec<(Option<String>, f64)> {
        let live = sentence.live().into_iter().filter_map(|(request, _)| {
            let (figure, Value { value, .. }) = self.book.value(&request)?;
            let percent = figure.definition.unit == Unit::Percent;
            Some((Some(figure.definition.id.clone()), value.filter(|_| percent)?))
        });
        let plain = sentence.plain();
        let typed = numbers(&plain);
        let typed = typed.iter().filter(|number| number.unit == Written::Percent);
        live.chain(typed.map(|number| (None, number.value))).collect()
    }

    /// K3: words of quantity that no share of the sentence bears out.
    fn unborne_words(&self, sentence: &Sentence<'_>) -> Vec<Finding> {
        let shares = self.shares(sentence);
        if shares.is_empty() {
            return Vec::new();
        }
        // With several figures the words may speak of any of them.
        let claims = wording::claims(&sentence.plain()).into_iter();
        let unborne = claims.filter(|claim| !shares.iter().any(|(_, share)| claim.holds(*share)));
        unborne.map(|claim| self.unborne(sentence, &claim, &shares)).collect()
    }

    fn unborne(
        &self,
        sentence: &Sentence<'_>,
        claim: &wording::Claim,
        shares: &[(Option<String>, f64)],
    ) -> Finding {
        let percent = |share: f64| format!("{}\u{202F}%", shortest(share, 1));
        let values: Vec<String> = shares.iter().map(|(_, share)| percent(*share)).collect();
        let message =
            format!("{} n’est pas ce que dit le chiffre : {}", quoted(&claim.words), list(&values));
        let id = shares.iter().find_map(|(id, _)| id.clone());
        let object = self.object(id.as_deref().unwrap_or_default());
        let object = Object { indicator: id.clone(), ..object };
        let proposal = match id {
            Some(id) => format!("laissez les mots suivre le chiffre : {{{{{id}|format=mots}}}}"),
            None => "changez les mots, ou le chiffre".to_string(),
        };
        Finding::new("K-mot-dementi", FAMILY, Severity::Warning, object, message)
            .fact(self.text_fact(sentence))
            .fact(Fact::new("chiffre", list(&values)))
            .sum(format!(
                "{} va de {} à {}, et non {}",
                quoted(&claim.words),
                percent(claim.low),
                percent(claim.high),
                list(&values)
            ))
            .propose(proposal)
    }

    /// K3 again: « plus de {{…}} » before a figure whose rounding went up.
    fn unborne_bounds(&self, sentence: &Sentence<'_>) -> Vec<Finding> {
        let bound = |(request, before): (Request, String)| {
            let claim = Claim::before(&before);
            let (figure, value) = self.book.value(&request)?;
            let definition = &figure.definition;
            let shown = value.rounded(definition.decimals)?;
            let value = value.value.filter(|_| request.options.is_empty())?;
            let strict = matches!(claim, Claim::MoreThan | Claim::LessThan);
            (strict && !claim.holds(value, shown, definition.decimals)).then(|| {
                let (shown, exact) =
                    (show(shown, definition), decimal(value, definition.decimals + 2));
                let message = format!(
                    "« plus de » ou « moins de » dément {shown} : le chiffre exact est {exact}"
                );
                Finding::new(
                    "K-mot-dementi",
                    FAMILY,
                    Severity::Warning,
                    self.object(&definition.id),
                    message,
                )
                .fact(self.text_fact(sentence))
                .fact(Fact::new("chiffre exact", exact))
                .propose("écrivez « près de », ou retirez ces mots")
            })
        };
        sentence.live().into_iter().filter_map(bound).collect()
    }
}

/// A number typed in a sentence.
struct Number<'t> {
    value: f64,
    unit: Written,
    written: &'t str,
    /// The word that follows, without capitals and accents.
    noun: String,
    /// What the words before it claim.
    claim: Claim,
}

impl Number<'_> {
    fn decimals(&self) -> usize {
        self.written.split_once(',').map_or(0, |(_, fraction)| fraction.len())
    }

    /// Whether it may be a value of a figure: the same unit, or the name of the
    /// things it counts.
    fn fits(&self, figure: &Figure) -> bool {
        let stem = |word: &str| word.trim_end_matches(['s', 'x']).to_string();
        match (&figure.definition.unit, self.unit) {
            (Unit::Percent, Written::Percent)
            | (Unit::Euros, Written::Euros)
            | (Unit::MillionEuros, Written::MillionEuros) => true,
            (Unit::Things(things), Written::Bare) => {
                let things = matching::loose_key(things);
                let first = things.split([' ', '\'']).next().unwrap_or_default();
                !first.is_empty() && stem(first) == stem(&self.noun)
            }
            _ => false,
        }
    }
}

/// The unit that follows a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Percent,
    Euros,
    MillionEuros,
    Bare,
}

/// The numbers of a sentence, in digits and in letters, with the unit after
/// them. Years are not figures.
fn numbers(text: &str) -> Vec<Number<'_>> {
    let mut numbers = spelled_numbers(text);
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit()))
    {
        let from = at + start;
        let rest = text.get(from..).unwrap_or_default();
        let written = rest.get(..number_length(rest)).unwrap_or_default();
        at = from + written.len().max(1);
        let after = rest.get(written.len()..).unwrap_or_default().trim_start();
        let unit = match () {
            () if after.starts_with('%') => Written::Percent,
            () if after.starts_with("M€") || after.starts_with("million") => {
                Written::MillionEuros
            }
            () if after.starts_with('€') => Written::Euros,
            () => Written::Bare,
        };
        let Some(value) = parse_number(written) else { continue };
        let is_year = (1990.0..2100.0).contains(&value) && unit == Written::Bare;
        if !is_year {
            let claim = Claim::before(text.get(..from).unwrap_or_default());
            numbers.push(Number { value, unit, written, noun: first_word(after), claim });
        }
    }
    numbers
}

/// The numbers written in letters: « seize régions ».
fn spelled_numbers(text: &str) -> Vec<Number<'_>> {
    static LETTERS: LazyLock<HashMap<String, f64>> = LazyLock::new(|| {
        let plain = |n: u32| (wording::in_letters(u64::from(n), false), f64::from(n));
        (2..=99).map(plain).collect()
    });
    let mut numbers = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let (from, written) = (at, word.trim());
        at += word.len();
        if let Some(value) = LETTERS.get(&written.to_lowercase()) {
            let after = text.get(at..).unwrap_or_default();
            let claim = Claim::before(text.get(..from).unwrap_or_default());
            let noun = first_word(after);
            numbers.push(Number { value: *value, unit: Written::Bare, written, noun, claim });
        }
    }
    numbers
}

fn first_word(text: &str) -> String {
    let word = text.split(|c: char| !c.is_alphanumeric() && c != '-').find(|w| !w.is_empty());
    matching::loose_key(word.unwrap_or_default())
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

/// The share of a label's telling words that a sentence has, if it has two of
/// them or the only one. The sentence comes without accents and capitals.
fn words_in_common(label: &str, sentence: &str) -> f64 {
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
        let found = numbers(
            "En 2025, plus de 47 % des 1 202 projets, pour 52,3 M€, soit 12 €, seize régions.",
        );
        let found: Vec<(f64, Written, &str, Claim)> =
            found.iter().map(|n| (n.value, n.unit, n.noun.as_str(), n.claim)).collect();
        assert_eq!(
            found,
            [
                (16.0, Written::Bare, "regions", Claim::Equal),
                (47.0, Written::Percent, "des", Claim::MoreThan),
                (1202.0, Written::Bare, "projets", Claim::Equal),
                (52.3, Written::MillionEuros, "m", Claim::Equal),
                (12.0, Written::Euros, "seize", Claim::Equal)
            ]
        );
    }
}
