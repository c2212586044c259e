//! What correlations say of layers: of a network that is shown images twice, of untrained ones beside it, and of arrays in a file.

use std::path::Path;

use anyhow::Context;
use anyhow::bail;

use crate::cli::arrays;
use crate::cli::ending::ending;
use crate::cli::look::Look;
use crate::cli::train::stopping::Stopping;
use crate::graph::NodeIndex;
use crate::graph::State;
use crate::graph::initialise;
use crate::kernel::Arch;
use crate::propose::Control;
use crate::propose::LayerClusters;
use crate::propose::Resampling;
use crate::propose::Sightings;
use crate::propose::StatisticsError;
use crate::propose::Watch;
use crate::propose::statistics::MapShape;
use crate::train::settle;

/// Units of a cluster correlate by more than this, unless another threshold is asked for.
pub(super) const THRESHOLD: f32 = 0.5;
/// Groups of images from which replicates are drawn.
pub(super) const GROUPS: usize = 20;
/// Replicates of the images, unless other numbers are asked for.
pub(super) const REPLICATES: u32 = 40;
/// Bytes of statistics that are held at a time; layers beyond wait for another walk over the images.
const MOST_BYTES: usize = 3 << 29;

/// How layers are watched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watching {
    /// Units of a cluster correlate by more than this.
    pub(super) threshold: f32,
    /// Groups of images that a bootstrap draws from.
    pub(super) groups: usize,
    pub(super) resampling: Resampling,
    /// Untrained networks beside the trained one.
    pub(super) controls: u32,
    /// Takes an untrained network in the place of the trained one.
    pub(super) untrained: bool,
}

/// A layer by its name.
pub(super) struct Layer<'a> {
    pub(super) name: &'a str,
    pub(super) node: NodeIndex,
}

/// Of a run's layers on its images, with untrained networks of the same form; nothing if it was asked to stop.
pub(super) fn of_look(
    look: &Look<'_>,
    layers: &[Layer<'_>],
    watching: Watching,
    stopping: &Stopping,
) -> anyhow::Result<Option<Vec<LayerClusters>>> {
    let untrained = |seed: u64| {
        let mut state = initialise(look.subject.graph, seed);
        settle(look.subject, &mut state, look.feed, look.places, look.showing.kernels);
        state
    };
    let first = watching.resampling.seed;
    // An untrained network in the trained one's place is none of its own controls.
    let in_place = watching.untrained.then(|| untrained(first + u64::from(watching.controls)));
    let state = in_place.as_ref().unwrap_or(look.state);
    let Some(mut found) = of_state(look, state, layers, watching, stopping)? else { return Ok(None) };
    for control in 0..watching.controls {
        let seed = first + u64::from(control);
        let state = untrained(seed);
        let alone = Watching { groups: 1, ..watching };
        let Some(of_control) = of_state(look, &state, layers, alone, stopping)? else { return Ok(None) };
        for (found, control) in found.iter_mut().zip(&of_control) {
            found.controls.push(Control::of(control, seed));
        }
    }
    Ok(Some(found))
}

/// Of the network with some numbers, in as many walks over the images as memory asks for.
fn of_state(
    look: &Look<'_>,
    state: &State,
    layers: &[Layer<'_>],
    watching: Watching,
    stopping: &Stopping,
) -> anyhow::Result<Option<Vec<LayerClusters>>> {
    let arch = look.showing.kernels.arch;
    let shape = |layer: &Layer<'_>| {
        let shape = look.subject.graph.node(layer.node).shape;
        let [channels, height, width] = [shape.c, shape.h, shape.w].map(|side| side as usize);
        MapShape { channels, height, width }
    };
    let mut found = Vec::new();
    let mut rest = layers;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = |layer: &&Layer<'_>| {
            bytes += Watch::bytes(shape(layer).channels, watching.groups);
            bytes <= MOST_BYTES
        };
        let (now, later) = rest.split_at(rest.iter().take_while(fits).count().max(1));
        rest = later;
        let sightings = Sightings { images: look.places.len(), groups: watching.groups };
        let of_layer = |layer: &Layer<'_>| Watch::new(arch, shape(layer), sightings).with_context(|| format!("`{}`", layer.name));
        let mut watches: Vec<Watch> = now.iter().map(of_layer).collect::<anyhow::Result<_>>()?;
        let nodes: Vec<NodeIndex> = now.iter().map(|layer| layer.node).collect();
        let named = |result: Result<(), StatisticsError>, at: usize| result.with_context(|| format!("`{}`", now[at].name));
        for is_second in [false, true] {
            if is_second && !watches.iter().any(Watch::wants_more) {
                break;
            }
            let all = look.each(state, &nodes, stopping, |_, values| {
                let each = watches.iter_mut().zip(values).enumerate();
                each.filter(|(_, (watch, _))| !is_second || watch.wants_more())
                    .try_for_each(|(at, (watch, values))| named(watch.add(values), at))
            })?;
            if !all {
                return Ok(None);
            }
            for (at, watch) in watches.iter_mut().enumerate() {
                named(if is_second { watch.end() } else { watch.turn() }, at)?;
            }
        }
        for (layer, watch) in now.iter().zip(&watches) {
            found.push(of_watch(layer.name, watch, watching)?);
        }
    }
    Ok(Some(found))
}

/// Of arrays in a file, `[image, channel, row, column]`.
pub(super) fn of_file(file: &Path, wanted: &[String], arch: Arch, watching: Watching) -> anyhow::Result<Vec<LayerClusters>> {
    let mut found = Vec::new();
    for array in &arrays::read(file, wanted)? {
        let sightings = Sightings { images: array.values.len() / array.shape.values().max(1), groups: watching.groups };
        let watch = || -> Result<Watch, StatisticsError> {
            let mut watch = Watch::new(arch, array.shape, sightings)?;
            watch.add(&array.values)?;
            watch.turn()?;
            if watch.wants_more() {
                watch.add(&array.values)?;
                watch.end()?;
            }
            Ok(watch)
        };
        let watch = watch().with_context(|| format!("`{}` of `{}`", array.name, file.display()))?;
        found.push(of_watch(&array.name, &watch, watching)?);
    }
    Ok(found)
}

fn of_watch(name: &str, watch: &Watch, Watching { threshold, resampling, .. }: Watching) -> anyhow::Result<LayerClusters> {
    LayerClusters::of(name, watch, threshold, resampling).with_context(|| format!("`{name}`"))
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
