//! What a cell holds, and where it stands.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::NaiveDateTime;

/// The content of a cell that is not empty.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(Arc<str>),
    Number(f64),
    Boolean(bool),
    /// A date, with a time of day where there is one.
    Moment(NaiveDateTime),
    /// An error value as the spreadsheet shows it: `#N/A`, `#DIV/0!`.
    Fault(Arc<str>),
}

impl Value {
    /// What a cell of a text file holds: a text, or the name of an error.
    pub fn written(text: &str) -> Self {
        if is_error_name(text.trim()) { Self::Fault(text.trim().into()) } else { Self::text(text) }
    }

    /// A text.
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// The value as text: numbers without needless decimals, `VRAI` and
    /// `FAUX`, dates as `2025-03-31` or `2025-03-31 14:05`.
    pub fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) | Self::Fault(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number_text(*number)),
            Self::Boolean(true) => Cow::Borrowed("VRAI"),
            Self::Boolean(false) => Cow::Borrowed("FAUX"),
            Self::Moment(moment) => Cow::Owned(moment_text(moment)),
        }
    }

    /// Whether the cell would look empty: no text, or white space only.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.chars().all(is_invisible))
    }

    /// The number a cell holds, or that its text writes in the French or the
    /// English way: `1 234,5`, `1,234.5`, `12 %` is not one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => parse_number(text),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_text())
    }
}

/// Whether a character leaves no mark on paper.
fn is_invisible(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200B}'..='\u{200D}' | '\u{FEFF}')
}

fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}

fn moment_text(moment: &NaiveDateTime) -> String {
    let midnight = moment.time() == chrono::NaiveTime::MIN;
    moment.format(if midnight { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" }).to_string()
}

/// Reads a number that a person typed: spaces between thousands, a comma or a
/// point before decimals.
///
/// One comma or one point is a decimal separator; several of one kind separate
/// thousands, and then three digits stand between them (`1,2,3` is a list); of both
/// kinds, the last one to appear is the decimal separator.
pub fn parse_number(text: &str) -> Option<f64> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let compact: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let compact = compact.replace('−', "-");
    let (commas, points) = (compact.matches(',').count(), compact.matches('.').count());
    let plain = match (commas, points) {
        (0, _) if points > 1 => without_thousands(&compact, '.')?,
        (_, 0) if commas > 1 => without_thousands(&compact, ',')?,
        (0, _) => compact,
        (_, 0) => compact.replace(',', "."),
        _ if compact.rfind(',') > compact.rfind('.') => compact.replace('.', "").replace(',', "."),
        _ => compact.replace(',', ""),
    };
    let digits = plain.strip_prefix(['-', '+']).unwrap_or(&plain);
    let numeric = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    plain.parse().ok().filter(|number: &f64| numeric && number.is_finite())
}

/// A whole number without what separates its thousands, where it does.
fn without_thousands(text: &str, separator: char) -> Option<String> {
    let mut groups = text.split(separator);
    let first = groups.next()?.trim_start_matches(['-', '+']);
    let sound = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    sound.then(|| text.replace(separator, ""))
}

/// Reads a moment as standards write it: `2025-03-01`, `2025-03-01T10:30:00`,
/// with a fraction of a second or an offset that is passed over.
pub fn parse_moment(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim();
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, time),
        None => (text, ""),
    };
    let day = chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    let end = time.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(time.len());
    let time = match time.get(..end).unwrap_or_default() {
        "" => chrono::NaiveTime::MIN,
        time => ["%H:%M:%S", "%H:%M"]
            .iter()
            .find_map(|format| chrono::NaiveTime::parse_from_str(time, format).ok())?,
    };
    Some(day.and_time(time))
}

/// The names of the errors of spreadsheets, in French and in English, as they
/// show in cells and in text files made from them. `#NULL!` is not among them:
/// SPSS writes it for a question that was not asked.
const ERROR_NAMES: [&str; 14] = [
    "#N/A",
    "#N/D",
    "#DIV/0!",
    "#REF!",
    "#VALUE!",
    "#VALEUR!",
    "#NAME?",
    "#NOM?",
    "#NUM!",
    "#NOMBRE!",
    "#SPILL!",
    "#CALC!",
    "#ERROR!",
    "#GETTING_DATA",
];

/// Whether a text is the name of a spreadsheet's error; LibreOffice has numbers
/// too, `Err:502`.
pub fn is_error_name(text: &str) -> bool {
    let number = text.strip_prefix("Err:");
    ERROR_NAMES.contains(&text)
        || number.is_some_and(|number| number.len() == 3 && number.parse::<u16>().is_ok())
}

/// Where a cell stands. Row and column are counted from 0; shown in A1
/// notation, where rows count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    pub row: u32,
    pub column: u32,
}

impl Position {
    /// The cell of a row and a column, both counted from 0.
    pub fn new(row: u32, column: u32) -> Self {
        Self { row, column }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.column), u64::from(self.row) + 1)
    }
}

impl FromStr for Position {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let split = text.find(|c: char| c.is_ascii_digit()).ok_or(())?;
        let (letters, digits) = text.split_at(split);
        let column = column_index(letters).ok_or(())?;
        let row: u32 = digits.parse().map_err(|_| ())?;
        row.checked_sub(1).map(|row| Self { row, column }).ok_or(())
    }
}

/// The letters of a column counted from 0: 0 is `A`, 27 is `AB`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The column, counted from 0, that letters name: `A` is 0, `ab` is 27.
pub fn column_index(letters: &str) -> Option<u32> {
    if letters.is_empty() || !letters.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    letters
        .bytes()
        .try_fold(0_u32, |index, byte| {
            let digit = u32::from(byte.to_ascii_uppercase() - b'A') + 1;
            index.checked_mul(26)?.checked_add(digit)
        })?
        .checked_sub(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let cases = [
            ("1 234,5", Some(1234.5)),
            ("1\u{202F}234", Some(1234.0)),
            ("1,234.5", Some(1234.5)),
            ("1.234.567", Some(1_234_567.0)),
            ("-12,345,678", Some(-12_345_678.0)),
            ("1,2,3", None),
            ("3.6.1", None),
            ("6,7", Some(6.7)),
            ("-3", Some(-3.0)),
            ("−3", Some(-3.0)),
            ("12 %", None),
            ("inf", None),
            ("NaN", None),
            ("douze", None),
            ("", None),
        ];
        for (text, number) in cases {
            assert_eq!(parse_number(text), number, "{text}");
        }
    }

    #[test]
    fn a_column_has_letters() {
        assert_eq!(column_letters(0), "A");
        assert_eq!(column_letters(25), "Z");
        assert_eq!(column_letters(26), "AA");
        assert_eq!(column_letters(16_383), "XFD");
        assert_eq!(column_index("A1"), None);
        assert_eq!(column_index("ZZZZZZZZZZZZ"), None);
    }

    #[test]
    fn blank_is_what_looks_empty() {
        assert!(Value::text(" \u{A0}\u{200B}\n").is_blank());
        assert!(!Value::text("-").is_blank());
        assert!(!Value::Number(0.0).is_blank());
    }

    proptest! {
        #[test]
        fn a_position_survives_its_own_notation(row in 0..u32::MAX, column in 0..20_000_u32) {
            let position = Position::new(row, column);
            prop_assert_eq!(position.to_string().parse(), Ok(position));
        }
    }
}
