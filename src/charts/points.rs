//! Points on one scale with their intervals: for shares whose uncertainty a
//! reader should see.

use super::bars::{Labels, Side, Sizes, mark, side, track};
use super::canvas::{Anchor, Canvas, Picture, TextStyle, draw, palette};
use super::row::{Row, alternative, table};

/// A small disc on a tall band: a narrow interval still shows on both sides.
const RADIUS: f64 = 2.9;
const BAND: f64 = 9.0;
/// The height of the scale above the rows.
const SCALE: f64 = 16.0;

/// What the words of the last tick take beyond the scale.
const LAST_TICK: f64 = 10.0;

/// Draws a point a row on a scale of 0 to 100, with its interval as a band.
pub fn points(subject: &str, rows: &[Row], sizes: Sizes, width: f64) -> Picture {
    let style = sizes.style();
    let labels = Labels::new(rows, width * 0.44, sizes);
    let track = track(rows, width - labels.width - LAST_TICK, style);
    let height = labels.height() + SCALE;
    draw(width, height, alternative("Nuage de points", subject, rows), |canvas| {
        axis(canvas, labels.width, track, height);
        let mut top = SCALE;
        for (row, lines, height) in labels.of(rows) {
            let middle = top + height / 2.0;
            canvas.lines(0.0, middle, lines, sizes.leading, style);
            point(canvas, row, (labels.width, middle, track), style);
            top += height;
        }
    })
    .with_table(table(rows))
}

/// The scale: 0, 25, 50, 75, 100 %.
pub fn axis(canvas: &Canvas<'_>, left: f64, track: f64, bottom: f64) {
    let style = TextStyle::new(7.0).colour(palette::GREY).anchor(Anchor::Middle);
    for step in 0..=4 {
        let x = left + track * f64::from(step) / 4.0;
        canvas.line((x, SCALE - 3.0), (x, bottom), 0.5, palette::LIGHT);
        let label = format!("{}\u{202F}%", step * 25);
        canvas.text(x, 6.0, &label, style);
    }
}

fn point(canvas: &Canvas<'_>, row: &Row, (left, middle, track): (f64, f64, f64), style: TextStyle) {
    let scale = track / 100.0;
    if row.value.is_none() {
        return canvas.text(left + 5.0, middle, row.mark(), style.colour(palette::GREY));
    }
    let at = left + row.share() * scale;
    match row.whisker() {
        Some((low, high)) => {
            let (low, high) = (left + low * scale, left + high * scale);
            canvas.rectangle(low, middle - BAND / 2.0, high - low, BAND, palette::SKY);
        }
        None => canvas.line((left, middle), (at, middle), 1.2, palette::SKY),
    }
    canvas.disc(at, middle, RADIUS + 0.7, palette::PAPER);
    canvas.disc(at, middle, RADIUS, if row.residual { palette::GREY } else { palette::NAVY });
    match side(row, track, style) {
        Side::Inside(x) => {
            canvas.text(left + x, middle, row.mark(), style.bold().anchor(Anchor::End));
        }
        Side::Beyond(x) => {
            let around = if row.whisker().is_some() { 0.0 } else { RADIUS };
            mark(canvas, row, (left + x + around, middle), style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::{hidden, row};
    use super::*;

    #[test]
    fn a_point_has_its_interval_and_its_value() {
        let sure = Row {
            interval: Some((60.0, 72.0)),
            interval_shown: "60 % à 72 %".to_string(),
            ..row("Sûr", 66.0)
        };
        let picture =
            points("X", &[sure, hidden("Caché"), row("Seul", 100.0)], Sizes::COMPACT, 482.0);
        assert!(picture.alternative.contains("Sûr 66\u{202F}% (60 % à 72 %)"));
        assert_eq!(picture.svg.matches("<circle").count(), 4);
        picture.assert_tidy();
    }
}
