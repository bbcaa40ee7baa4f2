//! A sheet of vector paper, in points, drawn on with plotters.
//!
//! plotters counts in whole pixels: the paper is ruled [`SCALE`] times finer
//! than a point so that nothing visible is rounded. Texts are set in Noto
//! Sans by its exact family name, which the Typst compiler needs to find it,
//! and are measured with the same font.

use std::cell::RefCell;
use std::sync::Once;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, register_font};

/// Units of the drawing in a point.
const SCALE: f64 = 8.0;

/// The family of every text.
const FONT: &str = "Noto Sans";

/// plotters divides font sizes by this when it writes them.
const PLOTTERS_FONT_FACTOR: f64 = 1.24;

/// plotters measures as if the size were that of the line, ascender to
/// descender, which in Noto Sans is this many ems.
const LINE_OF_EM: f64 = 1.362;

/// A colour of the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// The palette, the same as `theme.typ`'s. The three hues differ in lightness
/// too, so that they stay apart in grey print and for colour-blind readers.
pub mod palette {
    use super::Colour;

    /// Text, and the first hue.
    pub const NAVY: Colour = Colour(0x14, 0x2F, 0x4F);
    /// The second hue: what stands out.
    pub const ORANGE: Colour = Colour(0xB9, 0x4A, 0x0C);
    /// The third hue: fills, never text on white.
    pub const SKY: Colour = Colour(0x8F, 0xC1, 0xD4);
    /// A lighter shade of the first hue, which bears white text.
    pub const STEEL: Colour = Colour(0x4F, 0x75, 0x9B);
    /// Secondary text, 4.5:1 and more on white and on the tracks.
    pub const GREY: Colour = Colour(0x55, 0x5E, 0x69);
    /// What is left over: « autre », « aucun ».
    pub const MIST: Colour = Colour(0xB4, 0xBD, 0xC7);
    /// Rules.
    pub const LIGHT: Colour = Colour(0xDD, 0xE3, 0xE9);
    /// Empty tracks and boxes.
    pub const TRACK: Colour = Colour(0xF0, 0xF3, 0xF6);
    pub const PAPER: Colour = Colour(0xFF, 0xFF, 0xFF);
}

/// Where a text stands on its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextStyle {
    /// In points.
    pub size: f64,
    pub colour: Colour,
    pub bold: bool,
    pub anchor: Anchor,
}

impl TextStyle {
    /// Regular dark text that begins at its point.
    pub fn new(size: f64) -> Self {
        Self { size, colour: palette::NAVY, bold: false, anchor: Anchor::Start }
    }

    pub fn colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

/// A finished picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub svg: String,
    /// In points.
    pub width: f64,
    pub height: f64,
    /// What a person who does not see the picture is told, figures included.
    pub alternative: String,
    /// The data shown, titles first, for a CSV file.
    pub table: Vec<Vec<String>>,
    /// Where its texts stand.
    texts: Vec<Area>,
}

impl Picture {
    /// A picture drawn elsewhere.
    pub fn of_svg(svg: String, width: f64, height: f64, alternative: String) -> Self {
        Self { svg, width, height, alternative, table: Vec::new(), texts: Vec::new() }
    }

    /// The same picture with the table of its data.
    pub fn with_table(self, table: Vec<Vec<String>>) -> Self {
        Self { table, ..self }
    }

    /// Fails where a text runs out of the picture or stands on another.
    #[cfg(test)]
    pub fn assert_tidy(&self) {
        let paper =
            Area { left: -0.5, top: -0.5, right: self.width + 0.5, bottom: self.height + 0.5 };
        for (rank, text) in self.texts.iter().enumerate() {
            assert!(paper.holds(text), "out of {paper:?}: {text:?}");
            let others = self.texts.iter().skip(rank + 1);
            let on = others.clone().find(|other| text.shrunk(0.6).meets(&other.shrunk(0.6)));
            assert!(on.is_none(), "{text:?} on {on:?}");
        }
    }
}

