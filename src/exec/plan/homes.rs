//! Which memory each value lies in: that of the graph's schedule for a plan that computes node by node, else one in which branches write
//! straight into their concatenation.

use std::sync::Arc;

use crate::exec::Room;
use crate::exec::map::Map;
use crate::exec::plan::fusion::Fused;
use crate::graph::Extent;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::place;
use crate::kernel::Channels;
use crate::kernel::LANES;
use crate::op::Op;
use crate::op::Storage;

/// Bytes of an element.
const BYTES: u64 = size_of::<f32>() as u64;
/// Maps begin at multiples of so many bytes.
const ALIGNMENT: u64 = 64;

/// Memory that is written first at one node and read last at another.
#[derive(Clone, Debug)]
struct Buffer {
    blocks: usize,
    /// Channels that its lanes carry.
    channels: usize,
    /// Elements of a block.
    plane: usize,
    from: u32,
    until: u32,
    /// The buffer that it is a part of, and the block at which it begins there.
    within: Option<(usize, usize)>,
}

/// The memory of values.
#[derive(Clone, Debug)]
pub(in crate::exec) struct Homes {
    images: usize,
    channels: Vec<Option<Arc<Channels>>>,
    /// For each node the buffer of its value.
    of: Vec<usize>,
    buffers: Vec<Buffer>,
}

/// A buffer's number where there is none.
const NONE: usize = usize::MAX;

impl Homes {
    fn new(graph: &Graph, images: usize) -> Homes {
        let count = graph.nodes().len();
        Homes { images, channels: vec![None; count], of: vec![NONE; count], buffers: Vec::new() }
    }

    /// Memory of its own for a node's value.
    fn begin(&mut self, graph: &Graph, node: NodeIndex, channels: Arc<Channels>, moment: NodeIndex) {
        let plane = self.images * graph.node(node).shape.pixels() as usize * LANES;
        let moment = moment.index() as u32;
        self.of[node.index()] = self.buffers.len();
        self.buffers.push(Buffer {
            blocks: channels.blocks(),
            channels: channels.count() as usize,
            plane,
            from: moment,
            until: moment,
            within: None,
        });
        self.channels[node.index()] = Some(channels);
    }

    /// The memory of another node's value for that of a node.
    fn share(&mut self, node: NodeIndex, with: NodeIndex) {
        self.of[node.index()] = self.of[with.index()];
        self.channels[node.index()] = self.channels[with.index()].clone();
    }

    /// The buffer that a buffer is a part of in the end, and the block at which it begins there.
    fn root(&self, mut buffer: usize) -> (usize, usize) {
        let mut block = 0;
        while let Some((outer, at)) = self.buffers[buffer].within {
            block += at;
            buffer = outer;
        }
        (buffer, block)
    }

    fn live_until(&mut self, node: NodeIndex, moment: usize) {
        let (root, _) = self.root(self.of[node.index()]);
        let until = &mut self.buffers[root].until;
        *until = (*until).max(moment as u32);
    }

    fn channels(&self, node: NodeIndex) -> Arc<Channels> {
        self.channels[node.index()].clone().expect("a value is made before it is read")
    }

    /// Whether a value has the same lanes as a node would have in its place.
    fn fits(&self, graph: &Graph, node: NodeIndex, source: NodeIndex) -> bool {
        graph.node(node).shape == graph.node(source).shape && self.channels[source.index()].is_some()
    }

    /// Of values computed node by node: those of the graph's schedule, apart from views that begin within a block.
    pub(in crate::exec) fn of_schedule(
        graph: &Graph,
        images: usize,
        memory: &[NodeIndex],
        last: &[usize],
        chosen: &[bool],
    ) -> Homes {
        let mut homes = Homes::new(graph, images);
        for node in graph.nodes().filter(|node| chosen[node.index()]) {
            let sources = graph.sources(node);
            let shared = sources.iter().copied().find(|source| memory[source.index()] == memory[node.index()]);
            match shared.filter(|&source| memory[node.index()] != node && homes.fits(graph, node, source)) {
                Some(source) => homes.share(node, source),
                None => {
                    let channels = channels_of(graph, node, &sources, |source| homes.channels(source));
                    homes.begin(graph, node, channels, node);
                }
            }
            homes.live_until(node, last[node.index()].min(graph.nodes().len()).max(node.index()));
        }
        homes
    }

    /// Of the values of fused steps.
    pub(in crate::exec) fn of_steps(graph: &Graph, images: usize, steps: &[Fused], last: &[usize]) -> Homes {
        let mut homes = Homes::new(graph, images);
        for input in graph.inputs() {
            homes.begin(graph, input, Arc::new(Channels::new(graph.node(input).shape.c)), input);
            homes.live_until(input, last[input.index()].min(graph.nodes().len()));
        }
        for step in steps {
            let (node, out) = (step.node, step.out());
            let sources = graph.sources(node);
            let op = graph.node(node).op.as_ref().expect("a step computes an operator");
            let heir = match op.storage(false) {
                Storage::View { .. } => sources.first().copied().filter(|&source| homes.fits(graph, node, source)),
                Storage::Over(count) => {
                    sources.iter().take(count).copied().find(|&source| homes.may_overwrite(graph, node, source))
                }
                Storage::Own | Storage::Joins => None,
            };
            if let Some(source) = heir {
                homes.share(out, source);
            } else {
                let channels = channels_of(graph, node, &sources, |source| homes.channels(source));
                homes.begin(graph, out, channels, node);
                if matches!(op, Op::Concat(_)) {
                    homes.join(graph, out, &sources);
                }
            }
            homes.live_until(out, last[out.index()].min(graph.nodes().len()).max(node.index()));
        }
        homes
    }

