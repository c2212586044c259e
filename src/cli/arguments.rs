//! Arguments that several verbs share.

use std::path::Path;

use anyhow::Context;
use anyhow::bail;
use anyhow::ensure;
use clap::Args;
use clap::ValueEnum;
use rayon::ThreadPool;
use rayon::ThreadPoolBuilder;

use crate::base::Shape;
use crate::cli::ending::ending;
use crate::cli::explain::unknown_path;
use crate::cli::files;
use crate::cli::loading::Network;
use crate::cli::output::When;
use crate::cli::render;
use crate::exec::Kernels;
use crate::graph::NodeIndex;
use crate::kernel::Arch;
use crate::op::Class;
use crate::op::MAX_COUNT;
use crate::op::MAX_SIDE;
use crate::report;

/// How a spec is read.
#[derive(Clone, Debug, Args)]
pub(super) struct Reading {
    /// Takes a decision or replaces a start, as in `--set w=0.5 --set 3a:kernel=5`
    #[arg(long, value_name = "DECISION=VALUE")]
    pub(super) set: Vec<String>,
    /// Replaces the shape of every input
    #[arg(long, value_name = "CxHxW", value_parser = shape)]
    pub(super) input: Option<Shape>,
    #[command(flatten)]
    pub(super) showing: Showing,
}

/// With what of the machine work is done.
#[derive(Clone, Debug, Args)]
pub(super) struct Computing {
    /// Threads [default: all processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Instruction set: scalar, neon, avx2, avx512 [default: that of the environment's `NAS_ARCH`, or the best that is there]
    #[arg(long, value_name = "NAME")]
    arch: Option<String>,
    /// Computes convolutions tap by tap, with more products and less rounding than by Winograd's tiles: all of them, or those of some
    /// layers, branches or modules
    #[arg(long, value_name = "PATH,...", num_args = 0..=1, require_equals = true, value_delimiter = ',')]
    no_winograd: Option<Vec<String>>,
}

impl Computing {
    /// The threads.
    pub(super) fn pool(&self) -> anyhow::Result<ThreadPool> {
        pool(self.threads)
    }

    /// The instruction set.
    pub(super) fn arch(&self) -> anyhow::Result<Arch> {
        arch(self.arch.as_deref())
    }

    /// The convolutions that are named to be computed tap by tap, for [`Computing::kernels`].
    pub(super) fn by_taps(&self, network: &Network) -> anyhow::Result<Vec<NodeIndex>> {
        let graph = &network.graph;
        let is_convolution = |&node: &NodeIndex| matches!(&graph.node(node).op, Some(op) if op.class() == Class::Convolution);
        let convolutions: Vec<NodeIndex> = graph.nodes().filter(is_convolution).collect();
        let mut named = Vec::new();
        for path in self.no_winograd.iter().flatten() {
            let Some(scope) = graph.scopes().find(path).filter(|_| !path.is_empty()) else { bail!(unknown_path(network, path)) };
            let is_inside = |node: &&NodeIndex| graph.scopes().ancestors(graph.node(**node).scope).any(|around| around == scope);
            let before = named.len();
            named.extend(convolutions.iter().filter(is_inside));
            ensure!(named.len() > before, "`{path}` of `{}` has no convolution", graph.name());
        }
        Ok(named)
    }

    /// What kernels are chosen from.
    pub(super) fn kernels<'a>(&self, by_taps: &'a [NodeIndex]) -> anyhow::Result<Kernels<'a>> {
        let winograd = self.no_winograd.as_ref().is_none_or(|paths| !paths.is_empty());
        Ok(Kernels { winograd, by_taps, ..self.arch()?.into() })
    }
}

/// So many threads; as many as there are processors, or as the environment's `RAYON_NUM_THREADS` says, unless a number is given.
pub(super) fn pool(threads: Option<u16>) -> anyhow::Result<ThreadPool> {
    let threads = usize::from(threads.unwrap_or(0));
    ThreadPoolBuilder::new().num_threads(threads).build().context("threads cannot be started")
}

