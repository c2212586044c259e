//! Which numbers of a spec are widths of Inception branches, and what width each should have at a scale.

use crate::analyze::Dial;
use crate::analyze::Move;
use crate::graph::Counts;
use crate::graph::Graph;
use crate::graph::Multilinear;
use crate::graph::NodeIndex;
use crate::propose::Module;
use crate::propose::modules;
use crate::propose::widths::Aim;
use crate::propose::widths::aim::own_width;
use crate::propose::widths::aim::width_of;
use crate::spec::Follows;
use crate::spec::Written;

/// Which convolution of a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The 1x1 in front.
    Reduction,
    /// One between, so many channels to those of the last.
    Between,
    /// The one that sets the branch's width.
    Last,
}

/// The convolution whose width a knob is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The module's number.
    pub module: usize,
    /// The branch's in it.
    pub branch: usize,
    /// The convolution.
    pub part: Part,
}

/// A network whose modules get other widths, where numbers of its text set them.
#[derive(Clone, Debug)]
pub struct Problem<'g> {
    pub(super) graph: &'g Graph,
    pub(super) modules: Vec<Module>,
    pub(super) form: Multilinear,
    /// Numbers that set widths of branches, and nothing else.
    pub(super) dials: Vec<Dial>,
    /// Of each dial its place among the numbers that were handed in.
    places: Vec<usize>,
    /// For each knob what it is the width of.
    pub(super) targets: Vec<Option<Target>>,
    /// Of each branch that has both the knobs of its reduction and of what sets its width.
    reduced: Vec<[usize; 2]>,
}

impl<'g> Problem<'g> {
    /// Of a network and the numbers that its text has for widths.
    pub fn of(graph: &'g Graph, written: &[Written]) -> Problem<'g> {
        let form = Multilinear::of(graph);
        let modules = modules(graph);
        let mut targets = vec![None; form.knobs().len()];
        for (knob, target) in form.knobs().iter().zip(&mut targets) {
            *target = knob.nodes.iter().find_map(|&node| find(&modules, node));
        }
        let knob = |wanted: Target| targets.iter().position(|&target| target == Some(wanted));
        let reductions = targets.iter().flatten().filter(|target| target.part == Part::Reduction);
        let pair = |&reduction: &Target| Some([knob(reduction)?, knob(Target { part: Part::Last, ..reduction })?]);
        let reduced = reductions.filter_map(pair).collect();
        let is_ours = |number: &Written| number.follow.iter().all(|follows| targets[follows.knob].is_some());
        // A width that two numbers set is nobody's.
        let mut followed = vec![0; targets.len()];
        written.iter().flat_map(|number| &number.follow).for_each(|follows| followed[follows.knob] += 1);
        let alone = |number: &Written| number.follow.iter().all(|follows| followed[follows.knob] == 1);
        let places: Vec<usize> = (0..written.len()).filter(|&at| is_ours(&written[at]) && alone(&written[at])).collect();
        let dial = |&at: &usize| Dial {
            from: written[at].site.number,
            least: 1,
            moves: written[at].follow.iter().map(|&Follows { knob, channels, of }| Move { knob, channels, of }).collect(),
        };
        let dials = places.iter().map(dial).collect();
        Problem { graph, modules, form, dials, places, targets, reduced }
    }

    /// The modules, in order.
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// Of each number that may change its place among those that were handed in.
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// The totals as they are.
    pub fn totals(&self) -> Counts {
        self.form.totals()
    }

    /// What a number that may change sets, in order.
    pub fn sets(&self, dial: usize) -> impl Iterator<Item = Target> + '_ {
        self.dials[dial].moves.iter().filter_map(|along| self.targets[along.knob])
    }

    /// The width of a convolution when numbers are these.
    pub fn width(&self, target: Target, numbers: &[u32]) -> Option<u32> {
        let knob = self.targets.iter().position(|&other| other == Some(target))?;
        let moved = self.dials.iter().zip(numbers).find_map(|(dial, &to)| {
            let along = dial.moves.iter().find(|along| along.knob == knob)?;
            dial.width(&self.form, along, to)
        });
        moved.or(Some(self.form.width(knob)))
    }

    /// Whether a number of the text sets this width.
    pub fn is_set(&self, target: Target) -> bool {
        (0..self.dials.len()).any(|dial| self.sets(dial).any(|other| other == target))
    }

    /// The widths that numbers mean.
    pub(super) fn widths(&self, numbers: &[u32]) -> Vec<(NodeIndex, u32)> {
        let mut widths = Vec::new();
        for (dial, &to) in self.dials.iter().zip(numbers) {
            for along in &dial.moves {
                let Some(width) = dial.width(&self.form, along, to) else { continue };
                widths.extend(self.form.knobs()[along.knob].nodes.iter().map(|&node| (node, width)));
            }
        }
        widths
    }

    /// The width that a convolution should have, not rounded; `channels` go into its module.
    pub(super) fn wanted(&self, target: Target, aim: &Aim, scale: f64, channels: u32) -> f64 {
        let module = &self.modules[target.module];
        let (branch, aim) = (&module.branches[target.branch], aim.branches[target.branch]);
        let last = scale * f64::from(own_width(module)) * aim.share;
        match target.part {
            Part::Last => last,
            Part::Between => {
                let now = |node: Option<NodeIndex>| f64::from(node.and_then(|node| self.own(node)).unwrap_or(1));
                last * now(branch.between.first().copied()) / now(branch.last)
            }
            // Wider than what it is for it would save nothing.
            Part::Reduction => (aim.reduction.unwrap_or(1.0) * f64::from(channels)).min(last),
        }
    }

    /// The width that a node sets by itself now.
    pub(super) fn own(&self, node: NodeIndex) -> Option<u32> {
        width_of(self.graph, node)
    }

    /// What a dial should stand at: the geometric mean of what its convolutions ask for.
    pub(super) fn asked(&self, dial: usize, aims: &[Aim], scales: &[f64], channels: &[u32]) -> f64 {
        let dial = &self.dials[dial];
        let each = dial.moves.iter().filter_map(|along| {
            let target = self.targets[along.knob]?;
            let wanted = self.wanted(target, &aims[target.module], scales[target.module], channels[target.module]);
            let number = f64::from(dial.from) * wanted / f64::from(self.form.width(along.knob));
            Some(libm::log(number.max(0.25)))
        });
        let (sum, count) = each.fold((0.0, 0.0), |(sum, count), log| (sum + log, count + 1.0));
        libm::exp(sum / count)
    }

    /// By how many channels reductions are wider than what they are for, in all branches: they would save nothing.
    pub(super) fn unreduced(&self, form: &Multilinear) -> u64 {
        let over = |&[reduction, last]: &[usize; 2]| form.width(reduction).saturating_sub(form.width(last));
        self.reduced.iter().map(|pair| u64::from(over(pair))).sum()
    }

    /// Whether a dial sets a reduction.
    pub(super) fn reduces(&self, dial: usize) -> bool {
        self.sets(dial).any(|target| target.part == Part::Reduction)
    }
}

/// What a node is in some module.
fn find(modules: &[Module], node: NodeIndex) -> Option<Target> {
    for (module, found) in modules.iter().enumerate() {
        for (branch, found) in found.branches.iter().enumerate() {
            let target = |part| Some(Target { module, branch, part });
            if found.last == Some(node) {
                return target(Part::Last);
            }
            if found.reduce == Some(node) {
                return target(Part::Reduction);
            }
            if found.between.contains(&node) {
                return target(Part::Between);
            }
        }
    }
    None
}
