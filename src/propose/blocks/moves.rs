//! Local search: each unit goes to the group where it costs least, or to one of its own, until no such move is left.

use crate::base::Random;
use crate::propose::blocks::cluster::Cluster;
use crate::propose::blocks::merge::By;
use crate::propose::blocks::merge::agglomerate;
use crate::propose::blocks::rule::Rule;
use crate::propose::blocks::unit::Unit;

/// Changes of a price that are taken for rounding.
const NOTHING: f64 = 1e-7;
/// How many times as long looking at a link takes where links may be lost.
const LOSSY: u64 = 3;
/// Most groups whose pairs are compared after moves.
const MERGED: usize = 256;

/// A partition of units during a search.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The group of each unit.
    of: Vec<usize>,
    /// The groups; some may be without units.
    clusters: Vec<Cluster>,
}

impl State {
    /// The partition of given labels below the number of units.
    pub(super) fn new(units: &[Unit], columns: usize, labels: &[usize], rule: &Rule) -> State {
        let count = labels.iter().max().map_or(0, |last| last + 1);
        let mut held: Vec<Vec<&Unit>> = vec![Vec::new(); count];
        labels.iter().zip(units).for_each(|(&label, unit)| held[label].push(unit));
        let clusters = held.into_iter().map(|units| Cluster::new(columns, units, rule)).collect();
        State { of: labels.to_vec(), clusters }
    }

    /// The group of each unit.
    pub(super) fn labels(&self) -> &[usize] {
        &self.of
    }

    /// Number of labels in use or once used.
    pub(super) fn groups(&self) -> usize {
        self.clusters.len()
    }

    /// Whether a group has units.
    pub(super) fn is_held(&self, group: usize) -> bool {
        self.clusters[group].size() > 0
    }

    /// The price of all groups.
    pub(super) fn cost(&self) -> f64 {
        self.clusters.iter().map(Cluster::cost).sum()
    }

    /// Moves a unit to a group.
    pub(super) fn put(&mut self, units: &[Unit], unit: usize, group: usize, rule: &Rule) {
        let from = self.of[unit];
        if from != group {
            self.clusters[from].leave(&units[unit], rule);
            self.clusters[group].join(&units[unit], rule);
            self.of[unit] = group;
        }
    }

    /// A group without units.
    pub(super) fn free(&mut self, columns: usize, rule: &Rule) -> usize {
        self.clusters.iter().position(|cluster| cluster.size() == 0).unwrap_or_else(|| {
            self.clusters.push(Cluster::new(columns, [], rule));
            self.clusters.len() - 1
        })
    }

    /// Moves units and merges groups as long as that costs less, or until `work` counts of links are looked at, which are taken off. Units come
    /// in random order.
    pub(super) fn improve(&mut self, units: &[Unit], columns: usize, rule: &Rule, random: &mut Random, work: &mut u64) {
        loop {
            while self.sweep(units, columns, rule, random, work) && *work > 0 {}
            if *work == 0 || !self.merge(units, columns, rule, work) {
                break;
            }
        }
    }

    fn sweep(&mut self, units: &[Unit], columns: usize, rule: &Rule, random: &mut Random, work: &mut u64) -> bool {
        let mut order: Vec<usize> = (0..units.len()).collect();
        random.shuffle(&mut order);
        let mut moved = false;
        for at in order {
            let unit = &units[at];
            let from = self.of[at];
            let saved = self.clusters[from].cost() - self.clusters[from].cost_without(unit, rule);
            // What its own group would cost it, then all others.
            let own = rule.cost(unit.rows.len(), unit.columns.len(), 0);
            let mut best = (own - saved, None);
            for (to, cluster) in self.clusters.iter().enumerate() {
                if to == from || cluster.size() == 0 {
                    continue;
                }
                let change = cluster.cost_with(unit, rule) - cluster.cost() - saved;
                if change < best.0 {
                    best = (change, Some(to));
                }
            }
            let each = if rule.is_lossless() { 1 } else { LOSSY };
            *work = work.saturating_sub(each * (self.clusters.len() * unit.columns.len().max(1)) as u64);
            if best.0 < -NOTHING {
                let to = best.1.unwrap_or_else(|| self.free(columns, rule));
                self.put(units, at, to, rule);
                // Both groups are counted anew.
                *work = work.saturating_sub(4 * columns as u64);
                moved = true;
            }
            if *work == 0 {
                break;
            }
        }
        moved
    }

    fn merge(&mut self, units: &[Unit], columns: usize, rule: &Rule, work: &mut u64) -> bool {
        let held: Vec<usize> = (0..self.clusters.len()).filter(|&group| self.clusters[group].size() > 0).collect();
        if held.len() > MERGED {
            return false;
        }
        // Comparing counts in a row takes about an eighth of the time of looking them up.
        let each = if rule.is_lossless() { 1 } else { LOSSY };
        *work = work.saturating_sub(each * (held.len() * held.len() * columns / 8) as u64);
        let groups = held.iter().map(|&group| self.clusters[group].clone()).collect();
        let merged = agglomerate(groups, rule, By::Price);
        let mut place = vec![0; self.clusters.len()];
        held.iter().zip(&merged).for_each(|(&group, &label)| place[group] = label);
        let labels: Vec<usize> = self.of.iter().map(|&group| place[group]).collect();
        let next = State::new(units, columns, &labels, rule);
        let better = next.cost() < self.cost() - NOTHING;
        if better {
            *self = next;
        }
        better
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Purpose;
    use crate::propose::blocks::planted;
    use crate::propose::blocks::unit::units;

    #[test]
    fn moves_never_cost_more_and_none_is_left() {
        for (least, seed) in [(0.0, 1), (0.5, 2), (0.34, 3)] {
            let table = planted(24, 18, 3, 0.8, 0.1, seed).expect("is valid").table;
            let rule = Rule { least, group: 4.0, lost: 2.0 };
            let units = units(&table);
            let labels: Vec<usize> = (0..units.len()).map(|unit| unit % 4).collect();
            let mut state = State::new(&units, 18, &labels, &rule);
            let before = state.cost();
            let mut random = Random::new(seed, Purpose::Partition, 0);
            state.improve(&units, 18, &rule, &mut random, &mut 1_000_000);
            assert!(state.cost() < before);
            let cost = state.cost();
            for unit in 0..units.len() {
                for group in 0..state.groups() {
                    let mut other = state.clone();
                    other.put(&units, unit, group, &rule);
                    assert!(other.cost() >= cost - 1e-6, "least {least}: unit {unit} to group {group}");
                }
            }
        }
    }

    #[test]
    fn no_work_means_one_move_at_most() {
        let table = planted(24, 18, 3, 0.8, 0.1, 1).expect("is valid").table;
        let rule = Rule { least: 0.0, group: 4.0, lost: 0.0 };
        let units = units(&table);
        let labels = vec![0; units.len()];
        let mut state = State::new(&units, 18, &labels, &rule);
        let mut work = 1;
        state.improve(&units, 18, &rule, &mut Random::new(1, Purpose::Partition, 0), &mut work);
        assert!(state.labels().iter().filter(|label| **label != 0).count() <= 1);
        assert_eq!(work, 0);
    }
}
