//! The section on two years: « D’une année à l’autre ».

use super::content::Writer;
use super::data::{EvolutionData, Image, ProfileTable};
use super::pictures::{NamedPicture, in_pieces};
use super::polish::drawable;
use crate::charts::{Changed, FULL_WIDTH, Picture, change};
use crate::comparison::words::{
    apart_lines, demonstration, plural, remarks_of_lines, respondents, shown_change,
    shown_interval, shown_value, signed,
};
use crate::comparison::{Apart, Comparison, Line, Verdict};
use crate::indicators::{Definition, Measure, Unit};
use crate::typography::{capitalised, counted, decimal, integer, quoted};

/// More figures than this that cannot be compared for one reason are counted.
const FEW: usize = 3;

impl Writer<'_> {
    /// Two years side by side; none where the edition names no earlier one.
    pub(super) fn evolution(&mut self) -> Option<EvolutionData> {
        let comparison = self.inputs.comparison?;
        let number = |line: &&Line| line.definition.measure.is_of_numbers();
        Some(EvolutionData {
            years: comparison.years.map(|year| year.to_string()),
            sentence: respondents(comparison),
            demonstration: demonstration(comparison).unwrap_or_default(),
            changes_title: changes_title(comparison),
            changes: changes(comparison),
            numbers: comparison.lines.iter().filter(number).map(row).collect(),
            charts: self.changes(comparison),
            method: method(comparison),
            apart: apart(&comparison.apart),
            remarks: remarks(comparison),
        })
    }

    fn changes(&mut self, comparison: &Comparison) -> Vec<Image> {
        let lines: Vec<Changed> = comparison.lines.iter().filter_map(changed).collect();
        if lines.is_empty() {
            return Vec::new();
        }
        let years = comparison.years.map(|year| year.to_string());
        let together = |one: &Changed, other: &Changed| one.group == other.group;
        let pieces = in_pieces(&lines, together, |lines| change(&years, lines, FULL_WIDTH));
        let [before, after] = &years;
        let level = super::captions::level(comparison.level);
        let caption = format!(
            "En % des répondants à chaque question. Point creux : {before} ; point plein : {after}. \
             La bande est l’intervalle de confiance à {level} de l’écart, posé sur {before} : si elle \
             contient le point creux, l’écart ne dépasse pas le hasard. En gras, ceux qui le dépassent."
        );
        let named = |(rank, (lines, picture)): (usize, (&[Changed], Picture))| NamedPicture {
            name: match rank {
                0 => "evolution".to_string(),
                rank => format!("evolution-{}", rank + 1),
            },
            title: title(lines),
            caption: caption.clone(),
            from_answers: true,
            reusable: true,
            picture,
        };
        pieces.into_iter().enumerate().map(named).map(|picture| self.keep(picture)).collect()
    }
}

/// What a chart of two years shows: where most was won and lost.
fn title(lines: &[Changed]) -> String {
    let gap = |line: &&Changed| line.values[1] - line.values[0];
    let beyond = || lines.iter().filter(|line| line.beyond);
    let most = beyond().max_by(|a, b| gap(a).total_cmp(&gap(b))).filter(|line| gap(line) > 0.0);
    let least = beyond().min_by(|a, b| gap(a).total_cmp(&gap(b))).filter(|line| gap(line) < 0.0);
    let rise = |line: &Changed| format!("{} monte le plus", quoted(&line.label));
    let fall = |line: &Changed| format!("{} recule le plus", quoted(&line.label));
    match (most, least) {
        (Some(most), Some(least)) => format!("{}, {}", rise(most), fall(least)),
        (Some(most), None) => rise(most),
        (None, Some(least)) => fall(least),
        (None, None) => "Des parts qui n’ont pas changé plus que par hasard".to_string(),
    }
}

fn is_beyond(line: &&Line) -> bool {
    line.national.change.is_some_and(|change| change.verdict.is_beyond())
}

/// « 11 écarts sur 44 dépassent le hasard »
fn changes_title(comparison: &Comparison) -> String {
    let tests = integer(comparison.tests(None) as i64);
    match comparison.lines.iter().filter(is_beyond).count() {
        0 => "Aucun écart ne dépasse le hasard".to_string(),
        1 => format!("Un écart sur {tests} dépasse le hasard"),
        several => format!("{} sur {tests} dépassent le hasard", counted(several, "écart")),
    }
}

/// The differences that are more than chance, by question.
fn changes(comparison: &Comparison) -> Vec<ProfileTable> {
    let mut tables: Vec<ProfileTable> = Vec::new();
    for line in comparison.lines.iter().filter(is_beyond) {
        match tables.last_mut().filter(|table| table.title == line.family) {
            Some(table) => table.lines.push(row(line)),
            None => {
                tables.push(ProfileTable { title: line.family.clone(), lines: vec![row(line)] })
            }
        }
    }
    tables
}

/// « Touchent des publics en QPV », of « des projets touchent… ».
fn label(definition: &Definition) -> String {
    let label = &definition.label;
    capitalised(label.strip_prefix("des projets ").unwrap_or(label))
}

