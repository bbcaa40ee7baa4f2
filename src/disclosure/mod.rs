//! Disclosure control: which cells of a table of counts, and which means or
//! amounts, have to be hidden so that nobody's answer can be worked out.
//!
//! Pure functions: counts in, a [`Mask`] out. Reading settings, wording a
//! hidden cell and applying a mask to the products belong to the callers.
//!
//! # What the attacker knows
//!
//! Everything that is printed: each shown count or percentage (with its
//! rounding), the national column, every base, how many answers were not
//! recognised, and that counts are whole numbers between 0 and their base,
//! which add up over the régions and, in an exclusive question, to the
//! recognised answers. Whether
//! a cell was hidden for itself ([`Mark::Primary`]) or to cover another one
//! ([`Mark::Complementary`]) is no information for the reader and must not be
//! printed.
//!
//! # What is guaranteed
//!
//! After [`protect`], the interval that [`attack`] finds for each hidden count
//! is at least `protection` wide, or as wide as the cell's base allows
//! ([`Table::reach`]), and no part of the complementary cells could be shown
//! without breaking that.
//!
//! # Method
//!
//! The counts that agree with what is printed are the whole-number points of a
//! transportation polytope with bounded cells, so that the extremes of a cell
//! are maximum flows and integral (total unimodularity). Cells are added along
//! cheapest augmenting cycles, as in the network-flow heuristics for
//! complementary cell suppression (Cox 1995; Castro 2012), then removed again
//! as far as the guarantee lasts.

mod amounts;
mod attack;
mod mask;
mod network;
mod protect;
mod rules;
mod table;
#[cfg(test)]
mod tests;

pub use amounts::{Dominance, MeansMask, dominant, gives_away, hide_amounts, hide_means};
pub use attack::{Interval, attack};
pub use mask::{Cell, Mark, Mask, Place};
pub use protect::{Demand, exposed, protect, protect_cells};
pub use rules::Rules;
pub use table::{Kind, Malformed, Published, Table};
