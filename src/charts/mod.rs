//! Charts: figures in, vector pictures and their text alternatives out.
//!
//! Each kind of chart is a function from rows to a [`Picture`]. Charts know
//! neither Typst nor the survey; what a picture shows, its alternative and its
//! table say. No chart has a legend: a label stands at each mark.

#[cfg(test)]
mod apart;
mod bars;
pub mod canvas;
mod change;
mod ladder;
mod parts;
mod points;
mod profile;
mod row;
mod strip;
mod waffle;

pub use bars::{Sizes, bars};
pub use canvas::Picture;
pub use change::{Changed, change};
pub use parts::parts;
pub use points::points;
pub use profile::{Compared, profile};
pub use row::Row;
pub use strip::strip;
pub use waffle::{waffle, waffles};

/// Sorts rows from the largest share to the smallest, residual ones last.
pub fn sort_rows(rows: &mut [Row]) {
    row::sort(rows);
}

/// Whether rows can be shown as a strip of cells.
pub fn fits_strip(rows: &[Row]) -> bool {
    rows.len() <= strip::MOST && none_has_an_aside(rows)
}

/// Whether rows can be shown as the parts of a whole.
pub fn fits_parts(rows: &[Row]) -> bool {
    parts::suits(rows, FULL_WIDTH) && none_has_an_aside(rows)
}

/// Whether rows can be shown as squares side by side.
pub fn fits_waffles(rows: &[Row]) -> bool {
    rows.len() <= waffle::MOST && none_has_an_aside(rows)
}

/// Whether no value needs its interval printed beside it: only the charts of
/// lines have room for that.
fn none_has_an_aside(rows: &[Row]) -> bool {
    rows.iter().all(|row| row.aside.is_empty())
}

/// No chart is taller than this: it would not leave room on a page for its
/// title and its caption.
pub const TALLEST: f64 = 600.0;

/// The width of a chart that takes the whole text, in points (170 mm).
pub const FULL_WIDTH: f64 = 482.0;

/// The width of a chart that takes half of it, less the gutter.
pub const HALF_WIDTH: f64 = 233.0;
