//! From Markdown's events to the tree of blocks.

use std::iter::Peekable;
use std::ops::Range;
use std::vec::IntoIter;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::live::{Piece, pieces};
use super::{Block, Inline, Source};
use crate::diagnostics::{Diagnostic, Diagnostics};

/// Deeper quotations and lists are flattened into the one that holds them.
const DEPTH: usize = 8;

type Events<'a> = Peekable<IntoIter<(Event<'a>, Range<usize>)>>;

/// Reads the blocks of a text.
pub fn blocks(source: &Source<'_>, found: &mut Diagnostics) -> Vec<Block> {
    let events = merged(Parser::new(source.text).into_offset_iter());
    let mut builder = Builder { source, found, events: events.into_iter().peekable() };
    let mut blocks = Vec::new();
    while builder.events.peek().is_some() {
        blocks.extend(builder.blocks_until_end(0));
    }
    blocks
}

/// Joins the runs of text that Markdown cut at its special characters, so that
/// no live figure is cut in two.
fn merged<'a>(
    events: impl Iterator<Item = (Event<'a>, Range<usize>)>,
) -> Vec<(Event<'a>, Range<usize>)> {
    let mut merged: Vec<(Event<'a>, Range<usize>)> = Vec::new();
    for (event, range) in events {
        let event = match event {
            Event::Html(text) | Event::InlineHtml(text) | Event::Code(text) => Event::Text(text),
            other => other,
        };
        match (merged.last_mut(), event) {
            (Some((Event::Text(before), before_range)), Event::Text(text)) => {
                *before = format!("{before}{text}").into();
                before_range.end = range.end;
            }
            (_, event) => merged.push((event, range)),
        }
    }
    merged
}

struct Builder<'s, 'a> {
    source: &'s Source<'s>,
    found: &'s mut Diagnostics,
    events: Events<'a>,
}

impl<'a> Builder<'_, 'a> {
    /// The blocks up to the end of the one that holds them, which is taken too.
    fn blocks_until_end(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::End(_) => break,
                Event::Start(tag) if !continues_line(&Event::Start(tag.clone())) => {
                    blocks.extend(self.block(&tag, depth));
                }
                other => blocks.extend(self.loose_line(other, range)),
            }
        }
        blocks
    }

    fn block(&mut self, tag: &Tag<'a>, depth: usize) -> Vec<Block> {
        match tag {
            Tag::Heading { level, .. } => {
                let content = self.inlines_until_end(0);
                vec![Block::Heading { level: rank(*level), content }]
            }
            Tag::BlockQuote(_) | Tag::List(_) if depth >= DEPTH => paragraph(self.flattened()),
            Tag::BlockQuote(_) => {
                vec![Block::Quote { blocks: self.blocks_until_end(depth + 1) }]
            }
            Tag::List(start) => {
                vec![Block::List { ordered: start.is_some(), items: self.items(depth + 1) }]
            }
            _ => paragraph(self.inlines_until_end(0)),
        }
    }

    /// The items of a list, up to its end.
    fn items(&mut self, depth: usize) -> Vec<Vec<Block>> {
        let mut items = Vec::new();
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::End(TagEnd::List(_)) => break,
                Event::Start(Tag::Item) => items.push(self.blocks_until_end(depth)),
                _ => {}
            }
        }
        items
    }

    /// The text of what is nested too deep, up to its end.
    fn flattened(&mut self) -> Vec<Inline> {
        let mut open = 1;
        let mut content = Vec::new();
        while open > 0
            && let Some((event, range)) = self.events.next()
        {
            match event {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                Event::Text(text) => content.extend(self.text(&text, &range)),
                _ => {}
            }
        }
        content
    }

    /// A line of a tight list, which Markdown does not put in a paragraph.
    fn loose_line(&mut self, first: Event<'a>, range: Range<usize>) -> Vec<Block> {
        let mut content = self.inline(first, range, 0);
        while let Some((event, _)) = self.events.peek()
            && continues_line(event)
            && let Some((event, range)) = self.events.next()
        {
            content.extend(self.inline(event, range, 0));
        }
        paragraph(content)
    }

    /// The pieces of a line up to the end of what holds it, which is taken too.
    fn inlines_until_end(&mut self, depth: usize) -> Vec<Inline> {
        let mut content = Vec::new();
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::End(_) => break,
                Event::Start(_) if depth >= DEPTH => content.extend(self.flattened()),
                event => content.extend(self.inline(event, range, depth)),
            }
        }
        content
    }

    fn inline(&mut self, event: Event<'a>, range: Range<usize>, depth: usize) -> Vec<Inline> {
        match event {
            Event::Text(text) => self.text(&text, &range),
            Event::SoftBreak => vec![Inline::Text { text: " ".to_string() }],
            Event::HardBreak => vec![Inline::Break],
            Event::Start(Tag::Strong) => {
                vec![Inline::Strong { content: self.inlines_until_end(depth + 1) }]
            }
            Event::Start(Tag::Emphasis) => {
                vec![Inline::Emphasis { content: self.inlines_until_end(depth + 1) }]
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let content = self.inlines_until_end(depth + 1);
                if is_web_address(&dest_url) {
                    vec![Inline::Link { url: dest_url.to_string(), content }]
                } else {
                    content
                }
            }
            Event::Start(_) => self.inlines_until_end(depth + 1),
            _ => Vec::new(),
        }
    }

    /// A run of text with its live figures.
    fn text(&mut self, text: &str, range: &Range<usize>) -> Vec<Inline> {
        let piece = |piece: Piece<'_>| match piece {
            Piece::Text(text) => Inline::Text { text: text.to_string() },
            Piece::Figure(request, written) => match (self.source.figure)(&request) {
                Ok(figure) => Inline::Figure(figure),
                Err(missing) => {
                    self.found.push(
                        Diagnostic::error("chiffre-introuvable", missing.message)
                            .at(self.source.place(range))
                            .help(missing.help),
                    );
                    Inline::Text { text: written.to_string() }
                }
            },
        };
        pieces(text).into_iter().map(piece).collect()
    }
}

fn continues_line(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => {
            matches!(tag, Tag::Strong | Tag::Emphasis | Tag::Link { .. } | Tag::Image { .. })
        }
        Event::End(_) => false,
        _ => true,
    }
}

fn paragraph(mut content: Vec<Inline>) -> Vec<Block> {
    if let Some(Inline::Text { text }) = content.last_mut() {
        text.truncate(text.trim_end().len());
    }
    if content.is_empty() { Vec::new() } else { vec![Block::Paragraph { content }] }
}

fn is_web_address(url: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|scheme| url.starts_with(scheme))
}

fn rank(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
