//! The number formats of a workbook: which numbers are dates.

use std::collections::HashSet;
use std::io::Read;

use crate::spreadsheet::fault::Fault;
use crate::spreadsheet::xml::for_each_element;

/// The styles of cells.
#[derive(Debug, Default)]
pub struct Styles {
    /// Whether the numbers of each style are dates.
    dates: Vec<bool>,
}

impl Styles {
    /// Reads the part of styles.
    pub fn read(source: impl Read) -> Result<Self, Fault> {
        let mut styles = Self::default();
        let mut formats: HashSet<u32> = HashSet::new();
        let mut of_cells = false;
        for_each_element(source, |tag| {
            let number = |name| tag.attribute(name).and_then(|text| text.parse::<u32>().ok());
            match tag.name {
                "numFmt" => {
                    let code = tag.attribute("formatCode").unwrap_or_default();
                    formats.extend(number("numFmtId").filter(|_| is_date_format(&code)));
                }
                "cellXfs" => of_cells = true,
                "cellStyleXfs" | "cellStyles" | "dxfs" => of_cells = false,
                "xf" if of_cells => {
                    let format = number("numFmtId").unwrap_or(0);
                    styles.dates.push(is_builtin_date(format) || formats.contains(&format));
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(styles)
    }

    /// Whether the numbers of a style are dates.
    pub fn is_date(&self, style: usize) -> bool {
        self.dates.get(style).copied().unwrap_or(false)
    }
}

/// The formats of dates that have a number and no code (ECMA-376, 18.8.30).
fn is_builtin_date(format: u32) -> bool {
    matches!(format, 14..=22 | 27..=36 | 45 | 47 | 50..=58)
}

/// Whether a format code shows a number as a date or a time of day. Elapsed
/// times, `[h]:mm`, are amounts.
pub fn is_date_format(code: &str) -> bool {
    let first = code.split(';').next().unwrap_or_default();
    let mut characters = first.chars();
    let mut date = false;
    while let Some(character) = characters.next() {
        match character {
            // A literal, a filler, the width of a character.
            '\\' | '*' | '_' => {
                characters.next();
            }
            '"' => {
                characters.find(|character| *character == '"');
            }
            '[' => {
                let inside: String = characters.by_ref().take_while(|c| *c != ']').collect();
                let elapsed = inside.chars().all(|c| "hHmMsS".contains(c));
                if elapsed && !inside.is_empty() {
                    return false;
                }
            }
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => date = true,
            // « General », « Standard » and scientific notation.
            'G' | 'g' | 'E' | '0' | '#' | '?' => return false,
            _ => {}
        }
    }
    date
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_from_amounts() {
        for code in ["dd/mm/yyyy", "yyyy-mm-dd hh:mm", "[$-40C]d mmmm yyyy;@", "h:mm AM/PM"] {
            assert!(is_date_format(code), "{code}");
        }
        for code in [
            "0.00",
            "#,##0\\ \"jours\"",
            "[h]:mm:ss",
            "General",
            "0.00E+00",
            "\"mois\"",
            "[Red]#,##0",
            "@",
        ] {
            assert!(!is_date_format(code), "{code}");
        }
    }

    #[test]
    fn the_styles_of_cells_only_count() {
        let xml = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yy"/></numFmts>
            <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
            <cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="22"/></cellXfs>
            <dxfs><xf numFmtId="14"/></dxfs></styleSheet>"#;
        assert_eq!(Styles::read(xml.as_bytes()).unwrap().dates, [false, true, true]);
    }
}
