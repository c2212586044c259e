//! The loop: epochs of steps, validation, checkpoints, an early end.

use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use crate::base::Purpose;
use crate::base::Random;
use crate::graph::State;
use crate::kernel::Arch;
use crate::spec::Train;
use crate::train::checkpoint::Checkpoint;
use crate::train::error::NonFinite;
use crate::train::error::Quantity;
use crate::train::error::TrainError;
use crate::train::evaluate::Evaluation;
use crate::train::evaluate::Showing;
use crate::train::evaluate::evaluate;
use crate::train::folder::RunFolder;
use crate::train::learner::Learner;
use crate::train::loss::Loss;
use crate::train::material::Material;
use crate::train::position::Best;
use crate::train::position::Position;
use crate::train::position::Sum;
use crate::train::record::Epoch;
use crate::train::schedule::learning_rate;
use crate::train::subject::Subject;

/// A training that goes on from where it stands.
#[derive(Debug)]
pub struct Session<'a> {
    subject: Subject<'a>,
    train: Train,
    arch: Arch,
    material: Material<'a>,
    learner: Learner<'a>,
    position: Position,
    epochs: Vec<Epoch>,
    /// Time between two checkpoints within an epoch, at least.
    keep_every: Duration,
}

/// What just happened.
#[derive(Clone, Copy, Debug)]
pub enum Event<'e> {
    /// A step of an epoch.
    Step {
        /// After it.
        position: &'e Position,
        /// Steps of the epoch.
        of: u64,
        /// Images learned from a second, in this process and epoch.
        images_per_second: f64,
    },
    /// Some images of the validation.
    Validated {
        /// Images.
        done: usize,
        /// Of so many.
        of: usize,
    },
    /// The end of an epoch: all that are over.
    Epoch(&'e [Epoch]),
}

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// Yes.
    On,
    /// A checkpoint is written, and that is all.
    Stop,
}

/// How a training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With its last epoch.
    Finished,
    /// With as many epochs without a better validation as settings allow.
    Early,
    /// On request; it can go on.
    Stopped,
}

