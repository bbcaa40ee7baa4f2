//! Charts: figures in, vector pictures and their text alternatives out.
//!
//! Each kind of chart is a function from data to a [`Picture`]. Charts know
//! neither Typst nor the survey; what a picture shows, its alternative says.

mod bars;
pub mod canvas;
mod waffle;

pub use bars::{Bar, bars};
pub use canvas::Picture;
pub use waffle::waffle;

/// The width of a chart that takes the whole text, in points (170 mm).
pub const FULL_WIDTH: f64 = 482.0;

/// The width of a chart that takes half of it, less the gutter.
pub const HALF_WIDTH: f64 = 233.0;
