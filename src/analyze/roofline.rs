//! The roofline of a network on a machine: what each layer computes and moves, the time that promises, and which of the two it waits for.
//!
//! ```
//! use nas::analyze::{Bound, roofline};
//! use nas::base::{Machine, Shape};
//! use nas::graph::GraphBuilder;
//! use nas::op::Conv;
//!
//! let machine = br#"{"schema": "nas.machine/1", "name": "round", "processor": "none", "threads": 1, "arch": "scalar", "quick": false,
//!   "speeds": [{"threads": 1, "peak_madds_per_second": 1000000000, "read_bytes_per_second": 1000000000,
//!               "copy_bytes_per_second": 1000000000, "kernels": []}]}"#;
//! let machine = Machine::parse(machine)?;
//! let mut net = GraphBuilder::new("one");
//! let image = net.input("image", Shape::new(3, 10, 10));
//! let conv = net.layer("conv", [Conv { bias: false, ..Conv::new(5, 1) }.into()], &[image]);
//! net.output("main", conv);
//! let found = roofline(&net.finish().expect("a network"), &machine, &machine.speeds[0], 1);
//! // 1500 multiply-adds; 300 numbers in, 500 out, 15 weights, 4 bytes each, a byte a nanosecond.
//! assert_eq!((found.tree.madds, found.tree.bytes, found.tree.predicted_ns), (1500, 3260, 3260));
//! assert_eq!(found.tree.bound, Some(Bound::Memory));
//! # Ok::<(), nas::base::NotAMachine>(())
//! ```

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::Bound;
use crate::analyze::Level;
use crate::analyze::NodeRow;
use crate::analyze::Options;
use crate::analyze::Row;
use crate::analyze::analysis::analyze;
use crate::analyze::prediction::Form;
use crate::analyze::prediction::Predicted;
use crate::analyze::traffic::Traffic;
use crate::analyze::traffic::groups;
use crate::base::KernelTime;
use crate::base::Machine;
use crate::base::Real64;
use crate::base::Speed;
use crate::graph::Graph;
use crate::graph::NodeIndex;

/// The name of the JSON's form; within `/1` keys are only added.
const SCHEMA: &str = "nas.roofline/1";

/// The roofline of one network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Roofline {
    /// `nas.roofline/1`.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// The network's name.
    pub name: String,
    /// Images at once.
    pub batch: u32,
    /// The machine.
    pub machine: Roof,
    /// The part of the predicted time in layers that wait for memory.
    pub memory_bound_share: Real64,
    /// Steps whose time is that of a close shape.
    pub close_steps: usize,
    /// Steps that take time.
    pub timed_steps: usize,
    /// Inference from the network down to its layers.
    pub tree: RoofRow,
}

/// What of a machine makes the roof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Roof {
    /// The machine's name.
    pub name: String,
    /// The processor's model.
    pub processor: String,
    /// The instruction set.
    pub arch: String,
    /// Threads.
    pub threads: usize,
    /// The level part of the roof.
    pub peak_madds_per_second: u64,
    /// The slope of the rest.
    pub read_bytes_per_second: u64,
    /// Multiply-adds a byte where both meet: below it memory is what is waited for.
    pub ridge: Real64,
}

/// One row of the tree. What it moves is what its steps move, each for itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoofRow {
    /// Its own name.
    pub name: String,
    /// Its path; empty for the network and its stages.
    pub path: String,
    /// What it stands for.
    pub level: Level,
    /// `[channels, height, width]` of what it gives.
    pub output: [u32; 3],
    /// Multiply-adds.
    pub madds: u128,
    /// Bytes of inputs, outputs and weights.
    pub bytes: u128,
    /// Multiply-adds a byte; none where nothing is moved.
    pub intensity: Option<Real64>,
    /// The predicted time of its steps.
    pub predicted_ns: u128,
    /// The part of it in steps that wait for memory.
    pub memory_bound_ns: u128,
    /// The part of it that is the time of close shapes.
    pub close_ns: u128,
    /// What most of its time waits for.
    pub bound: Option<Bound>,
    /// Nodes that it holds itself, those that are computed together as one.
    pub steps: Vec<RoofStep>,
    /// What it is made of.
    pub children: Vec<RoofRow>,
}

/// Nodes that are computed together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoofStep {
    /// The path of the first node.
    pub path: String,
    /// Its operator's word.
    pub kind: String,
    /// The words of those that are computed with it.
    pub fused: Vec<String>,
    /// Multiply-adds.
    pub madds: u128,
    /// Bytes of the tensors that it reads.
    pub input_bytes: u128,
    /// Bytes of the tensors that it gives.
    pub output_bytes: u128,
    /// Bytes of its learned numbers.
    pub weight_bytes: u128,
    /// Multiply-adds a byte; none where nothing is moved.
    pub intensity: Option<Real64>,
    /// Its multiply-adds at the peak.
    pub compute_ns: u128,
    /// Its bytes at the bandwidth.
    pub memory_ns: u128,
    /// The longer of both, or the time of a close shape where that is longer still.
    pub predicted_ns: u128,
    /// What it waits for: the side of the ridge on which it lies.
    pub bound: Option<Bound>,
    /// The layer of a close shape whose time was measured.
    pub close: Option<KernelTime>,
}

