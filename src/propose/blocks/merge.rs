//! Agglomeration: of all pairs of groups that one is merged whose merger costs least, or spreads rows least, down to one group; the cheapest level
//! on the way is kept.

use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

use crate::propose::blocks::cluster::Cluster;
use crate::propose::blocks::rule::Rule;

/// Which pair of groups is merged next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// That whose merger costs least.
    Price,
    /// That whose merger adds least to the squared distances of rows from their group's mean (Ward 1963); chance links, which small groups keep,
    /// mislead it less.
    Spread,
}

/// Groups that are compared pair by pair, at most: 200 MB of numbers.
const MOST: usize = 4096;

/// For each group the label of what it was merged into, at the cheapest level; labels count from 0 in order of their first groups. Ties merge
/// the groups of lowest numbers. Memory is 12 bytes for each pair of groups, time is that of comparing all pairs of groups twice; more than
/// [`MOST`] groups stay as they are, for local search to join.
pub(super) fn agglomerate(mut clusters: Vec<Cluster>, rule: &Rule, by: By) -> Vec<usize> {
    let count = clusters.len();
    if count > MOST {
        return (0..count).collect();
    }
    let gain = |one: &Cluster, other: &Cluster| match by {
        By::Price => one.cost_merged(other, rule) - one.cost() - other.cost(),
        By::Spread => one.spread_merged(other),
    };
    let triangle: Vec<Vec<f64>> =
        (0..count).into_par_iter().map(|one| (0..one).map(|other| gain(&clusters[one], &clusters[other])).collect()).collect();
    let mut change = vec![f64::INFINITY; count * count];
    for (one, row) in triangle.iter().enumerate() {
        for (other, &value) in row.iter().enumerate() {
            (change[one * count + other], change[other * count + one]) = (value, value);
        }
    }
    drop(triangle);
    let nearest = |change: &[f64], of: usize| {
        let row = &change[of * count..(of + 1) * count];
        let mut best = (of, f64::INFINITY);
        row.iter().enumerate().for_each(|(other, &value)| {
            if value < best.1 {
                best = (other, value);
            }
        });
        best
    };
    let mut near: Vec<(usize, f64)> = (0..count).map(|of| nearest(&change, of)).collect();
    let mut alive: Vec<usize> = (0..count).collect();
    let mut merged = Vec::new();
    let (mut cost, mut best) = (0.0, (0.0, 0));
    while let Some(&from) = alive.iter().min_by(|one, other| near[**one].1.total_cmp(&near[**other].1)) {
        let (to, value) = near[from];
        if value == f64::INFINITY {
            break;
        }
        let (to, from) = (to.min(from), to.max(from));
        merged.push((to, from));
        let gone = clusters[from].clone();
        let sizes = [clusters[to].size() as f64, gone.size() as f64];
        cost -= gone.cost() + clusters[to].cost();
        clusters[to].merge(&gone, rule);
        cost += clusters[to].cost();
        if cost < best.0 {
            best = (cost, merged.len());
        }
        alive.retain(|&other| other != from);
        for &other in &alive {
            let changed = match by {
                _ if other == to => f64::INFINITY,
                By::Price => gain(&clusters[other], &clusters[to]),
                By::Spread => {
                    let apart = [change[other * count + to], change[other * count + from]];
                    spread_after(clusters[other].size() as f64, sizes, apart, value)
                }
            };
            (change[other * count + to], change[to * count + other]) = (changed, changed);
            (change[other * count + from], change[from * count + other]) = (f64::INFINITY, f64::INFINITY);
        }
        for &other in &alive {
            let value = change[other * count + to];
            if other == to || near[other].0 == to || near[other].0 == from {
                near[other] = nearest(&change, other);
            } else if value < near[other].1 || (value <= near[other].1 && to < near[other].0) {
                near[other] = (to, value);
            }
        }
    }
    labels(count, &merged[..best.1])
}

/// By how much spread grows where a group of `size` joins two of `sizes` that are one already, from what it was `apart` from each of them and
/// they were `between` (Lance, Williams 1967).
fn spread_after(size: f64, sizes: [f64; 2], apart: [f64; 2], between: f64) -> f64 {
    let sum = (size + sizes[0]) * apart[0] + (size + sizes[1]) * apart[1] - size * between;
    sum / (size + sizes[0] + sizes[1])
}

/// Labels of what is left of `count` groups after mergers (into, from).
fn labels(count: usize, merged: &[(usize, usize)]) -> Vec<usize> {
    let mut into: Vec<usize> = (0..count).collect();
    merged.iter().rev().for_each(|&(to, from)| into[from] = into[to]);
    let mut label = vec![usize::MAX; count];
    let mut next = 0;
    into.iter()
        .map(|&group| {
            if label[group] == usize::MAX {
                label[group] = next;
                next += 1;
            }
            label[group]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::blocks::Table;
    use crate::propose::blocks::planted;
    use crate::propose::blocks::unit::units;

    #[test]
    fn mergers_stop_at_the_cheapest_level() {
        let table = Table::from_text("1110000\n0000111\n1100000\n0000011\n0001000").expect("is valid");
        let by = |group, by| {
            let rule = Rule { least: 0.0, group, lost: 0.0 };
            agglomerate(units(&table).iter().map(|unit| Cluster::new(7, [unit], &rule)).collect(), &rule, by)
        };
        let of = |group| {
            assert_eq!(by(group, By::Price), by(group, By::Spread));
            by(group, By::Price)
        };
        // Rows 0 and 2 together have one link more than apart, rows 1 and 3 likewise; all five have 35 for 11.
        assert_eq!(of(0.5), [0, 1, 2, 3, 4]);
        assert_eq!(of(1.5), [0, 1, 0, 1, 2]);
        assert_eq!(of(100.0), [0, 0, 0, 0, 0]);
    }

    #[test]
    fn spread_after_a_merger_is_that_of_the_merged() {
        let table = planted(24, 15, 3, 0.5, 0.2, 1).expect("is valid").table;
        let rule = Rule { least: 0.0, group: 0.0, lost: 0.0 };
        let units = units(&table);
        let of = |from: usize, to: usize| Cluster::new(15, &units[from..to], &rule);
        for (first, second) in [(1, 2), (3, 11), (9, 12), (15, 16)] {
            let (one, two, other) = (of(0, first), of(first, second), of(second, units.len()));
            let sizes = [one.size() as f64, two.size() as f64];
            let apart = [other.spread_merged(&one), other.spread_merged(&two)];
            let after = spread_after(other.size() as f64, sizes, apart, one.spread_merged(&two));
            assert!((after - other.spread_merged(&of(0, second))).abs() < 1e-9);
        }
    }

    #[test]
    fn labels_follow_mergers() {
        assert_eq!(labels(5, &[(1, 3), (0, 1), (2, 4)]), [0, 0, 1, 0, 1]);
        assert_eq!(labels(3, &[]), [0, 1, 2]);
    }
}
