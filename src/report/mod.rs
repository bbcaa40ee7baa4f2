//! The documents: what each one shows, and its typesetting.
//!
//! [`Content`] gathers the data of every document, with all numbers already
//! written in French; [`typeset`] hands them to the Typst compiler, one process
//! a document. This room knows layout, not statistics.

mod captions;
mod compiler;
mod content;
mod control;
mod data;
mod evolution;
mod pictures;
mod places;
mod polish;
mod precision;
mod quality;
mod regions;
mod reuse;

pub use compiler::{Compiler, Format, Job, Typeset};
pub use content::{Beginning, CONTROL, Content, Document, Inputs};
pub use data::Image;
pub use pictures::NamedPicture;
pub use polish::Polish;
pub use reuse::{Trace, WorkFiles};
