//! Building a graph node by node, each shape inferred as its node is added.

use petgraph::graph::DiGraph;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Real64;
use crate::base::Shape;
use crate::base::Span;
use crate::graph::Domain;
use crate::graph::DomainId;
use crate::graph::Graph;
use crate::graph::Node;
use crate::graph::NodeIndex;
use crate::graph::Output;
use crate::graph::Port;
use crate::graph::ScopeId;
use crate::graph::Scopes;
use crate::graph::net::parameters;
use crate::op::Cost;
use crate::op::Mismatch;
use crate::op::Op;

/// The most nodes a network may have.
const MAX_NODES: usize = 1 << 22;
/// The largest sum over a network. Four times of it fit a `u64`: what an analysis derives, such as bytes, is not larger.
pub(crate) const MAX_TOTAL: u128 = 1 << 60;

/// Builds a [`Graph`].
///
/// An Inception module with reductions, on 192 channels of 28 x 28 (the first one of GoogLeNet):
///
/// ```
/// use nas::base::Shape;
/// use nas::graph::GraphBuilder;
/// use nas::op::{Activation, Concat, Conv, Function, MaxPool, Pad, Window};
///
/// let mut net = GraphBuilder::new("module");
/// let image = net.input("image", Shape::new(192, 28, 28));
/// net.open("3a", None);
/// let conv = |net: &mut GraphBuilder, name, width, kernel, from| {
///     net.layer(name, [Conv::new(width, kernel).into(), Activation { function: Function::Relu }.into()], &[from])
/// };
/// let one = conv(&mut net, "1x1", 64, 1, image);
/// let reduce3 = conv(&mut net, "reduce3", 96, 1, image);
/// let three = conv(&mut net, "3x3", 128, 3, reduce3);
/// let reduce5 = conv(&mut net, "reduce5", 16, 1, image);
/// let five = conv(&mut net, "5x5", 32, 5, reduce5);
/// let window = Window { pad: Pad::Same, ..Window::of([3, 3]) };
/// let pool = net.layer("pool", [MaxPool { window: Some(window) }.into()], &[image]);
/// let projection = conv(&mut net, "projection", 32, 1, pool);
/// let joined = net.add(Concat, &[one, three, five, projection]);
/// net.close();
/// net.output("main", joined);
/// let graph = net.finish()?;
/// assert_eq!(graph.node(joined).shape, Shape::new(256, 28, 28));
/// assert_eq!(graph.totals(graph.nodes()).cost.madds, 128_049_152);
/// # Ok::<(), Vec<nas::graph::Misfit>>(())
/// ```
#[derive(Clone, Debug)]
pub struct GraphBuilder {
    dag: DiGraph<Node, Port, u32>,
    scopes: Scopes,
    scope: ScopeId,
    domains: Vec<Domain>,
    outputs: Vec<Output>,
    /// For each node whether its shape is known; an unknown one silences what follows from it.
    known: Vec<bool>,
    misfits: Vec<Misfit>,
    shapes: Vec<Shape>,
    sums: Sums,
    /// The first node at which a sum is too large.
    beyond: Option<NodeIndex>,
}

/// Sums over all nodes so far, those for training too.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    cost: Cost,
    params: u128,
    elements: u128,
}

impl Sums {
    pub(super) fn add(&mut self, node: &Node, inputs: &[Shape]) {
        self.elements += node.shape.elements();
        if let Some(op) = &node.op {
            self.cost += op.cost(inputs, node.shape);
            self.params += parameters(op, inputs);
        }
    }

    fn are_countable(&self) -> bool {
        self.limited().into_iter().all(|sum| sum <= MAX_TOTAL)
    }

    /// Whether they still are with some nodes, that are among them, as they are `after`.
    pub(super) fn are_countable_with(&self, before: Sums, after: Sums) -> bool {
        let sums = self.limited().into_iter().zip(before.limited()).zip(after.limited());
        sums.into_iter().all(|((all, before), after)| all - before + after <= MAX_TOTAL)
    }

    fn limited(&self) -> [u128; 4] {
        let Cost { madds, adds, muls, cmps, divs, exps, .. } = self.cost;
        [madds, adds + muls + cmps + divs + exps, self.params, self.elements]
    }
}

/// Why there is no graph: a node that does not fit, or a network that cannot be counted.
#[derive(Clone, Debug, thiserror::Error)]
#[error("`{path}` {}", mismatch.because)]
pub struct Misfit {
    /// The layer's path.
    pub path: String,
    /// Where the layer is written, if it is, then the uses that led to it, innermost first.
    pub spans: Vec<Span>,
    /// What the operator said.
    pub mismatch: Mismatch,
    /// The shapes it was given, each with the place of the reference and of the layer that gives it.
    pub inputs: Vec<Given>,
}

