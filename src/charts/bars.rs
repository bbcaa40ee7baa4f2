//! Horizontal bars with their values at the end, for the options of a
//! question.

use super::canvas::{Anchor, Canvas, Picture, TextStyle, draw, palette, text_width, wrap};
use super::row::{Row, alternative, leader, table};

const LABEL_GUTTER: f64 = 10.0;
const VALUE_GUTTER: f64 = 5.0;

/// The sizes of a chart of lines, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sizes {
    pub text: f64,
    pub leading: f64,
    /// The thickness of a bar.
    pub bar: f64,
    /// Between two lines.
    pub gap: f64,
}

impl Sizes {
    /// For charts that share a page.
    pub const COMPACT: Self = Self { text: 9.0, leading: 11.0, bar: 13.0, gap: 8.0 };
    /// For charts that share a page with two others or more.
    pub const TIGHT: Self = Self { text: 9.0, leading: 11.0, bar: 12.0, gap: 6.2 };
    /// For a chart that has a page to itself: its lines share half of it.
    pub fn roomy(lines: usize) -> Self {
        let gap = (340.0 / lines.max(1) as f64 - 18.0).clamp(14.0, 38.0);
        Self { text: 10.0, leading: 12.0, bar: 18.0, gap }
    }

    /// The style of its texts.
    pub fn style(self) -> TextStyle {
        TextStyle::new(self.text)
    }
}

/// Draws bars on a scale of 0 to 100, the first row on top; the largest stands
/// out, and the interval of each is a whisker. `subject` says what is compared
/// and on which base, for the text alternative.
pub fn bars(subject: &str, rows: &[Row], sizes: Sizes, width: f64) -> Picture {
    let style = sizes.style();
    let labels = Labels::new(rows, width * 0.44, sizes);
    let track = track(rows, width - labels.width, style);
    let leader = leader(rows);
    let alternative = alternative("Diagramme en barres", subject, rows);
    draw(width, labels.height().max(sizes.gap), alternative, |canvas| {
        let mut top = 0.0;
        for (rank, (row, lines, height)) in labels.of(rows).enumerate() {
            let middle = top + height / 2.0;
            canvas.lines(0.0, middle, lines, sizes.leading, style);
            let colour = match () {
                () if row.residual => palette::MIST,
                () if leader == Some(rank) => palette::NAVY,
                () => palette::STEEL,
            };
            bar(canvas, row, (labels.width, middle, track), sizes, colour);
            top += height;
        }
    })
    .with_table(table(rows))
}

fn bar(
    canvas: &Canvas<'_>,
    row: &Row,
    (left, middle, track): (f64, f64, f64),
    sizes: Sizes,
    colour: super::canvas::Colour,
) {
    let half = sizes.bar / 2.0;
    let scale = track / 100.0;
    canvas.rectangle(left, middle - half, track, sizes.bar, palette::TRACK);
    if row.value.is_none() {
        let style = sizes.style().colour(palette::GREY);
        return canvas.text(left + VALUE_GUTTER, middle, row.mark(), style);
    }
    let length = (row.share() * scale).max(0.75);
    canvas.rectangle(left, middle - half, length, sizes.bar, colour);
    if let Some((low, high)) = row.whisker() {
        canvas.whisker((left + low * scale, middle), (left + high * scale, middle));
    }
    match side(row, track, sizes.style()) {
        Side::Inside(x) => {
            let ink = if row.residual { palette::NAVY } else { palette::PAPER };
            let style = sizes.style().bold().colour(ink).anchor(Anchor::End);
            canvas.text(left + x, middle, row.mark(), style);
        }
        Side::Beyond(x) => mark(canvas, row, (left + x, middle), sizes.style()),
    }
}

/// Where a value stands, from the start of a scale: beyond its mark, or where
/// the margin is too near, before it.
pub enum Side {
    Beyond(f64),
    Inside(f64),
}

/// The side on which the value of a row stands, on a scale so many points long.
pub fn side(row: &Row, track: f64, style: TextStyle) -> Side {
    let (start, end) = ends(row, track);
    let beyond = end + VALUE_GUTTER;
    let fits = beyond + marked_width(row, style) <= track;
    if fits || !fits_inside(row, start, style) { Side::Beyond(beyond) } else { Side::Inside(start) }
}

fn fits_inside(row: &Row, start: f64, style: TextStyle) -> bool {
    row.aside.is_empty() && start >= marked_width(row, style) + VALUE_GUTTER
}

/// Where the mark of a row begins, less a gutter, and where it ends: the end of
/// a bar or a point, or those of its interval.
fn ends(row: &Row, track: f64) -> (f64, f64) {
    /// Half of what a point or a whisker is wide.
    const HALF: f64 = 2.9;
    let scale = track / 100.0;
    let at = row.share() * scale;
    let (low, high) = row.whisker().map_or((at, at), |(low, high)| (low * scale, high * scale));
    (low.min(at) - HALF - VALUE_GUTTER, high.max(at))
}

