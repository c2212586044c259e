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
mod naive;
mod numbers;
mod place;
mod receptive;
mod remark;
mod segment;
mod sheet;
mod standing;
mod tape;
mod whole;

pub use cost_by_module::cost_by_module;
pub use cumulative::cumulative;
pub use icicle::icicle;
pub use marginal::marginal_ranking;
pub use naive::naive_against_reduced;
pub use receptive::receptive;
pub use standing::standing;
pub(super) use bars::branch_word;
pub(super) use numbers::exact;
pub(super) use numbers::percent;
pub(super) use numbers::round;
pub(super) use numbers::short;
pub(super) use numbers::times;
pub(super) use sheet::MARGIN;
pub(super) use sheet::Sheet;
pub(super) use sheet::Swatch;
