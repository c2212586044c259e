//! From a spec to a graph, in one walk.

mod composite;
mod course;
mod layer;
mod merge;
mod naive;
mod operator;
mod ratios;
mod reference;
mod untaken;
mod walk;

pub(super) use course::{Bodies, Halt, Mark, Stretch, lower_stretch};
pub(super) use naive::Met;
pub use untaken::untaken;
use walk::{Frame, Lowering, MAX_FOUND, Target};
pub use walk::{Lowered, lower};
pub(super) use walk::{MAX_VISITS, MAX_WORK, Purpose, lower_for};