    /// Whether a node may work in place over a source: nothing else in that memory is needed any more.
    fn may_overwrite(&self, graph: &Graph, node: NodeIndex, source: NodeIndex) -> bool {
        let buffer = self.of[source.index()];
        let (root, _) = self.root(buffer);
        let reads = graph.sources(node).iter().filter(|&&other| self.root(self.of[other.index()]).0 == root).count();
        self.fits(graph, node, source)
            && graph.node(source).op.is_some()
            && graph.inputs().all(|input| self.of[input.index()] != root)
            && reads == 1
            && self.buffers[root].until as usize <= node.index()
    }

    /// Makes the values that a concatenation reads parts of it, where each lies in memory of its own.
    fn join(&mut self, graph: &Graph, node: NodeIndex, sources: &[NodeIndex]) {
        let outer = self.of[node.index()];
        let mut block = 0;
        for &source in sources {
            let buffer = self.of[source.index()];
            let channels = self.channels(source);
            let is_input = graph.inputs().any(|input| self.of[input.index()] == buffer);
            if !is_input
                && self.buffers[buffer].within.is_none()
                && self.buffers[buffer].blocks == channels.blocks()
                && buffer != outer
            {
                let Buffer { from, until, .. } = self.buffers[buffer];
                self.buffers[buffer].within = Some((outer, block));
                let whole = &mut self.buffers[outer];
                whole.from = whole.from.min(from);
                whole.until = whole.until.max(until);
            }
            block += channels.blocks();
        }
    }

    /// Places all buffers; gives each value's map and the memory.
    pub(in crate::exec) fn placed(&self, graph: &Graph) -> (Vec<Option<Map>>, Room) {
        let roots: Vec<usize> = (0..self.buffers.len()).filter(|&buffer| self.buffers[buffer].within.is_none()).collect();
        let extent = |&root: &usize| {
            let Buffer { blocks, plane, from, until, .. } = self.buffers[root];
            Extent { size: (blocks * plane) as u64 * BYTES, from, until }
        };
        let extents: Vec<Extent> = roots.iter().map(extent).collect();
        let placement = place(&extents, ALIGNMENT);
        let mut begins = vec![0; self.buffers.len()];
        for (&root, &offset) in roots.iter().zip(&placement.offsets) {
            begins[root] = (offset / BYTES) as usize;
        }
        let map = |node: NodeIndex| {
            let buffer = *self.of.get(node.index()).filter(|&&buffer| buffer != NONE)?;
            let (root, block) = self.root(buffer);
            let begin = begins[root] + block * self.buffers[root].plane;
            Some(Map { shape: graph.node(node).shape, images: self.images, channels: self.channels(node), begin })
        };
        let carried = |&root: &usize| {
            let Buffer { channels, plane, .. } = self.buffers[root];
            (channels * plane / LANES) as u64 * BYTES
        };
        let live = most_alive(&extents, &roots.iter().map(carried).collect::<Vec<u64>>());
        let padded = most_alive(&extents, &extents.iter().map(|extent| extent.size).collect::<Vec<u64>>());
        let room = Room { live, padding: padded - live, arena: placement.arena, ..Room::default() };
        (graph.nodes().map(map).collect(), room)
    }
}

/// The largest sum of sizes that are alive together.
pub(in crate::exec) fn most_alive(extents: &[Extent], sizes: &[u64]) -> u64 {
    let alive = |moment: u32| {
        let those = extents.iter().zip(sizes).filter(|(extent, _)| extent.from <= moment && moment <= extent.until);
        those.map(|(_, size)| size).sum()
    };
    extents.iter().map(|extent| alive(extent.from)).max().unwrap_or(0)
}

/// Which lanes a node's own memory has, from those of what it reads.
pub(in crate::exec) fn channels_of(
    graph: &Graph,
    node: NodeIndex,
    sources: &[NodeIndex],
    channels: impl Fn(NodeIndex) -> Arc<Channels>,
) -> Arc<Channels> {
    let own = || Arc::new(Channels::new(graph.node(node).shape.c));
    match &graph.node(node).op {
        Some(Op::Concat(_)) => {
            let parts = sources.iter().map(|&source| channels(source));
            parts.reduce(|all, part| Arc::new(all.followed_by(&part))).unwrap_or_else(own)
        }
        Some(
            Op::MaxPool(_)
            | Op::AvgPool(_)
            | Op::BatchNorm(_)
            | Op::Affine(_)
            | Op::Scale(_)
            | Op::Lrn(_)
            | Op::Activation(_)
            | Op::Times(_)
            | Op::Dropout(_)
            | Op::DropPath(_)
            | Op::Add(_)
            | Op::Mul(_),
        ) => channels(sources[0]),
        _ => own(),
    }
}