impl<'a> Session<'a> {
    /// A training that begins with these numbers.
    pub fn new(subject: Subject<'a>, train: &Train, material: Material<'a>, state: State, arch: Arch) -> Session<'a> {
        let learner = Learner::new(subject, train, state, arch);
        let (position, keep_every) = (Position::default(), Duration::from_secs(120));
        Session { subject, train: train.clone(), arch, material, learner, position, epochs: Vec::new(), keep_every }
    }

    /// Another time between two checkpoints within an epoch. What is learned does not hang on it.
    pub fn set_keep_every(&mut self, keep_every: Duration) {
        self.keep_every = keep_every;
    }

    /// Goes back to a checkpoint, which `path` holds, with the log of the epochs before it. Refuses one that lacks what settings ask for.
    pub fn go_to(&mut self, path: &Path, checkpoint: Checkpoint, mut epochs: Vec<Epoch>) -> Result<(), TrainError> {
        let optimizer = &mut self.learner.optimizer;
        let asked = [self.learner.average.is_some(), optimizer.momentum.is_some(), optimizer.square.is_some()];
        let there = [checkpoint.average.is_some(), checkpoint.momentum.is_some(), checkpoint.square.is_some()];
        if asked != there {
            let reason = "does not hold what the optimizer and the average of these settings keep".into();
            return Err(TrainError::Foreign { path: path.to_owned(), reason });
        }
        epochs.retain(|epoch| epoch.epoch <= checkpoint.position.epoch);
        self.learner.state = checkpoint.state;
        self.learner.average = checkpoint.average;
        (optimizer.momentum, optimizer.square) = (checkpoint.momentum, checkpoint.square);
        (self.position, self.epochs) = (checkpoint.position, epochs);
        Ok(())
    }

    /// Everything that the training is, now.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            state: self.learner.state.clone(),
            average: self.learner.average.clone(),
            momentum: self.learner.optimizer.momentum.clone(),
            square: self.learner.optimizer.square.clone(),
            position: self.position.clone(),
        }
    }

    /// Its settings.
    pub fn settings(&self) -> &Train {
        &self.train
    }

    /// What it learns from.
    pub fn material(&self) -> &Material<'a> {
        &self.material
    }

    /// What is trained.
    pub fn subject(&self) -> &Subject<'a> {
        &self.subject
    }

    /// Steps of an epoch.
    pub fn steps(&self) -> u64 {
        self.material.steps(&self.train)
    }

    /// Where it stands.
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// The epochs that are over.
    pub fn epochs(&self) -> &[Epoch] {
        &self.epochs
    }

    /// The network in training.
    pub fn learner(&self) -> &Learner<'a> {
        &self.learner
    }

    /// Trains to the end, or until `watch` says stop, which it is asked after each step and each batch of a validation. Checkpoints go to
    /// `folder`: after each epoch, on the way if an epoch lasts, and when stopped.
    ///
    /// # Errors
    /// Files that cannot be written, and numbers that become infinite or none: then `folder` keeps the last checkpoint whose numbers are
    /// all finite.
    pub fn run(&mut self, folder: &RunFolder, mut watch: impl FnMut(Event<'_>) -> Go) -> Result<Ending, TrainError> {
        let per_epoch = self.steps();
        let mut images = Material::room(&self.subject, &self.train);
        let mut kept = Instant::now();
        loop {
            if self.position.epoch >= self.train.epochs {
                return Ok(Ending::Finished);
            }
            if self.train.patience > 0 && self.position.idle >= self.train.patience {
                return Ok(Ending::Early);
            }
            let order = self.order();
            let (mut busy, mut learned) = (Duration::ZERO, 0);
            while self.position.step < per_epoch {
                let begun = Instant::now();
                self.step(&order, &mut images)?;
                busy += begun.elapsed();
                learned += u64::from(self.train.batch);
                let images_per_second = learned as f64 / busy.as_secs_f64().max(f64::MIN_POSITIVE);
                if watch(Event::Step { position: &self.position, of: per_epoch, images_per_second }) == Go::Stop {
                    self.keep(folder)?;
                    return Ok(Ending::Stopped);
                }
                if kept.elapsed() >= self.keep_every && self.position.step < per_epoch {
                    self.keep(folder)?;
                    kept = Instant::now();
                }
            }
            let rate = if learned == 0 { 0.0 } else { learned as f64 / busy.as_secs_f64().max(f64::MIN_POSITIVE) };
            let Some(found) = self.validate(|done, of| watch(Event::Validated { done, of }) == Go::On) else {
                self.keep(folder)?;
                return Ok(Ending::Stopped);
            };
            self.end_epoch(folder, &found, rate)?;
            kept = Instant::now();
            if watch(Event::Epoch(&self.epochs)) == Go::Stop {
                let over = self.position.epoch >= self.train.epochs;
                return Ok(if over { Ending::Finished } else { Ending::Stopped });
            }
        }
    }

    /// The times of some steps after a first one, at a learning rate of zero, so that a rate that is too high is no matter; they change
    /// nothing but this session.
    pub fn rehearse(&mut self, steps: u32) -> Result<Vec<Duration>, TrainError> {
        let (order, mut images) = (self.order(), Material::room(&self.subject, &self.train));
        let mut times = Vec::with_capacity(steps as usize + 1);
        for _ in 0..=steps {
            self.position.step %= self.steps();
            let begun = Instant::now();
            self.step_at(0.0, &order, &mut images)?;
            times.push(begun.elapsed());
        }
        Ok(times.split_off(1))
    }

    /// The order of this epoch's images.
    fn order(&self) -> Vec<usize> {
        let mut order = self.material.learned.clone();
        Random::new(u64::from(self.train.seed), Purpose::Order, u64::from(self.position.epoch)).shuffle(&mut order);
        order
    }

    fn step(&mut self, order: &[usize], images: &mut [f32]) -> Result<(), TrainError> {
        self.step_at(learning_rate(&self.train, self.position.steps, self.steps()), order, images)
    }

    fn step_at(&mut self, rate: f64, order: &[usize], images: &mut [f32]) -> Result<(), TrainError> {
        let (epoch, step, number) = (self.position.epoch, self.position.step, self.position.steps);
        let batch = &order[(step * u64::from(self.train.batch)) as usize..][..self.train.batch as usize];
        let (feed, train) = (&self.material.feed, &self.train);
        let parts = Learner::images_at_once(train);
        let Loss { sum, correct } = self
            .learner
            .step(number, rate, images, |part, images| {
                let places = &batch[part * parts..][..parts];
                feed.varied(places, train, epoch, images);
                feed.labels(places)
            })
            .map_err(|fault| fault.at(epoch, step))?;
        let position = &mut self.position;
        position.loss = Sum::new(position.loss.get() + sum);
        position.correct += correct as u64;
        position.seen += u64::from(self.train.batch);
        position.step += 1;
        position.steps += 1;
        Ok(())
    }

    fn validate(&self, mut after: impl FnMut(usize, usize) -> bool) -> Option<Evaluation> {
        let places = &self.material.validation;
        let showing = Showing { batch: Learner::images_at_once(&self.train), kernels: self.arch.into() };
        evaluate(&self.subject, self.learner.judged(), &self.material.chosen, places, showing, |done| after(done, places.len()))
    }

    fn end_epoch(&mut self, folder: &RunFolder, found: &Evaluation, images_per_second: f64) -> Result<(), TrainError> {
        self.sound()?;
        let number = self.position.epoch + 1;
        let now = Best { epoch: number, correct: found.within(1) as u64, loss: Sum::new(found.loss) };
        let chooses = !found.verdicts.is_empty();
        if chooses && !found.loss.is_finite() {
            // Weights may be finite and what they give not: no such epoch is the best one.
            let graph = self.subject.graph;
            let layer = graph.path(graph.outputs()[self.subject.main].node);
            let step = self.position.step as u32;
            return Err(NonFinite { quantity: Quantity::Value, layer, epoch: number, step }.into());
        }
        let best = self.position.best.as_ref().is_none_or(|best| !chooses || now.beats(best));
        let mean = |sum: f64| sum / self.position.seen.max(1) as f64;
        self.epochs.push(Epoch {
            epoch: number,
            steps: self.position.steps,
            lr: learning_rate(&self.train, self.position.steps.saturating_sub(1), self.steps()),
            loss: mean(self.position.loss.get()),
            accuracy: mean(self.position.correct as f64),
            validation_loss: chooses.then_some(found.loss),
            validation_accuracy: chooses.then(|| found.accuracy()),
            best,
            images_per_second,
        });
        let idle = if best { 0 } else { self.position.idle + 1 };
        let best_now = if best { Some(now) } else { self.position.best.take() };
        self.position = Position { epoch: number, steps: self.position.steps, best: best_now, idle, ..Position::default() };
        let checkpoint = self.checkpoint();
        if best {
            folder.keep_best(&Checkpoint { momentum: None, square: None, ..checkpoint.clone() })?;
        }
        folder.write_log(&self.epochs)?;
        folder.keep_last(&checkpoint)
    }

    fn keep(&self, folder: &RunFolder) -> Result<(), TrainError> {
        self.sound()?;
        folder.keep_last(&self.checkpoint())
    }

    /// Numbers that are not finite are not kept.
    fn sound(&self) -> Result<(), TrainError> {
        let step = self.position.step.saturating_sub(1);
        self.learner.check().map_err(|fault| fault.at(self.position.epoch, step).into())
    }
}
