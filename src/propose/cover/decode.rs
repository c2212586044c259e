//! The hidden units of each sample: greedy flips of `h_j`, the best first, on `sum_i 1[A_i > 0] w_i + sum_j h_j lambda_j`.

use rayon::prelude::*;

use crate::propose::Group;
use crate::propose::Samples;
use crate::propose::cover::edges::Edge;
use crate::propose::cover::edges::Edges;
use crate::propose::cover::weights::Weights;
use crate::propose::lists::Lists;

/// Samples of one piece of work.
const PIECE: usize = 256;

/// Gains below this are rounding.
const GAIN: f64 = 1e-9;

/// The hidden units of samples.
#[derive(Clone, Debug, Default)]
pub(super) struct Decoded {
    /// For each sample the groups that are on, ascending.
    pub(super) active: Lists,
    /// For each of these what its being on gains, in nats, without its prior.
    pub(super) gains: Vec<f64>,
}

impl Decoded {
    /// These samples, `which` of them as in `new`.
    pub(super) fn with(&self, which: &[u32], new: &Decoded) -> Decoded {
        let mut all = Decoded::default();
        let (mut from, mut new_from, mut next) = (0, 0, 0);
        for (sample, old) in self.active.iter().enumerate() {
            if which.get(next) == Some(&(sample as u32)) {
                let list = new.active.get(next);
                all.active.push(list.iter().copied());
                all.gains.extend(&new.gains[new_from..new_from + list.len()]);
                new_from += list.len();
                next += 1;
            } else {
                all.active.push(old.iter().copied());
                all.gains.extend(&self.gains[from..from + old.len()]);
            }
            from += old.len();
        }
        all
    }

    /// Group k renamed to `names[k]`, or left out. Names ascend.
    pub(super) fn renamed(&self, names: &[Option<u32>]) -> Decoded {
        let mut all = Decoded::default();
        let mut gains = self.gains.iter();
        for list in self.active.iter() {
            let named = list.iter().zip(gains.by_ref()).filter_map(|(&at, &gain)| names[at as usize].map(|name| (name, gain)));
            let (list, gains): (Vec<u32>, Vec<f64>) = named.unzip();
            all.active.push(list);
            all.gains.extend(gains);
        }
        all
    }

    /// For each of so many groups what it gains in all samples, in nats.
    pub(super) fn gains_of(&self, groups: usize) -> Vec<f64> {
        let mut sums = vec![0.0; groups];
        self.active.iter().flatten().zip(&self.gains).for_each(|(&at, gain)| sums[at as usize] += gain);
        sums
    }
}

/// What flipping needs to know.
struct Decoder<'a> {
    weights: &'a Weights,
    children: Edges,
    /// For each unit the groups that pull it.
    pullers: Lists,
    /// For each group its gain on an empty sample.
    base: Vec<f64>,
    least: f64,
    swaps: bool,
}

/// Memory for one sample after another; empty between them.
struct Scratch {
    /// For each unit its weight in the sample, and the sum of what holds it.
    weights: Vec<f64>,
    sums: Vec<i32>,
    /// For each group its gain on its own.
    alone: Vec<f64>,
    candidates: Vec<Candidate>,
}

#[derive(Clone, Copy)]
struct Candidate {
    group: u32,
    on: bool,
    /// What flipping it gains.
    gain: f64,
}

/// Decodes these samples. With `swaps`, flips of two hidden units at once are tried as well.
pub(super) fn decode(samples: &Samples, which: &[u32], groups: &[Group], weights: &Weights, swaps: bool) -> Decoded {
    let zero = |group: &Group| group.positive.iter().map(|&unit| weights.zero[unit as usize]).sum::<f64>();
    let decoder = Decoder {
        weights,
        children: Edges::of_groups(groups),
        pullers: groups.iter().map(|group| group.positive.iter().copied()).collect::<Lists>().transposed(samples.units()),
        base: groups.iter().zip(&weights.prior).map(|(group, prior)| prior + zero(group)).collect(),
        least: weights.least(),
        swaps,
    };
    let start = || Scratch {
        weights: weights.zero.clone(),
        sums: vec![0; samples.units()],
        alone: vec![0.0; groups.len()],
        candidates: Vec::new(),
    };
    let piece = |scratch: &mut Scratch, which: &[u32]| {
        let mut part = Decoded::default();
        which.iter().for_each(|&sample| decoder.sample(samples.ones(sample as usize), scratch, &mut part));
        part
    };
    let pieces: Vec<Decoded> = which.par_chunks(PIECE).map_init(start, piece).collect();
    let mut all = Decoded::default();
    for part in pieces {
        all.active.append(&part.active);
        all.gains.extend(part.gains);
    }
    all
}

