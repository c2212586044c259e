//! A cover on its way: groups, probabilities, and the hidden units of all samples.

use crate::propose::Group;
use crate::propose::Samples;
use crate::propose::cover::constants::HEARD;
use crate::propose::cover::constants::LEAST_OFF;
use crate::propose::cover::constants::MOST_ON;
use crate::propose::cover::decode::Decoded;
use crate::propose::cover::local::Found;
use crate::propose::cover::weights::Weights;
use crate::propose::lists::Lists;
use crate::propose::lists::shared;

/// A cover on its way.
#[derive(Clone, Debug)]
pub(super) struct Fit<'a> {
    pub(super) samples: &'a Samples,
    /// For each unit its samples.
    pub(super) columns: &'a Lists,
    pub(super) groups: Vec<Group>,
    /// For each group how probable it is to be on.
    pub(super) rates: Vec<f64>,
    /// How probable a unit is to be on where a group holds it on; none before the first groups.
    pub(super) on: Option<f64>,
    /// For each unit how probable it is to be on elsewhere.
    pub(super) off: Vec<f64>,
    /// For each unit in how many samples it is held on, and in how many of these it is on.
    pub(super) held: Vec<(usize, usize)>,
    /// The groups of each sample, and the samples of each group.
    pub(super) decoded: Decoded,
    pub(super) active_of: Lists,
    /// For each group whether it changed since samples were decoded.
    pub(super) stale: Vec<bool>,
    /// For each sample whether a group was taken from it since.
    pub(super) robbed: Vec<bool>,
    /// What `off` is raised to where hidden units are decoded, in parts of `on`.
    pub(super) heard: f64,
    /// Whether edges may be negative.
    pub(super) signed: bool,
}

impl<'a> Fit<'a> {
    /// No group.
    pub(super) fn new(samples: &'a Samples, columns: &'a Lists, signed: bool) -> Fit<'a> {
        let off = columns.iter().map(|ones| (ones.len() as f64 / samples.len().max(1) as f64).max(LEAST_OFF)).collect();
        Fit {
            samples,
            columns,
            groups: Vec::new(),
            rates: Vec::new(),
            on: None,
            off,
            held: vec![(0, 0); columns.len()],
            decoded: Decoded::default(),
            active_of: Lists::default(),
            stale: Vec::new(),
            robbed: vec![false; samples.len()],
            heard: HEARD.1,
            signed,
        }
    }

    /// Adds groups without negative edges.
    pub(super) fn add(&mut self, found: &[Found]) {
        if self.on.is_none() && !found.is_empty() {
            self.on = Some((found.iter().map(|found| found.rate).sum::<f64>() / found.len() as f64).min(MOST_ON));
        }
        for group in found {
            self.groups.push(Group { positive: group.members.clone(), negative: Vec::new() });
            self.rates.push(group.samples as f64 / self.samples.len() as f64);
            self.active_of.push([]);
        }
        self.stale.resize(self.groups.len(), true);
    }

    /// Takes these groups instead of those there are, each as probable as these in the mean.
    pub(super) fn replace(&mut self, groups: Vec<Group>) {
        let rate = self.rates.iter().sum::<f64>() / self.rates.len().max(1) as f64;
        self.rates = vec![rate; groups.len()];
        self.stale = vec![true; groups.len()];
        self.groups = groups;
    }

    pub(super) fn weights(&self, raised: f64) -> Weights {
        Weights::new(self.on.unwrap_or(MOST_ON), &self.off, &self.rates, raised)
    }

    /// Takes new edges for the groups. How many of them changed.
    pub(super) fn change(&mut self, groups: Vec<Group>) -> usize {
        let mut changed = 0;
        for ((old, new), stale) in self.groups.iter_mut().zip(groups).zip(&mut self.stale) {
            if *old != new {
                *stale = true;
                changed += 1;
                *old = new;
            }
        }
        changed
    }

    /// Keeps these groups, in order, and their samples.
    pub(super) fn retain(&mut self, stay: &[usize]) {
        if stay.len() == self.groups.len() {
            return;
        }
        let mut names = vec![None; self.groups.len()];
        stay.iter().zip(0..).for_each(|(&at, name)| names[at] = Some(name));
        for at in (0..names.len()).filter(|&at| names[at].is_none()) {
            self.active_of.get(at).iter().for_each(|&sample| self.robbed[sample as usize] = true);
        }
        self.groups = stay.iter().map(|&at| std::mem::take(&mut self.groups[at])).collect();
        self.rates = stay.iter().map(|&at| self.rates[at]).collect();
        self.stale = stay.iter().map(|&at| self.stale[at]).collect();
        self.active_of = stay.iter().map(|&at| self.active_of.get(at).iter().copied()).collect();
        self.decoded = self.decoded.renamed(&names);
    }

    /// Probabilities from the hidden units of disjoint groups without negative edges.
    pub(super) fn recount(&mut self) {
        self.held.fill((0, 0));
        for (group, active) in self.groups.iter().zip(self.active_of.iter()) {
            for &unit in &group.positive {
                self.held[unit as usize] = (active.len(), shared(active, self.columns.get(unit as usize)));
            }
        }
        self.count();
    }

    /// Probabilities from counts.
    pub(super) fn count(&mut self) {
        let samples = self.samples.len();
        let (all, ones) = self.held.iter().fold((0, 0), |sum, unit| (sum.0 + unit.0, sum.1 + unit.1));
        if all > 0 {
            self.on = Some((ones as f64 / all as f64).clamp(0.01, MOST_ON));
        }
        let free = (samples * self.held.len() - all).max(1);
        let global = (self.samples.total() - ones) as f64 / free as f64;
        let off = |(unit, &(all, ones)): (usize, &(usize, usize))| {
            let off = (self.columns.get(unit).len() - ones) as f64;
            ((off + 2.0 * global) / ((samples - all) as f64 + 2.0)).max(LEAST_OFF)
        };
        self.off = self.held.iter().enumerate().map(off).collect();
        let rate = |active: &[u32]| active.len().max(1) as f64 / (samples + 1) as f64;
        self.rates = self.active_of.iter().map(rate).collect();
    }
}
