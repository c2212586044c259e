//! Hard EM over the whole cover: decode, prune, regress, count; where few groups changed, only what these touch.

use crate::propose::Group;
use crate::propose::cover::constants::PARTIAL;
use crate::propose::cover::constants::SETTLED;
use crate::propose::cover::decode::decode;
use crate::propose::cover::edges::Edges;
use crate::propose::cover::fit::Fit;
use crate::propose::cover::prune::atomise;
use crate::propose::cover::prune::merge;
use crate::propose::cover::prune::pays;
use crate::propose::cover::regress::Causes;
use crate::propose::cover::regress::Row;
use crate::propose::cover::regress::regress;
use crate::propose::lists::Lists;
use crate::propose::lists::shared;

impl Fit<'_> {
    /// Hidden units of all samples for the groups as they are.
    pub(super) fn decode(&mut self, swaps: bool) {
        let all: Vec<u32> = (0..self.samples.len() as u32).collect();
        self.decoded = decode(self.samples, &all, &self.groups, &self.weights(self.heard), swaps);
        self.active_of = self.decoded.active.transposed(self.groups.len());
        self.stale.fill(false);
        self.robbed.fill(false);
    }

    /// Hidden units of the samples that groups which changed may be on in; of all, where many did.
    pub(super) fn refresh(&mut self, swaps: bool) {
        let stale = || self.stale.iter().enumerate().filter(|(_, stale)| **stale).map(|(at, _)| at);
        if self.decoded.active.len() == 0 || stale().count() as f64 > PARTIAL * self.groups.len() as f64 {
            return self.decode(swaps);
        }
        let weights = self.weights(self.heard);
        let least = weights.least();
        let mut open = std::mem::replace(&mut self.robbed, vec![false; self.samples.len()]);
        let mut alone = vec![0.0; self.samples.len()];
        for at in stale() {
            self.active_of.get(at).iter().for_each(|&sample| open[sample as usize] = true);
            let units = &self.groups[at].positive;
            alone.fill(weights.prior[at] + units.iter().map(|&unit| weights.zero[unit as usize]).sum::<f64>());
            for &unit in units {
                let worth = weights.one[unit as usize] - weights.zero[unit as usize];
                self.columns.get(unit as usize).iter().for_each(|&sample| alone[sample as usize] += worth);
            }
            open.iter_mut().zip(&alone).for_each(|(open, &gain)| *open |= gain > least);
        }
        let which: Vec<u32> = (0..self.samples.len() as u32).filter(|&sample| open[sample as usize]).collect();
        let new = decode(self.samples, &which, &self.groups, &weights, swaps);
        self.decoded = self.decoded.with(&which, &new);
        self.active_of = self.decoded.active.transposed(self.groups.len());
        self.stale.fill(false);
    }

    /// Rounds until hardly a group changes.
    pub(super) fn rounds(&mut self, most: usize, raised: f64, swaps: bool) {
        for round in 0..most {
            let changed = self.round(raised, swaps, swaps && round == 0, round > 0);
            if changed as f64 <= SETTLED * self.groups.len() as f64 {
                break;
            }
        }
    }

    /// One round: decode, prune, regress, count. How many groups changed.
    fn round(&mut self, raised: f64, swaps: bool, all: bool, warm: bool) -> usize {
        let before = self.active_of.clone();
        if all {
            self.decode(swaps);
        } else {
            self.refresh(swaps);
        }
        let which = if all { (0..self.columns.len() as u32).collect() } else { self.affected(&before) };
        self.prune();
        let old = Edges::of_units(&self.groups, self.columns.len());
        let causes = Causes { active: &self.decoded.active, active_of: &self.active_of, signed: self.signed };
        let rows = regress(self.columns, &which, causes, &self.weights(raised), warm.then_some(&old));
        let groups = self.rewritten(&which, &rows);
        let changed = self.change(groups);
        self.count();
        let stay: Vec<usize> = (0..self.groups.len()).filter(|&at| self.groups[at].positive.len() >= 2).collect();
        self.retain(&stay);
        changed
    }

    /// The groups with new rows for these units.
    fn rewritten(&mut self, which: &[u32], rows: &[Row]) -> Vec<Group> {
        let mut redone = vec![false; self.columns.len()];
        which.iter().for_each(|&unit| redone[unit as usize] = true);
        let mut groups = self.groups.clone();
        for group in &mut groups {
            group.positive.retain(|&unit| !redone[unit as usize]);
            group.negative.retain(|&unit| !redone[unit as usize]);
        }
        for (&unit, row) in which.iter().zip(rows) {
            row.positive.iter().for_each(|&at| groups[at as usize].positive.push(unit));
            row.negative.iter().for_each(|&at| groups[at as usize].negative.push(unit));
            self.held[unit as usize] = (row.held, row.ones);
        }
        for group in &mut groups {
            group.positive.sort_unstable();
            group.negative.sort_unstable();
        }
        groups
    }

    /// The units whose rows may change: all, where the samples of many groups did; else those with an edge of such a group, and those
    /// that are on in most of its samples.
    fn affected(&self, before: &Lists) -> Vec<u32> {
        let units = self.columns.len();
        let moved = |&at: &usize| {
            let (old, new) = (before.get(at), self.active_of.get(at));
            let both = shared(old, new);
            (old.len() + new.len() - 2 * both) as f64 > SETTLED * new.len() as f64
        };
        let moved: Vec<usize> = (0..self.groups.len()).filter(|at| *at >= before.len() || moved(at)).collect();
        if moved.len() as f64 > PARTIAL * self.groups.len() as f64 {
            return (0..units as u32).collect();
        }
        let mut open = vec![false; units];
        let mut counts = vec![0_usize; units];
        for at in moved {
            self.groups[at].iter().for_each(|(unit, _)| open[unit as usize] = true);
            let samples = self.active_of.get(at);
            let ones = || samples.iter().flat_map(|&sample| self.samples.ones(sample as usize));
            ones().for_each(|&unit| counts[unit as usize] += 1);
            for &unit in ones() {
                open[unit as usize] |= 2 * counts[unit as usize] > samples.len();
            }
            ones().for_each(|&unit| counts[unit as usize] = 0);
        }
        (0..units as u32).filter(|&unit| open[unit as usize]).collect()
    }

    /// The difference move.
    pub(super) fn atomise(&mut self) {
        let mut groups = self.groups.clone();
        atomise(&mut groups, self.samples.units());
        self.change(groups);
        let stay: Vec<usize> = (0..self.groups.len()).filter(|&at| !self.groups[at].positive.is_empty()).collect();
        self.retain(&stay);
    }

    fn prune(&mut self) {
        let (samples, units) = (self.samples.len(), self.samples.units());
        let active = |at: usize| self.active_of.get(at).len();
        let gains = self.decoded.gains_of(self.groups.len());
        let pays = |at: usize| pays(&self.groups[at], gains[at], active(at), samples, units);
        let mut keep: Vec<bool> = (0..self.groups.len()).map(pays).collect();
        merge(&self.groups, &self.decoded.active, &self.active_of, &mut keep);
        let stay: Vec<usize> = (0..self.groups.len()).filter(|&at| keep[at]).collect();
        self.retain(&stay);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::planted::Recipe;
    use crate::propose::planted::Tier;
    use crate::propose::planted::draw;

    #[test]
    fn samples_that_a_change_touches_are_decoded_as_all_would_be() {
        let tier = Tier::Overlapping { degree: 10.0 };
        let recipe = Recipe { tier, units: 100, hidden: 30, rate: 0.05, noise: 0.0, samples: 1000 };
        let truth = draw(&recipe, 0, 0).expect("is valid");
        let columns = truth.observed.columns();
        let mut fit = Fit::new(&truth.observed, &columns, true);
        fit.replace(truth.layers[0].clone());
        fit.rates.fill(0.05);
        fit.decode(false);
        let before = fit.decoded.active.clone();
        let mut groups = fit.groups.clone();
        groups[3].positive = vec![1, 2];
        assert_eq!(fit.change(groups), 1);
        fit.retain(&(0..29).collect::<Vec<_>>());
        fit.refresh(false);
        let mut all = fit.clone();
        all.decode(false);
        assert_ne!(before, all.decoded.active);
        assert_eq!(fit.decoded.active, all.decoded.active);
    }
}
