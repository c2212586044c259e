//! What a training is about to do: memory, steps, time.

use anyhow::ensure;

use crate::analyze;
use crate::analyze::footprint;
use crate::analyze::largest_batch;
use crate::base::units;
use crate::cli::files;
use crate::cli::progress::duration;
use crate::data::Dataset;
use crate::graph::Graph;
use crate::spec;
use crate::spec::Train;
use crate::train::Learner;
use crate::train::Material;
use crate::train::Session;
use crate::train::kept_bytes;

/// Steps that a dry run measures.
const REHEARSED: u32 = 2;

/// Refuses what the machine's memory does not hold, before it is asked for.
pub(super) fn fits(graph: &Graph, settings: &Train) -> anyhow::Result<()> {
    let images = Learner::images_at_once(settings) as u32;
    let help = "take a smaller `--batch`, or compute it in parts by `--accumulate`";
    ensure!(images <= largest_batch(graph), "{images} images at once take more memory than any machine has; {help}");
    let optimizer = match settings.optimizer {
        spec::Optimizer::AdamW => analyze::Optimizer::AdamW,
        spec::Optimizer::Sgd => analyze::Optimizer::Momentum,
    };
    let bytes = footprint(graph, 1, &[images], optimizer).batches[0].training_total_bytes;
    if let Some(free) = files::free_memory().filter(|&free| bytes > u128::from(free)) {
        let (bytes, free) = (units::bytes(bytes, 1), units::bytes(free.into(), 1));
        anyhow::bail!("{images} images at once take {bytes}, and {free} are free; {help}");
    }
    Ok(())
}

/// What is trained on what.
pub(super) fn head(graph: &Graph, dataset: &Dataset, material: &Material<'_>, settings: &Train) -> String {
    let totals = graph.inference_totals();
    let grouped = |number: usize| units::grouped(number as u128);
    let steps = material.steps(settings);
    let mut text = format!(
        "{}: {} parameters, {} multiply-adds an image\n{}: {} classes, {} images to learn from, {} set aside, {} for testing\n",
        graph.name(),
        units::grouped(totals.params),
        units::grouped(totals.cost.madds),
        dataset.kind.name(),
        grouped(dataset.classes.len()),
        grouped(material.learned.len()),
        grouped(material.validation.len()),
        grouped(dataset.test().len()),
    );
    if !dataset.bad.is_empty() {
        text += &format!("{} files cannot be used and are left out; `nas data` lists them\n", grouped(dataset.bad.len()));
    }
    let classes = graph.outputs().iter().map(|output| graph.node(output.node).shape.c as usize).max().unwrap_or(0);
    if dataset.classes.len() < classes {
        text += &format!("the network tells {} classes apart: those without images are never right\n", grouped(classes));
    }
    text + &format!("{} epochs of {} steps of {} images\n", settings.epochs, units::grouped(steps.into()), settings.batch)
}

/// Memory, steps and time, a few steps measured.
pub(super) fn dry_run(graph: &Graph, settings: &Train, dataset: &Dataset, session: &mut Session<'_>) -> anyhow::Result<String> {
    let room = session.learner().engine().room();
    let kept = kept_bytes(graph, settings);
    let images: u64 = dataset.parts.iter().map(|images| images.pixels().len() as u64).sum();
    let step = session.rehearse(REHEARSED)?.as_secs_f64();
    let steps = session.steps();
    let rate = f64::from(settings.batch) / step.max(f64::MIN_POSITIVE);
    let rows = [
        ("live values", room.live),
        ("padding", room.padding),
        ("arena, which holds both", room.arena),
        ("scratch", room.scratch),
        ("packed weights", room.packed),
        ("weights, gradients, optimizer", kept),
        ("images", images),
    ];
    let mut text = String::from("\nmemory\n");
    for (name, bytes) in rows {
        text += &format!("  {name:<32}{:>12}\n", units::bytes(bytes.into(), 1));
    }
    let all = room.arena + room.scratch + room.packed + kept + images;
    text += &format!("  {:<32}{:>12}\n", "in all: arena and below", units::bytes(all.into(), 1));
    let epoch = step * steps as f64;
    text += &format!("\ntime, by {REHEARSED} steps on this machine, validation left out\n");
    text += &format!("  a step of {} images: {:.0} ms, {rate:.0} images/s\n", settings.batch, step * 1e3);
    text += &format!("  an epoch of {steps} steps: {}\n", duration(epoch));
    text += &format!("  all {} epochs: {}\n", settings.epochs, duration(epoch * f64::from(settings.epochs)));
    Ok(text)
}
