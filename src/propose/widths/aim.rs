//! What a module should become, before it is scaled to a budget: shares of its width, and widths of reductions as parts of what they read.

use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::op::Op;
use crate::propose::Branch;
use crate::propose::Module;

/// What is wanted of a module.
#[derive(Clone, Debug, PartialEq)]
pub struct Aim {
    /// A branch each; branches without a width of their own have a share of 0.
    pub branches: Vec<BranchAim>,
}

/// What is wanted of a branch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BranchAim {
    /// Of the channels that all branches with widths give; they add up to 1.
    pub share: f64,
    /// The width of its reduction as a part of the module's input channels; none where it has no reduction.
    pub reduction: Option<f64>,
}

impl Aim {
    /// What a module is now.
    pub fn of(graph: &Graph, module: &Module) -> Aim {
        let total = f64::from(own_width(module));
        let branch = |branch: &Branch| BranchAim {
            share: if branch.last.is_some() { f64::from(branch.channels) / total } else { 0.0 },
            reduction: branch
                .reduce
                .map(|reduce| f64::from(width_of(graph, reduce).unwrap_or_default()) / f64::from(module.shape.c)),
        };
        Aim { branches: module.branches.iter().map(branch).collect() }
    }

    /// The same with shares that add up to 1.
    pub(super) fn normalised(mut self) -> Aim {
        let all: f64 = self.branches.iter().map(|branch| branch.share).sum();
        self.branches.iter_mut().for_each(|branch| branch.share /= all);
        self
    }
}

/// The width that a node sets by itself.
pub(super) fn width_of(graph: &Graph, node: NodeIndex) -> Option<u32> {
    graph.node(node).op.as_ref().and_then(Op::width)
}

/// Channels of all branches that set their own.
pub(super) fn own_width(module: &Module) -> u32 {
    module.branches.iter().filter(|branch| branch.last.is_some()).map(|branch| branch.channels).sum()
}
