//! The XML inside workbooks: elements by their local names, whatever their
//! prefixes; texts with their references resolved.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::fault::Fault;

/// A reader that takes documents as programs write them, without checking what
/// does not matter to the cells.
pub fn reader<R: BufRead>(source: R) -> Reader<R> {
    let mut reader = Reader::from_reader(source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.check_comments = false;
    config.expand_empty_elements = true;
    config.trim_text(false);
    reader
}

/// An attribute by its local name: `id` is `r:id` too.
pub fn attribute<'a>(element: &'a BytesStart<'_>, name: &str) -> Option<Cow<'a, str>> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|attribute| {
        let key: &str = attribute.key.as_ref();
        key == name || key.rsplit(':').next() == Some(name)
    });
    unescaped(found?.value)
}

/// An attribute by its whole name.
pub fn exact_attribute<'a>(element: &'a BytesStart<'_>, name: &str) -> Option<Cow<'a, str>> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|attribute| {
        let key: &str = attribute.key.as_ref();
        key == name
    });
    unescaped(found?.value)
}

fn unescaped(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if !value.contains('&') {
        return Some(value);
    }
    quick_xml::escape::unescape(&value).ok().map(|text| Cow::Owned(text.into_owned()))
}

/// Adds the character that a reference stands for: `&amp;`, `&#233;`. An
/// unknown one is left as it is written.
pub fn push_reference(reference: &BytesRef<'_>, text: &mut String) {
    let name: &str = reference;
    match reference.resolve_char_ref() {
        Ok(Some(character)) => text.push(character),
        _ => match quick_xml::escape::resolve_xml_entity(name) {
            Some(resolved) => text.push_str(resolved),
            None => {
                text.push('&');
                text.push_str(name);
                text.push(';');
            }
        },
    }
}

/// Adds what an event holds of a text.
pub fn push_text(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(&part.xml10_content()),
        Event::GeneralRef(reference) => push_reference(reference, text),
        _ => {}
    }
}

/// Walks through the elements of a document.
pub fn for_each_element<R: BufRead>(
    source: R,
    mut visit: impl FnMut(&BytesStart<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut reader = reader(source);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(element) => visit(&element)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}
