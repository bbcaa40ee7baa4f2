#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, clippy::expect_used)]

use super::*;

mod amounts;
mod examples;
mod properties;
mod reader;
mod sampling;
