//! `nas compare`: a network against its naive twin, specs against one another.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

use crate::analyze;
use crate::analyze::Naive;
use crate::cli::Exit;
use crate::cli::arguments::Reading;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::output;
use crate::cli::twin;
use crate::report;
use crate::report::Paint;

/// Arguments of `nas compare`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  nas compare googlenet --naive")]
pub(super) struct Compare {
    /// Spec files, `-`, or names of built-in specs
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<String>,
    #[command(flatten)]
    reading: Reading,
    /// Sets each spec against its naive twin: every `inception` without its reductions and projections, on the same input and on
    /// what has grown before it
    #[arg(long)]
    naive: bool,
    /// Form of the result; by the extension of `--output` unless given
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Writes the result to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Form of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Table,
    /// For a pull request
    Markdown,
    /// nas.compare/1, with --naive nas.naive/1
    Json,
    /// For a spreadsheet
    Csv,
}

impl Format {
    /// The form that was asked for, or that the file's extension asks for.
    fn of(asked: Option<Format>, path: Option<&std::path::Path>) -> anyhow::Result<Format> {
        let Some(path) = path.filter(|_| asked.is_none()) else { return Ok(asked.unwrap_or(Format::Table)) };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("txt") => Ok(Format::Table),
            Some("md") => Ok(Format::Markdown),
            Some("json") => Ok(Format::Json),
            Some("csv") => Ok(Format::Csv),
            _ => anyhow::bail!("the extension of the output names no form; use .txt, .md, .json or .csv, or give --format"),
        }
    }
}

impl Compare {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.compare(findings))
    }

    fn compare(self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let format = Format::of(self.format, self.output.as_deref())?;
        self.naive(format, findings)
    }

    fn paint(&self) -> Paint {
        if self.output.is_some() { Paint::PLAIN } else { self.reading.showing.color.paint() }
    }

    fn naive(&self, format: Format, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let mut exit = Exit::Ok;
        let mut all: Vec<Naive> = Vec::with_capacity(self.specs.len());
        for named in &self.specs {
            let outcome = loading::network(named, &self.reading, findings);
            exit = exit.max(outcome.exit);
            let Some(network) = outcome.network else { continue };
            match twin::of(named, &network, &self.reading, findings) {
                Ok(Ok(twin)) => {
                    let limits = network.spec.budget.iter().flat_map(|budget| &budget.limits);
                    all.push(analyze::naive(&twin).with_limits(limits.map(|limit| (limit.quantity, limit.whole()))));
                }
                Ok(Err(found)) => exit = exit.max(found),
                Err(error) => exit = exit.max(findings.fail(&error)),
            }
        }
        if all.is_empty() {
            return Ok(exit);
        }
        let text = match format {
            Format::Table => all.iter().map(|naive| report::naive_table(naive, &self.paint())).collect::<Vec<_>>().join("\n\n"),
            Format::Markdown => all.iter().map(report::naive_markdown).collect::<Vec<_>>().join("\n"),
            Format::Json => report::json(&all),
            Format::Csv => report::naive_csv(&all),
        };
        output::give(&text, self.output.as_deref())?;
        Ok(exit)
    }
}
