//! The XML inside workbooks.
//!
//! A workbook's sheets are XML, hundreds of megabytes of it where many people
//! answered, in very few kinds of elements. [`Markup`] cuts such a stream into
//! tags and texts without copying them, holds no more of it than one tag, and
//! expands no entity of a document's own. Elements are known by their local
//! names, whatever their prefixes.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::ops::Range;

use encoding_rs::{Encoding, UTF_8};
use memchr::{memchr, memchr3, memmem};

use super::delimited::Decoded;
use super::fault::Fault;

/// A tag is no longer than this, in bytes.
const LONGEST_TAG: usize = 1 << 20;

/// How much is read at a time, in bytes.
const CHUNK: usize = 1 << 16;

/// A piece of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// The beginning of an element; an empty element ends right after.
    Open(Tag<'a>),
    /// The end of an element, by its local name.
    Close(&'a str),
    /// A text, or a part of one, with its references as they are written.
    Text(&'a str),
    /// A text without references.
    Literal(&'a str),
    /// The end of the document.
    End,
}

/// The beginning of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The name without its prefix.
    pub name: &'a str,
    attributes: &'a str,
}

/// A stream of XML.
pub struct Markup<'s> {
    source: Box<dyn Read + 's>,
    buffer: Vec<u8>,
    /// What is read and not given out.
    pending: Range<usize>,
    ended: bool,
    /// The name of an empty element that has still to end.
    empty: Option<Range<usize>>,
}

impl<'s> Markup<'s> {
    /// Begins a document, in the encoding that it declares.
    pub fn new(mut source: impl Read + 's) -> Result<Self, Fault> {
        let mut start = Vec::with_capacity(256);
        source.by_ref().take(256).read_to_end(&mut start)?;
        let encoding = declared_encoding(&start);
        let whole = Cursor::new(start).chain(source);
        let source: Box<dyn Read + 's> = match encoding == UTF_8 {
            true => Box::new(whole),
            false => Box::new(Decoded::new(whole, encoding)),
        };
        Ok(Self { source, buffer: vec![0; CHUNK], pending: 0..0, ended: false, empty: None })
    }

    /// The next piece.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Token<'_>, Fault> {
        if let Some(name) = self.empty.take() {
            return Ok(Token::Close(local(self.str(name)?)));
        }
        loop {
            match self.bytes().first().copied() {
                None if !self.fill()? => return Ok(Token::End),
                None => {}
                Some(b'<') => match self.markup()? {
                    Kind::Tag => return self.tag(),
                    Kind::Literal => return self.literal(),
                    Kind::Comment => self.skip_past(b"-->")?,
                    Kind::Instruction => self.skip_past(b"?>")?,
                    Kind::Declaration => self.skip_declaration()?,
                },
                Some(_) => return self.text(),
            }
        }
    }

    /// What `parse` makes of the bytes that come next, between two tokens: it
    /// says how many of them it took. None where it does not know them, or where
    /// they are not all there yet; [`next`](Self::next) then gives them out.
    pub fn leading<'a, T: 'a>(
        &'a mut self,
        parse: impl FnOnce(&'a [u8]) -> Option<(T, usize)>,
    ) -> Option<T> {
        if self.empty.is_some() {
            return None;
        }
        let bytes = self.buffer.get(self.pending.clone())?;
        let (parsed, length) = parse(bytes)?;
        self.pending.start += length.min(bytes.len());
        Some(parsed)
    }

    fn bytes(&self) -> &[u8] {
        self.buffer.get(self.pending.clone()).unwrap_or_default()
    }

    fn str(&self, range: Range<usize>) -> Result<&str, Fault> {
        let bytes = self.buffer.get(range).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|_| Fault::Damaged("texte illisible".to_string()))
    }

    /// Reads on; no at the end of the document.
    fn fill(&mut self) -> Result<bool, Fault> {
        if self.ended {
            return Ok(false);
        }
        self.buffer.copy_within(self.pending.clone(), 0);
        self.pending = 0..self.pending.len();
        if self.pending.end == self.buffer.len() {
            if self.buffer.len() >= LONGEST_TAG {
                return Err(Fault::Damaged("une balise n’en finit pas".to_string()));
            }
            self.buffer.resize(2 * self.buffer.len(), 0);
        }
        let room = self.buffer.get_mut(self.pending.end..).unwrap_or_default();
        let count = loop {
            match self.source.read(room) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        self.pending.end += count;
        self.ended = count == 0;
        Ok(!self.ended)
    }

    /// Reads on where a piece is not complete.
    fn need_more(&mut self) -> Result<(), Fault> {
        match self.fill()? {
            true => Ok(()),
            false => Err(Fault::Damaged("le document est tronqué".to_string())),
        }
    }

    /// Gives out the first bytes, without those before `start`.
    fn take(&mut self, start: usize, length: usize) -> Range<usize> {
        let begin = self.pending.start;
        self.pending.start += length;
        begin + start..begin + length
    }

    /// What kind of markup comes next.
    fn markup(&mut self) -> Result<Kind, Fault> {
        const LITERAL: &[u8] = b"<![CDATA[";
        while self.bytes().len() < LITERAL.len() && self.fill()? {}
        Ok(match self.bytes() {
            bytes if bytes.starts_with(LITERAL) => Kind::Literal,
            bytes if bytes.starts_with(b"<!--") => Kind::Comment,
            bytes if bytes.starts_with(b"<!") => Kind::Declaration,
            bytes if bytes.starts_with(b"<?") => Kind::Instruction,
            _ => Kind::Tag,
        })
    }

    fn tag(&mut self) -> Result<Token<'_>, Fault> {
        let length = self.tag_length()?;
        let range = self.take(1, length);
        let inside = range.start..range.end - 1;
        let (closes, is_empty, name_end) = shape(self.str(inside.clone())?);
        if closes {
            let name = self.str(inside.start + 1..inside.end)?;
            return Ok(Token::Close(local(name.trim_ascii_end())));
        }
        self.empty = is_empty.then(|| inside.start..inside.start + name_end);
        let text = self.str(inside.start..inside.end - usize::from(is_empty))?;
        let (name, attributes) = text.split_at_checked(name_end).unwrap_or((text, ""));
        Ok(Token::Open(Tag { name: local(name), attributes }))
    }

    /// The length of the tag that comes next; a `>` in quotation marks does not
    /// end it.
    fn tag_length(&mut self) -> Result<usize, Fault> {
        let mut searched = 1;
        let mut quote = None;
        loop {
            let rest = self.bytes().get(searched..).unwrap_or_default();
            let found = match quote {
                Some(quote) => memchr(quote, rest),
                None => memchr3(b'>', b'"', b'\'', rest),
            };
            let Some(at) = found else {
                searched = self.pending.len();
                self.need_more()?;
                continue;
            };
            searched += at + 1;
            match (rest.get(at), quote) {
                (Some(b'>'), None) => return Ok(searched),
                (_, Some(_)) => quote = None,
                (byte, None) => quote = byte.copied(),
            }
        }
    }

    /// The text up to the next markup; a long one comes in several pieces.
    fn text(&mut self) -> Result<Token<'_>, Fault> {
        let length = loop {
            let bytes = self.bytes();
            match memchr(b'<', bytes) {
                Some(length) => break length,
                None if self.pending.len() >= CHUNK / 2 => match whole_part(bytes) {
                    0 => self.need_more()?,
                    length => break length,
                },
                None if !self.fill()? => break self.pending.len(),
                None => {}
            }
        };
        let range = self.take(0, length);
        self.str(range).map(Token::Text)
    }

    /// What stands in a section without references.
    fn literal(&mut self) -> Result<Token<'_>, Fault> {
        const START: usize = 9;
        let length = loop {
            let found = memmem::find(self.bytes().get(START..).unwrap_or_default(), b"]]>");
            match found {
                Some(length) => break START + length,
                None => self.need_more()?,
            }
        };
        let range = self.take(START, length);
        self.pending.start += 3;
        self.str(range).map(Token::Literal)
    }

    fn skip_past(&mut self, end: &[u8]) -> Result<(), Fault> {
        loop {
            match memmem::find(self.bytes(), end) {
                Some(at) => {
                    self.pending.start += at + end.len();
                    return Ok(());
                }
                None => {
                    let kept = end.len().min(self.pending.len());
                    self.pending.start = self.pending.end - kept;
                    self.need_more()?;
                }
            }
        }
    }

    /// Passes over a declaration with what it holds in square brackets.
    fn skip_declaration(&mut self) -> Result<(), Fault> {
        let mut depth = 0_usize;
        loop {
            let bytes = self.bytes();
            let Some(at) = memchr3(b'[', b']', b'>', bytes) else {
                self.pending.start = self.pending.end;
                self.need_more()?;
                continue;
            };
            let byte = bytes.get(at).copied();
            self.pending.start += at + 1;
            match byte {
                Some(b'[') => depth += 1,
                Some(b']') => depth = depth.saturating_sub(1),
                _ if depth == 0 => return Ok(()),
                _ => {}
            }
        }
    }
}

