//! Pictures: an analysis laid out as a scene of rectangles and texts, the scene written as SVG. No font of the system is used.

mod axis;
mod bars;
mod cost_by_module;
mod font;
mod palette;
mod scene;
mod segment;
mod svg;
mod whole;

pub(super) use axis::spaced;
pub use cost_by_module::cost_by_module;
pub(super) use palette::Palette;
pub use palette::Theme;
pub use scene::Width;
pub(super) use segment::{Kind, inner_kinds, outer_kind};
