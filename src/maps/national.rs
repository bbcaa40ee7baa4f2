//! The country, one disc a région, with the regions overseas in insets.

use super::projection::{Frame, Projection, centroid};
use crate::charts::canvas::{Anchor, Canvas, Colour, Picture, TextStyle, draw, palette};
use crate::geography::{Geography, Outline};
use crate::register::Carrier;
use crate::typography::{counted, list};

/// What the map says of a région.
#[derive(Debug, Clone, PartialEq)]
pub struct Territory {
    pub name: String,
    /// The official codes of the territories it covers.
    pub codes: Vec<String>,
    pub projects: usize,
    pub carrier: Carrier,
}

const WIDTH: f64 = 482.0;
const HEIGHT: f64 = 470.0;
/// Metropolitan France: left, top, width, height.
const MAINLAND: (f64, f64, f64, f64) = (84.0, 4.0, 394.0, 460.0);
/// The insets stand in a column at the left.
const INSET: f64 = 64.0;
const INSET_STEP: f64 = 92.0;

/// The territories overseas, in the order of their insets, with the codes that
/// share one.
const OVERSEAS: [(&str, &[&str]); 5] = [
    ("Guadeloupe et Saint-Martin", &["01", "978"]),
    ("Martinique", &["02"]),
    ("Guyane", &["03"]),
    ("La Réunion", &["04"]),
    ("Mayotte", &["06"]),
];

/// Draws the number of projects of each région, coloured by who runs its call.
pub fn national(geography: &Geography, territories: &[Territory]) -> Picture {
    draw(WIDTH, HEIGHT, alternative(territories), |canvas| {
        mainland(canvas, geography, territories);
        for (rank, (name, codes)) in OVERSEAS.iter().enumerate() {
            let top = 4.0 + rank as f64 * INSET_STEP;
            inset(canvas, geography, territories, name, codes, top);
        }
    })
}

fn mainland(canvas: &Canvas<'_>, geography: &Geography, territories: &[Territory]) {
    let overseas = |code: &str| OVERSEAS.iter().any(|(_, codes)| codes.contains(&code));
    let outlines: Vec<&Outline> =
        geography.regions.iter().filter(|region| !overseas(&region.code)).collect();
    let rings = outlines.iter().flat_map(|outline| &outline.rings);
    let frame = Frame::fit(Projection::Lambert93, rings, MAINLAND);
    for outline in &outlines {
        paint(canvas, &frame, outline, territory_of(territories, &outline.code));
    }
    for outline in &outlines {
        if let Some(territory) = territory_of(territories, &outline.code) {
            let (x, y) = heart(&frame, outline);
            badge(canvas, x, y, territory);
        }
    }
}

/// An inset: the outline at its own scale, its name, its disc.
fn inset(
    canvas: &Canvas<'_>,
    geography: &Geography,
    territories: &[Territory],
    name: &str,
    codes: &[&str],
    top: f64,
) {
    let outlines: Vec<&Outline> =
        geography.regions.iter().filter(|region| codes.contains(&region.code.as_str())).collect();
    let territory = codes.iter().find_map(|code| territory_of(territories, code));
    let parts = outlines.len().max(1) as f64;
    let label = if territory.is_some() { palette::NAVY } else { palette::GREY };
    for (rank, outline) in outlines.iter().enumerate() {
        let frame = inset_frame(outline, rank as f64, parts, top);
        paint(canvas, &frame, outline, territory);
    }
    let words: Vec<String> = super::super::charts::canvas::wrap(name, 76.0, TextStyle::new(6.5));
    let below = top + INSET + 6.0;
    canvas.lines(0.0, below + 4.0, &words, 7.5, TextStyle::new(6.5).colour(label));
    if let Some(territory) = territory {
        badge(canvas, INSET - 6.0, top + INSET / 2.0, territory);
    }
}

/// Each part of an inset at its own scale: a small island beside a large one
/// would be a dot.
fn inset_frame(outline: &Outline, rank: f64, parts: f64, top: f64) -> Frame {
    let latitudes = outline.rings.iter().flatten().map(|point| point.1);
    let (sum, count) = latitudes.fold((0.0, 0.0), |(sum, count), y| (sum + y, count + 1.0));
    let projection = Projection::Local { latitude: sum / f64::max(count, 1.0) };
    let size = if rank == 0.0 { INSET - 8.0 } else { 14.0 };
    let left = if rank == 0.0 || parts < 2.0 { 0.0 } else { 2.0 };
    Frame::fit(projection, outline.rings.iter(), (left, top, size, size.min(INSET)))
}

