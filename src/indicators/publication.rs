//! Figures as they may be published.
//!
//! Precision tells more than it should. The variance of a national figure adds
//! up those of the régions, so that a reader who has the shown régions' counts
//! can try which hidden counts give the bounds that are printed, even at a whole
//! percent. Where a région is hidden, a national share has an interval that
//! depends on nothing that is (see [`cautious_share`]). A mean, a total, a ratio or
//! a quantile has the spread that it would have if respondents of hidden régions had
//! answered as others did (see [`Survey::with_stand_ins`]), around its own value.
//!
//! A weighted share says by itself which région hidden answers come from, since
//! régions weigh differently. What appears is the middle of all that it could be
//! as far as readers know, at the printed precision: it depends on nothing hidden,
//! and is seldom another number than the share's. What is computed from shares is
//! computed again from those.
//!
//! The interval of a calculation rests on how its parts vary together, hidden
//! régions included. Where one of them has a hidden région, or where small counts
//! are hidden and the correlation of two parts would tell how many gave both
//! answers, what appears is the range of the calculation over the published
//! bounds of its parts: a function of what is published, and never too narrow.
//!
//! The bounds of a quantile are respondents' answers. Where too few answers lie
//! beyond a bound, it does not appear.

use std::collections::BTreeSet;

use super::{
    Catalogue, Data, Definition, Expression, Figure, Figures, Measure, Rounding, Statistic, Value,
    estimated,
};
use crate::diffusion::Diffusion;
use crate::statistics::Basis;
use crate::survey::{Respondent, Survey};
use crate::tabulation::{CautiousShare, Concealed, cautious_share, observed};
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
        self.spread_again(&mut published, data);
        published.bound_again(data.diffusion);
        published
    }

    /// Gives the national figures of numbers in which a région is hidden a spread
    /// that rests on nothing hidden.
    fn spread_again(&self, published: &mut Self, data: &Data<'_>) {
        let concerned = |figure: &&Figure| {
            figure.definition.measure.is_of_numbers() && figure.is_hidden_somewhere()
        };
        let figures: Vec<&Figure> = self.figures.iter().filter(concerned).collect();
        let models = self.models(&figures, data);
        for id in figures.iter().map(|figure| &figure.definition.id) {
            let model = models.as_ref().and_then(|models| models.get(id));
            let place = published.figures.iter_mut().find(|figure| figure.definition.id == *id);
            if let Some(figure) = place {
                figure.national = spread_as(figure.national, model.map(|model| model.national));
            }
        }
    }

    /// Some figures as they would be if respondents of the régions that are
    /// hidden in them had answered as others did. None where nobody else did.
    fn models(&self, figures: &[&Figure], data: &Data<'_>) -> Option<Self> {
        let hidden: BTreeSet<&str> =
            figures.iter().flat_map(|figure| figure.hidden_regions()).collect();
        let is_concealed =
            |who: &Respondent| who.region.as_deref().is_some_and(|slug| hidden.contains(slug));
        let concealing = !hidden.is_empty();
        let survey = concealing.then(|| data.survey.with_stand_ins(is_concealed)).flatten()?;
        let public = |figure: &&Figure| Definition { diffusion: None, ..figure.definition.clone() };
        let catalogue = Catalogue { definitions: figures.iter().map(public).collect() };
        let data = Data { survey: &survey, ..*data };
        let mut models =
            Self::compute(&catalogue, &Data { diffusion: &Diffusion::OFF, ..data }).ok()?;
        models.figures.iter_mut().for_each(|figure| close_tails(figure, &data));
        Some(models)
    }

    /// Gives calculations whose exact interval would tell something the range over
    /// the published bounds of their parts.
    fn bound_again(&mut self, diffusion: &Diffusion) {
        let again: Vec<Figure> =
            self.figures.iter().map(|figure| self.cautiously_bounded(figure, diffusion)).collect();
        self.figures = again;
    }

    fn cautiously_bounded(&self, figure: &Figure, diffusion: &Diffusion) -> Figure {
        let mut figure = figure.clone();
        let Measure::Expression(expression) = figure.definition.measure.clone() else {
            return figure;
        };
        let atoms = self.atoms(&expression);
        let joint = atoms.len() > 1 && atoms.iter().any(|atom| hides_small_counts(atom, diffusion));
        let decimals = figure.definition.decimals;
        let bounded = |value: Value, region: Option<&str>| match value.value {
            Some(_) => ranged(value, self.range(&expression, region, self.depth()), decimals),
            None => value,
        };
        if joint || atoms.iter().any(|atom| atom.is_hidden_somewhere()) {
            figure.national = bounded(figure.national, None);
        }
        if joint {
            for (slug, value) in &mut figure.regions {
                *value = bounded(*value, Some(slug));
            }
        }
        figure
    }

    /// All that a calculation could be, its parts being within their bounds.
    fn range(
        &self,
        expression: &Expression,
        region: Option<&str>,
        depth: usize,
    ) -> Option<(f64, f64)> {
        let bounds = |id: &str| {
            let figure = self.get(id)?;
            let value = figure.at(region)?;
            match &figure.definition.measure {
                Measure::Expression(inner) => self.range(inner, region, depth.checked_sub(1)?),
                measure if measure.question().is_some() => value.interval(),
                _ => value.value.map(|known| (known, known)),
            }
        };
        expression.range(&bounds)
    }

    /// Computes national figures that rest on others from what those show, where
    /// a région of theirs is hidden.
    fn compute_again(&mut self) {
        for _ in 0..self.depth() {
            let again: Vec<Option<f64>> =
                self.figures.iter().map(|figure| self.evaluated(figure)).collect();
            let mut changed = false;
            for (figure, value) in self.figures.iter_mut().zip(again) {
                if value.is_some() {
                    changed |= figure.national.value != value;
                    figure.national.value = value;
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn evaluated(&self, figure: &Figure) -> Option<f64> {
        let Measure::Expression(expression) = &figure.definition.measure else { return None };
        figure.national.value?;
        let hides = self.atoms(expression).into_iter().any(Figure::is_hidden_somewhere);
        let shown = |id: &str| self.get(id)?.national.value;
        hides.then(|| expression.evaluate(&shown)).flatten()
    }
}

impl Figure {
    /// The slugs of the régions in which it is hidden.
    pub fn hidden_regions(&self) -> impl Iterator<Item = &str> {
        self.regions.iter().filter(|(_, value)| value.hidden).map(|(slug, _)| slug.as_str())
    }

    /// Whether it is hidden in a région.
    pub fn is_hidden_somewhere(&self) -> bool {
        self.hidden_regions().next().is_some()
    }

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

/// A value with the standard error of another one, and bounds as far from it as
/// they are from that one; none where there is none.
fn spread_as(value: Value, model: Option<Value>) -> Value {
    let model = model.unwrap_or_default();
    let shift = value.value.zip(model.value).map(|(value, other)| value - other);
    let moved = |bound: Option<f64>| Some(bound? + shift?);
    let (low, high) = (moved(model.low), moved(model.high));
    let basis = model.basis.filter(|_| low.or(high).is_some());
    Value { standard_error: model.standard_error, low, high, basis, ..value }
}

/// Whether small counts of a figure's table are hidden for themselves.
fn hides_small_counts(figure: &Figure, diffusion: &Diffusion) -> bool {
    figure.definition.under(diffusion).rules.effectif_minimal > 0
}

/// A value whose bounds are a range, where there is one.
fn ranged(value: Value, range: Option<(f64, f64)>, decimals: usize) -> Value {
    let bounds = range.map(|range| outward(range, decimals));
    Value {
        standard_error: None,
        low: bounds.map(|(low, _)| low),
        high: bounds.map(|(_, high)| high),
        basis: bounds.map(|_| Basis::Bounds),
        ..value
    }
}

fn published(figure: &Figure, data: &Data<'_>) -> Figure {
    let mut figure = figure.clone();
    if matches!(figure.definition.measure, Measure::Expression(_)) {
        return figure;
    }
    close_tails(&mut figure, data);
    if figure.national.hidden || !figure.is_hidden_somewhere() {
        return figure;
    }
    let decimals = figure.definition.decimals;
    let weighted = data.plan.is_weighted();
    let Some(cautious) = cautious(&figure, data) else {
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

/// Takes out the bounds of a median or a quantile beyond which too few answers
/// lie.
fn close_tails(figure: &mut Figure, data: &Data<'_>) {
    let Measure::Number { statistic, .. } = figure.definition.measure else { return };
    if !matches!(statistic, Statistic::Median | Statistic::Quantile(_)) {
        return;
    }
    let least = figure.definition.under(data.diffusion).rules.base_minimale;
    let rank = figure.definition.table().and_then(|table| data.survey.rank(&table));
    let Some(rank) = rank else { return };
    let close = |value: &mut Value, region: Option<&str>| {
        let answers =
            observed(data.survey, rank, None, data.plan, |respondent| respondent.is_in(region));
        *value = with_closed_tails(*value, &answers.unwrap_or_default().values, least);
    };
    close(&mut figure.national, None);
    for (slug, value) in &mut figure.regions {
        close(value, Some(slug));
    }
}

/// `answers` are those that the quantile is of.
fn with_closed_tails(value: Value, answers: &[f64], least: usize) -> Value {
    let beyond = |keeps: &dyn Fn(f64) -> bool| answers.iter().filter(|y| keeps(**y)).count();
    // A census has no interval but its own value.
    if value.low.is_some() && value.low == value.high {
        return value;
    }
    let low = value.low.filter(|low| beyond(&|y| y <= *low) >= least);
    let high = value.high.filter(|high| beyond(&|y| y >= *high) >= least);
    let whole = (low, high) == (value.low, value.high);
    Value {
        low,
        high,
        standard_error: value.standard_error.filter(|_| whole),
        basis: value.basis.filter(|_| low.or(high).is_some()),
        ..value
    }
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
    fn a_bound_of_a_quantile_that_few_answers_lie_beyond_does_not_appear() {
        let value = Value {
            value: Some(5.0),
            standard_error: Some(1.0),
            low: Some(2.0),
            high: Some(8.0),
            basis: Some(Basis::Woodruff),
            ..Value::default()
        };
        let answers = [1.0, 2.0, 3.0, 5.0, 6.0, 7.0, 8.0];
        let closed = with_closed_tails(value, &answers, 2);
        assert_eq!((closed.low, closed.high, closed.standard_error), (Some(2.0), None, None));
        assert_eq!(closed.basis, Some(Basis::Woodruff));
        assert_eq!(with_closed_tails(value, &answers, 1), value);
        assert_eq!(with_closed_tails(value, &answers, 5).basis, None);
    }

    #[test]
    fn a_spread_is_taken_around_the_value_itself() {
        let value = Value { value: Some(46.77), low: Some(44.8), ..Value::default() };
        let model = Value {
            value: Some(50.0),
            standard_error: Some(2.0),
            low: Some(46.0),
            high: Some(55.0),
            ..Value::default()
        };
        let spread = spread_as(value, Some(model));
        let bounds = spread.interval().map(|(low, high)| (low - 42.77, high - 51.77));
        assert!(bounds.is_some_and(|(low, high)| low.abs() < 1e-9 && high.abs() < 1e-9));
        assert_eq!(spread.standard_error, Some(2.0));
        let bare = spread_as(value, None);
        assert_eq!((bare.value, bare.low, bare.standard_error), (Some(46.77), None, None));
    }
}
