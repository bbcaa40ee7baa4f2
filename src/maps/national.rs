//! The country, one disc a région, with the régions overseas in insets.

use super::colour;
use super::labels::Labels;
use super::projection::{Frame, Projection, centroid};
use crate::charts::canvas::{
    Anchor, Area, Canvas, Colour, Picture, TextStyle, draw, palette, wrap_evenly,
};
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
const HEIGHT: f64 = 522.0;
/// Metropolitan France: left, top, width, height.
const MAINLAND: (f64, f64, f64, f64) = (20.0, 2.0, 442.0, 420.0);
/// The insets stand in a row at the foot.
const INSET: f64 = 62.0;
const INSET_WIDTH: f64 = 92.0;
const INSET_STEP: f64 = 97.0;
const INSET_TOP: f64 = 426.0;
/// The size of the names.
const NAME: f64 = 8.0;

/// The territories overseas, in the order of their insets, with the codes that
/// share one.
const OVERSEAS: [(&str, &[&str]); 5] = [
    ("Guadeloupe et Saint-Martin", &["01", "978"]),
    ("Martinique", &["02"]),
    ("Guyane", &["03"]),
    ("La Réunion", &["04"]),
    ("Mayotte", &["06"]),
];

/// Draws the number of projects of each région as a disc whose area is
/// proportional to it, coloured by who runs its call; each has its name, and
/// « État » under it where the State does.
pub fn national(geography: &Geography, territories: &[Territory]) -> Picture {
    draw(WIDTH, HEIGHT, alternative(territories), |canvas| {
        mainland(canvas, geography, territories);
        for (rank, (name, codes)) in OVERSEAS.iter().enumerate() {
            let left = rank as f64 * INSET_STEP;
            inset(canvas, geography, territories, name, codes, left);
        }
    })
    .with_table(table(territories))
}

/// Draws the land and the discs of the country in the tones of a cover, without
/// a word: it decorates. The territories overseas stand in a column off the west
/// coast.
pub fn ornament(geography: &Geography, territories: &[Territory]) -> Picture {
    const LAND: Colour = Colour(0x1E, 0x41, 0x6A);
    const HEIGHT: f64 = 472.0;
    /// The islands: the side of their squares, and where they stand.
    const ISLAND: f64 = 44.0;
    const ISLANDS_TOP: f64 = 206.0;
    const ISLANDS_STEP: f64 = 54.0;
    draw(WIDTH, HEIGHT, String::new(), |canvas| {
        let outlines = mainland_outlines(geography);
        let rings = outlines.iter().flat_map(|outline| &outline.rings);
        let paper = (2.0, 2.0, WIDTH - 4.0, HEIGHT - 4.0);
        let frame = Frame::fit(Projection::Lambert93, rings, paper);
        for ring in outlines.iter().flat_map(|outline| &outline.rings) {
            canvas.polygon(&frame.ring(ring), LAND, palette::NAVY, 1.0);
        }
        for outline in &outlines {
            if let Some(territory) = territory_of(territories, &outline.code) {
                let (x, y) = heart(&frame, outline);
                spot(canvas, x, y, territory);
            }
        }
        for (rank, (_, codes)) in OVERSEAS.iter().enumerate() {
            let top = ISLANDS_TOP + rank as f64 * ISLANDS_STEP;
            let of = |code: &&str| geography.regions.iter().find(|region| region.code == **code);
            let Some(outline) = codes.first().and_then(of) else { continue };
            let place = (0.0, top, ISLAND, ISLAND);
            let frame = Frame::fit(local(outline), outline.rings.iter(), place);
            for ring in &outline.rings {
                canvas.polygon(&frame.ring(ring), LAND, palette::NAVY, 1.0);
            }
            if let Some(territory) = codes.iter().find_map(|code| territory_of(territories, code)) {
                spot(canvas, ISLAND / 2.0, top + ISLAND / 2.0, territory);
            }
        }
    })
}

/// The disc of a territory on a cover.
fn spot(canvas: &Canvas<'_>, x: f64, y: f64, territory: &Territory) {
    let colour = match territory.carrier {
        Carrier::State => palette::ORANGE,
        _ => palette::SKY,
    };
    canvas.disc(x, y, radius(territory) * 1.1, colour);
}

fn mainland_outlines(geography: &Geography) -> Vec<&Outline> {
    let overseas = |code: &str| OVERSEAS.iter().any(|(_, codes)| codes.contains(&code));
    geography.regions.iter().filter(|region| !overseas(&region.code)).collect()
}

fn mainland(canvas: &Canvas<'_>, geography: &Geography, territories: &[Territory]) {
    let outlines = mainland_outlines(geography);
    let rings = outlines.iter().flat_map(|outline| &outline.rings);
    let frame = Frame::fit(Projection::Lambert93, rings, MAINLAND);
    for outline in &outlines {
        paint(canvas, &frame, outline, territory_of(territories, &outline.code));
    }
    let (left, top, width, height) = MAINLAND;
    let paper = Area { left, top, right: left + width, bottom: top + height };
    let mut labels = Labels::new(paper);
    let hearts: Vec<((f64, f64), &Territory)> = outlines
        .iter()
        .filter_map(|outline| {
            Some((heart(&frame, outline), territory_of(territories, &outline.code)?))
        })
        .collect();
    for (at, territory) in &hearts {
        labels.keep_off(*at, radius(territory) + 1.0);
        badge(canvas, at.0, at.1, territory);
    }
    for (at, territory) in hearts {
        let lines = name_lines(territory, 86.0);
        let style = TextStyle::new(NAME);
        labels.write_block(canvas, at, radius(territory) + 2.0, &lines, style);
    }
}

