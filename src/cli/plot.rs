//! `nas plot`: pictures of an analysis.

use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

use crate::analyze::Analysis;
use crate::analyze::Options;
use crate::analyze::largest_batch;
use crate::cli::Exit;
use crate::cli::analyze;
use crate::cli::arguments::Looks;
use crate::cli::arguments::Reading;
use crate::cli::ending::ending;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::marginal;
use crate::cli::output;
use crate::cli::roofline::Ground;
use crate::cli::sweep;
use crate::cli::twin;
use crate::graph::Twin;
use crate::report;

/// Arguments of `nas plot`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  nas plot googlenet -o googlenet.svg
  nas plot googlenet googlenet-sepconv --kind cumulative --width column -o cumulative.png
  nas plot googlenet --kind sweep --sweep '3b/3x3/reduce=64..160 by 8' -o sweep.svg
  nas plot googlenet --kind roofline --machine example -o roofline.svg
  nas plot googlenet --kind icicle --theme dark --dpi 400 -o icicle.png")]
pub(super) struct Plot {
    /// Spec files, `-`, or names of built-in specs
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<String>,
    /// What the picture shows
    #[arg(short, long, value_enum, default_value_t = Kind::Modules)]
    kind: Kind,
    /// With `--kind cumulative` or `parameters`: shows the naive twin of the first spec too
    #[arg(long)]
    naive: bool,
    /// With `--kind sweep`: a width, variable or decision and its values, as `nas sweep` takes them
    #[arg(long, value_name = "WHAT=VALUES")]
    sweep: Vec<String>,
    /// With `--kind sweep`: sides of a square input, as in `160..320 by 32`
    #[arg(long, value_name = "SIDES")]
    sides: Option<String>,
    /// With `--kind roofline`: on this machine, a file or a name that `nas calibrate` gave, or `example` [default: this machine]
    #[arg(long, value_name = "FILE|NAME")]
    machine: Option<String>,
    /// With `--kind roofline`: with so many threads of it [default: the most that its table has]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// With `--kind roofline`: images at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65536))]
    batch: Option<u32>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    looks: Looks,
    /// Writes the picture to a file, as SVG or PNG by the end of its name
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Which module costs what, which branch of it, and whether the network fits its budget
    Modules,
    /// How channels and cost grow without reductions: the spec against its naive twin
    Naive,
    /// Where along the depth the multiply-adds are spent, of one or several specs
    Cumulative,
    /// Parameters against multiply-adds, the first spec among others
    Parameters,
    /// What is live at each step of inference, with the peak by name
    Memory,
    /// What one position of each branch sees of the image
    Field,
    /// What one more filter of each width costs, the dearest first
    Marginal,
    /// How the multiply-adds move with what `--sweep` or `--sides` sets
    Sweep,
    /// What each layer computes for a byte moved, under the roof of a machine that `nas calibrate` measured
    Roofline,
    /// Network, stages, modules, branches and layers, as large as their multiply-adds
    Icicle,
}

impl Kind {
    /// Whether it shows several networks.
    const fn takes_several(self) -> bool {
        matches!(self, Kind::Cumulative | Kind::Parameters)
    }
}

