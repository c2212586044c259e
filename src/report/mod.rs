//! Analyses as text and pictures: the terminal's tree, JSON, CSV, Markdown, LaTeX, SVG. Pure functions of an [`crate::analyze::Analysis`].

mod columns;
mod corners;
mod count_heading;
mod csv;
mod explanation;
mod gauge;
mod grid;
mod hue;
mod json;
mod latex;
mod manual;
mod markdown;
mod outline;
mod paint;
mod plot;
mod schema;
mod summary;
mod table;

pub use corners::corners;
pub use csv::csv;
pub use explanation::explanation;
pub use gauge::gauges;
pub(crate) use gauge::limit_text;
pub use grid::wrap;
pub use hue::Hue;
pub use json::json;
pub use latex::latex;
pub use manual::{manual, page, topics};
pub use markdown::markdown;
pub use outline::Opening;
pub use paint::{Colour, Colours, Paint};
pub use plot::{Theme, Width, cost_by_module};
pub use schema::{report_schema, spec_schema};
pub use summary::summary;
pub use table::table;
