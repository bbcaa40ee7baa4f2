//! The profile of a région against the national figure: two marks a line, on
//! one scale.

use super::canvas::{Anchor, Canvas, Colour, Picture, TextStyle, draw, palette, text_width, wrap};
use super::row::{HIDDEN, Row};

const TEXT: f64 = 8.0;
const LEADING: f64 = 9.5;
const LINE: f64 = 13.5;
const HEADING: f64 = 17.0;
/// The names of the columns and the scale.
const HEAD: f64 = 37.0;
const COLUMN: f64 = 54.0;
const RADIUS: f64 = 3.0;

/// A figure of a région beside the national one.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The question it belongs to; lines of one question stand together.
    pub group: String,
    /// The région's; its label is the line's.
    pub own: Row,
    pub national: Row,
}

/// Draws the figures of a région and the national ones on a scale of 0 to 100.
pub fn profile(name: &str, base: &str, lines: &[Compared], colour: Colour, width: f64) -> Picture {
    let style = TextStyle::new(TEXT);
    let label_width = width * 0.36;
    let labels: Vec<Vec<String>> =
        lines.iter().map(|line| wrap(&line.own.label, label_width - 18.0, style)).collect();
    let plan = Plan { left: label_width, track: width - label_width - 2.0 * COLUMN - 10.0, colour };
    let height = HEAD + height(lines, &labels);
    draw(width, height, alternative(name, base, lines), |canvas| {
        plan.head(canvas, name, width, height);
        let mut top = HEAD;
        let mut group = None;
        for (line, label) in lines.iter().zip(&labels) {
            if group != Some(&line.group) {
                group = Some(&line.group);
                canvas.text(0.0, top + HEADING / 2.0 + 1.5, &line.group, style.bold());
                top += HEADING;
            }
            let tall = line_height(label);
            canvas.lines(10.0, top + tall / 2.0, label, LEADING, style);
            plan.line(canvas, line, top + tall / 2.0, width);
            top += tall;
        }
    })
    .with_table(table(lines))
}

fn line_height(label: &[String]) -> f64 {
    (label.len() as f64 * LEADING + 3.5).max(LINE)
}

fn height(lines: &[Compared], labels: &[Vec<String>]) -> f64 {
    let mut groups: Vec<&str> = lines.iter().map(|line| line.group.as_str()).collect();
    groups.dedup();
    let tall: f64 = labels.iter().map(|label| line_height(label)).sum();
    tall + groups.len() as f64 * HEADING + 4.0
}

/// Where the scale stands.
struct Plan {
    left: f64,
    track: f64,
    colour: Colour,
}

impl Plan {
    fn at(&self, share: f64) -> f64 {
        self.left + self.track * share / 100.0
    }

    /// The scale, and above the columns of values who they are of, with the
    /// mark that stands for each.
    fn head(&self, canvas: &Canvas<'_>, name: &str, width: f64, bottom: f64) {
        let ticks = TextStyle::new(6.5).colour(palette::GREY).anchor(Anchor::Middle);
        for step in 0..=4 {
            let x = self.at(f64::from(step) * 25.0);
            canvas.line((x, HEAD - 2.0), (x, bottom), 0.5, palette::LIGHT);
            canvas.text(x, HEAD - 7.0, &format!("{}\u{202F}%", step * 25), ticks);
        }
        let style = TextStyle::new(TEXT).bold().anchor(Anchor::End);
        let (own, middle) = (width - COLUMN, LEADING + 1.0);
        let wrapped = wrap(name, COLUMN + 60.0, style);
        let shown: Vec<String> = wrapped.into_iter().take(2).collect();
        canvas.lines(own, middle, &shown, LEADING, style.colour(self.colour));
        let widest = shown.iter().map(|line| text_width(line, style)).fold(0.0, f64::max);
        canvas.disc(own - widest - 8.0, middle, RADIUS, self.colour);
        let style = style.colour(palette::GREY);
        canvas.text(width, middle, "France", style);
        let beside = width - text_width("France", style) - 5.0;
        canvas.line((beside, middle - 5.0), (beside, middle + 5.0), 1.6, palette::GREY);
    }

