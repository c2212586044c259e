//! `nas runs`: runs side by side.

use std::cmp::Reverse;
use std::path::Path;
use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;
use clap::ValueEnum;

use crate::cli::Exit;
use crate::cli::arguments::Looks;
use crate::cli::ending::ending;
use crate::cli::files;
use crate::cli::output;
use crate::cli::tabular::Format;
use crate::report;
use crate::report::RunCurve;
use crate::train::Entry;
use crate::train::Series;
use crate::train::find_runs;

/// Arguments of `nas runs`.
#[derive(Debug, Args)]
#[command(after_help = "A DIR is a run, or a folder in which runs are looked for, four folders deep. \
Runs that are over and differ in their seed alone are a group, with mean and deviation of a sample. \
The test column is what `nas eval` wrote. Exit code 3: a run cannot be read; the others are shown.

Examples:
  nas runs runs
  nas runs runs --sort validation --format markdown
  nas runs runs/inception runs/naive --plot validation.svg
  nas runs runs/inception --json")]
pub(super) struct Runs {
    /// Runs, and folders with runs
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// Order of the runs
    #[arg(long, value_enum, default_value_t = Order::Name)]
    sort: Order,
    /// Form of the result; by the extension of `--output` unless given
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Short for `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Draws validation over epochs, runs of a group in one colour; of a single run its training too. SVG or PNG by its end
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
    /// The smallest network first
    Params,
    /// The fastest first
    Speed,
}

impl Order {
    /// Runs that lack what they are sorted by come last; equal ones stay as they were found.
    fn sort(self, runs: &mut [Entry]) {
        let falling = |runs: &mut [Entry], value: fn(&Entry) -> Option<f64>| {
            // Of what is not negative the bits have the order of the numbers.
            runs.sort_by_key(|run| Reverse(value(run).map(f64::to_bits)));
        };
        match self {
            Order::Name => {}
            Order::Validation => falling(runs, |run| run.validation_accuracy),
            Order::Test => falling(runs, |run| run.test_accuracy),
            Order::Speed => falling(runs, |run| run.images_per_second),
            Order::Madds => runs.sort_by_key(|run| run.madds),
            Order::Params => runs.sort_by_key(|run| run.params),
        }
    }
}

impl Runs {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let format = Format::of(self.format.or(self.json.then_some(Format::Json)), self.output.as_deref())?;
        if let Some(file) = &self.plot {
            let end = ending(file);
            ensure!(
                matches!(&*end, "svg" | "png"),
                "`{}`: pictures are SVG or PNG; end its name in .svg or .png",
                file.display()
            );
            ensure!(end == "png" || self.looks.dpi.is_none(), "`--dpi` is for PNG, and this is SVG, which has no pixels");
        }
        let found = find_runs(&self.folders)?;
        ensure!(!found.is_empty(), "there is no run in {}", names(&self.folders));
        let mut series = Series::read(found);
        self.sort.sort(&mut series.runs);
        if let Some(file) = &self.plot {
            self.draw(&series.runs, file)?;
        }
        let text = match format {
            Format::Table => report::runs_table(&series),
            Format::Json => report::json(std::slice::from_ref(&series)),
            Format::Csv => report::runs_csv(&series),
            Format::Markdown => report::runs_markdown(&series),
        };
        output::give(&text, self.output.as_deref())?;
        Ok(if series.broken.is_empty() { Exit::Ok } else { Exit::Invalid })
    }

    fn draw(&self, runs: &[Entry], file: &Path) -> anyhow::Result<()> {
        let picture = match runs {
            [run] => report::training_curves(&run.name, &run.log, run.planned, self.looks.width()),
            runs => {
                let curve = |run: &Entry| RunCurve { name: run.label.clone(), epochs: run.log.clone() };
                report::curves_of_runs(&runs.iter().map(curve).collect::<Vec<RunCurve>>(), self.looks.width())
            }
        };
        files::write(file, &if ending(file) == "png" { self.looks.png(&picture) } else { self.looks.svg(&picture) })
    }
}

fn names(folders: &[PathBuf]) -> String {
    let names: Vec<String> = folders.iter().map(|folder| format!("`{}`", folder.display())).collect();
    names.join(", ")
}
