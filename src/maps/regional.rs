//! A région, its départements and their chefs-lieux.

use super::projection::{Frame, Projection, centroid};
use crate::charts::canvas::{
    Anchor, Canvas, Colour, Picture, TextStyle, draw, palette, text_width,
};
use crate::geography::{Department, Geography, Outline};
use crate::typography::list;

const WIDTH: f64 = 233.0;
const HEIGHT: f64 = 210.0;
const MARGIN: f64 = 8.0;
const LABEL: f64 = 6.5;

/// The colour of the land.
const LAND: Colour = Colour(0xDD, 0xE5, 0xED);

/// Draws a région from the codes of the territories it covers.
pub fn regional(geography: &Geography, name: &str, codes: &[String]) -> Picture {
    let outlines: Vec<&Outline> = geography
        .department_outlines
        .iter()
        .filter(|outline| codes.contains(&outline.region))
        .collect();
    let departments: Vec<&Department> =
        codes.iter().flat_map(|code| geography.departments_of(code)).collect();
    draw(WIDTH, HEIGHT, alternative(name, &departments), |canvas| {
        let groups = islands(&outlines);
        let share = WIDTH / groups.len().max(1) as f64;
        for (rank, group) in groups.iter().enumerate() {
            let area = (rank as f64 * share, 0.0, share, HEIGHT);
            paint(canvas, group, &departments, area);
        }
    })
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

fn paint(
    canvas: &Canvas<'_>,
    outlines: &[&Outline],
    departments: &[&Department],
    (left, top, width, height): (f64, f64, f64, f64),
) {
    let inner = (left + MARGIN, top + MARGIN, width - 2.0 * MARGIN, height - 2.0 * MARGIN);
    let rings = || outlines.iter().flat_map(|outline| &outline.rings);
    let frame = Frame::fit(projection(outlines), rings(), inner);
    for ring in rings() {
        canvas.polygon(&frame.ring(ring), LAND, palette::PAPER, 0.9);
    }
    for outline in outlines {
        let department = departments.iter().find(|department| department.code == outline.code);
        if let Some(department) = department {
            capital(canvas, &frame, outline, department, (left, left + width));
        }
    }
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

/// A chef-lieu and its name, on the side where there is room; the name of the
/// département where its chef-lieu has no known place.
fn capital(
    canvas: &Canvas<'_>,
    frame: &Frame,
    outline: &Outline,
    department: &Department,
    (left, right): (f64, f64),
) {
    let style = TextStyle::new(LABEL).colour(palette::GREY);
    let Some(at) = department.capital_at else {
        let centres = outline.rings.iter().map(|ring| centroid(&frame.ring(ring)));
        let centre = centres.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, centre)| centre);
        let (x, y) = centre.unwrap_or_default();
        let name = department.capital.as_deref().unwrap_or(&department.name);
        return canvas.text(x, y, name, style.anchor(Anchor::Middle));
    };
    let (x, y) = frame.place(at);
    let name = department.capital.as_deref().unwrap_or(&department.name);
    let width = text_width(name, style) + 4.0;
    canvas.disc(x, y, 1.6, palette::GREY);
    if x + width < right - 1.0 {
        canvas.text(x + 3.5, y, name, style);
    } else if x - width > left {
        canvas.text(x - 3.5, y, name, style.anchor(Anchor::End));
    } else {
        canvas.text(x, y - 6.0, name, style.anchor(Anchor::Middle));
    }
}

fn alternative(name: &str, departments: &[&Department]) -> String {
    let named: Vec<String> = departments
        .iter()
        .map(|department| match &department.capital {
            Some(capital) if *capital != department.name => {
                format!("{} ({capital})", department.name)
            }
            _ => department.name.clone(),
        })
        .collect();
    match named.as_slice() {
        [] => format!("Carte : {name}."),
        named => format!("Carte : {name}, ses départements et leurs chefs-lieux. {}.", list(named)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Assets;

    #[test]
    fn the_alternative_names_the_departments_and_their_capitals() {
        let geography = Geography::load(&Assets::embedded()).unwrap();
        let picture = regional(&geography, "Corse", &["94".to_string()]);
        assert_eq!(
            picture.alternative,
            "Carte : Corse, ses départements et leurs chefs-lieux. Corse-du-Sud (Ajaccio) et \
             Haute-Corse (Bastia)."
        );
        assert!(picture.svg.contains("Ajaccio"));
    }

    #[test]
    fn a_territory_without_outline_is_an_empty_map() {
        let geography = Geography::load(&Assets::embedded()).unwrap();
        let picture = regional(&geography, "Ailleurs", &[]);
        assert_eq!(picture.alternative, "Carte : Ailleurs.");
    }
}
