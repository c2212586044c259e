//! Cost of a training step, by rule: a contraction's backward repeats its multiply-adds once for the gradient of its weights and once
//! for the gradient of its input. The input's gradient is wanted only where something before it learns, so that a network's step
//! costs three times its inference less its first convolution's.

use std::iter::Sum;
use std::ops::AddAssign;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::units::F32_BYTES;
use crate::base::units::whole;
use crate::graph::Graph;
use crate::graph::Learning;
use crate::graph::NodeIndex;
use crate::graph::Phase;
use crate::graph::TrainingSchedule;

/// A training step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Training {
    /// Multiply-adds without the heads for training: forward, gradients of weights, gradients of inputs where something before them
    /// learns.
    pub madds: u64,
    /// With those heads.
    pub madds_with_heads: u64,
    /// The same by what they are for, with those heads.
    pub parts: StepMadds,
    /// What the step holds, with those heads.
    pub memory: TrainingMemory,
}

/// Multiply-adds of a training step by what they are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepMadds {
    /// Forward.
    pub forward: u64,
    /// Gradients of weights.
    pub weight_gradients: u64,
    /// Gradients of inputs.
    pub input_gradients: u64,
}

impl StepMadds {
    /// Those of one node for a batch.
    pub(super) fn of(graph: &Graph, learning: &Learning, node: NodeIndex, batch: u32) -> StepMadds {
        StepMadds::of_forward(graph, learning, node, whole(graph.cost(node).madds * u128::from(batch)))
    }

    /// Those of one node whose forward's multiply-adds are known.
    pub(super) fn of_forward(graph: &Graph, learning: &Learning, node: NodeIndex, madds: u64) -> StepMadds {
        let is_contraction = graph.node(node).op.as_ref().is_some_and(|op| op.class().is_contraction());
        let madds = if is_contraction { madds } else { 0 };
        let when = |wanted: bool| if wanted { madds } else { 0 };
        StepMadds { forward: madds, weight_gradients: when(learning.own(node)), input_gradients: when(learning.before(node)) }
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.forward + self.weight_gradients + self.input_gradients
    }
}

impl AddAssign for StepMadds {
    fn add_assign(&mut self, other: StepMadds) {
        self.forward += other.forward;
        self.weight_gradients += other.weight_gradients;
        self.input_gradients += other.input_gradients;
    }
}

impl Sum for StepMadds {
    fn sum<I: Iterator<Item = StepMadds>>(parts: I) -> StepMadds {
        parts.fold(StepMadds::default(), |mut sum, part| {
            sum += part;
            sum
        })
    }
}

/// Those of the chosen nodes for a batch.
pub(super) fn step_madds(graph: &Graph, learning: &Learning, chosen: &[bool], batch: u32) -> StepMadds {
    let nodes = graph.nodes().filter(|node| chosen[node.index()]);
    nodes.map(|node| StepMadds::of(graph, learning, node, batch)).sum()
}

/// The parts of a training step, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepPhase {
    /// Through all nodes, as they are written.
    Forward,
    /// Behind all of them.
    Loss,
    /// Back again.
    Backward,
}

impl StepPhase {
    /// Its word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            StepPhase::Forward => "forward",
            StepPhase::Loss => "loss",
            StepPhase::Backward => "backward",
        }
    }
}

/// What a training step holds in `f32`, heads for training included, without the optimizer's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrainingMemory {
    /// What forward leaves for backward: values that an operator finds again, places of maxima, statistics of the batch.
    pub kept_bytes: u128,
    /// The most of values, leavings and gradients of values that is live at one moment.
    pub peak_bytes: u128,
    /// When that is.
    pub peak_phase: StepPhase,
    /// At which node that is; empty for the loss.
    pub peak_at: String,
    /// Learned numbers, frozen ones too, and running statistics.
    pub stored_bytes: u64,
    /// Gradients of the learned numbers that are not frozen.
    pub gradient_bytes: u64,
    /// The learned numbers that are not frozen; an optimizer's state is a multiple of it.
    pub trainable_params: u64,
    /// The peak, what is stored and gradients together, without the optimizer's state.
    pub stateless_bytes: u128,
}

impl TrainingMemory {
    /// The memory of a batch.
    pub(super) fn new(graph: &Graph, learning: &Learning, schedule: &TrainingSchedule, batch: u32) -> TrainingMemory {
        let chosen = graph.leading_to(|_| true);
        let (mut stored, mut trainable) = (0, 0);
        for node in graph.nodes().filter(|node| chosen[node.index()]) {
            let Some(op) = &graph.node(node).op else { continue };
            for param in op.params(&graph.input_shapes(node)) {
                stored += param.count;
                trainable += if learning.own(node) && param.trainable { param.count } else { 0 };
            }
        }
        let bytes = u128::from(F32_BYTES);
        let (phase, peak) = schedule.peak(batch);
        let (peak_phase, peak_at) = match phase {
            Phase::Forward(node) => (StepPhase::Forward, graph.path(node)),
            Phase::Loss => (StepPhase::Loss, String::new()),
            Phase::Backward(node) => (StepPhase::Backward, graph.path(node)),
        };
        TrainingMemory {
            kept_bytes: schedule.kept(batch) * bytes,
            peak_bytes: peak * bytes,
            peak_phase,
            peak_at,
            stored_bytes: whole(stored * bytes),
            gradient_bytes: whole(trainable * bytes),
            trainable_params: whole(trainable),
            stateless_bytes: (peak + stored + trainable) * bytes,
        }
    }
}
