//! `nas schema`: the JSON Schemas of specs and reports.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

use crate::cli::Exit;
use crate::cli::activations::contents::About;
use crate::cli::data::summary::Summary;
use crate::cli::output;
use crate::cli::train::plan::Plan;
use crate::report;
use crate::report::one_schema;

/// Arguments of `nas schema`.
#[derive(Debug, Args)]
#[command(after_help = "An editor with the YAML language server checks and completes a spec whose first line names the schema:
  # yaml-language-server: $schema=nas.schema.json

Examples:
  nas schema spec -o nas.schema.json
  nas schema report
  nas schema evaluation")]
pub(super) struct Schema {
    /// Of what
    #[arg(value_enum)]
    of: Of,
    /// Writes the schema to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// What people write
    Spec,
    /// What `nas analyze --format json` writes
    Report,
    /// What `nas analyze --table1 --format json` writes
    Table1,
    /// What `nas analyze --reconcile --format json` writes
    Reconciliation,
    /// What `nas compare --format json` writes
    Comparison,
    /// What `nas compare --naive --format json` writes
    Naive,
    /// What `nas analyze --memory --format json` writes
    Memory,
    /// What `nas analyze --training --format json` writes
    Training,
    /// What `nas analyze --roofline --format json` writes
    Roofline,
    /// What `nas calibrate` writes
    Machine,
    /// What `nas analyze --corners --format json` writes
    Corners,
    /// What `nas analyze --marginal --format json` writes
    Marginal,
    /// What `nas suggest --format json` writes
    Suggest,
    /// What `nas sweep --format json` writes
    Sweep,
    /// What `nas data --json` writes
    Data,
    /// What `nas train --dry-run --json` writes
    Plan,
    /// `run.json` in the folder of a run
    Run,
    /// What `nas runs --json` writes
    Runs,
    /// `study.json` in the folder of a study
    Study,
    /// What `nas study --format json` writes
    StudyResult,
    /// What `nas eval --json` writes, and evaluation.json
    Evaluation,
    /// What `nas cluster RUN --format json` writes
    Clusters,
    /// What `nas depth --format json` writes
    Depth,
    /// What `nas cluster --planted --format json` writes
    Planted,
    /// What `nas cluster --table --format json` writes
    Blocks,
    /// What `nas propose --format json` writes, and the file beside a proposal
    Proposal,
    /// grow.json in the folder of `nas grow`
    Grow,
    /// What `nas profile --format json` writes
    Profile,
    /// What `nas activations --json` writes, and the metadata of its safetensors files
    Activations,
}

impl Schema {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let schema = match self.of {
            Of::Spec => report::spec_schema(),
            Of::Report => report::report_schema(),
            Of::Table1 => report::table1_schema(),
            Of::Reconciliation => report::reconciliation_schema(),
            Of::Comparison => report::comparison_schema(),
            Of::Naive => report::naive_schema(),
            Of::Memory => report::memory_schema(),
            Of::Training => report::training_schema(),
            Of::Roofline => report::roofline_schema(),
            Of::Machine => report::machine_schema(),
            Of::Corners => report::corners_schema(),
            Of::Marginal => report::marginal_schema(),
            Of::Suggest => report::suggest_schema(),
            Of::Sweep => report::sweep_schema(),
            Of::Data => one_schema::<Summary>("A data set", "What `nas data --json` writes: a data set in numbers"),
            Of::Plan => {
                one_schema::<Plan>("Plan of a training", "What `nas train --dry-run --json` writes: memory, steps and their time")
            }
            Of::Run => report::run_schema(),
            Of::Runs => report::runs_schema(),
            Of::Study => report::study_schema(),
            Of::StudyResult => report::study_result_schema(),
            Of::Evaluation => report::evaluation_schema(),
            Of::Clusters => report::clusters_schema(),
            Of::Depth => report::depth_schema(),
            Of::Planted => report::planted_schema(),
            Of::Blocks => report::blocks_schema(),
            Of::Proposal => report::proposal_schema(),
            Of::Grow => report::grow_schema(),
            Of::Profile => report::profile_schema(),
            Of::Activations => {
                let about =
                    "What `nas activations --json` writes, and the metadata of its safetensors files: the arrays and where from";
                one_schema::<About<'_>>("Activations of a run", about)
            }
        };
        output::give(&(serde_json::to_string_pretty(&schema)? + "\n"), self.output.as_deref())?;
        Ok(Exit::Ok)
    }
}
