//! Rectifiers that are computed with the step before them.

use crate::exec::plan::Gathers;
use crate::exec::plan::high_of;
use crate::graph::Graph;
use crate::graph::TrainingSchedule;
use crate::op::Op;

/// How much of a rectifier the step before it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::exec) enum Done {
    /// Nothing.
    Nothing,
    /// Its value.
    Forward,
    /// Its value and its gradient.
    Both,
}

/// Rectifiers that lie in the memory of what they alone read.
pub(in crate::exec) struct Rectifiers {
    /// For each node where the rectifier ends that is computed with it.
    pub(in crate::exec) behind: Vec<Option<f32>>,
    /// For each node how much of it is done before.
    pub(in crate::exec) done: Vec<Done>,
}

impl Rectifiers {
    /// Finds them among the chosen nodes.
    pub(in crate::exec) fn of(graph: &Graph, chosen: &[bool], schedule: &TrainingSchedule, gathers: &Gathers) -> Rectifiers {
        let count = graph.nodes().len();
        let mut rectifiers = Rectifiers { behind: vec![None; count], done: vec![Done::Nothing; count] };
        for node in graph.nodes().filter(|node| chosen[node.index()]) {
            let Some(high) = high_of(graph.node(node).op.as_ref()) else { continue };
            let source = graph.sources(node)[0];
            let Some(op) = &graph.node(source).op else { continue };
            let is_alone = graph.readers(source).filter(|reader| chosen[reader.index()]).count() == 1
                && graph.outputs().iter().all(|output| output.node != source);
            if !is_alone || schedule.memory[source.index()] != schedule.memory[node.index()] {
                continue;
            }
            let shares_gradient =
                schedule.gradients[source.index()] == schedule.gradients[node.index()] && gathers.last_reader(node).is_none();
            let done = match op {
                Op::BatchNorm(_) if shares_gradient => Done::Both,
                _ if op.class().is_contraction() => Done::Forward,
                _ => continue,
            };
            rectifiers.behind[source.index()] = Some(high);
            rectifiers.done[node.index()] = done;
        }
        rectifiers
    }
}
