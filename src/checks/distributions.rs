//! H: shares that do not add up, and classes that overlap.

use super::totals::{half_unit, published_fact};
use super::{Facts, Family, Finding, Object};
use crate::codebook::Kind;
use crate::diagnostics::Severity;
use crate::indicators::Measure;
use crate::matching;
use crate::published::PublishedFigure;
use crate::typography::{list, quoted, shortest};

const FAMILY: Family = Family::Distributions;

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = above_hundred(facts);
    for chart in charts(facts) {
        findings.extend(chart.more_values_than_labels());
        for part in chart.parts() {
            findings.extend(part.sums(facts, &chart));
            findings.extend(part.overlapping_classes());
            findings.extend(part.claimed_majority());
        }
    }
    findings
}

/// The percentages of a chart.
struct Chart<'a> {
    id: &'a str,
    figures: Vec<&'a PublishedFigure>,
}

fn charts<'a>(facts: &Facts<'a>) -> Vec<Chart<'a>> {
    let mut charts: Vec<Chart<'a>> = Vec::new();
    for figure in facts.published.iter().filter(|figure| figure.unit == "%") {
        let Some(id) = figure.chart.as_deref() else { continue };
        match charts.iter_mut().find(|chart| chart.id == id) {
            Some(chart) => chart.figures.push(figure),
            None => charts.push(Chart { id, figures: vec![figure] }),
        }
    }
    charts
}

impl<'a> Chart<'a> {
    /// H1: values that no label claims.
    fn more_values_than_labels(&self) -> Option<Finding> {
        let labels = self.figures.iter().filter(|figure| figure.label.is_some()).count();
        let orphans: Vec<&&PublishedFigure> =
            self.figures.iter().filter(|figure| figure.indicator.is_none()).collect();
        if orphans.is_empty() {
            return None;
        }
        let values: Vec<String> = orphans.iter().map(|figure| figure.printed.clone()).collect();
        let message = format!(
            "{} valeurs imprimées pour {labels} libellés ; sans libellé : {}",
            self.figures.len(),
            list(&values)
        );
        Some(
            Finding::new(
                "H-valeurs-sans-libelle",
                FAMILY,
                Severity::Warning,
                self.object(),
                message,
            )
            .facts(orphans.iter().map(|figure| published_fact(figure)))
            .sum(format!("{} > {labels}", self.figures.len()))
            .propose("retirez les valeurs en trop, ou rétablissez leurs libellés"),
        )
    }

    fn object(&self) -> Object {
        Object::national().indicator(self.id)
    }