/// Whether the inside of a tag ends an element, whether the element is empty,
/// and where its name ends.
fn shape(text: &str) -> (bool, bool, usize) {
    let name_end = text.bytes().position(|byte| byte.is_ascii_whitespace() || byte == b'/');
    (text.starts_with('/'), text.ends_with('/'), name_end.unwrap_or(text.len()))
}

/// A kind of markup.
enum Kind {
    Tag,
    Literal,
    Comment,
    Instruction,
    Declaration,
}

/// How much of a text can be given out without cutting a character or a
/// reference in two.
fn whole_part(bytes: &[u8]) -> usize {
    const LONGEST_REFERENCE: usize = 16;
    let tail = bytes.len().saturating_sub(LONGEST_REFERENCE);
    let reference = memchr(b'&', bytes.get(tail..).unwrap_or_default());
    let length = reference.map_or(bytes.len(), |at| tail + at);
    match std::str::from_utf8(bytes.get(..length).unwrap_or_default()) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => length,
    }
}

/// The encoding of a document: its mark's, else the one it declares.
fn declared_encoding(start: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(start) {
        // The reader of other encodings takes the mark away.
        return if start.starts_with(b"\xEF\xBB\xBF") { UTF_8 } else { encoding };
    }
    match start {
        [b'<', 0, ..] => return encoding_rs::UTF_16LE,
        [0, b'<', ..] => return encoding_rs::UTF_16BE,
        _ => {}
    }
    let declared = || {
        let declaration = start.get(..memchr(b'>', start)?)?;
        let text = std::str::from_utf8(declaration).ok()?.strip_prefix("<?xml")?;
        let (_, rest) = text.split_once("encoding")?;
        let label = rest.trim_start_matches([' ', '=']).get(1..)?;
        let label = label.split(['"', '\'']).next()?;
        Encoding::for_label(label.as_bytes())
    };
    declared().unwrap_or(UTF_8)
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    match memchr(b':', name.as_bytes()) {
        Some(at) => name.get(at + 1..).unwrap_or_default(),
        None => name,
    }
}

