//! Analyses as text: the terminal's tree, JSON, CSV, Markdown, LaTeX. Pure functions of an [`crate::analyze::Analysis`].

mod csv;
mod explanation;
mod gauge;
mod grid;
mod json;
mod latex;
mod manual;
mod markdown;
mod outline;
mod paint;
mod summary;
mod table;

pub use csv::csv;
pub use explanation::explanation;
pub use gauge::gauges;
pub(crate) use gauge::limit_text;
pub use json::json;
pub use latex::latex;
pub use manual::{manual, page, topics};
pub use markdown::markdown;
pub use outline::Opening;
pub use paint::{Colour, Paint};
pub use summary::summary;
pub use table::table;