    fn line(&self, canvas: &Canvas<'_>, line: &Compared, middle: f64, width: f64) {
        let style = TextStyle::new(TEXT).anchor(Anchor::End);
        let (own, national) = (&line.own, &line.national);
        if let (Some(_), Some(_)) = (own.value, national.value) {
            let ends = (self.at(own.share()), self.at(national.share()));
            canvas.line((ends.0, middle), (ends.1, middle), 1.0, palette::MIST);
        }
        if let Some((low, high)) = own.whisker() {
            let (low, high) = (self.at(low), self.at(high));
            canvas.rectangle(low, middle - 3.0, high - low, 6.0, palette::SKY);
        }
        if national.value.is_some() {
            let x = self.at(national.share());
            canvas.line((x, middle - 5.0), (x, middle + 5.0), 1.6, palette::GREY);
        }
        if own.value.is_some() {
            canvas.disc(self.at(own.share()), middle, RADIUS + 0.8, palette::PAPER);
            canvas.disc(self.at(own.share()), middle, RADIUS, self.colour);
            canvas.text(width - COLUMN, middle, own.mark(), style.bold().colour(self.colour));
        } else {
            canvas.text(width - COLUMN, middle, own.mark(), style.colour(palette::GREY));
        }
        canvas.text(width, middle, national.mark(), style.colour(palette::GREY));
    }
}

fn alternative(name: &str, base: &str, lines: &[Compared]) -> String {
    if lines.is_empty() {
        return format!("Profil : {name}, sans réponse au questionnaire.");
    }
    let told = |line: &Compared| format!("{}, France {}", line.own.told(), line.national.mark());
    let mut text = format!("Profil en points : {name} et la France, sur la même échelle. {base}");
    let mut group = None;
    for line in lines {
        if group != Some(&line.group) {
            group = Some(&line.group);
            text.push_str(&format!(" {} :", line.group));
        }
        text.push_str(&format!(" {} ;", told(line)));
    }
    text.pop();
    text.truncate(text.trim_end().len());
    format!("{text}.{}", widest(lines))
}

/// « Le plus grand écart : Insertion, + 12 points. »
fn widest(lines: &[Compared]) -> String {
    let gap = |line: &Compared| Some(line.own.value? - line.national.value?);
    let found = lines
        .iter()
        .filter_map(|line| Some((gap(line)?, line)))
        .max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
    match found {
        Some((gap, line)) if gap.abs() >= 0.5 => format!(
            " Le plus grand écart : {}, {} {} points.",
            line.own.label,
            if gap < 0.0 { "−" } else { "+" },
            crate::typography::decimal(gap.abs(), 0)
        ),
        _ => String::new(),
    }
}

fn table(lines: &[Compared]) -> Vec<Vec<String>> {
    let titles = [
        "question",
        "modalite",
        "region",
        "base",
        "borne_basse",
        "borne_haute",
        "france",
        "diffusion",
    ];
    let number = |row: &Row| match row.value {
        Some(value) if !row.hidden => format!("{value:.4}"),
        _ => String::new(),
    };
    let line = |line: &Compared| {
        let base = line.own.base.filter(|_| !line.own.hidden);
        let interval = line.own.interval.filter(|_| !line.own.hidden);
        let bound = |bound: Option<f64>| bound.map(|b| format!("{b:.4}")).unwrap_or_default();
        vec![
            line.group.clone(),
            line.own.label.clone(),
            number(&line.own),
            base.map(|base| base.to_string()).unwrap_or_default(),
            bound(interval.map(|(low, _)| low)),
            bound(interval.map(|(_, high)| high)),
            number(&line.national),
            if line.own.hidden { HIDDEN } else { "" }.to_string(),
        ]
    };
    std::iter::once(titles.map(str::to_string).to_vec()).chain(lines.iter().map(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::{hidden, row};
    use super::*;

    fn compared(group: &str, own: Row, national: f64) -> Compared {
        let national = row(&own.label, national);
        Compared { group: group.to_string(), own, national }
    }

    #[test]
    fn the_alternative_sets_the_region_beside_the_country() {
        let lines = [
            compared("Thèmes", row("Insertion", 50.0), 66.0),
            compared("Thèmes", hidden("Fablab"), 40.0),
            compared("Publics", row("QPV", 48.0), 47.0),
        ];
        let picture = profile("Bretagne", "n = 16.", &lines, palette::NAVY, 482.0);
        assert_eq!(
            picture.alternative,
            "Profil en points : Bretagne et la France, sur la même échelle. n = 16. Thèmes : \
             Insertion 50\u{202F}%, France 66\u{202F}% ; Fablab non diffusé, France 40\u{202F}% ; \
             Publics : QPV 48\u{202F}%, France 47\u{202F}%. Le plus grand écart : Insertion, − 16 \
             points."
        );
        picture.assert_tidy();
    }

    #[test]
    fn long_names_and_labels_find_room() {
        let label = "Une modalité au libellé fort long ".repeat(5);
        let lines = [compared(&"Question ".repeat(9), row(&label, 0.0), 100.0)];
        let name = "Provence-Alpes-Côte d’Azur et autres territoires";
        profile(name, "", &lines, palette::NAVY, 482.0).assert_tidy();
        let none = profile("Corse", "", &[], palette::NAVY, 482.0);
        assert_eq!(none.alternative, "Profil : Corse, sans réponse au questionnaire.");
    }
}
