//! A network as it is drawn: layers as boxes, each with its norm and activation, what flows between them as links.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::analyze::Analysis;
use crate::base::Shape;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::ScopeId;
use crate::op::Op;
use crate::op::Role;
use crate::op::Storage;
use crate::report::draw::kinds::kinds;
use crate::report::draw::words;
use crate::report::picture::Kind;

/// What a box is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// An input of the network.
    Input,
    /// What a module that is drawn alone reads.
    Outside,
    /// A layer.
    Layer,
    /// A layer that writes its inputs side by side: drawn as the bar on which they lie.
    Join,
}

/// One box.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) form: Form,
    pub(super) path: String,
    pub(super) name: String,
    /// The nodes in it, in order; none outside a module that is drawn alone.
    pub(super) nodes: Vec<NodeIndex>,
    /// What the nodes do.
    pub(super) ops: Vec<Op>,
    /// What stands in the box, in at most two parts, such as `3×3` and `128`.
    pub(super) words: Vec<String>,
    pub(super) kind: Kind,
    pub(super) madds: u64,
    pub(super) params: u64,
    pub(super) shape: Shape,
    /// Whether its output has a smaller grid than its first input.
    pub(super) shrinks: bool,
}

/// What one box reads of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The position among the reader's inputs.
    pub(super) port: usize,
    pub(super) shape: Shape,
}

/// A head that only training needs, with all layers that nothing else needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) madds: u64,
    pub(super) params: u64,
    /// The boxes that it reads, each once.
    pub(super) reads: Vec<usize>,
    /// Earlier heads whose layers it reads.
    pub(super) on: Vec<usize>,
}

/// All boxes in order of execution, the links between them, the heads.
#[derive(Clone, Debug, Default)]
pub(super) struct Net {
    pub(super) layers: Vec<Layer>,
    pub(super) links: Vec<Link>,
    pub(super) heads: Vec<Head>,
}

impl Net {
    /// The whole network.
    pub(super) fn of(graph: &Graph, analysis: &Analysis) -> Net {
        let needed = graph.in_inference();
        let (mut net, boxes) = Net::contract(graph, &needed, &kinds(&analysis.tree));
        net.add_heads(graph, analysis, needed, &boxes);
        net
    }

    /// What lies in a scope, and what it reads outside.
    pub(super) fn within(graph: &Graph, analysis: &Analysis, scope: ScopeId) -> Net {
        let scopes = graph.scopes();
        let inside: Vec<bool> =
            graph.nodes().map(|node| scopes.ancestors(graph.node(node).scope).any(|around| around == scope)).collect();
        let rows = [&analysis.tree].into_iter().chain(analysis.heads.iter().flat_map(|head| &head.layers));
        let kinds = rows.fold(BTreeMap::new(), |mut all, row| {
            all.extend(kinds(row));
            all
        });
        Net::contract(graph, &inside, &kinds).0
    }

    /// The chosen nodes as boxes; gives the box of each node too.
    fn contract(graph: &Graph, chosen: &[bool], kinds: &BTreeMap<String, Kind>) -> (Net, Vec<Option<usize>>) {
        let mut net = Net::default();
        let mut boxes: Vec<Option<usize>> = vec![None; chosen.len()];
        let mut outside: HashMap<NodeIndex, usize> = HashMap::new();
        let mut results = vec![false; chosen.len()];
        for output in graph.outputs() {
            results[output.node.index()] = true;
        }
        for node in graph.nodes().filter(|node| chosen[node.index()]) {
            let sources = graph.sources(node);
            let merged = match sources[..] {
                [source] if !results[source.index()] && follows(graph, chosen, source, node) => boxes[source.index()],
                _ => None,
            };
            if let Some(at) = merged {
                net.layers[at].extend(graph, node);
                boxes[node.index()] = Some(at);
                continue;
            }
            for &source in sources.iter().filter(|source| !chosen[source.index()]) {
                outside.entry(source).or_insert_with(|| {
                    net.layers.push(Layer::outside(graph, source));
                    net.layers.len() - 1
                });
            }
            let at = net.layers.len();
            net.layers.push(Layer::new(graph, node, kinds));
            boxes[node.index()] = Some(at);
            for (port, &source) in sources.iter().enumerate() {
                let from = boxes[source.index()].or_else(|| outside.get(&source).copied());
                let from = from.expect("what is read stands before its reader");
                net.links.push(Link { from, to: at, port, shape: graph.node(source).shape });
            }
        }
        for layer in &mut net.layers {
            layer.words = words::of(&layer.ops).unwrap_or_else(|| std::mem::take(&mut layer.words));
        }
        (net, boxes)
    }