/// The instruction set that is asked for, by flag or in `NAS_ARCH`.
pub(super) fn arch(named: Option<&str>) -> anyhow::Result<Arch> {
    let set = std::env::var("NAS_ARCH").ok().filter(|name| !name.is_empty());
    Ok(named.or(set.as_deref()).map_or_else(|| Ok(Arch::best()), Arch::named)?)
}

/// How findings are shown.
#[derive(Clone, Debug, Args)]
pub(super) struct Showing {
    /// Form of errors and warnings
    #[arg(long, value_enum, default_value_t = Diagnostics::Human)]
    pub(super) diagnostics: Diagnostics,
    /// Makes warnings count as findings (exit code 1)
    #[arg(long, value_name = "WHAT")]
    pub(super) deny: Option<Denied>,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = When::Auto)]
    pub(super) color: When,
}

/// What can be denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Denied {
    /// All warnings
    Warnings,
}

/// Form of errors and warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Diagnostics {
    /// For people, with the lines concerned
    Human,
    /// One JSON object a line
    Json,
    /// Workflow commands that GitHub shows beside the lines
    Github,
    /// One SARIF 2.1.0 document for the whole run, also without a finding
    Sarif,
}

impl Diagnostics {
    pub(super) fn format(self) -> render::Format {
        match self {
            Diagnostics::Human => render::Format::Human,
            Diagnostics::Json => render::Format::Json,
            Diagnostics::Github => render::Format::Github,
            Diagnostics::Sarif => render::Format::Sarif,
        }
    }
}

/// How a picture looks.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Looks {
    /// Colours
    #[arg(long, value_enum, default_value_t = Theme::Light)]
    theme: Theme,
    /// Printed width
    #[arg(long, value_enum, default_value_t = Width::Page)]
    width: Width,
    /// Pixels of an inch in a PNG [default: 300 for a column, 200 for a page]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(36..=1200))]
    pub(super) dpi: Option<u32>,
}

impl Looks {
    pub(super) fn theme(self) -> report::Theme {
        self.theme.colours()
    }

    pub(super) fn width(self) -> report::Width {
        self.width.printed()
    }

    /// Writes a picture if the output's name ends in .svg or .png; whether it did.
    pub(super) fn give(self, output: Option<&Path>, draw: impl FnOnce(report::Width) -> report::Picture) -> anyhow::Result<bool> {
        let Some(file) = output else { return Ok(false) };
        let bytes = match &*ending(file) {
            "png" => self.png(&draw(self.width())),
            "svg" => {
                ensure!(self.dpi.is_none(), "`--dpi` is for PNG, and this is SVG, which has no pixels");
                self.svg(&draw(self.width()))
            }
            _ => return Ok(false),
        };
        files::write(file, &bytes)?;
        Ok(true)
    }

    /// A picture as SVG.
    pub(super) fn svg(self, picture: &report::Picture) -> Vec<u8> {
        report::svg(picture, report::Colouring::Theme(self.theme())).into_bytes()
    }

    /// A picture as PNG.
    pub(super) fn png(self, picture: &report::Picture) -> Vec<u8> {
        report::png(picture, self.theme(), self.dpi.unwrap_or(self.width().dpi()))
    }
}

/// Colours of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Theme {
    /// Dark on white
    Light,
    /// Light on near black
    Dark,
}

impl Theme {
    const fn colours(self) -> report::Theme {
        match self {
            Theme::Light => report::Theme::Light,
            Theme::Dark => report::Theme::Dark,
        }
    }
}

/// Width of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Width {
    /// 85 mm, one of two columns
    Column,
    /// 174 mm
    Page,
}

impl Width {
    const fn printed(self) -> report::Width {
        match self {
            Width::Column => report::Width::Column,
            Width::Page => report::Width::Page,
        }
    }
}

/// `3x224x224`.
fn shape(text: &str) -> Result<Shape, String> {
    let sides: Vec<Option<u32>> = text.split('x').map(|side| side.parse().ok().filter(|&side| side > 0)).collect();
    match sides[..] {
        [Some(c), Some(h), Some(w)] if c <= MAX_COUNT && h <= MAX_SIDE && w <= MAX_SIDE => Ok(Shape::new(c, h, w)),
        _ => Err("write channels x height x width, as in 3x224x224".to_owned()),
    }
}
