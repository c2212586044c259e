//! Which memory the values, gradients and leavings of a training step lie in: as the graph's schedule of training says, apart from views that
//! begin within a block and parts of concatenations, which lie where the whole does.

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
use crate::graph::Learning;
use crate::graph::NodeIndex;
use crate::graph::TrainingSchedule;
use crate::graph::place;
use crate::kernel::Channels;
use crate::kernel::LANES;
use crate::op::Op;

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

/// A piece of memory: an extent, and the elements of it that lie before.
#[derive(Clone, Copy, Debug)]
struct Place {
    extent: usize,
    at: usize,
}

/// Extents with their numbers while they are collected.
#[derive(Default)]
struct Extents {
    all: Vec<Extent>,
    /// For each the bytes that carry something.
    carried: Vec<u64>,
    /// For each the memory that it is a part of.
    within: Vec<Option<Place>>,
}

impl Extents {
    fn add(&mut self, [elements, carried]: [usize; 2], from: u32, until: u32) -> Place {
        self.carried.push(carried as u64 * BYTES);
        self.within.push(None);
        self.all.push(Extent { size: elements as u64 * BYTES, from, until });
        Place { extent: self.all.len() - 1, at: 0 }
    }

    /// Makes an extent a part of other memory, which lives as long as both.
    fn join(&mut self, part: usize, whole: Place) {
        self.within[part] = Some(whole);
        let Extent { from, until, .. } = self.all[part];
        self.lives(whole, from, until);
    }

    /// Memory that lives at these moments, too.
    fn lives(&mut self, place: Place, from: u32, until: u32) {
        let Place { extent, .. } = self.root(place);
        let whole = &mut self.all[extent];
        whole.from = whole.from.min(from);
        whole.until = whole.until.max(until);
    }

    /// Where it lies in an extent that is no part of another.
    fn root(&self, mut place: Place) -> Place {
        while let Some(whole) = self.within[place.extent] {
            place = Place { extent: whole.extent, at: whole.at + place.at };
        }
        place
    }

    /// Lays all into one arena: where each that is no part of another begins, and the memory.
    fn placed(&self) -> (Vec<usize>, Room) {
        let roots: Vec<usize> = (0..self.all.len()).filter(|&extent| self.within[extent].is_none()).collect();
        let extents: Vec<Extent> = roots.iter().map(|&root| self.all[root]).collect();
        let placement = place(&extents, ALIGNMENT);
        let mut begins = vec![0; self.all.len()];
        for (&root, &offset) in roots.iter().zip(&placement.offsets) {
            begins[root] = (offset / BYTES) as usize;
        }
        let live = most_alive(&extents, &roots.iter().map(|&root| self.carried[root]).collect::<Vec<u64>>());
        let padded = most_alive(&extents, &extents.iter().map(|extent| extent.size).collect::<Vec<u64>>());
        (begins, Room { live, padding: padded - live, arena: placement.arena, ..Room::default() })
    }
}

/// What places are found from.
struct Finder<'a> {
    graph: &'a Graph,
    images: usize,
    schedule: &'a TrainingSchedule,
    /// For each memory the last node whose value lies in it.
    last_in: Vec<usize>,
    channels: Vec<Option<Arc<Channels>>>,
    extents: Extents,
}

impl Lifetimes {
    /// Of the nodes that lead to a result. `saves` says how many elements a node leaves. What is concatenated lies in the concatenation,
    /// and its gradient in that of the concatenation, where nothing else comes between.
    pub(in crate::exec) fn new(
        graph: &Graph,
        learning: &Learning,
        images: usize,
        schedule: &TrainingSchedule,
        saves: impl Fn(NodeIndex, &Arc<Channels>) -> usize,
    ) -> Lifetimes {
        let count = graph.nodes().len();
        let mut last_in = vec![0; count];
        for node in graph.nodes() {
            last_in[schedule.memory[node.index()].index()] = node.index();
        }
        let channels = vec![None; count];
        let mut finder = Finder { graph, images, schedule, last_in, channels, extents: Extents::default() };
        let mut value_of: Vec<Option<Place>> = vec![None; count];
        let mut saved_of: Vec<Option<(Place, usize)>> = vec![None; count];
        for node in graph.nodes() {
            value_of[node.index()] = finder.value(node, &value_of);
            if let (Some(alive), Some(channels)) = (finder.life(Holds::Saved, node), &finder.channels[node.index()]) {
                let elements = saves(node, channels);
                let carried = elements / (channels.blocks() * LANES).max(1) * channels.count() as usize;
                saved_of[node.index()] = Some((finder.extents.add([elements, carried], alive.from, alive.until), elements));
            }
        }
        let mut gradient_of: Vec<Option<Place>> = vec![None; count];
        for node in graph.nodes().rev() {
            gradient_of[node.index()] = finder.gradient(node, learning, &gradient_of);
        }
        let Finder { channels, extents, .. } = finder;
        let (begins, room) = extents.placed();
        let begin = |place: Place| {
            let Place { extent, at } = extents.root(place);
            begins[extent] + at
        };
        let map = |node: NodeIndex, place: Option<Place>| {
            let channels = channels[node.index()].clone()?;
            Some(Map { shape: graph.node(node).shape, images, channels, begin: begin(place?) })
        };
        let maps = |places: &[Option<Place>]| graph.nodes().map(|node| map(node, places[node.index()])).collect();
        let saved = saved_of.iter().map(|saved| saved.map_or(0..0, |(place, elements)| begin(place)..begin(place) + elements));
        Lifetimes { values: maps(&value_of), gradients: maps(&gradient_of), saved: saved.collect(), room }
    }
}

