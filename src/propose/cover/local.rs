//! A group grown from a pair by hard EM: the samples in which the hidden unit is on, then the units that are on in those.

use crate::propose::cover::constants::LEAST_RATE;
use crate::propose::cover::constants::LIFT;
use crate::propose::cover::constants::MEMBER;
use crate::propose::cover::constants::PASSES;
use crate::propose::cover::constants::RATES;
use crate::propose::cover::constants::SPLITS;
use crate::propose::cover::constants::TOP;
use crate::propose::cover::residual::Residual;
use crate::propose::cover::split::Splitter;
use crate::propose::deviance::divergence;
use crate::propose::lists::common;

/// A set of units that are on together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// The units, ascending.
    pub(super) members: Vec<u32>,
    /// In how many samples they are.
    pub(super) samples: usize,
    /// The mean rate of members in those.
    pub(super) rate: f64,
}

/// The likelihood ratio of a set: what each member adds to the score of a sample in which it is on, or off, in nats.
#[derive(Clone, Debug, Default)]
struct Ratio {
    on: Vec<f32>,
    off: Vec<f32>,
    /// The logarithm of the share of samples of the set.
    prior: f32,
}

/// Grows groups, keeping its memory between them.
#[derive(Debug)]
pub(super) struct Grower<'a> {
    residual: &'a Residual,
    splitter: Splitter<'a>,
    /// For each unit its ones, and its missing cells, in the samples at hand.
    ones: Vec<u32>,
    missing: Vec<u32>,
    /// For each unit its place among the members, from 1.
    places: Vec<u32>,
    /// For each sample its score: the logarithm of how much more probable the set is than not.
    scores: Vec<f32>,
    /// The samples that one member more or less may choose, with their scores, in order.
    near: Vec<(u32, f32)>,
}

/// Scores that are looked through at a time.
const SCAN: usize = 32;

/// A unit with its rate in the samples at hand.
type Rated = (u32, f64);

