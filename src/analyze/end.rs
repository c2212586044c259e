//! The layer that a row with rows inside ends with: the nodes that it holds itself.

use crate::analyze::NodeRow;
use crate::analyze::Row;
use crate::graph::ReceptiveField;

/// The nodes that a row holds itself, apart from its inner rows, as a layer.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// The path of the node that stands for it, the first that costs multiply-adds: `3b/3x3:conv`.
    pub path: &'a str,
    /// The nodes, in order.
    pub nodes: &'a [NodeRow],
    /// `[channels, height, width]` of what the last one gives.
    pub output: [u32; 3],
    /// Multiply-adds.
    pub madds: u64,
    /// Learned numbers.
    pub params: u64,
    /// The most bytes live while one of them runs.
    pub live_bytes: u64,
    /// What one position of the last one's output sees of the network's input.
    pub receptive_field: ReceptiveField,
}

impl<'a> End<'a> {
    /// These nodes; nothing of none.
    pub(super) fn of(nodes: &'a [NodeRow]) -> Option<End<'a>> {
        let (first, last) = (nodes.first()?, nodes.last()?);
        let sum = |field: fn(&NodeRow) -> u64| nodes.iter().map(field).sum();
        Some(End {
            path: &nodes.iter().find(|node| node.madds > 0).unwrap_or(first).path,
            nodes,
            output: last.output,
            madds: sum(|node| node.madds),
            params: sum(|node| node.params),
            live_bytes: nodes.iter().map(|node| node.live_bytes).max().unwrap_or(0),
            receptive_field: last.receptive_field,
        })
    }
}

impl Row {
    /// The layer that it ends with, if it has rows inside and what it holds beside them costs something; joins do not.
    pub fn end(&self) -> Option<End<'_>> {
        End::of(&self.nodes).filter(|end| !self.children.is_empty() && (end.madds > 0 || end.params > 0))
    }
}
