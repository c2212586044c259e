//! The numbers of a network: every tensor of its parameter table, one behind the other in one vector.
//!
//! Weights, running statistics, gradients, momenta and averages are all kept like this, so that an optimizer walks plain slices and a
//! checkpoint names the same tensors for each of them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::Tensor;
use crate::graph::tensors;

/// Which part of the vector each tensor takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    tensors: Vec<Tensor>,
    /// The beginning of each tensor, and the end of the last.
    starts: Vec<usize>,
    /// For each node its tensors.
    of_node: Vec<Range<usize>>,
    by_path: BTreeMap<String, usize>,
}

impl Layout {
    /// The layout of a network's tensors, in the order of [`tensors`].
    pub fn of(graph: &Graph) -> Layout {
        let tensors = tensors(graph);
        let mut of_node = vec![0..0; graph.nodes().len()];
        let mut starts = vec![0];
        for (number, tensor) in tensors.iter().enumerate() {
            let range = &mut of_node[tensor.node.index()];
            if range.start == range.end {
                *range = number..number;
            }
            range.end = number + 1;
            starts.push(starts[number] + tensor.param.dims.elements() as usize);
        }
        let by_path = tensors.iter().enumerate().map(|(number, tensor)| (tensor.path.clone(), number)).collect();
        Layout { tensors, starts, of_node, by_path }
    }

    /// The tensors in order.
    pub fn tensors(&self) -> &[Tensor] {
        &self.tensors
    }

    /// Where a tensor's numbers lie, its last dimension fastest.
    pub fn range(&self, tensor: usize) -> Range<usize> {
        self.starts[tensor]..self.starts[tensor + 1]
    }

    /// The tensors of a node, in the order of [`crate::op::Operator::params`].
    pub fn of_node(&self, node: NodeIndex) -> Range<usize> {
        self.of_node[node.index()].clone()
    }

    /// The tensor with this path, such as `3b/3x3/reduce:conv.weight`.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    /// How many numbers there are.
    pub fn elements(&self) -> usize {
        self.starts[self.tensors.len()]
    }
}

/// One number for each element of every tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    layout: Arc<Layout>,
    /// The numbers; [`Layout::range`] says whose.
    pub values: Vec<f32>,
}

impl State {
    /// All zeros.
    pub fn zeros(layout: Arc<Layout>) -> State {
        let values = vec![0.0; layout.elements()];
        State { layout, values }
    }

    /// Whose numbers they are.
    pub fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// The numbers of a tensor.
    pub fn tensor(&self, tensor: usize) -> &[f32] {
        &self.values[self.layout.range(tensor)]
    }

    /// The numbers of a tensor, to change.
    pub fn tensor_mut(&mut self, tensor: usize) -> &mut [f32] {
        &mut self.values[self.layout.range(tensor)]
    }

    /// The numbers of a node's tensors, in the order of [`crate::op::Operator::params`].
    pub fn of_node(&self, node: NodeIndex) -> Vec<&[f32]> {
        self.layout.of_node(node).map(|tensor| self.tensor(tensor)).collect()
    }
}
