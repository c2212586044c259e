//! `nas report`: a page to show.

use std::path::Path;
use std::path::PathBuf;

use clap::Args;

use crate::analyze;
use crate::analyze::Analysis;
use crate::analyze::Marginals;
use crate::analyze::Naive;
use crate::analyze::Options;
use crate::base::Digest;
use crate::base::FileId;
use crate::cli::Exit;
use crate::cli::analyze::analysis;
use crate::cli::arguments::Reading;
use crate::cli::clusters;
use crate::cli::ending::ending;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::marginal;
use crate::cli::output;
use crate::propose::LayerClusters;
use crate::report;
use crate::report::PageNetwork;
use crate::spec::naive_twin;
use crate::train::node_at;

/// Arguments of `nas report`.
#[derive(Debug, Args)]
#[command(
    after_help = "The page is one file of HTML that loads nothing: cards, budget, a table to sort and filter, icicle, drawing and plots \
that select the same layer, in light and dark, on paper and on a phone. Of two specs it shows where they differ, of more an overview.

Examples:
  nas report googlenet -o report.html
  nas report googlenet googlenet-sepconv -o difference.html
  nas report cifar.yaml --clusters proposal.json -o proposal.html
  nas report tiny-space --set w=1 --batch 8 -o tiny.html"
)]
pub(super) struct Report {
    /// Spec files, `-`, or names of built-in specs
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<String>,
    #[command(flatten)]
    reading: Reading,
    /// Writes the page to a file
    #[arg(short, long, value_name = "FILE.html")]
    output: Option<PathBuf>,
    /// Shows clusters of the network's layers: what `nas cluster` or `nas propose` wrote as JSON
    #[arg(long, value_name = "FILE.json")]
    clusters: Option<PathBuf>,
    /// Images at once: costs and activations are for all of them
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=65536))]
    batch: u32,
}

/// A network as the page needs it.
struct Read {
    network: Network,
    analysis: Analysis,
    marginals: Marginals,
    naive: Option<(Naive, Option<Analysis>)>,
    source: String,
    digest: Digest,
}

impl Read {
    fn new(network: Network, reading: &Reading, batch: u32) -> Read {
        let analysis = analysis(&network, batch);
        let file = network.sources.get(FileId(0));
        let (source, digest) = (shown(&file.name), Digest::of(file.text.as_bytes()));
        let twin = naive_twin(&network.spec, &network.decisions, reading.input).ok();
        let naive = twin.filter(|twin| !twin.modules.is_empty()).map(|twin| {
            // Beside the network it is for as many images, if so many can be counted.
            let grown = twin.grown.as_ref().ok().filter(|graph| batch <= analyze::largest_batch(graph));
            let grown = grown.map(|graph| analyze::analyze(graph, &Options { batch }));
            (analyze::naive(&twin), grown)
        });
        Read { marginals: marginal::of(&network), network, analysis, naive, source, digest }
    }

    fn shown<'a>(&'a self, clusters: &'a [LayerClusters]) -> PageNetwork<'a> {
        PageNetwork {
            graph: &self.network.graph,
            analysis: &self.analysis,
            marginals: &self.marginals,
            clusters,
            naive: self.naive.as_ref().map(|(naive, grown)| (naive, grown.as_ref())),
            source: &self.source,
            digest: self.digest,
        }
    }
}

impl Report {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.write(findings))
    }

    fn write(self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        // A device or a pipe has no ending.
        if let Some(path) = self.output.as_deref().filter(|path| !matches!(&*ending(path), "" | "html" | "htm")) {
            anyhow::bail!("`{}`: the page is HTML; end the file's name in .html", path.display());
        }
        let mut exit = Exit::Ok;
        let mut read = Vec::with_capacity(self.specs.len());
        for spec in &self.specs {
            let outcome = loading::network(spec, &self.reading, findings);
            exit = exit.max(outcome.exit);
            let Some(network) = outcome.network else { continue };
            let most = analyze::largest_batch(&network.graph);
            anyhow::ensure!(
                self.batch <= most,
                "a batch of {} makes the sums of `{spec}` larger than can be counted; at most {most}",
                self.batch
            );
            read.push(Read::new(network, &self.reading, self.batch));
        }
        // A page that leaves out what it was asked for would not say so.
        if read.len() < self.specs.len() {
            return Ok(exit);
        }
        let clusters = self.clusters.as_deref().map(clusters::read).transpose()?.unwrap_or_default();
        anyhow::ensure!(
            clusters.is_empty() || read.len() == 1,
            "`--clusters` are those of one network, and {} specs are named",
            read.len()
        );
        if let Some(file) = &self.clusters {
            let graph = &read[0].network.graph;
            let foreign = clusters.iter().find(|found| node_at(graph, &found.layer).is_none());
            if let Some(LayerClusters { layer, .. }) = foreign {
                anyhow::bail!("`{}` is of another network: `{}` has no layer `{layer}`", file.display(), graph.name());
            }
        }
        let networks: Vec<PageNetwork<'_>> = read.iter().map(|read| read.shown(&clusters)).collect();
        output::give(&report::html(&networks), self.output.as_deref())?;
        Ok(exit)
    }
}

/// What a spec is called on the page: its path as it was given, of a path from the root only its end, so that the page tells nothing
/// of the machine.
fn shown(name: &str) -> String {
    let path = Path::new(name);
    let end = path.file_name().filter(|_| path.is_absolute());
    end.map_or_else(|| name.to_owned(), |end| end.to_string_lossy().into_owned())
}
