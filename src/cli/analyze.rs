//! `nas analyze`: where a network's cost goes.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use clap::ValueEnum;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use serde::Serialize;

use crate::analyze;
use crate::analyze::Analysis;
use crate::analyze::Convention;
use crate::analyze::Level;
use crate::analyze::Marginals;
use crate::analyze::Options;
use crate::cli::Exit;
use crate::cli::arguments::Reading;
use crate::cli::corners;
use crate::cli::ending::ending;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::marginal;
use crate::cli::output;
use crate::cli::roofline;
use crate::cli::roofline::Place;
use crate::cli::table1;
use crate::cli::training::INSTEAD;
use crate::cli::training::Wanted;
use crate::report;
use crate::report::Forms;
use crate::report::Opening;
use crate::report::Paint;
use crate::report::Ranking;

/// Arguments of `nas analyze`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  nas analyze specs/googlenet.yaml
  nas analyze googlenet --depth branch
  nas analyze googlenet googlenet-sepconv --format csv -o layers.csv
  nas analyze googlenet-torchvision --convention fvcore
  nas analyze googlenet-torchvision --reconcile
  nas analyze googlenet --table1
  nas analyze googlenet --marginal --top 10
  nas analyze googlenet --memory
  nas analyze googlenet --roofline --machine example --batch 16
  nas analyze cifar-inception --training --images 50000
  nas analyze tiny-space --set w=1 --format json
  nas new mynet | nas analyze -")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Analyze {
    /// Spec files, `-`, or names of built-in specs
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<String>,
    #[command(flatten)]
    reading: Reading,
    /// Opens the whole tree down to this level
    #[arg(long, value_enum, conflicts_with_all = ["reconcile", "table1", "marginal", "corners", "memory", "training"])]
    depth: Option<Depth>,
    /// Form of the result; by the extension of `--output` unless given
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Writes the result to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Images at once: costs and activations are for all of them [default: 1]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=65536))]
    batch: Option<u32>,
    /// Counts as another tool does: `nas explain CONVENTION` says what that is; parameters and budgets stay ours
    #[arg(long, value_name = "CONVENTION", value_parser = conventions(), default_value = "madds", hide_default_value = true,
          conflicts_with = INSTEAD)]
    convention: &'static Convention,
    /// Instead: our count beside every convention, with the terms that make each difference
    #[arg(long, group = INSTEAD)]
    reconcile: bool,
    /// Instead: the GoogLeNet paper's Table 1 beside the spec's figures, with the reason wherever they differ
    #[arg(long, group = INSTEAD, conflicts_with = "batch")]
    table1: bool,
    /// Instead: what one filter more costs in every width, in all layers that read it, and how far each may move
    #[arg(long, group = INSTEAD, conflicts_with = "batch")]
    marginal: bool,
    /// With `--marginal`: so many of the dearest filters, 20 on a terminal and in tables, all in JSON and CSV
    #[arg(long, value_name = "COUNT", requires = "marginal", value_parser = clap::value_parser!(u32).range(1..))]
    top: Option<u32>,
    /// With `--marginal`: counts what a filter buys in filters of this layer, of the cheapest unless given
    #[arg(long, value_name = "LAYER", requires = "marginal")]
    against: Option<String>,
    /// Instead of the start: the least and the most that any combination of the spec's decisions costs, `exact` if some valid one
    /// costs that, `bound` if none lies beyond but none may lie there
    #[arg(long, group = INSTEAD, conflicts_with_all = ["batch", "set", "input"])]
    corners: bool,
    #[command(flatten)]
    wanted: Wanted,
    /// Instead: what each layer computes and moves, the time that a machine's table predicts for it, and what it waits for;
    /// `nas calibrate` makes that table
    #[arg(long, group = INSTEAD)]
    roofline: bool,
    #[command(flatten)]
    place: Place,
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
        match &*ending(path) {
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
        if self.reconcile {
            let made = |spec: &str, network: &Network, _: &mut Findings<'_>| {
                let batch = self.batch(spec, network)?;
                Ok(Ok((analyze::reconcile(&network.graph, batch), taken_values(network))))
            };
            return self.of_each(findings, made, |found, paint| in_form(found, format, paint, &report::RECONCILIATION));
        }
        if self.table1 {
            let made = |_: &str, network: &Network, findings: &mut Findings<'_>| {
                Ok(table1::of(network, findings).map(|table| (table, taken_values(network))))
            };
            return self.of_each(findings, made, |found, paint| in_form(found, format, paint, &report::TABLE1));
        }
        if self.marginal {
            let made = |_: &str, network: &Network, _: &mut Findings<'_>| {
                Ok(Ok((marginal::against(network, self.against.as_deref())?, taken_values(network))))
            };
            return self.of_each(findings, made, |found, paint| self.marginal(found, format, paint));
        }
        if self.wanted.memory {
            let made = |spec: &str, network: &Network, _: &mut Findings<'_>| {
                let batch = self.batch(spec, network)?;
                Ok(Ok((self.wanted.footprint(network, batch), taken_values(network))))
            };
            return self.of_each(findings, made, |found, paint| in_form(found, format, paint, &report::FOOTPRINT));
        }
        if self.wanted.training {
            let made = |spec: &str, network: &Network, _: &mut Findings<'_>| {
                let batch = self.batch(spec, network)?;
                Ok(Ok((self.wanted.training(spec, network, batch)?, taken_values(network))))
            };
            return self.of_each(findings, made, |found, paint| in_form(found, format, paint, &report::TRAINING));
        }
        if self.roofline {
            let ground = self.place.ground()?;
            let made = |spec: &str, network: &Network, _: &mut Findings<'_>| {
                let batch = self.batch(spec, network)?;
                Ok(Ok((ground.roofline(network, batch)?, taken_values(network))))
            };
            return self.of_each(findings, made, |found, paint| {
                let under = |(found, taken): (_, String)| (found, under_table(&taken, paint));
                let found: Vec<_> = found.into_iter().map(under).collect();
                roofline::text(&found, self.opening(), format, paint)
            });
        }
        let made = |spec: &str, network: &Network, _: &mut Findings<'_>| {
            let batch = self.batch(spec, network)?;
            let marginal = (format == Format::Json).then(|| marginal::of(network));
            let analysis = Analysis { marginal, ..analysis(network, batch) };
            Ok(Ok((analysis.counted_as(&network.graph, self.convention), taken_values(network))))
        };
        self.of_each(findings, made, |found, paint| {
            let (analyses, taken): (Vec<Analysis>, Vec<String>) = found.into_iter().unzip();
            self.text(&analyses, &taken, format, paint)
        })
    }

    /// The batch for a network, unless that or one beside it is too large.
    fn batch(&self, spec: &str, network: &Network) -> anyhow::Result<u32> {
        let batch = self.wanted.batch(self.batch, network);
        let (largest, most) = (self.wanted.largest_batch(batch), analyze::largest_batch(&network.graph));
        anyhow::ensure!(
            largest <= most,
            "a batch of {largest} makes the sums of `{spec}` larger than can be counted; at most {most}"
        );
        Ok(batch)
    }

    /// Makes something of every spec's network and gives all of it as one text. Where nothing can be made, the findings are shown and
    /// say how the command ends.
    fn of_each<T>(
        &self,
        findings: &mut Findings<'_>,
        mut make: impl FnMut(&str, &Network, &mut Findings<'_>) -> anyhow::Result<Result<T, Exit>>,
        text: impl FnOnce(Vec<T>, &Paint) -> String,
    ) -> anyhow::Result<Exit> {
        let mut exit = Exit::Ok;
        let mut made = Vec::with_capacity(self.specs.len());
        for spec in &self.specs {
            let outcome = loading::network(spec, &self.reading, findings);
            exit = exit.max(outcome.exit);
            let Some(network) = outcome.network else { continue };
            match make(spec, &network, findings) {
                Ok(Ok(one)) => made.push(one),
                Ok(Err(found)) => exit = exit.max(found),
                Err(error) => exit = exit.max(findings.fail(&error)),
            }
        }
        if !made.is_empty() {
            let paint = if self.output.is_some() { Paint::PLAIN } else { self.reading.showing.color.paint() };
            output::give(&text(made, &paint), self.output.as_deref())?;
        }
        Ok(exit)
    }

    fn corners(&self, format: Format, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let as_json = match format {
            Format::Table => false,
            Format::Json => true,
            Format::Csv | Format::Markdown | Format::Latex => anyhow::bail!("--corners comes as a table or as JSON"),
        };
        let made = |spec: &str, network: &Network, findings: &mut Findings<'_>| {
            corners::of(network, findings).with_context(|| format!("`{spec}` has no corners"))
        };
        self.of_each(findings, made, |found, paint| {
            if as_json {
                report::json(&found)
            } else {
                found.iter().map(|found| report::corners(found, paint)).collect::<Vec<_>>().join("\n")
            }
        })
    }

    fn marginal(&self, found: Vec<(Marginals, String)>, format: Format, paint: &Paint) -> String {
        let ranking = self.top.map_or(Ranking::TWENTY, |top| Ranking { top: top as usize });
        let (found, taken): (Vec<Marginals>, Vec<String>) = found.into_iter().unzip();
        let each: Vec<String> = match format {
            Format::Table => {
                let tables = found.iter().map(|found| report::marginal_table(found, ranking, paint));
                tables.zip(&taken).map(|(table, taken)| table + &under_table(taken, paint)).collect()
            }
            Format::Json => return report::json(&found),
            Format::Csv => return report::marginal_csv(&found, self.top.map(|_| ranking)),
            Format::Markdown => found.iter().map(|found| report::marginal_markdown(found, ranking)).collect(),
            Format::Latex => found.iter().map(|found| report::marginal_latex(found, ranking)).collect(),
        };
        each.join("\n")
    }

    /// How far the tree is opened.
    fn opening(&self) -> Opening {
        self.depth.map_or(Opening::WhereItMatters, |depth| {
            Opening::Down(match depth {
                Depth::Network => Level::Network,
                Depth::Stage => Level::Stage,
                Depth::Module => Level::Module,
                Depth::Branch => Level::Branch,
                Depth::Layer => Level::Layer,
            })
        })
    }

    fn text(&self, analyses: &[Analysis], taken: &[String], format: Format, paint: &Paint) -> String {
        let opening = self.opening();
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

/// Results in the form that was asked for, each with the values that its spec's decisions have taken.
fn in_form<T: Serialize>(found: Vec<(T, String)>, format: Format, paint: &Paint, forms: &Forms<T>) -> String {
    let (found, taken): (Vec<T>, Vec<String>) = found.into_iter().unzip();
    let each: Vec<String> = match format {
        Format::Table => {
            found.iter().zip(&taken).map(|(one, taken)| (forms.table)(one, paint) + &under_table(taken, paint)).collect()
        }
        Format::Json => return report::json(&found),
        Format::Csv => return (forms.csv)(&found),
        Format::Markdown => found.iter().map(forms.markdown).collect(),
        Format::Latex => found.iter().map(forms.latex).collect(),
    };
    each.join("\n")
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
        format!("\n{}\n", report::wrap(taken, paint.width.min(100).saturating_sub(10)).join("\n          "))
    }
}

/// Analyses a network and enters its spec's budget.
pub(super) fn analysis(network: &Network, batch: u32) -> Analysis {
    let analysis = analyze::analyze(&network.graph, &Options { batch });
    analysis.with_limits(network.limits())
}
