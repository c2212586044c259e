//! Plots: an analysis laid out as a picture. Each file holds one plot, or what several of them share.

mod bars;
mod cost_by_module;
mod numbers;
mod segment;
mod sheet;
mod whole;

pub use cost_by_module::cost_by_module;
pub(super) use segment::{inner_kinds, outer_kind};
