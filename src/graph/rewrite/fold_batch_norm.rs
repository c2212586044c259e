//! Folds batch norms into the convolution, depthwise or linear layer before them, as deployment does.
//!
//! With scale g, shift b, mean m and variance v, the layer's weights become `w * g / sqrt(v + eps)` and its bias
//! `(bias - m) * g / sqrt(v + eps) + b`: 2 parameters per channel less, and a bias more where there was none.

use petgraph::visit::EdgeRef;

use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::op::Class;
use crate::op::Op;

/// A folded graph and where the nodes of the graph before are in it.
#[derive(Clone, Debug)]
pub struct Folded {
    /// The folded graph.
    pub graph: Graph,
    /// For each node before, the node that it is or became a part of; a layer comes before the batch norm that it takes in.
    pub places: Vec<NodeIndex>,
}

/// The graph with every batch norm folded whose only source is an operator of these classes that nobody else reads.
pub fn fold_batch_norm(graph: &Graph, classes: &[Class]) -> Folded {
    let is_result = |node: NodeIndex| graph.outputs.iter().any(|output| output.node == node);
    let mut into: Vec<Option<NodeIndex>> = vec![None; graph.dag.node_count()];
    for node in graph.nodes().filter(|&node| matches!(graph.dag[node].op, Some(Op::BatchNorm(_)))) {
        let source = graph.sources(node)[0];
        let foldable = graph.dag[source].op.as_ref().is_some_and(|op| classes.contains(&op.class()));
        if foldable && graph.readers(source).count() == 1 && !is_result(source) {
            into[node.index()] = Some(source);
        }
    }
    let mut dag = petgraph::graph::DiGraph::with_capacity(into.len(), graph.dag.edge_count());
    let mut place = vec![NodeIndex::end(); into.len()];
    for node in graph.nodes() {
        place[node.index()] =
            into[node.index()].map_or_else(|| dag.add_node(graph.dag[node].clone()), |source| place[source.index()]);
    }
    for source in into.iter().flatten() {
        match &mut dag[place[source.index()]].op {
            Some(Op::Conv(conv)) => conv.bias = true,
            Some(Op::Depthwise(depthwise)) => depthwise.bias = true,
            Some(Op::Linear(linear)) => linear.bias = true,
            _ => {}
        }
    }
    for edge in graph.dag.edge_references().filter(|edge| into[edge.target().index()].is_none()) {
        dag.add_edge(place[edge.source().index()], place[edge.target().index()], *edge.weight());
    }
    let mut outputs = graph.outputs.clone();
    for output in &mut outputs {
        output.node = place[output.node.index()];
    }
    let graph = Graph { dag, scopes: graph.scopes.clone(), domains: graph.domains.clone(), outputs };
    Folded { graph, places: place }
}
