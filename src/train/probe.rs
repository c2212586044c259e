//! What a layer gives for images: the values of some nodes of a trained network.

use crate::exec::Inference;
use crate::exec::InferencePlan;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::State;
use crate::train::evaluate::Showing;
use crate::train::feed::Feed;
use crate::train::subject::Subject;

/// A trained network of which the values of some nodes are read.
#[derive(Debug)]
pub struct Probe {
    inference: Inference,
    batch: Vec<f32>,
    images: usize,
    /// Each with its elements of an image.
    nodes: Vec<(NodeIndex, usize)>,
}

impl Probe {
    /// Of a network with these numbers, and nodes that inference computes.
    pub fn new(subject: &Subject<'_>, state: &State, nodes: &[NodeIndex], showing: Showing<'_>) -> Probe {
        let images = showing.batch.max(1);
        let plan = InferencePlan { images, kernels: showing.kernels, keep: nodes, fused: true };
        let elements = |node: NodeIndex| subject.graph.node(node).shape.elements() as usize;
        Probe {
            inference: Inference::new(subject.graph, state, &plan),
            batch: vec![0.0; images * subject.image.elements() as usize],
            images,
            nodes: nodes.iter().map(|&node| (node, elements(node))).collect(),
        }
    }

    /// For each node its values for some images as they are, `[image, channel, row, column]`: no more images than are shown at a time.
    ///
    /// # Panics
    /// If there are more.
    pub fn values(&mut self, feed: &Feed<'_>, places: &[usize]) -> Vec<Vec<f32>> {
        assert!(places.len() <= self.images, "{} images, {} at a time", places.len(), self.images);
        // A batch may be short: what its room still holds is computed and not looked at.
        feed.plain(places, &mut self.batch);
        self.inference.run(&[&self.batch]);
        let value = |&(node, elements): &(NodeIndex, usize)| {
            let mut values = self.inference.value(node);
            values.truncate(places.len() * elements);
            values
        };
        self.nodes.iter().map(value).collect()
    }
}

/// The node that a path names: of a layer, branch or module the last one, of `PATH:part` that part.
pub fn node_at(graph: &Graph, path: &str) -> Option<NodeIndex> {
    let (layer, part) = path.split_once(':').map_or((path, None), |(layer, part)| (layer, Some(part)));
    let scope = graph.scopes().find(layer)?;
    let computed = || graph.nodes().rev().filter(|&node| graph.node(node).op.is_some());
    let own = || computed().filter(|&node| graph.node(node).scope == scope);
    match part {
        Some(_) => own().find(|&node| graph.path(node) == path),
        // What a module gives is its own node, such as the concatenation of branches, or the last in it.
        None => own()
            .next()
            .or_else(|| computed().find(|&node| graph.scopes().ancestors(graph.node(node).scope).any(|around| around == scope))),
    }
}
