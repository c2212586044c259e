//! The network as a picture and as text for other programs that draw: parsed into chains and forks, laid out, painted.

mod columns;
mod dot;
mod frames;
mod grid;
mod kinds;
mod labels;
mod legend;
mod mermaid;
mod module;
mod net;
mod network;
mod paint;
mod parse;
mod plan;
mod stack;
mod style;
mod wide;
mod words;

pub use dot::dot;
pub use mermaid::mermaid;
pub use module::draw_module;
pub use module::draw_twins;
pub use network::Drawing;
pub use network::draw;
pub use network::draw_columns;
