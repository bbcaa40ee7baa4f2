//! From longitude and latitude to points on paper.
//!
//! Angles go through `libm`: a platform's own sine may differ in its last bit, and
//! maps are the same to the byte everywhere.

use libm::{cos, log, pow, sin, tan};

use crate::geography::{Point, Ring};

/// How the globe is laid flat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Projection {
    /// Lambert 93, the official projection of metropolitan France: conformal
    /// conic, parallels 44° and 49°, origin 46.5° N 3° E (spherical form,
    /// Snyder, *Map Projections*, 1987, eq. 15-1 to 15-3).
    Lambert93,
    /// Distances true at a latitude, for small islands.
    Local { latitude: f64 },
}

impl Projection {
    /// The plane coordinates of a point, in radians of the globe, y upwards.
    pub fn project(self, (longitude, latitude): Point) -> (f64, f64) {
        match self {
            Self::Lambert93 => lambert(longitude, latitude),
            Self::Local { latitude: parallel } => {
                (longitude.to_radians() * cos(parallel.to_radians()), latitude.to_radians())
            }
        }
    }
}

fn lambert(longitude: f64, latitude: f64) -> (f64, f64) {
    let (south, north) = (44.0_f64.to_radians(), 49.0_f64.to_radians());
    let stretch = |latitude: f64| tan(std::f64::consts::FRAC_PI_4 + latitude / 2.0);
    let n = log(cos(south) / cos(north)) / log(stretch(north) / stretch(south));
    let f = cos(south) * pow(stretch(south), n) / n;
    let rho = |latitude: f64| f / pow(stretch(latitude), n);
    let theta = n * (longitude - 3.0).to_radians();
    let radius = rho(latitude.to_radians());
    (radius * sin(theta), rho(46.5_f64.to_radians()) - radius * cos(theta))
}

/// Fits projected points into a box on paper, keeping their proportions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    projection: Projection,
    scale: f64,
    offset: (f64, f64),
}

impl Frame {
    /// A frame that shows rings as large as a box allows, centred in it. The
    /// box is given by its left, top, width and height, in points.
    pub fn fit<'a>(
        projection: Projection,
        rings: impl Iterator<Item = &'a Ring>,
        (left, top, width, height): (f64, f64, f64, f64),
    ) -> Self {
        let (low, high) = bounds(projection, rings);
        let span = ((high.0 - low.0).max(1e-9), (high.1 - low.1).max(1e-9));
        let scale = (width / span.0).min(height / span.1);
        let margin = ((width - span.0 * scale) / 2.0, (height - span.1 * scale) / 2.0);
        let offset = (left + margin.0 - low.0 * scale, top + margin.1 + high.1 * scale);
        Self { projection, scale, offset }
    }

    /// The height of rings for a width of one.
    pub fn slope<'a>(projection: Projection, rings: impl Iterator<Item = &'a Ring>) -> f64 {
        let (low, high) = bounds(projection, rings);
        (high.1 - low.1).max(1e-9) / (high.0 - low.0).max(1e-9)
    }

    /// Where a point falls on paper.
    pub fn place(&self, point: Point) -> (f64, f64) {
        let (x, y) = self.projection.project(point);
        (self.offset.0 + x * self.scale, self.offset.1 - y * self.scale)
    }

    /// Where a ring falls on paper.
    pub fn ring(&self, ring: &Ring) -> Vec<(f64, f64)> {
        ring.iter().map(|point| self.place(*point)).collect()
    }
}

/// The lower left and the upper right corner of projected rings.
fn bounds<'a>(
    projection: Projection,
    rings: impl Iterator<Item = &'a Ring>,
) -> ((f64, f64), (f64, f64)) {
    let empty = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
    rings.flatten().map(|point| projection.project(*point)).fold(empty, |(low, high), (x, y)| {
        ((low.0.min(x), low.1.min(y)), (high.0.max(x), high.1.max(y)))
    })
}

/// The area and the centre of gravity of a ring on paper (the shoelace
/// formula); the mean of its points where it has no area.
pub fn centroid(ring: &[(f64, f64)]) -> (f64, (f64, f64)) {
    let pairs = || ring.iter().zip(ring.iter().cycle().skip(1));
    let cross = |(a, b): (&(f64, f64), &(f64, f64))| a.0 * b.1 - b.0 * a.1;
    let doubled: f64 = pairs().map(cross).sum();
    if doubled.abs() < 1e-9 {
        let count = ring.len().max(1) as f64;
        let sum = ring.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
        return (0.0, (sum.0 / count, sum.1 / count));
    }
    let weigh = |of: fn(&(f64, f64)) -> f64| -> f64 {
        pairs().map(|(a, b)| (of(a) + of(b)) * cross((a, b))).sum::<f64>() / (3.0 * doubled)
    };
    (doubled.abs() / 2.0, (weigh(|point| point.0), weigh(|point| point.1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lambert_93_puts_its_origin_in_the_middle() {
        let (x, y) = Projection::Lambert93.project((3.0, 46.5));
        assert!(x.abs() < 1e-12 && y.abs() < 1e-12);
        let (brest, _) = Projection::Lambert93.project((-4.5, 48.4));
        let (strasbourg, _) = Projection::Lambert93.project((7.75, 48.58));
        assert!(brest < 0.0 && strasbourg > 0.0);
        // 900 km and a little as the crow flies, on a globe of 6,371 km.
        let distance = (strasbourg - brest) * 6371.0;
        assert!((890.0..920.0).contains(&distance), "{distance}");
    }

    #[test]
    fn a_frame_keeps_proportions_and_fits_the_box() {
        let ring: Ring = vec![(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)];
        let local = Projection::Local { latitude: 0.0 };
        let frame = Frame::fit(local, std::iter::once(&ring), (10.0, 20.0, 100.0, 100.0));
        let placed = frame.ring(&ring);
        assert!((placed[0].0 - 10.0).abs() < 1e-6 && (placed[1].0 - 110.0).abs() < 1e-6);
        assert!((placed[2].1 - 45.0).abs() < 1e-6 && (placed[0].1 - 95.0).abs() < 1e-6);
    }

    #[test]
    fn the_centre_of_a_square_is_its_middle() {
        let square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)];
        let (area, centre) = centroid(&square);
        assert!((area - 4.0).abs() < 1e-9);
        assert!((centre.0 - 1.0).abs() < 1e-9 && (centre.1 - 1.0).abs() < 1e-9);
    }
}