impl Finder<'_> {
    fn life(&self, holds: Holds, node: NodeIndex) -> Option<Buffer> {
        self.schedule.buffers.iter().find(|buffer| buffer.holds == holds && buffer.node == node).copied()
    }

    /// Elements of a node's value, and of these the ones that carry something.
    fn size(&self, node: NodeIndex, channels: &Channels) -> [usize; 2] {
        let plane = self.images * self.graph.node(node).shape.pixels() as usize;
        [channels.blocks() * LANES * plane, channels.count() as usize * plane]
    }

    /// The parts that a concatenation has, with the elements before each.
    fn parts(&self, sources: &[NodeIndex]) -> Vec<(NodeIndex, usize)> {
        let mut at = 0;
        let part = |&source: &NodeIndex| {
            let channels = self.channels[source.index()].as_ref().expect("a value is made before it is read");
            let begin = at;
            at += self.size(source, channels)[0];
            (source, begin)
        };
        sources.iter().map(part).collect()
    }

    /// Where a node's value lies.
    fn value(&mut self, node: NodeIndex, value_of: &[Option<Place>]) -> Option<Place> {
        let (graph, home) = (self.graph, self.schedule.memory[node.index()]);
        let alive = self.life(Holds::Value, home)?;
        let sources = graph.sources(node);
        let shared = sources.iter().copied().find(|&source| {
            home != node && self.schedule.memory[source.index()] == home && graph.node(source).shape == graph.node(node).shape
        });
        if let Some(source) = shared {
            let of_source = self.channels[source.index()].clone();
            self.channels[node.index()] = of_source;
            return value_of[source.index()];
        }
        let own = channels_of(graph, node, &sources, |source| {
            self.channels[source.index()].clone().expect("a value is made before it is read")
        });
        let place = self.extents.add(self.size(node, &own), node.index() as u32, alive.until);
        self.channels[node.index()] = Some(own);
        if matches!(graph.node(node).op, Some(Op::Concat(_))) {
            for (source, at) in self.parts(&sources) {
                let Some(part) = value_of[source.index()] else { continue };
                let memory = self.schedule.memory[source.index()];
                let is_overwritten =
                    self.last_in[node.index()] > node.index() && self.extents.all[part.extent].until as usize > node.index();
                let is_free = graph.node(memory).op.is_some()
                    && part.at == 0
                    && self.extents.within[part.extent].is_none()
                    && self.last_in[memory.index()] < node.index();
                if is_free && !is_overwritten {
                    self.extents.join(part.extent, Place { at, ..place });
                }
            }
        }
        Some(place)
    }

    /// Where the gradient of a node's value lies, after those of all its readers.
    fn gradient(&mut self, node: NodeIndex, learning: &Learning, gradient_of: &[Option<Place>]) -> Option<Place> {
        let (graph, home) = (self.graph, self.schedule.gradients[node.index()]?);
        let own = self.channels[node.index()].clone()?;
        let alive = self.life(Holds::Gradient, home).expect("a gradient lives");
        let fits = graph.node(home).shape == graph.node(node).shape && self.channels[home.index()].as_ref() == Some(&own);
        if let Some(shared) = gradient_of[home.index()].filter(|_| fits && home != node) {
            return Some(shared);
        }
        if home == node
            && let Some(part) = self.part_of_gradient(node, learning, gradient_of)
        {
            self.extents.lives(part, alive.from, alive.until);
            return Some(part);
        }
        Some(self.extents.add(self.size(node, &own), alive.from, alive.until))
    }

    /// The part of a concatenation's gradient that a node's begins as: that of its last reader.
    fn part_of_gradient(&self, node: NodeIndex, learning: &Learning, gradient_of: &[Option<Place>]) -> Option<Place> {
        let graph = self.graph;
        if graph.outputs().iter().any(|output| output.node == node) {
            return None;
        }
        let is_there = |reader: &NodeIndex| learning.reaches(*reader) && gradient_of[reader.index()].is_some();
        let last = graph.readers(node).filter(is_there).max()?;
        let sources = graph.sources(last);
        let is_once = sources.iter().filter(|&&source| source == node).count() == 1;
        if !is_once || !matches!(graph.node(last).op, Some(Op::Concat(_))) {
            return None;
        }
        let (_, at) = self.parts(&sources).into_iter().find(|(source, _)| *source == node)?;
        gradient_of[last.index()].map(|whole| Place { extent: whole.extent, at: whole.at + at })
    }
}
