//! What only hands channels on, in a new order: takes, shuffles, and concatenations of takes, which are computed at once from what the takes
//! read, so that their channels stand side by side in full blocks.

use crate::exec::map::Map;
use crate::exec::steps::Gathering;
use crate::exec::steps::Origin;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::kernel::Channels;
use crate::op::Op;
use crate::op::Take;

/// The concatenations of takes of a network.
#[derive(Debug)]
pub(in crate::exec) struct Gathers {
    /// For each node, if it is a concatenation of takes that are computed with it, what is read, each once.
    bases: Vec<Option<Vec<NodeIndex>>>,
    /// For each node whether it is a take that is computed with those who read it.
    absorbed: Vec<bool>,
    /// For each node the last concatenation that reads it through takes.
    last: Vec<Option<NodeIndex>>,
}

impl Gathers {
    /// None: every node is computed by itself.
    pub(in crate::exec) fn none(graph: &Graph) -> Gathers {
        let count = graph.nodes().len();
        Gathers { bases: vec![None; count], absorbed: vec![false; count], last: vec![None; count] }
    }

    /// Among the chosen nodes; values of `kept` nodes are all given.
    pub(in crate::exec) fn of(graph: &Graph, chosen: &[bool], kept: &[bool]) -> Gathers {
        let mut gathers = Gathers::none(graph);
        for node in graph.nodes().rev().filter(|node| chosen[node.index()]) {
            if is_join_of_takes(graph, node) {
                gathers.bases[node.index()] = Some(Vec::new());
            } else if part(graph, node).is_some() && !kept[node.index()] {
                let is_through = |reader: NodeIndex| gathers.absorbed[reader.index()] || gathers.bases[reader.index()].is_some();
                gathers.absorbed[node.index()] = graph.readers(node).filter(|reader| chosen[reader.index()]).all(is_through);
            }
        }
        for node in graph.nodes() {
            if gathers.bases[node.index()].is_none() {
                continue;
            }
            let mut bases = Vec::new();
            for source in graph.sources(node) {
                let (base, _) = gathers.base(graph, source);
                if !bases.contains(&base) {
                    bases.push(base);
                    gathers.last[base.index()] = Some(node);
                }
            }
            gathers.bases[node.index()] = Some(bases);
        }
        gathers
    }

    /// Whether a node is no step of its own.
    pub(in crate::exec) fn is_absorbed(&self, node: NodeIndex) -> bool {
        self.absorbed[node.index()]
    }

    /// Whether a node is a concatenation that is computed from what its takes read.
    pub(in crate::exec) fn is_join(&self, node: NodeIndex) -> bool {
        self.bases[node.index()].is_some()
    }

    /// What a node reads.
    pub(in crate::exec) fn sources(&self, graph: &Graph, node: NodeIndex) -> Vec<NodeIndex> {
        self.bases[node.index()].clone().unwrap_or_else(|| graph.sources(node))
    }

    /// The last concatenation that reads a node through takes.
    pub(in crate::exec) fn last_reader(&self, node: NodeIndex) -> Option<NodeIndex> {
        self.last[node.index()]
    }

    /// Whether a node hands channels on in a new order.
    pub(in crate::exec) fn moves(&self, graph: &Graph, node: NodeIndex) -> bool {
        self.is_join(node) || part(graph, node).is_some() || matches!(graph.node(node).op, Some(Op::Shuffle(_)))
    }

    /// The step of a node that hands channels on, from [`Self::sources`].
    pub(in crate::exec) fn gathering(&self, graph: &Graph, node: NodeIndex, inputs: &[Map], out: &Map) -> Option<Gathering> {
        self.moves(graph, node).then(|| Gathering::new(&self.origins(graph, node), inputs, out))
    }

    /// The lanes of a node that hands on all channels of one value, each once, and leaves them where they lie: no step at all. Not where some reader
    /// looks at lanes rather than at channels. `channels` are those of the value.
    pub(in crate::exec) fn renamed(&self, graph: &Graph, node: NodeIndex, channels: &Channels) -> Option<Channels> {
        let asks_channels =
            |reader: NodeIndex| self.moves(graph, reader) || matches!(graph.node(reader).op, Some(Op::Conv(_) | Op::Linear(_)));
        let is_one = self.moves(graph, node) && self.sources(graph, node).len() == 1;
        if !is_one || graph.node(node).shape.c != channels.count() || !graph.readers(node).all(asks_channels) {
            return None;
        }
        let mut names = vec![Channels::NOBODY; channels.count() as usize];
        for (name, origin) in (0..).zip(self.origins(graph, node)) {
            names[origin.channel as usize] = name;
        }
        (!names.contains(&Channels::NOBODY)).then(|| channels.renamed(&names))
    }

    /// For each channel of a node where it comes from.
    fn origins(&self, graph: &Graph, node: NodeIndex) -> Vec<Origin> {
        let channels = 0..graph.node(node).shape.c;
        let sources = self.sources(graph, node);
        let run = |after: u32, width: u32, input: usize| (after..after + width).map(move |channel| Origin { input, channel });
        match &graph.node(node).op {
            Some(Op::Shuffle(shuffle)) => {
                channels.map(|channel| Origin { input: 0, channel: shuffle.source(channel, graph.node(node).shape.c) }).collect()
            }
            Some(Op::Take(take)) => run(take.after, take.width, 0).collect(),
            _ => {
                let of_take = |take: NodeIndex| {
                    let (base, after) = self.base(graph, take);
                    let input = sources.iter().position(|&source| source == base).expect("a base is read");
                    run(after, graph.node(take).shape.c, input)
                };
                graph.sources(node).into_iter().flat_map(of_take).collect()
            }
        }
    }

    /// What a node that is computed with its readers reads in the end, and the channels before those that it takes.
    fn base(&self, graph: &Graph, mut node: NodeIndex) -> (NodeIndex, u32) {
        let mut before = 0;
        while let Some(take) = part(graph, node).filter(|_| self.is_absorbed(node)) {
            before += take.after;
            node = graph.sources(node)[0];
        }
        (node, before)
    }
}

/// A take that leaves channels behind.
fn part(graph: &Graph, node: NodeIndex) -> Option<&Take> {
    let Some(Op::Take(take)) = &graph.node(node).op else { return None };
    (take.width < graph.node(graph.sources(node)[0]).shape.c).then_some(take)
}

fn is_join_of_takes(graph: &Graph, node: NodeIndex) -> bool {
    matches!(graph.node(node).op, Some(Op::Concat(_)))
        && graph.sources(node).into_iter().all(|source| part(graph, source).is_some())
}
