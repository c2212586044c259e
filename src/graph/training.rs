//! When each tensor lives in a training step: forward through all nodes, the loss, backward through those that learn.
//!
//! A value lives until its last reader, and until the last backward that finds it again ([`Keeps`]); nothing works in place over a
//! value that a backward needs. What an operator saves beside values lives from its forward to its backward. The gradient of a value
//! lives from the first backward that adds to it, that of its last reader, or from the loss, until the backward of the node that made
//! the value. Where forward may work in place in training, or only looks at a part, the gradient of the input may take over that of the
//! output; else it has memory of its own.
//!
//! Parameters, their gradients and the optimizer's state live for the whole step and are not in it.

use crate::base::units::whole;
use crate::graph::Buffer;
use crate::graph::Graph;
use crate::graph::Holds;
use crate::graph::Learning;
use crate::graph::NodeIndex;
use crate::graph::live;
use crate::graph::schedule::last_readers;
use crate::graph::schedule::values;
use crate::graph::sharing::share;
use crate::op::Keeps;
use crate::op::Storage;

/// What happens at a moment of a training step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A node's forward.
    Forward(NodeIndex),
    /// The loss reads the results and gives their gradients.
    Loss,
    /// A node's backward.
    Backward(NodeIndex),
}

/// A training step's tensors.
#[derive(Clone, Debug)]
pub struct TrainingSchedule {
    /// For each node the memory its value lies in: the number of the node that first wrote there.
    pub memory: Vec<NodeIndex>,
    /// For each node the memory that the gradient of its value lies in: the number of the node whose gradient first lay there.
    pub gradients: Vec<Option<NodeIndex>>,
    /// All memories. Their moments are those of [`TrainingSchedule::phase`].
    pub buffers: Vec<Buffer>,
    nodes: u32,
}

impl TrainingSchedule {
    /// The schedule of a step with all heads.
    pub fn new(graph: &Graph, learning: &Learning) -> TrainingSchedule {
        TrainingSchedule::finding(graph, learning, |_, keeps| keeps)
    }

    /// As [`Self::new`], for who finds less again than the operators' own backward does: `finds` says what of it a node's does.
    pub fn finding(graph: &Graph, learning: &Learning, finds: impl Fn(NodeIndex, Keeps) -> Keeps) -> TrainingSchedule {
        let chosen = graph.leading_to(|_| true);
        let nodes = graph.nodes().len() as u32;
        let moments = Moments { nodes };
        let mut last = last_readers(graph, &chosen, |_| false);
        for output in graph.outputs() {
            last[output.node.index()] = moments.loss() as usize;
        }
        let mut saved = Vec::new();
        for node in graph.nodes().filter(|&node| chosen[node.index()] && learning.reaches(node)) {
            let backward = moments.backward(node);
            let Some((keeps, sources)) = kept(graph, learning, node) else { continue };
            let keeps = finds(node, keeps);
            let own = keeps.output.then_some(node);
            for value in sources.into_iter().filter(|_| keeps.inputs).chain(own) {
                last[value.index()] = last[value.index()].max(backward as usize);
            }
            if keeps.per_image > 0 || keeps.per_batch > 0 {
                let Keeps { per_image, per_batch, .. } = keeps;
                saved.push(Buffer {
                    holds: Holds::Saved,
                    node,
                    per_image,
                    per_batch,
                    from: node.index() as u32,
                    until: backward,
                });
            }
        }
        let memory = share(graph, &chosen, &last, true);
        let mut buffers = values(graph, &chosen, &last, &memory, moments.end());
        buffers.extend(saved);
        let gradients = Gradients::of(graph, learning, &chosen, moments);
        buffers.extend(gradients.buffers);
        TrainingSchedule { memory, gradients: gradients.homes, buffers, nodes }
    }

    /// How many moments a step has.
    pub fn moments(&self) -> u32 {
        Moments { nodes: self.nodes }.end() + 1
    }

    /// The moment of a node's backward.
    pub fn backward(&self, node: NodeIndex) -> u32 {
        Moments { nodes: self.nodes }.backward(node)
    }

    /// What happens at a moment.
    pub fn phase(&self, moment: u32) -> Phase {
        match moment {
            _ if moment < self.nodes => Phase::Forward(NodeIndex::from(moment)),
            _ if moment == self.nodes => Phase::Loss,
            _ => Phase::Backward(NodeIndex::from(2 * self.nodes - moment)),
        }
    }

