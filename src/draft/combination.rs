//! Whether parts of cells combine freely, as ticked options do, or are the words
//! of one answer.

use std::collections::HashMap;

use crate::matching;

/// Where a part stands in the cells.
#[derive(Default)]
struct Uses<'a> {
    alone: bool,
    first: bool,
    later: bool,
    cells: usize,
    /// The other parts of its cells, and in how many they are.
    partners: HashMap<&'a str, usize>,
}

impl Uses<'_> {
    /// Whether it goes its own way: not always with the same other part, as
    /// « partiel » goes with « temps ».
    fn are_free(&self) -> bool {
        let bound = self.partners.values().any(|together| *together == self.cells);
        self.alone || !bound && (self.partners.len() >= 3 || self.first && self.later)
    }
}

/// Whether the parts of cells combine freely: one of them begins a cell here and
/// follows another there, nearly all stand alone somewhere or with several
/// others, and there is not one that all the others only go with.
///
/// « strongly » of « strongly agree » and « ans » of « 40 ans » do not, nor do
/// the parts of « 2x/semaine ». Each distinct cell comes with its parts and with
/// how often it stands in the column.
pub fn combine_freely<'a>(cells: impl Iterator<Item = (&'a [String], usize)>) -> bool {
    let cells: Vec<(Vec<String>, usize)> = cells
        .map(|(parts, count)| (parts.iter().map(|part| matching::key(part)).collect(), count))
        .collect();
    let uses = uses(&cells);
    let chained = uses.values().any(|place| place.first && place.later);
    let is_free = |part: &&String| uses.get(part.as_str()).is_some_and(Uses::are_free);
    let weight = |kept: &dyn Fn(&&String) -> bool| -> usize {
        cells.iter().map(|(parts, count)| parts.iter().filter(kept).count() * count).sum()
    };
    chained && !is_star(&cells, &uses) && weight(&is_free) * 100 >= weight(&|_| true) * 85
}

fn uses(cells: &[(Vec<String>, usize)]) -> HashMap<&str, Uses<'_>> {
    let mut uses: HashMap<&str, Uses<'_>> = HashMap::new();
    for (parts, _) in cells {
        for (rank, part) in parts.iter().enumerate() {
            let place = uses.entry(part).or_default();
            place.alone |= parts.len() == 1;
            place.first |= parts.len() > 1 && rank == 0;
            place.later |= rank > 0;
            place.cells += 1;
            for other in parts.iter().filter(|other| *other != part) {
                *place.partners.entry(other).or_default() += 1;
            }
        }
    }
    uses
}

/// Whether one part is in nearly all cells of several, and nearly all of those
/// hold only one other: a unit after numbers, an adverb before adjectives.
fn is_star(cells: &[(Vec<String>, usize)], uses: &HashMap<&str, Uses<'_>>) -> bool {
    let joined = cells.iter().filter(|(parts, _)| parts.len() > 1).count();
    let longer = cells.iter().filter(|(parts, _)| parts.len() > 2).count();
    let most = uses.values().map(|place| place.cells - usize::from(place.alone)).max();
    joined >= 3 && most.is_some_and(|most| most * 10 >= joined * 9) && longer * 10 < joined
}
