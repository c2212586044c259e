//! What a training step's backward has to reach: which nodes learn, and what of them.

use crate::graph::Graph;
use crate::graph::NodeIndex;

/// For each node whether it learns and whether anything before it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learning {
    own: Vec<bool>,
    before: Vec<bool>,
}

impl Learning {
    /// Of a network none of whose learned numbers is frozen.
    pub fn of(graph: &Graph) -> Learning {
        Learning::without(graph, |_| false)
    }

    /// Of a network in which some nodes keep their learned numbers as they are.
    pub fn without(graph: &Graph, frozen: impl Fn(NodeIndex) -> bool) -> Learning {
        let count = graph.nodes().len();
        let mut learning = Learning { own: vec![false; count], before: vec![false; count] };
        let mut sources = Vec::new();
        for node in graph.nodes() {
            let Some(op) = &graph.node(node).op else { continue };
            graph.sources_into(node, &mut sources);
            let own = !frozen(node) && op.params(&graph.input_shapes(node)).iter().any(|param| param.trainable);
            learning.before[node.index()] = sources.iter().any(|&source| learning.reaches(source));
            learning.own[node.index()] = own;
        }
        learning
    }

    /// Whether a node has numbers that are learned.
    pub fn own(&self, node: NodeIndex) -> bool {
        self.own[node.index()]
    }

    /// Whether a node before it does: the gradient of what it reads is wanted.
    pub fn before(&self, node: NodeIndex) -> bool {
        self.before[node.index()]
    }

    /// Whether one of both: the gradient of its value is wanted.
    pub fn reaches(&self, node: NodeIndex) -> bool {
        self.own(node) || self.before(node)
    }
}
