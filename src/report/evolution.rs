//! The section on two years: « D’une année à l’autre ».

use super::content::Writer;
use super::data::{EvolutionData, Image};
use super::pictures::{NamedPicture, in_pieces};
use super::polish::drawable;
use crate::charts::{Changed, FULL_WIDTH, change};
use crate::comparison::words::{
    apart_lines, demonstration, method, remarks_of_lines, respondents, shown_change,
    shown_interval, shown_value, signed,
};
use crate::comparison::{Comparison, Line};
use crate::indicators::{Measure, Unit};

impl Writer<'_> {
    /// Two years side by side; none where the edition names no earlier one.
    pub(super) fn evolution(&mut self) -> Option<EvolutionData> {
        let comparison = self.inputs.comparison?;
        let beyond =
            |line: &&Line| line.national.change.is_some_and(|change| change.verdict.is_beyond());
        let number = |line: &&Line| line.definition.measure.is_of_numbers();
        let lines = &comparison.lines;
        Some(EvolutionData {
            years: comparison.years.map(|year| year.to_string()),
            sentence: respondents(comparison),
            demonstration: demonstration(comparison).unwrap_or_default(),
            changes: lines.iter().filter(beyond).map(row).collect(),
            numbers: lines.iter().filter(number).map(row).collect(),
            charts: self.changes(comparison),
            method: method(comparison, None),
            apart: apart_lines(&comparison.apart),
            remarks: remarks(comparison),
        })
    }

    fn changes(&mut self, comparison: &Comparison) -> Vec<Image> {
        let lines: Vec<Changed> = comparison.lines.iter().filter_map(changed).collect();
        if lines.is_empty() {
            return Vec::new();
        }
        let years = comparison.years.map(|year| year.to_string());
        let pictures = in_pieces(&lines, |lines| change(&years, lines, FULL_WIDTH));
        let [before, after] = &years;
        let level = super::captions::level(comparison.level);
        let caption = format!(
            "En % des répondants à chaque question. Point creux : {before} ; point plein : {after}. \
             La bande est l’intervalle de confiance à {level} de l’écart, posé sur {before} : si elle \
             contient le point creux, l’écart est dans le bruit."
        );
        let named = |(rank, picture)| {
            let (suffix, more) = match rank {
                0 => (String::new(), ""),
                rank => (format!("-{}", rank + 1), " (suite)"),
            };
            NamedPicture {
                name: format!("evolution{suffix}"),
                title: format!("Les pourcentages de {before} et de {after}{more}"),
                caption: caption.clone(),
                from_answers: true,
                reusable: true,
                picture,
            }
        };
        let pictures: Vec<NamedPicture> = pictures.into_iter().enumerate().map(named).collect();
        pictures.into_iter().map(|picture| self.keep(picture)).collect()
    }
}

fn row(line: &Line) -> [String; 5] {
    let (definition, pair) = (&line.definition, &line.national);
    let label = match (line.family.as_str(), &definition.measure) {
        (family, Measure::Share { .. }) if !family.is_empty() && family != definition.label => {
            format!("{family} : {}", definition.label)
        }
        _ => definition.label.clone(),
    };
    let dash = || "–".to_string();
    let change = pair.change;
    [
        label,
        shown_value(&pair.first, definition),
        shown_value(&pair.second, definition),
        change.map_or_else(dash, |change| shown_change(change.value, definition)),
        change
            .and_then(|change| change.interval)
            .map_or_else(dash, |bounds| shown_interval(bounds, definition)),
    ]
}

/// A share as a line of the chart; none where a value is missing or hidden.
fn changed(line: &Line) -> Option<Changed> {
    let (definition, pair) = (&line.definition, &line.national);
    let is_share = matches!(definition.measure, Measure::Share { .. });
    if !is_share || definition.unit != Unit::Percent {
        return None;
    }
    let change = pair.change?;
    Some(Changed {
        group: drawable(&line.family),
        label: drawable(&definition.label),
        values: [pair.first.value?, pair.second.value?],
        shown: [&pair.first, &pair.second].map(|value| shown_value(value, definition)),
        interval: change.interval,
        change_shown: signed(change.value, definition),
        beyond: change.verdict.is_beyond(),
    })
}

fn remarks(comparison: &Comparison) -> Vec<String> {
    let mut remarks = comparison.remarks.clone();
    remarks.extend(remarks_of_lines(comparison));
    remarks
}
