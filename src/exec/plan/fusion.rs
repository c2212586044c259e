//! Which nodes become one step: a contraction with the batch norm, the sum and the rectifier that alone read it, and a norm with its rectifier.

use std::sync::Arc;

use crate::exec::plan::Gathers;
use crate::exec::plan::homes::channels_of;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::kernel::Channels;
use crate::op::Activation;
use crate::op::Function;
use crate::op::Op;

/// One step of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::exec) struct Fused {
    /// What is computed.
    pub(in crate::exec) node: NodeIndex,
    /// The batch norm that is folded into it.
    pub(in crate::exec) norm: Option<NodeIndex>,
    /// The sum of it and of what was computed before.
    pub(in crate::exec) sum: Option<NodeIndex>,
    /// The rectifier that ends it.
    pub(in crate::exec) rectifier: Option<NodeIndex>,
}

impl Fused {
    /// A node by itself.
    pub(in crate::exec) fn alone(node: NodeIndex) -> Fused {
        Fused { node, norm: None, sum: None, rectifier: None }
    }

    /// What is computed, then what is computed with it.
    pub(in crate::exec) fn nodes(&self) -> Vec<NodeIndex> {
        [Some(self.node), self.norm, self.sum, self.rectifier].into_iter().flatten().collect()
    }

    /// The node whose value it gives.
    pub(in crate::exec) fn out(&self) -> NodeIndex {
        self.rectifier.or(self.sum).or(self.norm).unwrap_or(self.node)
    }

    /// What is added to it.
    pub(in crate::exec) fn addend(&self, graph: &Graph) -> Option<NodeIndex> {
        let own = self.norm.unwrap_or(self.node);
        graph.sources(self.sum?).into_iter().find(|&source| source != own)
    }

    /// What it reads.
    pub(in crate::exec) fn sources(&self, graph: &Graph, gathers: &Gathers) -> Vec<NodeIndex> {
        gathers.sources(graph, self.node).into_iter().chain(self.addend(graph)).collect()
    }
}

/// The steps of some nodes, in order; values of `kept` nodes are all given.
pub(in crate::exec) fn fuse(graph: &Graph, chosen: &[bool], kept: &[bool], gathers: &Gathers) -> Vec<Fused> {
    let mut taken: Vec<bool> = graph.nodes().map(|node| gathers.is_absorbed(node)).collect();
    let lanes = lanes(graph);
    let only_reader = |node: NodeIndex| -> Option<NodeIndex> {
        let mut readers = graph.readers(node).filter(|reader| chosen[reader.index()]);
        let reader = readers.next().filter(|_| !kept[node.index()])?;
        readers.next().is_none().then_some(reader)
    };
    let rectifier_of = |node: NodeIndex| only_reader(node).filter(|&reader| high_of(graph.node(reader).op.as_ref()).is_some());
    let mut steps = Vec::new();
    for node in graph.nodes().filter(|node| chosen[node.index()]) {
        let Some(op) = graph.node(node).op.as_ref().filter(|_| !taken[node.index()]) else { continue };
        let mut step = Fused::alone(node);
        if op.class().is_contraction() {
            step.norm = only_reader(node).filter(|&reader| matches!(graph.node(reader).op, Some(Op::BatchNorm(_))));
        }
        if matches!(op, Op::Conv(_)) {
            step.sum = only_reader(step.out()).filter(|&sum| is_sum_with_earlier(graph, &lanes, sum, step));
        }
        if op.class().is_contraction() || matches!(op, Op::BatchNorm(_) | Op::Affine(_)) {
            step.rectifier = rectifier_of(step.out());
        }
        for node in step.nodes().into_iter().skip(1) {
            taken[node.index()] = true;
        }
        steps.push(step);
    }
    steps
}

/// Whether a node is the sum of a step's value and of one that is computed before the step and has the same lanes.
fn is_sum_with_earlier(graph: &Graph, lanes: &[Arc<Channels>], sum: NodeIndex, step: Fused) -> bool {
    let is_sum = matches!(graph.node(sum).op, Some(Op::Add(_))) && graph.sources(sum).len() == 2;
    let addend = Fused { sum: Some(sum), ..step }.addend(graph).filter(|_| is_sum);
    addend.is_some_and(|addend| addend < step.node && *lanes[addend.index()] == Channels::new(graph.node(sum).shape.c))
}

/// The lanes of every node's value.
fn lanes(graph: &Graph) -> Vec<Arc<Channels>> {
    let mut lanes: Vec<Arc<Channels>> = Vec::with_capacity(graph.nodes().len());
    for node in graph.nodes() {
        let own = channels_of(graph, node, &graph.sources(node), |source| Arc::clone(&lanes[source.index()]));
        lanes.push(own);
    }
    lanes
}

/// Where a rectifier ends, if the operator is one.
pub(in crate::exec) fn high_of(op: Option<&Op>) -> Option<f32> {
    match op {
        Some(Op::Activation(Activation { function: Function::Relu })) => Some(f32::INFINITY),
        Some(Op::Activation(Activation { function: Function::Relu6 })) => Some(6.0),
        _ => None,
    }
}
