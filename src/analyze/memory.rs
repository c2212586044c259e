//! Activations of inference along the order of execution: what is live at each step, where the most is, and one arena for all of it.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::units::F32_BYTES;
use crate::base::units::whole;
use crate::graph::Buffer;
use crate::graph::Extent;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::Schedule;
use crate::graph::ScopeId;
use crate::graph::live;
use crate::graph::place;
use crate::op::Op;

/// What offsets in an arena are multiples of, in bytes: a line of the cache, and the widest register.
pub const ALIGNMENT: u64 = 64;

/// Activations of inference, in `f32`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Memory {
    /// The most elements live at one step.
    pub peak_elements: u64,
    /// The same in bytes.
    pub peak_bytes: u64,
    /// The step, as the path of its layer.
    pub peak_at: String,
    /// What is live then: written, read, then waiting, the larger first.
    pub peak_holds: Vec<Held>,
    /// The most inside a module, if there is one.
    pub peak_in_modules: Option<Peak>,
    /// All tensors together, as if nothing were freed; what works in place has no memory of its own.
    pub sum_elements: u64,
    /// The same in bytes.
    pub sum_bytes: u64,
    /// One arena in which all of it is placed: the live peak, padding and holes together.
    pub arena_bytes: u64,
    /// What offsets in it are multiples of.
    pub arena_alignment: u64,
    /// The part of it by which sizes rounded up to the alignment raise the live peak.
    pub arena_padding_bytes: u64,
    /// The part of it that is holes that nothing fits.
    pub arena_gap_bytes: u64,
    /// The steps that need memory of their own, the network's inputs among them, in order. What works in place does so at no step
    /// with more.
    pub timeline: Vec<Moment>,
}

/// The most that is live among some steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Peak {
    /// The step, as the path of its node.
    pub path: String,
    /// Elements live then.
    pub elements: u64,
    /// The same in bytes.
    pub bytes: u64,
}

/// One step of the timeline. `live_elements` are what waits, what is read and what is written together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Moment {
    /// The node that writes: `3b/3x3/reduce:conv`.
    pub path: String,
    /// Its layer: `3b/3x3/reduce`.
    pub layer: String,
    /// The operator's word, or `input`.
    pub kind: &'static str,
    /// Whether its layer is a module or lies in one.
    pub in_module: bool,
    /// Elements that a later step reads and this one leaves alone.
    pub waiting_elements: u64,
    /// Elements in the tensors that it reads.
    pub read_elements: u64,
    /// Elements that it writes.
    pub written_elements: u64,
    /// Elements live while it runs.
    pub live_elements: u64,
    /// The same in bytes.
    pub live_bytes: u64,
}

/// What a step has to do with a tensor that is live while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Hold {
    /// Writes it.
    Written,
    /// Reads it.
    Read,
    /// Leaves it for a later one.
    Waiting,
}

/// A tensor that is live at the peak.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Held {
    /// The node whose value it is by then.
    pub path: String,
    /// `[channels, height, width]`.
    pub shape: [u32; 3],
    /// What the step has to do with it.
    pub hold: Hold,
    /// The node that reads it last; none for a result of the network.
    pub until: Option<String>,
    /// Its elements.
    pub elements: u64,
    /// The same in bytes.
    pub bytes: u64,
}

impl Memory {
    /// The memory of a batch.
    pub(super) fn new(graph: &Graph, schedule: &Schedule, batch: u32) -> Memory {
        let walk = Walk { graph, schedule, batch };
        let timeline = walk.timeline();
        // The first of the fullest; what works in place never has more.
        let fullest = |moments: &mut dyn Iterator<Item = &Moment>| {
            moments.reduce(|best, moment| if moment.live_elements > best.live_elements { moment } else { best }).cloned()
        };
        let at = |moment: Moment| Peak { path: moment.path, elements: moment.live_elements, bytes: moment.live_bytes };
        let peak = schedule.peak();
        let peak_elements = whole(u128::from(peak.map_or(0, |step| step.live)) * u128::from(batch));
        let sum = whole(schedule.buffers.iter().map(|buffer| buffer.elements(batch)).sum());
        let placed = place(&extents(schedule, batch), ALIGNMENT);
        Memory {
            peak_elements,
            peak_bytes: peak_elements * F32_BYTES,
            peak_at: peak.map(|step| graph.scopes().path(graph.node(step.node).scope)).unwrap_or_default(),
            peak_holds: peak.map(|step| walk.held(step.node)).unwrap_or_default(),
            peak_in_modules: fullest(&mut timeline.iter().filter(|moment| moment.in_module)).map(at),
            sum_elements: sum,
            sum_bytes: sum * F32_BYTES,
            arena_bytes: placed.arena,
            arena_alignment: ALIGNMENT,
            arena_padding_bytes: placed.padding,
            arena_gap_bytes: placed.gap,
            timeline,
        }
    }
}

