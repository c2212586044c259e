//! Layers of a run's network looked at on some images: what `activations`, `cluster` and `propose` share.

use std::path::Path;

use anyhow::bail;
use anyhow::ensure;
use clap::Args;

use crate::cli::Exit;
use crate::cli::arguments::Computing;
use crate::cli::arguments::Showing;
use crate::cli::eval::Of;
use crate::cli::explain::unknown_path;
use crate::cli::findings::Findings;
use crate::cli::images;
use crate::cli::loading::Network;
use crate::cli::progress;
use crate::cli::train::stopping::Stopping;
use crate::cli::trained;
use crate::cli::trained::Opened;
use crate::cli::trained::Shown;
use crate::cli::trained::Which;
use crate::data::Dataset;
use crate::data::Part;
use crate::graph::NodeIndex;
use crate::graph::State;
use crate::train;
use crate::train::Feed;
use crate::train::Material;
use crate::train::Normalisation;
use crate::train::Probe;
use crate::train::Subject;
use crate::train::TrainError;
use crate::train::node_at;

/// Which layers, on which images.
#[derive(Debug, Args)]
pub(super) struct Looking {
    /// What is read: a layer, branch or module by its path, or one node of it, PATH:part
    #[arg(short, long = "layer", value_name = "PATH")]
    pub(super) layers: Vec<String>,
    /// Which images; `val` are those set aside from training where the data set has no part of its own
    #[arg(long, value_enum, default_value_t = Of::Test, value_name = "PART")]
    part: Of,
    /// So many of them, of each class its share, spread evenly [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    images: Option<u32>,
    #[command(flatten)]
    pub(super) glance: Glance,
}

/// With which weights a run's network is shown images, and whose.
#[derive(Debug, Args)]
pub(super) struct Glance {
    /// Other images than the run's own: a folder, an archive, or `shapes`
    #[arg(long, value_name = "DATA")]
    data: Option<String>,
    /// Which weights
    #[arg(long, value_enum, default_value_t = Which::Best)]
    pub(super) which: Which,
    /// Images at a time
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=65536))]
    batch: u32,
    #[command(flatten)]
    pub(super) computing: Computing,
    #[command(flatten)]
    of_images: images::ImageReading,
}

/// What is looked at.
pub(super) struct Look<'a> {
    /// The network's name.
    pub(super) name: &'a str,
    /// What is shown images.
    pub(super) subject: &'a Subject<'a>,
    /// With these numbers.
    pub(super) state: &'a State,
    /// For each image its class.
    pub(super) labels: Vec<u16>,
    /// The classes' names.
    pub(super) classes: &'a [String],
    /// Which images they are.
    pub(super) part: &'static str,
    /// The images.
    pub(super) feed: &'a Feed<'a>,
    /// Which of them.
    pub(super) places: &'a [usize],
    /// How they are shown.
    pub(super) showing: train::Showing<'a>,
}

