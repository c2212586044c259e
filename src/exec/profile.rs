//! Where the time of a network goes, step by step.

use std::time::Duration;
use std::time::Instant;

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSliceMut;
use schemars::JsonSchema;
use serde::Serialize;

use crate::base::Real64;
use crate::base::units::whole;
use crate::exec::Algorithm;
use crate::exec::Inference;
use crate::exec::Room;
use crate::exec::Training;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::State;

/// The name of the form of [`Profile`].
pub const PROFILE: &str = "nas.profile/1";

/// Measured time of a network's steps; medians over rounds, in nanoseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Profile {
    /// [`PROFILE`].
    #[schemars(extend("const" = PROFILE))]
    pub schema: &'static str,
    /// The network's name.
    pub name: String,
    /// Whether it is a training step, forward and backward with all heads, without the update of weights.
    pub training: bool,
    /// Images of a batch.
    pub images: usize,
    /// The instruction set.
    pub arch: &'static str,
    /// Threads.
    pub threads: usize,
    /// Batches that were timed, after one that was not.
    pub rounds: usize,
    /// A whole batch.
    pub total_ns: u64,
    /// The fastest batch.
    pub least_ns: u64,
    /// A whole batch when no cache holds weights or values before it, if that was timed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cold_ns: Option<u64>,
    /// Multiply-adds of a batch.
    pub madds: u64,
    /// The plan's memory.
    pub memory: Room,
    /// What a machine's table predicts, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicted: Option<PredictedBatch>,
    /// The steps, in order.
    pub steps: Vec<ProfiledStep>,
}

/// What a machine's table predicts for a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PredictedBatch {
    /// The machine's name.
    pub machine: String,
    /// The most multiply-adds a second of so many threads.
    pub peak_madds_per_second: u64,
    /// The sum of the steps.
    pub ns: u128,
}

/// One step's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProfiledStep {
    /// The path of its first node.
    pub path: String,
    /// The operators that are computed with it.
    pub fused: Vec<String>,
    /// How it computes.
    #[schemars(with = "String")]
    pub algorithm: Algorithm,
    /// Multiply-adds for the batch by the definition of its operators, backward included.
    pub madds: u64,
    /// Multiply-adds that its kernels do: fewer where they work by tiles.
    pub products: u64,
    /// Time of forward.
    pub forward_ns: u64,
    /// Time of backward, in training.
    pub backward_ns: u64,
    /// The time of forward and backward that a machine's table predicts, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicted_ns: Option<u128>,
    /// What its kernels do a second as a part of that machine's peak.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_of_peak: Option<Real64>,
    /// What is computed.
    #[serde(skip)]
    pub nodes: Vec<NodeIndex>,
    /// For each of its passes through the data the multiply-adds that its kernel does for the batch.
    #[serde(skip)]
    pub passes: Vec<u64>,
}

impl Profile {
    /// With what a machine predicts: `pass_ns` says it for the nodes of a step and the multiply-adds of a pass.
    #[must_use]
    pub fn with_prediction(
        mut self,
        machine: String,
        peak_madds_per_second: u64,
        pass_ns: impl Fn(&[NodeIndex], u64) -> u128,
    ) -> Profile {
        let mut ns = 0;
        for step in &mut self.steps {
            let predicted = step.passes.iter().map(|&products| pass_ns(&step.nodes, products)).sum();
            let at_peak = step.products as f64 * 1e9 / peak_madds_per_second as f64;
            step.predicted_ns = Some(predicted);
            step.share_of_peak = Some(Real64::new(at_peak / step.ns().max(1) as f64)).filter(|_| step.madds > 0);
            ns += predicted;
        }
        Profile { predicted: Some(PredictedBatch { machine, peak_madds_per_second, ns }), ..self }
    }
}

impl ProfiledStep {
    /// Forward and backward.
    pub fn ns(&self) -> u64 {
        self.forward_ns + self.backward_ns
    }
}

/// A step without its times.
#[derive(Clone, Debug)]
pub(super) struct Timed {
    /// What is computed, the first node first.
    pub(super) nodes: Vec<NodeIndex>,
    pub(super) algorithm: Algorithm,
    /// Forward, gradient of the weights, gradient of the input, as far as they are computed: multiply-adds of a batch where tiles take fewer.
    pub(super) passes: Vec<Option<u64>>,
}

/// Times of one batch, step by step.
type Round = Vec<[Duration; 2]>;

/// Memory that takes the caches' place between two batches, larger than all of them together.
#[derive(Clone, Debug, Default)]
pub struct Sweeper(Vec<u64>);

impl Sweeper {
    /// Of so many bytes.
    pub fn new(bytes: usize) -> Sweeper {
        Sweeper(vec![0; bytes / size_of::<u64>()])
    }

