//! Which groups stay: those that gain more than they cost to tell; of two that are on together the larger; and of a set that holds
//! smaller ones the rest.

use crate::propose::Group;
use crate::propose::cover::constants::INSIDE;
use crate::propose::cover::constants::LEAST_ACTIVE;
use crate::propose::cover::constants::SAME;
use crate::propose::cover::constants::SMALLER;
use crate::propose::lists::Lists;
use crate::propose::lists::shared;

/// Whether a group pays: `gain > n_j (ln(N / n_j) + 1) + edges ln n`.
pub(super) fn pays(group: &Group, gain: f64, active: usize, samples: usize, units: usize) -> bool {
    let told = active as f64 * ((samples as f64 / active.max(1) as f64).ln() + 1.0) + group.edges() as f64 * (units as f64).ln();
    active >= LEAST_ACTIVE && group.positive.len() >= 2 && gain > told
}

/// Which of the groups that stay are on together with a larger one in most of their samples: these no longer do.
pub(super) fn merge(groups: &[Group], active: &Lists, active_of: &Lists, keep: &mut [bool]) {
    let mut order: Vec<usize> = (0..groups.len()).filter(|&at| keep[at]).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(groups[at].positive.len()), at));
    let mut both = vec![0_usize; groups.len()];
    for &at in &order {
        if !keep[at] {
            continue;
        }
        let samples = active_of.get(at);
        let mut touched: Vec<u32> = Vec::new();
        for &sample in samples {
            for &other in active.get(sample as usize) {
                if both[other as usize] == 0 {
                    touched.push(other);
                }
                both[other as usize] += 1;
            }
        }
        for other in touched {
            let other = other as usize;
            let together = std::mem::take(&mut both[other]) as f64;
            let either = (samples.len() + active_of.get(other).len()) as f64 - together;
            if other != at && together > SAME * either {
                keep[other] = false;
            }
        }
    }
}

/// The difference move: from each set, the largest first, every smaller one that lies inside is taken away. What is left of it is empty if it
/// is less than two.
pub(super) fn atomise(groups: &mut [Group], units: usize) {
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(groups[at].positive.len()), at));
    let holders = groups.iter().map(|group| group.positive.iter().copied()).collect::<Lists>().transposed(units);
    for at in order {
        let whole = groups[at].positive.clone();
        let mut near: Vec<u32> = whole.iter().flat_map(|&unit| holders.get(unit as usize)).copied().collect();
        near.sort_unstable();
        near.dedup();
        let inside = |other: &&u32| {
            let other = &groups[**other as usize].positive;
            let size = other.len() as f64;
            size > 0.0 && size <= SMALLER * whole.len() as f64 && shared(other, &whole) as f64 >= INSIDE * size
        };
        let mut left = whole.clone();
        for &other in near.iter().filter(inside) {
            left.retain(|unit| groups[other as usize].positive.binary_search(unit).is_err());
        }
        groups[at].positive = if left.len() < 2 { Vec::new() } else { left };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(positive: &[u32]) -> Group {
        Group { positive: positive.to_vec(), negative: Vec::new() }
    }

    #[test]
    fn a_group_pays_for_its_samples_and_edges() {
        let told = 10.0 * (10.0_f64.ln() + 1.0) + 3.0 * 50.0_f64.ln();
        assert!(pays(&group(&[1, 2, 3]), told + 0.1, 10, 100, 50) && !pays(&group(&[1, 2, 3]), told - 0.1, 10, 100, 50));
        assert!(!pays(&group(&[1]), 1e6, 10, 100, 50) && !pays(&group(&[1, 2]), 1e6, 3, 100, 50));
    }

    #[test]
    fn of_two_that_are_on_together_the_larger_stays() {
        let groups = [group(&[0, 1]), group(&[0, 1, 2]), group(&[5, 6])];
        let active_of: Lists = [vec![0, 1, 2, 3], vec![0, 1, 2, 4, 3], vec![0, 9]].into_iter().collect();
        let mut keep = [true; 3];
        merge(&groups, &active_of.transposed(10), &active_of, &mut keep);
        assert_eq!(keep, [false, true, true]);
    }

    #[test]
    fn smaller_sets_are_taken_out_of_larger_ones() {
        let mut groups =
            [group(&[0, 1, 2, 3, 4, 5, 6]), group(&[0, 1, 2]), group(&[5, 9]), group(&[10, 11, 12]), group(&[10, 11])];
        atomise(&mut groups, 13);
        let left: Vec<&[u32]> = groups.iter().map(|group| &group.positive[..]).collect();
        assert_eq!(left, [&[3, 4, 5, 6][..], &[0, 1, 2], &[5, 9], &[], &[10, 11]]);
    }
}
