//! Why a training cannot begin, cannot go on, or stops.

use std::path::PathBuf;

/// Why there is no training, or no more of it.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// A file or folder cannot be read or written.
    #[error("cannot {action} `{}`: {cause}", path.display())]
    Files {
        /// `read`, `write`, `make`, `remove`.
        action: &'static str,
        /// What was meant.
        path: PathBuf,
        /// What the system said; no source of the error, or who shows the chain of sources says it twice.
        cause: std::io::Error,
    },
    /// A folder or file is not what it is taken for.
    #[error("`{}` {reason}", path.display())]
    Foreign {
        /// What was meant.
        path: PathBuf,
        /// What is wrong with it, as the end of a sentence.
        reason: String,
    },
    /// A folder that is not free for what is wanted, or not there.
    #[error("`{}` {reason}", path.display())]
    Refused {
        /// What was meant.
        path: PathBuf,
        /// Why, as the end of a sentence.
        reason: &'static str,
    },
    /// The network, the images and the settings do not go together.
    #[error("{0}")]
    Unfit(String),
    /// Numbers became infinite or no numbers at all.
    #[error(transparent)]
    NonFinite(#[from] NonFinite),
}

/// Where numbers stopped being finite.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{quantity} of `{layer}` became infinite or not a number in step {step} of epoch {epoch}")]
pub struct NonFinite {
    /// Of what.
    pub quantity: Quantity,
    /// The path of the node or tensor in which it began.
    pub layer: String,
    /// Counted from 1.
    pub epoch: u32,
    /// Of the epoch, counted from 1.
    pub step: u32,
}

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// What a layer gives.
    Value,
    /// The gradient of the loss with respect to a tensor.
    Gradient,
    /// A tensor itself.
    Weight,
}

/// As the beginning of a sentence.
impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Quantity::Value => "the values",
            Quantity::Gradient => "the gradient",
            Quantity::Weight => "the weights",
        })
    }
}
