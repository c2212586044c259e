//! What several test programs need: networks of built-in specs, counted in full.

mod built_in;

use nas::graph::Graph;

pub(crate) use built_in::built_in;

/// Multiply-adds and learned numbers of inference, node by node.
pub(crate) fn counted(graph: &Graph) -> (u128, u128) {
    let needed = graph.in_inference();
    let totals = graph.totals(graph.nodes().filter(|node| needed[node.index()]));
    (totals.cost.madds, totals.params)
}
