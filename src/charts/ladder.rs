//! Lines in groups on one scale of 0 to 100: what the profile of a région and
//! the change from year to year have in common.

use super::canvas::{Anchor, Canvas, TextStyle, palette, wrap};

/// The size of texts, in points.
pub const TEXT: f64 = 8.0;
pub const LEADING: f64 = 9.5;
/// The names of the columns and the scale.
pub const HEAD: f64 = 37.0;
/// The radius of a disc.
pub const RADIUS: f64 = 3.0;

/// The height of a line and of the name of a group.
const CLOSE: (f64, f64) = (13.5, 17.0);
/// The same, on pages that have nothing else.
const AIRY: (f64, f64) = (15.5, 21.0);

/// A line: the group it belongs to, and its label.
pub trait Rung {
    fn group(&self) -> &str;
    fn label(&self) -> &str;
}

/// Lines, those of one group together, and where their scale stands.
pub struct Ladder<'a, R> {
    rungs: &'a [R],
    labels: Vec<Vec<String>>,
    left: f64,
    track: f64,
    /// The height of a line and of the name of a group.
    rhythm: (f64, f64),
}

impl<'a, R: Rung> Ladder<'a, R> {
    /// Lines whose scale begins at `left` and is `track` long, in points.
    pub fn new(rungs: &'a [R], left: f64, track: f64) -> Self {
        let style = TextStyle::new(TEXT);
        let labels = rungs.iter().map(|rung| wrap(rung.label(), left - 18.0, style)).collect();
        Self { rungs, labels, left, track, rhythm: CLOSE }
    }

    /// The same with more air between the lines.
    pub fn airy(self) -> Self {
        Self { rhythm: AIRY, ..self }
    }

    fn line_height(&self, label: &[String]) -> f64 {
        let (line, _) = self.rhythm;
        (label.len() as f64 * LEADING + line - 10.0).max(line)
    }

    /// Where a share stands.
    pub fn at(&self, share: f64) -> f64 {
        self.left + self.track * share.clamp(0.0, 100.0) / 100.0
    }

    /// The height of the whole, the head included.
    pub fn height(&self) -> f64 {
        let mut groups: Vec<&str> = self.rungs.iter().map(Rung::group).collect();
        groups.dedup();
        let tall: f64 = self.labels.iter().map(|label| self.line_height(label)).sum();
        HEAD + tall + groups.len() as f64 * self.rhythm.1 + 4.0
    }

    /// Draws the scale.
    pub fn scale(&self, canvas: &Canvas<'_>) {
        let bottom = self.height();
        let ticks = TextStyle::new(6.5).colour(palette::GREY).anchor(Anchor::Middle);
        for step in 0..=4 {
            let x = self.at(f64::from(step) * 25.0);
            canvas.line((x, HEAD - 2.0), (x, bottom), 0.5, palette::LIGHT);
            canvas.text(x, HEAD - 7.0, &format!("{}\u{202F}%", step * 25), ticks);
        }
    }

    /// Draws the names of groups and the labels; `mark` draws the rest of a line
    /// around its middle.
    pub fn lines(&self, canvas: &Canvas<'_>, mark: impl Fn(&R, f64)) {
        let style = TextStyle::new(TEXT);
        let mut top = HEAD;
        let mut group = None;
        for (rung, label) in self.rungs.iter().zip(&self.labels) {
            if group != Some(rung.group()) {
                group = Some(rung.group());
                let (_, heading) = self.rhythm;
                canvas.text(0.0, top + heading / 2.0 + 1.5, rung.group(), style.bold());
                top += heading;
            }
            let middle = top + self.line_height(label) / 2.0;
            canvas.lines(10.0, middle, label, LEADING, style);
            mark(rung, middle);
            top += self.line_height(label);
        }
    }

    /// The lines in words: « Thèmes : Insertion 50 % ; Fablab 3 %. »; nothing
    /// where there is none.
    pub fn told(&self, told: impl Fn(&R) -> String) -> String {
        let mut text = String::new();
        let mut group = None;
        for rung in self.rungs {
            if group != Some(rung.group()) {
                group = Some(rung.group());
                text.push_str(&format!(" {} :", rung.group()));
            }
            text.push_str(&format!(" {} ;", told(rung)));
        }
        match text.strip_suffix(" ;") {
            Some(text) => format!("{text}."),
            None => text,
        }
    }
}