/// A rectangle on paper, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    /// Where a text would stand whose middle height is at `y`.
    pub fn of_text(x: f64, y: f64, text: &str, style: TextStyle) -> Self {
        let width = text_width(text, style);
        let left = match style.anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let half = style.size * 0.5;
        Self { left, top: y - half, right: left + width, bottom: y + half }
    }

    /// Whether it has a point in common with another.
    pub fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// Whether another lies wholly inside it.
    pub fn holds(&self, other: &Self) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && self.right >= other.right
            && self.bottom >= other.bottom
    }

    /// The same, less a margin on each side.
    pub fn shrunk(&self, by: f64) -> Self {
        Self {
            left: self.left + by,
            top: self.top + by,
            right: self.right - by,
            bottom: self.bottom - by,
        }
    }
}

/// The operations of a drawing. Coordinates are points from the top left.
pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    texts: RefCell<Vec<Area>>,
}

/// Draws a picture of a size in points.
pub fn draw(
    width: f64,
    height: f64,
    alternative: String,
    paint: impl FnOnce(&Canvas<'_>),
) -> Picture {
    register_fonts();
    let mut svg = String::new();
    let texts = {
        let size = (units(width).max(1) as u32, units(height).max(1) as u32);
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        let canvas = Canvas { area, texts: RefCell::default() };
        paint(&canvas);
        // A string cannot fail to be written to.
        let _ = canvas.area.present();
        canvas.texts.into_inner()
    };
    Picture { svg: compact(&svg), width, height, alternative, table: Vec::new(), texts }
}

impl Canvas<'_> {
    /// A filled rectangle.
    pub fn rectangle(&self, x: f64, y: f64, width: f64, height: f64, fill: Colour) {
        let corners = [point(x, y), point(x + width, y + height)];
        let _ = self.area.draw(&Rectangle::new(corners, rgb(fill).filled()));
    }

    /// A line of a thickness.
    pub fn line(&self, from: (f64, f64), to: (f64, f64), thickness: f64, colour: Colour) {
        let style = rgb(colour).stroke_width(units(thickness).max(1) as u32);
        let points = vec![point(from.0, from.1), point(to.0, to.1)];
        let _ = self.area.draw(&PathElement::new(points, style));
    }

    /// The whisker of an interval, dark on a pale edge so that it shows on any
    /// ground, with a bar at each end. It is upright or level.
    pub fn whisker(&self, from: (f64, f64), to: (f64, f64)) {
        self.capped(from, to, 2.6);
    }

    /// The same, with bars that reach so far on each side of it.
    pub fn capped(&self, from: (f64, f64), to: (f64, f64), reach: f64) {
        let across = if from.0 == to.0 { (reach, 0.0) } else { (0.0, reach) };
        let bar = |at: (f64, f64)| {
            ((at.0 - across.0, at.1 - across.1), (at.0 + across.0, at.1 + across.1))
        };
        for (thickness, colour) in [(2.6, palette::PAPER), (1.0, palette::ORANGE)] {
            for (start, end) in [(from, to), bar(from), bar(to)] {
                self.line(start, end, thickness, colour);
            }
        }
    }

    /// A filled disc.
    pub fn disc(&self, x: f64, y: f64, radius: f64, fill: Colour) {
        let _ = self.area.draw(&Circle::new(point(x, y), units(radius), rgb(fill).filled()));
    }

    /// A filled polygon with an outline.
    pub fn polygon(&self, points: &[(f64, f64)], fill: Colour, outline: Colour, thickness: f64) {
        let mut points = simplified(points.iter().map(|(x, y)| point(*x, *y)));
        if points.len() < 3 {
            return;
        }
        let _ = self.area.draw(&Polygon::new(points.clone(), rgb(fill).filled()));
        points.extend(points.first().copied());
        let style = rgb(outline).stroke_width(units(thickness).max(1) as u32);
        let _ = self.area.draw(&PathElement::new(points, style));
    }

    /// A text whose middle height is at `y`.
    pub fn text(&self, x: f64, y: f64, text: &str, style: TextStyle) {
        let horizontal = match style.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        self.texts.borrow_mut().push(Area::of_text(x, y, text, style));
        let font = font(style).color(&rgb(style.colour));
        let font = font.pos(Pos::new(horizontal, VPos::Center));
        let _ = self.area.draw(&Text::new(text.to_string(), point(x, y), font));
    }

    /// Lines of text, one below the other, centred on `y` as a block.
    pub fn lines(&self, x: f64, y: f64, lines: &[String], leading: f64, style: TextStyle) {
        let top = y - leading * (lines.len() as f64 - 1.0) / 2.0;
        for (rank, line) in lines.iter().enumerate() {
            self.text(x, top + leading * rank as f64, line, style);
        }
    }
}

