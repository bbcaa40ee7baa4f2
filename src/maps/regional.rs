//! A région, its départements, their chefs-lieux, and the projects whose
//! commune is known.

use super::labels::Labels;
use super::projection::{Frame, Projection, centroid};
use crate::charts::canvas::{
    Anchor, Area, Canvas, Colour, Picture, TextStyle, draw, palette, text_width,
};
use crate::geography::{Department, Geography, Outline, Point, Ring};
use crate::typography::{counted, list};

const MARGIN: f64 = 10.0;
const DOT: f64 = 1.8;

/// How large a map is drawn: its texts keep their size, so that names can be
/// read on a small one and do not shout on a large one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    width: f64,
    /// At most.
    height: f64,
    /// The size of the names.
    label: f64,
    /// The size of the number of a project, and the radius of its disc.
    number: f64,
    disc: f64,
}

impl Size {
    /// Beside the facts box.
    pub const COLUMN: Self =
        Self { width: 266.0, height: 200.0, label: 8.0, number: 7.8, disc: 6.8 };
    /// Across the page, where little height is left.
    pub const LOW: Self = Self { width: 482.0, height: 215.0, label: 8.0, number: 8.0, disc: 7.2 };
    /// Across the page, and for re-use.
    pub const PAGE: Self = Self { width: 482.0, height: 345.0, label: 9.0, number: 9.0, disc: 8.2 };
}

/// The colour of the land.
const LAND: Colour = Colour(0xDD, 0xE5, 0xED);

/// A project that is put on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Its number in the list, as printed.
    pub number: String,
    /// Its identifier in the register.
    pub id: String,
    pub commune: String,
    pub at: Point,
}

/// Draws a région from the codes of the territories it covers, and projects at
/// their places in a colour.
pub fn regional(
    geography: &Geography,
    name: &str,
    codes: &[String],
    sites: &[Site],
    colour: Colour,
    size: Size,
) -> Picture {
    let outlines: Vec<&Outline> = geography
        .department_outlines
        .iter()
        .filter(|outline| codes.contains(&outline.region))
        .collect();
    let departments: Vec<&Department> =
        codes.iter().flat_map(|code| geography.departments_of(code)).collect();
    let groups = islands(&outlines);
    let wanted = groups.iter().enumerate().map(|(rank, group)| {
        let room = size.width * share(rank, groups.len()) - 2.0 * MARGIN;
        room * Frame::slope(projection(group), rings(group)) + 2.0 * MARGIN
    });
    let height = wanted.fold(40.0, f64::max).min(size.height);
    draw(size.width, height, alternative(name, &departments, sites), |canvas| {
        let mut left = 0.0;
        for (rank, group) in groups.iter().enumerate() {
            let share = size.width * share(rank, groups.len());
            if rank > 0 {
                // A part at a scale of its own is set apart.
                canvas.line((left, MARGIN), (left, height - MARGIN), 0.7, palette::MIST);
            }
            let area = Area { left, top: 0.0, right: left + share, bottom: height };
            let ink = Ink { colour, size, area };
            paint(canvas, group, &departments, sites, &ink);
            left += share;
        }
    })
    .with_table(table(sites))
}

/// The rings of outlines.
fn rings<'a>(outlines: &'a [&Outline]) -> impl Iterator<Item = &'a Ring> {
    outlines.iter().flat_map(|outline| &outline.rings)
}

/// How much of the width a group takes: the first one two thirds of it.
fn share(rank: usize, groups: usize) -> f64 {
    match (rank, groups) {
        (_, 0 | 1) => 1.0,
        (0, _) => 0.66,
        (_, groups) => 0.34 / (groups - 1) as f64,
    }
}

/// The outlines that are drawn at one scale: those of one official territory.
/// Saint-Martin, 250 km from Guadeloupe, has a frame of its own.
fn islands<'a>(outlines: &[&'a Outline]) -> Vec<Vec<&'a Outline>> {
    let mut groups: Vec<Vec<&Outline>> = Vec::new();
    for outline in outlines {
        match groups.iter_mut().find(|group| group.iter().any(|o| o.region == outline.region)) {
            Some(group) => group.push(outline),
            None => groups.push(vec![outline]),
        }
    }
    groups
}

/// How a group of outlines is drawn, and where.
struct Ink {
    colour: Colour,
    size: Size,
    area: Area,
}

