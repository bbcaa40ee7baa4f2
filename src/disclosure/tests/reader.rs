//! An attacker that writes out every table that agrees with what is printed.

use super::*;

/// The extremes of the hidden cells over all tables; `None` where there are too
/// many to write out.
pub fn enumerate(table: &Table, mask: &Mask) -> Option<Vec<Interval>> {
    let places: Vec<Cell> = mask.cells().filter(|cell| cell.place != Place::National).collect();
    let choices: Vec<Vec<usize>> = places.iter().map(|cell| possible(table, mask, *cell)).collect();
    let many: f64 = choices.iter().map(|list| list.len() as f64).product();
    if many > 4_000.0 {
        return None;
    }
    let hidden: Vec<Cell> = mask.hidden().filter(|cell| table.is_published(cell.place)).collect();
    let mut found: Vec<Option<(usize, usize)>> = vec![None; hidden.len()];
    let mut world = Vec::new();
    walk(&choices, &mut world, &mut |world| {
        let value = |cell: &Cell| value(table, world, cell);
        if agrees(table, mask, world) {
            for (known, cell) in found.iter_mut().zip(&hidden) {
                let (low, high) = known.unwrap_or((usize::MAX, 0));
                *known = Some((low.min(value(cell)), high.max(value(cell))));
            }
        }
    });
    let pairs = hidden.into_iter().zip(found);
    pairs.map(|(cell, known)| known.map(|(low, high)| Interval { cell, low, high })).collect()
}

fn walk(choices: &[Vec<usize>], world: &mut Vec<usize>, visit: &mut impl FnMut(&[usize])) {
    let Some(list) = choices.get(world.len()) else { return visit(world) };
    for &value in list {
        world.push(value);
        walk(choices, world, visit);
        world.pop();
    }
}

fn value(table: &Table, world: &[usize], cell: &Cell) -> usize {
    let row = &world[cell.row * table.regions()..(cell.row + 1) * table.regions()];
    match cell.place {
        Place::Region(region) => row[region],
        Place::National => row.iter().sum(),
    }
}

fn possible(table: &Table, mask: &Mask, cell: Cell) -> Vec<usize> {
    (0..=table.reach(cell.place)).filter(|count| reads_same(table, mask, cell, *count)).collect()
}

fn reads_same(table: &Table, mask: &Mask, cell: Cell, count: usize) -> bool {
    let (truth, base) = (table.count(cell), table.base(cell.place));
    match table.form(cell.place) {
        _ if mask.is_hidden(cell) || count == truth => true,
        Published::Nothing => true,
        Published::Counts => false,
        Published::Percentages { decimals } => {
            let unit = 100 * 10_usize.pow(decimals);
            let tie = |count: usize| (2 * unit * count + base).is_multiple_of(2 * base);
            let printed = |count: usize| (2 * unit * count + base) / (2 * base);
            !tie(count) && !tie(truth) && printed(count) == printed(truth)
        }
    }
}

fn agrees(table: &Table, mask: &Mask, world: &[usize]) -> bool {
    let national = (0..table.rows()).all(|row| {
        let cell = Cell { row, place: Place::National };
        reads_same(table, mask, cell, value(table, world, &cell))
    });
    national && (0..table.regions()).all(|region| adds_up(table, world, region))
}

fn adds_up(table: &Table, world: &[usize], region: usize) -> bool {
    let base = table.base(Place::Region(region));
    let place = Place::Region(region);
    let sum: usize = (0..table.rows()).map(|row| value(table, world, &Cell { row, place })).sum();
    let truth: usize = (0..table.rows()).map(|row| table.count(Cell { row, place })).sum();
    match table.kind() {
        Kind::Exclusive if table.rows() > 1 => sum == truth,
        Kind::AtLeastOne if table.rows() > 1 => sum >= base,
        _ => true,
    }
}