/// The roofline of a network at one of a machine's speeds, for a batch.
///
/// # Panics
/// If the batch makes a sum leave a `u64`; see [`crate::analyze::largest_batch`].
pub fn roofline(graph: &Graph, machine: &Machine, speed: &Speed, batch: u32) -> Roofline {
    let chosen = graph.in_inference();
    let mut steps: BTreeMap<NodeIndex, RoofStep> = BTreeMap::new();
    for nodes in groups(graph, &chosen) {
        steps.insert(nodes[0], step(graph, &chosen, &nodes, speed, batch));
    }
    let tree = row(&analyze(graph, &Options { batch }).tree, &steps);
    let ridge = speed.peak_madds_per_second as f64 / speed.read_bytes_per_second as f64;
    let timed = steps.values().filter(|step| step.predicted_ns > 0);
    Roofline {
        schema: SCHEMA,
        name: graph.name().to_owned(),
        batch,
        machine: Roof {
            name: machine.name.clone(),
            processor: machine.processor.clone(),
            arch: machine.arch.clone(),
            threads: speed.threads,
            peak_madds_per_second: speed.peak_madds_per_second,
            read_bytes_per_second: speed.read_bytes_per_second,
            ridge: Real64::new(ridge),
        },
        memory_bound_share: quotient(tree.memory_bound_ns, tree.predicted_ns).unwrap_or_default(),
        close_steps: steps.values().filter(|step| step.close.is_some()).count(),
        timed_steps: timed.count(),
        tree,
    }
}

fn step(graph: &Graph, chosen: &[bool], nodes: &[NodeIndex], speed: &Speed, batch: u32) -> RoofStep {
    let work = Traffic::of(graph, chosen, nodes, batch);
    let predicted = Predicted::of(speed, &work, Form::of(graph, nodes[0], batch), None);
    let word = |node: &NodeIndex| graph.node(*node).op.as_ref().map(|op| op.word().to_owned()).unwrap_or_default();
    RoofStep {
        path: graph.path(nodes[0]),
        kind: word(&nodes[0]),
        fused: nodes[1..].iter().map(word).collect(),
        madds: work.madds,
        input_bytes: work.input_bytes,
        output_bytes: work.output_bytes,
        weight_bytes: work.weight_bytes,
        intensity: quotient(work.madds, work.bytes()),
        compute_ns: predicted.compute_ns,
        memory_ns: predicted.memory_ns,
        predicted_ns: predicted.ns,
        bound: predicted.bound,
        close: predicted.close,
    }
}

/// The tree of an analysis with the steps in their places.
fn row(of: &Row, all: &BTreeMap<NodeIndex, RoofStep>) -> RoofRow {
    let own = |node: &NodeRow| all.get(&node.index).cloned();
    RoofRow {
        name: of.name.clone(),
        path: of.path.clone(),
        level: of.level,
        output: of.output,
        madds: 0,
        bytes: 0,
        intensity: None,
        predicted_ns: 0,
        memory_bound_ns: 0,
        close_ns: 0,
        bound: None,
        steps: of.nodes.iter().filter_map(own).collect(),
        children: of.children.iter().map(|child| row(child, all)).collect(),
    }
    .summed()
}

fn quotient(part: u128, whole: u128) -> Option<Real64> {
    (whole > 0).then(|| Real64::new(part as f64 / whole as f64))
}

impl RoofStep {
    /// Bytes of inputs, outputs and weights.
    pub fn bytes(&self) -> u128 {
        self.input_bytes + self.output_bytes + self.weight_bytes
    }
}

impl RoofRow {
    /// With the sums of its steps and children.
    fn summed(mut self) -> RoofRow {
        let sum = |of_step: fn(&RoofStep) -> u128, of_row: fn(&RoofRow) -> u128| {
            self.steps.iter().map(of_step).sum::<u128>() + self.children.iter().map(of_row).sum::<u128>()
        };
        let waits = |step: &RoofStep| if step.bound == Some(Bound::Memory) { step.predicted_ns } else { 0 };
        let (madds, bytes) = (sum(|step| step.madds, |row| row.madds), sum(RoofStep::bytes, |row| row.bytes));
        let predicted_ns = sum(|step| step.predicted_ns, |row| row.predicted_ns);
        let memory_bound_ns = sum(waits, |row| row.memory_bound_ns);
        let close_ns = sum(|step| if step.close.is_some() { step.predicted_ns } else { 0 }, |row| row.close_ns);
        let bound = if 2 * memory_bound_ns > predicted_ns { Bound::Memory } else { Bound::Compute };
        (self.madds, self.bytes, self.intensity) = (madds, bytes, quotient(madds, bytes));
        (self.predicted_ns, self.memory_bound_ns, self.close_ns) = (predicted_ns, memory_bound_ns, close_ns);
        self.bound = (predicted_ns > 0).then_some(bound);
        self
    }

    /// What it does itself, without its children.
    #[must_use]
    pub fn own(&self) -> RoofRow {
        let (name, path, steps) = (self.name.clone(), self.path.clone(), self.steps.clone());
        RoofRow { name, path, steps, children: Vec::new(), ..*self }.summed()
    }

    /// All steps in it and below it, each with the row that holds it.
    pub fn all_steps(&self) -> Vec<(&RoofRow, &RoofStep)> {
        let below = self.children.iter().flat_map(RoofRow::all_steps);
        below.chain(self.steps.iter().map(|step| (self, step))).collect()
    }
}