impl<'a> Grower<'a> {
    /// Grows groups on what is left.
    pub(super) fn new(residual: &'a Residual) -> Grower<'a> {
        Grower {
            residual,
            splitter: Splitter::new(residual),
            ones: vec![0; residual.units()],
            missing: vec![0; residual.units()],
            places: vec![0; residual.units()],
            scores: vec![0.0; residual.samples()],
            near: Vec::new(),
        }
    }

    /// The group of two units, if there is one.
    pub(super) fn grow(&mut self, u: u32, v: u32) -> Option<Found> {
        let residual = self.residual;
        let mut samples = common(residual.on_of.get(u as usize), residual.on_of.get(v as usize));
        let mut given = vec![u, v];
        let mut splits = 0;
        loop {
            let (members, rate, found) = self.settle(samples, &given)?;
            let parted = if splits < SPLITS { self.splitter.split(&members, &found) } else { None };
            let Some((unit, part)) = parted else {
                let log = (residual.units() as f64).ln();
                let gain: f64 = self.near.iter().map(|near| f64::from(near.1.max(0.0))).sum();
                let prior = (found.len() as f64).ln() - (residual.samples() as f64).ln();
                let accepted = gain - prior * found.len() as f64 > members.len() as f64 * log;
                return accepted.then_some(Found { members, samples: found.len(), rate });
            };
            samples = part;
            given = vec![unit];
            splits += 1;
        }
    }

    /// Passes until nothing changes: members, their mean rate, their samples. The scores are those of the last pass.
    fn settle(&mut self, mut samples: Vec<u32>, given: &[u32]) -> Option<(Vec<u32>, f64, Vec<u32>)> {
        let mut members: Vec<u32> = Vec::new();
        let mut ratio = Ratio::default();
        let mut rate = 0.0;
        for pass in 0..PASSES {
            let rated = self.rated(&samples, &members, &ratio);
            let next = self.select(&rated, samples.len(), if pass == 0 { given } else { &[] });
            if next.len() < 3 {
                return None;
            }
            rate = next.iter().map(|pair| pair.1).sum::<f64>() / next.len() as f64;
            let same = next.len() == members.len() && next.iter().zip(&members).all(|(pair, &old)| pair.0 == old);
            members = next.into_iter().map(|pair| pair.0).collect();
            ratio = self.ratio(&members, rate, samples.len());
            let assigned = self.assign(&members, &ratio);
            samples = assigned;
            if samples.is_empty() {
                return None;
            }
            if same {
                break;
            }
        }
        Some((members, rate, samples))
    }

    /// The rate of each unit that is on in the samples; those of members without their own part in the choice of the samples.
    fn rated(&mut self, samples: &[u32], members: &[u32], ratio: &Ratio) -> Vec<Rated> {
        let residual = self.residual;
        let mut units: Vec<u32> = Vec::new();
        for &sample in samples {
            for &unit in residual.on.get(sample as usize) {
                if self.ones[unit as usize] == 0 {
                    units.push(unit);
                }
                self.ones[unit as usize] += 1;
            }
            residual.missing.get(sample as usize).iter().for_each(|&unit| self.missing[unit as usize] += 1);
        }
        units.sort_unstable();
        let rate = |&unit: &u32| {
            let seen = samples.len() as u32 - self.missing[unit as usize];
            (unit, f64::from(self.ones[unit as usize]) / f64::from(seen))
        };
        let mut rated: Vec<Rated> = units.iter().map(rate).collect();
        for (&member, own) in members.iter().zip(self.without(members, ratio)) {
            if let Ok(place) = units.binary_search(&member) {
                rated[place].1 = own;
            }
        }
        for &sample in samples {
            residual.on.get(sample as usize).iter().for_each(|&unit| self.ones[unit as usize] = 0);
            residual.missing.get(sample as usize).iter().for_each(|&unit| self.missing[unit as usize] = 0);
        }
        rated
    }

    /// Each member's rate in the samples that the other members choose: those whose score stays above 0 without its own part.
    fn without(&mut self, members: &[u32], ratio: &Ratio) -> Vec<f64> {
        let residual = self.residual;
        members.iter().zip(1..).for_each(|(&member, place)| self.places[member as usize] = place);
        let mut hits = vec![0_u32; members.len()];
        // Chosen samples in which the member is off, first as if it were off in all.
        let mut zeros = vec![0_u32; members.len()];
        for &(_, score) in &self.near {
            zeros.iter_mut().zip(&ratio.off).for_each(|(zeros, &off)| *zeros += u32::from(score > off));
        }
        let members_of = |units: &'a [u32]| units.iter().filter_map(|&unit| (self.places[unit as usize] as usize).checked_sub(1));
        for &(sample, score) in &self.near {
            let sample = sample as usize;
            for at in members_of(residual.on.get(sample)) {
                zeros[at] -= u32::from(score > ratio.off[at]);
                hits[at] += u32::from(score > ratio.on[at]);
            }
            members_of(residual.missing.get(sample)).for_each(|at| zeros[at] -= u32::from(score > ratio.off[at]));
        }
        members.iter().for_each(|&member| self.places[member as usize] = 0);
        hits.iter().zip(zeros).map(|(&hits, zeros)| f64::from(hits) / f64::from((hits + zeros).max(1))).collect()
    }

    /// The units whose rate is near the largest, and far from their rate outside.
    fn select(&self, rated: &[Rated], samples: usize, given: &[u32]) -> Vec<Rated> {
        let mut top = [0.0; TOP];
        let places = (TOP + 1 - given.len()).min(TOP);
        for &(_, f) in rated.iter().filter(|(unit, _)| !given.contains(unit)) {
            if f > top[places - 1] {
                let at = top[..places].partition_point(|&other| other >= f);
                top[at..places].rotate_right(1);
                top[at] = f;
            }
        }
        let mean = top[..places].iter().sum::<f64>() / places as f64;
        let count = samples as f64;
        let least = (MEMBER * mean - (mean * (1.0 - mean) / count).max(0.0).sqrt()).max(LEAST_RATE);
        let log = (self.residual.units() as f64).ln();
        let chosen = |&(unit, f): &Rated| {
            let p = self.residual.rate[unit as usize];
            f > least && f > LIFT * p && count * divergence(f, p) > log
        };
        rated.iter().copied().filter(chosen).collect()
    }

    fn ratio(&self, members: &[u32], rate: f64, samples: usize) -> Ratio {
        let on = rate.clamp(RATES.0, RATES.1);
        let off = |member: &u32| self.residual.rate[*member as usize].min(1.0 - 1e-9);
        Ratio {
            on: members.iter().map(|member| (on / off(member)).ln() as f32).collect(),
            off: members.iter().map(|member| ((1.0 - on) / (1.0 - off(member))).ln() as f32).collect(),
            prior: (samples as f64 / self.residual.samples() as f64).ln() as f32,
        }
    }

    /// The samples in which the set is more probable than not.
    fn assign(&mut self, members: &[u32], ratio: &Ratio) -> Vec<u32> {
        let residual = self.residual;
        self.scores.fill(ratio.prior + ratio.off.iter().sum::<f32>());
        for (at, &member) in members.iter().enumerate() {
            let (on, missing) = (ratio.on[at] - ratio.off[at], ratio.off[at]);
            residual.on_of.get(member as usize).iter().for_each(|&sample| self.scores[sample as usize] += on);
            residual.missing_of.get(member as usize).iter().for_each(|&sample| self.scores[sample as usize] -= missing);
        }
        let least = ratio.off.iter().copied().fold(0.0, f32::min);
        self.near.clear();
        // Most pieces hold none: their largest score tells.
        for (piece, scores) in self.scores.chunks(SCAN).enumerate() {
            if scores.iter().fold(f32::MIN, |most, &score| if score > most { score } else { most }) > least {
                let scored = scores.iter().zip(piece * SCAN..).filter(|(score, _)| **score > least);
                self.near.extend(scored.map(|(&score, sample)| (sample as u32, score)));
            }
        }
        self.near.iter().filter(|near| near.1 > 0.0).map(|near| near.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::lists::Lists;
    use crate::propose::planted::Recipe;
    use crate::propose::planted::Tier;
    use crate::propose::planted::draw;

    #[test]
    fn a_pair_inside_a_group_grows_into_it() {
        let recipe = Recipe { tier: Tier::Disjoint, units: 60, hidden: 6, rate: 0.1, noise: 0.2, samples: 600 };
        let truth = draw(&recipe, 0, 0).expect("is valid");
        let residual = Residual::of(600, &truth.observed.columns(), &[], &Lists::default());
        let mut grower = Grower::new(&residual);
        for group in &truth.layers[0] {
            let found = grower.grow(group.positive[0], group.positive[1]).expect("is a group");
            assert_eq!(found.members, group.positive);
            assert!((0.7..0.9).contains(&found.rate) && (30..90).contains(&found.samples));
        }
        // Two units of different groups are seldom on together, and nothing else is then.
        let [one, other, ..] = &truth.layers[0][..] else { panic!("six groups") };
        assert!(
            grower
                .grow(one.positive[0], other.positive[0])
                .is_none_or(|found| { found.members == one.positive || found.members == other.positive })
        );
    }
}
