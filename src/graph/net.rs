//! The graph's types and what can be asked of them.

use petgraph::Direction;
use petgraph::graph::DiGraph;
use petgraph::visit::EdgeRef;

use crate::base::Real64;
use crate::base::Shape;
use crate::base::Span;
use crate::graph::ScopeId;
use crate::graph::Scopes;
use crate::op::Cost;
use crate::op::Op;
use crate::op::Role;

/// The number of a node.
pub type NodeIndex = petgraph::graph::NodeIndex<u32>;

/// An input of the network, or an operator.
#[derive(Clone, Debug)]
pub struct Node {
    /// The operator; `None` is one of the network's inputs.
    pub op: Option<Op>,
    /// The layer it belongs to.
    pub scope: ScopeId,
    /// What it gives for one image.
    pub shape: Shape,
    /// How often it is run for one image.
    pub domain: DomainId,
}

impl Node {
    /// The part of its layer that it is: `conv`, `norm`, `act`, ... after the colon of a node's path.
    pub fn part(&self) -> &'static str {
        match self.op.as_ref().map(Op::manual) {
            None => "input",
            Some(manual) if manual.role == Role::Norm => "norm",
            Some(manual) if manual.role == Role::Act => "act",
            Some(manual) => manual.words[0],
        }
    }
}

/// An edge: the position among the reader's inputs.
#[derive(Clone, Copy, Debug)]
pub struct Port {
    /// From 0.
    pub input: u32,
    /// Where the reader names what it reads, if it does.
    pub span: Option<Span>,
}

/// The number of a domain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DomainId(pub u32);

impl DomainId {
    /// The whole image, once.
    pub const IMAGE: DomainId = DomainId(0);
}

/// What a node runs over: the image once, or later its regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// Its name.
    pub name: String,
    /// How many there are in one of its parent.
    pub count: u64,
    /// The domain it is a part of.
    pub parent: Option<DomainId>,
}

/// A result of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The head's name.
    pub name: String,
    /// The node whose value it is.
    pub node: NodeIndex,
    /// Its weight in the loss.
    pub weight: Real64,
    /// Left out of inference and of its cost.
    pub train_only: bool,
    /// Where it is written, if it is.
    pub span: Option<Span>,
}

/// A network whose shapes all fit. See the module's documentation for what always holds.
#[derive(Clone, Debug)]
pub struct Graph {
    pub(super) dag: DiGraph<Node, Port, u32>,
    pub(super) scopes: Scopes,
    pub(super) domains: Vec<Domain>,
    pub(super) outputs: Vec<Output>,
}

/// Exact sums over nodes, for one image in inference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All operations.
    pub cost: Cost,
    /// Learned numbers.
    pub params: u128,
}

impl Graph {
    /// The network's name.
    pub fn name(&self) -> &str {
        self.scopes.name(ScopeId::NETWORK)
    }

    /// The scopes.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// The results, in written order; there is at least one.
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// One domain.
    pub fn domain(&self, domain: DomainId) -> &Domain {
        &self.domains[domain.0 as usize]
    }

    /// How often a node of this domain is run for one image.
    pub fn count(&self, domain: DomainId) -> u128 {
        let Domain { count, parent, .. } = self.domain(domain);
        u128::from(*count) * parent.map_or(1, |parent| self.count(parent))
    }