/// The width of a text, in points.
pub fn text_width(text: &str, style: TextStyle) -> f64 {
    register_fonts();
    let measured = font(style).layout_box(text);
    let estimate = 0.6 * style.size * text.chars().count() as f64;
    measured.map_or(estimate, |((left, _), (right, _))| {
        f64::from(right - left) / SCALE * LINE_OF_EM / PLOTTERS_FONT_FACTOR
    })
}

/// Breaks a text into lines that fit a width, at spaces and after hyphens; a
/// piece that is wider than the line is cut.
pub fn wrap(text: &str, width: f64, style: TextStyle) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in text.split_inclusive([' ', '-']).filter(|piece| *piece != " ") {
        let longer = lines.last().map(|line| format!("{line}{piece}"));
        match longer.filter(|longer| text_width(longer.trim_end(), style) <= width) {
            Some(longer) => {
                lines.pop();
                lines.push(longer);
            }
            None => lines.extend(cut(piece, width, style)),
        }
    }
    lines.iter().map(|line| line.trim_end().to_string()).collect()
}

/// Breaks a text into as many lines as [`wrap`] does, of widths as even as can
/// be.
pub fn wrap_evenly(text: &str, width: f64, style: TextStyle) -> Vec<String> {
    let lines = wrap(text, width, style);
    let words = text.split_inclusive([' ', '-']).map(|word| text_width(word.trim_end(), style));
    let (mut low, mut high) = (words.fold(0.0, f64::max), width);
    let mut best = lines.clone();
    while high - low > 0.5 {
        let middle = (low + high) / 2.0;
        let tried = wrap(text, middle, style);
        if tried.len() > lines.len() {
            low = middle;
        } else {
            high = middle;
            best = tried;
        }
    }
    best
}

/// The points of an outline without those that a straight line passes so near
/// that nobody would see them (Douglas and Peucker's way).
fn simplified(points: impl Iterator<Item = (i32, i32)>) -> Vec<(i32, i32)> {
    /// In units: a quarter of a point, less than half of a border.
    const NEAR: f64 = 2.0;
    let mut points: Vec<(i32, i32)> = points.collect();
    points.dedup();
    let mut kept = vec![false; points.len()];
    let mut spans = vec![(0, points.len().saturating_sub(1))];
    while let Some((first, last)) = spans.pop() {
        let (Some(start), Some(end)) = (points.get(first), points.get(last)) else { continue };
        for end in [first, last] {
            if let Some(kept) = kept.get_mut(end) {
                *kept = true;
            }
        }
        let between = points.iter().enumerate().take(last).skip(first + 1);
        let away = between.map(|(rank, point)| (rank, distance(*point, *start, *end)));
        match away.max_by(|a, b| a.1.total_cmp(&b.1)) {
            Some((rank, far)) if far > NEAR => spans.extend([(first, rank), (rank, last)]),
            _ => {}
        }
    }
    let left: Vec<(i32, i32)> =
        points.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(point, _)| *point).collect();
    if left.len() < 3 { points } else { left }
}

/// How far a point is from a segment.
fn distance(point: (i32, i32), start: (i32, i32), end: (i32, i32)) -> f64 {
    let to = |a: (i32, i32), b: (i32, i32)| (f64::from(b.0 - a.0), f64::from(b.1 - a.1));
    let ((x, y), (u, v)) = (to(start, point), to(start, end));
    let length = u * u + v * v;
    let along = if length > 0.0 { ((x * u + y * v) / length).clamp(0.0, 1.0) } else { 0.0 };
    libm::hypot(x - along * u, y - along * v)
}

/// The pieces of a word that fit a width.
fn cut(word: &str, width: f64, style: TextStyle) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for character in word.chars() {
        let longer = pieces.last().map(|piece| format!("{piece}{character}")).unwrap_or_default();
        let fits = longer.chars().count() == 1 || text_width(longer.trim_end(), style) <= width;
        match pieces.last_mut().filter(|_| fits) {
            Some(piece) => *piece = longer,
            None => pieces.push(character.to_string()),
        }
    }
    pieces
}

