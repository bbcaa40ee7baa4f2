//! The tests that run the whole program, and those on the shipped edition.
//!
//! One binary, so that polars and Typst are linked once.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod accessibility;
mod appearance;
mod carrying;
mod comparing;
mod control;
mod diffusion;
mod documents;
mod explained;
mod faults;
mod form_tools;
mod guide;
mod hostile;
mod incremental;
mod new_edition;
mod open_data;
mod oracle;
mod pages;
mod preview;
mod random;
mod robustness;
mod schemas;
mod secrecy;
mod shipped;
mod support;
mod tables;
mod transcription;
mod workbook;
mod wrong_inputs;
