//! `nas analyze`: where a network's cost goes.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use clap::ValueEnum;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;

use crate::analyze;
use crate::analyze::Analysis;
use crate::analyze::Convention;
use crate::analyze::Level;
use crate::analyze::Options;
use crate::cli::Exit;
use crate::cli::arguments::Reading;
use crate::cli::corners;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::output;
use crate::report;
use crate::report::Opening;
use crate::report::Paint;

/// Arguments of `nas analyze`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  nas analyze specs/googlenet.yaml
  nas analyze googlenet --depth branch
  nas analyze googlenet googlenet-sepconv --format csv -o layers.csv
  nas analyze googlenet-torchvision --convention fvcore
  nas analyze tiny-space --set w=1 --format json
  nas new mynet | nas analyze -")]
pub(super) struct Analyze {
    /// Spec files, `-`, or names of built-in specs
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<String>,
    #[command(flatten)]
    reading: Reading,
    /// Opens the whole tree down to this level
    #[arg(long, value_enum)]
    depth: Option<Depth>,
    /// Form of the result; by the extension of `--output` unless given
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Writes the result to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Images at once: costs and activations are for all of them
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=65536))]
    batch: u32,
    /// Counts as another tool does: `nas explain CONVENTION` says what that is; parameters and budgets stay ours
    #[arg(long, value_name = "CONVENTION", value_parser = conventions(), default_value = "madds", hide_default_value = true)]
    convention: &'static Convention,
    /// Instead of the start: the least and the most that any combination of the spec's decisions costs
    #[arg(long, conflicts_with_all = ["depth", "batch", "set", "input", "convention"])]
    corners: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Depth {
    Network,
    Stage,
    Module,
    Branch,
    Layer,
}

/// Form of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// The tree for a terminal
    Table,
    /// nas.report/1
    Json,
    /// One line a node
    Csv,
    /// A table for a pull request
    Markdown,
    /// A booktabs table
    Latex,
}

impl Format {
    /// The form that a file's extension asks for.
    fn of(path: &std::path::Path) -> Option<Format> {
        match path.extension()?.to_str()? {
            "json" => Some(Format::Json),
            "csv" => Some(Format::Csv),
            "md" => Some(Format::Markdown),
            "tex" => Some(Format::Latex),
            "txt" => Some(Format::Table),
            _ => None,
        }
    }
}

/// The names of the conventions, read as conventions.
fn conventions() -> impl TypedValueParser<Value = &'static Convention> {
    let names = Convention::ALL.iter().map(|convention| convention.name);
    PossibleValuesParser::new(names).try_map(|name| Convention::find(&name).ok_or("there is no such convention"))
}

impl Analyze {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.analyze(findings))
    }

    fn analyze(self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let by_file = self.output.as_deref().map(Format::of);
        let format = match (self.format, by_file) {
            (Some(format), _) | (None, Some(Some(format))) => format,
            (None, None) => Format::Table,
            (None, Some(None)) => {
                anyhow::bail!("the extension of the output names no form; use .json, .csv, .md, .tex or .txt, or give --format")
            }
        };
        if self.corners {
            return self.corners(format, findings);
        }
        let mut exit = Exit::Ok;
        let mut analyses = Vec::with_capacity(self.specs.len());
        let mut taken = Vec::with_capacity(self.specs.len());
        for spec in &self.specs {
            let outcome = loading::network(spec, &self.reading, findings)?;
            exit = exit.max(outcome.exit);
            let Some(network) = outcome.network else { continue };
            let most = analyze::largest_batch(&network.graph);
            if self.batch > most {
                anyhow::bail!("a batch of {} makes the sums of `{spec}` larger than can be counted; at most {most}", self.batch);
            }
            analyses.push(analysis(&network, self.batch).counted_as(&network.graph, self.convention));
            taken.push(taken_values(&network));
        }
        if !analyses.is_empty() {
            let paint = if self.output.is_some() { Paint::PLAIN } else { self.reading.showing.color.paint() };
            output::give(&self.text(&analyses, &taken, format, &paint), self.output.as_deref())?;
        }
        Ok(exit)
    }

    fn corners(&self, format: Format, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let as_json = match format {
            Format::Table => false,
            Format::Json => true,
            Format::Csv | Format::Markdown | Format::Latex => anyhow::bail!("--corners comes as a table or as JSON"),
        };
        let mut exit = Exit::Ok;
        let mut found = Vec::with_capacity(self.specs.len());
        for spec in &self.specs {
            let outcome = loading::network(spec, &self.reading, findings)?;
            exit = exit.max(outcome.exit);
            let Some(network) = outcome.network else { continue };
            match corners::of(&network, findings).with_context(|| format!("`{spec}` has no corners"))? {
                Ok(corners) => found.push(corners),
                Err(invalid) => exit = exit.max(invalid),
            }
        }
        let paint = if self.output.is_some() { Paint::PLAIN } else { self.reading.showing.color.paint() };
        let text = if as_json {
            serde_json::to_string_pretty(&found)? + "\n"
        } else {
            found.iter().map(|found| report::corners(found, &paint)).collect::<Vec<_>>().join("\n")
        };
        if !found.is_empty() {
            output::give(&text, self.output.as_deref())?;
        }
        Ok(exit)
    }

    fn text(&self, analyses: &[Analysis], taken: &[String], format: Format, paint: &Paint) -> String {
        let opening = self.depth.map_or(Opening::WhereItMatters, |depth| {
            Opening::Down(match depth {
                Depth::Network => Level::Network,
                Depth::Stage => Level::Stage,
                Depth::Module => Level::Module,
                Depth::Branch => Level::Branch,
                Depth::Layer => Level::Layer,
            })
        });
        match format {
            Format::Table => {
                let tables = analyses.iter().map(|analysis| report::table(analysis, opening, paint));
                let tables: Vec<String> = tables.zip(taken).map(|(table, taken)| table + &under_table(taken, paint)).collect();
                tables.join("\n\n")
            }
            Format::Json => report::json(analyses),
            Format::Csv => report::csv(analyses),
            Format::Markdown => report::markdown(analyses, opening),
            Format::Latex => report::latex(analyses, opening),
        }
    }
}

/// Which values a spec's decisions have taken; empty for a spec without any.
fn taken_values(network: &Network) -> String {
    let taken: Vec<String> = network.decisions.taken().map(|(decision, value)| format!("{} = {value}", decision.path)).collect();
    if taken.is_empty() { String::new() } else { format!("decided   {}; --set takes others", taken.join(", ")) }
}

/// The same under a table.
fn under_table(taken: &str, paint: &Paint) -> String {
    if taken.is_empty() {
        String::new()
    } else {
        format!("\n{}\n", report::wrap(taken, paint.width.saturating_sub(10)).join("\n          "))
    }
}

/// Analyses a network and enters its spec's budget.
pub(super) fn analysis(network: &Network, batch: u32) -> Analysis {
    let analysis = analyze::analyze(&network.graph, &Options { batch });
    let limits = network.spec.budget.iter().flat_map(|budget| &budget.limits);
    analysis.with_limits(limits.map(|limit| (limit.quantity, limit.whole())))
}
