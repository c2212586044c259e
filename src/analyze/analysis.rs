//! The whole analysis of one network, as plain data. Its JSON is `nas.report/1`: exact integers, units in the keys, stable order.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::Marginals;
use crate::analyze::Memory;
use crate::analyze::Row;
use crate::analyze::Training;
use crate::analyze::TrainingMemory;
use crate::analyze::attribution::Attribution;
use crate::analyze::counted::Counted;
use crate::analyze::stage;
use crate::analyze::training;
use crate::base::Quantity;
use crate::base::units::whole;
use crate::graph::Graph;
use crate::graph::Learning;
use crate::graph::NodeIndex;
use crate::graph::Schedule;
use crate::graph::TrainingSchedule;
use crate::graph::longest_path;
use crate::op::Class;
use crate::op::Cost;
use crate::op::ParamRole;

/// The name of the JSON's form; within `/1` keys are only added.
pub const SCHEMA: &str = "nas.report/1";

/// What an analysis is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Images at once: costs and activations are for all of them, parameters are not.
    pub batch: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options { batch: 1 }
    }
}

/// The analysis of one network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Analysis {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The network's name.
    pub name: String,
    /// The images' number.
    pub batch: u32,
    /// The network's inputs.
    pub inputs: Vec<InputShape>,
    /// Layers with weights.
    pub depth: Depth,
    /// The other convention that `count` is in, if one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub convention: Option<Counted>,
    /// Inference: everything that leads to a head that is not for training only.
    pub totals: Totals,
    /// Live activations of inference.
    pub memory: Memory,
    /// One training step's multiply-adds.
    pub training: Training,
    /// What heads for training add.
    pub heads: Vec<HeadCost>,
    /// Distances to limits, if the spec has a budget.
    pub budget: Vec<Limit>,
    /// What one filter more costs, in every width; if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marginal: Option<Marginals>,
    /// Inference from the network down to its layers.
    pub tree: Row,
}

/// One input of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InputShape {
    /// Its name.
    pub name: String,
    /// `[channels, height, width]`.
    pub shape: [u32; 3],
}

/// Layers with weights, of inference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Depth {
    /// On the longest path.
    pub longest_path: u32,
    /// Convolutions, all of them.
    pub convolutions: u32,
    /// Linear layers, all of them.
    pub linear: u32,
}

/// Sums of inference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Totals {
    /// Multiply-adds of convolutions and linear layers, biases apart: the convention of torchvision and Caffe.
    pub madds: u64,
    /// The same in floating-point operations, two for each multiply-add.
    pub flops: u64,
    /// Learned numbers.
    pub params: u64,
    /// Those that are weights of convolutions and linear layers.
    pub weights: u64,
    /// Those that are their biases.
    pub biases: u64,
    /// Those of normalisations.
    pub norm_params: u64,
    /// Learned numbers once each batch norm is folded into the convolution before it.
    pub params_deployed: u64,
    /// Every operation by kind.
    pub operations: Operations,
}

/// Every operation of inference by kind; see [`crate::op::Cost`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Operations {
    /// Multiply-adds.
    pub madds: u64,
    /// Additions, of biases too.
    pub adds: u64,
    /// Multiplications.
    pub muls: u64,
    /// Comparisons.
    pub cmps: u64,
    /// Divisions.
    pub divs: u64,
    /// Exponentials and the like.
    pub exps: u64,
    /// Those with an operand on padding.
    pub on_padding: u64,
}

/// What one head adds that only training needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HeadCost {
    /// Its name.
    pub name: String,
    /// Its multiply-adds, of nodes that no head before it needs.
    pub madds: u64,
    /// Its learned numbers.
    pub params: u64,
    /// Its layers.
    pub layers: Vec<Row>,
}

/// One limit of the spec's budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Limit {
    /// What is limited.
    pub quantity: Quantity,
    /// The most that is allowed.
    pub limit: u64,
    /// What there is, for one image.
    pub actual: u64,
}

impl Limit {
    /// Whether it is broken.
    pub fn is_over(&self) -> bool {
        self.actual > self.limit
    }
}

impl Analysis {
    /// What a budget can limit, for one image.
    pub fn quantity(&self, quantity: Quantity) -> u64 {
        let images = u64::from(self.batch.max(1));
        match quantity {
            Quantity::Madds => self.totals.madds / images,
            Quantity::Params => self.totals.params,
            Quantity::Memory => self.memory.peak_bytes / images,
        }
    }

