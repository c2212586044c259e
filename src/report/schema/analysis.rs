//! The schema of `nas.report/1`, read off the types that are written: a new field with its doc is there by itself.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use serde_json::json;

use crate::analyze::Analysis;
use crate::analyze::SCHEMA;

/// One analysis, or a list of them.
pub fn report_schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let analysis: Schema = generator.subschema_for::<Analysis>();
    let mut definitions = Value::Object(generator.take_definitions(true));
    if let Some(name) = definitions.pointer_mut("/Analysis/properties/schema") {
        *name = json!({"const": SCHEMA, "description": "the form's name; within `/1` keys are only added"});
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Report of nas",
        "description": "What `nas analyze --format json` writes: one analysis, or a list of them for several specs",
        "anyOf": [analysis, {"type": "array", "description": "analyses of several specs", "items": analysis}],
        "$defs": definitions,
    })
}
