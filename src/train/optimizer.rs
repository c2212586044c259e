//! How weights follow their gradients: SGD with momentum, and `AdamW`. Element by element, so that nothing hangs on threads.

use std::sync::Arc;

use rayon::prelude::*;

use crate::graph::Layout;
use crate::graph::State;
use crate::op::ParamRole;
use crate::spec;
use crate::spec::Train;

/// Elements of one piece of work.
const PIECE: usize = 1 << 14;

/// What an optimizer keeps of its steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimizer {
    /// SGD's direction; `AdamW`'s mean gradient. `None` where SGD has no momentum.
    pub momentum: Option<State>,
    /// `AdamW`'s mean square of gradients.
    pub square: Option<State>,
}

/// The constants of one step.
#[derive(Clone, Copy, Debug)]
struct Step {
    rate: f32,
    keep: f32,
    /// Of `AdamW`: what it keeps of the square, what it adds to the root, and what takes the start at zero out of both means.
    keep_square: f32,
    epsilon: f32,
    unbias: [f32; 2],
    decay: f32,
    clip: f32,
}

impl Optimizer {
    /// Nothing done yet.
    pub fn new(train: &Train, layout: &Arc<Layout>) -> Optimizer {
        let zeros = || State::zeros(Arc::clone(layout));
        let adam = train.optimizer == spec::Optimizer::AdamW;
        let momentum = (adam || train.momentum.get() > 0.0).then(zeros);
        Optimizer { momentum, square: adam.then(zeros) }
    }

    /// Moves the parameters that learn. `number` is that of the step, from 0; gradients are multiplied by `clip` first.
    ///
    /// SGD (Sutskever et al. 2013, as PyTorch has it): `g += decay * w; v = momentum * v + g; w -= rate * v`, with Nesterov's momentum
    /// `w -= rate * (g + momentum * v)`. `AdamW` (Loshchilov and Hutter 2019): `w -= rate * decay * w`, then
    /// `w -= rate * m' / (sqrt(s') + epsilon)` with the means `m` and `s` of gradients and their squares, freed of their start at zero.
    pub fn step(&mut self, train: &Train, rate: f64, number: u64, clip: f64, gradients: &State, state: &mut State) {
        let layout = Arc::clone(state.layout());
        let power = number.saturating_add(1) as f64;
        let unbias =
            [train.momentum, train.beta2].map(|beta| (1.0 / (1.0 - libm::pow(beta.get(), power)).max(f64::MIN_POSITIVE)) as f32);
        for (number, tensor) in layout.tensors().iter().enumerate() {
            if !tensor.param.trainable || !tensor.param.role.is_parameter() {
                continue;
            }
            let decays = tensor.param.role == ParamRole::Weight;
            let step = Step {
                rate: rate as f32,
                keep: train.momentum.get() as f32,
                keep_square: train.beta2.get() as f32,
                epsilon: train.epsilon.get() as f32,
                unbias,
                decay: if decays { train.weight_decay.get() as f32 } else { 0.0 },
                clip: clip as f32,
            };
            let range = layout.range(number);
            let weights =
                state.values[range.clone()].par_chunks_mut(PIECE).zip(gradients.values[range.clone()].par_chunks(PIECE));
            match (&mut self.momentum, &mut self.square) {
                (Some(means), Some(squares)) => {
                    let means = means.values[range.clone()].par_chunks_mut(PIECE);
                    let kept = means.zip(squares.values[range].par_chunks_mut(PIECE));
                    weights
                        .zip(kept)
                        .for_each(|((weights, gradients), (means, squares))| adamw(step, weights, gradients, means, squares));
                }
                (Some(directions), None) => {
                    let directions = directions.values[range].par_chunks_mut(PIECE);
                    let nesterov = train.nesterov;
                    weights.zip(directions).for_each(|((weights, gradients), directions)| {
                        momentum(step, nesterov, weights, gradients, directions);
                    });
                }
                (None, _) => weights.for_each(|(weights, gradients)| {
                    for (weight, gradient) in weights.iter_mut().zip(gradients) {
                        *weight -= step.rate * (gradient * step.clip + step.decay * *weight);
                    }
                }),
            }
        }
    }
}

fn momentum(step: Step, nesterov: bool, weights: &mut [f32], gradients: &[f32], directions: &mut [f32]) {
    for ((weight, gradient), direction) in weights.iter_mut().zip(gradients).zip(directions) {
        let gradient = gradient * step.clip + step.decay * *weight;
        *direction = step.keep * *direction + gradient;
        *weight -= step.rate * if nesterov { gradient + step.keep * *direction } else { *direction };
    }
}

fn adamw(step: Step, weights: &mut [f32], gradients: &[f32], means: &mut [f32], squares: &mut [f32]) {
    for (((weight, gradient), mean), square) in weights.iter_mut().zip(gradients).zip(means).zip(squares) {
        let gradient = gradient * step.clip;
        *mean = step.keep * *mean + (1.0 - step.keep) * gradient;
        *square = step.keep_square * *square + (1.0 - step.keep_square) * gradient * gradient;
        *weight -= step.rate * step.decay * *weight;
        *weight -= step.rate * (*mean * step.unbias[0]) / ((*square * step.unbias[1]).sqrt() + step.epsilon);
    }
}

/// The Euclidean norm of the gradients of all that learns: squares are added in double precision, piece by piece in order.
pub fn gradient_norm(gradients: &State) -> f64 {
    let layout = gradients.layout();
    let learned =
        layout.tensors().iter().enumerate().filter(|(_, tensor)| tensor.param.trainable && tensor.param.role.is_parameter());
    let of_tensor = |(number, _): (usize, _)| -> f64 {
        let pieces = gradients.tensor(number).par_chunks(PIECE);
        let sums: Vec<f64> =
            pieces.map(|piece| piece.iter().map(|&number| f64::from(number) * f64::from(number)).sum()).collect();
        sums.into_iter().sum()
    };
    learned.map(of_tensor).sum::<f64>().sqrt()
}

/// Brings a running average of weights nearer to them (Polyak and Juditsky 1992): it keeps `keep` of itself, less in the first
/// steps, or it would remember the start: `min(keep, (1 + n) / (10 + n))` after `n` steps. Running statistics are averaged as well.
pub fn average(keep: f64, number: u64, state: &State, average: &mut State) {
    let keep = keep.min((1.0 + number as f64) / (10.0 + number as f64)) as f32;
    let pieces = average.values.par_chunks_mut(PIECE).zip(state.values.par_chunks(PIECE));
    pieces.for_each(|(average, values)| {
        for (average, value) in average.iter_mut().zip(values) {
            *average = keep * *average + (1.0 - keep) * value;
        }
    });
}
