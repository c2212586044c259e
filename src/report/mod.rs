//! Analyses as text and pictures: the terminal's tree, JSON, CSV, Markdown, LaTeX, SVG. Pure functions of an [`crate::analyze::Analysis`].

mod columns;
mod compare;
mod convention;
mod corners;
mod count_heading;
mod csv;
mod explanation;
mod forms;
mod gauge;
mod grid;
mod hue;
mod json;
mod latex;
mod manual;
mod markdown;
mod naive;
mod outline;
mod paint;
mod plot;
mod reconciliation;
mod schema;
mod setting;
mod summary;
mod table;
mod table1;

pub use compare::{Detail, comparison_csv, comparison_markdown, comparison_table};
pub use convention::{convention, conventions};
pub use corners::corners;
pub use csv::csv;
pub use explanation::explanation;
pub use forms::{Forms, RECONCILIATION, TABLE1};
pub(crate) use gauge::limit_text;
pub use gauge::{Checked, gauges};
pub use grid::wrap;
pub use hue::Hue;
pub use json::json;
pub use latex::latex;
pub use manual::{manual, page, topics};
pub use markdown::markdown;
pub use naive::{naive_csv, naive_markdown, naive_table};
pub use outline::Opening;
pub use paint::{Colour, Colours, Paint};
pub use plot::{Theme, Width, cost_by_module};
pub use schema::{
    comparison_schema, corners_schema, naive_schema, reconciliation_schema, report_schema, spec_schema, table1_schema,
};
pub use setting::{setting, settings};
pub use summary::summary;
pub use table::table;
