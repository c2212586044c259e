//! Analyses as text and pictures: the terminal's tree, JSON, CSV, Markdown, LaTeX, SVG. Pure functions of an [`crate::analyze::Analysis`].

mod blocks;
mod clusters;
mod columns;
mod compare;
mod convention;
mod corners;
mod count_heading;
mod csv;
mod depth;
mod draw;
mod evaluation;
mod explanation;
mod footprint;
mod forms;
mod gauge;
mod grid;
mod growth;
mod hue;
mod json;
mod latex;
mod machine;
mod manual;
mod marginal;
mod markdown;
mod naive;
mod numbers;
mod operator;
mod outline;
mod page;
mod paint;
mod picture;
mod place;
mod planted;
mod plot;
mod profile;
mod proposal;
mod reconciliation;
mod roofline;
mod runs;
mod schema;
mod setting;
mod study;
mod suggestions;
mod summary;
mod sweep;
mod table;
mod table1;
mod training;

pub use blocks::blocks_table;
pub use clusters::{clusters_csv, clusters_table};
pub use compare::{Detail, comparison_csv, comparison_markdown, comparison_table};
pub use convention::{convention, conventions};
pub use corners::corners;
pub use csv::{csv, quoted as csv_field};
pub use depth::{depth_csv, depth_markdown, depth_table};
pub use draw::{Drawing, dot, draw, draw_columns, draw_module, draw_twins, mermaid};
pub use evaluation::{confusion_csv, evaluation_table};
pub use explanation::explanation;
pub use forms::{FOOTPRINT, Forms, RECONCILIATION, TABLE1, TRAINING};
pub(crate) use gauge::limit_text;
pub use gauge::{Checked, gauges};
pub use grid::wrap;
pub use growth::growth_table;
pub use hue::Hue;
pub use json::json;
pub use latex::latex;
pub use machine::machine_table;
pub use manual::{manual, page, topics};
pub use marginal::{Ranking, marginal_csv, marginal_latex, marginal_markdown, marginal_table};
pub use markdown::markdown;
pub use naive::{naive_csv, naive_markdown, naive_table};
pub use outline::Opening;
pub use page::{PageNetwork, html};
pub use paint::{Colour, Colours, Paint};
pub use picture::{Colouring, Picture, Theme, Width, png, svg, variables};
pub use planted::{planted_csv, planted_table};
pub use plot::{
    RunCurve, confusion, cost_by_module, cumulative, curves_of_runs, depth_picture, found_by_samples, icicle, layer_clusters,
    marginal_ranking, memory_timeline, naive_against_reduced, receptive, roofline, shares_by_depth, standing, study_picture,
    sweep_curves, training_curves,
};
pub use profile::{profile_csv, profile_table};
pub use proposal::proposal_table;
pub use roofline::{roofline_csv, roofline_latex, roofline_markdown, roofline_table};
pub use runs::{runs_csv, runs_markdown, runs_table};
pub use schema::{
    blocks_schema, clusters_schema, comparison_schema, corners_schema, depth_schema, evaluation_schema, grow_schema,
    machine_schema, marginal_schema, memory_schema, naive_schema, one_schema, planted_schema, profile_schema, proposal_schema,
    reconciliation_schema, report_schema, roofline_schema, run_schema, runs_schema, spec_schema, study_result_schema,
    study_schema, suggest_schema, sweep_schema, table1_schema, training_schema,
};
pub use setting::{setting, settings};
pub use study::{study_csv, study_markdown, study_table};
pub use suggestions::{suggestions_csv, suggestions_table};
pub use summary::summary;
pub use sweep::{sweep_csv, sweep_table};
pub use table::table;
