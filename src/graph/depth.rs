//! Depth: GoogLeNet's "22 layers" are the layers with weights on its longest path.

use crate::graph::Graph;

/// The most layers with weights, convolutions and linear ones, on any path from an input to a result of inference.
pub fn longest_path(graph: &Graph) -> u32 {
    let mut depth = vec![0u32; graph.nodes().len()];
    let mut sources = Vec::new();
    for node in graph.nodes() {
        graph.sources_into(node, &mut sources);
        let before = sources.iter().map(|source| depth[source.index()]).max().unwrap_or(0);
        let weighted = graph.node(node).op.as_ref().is_some_and(|op| op.class().is_contraction());
        depth[node.index()] = before + u32::from(weighted);
    }
    let results = graph.outputs().iter().filter(|output| !output.train_only);
    results.map(|output| depth[output.node.index()]).max().unwrap_or(0)
}
