//! What a cover leaves unexplained: ones where no group holds the unit on. Where one does, the cell is missing, not 0.

use crate::propose::Group;
use crate::propose::cover::edges::Edges;
use crate::propose::lists::Lists;

/// Ones and missing cells by sample and by unit.
#[derive(Clone, Debug)]
pub(super) struct Residual {
    /// For each sample the units that are on and not explained.
    pub(super) on: Lists,
    /// For each unit the samples in which it is.
    pub(super) on_of: Lists,
    /// For each sample the units that are held on.
    pub(super) missing: Lists,
    /// For each unit the samples in which it is.
    pub(super) missing_of: Lists,
    /// For each unit its rate of ones where it is not missing.
    pub(super) rate: Vec<f64>,
}

impl Residual {
    /// Of `samples` samples, given for each unit its ones, and for each group its samples.
    pub(super) fn of(samples: usize, columns: &Lists, groups: &[Group], active: &Lists) -> Residual {
        let units = columns.len();
        let parents = Edges::of_units(groups, units);
        let mut sums = vec![0_i32; samples];
        let (mut on_of, mut missing_of) = (Lists::default(), Lists::default());
        for unit in 0..units {
            let mut touched: Vec<u32> = Vec::new();
            for edge in parents.get(unit) {
                for &sample in active.get(edge.to as usize) {
                    sums[sample as usize] += edge.sign;
                    touched.push(sample);
                }
            }
            on_of.push(columns.get(unit).iter().copied().filter(|&sample| sums[sample as usize] <= 0));
            touched.retain(|&sample| sums[sample as usize] > 0);
            touched.sort_unstable();
            touched.dedup();
            for edge in parents.get(unit) {
                active.get(edge.to as usize).iter().for_each(|&sample| sums[sample as usize] = 0);
            }
            missing_of.push(touched);
        }
        let rate = |(on, missing): (&[u32], &[u32])| on.len() as f64 / (samples - missing.len()).max(1) as f64;
        let rate = on_of.iter().zip(missing_of.iter()).map(rate).collect();
        Residual { on: on_of.transposed(samples), missing: missing_of.transposed(samples), on_of, missing_of, rate }
    }

    /// The number of samples.
    pub(super) fn samples(&self) -> usize {
        self.on.len()
    }

    /// The number of units.
    pub(super) fn units(&self) -> usize {
        self.on_of.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_on_is_missing_and_what_is_pushed_is_not() {
        let columns: Lists = [vec![0, 2, 3], vec![0, 1]].into_iter().collect();
        let groups = [Group { positive: vec![0], negative: vec![1] }, Group { positive: vec![1], negative: vec![] }];
        let active: Lists = [vec![0, 1], vec![0, 1, 3]].into_iter().collect();
        let left = Residual::of(4, &columns, &groups, &active);
        assert_eq!((left.on_of.get(0), left.missing_of.get(0)), (&[2, 3][..], &[0, 1][..]));
        assert_eq!((left.on_of.get(1), left.missing_of.get(1)), (&[0, 1][..], &[3][..]));
        assert_eq!((left.on.get(0), left.missing.get(0)), (&[1][..], &[0][..]));
        assert!((left.rate[0] - 1.0).abs() < 1e-12 && (left.rate[1] - 2.0 / 3.0).abs() < 1e-12);
    }
}