fn paint(canvas: &Canvas<'_>, frame: &Frame, outline: &Outline, territory: Option<&Territory>) {
    let fill = territory.map_or(palette::LIGHT, |territory| tint(territory.carrier));
    for ring in &outline.rings {
        canvas.polygon(&frame.ring(ring), fill, palette::PAPER, 0.8);
    }
}

/// A disc whose area grows with the number of projects, and the number.
fn badge(canvas: &Canvas<'_>, x: f64, y: f64, territory: &Territory) {
    let radius = (territory.projects as f64).sqrt() * 3.4 + 3.2;
    canvas.disc(x, y, radius + 1.2, palette::PAPER);
    canvas.disc(x, y, radius, colour(territory.carrier));
    let size = (radius * 1.05).clamp(6.5, 15.0);
    let style = TextStyle::new(size).bold().colour(palette::PAPER).anchor(Anchor::Middle);
    canvas.text(x, y, &territory.projects.to_string(), style);
}

/// The centre of the largest part of a territory.
fn heart(frame: &Frame, outline: &Outline) -> (f64, f64) {
    let centres = outline.rings.iter().map(|ring| centroid(&frame.ring(ring)));
    centres.max_by(|a, b| a.0.total_cmp(&b.0)).map_or((0.0, 0.0), |(_, centre)| centre)
}

fn territory_of<'a>(territories: &'a [Territory], code: &str) -> Option<&'a Territory> {
    territories.iter().find(|territory| territory.codes.iter().any(|own| own == code))
}

/// The colour of the discs of a carrier.
fn colour(carrier: Carrier) -> Colour {
    match carrier {
        Carrier::Region => palette::NAVY,
        Carrier::State => palette::ORANGE,
        Carrier::Unknown => palette::GREY,
    }
}

/// The paler colour of the land of a carrier.
fn tint(carrier: Carrier) -> Colour {
    match carrier {
        Carrier::Region => Colour(0xC3, 0xD2, 0xE2),
        Carrier::State => Colour(0xF3, 0xD5, 0xBF),
        Carrier::Unknown => Colour(0xD2, 0xD6, 0xDB),
    }
}

fn alternative(territories: &[Territory]) -> String {
    let of = |carrier: Carrier| -> Vec<String> {
        territories
            .iter()
            .filter(|territory| territory.carrier == carrier)
            .map(|territory| format!("{} {}", territory.name, territory.projects))
            .collect()
    };
    let total: usize = territories.iter().map(|territory| territory.projects).sum();
    let sentences = [
        (Carrier::Region, "Appels à projets portés par la Région"),
        (Carrier::State, "Appels à projets portés par l’État"),
        (Carrier::Unknown, "Porteur non précisé"),
    ];
    let sentences: Vec<String> = sentences
        .into_iter()
        .map(|(carrier, title)| (title, of(carrier)))
        .filter(|(_, names)| !names.is_empty())
        .map(|(title, names)| format!("{title} : {}.", list(&names)))
        .collect();
    format!(
        "Carte de France du nombre de projets par région, {} au total. {}",
        counted(total, "projet"),
        sentences.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Assets;

    #[test]
    fn the_alternative_gives_every_number_and_who_runs_the_call() {
        let territory = |name: &str, code: &str, projects, carrier| Territory {
            name: name.to_string(),
            codes: vec![code.to_string()],
            projects,
            carrier,
        };
        let territories = [
            territory("Bretagne", "53", 18, Carrier::Region),
            territory("Corse", "94", 2, Carrier::State),
            territory("Mayotte", "06", 3, Carrier::State),
        ];
        let geography = Geography::load(&Assets::embedded()).unwrap();
        let picture = national(&geography, &territories);
        assert_eq!(
            picture.alternative,
            "Carte de France du nombre de projets par région, 23\u{A0}projets au total. Appels à \
             projets portés par la Région : Bretagne 18. Appels à projets portés par l’État : \
             Corse 2 et Mayotte 3."
        );
        for number in [">18<", ">2<", ">3<"] {
            assert!(picture.svg.contains(number), "{number}");
        }
    }
}
