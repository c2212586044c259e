//! The rows of the page's table: the analysis's tree written out in order, every layer with what it shows.

use crate::analyze::End;
use crate::analyze::Level;
use crate::analyze::NodeRow;
use crate::analyze::Row;
use crate::graph::ReceptiveField;
use crate::report::page::network::PageNetwork;
use crate::report::page::operation;
use crate::report::picture::Kind;
use crate::report::place;
use crate::report::plot::inner_kinds;
use crate::report::plot::outer_kind;

/// One row.
pub(super) struct Item<'a> {
    /// What selects it: its path, `path:part` for the layer that a branch ends with, `@` and the name for the network and its stages.
    pub(super) path: String,
    pub(super) name: &'a str,
    pub(super) level: Level,
    /// The row that it is inside of.
    pub(super) parent: Option<usize>,
    /// 1 for the network.
    pub(super) depth: usize,
    pub(super) is_parent: bool,
    /// Whether a tenth of the network lies in it, so that it is opened.
    pub(super) is_open: bool,
    /// Whether all around it is open.
    pub(super) is_shown: bool,
    pub(super) output: [u32; 3],
    pub(super) operation: String,
    pub(super) madds: u64,
    pub(super) params: u64,
    pub(super) live_bytes: u64,
    pub(super) field: ReceptiveField,
    /// What its colour stands for; none for stages of more than one kind and the network.
    pub(super) kind: Option<Kind>,
    /// Its multiply-adds by kind, in written order.
    pub(super) parts: Vec<(Kind, u64)>,
    /// Nodes that are its own.
    pub(super) nodes: Vec<&'a NodeRow>,
}

impl Item<'_> {
    /// Whether it costs neither multiply-adds nor parameters.
    pub(super) fn is_free(&self) -> bool {
        self.madds == 0 && self.params == 0
    }
}

/// All rows of a network, in order, parents before children.
pub(super) fn items<'a>(net: &PageNetwork<'a>) -> Vec<Item<'a>> {
    let mut walk = Walk { net, items: Vec::new() };
    walk.add(&net.analysis.tree, None, None);
    walk.items
}

struct Walk<'s, 'a> {
    net: &'s PageNetwork<'a>,
    items: Vec<Item<'a>>,
}

impl<'a> Walk<'_, 'a> {
    /// Adds a row and all below it; gives its place.
    fn add(&mut self, row: &'a Row, kind: Option<Kind>, parent: Option<usize>) -> usize {
        let at = self.items.len();
        let total = self.net.analysis.totals.madds;
        let is_group = matches!(row.level, Level::Network | Level::Stage);
        let kind = kind.or_else(|| (!is_group).then(|| outer_kind(row)));
        self.items.push(Item {
            path: place::of_row(row),
            name: &row.name,
            level: row.level,
            parent,
            depth: parent.map_or(1, |parent| self.items[parent].depth + 1),
            is_parent: !row.children.is_empty(),
            is_open: row.level == Level::Network || u128::from(row.madds) * 10 >= u128::from(total) && row.madds > 0,
            is_shown: parent.is_none_or(|parent| self.items[parent].is_shown && self.items[parent].is_open),
            output: row.output,
            operation: operation::of_row(self.net.graph, row),
            madds: row.madds,
            params: row.params,
            live_bytes: row.live_bytes,
            field: row.receptive_field,
            kind,
            parts: Vec::new(),
            nodes: row.nodes.iter().collect(),
        });
        let kinds = match kind {
            Some(kind) => inner_kinds(row, kind).into_iter().map(Some).collect(),
            None => vec![None; row.children.len()],
        };
        let mut parts: Vec<(Kind, u64)> = Vec::new();
        for (child, kind) in row.children.iter().zip(kinds) {
            let child = self.add(child, kind, Some(at));
            join(&mut parts, &self.items[child].parts);
        }
        let own: u64 = row.nodes.iter().map(|node| node.madds).sum();
        if let Some(kind) = kind.filter(|_| own > 0) {
            join(&mut parts, &[(kind, own)]);
        }
        if is_group {
            self.items[at].kind = parts.first().filter(|_| parts.len() == 1).map(|(kind, _)| *kind);
        }
        self.items[at].parts = parts;
        if let Some(end) = row.end() {
            self.end(&row.name, &end, at);
        }
        at
    }

    /// The layer that a row ends with, beside its inner layers.
    fn end(&mut self, name: &'a str, end: &End<'a>, parent: usize) {
        let around = &self.items[parent];
        let (kind, depth, is_shown) = (around.kind, around.depth + 1, around.is_shown && around.is_open);
        let item = Item {
            path: end.path.to_owned(),
            name,
            level: Level::Layer,
            parent: Some(parent),
            depth,
            is_parent: false,
            is_open: false,
            is_shown,
            output: end.output,
            operation: operation::of_nodes(self.net.graph, end.nodes),
            madds: end.madds,
            params: end.params,
            live_bytes: end.live_bytes,
            field: end.receptive_field,
            kind,
            parts: kind.filter(|_| end.madds > 0).map(|kind| (kind, end.madds)).into_iter().collect(),
            nodes: end.nodes.iter().collect(),
        };
        self.items.push(item);
    }
}

/// Adds multiply-adds to those of the same kind.
fn join(parts: &mut Vec<(Kind, u64)>, more: &[(Kind, u64)]) {
    for &(kind, madds) in more {
        match parts.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, sum)) => *sum += madds,
            None => parts.push((kind, madds)),
        }
    }
}
