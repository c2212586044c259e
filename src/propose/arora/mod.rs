//! The procedure of Arora, Bhaskara, Ge and Ma (2013) to the letter, with the rate and the degree told to it: the baseline of the cover.

mod pairwise;
mod recover;

pub use pairwise::{Related, RelatedError, relate};
pub use recover::recover;