    /// The chart by question: what its indicators share before the point.
    fn parts(&self) -> Vec<Chart<'a>> {
        let mut parts: Vec<Chart<'a>> = Vec::new();
        for figure in &self.figures {
            let Some(id) = figure.indicator.as_deref() else { continue };
            let family = id.split('.').next().unwrap_or(id);
            match parts.iter_mut().find(|part| part.id == family) {
                Some(part) => part.figures.push(figure),
                None => parts.push(Chart { id: family, figures: vec![figure] }),
            }
        }
        parts
    }

    fn sum(&self) -> f64 {
        self.figures.iter().filter_map(|figure| figure.value).sum()
    }

    /// How far the sum may be from 100 by rounding alone.
    fn tolerance(&self) -> f64 {
        self.figures.iter().map(|figure| half_unit(figure)).sum()
    }

    /// H2: shares of a whole that do not make it, and shares presented as a
    /// distribution that make more.
    ///
    /// Where the attribution of values to labels is uncertain, an error must hold
    /// whatever the attribution: for the smallest values of the chart.
    fn sums(&self, facts: &Facts<'_>, chart: &Chart<'_>) -> Option<Finding> {
        if self.figures.len() < 2 {
            return None;
        }
        let (sum, tolerance) = (self.sum(), self.tolerance());
        let exclusive = kind(facts, self.figures.first()?) == Some(Kind::Single);
        let titled = self.section().is_some_and(|title| says_distribution(&title));
        let above = sum > 100.0 + tolerance + 1e-9;
        let below = sum < 100.0 - tolerance - 1e-9;
        let least = chart.least(self.figures.len());
        match () {
            () if above && (exclusive || titled) => Some(self.sum_finding(
                "H-repartition-superieure-a-cent",
                // A title may say « répartition » of answers that do not exclude each
                // other: only those that do must make a hundred.
                match exclusive && (self.is_certain() || least > 100.0 + tolerance) {
                    true => Severity::Error,
                    false => Severity::Warning,
                },
                format!("une répartition dont les parts font {} %", shortest(sum, 1)),
                "dites que plusieurs réponses étaient possibles, ou corrigez les parts",
            )),
            () if above && sum <= 110.0 && (3..=5).contains(&self.figures.len()) => {
                Some(self.sum_finding(
                    "H-somme-proche-de-cent",
                    Severity::Warning,
                    format!("des parts qui semblent se compléter font {} %", shortest(sum, 1)),
                    "dites si les classes s’excluent ; si oui, corrigez les parts",
                ))
            }
            () if below && exclusive => Some(self.sum_finding(
                "H-somme-incomplete",
                Severity::Warning,
                format!("des parts qui s’excluent ne font que {} %", shortest(sum, 1)),
                "montrez la part qui manque, ou corrigez les autres",
            )),
            () => None,
        }
    }

    fn is_certain(&self) -> bool {
        self.figures.iter().all(|figure| figure.certain)
    }

    /// The sum of its smallest values.
    fn least(&self, count: usize) -> f64 {
        let mut values: Vec<f64> = self.figures.iter().filter_map(|figure| figure.value).collect();
        values.sort_by(f64::total_cmp);
        values.iter().take(count).sum()
    }

    fn section(&self) -> Option<String> {
        self.figures.first()?.section.clone()
    }

    fn sum_finding(
        &self,
        code: &'static str,
        severity: Severity,
        message: String,
        proposal: &str,
    ) -> Finding {
        let terms: Vec<String> =
            self.figures.iter().filter_map(|f| f.value).map(|value| shortest(value, 1)).collect();
        let title =
            self.section().map(|title| format!(" ({})", quoted(&title))).unwrap_or_default();
        Finding::new(code, FAMILY, severity, self.object(), format!("{message}{title}"))
            .facts(self.figures.iter().map(|figure| published_fact(figure)))
            .sum(format!(
                "{} = {} ; l’arrondi permet 100 ± {}",
                terms.join(" + "),
                shortest(self.sum(), 1),
                shortest(self.tolerance(), 2)
            ))
            .propose(proposal)
    }

    /// H3: classes of numbers that share a value: 25 in « 16/25 » and « 25/45 ».
    fn overlapping_classes(&self) -> Option<Finding> {
        let mut classes: Vec<(f64, f64, &PublishedFigure)> = self
            .figures
            .iter()
            .filter_map(|figure| {
                let (low, high) = class_bounds(figure.label.as_deref()?)?;
                Some((low, high, *figure))
            })
            .collect();
        if classes.len() < 2 {
            return None;
        }
        classes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let shared: Vec<String> = classes
            .windows(2)
            .filter_map(|pair| match pair {
                [(_, high, _), (low, _, _)] if high >= low => Some(shortest(*low, 1)),
                _ => None,
            })
            .collect();
        if shared.is_empty() {
            return None;
        }
        let labels: Vec<String> = classes
            .iter()
            .filter_map(|(_, _, figure)| figure.label.clone())
            .map(|l| quoted(&l))
            .collect();
        let message = format!("des classes se chevauchent : {}", list(&labels));
        Some(
            Finding::new("H-classes-chevauchantes", FAMILY, Severity::Error, self.object(), message)
                .facts(classes.iter().map(|(_, _, figure)| published_fact(figure)))
                .sum(format!("dans deux classes à la fois : {}", list(&shared)))
                .propose("donnez à chaque valeur une seule classe, par exemple « 16-24 ans » et « 25-44 ans »"),
        )
    }

    /// H4: a title that speaks of a majority which the values it names do not
    /// make.
    fn claimed_majority(&self) -> Option<Finding> {
        let title = self.section()?;
        let key = matching::loose_key(&title);
        if !key.contains("majorit") {
            return None;
        }
        let named: Vec<&&PublishedFigure> = self
            .figures
            .iter()
            .filter(|figure| figure.label.as_deref().is_some_and(|label| is_named(label, &key)))
            .collect();
        let sum: f64 = named.iter().filter_map(|figure| figure.value).sum();
        (!named.is_empty() && sum <= 50.0).then(|| {
            let message =
                format!("{} : les parts nommées font {} %", quoted(&title), shortest(sum, 1));
            let terms: Vec<String> =
                named.iter().filter_map(|f| f.value).map(|value| shortest(value, 1)).collect();
            Finding::new("H-majorite", FAMILY, Severity::Warning, self.object(), message)
                .facts(named.iter().map(|figure| published_fact(figure)))
                .sum(format!("{} = {} ≤ 50", terms.join(" + "), shortest(sum, 1)))
                .propose("remplacez « majorité » par la part exacte")
        })
    }
}

