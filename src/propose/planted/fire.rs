//! What a layer does to samples: `X = 1[G H > 0]`, and noise on it.

use crate::base::Random;
use crate::propose::Group;
use crate::propose::Samples;
use crate::propose::lists::Lists;

/// The edges of a hidden unit with their weights, in whole parts of what is common to all.
pub(super) type Weighted = Vec<(u32, i64)>;

/// Edges of weight +1 and -1.
pub(super) fn signs(groups: &[Group]) -> Vec<Weighted> {
    groups.iter().map(|group| group.iter().map(|(unit, sign)| (unit, sign.into())).collect()).collect()
}

/// `X = 1[G H > 0]` for hidden samples `[samples, hidden]` and the edges of each hidden unit.
pub(super) fn fire(weighted: &[Weighted], hidden: &Samples, units: usize) -> Samples {
    let mut sums = vec![0_i64; units];
    let mut one = |active: &[u32]| {
        let edges = || active.iter().flat_map(|&at| weighted[at as usize].iter().copied());
        edges().for_each(|(unit, weight)| sums[unit as usize] += weight);
        let mut ones: Vec<u32> = edges().map(|(unit, _)| unit).filter(|&unit| sums[unit as usize] > 0).collect();
        ones.sort_unstable();
        ones.dedup();
        edges().for_each(|(unit, _)| sums[unit as usize] = 0);
        ones
    };
    let lists: Lists = hidden.iter().map(&mut one).collect();
    Samples::of(units, lists)
}

/// Each 1 is erased with probability `noise`, each 0 is set with probability `noise` times the mean density.
pub(super) fn disturb(samples: &Samples, noise: f64, random: &mut Random) -> Samples {
    let cells = (samples.len() * samples.units()).max(1);
    let density = samples.total() as f64 / cells as f64;
    let mut one = |ones: &[u32]| {
        let mut left = ones.iter().peekable();
        let changed = |unit: &u32| {
            let on = left.next_if_eq(&unit).is_some();
            let flips = random.between(0.0, 1.0) < if on { noise } else { noise * density };
            on != flips
        };
        (0..samples.units() as u32).filter(changed).collect::<Vec<_>>()
    };
    let lists: Lists = samples.iter().map(&mut one).collect();
    Samples::of(samples.units(), lists)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Purpose;

    #[test]
    fn a_unit_is_on_where_more_edges_pull_than_push() {
        let group = |positive: &[u32], negative: &[u32]| Group { positive: positive.to_vec(), negative: negative.to_vec() };
        let groups = [group(&[0, 1], &[2]), group(&[2, 3], &[1]), group(&[1], &[])];
        let hidden = Samples::new(3, [vec![0], vec![0, 1], vec![0, 1, 2], vec![]]).expect("is valid");
        let observed = Samples::new(4, [vec![0, 1], vec![0, 3], vec![0, 1, 3], vec![]]).expect("is valid");
        assert_eq!(fire(&signs(&groups), &hidden, 4), observed);
        // A heavy push is not outweighed by two light pulls.
        let weighted = [vec![(0, 3), (1, -9)], vec![(0, -2), (1, 4)], vec![(1, 4)]];
        let hidden = Samples::new(3, [vec![0, 1], vec![0, 1, 2], vec![1, 2]]).expect("is valid");
        assert_eq!(fire(&weighted, &hidden, 2), Samples::new(2, [vec![0], vec![0], vec![1]]).expect("is valid"));
    }

    #[test]
    fn noise_erases_and_adds() {
        let samples = Samples::new(100, vec![(0..20).collect::<Vec<u32>>(); 500]).expect("is valid");
        let noisy = disturb(&samples, 0.5, &mut Random::new(0, Purpose::Planted, 0));
        let kept = noisy.iter().flatten().filter(|&&unit| unit < 20).count();
        let added = noisy.total() - kept;
        // Half of 10000, and a tenth of 40000.
        assert!((4800..5200).contains(&kept) && (3800..4200).contains(&added), "{kept} {added}");
    }
}
