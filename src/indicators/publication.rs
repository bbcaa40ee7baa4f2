//! Figures as they may be published.
//!
//! Precision tells more than it should. The variance of a national figure adds
//! up those of the régions, so that a reader who has the shown régions' counts
//! can try which hidden counts give the bounds that are printed, even at a whole
//! percent. Where a région is hidden, a national share has an interval that
//! depends on nothing that is (see [`cautious_share`]); another national figure
//! has its bounds at the printed precision, rounded away from each other.
//!
//! A weighted share says by itself which région hidden answers come from, since
//! régions weigh differently. What appears is the middle of all that it could be
//! as far as readers know, at the printed precision: it depends on nothing hidden,
//! and is seldom another number than the share's. What is computed from shares is
//! computed again from those.

use super::{Data, Figure, Figures, Measure, Rounding, Value, estimated};
use crate::survey::{Respondent, Survey};
use crate::tabulation::{CautiousShare, Concealed, cautious_share};
use crate::typography::round_half_up;

impl Figures {
    /// The figures for documents and files. `data.survey` has the bases of the
    /// catalogue's own (`with_own_bases`).
    #[must_use]
    pub fn published(&self, data: &Data<'_>) -> Self {
        let figures = self.figures.iter().map(|figure| published(figure, data)).collect();
        let mut published = Self { figures, exposed: self.exposed.clone() };
        if data.plan.is_weighted() {
            published.compute_again();
        }
        published
    }

    /// Computes national figures that rest on others from what those show, where
    /// a région of theirs is hidden.
    fn compute_again(&mut self) {
        /// How deep expressions may rest on each other.
        const DEPTH: usize = 8;
        for _ in 0..DEPTH {
            let again: Vec<Option<f64>> =
                self.figures.iter().map(|figure| self.evaluated(figure)).collect();
            for (figure, value) in self.figures.iter_mut().zip(again) {
                if value.is_some() {
                    figure.national.value = value;
                }
            }
        }
    }

    fn evaluated(&self, figure: &Figure) -> Option<f64> {
        let Measure::Expression(expression) = &figure.definition.measure else { return None };
        figure.national.value?;
        let hides = figure.regions.values().any(|value| value.hidden);
        let shown = |id: &str| self.get(id)?.national.value;
        hides.then(|| expression.evaluate(&shown)).flatten()
    }
}

impl Figure {
    /// What readers of the figure must not learn of a respondent.
    pub fn concealed(&self, respondent: &Respondent) -> Concealed {
        let region = respondent.region.as_ref().and_then(|slug| self.regions.get(slug));
        match region.filter(|value| value.hidden) {
            None => Concealed::Nothing,
            Some(value) if value.base.is_none() => Concealed::Base,
            Some(_) => Concealed::Answer,
        }
    }
}

fn published(figure: &Figure, data: &Data<'_>) -> Figure {
    let mut figure = figure.clone();
    if figure.national.hidden || !figure.regions.values().any(|value| value.hidden) {
        return figure;
    }
    let decimals = figure.definition.decimals;
    let weighted = data.plan.is_weighted();
    let Some(cautious) = cautious(&figure, data) else {
        figure.national = coarse(figure.national, decimals);
        if weighted {
            // One more equation on what is hidden: at the printed precision.
            figure.national.value = figure.national.rounded(decimals);
            figure.national.rounding = Rounding::Nearest;
        }
        return figure;
    };
    let share = estimated(&cautious.share, 100.0);
    figure.national = Value {
        standard_error: share.standard_error,
        low: share.low,
        high: share.high,
        basis: share.basis,
        ..figure.national
    };
    if weighted {
        let value = middle(cautious.range, decimals);
        figure.national.value = figure.national.value.map(|_| value);
        figure.national.rounding = Rounding::Nearest;
    }
    figure
}

/// The middle of a range of shares, in per cent.
fn middle((low, high): (f64, f64), decimals: usize) -> f64 {
    round_half_up(50.0 * (low + high), decimals)
}

/// A national share, with the interval that tells nothing of the hidden régions.
fn cautious(figure: &Figure, data: &Data<'_>) -> Option<CautiousShare> {
    let Measure::Share { option, .. } = &figure.definition.measure else { return None };
    let survey: &Survey = data.survey;
    let rank = survey.rank(&figure.definition.table()?)?;
    let option = survey.codebook.questions.get(rank)?.option(option)?;
    let concealed = |respondent: &Respondent| figure.concealed(respondent);
    cautious_share(survey, rank, option, data.plan, data.plan.level, concealed)
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
    fn a_weighted_share_is_the_middle_of_what_it_could_be() {
        assert_eq!(middle((0.4671, 0.4672), 1), 46.7);
        assert_eq!(middle((0.464, 0.474), 0), 47.0);
        assert_eq!(middle((0.321, 0.321), 1), 32.1);
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
