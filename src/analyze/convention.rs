//! Conventions of counting: what a tool calls the size of a network, as a linear form over its nodes.
//!
//! A convention's total is the sum over its terms and over the nodes of inference of `weight * measure`, where a term takes the nodes
//! of some operator classes and a measure is an exact integer of one node: a part of its cost, its elements in or out, its parameters.

use crate::graph::Folded;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::fold_batch_norm;
use crate::op::Class;
use crate::op::Cost;
use crate::op::Op;

/// What a convention counts in, as its tool prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Multiply-adds, ours.
    Madds,
    /// "FLOPs", whatever the tool means by it.
    Flops,
    /// "MACs", multiply-accumulates.
    Macs,
    /// "mult-adds".
    MultAdds,
}

impl Unit {
    /// The unit as its tool writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Madds => "multiply-adds",
            Unit::Flops => "FLOPs",
            Unit::Macs => "MACs",
            Unit::MultAdds => "mult-adds",
        }
    }

    /// The unit as a part of a column's name.
    pub const fn key(self) -> &'static str {
        match self {
            Unit::Madds => "madds",
            Unit::Flops => "flops",
            Unit::Macs => "macs",
            Unit::MultAdds => "mult_adds",
        }
    }
}

/// The form of the network that a tool is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Every layer as it is written.
    AsWritten,
    /// Batch norms folded into the convolution before them, as an exporter for inference does; linear layers keep theirs.
    BatchNormFolded,
}

/// An exact integer of one node and one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Multiply-adds.
    Madds,
    /// Additions; those of convolutions and linear layers are their biases.
    Adds,
    /// Additions and multiplications.
    Arithmetic,
    /// Comparisons.
    Comparisons,
    /// Elements of all inputs.
    Inputs,
    /// Elements of the output.
    Outputs,
    /// Positions of the output, `h * w`.
    Positions,
    /// Learned numbers.
    Params,
    /// Elements of the channels that local response normalisation adds at the sides, `(size - 1) * h * w`: it has `size + 1` additions
    /// for each of `c` channels.
    SideChannels,
}

impl Measure {
    /// In words, after a weight: "2 x elements out".
    pub const fn name(self) -> &'static str {
        match self {
            Measure::Madds => "multiply-adds",
            Measure::Adds => "additions",
            Measure::Arithmetic => "additions and multiplications",
            Measure::Comparisons => "comparisons",
            Measure::Inputs => "elements in",
            Measure::Outputs => "elements out",
            Measure::Positions => "positions",
            Measure::Params => "parameters",
            Measure::SideChannels => "elements of the channels at the sides",
        }
    }

    fn of(self, graph: &Graph, node: NodeIndex) -> i128 {
        let Cost { madds, adds, muls, cmps, .. } = graph.cost(node);
        let out = graph.node(node).shape;
        let times = graph.count(graph.node(node).domain);
        let measured = match self {
            Measure::Madds => madds,
            Measure::Adds => adds,
            Measure::Arithmetic => adds + muls,
            Measure::Comparisons => cmps,
            Measure::Inputs => graph.input_shapes(node).iter().map(|shape| shape.elements()).sum::<u128>() * times,
            Measure::Outputs => out.elements() * times,
            Measure::Positions => u128::from(out.pixels()) * times,
            Measure::Params => graph.params(node) * times,
            Measure::SideChannels => adds / u128::from(out.c) - 2 * u128::from(out.pixels()) * times,
        };
        i128::try_from(measured).expect("sums of a graph fit 64 bits")
    }
}

/// One summand of a convention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The classes of operators whose nodes it takes.
    pub classes: &'static [Class],
    /// How often the measure is counted.
    pub weight: i64,
    /// What is counted.
    pub measure: Measure,
    /// What the tool counts there, in a few words.
    pub what: &'static str,
}

impl Term {
    /// What it counts of one node and one image.
    fn of(&self, graph: &Graph, node: NodeIndex) -> i128 {
        let class = graph.node(node).op.as_ref().map(Op::class);
        let taken = class.is_some_and(|class| self.classes.contains(&class));
        if taken { i128::from(self.weight) * self.measure.of(graph, node) } else { 0 }
    }
}

/// A convention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convention {
    /// Its word after `--convention`.
    pub name: &'static str,
    /// What it counts in.
    pub unit: Unit,
    /// Whose it is, with the version that was read or run.
    pub tool: &'static str,
    /// Who uses it.
    pub users: &'static str,
    /// Which form of the network it counts.
    pub form: Form,
    /// Its summands.
    pub terms: &'static [Term],
    /// What surprises; one sentence each.
    pub notes: &'static [&'static str],
}

impl Convention {
    /// The convention with this name.
    pub fn find(name: &str) -> Option<&'static Convention> {
        Convention::ALL.iter().find(|convention| convention.name == name)
    }

    /// Whether it is ours, in which everything is counted unless another is asked for.
    pub fn is_ours(&self) -> bool {
        *self == Convention::ALL[0]
    }

    /// What each term counts of each node, for one image. What a batch norm became a part of is counted at the layer that took it in.
    pub fn counts(&self, graph: &Graph) -> Vec<Vec<i128>> {
        match self.form {
            Form::AsWritten => self.counts_as_written(graph),
            Form::BatchNormFolded => {
                let Folded { graph: folded, places } = fold_batch_norm(graph, &[Class::Convolution]);
                let mut counts = self.counts_as_written(&folded);
                let free = vec![0; self.terms.len()];
                places.iter().map(|place| std::mem::replace(&mut counts[place.index()], free.clone())).collect()
            }
        }
    }

    fn counts_as_written(&self, graph: &Graph) -> Vec<Vec<i128>> {
        graph.nodes().map(|node| self.terms.iter().map(|term| term.of(graph, node)).collect()).collect()
    }

    /// What each term counts in inference, for one image.
    pub fn sums(&self, graph: &Graph) -> Vec<i128> {
        let needed = graph.in_inference();
        let mut sums = vec![0; self.terms.len()];
        for (counts, _) in self.counts(graph).iter().zip(&needed).filter(|(_, needed)| **needed) {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        sums
    }
}
