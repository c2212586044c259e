//! What a run says of itself, as plain data: what it was started with, and how each epoch went.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::train::evaluate::Evaluation;
use crate::train::evaluate::TOP;

/// Name of the form of [`About`].
pub const RUN: &str = "nas.run/1";

/// What a run was started with: `run.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct About {
    /// [`RUN`].
    #[schemars(extend("const" = RUN))]
    pub schema: String,
    /// The network's name.
    pub name: String,
    /// Multiply-adds of one image in inference.
    pub madds: u64,
    /// Parameters of inference.
    pub params: u64,
    /// Every setting with its value, as the `train` section writes them.
    pub settings: BTreeMap<String, String>,
    /// The instruction set: other ones round otherwise.
    pub arch: String,
    /// What it learns from.
    pub data: Data,
    /// Names of the classes; a label is a place in this list.
    pub classes: Vec<String>,
    /// Mean of each channel of the training images, of values from 0 to 1.
    pub mean: Vec<f32>,
    /// Deviation of each channel.
    pub deviation: Vec<f32>,
    /// The run or file whose numbers it began with.
    pub began_with: Option<String>,
}

impl About {
    /// A setting as it is written.
    pub fn setting(&self, name: &str) -> &str {
        self.settings.get(name).map_or("", String::as_str)
    }
}

/// A run's images.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Data {
    /// As the user named it.
    pub source: String,
    /// The form.
    pub kind: String,
    /// Images to learn from, to choose by, to judge by.
    pub images: [usize; 3],
    /// Of labels and pixels of the images for training and validation: what training hangs on.
    pub digest: String,
    /// Files left out because they cannot be used.
    pub left_out: usize,
    /// Images generated, of `shapes`.
    pub generated: Option<usize>,
}

/// How an epoch went: a line of `log.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Counted from 1.
    pub epoch: u32,
    /// Steps done since the beginning.
    pub steps: u64,
    /// Learning rate of its last step.
    pub lr: f64,
    /// Mean loss of the images learned from, in training mode, with smoothed labels, of the result alone.
    pub loss: f64,
    /// Share of them told right, in training mode.
    pub accuracy: f64,
    /// Mean loss of the images set aside.
    pub validation_loss: Option<f64>,
    /// Share of them told right.
    pub validation_accuracy: Option<f64>,
    /// Whether no epoch before did as well.
    pub best: bool,
    /// Images learned from a second, validation left out.
    pub images_per_second: f64,
}

/// Name of the form of [`Judgement`].
pub const EVALUATION: &str = "nas.evaluation/1";

/// How well a run's network does on some images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Judgement {
    /// [`EVALUATION`].
    #[schemars(extend("const" = EVALUATION))]
    pub schema: String,
    /// The network's name.
    pub name: String,
    /// Which weights: `best`, `last` or `ema`.
    pub which: String,
    /// Which images: `train`, `val` or `test`.
    pub part: String,
    /// As many.
    pub images: u64,
    /// Mean cross-entropy, labels not smoothed.
    pub loss: f64,
    /// Images taken for what they are.
    pub top1: u64,
    /// Images whose class is among the five that are the most likely.
    pub top5: u64,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// How often images of a class (row) were taken for each class (column).
    pub confusion: Vec<Vec<u64>>,
}

impl Judgement {
    /// Of an evaluation; a network that tells more classes apart than have a name may take an image for one of those, which a last column holds.
    pub fn of(evaluation: &Evaluation, [name, which, part]: [&str; 3], classes: &[String]) -> Judgement {
        let highest = evaluation.verdicts.iter().map(|verdict| usize::from(verdict.class) + 1).max().unwrap_or(0);
        let columns = classes.len() + usize::from(highest > classes.len());
        let mut confusion = vec![vec![0; columns]; classes.len()];
        for verdict in &evaluation.verdicts {
            confusion[usize::from(verdict.label)][usize::from(verdict.class).min(columns - 1)] += 1;
        }
        Judgement {
            schema: EVALUATION.to_owned(),
            name: name.to_owned(),
            which: which.to_owned(),
            part: part.to_owned(),
            images: evaluation.verdicts.len() as u64,
            loss: evaluation.loss,
            top1: evaluation.within(1) as u64,
            top5: evaluation.within(TOP) as u64,
            classes: classes.to_vec(),
            confusion,
        }
    }

    /// Of each class its images and how many of them were taken for it.
    pub fn of_classes(&self) -> impl Iterator<Item = (&str, u64, u64)> {
        let row = |(class, row): (usize, &Vec<u64>)| (row.iter().sum(), row[class]);
        self.classes
            .iter()
            .map(String::as_str)
            .zip(self.confusion.iter().enumerate().map(row))
            .map(|(name, (all, right))| (name, all, right))
    }
}
