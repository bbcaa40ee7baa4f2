//! The last look at the texts of a document before the templates show them:
//! spaces that may not break, words without a place to break, characters that
//! no font has.
//!
//! Letters are never changed: what the register prints comes out as printed.
//! A character that no font of the program has would stop the compiler, which
//! refuses a missing glyph; it is shown as [`STAND_IN`], and told.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;
use typst::text::{Coverage, FontInfo};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::assets::{Assets, compiler_fonts};
use crate::diagnostics::{Diagnostic, Place};
use crate::typography::{NARROW_SPACE, NO_BREAK_SPACE, counted, list};

/// What stands for a character that no font has: a white square, U+25A1.
pub const STAND_IN: char = '□';

/// Words longer than this are given places to break.
const LONG_WORD: usize = 24;

/// The characters between two places to break in a long word.
const PIECE: usize = 8;

const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// Keys of the data whose texts are addresses and names of files, not words.
const NOT_WORDS: [&str; 5] = ["chemin", "url", "slug", "type", "indicateur"];

/// Polishes the texts of documents.
pub struct Polish<'a> {
    assets: &'a Assets,
    /// What each font has; read when a first character asks for it.
    fonts: OnceCell<Vec<Coverage>>,
    absent: BTreeSet<char>,
}

impl<'a> Polish<'a> {
    /// For the fonts that the program carries and those of the templates'
    /// folder.
    pub fn new(assets: &'a Assets) -> Self {
        Self { assets, fonts: OnceCell::new(), absent: BTreeSet::new() }
    }

    /// Polishes every text of the data of a document.
    pub fn data(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.data(item)),
            Value::Object(entries) => {
                let written = entries.get("type").and_then(Value::as_str) == Some("texte");
                for (key, entry) in entries.iter_mut() {
                    match entry {
                        Value::String(_) if NOT_WORDS.contains(&key.as_str()) => {}
                        Value::String(text) if key == "alternative" => self.look_at_label(text),
                        Value::String(text) if written => {
                            *text = self.text(&typographic(text));
                        }
                        other => self.data(other),
                    }
                }
            }
            Value::String(text) => *text = self.text(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Polishes a text.
    pub fn text(&mut self, text: &str) -> String {
        if text.chars().all(|c| c.is_ascii_alphanumeric()) && text.len() <= LONG_WORD {
            return text.to_string();
        }
        let shown: Vec<char> = text.chars().filter_map(spoken).collect();
        let mut polished = String::with_capacity(text.len());
        for cluster in clusters(&shown) {
            self.show(cluster, &mut polished);
        }
        breakable(&unbreakable(&polished))
    }

    /// What the run should tell: the characters that no font has.
    pub fn told(&self) -> Option<Diagnostic> {
        if self.absent.is_empty() {
            return None;
        }
        let named = |c: &char| format!("« {c} » (U+{:04X})", u32::from(*c));
        let mut names: Vec<String> = self.absent.iter().take(12).map(named).collect();
        if let Some(more) = self.absent.len().checked_sub(12).filter(|more| *more > 0) {
            names.push(counted(more, "autre"));
        }
        let one = self.absent.len() < 2;
        let message = format!(
            "un carré blanc {STAND_IN} tient lieu {} qu’aucune police n’a : {}",
            if one { "d’un caractère" } else { "de caractères" },
            list(&names)
        );
        Some(
            Diagnostic::information("caractere-sans-police", message)
                .at(Place::file("report-templates/polices"))
                .help("mettez dans ce dossier une police qui l’a, par exemple une Noto Sans"),
        )
    }

    /// Writes a cluster: whole where one font has all of it, else its first
    /// character, or what stands for it.
    fn show(&mut self, cluster: &[char], polished: &mut String) {
        let Some((first, marks)) = cluster.split_first() else { return };
        if cluster.iter().all(|c| is_plain(*c)) || self.has_together(cluster) {
            return polished.extend(cluster);
        }
        self.absent.extend(marks.iter().filter(|c| !is_joiner(**c)));
        if self.has(*first) {
            polished.push(*first);
        } else {
            self.absent.insert(*first);
            polished.push(STAND_IN);
        }
    }

    /// Whether one font has all the characters of a cluster. What the main
    /// font begins, it must end: the compiler looks for no other then.
    fn has_together(&self, cluster: &[char]) -> bool {
        if cluster.first().is_some_and(|first| is_drawn(*first)) {
            return cluster.iter().all(|c| is_joiner(*c) || is_drawn(*c));
        }
        let has =
            |font: &Coverage| cluster.iter().all(|c| is_joiner(*c) || font.contains(u32::from(*c)));
        !cluster.iter().any(|c| is_private(*c)) && self.fonts().iter().any(has)
    }

    fn has(&self, c: char) -> bool {
        is_plain(c) || !is_private(c) && self.fonts().iter().any(|font| font.contains(u32::from(c)))
    }

    fn fonts(&self) -> &[Coverage] {
        self.fonts.get_or_init(|| {
            let is_font =
                |name: &String| [".ttf", ".otf", ".ttc"].iter().any(|end| name.ends_with(end));
            let carried = self.assets.template_names().into_iter().filter(is_font);
            let mut fonts: Vec<Coverage> = Vec::new();
            for bytes in carried.filter_map(|name| self.assets.read(&name).ok()) {
                fonts.extend(FontInfo::iter(&bytes).map(|info| info.coverage));
            }
            fonts.extend(compiler_fonts().into_iter().map(|(_, info)| info.coverage));
            fonts
        })
    }

    /// Notes the characters of a chart's words that its font lacks.
    fn look_at_label(&mut self, text: &str) {
        let lacking = text
            .chars()
            .filter_map(spoken)
            .filter(|c| !is_joiner(*c) && !c.is_whitespace() && !is_drawn(*c));
        self.absent.extend(lacking);
    }
}

/// A text as charts can draw it: they have one font, fall back on none, and
/// know no marks but those of composed letters.
pub fn drawable(text: &str) -> String {
    let drawn = |c: char| if is_drawn(c) { c } else { STAND_IN };
    let composed = text.chars().filter_map(spoken).nfc();
    let letters = composed.filter(|c| !is_joiner(*c) && !is_combining_mark(*c));
    unbreakable(&letters.map(drawn).collect::<String>())
}

/// A character as it goes on: a space for what breaks lines, nothing for what
/// shows nothing and would only disturb.
fn spoken(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if disturbs(c) => None,
        c => Some(c),
    }
}

