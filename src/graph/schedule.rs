//! Order of execution of inference, memory that tensors share, and how much is live at each step.
//!
//! Nodes run in index order. A tensor is live from the step that writes it to the last step that reads it. An operator works in
//! place where it may ([`Storage::Over`]) and every tensor in that memory has its last reader by then; the network's inputs belong
//! to the caller and are never overwritten. A concatenation copies.

use crate::base::units::whole;
use crate::graph::Buffer;
use crate::graph::Graph;
use crate::graph::Holds;
use crate::graph::NodeIndex;
use crate::graph::Output;
use crate::graph::live;
use crate::graph::sharing::share;
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
    /// The memories in the order in which they are first written. Their moments are numbers of nodes; what is left at the end is live
    /// until the last node of the graph.
    pub buffers: Vec<Buffer>,
}

impl Schedule {
    /// The schedule of inference.
    pub fn inference(graph: &Graph) -> Schedule {
        let needed = graph.in_inference();
        let last = last_readers(graph, &needed, |output| !output.train_only);
        let memory = share(graph, &needed, &last, false);
        let buffers = values(graph, &needed, &last, &memory, graph.nodes().len() as u32 - 1);
        let live = live(&buffers, 1, graph.nodes().len() as u32);
        let steps = graph.nodes().filter(|node| needed[node.index()]).filter(|&node| {
            let op = graph.node(node).op.as_ref();
            op.is_some_and(|op| memory[node.index()] == node || !matches!(op.storage(false), Storage::View { .. }))
        });
        let steps = steps.map(|node| Step { node, live: whole(live[node.index()]) }).collect();
        Schedule { steps, memory, buffers }
    }

    /// The step at which most is live, the first of equals.
    pub fn peak(&self) -> Option<Step> {
        self.steps.iter().copied().reduce(|best, step| if step.live > best.live { step } else { best })
    }
}

/// For each node the index of the last chosen one that reads it; the chosen results are read at the end.
pub(super) fn last_readers(graph: &Graph, chosen: &[bool], is_result: impl Fn(&Output) -> bool) -> Vec<usize> {
    let mut last = vec![0; chosen.len()];
    let mut sources = Vec::new();
    for node in graph.nodes().filter(|node| chosen[node.index()]) {
        graph.sources_into(node, &mut sources);
        for source in &sources {
            last[source.index()] = node.index();
        }
    }
    for output in graph.outputs().iter().filter(|output| is_result(output)) {
        last[output.node.index()] = usize::MAX;
    }
    last
}

/// The memories of the chosen nodes' values, live until they are needed last or at most until the moment `end`.
pub(super) fn values(graph: &Graph, chosen: &[bool], last: &[usize], memory: &[NodeIndex], end: u32) -> Vec<Buffer> {
    let mut until = vec![0; chosen.len()];
    let chosen = || graph.nodes().filter(|node| chosen[node.index()]);
    for node in chosen() {
        let until = &mut until[memory[node.index()].index()];
        *until = last[node.index()].max(*until).max(node.index());
    }
    let owners = chosen().filter(|node| memory[node.index()] == *node);
    let buffers = owners.map(|node| Buffer {
        holds: Holds::Value,
        node,
        per_image: whole(graph.node(node).shape.elements()),
        per_batch: 0,
        from: node.index() as u32,
        until: u32::try_from(until[node.index()]).map_or(end, |until| until.min(end)),
    });
    buffers.collect()
}