/// What is to be placed for a batch, in bytes.
pub(super) fn extents(schedule: &Schedule, batch: u32) -> Vec<Extent> {
    schedule.buffers.iter().map(|buffer| buffer.extent(batch, F32_BYTES)).collect()
}

/// A schedule and its batch.
struct Walk<'g> {
    graph: &'g Graph,
    schedule: &'g Schedule,
    batch: u32,
}

impl Walk<'_> {
    fn timeline(&self) -> Vec<Moment> {
        let graph = self.graph;
        let live = live(&self.schedule.buffers, self.batch, graph.nodes().len() as u32);
        let sizes = self.sizes();
        let (modules, mut read) = (in_modules(graph), Vec::new());
        let moments = self.schedule.buffers.iter().map(|buffer| {
            let node = buffer.node;
            self.read_by(node, &mut read);
            let live = whole(live[node.index()]);
            let read = read.iter().map(|memory| sizes[memory.index()]).sum();
            let written = sizes[node.index()];
            let scope = graph.node(node).scope;
            Moment {
                path: graph.path(node),
                layer: graph.scopes().path(scope),
                kind: graph.node(node).op.as_ref().map_or("input", Op::word),
                in_module: modules[scope.index()],
                waiting_elements: live - read - written,
                read_elements: read,
                written_elements: written,
                live_elements: live,
                live_bytes: live * F32_BYTES,
            }
        });
        moments.collect()
    }

    /// For each node that owns memory its elements.
    fn sizes(&self) -> Vec<u64> {
        let mut sizes = vec![0; self.graph.nodes().len()];
        for buffer in &self.schedule.buffers {
            sizes[buffer.node.index()] = whole(buffer.elements(self.batch));
        }
        sizes
    }

    /// The memories that a node reads, each once; what it works over is one of them.
    fn read_by(&self, node: NodeIndex, into: &mut Vec<NodeIndex>) {
        self.graph.sources_into(node, into);
        into.iter_mut().for_each(|source| *source = self.schedule.memory[source.index()]);
        into.sort_unstable();
        into.dedup();
    }

    /// What is live at the step of a node.
    fn held(&self, step: NodeIndex) -> Vec<Held> {
        let (graph, memory) = (self.graph, &self.schedule.memory);
        let (needed, sizes) = (graph.in_inference(), self.sizes());
        let nodes = || graph.nodes().filter(|node| needed[node.index()]);
        let (mut read, mut sources) = (Vec::new(), Vec::new());
        self.read_by(step, &mut read);
        // Of each memory whose value lies there by then, and who reads it last.
        let (mut tenant, mut reader) = (memory.clone(), vec![None; memory.len()]);
        for node in nodes() {
            let home = memory[node.index()];
            let fills = graph.node(node).shape.elements() == graph.node(home).shape.elements();
            if node < step && fills {
                tenant[home.index()] = node;
            }
            graph.sources_into(node, &mut sources);
            for source in &sources {
                reader[memory[source.index()].index()] = Some(node);
            }
        }
        for output in graph.outputs().iter().filter(|output| !output.train_only) {
            reader[memory[output.node.index()].index()] = None;
        }
        let is_live = |buffer: &&Buffer| buffer.is_live(step.index() as u32);
        let held = self.schedule.buffers.iter().filter(is_live).map(|buffer| {
            let home = buffer.node;
            let shape = graph.node(home).shape;
            Held {
                path: graph.path(tenant[home.index()]),
                shape: [shape.c, shape.h, shape.w],
                hold: if home == memory[step.index()] {
                    Hold::Written
                } else if read.contains(&home) {
                    Hold::Read
                } else {
                    Hold::Waiting
                },
                until: reader[home.index()].map(|reader| graph.path(reader)),
                elements: sizes[home.index()],
                bytes: sizes[home.index()] * F32_BYTES,
            }
        });
        let mut held: Vec<Held> = held.collect();
        held.sort_by_key(|held| (held.hold, Reverse(held.elements)));
        held
    }
}

/// For each scope whether it is a module or lies in one: another has it, or it has others, below the network.
fn in_modules(graph: &Graph) -> Vec<bool> {
    let scopes = graph.scopes();
    let mut within = vec![false; scopes.count()];
    for scope in scopes.all().skip(1) {
        let parent = scopes.get(scope).parent;
        if parent != ScopeId::NETWORK {
            within[scope.index()] = true;
            within[parent.index()] = true;
        }
    }
    within
}
