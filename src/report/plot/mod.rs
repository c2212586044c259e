//! Plots: an analysis laid out as a picture. Each file holds one plot, or what several of them share.

mod bars;
mod budget;
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
mod receptive;
mod remark;
mod segment;
mod sheet;
mod standing;
mod sweep;
mod taken;
mod tape;
mod whole;

pub(super) use bars::branch_word;
pub use cost_by_module::cost_by_module;
pub use cumulative::cumulative;
pub use icicle::icicle;
pub use marginal::marginal_ranking;
pub use memory::memory_timeline;
pub use naive::naive_against_reduced;
pub use receptive::receptive;
pub(super) use segment::{inner_kinds, outer_kind};
pub(super) use sheet::MARGIN;
pub(super) use sheet::Sheet;
pub(super) use sheet::Swatch;
pub use standing::standing;
pub use sweep::sweep_curves;
