//! The parameter table: every tensor of a network, with the path that names it in checkpoints.

use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::op::Param;

/// One tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// The node it belongs to.
    pub node: NodeIndex,
    /// `3b/3x3/reduce:conv.weight`.
    pub path: String,
    /// Role, dimensions, start.
    pub param: Param,
}

/// All tensors in order of execution; for training too, so that heads for training are among them.
pub fn tensors(graph: &Graph) -> Vec<Tensor> {
    let of_node = |node: NodeIndex| {
        let params = graph.node(node).op.as_ref().map(|op| op.params(&graph.input_shapes(node))).unwrap_or_default();
        let path = graph.path(node);
        params.into_iter().map(move |param| Tensor { node, path: format!("{path}.{}", param.role.name()), param })
    };
    graph.nodes().flat_map(of_node).collect()
}
