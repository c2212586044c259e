//! Which tensors lie in the same memory.

use std::collections::HashMap;

use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::op::Storage;

/// For each node the memory its value lies in, by the number of the node that first wrote there.
///
/// `last` says for each node which node needs its value last, `usize::MAX` where it is needed beyond the last of them. A node writes
/// over a value that it may ([`Storage::Over`]) if nothing in that memory is needed after it. The inputs are never written over.
pub(super) fn share(graph: &Graph, chosen: &[bool], last: &[usize], training: bool) -> Vec<NodeIndex> {
    let mut memory: Vec<NodeIndex> = graph.nodes().collect();
    // When each memory is needed last, by all that has come to lie in it.
    let mut busy = last.to_vec();
    let mut sources = Vec::new();
    let mut reads: HashMap<NodeIndex, u32> = HashMap::new();
    for node in graph.nodes().filter(|node| chosen[node.index()]) {
        let Some(op) = &graph.node(node).op else { continue };
        let home = match op.storage(training) {
            Storage::Own | Storage::Joins => None,
            Storage::View { .. } => {
                graph.sources_into(node, &mut sources);
                Some(memory[sources[0].index()])
            }
            Storage::Over(count) => {
                graph.sources_into(node, &mut sources);
                reads.clear();
                for source in &sources {
                    *reads.entry(memory[source.index()]).or_default() += 1;
                }
                let size = graph.node(node).shape.elements();
                let writable =
                    |home: NodeIndex| graph.node(home).op.is_some() && reads[&home] == 1 && busy[home.index()] <= node.index();
                let fits = |source: &&NodeIndex| {
                    let home = memory[source.index()];
                    let sizes = [**source, home].map(|node| graph.node(node).shape.elements());
                    sizes == [size; 2] && writable(home)
                };
                sources.iter().take(count).find(fits).map(|source| memory[source.index()])
            }
        };
        if let Some(home) = home {
            memory[node.index()] = home;
            busy[home.index()] = busy[home.index()].max(last[node.index()]);
        }
    }
    memory
}
