//! Which memory each value lies in: that of the graph's schedule for a plan that computes node by node, else one in which branches write
//! straight into their concatenation.

use std::sync::Arc;

use crate::exec::Room;
use crate::exec::map::Map;
use crate::exec::plan::Gathers;
use crate::exec::plan::fusion::Fused;
use crate::exec::plan::nest::Nest;
use crate::exec::plan::nest::Place;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::kernel::Channels;
use crate::kernel::LANES;
use crate::op::Op;
use crate::op::Storage;

/// The memory of values.
#[derive(Clone, Debug)]
pub(in crate::exec) struct Homes {
    images: usize,
    channels: Vec<Option<Arc<Channels>>>,
    /// For each node where its value lies, before pieces become parts of others.
    of: Vec<Option<Place>>,
    nest: Nest,
}

impl Homes {
    fn new(graph: &Graph, images: usize) -> Homes {
        let count = graph.nodes().len();
        Homes { images, channels: vec![None; count], of: vec![None; count], nest: Nest::default() }
    }

    /// Memory of its own for a node's value.
    fn begin(&mut self, graph: &Graph, node: NodeIndex, channels: Arc<Channels>, moment: NodeIndex) {
        let pixels = self.pixels(graph, node);
        let sizes = [channels.blocks() * LANES, channels.count() as usize].map(|lanes| lanes * pixels);
        let moment = moment.index() as u32;
        self.of[node.index()] = Some(self.nest.add(sizes, moment, moment));
        self.channels[node.index()] = Some(channels);
    }

    /// Pixels of a value, of all images.
    fn pixels(&self, graph: &Graph, node: NodeIndex) -> usize {
        self.images * graph.node(node).shape.pixels() as usize
    }

    /// The memory of another node's value for that of a node.
    fn share(&mut self, node: NodeIndex, with: NodeIndex) {
        self.of[node.index()] = self.of[with.index()];
        self.channels[node.index()] = self.channels[with.index()].clone();
    }

    fn place(&self, node: NodeIndex) -> Place {
        self.of[node.index()].expect("a value is made before it is read")
    }

    /// The piece that holds a value in the end.
    fn root(&self, node: NodeIndex) -> usize {
        self.nest.root(self.place(node)).piece
    }

    fn live_until(&mut self, node: NodeIndex, moment: usize) {
        self.nest.lives(self.place(node), moment as u32, moment as u32);
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
    pub(in crate::exec) fn of_steps(graph: &Graph, images: usize, steps: &[Fused], gathers: &Gathers, last: &[usize]) -> Homes {
        let mut homes = Homes::new(graph, images);
        for input in graph.inputs() {
            homes.begin(graph, input, Arc::new(Channels::new(graph.node(input).shape.c)), input);
            homes.live_until(input, last[input.index()].min(graph.nodes().len()));
        }
        for step in steps {
            let (node, out) = (step.node, step.out());
            let sources = graph.sources(node);
            let op = graph.node(node).op.as_ref().expect("a step computes an operator");
            let heir = match step.addend(graph) {
                Some(addend) => Some(addend).filter(|&addend| homes.may_add_onto(graph, step, gathers, addend)),
                None => homes.heir(graph, node, op),
            };
            let base = gathers.sources(graph, node)[0];
            if let Some(source) = heir {
                homes.share(out, source);
            } else if let Some(channels) = gathers.renamed(graph, node, &homes.channels(base)) {
                homes.share(out, base);
                homes.channels[out.index()] = Some(Arc::new(channels));
            } else if gathers.is_join(node) {
                homes.begin(graph, out, Arc::new(Channels::new(graph.node(out).shape.c)), node);
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

    /// The value whose memory a node's takes over.
    fn heir(&self, graph: &Graph, node: NodeIndex, op: &Op) -> Option<NodeIndex> {
        let sources = graph.sources(node);
        match op.storage(false) {
            Storage::View { .. } => sources.first().copied().filter(|&source| self.fits(graph, node, source)),
            Storage::Over(count) => sources.into_iter().take(count).find(|&source| self.may_overwrite(graph, node, source)),
            Storage::Own | Storage::Joins => None,
        }
    }

    /// Whether a step may add its value onto another: nothing in that memory is read by the step, or by another one after it.
    fn may_add_onto(&self, graph: &Graph, step: &Fused, gathers: &Gathers, addend: NodeIndex) -> bool {
        let (Some(sum), root) = (step.sum, self.root(addend)) else { return false };
        let is_done = |reader: NodeIndex| reader == sum || reader < step.node;
        let is_read = |node: NodeIndex| {
            graph.readers(node).all(is_done) && gathers.last_reader(node).is_none_or(|reader| reader < step.node)
        };
        let lies_there = |&node: &NodeIndex| self.of[node.index()].is_some_and(|place| self.nest.root(place).piece == root);
        self.fits(graph, sum, addend)
            && graph.inputs().all(|input| self.place(input).piece != root)
            && self.nest.until(root) <= sum.index()
            && graph.nodes().filter(lies_there).all(is_read)
    }

    /// Whether a node may work in place over a source: nothing else in that memory is needed any more.
    fn may_overwrite(&self, graph: &Graph, node: NodeIndex, source: NodeIndex) -> bool {
        let root = self.root(source);
        let reads = graph.sources(node).iter().filter(|&&other| self.root(other) == root).count();
        self.fits(graph, node, source)
            && graph.node(source).op.is_some()
            && graph.inputs().all(|input| self.place(input).piece != root)
            && reads == 1
            && self.nest.until(root) <= node.index()
    }

    /// Makes the values that a concatenation reads parts of it, where each lies in memory of its own.
    fn join(&mut self, graph: &Graph, node: NodeIndex, sources: &[NodeIndex]) {
        let (outer, block) = (self.place(node), self.pixels(graph, node) * LANES);
        let mut at = 0;
        for &source in sources {
            let Place { piece, .. } = self.place(source);
            let is_input = graph.inputs().any(|input| self.place(input).piece == piece);
            if !is_input && self.nest.is_apart(piece) && piece != outer.piece {
                self.nest.join(piece, Place { at, ..outer });
            }
            at += self.channels(source).blocks() * block;
        }
    }

    /// Lays all values into an arena; gives each one's map and the memory.
    pub(in crate::exec) fn placed(self, graph: &Graph) -> (Vec<Option<Map>>, Room) {
        let Homes { images, channels, of, nest } = self;
        let laid = nest.placed();
        let map = |node: NodeIndex| {
            let (place, channels) = (of[node.index()]?, channels[node.index()].clone()?);
            Some(Map { shape: graph.node(node).shape, images, channels, begin: laid.begin(place) })
        };
        (graph.nodes().map(map).collect(), laid.room)
    }
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
