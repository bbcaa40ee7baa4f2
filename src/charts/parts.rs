//! One bar cut in parts: for the options of an exclusive question, which sum
//! to the whole.

use super::canvas::{Anchor, Canvas, Colour, Picture, TextStyle, draw, palette, text_width, wrap};
use super::row::{Row, alternative, table};

const TEXT: f64 = 9.0;
const LEADING: f64 = 11.0;
const FIGURE: f64 = 13.0;
const THICKNESS: f64 = 34.0;
const GAP: f64 = 1.5;
/// A label is not squeezed into less than this.
const NARROWEST: f64 = 92.0;
/// More parts than this are not told apart by their shade.
pub const MOST: usize = 5;

/// A part: where it stands and the lines of its label.
struct Part<'a> {
    row: &'a Row,
    left: f64,
    width: f64,
    lines: Vec<String>,
    /// The left edge of its label.
    label: f64,
    fill: Colour,
    ink: Colour,
}

/// Draws the parts of a whole in the order given, with their values inside and
/// their labels below. Values that cannot be shown take no part.
pub fn parts(subject: &str, rows: &[Row], width: f64) -> Picture {
    let laid = lay(rows, width);
    let lines = laid.iter().map(|part| part.lines.len()).max().unwrap_or(0) as f64;
    let height = THICKNESS + 8.0 + lines * LEADING + 2.0;
    draw(width, height, alternative("Barre en parts", subject, rows), |canvas| {
        laid.iter().for_each(|part| paint(canvas, part));
    })
    .with_table(table(rows))
}

/// The fill of a part and the ink on it: what is left over is grey, and each
/// stays apart from its neighbour in grey print too.
pub fn fill(rank: usize, residual: bool) -> (Colour, Colour) {
    match (rank, residual) {
        (0, false) => (palette::NAVY, palette::PAPER),
        (1, false) => (palette::STEEL, palette::PAPER),
        (2, false) => (palette::SKY, palette::NAVY),
        (3, _) => (palette::LIGHT, palette::NAVY),
        _ => (palette::MIST, palette::NAVY),
    }
}

fn lay(rows: &[Row], width: f64) -> Vec<Part<'_>> {
    let style = TextStyle::new(TEXT);
    let total = rows.iter().map(Row::share).sum::<f64>().max(100.0);
    let room = width - GAP * rows.len().saturating_sub(1) as f64;
    let mut left = 0.0;
    let mut parts: Vec<Part<'_>> = Vec::new();
    for (rank, row) in rows.iter().enumerate() {
        let share = room * row.share() / total;
        let (fill, ink) = fill(rank, row.residual);
        let lines = wrap(&row.label, share.max(NARROWEST) - 8.0, style);
        parts.push(Part { row, left, width: share, lines, label: left, fill, ink });
        left += share + GAP;
    }
    spread(&mut parts, width, style);
    parts
}

/// Moves labels to the left, from the last one on, where they would run out of
/// the picture or into the next one.
fn spread(parts: &mut [Part<'_>], width: f64, style: TextStyle) {
    let mut limit = width;
    for part in parts.iter_mut().rev() {
        let widest = part.lines.iter().map(|line| text_width(line, style)).fold(0.0, f64::max);
        part.label = part.label.min(limit - widest).max(0.0);
        limit = part.label - 8.0;
    }
}

fn paint(canvas: &Canvas<'_>, part: &Part<'_>) {
    let middle = part.left + part.width / 2.0;
    let figure = TextStyle::new(FIGURE).bold().colour(part.ink).anchor(Anchor::Middle);
    canvas.rectangle(part.left, 0.0, part.width, THICKNESS, part.fill);
    if text_width(part.row.mark(), figure) + 4.0 <= part.width {
        canvas.text(middle, THICKNESS / 2.0, part.row.mark(), figure);
    }
    let style = TextStyle::new(TEXT);
    let top = THICKNESS + 8.0 + part.lines.len() as f64 * LEADING / 2.0;
    canvas.lines(part.label, top, &part.lines, LEADING, style);
    if part.width > 0.0 {
        let tick = part.left + (part.width / 2.0).min(6.0);
        canvas.line((tick, THICKNESS), (tick.max(part.label), THICKNESS + 6.0), 0.7, palette::GREY);
    }
}

/// Whether rows can be shown as the parts of a whole: few, none hidden, and
/// each wide enough for its value.
pub fn suits(rows: &[Row], width: f64) -> bool {
    let figure = TextStyle::new(FIGURE).bold();
    let fits = |part: &Part<'_>| text_width(part.row.mark(), figure) + 4.0 <= part.width;
    let laid = lay(rows, width);
    let style = TextStyle::new(TEXT);
    let apart = laid.iter().zip(laid.iter().skip(1)).all(|(left, right)| {
        let widest = left.lines.iter().map(|line| text_width(line, style)).fold(0.0, f64::max);
        left.label + widest + 4.0 <= right.label
    });
    rows.len() <= MOST
        && rows.iter().all(|row| row.value.is_some())
        && laid.iter().all(fits)
        && apart
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::{hidden, row};
    use super::*;

    #[test]
    fn parts_make_a_whole() {
        let rows = [
            row("Formations pré-qualifiantes", 50.0),
            row("Formations certifiantes ou diplômantes", 33.0),
            Row { residual: true, ..row("Autres formations", 17.0) },
        ];
        let picture = parts("Type", &rows, 482.0);
        assert!(picture.alternative.contains("le plus bas : Autres formations, 17\u{202F}%"));
        assert!(suits(&rows, 482.0));
        picture.assert_tidy();
    }

    #[test]
    fn what_cannot_be_told_apart_is_not_shown_as_parts() {
        let many: Vec<Row> = (0..9).map(|n| row(&format!("Option {n}"), 11.0)).collect();
        assert!(!suits(&many, 482.0));
        assert!(!suits(&[row("a", 99.5), row("b", 0.5)], 482.0));
        assert!(!suits(&[row("a", 50.0), hidden("b")], 482.0));
        let long = "Une modalité au libellé sans fin ".repeat(5);
        assert!(suits(&[row(&long, 50.0), row(&long, 50.0)], 482.0));
    }
}
