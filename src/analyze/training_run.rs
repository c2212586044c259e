//! What it takes to train a network: the multiply-adds of a step and of all epochs, layer by layer, and what is held.
//!
//! ```
//! use nas::analyze::{Optimizer, Plan, training_run};
//! use nas::base::Shape;
//! use nas::graph::{GraphBuilder, Learning};
//! use nas::op::Conv;
//!
//! let mut net = GraphBuilder::new("two");
//! let image = net.input("image", Shape::new(3, 8, 8));
//! let first = net.layer("first", [Conv::new(4, 1).into()], &[image]);
//! let second = net.layer("second", [Conv::new(2, 1).into()], &[first]);
//! net.output("main", second);
//! let graph = net.finish()?;
//!
//! let plan = Plan { batch: 1, images: Some(50), epochs: Some(2), optimizer: Optimizer::AdamW };
//! let run = training_run(&graph, &Learning::of(&graph), &plan);
//! // 64 positions: 12 links of the first, forward and weights; 8 of the second, forward, weights and input.
//! assert_eq!(run.step.total(), 64 * (2 * 12 + 3 * 8));
//! assert_eq!(run.whole.expect("images and epochs").madds, 100 * 64 * (2 * 12 + 3 * 8));
//! // Two numbers for each of 12 + 4 + 8 + 2 learned ones, 4 bytes each.
//! assert_eq!(run.state_bytes, 2 * 26 * 4);
//! # Ok::<(), Vec<nas::graph::Misfit>>(())
//! ```

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::Optimizer;
use crate::analyze::StepMadds;
use crate::analyze::TrainingMemory;
use crate::analyze::Update;
use crate::analyze::training::step_madds;
use crate::base::units::F32_BYTES;
use crate::graph::Graph;
use crate::graph::Learning;
use crate::graph::NodeIndex;
use crate::graph::ScopeId;
use crate::graph::TrainingSchedule;

/// The name of the JSON's form; within `/1` keys are only added.
const SCHEMA: &str = "nas.training/1";

/// How a network is to be trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Images of one step.
    pub batch: u32,
    /// Images of one epoch.
    pub images: Option<u32>,
    /// Passes over them.
    pub epochs: Option<u32>,
    /// How learned numbers follow their gradients.
    pub optimizer: Optimizer,
}

/// What it takes to train a network, heads for training included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrainingRun {
    /// `nas.training/1`.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The network's name.
    pub name: String,
    /// Images of one step.
    pub batch: u32,
    /// The heads for training.
    pub heads: Vec<String>,
    /// Top-level layers all of whose learned numbers are frozen, and that have some.
    pub frozen: Vec<String>,
    /// Multiply-adds of one step.
    pub step: StepMadds,
    /// How learned numbers follow their gradients.
    pub optimizer: Optimizer,
    /// What the optimizer keeps between steps.
    pub state_bytes: u64,
    /// Operations of one update of one learned number; multiply-adds are without them.
    pub update: Update,
    /// Operations of the updates of one step.
    pub update_operations: u64,
    /// What a step holds, without the optimizer's state.
    pub memory: TrainingMemory,
    /// The memory's total and the optimizer's state.
    pub total_bytes: u128,
    /// All epochs, if there are images and epochs.
    pub whole: Option<Epochs>,
    /// The top-level layers with multiply-adds, in order, and the layers in them.
    pub layers: Vec<LayerStep>,
}

/// All epochs of a training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Epochs {
    /// Images of one epoch.
    pub images: u32,
    /// Epochs.
    pub epochs: u32,
    /// Steps of all epochs; an epoch's last one may have fewer images.
    pub steps: u64,
    /// Multiply-adds of all epochs.
    pub madds: u128,
}

/// A layer's part of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LayerStep {
    /// Its path.
    pub path: String,
    /// Whether only heads for training need it.
    pub training_only: bool,
    /// Its multiply-adds.
    pub madds: StepMadds,
    /// The nodes in it that have some: every convolution and linear layer.
    pub nodes: Vec<NodeStep>,
}

