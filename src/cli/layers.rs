//! `nas cluster RUN`: what correlations say of a trained network's layers, in two passes over the images.

use std::path::Path;

use anyhow::Context;
use anyhow::bail;

use crate::cli::Exit;
use crate::cli::arguments::Showing;
use crate::cli::arrays;
use crate::cli::ending::ending;
use crate::cli::findings::Findings;
use crate::cli::look::Look;
use crate::cli::look::Looking;
use crate::cli::train::stopping::Stopping;
use crate::kernel::Arch;
use crate::propose::Innovations;
use crate::propose::LayerClusters;
use crate::propose::StatisticsError;
use crate::propose::statistics::BLOCK;
use crate::propose::statistics::MapShape;
use crate::propose::statistics::Offsets;
use crate::propose::statistics::Statistics;

/// Sides of maps below which there is nothing to say of innovations in windows of 5x5.
const LEAST_SIDE: usize = 5;

/// A layer on its way through both passes.
struct Layer<'a> {
    name: &'a str,
    first: Statistics,
    /// What neighbours foretell, and the statistics of the rest.
    second: Option<(Innovations, Statistics)>,
    /// Images that make no whole block yet: results do not hang on the size of batches.
    waiting: Vec<f32>,
}

impl<'a> Layer<'a> {
    fn new(name: &'a str, arch: Arch, shape: MapShape) -> anyhow::Result<Layer<'a>> {
        let first = Statistics::new(arch, shape, Offsets::five(), 0).with_context(|| format!("`{name}`"))?;
        Ok(Layer { name, first, second: None, waiting: Vec::new() })
    }

    /// Gets ready for the second pass.
    fn turn(&mut self, arch: Arch) -> anyhow::Result<()> {
        let shape = self.first.shape();
        if shape.height.min(shape.width) >= LEAST_SIDE {
            let innovations = Innovations::of(&self.first).with_context(|| format!("`{}`", self.name))?;
            let statistics = Statistics::new(arch, innovations.shape(), Offsets::five(), 0)?;
            self.second = Some((innovations, statistics));
        }
        Ok(())
    }

    fn add(&mut self, values: &[f32], pass: usize) -> anyhow::Result<()> {
        self.waiting.extend_from_slice(values);
        let of_block = BLOCK * self.first.shape().values();
        let whole = self.waiting.len() / of_block.max(1) * of_block;
        let rest = self.waiting.split_off(whole);
        let values = std::mem::replace(&mut self.waiting, rest);
        self.take(&values, pass)
    }

    /// The images that still wait.
    fn end(&mut self, pass: usize) -> anyhow::Result<()> {
        let values = std::mem::take(&mut self.waiting);
        self.take(&values, pass)
    }

    fn take(&mut self, values: &[f32], pass: usize) -> anyhow::Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        let added = match (&mut self.second, pass) {
            (Some((innovations, statistics)), 1) => innovations.apply(values).and_then(|values| statistics.add(&values)),
            (None, 1) => Ok(()),
            _ => self.first.add(values),
        };
        added.with_context(|| format!("`{}`", self.name))
    }

    fn found(&self, threshold: f32) -> Result<LayerClusters, StatisticsError> {
        let innovations = self.second.as_ref().map(|(_, statistics)| statistics);
        LayerClusters::of(self.name, &self.first, innovations, threshold)
    }
}

/// Of a run's layers on its images; nothing if it was asked to stop.
pub(super) fn of_run(
    looking: &Looking,
    run: &Path,
    showing: &Showing,
    findings: &mut Findings<'_>,
    threshold: f32,
    give: impl FnOnce(&[LayerClusters]) -> anyhow::Result<()>,
) -> anyhow::Result<Exit> {
    let arch = looking.computing.arch()?;
    looking.look(run, showing, findings, |mut look: Look<'_>| {
        let graph = &look.opened.network.graph;
        let mut layers = Vec::new();
        for (name, &node) in looking.layers.iter().zip(look.nodes) {
            let shape = graph.node(node).shape;
            let [channels, height, width] = [shape.c, shape.h, shape.w].map(|side| side as usize);
            layers.push(Layer::new(name, arch, MapShape { channels, height, width })?);
        }
        let stopping = Stopping::listen()?;
        for pass in 0..2 {
            let all = look.each(&stopping, |_, values| {
                layers.iter_mut().zip(values).try_for_each(|(layer, values)| layer.add(values, pass))
            })?;
            if !all {
                return Ok(Exit::Interrupted);
            }
            layers.iter_mut().try_for_each(|layer| layer.end(pass))?;
            if pass == 0 {
                layers.iter_mut().try_for_each(|layer| layer.turn(arch))?;
            }
        }
        give(&found(&layers, threshold)?)?;
        Ok(Exit::Ok)
    })
}

/// Of arrays in a file, `[image, channel, row, column]`.
pub(super) fn of_file(file: &Path, wanted: &[String], arch: Arch, threshold: f32) -> anyhow::Result<Vec<LayerClusters>> {
    let arrays = arrays::read(file, wanted)?;
    let mut layers = Vec::new();
    for array in &arrays {
        let mut layer = Layer::new(&array.name, arch, array.shape)?;
        for pass in 0..2 {
            layer.take(&array.values, pass)?;
            if pass == 0 {
                layer.turn(arch)?;
            }
        }
        layers.push(layer);
    }
    found(&layers, threshold)
}

fn found(layers: &[Layer<'_>], threshold: f32) -> anyhow::Result<Vec<LayerClusters>> {
    layers.iter().map(|layer| layer.found(threshold).with_context(|| format!("`{}`", layer.name))).collect()
}

/// Whether a path names a file of arrays; a run is a folder.
pub(super) fn is_file_of_arrays(path: &Path) -> anyhow::Result<bool> {
    if path.is_dir() {
        return Ok(false);
    }
    match &*ending(path) {
        "npy" | "safetensors" => Ok(true),
        _ => bail!("`{}` is neither a run's folder nor a .npy or .safetensors file", path.display()),
    }
}
