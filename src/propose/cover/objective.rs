//! What a cover saves: the description length of independent units less that of the cover, in nats.

use crate::propose::Group;
use crate::propose::cover::residual::Residual;
use crate::propose::lists::Lists;

/// The entropy of `ones` of `all` in nats, all together.
fn entropy(ones: usize, all: usize) -> f64 {
    let part = |count: usize| if count == 0 { 0.0 } else { -(count as f64) * (count as f64 / all as f64).ln() };
    part(ones) + part(all - ones)
}

/// `sum_i N H(r_i) - (K H(p_on) + sum_i (N - K_i) H(p_off_i) + sum_j N H(rho_j) + edges ln n)`, where a unit is held on in `K_i` samples,
/// `K` in all, and the rates are the shares that are counted.
pub(super) fn saved(samples: usize, columns: &Lists, groups: &[Group], active_of: &Lists) -> f64 {
    let left = Residual::of(samples, columns, groups, active_of);
    let (mut held, mut held_ones, mut sum) = (0, 0, 0.0);
    for (unit, ones) in columns.iter().enumerate() {
        let (free_ones, here) = (left.on_of.get(unit).len(), left.missing_of.get(unit).len());
        sum += entropy(ones.len(), samples) - entropy(free_ones, samples - here);
        held += here;
        held_ones += ones.len() - free_ones;
    }
    let hidden: f64 = active_of.iter().map(|active| entropy(active.len(), samples)).sum();
    let edges: usize = groups.iter().map(Group::edges).sum();
    sum - entropy(held_ones, held) - hidden - edges as f64 * (columns.len().max(1) as f64).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_equal_units_are_told_once() {
        let columns: Lists = vec![vec![1, 4, 7]; 3].into_iter().collect();
        let group = Group { positive: vec![0, 1, 2], negative: vec![] };
        let active: Lists = [vec![1, 4, 7]].into_iter().collect();
        let once = entropy(3, 10);
        assert!((saved(10, &columns, &[group], &active) - (2.0 * once - 3.0 * 3.0_f64.ln())).abs() < 1e-9);
        assert!(saved(10, &columns, &[], &Lists::default()).abs() < 1e-9);
    }
}
