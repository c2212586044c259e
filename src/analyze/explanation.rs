//! The formula behind each number of one layer, branch or module: `nas explain SPEC PATH`.

use crate::analyze::Level;
use crate::analyze::Row;
use crate::analyze::attribution::Attribution;
use crate::analyze::stage;
use crate::base::Shape;
use crate::base::Span;
use crate::base::units::whole;
use crate::graph::Graph;
use crate::graph::Learning;
use crate::graph::Node;
use crate::graph::NodeIndex;
use crate::graph::Schedule;
use crate::graph::ScopeId;
use crate::op::Formula;
use crate::op::Role;
use crate::op::Written;

/// What is to say about one path.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Its sums and parts, for one image.
    pub row: Row,
    /// Where it is written, then the uses of modules that led there, innermost first.
    pub places: Vec<Span>,
    /// Of a layer or branch every node in it; of a module those that it holds itself, such as the join of its branches.
    pub nodes: Vec<Explained>,
    /// Whether inference needs it; the network's sums are without it otherwise.
    pub in_inference: bool,
    /// The network's multiply-adds.
    pub network_madds: u64,
    /// The network's learned numbers.
    pub network_params: u64,
}

/// One node with its formulas.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// `3b/3x3/reduce:conv`.
    pub path: String,
    /// Where the operator's word stands.
    pub role: Role,
    /// The operator with every setting.
    pub written: Written,
    /// The layers it reads, each with what that gives.
    pub inputs: Vec<(String, Shape)>,
    /// What it gives.
    pub output: Shape,
    /// Where its layer is written.
    pub place: Option<Span>,
    /// The formula behind each number that is not zero, with the number.
    pub numbers: Vec<(Formula, u64)>,
}

/// Explains a path such as `3b/3x3`, a layer `s` whose copies are `s.1`, `s.2`, ..., or one node, `3b/3x3:conv`; nothing if there is
/// none.
///
/// # Panics
/// Never: the graph has made sure that its sums fit a `u64`.
pub fn explain(graph: &Graph, path: &str) -> Option<Explanation> {
    let (path, part) = path.split_once(':').map_or((path, None), |(path, part)| (path, Some(part)));
    let scopes = graph.scopes();
    let schedule = Schedule::inference(graph);
    let learning = Learning::of(graph);
    let attribution = Attribution::new(graph, &schedule, &learning, 1);
    let Some(scope) = scopes.find(path) else {
        let row = copies(graph, &attribution, path).filter(|_| part.is_none())?;
        let last = scopes.find(&row.children.last()?.path)?;
        return Some(about(graph, row, last, Vec::new()));
    };
    let mut row = attribution.row_of(scope)?;
    let inside = |node: NodeIndex| match (part, row.level) {
        (None, Level::Branch) => scopes.ancestors(graph.node(node).scope).any(|around| around == scope),
        _ => graph.node(node).scope == scope,
    };
    let chosen = |node: NodeIndex| graph.node(node).op.is_some() && part.is_none_or(|part| graph.node(node).part() == part);
    let nodes: Vec<NodeIndex> = graph.nodes().filter(|&node| inside(node) && chosen(node)).collect();
    if part.is_some() {
        let path = graph.path(*nodes.first()?);
        let own = row.nodes.iter().find(|own| own.path == path)?.clone();
        let (madds, params, output) = (own.madds, own.params, own.output);
        row = Row {
            path,
            level: Level::Layer,
            madds,
            step_madds: own.step_madds,
            params,
            output,
            nodes: vec![own],
            children: Vec::new(),
            ..row
        };
    }
    Some(about(graph, row, scope, nodes))
}