    /// Leaves nothing in the caches but itself.
    fn sweep(&mut self) {
        // By as many threads as compute: each has caches of its own.
        let part = self.0.len().div_ceil(rayon::current_num_threads()).max(1);
        self.0.par_chunks_mut(part).for_each(|part| part.iter_mut().for_each(|word| *word += 1));
    }
}

/// Times a network's inference until `enough` says so after a round, by the rounds that were timed; with a sweeper also with cold caches.
pub fn profile_inference(
    graph: &Graph,
    inference: &mut Inference,
    inputs: &[&[f32]],
    mut sweeper: Option<Sweeper>,
    mut enough: impl FnMut(usize) -> bool,
) -> Profile {
    inference.run(inputs);
    let (mut rounds, mut cold) = (Vec::new(), Vec::new());
    while rounds.is_empty() || !enough(rounds.len()) {
        let mut begun = Instant::now();
        let round: Round = inference.run_timed(inputs).into_iter().map(|time| [time, Duration::ZERO]).collect();
        let mut total = begun.elapsed();
        if inference.is_parallel() {
            // Steps are timed one after another, with all threads; the batch as it is run.
            begun = Instant::now();
            inference.run(inputs);
            total = begun.elapsed();
        }
        rounds.push((total, round));
        if let Some(sweeper) = &mut sweeper {
            sweeper.sweep();
            let begun = Instant::now();
            inference.run(inputs);
            cold.push(begun.elapsed());
        }
    }
    let steps = inference.steps();
    let found = profile(graph, inference.images(), false, inference.arch().name(), inference.room(), &steps, &rounds);
    Profile { cold_ns: sweeper.map(|_| median(cold)), ..found }
}

/// Times a network's training steps until `enough` says so after a round, by the rounds that were timed.
pub fn profile_training(
    graph: &Graph,
    training: &mut Training,
    state: &mut State,
    inputs: &[&[f32]],
    mut enough: impl FnMut(usize) -> bool,
) -> Profile {
    let d_outputs: Vec<Vec<f32>> = {
        training.forward(state, inputs, 0, 0);
        let lengths = (0..graph.outputs().len()).map(|number| training.output(number).len());
        lengths.map(|length| vec![1.0 / length as f32; length]).collect()
    };
    let d_outputs: Vec<&[f32]> = d_outputs.iter().map(Vec::as_slice).collect();
    let mut gradients = State::zeros(std::sync::Arc::clone(state.layout()));
    let mut rounds = Vec::new();
    while rounds.is_empty() || !enough(rounds.len()) {
        let begun = Instant::now();
        let forward = training.forward_timed(state, inputs, 0, rounds.len() as u64);
        let backward = training.backward_timed(state, &d_outputs, &mut gradients);
        let round = forward.into_iter().zip(backward).map(|(forward, backward)| [forward, backward]).collect();
        rounds.push((begun.elapsed(), round));
    }
    let steps = training.steps();
    profile(graph, training.images(), true, training.arch().name(), training.room(), &steps, &rounds)
}

fn profile(
    graph: &Graph,
    images: usize,
    training: bool,
    arch: &'static str,
    memory: Room,
    steps: &[Timed],
    rounds: &[(Duration, Round)],
) -> Profile {
    let steps: Vec<ProfiledStep> = steps
        .iter()
        .enumerate()
        .map(|(number, step)| {
            let time = |which: usize| median(rounds.iter().map(|(_, round)| round[number][which]).collect());
            let of_image: u128 = step.nodes.iter().map(|&node| graph.cost(node).madds).sum();
            let of_pass = whole(of_image * images as u128);
            let passes: Vec<u64> = step.passes.iter().map(|by_tiles| by_tiles.unwrap_or(of_pass)).collect();
            let word = |node: &NodeIndex| {
                let path = graph.path(*node);
                path.rsplit_once(':').map_or(path.clone(), |(_, word)| word.to_owned())
            };
            ProfiledStep {
                path: graph.path(step.nodes[0]),
                fused: step.nodes[1..].iter().map(word).collect(),
                algorithm: step.algorithm,
                madds: of_pass * passes.len() as u64,
                products: passes.iter().sum(),
                forward_ns: time(0),
                backward_ns: time(1),
                predicted_ns: None,
                share_of_peak: None,
                nodes: step.nodes.clone(),
                passes,
            }
        })
        .collect();
    let totals: Vec<Duration> = rounds.iter().map(|(total, _)| *total).collect();
    Profile {
        schema: PROFILE,
        name: graph.name().to_owned(),
        training,
        images,
        arch,
        threads: rayon::current_num_threads(),
        rounds: rounds.len(),
        least_ns: nanoseconds(totals.iter().min().copied().unwrap_or_default()),
        total_ns: median(totals),
        cold_ns: None,
        madds: steps.iter().map(|step| step.madds).sum(),
        memory,
        predicted: None,
        steps,
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// The one in the middle, the lesser of two.
fn median(mut times: Vec<Duration>) -> u64 {
    times.sort_unstable();
    nanoseconds(times[(times.len() - 1) / 2])
}
