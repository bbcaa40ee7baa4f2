//! Figures as they may be published.
//!
//! Precision tells more than it should. The variance of a national figure adds
//! up those of the régions, so that a reader who has the shown régions' counts
//! can try which hidden counts give the bounds that are printed, even at a whole
//! percent. Where a région is hidden, a national share has an interval that
//! depends on nothing that is (see [`cautious_share`]); another national figure
//! has its bounds at the printed precision, rounded away from each other.

use super::{Data, Figure, Figures, Measure, Rounding, Value, estimated};
use crate::survey::{Respondent, Survey};
use crate::tabulation::cautious_share;

impl Figures {
    /// The figures for documents and files. `data.survey` has the bases of the
    /// catalogue's own (`with_own_bases`).
    #[must_use]
    pub fn published(&self, data: &Data<'_>) -> Self {
        let figures = self.figures.iter().map(|figure| published(figure, data)).collect();
        Self { figures, exposed: self.exposed.clone() }
    }
}

fn published(figure: &Figure, data: &Data<'_>) -> Figure {
    let mut figure = figure.clone();
    if figure.national.hidden || !figure.regions.values().any(|value| value.hidden) {
        return figure;
    }
    let decimals = figure.definition.decimals;
    figure.national = match cautious(&figure, data) {
        Some(share) => Value {
            standard_error: share.standard_error,
            low: share.low,
            high: share.high,
            basis: share.basis,
            ..figure.national
        },
        None => coarse(figure.national, decimals),
    };
    if data.plan.is_weighted() {
        // A weighted figure is one more equation on what is hidden.
        figure.national.value = figure.national.rounded(decimals);
        figure.national.rounding = Rounding::Nearest;
    }
    figure
}

/// A national share, with the interval that tells nothing of the hidden régions.
fn cautious(figure: &Figure, data: &Data<'_>) -> Option<Value> {
    let Measure::Share { option, .. } = &figure.definition.measure else { return None };
    let survey: &Survey = data.survey;
    let rank = survey.rank(&figure.definition.table()?)?;
    let option = survey.codebook.questions.get(rank)?.option(option)?;
    let hidden = |respondent: &Respondent| {
        let region = respondent.region.as_ref();
        region.and_then(|slug| figure.regions.get(slug)).is_some_and(|value| value.hidden)
    };
    let share = cautious_share(survey, rank, option, data.plan, hidden)?;
    Some(estimated(&share, 100.0))
}

fn coarse(value: Value, decimals: usize) -> Value {
    let interval = value.interval().map(|bounds| outward(bounds, decimals));
    let (low, high) = interval.unzip();
    let (low, high) = (
        low.or(value.low.map(|low| outward((low, f64::INFINITY), decimals).0)),
        high.or(value.high.map(|high| outward((f64::NEG_INFINITY, high), decimals).1)),
    );
    Value { standard_error: None, low, high, ..value }
}

/// The bounds at the printed precision, away from each other, so that what
/// they promise still holds. A point (everyone answered) stays one.
pub fn outward((low, high): (f64, f64), decimals: usize) -> (f64, f64) {
    /// Below this, a difference is the arithmetic's.
    const NOISE: f64 = 1e-9;
    if low == high {
        return (low, high);
    }
    let scale = 10_f64.powi(i32::try_from(decimals).unwrap_or(6));
    ((low * scale + NOISE).floor() / scale, (high * scale - NOISE).ceil() / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_rounded_away_from_each_other() {
        assert_eq!(outward((44.8, 48.2), 0), (44.0, 49.0));
        assert_eq!(outward((44.0, 49.0), 0), (44.0, 49.0));
        assert_eq!(outward((6.66, 7.01), 1), (6.6, 7.1));
        assert_eq!(outward((46.77, 46.77), 0), (46.77, 46.77));
    }

    #[test]
    fn what_is_no_share_has_no_standard_error() {
        let exact = Value {
            value: Some(46.77),
            standard_error: Some(0.98),
            low: Some(44.8),
            high: Some(48.7),
            ..Value::default()
        };
        let coarse = coarse(exact, 0);
        assert_eq!((coarse.value, coarse.standard_error), (Some(46.77), None));
        assert_eq!(coarse.interval(), Some((44.0, 49.0)));
    }
}
