//! Order of execution, memory that tensors share, and how much is live at each step.
//!
//! Nodes run in index order. A tensor is live from the step that writes it to the last step that reads it. An operator works in
//! place where it may ([`Storage::Over`]) and every tensor in that memory has its last reader by then; the network's inputs belong
//! to the caller and are never overwritten. A concatenation copies.

use std::collections::HashMap;

use crate::base::units::whole;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::op::Storage;

/// One step: a node that writes memory of its own or works in place; an input or a view is no step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The node.
    pub node: NodeIndex,
    /// Elements live while it runs, for one image: all it reads, all it writes, and what waits for later.
    pub live: u64,
}

/// When each tensor lives and where, for inference.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The steps in order.
    pub steps: Vec<Step>,
    /// For each node the memory its value lies in: the number of the node that first wrote there.
    pub memory: Vec<NodeIndex>,
}

impl Schedule {
    /// The schedule of inference.
    pub fn inference(graph: &Graph) -> Schedule {
        let needed = graph.in_inference();
        let last_reader = last_readers(graph, &needed);
        let memory = share(graph, &needed, &last_reader);
        let mut free_after = vec![0; needed.len()];
        for node in graph.nodes().filter(|node| needed[node.index()]) {
            let until = &mut free_after[memory[node.index()].index()];
            *until = last_reader[node.index()].max(*until).max(node.index());
        }
        let mut steps = Vec::with_capacity(needed.len());
        let mut live = 0;
        let mut ends: Vec<(usize, u64)> = Vec::new();
        for node in graph.nodes().filter(|node| needed[node.index()]) {
            let own = memory[node.index()] == node;
            if own {
                let size = whole(graph.node(node).shape.elements());
                live += size;
                ends.push((free_after[node.index()], size));
            }
            let op = graph.node(node).op.as_ref();
            let is_view = op.is_none_or(|op| matches!(op.storage(false), Storage::View { .. }));
            if own && op.is_some() || !is_view {
                steps.push(Step { node, live });
            }
            ends.retain(|&(end, size)| {
                let over = end <= node.index();
                live -= if over { size } else { 0 };
                !over
            });
        }
        Schedule { steps, memory }
    }

    /// The step at which most is live, the first of equals.
    pub fn peak(&self) -> Option<Step> {
        self.steps.iter().copied().reduce(|best, step| if step.live > best.live { step } else { best })
    }
}

/// For each node the index of the last step that reads it; a result of inference is read at the end.
fn last_readers(graph: &Graph, needed: &[bool]) -> Vec<usize> {
    let mut last = vec![0; needed.len()];
    for node in graph.nodes().filter(|node| needed[node.index()]) {
        for source in graph.sources(node) {
            last[source.index()] = node.index();
        }
    }
    for output in graph.outputs().iter().filter(|output| !output.train_only) {
        last[output.node.index()] = usize::MAX;
    }
    last
}

fn share(graph: &Graph, needed: &[bool], last_reader: &[usize]) -> Vec<NodeIndex> {
    let mut memory: Vec<NodeIndex> = graph.nodes().collect();
    // The tensors in each memory, by the number of its first writer.
    let mut tenants: Vec<Vec<NodeIndex>> = graph.nodes().map(|node| vec![node]).collect();
    let mut sources = Vec::new();
    for node in graph.nodes().filter(|node| needed[node.index()]) {
        let Some(op) = &graph.node(node).op else { continue };
        graph.sources_into(node, &mut sources);
        let done = |tenant: &NodeIndex| last_reader[tenant.index()] <= node.index();
        let mut reads: HashMap<NodeIndex, u32> = HashMap::new();
        for source in &sources {
            *reads.entry(memory[source.index()]).or_default() += 1;
        }
        let writable = |source: NodeIndex| {
            let home = memory[source.index()];
            let same_size = graph.node(source).shape.elements() == graph.node(home).shape.elements();
            graph.node(home).op.is_some() && same_size && reads[&home] == 1 && tenants[home.index()].iter().all(done)
        };
        let home = match op.storage(false) {
            Storage::View { .. } => Some(memory[sources[0].index()]),
            Storage::Over(count) => {
                let fits = |&&source: &&NodeIndex| graph.node(source).shape.elements() == graph.node(node).shape.elements();
                let over = sources.iter().take(count).filter(fits).find(|&&source| writable(source));
                over.map(|source| memory[source.index()])
            }
            Storage::Own | Storage::Joins => None,
        };
        if let Some(home) = home {
            memory[node.index()] = home;
            tenants[home.index()].push(node);
        }
    }
    memory
}
