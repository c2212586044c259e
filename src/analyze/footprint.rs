//! The memory of a network beside each other: inference and training, at several batches.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::ALIGNMENT;
use crate::analyze::Memory;
use crate::analyze::Optimizer;
use crate::analyze::Peak;
use crate::analyze::TrainingMemory;
use crate::analyze::memory::extents;
use crate::base::units::F32_BYTES;
use crate::base::units::whole;
use crate::graph::Graph;
use crate::graph::Learning;
use crate::graph::Schedule;
use crate::graph::TrainingSchedule;
use crate::graph::place;

/// The name of the JSON's form; within `/1` keys are only added.
const SCHEMA: &str = "nas.memory/1";

/// The memory of one network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Footprint {
    /// `nas.memory/1`.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The network's name.
    pub name: String,
    /// Images at once.
    pub batch: u32,
    /// Learned numbers of inference.
    pub parameter_bytes: u64,
    /// Activations of inference.
    pub memory: Memory,
    /// The fullest step that has none of what the peak's step writes: what would be the peak if that step were not.
    pub next: Option<Peak>,
    /// A training step, heads for training included.
    pub training: TrainingMemory,
    /// The optimizer of the training.
    pub optimizer: Optimizer,
    /// What it keeps between steps.
    pub state_bytes: u64,
    /// The same at several batches.
    pub batches: Vec<BatchFootprint>,
}

/// What a batch takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BatchFootprint {
    /// Images at once.
    pub batch: u32,
    /// The live peak of inference.
    pub live_bytes: u64,
    /// The arena of inference.
    pub arena_bytes: u64,
    /// What a training step keeps for its backward.
    pub kept_bytes: u128,
    /// The live peak of a training step.
    pub training_peak_bytes: u128,
    /// That with parameters, gradients and the optimizer's state.
    pub training_total_bytes: u128,
}

/// The memory of a network for a batch, and its sizes at several.
///
/// ```
/// use nas::analyze::{Optimizer, footprint};
/// use nas::base::Shape;
/// use nas::graph::GraphBuilder;
/// use nas::op::Conv;
///
/// let mut net = GraphBuilder::new("one");
/// let image = net.input("image", Shape::new(3, 8, 8));
/// let conv = net.layer("conv", [Conv::new(5, 1).into()], &[image]);
/// net.output("main", conv);
/// let found = footprint(&net.finish()?, 1, &[1, 10], Optimizer::Momentum);
/// assert_eq!(found.memory.peak_bytes, 4 * (3 + 5) * 64);
/// assert_eq!(found.batches[1].live_bytes, 10 * found.memory.peak_bytes);
/// // The loss has the image, which the weights' gradients need, the result and its gradient.
/// assert_eq!(found.training.peak_bytes, 4 * (3 + 5 + 5) * 64);
/// // Weights, their gradients and their directions.
/// assert_eq!(found.batches[0].training_total_bytes, 4 * ((3 + 5 + 5) * 64 + 3 * (15 + 5)));
/// # Ok::<(), Vec<nas::graph::Misfit>>(())
/// ```
///
/// # Panics
/// If a batch makes a sum leave a `u64`; see [`crate::analyze::largest_batch`].
pub fn footprint(graph: &Graph, batch: u32, batches: &[u32], optimizer: Optimizer) -> Footprint {
    let schedule = Schedule::inference(graph);
    let memory = Memory::new(graph, &schedule, batch);
    let learning = Learning::of(graph);
    let step = TrainingSchedule::new(graph, &learning);
    let training = TrainingMemory::new(graph, &learning, &step, batch);
    let state_bytes = optimizer.state() * training.trainable_params * F32_BYTES;
    let params = graph.inference_totals().params;
    let sized = |batch: u32| {
        let placed = place(&extents(&schedule, batch), ALIGNMENT);
        let training = TrainingMemory::new(graph, &learning, &step, batch);
        BatchFootprint {
            batch,
            live_bytes: placed.live,
            arena_bytes: placed.arena,
            kept_bytes: training.kept_bytes,
            training_peak_bytes: training.peak_bytes,
            training_total_bytes: training.stateless_bytes + u128::from(state_bytes),
        }
    };
    Footprint {
        schema: SCHEMA,
        name: graph.name().to_owned(),
        batch,
        parameter_bytes: whole(params) * F32_BYTES,
        next: next(&memory, &schedule),
        memory,
        training,
        optimizer,
        state_bytes,
        batches: batches.iter().map(|&batch| sized(batch)).collect(),
    }
}

/// The fullest step at which nothing is live that the peak's step writes.
fn next(memory: &Memory, schedule: &Schedule) -> Option<Peak> {
    let peak = schedule.peak()?.node;
    let written = schedule.buffers.iter().find(|buffer| buffer.node == schedule.memory[peak.index()])?;
    let steps = memory.timeline.iter().zip(&schedule.buffers);
    let without = steps.filter(|(_, buffer)| !written.is_live(buffer.from)).map(|(moment, _)| moment);
    let fullest = without.reduce(|best, moment| if moment.live_elements > best.live_elements { moment } else { best })?;
    Some(Peak { path: fullest.path.clone(), elements: fullest.live_elements, bytes: fullest.live_bytes })
}
