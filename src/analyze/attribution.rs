//! Attribution: costs summed over the scopes that made them.
//!
//! What a scope is called, module, branch or layer, follows from the graph alone, so that a spec and its expansion read the same: a
//! scope with scopes inside is a module; if it joins its inner scopes one by one at the end, those are its branches.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::StepMadds;
use crate::base::Real64;
use crate::base::units::F32_BYTES;
use crate::base::units::whole;
use crate::graph::Folded;
use crate::graph::Graph;
use crate::graph::Learning;
use crate::graph::NodeIndex;
use crate::graph::ReceptiveField;
use crate::graph::Schedule;
use crate::graph::ScopeId;
use crate::graph::fold_batch_norm;
use crate::graph::receptive_fields;
use crate::op::Class;
use crate::op::Cost;
use crate::op::Op;
use crate::op::Reach;
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
    /// Multiply-adds of a training step by what they are for.
    pub step_madds: StepMadds,
    /// Multiply-adds with an operand on padding.
    pub madds_on_padding: u64,
    /// Their share of all multiply-adds.
    pub border_share: Real64,
    /// Learned numbers.
    pub params: u64,
    /// Learned numbers once each batch norm is folded into the layer before it.
    pub params_deployed: u64,
    /// What one position of the output sees of the network's input.
    pub receptive_field: ReceptiveField,
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
    /// Multiply-adds of a training step by what they are for.
    pub step_madds: StepMadds,
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
    /// The share of a window's taps that lie on padding: of the multiply-adds of a convolution, of the comparisons or additions of a
    /// pool. Nothing else has a border.
    pub border_share: Real64,
    /// Learned numbers.
    pub params: u64,
    /// Bytes live while it runs, all that waits included, in `f32`.
    #[serde(skip)]
    pub live_bytes: u64,
    /// Learned numbers once each batch norm is folded into the layer before it.
    pub params_deployed: u64,
    /// The node that takes it in when batch norms are folded.
    pub folded_into: Option<String>,
    /// What one position of the output sees of the network's input.
    pub receptive_field: ReceptiveField,
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
    learning: &'g Learning,
    batch: u32,
    children: Vec<Vec<ScopeId>>,
    nodes: Vec<Vec<NodeIndex>>,
    /// Elements live at the step of each node.
    live: Vec<u64>,
    folded: Folded,
    /// For each node of the folded graph the node that it was before.
    keepers: Vec<NodeIndex>,
    fields: Vec<ReceptiveField>,
    /// For each scope whether it ends by joining its inner scopes one by one.
    joins: Vec<bool>,
    /// For each node whether it is a result of the network.
    results: Vec<bool>,
}