/// The kind of the question whose option a published figure is.
fn kind(facts: &Facts<'_>, figure: &PublishedFigure) -> Option<Kind> {
    let indicator = facts.figures.get(figure.indicator.as_deref()?)?;
    match &indicator.definition.measure {
        Measure::Share { question, .. } => Some(facts.survey.codebook.question(question)?.kind),
        _ => None,
    }
}

fn says_distribution(title: &str) -> bool {
    let key = matching::loose_key(title);
    ["repartition", "ventilation", "distribution"].iter().any(|word| key.contains(word))
}

/// Whether two telling words of a label stand in a title, or its only one.
fn is_named(label: &str, title: &str) -> bool {
    let label = matching::loose_key(label);
    let words: Vec<&str> =
        label.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 4).collect();
    let stem = |word: &str| word.trim_end_matches('s').chars().take(6).collect::<String>();
    let named = words.iter().filter(|word| title.contains(&stem(word))).count();
    named >= 1 && named * 2 >= words.len()
}

/// The bounds of a class: « 16/25 ans », « 25 à 45 », « 45 ans et plus »,
/// « moins de 16 ans ».
fn class_bounds(label: &str) -> Option<(f64, f64)> {
    let key = matching::loose_key(label);
    let numbers: Vec<f64> = key
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .filter_map(|part| part.parse().ok())
        .collect();
    let open_above = ["plus", "+", "over", "et au-dela"].iter().any(|word| key.contains(word));
    let open_below = ["moins", "under", "<", "jusqu"].iter().any(|word| key.contains(word));
    match numbers.as_slice() {
        [low, high] if low < high => Some((*low, *high)),
        [low] if open_above => Some((*low, f64::INFINITY)),
        // « less than 16 » stops before 16.
        [high] if open_below => Some((f64::NEG_INFINITY, high - 1.0)),
        _ => None,
    }
}

/// H5: a share above a hundred.
fn above_hundred(facts: &Facts<'_>) -> Vec<Finding> {
    facts
        .published
        .iter()
        .filter(|figure| {
            figure.unit == "%" && figure.value.is_some_and(|v| !(0.0..=100.0).contains(&v))
        })
        .map(|figure| {
            let object = Object { indicator: figure.indicator.clone(), ..Object::national() };
            let message = format!("une part de {} ne se peut pas", figure.printed);
            Finding::new("H-part-impossible", FAMILY, Severity::Error, object, message)
                .fact(published_fact(figure))
                .propose("corrigez la valeur")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_bounds() {
        assert_eq!(class_bounds("16/25 ans"), Some((16.0, 25.0)));
        assert_eq!(class_bounds("45 ans et plus"), Some((45.0, f64::INFINITY)));
        assert_eq!(class_bounds("Moins de 16 ans"), Some((f64::NEG_INFINITY, 15.0)));
        assert_eq!(class_bounds("Insertion"), None);
    }
}
