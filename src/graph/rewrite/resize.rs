//! The same network with other widths or other inputs: every shape is inferred again, so what no longer fits is refused.

use std::collections::HashMap;

use crate::base::Shape;
use crate::graph::Graph;
use crate::graph::GraphBuilder;
use crate::graph::Misfit;
use crate::graph::Node;
use crate::graph::NodeIndex;

impl Graph {
    /// The graph with the own widths of some operators changed.
    pub fn with_widths(&self, widths: &[(NodeIndex, u32)]) -> Result<Graph, Vec<Misfit>> {
        let widths: HashMap<NodeIndex, u32> = widths.iter().copied().collect();
        self.rebuilt(|index, node| {
            if let (Some(op), Some(&width)) = (&mut node.op, widths.get(&index)) {
                op.set_width(width);
            }
        })
    }

    /// The graph with some of the network's inputs in another shape.
    pub fn with_inputs(&self, shapes: &[(NodeIndex, Shape)]) -> Result<Graph, Vec<Misfit>> {
        let shapes: HashMap<NodeIndex, Shape> = shapes.iter().copied().collect();
        self.rebuilt(|index, node| {
            if let (None, Some(&shape)) = (&node.op, shapes.get(&index)) {
                node.shape = shape;
            }
        })
    }

    /// The graph built once more, each node changed before it is added; numbers of nodes and scopes stay.
    fn rebuilt(&self, mut change: impl FnMut(NodeIndex, &mut Node)) -> Result<Graph, Vec<Misfit>> {
        let mut net = GraphBuilder::like(self);
        for index in self.nodes() {
            let mut node = self.node(index).clone();
            change(index, &mut node);
            let ports = self.ports(index);
            net.add_node(node, ports.iter().map(|&(source, port)| (source, port.span)));
        }
        for output in self.outputs() {
            net.add_output(output.clone());
        }
        net.finish()
    }
}
