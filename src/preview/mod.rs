//! Looking at the documents in a browser while they are written.
//!
//! [`Watcher`] says which files changed, [`Board`] holds the pages as they
//! stand, and [`serve`] shows them on this machine and nowhere else. This room
//! knows files and HTTP; what the pages show is the command's to make.
//!
//! Typst's own kit has a server too. This one is here because it has to wait
//! for pages that are made when they are asked for, to say which pages changed
//! so that the reader's place is kept, and to refuse requests that come through
//! another site's name.

mod board;
mod scratch;
mod server;
mod stop;
mod watcher;

pub use board::{Board, Page, Shown};
pub use scratch::Scratch;
pub use server::serve;
pub use stop::Stop;
pub use watcher::Watcher;
