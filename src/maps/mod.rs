//! Maps: the geography and a few numbers in, vector pictures and their text
//! alternatives out.

mod labels;
mod national;
mod projection;
mod regional;

pub use national::{Territory, national, ornament};
pub use regional::{Site, Size, regional};

use crate::charts::canvas::{Colour, palette};
use crate::register::Carrier;

/// The colour of who runs a call.
pub fn colour(carrier: Carrier) -> Colour {
    match carrier {
        Carrier::Region => palette::NAVY,
        Carrier::State => palette::ORANGE,
        Carrier::Unknown => palette::GREY,
    }
}
