//! Pictures: a scene of shapes and texts, laid out once and written as SVG or as PNG. No font of the system is used.
//!
//! A scene names colours by what they mean ([`Role`]); a palette gives them their values when the scene is written, or the writer leaves
//! them to the style sheet of the page that the picture stands in.

mod axis;
mod font;
mod kind;
mod mark;
mod outline;
mod palette;
mod path;
mod png;
mod role;
mod scene;
mod svg;

pub(super) use axis::Unit;
pub(super) use axis::spaced;
pub(super) use axis::step;
pub(super) use kind::Kind;
pub(super) use mark::Anchor;
pub(super) use mark::Area;
pub(super) use mark::Mark;
pub(super) use mark::Marker;
pub(super) use mark::Panel;
pub(super) use mark::Point;
pub(super) use mark::Stroke;
pub(super) use mark::Tag;
pub(super) use mark::Text;
pub(super) use palette::Palette;
pub use palette::Theme;
pub(super) use path::Path;
pub use png::png;
pub(super) use role::Role;
pub use scene::Picture;
pub(super) use scene::Scene;
pub use scene::Width;
pub use svg::Colouring;
pub use svg::svg;
pub use svg::variables;
