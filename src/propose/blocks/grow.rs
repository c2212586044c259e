//! Equal groups grown from random seeds: each takes the free items that share most links with it, and those of the other side follow.

use crate::base::Random;
use crate::propose::blocks::grid::Grid;

/// Shares the items of some groups out anew: groups of one side, picked at random, grow from random seeds; items of the other side go where they have
/// most links, those first that would lose most elsewhere. All sizes stay. Ties are for the lowest numbers. Links that are looked at are taken off `work`.
pub(super) fn regrow(grid: &mut Grid, groups: &[usize], random: &mut Random, work: &mut u64) {
    let side = usize::from(random.coin());
    let mut free: Vec<usize> = held(grid, side, groups);
    let size = free.len() / groups.len();
    // What a cosine divides by, as far as candidates differ.
    let lengths: Vec<f64> = grid.sides[side].linked.iter().map(|linked| (linked.len().max(1) as f64).sqrt()).collect();
    for &group in &groups[1..] {
        let mut shared = vec![0_u32; lengths.len()];
        let mut next = random.below(free.len());
        for grown in 1..=size {
            let item = free.swap_remove(next);
            grid.sides[side].of[item] = group;
            if grown == size {
                break;
            }
            for &linked in &grid.sides[side].linked[item] {
                let others = &grid.sides[1 - side].linked[linked as usize];
                others.iter().for_each(|&other| shared[other as usize] += 1);
                *work = work.saturating_sub(others.len() as u64);
            }
            let alike = |at: usize| f64::from(shared[free[at]]) / lengths[free[at]];
            let order = |&one: &usize, &other: &usize| alike(one).total_cmp(&alike(other)).then(free[other].cmp(&free[one]));
            next = (0..free.len()).max_by(order).expect("sizes leave items free");
            *work = work.saturating_sub(free.len() as u64);
        }
    }
    // The rest is a group.
    free.iter().for_each(|&item| grid.sides[side].of[item] = groups[0]);
    grid.count(1 - side);
    follow(grid, 1 - side, groups);
    grid.count(side);
}

/// Items of some groups, ascending.
fn held(grid: &Grid, side: usize, groups: &[usize]) -> Vec<usize> {
    let of = &grid.sides[side].of;
    (0..of.len()).filter(|&item| groups.contains(&of[item])).collect()
}

fn follow(grid: &mut Grid, side: usize, groups: &[usize]) {
    let items = held(grid, side, groups);
    let mut room = vec![items.len() / groups.len(); groups.len()];
    let mut wishes: Vec<(u32, usize)> = items
        .into_iter()
        .map(|item| {
            let mut links: Vec<u32> = groups.iter().map(|&group| grid.links(side, item)[group]).collect();
            links.sort_unstable_by(|one, other| other.cmp(one));
            (links[0] - links.get(1).copied().unwrap_or(0), item)
        })
        .collect();
    wishes.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    for (_, item) in wishes {
        let links = grid.links(side, item);
        let open = (0..groups.len()).filter(|&at| room[at] > 0);
        let at = open
            .max_by(|&one, &other| links[groups[one]].cmp(&links[groups[other]]).then(other.cmp(&one)))
            .expect("there is room");
        room[at] -= 1;
        grid.sides[side].of[item] = groups[at];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Purpose;
    use crate::propose::blocks::planted;

    #[test]
    fn blocks_apart_grow_at_once() {
        let made = planted(40, 60, 5, 0.9, 0.0, 2).expect("is valid");
        for index in 0..4 {
            let mut grid = Grid::new(&made.table, 5);
            regrow(&mut grid, &[0, 1, 2, 3, 4], &mut Random::new(1, Purpose::Partition, index), &mut 1_000_000);
            assert_eq!(grid.inside(), made.table.links());
        }
    }

    #[test]
    fn sizes_and_other_groups_stay() {
        let made = planted(12, 18, 3, 0.7, 0.2, 2).expect("is valid");
        for index in 0..8 {
            let mut grid = Grid::new(&made.table, 3);
            let before = grid.clone();
            regrow(&mut grid, &[2, 0], &mut Random::new(1, Purpose::Partition, index), &mut 1_000_000);
            for side in 0..2 {
                let size = |group| grid.sides[side].of.iter().filter(|&&other| other == group).count();
                assert!((0..3).all(|group| size(group) == [4, 6][side]));
                let of = &grid.sides[side].of;
                assert!((0..of.len()).all(|item| (of[item] == 1) == (before.sides[side].of[item] == 1)));
                let mut anew = grid.clone();
                anew.count(side);
                assert!((0..of.len()).all(|item| anew.links(side, item) == grid.links(side, item)));
            }
        }
    }
}
