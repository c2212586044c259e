//! An analysis counted in another convention: every node, row and head gets its `count`, the whole its total by terms.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::Analysis;
use crate::analyze::NodeRow;
use crate::analyze::Row;
use crate::analyze::convention::Convention;
use crate::graph::Graph;

/// The total of inference in another convention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counted {
    /// The convention's name.
    pub name: &'static str,
    /// What it counts in, as its tool prints it.
    pub unit: &'static str,
    /// The same as a part of a column's name.
    #[serde(skip)]
    pub key: &'static str,
    /// Whose it is.
    pub tool: &'static str,
    /// The total.
    pub total: u128,
    /// Its parts, those that are not zero.
    pub terms: Vec<Part>,
}

/// One part of a total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Part {
    /// What is counted.
    pub what: &'static str,
    /// How much of it there is.
    pub count: i128,
}

impl Analysis {
    /// Enters the counts of a convention; its graph is the one that was analysed. Ours is what an analysis is in anyway.
    #[must_use]
    pub fn counted_as(mut self, graph: &Graph, convention: &Convention) -> Analysis {
        if convention.is_ours() {
            return self;
        }
        let batch = i128::from(self.batch);
        let each: Vec<u128> =
            convention.counts(graph).iter().map(|counts| positive(batch * counts.iter().sum::<i128>())).collect();
        let total = enter(&mut self.tree, &each);
        for row in self.heads.iter_mut().flat_map(|head| &mut head.layers) {
            enter(row, &each);
        }
        let parts = convention.terms.iter().zip(convention.sums(graph));
        let parts = parts.filter(|(_, sum)| *sum != 0).map(|(term, sum)| Part { what: term.what, count: batch * sum });
        let (unit, key) = (convention.unit.name(), convention.unit.key());
        let (name, tool) = (convention.name, convention.tool);
        self.convention = Some(Counted { name, unit, key, tool, total, terms: parts.collect() });
        self
    }

    /// The whole in the convention that was asked for, or its multiply-adds.
    pub fn counted(&self) -> u128 {
        self.tree.counted()
    }
}

/// A count; no node of any convention counts below zero.
fn positive(count: i128) -> u128 {
    u128::try_from(count).expect("conventions count what is there")
}

/// Enters the counts in a row and below; its sum.
fn enter(row: &mut Row, each: &[u128]) -> u128 {
    let own = |node: &mut NodeRow| *node.count.insert(each[node.index.index()]);
    let nodes: u128 = row.nodes.iter_mut().map(own).sum();
    let children: u128 = row.children.iter_mut().map(|child| enter(child, each)).sum();
    *row.count.insert(nodes + children)
}