fn units(points: f64) -> i32 {
    (points * SCALE).round() as i32
}

fn point(x: f64, y: f64) -> (i32, i32) {
    (units(x), units(y))
}

fn rgb(colour: Colour) -> RGBColor {
    RGBColor(colour.0, colour.1, colour.2)
}

fn font(style: TextStyle) -> plotters::style::FontDesc<'static> {
    let weight = if style.bold { FontStyle::Bold } else { FontStyle::Normal };
    let size = style.size * SCALE * PLOTTERS_FONT_FACTOR;
    plotters::style::FontDesc::new(FontFamily::Name(FONT), size, weight)
}

fn register_fonts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = register_font(FONT, FontStyle::Normal, notosans::REGULAR_TTF);
        let _ = register_font(FONT, FontStyle::Bold, notosans::BOLD_TTF);
    });
}

/// plotters writes an opacity of 1 and a line feed for each element.
fn compact(svg: &str) -> String {
    let plain = svg.replace(" opacity=\"1\"", "").replace(" stroke-opacity=\"1\"", "");
    plain.replace("\n</text>", "</text>").replace(">\n", ">")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_keeps_its_corners_and_what_can_be_seen() {
        let square = [(0, 0), (50, 1), (100, 0), (100, 100), (60, 100), (0, 100)];
        let kept = simplified(square.into_iter());
        assert_eq!(kept, [(0, 0), (100, 0), (100, 100), (0, 100)]);
        let dented = [(0, 0), (50, 9), (100, 0), (100, 100), (0, 100)];
        assert_eq!(simplified(dented.into_iter()), dented);
        let speck = [(0, 0), (1, 0), (0, 1)];
        assert_eq!(simplified(speck.into_iter()), speck);
        assert!(simplified(std::iter::empty()).is_empty());
    }

    #[test]
    fn the_templates_have_the_same_palette() {
        let theme = crate::assets::Assets::embedded().read_text("theme.typ").unwrap();
        for (name, Colour(r, g, b)) in [
            ("marine", palette::NAVY),
            ("orange", palette::ORANGE),
            ("ciel", palette::SKY),
            ("acier", palette::STEEL),
            ("gris", palette::GREY),
            ("perle", palette::MIST),
            ("clair", palette::LIGHT),
            ("brume", palette::TRACK),
        ] {
            let line = format!("#let {name} = rgb(\"#{r:02X}{g:02X}{b:02X}\")");
            assert!(theme.contains(&line), "{line}");
        }
    }

    #[test]
    fn texts_are_data_in_the_drawing_too() {
        let picture = draw(100.0, 20.0, String::new(), |canvas| {
            canvas.text(0.0, 10.0, "<b>&\"#panic()", TextStyle::new(9.0));
        });
        assert!(picture.svg.contains("&lt;b&gt;&amp;"), "{}", picture.svg);
        assert!(picture.svg.contains("font-family=\"Noto Sans\""));
    }

    #[test]
    fn accented_texts_are_measured_by_glyphs() {
        let style = TextStyle::new(10.0);
        let plain = text_width("evaluation", style);
        let accented = text_width("évaluation", style);
        assert!((plain - accented).abs() < 0.5, "{plain} {accented}");
        assert!((40.0..65.0).contains(&plain), "{plain}");
    }

    #[test]
    fn long_labels_are_broken_into_lines_that_fit() {
        let style = TextStyle::new(9.0);
        let label = "Hybridation des parcours avec des projets des tiers-lieux";
        let lines = wrap(label, 120.0, style);
        assert_eq!(lines.join(" ").replace("- ", "-"), label);
        assert!(lines.iter().all(|line| text_width(line, style) <= 120.0));
        let long = "x".repeat(300);
        assert!(wrap(&long, 50.0, style).iter().all(|line| text_width(line, style) <= 50.0));
        assert!(wrap("", 50.0, style).is_empty());
        assert_eq!(wrap("Bourgogne-Franche-Comté", 90.0, style), ["Bourgogne-Franche-", "Comté"]);
    }
}
