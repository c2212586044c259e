//! JSON Schemas (draft 2020-12) of what people write and of what programs read: specs, and reports as JSON.

mod analysis;
mod form;
mod layer;
mod spec;

pub use analysis::report_schema;
pub use spec::spec_schema;
