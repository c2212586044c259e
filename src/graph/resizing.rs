//! Whether a network is one at other widths, without building it.
//!
//! Only shapes behind a changed width change, and mostly end at the next layer that sets its own: so a knob is tried in the time that
//! its readers take, whatever the network's size.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::base::Shape;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::builder::Sums;

/// A network whose widths are tried.
#[derive(Debug)]
pub struct Resizing<'g> {
    graph: &'g Graph,
    sums: Sums,
}

impl<'g> Resizing<'g> {
    /// Of a network.
    pub fn of(graph: &'g Graph) -> Resizing<'g> {
        let mut sums = Sums::default();
        for node in graph.nodes() {
            sums.add(graph.node(node), &graph.input_shapes(node));
        }
        Resizing { graph, sums }
    }

    /// Whether [`Graph::with_widths`] gives a network.
    pub fn accepts(&self, widths: &[(NodeIndex, u32)]) -> bool {
        let widths: BTreeMap<NodeIndex, u32> = widths.iter().copied().collect();
        let mut open: BTreeSet<NodeIndex> = widths.keys().copied().collect();
        let mut changed: BTreeMap<NodeIndex, Shape> = BTreeMap::new();
        let (mut before, mut after) = (Sums::default(), Sums::default());
        // Sources have lower numbers than their readers.
        while let Some(at) = open.pop_first() {
            let old = self.graph.node(at);
            let mut node = old.clone();
            if let (Some(op), Some(&width)) = (&mut node.op, widths.get(&at)) {
                op.set_width(width);
            }
            let sources = self.graph.sources(at);
            let now = |source: &NodeIndex| changed.get(source).copied().unwrap_or(self.graph.node(*source).shape);
            let inputs: Vec<Shape> = sources.iter().map(now).collect();
            if let Some(op) = &node.op {
                let Ok(shape) = op.shape(&inputs) else { return false };
                node.shape = shape;
            }
            before.add(old, &self.graph.input_shapes(at));
            after.add(&node, &inputs);
            if node.shape != old.shape {
                changed.insert(at, node.shape);
                open.extend(self.graph.readers(at));
            }
        }
        self.sums.are_countable_with(before, after)
    }
}
