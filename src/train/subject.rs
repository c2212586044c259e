//! What is trained: a classifier with one image for input, one result, and heads for training beside it.

use crate::base::Shape;
use crate::graph::Graph;
use crate::op::Class;
use crate::train::error::TrainError;

/// A network that can be trained to tell classes apart.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'g> {
    /// The network, with the heads that are for training only.
    pub graph: &'g Graph,
    /// What it is shown.
    pub image: Shape,
    /// Classes that it tells apart.
    pub classes: usize,
    /// The place among the graph's results of the one that inference gives.
    pub main: usize,
}

impl<'g> Subject<'g> {
    /// Refuses what is no classifier of images, with the reason.
    pub fn of(graph: &'g Graph) -> Result<Subject<'g>, TrainError> {
        let unfit = |reason: String| Err(TrainError::Unfit(format!("`{}` cannot be trained: {reason}", graph.name())));
        let inputs: Vec<_> = graph.inputs().collect();
        let [input] = inputs[..] else {
            return unfit(format!("it has {} inputs, training shows one image", inputs.len()));
        };
        let results: Vec<usize> = (0..graph.outputs().len()).filter(|&number| !graph.outputs()[number].train_only).collect();
        let [main] = results[..] else {
            let names: Vec<&str> = results.iter().map(|&number| &*graph.outputs()[number].name).collect();
            return unfit(format!("it has {} results ({}), a classifier has one", names.len(), names.join(", ")));
        };
        let classes = graph.node(graph.outputs()[main].node).shape.c as usize;
        for output in graph.outputs() {
            let node = graph.node(output.node);
            if (node.shape.h, node.shape.w) != (1, 1) {
                return unfit(format!("its result `{}` is a map of {}, not one number a class", output.name, node.shape));
            }
            if node.shape.c as usize != classes || classes < 2 {
                let has = format!("`{}` tells {} classes apart", output.name, node.shape.c);
                return unfit(if classes < 2 { has } else { format!("{has}, `{}` {classes}", graph.outputs()[main].name) });
            }
            if node.op.as_ref().is_some_and(|op| op.class() == Class::Softmax) {
                return unfit(format!(
                    "its result `{}` is a softmax; the loss has one of its own, so end before it",
                    output.name
                ));
            }
        }
        if classes > usize::from(u16::MAX) + 1 {
            return unfit(format!("it tells {classes} classes apart, at most 65536 have a label"));
        }
        Ok(Subject { graph, image: graph.node(input).shape, classes, main })
    }
}
