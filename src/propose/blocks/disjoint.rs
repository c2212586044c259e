//! Groups with columns of their own, all of one size: grown from random seeds, improved by swaps, then pairs of groups shared out anew.

use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

use crate::base::Purpose;
use crate::base::Random;
use crate::propose::blocks::Block;
use crate::propose::blocks::Blocks;
use crate::propose::blocks::Search;
use crate::propose::blocks::Table;
use crate::propose::blocks::grid::Grid;
use crate::propose::blocks::grow::regrow;

/// Independent chains of restarts; a fixed number, so that results do not depend on threads.
const CHAINS: u64 = 4;

/// The groups with the most links inside that are found; `groups` divides rows and columns.
pub(super) fn grouped(table: &Table, groups: usize, search: &Search) -> Blocks {
    let start = Grid::new(table, groups);
    let chains: Vec<Grid> = (0..CHAINS).into_par_iter().map(|chain| chained(start.clone(), search, chain)).collect();
    // Of equal chains the first.
    let mut best = &chains[0];
    for chain in &chains {
        if chain.inside() > best.inside() {
            best = chain;
        }
    }
    let block = |group: usize| {
        let of = |side: usize| (0..best.sides[side].of.len()).filter(move |&item| best.sides[side].of[item] == group);
        Block { rows: of(0).collect(), columns: of(1).map(|column| column as u32).collect() }
    };
    Blocks::of_blocks(table, (0..groups).map(block).collect())
}

fn chained(start: Grid, search: &Search, chain: u64) -> Grid {
    let mut random = Random::new(search.seed, Purpose::Partition, CHAINS + chain);
    let mut work = search.work;
    let groups = start.groups();
    let mut best = start;
    // The first chain starts from the order of the table, which may be good.
    let mut next = best.clone();
    if chain > 0 {
        regrow(&mut next, &(0..groups).collect::<Vec<_>>(), &mut random, &mut work);
    }
    next.improve(&mut work);
    if next.inside() >= best.inside() {
        best = next;
    }
    for _ in 0..search.restarts {
        if work == 0 || groups == 1 {
            break;
        }
        let one = random.below(groups);
        let other = (one + 1 + random.below(groups - 1)) % groups;
        let mut next = best.clone();
        regrow(&mut next, &[one, other], &mut random, &mut work);
        next.improve(&mut work);
        if next.inside() >= best.inside() {
            best = next;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::blocks::planted;

    /// All ways to share `left` out into groups of `size`, the first of `left` always in the first group.
    fn shared(left: &[usize], size: usize) -> Vec<Vec<Vec<usize>>> {
        let Some((&first, others)) = left.split_first() else { return vec![Vec::new()] };
        let mut all = Vec::new();
        for set in 0_usize..1 << others.len() {
            if set.count_ones() as usize + 1 != size {
                continue;
            }
            let (mut group, mut rest) = (vec![first], Vec::new());
            for (at, &item) in others.iter().enumerate() {
                if set >> at & 1 == 1 { group.push(item) } else { rest.push(item) }
            }
            for mut tail in shared(&rest, size) {
                tail.push(group.clone());
                all.push(tail);
            }
        }
        all
    }

    /// The most links inside of all groups of equal sizes: all partitions of the rows, for each the best order of all partitions of the columns.
    fn most(table: &Table, groups: usize) -> u64 {
        let all = |count: usize| shared(&(0..count).collect::<Vec<_>>(), count / groups);
        let mut best = 0;
        for rows in all(table.rows().len()) {
            for columns in all(table.columns()) {
                let links = |one: usize, other: usize| {
                    let reads = rows[one].iter().flat_map(|&row| &table.rows()[row]);
                    reads.filter(|column| columns[other].contains(&(**column as usize))).count() as u64
                };
                let orders: &[&[usize]] = match groups {
                    2 => &[&[0, 1], &[1, 0]],
                    _ => &[&[0, 1, 2], &[0, 2, 1], &[1, 0, 2], &[1, 2, 0], &[2, 0, 1], &[2, 1, 0]],
                };
                let inside = orders.iter().map(|order| (0..groups).map(|group| links(group, order[group])).sum()).max();
                best = best.max(inside.unwrap_or(0));
            }
        }
        best
    }

    #[test]
    fn few_rows_lose_the_least_of_all_groups() {
        for seed in 0..12 {
            for (rows, columns, groups) in [(8, 8, 2), (6, 6, 3), (6, 9, 3), (8, 4, 2)] {
                let table = planted(rows, columns, groups, 0.7, 0.3, seed).expect("is valid").table;
                let blocks = grouped(&table, groups, &Search::new(0.0));
                let report = blocks.report(&table).expect("is of the table");
                assert_eq!(report.covered, most(&table, groups), "{rows}x{columns} in {groups}, seed {seed}");
                assert_eq!(report.area, (rows * columns / groups) as u64);
            }
        }
    }

    #[test]
    fn one_group_is_all() {
        let table = Table::lenet_c3();
        let blocks = grouped(&table, 1, &Search::new(0.0));
        assert_eq!(blocks.groups(), [Block { rows: (0..16).collect(), columns: (0..6).collect() }]);
    }
}
