//! The texts that the cells of a workbook share.

use std::io::Read;

use crate::spreadsheet::fault::Fault;
use crate::spreadsheet::limits::Budget;
use crate::spreadsheet::xml::{Markup, Token, push_text};

/// The shared texts, one after the other in a single piece of memory.
#[derive(Debug, Default)]
pub struct SharedTexts {
    texts: String,
    ends: Vec<u32>,
}

impl SharedTexts {
    /// Reads the part of shared texts.
    pub fn read(source: impl Read, budget: &mut Budget) -> Result<Self, Fault> {
        let mut shared = Self::default();
        let mut texts = TextReader::default();
        let mut markup = Markup::new(source)?;
        loop {
            let token = markup.next()?;
            match &token {
                Token::Open(tag) if tag.name == "si" => texts.clear(),
                Token::Close("si") => shared.push(&texts.text, budget)?,
                Token::End => return Ok(shared),
                _ => texts.read(&token),
            }
        }
    }

    fn push(&mut self, text: &str, budget: &mut Budget) -> Result<(), Fault> {
        // The vectors double as they grow: an old and a new one live together.
        budget.spend(text.len() + text.len() / 2 + 6)?;
        self.texts.push_str(&unescaped(text));
        let end = u32::try_from(self.texts.len()).map_err(|_| Fault::Heavy)?;
        self.ends.push(end);
        Ok(())
    }

    /// The text of a rank.
    pub fn get(&self, rank: usize) -> Option<&str> {
        let end = *self.ends.get(rank)? as usize;
        let start = match rank.checked_sub(1) {
            Some(before) => *self.ends.get(before)? as usize,
            None => 0,
        };
        self.texts.get(start..end)
    }
}

/// Gathers the text of a run of elements: that of `t`, however many pieces of
/// rich text it comes in, without the reading aids of `rPh`.
#[derive(Debug, Default)]
pub struct TextReader {
    pub text: String,
    inside: bool,
    aids: usize,
}

impl TextReader {
    /// Begins another text.
    pub fn clear(&mut self) {
        self.text.clear();
        self.inside = false;
        self.aids = 0;
    }

    /// Takes in one piece.
    pub fn read(&mut self, token: &Token<'_>) {
        match token {
            Token::Open(tag) if tag.name == "t" => self.inside = self.aids == 0,
            Token::Open(tag) if tag.name == "rPh" => self.aids += 1,
            Token::Close("t") => self.inside = false,
            Token::Close("rPh") => self.aids = self.aids.saturating_sub(1),
            Token::Text(_) | Token::Literal(_) if self.inside => push_text(token, &mut self.text),
            _ => {}
        }
    }
}

/// The text with the characters that XML cannot hold, which Excel writes as
/// `_x000D_`.
pub fn unescaped(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        plain.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let escape = rest.get(..7).filter(|escape| escape.ends_with('_'));
        let code = escape.and_then(|escape| u32::from_str_radix(escape.get(2..6)?, 16).ok());
        match code.and_then(char::from_u32) {
            Some(character) => {
                plain.push(character);
                rest = rest.get(7..).unwrap_or_default();
            }
            None => {
                plain.push_str("_x");
                rest = rest.get(2..).unwrap_or_default();
            }
        }
    }
    plain.push_str(rest);
    plain.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(xml: &str) -> Vec<String> {
        let shared = SharedTexts::read(xml.as_bytes(), &mut Budget::default()).unwrap();
        (0..shared.ends.len()).map(|rank| shared.get(rank).unwrap().to_string()).collect()
    }

    #[test]
    fn rich_texts_are_one_text_and_reading_aids_are_none() {
        let xml = "<x:sst><x:si><x:t>a &amp; b</x:t></x:si><x:si/>\
                   <x:si><x:r><x:t>riche</x:t></x:r><x:r><x:t xml:space=\"preserve\"> et </x:t>\
                   </x:r><x:rPh><x:t>aide</x:t></x:rPh><x:r><x:t>&#233;crit</x:t></x:r></x:si>\
                   </x:sst>";
        assert_eq!(texts(xml), ["a & b", "", "riche et écrit"]);
    }

    #[test]
    fn excel_escapes_are_read() {
        assert_eq!(unescaped("un_x000D_\ndeux"), "un\r\ndeux");
        assert_eq!(unescaped("_x005F_x0041_ et _xyz_ et _x"), "_x0041_ et _xyz_ et _x");
    }
}
