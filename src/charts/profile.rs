//! The profile of a région against the national figure: two marks a line, on
//! one scale.

use super::canvas::{Anchor, Canvas, Colour, Picture, TextStyle, draw, palette, text_width, wrap};
use super::ladder::{LEADING, Ladder, RADIUS, Rung, TEXT};
use super::row::{HIDDEN, Row};

const COLUMN: f64 = 54.0;

/// A figure of a région beside the national one.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The question it belongs to; lines of one question stand together.
    pub group: String,
    /// The région's; its label is the line's.
    pub own: Row,
    pub national: Row,
}

impl Rung for Compared {
    fn group(&self) -> &str {
        &self.group
    }

    fn label(&self) -> &str {
        &self.own.label
    }
}

/// Draws the figures of a région and the national ones on a scale of 0 to 100.
pub fn profile(name: &str, base: &str, lines: &[Compared], colour: Colour, width: f64) -> Picture {
    let left = width * 0.36;
    let ladder = Ladder::new(lines, left, width - left - 2.0 * COLUMN - 10.0);
    let plan = Plan { ladder, colour, width };
    let alternative = alternative(name, base, lines, &plan.ladder);
    draw(width, plan.ladder.height(), alternative, |canvas| {
        plan.head(canvas, name);
        plan.ladder.lines(canvas, |line, middle| plan.line(canvas, line, middle));
    })
    .with_table(table(lines))
}

/// Where all stands.
struct Plan<'a> {
    ladder: Ladder<'a, Compared>,
    colour: Colour,
    width: f64,
}

impl Plan<'_> {
    /// The scale, and above the columns of values who they are of, with the
    /// mark that stands for each.
    fn head(&self, canvas: &Canvas<'_>, name: &str) {
        self.ladder.scale(canvas);
        let width = self.width;
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

    fn line(&self, canvas: &Canvas<'_>, line: &Compared, middle: f64) {
        let width = self.width;
        let style = TextStyle::new(TEXT).anchor(Anchor::End);
        let (own, national) = (&line.own, &line.national);
        if let (Some(_), Some(_)) = (own.value, national.value) {
            let ends = (self.ladder.at(own.share()), self.ladder.at(national.share()));
            canvas.line((ends.0, middle), (ends.1, middle), 1.0, palette::MIST);
        }
        if let Some((low, high)) = own.whisker() {
            let (low, high) = (self.ladder.at(low), self.ladder.at(high));
            canvas.rectangle(low, middle - 3.0, high - low, 6.0, palette::SKY);
        }
        if national.value.is_some() {
            let x = self.ladder.at(national.share());
            canvas.line((x, middle - 5.0), (x, middle + 5.0), 1.6, palette::GREY);
        }
        if own.value.is_some() {
            canvas.disc(self.ladder.at(own.share()), middle, RADIUS + 0.8, palette::PAPER);
            canvas.disc(self.ladder.at(own.share()), middle, RADIUS, self.colour);
            canvas.text(width - COLUMN, middle, own.mark(), style.bold().colour(self.colour));
        } else {
            canvas.text(width - COLUMN, middle, own.mark(), style.colour(palette::GREY));
        }
        canvas.text(width, middle, national.mark(), style.colour(palette::GREY));
    }
}

fn alternative(
    name: &str,
    base: &str,
    lines: &[Compared],
    ladder: &Ladder<'_, Compared>,
) -> String {
    if lines.is_empty() {
        return format!("Profil : {name}, sans réponse au questionnaire.");
    }
    let told = |line: &Compared| format!("{}, France {}", line.own.told(), line.national.mark());
    let told = ladder.told(told);
    let scale = "sur la même échelle.";
    format!("Profil en points : {name} et la France, {scale} {base}{told}{}", widest(lines))
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
