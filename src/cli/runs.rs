//! `nas runs`: runs side by side.

use std::path::PathBuf;

use anyhow::bail;
use anyhow::ensure;
use clap::Args;
use clap::ValueEnum;

use crate::cli::Exit;
use crate::cli::arguments::Looks;
use crate::cli::files;
use crate::cli::output;
use crate::report;
use crate::report::RunCurve;
use crate::train::Entry;
use crate::train::Series;
use crate::train::find_runs;

/// Arguments of `nas runs`.
#[derive(Debug, Args)]
#[command(
    after_help = "A DIR is a run, or a folder in which runs are looked for. Runs that differ in their seed alone are a group: mean and deviation
of a sample. The test column is what `nas eval` wrote.

Examples:
  nas runs runs
  nas runs runs --sort validation --format markdown
  nas runs runs/inception-* runs/naive-* --plot curves.svg"
)]
pub(super) struct Runs {
    /// Runs, and folders with runs
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// Order of the runs
    #[arg(long, value_enum, default_value_t = Order::Name)]
    sort: Order,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Draws validation over epochs, runs of a group in one colour: SVG or PNG by its end
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    #[command(flatten)]
    looks: Looks,
    /// Writes the result to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Order {
    /// As they are named and found
    Name,
    /// The best on the images set aside first
    Validation,
    /// The best on the images for testing first
    Test,
    /// The cheapest network first
    Madds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Table,
    /// nas.runs/1
    Json,
    /// One line a run
    Csv,
    /// For a pull request
    Markdown,
}

impl Runs {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let folders = find_runs(&self.folders)?;
        ensure!(!folders.is_empty(), "there is no run in {}", names(&self.folders));
        let mut series = Series::read(&folders);
        let falling = |value: Option<f64>| std::cmp::Reverse(value.map(|share| (share * 1e9) as u64));
        match self.sort {
            Order::Name => {}
            Order::Validation => series.runs.sort_by_key(|run| falling(run.validation_accuracy)),
            Order::Test => series.runs.sort_by_key(|run| falling(run.test_accuracy)),
            Order::Madds => series.runs.sort_by_key(|run| run.madds),
        }
        if let Some(file) = &self.plot {
            let picture = report::curves_of_runs(&curves(&series.runs), self.looks.width());
            let bytes = match file.extension().and_then(|end| end.to_str()) {
                Some("svg") => self.looks.svg(&picture),
                Some("png") => self.looks.png(&picture),
                _ => bail!("`{}` ends neither in .svg nor in .png", file.display()),
            };
            files::write(file, &bytes)?;
        }
        let text = match self.format {
            Format::Table => report::runs_table(&series),
            Format::Json => serde_json::to_string_pretty(&series)? + "\n",
            Format::Csv => report::runs_csv(&series),
            Format::Markdown => report::runs_markdown(&series),
        };
        output::give(&text, self.output.as_deref())?;
        Ok(if series.broken.is_empty() { Exit::Ok } else { Exit::Invalid })
    }
}

fn names(folders: &[PathBuf]) -> String {
    let names: Vec<String> = folders.iter().map(|folder| format!("`{}`", folder.display())).collect();
    names.join(", ")
}

/// Each run's curve; groups of one network with different settings are told apart by their number.
fn curves(runs: &[Entry]) -> Vec<RunCurve> {
    let mut keys: Vec<(&str, &str)> = Vec::new();
    runs.iter()
        .map(|run| {
            if !keys.contains(&(&run.name, &run.key)) {
                keys.push((&run.name, &run.key));
            }
            let same: Vec<&(&str, &str)> = keys.iter().filter(|(name, _)| *name == run.name).collect();
            let number = same.iter().position(|(_, key)| *key == run.key).unwrap_or(0);
            let name = if number == 0 { run.name.clone() } else { format!("{} ({})", run.name, number + 1) };
            RunCurve { name, epochs: run.log.clone() }
        })
        .collect()
}
