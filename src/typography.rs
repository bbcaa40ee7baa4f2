//! French typography: the one place where a number becomes text.
//!
//! Thousands and units are set off with a narrow no-break space (U+202F), the
//! decimal separator is a comma, as the *Lexique des règles typographiques en
//! usage à l’Imprimerie nationale* has it.

/// The narrow no-break space, before `%`, `;`, `!`, `?` and between thousands.
pub const NARROW_SPACE: char = '\u{202F}';
/// The no-break space, before `:` and inside guillemets.
pub const NO_BREAK_SPACE: char = '\u{00A0}';

/// What stands in the place of a figure that disclosure control hides.
pub const NOT_DISCLOSED: &str = "non diffusé";

/// A whole number: `60 000`.
pub fn integer(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let sign = if value < 0 { "−" } else { "" };
    format!("{sign}{}", group_thousands(&digits))
}

/// A number with a fixed number of decimals: `6,7`, `1 234,50`.
///
/// Halves are rounded away from zero, see [`round_half_up`].
pub fn decimal(value: f64, decimals: usize) -> String {
    let rounded = round_half_up(value, decimals);
    let text = format!("{:.decimals$}", rounded.abs());
    let sign = if rounded < 0.0 { "−" } else { "" };
    match text.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{},{fraction}", group_thousands(whole)),
        None => format!("{sign}{}", group_thousands(&text)),
    }
}

/// A number with as many decimals as it needs, at most `decimals`: `4,5`, `3`.
pub fn shortest(value: f64, decimals: usize) -> String {
    let text = decimal(value, decimals);
    match text.split_once(',') {
        Some((whole, fraction)) => match fraction.trim_end_matches('0') {
            "" => whole.to_string(),
            rest => format!("{whole},{rest}"),
        },
        None => text,
    }
}

/// A percentage, from a percentage (not a ratio): `47 %`, `6,7 %`.
pub fn percent(value: f64, decimals: usize) -> String {
    format!("{}{NARROW_SPACE}%", decimal(value, decimals))
}

/// An amount in euros: `260 000 €`.
pub fn euros(value: f64) -> String {
    format!("{}{NARROW_SPACE}€", decimal(value, 0))
}

/// An amount in millions of euros: `4,5 M€`.
pub fn millions(value: f64) -> String {
    format!("{}{NARROW_SPACE}M€", shortest(value, 2))
}

/// A count and its noun, which takes an s from two on: `1 projet`, `15 projets`.
///
/// In French zero and one are singular. The noun is given in the singular; a
/// compound noun gives its plural too, see [`counted_as`].
pub fn counted(count: usize, noun: &str) -> String {
    counted_as(count, noun, &format!("{noun}s"))
}

/// A count and its noun, in the form that the count asks for.
pub fn counted_as(count: usize, singular: &str, plural: &str) -> String {
    let noun = if count < 2 { singular } else { plural };
    format!("{}{NO_BREAK_SPACE}{noun}", integer(count as i64))
}

/// The size of a base: `n = 186`.
pub fn base_size(base: usize) -> String {
    format!("n{NO_BREAK_SPACE}={NO_BREAK_SPACE}{}", integer(base as i64))
}

/// `a`, `a et b`, `a, b et c`.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    join_list(items, "et")
}

/// `a`, `a ou b`, `a, b ou c`.
pub fn alternatives<S: AsRef<str>>(items: &[S]) -> String {
    join_list(items, "ou")
}

/// Words in guillemets: `« mot »`.
pub fn quoted(text: &str) -> String {
    format!("«{NO_BREAK_SPACE}{text}{NO_BREAK_SPACE}»")
}

/// The elision of *de* before a name: `d’Occitanie`, `de Bretagne`.
pub fn of(name: &str) -> String {
    if starts_with_vowel(name) { format!("d’{name}") } else { format!("de {name}") }
}

/// A text with a capital at its beginning.
pub fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// Rounds halves away from zero at a number of decimals, as people do.
///
/// A value such as 2.675, which no binary number equals, is taken for the
/// decimal number a person wrote: it is first moved outwards by one part in
/// 10¹².
pub fn round_half_up(value: f64, decimals: usize) -> f64 {
    let scale = 10_f64.powi(decimals as i32);
    (value * scale * (1.0 + 1e-12)).round() / scale
}

fn group_thousands(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(NARROW_SPACE);
        }
        grouped.push(digit);
    }
    grouped
}

fn join_list<S: AsRef<str>>(items: &[S], conjunction: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_string(),
        [head @ .., last] => {
            let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
            format!("{} {conjunction} {}", head.join(", "), last.as_ref())
        }
    }
}

fn starts_with_vowel(name: &str) -> bool {
    name.chars().next().is_some_and(|first| "AEIOUYÀÂÉÈÊÎÏÔÛÜŒÆaeiouyàâéèêîïôûüœæ".contains(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_off() {
        assert_eq!(integer(60_000), "60\u{202F}000");
        assert_eq!(integer(999), "999");
        assert_eq!(integer(-1_234_567), "−1\u{202F}234\u{202F}567");
    }

    #[test]
    fn decimals_take_a_comma_and_halves_go_up() {
        assert_eq!(decimal(6.65, 1), "6,7");
        assert_eq!(decimal(0.125, 2), "0,13");
        assert_eq!(decimal(2.675, 2), "2,68");
        assert_eq!(decimal(-0.04, 1), "0,0");
        assert_eq!(decimal(1234.5, 2), "1\u{202F}234,50");
    }

    #[test]
    fn amounts_read_as_in_the_brochure() {
        assert_eq!(millions(4.5), "4,5\u{202F}M€");
        assert_eq!(millions(3.0), "3\u{202F}M€");
        assert_eq!(euros(260_000.0), "260\u{202F}000\u{202F}€");
        assert_eq!(percent(47.0, 0), "47\u{202F}%");
    }

    #[test]
    fn zero_and_one_are_singular() {
        assert_eq!(counted(0, "projet"), "0\u{A0}projet");
        assert_eq!(counted(1, "projet"), "1\u{A0}projet");
        assert_eq!(counted(2, "projet"), "2\u{A0}projets");
    }

    #[test]
    fn lists_end_with_a_conjunction() {
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b et c");
        assert_eq!(alternatives(&["a", "b"]), "a ou b");
    }

    #[test]
    fn de_is_elided_before_a_vowel() {
        assert_eq!(of("Île-de-France"), "d’Île-de-France");
        assert_eq!(of("Bretagne"), "de Bretagne");
    }
}
