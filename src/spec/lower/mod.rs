//! From a spec to a graph, in one walk.

mod composite;
mod layer;
mod merge;
mod operator;
mod ratios;
mod reference;
mod walk;

pub(super) use walk::{Extreme, lower_at};
use walk::{Frame, Lowering, MAX_FOUND, MAX_VISITS, Target};
pub use walk::{Lowered, lower};
