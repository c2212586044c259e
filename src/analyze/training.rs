//! Cost of a training step, by rule: a contraction's backward repeats its multiply-adds once for the gradient of its weights and once
//! for the gradient of its input. The input's gradient is wanted only where something before it learns, so that a network's step
//! costs three times its inference less its first convolution's.

use crate::graph::Graph;

/// Multiply-adds of one image's step over the chosen nodes.
pub(super) fn step_madds(graph: &Graph, chosen: &[bool]) -> u128 {
    let mut learns = vec![false; chosen.len()];
    let mut sources = Vec::new();
    let mut madds = 0;
    for node in graph.nodes() {
        let Some(op) = &graph.node(node).op else { continue };
        graph.sources_into(node, &mut sources);
        let before = sources.iter().any(|source| learns[source.index()]);
        let own = op.params(&graph.input_shapes(node)).iter().any(|param| param.trainable);
        learns[node.index()] = before || own;
        if chosen[node.index()] && op.class().is_contraction() {
            madds += graph.cost(node).madds * (1 + u128::from(own) + u128::from(before));
        }
    }
    madds
}
