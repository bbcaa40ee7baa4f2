//! Two years on one scale: a hollow disc and a full one a line, and the
//! interval of their difference.

use super::canvas::{Anchor, Canvas, Picture, TextStyle, draw, palette, text_width};
use super::ladder::{LEADING, Ladder, RADIUS, Rung, TEXT};
use crate::typography::list;

const COLUMN: f64 = 44.0;

/// A share of two years.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The question it belongs to; lines of one question stand together.
    pub group: String,
    pub label: String,
    /// The earlier year and the later one, from 0 to 100.
    pub values: [f64; 2],
    pub shown: [String; 2],
    /// That of the difference, in points.
    pub interval: Option<(f64, f64)>,
    pub change_shown: String,
    /// Whether the difference is more than noise.
    pub beyond: bool,
}

impl Rung for Changed {
    fn group(&self) -> &str {
        &self.group
    }

    fn label(&self) -> &str {
        &self.label
    }
}

/// Draws shares of two years on a scale of 0 to 100.
pub fn change(years: &[String; 2], lines: &[Changed], width: f64) -> Picture {
    let left = width * 0.34;
    let ladder = Ladder::new(lines, left, width - left - 3.0 * COLUMN - 10.0).airy();
    let plan = Plan { ladder, width };
    draw(width, plan.ladder.height(), alternative(years, lines, &plan.ladder), |canvas| {
        plan.head(canvas, years);
        plan.ladder.lines(canvas, |line, middle| plan.line(canvas, line, middle));
    })
    .with_table(table(lines))
}

/// Where all stands.
struct Plan<'a> {
    ladder: Ladder<'a, Changed>,
    width: f64,
}

impl Plan<'_> {
    /// The right edges of the columns of values.
    fn columns(&self) -> [f64; 3] {
        [2.0, 1.0, 0.0].map(|rank| self.width - rank * COLUMN)
    }

    fn head(&self, canvas: &Canvas<'_>, years: &[String; 2]) {
        self.ladder.scale(canvas);
        let style = TextStyle::new(TEXT).bold().anchor(Anchor::End);
        let middle = LEADING + 1.0;
        let [before, after, gap] = self.columns();
        let [earlier, later] = years;
        canvas.text(before, middle, earlier, style.colour(palette::GREY));
        hollow(canvas, before - text_width(earlier, style) - 6.0, middle);
        canvas.text(after, middle, later, style.colour(palette::NAVY));
        canvas.disc(after - text_width(later, style) - 6.0, middle, RADIUS, palette::NAVY);
        canvas.text(gap, middle, "écart", style);
    }

    fn line(&self, canvas: &Canvas<'_>, line: &Changed, middle: f64) {
        let style = TextStyle::new(TEXT).anchor(Anchor::End);
        let [before, after] = line.values;
        if let Some((low, high)) = line.interval {
            let (low, high) = (self.ladder.at(before + low), self.ladder.at(before + high));
            canvas.rectangle(low, middle - 4.5, high - low, 9.0, palette::SKY);
        }
        canvas.line(
            (self.ladder.at(before), middle),
            (self.ladder.at(after), middle),
            1.0,
            palette::MIST,
        );
        hollow(canvas, self.ladder.at(before), middle);
        canvas.disc(self.ladder.at(after), middle, RADIUS, palette::NAVY);
        let [first, second, gap] = self.columns();
        let [earlier, later] = &line.shown;
        canvas.text(first, middle, earlier, style.colour(palette::GREY));
        canvas.text(second, middle, later, style.colour(palette::NAVY));
        let style = if line.beyond { style.bold() } else { style.colour(palette::GREY) };
        canvas.text(gap, middle, &line.change_shown, style);
    }
}

fn hollow(canvas: &Canvas<'_>, x: f64, y: f64) {
    canvas.disc(x, y, RADIUS, palette::GREY);
    canvas.disc(x, y, RADIUS - 1.2, palette::PAPER);
}

fn alternative(years: &[String; 2], lines: &[Changed], ladder: &Ladder<'_, Changed>) -> String {
    let [before, after] = years;
    let mut text = format!(
        "Points de {before} et de {after} sur la même échelle, avec la bande d’incertitude de l’écart."
    );
    let beyond: Vec<&str> =
        lines.iter().filter(|line| line.beyond).map(|line| line.label.as_str()).collect();
    match beyond.as_slice() {
        [] => text.push_str(" Aucun écart ne dépasse le hasard."),
        beyond => text.push_str(&format!(" Dépassent le hasard : {}.", list(beyond))),
    }
    text + &ladder.told(|line| {
        let [first, second] = &line.shown;
        format!("{} {first}, puis {second} ({})", line.label, line.change_shown)
    })
}

fn table(lines: &[Changed]) -> Vec<Vec<String>> {
    let titles = ["question", "modalite", "avant", "apres", "borne_basse", "borne_haute", "bruit"];
    let line = |line: &Changed| {
        let bound = |bound: Option<f64>| bound.map(|b| format!("{b:.4}")).unwrap_or_default();
        let [before, after] = line.values;
        vec![
            line.group.clone(),
            line.label.clone(),
            format!("{before:.4}"),
            format!("{after:.4}"),
            bound(line.interval.map(|(low, _)| low)),
            bound(line.interval.map(|(_, high)| high)),
            if line.beyond { "hors-du-bruit" } else { "dans-le-bruit" }.to_string(),
        ]
    };
    std::iter::once(titles.map(str::to_string).to_vec()).chain(lines.iter().map(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(label: &str, values: [f64; 2], beyond: bool) -> Changed {
        let shown = values.map(|value| crate::typography::percent(value, 0));
        Changed {
            group: "Thèmes".to_string(),
            label: label.to_string(),
            interval: Some((values[1] - values[0] - 4.0, values[1] - values[0] + 4.0)),
            change_shown: format!("{:+}", values[1] - values[0]),
            values,
            shown,
            beyond,
        }
    }

    #[test]
    fn the_alternative_tells_both_years_and_what_is_more_than_noise() {
        let years = ["2024", "2025"].map(str::to_string);
        let lines = [changed("Fablab", [10.0, 30.0], true), changed("Média", [0.0, 1.0], false)];
        let picture = change(&years, &lines, 482.0);
        assert_eq!(
            picture.alternative,
            "Points de 2024 et de 2025 sur la même échelle, avec la bande d’incertitude de l’écart. Dépassent \
             le hasard : Fablab. Thèmes : Fablab 10\u{202F}%, puis 30\u{202F}% (+20) ; Média \
             0\u{202F}%, puis 1\u{202F}% (+1)."
        );
        picture.assert_tidy();
        let long = [changed(&"Une modalité fort longue ".repeat(6), [0.0, 100.0], true)];
        change(&years, &long, 482.0).assert_tidy();
    }
}