impl Look<'_> {
    /// Hands `take` the values of nodes batch by batch, `[image, channel, row, column]`, with the number of the first image, the network having these
    /// numbers; whether `take` got all of them, or was asked to stop.
    pub(super) fn each(
        &self,
        state: &State,
        nodes: &[NodeIndex],
        stopping: &Stopping,
        mut take: impl FnMut(usize, &[Vec<f32>]) -> anyhow::Result<()>,
    ) -> anyhow::Result<bool> {
        let mut probe = Probe::new(self.subject, state, nodes, self.showing);
        let bar = progress::images(self.places.len());
        for (number, some) in self.places.chunks(self.showing.batch).enumerate() {
            take(number * self.showing.batch, &probe.values(self.feed, some))?;
            bar.at(number * self.showing.batch + some.len());
            if stopping.is_asked() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Looking {
    /// Opens a run, finds layers and images, and hands them to `work`.
    pub(super) fn look(
        &self,
        run: &Path,
        showing: &Showing,
        findings: &mut Findings<'_>,
        work: impl FnOnce(&Look<'_>, &[NodeIndex]) -> anyhow::Result<Exit>,
    ) -> anyhow::Result<Exit> {
        let opened = match Opened::at(run, showing, findings) {
            Ok(opened) => opened,
            Err(exit) => return Ok(exit),
        };
        let nodes = self.nodes(&opened.network)?;
        self.glance.look(&opened, self.part, self.images, findings, |look| work(look, &nodes))
    }

    /// The nodes that the layers name.
    fn nodes(&self, network: &Network) -> anyhow::Result<Vec<NodeIndex>> {
        ensure!(!self.layers.is_empty(), "no layer is named; name one with `--layer PATH`, as `nas analyze` shows it");
        let (graph, computed) = (&network.graph, network.graph.in_inference());
        let node = |(at, path): (usize, &String)| {
            ensure!(!self.layers[..at].contains(path), "`--layer {path}` is given twice");
            let Some(node) = node_at(graph, path) else { bail!(unknown_path(network, path)) };
            ensure!(computed[node.index()], "`{path}` of `{}` is for training only, no image goes through it", graph.name());
            Ok(node)
        };
        self.layers.iter().enumerate().map(node).collect()
    }
}

impl Glance {
    /// Finds weights and images of a run, so many of a part, and hands them to `work`.
    pub(super) fn look(
        &self,
        opened: &Opened,
        of: Of,
        images: Option<u32>,
        findings: &mut Findings<'_>,
        work: impl FnOnce(&Look<'_>) -> anyhow::Result<Exit>,
    ) -> anyhow::Result<Exit> {
        let shown = match opened.shown(self.which, self.data.as_deref(), &self.of_images, findings) {
            Ok(shown) => shown,
            Err(exit) => return Ok(exit),
        };
        let Shown { subject, state, named, dataset } = shown;
        let normalisation = opened.normalisation();
        let (feed, places) = match places(of, &dataset, &subject, opened, &normalisation) {
            Ok(shown) => shown,
            Err(error) => return Ok(trained::fail(&error, findings)),
        };
        let part = of.part().name();
        ensure!(!places.is_empty(), "`{named}` has no images for `--part {part}`");
        let places = match images {
            Some(images) => of_all_classes(&places, &feed.labels(&places), images as usize),
            None => places,
        };
        let batch = (self.batch as usize).min(places.len());
        let by_taps = self.computing.by_taps(&opened.network)?;
        let showing = train::Showing { batch, kernels: self.computing.kernels(&by_taps)? };
        let (labels, classes) = (feed.labels(&places), &dataset.classes[..]);
        let name = &opened.run.about.name;
        work(&Look { name, subject: &subject, state: &state, labels, classes, part, feed: &feed, places: &places, showing })
    }
}

/// The images that are meant.
fn places<'a>(
    of: Of,
    dataset: &'a Dataset,
    subject: &Subject<'_>,
    opened: &Opened,
    normalisation: &'a Normalisation,
) -> Result<(Feed<'a>, Vec<usize>), TrainError> {
    let part = of.part();
    if part == Part::Validation && dataset.part(part).is_empty() {
        let settings = opened.settings()?;
        let material = Material::of(dataset, subject, &settings, normalisation)?;
        return Ok((material.chosen, material.validation));
    }
    let images = dataset.part(part);
    if images.is_empty() {
        return Ok((Feed::new(dataset.train(), subject.image, normalisation)?, Vec::new()));
    }
    Ok((Feed::new(images, subject.image, normalisation)?, (0..images.len()).collect()))
}

/// As many places in their order, of each class its share at equal distances.
pub(super) fn of_all_classes(places: &[usize], labels: &[u16], count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|&at| labels[at]);
    let count = count.min(places.len());
    let mut chosen: Vec<usize> = (0..count).map(|at| order[(2 * at + 1) * places.len() / (2 * count)]).collect();
    chosen.sort_unstable();
    chosen.into_iter().map(|at| places[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_images_are_of_all_classes() {
        // Classes one after another, and one in turn with the other.
        assert_eq!(of_all_classes(&[5, 6, 7, 8, 9, 10], &[0, 0, 0, 1, 1, 1], 4), [5, 7, 8, 10]);
        assert_eq!(of_all_classes(&[5, 6, 7, 8, 9, 10], &[0, 1, 0, 1, 0, 1], 2), [7, 8]);
        assert_eq!(of_all_classes(&[5, 6], &[1, 0], 3), [5, 6]);
        assert_eq!(of_all_classes(&[], &[], 3), [0; 0]);
    }
}