/// How long a scale of 0 to 100 can be: all of the room where each value finds
/// its place on one side of its mark or the other, else less.
pub fn track(rows: &[Row], room: f64, style: TextStyle) -> f64 {
    let finds = |row: &Row| match side(row, room, style) {
        Side::Inside(_) => true,
        Side::Beyond(x) => x + marked_width(row, style) <= room,
    };
    if rows.iter().all(finds) {
        return room;
    }
    let widest = rows.iter().map(|row| marked_width(row, style)).fold(0.0, f64::max);
    room - widest - VALUE_GUTTER - 1.0
}

/// Between a value and what stands beside it.
const ASIDE_GUTTER: f64 = 4.0;

/// The width of a value and of what stands beside it.
pub fn marked_width(row: &Row, style: TextStyle) -> f64 {
    let beside = match row.aside.as_str() {
        "" => 0.0,
        aside => ASIDE_GUTTER + text_width(&format!("({aside})"), style),
    };
    text_width(row.mark(), style.bold()) + beside
}

/// Writes a value and, in grey, what stands beside it.
pub fn mark(canvas: &Canvas<'_>, row: &Row, (left, middle): (f64, f64), style: TextStyle) {
    canvas.text(left, middle, row.mark(), style.bold());
    if !row.aside.is_empty() {
        let beside = left + text_width(row.mark(), style.bold()) + ASIDE_GUTTER;
        canvas.text(beside, middle, &format!("({})", row.aside), style.colour(palette::GREY));
    }
}

/// The labels at the left of a chart, broken into lines, and the heights of
/// their rows.
pub struct Labels {
    lines: Vec<Vec<String>>,
    /// The width they take, gutter included.
    pub width: f64,
    sizes: Sizes,
}

impl Labels {
    /// The labels of rows, as narrow as they can be and at most a width.
    pub fn new(rows: &[Row], most: f64, sizes: Sizes) -> Self {
        let style = sizes.style();
        let lines: Vec<Vec<String>> =
            rows.iter().map(|row| wrap(&row.label, most - LABEL_GUTTER, style)).collect();
        let widest = lines.iter().flatten().map(|line| text_width(line, style));
        let width = (widest.fold(0.0, f64::max) + LABEL_GUTTER).min(most);
        Self { lines, width, sizes }
    }

    fn row_height(&self, lines: &[String]) -> f64 {
        (lines.len() as f64 * self.sizes.leading).max(self.sizes.bar) + self.sizes.gap
    }

    /// The height of all rows.
    pub fn height(&self) -> f64 {
        self.lines.iter().map(|lines| self.row_height(lines)).sum()
    }

    /// Each row with the lines of its label and its height.
    pub fn of<'a>(&'a self, rows: &'a [Row]) -> impl Iterator<Item = (&'a Row, &'a [String], f64)> {
        rows.iter()
            .zip(&self.lines)
            .map(|(row, lines)| (row, lines.as_slice(), self.row_height(lines)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::{hidden, row};
    use super::*;

    #[test]
    fn the_alternative_gives_every_value() {
        let rows = [row("Insertion", 66.0), row("Numérique", 55.0)];
        let picture = bars("Thématiques, n = 186", &rows, Sizes::COMPACT, 482.0);
        assert_eq!(
            picture.alternative,
            "Diagramme en barres. Thématiques, n = 186. Insertion 66\u{202F}% et Numérique \
             55\u{202F}%."
        );
        assert!(picture.svg.contains("Insertion"));
        let empty = bars("Thématiques", &[], Sizes::COMPACT, 482.0);
        assert_eq!(empty.alternative, "Diagramme en barres. Thématiques : aucune donnée.");
    }

    #[test]
    fn hidden_and_uncertain_values_are_drawn_as_such() {
        let sure = Row { interval: Some((60.0, 72.0)), ..row("Sûr", 66.0) };
        let picture = bars("X", &[sure, hidden("Caché")], Sizes::COMPACT, 482.0);
        assert!(picture.svg.contains("non diffusé"));
        assert!(
            picture.svg.matches("<polyline").count() + picture.svg.matches("<line").count() > 0
        );
    }

    #[test]
    fn a_value_near_the_margin_stands_in_its_bar() {
        let style = Sizes::COMPACT.style();
        let (full, low) = (row("Plein", 100.0), row("Bas", 10.0));
        assert!(matches!(side(&full, 300.0, style), Side::Inside(_)));
        assert!(matches!(side(&low, 300.0, style), Side::Beyond(_)));
        assert_eq!(track(&[full.clone(), low], 300.0, style), 300.0);
        // An interval that covers the scale leaves no room on either side.
        let unsure = Row { interval: Some((2.0, 99.0)), ..row("Incertain", 60.0) };
        let picture = bars("X", &[full, unsure.clone()], Sizes::COMPACT, 482.0);
        picture.assert_tidy();
        assert!(track(&[unsure], 300.0, style) < 280.0);
    }

    #[test]
    fn nothing_stands_on_anything_else() {
        let long = "Accompagnement des personnes vers la formation et vers l’emploi ".repeat(4);
        let rows = [row(&long, 0.0), row("B", 100.0), row(&"x".repeat(300), 3.0)];
        bars("X", &rows, Sizes::COMPACT, 482.0).assert_tidy();
        bars("X", &rows, Sizes::roomy(3), 233.0).assert_tidy();
    }
}
