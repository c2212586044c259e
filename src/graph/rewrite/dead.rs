//! Drops nodes that lead to no output.

use petgraph::visit::EdgeRef;

use crate::graph::Graph;
use crate::graph::NodeIndex;

/// The graph without nodes that lead nowhere; the network's inputs stay.
pub fn drop_dead(graph: Graph) -> Graph {
    let mut alive = graph.leading_to(|_| true);
    for input in graph.inputs() {
        alive[input.index()] = true;
    }
    if alive.iter().all(|&alive| alive) {
        return graph;
    }
    let mut place = vec![NodeIndex::end(); alive.len()];
    let Graph { dag, scopes, domains, mut outputs } = graph;
    let mut fresh = petgraph::graph::DiGraph::with_capacity(alive.len(), dag.edge_count());
    for node in dag.node_indices().filter(|node| alive[node.index()]) {
        place[node.index()] = fresh.add_node(dag[node].clone());
    }
    for edge in dag.edge_references().filter(|edge| alive[edge.target().index()]) {
        fresh.add_edge(place[edge.source().index()], place[edge.target().index()], *edge.weight());
    }
    for output in &mut outputs {
        output.node = place[output.node.index()];
    }
    Graph { dag: fresh, scopes, domains, outputs }
}
