//! `nas activations`: what layers of a run's network give for images, as arrays for other programs.

pub(super) mod contents;

use std::path::PathBuf;

use anyhow::bail;
use anyhow::ensure;
use clap::Args;

use crate::cli::Exit;
use crate::cli::activations::contents::ACTIVATIONS;
use crate::cli::activations::contents::About;
use crate::cli::activations::contents::Array;
use crate::cli::activations::contents::Form;
use crate::cli::activations::contents::dims;
use crate::cli::activations::contents::head;
use crate::cli::arguments::Computing;
use crate::cli::arguments::Showing;
use crate::cli::ending::ending;
use crate::cli::eval::Of;
use crate::cli::explain::unknown_path;
use crate::cli::findings::Findings;
use crate::cli::images;
use crate::cli::loading::Network;
use crate::cli::output;
use crate::cli::progress;
use crate::cli::streamed::Streamed;
use crate::cli::train::stopping::Stopping;
use crate::cli::trained;
use crate::cli::trained::Opened;
use crate::cli::trained::Shown;
use crate::cli::trained::Which;
use crate::data::Dataset;
use crate::data::Part;
use crate::graph::NodeIndex;
use crate::train;
use crate::train::Feed;
use crate::train::Material;
use crate::train::Normalisation;
use crate::train::Number;
use crate::train::Probe;
use crate::train::Subject;
use crate::train::TrainError;
use crate::train::node_at;

/// Arguments of `nas activations`.
#[derive(Debug, Args)]
#[command(
    after_help = "A layer is named by its path as `nas analyze` shows it; PATH is what it gives in the end, PATH:part another of its nodes, as in
`3a/3x3:conv`, before normalisation and activation. Arrays are [image, channel, row, column] of 32-bit floats, [image, channel]
where the map is a single pixel. A .npy file holds one layer; a .safetensors file also `labels`, and of several layers each
under its path. Numbers go to the file batch by batch; it is there whole or not at all.

Examples:
  nas activations runs/cifar --layer 3a -o 3a.npy
  nas activations runs/cifar --layer 3a/3x3:conv --images 500 -o conv.safetensors
  nas activations runs/cifar --layer 3a --layer 3b --part train --which ema -o modules.safetensors"
)]
pub(super) struct Activations {
    /// A run's folder
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// What is read: a layer, branch or module by its path, or one node of it, PATH:part
    #[arg(short, long = "layer", value_name = "PATH", required = true)]
    layers: Vec<String>,
    /// Other images than the run's own: a folder, an archive, or `shapes`
    #[arg(long, value_name = "DATA")]
    data: Option<String>,
    /// Which images; `val` are those set aside from training where the data set has no part of its own
    #[arg(long, value_enum, default_value_t = Of::Test, value_name = "PART")]
    part: Of,
    /// So many of them, of each class its share, spread evenly [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    images: Option<u32>,
    /// Which weights
    #[arg(long, value_enum, default_value_t = Which::Best)]
    which: Which,
    /// Images at a time
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=65536))]
    batch: u32,
    #[command(flatten)]
    computing: Computing,
    /// Says what was written as JSON, nas.activations/1
    #[arg(long)]
    json: bool,
    /// The file, .npy or .safetensors
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    of_images: images::ImageReading,
    #[command(flatten)]
    showing: Showing,
}

impl Activations {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.showing.clone();
        Findings::gather(&showing, |findings| self.computing.pool()?.install(|| self.read(findings)))
    }

    fn read(&self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let form = self.form()?;
        let opened = match Opened::at(&self.run, &self.showing, findings) {
            Ok(opened) => opened,
            Err(exit) => return Ok(exit),
        };
        let nodes = self.nodes(&opened.network)?;
        let shown = match opened.shown(self.which, self.data.as_deref(), &self.of_images, findings) {
            Ok(shown) => shown,
            Err(exit) => return Ok(exit),
        };
        let Shown { subject, state, named, dataset } = shown;
        let normalisation = opened.normalisation();
        let (feed, places) = match self.shown(&dataset, &subject, &opened, &normalisation) {
            Ok(shown) => shown,
            Err(error) => return Ok(trained::fail(&error, findings)),
        };
        let part = self.part.part().name();
        ensure!(!places.is_empty(), "`{named}` has no images for `--part {part}`");
        let places = match self.images {
            Some(images) => of_all_classes(&places, &feed.labels(&places), images as usize),
            None => places,
        };
        let layer = |(layer, &index): (_, &NodeIndex)| {
            let shape = dims(places.len(), opened.network.graph.node(index).shape);
            Array { layer, node: opened.network.graph.path(index), shape }
        };
        let about = About {
            schema: ACTIVATIONS,
            name: &opened.run.about.name,
            which: self.which.name(),
            part,
            images: places.len(),
            layers: self.layers.iter().map(String::as_str).zip(&nodes).map(layer).collect(),
            classes: &dataset.classes,
        };
        let batch = (self.batch as usize).min(places.len());
        let showing = train::Showing { batch, kernels: self.computing.kernels()? };
        let mut probe = Probe::new(&subject, &state, &nodes, showing);
        let stopping = Stopping::listen()?;
        let mut file = Streamed::begin(&self.output)?;
        let begins = head(&mut file, form, &about, &feed.labels(&places))?;
        let bar = progress::images(places.len());
        for (number, some) in places.chunks(batch).enumerate() {
            for ((values, begin), layer) in probe.values(&feed, some).iter().zip(&begins).zip(&about.layers) {
                let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                let of_image: u64 = layer.shape[1..].iter().product::<u64>() * Number::F32.bytes();
                file.write_at(begin + (number * batch) as u64 * of_image, &bytes)?;
            }
            bar.at(number * batch + some.len());
            if stopping.is_asked() {
                return Ok(Exit::Interrupted);
            }
        }
        drop(bar);
        file.finish()?;
        output::give(&if self.json { serde_json::to_string_pretty(&about)? + "\n" } else { about.told(&self.output) }, None)?;
        Ok(Exit::Ok)
    }

    fn form(&self) -> anyhow::Result<Form> {
        match &*ending(&self.output) {
            "npy" if self.layers.len() > 1 => {
                bail!("a .npy file holds one array, and {} layers are named; write a .safetensors", self.layers.len())
            }
            "npy" => Ok(Form::Npy),
            "safetensors" => Ok(Form::Safetensors),
            _ => bail!(
                "`{}`: arrays are NumPy's or safetensors; end the file's name in .npy or .safetensors",
                self.output.display()
            ),
        }
    }

    /// The nodes that the layers name.
    fn nodes(&self, network: &Network) -> anyhow::Result<Vec<NodeIndex>> {
        let (graph, computed) = (&network.graph, network.graph.in_inference());
        let node = |(at, path): (usize, &String)| {
            ensure!(!self.layers[..at].contains(path), "`--layer {path}` is given twice");
            let Some(node) = node_at(graph, path) else { bail!(unknown_path(network, path)) };
            ensure!(computed[node.index()], "`{path}` of `{}` is for training only, no image goes through it", graph.name());
            Ok(node)
        };
        self.layers.iter().enumerate().map(node).collect()
    }

    /// The images that are meant.
    fn shown<'a>(
        &self,
        dataset: &'a Dataset,
        subject: &Subject<'_>,
        opened: &Opened,
        normalisation: &'a Normalisation,
    ) -> Result<(Feed<'a>, Vec<usize>), TrainError> {
        let part = self.part.part();
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
}

/// As many places in their order, of each class its share at equal distances.
fn of_all_classes(places: &[usize], labels: &[u16], count: usize) -> Vec<usize> {
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