    /// Enters the distances to a budget's limits.
    #[must_use]
    pub fn with_limits(mut self, limits: impl IntoIterator<Item = (Quantity, u64)>) -> Analysis {
        let limits = limits.into_iter().map(|(quantity, limit)| Limit { quantity, limit, actual: self.quantity(quantity) });
        self.budget = limits.collect();
        self
    }
}

/// Analyses a network. Costs are exact integers; the graph has made sure that a batch of one fits a `u64`.
///
/// # Panics
/// If the batch makes a sum leave a `u64`; see [`crate::analyze::largest_batch`].
pub fn analyze(graph: &Graph, options: &Options) -> Analysis {
    let batch = u128::from(options.batch);
    let needed = graph.in_inference();
    let inference: Vec<NodeIndex> = graph.nodes().filter(|node| needed[node.index()]).collect();
    let sums = graph.inference_totals();
    let schedule = Schedule::inference(graph);
    let learning = Learning::of(graph);
    let attribution = Attribution::new(graph, &schedule, &learning, options.batch);
    let inputs = graph.inputs().map(|node| {
        let shape = graph.node(node).shape;
        InputShape { name: graph.scopes().name(graph.node(node).scope).to_owned(), shape: [shape.c, shape.h, shape.w] }
    });
    let of_class = |class: Class| {
        let ops = inference.iter().filter_map(|&node| graph.node(node).op.as_ref());
        ops.filter(|op| op.class() == class).count() as u32
    };
    let mut of_role = BTreeMap::new();
    for &node in &inference {
        let op = graph.node(node).op.as_ref();
        for param in op.map(|op| op.params(&graph.input_shapes(node))).unwrap_or_default() {
            *of_role.entry(param.role).or_insert(0) += param.count;
        }
    }
    let of_roles = |roles: &[ParamRole]| whole(roles.iter().filter_map(|role| of_role.get(role)).sum());
    let Cost { madds, adds, muls, cmps, divs, exps, on_padding } = sums.cost.times(batch);
    let with_heads = training::step_madds(graph, &learning, &vec![true; needed.len()], options.batch);
    let tree = stage::network(graph, &attribution);
    Analysis {
        schema: SCHEMA,
        name: graph.name().to_owned(),
        batch: options.batch,
        inputs: inputs.collect(),
        depth: Depth {
            longest_path: longest_path(graph),
            convolutions: of_class(Class::Convolution),
            linear: of_class(Class::Linear),
        },
        convention: None,
        totals: Totals {
            madds: whole(madds),
            flops: whole(2 * madds),
            params: whole(sums.params),
            weights: of_roles(&[ParamRole::Weight]),
            biases: of_roles(&[ParamRole::Bias]),
            norm_params: of_roles(&[ParamRole::Scale, ParamRole::Shift]),
            params_deployed: tree.params_deployed,
            operations: Operations {
                madds: whole(madds),
                adds: whole(adds),
                muls: whole(muls),
                cmps: whole(cmps),
                divs: whole(divs),
                exps: whole(exps),
                on_padding: whole(on_padding),
            },
        },
        memory: Memory::new(graph, &schedule, options.batch),
        training: Training {
            madds: tree.step_madds.total(),
            madds_with_heads: with_heads.total(),
            parts: with_heads,
            memory: TrainingMemory::new(graph, &learning, &TrainingSchedule::new(graph, &learning), options.batch),
        },
        heads: heads(graph, &attribution),
        budget: Vec::new(),
        marginal: None,
        tree,
    }
}

/// The heads that are for training only, each with the nodes that nothing before it needs.
fn heads(graph: &Graph, attribution: &Attribution<'_>) -> Vec<HeadCost> {
    let mut counted = graph.in_inference();
    let mut own = vec![false; counted.len()];
    let mut heads = Vec::new();
    for output in graph.outputs().iter().filter(|output| output.train_only) {
        // What leads to a counted node is counted too, so nobody looks behind one.
        let (mut nodes, mut open) = (Vec::new(), vec![output.node]);
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut counted[node.index()], true) {
                own[node.index()] = true;
                nodes.push(node);
                open.extend(graph.sources(node));
            }
        }
        let layers = attribution.top_rows_of(&nodes, &own);
        for node in nodes {
            own[node.index()] = false;
        }
        heads.push(HeadCost {
            name: output.name.clone(),
            madds: layers.iter().map(|row| row.madds).sum(),
            params: layers.iter().map(|row| row.params).sum(),
            layers,
        });
    }
    heads
}
