//! Horizontal bars with their values at the end, for the options of a
//! question.

use super::canvas::{Picture, TextStyle, draw, palette, text_width, wrap};
use crate::typography;

/// A bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub label: String,
    /// Out of 100.
    pub value: f64,
    /// The value as printed: `66 %`.
    pub shown: String,
}

const TEXT: f64 = 9.0;
const LEADING: f64 = 11.0;
const THICKNESS: f64 = 13.0;
const GAP: f64 = 7.0;
const LABEL_GUTTER: f64 = 8.0;
const VALUE_GUTTER: f64 = 5.0;

/// Draws bars, the first one on top. `subject` says what is compared and on
/// which base, for the text alternative.
pub fn bars(subject: &str, rows: &[Bar], width: f64) -> Picture {
    let style = TextStyle::new(TEXT);
    let label_width = width * 0.44;
    let labels: Vec<Vec<String>> =
        rows.iter().map(|row| wrap(&row.label, label_width - LABEL_GUTTER, style)).collect();
    let heights: Vec<f64> =
        labels.iter().map(|lines| (lines.len() as f64 * LEADING).max(THICKNESS) + GAP).collect();
    let widest = rows.iter().map(|row| text_width(&row.shown, style.bold())).fold(0.0, f64::max);
    let track = width - label_width - widest - VALUE_GUTTER - 2.0;
    let scale = track / rows.iter().map(|row| row.value).fold(100.0, f64::max);
    let height = heights.iter().sum::<f64>().max(GAP);
    draw(width, height, alternative(subject, rows), |canvas| {
        let mut top = 0.0;
        for ((row, lines), height) in rows.iter().zip(&labels).zip(&heights) {
            let middle = top + height / 2.0;
            let length = (row.value.max(0.0) * scale).max(0.75);
            canvas.lines(0.0, middle, lines, LEADING, style);
            let bar = (label_width, middle - THICKNESS / 2.0);
            canvas.rectangle(bar.0, bar.1, track, THICKNESS, palette::LIGHT);
            canvas.rectangle(bar.0, bar.1, length, THICKNESS, palette::NAVY);
            let at = label_width + track + VALUE_GUTTER;
            canvas.text(at, middle, &row.shown, style.bold());
            top += height;
        }
    })
}

/// « Diagramme en barres. Thématiques : Insertion 66 %, Numérique 55 %. »
fn alternative(subject: &str, rows: &[Bar]) -> String {
    let values: Vec<String> =
        rows.iter().map(|row| format!("{} {}", row.label, row.shown)).collect();
    match values.as_slice() {
        [] => format!("{subject} : aucune donnée."),
        values => format!("Diagramme en barres. {subject} : {}.", typography::list(values)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::FULL_WIDTH;

    fn bar(label: &str, value: f64) -> Bar {
        Bar { label: label.to_string(), value, shown: typography::percent(value, 0) }
    }

    #[test]
    fn the_alternative_gives_every_value() {
        let picture = bars("Thèmes", &[bar("Insertion", 66.0), bar("Numérique", 55.0)], FULL_WIDTH);
        assert_eq!(
            picture.alternative,
            "Diagramme en barres. Thèmes : Insertion 66\u{202F}% et Numérique 55\u{202F}%."
        );
        assert!(picture.svg.contains("Insertion"));
    }

    #[test]
    fn nothing_to_draw_is_said() {
        let picture = bars("Thèmes", &[], FULL_WIDTH);
        assert_eq!(picture.alternative, "Thèmes : aucune donnée.");
        assert!(picture.height > 0.0);
    }

    #[test]
    fn long_labels_make_room_for_themselves() {
        let short = bars("x", &[bar("a", 1.0)], 200.0).height;
        let long = bars("x", &[bar(&"très long libellé ".repeat(20), 1.0)], 200.0).height;
        assert!(long > 5.0 * short);
    }
}
