//! Which memory the values, gradients and leavings of a training step lie in: as the graph's schedule of training says, apart from views that begin
//! within a block.

use std::ops::Range;
use std::sync::Arc;

use crate::exec::Room;
use crate::exec::map::Map;
use crate::exec::plan::homes::channels_of;
use crate::exec::plan::homes::most_alive;
use crate::graph::Buffer;
use crate::graph::Extent;
use crate::graph::Graph;
use crate::graph::Holds;
use crate::graph::NodeIndex;
use crate::graph::TrainingSchedule;
use crate::graph::place;
use crate::kernel::Channels;
use crate::kernel::LANES;

/// Bytes of an element.
const BYTES: u64 = size_of::<f32>() as u64;
/// Maps begin at multiples of so many bytes.
const ALIGNMENT: u64 = 64;

/// Where everything of a training step lies.
#[derive(Debug)]
pub(in crate::exec) struct Lifetimes {
    /// For each node its value.
    pub(in crate::exec) values: Vec<Option<Map>>,
    /// For each node the gradient of its value.
    pub(in crate::exec) gradients: Vec<Option<Map>>,
    /// For each node what its forward leaves.
    pub(in crate::exec) saved: Vec<Range<usize>>,
    /// The memory of all of it.
    pub(in crate::exec) room: Room,
}

/// Extents with their numbers while they are collected.
#[derive(Default)]
struct Extents {
    all: Vec<Extent>,
    /// For each the bytes that carry something.
    carried: Vec<u64>,
}

impl Extents {
    fn add(&mut self, [elements, carried]: [usize; 2], life: &Buffer) -> usize {
        self.carried.push(carried as u64 * BYTES);
        self.all.push(Extent { size: elements as u64 * BYTES, from: life.from, until: life.until });
        self.all.len() - 1
    }
}

impl Lifetimes {
    /// Of the nodes that lead to a result. `saves` says how many elements a node leaves, `held` until when a value is needed beyond what
    /// the schedule knows.
    pub(in crate::exec) fn new(
        graph: &Graph,
        images: usize,
        schedule: &TrainingSchedule,
        saves: impl Fn(NodeIndex, &Arc<Channels>) -> usize,
        held: impl Fn(NodeIndex) -> Option<u32>,
    ) -> Lifetimes {
        let count = graph.nodes().len();
        let life =
            |holds: Holds, node: NodeIndex| schedule.buffers.iter().find(|buffer| buffer.holds == holds && buffer.node == node);
        let size = |node: NodeIndex, channels: &Channels| {
            let plane = images * graph.node(node).shape.pixels() as usize;
            [channels.blocks() * LANES * plane, channels.count() as usize * plane]
        };
        let mut extents = Extents::default();
        let mut channels: Vec<Option<Arc<Channels>>> = vec![None; count];
        let mut value_of: Vec<Option<usize>> = vec![None; count];
        let mut saved_of: Vec<Option<(usize, usize)>> = vec![None; count];
        for node in graph.nodes() {
            let Some(alive) = life(Holds::Value, schedule.memory[node.index()]) else { continue };
            let sources = graph.sources(node);
            let shared = sources.iter().copied().find(|&source| {
                schedule.memory[node.index()] != node
                    && schedule.memory[source.index()] == schedule.memory[node.index()]
                    && graph.node(source).shape == graph.node(node).shape
            });
            if let Some(source) = shared {
                let of_source = channels[source.index()].clone();
                channels[node.index()] = of_source;
                value_of[node.index()] = value_of[source.index()];
                if let (Some(extent), Some(moment)) = (value_of[node.index()], held(node)) {
                    extents.all[extent].until = extents.all[extent].until.max(moment);
                }
            } else {
                let own = channels_of(graph, node, &sources, |source| {
                    channels[source.index()].clone().expect("a value is made before it is read")
                });
                let alive = Buffer { from: node.index() as u32, ..*alive };
                value_of[node.index()] = Some(extents.add(size(node, &own), &alive));
                channels[node.index()] = Some(own);
            }
            if let (Some(alive), Some(channels)) = (life(Holds::Saved, node), &channels[node.index()]) {
                let elements = saves(node, channels);
                saved_of[node.index()] = Some((
                    extents.add([elements, elements / (channels.blocks() * LANES).max(1) * channels.count() as usize], alive),
                    elements,
                ));
            }
        }
        let mut gradient_of: Vec<Option<usize>> = vec![None; count];
        for node in graph.nodes().rev() {
            let (Some(home), Some(own)) = (schedule.gradients[node.index()], &channels[node.index()]) else { continue };
            let alive = life(Holds::Gradient, home).expect("a gradient lives");
            let fits = graph.node(home).shape == graph.node(node).shape && channels[home.index()].as_ref() == Some(own);
            gradient_of[node.index()] = match gradient_of[home.index()].filter(|_| fits && home != node) {
                Some(shared) => Some(shared),
                None => Some(extents.add(size(node, own), alive)),
            };
        }
        let placement = place(&extents.all, ALIGNMENT);
        let begin = |extent: usize| (placement.offsets[extent] / BYTES) as usize;
        let map = |node: NodeIndex, extent: Option<usize>| {
            let channels = channels[node.index()].clone()?;
            Some(Map { shape: graph.node(node).shape, images, channels, begin: begin(extent?) })
        };
        let values = graph.nodes().map(|node| map(node, value_of[node.index()])).collect();
        let gradients = graph.nodes().map(|node| map(node, gradient_of[node.index()])).collect();
        let saved = saved_of.iter().map(|saved| saved.map_or(0..0, |(extent, elements)| begin(extent)..begin(extent) + elements));
        let saved = saved.collect();
        let live = most_alive(&extents.all, &extents.carried);
        let padded = most_alive(&extents.all, &extents.all.iter().map(|extent| extent.size).collect::<Vec<u64>>());
        let room = Room { live, padding: padded - live, arena: placement.arena, ..Room::default() };
        Lifetimes { values, gradients, saved, room }
    }
}