impl Plot {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.draw(findings))
    }

    fn draw(self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let format = format(self.output.as_deref(), self.looks.dpi)?;
        let kind = self.kind;
        if self.specs.len() > 1 && !kind.takes_several() {
            let word = kind.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
            anyhow::bail!("a picture of kind `{word}` shows one spec, and {} are named", self.specs.len());
        }
        if self.naive && !kind.takes_several() {
            anyhow::bail!("`--naive` is for the kinds `cumulative` and `parameters`; `--kind naive` is a picture of its own");
        }
        let sets = !self.sweep.is_empty() || self.sides.is_some();
        if sets && kind != Kind::Sweep {
            anyhow::bail!("`--sweep` and `--sides` are for `--kind sweep`");
        }
        if kind == Kind::Sweep && !sets {
            anyhow::bail!("nothing is swept; say what, as in `--sweep conv1=32..64` or `--sides '160..320 by 32'`");
        }
        if kind != Kind::Roofline && (self.machine.is_some() || self.threads.is_some() || self.batch.is_some()) {
            anyhow::bail!("`--machine`, `--threads` and `--batch` are for `--kind roofline`");
        }
        let ground = match kind {
            Kind::Roofline => Some(Ground::of(self.machine.as_deref(), self.threads.map(usize::from))?),
            _ => None,
        };
        let mut exit = Exit::Ok;
        let mut networks = Vec::with_capacity(self.specs.len());
        for spec in &self.specs {
            let outcome = loading::network(spec, &self.reading, findings);
            exit = exit.max(outcome.exit);
            networks.extend(outcome.network);
        }
        let [network, ..] = &networks[..] else { return Ok(exit) };
        if networks.len() < self.specs.len() {
            return Ok(exit);
        }
        let twin = if self.naive || kind == Kind::Naive {
            match twin::of(&self.specs[0], network, &self.reading, findings)? {
                Ok(twin) => Some(twin),
                Err(found) => return Ok(exit.max(found)),
            }
        } else {
            None
        };
        let width = self.looks.width();
        let picture = if let Some(ground) = ground {
            let batch = self.batch.unwrap_or(1);
            anyhow::ensure!(batch <= largest_batch(&network.graph), "a batch of {batch} is larger than can be counted");
            report::roofline(&analyze::analysis(network, 1), &ground.roofline(network, batch)?, width)
        } else if kind == Kind::Sweep {
            let swept = sweep::swept(&self.specs[0], network, &self.sweep, self.sides.as_deref())?;
            let reason = swept.points.iter().find_map(|point| point.refused.as_ref()).map(|refused| &*refused.because);
            anyhow::ensure!(
                swept.points.iter().any(|point| point.totals.is_some()),
                "no point of the sweep is a network; the first is not because {}",
                reason.unwrap_or("it has no totals")
            );
            report::sweep_curves(&swept, width)
        } else {
            picture(kind, &networks, twin.as_ref(), width)
        };
        let bytes = match format {
            Format::Svg => self.looks.svg(&picture),
            Format::Png => self.looks.png(&picture),
        };
        output::give_bytes(&bytes, self.output.as_deref())?;
        Ok(exit)
    }
}

/// The picture of networks, of which there is one at least; a twin is that of the first.
fn picture(kind: Kind, networks: &[Network], twin: Option<&Twin>, width: report::Width) -> report::Picture {
    let first = &networks[0];
    let analyses: Vec<Analysis> = networks.iter().map(|network| analyze::analysis(network, 1)).collect();
    let all: Vec<&Analysis> = analyses.iter().collect();
    let grown = twin.and_then(|twin| twin.grown.as_ref().ok()).map(|graph| crate::analyze::analyze(graph, &Options::default()));
    match (kind, twin) {
        (Kind::Naive, Some(twin)) => report::naive_against_reduced(&crate::analyze::naive(twin), width),
        (Kind::Naive | Kind::Modules | Kind::Sweep | Kind::Roofline, _) => report::cost_by_module(all[0], width),
        (Kind::Cumulative, _) => report::cumulative(&all, grown.as_ref(), width),
        (Kind::Parameters, _) => report::standing(&all, grown.as_ref(), width),
        (Kind::Memory, _) => report::memory_timeline(all[0], width),
        (Kind::Field, _) => report::receptive(all[0], width),
        (Kind::Marginal, _) => report::marginal_ranking(all[0], &marginal::of(first), width),
        (Kind::Icicle, _) => report::icicle(all[0], width),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Svg,
    Png,
}

/// The format that a file's name asks for; standard output gets SVG.
fn format(output: Option<&Path>, dpi: Option<u32>) -> anyhow::Result<Format> {
    let Some(path) = output else { return check_dpi(Format::Svg, dpi) };
    match &*ending(path) {
        "svg" => check_dpi(Format::Svg, dpi),
        "png" => Ok(Format::Png),
        _ => anyhow::bail!("`{}`: pictures are SVG or PNG; end the file's name in .svg or .png", path.display()),
    }
}

fn check_dpi(format: Format, dpi: Option<u32>) -> anyhow::Result<Format> {
    anyhow::ensure!(dpi.is_none(), "`--dpi` is for PNG, and this is SVG, which has no pixels; name a file with `-o FILE.png`");
    Ok(format)
}