    fn add_heads(&mut self, graph: &Graph, analysis: &Analysis, mut counted: Vec<bool>, boxes: &[Option<usize>]) {
        let mut owners: Vec<Option<usize>> = vec![None; counted.len()];
        for output in graph.outputs().iter().filter(|output| output.train_only) {
            let cost = analysis.heads.iter().find(|head| head.name == output.name);
            let mut head = Head {
                name: output.name.clone(),
                madds: cost.map_or(0, |head| head.madds),
                params: cost.map_or(0, |head| head.params),
                reads: Vec::new(),
                on: Vec::new(),
            };
            let mut open = vec![output.node];
            while let Some(node) = open.pop() {
                if let Some(read) = boxes[node.index()] {
                    head.reads.push(read);
                } else if let Some(owner) = owners[node.index()].filter(|&owner| owner < self.heads.len()) {
                    head.on.push(owner);
                } else if !std::mem::replace(&mut counted[node.index()], true) {
                    owners[node.index()] = Some(self.heads.len());
                    open.extend(graph.sources(node));
                }
            }
            for list in [&mut head.reads, &mut head.on] {
                list.sort_unstable();
                list.dedup();
            }
            self.heads.push(head);
        }
    }

    /// The links that leave each box, in order.
    pub(super) fn leaving(&self) -> Vec<Vec<usize>> {
        let mut leaving = vec![Vec::new(); self.layers.len()];
        for (at, link) in self.links.iter().enumerate() {
            leaving[link.from].push(at);
        }
        leaving
    }

    /// The links that enter each box, in the order of its inputs.
    pub(super) fn entering(&self) -> Vec<Vec<usize>> {
        let mut entering = vec![Vec::new(); self.layers.len()];
        for (at, link) in self.links.iter().enumerate() {
            entering[link.to].push(at);
        }
        entering
    }
}

/// Whether a node is the norm or the activation of the layer that its source ends.
fn follows(graph: &Graph, chosen: &[bool], source: NodeIndex, node: NodeIndex) -> bool {
    let [before, here] = [source, node].map(|node| graph.node(node));
    let is_after = here.op.as_ref().is_some_and(|op| op.manual().role != Role::Kind);
    is_after && before.op.is_some() && before.scope == here.scope && chosen[source.index()] && graph.readers(source).count() == 1
}

impl Layer {
    fn new(graph: &Graph, node: NodeIndex, kinds: &BTreeMap<String, Kind>) -> Layer {
        let path = graph.scopes().path(graph.node(node).scope);
        let is_join =
            graph.sources(node).len() > 1 && graph.node(node).op.as_ref().is_some_and(|op| op.storage(false) == Storage::Joins);
        let form = match graph.node(node).op {
            None => Form::Input,
            Some(_) if is_join => Form::Join,
            Some(_) => Form::Layer,
        };
        let sources = graph.sources(node);
        let mut layer = Layer {
            form,
            name: graph.scopes().name(graph.node(node).scope).to_owned(),
            kind: kinds.get(&path).copied().unwrap_or(Kind::Layer),
            path,
            nodes: Vec::new(),
            ops: Vec::new(),
            words: Vec::new(),
            madds: 0,
            params: 0,
            shape: graph.node(node).shape,
            shrinks: sources.first().is_some_and(|&source| graph.node(source).shape.pixels() > graph.node(node).shape.pixels()),
        };
        layer.extend(graph, node);
        if form == Form::Input {
            layer.words = vec![layer.name.clone(), words::shape(layer.shape)];
        }
        layer
    }

    fn outside(graph: &Graph, node: NodeIndex) -> Layer {
        let found = graph.node(node);
        Layer {
            form: Form::Outside,
            path: graph.scopes().path(found.scope),
            name: graph.scopes().name(found.scope).to_owned(),
            nodes: Vec::new(),
            ops: Vec::new(),
            words: vec![graph.scopes().path(found.scope), words::shape(found.shape)],
            kind: Kind::Layer,
            madds: 0,
            params: 0,
            shape: found.shape,
            shrinks: false,
        }
    }

    fn extend(&mut self, graph: &Graph, node: NodeIndex) {
        let count = |sum: u128| u64::try_from(sum).expect("sums over a network fit 64 bits");
        self.nodes.push(node);
        self.ops.extend(graph.node(node).op.clone());
        self.madds += count(graph.cost(node).madds);
        self.params += count(graph.params(node));
        self.shape = graph.node(node).shape;
    }
}
