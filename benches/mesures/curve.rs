//! Curves of growth, and their picture.

use std::path::Path;

use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};

/// The picture, in README.md.
const FILE: &str = "docs/croissance.svg";

/// How long a size takes.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    pub size: usize,
    /// In seconds.
    pub time: f64,
    /// In kilobytes, where it was measured.
    pub memory: Option<u64>,
}

/// Times as sizes grow.
#[derive(Debug)]
pub struct Curve {
    /// What grows.
    pub name: &'static str,
    pub points: Vec<Point>,
}

impl Curve {
    /// The slope of the least-squares line through the logarithms of sizes and
    /// times.
    pub fn exponent(&self) -> f64 {
        let logs: Vec<(f64, f64)> =
            self.points.iter().map(|it| ((it.size as f64).ln(), it.time.ln())).collect();
        let count = logs.len() as f64;
        let x = logs.iter().map(|it| it.0).sum::<f64>() / count;
        let y = logs.iter().map(|it| it.1).sum::<f64>() / count;
        let along: f64 = logs.iter().map(|it| (it.0 - x) * (it.1 - y)).sum();
        along / logs.iter().map(|it| (it.0 - x).powi(2)).sum::<f64>()
    }
}

/// Draws the curves side by side, both axes logarithmic.
pub fn draw(curves: &[Curve]) {
    let _ = register_font("sans-serif", FontStyle::Normal, notosans::REGULAR_TTF);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let area = SVGBackend::new(&file, (960, 320)).into_drawing_area();
    area.fill(&WHITE).expect("a picture");
    for (part, curve) in area.split_evenly((1, curves.len())).iter().zip(curves) {
        draw_one(part, curve);
    }
    area.present().expect("a picture");
}

fn draw_one(area: &DrawingArea<SVGBackend, plotters::coord::Shift>, curve: &Curve) {
    let (first, last) = (curve.points[0], curve.points[curve.points.len() - 1]);
    let sizes = (first.size as f64 / 2.0..last.size as f64 * 2.0).log_scale();
    let times = (first.time / 3.0..last.time * 3.0).log_scale();
    let mut chart = ChartBuilder::on(area)
        .caption(format!("{} (exponent {:.2})", curve.name, curve.exponent()), ("sans-serif", 13))
        .margin(12)
        .x_label_area_size(30)
        .y_label_area_size(52)
        .build_cartesian_2d(sizes, times)
        .expect("axes");
    let time = |time: &f64| crate::process::seconds(*time);
    chart.configure_mesh().x_labels(4).y_labels(5).y_label_formatter(&time).draw().expect("axes");
    let points = || curve.points.iter().map(|point| (point.size as f64, point.time));
    let blue = RGBColor(0, 72, 130);
    let line = PathElement::new(points().collect::<Vec<_>>(), blue.stroke_width(2));
    chart.draw_series([line]).expect("a line");
    let dots = points().map(|place| Circle::new(place, 4, blue.filled()));
    chart.draw_series(dots).expect("points");
}
