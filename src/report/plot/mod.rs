//! Plots: an analysis laid out as a picture. Each file holds one plot, or what several of them share.

mod bars;
mod cell;
mod columns;
mod cost_by_module;
mod cumulative;
mod frame;
mod icicle;
mod labels;
mod logarithmic;
mod marginal;
mod memory;
mod naive;
mod numbers;
mod place;
mod receptive;
mod remark;
mod segment;
mod sheet;
mod standing;
mod sweep;
mod tape;
mod whole;

pub use cost_by_module::cost_by_module;
pub use cumulative::cumulative;
pub use icicle::icicle;
pub use marginal::marginal_ranking;
pub use memory::memory_timeline;
pub use naive::naive_against_reduced;
pub use receptive::receptive;
pub(super) use segment::{inner_kinds, outer_kind};
pub use standing::standing;
pub use sweep::sweep_curves;
