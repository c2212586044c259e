//! JSON Schemas (draft 2020-12) of what people write and of what programs read: specs, and reports as JSON.

mod form;
mod layer;
mod results;
mod spec;

pub use results::{
    blocks_schema, clusters_schema, comparison_schema, corners_schema, depth_schema, evaluation_schema, grow_schema,
    machine_schema, marginal_schema, memory_schema, naive_schema, one_schema, planted_schema, profile_schema, proposal_schema,
    reconciliation_schema, report_schema, roofline_schema, run_schema, runs_schema, study_result_schema, study_schema,
    suggest_schema, sweep_schema, table1_schema, training_schema,
};
pub use spec::spec_schema;