impl<'g> Attribution<'g> {
    pub(super) fn new(graph: &'g Graph, schedule: &Schedule, learning: &'g Learning, batch: u32) -> Attribution<'g> {
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
        let folded = fold_batch_norm(graph, &[Class::Convolution, Class::Linear]);
        let mut keepers = vec![NodeIndex::end(); folded.graph.nodes().len()];
        // What a node takes in comes after it.
        for node in graph.nodes().rev() {
            keepers[folded.places[node.index()].index()] = node;
        }
        let mut results = vec![false; graph.nodes().len()];
        for output in graph.outputs() {
            results[output.node.index()] = true;
        }
        let fields = receptive_fields(graph);
        let mut attribution =
            Attribution { graph, learning, batch, children, nodes, live, folded, keepers, fields, joins: Vec::new(), results };
        attribution.joins = scopes.all().map(|scope| attribution.are_branches(scope)).collect();
        attribution
    }

    /// The top-level layers that hold chosen nodes.
    pub(super) fn top_rows(&self, chosen: &[bool]) -> Vec<Row> {
        self.rows_in(ScopeId::NETWORK, chosen)
    }

    /// The same where few are chosen, which are given.
    pub(super) fn top_rows_of(&self, nodes: &[NodeIndex], chosen: &[bool]) -> Vec<Row> {
        let scopes = self.graph.scopes();
        let top = |node: &NodeIndex| {
            scopes.ancestors(self.graph.node(*node).scope).take_while(|&scope| scope != ScopeId::NETWORK).last()
        };
        let tops: BTreeSet<ScopeId> = nodes.iter().filter_map(top).collect();
        tops.into_iter().filter_map(|scope| self.row(scope, self.joins[ScopeId::NETWORK.index()], chosen)).collect()
    }

    /// The row of a scope with all that is in it, for training only or not.
    pub(super) fn row_of(&self, scope: ScopeId) -> Option<Row> {
        let all = vec![true; self.graph.nodes().len()];
        self.row(scope, self.joins[self.graph.scopes().get(scope).parent.index()], &all)
    }

    /// The row of a scope with what of it is chosen, if something is.
    pub(super) fn row_among(&self, scope: ScopeId, chosen: &[bool]) -> Option<Row> {
        self.row(scope, self.joins[self.graph.scopes().get(scope).parent.index()], chosen)
    }

    /// The rows of the copies `s.1`, `s.2`, ... of a layer `s` in a scope.
    pub(super) fn copies_of(&self, name: &str, parent: ScopeId) -> Vec<Row> {
        let (all, branches) = (vec![true; self.graph.nodes().len()], self.joins[parent.index()]);
        let scopes = self.graph.scopes();
        let copies = self.children[parent.index()].iter().filter(|&&child| scopes.is_copy_of(child, name));
        copies.filter_map(|&copy| self.row(copy, branches, &all)).collect()
    }

    fn rows_in(&self, scope: ScopeId, chosen: &[bool]) -> Vec<Row> {
        let branches = self.joins[scope.index()];
        self.children[scope.index()].iter().filter_map(|&child| self.row(child, branches, chosen)).collect()
    }

    /// The row of a scope, if it holds chosen nodes.
    fn row(&self, scope: ScopeId, is_branch: bool, chosen: &[bool]) -> Option<Row> {
        let children = self.rows_in(scope, chosen);
        let own = self.nodes[scope.index()].iter().copied().filter(|node| chosen[node.index()]);
        let nodes: Vec<NodeRow> = own.map(|node| self.node_row(node)).collect();
        if children.is_empty() && nodes.is_empty() {
            return None;
        }
        let scopes = self.graph.scopes();
        let level = match (is_branch, children.is_empty()) {
            (true, _) => Level::Branch,
            (false, true) => Level::Layer,
            (false, false) => Level::Module,
        };
        let of_children = |field: fn(&Row) -> u64| children.iter().map(field);
        let of_nodes = |field: fn(&NodeRow) -> u64| nodes.iter().map(field);
        let madds = of_children(|row| row.madds).chain(of_nodes(|node| node.madds)).sum();
        let on_padding = of_nodes(|node| if node.madds > 0 { node.on_padding } else { 0 });
        let madds_on_padding = of_children(|row| row.madds_on_padding).chain(on_padding).sum();
        let result = self.result(scope, chosen);
        let step_madds = children.iter().map(|row| row.step_madds).chain(nodes.iter().map(|node| node.step_madds));
        Some(Row {
            name: scopes.name(scope).to_owned(),
            path: scopes.path(scope),
            level,
            output: result.map_or([0; 3], |node| self.sides(node)),
            madds,
            count: None,
            step_madds: step_madds.sum(),
            madds_on_padding,
            border_share: share(madds_on_padding, madds),
            params: of_children(|row| row.params).chain(of_nodes(|node| node.params)).sum(),
            params_deployed: of_children(|row| row.params_deployed).chain(of_nodes(|node| node.params_deployed)).sum(),
            receptive_field: result.map_or(ReceptiveField::PIXEL, |node| self.fields[node.index()]),
            live_bytes: of_children(|row| row.live_bytes).chain(of_nodes(|node| node.live_bytes)).max().unwrap_or(0),
            nodes,
            children,
        })
    }

    fn node_row(&self, node: NodeIndex) -> NodeRow {
        let Cost { madds, adds, muls, cmps, divs, exps, on_padding } = self.graph.cost(node).times(u128::from(self.batch));
        let op = self.graph.node(node).op.as_ref();
        let has_window = op.is_some_and(|op| matches!(op.reach(), Reach::Window(_)));
        let taps = [madds, cmps, adds].into_iter().find(|&taps| taps > 0).filter(|_| has_window);
        let place = self.folded.places[node.index()];
        let keeper = self.keepers[place.index()];
        NodeRow {
            index: node,
            path: self.graph.path(node),
            kind: op.map_or("input", Op::word),
            output: self.sides(node),
            madds: whole(madds),
            count: None,
            step_madds: StepMadds::of_forward(self.graph, self.learning, node, whole(madds)),
            adds: whole(adds),
            muls: whole(muls),
            cmps: whole(cmps),
            divs: whole(divs),
            exps: whole(exps),
            on_padding: whole(on_padding),
            border_share: share(whole(on_padding), whole(taps.unwrap_or(0))),
            params: whole(self.graph.params(node)),
            live_bytes: self.live[node.index()] * u64::from(self.batch) * F32_BYTES,
            params_deployed: if keeper == node { whole(self.folded.graph.params(place)) } else { 0 },
            folded_into: (keeper != node).then(|| self.graph.path(keeper)),
            receptive_field: self.fields[node.index()],
        }
    }

    /// `[channels, height, width]` of what a node gives.
    fn sides(&self, node: NodeIndex) -> [u32; 3] {
        let shape = self.graph.node(node).shape;
        [shape.c, shape.h, shape.w]
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

    /// The last node in a scope that is read outside it, else the last one.
    fn result(&self, scope: ScopeId, chosen: &[bool]) -> Option<NodeIndex> {
        let scopes = self.graph.scopes();
        let inside = |node: NodeIndex| scopes.ancestors(self.graph.node(node).scope).any(|around| around == scope);
        let mut nodes = Vec::new();
        self.nodes_below(scope, &mut nodes);
        nodes.retain(|node| chosen[node.index()]);
        nodes.sort_unstable();
        let given = |&&node: &&NodeIndex| self.results[node.index()] || self.graph.readers(node).any(|reader| !inside(reader));
        nodes.iter().rev().find(given).or(nodes.last()).copied()
    }

    fn nodes_below(&self, scope: ScopeId, into: &mut Vec<NodeIndex>) {
        into.extend(&self.nodes[scope.index()]);
        for &child in &self.children[scope.index()] {
            self.nodes_below(child, into);
        }
    }
}

/// A part of a whole; none of nothing.
pub(super) fn share(part: u64, whole: u64) -> Real64 {
    Real64::new(if whole == 0 { 0.0 } else { part as f64 / whole as f64 })
}
