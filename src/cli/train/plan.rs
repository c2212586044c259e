//! What a training is about to do: memory, steps, time.

use anyhow::ensure;
use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze;
use crate::analyze::footprint;
use crate::analyze::largest_batch;
use crate::base::units;
use crate::cli::files;
use crate::cli::progress::duration;
use crate::data::Dataset;
use crate::exec::Room;
use crate::graph::Graph;
use crate::spec;
use crate::spec::Train;
use crate::train::Learner;
use crate::train::Material;
use crate::train::Session;
use crate::train::TrainError;

/// Refuses what the machine's memory does not hold, before it is asked for.
pub(in crate::cli) fn fits(graph: &Graph, settings: &Train) -> anyhow::Result<()> {
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
    let mut has_images = vec![false; dataset.classes.len()];
    material.feed.labels(&material.learned).into_iter().for_each(|label| has_images[usize::from(label)] = true);
    let without: Vec<&str> = dataset.classes.iter().zip(has_images).filter(|(_, has)| !has).map(|(class, _)| &**class).collect();
    if !without.is_empty() {
        text += &format!("no images to learn from: {}\n", without.join(", "));
    }
    if material.validation.is_empty() && settings.validation.get() > 0.0 {
        text += "too few images for any to be set aside: the last epoch counts as the best\n";
    }
    let classes = graph.outputs().iter().map(|output| graph.node(output.node).shape.c as usize).max().unwrap_or(0);
    if dataset.classes.len() < classes {
        text += &format!("the network tells {} classes apart: those without images are never right\n", grouped(classes));
    }
    text + &format!(
        "{} epoch{} of {} steps of {} images\n",
        settings.epochs,
        if settings.epochs == 1 { "" } else { "s" },
        units::grouped(steps.into()),
        settings.batch
    )
}

/// Name of the form of [`Plan`].
const PLAN: &str = "nas.plan/1";

/// What a dry run found.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Plan {
    /// `nas.plan/1`.
    #[schemars(extend("const" = PLAN))]
    schema: &'static str,
    /// The network's name.
    name: String,
    /// The instruction set.
    arch: &'static str,
    /// Threads.
    threads: usize,
    /// Images of a step.
    batch: u32,
    /// Epochs that it is to have.
    epochs: u32,
    /// Steps of each.
    steps_per_epoch: u64,
    /// Of the executor, in bytes.
    memory: Room,
    /// Weights, gradients, average and the optimizer's numbers.
    kept_bytes: u64,
    /// The data set.
    image_bytes: u64,
    /// Time of each step that was measured, the update of weights included.
    step_ns: Vec<u64>,
}

impl Plan {
    /// Measures so many steps.
    pub(super) fn of(
        graph: &Graph,
        settings: &Train,
        dataset: &Dataset,
        session: &mut Session<'_>,
        steps: u32,
    ) -> Result<Plan, TrainError> {
        let engine = session.learner().engine();
        let (memory, arch, kept_bytes) = (engine.room(), engine.arch().name(), session.learner().kept_bytes());
        let times = session.rehearse(steps)?;
        Ok(Plan {
            schema: PLAN,
            name: graph.name().to_owned(),
            arch,
            threads: rayon::current_num_threads(),
            batch: settings.batch,
            epochs: settings.epochs,
            steps_per_epoch: session.steps(),
            memory,
            kept_bytes,
            image_bytes: dataset.parts.iter().map(|images| images.pixels().len() as u64).sum(),
            step_ns: times.iter().map(|time| time.as_nanos() as u64).collect(),
        })
    }

    /// The step in the middle, in seconds.
    fn step(&self) -> f64 {
        let mut times = self.step_ns.clone();
        times.sort_unstable();
        times.get(times.len() / 2).map_or(0.0, |&time| time as f64 / 1e9)
    }

    /// For a terminal.
    pub(super) fn table(&self) -> String {
        let rows = [
            ("live values", self.memory.live),
            ("padding", self.memory.padding),
            ("arena, which holds both", self.memory.arena),
            ("scratch", self.memory.scratch),
            ("packed weights", self.memory.packed),
            ("weights, gradients, optimizer", self.kept_bytes),
            ("images", self.image_bytes),
        ];
        let mut text = String::from("\nmemory\n");
        for (name, bytes) in rows {
            text += &format!("  {name:<32}{:>12}\n", units::bytes(bytes.into(), 1));
        }
        let all = rows[2..].iter().map(|(_, bytes)| bytes).sum::<u64>();
        text += &format!("  {:<32}{:>12}\n", "in all: arena and below", units::bytes(all.into(), 1));
        let step = self.step();
        let rate = f64::from(self.batch) / step.max(f64::MIN_POSITIVE);
        let epoch = step * self.steps_per_epoch as f64;
        text += &format!("\ntime, by {} steps on this machine, validation left out\n", self.step_ns.len());
        text += &format!("  a step of {} images: {:.0} ms, {rate:.0} images/s\n", self.batch, step * 1e3);
        text += &format!("  an epoch of {} steps: {}\n", self.steps_per_epoch, duration(epoch));
        text + &format!("  all {} epochs: {}\n", self.epochs, duration(epoch * f64::from(self.epochs)))
    }
}
