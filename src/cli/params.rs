//! `nas params`: every tensor of a network.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::base::units;
use crate::cli::Exit;
use crate::cli::arguments::Reading;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::output;
use crate::graph::Tensor;
use crate::graph::tensors;

/// Arguments of `nas params`.
#[derive(Debug, Args)]
#[command(after_help = "Roles `mean` and `variance` are running statistics: kept, not learned, no parameters.

Examples:
  nas params googlenet
  nas params googlenet-torchvision --json -o params.json")]
pub(super) struct Params {
    /// A spec file, `-`, or the name of a built-in spec
    #[arg(value_name = "SPEC")]
    spec: String,
    #[command(flatten)]
    reading: Reading,
    /// Prints a JSON list instead of a table
    #[arg(long)]
    json: bool,
    /// Writes the result to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Serialize)]
struct Entry<'a> {
    path: &'a str,
    role: &'static str,
    shape: &'a [u32],
    numbers: u64,
    init: String,
    trainable: bool,
}

impl<'a> Entry<'a> {
    fn new(tensor: &'a Tensor) -> Entry<'a> {
        let param = &tensor.param;
        Entry {
            path: &tensor.path,
            role: param.role.name(),
            shape: param.dims.as_slice(),
            numbers: units::whole(param.count),
            init: param.init.to_string(),
            trainable: param.trainable,
        }
    }
}

impl Params {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.list(findings))
    }

    fn list(self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let outcome = loading::network(&self.spec, &self.reading, findings);
        let Some(network) = outcome.network else { return Ok(outcome.exit) };
        let tensors = tensors(&network.graph);
        let entries: Vec<Entry<'_>> = tensors.iter().map(Entry::new).collect();
        let text = if self.json { serde_json::to_string_pretty(&entries)? + "\n" } else { table(&tensors, &entries) };
        output::give(&text, self.output.as_deref())?;
        Ok(outcome.exit)
    }
}

fn table(tensors: &[Tensor], entries: &[Entry<'_>]) -> String {
    let width = entries.iter().map(|entry| entry.path.len()).max().unwrap_or(0).max(4);
    let mut text = format!("{:width$}  {:8}  {:>18}  {:>12}  {:>8}  trainable\n", "path", "role", "shape", "numbers", "init");
    for entry in entries {
        let shape: Vec<String> = entry.shape.iter().map(u32::to_string).collect();
        let numbers = units::grouped(entry.numbers.into());
        let trainable = if entry.trainable { "yes" } else { "no" };
        let shape = shape.join("x");
        text += &format!("{:width$}  {:8}  {shape:>18}  {numbers:>12}  {:>8}  {trainable}\n", entry.path, entry.role, entry.init);
    }
    let of = |parameter: bool| {
        let chosen = tensors.iter().filter(|tensor| tensor.param.role.is_parameter() == parameter);
        chosen.map(|tensor| tensor.param.count).sum::<u128>()
    };
    text += &format!("{} tensors, {} parameters", tensors.len(), units::grouped(of(true)));
    if of(false) > 0 {
        text += &format!(", {} running statistics", units::grouped(of(false)));
    }
    text + "; heads for training included\n"
}