impl<'a> Tag<'a> {
    /// The attributes, as they are written: whole names and values.
    pub fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            let (name, value, after) = next_attribute(rest)?;
            rest = after;
            Some((name, value))
        })
    }

    /// An attribute by its local name: `id` is `r:id` too.
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let found = self.attributes().find(|(key, _)| local(key) == name);
        found.map(|(_, value)| unescaped(value))
    }

    /// An attribute by its whole name.
    pub fn exact_attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let found = self.attributes().find(|(key, _)| *key == name);
        found.map(|(_, value)| unescaped(value))
    }
}

/// The first of some attributes, and those that follow it.
fn next_attribute(text: &str) -> Option<(&str, &str, &str)> {
    let bytes = text.as_bytes();
    let equals = bytes.iter().position(|byte| *byte == b'=')?;
    let space = bytes.iter().skip(equals + 1).position(|byte| matches!(byte, b'"' | b'\''))?;
    let start = equals + 1 + space;
    let quote = bytes.get(start)?;
    let length = bytes.iter().skip(start + 1).position(|byte| byte == quote)?;
    let end = start + 1 + length;
    Some((text.get(..equals)?.trim_ascii(), text.get(start + 1..end)?, text.get(end + 1..)?))
}

/// A text with its references resolved. Unknown ones are left as they are
/// written.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        match after.split_once(';').and_then(|(name, after)| Some((character(name)?, after))) {
            Some((character, after)) => {
                plain.push(character);
                rest = after;
            }
            None => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain.into()
}

