//! An overlapping cover of units by hidden causes: a graph square root of the correlations, then hard EM on signed edges.

mod constants;
mod decode;
mod disjoint;
mod edges;
mod evidence;
mod fit;
#[cfg(test)]
mod laws;
mod layers;
mod levels;
mod local;
mod network;
mod objective;
mod pairs;
mod prune;
mod regress;
mod residual;
mod round;
mod split;
mod sweep;
mod weights;

pub use evidence::{Evidence, Level};
pub use layers::layers;
pub use network::{Cover, cover};
pub(in crate::propose) use pairs::{deviant, together};