/// The name of a territory, and who runs its call where it is the State.
fn name_lines(territory: &Territory, width: f64) -> Vec<String> {
    let mut lines = wrap_evenly(&territory.name, width, TextStyle::new(NAME));
    lines.extend((territory.carrier == Carrier::State).then(|| "(État)".to_string()));
    lines
}

/// An inset: the outline at its own scale, its disc, its name.
fn inset(
    canvas: &Canvas<'_>,
    geography: &Geography,
    territories: &[Territory],
    name: &str,
    codes: &[&str],
    left: f64,
) {
    let middle = left + INSET_WIDTH / 2.0;
    let outlines: Vec<&Outline> =
        geography.regions.iter().filter(|region| codes.contains(&region.code.as_str())).collect();
    let territory = codes.iter().find_map(|code| territory_of(territories, code));
    for (rank, outline) in outlines.iter().enumerate() {
        let frame = inset_frame(outline, rank, outlines.len(), left);
        paint(canvas, &frame, outline, territory);
    }
    let (lines, ink) = match territory {
        Some(territory) => (name_lines(territory, INSET_WIDTH), palette::NAVY),
        None => {
            let mut lines = wrap_evenly(name, INSET_WIDTH, TextStyle::new(NAME));
            lines.push("aucun projet".to_string());
            (lines, palette::GREY)
        }
    };
    if let Some(territory) = territory {
        badge(canvas, middle, INSET_TOP + INSET / 2.0, territory);
    }
    let style = TextStyle::new(NAME).colour(ink).anchor(Anchor::Middle);
    let leading = NAME * 1.16;
    let below = INSET_TOP + INSET + 4.0 + leading * lines.len() as f64 / 2.0;
    canvas.lines(middle, below, &lines, leading, style);
}

/// A plane that touches the earth at a territory.
fn local(outline: &Outline) -> Projection {
    let latitudes = outline.rings.iter().flatten().map(|point| point.1);
    let (sum, count) = latitudes.fold((0.0, 0.0), |(sum, count), y| (sum + y, count + 1.0));
    Projection::Local { latitude: sum / f64::max(count, 1.0) }
}

/// Each part of an inset at its own scale: a small island beside a large one
/// would be a dot. The parts stand side by side, the first one the largest.
fn inset_frame(outline: &Outline, rank: usize, parts: usize, start: f64) -> Frame {
    let projection = local(outline);
    let (left, top, width, height) = match (rank, parts) {
        (_, 0 | 1) => (start + (INSET_WIDTH - INSET) / 2.0, INSET_TOP, INSET, INSET),
        (0, _) => (start, INSET_TOP, 66.0, INSET),
        (rank, parts) => {
            let room = (INSET_WIDTH - 70.0) / (parts - 1) as f64;
            (start + 70.0 + room * (rank - 1) as f64, INSET_TOP + 4.0, room, room)
        }
    };
    Frame::fit(projection, outline.rings.iter(), (left, top, width, height))
}

fn paint(canvas: &Canvas<'_>, frame: &Frame, outline: &Outline, territory: Option<&Territory>) {
    let fill = territory.map_or(palette::LIGHT, |territory| tint(territory.carrier));
    for ring in &outline.rings {
        canvas.polygon(&frame.ring(ring), fill, palette::PAPER, 0.8);
    }
}

/// The radius of the disc of a territory: its area is proportional to the
/// number of projects, down to a disc that its number can stand in.
fn radius(territory: &Territory) -> f64 {
    ((territory.projects as f64).sqrt() * 4.4).max(6.5)
}

/// A disc whose area grows with the number of projects, and the number.
fn badge(canvas: &Canvas<'_>, x: f64, y: f64, territory: &Territory) {
    let radius = radius(territory);
    canvas.disc(x, y, radius + 1.2, palette::PAPER);
    canvas.disc(x, y, radius, colour(territory.carrier));
    let size = (radius * 0.95).clamp(7.5, 15.0);
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
    ) + &extremes(territories)
}

/// « Le plus : Occitanie, 48 ; le moins : Corse, 2. »
fn extremes(territories: &[Territory]) -> String {
    let most = territories.iter().max_by_key(|territory| territory.projects);
    let least = territories.iter().min_by_key(|territory| territory.projects);
    match (most, least) {
        (Some(most), Some(least)) if most.projects > least.projects => format!(
            " Le plus : {}, {} ; le moins : {}, {}.",
            most.name, most.projects, least.name, least.projects
        ),
        _ => String::new(),
    }
}

/// The numbers of the map, titles first.
fn table(territories: &[Territory]) -> Vec<Vec<String>> {
    let line = |territory: &Territory| {
        vec![
            territory.name.clone(),
            territory.codes.join(" "),
            territory.projects.to_string(),
            territory.carrier.label().to_string(),
        ]
    };
    let titles = ["region", "codes", "projets", "porteur"].map(str::to_string).to_vec();
    std::iter::once(titles).chain(territories.iter().map(line)).collect()
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
             Corse 2 et Mayotte 3. Le plus : Bretagne, 18 ; le moins : Corse, 2."
        );
        picture.assert_tidy();
        for number in [">18<", ">2<", ">3<"] {
            assert!(picture.svg.contains(number), "{number}");
        }
    }
}
