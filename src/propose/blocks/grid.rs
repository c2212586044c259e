//! Equal groups of rows and of columns: links between each row and each group of columns, and swaps that bring more links inside (Kernighan, Lin
//! 1970, one pair at a time).

use crate::propose::blocks::Table;

/// The rows, or the columns.
#[derive(Clone, Debug)]
pub(super) struct Side {
    /// The group of each item.
    pub(super) of: Vec<usize>,
    /// For each item those of the other side that it is linked with.
    pub(super) linked: Vec<Vec<u32>>,
    /// For each item and group the links with items of that group of the other side.
    links: Vec<u32>,
}

/// Rows and columns in groups of equal sizes.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    groups: usize,
    /// Rows, then columns.
    pub(super) sides: [Side; 2],
}

impl Grid {
    /// Rows and columns in their order. `groups` divides both.
    pub(super) fn new(table: &Table, groups: usize) -> Grid {
        let side = |linked: Vec<Vec<u32>>| {
            let count = linked.len();
            let of = (0..count).map(|item| item * groups / count).collect();
            Side { of, linked, links: Vec::new() }
        };
        let mut grid = Grid { groups, sides: [side(table.rows().to_vec()), side(table.readers())] };
        grid.count(0);
        grid.count(1);
        grid
    }

    /// Number of groups.
    pub(super) fn groups(&self) -> usize {
        self.groups
    }

    /// Links of an item of a side with each group of the other.
    pub(super) fn links(&self, side: usize, item: usize) -> &[u32] {
        &self.sides[side].links[item * self.groups..(item + 1) * self.groups]
    }

    /// Links inside the groups.
    pub(super) fn inside(&self) -> u64 {
        (0..self.sides[0].of.len()).map(|row| u64::from(self.links(0, row)[self.sides[0].of[row]])).sum()
    }

    /// Counts the links of a side's items anew, after groups of the other side have changed.
    pub(super) fn count(&mut self, side: usize) {
        let mut links = vec![0; self.sides[side].of.len() * self.groups];
        for (item, linked) in self.sides[side].linked.iter().enumerate() {
            for &other in linked {
                links[item * self.groups + self.sides[1 - side].of[other as usize]] += 1;
            }
        }
        self.sides[side].links = links;
    }

    /// Swaps pairs of rows and pairs of columns as long as that brings more links inside, or until `work` counts of links are looked at, which are
    /// taken off.
    pub(super) fn improve(&mut self, work: &mut u64) {
        let mut idle = 0;
        let mut side = 0;
        while idle < 2 && *work > 0 {
            idle = if self.sweep(side, work) { 0 } else { idle + 1 };
            side = 1 - side;
        }
    }

    /// For each two groups swaps the two items that win most, as long as they win.
    fn sweep(&mut self, side: usize, work: &mut u64) -> bool {
        let mut held = vec![Vec::new(); self.groups];
        self.sides[side].of.iter().enumerate().for_each(|(item, &group)| held[group].push(item));
        let mut swapped = false;
        for one in 0..self.groups {
            for other in one + 1..self.groups {
                loop {
                    let (first, wins) = self.keenest(side, &held[one], one, other);
                    let (second, wins_too) = self.keenest(side, &held[other], other, one);
                    *work = work.saturating_sub(2 * held[one].len() as u64);
                    if wins + wins_too <= 0 {
                        break;
                    }
                    self.swap(side, held[one][first], held[other][second]);
                    let kept = held[one][first];
                    held[one][first] = held[other][second];
                    held[other][second] = kept;
                    swapped = true;
                }
            }
        }
        swapped
    }

    /// The item that wins most links by going from one group to another, as its place among `items`, the first of equals; and what it wins.
    fn keenest(&self, side: usize, items: &[usize], from: usize, to: usize) -> (usize, i64) {
        let mut best = (0, i64::MIN);
        for (at, &item) in items.iter().enumerate() {
            let links = self.links(side, item);
            let wins = i64::from(links[to]) - i64::from(links[from]);
            if wins > best.1 {
                best = (at, wins);
            }
        }
        best
    }

    fn swap(&mut self, side: usize, one: usize, other: usize) {
        let (from, to) = (self.sides[side].of[one], self.sides[side].of[other]);
        let [rows, columns] = &mut self.sides;
        let (ours, theirs) = if side == 0 { (rows, columns) } else { (columns, rows) };
        for (item, from, to) in [(one, from, to), (other, to, from)] {
            ours.of[item] = to;
            for &linked in &ours.linked[item] {
                theirs.links[linked as usize * self.groups + from] -= 1;
                theirs.links[linked as usize * self.groups + to] += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::blocks::planted;

    #[test]
    fn swaps_keep_sizes_and_counts_and_end_where_none_is_left() {
        let table = planted(20, 12, 4, 0.8, 0.2, 5).expect("is valid").table;
        let mut grid = Grid::new(&table, 4);
        let before = grid.inside();
        grid.improve(&mut 1_000_000);
        let inside = |grid: &Grid| {
            let groups = |row: usize| {
                table.rows()[row].iter().filter(move |column| grid.sides[1].of[**column as usize] == grid.sides[0].of[row])
            };
            (0..20).map(|row| groups(row).count() as u64).sum::<u64>()
        };
        assert!(grid.inside() > before);
        assert_eq!(grid.inside(), inside(&grid));
        for side in 0..2 {
            let size = |group| grid.sides[side].of.iter().filter(|&&other| other == group).count();
            assert!((0..4).all(|group| size(group) == [5, 3][side]));
            for one in 0..grid.sides[side].of.len() {
                for other in 0..one {
                    let mut swapped = grid.clone();
                    swapped.sides[side].of.swap(one, other);
                    assert!(inside(&swapped) <= grid.inside());
                }
            }
        }
    }
}