fn row(line: &Line) -> [String; 5] {
    let (definition, pair) = (&line.definition, &line.national);
    let dash = || "–".to_string();
    let change = pair.change;
    [
        label(definition),
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
        label: drawable(&label(definition)),
        values: [pair.first.value?, pair.second.value?],
        shown: [&pair.first, &pair.second].map(|value| shown_value(value, definition)),
        interval: change.interval,
        change_shown: signed(change.value, definition),
        beyond: change.verdict.is_beyond(),
    })
}

/// How the differences were judged, and how many would show by chance.
fn method(comparison: &Comparison) -> String {
    let level = super::captions::level(comparison.level);
    let mut text = format!(
        "L’intervalle est celui de l’écart, au niveau de confiance de {level} : les projets qui ont \
         répondu les deux fois sont appariés, les autres indépendants. Un écart dépasse le hasard \
         quand son intervalle ne contient pas zéro."
    );
    let tests = comparison.tests(None);
    if tests > 1 {
        let chance = (1.0 - comparison.level) * tests as f64;
        let chance = decimal(chance, usize::from(chance < 1.0));
        text.push_str(&format!(
            " Sur {tests} écarts, environ {chance} le feraient sans que rien n’ait changé."
        ));
        text.push_str(&corrected(comparison, tests));
    }
    text
}

/// How many differences stand when the intervals are widened for all at once.
fn corrected(comparison: &Comparison, tests: usize) -> String {
    let beyond = comparison.lines.iter().filter(is_beyond);
    let changes: Vec<Verdict> =
        beyond.filter_map(|line| Some(line.national.change?.verdict)).collect();
    let standing = changes.iter().filter(|verdict| **verdict == Verdict::BeyondAll).count();
    let of = integer(changes.len() as i64);
    let why = format!("quand l’intervalle est élargi pour les {tests} à la fois (Bonferroni)");
    match (changes.len(), standing) {
        (0, _) => String::new(),
        (_, 0) => format!(" Aucun des {of} ne le dépasse encore {why}."),
        (_, 1) => format!(" Un des {of} le dépasse encore {why}."),
        (_, standing) => format!(" {standing} des {of} le dépassent encore {why}."),
    }
}

/// What cannot be compared; figures that no question gives are counted where
/// they are many.
fn apart(apart: &[Apart]) -> Vec<String> {
    let (asked, other): (Vec<Apart>, Vec<Apart>) =
        apart.iter().cloned().partition(|one| !one.family.is_empty());
    let mut reasons: Vec<&str> = other.iter().map(|one| one.reason.as_str()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let line = |reason: &&str| {
        let with: Vec<Apart> = other.iter().filter(|one| one.reason == *reason).cloned().collect();
        match with.len() {
            few if few <= FEW => apart_lines(&with),
            many => vec![format!(
                "{} du registre et des annonces : {}",
                counted(many, "chiffre"),
                plural(reason, many)
            )],
        }
    };
    let others: Vec<String> = reasons.iter().flat_map(line).collect();
    [apart_lines(&asked), others].concat()
}

fn remarks(comparison: &Comparison) -> Vec<String> {
    let mut remarks = comparison.remarks.clone();
    remarks.extend(remarks_of_lines(comparison));
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(label: &str, values: [f64; 2], beyond: bool) -> Changed {
        Changed {
            group: "Thèmes".to_string(),
            label: label.to_string(),
            values,
            shown: values.map(|value| format!("{value}")),
            interval: None,
            change_shown: String::new(),
            beyond,
        }
    }

    #[test]
    fn a_chart_of_two_years_tells_what_moved_most() {
        let lines = [
            changed("Bois", [10.0, 31.0], true),
            changed("Textile", [50.0, 40.0], true),
            changed("Média", [1.0, 90.0], false),
        ];
        assert_eq!(
            title(&lines),
            "«\u{A0}Bois\u{A0}» monte le plus, «\u{A0}Textile\u{A0}» recule le plus"
        );
        assert_eq!(title(&lines[..1]), "«\u{A0}Bois\u{A0}» monte le plus");
        assert_eq!(title(&lines[2..]), "Des parts qui n’ont pas changé plus que par hasard");
    }

    #[test]
    fn many_figures_without_a_question_are_counted() {
        let one = |label: &str, family: &str| Apart {
            id: label.to_lowercase(),
            label: label.to_string(),
            family: family.to_string(),
            reason: "absent du catalogue de 2024".to_string(),
        };
        let few = [one("A", ""), one("B", "")];
        assert_eq!(
            apart(&few),
            ["«\u{A0}A\u{A0}» et «\u{A0}B\u{A0}» : absents du catalogue de 2024"]
        );
        let many = [one("A", ""), one("B", ""), one("C", ""), one("D", "")];
        assert_eq!(
            apart(&many),
            ["4\u{A0}chiffres du registre et des annonces : absents du catalogue de 2024"]
        );
    }
}
