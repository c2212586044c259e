//! Attribution: costs summed over the scopes that made them.
//!
//! What a scope is called, module, branch or layer, follows from the graph alone, so that a spec and its expansion read the same: a
//! scope with scopes inside is a module; if it joins its inner scopes one by one at the end, those are its branches.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::batch::whole;
use crate::base::units::F32_BYTES;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::Schedule;
use crate::graph::ScopeId;
use crate::op::Cost;
use crate::op::Storage;

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// All of it.
    Network,
    /// A run of top-level layers with one output grid.
    Stage,
    /// A layer made of layers.
    Module,
    /// One of the paths that a module joins.
    Branch,
    /// A layer.
    Layer,
}

/// One row of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Row {
    /// Its own name.
    pub name: String,
    /// Its path; empty for the network and its stages.
    pub path: String,
    /// What it stands for.
    pub level: Level,
    /// `[channels, height, width]` of what it gives.
    pub output: [u32; 3],
    /// Multiply-adds.
    pub madds: u64,
    /// Its count in another convention, if one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u128>,
    /// Learned numbers.
    pub params: u64,
    /// The most bytes live while it runs, all that waits included, in `f32`.
    pub live_bytes: u64,
    /// Nodes that it holds itself.
    pub nodes: Vec<NodeRow>,
    /// What it is made of.
    pub children: Vec<Row>,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NodeRow {
    /// Its number in the graph.
    #[serde(skip)]
    pub index: NodeIndex,
    /// `3b/3x3/reduce:conv`.
    pub path: String,
    /// The operator's word.
    pub kind: &'static str,
    /// `[channels, height, width]`.
    pub output: [u32; 3],
    /// Multiply-adds.
    pub madds: u64,
    /// Its count in another convention, if one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u128>,
    /// Additions.
    pub adds: u64,
    /// Multiplications.
    pub muls: u64,
    /// Comparisons.
    pub cmps: u64,
    /// Divisions.
    pub divs: u64,
    /// Exponentials and the like.
    pub exps: u64,
    /// Operations with an operand on padding.
    pub on_padding: u64,
    /// Learned numbers.
    pub params: u64,
}

impl Row {
    /// Its count in the convention that was asked for, or its multiply-adds.
    pub fn counted(&self) -> u128 {
        self.count.unwrap_or(self.madds.into())
    }

    /// The row with this path, in it or below it.
    pub fn find(&self, path: &str) -> Option<&Row> {
        let here = self.path == path && !path.is_empty();
        if here { Some(self) } else { self.children.iter().find_map(|child| child.find(path)) }
    }

    /// All nodes in it and below it, in order of execution.
    pub fn all_nodes(&self) -> Vec<&NodeRow> {
        self.children.iter().flat_map(Row::all_nodes).chain(&self.nodes).collect()
    }
}

impl NodeRow {
    /// Its count in the convention that was asked for, or its multiply-adds.
    pub fn counted(&self) -> u128 {
        self.count.unwrap_or(self.madds.into())
    }
}

/// What all rows are made from.
pub(super) struct Attribution<'g> {
    graph: &'g Graph,
    batch: u64,
    children: Vec<Vec<ScopeId>>,
    nodes: Vec<Vec<NodeIndex>>,
    /// Elements live at the step of each node.
    live: Vec<u64>,
}

