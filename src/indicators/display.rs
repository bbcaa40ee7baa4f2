//! What documents print of a value: the one place where a figure becomes text.
//!
//! A percentage that rests on few respondents is not shown bare: one answer
//! more would move it by several points. The edition says whether its interval
//! stands beside it, or the number of answers in its place
//! ([`Display`](crate::edition::Display)).

use super::{Definition, Figure, Unit, Value};
use crate::edition::{Display, SmallForm};
use crate::typography::{self, base_size, counted};

/// How a value is worded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wording {
    /// « 66 % »
    #[default]
    Plain,
    /// « 40 % (12 % à 77 %) »
    WithInterval,
    /// « 2 réponses »
    AsCount,
}

impl Wording {
    /// The wording of a value: its own where it is a percentage of few
    /// respondents.
    pub(super) fn of(definition: &Definition, value: &Value, display: &Display) -> Self {
        let small = value.base.is_some_and(|base| display.is_small(base));
        if definition.unit != Unit::Percent || !small || value.value.is_none() {
            return Self::Plain;
        }
        match display.small_form {
            SmallForm::Count if value.count.is_some() => Self::AsCount,
            _ => Self::WithInterval,
        }
    }
}

impl Value {
    /// The bounds of the interval, where both are there.
    pub fn interval(&self) -> Option<(f64, f64)> {
        self.low.zip(self.high)
    }

    /// The value as it is rounded with a number of decimals.
    pub fn rounded(&self, decimals: usize) -> Option<f64> {
        self.value.map(|value| self.rounding.apply(value, decimals))
    }

    /// The number with its unit, whatever it rests on: « 66 % ».
    pub fn number_shown(&self, definition: &Definition) -> Option<String> {
        self.rounded(definition.decimals).map(|rounded| show(rounded, definition))
    }

    /// What stands at the mark of a chart: « 66 % », « 2 réponses ».
    pub fn mark(&self, definition: &Definition) -> Option<String> {
        match (self.wording, self.count) {
            (Wording::AsCount, Some(count)) => Some(counted(count, "réponse")),
            _ => self.number_shown(definition),
        }
    }

    /// What has to stand beside the mark of a percentage of few respondents:
    /// its interval, or the number of answers where it has none or no width.
    pub fn aside(&self, definition: &Definition) -> Option<String> {
        if self.wording != Wording::WithInterval || self.value.is_none() {
            return None;
        }
        let wide = self.low != self.high || self.low.is_none();
        let interval = self.interval_shown(definition).filter(|_| wide);
        interval.or_else(|| self.count.map(|count| counted(count, "réponse")))
    }

    /// The value in a sentence: « 66 % », « 40 % (12 % à 77 %) ».
    pub fn told(&self, definition: &Definition) -> Option<String> {
        let mark = self.mark(definition)?;
        Some(match self.aside(definition) {
            Some(aside) => format!("{mark} ({aside})"),
            None => mark,
        })
    }

    /// The value in a sentence, with its base where that is small: « 40 %
    /// (12 % à 77 % ; n = 5) », « 2 réponses (n = 5) ».
    pub fn told_with_base(&self, definition: &Definition) -> Option<String> {
        let base = self.base.filter(|_| self.wording != Wording::Plain);
        let Some(base) = base else { return self.told(definition) };
        let mark = self.mark(definition)?;
        let base = base_size(base);
        Some(match self.aside(definition) {
            Some(aside) => format!("{mark} ({aside}\u{202F}; {base})"),
            None => format!("{mark} ({base})"),
        })
    }

    /// The interval: « 62 % à 70 % », « au plus 70 % » where it has one bound.
    pub fn interval_shown(&self, definition: &Definition) -> Option<String> {
        let shown = |bound: f64| show(bound, definition);
        match (self.low, self.high) {
            (Some(low), Some(high)) => Some(format!("{} à {}", shown(low), shown(high))),
            (Some(low), None) => Some(format!("au moins {}", shown(low))),
            (None, Some(high)) => Some(format!("au plus {}", shown(high))),
            (None, None) => None,
        }
    }
}

impl Figure {
    /// Words the values as an edition wishes.
    pub(super) fn word(&mut self, display: &Display) {
        let definition = &self.definition;
        for value in std::iter::once(&mut self.national).chain(self.regions.values_mut()) {
            value.wording = Wording::of(definition, value, display);
        }
    }
}

/// A number as printed, with the unit of an indicator.
pub fn show(value: f64, definition: &Definition) -> String {
    match &definition.unit {
        Unit::Percent => typography::percent(value, definition.decimals),
        Unit::Euros => typography::euros(value),
        Unit::MillionEuros => typography::millions(value),
        Unit::Things(_) => typography::decimal(value, definition.decimals),
    }
}
