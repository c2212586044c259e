//! The least changes of widths after which a network is inside its limits.
//!
//! A change is measured by the sum, over all numbers that are changed, of the share by which each goes down. Four kinds are looked for:
//! the best single number, the best pair, all numbers scaled alike, and the best set of any size. The first three are found by
//! going through all of them; the set by branch and bound ([`super::mixed`]), which also proves how much better another could be.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::Dial;
use crate::analyze::Ratio;
use crate::analyze::dial::Axis;
use crate::analyze::dial::axes;
use crate::analyze::dial::saved;
use crate::analyze::mixed;
use crate::base::greatest_divisor;
use crate::graph::Counts;
use crate::graph::Multilinear;

/// What is asked of the widths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// The most multiply-adds, if they are limited.
    pub madds: Option<u64>,
    /// The most learned numbers, if they are limited.
    pub params: Option<u64>,
    /// Changed widths are multiples of this, at least 1.
    pub multiple: u32,
}

/// What changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Proposed {
    /// One number.
    Single,
    /// Two numbers.
    Pair,
    /// All numbers by one factor, each to the nearest that is allowed.
    Uniform,
    /// Any set of numbers.
    Mixed,
}

impl Proposed {
    /// All of them.
    pub const ALL: [Proposed; 4] = [Proposed::Single, Proposed::Pair, Proposed::Uniform, Proposed::Mixed];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Proposed::Single => "single",
            Proposed::Pair => "pair",
            Proposed::Uniform => "uniform",
            Proposed::Mixed => "mixed",
        }
    }
}

/// A change that is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its kind.
    pub kind: Proposed,
    /// Each changed dial's number with its new setting, in order.
    pub changes: Vec<(usize, u32)>,
    /// The sum of the shares; where it has no exact fraction, rounded up by less than 2^-40 for each.
    pub relative: Ratio,
    /// The totals then.
    pub totals: Counts,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggested {
    /// At most one of each kind; none where not even the smallest widths are inside the limits.
    pub proposals: Vec<Proposal>,
    /// No set of changes of the dials sums to less; that of the mixed proposal where it is proven best.
    pub lower: Option<Ratio>,
}

/// Costs are integers in parts of this, so that sums of shares are compared exactly.
const FINEST: u128 = 1 << 40;

/// The dials on their way down, with what is missing and what grains cost.
pub(super) struct Problem {
    pub(super) axes: Vec<Axis>,
    /// What has to be saved; at most zero where nothing has.
    pub(super) excess: Counts,
    /// What one grain of each axis costs, in parts of `whole`; rounded down where it is no whole number of them.
    pub(super) prices: Vec<u128>,
    /// The parts of one.
    pub(super) whole: u128,
}

impl Problem {
    fn of(form: &Multilinear, dials: &[Dial], goal: Goal) -> Problem {
        let axes = axes(form, dials, goal.multiple.max(1));
        let totals = form.totals();
        let over = |total: i128, most: Option<u64>| most.map_or(0, |most| total - i128::from(most));
        let excess = Counts { madds: over(totals.madds, goal.madds), params: over(totals.params, goal.params) };
        // The least common multiple makes all prices whole; where it is too large, they are rounded down, so that no bound is too high.
        let multiple = |whole: u128, from: u32| whole / greatest_divisor(whole, from.into()) * u128::from(from);
        let common = axes.iter().try_fold(1, |whole, axis| Some(multiple(whole, axis.from)).filter(|&whole| whole <= FINEST));
        let whole = common.unwrap_or(FINEST);
        let prices = axes.iter().map(|axis| u128::from(axis.grain) * whole / u128::from(axis.from)).collect();
        Problem { axes, excess, prices, whole }
    }

    pub(super) fn is_enough(&self, saved: Counts) -> bool {
        saved.madds >= self.excess.madds && saved.params >= self.excess.params
    }

    pub(super) fn price(&self, grains: &[u32]) -> u128 {
        grains.iter().zip(&self.prices).map(|(&grains, price)| u128::from(grains) * price).sum()
    }

    fn proposal(&self, form: &Multilinear, kind: Proposed, grains: &[u32]) -> Proposal {
        let changed = self.axes.iter().zip(grains).filter(|(_, grains)| **grains > 0);
        let mut changes: Vec<(usize, u32)> = changed.map(|(axis, grains)| (axis.dial, axis.from - axis.grain * grains)).collect();
        changes.sort_unstable();
        // Rounded up where prices are rounded down: so it meets the bound only where nothing was rounded.
        let share = |(axis, &grains): (&Axis, &u32)| {
            let down = u128::from(axis.grain) * u128::from(grains);
            (down * self.whole).div_ceil(axis.from.into())
        };
        let relative = Ratio::new(self.axes.iter().zip(grains).map(share).sum(), self.whole);
        Proposal { kind, changes, relative, totals: form.totals() - saved(&self.axes, grains) }
    }

    /// The best single change: its axis and grains.
    fn single(&self) -> Option<(usize, u32)> {
        let enough = |(at, axis): (usize, &Axis)| {
            let first = axis.stops.partition_point(|&stop| !self.is_enough(axis.saves(stop)));
            axis.stops.get(first).map(|&stop| (at, stop))
        };
        self.axes.iter().enumerate().filter_map(enough).min_by_key(|&(at, grains)| self.prices[at] * u128::from(grains))
    }

