//! The page on the quality of the response.

use super::content::Writer;
use super::data::{ComparisonData, QualityData};
use super::pictures::NamedPicture;
use super::polish::drawable;
use crate::charts::{self, FULL_WIDTH, Row, Sizes, bars};
use crate::quality::{Class, Comparison, ItemResponse, Rate};
use crate::typography::{counted, decimal, integer, percent};

/// The words for what disclosure control hides.
const HIDDEN: &str = "non diffusé";

impl Writer<'_> {
    /// How good the response is; none where there is no project.
    pub(super) fn quality(&mut self) -> Option<QualityData> {
        let quality = self.inputs.quality;
        let rate = quality.national.percent()?;
        let sentence = format!(
            "{} des {} du registre ont répondu au questionnaire, soit {}.",
            integer(quality.national.respondents as i64),
            counted(quality.national.projects, "projet"),
            percent(rate, 0)
        );
        let mut rows: Vec<Row> = quality.regions.iter().filter_map(row).collect();
        charts::sort_rows(&mut rows);
        let subject = format!("Taux de réponse par région. {}", sentence.trim_end_matches('.'));
        let chart = self.keep(NamedPicture {
            name: "taux-de-reponse".to_string(),
            title: title(&quality.regions),
            caption: "En % des projets du registre de chaque région.".to_string(),
            from_answers: true,
            reusable: true,
            picture: bars(&subject, &rows, Sizes::COMPACT, FULL_WIDTH),
        });
        Some(QualityData {
            sentence,
            chart,
            carriers: quality.carriers.iter().map(carrier).collect(),
            questions: quality.questions.iter().map(question).collect(),
            comparisons: quality.comparisons.iter().map(comparison).collect(),
        })
    }
}

/// What the chart of response rates shows: from which to which.
fn title(regions: &[Rate]) -> String {
    let rates = || regions.iter().filter_map(Rate::percent);
    let (low, high) = (rates().fold(f64::MAX, f64::min), rates().fold(f64::MIN, f64::max));
    match (percent(low, 0), percent(high, 0)) {
        _ if rates().count() < 2 => "Le taux de réponse par région".to_string(),
        (low, high) if low == high => format!("{high} de réponses dans toutes les régions"),
        (low, high) => format!("De {low} à {high} de réponses, selon la région"),
    }
}

/// A région of the chart: none where it has no project.
fn row(rate: &Rate) -> Option<Row> {
    let value = rate.percent()?;
    let (answered, asked) = (integer(rate.respondents as i64), integer(rate.projects as i64));
    Some(Row {
        label: drawable(&rate.name),
        value: Some(value),
        shown: format!("{} ({answered} sur {asked})", percent(value, 0)),
        count: Some(rate.respondents),
        base: Some(rate.projects),
        ..Row::default()
    })
}

fn carrier(rate: &Rate) -> [String; 4] {
    [
        rate.name.clone(),
        integer(rate.projects as i64),
        integer(rate.respondents as i64),
        rate.percent().map(|share| percent(share, 0)).unwrap_or_default(),
    ]
}

fn question(response: &ItemResponse) -> [String; 4] {
    if response.hidden {
        return [response.label.clone(), HIDDEN.into(), HIDDEN.into(), HIDDEN.into()];
    }
    [
        response.label.clone(),
        integer(response.asked as i64),
        integer(response.answered as i64),
        response.blank_percent().map(|share| percent(share, 1)).unwrap_or_default(),
    ]
}

fn comparison(comparison: &Comparison) -> ComparisonData {
    ComparisonData {
        title: comparison.label.clone(),
        lines: comparison.classes.iter().map(class).collect(),
    }
}

fn class(class: &Class) -> [String; 4] {
    let share = |share: Option<f64>| share.map(|share| percent(share, 1)).unwrap_or_default();
    let gap = class.gap().map(|gap| {
        let shown = decimal(gap, 1);
        let none = shown == decimal(0.0, 1);
        if gap > 0.0 && !none { format!("+{shown}") } else { shown }
    });
    [
        class.name.clone(),
        share(class.of_register()),
        share(class.of_answers()),
        gap.unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_has_its_sign() {
        let of = |projects, respondents| {
            class(&Class {
                name: "État".to_string(),
                projects,
                of_projects: 10,
                respondents,
                of_respondents: 8,
            })
        };
        assert_eq!(of(5, 5), ["État", "50,0\u{202F}%", "62,5\u{202F}%", "+12,5"]);
        assert_eq!(of(5, 3)[3], "−12,5");
        assert_eq!(of(5, 4)[3], "0,0");
    }

    #[test]
    fn a_hidden_question_tells_no_count() {
        let response = ItemResponse {
            id: "q".to_string(),
            label: "Question".to_string(),
            hidden: true,
            asked: 3,
            answered: 2,
            unrecognised: 1,
        };
        assert_eq!(question(&response), ["Question", HIDDEN, HIDDEN, HIDDEN]);
    }
}
