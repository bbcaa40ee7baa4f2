//! The charts and maps of the documents, with their captions.

use super::data::Image;
use crate::charts::{Bar, FULL_WIDTH, HALF_WIDTH, Picture, bars, waffle};
use crate::edition::{Chart, ChartForm};
use crate::indicators::{Figure, Figures, Measure, show};
use crate::typography::{self, counted};

/// The folder of the pictures, in the work folder and in the output.
pub const FOLDER: &str = "graphiques";

/// A picture and the name of its file, without extension.
#[derive(Debug, Clone)]
pub struct NamedPicture {
    pub name: String,
    pub picture: Picture,
}

impl NamedPicture {
    /// The file, from the root of the output.
    pub fn file(&self) -> String {
        format!("{FOLDER}/{}.svg", self.name)
    }

    /// What a template needs to show it.
    pub fn image(&self, title: &str, caption: String, from_answers: bool) -> Image {
        Image {
            path: format!("/{}", self.file()),
            title: title.to_string(),
            caption,
            alternative: self.picture.alternative.clone(),
            width: self.picture.width,
            from_answers,
        }
    }
}

/// Draws a chart of a page; none where its subject has no figure.
pub fn chart(chart: &Chart, figures: &Figures) -> Option<(NamedPicture, Image)> {
    let shown: Vec<&Figure> = match chart.form {
        ChartForm::Bars => figures.of_question(&chart.subject.id).collect(),
        ChartForm::Waffle => figures.get(&chart.subject.id).into_iter().collect(),
    };
    let first = shown.first()?;
    let caption = caption(first);
    let picture = match chart.form {
        ChartForm::Bars => option_bars(chart, &shown),
        ChartForm::Waffle => share_waffle(first),
    };
    let named = NamedPicture { name: chart.subject.id.replace('.', "-"), picture };
    let image = named.image(&chart.title, caption, first.rests_on_answers());
    Some((named, image))
}

fn option_bars(chart: &Chart, figures: &[&Figure]) -> Picture {
    let mut rows: Vec<Bar> = figures
        .iter()
        .filter_map(|figure| {
            let value = figure.national.value?;
            let shown = show(value, &figure.definition);
            Some(Bar { label: figure.definition.label.clone(), value, shown })
        })
        .collect();
    if !is_ordered(figures) {
        rows.sort_by(|a, b| b.value.total_cmp(&a.value));
    }
    let base = figures.first().map(|figure| caption(figure)).unwrap_or_default();
    let subject = format!("{}. {}", chart.title, base.trim_end_matches('.'));
    bars(&subject, &rows, FULL_WIDTH)
}

/// Options that are classes of a number (ages, sizes) keep their order.
fn is_ordered(figures: &[&Figure]) -> bool {
    let begins_with_digit =
        |figure: &&Figure| figure.definition.label.starts_with(|c: char| c.is_ascii_digit());
    !figures.is_empty() && figures.iter().all(begins_with_digit)
}

fn share_waffle(figure: &Figure) -> Picture {
    let share = figure.national.value.unwrap_or(0.0);
    let shown = figure.shown().unwrap_or_default();
    let sentence = format!("{shown} {}. {}", figure.definition.label, caption(figure));
    waffle(&sentence, share, HALF_WIDTH)
}

/// The base of a figure, for captions and alternatives.
pub fn caption(figure: &Figure) -> String {
    let Some(base) = figure.national.base else { return String::new() };
    let respondents = counted(base, "répondant");
    match &figure.definition.measure {
        Measure::Share { .. } => format!("En % des {respondents} à la question."),
        _ => format!("Sur {respondents} à la question."),
    }
}

/// The base of a large figure: « n = 186 ».
pub fn base_note(figure: &Figure) -> String {
    match figure.national.base {
        Some(base) => format!("n = {}", typography::integer(base as i64)),
        None => String::new(),
    }
}
