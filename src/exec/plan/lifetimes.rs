//! Which memory the values, gradients and leavings of a training step lie in: as the graph's schedule of training says, apart from views that
//! begin within a block and parts of concatenations, which lie where the whole does.

use std::ops::Range;
use std::sync::Arc;

use crate::exec::Room;
use crate::exec::map::Map;
use crate::exec::plan::Gathers;
use crate::exec::plan::homes::channels_of;
use crate::exec::plan::nest::Nest;
use crate::exec::plan::nest::Place;
use crate::graph::Buffer;
use crate::graph::Graph;
use crate::graph::Holds;
use crate::graph::Learning;
use crate::graph::NodeIndex;
use crate::graph::TrainingSchedule;
use crate::kernel::Channels;
use crate::kernel::LANES;
use crate::op::Op;

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

/// What places are found from.
struct Finder<'a> {
    graph: &'a Graph,
    gathers: &'a Gathers,
    images: usize,
    schedule: &'a TrainingSchedule,
    /// For each memory the last node whose value lies in it.
    last_in: Vec<usize>,
    channels: Vec<Option<Arc<Channels>>>,
    nest: Nest,
}

impl Lifetimes {
    /// Of the nodes that lead to a result. `saves` says how many elements a node leaves. What is concatenated lies in the concatenation,
    /// and its gradient in that of the concatenation, where nothing else comes between.
    pub(in crate::exec) fn new(
        graph: &Graph,
        (learning, gathers): (&Learning, &Gathers),
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
        let mut finder = Finder { graph, gathers, images, schedule, last_in, channels, nest: Nest::default() };
        let mut value_of: Vec<Option<Place>> = vec![None; count];
        let mut saved_of: Vec<Option<(Place, usize)>> = vec![None; count];
        for node in graph.nodes() {
            value_of[node.index()] = finder.value(node, &value_of);
            if let (Some(alive), Some(channels)) = (finder.life(Holds::Saved, node), &finder.channels[node.index()]) {
                let elements = saves(node, channels);
                let carried = elements / (channels.blocks() * LANES).max(1) * channels.count() as usize;
                saved_of[node.index()] = Some((finder.nest.add([elements, carried], alive.from, alive.until), elements));
            }
        }
        let mut gradient_of: Vec<Option<Place>> = vec![None; count];
        for node in graph.nodes().rev() {
            gradient_of[node.index()] = finder.gradient(node, learning, &gradient_of);
        }
        let Finder { channels, nest, .. } = finder;
        let laid = nest.placed();
        let map = |node: NodeIndex, place: Option<Place>| {
            let channels = channels[node.index()].clone()?;
            Some(Map { shape: graph.node(node).shape, images, channels, begin: laid.begin(place?) })
        };
        let maps = |places: &[Option<Place>]| graph.nodes().map(|node| map(node, places[node.index()])).collect();
        let saved = saved_of.iter().map(|saved| {
            saved.map_or(0..0, |(place, elements)| {
                let begin = laid.begin(place);
                begin..begin + elements
            })
        });
        Lifetimes { values: maps(&value_of), gradients: maps(&gradient_of), saved: saved.collect(), room: laid.room }
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
        if self.gathers.is_absorbed(node) {
            return None;
        }
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
        let is_join = self.gathers.is_join(node);
        let of_source = |source: NodeIndex| self.channels[source.index()].clone().expect("a value is made before it is read");
        let own = if is_join {
            Arc::new(Channels::new(graph.node(node).shape.c))
        } else {
            channels_of(graph, node, &sources, of_source)
        };
        let place = self.nest.add(self.size(node, &own), node.index() as u32, alive.until);
        self.channels[node.index()] = Some(own);
        if matches!(graph.node(node).op, Some(Op::Concat(_))) && !is_join {
            for (source, at) in self.parts(&sources) {
                let Some(part) = value_of[source.index()] else { continue };
                let memory = self.schedule.memory[source.index()];
                let is_overwritten = self.last_in[node.index()] > node.index() && self.nest.until(part.piece) > node.index();
                let is_free = graph.node(memory).op.is_some()
                    && part.at == 0
                    && self.nest.is_apart(part.piece)
                    && self.last_in[memory.index()] < node.index();
                if is_free && !is_overwritten {
                    self.nest.join(part.piece, Place { at, ..place });
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
        // A gather's backward comes before that of the takes that it is computed with.
        let gather = self.gathers.last_reader(node);
        let fits = gather.is_none()
            && graph.node(home).shape == graph.node(node).shape
            && self.channels[home.index()].as_ref() == Some(&own);
        if let Some(shared) = gradient_of[home.index()].filter(|_| fits && home != node) {
            return Some(shared);
        }
        if home == node
            && let Some(part) = self.part_of_gradient(node, learning, gradient_of)
        {
            self.nest.lives(part, alive.from, alive.until);
            return Some(part);
        }
        let from = gather.map_or(alive.from, |gather| alive.from.min(self.schedule.backward(gather)));
        Some(self.nest.add(self.size(node, &own), from, alive.until))
    }

    /// The part of a concatenation's gradient that a node's begins as: that of its last reader.
    fn part_of_gradient(&self, node: NodeIndex, learning: &Learning, gradient_of: &[Option<Place>]) -> Option<Place> {
        let graph = self.graph;
        if graph.outputs().iter().any(|output| output.node == node) || self.gathers.last_reader(node).is_some() {
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
        gradient_of[last.index()].map(|whole| Place { at: whole.at + at, ..whole })
    }
}