impl Decoder<'_> {
    fn sample(&self, ones: &[u32], scratch: &mut Scratch, out: &mut Decoded) {
        self.hope(ones, scratch);
        loop {
            let (best, at) = best(&scratch.candidates);
            if best > GAIN {
                self.flip(at, scratch);
            } else if !(self.swaps && self.swap(scratch)) {
                break;
            }
        }
        let on = || scratch.candidates.iter().filter(|candidate| candidate.on);
        out.gains.extend(on().map(|candidate| -candidate.gain - self.weights.prior[candidate.group as usize]));
        out.active.push(on().map(|candidate| candidate.group));
        for candidate in &scratch.candidates {
            if candidate.on {
                let children = self.children.get(candidate.group as usize);
                children.iter().for_each(|edge| scratch.sums[edge.to as usize] = 0);
            }
        }
        ones.iter().for_each(|&unit| scratch.weights[unit as usize] = self.weights.zero[unit as usize]);
    }

    /// Makes candidates of the groups that alone would gain nearly enough, in order, none of them on.
    fn hope(&self, ones: &[u32], scratch: &mut Scratch) {
        let Scratch { weights, alone, candidates, .. } = scratch;
        candidates.clear();
        alone.copy_from_slice(&self.base);
        for &unit in ones {
            let one = self.weights.one[unit as usize];
            let worth = one - std::mem::replace(&mut weights[unit as usize], one);
            self.pullers.get(unit as usize).iter().for_each(|&group| alone[group as usize] += worth);
        }
        for (group, &gain) in alone.iter().enumerate() {
            if gain > self.least && self.can_gain(group, weights) {
                candidates.push(Candidate { group: group as u32, on: false, gain });
            }
        }
    }

    /// Whether a group would gain if all its units that are off were held on by others.
    fn can_gain(&self, group: usize, weights: &[f64]) -> bool {
        let pulled = self.children.get(group).iter().filter(|edge| edge.sign > 0);
        self.weights.prior[group] + pulled.map(|edge| weights[edge.to as usize].max(0.0)).sum::<f64>() > 0.0
    }

    /// Flips a candidate and brings all gains up to date.
    fn flip(&self, at: usize, scratch: &mut Scratch) {
        let Scratch { weights, sums, candidates, .. } = scratch;
        let flipped = &mut candidates[at];
        flipped.on = !flipped.on;
        flipped.gain = -flipped.gain;
        let turn = if flipped.on { 1 } else { -1 };
        for child in self.children.get(flipped.group as usize) {
            sums[child.to as usize] += turn * child.sign;
        }
        for (_, candidate) in candidates.iter_mut().enumerate().filter(|(other, _)| *other != at) {
            let group = candidate.group as usize;
            let (turn, prior) = if candidate.on { (-1, -self.weights.prior[group]) } else { (1, self.weights.prior[group]) };
            let change = |edge: &Edge| {
                let sum = sums[edge.to as usize];
                let crosses = i32::from(sum + turn * edge.sign > 0) - i32::from(sum > 0);
                weights[edge.to as usize] * f64::from(crosses)
            };
            candidate.gain = prior + self.children.get(group).iter().map(change).sum::<f64>();
        }
    }

    /// Turns one group off and the best other one on, where that gains. Whether it did.
    fn swap(&self, scratch: &mut Scratch) -> bool {
        if scratch.candidates.iter().all(|candidate| candidate.on) {
            return false;
        }
        for at in 0..scratch.candidates.len() {
            let Candidate { on, gain, .. } = scratch.candidates[at];
            if !on {
                continue;
            }
            self.flip(at, scratch);
            let other = |candidate: (usize, &Candidate)| candidate.0 != at && !candidate.1.on;
            let others = scratch.candidates.iter().enumerate().filter(|&candidate| other(candidate));
            let best =
                others.max_by(|a, b| a.1.gain.total_cmp(&b.1.gain).then(b.0.cmp(&a.0))).map(|(at, other)| (other.gain, at));
            if let Some((more, other)) = best
                && gain + more > GAIN
            {
                self.flip(other, scratch);
                return true;
            }
            self.flip(at, scratch);
        }
        false
    }
}

