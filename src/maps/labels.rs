//! Placing names on a map so that none stands on another.

use crate::charts::canvas::{Anchor, Area, Canvas, TextStyle, text_width};

/// How a name is attached to its point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offset {
    x: f64,
    y: f64,
    anchor: Anchor,
}

/// The names placed so far, on a piece of paper.
pub struct Labels {
    paper: Area,
    taken: Vec<Area>,
}

impl Labels {
    /// An empty map: names stay inside an area.
    pub fn new(paper: Area) -> Self {
        Self { paper, taken: Vec::new() }
    }

    /// Keeps names off a disc.
    pub fn keep_off(&mut self, (x, y): (f64, f64), radius: f64) {
        let area =
            Area { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
        self.taken.push(area);
    }

    /// Writes a name beside its point, at the first place around it that is
    /// free; at a free place further away, else not at all.
    pub fn write(
        &mut self,
        canvas: &Canvas<'_>,
        (x, y): (f64, f64),
        away: f64,
        text: &str,
        style: TextStyle,
    ) -> bool {
        for offset in around(away, style.size) {
            let style = style.anchor(offset.anchor);
            let at = (x + offset.x, y + offset.y);
            let area = Area::of_text(at.0, at.1, text, style);
            if self.is_free(&area) {
                canvas.text(at.0, at.1, text, style);
                self.taken.push(area);
                return true;
            }
        }
        false
    }

    /// Writes lines centred below a point, or above, or beside, at the first
    /// place that is free; below where none is.
    pub fn write_block(
        &mut self,
        canvas: &Canvas<'_>,
        (x, y): (f64, f64),
        away: f64,
        lines: &[String],
        style: TextStyle,
    ) {
        let leading = style.size * 1.16;
        let half = leading * lines.len() as f64 / 2.0;
        let widest = lines.iter().map(|line| text_width(line, style)).fold(0.0, f64::max) / 2.0;
        let places = [
            (x, y + away + half),
            (x, y - away - half),
            (x + away + widest + 2.0, y),
            (x - away - widest - 2.0, y),
            (x + away + widest, y + half),
            (x - away - widest, y + half),
        ];
        let area = |at: (f64, f64)| Area {
            left: at.0 - widest,
            top: at.1 - half,
            right: at.0 + widest,
            bottom: at.1 + half,
        };
        let free = places.into_iter().find(|at| self.is_free(&area(*at)));
        let at = free.unwrap_or(places[0]);
        canvas.lines(at.0, at.1, lines, leading, style.anchor(Anchor::Middle));
        self.taken.push(area(at));
    }

    fn is_free(&self, area: &Area) -> bool {
        self.paper.holds(area) && !self.taken.iter().any(|other| other.meets(area))
    }
}

/// The places around a point, the best first: right, left, above, below, then
/// the corners, then the same further away.
fn around(away: f64, size: f64) -> Vec<Offset> {
    let near = |away: f64| {
        let up = away + size * 0.55;
        [
            (away, 0.0, Anchor::Start),
            (-away, 0.0, Anchor::End),
            (0.0, -up, Anchor::Middle),
            (0.0, up, Anchor::Middle),
            (away * 0.8, -up, Anchor::Start),
            (away * 0.8, up, Anchor::Start),
            (-away * 0.8, -up, Anchor::End),
            (-away * 0.8, up, Anchor::End),
        ]
        .map(|(x, y, anchor)| Offset { x, y, anchor })
    };
    [near(away), near(away + size * 0.7), near(away + size * 1.6)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::draw;

    #[test]
    fn names_at_one_point_stand_around_it() {
        let paper = Area { left: 0.0, top: 0.0, right: 120.0, bottom: 120.0 };
        let mut written = 0;
        let picture = draw(120.0, 120.0, String::new(), |canvas| {
            let mut labels = Labels::new(paper);
            for _ in 0..30 {
                let style = TextStyle::new(6.5);
                written += usize::from(labels.write(canvas, (60.0, 60.0), 4.0, "Besançon", style));
            }
        });
        assert!((6..30).contains(&written), "{written}");
        picture.assert_tidy();
    }
}