/// Cuts a text at its clusters: a character and the marks that go with it.
fn clusters(text: &[char]) -> impl Iterator<Item = &[char]> {
    text.chunk_by(|before, c| extends(*c) || *before == ZERO_WIDTH_JOINER)
}

fn is_drawn(c: char) -> bool {
    static SANS: LazyLock<Option<Coverage>> =
        LazyLock::new(|| Some(FontInfo::new(notosans::REGULAR_TTF, 0)?.coverage));
    is_plain(c) || !is_private(c) && SANS.as_ref().is_some_and(|sans| sans.contains(u32::from(c)))
}

/// Characters that every text font has: letters of Europe's west, digits, and
/// the signs of French typography.
fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{A0}'..='\u{AC}' | '\u{AE}'..='\u{17F}' | '–' | '—' | '‘' | '’'
        | '“' | '”' | '…' | '•' | '€' | '−' | NARROW_SPACE)
}

/// Controls, marks of direction, and the marks of colour of emoji, which are
/// shown in black: they show nothing of their own, and PDF/A refuses them in
/// the text of a document.
fn disturbs(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0xAD | 0x061C | 0x180E | 0x200B | 0x200E..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F
            | 0xFE00..=0xFE0F | 0xFEFF | 0xFFF0..=0xFFFB | 0xFFFE..=0xFFFF | 0xFDD0..=0xFDEF
            | 0x1F3FB..=0x1F3FF | 0xE0000..=0xE0FFF)
}

/// Characters without a meaning of their own, which PDF/A refuses.
fn is_private(c: char) -> bool {
    matches!(u32::from(c), 0xE000..=0xF8FF | 0xF0000..=0x10FFFF)
}

/// What joins the characters of a cluster and shows nothing.
fn is_joiner(c: char) -> bool {
    matches!(u32::from(c), 0x200C..=0x200D)
}

/// The signs that a keyboard lacks, in the texts of an edition (never in names
/// from a spreadsheet): the apostrophe, guillemets, the ellipsis.
fn typographic(text: &str) -> String {
    let paired = text.matches('"').count().is_multiple_of(2);
    let mut open = false;
    let mut polished = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.replace("...", "…").chars() {
        match c {
            '\'' if before.is_alphanumeric() => polished.push('’'),
            '"' if paired => {
                open = !open;
                polished.push_str(if open { "«\u{A0}" } else { "\u{A0}»" });
            }
            c => polished.push(c),
        }
        before = c;
    }
    polished
}

/// Makes the spaces that French typography keeps unbreakable so: before
/// `; ! ? % €`, before `:`, inside guillemets, in numbers.
fn unbreakable(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = |rank: usize| characters.get(rank).copied();
    let mut polished = String::with_capacity(text.len() + 8);
    for (rank, c) in characters.iter().copied().enumerate() {
        let before = rank.checked_sub(1).and_then(at);
        let space = match (before, at(rank + 1)) {
            _ if !matches!(c, ' ' | '\u{2009}') => c,
            (_, Some(';' | '!' | '?' | '%' | '€')) => NARROW_SPACE,
            (Some(_), Some('M')) if at(rank + 2) == Some('€') => NARROW_SPACE,
            (_, Some(':' | '»')) | (Some('«' | '°'), _) => NO_BREAK_SPACE,
            (Some(b), Some(_)) if b.is_ascii_digit() && is_group(&characters, rank + 1) => {
                NARROW_SPACE
            }
            _ => c,
        };
        polished.push(space);
    }
    polished
}

