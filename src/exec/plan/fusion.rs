//! Which nodes become one step: a contraction with the batch norm and the rectifier that alone read it, and a norm with its rectifier.

use crate::graph::Graph;
use crate::graph::NodeIndex;
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
    /// The rectifier that ends it.
    pub(in crate::exec) rectifier: Option<NodeIndex>,
}

impl Fused {
    /// A node by itself.
    pub(in crate::exec) fn alone(node: NodeIndex) -> Fused {
        Fused { node, norm: None, rectifier: None }
    }

    /// What is computed, then what is computed with it.
    pub(in crate::exec) fn nodes(&self) -> Vec<NodeIndex> {
        [Some(self.node), self.norm, self.rectifier].into_iter().flatten().collect()
    }

    /// The node whose value it gives.
    pub(in crate::exec) fn out(&self) -> NodeIndex {
        self.rectifier.or(self.norm).unwrap_or(self.node)
    }
}

/// The steps of some nodes, in order; values of `kept` nodes are all given.
pub(in crate::exec) fn fuse(graph: &Graph, chosen: &[bool], kept: &[bool]) -> Vec<Fused> {
    let mut taken = vec![false; chosen.len()];
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
        if op.class().is_contraction() || matches!(op, Op::BatchNorm(_) | Op::Affine(_)) {
            step.rectifier = rectifier_of(step.out());
        }
        for node in [step.norm, step.rectifier].into_iter().flatten() {
            taken[node.index()] = true;
        }
        steps.push(step);
    }
    steps
}

/// Where a rectifier ends, if the operator is one.
pub(in crate::exec) fn high_of(op: Option<&Op>) -> Option<f32> {
    match op {
        Some(Op::Activation(Activation { function: Function::Relu })) => Some(f32::INFINITY),
        Some(Op::Activation(Activation { function: Function::Relu6 })) => Some(6.0),
        _ => None,
    }
}