fn paint(
    canvas: &Canvas<'_>,
    outlines: &[&Outline],
    departments: &[&Department],
    sites: &[Site],
    ink: &Ink,
) {
    let Ink { size, area, .. } = *ink;
    let inner = area.shrunk(MARGIN);
    let frame_area = (inner.left, inner.top, inner.right - inner.left, inner.bottom - inner.top);
    let frame = Frame::fit(projection(outlines), rings(outlines), frame_area);
    for ring in rings(outlines) {
        canvas.polygon(&frame.ring(ring), LAND, palette::PAPER, 0.9);
    }
    let mut labels = Labels::new(area.shrunk(0.5));
    let placed = spread(&frame, outlines, sites, size.disc);
    for (at, _) in &placed {
        labels.keep_off(*at, size.disc + 0.6);
    }
    let capitals = capitals(&frame, outlines, departments);
    for at in capitals.iter().filter_map(|capital| capital.at) {
        labels.keep_off(at, DOT);
        canvas.disc(at.0, at.1, DOT, palette::NAVY);
    }
    for (at, site) in &placed {
        disc(canvas, *at, site, ink);
    }
    for capital in capitals {
        capital.write(canvas, &mut labels, size.label);
    }
}

/// A project: its number on a disc.
fn disc(canvas: &Canvas<'_>, at: (f64, f64), site: &Site, ink: &Ink) {
    let Size { number, disc, .. } = ink.size;
    canvas.disc(at.0, at.1, disc + 0.9, palette::PAPER);
    canvas.disc(at.0, at.1, disc, ink.colour);
    let style = TextStyle::new(number).bold().colour(palette::PAPER).anchor(Anchor::Middle);
    if text_width(&site.number, style) <= 2.0 * disc {
        canvas.text(at.0, at.1, &site.number, style);
    }
}

/// Where the discs of the sites inside these outlines stand: at their communes,
/// or pushed aside where two would cover each other.
fn spread<'a>(
    frame: &Frame,
    outlines: &[&Outline],
    sites: &'a [Site],
    disc: f64,
) -> Vec<((f64, f64), &'a Site)> {
    let mut placed: Vec<((f64, f64), &Site)> = Vec::new();
    for site in sites.iter().filter(|site| is_near(outlines, site.at)) {
        let home = frame.place(site.at);
        let free = |at: &(f64, f64)| {
            let apart =
                |other: &(f64, f64)| libm::hypot(other.0 - at.0, other.1 - at.1) > 2.0 * disc + 1.2;
            placed.iter().all(|(other, _)| apart(other))
        };
        let around = (0..48).map(|step| {
            let (turn, ring) = (f64::from(step % 12) / 12.0, f64::from(step / 12 + 1));
            let angle = turn * std::f64::consts::TAU;
            let away = ring * (disc + 1.4);
            (home.0 + away * libm::cos(angle), home.1 + away * libm::sin(angle))
        });
        let at = std::iter::once(home).chain(around).find(free).unwrap_or(home);
        placed.push((at, site));
    }
    placed
}

/// Whether a point lies within the bounds of outlines, a little widened.
fn is_near(outlines: &[&Outline], (longitude, latitude): Point) -> bool {
    outlines.iter().any(|outline| {
        outline.rings.iter().any(|ring| {
            let bounds = ring.iter().fold(
                (f64::MAX, f64::MAX, f64::MIN, f64::MIN),
                |(west, south, east, north), (x, y)| {
                    (west.min(*x), south.min(*y), east.max(*x), north.max(*y))
                },
            );
            (bounds.0 - 0.05..bounds.2 + 0.05).contains(&longitude)
                && (bounds.1 - 0.05..bounds.3 + 0.05).contains(&latitude)
        })
    })
}

/// Lambert 93 in metropolitan France, a local plane overseas.
fn projection(outlines: &[&Outline]) -> Projection {
    let points: Vec<f64> =
        outlines.iter().flat_map(|outline| &outline.rings).flatten().map(|point| point.1).collect();
    let mean = points.iter().sum::<f64>() / points.len().max(1) as f64;
    if (41.0..52.0).contains(&mean) {
        Projection::Lambert93
    } else {
        Projection::Local { latitude: mean }
    }
}

/// A chef-lieu, or a département whose chef-lieu has no known place.
struct Capital {
    name: String,
    /// The place of the chef-lieu.
    at: Option<(f64, f64)>,
    /// The middle of the département.
    middle: (f64, f64),
}

impl Capital {
    fn write(&self, canvas: &Canvas<'_>, labels: &mut Labels, size: f64) {
        let style = TextStyle::new(size).colour(palette::NAVY);
        match self.at {
            Some(at) => labels.write(canvas, at, DOT + 2.0, &self.name, style),
            None => labels.write(canvas, self.middle, 0.0, &self.name, style),
        };
    }
}

