//! One network in training: its numbers, its optimizer, and the step that moves both.

use std::sync::Arc;

use crate::exec::Training;
use crate::graph::Learning;
use crate::graph::Output;
use crate::graph::State;
use crate::kernel::Arch;
use crate::spec::Train;
use crate::train::error::NonFinite;
use crate::train::error::Quantity;
use crate::train::loss::Loss;
use crate::train::loss::cross_entropy;
use crate::train::optimizer::Optimizer;
use crate::train::optimizer::average;
use crate::train::optimizer::gradient_norm;
use crate::train::subject::Subject;

/// A network that learns, batch after batch.
#[derive(Debug)]
pub struct Learner<'g> {
    subject: Subject<'g>,
    train: Train,
    engine: Training,
    /// Weights and running statistics.
    pub state: State,
    /// Their running average, where settings ask for one.
    pub average: Option<State>,
    /// What the optimizer keeps.
    pub optimizer: Optimizer,
    gradients: State,
}

/// What a step found where numbers stopped being finite; the epoch and its step are the caller's to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Of what.
    pub quantity: Quantity,
    /// The path of the node or tensor.
    pub layer: String,
}

impl Fault {
    /// With its place; both are counted from 0 here.
    pub fn at(self, epoch: u32, step: u64) -> NonFinite {
        NonFinite { quantity: self.quantity, layer: self.layer, epoch: epoch + 1, step: step as u32 + 1 }
    }
}

impl<'g> Learner<'g> {
    /// Plans steps for these settings over numbers to begin with.
    pub fn new(subject: Subject<'g>, train: &Train, state: State, arch: Arch) -> Learner<'g> {
        let layout = Arc::clone(state.layout());
        let engine = Training::new(subject.graph, &Learning::of(subject.graph), Learner::images_at_once(train), arch.into());
        let average = (train.ema.get() > 0.0).then(|| state.clone());
        let optimizer = Optimizer::new(train, &layout);
        Learner { subject, train: train.clone(), engine, state, average, optimizer, gradients: State::zeros(layout) }
    }

    /// Images that are computed together: the batch, or a part of it.
    pub fn images_at_once(train: &Train) -> usize {
        (train.batch / train.accumulate) as usize
    }

    /// The plan.
    pub fn engine(&self) -> &Training {
        &self.engine
    }

    /// What is shown where images are judged: the average where there is one.
    pub fn judged(&self) -> &State {
        self.average.as_ref().unwrap_or(&self.state)
    }

    /// One step, `number` of all from 0, at a learning rate. For each part of the batch `next` fills in the images,
    /// `[image, channel, row, column]`, and gives their labels. The loss is that of the network's result, added up over the batch.
    pub fn step(
        &mut self,
        number: u64,
        rate: f64,
        images: &mut [f32],
        mut next: impl FnMut(usize, &mut [f32]) -> Vec<u16>,
    ) -> Result<Loss, Fault> {
        let (parts, seed) = (self.train.accumulate as usize, u64::from(self.train.seed));
        self.gradients.values.fill(0.0);
        let mut loss = Loss::default();
        for part in 0..parts {
            let labels = next(part, images);
            let key = number * parts as u64 + part as u64;
            self.engine.forward(&mut self.state, &[images], seed, key);
            let (of_part, d_outputs, finite) = self.losses(&labels);
            if !finite {
                return Err(self.fault_of_forward(images, seed, key));
            }
            let d_outputs: Vec<&[f32]> = d_outputs.iter().map(Vec::as_slice).collect();
            self.engine.backward(&self.state, &d_outputs, &mut self.gradients);
            loss = Loss { sum: loss.sum + of_part.sum, correct: loss.correct + of_part.correct };
        }
        let norm = gradient_norm(&self.gradients);
        if !norm.is_finite() {
            // Gradients come from the end: where they are first met there, they began.
            let number = unfit(&self.gradients).next_back().expect("a norm that is not finite has a number that is not");
            return Err(fault(&self.gradients, number, Quantity::Gradient));
        }
        let longest = self.train.clip.get();
        let clip = if longest > 0.0 && norm > longest { longest / norm } else { 1.0 };
        self.optimizer.step(&self.train, rate, number, clip, &self.gradients, &mut self.state);
        if let Some(kept) = &mut self.average {
            average(self.train.ema.get(), number, &self.state, kept);
        }
        Ok(loss)
    }

    /// Whether all numbers that are kept are finite; else the first tensor with one that is not.
    pub fn check(&self) -> Result<(), Fault> {
        unfit(&self.state).next().map_or(Ok(()), |number| Err(fault(&self.state, number, Quantity::Weight)))
    }

    /// What is kept beside the plan's own memory: weights, gradients, average and the optimizer's numbers, in bytes.
    pub fn kept_bytes(&self) -> u64 {
        let asked = [self.average.is_some(), self.optimizer.momentum.is_some(), self.optimizer.square.is_some()];
        let states = 2 + asked.into_iter().filter(|&is_there| is_there).count();
        (states * size_of_val(&self.state.values[..])) as u64
    }

    /// The result's loss, each head's gradient, and whether all losses are finite.
    fn losses(&self, labels: &[u16]) -> (Loss, Vec<Vec<f32>>, bool) {
        let (mut of_main, mut finite) = (Loss::default(), true);
        let gradient = |(number, output): (usize, &Output)| {
            let logits = self.engine.output(number);
            let mut gradient = vec![0.0; logits.len()];
            let scale = output.weight.get() / f64::from(self.train.batch);
            let loss = cross_entropy(&logits, labels, self.train.label_smoothing.get(), scale, Some(&mut gradient));
            finite &= loss.sum.is_finite();
            if number == self.subject.main {
                of_main = loss;
            }
            gradient
        };
        let d_outputs = self.subject.graph.outputs().iter().enumerate().map(gradient).collect();
        (of_main, d_outputs, finite)
    }

    fn fault_of_forward(&mut self, images: &[f32], seed: u64, key: u64) -> Fault {
        // Running statistics follow values; parameters come first.
        let is_parameter = |&number: &usize| self.state.layout().tensors()[number].param.role.is_parameter();
        if let Some(number) = unfit(&self.state).find(is_parameter) {
            return fault(&self.state, number, Quantity::Weight);
        }
        let graph = self.subject.graph;
        let node = self.engine.first_non_finite(&mut self.state, &[images], seed, key);
        // Finite logits whose loss is not: they differ by more than a number can say.
        let node = node.unwrap_or(graph.outputs()[self.subject.main].node);
        Fault { quantity: Quantity::Value, layer: graph.path(node) }
    }
}

fn fault(state: &State, number: usize, quantity: Quantity) -> Fault {
    Fault { quantity, layer: state.layout().tensors()[number].path.clone() }
}

/// The tensors with a number that is not finite, in order.
fn unfit(state: &State) -> impl DoubleEndedIterator<Item = usize> + '_ {
    (0..state.layout().tensors().len()).filter(|&number| state.tensor(number).iter().any(|value| !value.is_finite()))
}