/// One input of a node that does not fit.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its shape.
    pub shape: Shape,
    /// The path of the layer that gives it.
    pub path: String,
    /// Where the reader names it.
    pub reference: Option<Span>,
    /// Where it is made.
    pub made: Option<Span>,
}

impl GraphBuilder {
    /// An empty network.
    pub fn new(name: &str) -> GraphBuilder {
        GraphBuilder::at(name, None)
    }

    /// An empty network with the place of its text.
    pub fn at(name: &str, span: Option<Span>) -> GraphBuilder {
        GraphBuilder {
            dag: DiGraph::with_capacity(256, 256),
            scopes: Scopes::new(name, span),
            scope: ScopeId::NETWORK,
            domains: vec![Domain { name: "image".to_owned(), count: 1, parent: None }],
            outputs: Vec::new(),
            known: Vec::with_capacity(256),
            misfits: Vec::new(),
            shapes: Vec::new(),
            sums: Sums::default(),
            beyond: None,
        }
    }

    /// No node yet, but the scopes and domains of another graph.
    pub(super) fn like(graph: &Graph) -> GraphBuilder {
        let scopes = graph.scopes.clone();
        GraphBuilder { scopes, domains: graph.domains.clone(), ..GraphBuilder::new("") }
    }

    /// Adds an input of the network; its name is a scope.
    pub fn input(&mut self, name: &str, shape: Shape) -> NodeIndex {
        self.input_at(name, shape, None)
    }

    /// Adds an input of the network with the place of its name.
    pub fn input_at(&mut self, name: &str, shape: Shape, span: Option<Span>) -> NodeIndex {
        let scope = self.scopes.add(self.scope, name, span);
        self.add_node(Node { op: None, scope, shape, domain: DomainId::IMAGE }, std::iter::empty())
    }

    /// Opens a scope in the current one: a module, a branch or a layer.
    pub fn open(&mut self, name: &str, span: Option<Span>) -> ScopeId {
        self.scope = self.scopes.add(self.scope, name, span);
        self.scope
    }

    /// Goes back to the scope around the current one.
    pub fn close(&mut self) {
        self.scope = self.scopes.get(self.scope).parent;
    }

    /// Makes an earlier scope the current one; returns the one it was.
    pub fn enter(&mut self, scope: ScopeId) -> ScopeId {
        std::mem::replace(&mut self.scope, scope)
    }

    /// The current scope.
    pub fn scope(&self) -> ScopeId {
        self.scope
    }

    /// The scopes so far.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// Adds an operator to the current scope.
    ///
    /// # Panics
    /// If an input is not a node of this builder.
    pub fn add(&mut self, op: impl Into<Op>, inputs: &[NodeIndex]) -> NodeIndex {
        self.add_from(op.into(), inputs.iter().map(|&node| (node, None)))
    }

    /// Adds an operator; each input comes with the place where the reader names it.
    pub fn add_from(&mut self, op: Op, inputs: impl Iterator<Item = (NodeIndex, Option<Span>)> + Clone) -> NodeIndex {
        let node = Node { op: Some(op), scope: self.scope, shape: Shape::new(1, 1, 1), domain: DomainId::IMAGE };
        self.add_node(node, inputs)
    }

    /// Adds a node; the shape of one that has an operator is inferred.
    pub(super) fn add_node(
        &mut self,
        mut node: Node,
        inputs: impl Iterator<Item = (NodeIndex, Option<Span>)> + Clone,
    ) -> NodeIndex {
        self.shapes.clear();
        let mut known = true;
        for (input, _) in inputs.clone() {
            known &= self.known[input.index()];
            self.shapes.push(self.dag[input].shape);
        }
        if let Some(op) = node.op.as_ref().filter(|_| known) {
            match op.shape(&self.shapes) {
                Ok(shape) => node.shape = shape,
                Err(mismatch) => {
                    known = false;
                    self.refuse(node.scope, mismatch, inputs.clone());
                }
            }
        }
        self.known.push(known);
        // What does not fit is told before what is too large, so a network with unknown shapes is not summed up.
        if known && self.beyond.is_none() {
            self.sums.add(&node, &self.shapes);
            self.beyond = (!self.sums.are_countable()).then(|| NodeIndex::from(self.dag.node_count() as u32));
        }
        let node = self.dag.add_node(node);
        for (at, (input, span)) in inputs.enumerate() {
            self.dag.add_edge(input, node, Port { input: at as u32, span });
        }
        node
    }