/// Whether three digits, and no more, begin at a rank.
fn is_group(characters: &[char], rank: usize) -> bool {
    let digit = |rank: usize| characters.get(rank).is_some_and(char::is_ascii_digit);
    (0..3).all(|offset| digit(rank + offset)) && !digit(rank + 3)
}

/// Gives long words places to break (U+200B), none inside a cluster.
fn breakable(text: &str) -> String {
    let breaks_after = |c: char| c.is_whitespace() || matches!(c, '-' | '/' | '\u{2013}');
    let mut polished = String::with_capacity(text.len());
    for word in text.split_inclusive(breaks_after) {
        if word.chars().count() <= LONG_WORD {
            polished.push_str(word);
            continue;
        }
        let mut piece = 0;
        let mut last = None;
        for c in word.chars() {
            if piece >= PIECE && !extends(c) && last != Some(ZERO_WIDTH_JOINER) {
                polished.push('\u{200B}');
                piece = 0;
            }
            polished.push(c);
            piece += 1;
            last = Some(c);
        }
    }
    polished
}

/// Whether a character belongs to the cluster of the one before.
fn extends(c: char) -> bool {
    is_joiner(c) || is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_spaces_do_not_break() {
        let polished = unbreakable("Quoi ? 60 000 € : « oui » ; 4,5 M€ et 50 % n° 3, 2 00");
        assert_eq!(
            polished,
            "Quoi\u{202F}? 60\u{202F}000\u{202F}€\u{A0}: «\u{A0}oui\u{A0}»\u{202F}; 4,5\u{202F}M€ et \
             50\u{202F}% n°\u{A0}3, 2 00"
        );
        assert_eq!(unbreakable("#panic(\"x\") $x$ [h] ~"), "#panic(\"x\") $x$ [h] ~");
    }

    #[test]
    fn what_a_keyboard_lacks_is_put_in_texts_and_not_in_names() {
        let mut data = serde_json::json!({
            "nom": "L'\"Atelier\"...",
            "contenu": [{ "type": "texte", "texte": "L'\"Atelier\"... et 5\" de l'été" }],
        });
        Polish::new(&Assets::embedded()).data(&mut data);
        assert_eq!(data["nom"], "L'\"Atelier\"...");
        assert_eq!(data["contenu"][0]["texte"], "L’\"Atelier\"… et 5\" de l’été");
        assert_eq!(typographic("le \"lieu\""), "le «\u{A0}lieu\u{A0}»");
    }

    #[test]
    fn long_words_can_break_but_not_inside_a_cluster() {
        let broken = breakable(&format!("court {}", "x".repeat(40)));
        assert_eq!(broken.matches('\u{200B}').count(), 4);
        assert_eq!(
            breakable("Média/Communication-et-autres-choses"),
            "Média/Communication-et-autres-choses"
        );
        let marked = breakable(&"e\u{301}".repeat(30));
        assert!(!marked.contains("\u{200B}\u{301}"));
    }

    #[test]
    fn what_no_font_has_is_shown_as_a_square_and_told() {
        let assets = Assets::embedded();
        let mut polish = Polish::new(&assets);
        assert_eq!(polish.text("a\u{0}b\u{202E}c\u{FEFF}d"), "abcd");
        assert_eq!(polish.text("Été 🎉 שלום"), "Été 🎉 שלום");
        assert!(polish.told().is_none());
        assert_eq!(polish.text("学 et \u{E000}"), "□ et □");
        let told = polish.told().unwrap().message;
        assert!(told.contains("« 学 » (U+5B66)"), "{told}");
    }

    #[test]
    fn marks_that_their_letter_s_font_lacks_are_left_out() {
        let assets = Assets::embedded();
        let mut polish = Polish::new(&assets);
        assert_eq!(polish.text("1\u{20E3} 👍🏽 ❤\u{FE0F} 👩\u{200D}🌾"), "1 👍 ❤ 👩\u{200D}🌾");
        assert_eq!(polish.text("e\u{301}"), "e\u{301}");
        assert_eq!(
            drawable("e\u{301}\u{323}te\u{301} שלום"),
            "ẹte\u{301} □□□□".replace("e\u{301}", "é")
        );
    }

    #[test]
    fn addresses_are_left_alone_and_alternatives_keep_their_letters() {
        let mut data = serde_json::json!({
            "url": "https://example.org/?a=1 ;",
            "alternative": "学 ;",
            "nom": "a ;",
            "liste": [{ "texte": "b !" }],
        });
        let assets = Assets::embedded();
        let mut polish = Polish::new(&assets);
        polish.data(&mut data);
        assert_eq!(data["url"], "https://example.org/?a=1 ;");
        assert_eq!(data["alternative"], "学 ;");
        assert_eq!(data["nom"], "a\u{202F};");
        assert_eq!(data["liste"][0]["texte"], "b\u{202F}!");
        assert!(polish.told().is_some());
    }
}
