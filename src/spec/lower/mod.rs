//! From a spec to a graph, in one walk.

mod composite;
mod layer;
mod merge;
mod naive;
mod operator;
mod ratios;
mod reference;
mod untaken;
mod walk;

pub(super) use naive::Met;
pub use untaken::untaken;
use walk::{Frame, Lowering, MAX_FOUND, MAX_VISITS, Target};
pub use walk::{Lowered, lower};
pub(super) use walk::{Purpose, lower_for};
