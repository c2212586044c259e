//! `nas expand`: the flat spec.

use std::path::PathBuf;

use clap::Args;

use crate::cli::Exit;
use crate::cli::arguments::Reading;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::output;
use crate::cli::twin;
use crate::spec::expand;

/// Arguments of `nas expand`.
#[derive(Debug, Args)]
#[command(
    after_help = "The output is a spec: one line a layer, named by its path, every setting written out, shapes as comments.

Examples:
  nas expand googlenet
  nas expand tiny-space --set w=1 -o tiny.yaml
  nas expand googlenet | nas analyze -
  nas expand googlenet --naive -o naive.yaml"
)]
pub(super) struct Expand {
    /// A spec file, `-`, or the name of a built-in spec
    #[arg(value_name = "SPEC")]
    spec: String,
    #[command(flatten)]
    reading: Reading,
    /// Writes out the naive twin: every `inception` without its reductions and projections (figure 2a of the GoogLeNet paper)
    #[arg(long)]
    naive: bool,
    /// Writes the expansion to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Expand {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.expand(findings))
    }

    fn expand(self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let outcome = loading::network(&self.spec, &self.reading, findings);
        let Some(network) = outcome.network else { return Ok(outcome.exit) };
        let twin = if self.naive {
            match twin::of(&self.spec, &network, &self.reading, findings)? {
                Ok(twin) => Some(twin),
                Err(exit) => return Ok(exit),
            }
        } else {
            None
        };
        let grown = match twin.as_ref().map(|twin| &twin.grown) {
            Some(Err(found)) => return Ok(findings.show(&network.sources, found)),
            Some(Ok(grown)) => grown,
            None => &network.graph,
        };
        output::give(&expand(&network.spec, grown), self.output.as_deref())?;
        Ok(outcome.exit)
    }
}