    /// The nodes in order of execution.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = NodeIndex> + ExactSizeIterator + use<> {
        (0..self.dag.node_count() as u32).map(NodeIndex::from)
    }

    /// One node.
    pub fn node(&self, node: NodeIndex) -> &Node {
        &self.dag[node]
    }

    /// The network's inputs, in written order.
    pub fn inputs(&self) -> impl Iterator<Item = NodeIndex> + '_ {
        self.nodes().filter(|&node| self.dag[node].op.is_none())
    }

    /// What a node reads, in the order of its inputs.
    pub fn sources(&self, node: NodeIndex) -> Vec<NodeIndex> {
        let mut sources = Vec::new();
        self.sources_into(node, &mut sources);
        sources
    }

    /// As [`Graph::sources`], into a list that is kept between calls.
    pub fn sources_into(&self, node: NodeIndex, sources: &mut Vec<NodeIndex>) {
        let edges = || self.dag.edges_directed(node, Direction::Incoming);
        sources.clear();
        sources.resize(edges().count(), node);
        for edge in edges() {
            sources[edge.weight().input as usize] = edge.source();
        }
    }

    /// What a node reads, in the order of its inputs, with the edges that lead there.
    pub(super) fn ports(&self, node: NodeIndex) -> Vec<(NodeIndex, Port)> {
        let edges = self.dag.edges_directed(node, Direction::Incoming);
        let mut ports: Vec<(NodeIndex, Port)> = edges.map(|edge| (edge.source(), *edge.weight())).collect();
        ports.sort_unstable_by_key(|(_, port)| port.input);
        ports
    }

    /// The readers of a node, in no particular order; one that reads it twice comes twice.
    pub fn readers(&self, node: NodeIndex) -> impl Iterator<Item = NodeIndex> + '_ {
        self.dag.neighbors_directed(node, Direction::Outgoing)
    }

    /// The shapes a node reads.
    pub fn input_shapes(&self, node: NodeIndex) -> Vec<Shape> {
        self.sources(node).into_iter().map(|source| self.dag[source].shape).collect()
    }

    /// Cost of one node for one image, over all of its domain.
    pub fn cost(&self, node: NodeIndex) -> Cost {
        let Node { op, shape, domain, .. } = &self.dag[node];
        let cost = op.as_ref().map_or(Cost::FREE, |op| op.cost(&self.input_shapes(node), *shape));
        cost.times(self.count(*domain))
    }

    /// Learned numbers of one node.
    pub fn params(&self, node: NodeIndex) -> u128 {
        self.dag[node].op.as_ref().map_or(0, |op| parameters(op, &self.input_shapes(node)))
    }

    /// Sums over some nodes.
    pub fn totals(&self, nodes: impl IntoIterator<Item = NodeIndex>) -> Totals {
        let (mut totals, mut sources, mut shapes) = (Totals::default(), Vec::new(), Vec::new());
        for node in nodes {
            let Node { op, shape, domain, .. } = &self.dag[node];
            if let Some(op) = op {
                self.sources_into(node, &mut sources);
                shapes.clear();
                shapes.extend(sources.iter().map(|&source| self.dag[source].shape));
                totals.cost += op.cost(&shapes, *shape).times(self.count(*domain));
                totals.params += parameters(op, &shapes);
            }
        }
        totals
    }

    /// Sums over the nodes that inference needs.
    pub fn inference_totals(&self) -> Totals {
        let needed = self.in_inference();
        self.totals(self.nodes().filter(|node| needed[node.index()]))
    }

    /// For each node whether inference needs it: it leads to an output that is not for training only.
    pub fn in_inference(&self) -> Vec<bool> {
        self.leading_to(|output| !output.train_only)
    }

    /// For each node whether it leads to one of the chosen outputs.
    pub fn leading_to(&self, chosen: impl Fn(&Output) -> bool) -> Vec<bool> {
        let mut leads = vec![false; self.dag.node_count()];
        for output in self.outputs.iter().filter(|output| chosen(output)) {
            leads[output.node.index()] = true;
        }
        for node in self.nodes().rev() {
            if leads[node.index()] {
                for source in self.dag.neighbors_directed(node, Direction::Incoming) {
                    leads[source.index()] = true;
                }
            }
        }
        leads
    }

    /// A node's path, such as `3b/3x3/reduce:conv`.
    pub fn path(&self, node: NodeIndex) -> String {
        format!("{}:{}", self.scopes.path(self.dag[node].scope), self.dag[node].part())
    }
}

/// Learned numbers of an operator on these inputs.
pub(super) fn parameters(op: &Op, inputs: &[Shape]) -> u128 {
    op.params(inputs).iter().filter(|param| param.role.is_parameter()).map(|param| param.count).sum()
}
