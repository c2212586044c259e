//! The best set of changes, by branch and bound.
//!
//! Axes are set one after the other, those that save most for their price first. What is still missing costs at least what the
//! best axes left would take for it if they could stop anywhere and lost nothing to one another: savings are concave along each axis
//! and shrink with every other that goes down, so the bound never lies above the truth. A branch whose bound reaches the best set
//! known is cut. After [`MAX_VISITS`] branches the rest is cut as well; the least bound among those is then all that is proven.

use crate::analyze::suggest::Problem;
use crate::graph::Counts;

/// Branches that are looked at, at most: a few tenths of a second.
const MAX_VISITS: u32 = 50_000;

/// The best set that was found.
pub(super) struct Mixed {
    /// Grains down on each axis.
    pub(super) grains: Vec<u32>,
    /// No set has a lower price; its own where it is proven best.
    pub(super) lower: u128,
}

/// The best set; `known` is one that is enough.
pub(super) fn best(problem: &Problem, known: &[u32]) -> Mixed {
    let gains: Vec<Counts> = problem.axes.iter().map(|axis| axis.gain).collect();
    let mut order: Vec<usize> = (0..problem.axes.len()).collect();
    let weights = Weights::of(problem.excess);
    let gain = |at: usize| weights.sum(gains[at]);
    order.sort_by(|&a, &b| {
        let (left, right) = (gain(a) * price(problem, b), gain(b) * price(problem, a));
        right.cmp(&left).then(a.cmp(&b))
    });
    let mut search = Search {
        problem,
        order,
        gains,
        weights,
        grains: vec![0; known.len()],
        best: known.to_vec(),
        lowest: problem.price(known),
        open: None,
        visits: 0,
    };
    search.descend(0, problem.excess, 0);
    let lower = search.open.map_or(search.lowest, |open| open.min(search.lowest));
    Mixed { grains: search.best, lower }
}

fn most(stops: &[u32]) -> u32 {
    stops.last().copied().unwrap_or_default()
}

fn price(problem: &Problem, at: usize) -> i128 {
    problem.prices[at].cast_signed()
}

struct Search<'p> {
    problem: &'p Problem,
    order: Vec<usize>,
    /// What the first grain of each axis saves now that others are down.
    gains: Vec<Counts>,
    weights: Weights,
    grains: Vec<u32>,
    best: Vec<u32>,
    lowest: u128,
    /// The least bound of a branch that was not looked at.
    open: Option<u128>,
    visits: u32,
}

impl Search<'_> {
    /// Sets the axes from `depth` on; `missing` is still to be saved and `spent` what is set costs.
    fn descend(&mut self, depth: usize, missing: Counts, spent: u128) {
        if missing.madds <= 0 && missing.params <= 0 {
            if spent < self.lowest {
                self.lowest = spent;
                self.best.copy_from_slice(&self.grains);
            }
            return;
        }
        let Some(least) = self.bound(depth, missing) else { return };
        if spent + least >= self.lowest {
            return;
        }
        if self.visits >= MAX_VISITS {
            self.open = Some(self.open.map_or(spent + least, |open| open.min(spent + least)));
            return;
        }
        self.visits += 1;
        let problem = self.problem;
        let at = self.order[depth];
        let axis = &problem.axes[at];
        let gain = self.gains[at];
        let saves = |grains: u32| (gain - axis.square * i128::from(grains)) * i128::from(grains);
        // Further than what is enough alone no axis needs to go.
        let enough = |grains: u32| {
            let left = missing - saves(grains);
            left.madds <= 0 && left.params <= 0
        };
        let last = (axis.stops.partition_point(|&stop| !enough(stop)) + 1).min(axis.stops.len());
        for &stop in axis.stops[..last].iter().rev() {
            self.set(at, stop, 1);
            self.descend(depth + 1, missing - saves(stop), spent + problem.prices[at] * u128::from(stop));
            self.set(at, stop, -1);
        }
        self.descend(depth + 1, missing, spent);
    }

    /// Puts an axis down, or up again.
    fn set(&mut self, at: usize, stop: u32, sign: i128) {
        self.grains[at] = if sign > 0 { stop } else { 0 };
        for &(other, product) in &self.problem.axes[at].products {
            self.gains[other] = self.gains[other] - product * (i128::from(stop) * sign);
        }
    }

    /// The least that what is missing costs on the axes from `depth` on; nothing if all of them are not enough.
    fn bound(&self, depth: usize, missing: Counts) -> Option<u128> {
        let madds = self.bound_of(depth, missing.madds, |counts| counts.madds)?;
        let params = self.bound_of(depth, missing.params, |counts| counts.params)?;
        if missing.madds <= 0 || missing.params <= 0 {
            return Some(madds.max(params));
        }
        // Who saves both saves their sum, however it is weighted.
        let both = self.bound_of(depth, self.weights.sum(missing), |counts| self.weights.sum(counts))?;
        Some(madds.max(params).max(both))
    }

    fn bound_of(&self, depth: usize, mut missing: i128, of: impl Fn(Counts) -> i128) -> Option<u128> {
        let mut spent = 0;
        // The axes left are taken in the order of their worth now, found one by one, for few are needed.
        let mut last: Option<(i128, i128, usize)> = None;
        while missing > 0 {
            let mut best: Option<(i128, i128, usize)> = None;
            for &at in &self.order[depth..] {
                let candidate = (of(self.gains[at]), price(self.problem, at), at);
                let after = last.is_none_or(|last| is_worth_more(last, candidate));
                if candidate.0 > 0 && after && best.is_none_or(|best| is_worth_more(candidate, best)) {
                    best = Some(candidate);
                }
            }
            let (gain, price, at) = best?;
            let whole = gain * i128::from(most(&self.problem.axes[at].stops));
            if whole >= missing {
                return Some(spent + (missing * price).unsigned_abs().div_ceil(gain.unsigned_abs()));
            }
            missing -= whole;
            spent += (price * i128::from(most(&self.problem.axes[at].stops))).unsigned_abs();
            last = best;
        }
        Some(spent)
    }
}

/// Multiply-adds and parameters as one quantity, each measured by what is missing of it.
#[derive(Clone, Copy)]
struct Weights {
    madds: i128,
    params: i128,
}

impl Weights {
    /// Weights of at most 2^20, with which what is missing of the one is worth about what is missing of the other.
    fn of(excess: Counts) -> Weights {
        let (madds, params) = (excess.madds.max(0), excess.params.max(0));
        let larger = madds.max(params).max(1);
        match (madds, params) {
            (_, 0) => Weights { madds: 1, params: 0 },
            (0, _) => Weights { madds: 0, params: 1 },
            _ => Weights { madds: ((params << 20) / larger).max(1), params: ((madds << 20) / larger).max(1) },
        }
    }

    fn sum(self, counts: Counts) -> i128 {
        counts.madds * self.madds + counts.params * self.params
    }
}

/// Whether an axis saves more for its price; among equals the one with the lower number.
fn is_worth_more(one: (i128, i128, usize), other: (i128, i128, usize)) -> bool {
    let (left, right) = (one.0 * other.1, other.0 * one.1);
    left > right || left == right && one.2 < other.2
}