/// The largest gain, of the first that has it.
fn best(candidates: &[Candidate]) -> (f64, usize) {
    let mut best = (0.0, 0);
    for (at, candidate) in candidates.iter().enumerate() {
        if candidate.gain > best.0 {
            best = (candidate.gain, at);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Purpose;
    use crate::base::Random;

    fn random_groups(random: &mut Random, units: usize, groups: usize) -> Vec<Group> {
        let mut group = || {
            let mut group = Group::default();
            for unit in 0..units as u32 {
                match random.below(5) {
                    0 | 1 => group.positive.push(unit),
                    2 => group.negative.push(unit),
                    _ => {}
                }
            }
            group
        };
        (0..groups).map(|_| group()).collect()
    }

    /// `sum_i 1[A_i > 0] w_i + sum_j h_j lambda_j`.
    fn objective(ones: &[u32], groups: &[Group], weights: &Weights, on: &[u32]) -> f64 {
        let mut sums = vec![0; weights.one.len()];
        on.iter().flat_map(|&at| groups[at as usize].iter()).for_each(|(unit, sign)| sums[unit as usize] += sign);
        let held = (0..sums.len()).filter(|&unit| sums[unit] > 0);
        let weight = |unit: usize| if ones.contains(&(unit as u32)) { weights.one[unit] } else { weights.zero[unit] };
        held.map(weight).sum::<f64>() + on.iter().map(|&at| weights.prior[at as usize]).sum::<f64>()
    }

    #[test]
    fn no_flip_gains_once_decoded_and_gains_are_those_counted_naively() {
        let mut random = Random::new(0, Purpose::Cover, 0);
        for _ in 0..100 {
            let (units, count) = (12, 1 + random.below(6));
            let groups = random_groups(&mut random, units, count);
            let rows: Vec<Vec<u32>> = (0..8).map(|_| (0..units as u32).filter(|_| random.coin()).collect()).collect();
            let samples = Samples::new(units, &rows).expect("is valid");
            let weights = Weights::new(0.9, &vec![0.1; units], &vec![0.2; count], 0.0);
            let which: Vec<u32> = (0..8).collect();
            let [greedy, swapped] = [false, true].map(|swaps| decode(&samples, &which, &groups, &weights, swaps));
            let mut gains = swapped.gains.iter();
            for (row, ones) in rows.iter().enumerate() {
                let on = swapped.active.get(row);
                let value = objective(ones, &groups, &weights, on);
                assert!(value >= objective(ones, &groups, &weights, greedy.active.get(row)) - 1e-9);
                for at in 0..count as u32 {
                    let mut other: Vec<u32> = on.iter().copied().filter(|&one| one != at).collect();
                    if let Ok(place) = on.binary_search(&at) {
                        assert_eq!(on[place], at);
                        let gain = gains.next().expect("one for each");
                        let lost = value - objective(ones, &groups, &weights, &other);
                        assert!((gain + weights.prior[at as usize] - lost).abs() < 1e-9);
                        assert!(lost >= -1e-9);
                    } else if groups[at as usize].positive.iter().any(|unit| ones.contains(unit)) {
                        other.push(at);
                        other.sort_unstable();
                        let alone = objective(ones, &groups, &weights, &[at]);
                        let gains = objective(ones, &groups, &weights, &other) > value + 1e-9;
                        assert!(!gains || alone <= weights.least(), "{at} would gain");
                    }
                }
            }
            assert_eq!(gains.next(), None);
        }
    }

    #[test]
    fn a_part_of_the_samples_decoded_again_is_put_in_place() {
        let lists = |lists: &[&[u32]]| lists.iter().map(|list| list.iter().copied()).collect::<Lists>();
        let old = Decoded { active: lists(&[&[0], &[0, 1], &[], &[1]]), gains: vec![1.0, 2.0, 3.0, 4.0] };
        let new = Decoded { active: lists(&[&[2], &[0, 2]]), gains: vec![5.0, 6.0, 7.0] };
        let both = old.with(&[1, 2], &new);
        assert_eq!(
            (both.active.clone(), both.gains.clone()),
            (lists(&[&[0], &[2], &[0, 2], &[1]]), vec![1.0, 5.0, 6.0, 7.0, 4.0])
        );
        assert_eq!(both.gains_of(3), [7.0, 4.0, 12.0]);
        let left = both.renamed(&[None, Some(0), Some(1)]);
        assert_eq!((left.active, left.gains), (lists(&[&[], &[1], &[1], &[0]]), vec![5.0, 7.0, 4.0]));
    }
}
