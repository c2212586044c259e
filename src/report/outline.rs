//! Which rows of the tree are shown: it opens by itself where a row has a tenth of the network.

use crate::analyze::Level;
use crate::analyze::NodeRow;
use crate::analyze::Row;

/// How far the tree is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Where a row has at least a tenth of the network's count.
    WhereItMatters,
    /// Everything down to this level.
    Down(Level),
}

/// A row as shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) row: &'a Row,
    pub(super) name: &'a str,
    /// In the convention that the analysis is in.
    pub(super) count: u128,
    pub(super) params: u64,
    /// For each level around it, and it, whether it is the last there.
    pub(super) last: Vec<bool>,
    /// The branch it lies in.
    pub(super) branch: Option<&'a str>,
    /// The layer that a branch ends with, shown beside the branch's inner layers.
    pub(super) is_end: bool,
}

/// The rows in order, the network first.
pub(super) fn lines(tree: &Row, opening: Opening) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    add(tree, None, Vec::new(), opening, tree.counted(), &mut lines);
    lines
}

fn add<'a>(row: &'a Row, branch: Option<&'a str>, last: Vec<bool>, opening: Opening, total: u128, lines: &mut Vec<Line<'a>>) {
    let branch = branch.or((row.level == Level::Branch).then_some(&row.name));
    lines.push(Line {
        row,
        name: &row.name,
        count: row.counted(),
        params: row.params,
        last: last.clone(),
        branch,
        is_end: false,
    });
    let all = opening == Opening::Down(Level::Layer);
    let shown = |count: u128, params: u64| all || count > 0 || params > 0;
    let open = match opening {
        Opening::WhereItMatters => row.level == Level::Network || row.counted() * 10 >= total,
        Opening::Down(level) => row.children.iter().any(|child| depth(child.level) <= depth(level)),
    };
    if !open {
        return;
    }
    let children: Vec<&Row> = row.children.iter().filter(|child| shown(child.counted(), child.params)).collect();
    let count: u128 = row.nodes.iter().map(NodeRow::counted).sum();
    let params = row.nodes.iter().map(|node| node.params).sum();
    let end = !children.is_empty() && (count > 0 || params > 0);
    for (at, child) in children.iter().enumerate() {
        let mut last = last.clone();
        last.push(at + 1 == children.len() && !end);
        add(child, branch, last, opening, total, lines);
    }
    if end {
        let mut last = last;
        last.push(true);
        lines.push(Line { row, name: &row.name, count, params, last, branch, is_end: true });
    }
}

/// How far down a level is.
pub(super) const fn depth(level: Level) -> u8 {
    match level {
        Level::Network => 0,
        Level::Stage => 1,
        Level::Module => 2,
        Level::Branch => 3,
        Level::Layer => 4,
    }
}
