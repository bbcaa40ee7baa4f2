//! Cells as spreadsheet programs write nearly all of them, read in one go.
//!
//! A large sheet is millions of `<c r="B12" s="1" t="s"><v>345</v></c>`. Cutting
//! each into four tokens takes most of the time of reading; here it is taken as
//! a whole. Whatever is written in another way (prefixes, references, formulas,
//! other attributes or quotation marks) is left to the tokens, which give the
//! same for these cells too.

use crate::spreadsheet::value::Position;

/// A cell that holds a value without references and nothing else.
#[derive(Debug, PartialEq, Eq)]
pub struct PlainCell<'a> {
    /// Where it stands, if it says so.
    pub position: Option<Position>,
    pub style: usize,
    /// What its value is, in the format's words; a number without.
    pub kind: Option<&'a str>,
    /// The value; empty where there is none.
    pub value: &'a str,
}

impl<'a> PlainCell<'a> {
    /// The cell that some XML begins with, and its length in bytes.
    pub fn parse(xml: &'a [u8]) -> Option<(Self, usize)> {
        let mut rest = xml.strip_prefix(b"<c")?;
        let mut cell = Self { position: None, style: 0, kind: None, value: "" };
        loop {
            rest = match rest {
                [b' ', b'r', b'=', b'"', after @ ..] => cell.take_position(after)?,
                [b' ', b's', b'=', b'"', after @ ..] => cell.take_style(after)?,
                [b' ', b't', b'=', b'"', after @ ..] => {
                    let (kind, after) = ascii_until(after, b'"')?;
                    cell.kind = Some(kind);
                    after
                }
                [b'>', b'<', b'v', b'>', after @ ..] => {
                    let (value, after) = ascii_until(after, b'<')?;
                    cell.value = value;
                    let after = after.strip_prefix(b"/v></c>")?;
                    return Some((cell, xml.len() - after.len()));
                }
                [b'/', b'>', after @ ..] => return Some((cell, xml.len() - after.len())),
                _ => return None,
            }
        }
    }

    /// Capitals, then digits: the address as Excel writes it.
    fn take_position(&mut self, text: &'a [u8]) -> Option<&'a [u8]> {
        let (column, text) = number(text, 3, |column, byte| {
            byte.is_ascii_uppercase().then(|| column * 26 + u32::from(byte - b'A') + 1)
        })?;
        let (row, text) = number(text, 7, decimal)?;
        self.position = Some(Position::new(row.checked_sub(1)?, column - 1));
        text.strip_prefix(b"\"")
    }

    fn take_style(&mut self, text: &'a [u8]) -> Option<&'a [u8]> {
        let (style, text) = number(text, 7, decimal)?;
        self.style = style as usize;
        text.strip_prefix(b"\"")
    }
}

fn decimal(number: u32, byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0'))
}

/// The number that one to `most` bytes give, and what follows them.
fn number(
    text: &[u8],
    most: usize,
    digit: impl Fn(u32, u8) -> Option<u32>,
) -> Option<(u32, &[u8])> {
    let mut number = 0;
    let mut rest = text;
    while let [byte, after @ ..] = rest
        && let Some(more) = digit(number, *byte)
    {
        number = more;
        rest = after;
        if text.len() - rest.len() > most {
            return None;
        }
    }
    (rest.len() < text.len()).then_some((number, rest))
}

/// The text up to a byte, and what follows that byte; none where the text has
/// references, ends of lines, or letters beyond ASCII.
fn ascii_until(text: &[u8], end: u8) -> Option<(&str, &[u8])> {
    let plain = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'&' | b'<' | b'"' | b'>');
    let length = text.iter().position(|byte| !plain(byte) && *byte != b' ')?;
    let (text, rest) = text.split_at_checked(length)?;
    Some((std::str::from_utf8(text).ok()?, rest.strip_prefix(&[end])?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(xml: &str) -> Option<(PlainCell<'_>, &str)> {
        let (cell, length) = PlainCell::parse(xml.as_bytes())?;
        Some((cell, &xml[length..]))
    }

    #[test]
    fn cells_as_excel_writes_them_are_taken_whole() {
        let (cell, rest) = parsed(r#"<c r="AB12" s="3" t="s"><v>45</v></c><c/>"#).unwrap();
        assert_eq!(cell.position, Some(Position::new(11, 27)));
        assert_eq!((cell.style, cell.kind, cell.value), (3, Some("s"), "45"));
        assert_eq!(rest, "<c/>");
        let (cell, rest) = parsed(r#"<c r="A1" s="3"/><c>"#).unwrap();
        assert_eq!((cell.position, cell.value, rest), (Some(Position::new(0, 0)), "", "<c>"));
        let (cell, _) = parsed("<c><v>-1.5E-3</v></c>").unwrap();
        assert_eq!((cell.position, cell.value), (None, "-1.5E-3"));
    }

    #[test]
    fn other_cells_are_left_to_the_tokens() {
        for xml in [
            "<col r=\"A1\"/>",
            "<c r='A1'><v>1</v></c>",
            "<c r=\"a1\"><v>1</v></c>",
            "<c r=\"A0\"><v>1</v></c>",
            "<c r=\"ABCD1\"><v>1</v></c>",
            "<c r=\"A12345678\"><v>1</v></c>",
            "<c r=\"A\"><v>1</v></c>",
            "<c r=\"A1\" s=\"\"><v>1</v></c>",
            "<c r=\"A1\" cm=\"1\"><v>1</v></c>",
            "<c r=\"A1\"><f>1+1</f><v>2</v></c>",
            "<c r=\"A1\" t=\"str\"><v>é</v></c>",
            "<c r=\"A1\" t=\"str\"><v>a &lt; b</v></c>",
            "<c r=\"A1\"><v>1</v>",
            "<c r=\"A1\"><v>1",
            "<c r=\"A1",
            "<c",
        ] {
            assert_eq!(parsed(xml), None, "{xml}");
        }
    }
}
