//! A hundred squares, of which a share is filled: for one proportion, or a few
//! side by side.

use super::canvas::{Canvas, Picture, TextStyle, draw, palette, text_width, wrap};
use super::row::{Row, alternative, table};

const GUTTER: f64 = 2.0;
const FIGURE: f64 = 30.0;
const TEXT: f64 = 9.0;
const LEADING: f64 = 11.0;
/// More options than this do not stand side by side.
pub const MOST: usize = 4;

/// Draws a large figure, its label, and a hundred squares in five lines of
/// twenty, filled by columns from the left. `sentence` is the text
/// alternative: it must give the figure.
pub fn waffle(sentence: &str, row: &Row, width: f64) -> Picture {
    let figure = figure_style(row, FIGURE);
    let beside = text_width(row.mark(), figure) + 10.0;
    let style = TextStyle::new(TEXT);
    let lines = wrap(&row.label, width - beside, style);
    let head = (lines.len() as f64 * LEADING).max(FIGURE) + 10.0;
    let side = (width - GUTTER * 19.0) / 20.0;
    let height = head + side * 5.0 + GUTTER * 4.0;
    draw(width, height, sentence.to_string(), |canvas| {
        canvas.text(0.0, (head - 10.0) / 2.0, row.mark(), figure);
        canvas.lines(beside, (head - 10.0) / 2.0, &lines, LEADING, style);
        squares(canvas, row, (0.0, head), side, (20, 5));
    })
    .with_table(table(std::slice::from_ref(row)))
}

/// Draws a few options side by side, each as a figure, a hundred squares and
/// its label.
pub fn waffles(subject: &str, rows: &[Row], width: f64) -> Picture {
    let count = rows.len().max(1) as f64;
    let between = 22.0;
    let cell = ((width - between * (count - 1.0)) / count).min(148.0);
    let style = TextStyle::new(TEXT);
    let labels: Vec<Vec<String>> = rows.iter().map(|row| wrap(&row.label, cell, style)).collect();
    let lines = labels.iter().map(Vec::len).max().unwrap_or(0) as f64;
    let side = (cell - GUTTER * 9.0) / 10.0;
    let (head, tall) = (28.0, side * 10.0 + GUTTER * 9.0);
    let height = head + tall + 6.0 + lines * LEADING + 2.0;
    draw(width, height, alternative("Carrés", subject, rows), |canvas| {
        for (rank, (row, lines)) in rows.iter().zip(&labels).enumerate() {
            let left = rank as f64 * (cell + between);
            canvas.text(left, 12.0, row.mark(), figure_style(row, 20.0));
            squares(canvas, row, (left, head), side, (10, 10));
            let middle = head + tall + 6.0 + lines.len() as f64 * LEADING / 2.0;
            canvas.lines(left, middle, lines, LEADING, style);
        }
    })
    .with_table(table(rows))
}

fn figure_style(row: &Row, size: f64) -> TextStyle {
    match (row.value, row.residual) {
        (None, _) => TextStyle::new(11.0).colour(palette::GREY),
        (Some(_), true) => TextStyle::new(size).bold().colour(palette::GREY),
        (Some(_), false) => TextStyle::new(size).bold().colour(palette::ORANGE),
    }
}

fn squares(
    canvas: &Canvas<'_>,
    row: &Row,
    (left, top): (f64, f64),
    side: f64,
    (columns, lines): (usize, usize),
) {
    let filled = row.share().round() as usize;
    let full = if row.residual { palette::MIST } else { palette::ORANGE };
    for rank in 0..columns * lines {
        let (column, line) = ((rank / lines) as f64, (rank % lines) as f64);
        let colour = if rank < filled { full } else { palette::TRACK };
        let step = side + GUTTER;
        canvas.rectangle(left + column * step, top + line * step, side, side, colour);
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::{hidden, row};
    use super::*;

    #[test]
    fn as_many_squares_are_filled_as_percents() {
        let filled = |share| {
            let picture = waffle("x", &row("des projets", share), 233.0);
            picture.svg.matches("fill=\"#B94A0C\"").count() - 1
        };
        assert_eq!((filled(47.4), filled(0.0), filled(100.0), filled(130.0)), (47, 0, 100, 100));
    }

    #[test]
    fn options_stand_side_by_side() {
        let rows = [row("Missions locales", 53.0), row("France Travail", 50.0), hidden("Autre")];
        let picture = waffles("Partenaires", &rows, 482.0);
        assert_eq!(picture.svg.matches("fill=\"#B94A0C\"").count(), 105);
        picture.assert_tidy();
        waffle("x", &row(&"mot très long ".repeat(20), 50.0), 233.0).assert_tidy();
    }
}
