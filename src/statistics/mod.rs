//! Survey statistics: estimates, standard errors and intervals.
//!
//! Pure functions of numbers. They know no file, no label and no language, and
//! hold no state; the same inputs give the same bits on every machine, because
//! sums run in the order of the units, are compensated ([`sums`]), and no
//! function of the platform's mathematical library is called ([`distributions`]).
//!
//! What is computed is what R's `survey` computes (T. Lumley, *Complex Surveys*,
//! Wiley 2010; package version 4.1), to nine digits: `tests/oracle` holds the
//! comparison. The pieces:
//!
//! | here | R |
//! |---|---|
//! | [`Design::new`] | `svydesign(ids = ~1, strata = ~h, fpc = ~N, weights = ~w)` |
//! | [`Design::post_stratify`] | `postStratify()` |
//! | [`Design::rake`] | `rake()` |
//! | [`Design::variance`] | `svyrecvar()` with `lonely.psu = "adjust"` |
//! | [`mean`], [`total`], [`ratio`] | `svymean()`, `svytotal()`, `svyratio()` |
//! | [`proportion`] | `svyciprop(method = "beta" \| "logit" \| "wilson")` |
//! | [`quantile`] | `svyquantile(qrule = "math", interval.type = "mean")` |
//! | [`combine`] | `svycontrast()` |
//!
//! A *domain* (a région, those who were asked, those who chose an option) is
//! given by the units that are in it: the estimate is that of the domain under
//! the design of the whole sample, as `subset()` of a design has it, and not
//! that of a new design of those units alone.

mod calibration;
mod cautious;
mod change;
mod design;
pub mod distributions;
mod estimators;
mod functions;
mod intervals;
mod logit;
mod quantiles;
pub mod rounding;
pub mod sums;

pub use calibration::{CalibrationFault, Convergence, Margin, RakingControl};
pub use cautious::{Secret, cautious_proportion, public_range};
pub use change::{Common, Difference, Form, Wave, difference, difference_interval};
pub use design::{Design, DesignFault, Stratum, expansion_weights};
pub use distributions::student_critical;
pub use estimators::{Estimate, Linearised, mean, ratio, total};
pub use functions::{Combined, Part, combine, correlation};
pub use intervals::{Basis, Interval, Proportion, ProportionMethod, interval, proportion};
pub use quantiles::{Quantile, linearised_quantile, quantile};

#[cfg(test)]
mod tests;