/// A node's part of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NodeStep {
    /// Its path.
    pub path: String,
    /// Its multiply-adds.
    pub madds: StepMadds,
}

/// What it takes to train a network.
///
/// # Panics
/// If the batch makes a sum leave a `u64`; see [`crate::analyze::largest_batch`].
pub fn training_run(graph: &Graph, learning: &Learning, plan: &Plan) -> TrainingRun {
    let chosen = graph.leading_to(|_| true);
    let schedule = TrainingSchedule::new(graph, learning);
    let memory = TrainingMemory::new(graph, learning, &schedule, plan.batch);
    let image = step_madds(graph, learning, &chosen, 1).total();
    let state_bytes = plan.optimizer.state() * memory.trainable_params * F32_BYTES;
    let whole = plan.images.zip(plan.epochs).map(|(images, epochs)| Epochs {
        images,
        epochs,
        steps: u64::from(epochs) * u64::from(images.div_ceil(plan.batch)),
        madds: u128::from(image) * u128::from(images) * u128::from(epochs),
    });
    let update = plan.optimizer.update();
    TrainingRun {
        schema: SCHEMA,
        name: graph.name().to_owned(),
        batch: plan.batch,
        heads: graph.outputs().iter().filter(|output| output.train_only).map(|output| output.name.clone()).collect(),
        frozen: frozen(graph, learning, &chosen),
        step: step_madds(graph, learning, &chosen, plan.batch),
        optimizer: plan.optimizer,
        state_bytes,
        update,
        update_operations: u64::from(update.total()) * memory.trainable_params,
        total_bytes: memory.stateless_bytes + u128::from(state_bytes),
        memory,
        whole,
        layers: layers(graph, learning, &chosen, plan.batch),
    }
}

/// The top-level scope of a node.
fn top(graph: &Graph, node: NodeIndex) -> ScopeId {
    let scopes = graph.scopes();
    let within = scopes.ancestors(graph.node(node).scope).take_while(|&scope| scope != ScopeId::NETWORK);
    within.last().unwrap_or(ScopeId::NETWORK)
}

/// The top-level layers that have learned numbers, none of which learns.
fn frozen(graph: &Graph, learning: &Learning, chosen: &[bool]) -> Vec<String> {
    let mut found: Vec<(ScopeId, bool)> = Vec::new();
    for node in graph.nodes().filter(|&node| chosen[node.index()] && graph.params(node) > 0) {
        let (top, learns) = (top(graph, node), learning.own(node));
        match found.last_mut().filter(|(last, _)| *last == top) {
            Some((_, any)) => *any |= learns,
            None => found.push((top, learns)),
        }
    }
    found.into_iter().filter(|(_, learns)| !learns).map(|(scope, _)| graph.scopes().path(scope)).collect()
}

fn layers(graph: &Graph, learning: &Learning, chosen: &[bool], batch: u32) -> Vec<LayerStep> {
    let needed = graph.in_inference();
    let mut layers: Vec<(ScopeId, LayerStep)> = Vec::new();
    for node in graph.nodes().filter(|node| chosen[node.index()]) {
        let madds = StepMadds::of(graph, learning, node, batch);
        if madds.forward == 0 {
            continue;
        }
        let top = top(graph, node);
        if layers.last().is_none_or(|(last, _)| *last != top) {
            let (path, training_only) = (graph.scopes().path(top), !needed[node.index()]);
            layers.push((top, LayerStep { path, training_only, madds: StepMadds::default(), nodes: Vec::new() }));
        }
        if let Some((_, layer)) = layers.last_mut() {
            layer.madds += madds;
            layer.nodes.push(NodeStep { path: graph.path(node), madds });
        }
    }
    layers.into_iter().map(|(_, layer)| layer).collect()
}