    /// Adds a node whose shape is unknown because its fault was told elsewhere; what reads it is silent.
    pub fn add_unknown(&mut self) -> NodeIndex {
        self.known.push(false);
        let shape = Shape::new(1, 1, 1);
        self.dag.add_node(Node { op: None, scope: self.scope, shape, domain: DomainId::IMAGE })
    }

    /// Adds a layer: a scope with a chain of operators, the first of which reads `inputs`.
    pub fn layer(&mut self, name: &str, ops: impl IntoIterator<Item = Op>, inputs: &[NodeIndex]) -> NodeIndex {
        self.open(name, None);
        let mut last = None;
        for op in ops {
            last = Some(match last {
                None => self.add(op, inputs),
                Some(node) => self.add(op, &[node]),
            });
        }
        self.close();
        last.unwrap_or(inputs[0])
    }

    /// Makes a node a result of inference, with weight 1 in the loss.
    pub fn output(&mut self, name: &str, node: NodeIndex) {
        self.add_output(Output { name: name.to_owned(), node, weight: Real64::new(1.0), train_only: false, span: None });
    }

    /// Makes a node a result.
    pub fn add_output(&mut self, output: Output) {
        self.outputs.push(output);
    }

    /// The shape of a node, unless a fault keeps it unknown.
    pub fn shape(&self, node: NodeIndex) -> Option<Shape> {
        self.known[node.index()].then(|| self.dag[node].shape)
    }

    /// How many nodes there are so far.
    pub fn len(&self) -> usize {
        self.dag.node_count()
    }

    /// Whether there is no node yet.
    pub fn is_empty(&self) -> bool {
        self.dag.node_count() == 0
    }

    /// Whether there are more nodes than a network may have.
    pub fn is_full(&self) -> bool {
        self.dag.node_count() >= MAX_NODES
    }

    /// The graph, or all that is wrong with it. Sums of costs, parameters and elements are at most 2^60 each.
    ///
    /// # Panics
    /// If no output was named.
    pub fn finish(mut self) -> Result<Graph, Vec<Misfit>> {
        assert!(!self.outputs.is_empty(), "a network has an output");
        if let Some(node) = self.beyond.filter(|_| self.known.iter().all(|&known| known)) {
            let because = "makes the network's total larger than can be counted, 2^60";
            self.refuse(self.dag[node].scope, Mismatch::new(Code::E0406, because), std::iter::empty());
        }
        if !self.misfits.is_empty() || self.known.contains(&false) {
            return Err(self.misfits);
        }
        Ok(Graph { dag: self.dag, scopes: self.scopes, domains: self.domains, outputs: self.outputs })
    }

    fn refuse(&mut self, scope: ScopeId, mismatch: Mismatch, inputs: impl Iterator<Item = (NodeIndex, Option<Span>)>) {
        let given = |(node, reference): (NodeIndex, Option<Span>)| {
            let Node { scope, shape, .. } = self.dag[node];
            Given { shape, path: self.scopes.path(scope), reference, made: self.scopes.get(scope).span }
        };
        let inputs = inputs.map(given).collect();
        let around = self.scopes.ancestors(scope).take_while(|&around| around != ScopeId::NETWORK || around == scope);
        let spans = around.filter_map(|scope| self.scopes.get(scope).span).collect();
        self.misfits.push(Misfit { path: self.scopes.path(scope), spans, mismatch, inputs });
    }
}

impl Misfit {
    /// The fault with both ends of the wrong edge labelled; `None` for a graph that has no text.
    pub fn diagnostic(&self) -> Option<Diagnostic> {
        let (&span, uses) = self.spans.split_first()?;
        let mut fault = Diagnostic::new(self.mismatch.code, span, self.to_string(), "");
        let blamed = |at: usize| self.mismatch.input.is_none_or(|input| input == at);
        let mut labelled = vec![span];
        for (_, given) in self.inputs.iter().enumerate().filter(|&(at, _)| blamed(at) || self.inputs.len() > 1) {
            let Some(at) = given.reference.or(given.made) else { continue };
            let subject = if given.reference.is_some() { String::new() } else { format!("`{}` gives ", given.path) };
            let text = format!("{subject}{}", given.shape);
            if at == span {
                // A copy that reads the copy before stands on the same line.
                fault.labels[0].text = text;
            } else if !labelled.contains(&at) {
                labelled.push(at);
                fault = fault.with_label(at, text);
            }
        }
        for &user in uses.iter().filter(|user| !labelled.contains(user)) {
            fault = fault.with_label(user, "used here");
        }
        fault.help.extend(self.mismatch.help.clone());
        Some(fault)
    }
}