fn capitals(frame: &Frame, outlines: &[&Outline], departments: &[&Department]) -> Vec<Capital> {
    let capital = |outline: &&Outline| {
        let department = departments.iter().find(|department| department.code == outline.code)?;
        let centres = outline.rings.iter().map(|ring| centroid(&frame.ring(ring)));
        let middle = centres.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, centre)| centre);
        Some(Capital {
            name: department.capital.clone().unwrap_or_else(|| department.name.clone()),
            at: department.capital_at.map(|at| frame.place(at)),
            middle: middle.unwrap_or_default(),
        })
    };
    outlines.iter().filter_map(capital).collect()
}

fn alternative(name: &str, departments: &[&Department], sites: &[Site]) -> String {
    let named: Vec<String> = departments
        .iter()
        .map(|department| match &department.capital {
            Some(capital) if *capital != department.name => {
                format!("{} ({capital})", department.name)
            }
            _ => department.name.clone(),
        })
        .collect();
    let told = |site: &Site| match site.number.as_str() {
        "" => site.commune.clone(),
        number => format!("{number} à {}", site.commune),
    };
    let land = match named.as_slice() {
        [] => format!("Carte : {name}."),
        named => format!("Carte : {name}, ses départements et leurs chefs-lieux. {}.", list(named)),
    };
    match sites {
        [] => land,
        sites => {
            let told: Vec<String> = sites.iter().map(told).collect();
            let count = counted(sites.len(), "projet");
            format!("{land} {count} de la liste à leur place : {}.", list(&told))
        }
    }
}

/// The projects on the map, titles first.
fn table(sites: &[Site]) -> Vec<Vec<String>> {
    let line = |site: &Site| {
        let (longitude, latitude) = site.at;
        vec![
            site.id.clone(),
            site.number.clone(),
            site.commune.clone(),
            format!("{longitude:.4}"),
            format!("{latitude:.4}"),
        ]
    };
    let titles = ["identifiant", "numero", "commune", "longitude", "latitude"];
    std::iter::once(titles.map(str::to_string).to_vec()).chain(sites.iter().map(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Assets;

    #[test]
    fn the_alternative_names_the_departments_and_their_capitals() {
        let geography = Geography::load(&Assets::embedded()).unwrap();
        let picture =
            regional(&geography, "Corse", &["94".to_string()], &[], palette::NAVY, Size::PAGE);
        assert_eq!(
            picture.alternative,
            "Carte : Corse, ses départements et leurs chefs-lieux. Corse-du-Sud (Ajaccio) et \
             Haute-Corse (Bastia)."
        );
        assert!(picture.svg.contains("Ajaccio"));
    }

    #[test]
    fn projects_stand_at_their_commune_and_never_on_each_other() {
        let geography = Geography::load(&Assets::embedded()).unwrap();
        let site = |number: usize| Site {
            number: number.to_string(),
            id: format!("BRE-{number}"),
            commune: "Rennes".to_string(),
            at: (-1.68, 48.11),
        };
        let sites: Vec<Site> = (1..=12).map(site).collect();
        let picture = regional(
            &geography,
            "Bretagne",
            &["53".to_string()],
            &sites,
            palette::NAVY,
            Size::COLUMN,
        );
        assert!(
            picture.alternative.contains("12\u{A0}projets de la liste à leur place : 1 à Rennes")
        );
        assert_eq!(picture.table.len(), 13);
        picture.assert_tidy();
    }

    #[test]
    fn every_region_of_the_country_has_a_tidy_map() {
        let geography = Geography::load(&Assets::embedded()).unwrap();
        for region in &geography.regions {
            let codes = [region.code.clone()];
            for size in [Size::COLUMN, Size::LOW, Size::PAGE] {
                let picture = regional(&geography, &region.name, &codes, &[], palette::NAVY, size);
                picture.assert_tidy();
                for department in geography.departments_of(&region.code) {
                    let capital = department.capital.as_deref().unwrap_or(&department.name);
                    assert!(picture.svg.contains(capital), "{capital}, {}", region.name);
                }
            }
        }
        let both = ["01".to_string(), "978".to_string()];
        for size in [Size::COLUMN, Size::LOW, Size::PAGE] {
            let picture = regional(&geography, "Guadeloupe", &both, &[], palette::ORANGE, size);
            picture.assert_tidy();
            assert!(picture.svg.contains("Saint-Martin"));
        }
    }

    #[test]
    fn a_territory_without_outline_is_an_empty_map() {
        let geography = Geography::load(&Assets::embedded()).unwrap();
        let picture = regional(&geography, "Ailleurs", &[], &[], palette::NAVY, Size::COLUMN);
        assert_eq!(picture.alternative, "Carte : Ailleurs.");
    }
}