    /// The best two changes.
    fn pair(&self) -> Option<[(usize, u32); 2]> {
        let mut best: Option<(u128, [(usize, u32); 2])> = None;
        let mut together = vec![Counts::default(); self.axes.len()];
        for (at, one) in self.axes.iter().enumerate() {
            one.products.iter().for_each(|&(other, product)| together[other] = product);
            for (other_at, other) in self.axes.iter().enumerate().skip(at + 1) {
                // The more of the one, the less of the other is enough.
                let mut least = other.stops.len();
                for &grains in &one.stops {
                    let saves = one.saves(grains);
                    let enough = |stop: u32| {
                        let lost = together[other_at] * (i128::from(grains) * i128::from(stop));
                        self.is_enough(saves + other.saves(stop) - lost)
                    };
                    while least > 0 && enough(other.stops[least - 1]) {
                        least -= 1;
                    }
                    let price = self.prices[at] * u128::from(grains);
                    if best.as_ref().is_some_and(|(lowest, _)| price >= *lowest) {
                        break;
                    }
                    let Some(&stop) = other.stops.get(least) else { continue };
                    let price = price + self.prices[other_at] * u128::from(stop);
                    if best.as_ref().is_none_or(|(lowest, _)| price < *lowest) {
                        best = Some((price, [(at, grains), (other_at, stop)]));
                    }
                }
            }
            one.products.iter().for_each(|&(other, _)| together[other] = Counts::default());
        }
        best.map(|(_, pair)| pair)
    }

    /// All axes by the largest common factor that is enough, each to the nearest setting, to the lower one of two equally near.
    fn uniform(&self) -> Option<Vec<u32>> {
        // At half the way between two settings a number changes from the one to the other.
        let left = |axis: &Axis, at: usize| {
            let number = |at: Option<&u32>| u128::from(axis.from - axis.grain * at.copied().unwrap_or_default());
            let above = at.checked_sub(1).and_then(|at| axis.stops.get(at));
            (number(axis.stops.get(at)) + number(above), 2 * u128::from(axis.from))
        };
        let cross = |a: (u128, u128), b: (u128, u128)| (a.0 * b.1).cmp(&(b.0 * a.1));
        let mut factors: Vec<(u128, u128)> =
            self.axes.iter().flat_map(|axis| (0..axis.stops.len()).map(move |at| left(axis, at))).collect();
        factors.sort_unstable_by(|&a, &b| cross(b, a));
        let scaled = |factor: (u128, u128)| -> Vec<u32> {
            let grains = |axis: &Axis| {
                let passed = (0..axis.stops.len()).take_while(|&at| cross(left(axis, at), factor).is_ge()).count();
                passed.checked_sub(1).map_or(0, |at| axis.stops[at])
            };
            self.axes.iter().map(grains).collect()
        };
        let first = factors.partition_point(|&factor| !self.is_enough(saved(&self.axes, &scaled(factor))));
        factors.get(first).map(|&factor| scaled(factor))
    }
}

/// Finds the least changes that bring a network inside its limits, for dials that all go down.
///
/// Nothing is proposed for a network that is inside already. Totals are those of the quadratic form: exact where every dial follows its
/// number as it says.
///
/// ```
/// use nas::analyze::{Dial, Proposed, Goal, suggest};
/// use nas::base::Shape;
/// use nas::graph::{GraphBuilder, Multilinear};
/// use nas::op::Conv;
///
/// // 1 x 1 layers on one pixel: a + a b + 10 b multiply-adds for `a` and `b` filters.
/// let mut net = GraphBuilder::new("two");
/// let mut last = net.input("image", Shape::new(1, 1, 1));
/// for (name, width) in [("a", 32), ("b", 16), ("classes", 10)] {
///     last = net.layer(name, [Conv { bias: false, ..Conv::new(width, 1) }.into()], &[last]);
/// }
/// net.output("main", last);
/// let form = Multilinear::of(&net.finish()?);
/// let goal = Goal { madds: Some(600), params: None, multiple: 8 };
/// let found = suggest(&form, &Dial::knobs(&form), goal);
/// // 32 + 512 + 160 = 704; with a = 24 it is 24 + 384 + 160 = 568, a quarter of one width.
/// let single = found.proposals.iter().find(|proposal| proposal.kind == Proposed::Single).expect("is there");
/// assert_eq!((&single.changes[..], single.totals.madds), (&[(0, 24)][..], 568));
/// assert_eq!(single.relative.fixed(2), "0.25");
/// # Ok::<(), Vec<nas::graph::Misfit>>(())
/// ```
pub fn suggest(form: &Multilinear, dials: &[Dial], goal: Goal) -> Suggested {
    let problem = Problem::of(form, dials, goal);
    if problem.is_enough(Counts::default()) {
        return Suggested { proposals: Vec::new(), lower: None };
    }
    let of = |changes: &[(usize, u32)]| {
        let mut grains = vec![0; problem.axes.len()];
        for &(at, stop) in changes {
            grains[at] = stop;
        }
        grains
    };
    let single = problem.single().map(|change| of(&[change]));
    let pair = problem.pair().map(|changes| of(&changes));
    let uniform = problem.uniform();
    let known = [&single, &pair, &uniform].into_iter().flatten().min_by_key(|grains| problem.price(grains));
    let Some(known) = known else { return Suggested { proposals: Vec::new(), lower: None } };
    let mixed = mixed::best(&problem, known);
    let kinds = [(Proposed::Single, &single), (Proposed::Pair, &pair), (Proposed::Uniform, &uniform)];
    let mut proposals: Vec<Proposal> = kinds
        .into_iter()
        .filter_map(|(kind, grains)| grains.as_ref().map(|grains| problem.proposal(form, kind, grains)))
        .collect();
    proposals.push(problem.proposal(form, Proposed::Mixed, &mixed.grains));
    Suggested { proposals, lower: Some(Ratio::new(mixed.lower, problem.whole)) }
}
