//! A hundred squares, of which a share is filled: for one proportion.

use super::canvas::{Picture, draw, palette};

const ROWS: usize = 5;
const COLUMNS: usize = 20;
const GUTTER: f64 = 2.0;

/// Draws a share (out of 100) as filled squares among a hundred, by columns
/// from the left. `sentence` is the text alternative: it must give the figure.
pub fn waffle(sentence: &str, share: f64, width: f64) -> Picture {
    let side = (width - GUTTER * (COLUMNS as f64 - 1.0)) / COLUMNS as f64;
    let height = side * ROWS as f64 + GUTTER * (ROWS as f64 - 1.0);
    let filled = share.round().clamp(0.0, 100.0) as usize;
    draw(width, height, sentence.to_string(), |canvas| {
        for rank in 0..ROWS * COLUMNS {
            let (column, row) = ((rank / ROWS) as f64, (rank % ROWS) as f64);
            let colour = if rank < filled { palette::ORANGE } else { palette::LIGHT };
            let step = side + GUTTER;
            canvas.rectangle(column * step, row * step, side, side, colour);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_squares_are_filled_as_percents() {
        let filled = |share| waffle("x", share, 233.0).svg.matches("#B94A0C").count();
        assert_eq!((filled(47.4), filled(0.0), filled(100.0), filled(130.0)), (47, 0, 100, 100));
    }
}
