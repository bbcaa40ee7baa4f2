//! A strip of cells that fill up: for classes that follow one another, such as
//! ages.

use super::canvas::{Anchor, Picture, TextStyle, draw, palette, wrap};
use super::row::{Row, alternative, leader, table};

const TEXT: f64 = 9.0;
const LEADING: f64 = 11.0;
const FIGURE: f64 = 17.0;
/// The height of a full cell.
const CELL: f64 = 84.0;
const GAP: f64 = 3.0;
const HEAD: f64 = 24.0;
/// More cells than this do not leave room for their labels.
pub const MOST: usize = 7;

/// Draws a cell a row, in the order given, filled from the bottom by its share;
/// the value stands above, the label below.
pub fn strip(subject: &str, rows: &[Row], width: f64) -> Picture {
    let style = TextStyle::new(TEXT).anchor(Anchor::Middle);
    let count = rows.len().max(1) as f64;
    let cell = (width - GAP * (count - 1.0)) / count;
    let labels: Vec<Vec<String>> =
        rows.iter().map(|row| wrap(&row.label, cell - 4.0, style)).collect();
    let lines = labels.iter().map(Vec::len).max().unwrap_or(0) as f64;
    let height = HEAD + CELL + 6.0 + lines * LEADING + 2.0;
    let leader = leader(rows);
    draw(width, height, alternative("Bande de classes", subject, rows), |canvas| {
        for (rank, (row, lines)) in rows.iter().zip(&labels).enumerate() {
            let left = rank as f64 * (cell + GAP);
            let middle = left + cell / 2.0;
            let colour = if leader == Some(rank) { palette::NAVY } else { palette::STEEL };
            let figure = match row.value {
                Some(_) => TextStyle::new(FIGURE).bold(),
                None => TextStyle::new(TEXT).colour(palette::GREY),
            };
            canvas.text(middle, HEAD / 2.0 - 1.0, row.mark(), figure.anchor(Anchor::Middle));
            canvas.rectangle(left, HEAD, cell, CELL, palette::TRACK);
            let filled = CELL * row.share() / 100.0;
            canvas.rectangle(left, HEAD + CELL - filled, cell, filled, colour);
            if let Some((low, high)) = row.whisker() {
                let at = |share: f64| (middle, HEAD + CELL * (1.0 - share / 100.0));
                canvas.capped(at(low), at(high), 8.0);
            }
            let below = HEAD + CELL + 6.0 + lines.len() as f64 * LEADING / 2.0;
            canvas.lines(middle, below, lines, LEADING, style);
        }
    })
    .with_table(table(rows))
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::{hidden, row};
    use super::*;

    #[test]
    fn cells_follow_one_another() {
        let rows = [row("16/25 ans", 78.0), row("25/45 ans", 89.0), hidden("45 ans et plus")];
        let picture = strip("Âges", &rows, 482.0);
        assert!(picture.alternative.starts_with("Bande de classes. Âges. 16/25 ans 78\u{202F}%"));
        assert!(picture.svg.contains("non diffusé"));
        picture.assert_tidy();
        let many: Vec<Row> = (0..MOST).map(|n| row(&format!("{n} à {n} ans"), 50.0)).collect();
        strip("Âges", &many, 482.0).assert_tidy();
    }
}
