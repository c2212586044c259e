//! Where a training stands.

use serde::Deserialize;
use serde::Serialize;

/// Everything that is not in tensors, so that a training goes on to the last bit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Epochs that are over.
    pub epoch: u32,
    /// Steps of the next one that are done.
    pub step: u64,
    /// Steps done since the beginning.
    pub steps: u64,
    /// Sum of the losses of this epoch's images so far.
    pub loss: Sum,
    /// Images of this epoch so far, and those of them told right.
    pub seen: u64,
    /// The same.
    pub correct: u64,
    /// The best epoch so far.
    pub best: Option<Best>,
    /// Epochs since.
    pub idle: u32,
}

/// The epoch that did best on the images set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Best {
    /// Counted from 1.
    pub epoch: u32,
    /// Images told right; without images set aside the last epoch is the best.
    pub correct: u64,
    /// Mean loss of them.
    pub loss: Sum,
}

impl Best {
    /// More images told right, or as many and a lower loss.
    pub fn beats(&self, other: &Best) -> bool {
        self.correct > other.correct || self.correct == other.correct && self.loss.get() < other.loss.get()
    }
}

/// A number in double precision that JSON keeps to the last bit, as the bits' number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum(u64);

impl Sum {
    /// Of a number.
    pub fn new(value: f64) -> Sum {
        Sum(value.to_bits())
    }

    /// The number.
    pub fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}
