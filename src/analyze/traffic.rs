//! What a layer has to move: every tensor that it reads, writes and learns from once, and nothing that only its own nodes see.

use crate::base::Shape;
use crate::base::units::F32_BYTES;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::op::Op;
use crate::op::Storage;

/// The multiply-adds and bytes of some nodes for a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traffic {
    pub(super) madds: u128,
    /// Of tensors that other nodes made.
    pub(super) input_bytes: u128,
    /// Of tensors that other nodes read, or that are results.
    pub(super) output_bytes: u128,
    /// Of learned numbers.
    pub(super) weight_bytes: u128,
}

impl Traffic {
    /// Bytes of all kinds.
    pub(super) fn bytes(&self) -> u128 {
        self.input_bytes + self.output_bytes + self.weight_bytes
    }

    /// What nodes that are computed together move; `chosen` are the nodes of the network that run.
    pub(super) fn of(graph: &Graph, chosen: &[bool], nodes: &[NodeIndex], batch: u32) -> Traffic {
        let bytes = |shape: Shape| shape.elements() * u128::from(batch) * u128::from(F32_BYTES);
        let mut traffic = Traffic::default();
        let mut read: Vec<NodeIndex> = Vec::new();
        for &node in nodes {
            traffic.madds += graph.cost(node).madds * u128::from(batch);
            traffic.weight_bytes += graph.params(node) * u128::from(F32_BYTES);
            if graph.node(node).op.as_ref().is_none_or(is_free) {
                continue;
            }
            for source in graph.sources(node) {
                if !nodes.contains(&source) && !read.contains(&source) {
                    read.push(source);
                    traffic.input_bytes += bytes(graph.node(source).shape);
                }
            }
            if is_given(graph, chosen, nodes, node) {
                traffic.output_bytes += bytes(graph.node(node).shape);
            }
        }
        traffic
    }
}

/// Whether it moves nothing by itself: a view, or a concatenation, whose parts are written where they belong.
pub(super) fn is_free(op: &Op) -> bool {
    matches!(op.storage(false), Storage::View { .. } | Storage::Joins)
}

fn is_given(graph: &Graph, chosen: &[bool], nodes: &[NodeIndex], node: NodeIndex) -> bool {
    let mut readers = graph.readers(node).filter(|reader| chosen[reader.index()]).peekable();
    let is_result = graph.outputs().iter().any(|output| output.node == node) || readers.peek().is_none();
    is_result || readers.any(|reader| !nodes.contains(&reader))
}

/// The nodes that run, in groups that are computed together: a normalisation, activation or sum that works in place over what the
/// same layer has just made, and that alone reads it, is done before that leaves the registers.
pub(super) fn groups(graph: &Graph, chosen: &[bool]) -> Vec<Vec<NodeIndex>> {
    let mut groups: Vec<Vec<NodeIndex>> = Vec::new();
    let mut group_of = vec![usize::MAX; chosen.len()];
    let mut results = vec![false; chosen.len()];
    graph.outputs().iter().for_each(|output| results[output.node.index()] = true);
    for node in graph.nodes().filter(|node| chosen[node.index()]) {
        let Some(op) = &graph.node(node).op else { continue };
        let joins = |source: &NodeIndex| {
            let made = &graph.node(*source);
            let ends = groups.get(group_of[source.index()]).is_some_and(|group| group.last() == Some(source));
            let alone = graph.readers(*source).filter(|reader| chosen[reader.index()]).count() == 1;
            let stays = made.op.as_ref().is_some_and(|op| !is_free(op)) && made.scope == graph.node(node).scope;
            ends && alone && stays && !results[source.index()]
        };
        let in_place = matches!(op.storage(false), Storage::Over(_));
        let before = graph.sources(node).into_iter().filter(|_| in_place).find(joins);
        group_of[node.index()] = match before {
            Some(source) => group_of[source.index()],
            None => {
                groups.push(Vec::new());
                groups.len() - 1
            }
        };
        groups[group_of[node.index()]].push(node);
    }
    groups
}