/// The character that a reference names.
fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            code.ok().and_then(char::from_u32).filter(|character| *character != '\0')
        }
    }
}

/// Adds what a piece holds of a text, with its lines ended as XML has it.
pub fn push_text(token: &Token<'_>, text: &mut String) {
    let content = match token {
        Token::Text(content) => unescaped(content),
        Token::Literal(content) => Cow::Borrowed(*content),
        _ => return,
    };
    match memchr(b'\r', content.as_bytes()) {
        Some(_) => text.push_str(&content.replace("\r\n", "\n").replace('\r', "\n")),
        None => text.push_str(&content),
    }
}

/// Walks through the elements of a document.
pub fn for_each_element(
    source: impl Read,
    mut visit: impl FnMut(&Tag<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut markup = Markup::new(source)?;
    loop {
        match markup.next()? {
            Token::Open(tag) => visit(&tag)?,
            Token::End => return Ok(()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(bytes: &[u8]) -> Result<Vec<String>, Fault> {
        let mut markup = Markup::new(bytes)?;
        let mut told = Vec::new();
        loop {
            told.push(match markup.next()? {
                Token::Open(tag) => {
                    let attributes = tag.attributes().map(|(key, value)| format!(" {key}={value}"));
                    format!("<{}{}>", tag.name, attributes.collect::<String>())
                }
                Token::Close(name) => format!("</{name}>"),
                Token::Text(text) => format!("«{}»", unescaped(text)),
                Token::Literal(text) => format!("[{text}]"),
                Token::End => return Ok(told),
            });
        }
    }

    #[test]
    fn documents_are_cut_into_tags_and_texts() {
        let xml = "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?><!DOCTYPE a [<!ENTITY b \"c\">]>\
                   <x:a n='1' m = \"a&gt;b>c\"><!-- <b> --><c/><d\n/>t &amp; &#233;&b;<![CDATA[<&>]]></x:a >";
        let told = told(xml.as_bytes()).unwrap();
        let told: Vec<&str> =
            told.iter().map(String::as_str).skip_while(|t| *t != "<a n=1 m=a&gt;b>c>").collect();
        assert_eq!(
            told,
            ["<a n=1 m=a&gt;b>c>", "<c>", "</c>", "<d>", "</d>", "«t & é&b;»", "[<&>]", "</a>"]
        );
    }

    #[test]
    fn other_encodings_are_read() {
        let xml = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>é</a>";
        let little: Vec<u8> = xml.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [b"\xFF\xFE", &little[..]].concat();
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>".to_vec();
        for bytes in [little, marked, latin] {
            assert_eq!(told(&bytes).unwrap(), ["<a>", "«é»", "</a>"]);
        }
    }

    #[test]
    fn what_does_not_end_is_a_fault() {
        for xml in ["<a", "<a b='", "<!--", "<![CDATA[x", "<!DOCTYPE", "<?xml"] {
            assert!(matches!(told(xml.as_bytes()), Err(Fault::Damaged(_))), "{xml}");
        }
        let endless = format!("<a {}", "b".repeat(3 << 20));
        assert!(matches!(told(endless.as_bytes()), Err(Fault::Damaged(_))));
    }

    proptest! {
        /// However the bytes come, the pieces are those of the whole.
        #[test]
        fn long_texts_are_not_cut_inside_a_character(
            text in "[aé€𝄞&;<> ]{0,40}",
            times in 1..4000_usize,
        ) {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").repeat(times);
            let xml = format!("<a>{escaped}</a>");
            let mut markup = Markup::new(xml.as_bytes()).unwrap();
            let mut read = String::new();
            loop {
                let token = markup.next().unwrap();
                if token == Token::End {
                    break;
                }
                push_text(&token, &mut read);
            }
            prop_assert_eq!(read, text.repeat(times));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = told(&bytes);
        }

        #[test]
        fn nothing_like_xml_makes_it_panic(text in "[<>/!?\\[\\]='\" a-c&;:-]{0,60}") {
            let _ = told(text.as_bytes());
        }
    }
}
