//! `nas depth`: whether clusters reach farther the deeper a layer lies, over several runs of one network.

use std::path::PathBuf;

use clap::Args;

use crate::cli::Exit;
use crate::cli::arguments::Looks;
use crate::cli::arguments::Showing;
use crate::cli::clusters;
use crate::cli::output;
use crate::cli::tabular::Format;
use crate::propose;
use crate::propose::LayerClusters;
use crate::report;

/// Arguments of `nas depth`.
#[derive(Debug, Args)]
#[command(
    after_help = "The paper expects that clusters spread out with depth, and that the share of 3x3 and 5x5 should grow in higher layers (section 4). \
Each FILE is what `nas cluster RUN --controls 5 --format json` wrote of one run, all of the same layers, those nearest to the image \
first. Told are each layer's share, trained and untrained, and Spearman's correlation of depth and share over runs, with \
intervals and an exact test. Where maps shrink with depth a share may fall for that alone: use a network without pooling.

Examples:
  nas cluster runs/a --layer m1 --layer m2 --layer m3 --controls 5 --seed 0 -o a.json
  nas cluster runs/b --layer m1 --layer m2 --layer m3 --controls 5 --seed 100 -o b.json
  nas depth a.json b.json
  nas depth a.json b.json -o depth.svg"
)]
pub(super) struct Depth {
    /// Clusters of a run's layers; one file a run
    #[arg(required = true, value_name = "FILE.json")]
    files: Vec<PathBuf>,
    /// Form of the result; by the extension of `--output` unless given
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Writes the result to a file; a picture if it ends in .svg or .png
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    looks: Looks,
    #[command(flatten)]
    showing: Showing,
}

impl Depth {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let networks = self.files.iter().map(|file| clusters::read(file)).collect::<anyhow::Result<Vec<Vec<LayerClusters>>>>()?;
        let found = propose::Depth::of(&networks);
        let depth = found.map_err(|error| {
            let file = self.files[error.network()].display().to_string();
            anyhow::Error::new(error).context(format!("`{file}`"))
        })?;
        let picture = |width| report::depth_picture(&depth, width);
        if self.format.is_none() && self.looks.give(self.output.as_deref(), picture)? {
            return Ok(Exit::Ok);
        }
        let text = match Format::of(self.format, self.output.as_deref())? {
            Format::Table => report::depth_table(&depth, self.showing.color.paint().width),
            Format::Json => report::json(std::slice::from_ref(&depth)),
            Format::Csv => report::depth_csv(&depth),
            Format::Markdown => report::depth_markdown(&depth),
        };
        output::give(&text, self.output.as_deref())?;
        Ok(Exit::Ok)
    }
}
