//! Pairs of units that are on together more often than chance has it, by their deviance, above a false discovery rate.

use rayon::prelude::*;

use crate::propose::cover::constants::DISCOVERY;
use crate::propose::cover::constants::FLOOR;
use crate::propose::deviance::deviance;
use crate::propose::deviance::tail;
use crate::propose::lists::Lists;

/// Two units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::propose) struct Pair {
    /// The deviance of the count, in standard deviations.
    pub(in crate::propose) z: f64,
    /// The first unit.
    pub(in crate::propose) u: u32,
    /// The second, greater.
    pub(in crate::propose) v: u32,
    /// In how many samples both are on.
    pub(in crate::propose) count: u32,
}

/// Units of one piece of work.
const PIECE: usize = 32;

/// All pairs that are on together at least once, for which `keep` gives something, in order of the greater unit. `on` lists the units of each
/// sample, `on_of` the samples of each unit.
pub(in crate::propose) fn together<T: Send>(
    on: &Lists,
    on_of: &Lists,
    keep: impl Fn(u32, u32, u32) -> Option<T> + Sync,
) -> Vec<T> {
    let units = on_of.len();
    let piece = |piece: usize| {
        let mut counts = vec![0_u32; units];
        let mut kept = Vec::new();
        for u in piece * PIECE..units.min((piece + 1) * PIECE) {
            for &sample in on_of.get(u) {
                let before = on.get(sample as usize).iter().take_while(|&&v| (v as usize) < u);
                before.for_each(|&v| counts[v as usize] += 1);
            }
            for (v, count) in counts[..u].iter_mut().enumerate() {
                let count = std::mem::take(count);
                if count > 0 {
                    kept.extend(keep(v as u32, u as u32, count));
                }
            }
        }
        kept
    };
    let pieces: Vec<Vec<T>> = (0..units.div_ceil(PIECE)).into_par_iter().map(piece).collect();
    pieces.into_iter().flatten().collect()
}

/// The pairs that pass, the most deviant first, and the floor they pass.
pub(in crate::propose) fn deviant(on: &Lists, on_of: &Lists) -> (Vec<Pair>, f64) {
    let samples = on.len() as f64;
    let lengths: Vec<f64> = on_of.iter().map(|list| list.len() as f64).collect();
    let keep = |u: u32, v: u32, count: u32| {
        let expected = lengths[u as usize] * lengths[v as usize] / samples;
        if f64::from(count) <= expected {
            return None;
        }
        let z = deviance(count.into(), expected);
        (z >= FLOOR).then_some(Pair { z, u, v, count })
    };
    let mut pairs = together(on, on_of, keep);
    pairs.sort_by(|a, b| b.z.total_cmp(&a.z).then((a.u, a.v).cmp(&(b.u, b.v))));
    let units = on_of.len() as f64;
    let all = units * (units - 1.0) / 2.0;
    let passes = |rank: usize| tail(pairs[rank].z) * all <= DISCOVERY * (rank + 1) as f64;
    let count = (0..pairs.len()).rev().find(|&rank| passes(rank)).map_or(0, |rank| rank + 1);
    pairs.truncate(count);
    let floor = pairs.last().map_or(FLOOR, |pair| pair.z);
    (pairs, floor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::Samples;
    use crate::propose::planted::Recipe;
    use crate::propose::planted::Tier;
    use crate::propose::planted::draw;

    fn independent(samples: usize, units: usize, rate: f64, seed: u64) -> Samples {
        let tier = Tier::Independent { spread: 0.5 };
        draw(&Recipe { tier, units, hidden: 0, rate, noise: 0.0, samples }, seed, 0).expect("is valid").observed
    }

    #[test]
    fn pairs_are_counted_as_one_by_one() {
        let samples = independent(200, 70, 0.2, 0);
        let columns = samples.columns();
        let counts = together(samples.lists(), &columns, |u, v, count| Some((v, u, count)));
        let both = |u: u32, v: u32| crate::propose::lists::shared(columns.get(u as usize), columns.get(v as usize)) as u32;
        let upper = (0..70).flat_map(|v| (0..v).map(move |u| (u, v)));
        let naive: Vec<(u32, u32, u32)> = upper.map(|(u, v)| (v, u, both(u, v))).filter(|&(_, _, count)| count > 0).collect();
        assert_eq!(counts, naive);
    }

    #[test]
    fn pairs_pass_in_order_down_to_a_floor() {
        let mut rows: Vec<Vec<u32>> = (0..300_u32).map(|at| vec![at % 30]).collect();
        (0..25).for_each(|at| rows[at].extend([30, 31]));
        (10..25).for_each(|at| rows[at].push(32));
        let lists: Lists = rows.into_iter().collect();
        let (pairs, floor) = deviant(&lists, &lists.transposed(33));
        assert_eq!(
            pairs.iter().map(|pair| (pair.u, pair.v, pair.count)).collect::<Vec<_>>(),
            [(30, 31, 25), (30, 32, 15), (31, 32, 15)]
        );
        assert!(pairs.windows(2).all(|two| two[0].z >= two[1].z) && floor > FLOOR);
        // Most of what chance makes deviant does not pass.
        let none = independent(2000, 100, 0.1, 1);
        assert!(deviant(none.lists(), &none.columns()).0.len() <= 2);
    }
}