    /// The first moment at which most is live, and how many elements that are, for a batch.
    pub fn peak(&self, batch: u32) -> (Phase, u128) {
        let live = live(&self.buffers, batch, self.moments());
        let first = live.iter().enumerate().reduce(|best, next| if next.1 > best.1 { next } else { best });
        first.map_or((Phase::Loss, 0), |(moment, &elements)| (self.phase(moment as u32), elements))
    }

    /// Elements that forward leaves for backward, for a batch: what is still wanted after the loss.
    pub fn kept(&self, batch: u32) -> u128 {
        let loss = Moments { nodes: self.nodes }.loss();
        let kept = self.buffers.iter().filter(|buffer| buffer.from < loss && buffer.until > loss);
        kept.map(|buffer| buffer.elements(batch)).sum()
    }
}

/// The moments of a step over some nodes.
#[derive(Clone, Copy)]
struct Moments {
    nodes: u32,
}

impl Moments {
    fn loss(self) -> u32 {
        self.nodes
    }

    fn backward(self, node: NodeIndex) -> u32 {
        2 * self.nodes - node.index() as u32
    }

    fn end(self) -> u32 {
        2 * self.nodes
    }
}

/// What the backward of a node finds again, with what the node reads. A contraction whose weights are frozen does without its inputs: it
/// is linear in them.
fn kept(graph: &Graph, learning: &Learning, node: NodeIndex) -> Option<(Keeps, Vec<NodeIndex>)> {
    let op = graph.node(node).op.as_ref()?;
    let sources = graph.sources(node);
    let keeps = op.keeps(&graph.input_shapes(node));
    let inputs = keeps.inputs && (learning.own(node) || !op.class().is_contraction());
    Some((Keeps { inputs, ..keeps }, sources))
}

/// Memories of gradients while backward is walked.
struct Gradients {
    homes: Vec<Option<NodeIndex>>,
    buffers: Vec<Buffer>,
    /// For each node the place among the buffers of the gradient that first lay there.
    places: Vec<usize>,
}

impl Gradients {
    fn of(graph: &Graph, learning: &Learning, chosen: &[bool], moments: Moments) -> Gradients {
        let count = graph.nodes().len();
        let mut gradients = Gradients { homes: vec![None; count], buffers: Vec::new(), places: vec![0; count] };
        for output in graph.outputs().iter().filter(|output| learning.reaches(output.node)) {
            gradients.begin(graph, output.node, moments.loss());
        }
        for node in graph.nodes().rev().filter(|&node| chosen[node.index()] && learning.reaches(node)) {
            let Some(home) = gradients.homes[node.index()] else { continue };
            let now = moments.backward(node);
            let place = gradients.places[home.index()];
            gradients.buffers[place].until = now;
            let sources = graph.sources(node);
            if let Some(heir) = gradients.heir(graph, learning, node, &sources) {
                gradients.homes[heir.index()] = Some(home);
            }
            for source in sources.into_iter().filter(|&source| learning.reaches(source)) {
                gradients.begin(graph, source, now);
            }
        }
        gradients
    }

    /// Gives the gradient of a value memory, unless it has some.
    fn begin(&mut self, graph: &Graph, node: NodeIndex, from: u32) {
        if self.homes[node.index()].is_none() {
            self.homes[node.index()] = Some(node);
            self.places[node.index()] = self.buffers.len();
            let per_image = whole(graph.node(node).shape.elements());
            self.buffers.push(Buffer { holds: Holds::Gradient, node, per_image, per_batch: 0, from, until: from });
        }
    }

    /// The first input whose gradient may take over that of the output: nothing has been added to it yet.
    fn heir(&self, graph: &Graph, learning: &Learning, node: NodeIndex, sources: &[NodeIndex]) -> Option<NodeIndex> {
        let may = match graph.node(node).op.as_ref()?.storage(true) {
            Storage::Own | Storage::Joins => 0,
            Storage::View { .. } => 1,
            Storage::Over(count) => count,
        };
        let size = graph.node(node).shape.elements();
        let fits = |source: &&NodeIndex| {
            learning.reaches(**source)
                && self.homes[source.index()].is_none()
                && graph.node(**source).shape.elements() == size
                && sources.iter().filter(|other| other == source).count() == 1
        };
        sources.iter().take(may).find(fits).copied()
    }
}
