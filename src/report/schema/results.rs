//! The schemas of results as JSON, read off the types that are written: a new field with its doc is there by itself.

use schemars::JsonSchema;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use serde_json::json;

use crate::analyze::Analysis;
use crate::analyze::Comparison;
use crate::analyze::Footprint;
use crate::analyze::Marginals;
use crate::analyze::Naive;
use crate::analyze::Reconciliation;
use crate::analyze::Roofline;
use crate::analyze::SCHEMA;
use crate::analyze::Suggestions;
use crate::analyze::Sweep;
use crate::analyze::Table1;
use crate::analyze::TrainingRun;
use crate::base::Machine;
use crate::exec::Profile;
use crate::propose::Benchmark;
use crate::propose::Depth;
use crate::propose::Grown;
use crate::propose::LayerClusters;
use crate::propose::blocks::Summary;
use crate::propose::widths::Proposal;
use crate::spec::Corners;
use crate::train::About;
use crate::train::Judgement;
use crate::train::Outcome;
use crate::train::Plan;
use crate::train::Series;

/// The schema of `nas.report/1`.
pub fn report_schema() -> Value {
    let mut schema =
        results::<Analysis>("Report of nas", "What `nas analyze --format json` writes: one analysis, or a list of them");
    if let Some(name) = schema.pointer_mut("/$defs/Analysis/properties/schema") {
        *name = json!({"const": SCHEMA, "description": "the form's name; within `/1` keys are only added"});
    }
    schema
}

/// The schema of `nas.table1/1`.
pub fn table1_schema() -> Value {
    results::<Table1>(
        "Table 1 beside a network",
        "What `nas analyze --table1 --format json` writes: one table, or a list of them",
    )
}

/// The schema of `nas.reconciliation/1`.
pub fn reconciliation_schema() -> Value {
    let about = "What `nas analyze --reconcile --format json` writes: one network in every convention, or a list of them";
    results::<Reconciliation>("Reconciliation of nas", about)
}

/// The schema of `nas.memory/1`.
pub fn memory_schema() -> Value {
    let about = "What `nas analyze --memory --format json` writes: the memory of one network, or a list of them";
    results::<Footprint>("Memory of a network", about)
}

/// The schema of `nas.training/1`.
pub fn training_schema() -> Value {
    let about = "What `nas analyze --training --format json` writes: what it takes to train one network, or a list of that";
    results::<TrainingRun>("Training of a network", about)
}

/// The schema of `nas.roofline/1`.
pub fn roofline_schema() -> Value {
    let about =
        "What `nas analyze --roofline --format json` writes: what one network computes and moves on a machine, or a list of that";
    results::<Roofline>("Roofline of a network", about)
}

/// The schema of `nas.machine/1`.
pub fn machine_schema() -> Value {
    one_schema::<Machine>("Table of a machine", "What `nas calibrate` writes: what a machine can do")
}

/// The schema of `nas.corners/1`.
pub fn corners_schema() -> Value {
    let about = "What `nas analyze --corners --format json` writes: the extremes of one space, or a list of them";
    results::<Corners>("Corners of nas", about)
}

/// The schema of `nas.marginal/1`.
pub fn marginal_schema() -> Value {
    let about = "What `nas analyze --marginal --format json` writes: what one filter more costs, or a list of it";
    results::<Marginals>("Marginal costs of nas", about)
}

/// The schema of `nas.suggest/1`.
pub fn suggest_schema() -> Value {
    let about = "What `nas suggest --format json` writes: the least changes that fit a budget, or a list of them";
    results::<Suggestions>("Suggestions of nas", about)
}

/// The schema of `nas.sweep/1`.
pub fn sweep_schema() -> Value {
    results::<Sweep>("Sweep of nas", "What `nas sweep --format json` writes: totals point by point, or a list of such sweeps")
}

/// The schema of `nas.compare/1`.
pub fn comparison_schema() -> Value {
    let about = "What `nas compare --format json` writes: networks, or parts of one, against the first of them";
    one_schema::<Comparison>("Comparison of nas", about)
}

