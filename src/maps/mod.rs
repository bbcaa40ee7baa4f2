//! Maps: the geography and a few numbers in, vector pictures and their text
//! alternatives out.

mod national;
mod projection;
mod regional;

pub use national::{Territory, national};
pub use regional::regional;