impl<'g> Attribution<'g> {
    pub(super) fn new(graph: &'g Graph, schedule: &Schedule, batch: u32) -> Attribution<'g> {
        let scopes = graph.scopes();
        let mut children = vec![Vec::new(); scopes.count()];
        let mut nodes = vec![Vec::new(); children.len()];
        for scope in scopes.all().skip(1) {
            children[scopes.get(scope).parent.index()].push(scope);
        }
        for node in graph.nodes().filter(|&node| graph.node(node).op.is_some()) {
            nodes[graph.node(node).scope.index()].push(node);
        }
        let mut live = vec![0; graph.nodes().len()];
        for step in &schedule.steps {
            live[step.node.index()] = step.live;
        }
        Attribution { graph, batch: u64::from(batch), children, nodes, live }
    }

    /// The top-level layers that hold chosen nodes.
    pub(super) fn top_rows(&self, chosen: &[bool]) -> Vec<Row> {
        self.rows_in(ScopeId::NETWORK, chosen)
    }

    /// The row of a scope with all that is in it, for training only or not.
    pub(super) fn row_of(&self, scope: ScopeId) -> Option<Row> {
        let all = vec![true; self.graph.nodes().len()];
        self.row(scope, self.are_branches(self.graph.scopes().get(scope).parent), &all)
    }

    fn rows_in(&self, scope: ScopeId, chosen: &[bool]) -> Vec<Row> {
        let branches = self.are_branches(scope);
        self.children[scope.index()].iter().filter_map(|&child| self.row(child, branches, chosen)).collect()
    }

    /// The row of a scope, if it holds chosen nodes.
    fn row(&self, scope: ScopeId, is_branch: bool, chosen: &[bool]) -> Option<Row> {
        let children = self.rows_in(scope, chosen);
        let own = self.nodes[scope.index()].iter().copied().filter(|node| chosen[node.index()]);
        let nodes: Vec<NodeRow> = own.clone().map(|node| self.node_row(node)).collect();
        if children.is_empty() && nodes.is_empty() {
            return None;
        }
        let scopes = self.graph.scopes();
        let live = own.map(|node| self.live[node.index()] * self.batch * F32_BYTES);
        let level = match (is_branch, children.is_empty()) {
            (true, _) => Level::Branch,
            (false, true) => Level::Layer,
            (false, false) => Level::Module,
        };
        let of_children = |field: fn(&Row) -> u64| children.iter().map(field);
        let of_nodes = |field: fn(&NodeRow) -> u64| nodes.iter().map(field);
        Some(Row {
            name: scopes.name(scope).to_owned(),
            path: scopes.path(scope),
            level,
            output: self.output(scope, chosen),
            madds: of_children(|row| row.madds).chain(of_nodes(|node| node.madds)).sum(),
            count: None,
            params: of_children(|row| row.params).chain(of_nodes(|node| node.params)).sum(),
            live_bytes: of_children(|row| row.live_bytes).chain(live).max().unwrap_or(0),
            nodes,
            children,
        })
    }

    fn node_row(&self, node: NodeIndex) -> NodeRow {
        let Cost { madds, adds, muls, cmps, divs, exps, on_padding } = self.graph.cost(node).times(u128::from(self.batch));
        let shape = self.graph.node(node).shape;
        NodeRow {
            index: node,
            path: self.graph.path(node),
            kind: self.graph.node(node).op.as_ref().map_or("input", |op| op.write().word),
            output: [shape.c, shape.h, shape.w],
            madds: whole(madds),
            count: None,
            adds: whole(adds),
            muls: whole(muls),
            cmps: whole(cmps),
            divs: whole(divs),
            exps: whole(exps),
            on_padding: whole(on_padding),
            params: whole(self.graph.params(node)),
        }
    }

    /// Whether a scope ends by joining its inner scopes one by one.
    fn are_branches(&self, scope: ScopeId) -> bool {
        let is_join =
            |node: &&NodeIndex| self.graph.node(**node).op.as_ref().is_some_and(|op| op.storage(false) == Storage::Joins);
        let Some(&join) = self.nodes[scope.index()].iter().find(is_join) else { return false };
        let inner: Vec<ScopeId> = self.children[scope.index()].iter().copied().filter(|&child| self.holds_nodes(child)).collect();
        let sources = self.graph.sources(join);
        let scopes = self.graph.scopes();
        let gives = |(&child, &source): (&ScopeId, &NodeIndex)| {
            scopes.ancestors(self.graph.node(source).scope).any(|around| around == child)
        };
        inner.len() == sources.len() && inner.iter().zip(&sources).all(gives)
    }

    fn holds_nodes(&self, scope: ScopeId) -> bool {
        !self.nodes[scope.index()].is_empty() || self.children[scope.index()].iter().any(|&child| self.holds_nodes(child))
    }

    /// The shape of the last node in a scope that is read outside it, else of the last one.
    fn output(&self, scope: ScopeId, chosen: &[bool]) -> [u32; 3] {
        let scopes = self.graph.scopes();
        let inside = |node: NodeIndex| scopes.ancestors(self.graph.node(node).scope).any(|around| around == scope);
        let mut nodes = Vec::new();
        self.nodes_below(scope, &mut nodes);
        nodes.retain(|node| chosen[node.index()]);
        nodes.sort_unstable();
        let given = |&&node: &&NodeIndex| {
            self.graph.readers(node).any(|reader| !inside(reader))
                || self.graph.outputs().iter().any(|output| output.node == node)
        };
        let node = nodes.iter().rev().find(given).or(nodes.last());
        node.map_or([0; 3], |&node| {
            let shape = self.graph.node(node).shape;
            [shape.c, shape.h, shape.w]
        })
    }

    fn nodes_below(&self, scope: ScopeId, into: &mut Vec<NodeIndex>) {
        into.extend(&self.nodes[scope.index()]);
        for &child in &self.children[scope.index()] {
            self.nodes_below(child, into);
        }
    }
}