/// The schema of `nas.naive/1`.
pub fn naive_schema() -> Value {
    let about = "What `nas compare --naive --format json` writes: one network against its naive twin, or a list of them";
    results::<Naive>("Naive twin of nas", about)
}

/// The schema of `nas.run/1`.
pub fn run_schema() -> Value {
    one_schema::<About>("A run", "`run.json` in the folder of a run: what `nas train` was started with")
}

/// The schema of `nas.runs/1`.
pub fn runs_schema() -> Value {
    one_schema::<Series>(
        "Runs",
        "What `nas runs --json` writes: how runs stand, and groups of those that differ in their seed alone",
    )
}

/// The schema of `nas.study/1`.
pub fn study_schema() -> Value {
    one_schema::<Plan>("A study", "`study.json` in the folder of a study: what `nas study` was begun with")
}

/// The schema of `nas.study-result/1`.
pub fn study_result_schema() -> Value {
    let about = "What `nas study --format json` writes: each arm, and each against the reference, paired by seed";
    one_schema::<Outcome>("Result of a study", about)
}

/// The schema of `nas.evaluation/1`.
pub fn evaluation_schema() -> Value {
    let about = "What `nas eval --json` writes, and `evaluation.json`: how well a run's network does on some images";
    one_schema::<Judgement>("Evaluation of a run", about)
}

/// The schema of `nas.clusters/1`.
pub fn clusters_schema() -> Value {
    let about = "What `nas cluster RUN --format json` writes: what correlations say of a layer";
    of::<LayerClusters>("Clusters of a layer", about, |result| {
        vec![json!(result), json!({"type": "array", "description": "one for each of several layers", "items": result})]
    })
}

/// The schema of `nas.depth/1`.
pub fn depth_schema() -> Value {
    one_schema::<Depth>("Shares by depth", "What `nas depth --format json` writes: whether clusters reach farther with depth")
}

/// The schema of `nas.planted/1`.
pub fn planted_schema() -> Value {
    let about = "What `nas cluster --planted --format json` writes: what methods find of the networks of a recipe";
    of::<Benchmark>("Planted networks", about, |result| {
        let list = json!({"type": "array", "description": "one for each number of samples", "items": result});
        vec![json!(result), list]
    })
}

/// The schema of `nas.blocks/1`.
pub fn blocks_schema() -> Value {
    let about = "What `nas cluster --table --format json` writes: dense blocks of a connection table, their cost and time";
    of::<Summary>("Blocks of a table", about, |result| vec![json!(result)])
}

/// The schema of `nas.proposal/1`.
pub fn proposal_schema() -> Value {
    let about = "What `nas propose --format json` writes, and the file beside a proposal: widths with what speaks for them";
    of::<Proposal>("A proposal of widths", about, |result| vec![json!(result)])
}

/// The schema of `nas.grow/1`.
pub fn grow_schema() -> Value {
    let about = "`grow.json` in the folder of `nas grow`: what was asked, and of each stage what was added, why, and how well the network does";
    one_schema::<Grown>("A network that grew", about)
}

/// The schema of `nas.profile/1`.
pub fn profile_schema() -> Value {
    one_schema::<Profile>("Profile of a network", "What `nas profile --format json` writes: the time of each step")
}

/// The schema of a form that is always one.
pub fn one_schema<T: JsonSchema>(title: &str, about: &str) -> Value {
    of::<T>(title, about, |result| vec![json!(result)])
}

/// One result, or a list of them for several specs.
fn results<T: JsonSchema>(title: &str, about: &str) -> Value {
    of::<T>(title, &format!("{about} for several specs"), |result| {
        vec![json!(result), json!({"type": "array", "description": "results of several specs", "items": result})]
    })
}

/// Forms that are made of one type.
fn of<T: JsonSchema>(title: &str, about: &str, forms: impl Fn(&Schema) -> Vec<Value>) -> Value {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let result: Schema = generator.subschema_for::<T>();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": about,
        "anyOf": forms(&result),
        "$defs": generator.take_definitions(true),
    })
}
