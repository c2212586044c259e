//! How much of a planted layer was found: groups are matched by the Jaccard index of their positive edges, then edges are counted.

use crate::propose::Group;
use crate::propose::lists::Lists;
use crate::propose::planted::assign;

/// Fixed-point one of the Jaccard index.
const ONE: u64 = 1 << 40;

/// What was found of a layer. Shares are from 0 to 1; a share of nothing is 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The share of the found positive edges that are true.
    pub precision: f64,
    /// The share of the true positive edges that were found.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
    /// The share of true groups whose positive edges were found without a fault.
    pub exact: f64,
    /// The share of the negative edges of matched found groups that are true.
    pub negative_precision: f64,
    /// The share of the true negative edges that were found.
    pub negative_recall: f64,
    /// For each true group the found one it is matched with.
    pub matched: Vec<Option<usize>>,
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The Jaccard index in parts of [`ONE`] of each true group with each found one that has a positive edge in common.
fn overlaps(truth: &[Group], found: &[Group]) -> Vec<Vec<(usize, u64)>> {
    let units = truth.iter().chain(found).flat_map(|group| &group.positive).max().map_or(0, |&unit| unit as usize + 1);
    let holders = found.iter().map(|group| group.positive.iter().copied()).collect::<Lists>().transposed(units);
    let mut common = vec![0_u64; found.len()];
    let mut row = |group: &Group| {
        let held = || group.positive.iter().flat_map(|&unit| holders.get(unit as usize));
        held().for_each(|&at| common[at as usize] += 1);
        let mut touched: Vec<u32> = held().copied().collect();
        touched.sort_unstable();
        touched.dedup();
        let value = |at: u32| {
            let at = at as usize;
            let both = std::mem::take(&mut common[at]);
            (at, both * ONE / (group.positive.len() as u64 + found[at].positive.len() as u64 - both))
        };
        touched.into_iter().map(value).collect()
    };
    truth.iter().map(|group| if group.positive.len() < 2 { Vec::new() } else { row(group) }).collect()
}

/// Scores found groups against true ones. True groups of fewer than two positive edges count for nothing: pairs do not show them.
pub fn score(truth: &[Group], found: &[Group]) -> Score {
    let matched = assign(&overlaps(truth, found), found.len());
    let both = |one: &[u32], other: &[u32]| crate::propose::lists::shared(one, other);
    let (mut hits, mut exact, mut negative_hits, mut negative_found) = (0, 0, 0, 0);
    for (group, at) in truth.iter().zip(&matched) {
        let Some(other) = at.map(|at| &found[at]) else { continue };
        hits += both(&group.positive, &other.positive);
        exact += usize::from(group.positive == other.positive);
        negative_hits += both(&group.negative, &other.negative);
        negative_found += other.negative.len();
    }
    let visible = || truth.iter().filter(|group| group.positive.len() >= 2);
    let precision = share(hits, found.iter().map(|group| group.positive.len()).sum());
    let recall = share(hits, visible().map(|group| group.positive.len()).sum());
    let f1 = if hits == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
    Score {
        precision,
        recall,
        f1,
        exact: share(exact, visible().count()),
        negative_precision: share(negative_hits, negative_found),
        negative_recall: share(negative_hits, visible().map(|group| group.negative.len()).sum()),
        matched,
    }
}

/// Renames the units of groups that were found over found units into the true units that those are matched with. A unit without a match
/// gets a number of its own from `units` on.
pub fn relabel(groups: &[Group], matched: &[Option<usize>], units: usize) -> Vec<Group> {
    let found = groups.iter().flat_map(Group::iter).map(|(unit, _)| unit as usize + 1).max().unwrap_or(0);
    let mut names: Vec<u32> = (units..units + found).map(|name| name as u32).collect();
    for (truth, at) in matched.iter().enumerate() {
        if let Some(name) = at.and_then(|at| names.get_mut(at)) {
            *name = truth as u32;
        }
    }
    let rename = |list: &[u32]| {
        let mut named: Vec<u32> = list.iter().map(|&unit| names[unit as usize]).collect();
        named.sort_unstable();
        named
    };
    groups.iter().map(|group| Group { positive: rename(&group.positive), negative: rename(&group.negative) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(positive: &[u32], negative: &[u32]) -> Group {
        Group { positive: positive.to_vec(), negative: negative.to_vec() }
    }

    #[test]
    fn edges_are_counted_after_matching() {
        let truth = [group(&[0, 1, 2, 3], &[4, 5]), group(&[4, 5], &[0]), group(&[6], &[])];
        let found = [group(&[4, 5], &[]), group(&[0, 1, 2, 7], &[4, 6]), group(&[6, 9], &[])];
        let score = score(&truth, &found);
        assert_eq!(score.matched, [Some(1), Some(0), None]);
        assert!((score.precision - 5.0 / 8.0).abs() < 1e-12);
        assert!((score.recall - 5.0 / 6.0).abs() < 1e-12);
        assert!((score.exact - 0.5).abs() < 1e-12);
        assert!((score.negative_precision - 0.5).abs() < 1e-12);
        assert!((score.negative_recall - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn found_units_take_the_names_of_true_ones() {
        let named = relabel(&[group(&[0, 2], &[1])], &[Some(2), None, Some(0)], 3);
        assert_eq!(named, [group(&[0, 2], &[4])]);
    }
}
