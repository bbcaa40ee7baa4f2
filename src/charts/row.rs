//! What a chart shows of one option, and how it is told to a person who does
//! not see the chart.

use crate::typography::list;

/// The words that stand where disclosure control hides a value.
pub const HIDDEN: &str = "non diffusé";

/// An option and its share.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    pub label: String,
    /// Out of 100; none where it is hidden or cannot be computed.
    pub value: Option<f64>,
    /// The value as printed: `66 %`, `2 réponses`.
    pub shown: String,
    /// What has to be printed beside it, because it rests on few respondents:
    /// `12 % à 77 %`; empty elsewhere.
    pub aside: String,
    /// Whether `shown` is a number of answers, in place of a percentage.
    pub counted: bool,
    /// The bounds of the confidence interval, out of 100.
    pub interval: Option<(f64, f64)>,
    /// The interval as printed: `62 % à 70 %`.
    pub interval_shown: String,
    /// How many respondents ticked it.
    pub count: Option<usize>,
    /// How many respondents it rests on.
    pub base: Option<usize>,
    /// Whether disclosure control hides it.
    pub hidden: bool,
    /// « Autre », « aucun »: what is left, which comes last.
    pub residual: bool,
}

impl Row {
    /// The share, between 0 and 100; 0 where there is none.
    pub fn share(&self) -> f64 {
        self.value.unwrap_or(0.0).clamp(0.0, 100.0)
    }

    /// The interval, within 0 and 100, where it has a width.
    pub fn whisker(&self) -> Option<(f64, f64)> {
        let (low, high) = self.interval.filter(|_| self.value.is_some())?;
        let (low, high) = (low.clamp(0.0, 100.0), high.clamp(0.0, 100.0));
        (high - low > 0.05).then_some((low, high))
    }

    /// What is printed at the mark.
    pub fn mark(&self) -> &str {
        match (self.hidden, self.value) {
            (true, _) => HIDDEN,
            (false, None) => "–",
            (false, Some(_)) => &self.shown,
        }
    }

    /// What is printed at the mark, and beside it: « 40 % (12 % à 77 %) ».
    pub fn mark_and_aside(&self) -> String {
        match self.aside.as_str() {
            "" => self.mark().to_string(),
            _ if self.hidden || self.value.is_none() => self.mark().to_string(),
            aside => format!("{} ({aside})", self.mark()),
        }
    }

    /// « Insertion 66 % (62 % à 70 %) »
    pub fn told(&self) -> String {
        let interval = match self.whisker() {
            _ if !self.aside.is_empty() && self.value.is_some() => format!(" ({})", self.aside),
            Some(_) if !self.interval_shown.is_empty() => format!(" ({})", self.interval_shown),
            _ => String::new(),
        };
        let value = if self.value.is_none() && !self.hidden { "sans valeur" } else { self.mark() };
        format!("{} {value}{interval}", self.label)
    }
}

/// Sorts rows from the largest share to the smallest, residual ones last.
pub fn sort(rows: &mut [Row]) {
    rows.sort_by(|a, b| a.residual.cmp(&b.residual).then(b.share().total_cmp(&a.share())));
}

/// The rank of the row that stands out: the largest, residual ones aside; none
/// where another is as large, so that no equal is set above the others.
pub fn leader(rows: &[Row]) -> Option<usize> {
    let shown = || rows.iter().enumerate().filter(|(_, row)| row.value.is_some() && !row.residual);
    let (at, first) = shown().max_by(|a, b| a.1.share().total_cmp(&b.1.share()))?;
    let equals = shown().filter(|(_, row)| first.share() - row.share() < 1e-9).count();
    (equals == 1).then_some(at)
}

/// The text alternative of a chart of rows: what it is, what is compared, the
/// highest and the lowest where they are not plain, and every value.
pub fn alternative(form: &str, subject: &str, rows: &[Row]) -> String {
    if rows.is_empty() {
        return format!("{form}. {subject} : aucune donnée.");
    }
    let told: Vec<String> = rows.iter().map(Row::told).collect();
    format!("{form}. {subject}. {}{}.", extremes(rows), list(&told))
}

/// « De 66 % (Insertion) à 14 % (Learning lab). »
fn extremes(rows: &[Row]) -> String {
    let shown = || rows.iter().filter(|row| row.value.is_some());
    let highest = shown().max_by(|a, b| a.share().total_cmp(&b.share()));
    let lowest = shown().min_by(|a, b| a.share().total_cmp(&b.share()));
    match (highest, lowest) {
        (Some(high), Some(low)) if shown().count() > 2 && high.shown != low.shown => format!(
            "Le plus haut : {}, {} ; le plus bas : {}, {}. Toutes les valeurs : ",
            high.label, high.shown, low.label, low.shown
        ),
        _ => String::new(),
    }
}

/// The table of a chart of rows, titles first, with a decimal point.
pub fn table(rows: &[Row]) -> Vec<Vec<String>> {
    let titles =
        ["modalite", "pourcentage", "effectif", "base", "borne_basse", "borne_haute", "diffusion"];
    let number = |value: Option<f64>| value.map(|v| format!("{v:.4}")).unwrap_or_default();
    let count = |value: Option<usize>| value.map(|v| v.to_string()).unwrap_or_default();
    let line = |row: &Row| {
        let interval = row.interval.filter(|_| !row.hidden);
        let open = |value: Option<usize>| count(value.filter(|_| !row.hidden));
        vec![
            row.label.clone(),
            number(row.value.filter(|_| !row.hidden)),
            open(row.count),
            open(row.base),
            number(interval.map(|(low, _)| low)),
            number(interval.map(|(_, high)| high)),
            if row.hidden { HIDDEN } else { "" }.to_string(),
        ]
    };
    let titles = titles.map(str::to_string).to_vec();
    std::iter::once(titles).chain(rows.iter().map(line)).collect()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A row with a value and no interval.
    pub fn row(label: &str, value: f64) -> Row {
        Row {
            label: label.to_string(),
            value: Some(value),
            shown: crate::typography::percent(value, 0),
            ..Row::default()
        }
    }

    /// A row that disclosure control hides.
    pub fn hidden(label: &str) -> Row {
        Row { label: label.to_string(), hidden: true, ..Row::default() }
    }

    #[test]
    fn the_alternative_tells_every_value_and_the_extremes() {
        let rows = [row("A", 66.0), row("B", 14.0), hidden("C"), row("D", 20.0)];
        assert_eq!(
            alternative("Barres", "Thèmes, n = 9", &rows),
            "Barres. Thèmes, n = 9. Le plus haut : A, 66\u{202F}% ; le plus bas : B, \
             14\u{202F}%. Toutes les valeurs : A 66\u{202F}%, B 14\u{202F}%, C non diffusé et D \
             20\u{202F}%."
        );
        assert_eq!(alternative("Barres", "X", &[]), "Barres. X : aucune donnée.");
    }

    #[test]
    fn what_is_left_comes_last() {
        let mut rows = vec![row("a", 10.0), row("autre", 90.0), row("b", 30.0)];
        rows[1].residual = true;
        sort(&mut rows);
        let labels: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, ["b", "a", "autre"]);
        assert_eq!(leader(&rows), Some(0));
        rows.push(row("c", 30.0));
        assert_eq!(leader(&rows), None);
    }

    #[test]
    fn a_hidden_row_leaves_no_number_in_the_table() {
        let secret =
            Row { count: Some(2), base: Some(3), interval: Some((1.0, 9.0)), ..hidden("X") };
        assert_eq!(table(&[secret])[1], ["X", "", "", "", "", "", HIDDEN]);
    }
}
