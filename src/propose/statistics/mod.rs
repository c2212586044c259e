//! Statistics of activations in one pass: means, variances, and cross products of all channels over the offsets of a window.

mod accumulate;
#[cfg(test)]
mod laws;
mod maps;
mod marginals;
mod means;
mod offsets;
mod pass;
mod products;
mod spectrum;
mod strips;
mod survey;
mod transform;

pub use maps::MapShape;
pub(in crate::propose) use marginals::threshold;
pub use offsets::{Offsets, ring};
pub use pass::{BLOCK, Statistics};