fn about(graph: &Graph, row: Row, scope: ScopeId, nodes: Vec<NodeIndex>) -> Explanation {
    let scopes = graph.scopes();
    let needed = graph.in_inference();
    let within = |node: NodeIndex| scopes.ancestors(graph.node(node).scope).any(|around| around == scope);
    let network = graph.inference_totals();
    let around = scopes.ancestors(scope).take_while(|&around| around != ScopeId::NETWORK);
    let mut places: Vec<Span> = around.filter_map(|around| scopes.get(around).span).collect();
    places.dedup();
    Explanation {
        in_inference: graph.nodes().any(|node| needed[node.index()] && graph.node(node).op.is_some() && within(node)),
        nodes: nodes.into_iter().map(|node| explain_node(graph, node)).collect(),
        row,
        places,
        network_madds: whole(network.cost.madds),
        network_params: whole(network.params),
    }
}

/// The paths in which `path` leaves copy numbers out, such as `s.1/a`, `s.2/a`, ... for `s/a`, in order.
pub fn copied_paths(graph: &Graph, path: &str) -> Vec<String> {
    let scopes = graph.scopes();
    let mut found = vec![ScopeId::NETWORK];
    for step in path.split('/') {
        let is_meant = |scope: ScopeId| scopes.name(scope) == step || scopes.is_copy_of(scope, step);
        let mut around = vec![false; scopes.count()];
        for scope in &found {
            around[scope.index()] = true;
        }
        let inside = scopes.all().skip(1).filter(|&scope| around[scopes.get(scope).parent.index()]);
        found = inside.filter(|&scope| is_meant(scope)).collect();
    }
    let holds = holding(graph);
    found.into_iter().filter(|scope| holds[scope.index()]).map(|scope| scopes.path(scope)).collect()
}

/// All paths that can be explained, in order.
pub fn paths(graph: &Graph) -> Vec<String> {
    let (scopes, holds) = (graph.scopes(), holding(graph));
    scopes.all().skip(1).filter(|scope| holds[scope.index()]).map(|scope| scopes.path(scope)).collect()
}

/// For each scope whether there is an operator in it.
fn holding(graph: &Graph) -> Vec<bool> {
    let scopes = graph.scopes();
    let mut holds = vec![false; scopes.count()];
    for node in graph.nodes().filter(|&node| graph.node(node).op.is_some()) {
        scopes.ancestors(graph.node(node).scope).for_each(|scope| holds[scope.index()] = true);
    }
    holds
}

/// The copies `s.1`, `s.2`, ... of a layer `s`.
fn copies(graph: &Graph, attribution: &Attribution<'_>, path: &str) -> Option<Row> {
    let (around, name) = match path.rsplit_once('/') {
        Some((around, name)) => (graph.scopes().find(around)?, name),
        None => (ScopeId::NETWORK, path),
    };
    let rows = attribution.copies_of(name, around);
    (!rows.is_empty()).then(|| Row { path: path.to_owned(), ..stage::group(name.to_owned(), Level::Module, rows) })
}

/// Explains one node, which holds an operator.
///
/// # Panics
/// On an input of the network.
pub fn explain_node(graph: &Graph, node: NodeIndex) -> Explained {
    let graph_node = graph.node(node);
    let op = graph_node.op.as_ref().expect("only operators are explained");
    let (inputs, output) = (graph.input_shapes(node), graph_node.shape);
    let (cost, params) = (graph.cost(node), graph.params(node));
    let reads = |source: NodeIndex| {
        let &Node { scope, shape, .. } = graph.node(source);
        // Within a layer its nodes follow one another.
        let path = if scope == graph_node.scope { graph.path(source) } else { graph.scopes().path(scope) };
        (path, shape)
    };
    let formulas = op.formulas(&inputs, output).into_iter();
    Explained {
        path: graph.path(node),
        role: op.manual().role,
        written: op.write(),
        inputs: graph.sources(node).into_iter().map(reads).collect(),
        output,
        place: graph.scopes().get(graph_node.scope).span,
        numbers: formulas
            .map(|formula| {
                let number = formula.figure.of(cost, params);
                (formula, whole(number))
            })
            .collect(),
    }
}
