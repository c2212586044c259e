//! A step of training: what is computed forward, and which gradients backward.

use std::ops::Range;

use crate::exec::Algorithm;
use crate::exec::map::Map;
use crate::exec::steps::BatchNorm;
use crate::exec::steps::Convolution;
use crate::exec::steps::Depthwise;
use crate::exec::steps::Gathering;
use crate::exec::steps::Pool;
use crate::exec::steps::WeightGradients;
use crate::graph::NodeIndex;
use crate::kernel::Clamp;
use crate::kernel::Response;
use crate::op::Op;

/// What a step computes.
#[derive(Debug)]
pub(in crate::exec) enum Lesson {
    /// A convolution or fully connected layer.
    Contract(Box<Contract>),
    /// A depthwise convolution.
    Depthwise(Depthwise),
    /// The largest of each window.
    MaxPool(Pool),
    /// The mean of each window.
    AvgPool(Pool),
    /// Normalisation by the statistics of the batch, with the rectifier behind it.
    BatchNorm(BatchNorm),
    /// A rectifier that ends at a number.
    Rectify(f32),
    /// The gradient of a rectifier; the step before has computed its value.
    RectifyBackward(f32),
    /// Nothing: the step before does it all.
    Nothing,
    /// A sum of maps.
    Sum,
    /// Local response normalisation.
    Respond(Response),
    /// A concatenation.
    Join,
    /// Channels in a new order.
    Gather(Gathering),
    /// The same value, in the same memory or in other.
    Copy,
    /// The operator's own forward and backward.
    Naive(Op),
}

impl Lesson {
    /// Elements that each thread needs beside what threads share.
    pub(in crate::exec) fn room(&self) -> usize {
        match self {
            Lesson::Contract(contract) => contract.forward.room().max(contract.backward.as_ref().map_or(0, Convolution::room)),
            _ => 0,
        }
    }

    /// For forward, the gradient of weights and the gradient of the input, where they are computed, the multiply-adds that tiles take; `None`
    /// where they are those of the definition.
    fn passes(&self, weights: bool, input: bool) -> Vec<Option<u64>> {
        let all = match self {
            Lesson::Contract(contract) => [
                contract.forward.products(),
                contract.weighing.as_ref().and_then(WeightGradients::products),
                contract.backward.as_ref().and_then(Convolution::products),
            ],
            _ => [None; 3],
        };
        all.into_iter().zip([true, weights, input]).filter(|&(_, is_done)| is_done).map(|(products, _)| products).collect()
    }

    /// How it computes.
    pub(in crate::exec) fn algorithm(&self) -> Algorithm {
        match self {
            Lesson::Contract(contract) => contract.forward.algorithm(),
            Lesson::Depthwise(_) => Algorithm::Depthwise,
            Lesson::MaxPool(_) => Algorithm::MaxPool,
            Lesson::AvgPool(_) => Algorithm::AvgPool,
            Lesson::BatchNorm(_) => Algorithm::BatchNorm,
            Lesson::Rectify(_) | Lesson::RectifyBackward(_) => Algorithm::Rectify,
            Lesson::Nothing => Algorithm::Nothing,
            Lesson::Sum => Algorithm::Sum,
            Lesson::Respond(_) => Algorithm::Lrn,
            Lesson::Join => Algorithm::Join,
            Lesson::Gather(_) => Algorithm::Gather,
            Lesson::Copy => Algorithm::Copy,
            Lesson::Naive(_) => Algorithm::Naive,
        }
    }
}

impl TrainingSite {
    /// The passes that it is computed in, by [`Lesson::passes`].
    pub(in crate::exec) fn passes(&self) -> Vec<Option<u64>> {
        self.lesson.passes(self.d_out.is_some() && self.learns, self.d_inputs.iter().any(Option::is_some))
    }
}

/// A contraction with its gradients.
#[derive(Debug)]
pub(in crate::exec) struct Contract {
    /// The output.
    pub(in crate::exec) forward: Convolution,
    /// The gradient of the input, where it is wanted.
    pub(in crate::exec) backward: Option<Convolution>,
    /// The gradient of the weights, where they learn.
    pub(in crate::exec) weighing: Option<WeightGradients>,
    /// The rectifier behind it.
    pub(in crate::exec) clamp: Option<Clamp>,
}

/// The gradient of an input: where it lies, and whether something stands there already.
#[derive(Clone, Debug)]
pub(in crate::exec) struct Wanted {
    /// Where it lies.
    pub(in crate::exec) map: Map,
    /// Whether it is added to; else it is replaced.
    pub(in crate::exec) adds: bool,
}

/// A step and where it works.
#[derive(Debug)]
pub(in crate::exec) struct TrainingSite {
    /// Its node.
    pub(in crate::exec) node: NodeIndex,
    /// What it computes.
    pub(in crate::exec) lesson: Lesson,
    /// What it reads.
    pub(in crate::exec) inputs: Vec<Map>,
    /// For each input its gradient, where it is wanted.
    pub(in crate::exec) d_inputs: Vec<Option<Wanted>>,
    /// What it writes.
    pub(in crate::exec) out: Map,
    /// The gradient of that; `None` where nothing up to here learns.
    pub(in crate::exec) d_out: Option<Map>,
    /// What forward leaves for backward.
    pub(in crate::exec) saved: Range<usize>,
    /// Whether its own tensors learn.
    pub(in crate::exec) learns: bool,
}
