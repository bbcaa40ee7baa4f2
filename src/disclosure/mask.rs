//! Which cells of a table are hidden, and why.

/// Whether a cell appears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    /// It appears.
    #[default]
    Shown,
    /// Hidden for itself: its base or its count is too small.
    Primary,
    /// Hidden so that a primary cell cannot be worked out.
    Complementary,
}

impl Mark {
    /// Whether the cell does not appear.
    #[must_use]
    pub fn is_hidden(self) -> bool {
        self != Self::Shown
    }
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A région, by its rank among the table's columns.
    Region(usize),
    /// The national column.
    National,
}

/// A cell of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    /// The option, by its rank among the table's rows.
    pub row: usize,
    /// The région or the national column.
    pub place: Place,
}

/// One [`Mark`] per cell of a table, the national column included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    rows: usize,
    regions: usize,
    marks: Vec<Mark>,
}

impl Mask {
    /// A mask that hides nothing, for `rows` options and `regions` régions.
    #[must_use]
    pub fn shown(rows: usize, regions: usize) -> Self {
        Self { rows, regions, marks: vec![Mark::Shown; rows * (regions + 1)] }
    }

    /// The mark of a cell; [`Mark::Shown`] outside the table.
    #[must_use]
    pub fn mark(&self, cell: Cell) -> Mark {
        self.rank(cell).and_then(|rank| self.marks.get(rank)).copied().unwrap_or_default()
    }

    /// The mark of an option in a région.
    #[must_use]
    pub fn region(&self, row: usize, region: usize) -> Mark {
        self.mark(Cell { row, place: Place::Region(region) })
    }

    /// The mark of an option in the national column.
    #[must_use]
    pub fn national(&self, row: usize) -> Mark {
        self.mark(Cell { row, place: Place::National })
    }

    /// Whether a cell does not appear.
    #[must_use]
    pub fn is_hidden(&self, cell: Cell) -> bool {
        self.mark(cell).is_hidden()
    }

    /// Marks a cell; outside the table, does nothing.
    pub fn set(&mut self, cell: Cell, mark: Mark) {
        if let Some(place) = self.rank(cell).and_then(|rank| self.marks.get_mut(rank)) {
            *place = mark;
        }
    }

    /// Every cell, row by row, the national column last in each row.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + use<> {
        let regions = self.regions;
        (0..self.rows).flat_map(move |row| {
            let places = (0..regions).map(Place::Region).chain([Place::National]);
            places.map(move |place| Cell { row, place })
        })
    }

    /// The hidden cells, in the order of [`Mask::cells`].
    pub fn hidden(&self) -> impl Iterator<Item = Cell> + '_ {
        self.cells().filter(|cell| self.is_hidden(*cell))
    }

    fn rank(&self, cell: Cell) -> Option<usize> {
        let column = match cell.place {
            Place::Region(region) => (region < self.regions).then_some(region)?,
            Place::National => self.regions,
        };
        (cell.row < self.rows).then_some(cell.row * (self.regions + 1) + column)
    }
}
