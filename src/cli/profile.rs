//! `nas profile`: where the time of running or training a network goes, step by step, on this machine.

use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use anyhow::bail;
use anyhow::ensure;
use clap::Args;
use clap::ValueEnum;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::analyze::Optimizer;
use crate::analyze::footprint;
use crate::analyze::largest_batch;
use crate::analyze::predicted_ns;
use crate::base::Machine;
use crate::base::units;
use crate::cli::Exit;
use crate::cli::arguments::Computing;
use crate::cli::arguments::Reading;
use crate::cli::ending::ending;
use crate::cli::files;
use crate::cli::findings::Findings;
use crate::cli::loading;
use crate::cli::machine;
use crate::cli::output;
use crate::exec::Inference;
use crate::exec::InferencePlan;
use crate::exec::Kernels;
use crate::exec::Profile as Found;
use crate::exec::ProfiledStep;
use crate::exec::Sweeper;
use crate::exec::Training;
use crate::exec::profile_inference;
use crate::exec::profile_training;
use crate::graph::Graph;
use crate::graph::Learning;
use crate::graph::NodeIndex;
use crate::graph::initialise;
use crate::kernel::Arch;
use crate::report;
use crate::report::Paint;

/// The least that is timed unless rounds are given.
const LEAST_TIME: Duration = Duration::from_secs(2);
/// The fewest rounds.
const LEAST_ROUNDS: usize = 5;
/// How many times the largest cache takes its place.
const TIMES_CACHE: u64 = 2;
/// Bytes of the largest cache where the machine does not tell.
const LARGE_CACHE: u64 = 64 << 20;

/// Arguments of `nas profile`.
#[derive(Debug, Args)]
#[command(
    after_help = "Times hang on the machine and on what else it does; compare them within one machine only. Weights and images are \
random. `madds` of a training step count forward, gradients of inputs and gradients of weights.

Examples:
  nas profile googlenet-torchvision --batch 16
  nas profile cifar-inception --training --batch 128 --sort time --top 10
  nas profile googlenet --threads 1 --format csv -o steps.csv
  nas profile googlenet --machine here.json
  nas profile googlenet --cold --no-winograd=3a,conv2

With a table of this machine, which `nas calibrate` makes, predicted times stand beside the measured ones."
)]
pub(super) struct Profile {
    /// A spec file, `-`, or the name of a built-in spec
    #[arg(value_name = "SPEC")]
    spec: String,
    #[command(flatten)]
    reading: Reading,
    /// Images of a batch
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=65536))]
    batch: u32,
    /// Times a training step, forward and backward with all heads; the update of weights is not in it
    #[arg(long)]
    training: bool,
    /// Computes node by node instead of fusing them
    #[arg(long, conflicts_with = "training")]
    unfused: bool,
    /// Times batches also with cold caches: other memory takes the place of weights and values before each
    #[arg(long, conflicts_with = "training")]
    cold: bool,
    #[command(flatten)]
    computing: Computing,
    /// Batches to time [default: as many as take two seconds, and 5 at least]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rounds: Option<u32>,
    /// Predicts with this table of a machine: a file or a name that `nas calibrate` gave, or `example` [default: this machine's, if it
    /// has one]
    #[arg(long, value_name = "FILE|NAME")]
    machine: Option<String>,
    /// Order of the table
    #[arg(long, value_enum, default_value_t = Order::Run)]
    sort: Order,
    /// Shows so many steps of the table
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Seed of weights and images
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Form of the result; by the extension of `--output` unless given
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Writes the result to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Order {
    /// As steps are run
    Run,
    /// The longest first
    Time,
    /// The slowest in multiply-adds a second first; steps without any last
    Rate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Table,
    /// nas.profile/1
    Json,
    /// One line a step
    Csv,
}

impl Profile {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        output::check_place(self.output.as_deref())?;
        let format = self.format()?;
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| self.profile(findings, format))
    }

    fn format(&self) -> anyhow::Result<Format> {
        match (self.format, self.output.as_deref().map(ending).as_deref()) {
            (Some(format), _) => Ok(format),
            (None, None | Some("txt" | "")) => Ok(Format::Table),
            (None, Some("json")) => Ok(Format::Json),
            (None, Some("csv")) => Ok(Format::Csv),
            (None, Some(other)) => {
                bail!("`.{other}` is no form of a result; end the file's name in .txt, .json or .csv, or say `--format`")
            }
        }
    }

    fn profile(self, findings: &mut Findings<'_>, format: Format) -> anyhow::Result<Exit> {
        let arch = self.computing.arch()?;
        let outcome = loading::network(&self.spec, &self.reading, findings);
        let Some(network) = outcome.network else { return Ok(outcome.exit) };
        let by_taps = self.computing.by_taps(&network)?;
        let kernels = self.computing.kernels(&by_taps)?;
        self.fits(&network.graph)?;
        let pool = self.computing.pool()?;
        let named = self.machine.as_deref();
        let (machine, says) = predictor(named, arch, pool.current_num_threads())?;
        let sweeper = self.cold.then(|| Sweeper::new((TIMES_CACHE * machine::largest_cache().unwrap_or(LARGE_CACHE)) as usize));
        let found = pool.install(|| self.measured(&network.graph, kernels, sweeper));
        let found = match machine {
            Some(machine) => self.against(&network.graph, found, &machine),
            None => found,
        };
        let text = match format {
            Format::Table => {
                let paint = if self.output.is_some() { Paint::PLAIN } else { self.reading.showing.color.paint() };
                report::profile_table(&found, &ordered(&found, self.sort), self.top.unwrap_or(usize::MAX), &says, &paint)
            }
            Format::Json => report::json(std::slice::from_ref(&found)),
            Format::Csv => report::profile_csv(&found),
        };
        output::give(&text, self.output.as_deref())?;
        Ok(outcome.exit)
    }

    /// With what the machine's table predicts for its threads.
    fn against(&self, graph: &Graph, found: Found, machine: &Machine) -> Found {
        let Some(speed) = machine.speed(Some(found.threads)) else { return found };
        let chosen = if self.training { graph.leading_to(|_| true) } else { graph.in_inference() };
        let pass = |nodes: &[NodeIndex], products| predicted_ns(graph, &chosen, speed, nodes, self.batch, products);
        found.with_prediction(machine.name.clone(), speed.peak_madds_per_second, pass)
    }

    /// Refuses what the machine's memory does not hold, before it is asked for.
    fn fits(&self, graph: &Graph) -> anyhow::Result<()> {
        let too_much = |wanted: &str| format!("a batch of {} takes {wanted}; take a smaller `--batch` or `--input`", self.batch);
        ensure!(self.batch <= largest_batch(graph), too_much("more memory than any machine has"));
        let of_batch = footprint(graph, 1, &[self.batch], Optimizer::Sgd).batches[0];
        let bytes = if self.training { of_batch.training_total_bytes } else { of_batch.arena_bytes.into() };
        if let Some(free) = files::free_memory().filter(|&free| bytes > u128::from(free)) {
            bail!(too_much(&format!("{}, and {} are free", units::bytes(bytes, 1), units::bytes(free.into(), 1))));
        }
        Ok(())
    }

    fn measured(&self, graph: &Graph, kernels: Kernels<'_>, sweeper: Option<Sweeper>) -> Found {
        let images = self.batch as usize;
        let mut state = initialise(graph, self.seed);
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(u64::MAX);
        let mut batch =
            |elements: u128| -> Vec<f32> { (0..images * elements as usize).map(|_| random.random_range(-1.0..1.0)).collect() };
        let inputs: Vec<Vec<f32>> = graph.inputs().map(|input| batch(graph.node(input).shape.elements())).collect();
        let inputs: Vec<&[f32]> = inputs.iter().map(Vec::as_slice).collect();
        let begun = Instant::now();
        let enough = |rounds: usize| match self.rounds {
            Some(wanted) => rounds >= wanted as usize,
            None => rounds >= LEAST_ROUNDS && begun.elapsed() >= LEAST_TIME,
        };
        if self.training {
            let mut training = Training::new(graph, &Learning::of(graph), images, kernels);
            profile_training(graph, &mut training, &mut state, &inputs, enough)
        } else {
            let plan = InferencePlan { images, kernels, keep: &[], fused: !self.unfused };
            profile_inference(graph, &mut Inference::new(graph, &state, &plan), &inputs, sweeper, enough)
        }
    }
}

/// The table to predict from, the named one or this machine's, and what to say where there is none. A kept table that cannot be read
/// is no reason not to measure.
fn predictor(named: Option<&str>, arch: Arch, threads: usize) -> anyhow::Result<(Option<Machine>, String)> {
    if let Some(named) = named {
        let machine = machine::find(named)?;
        let has = machine.speed(Some(threads)).is_some();
        ensure!(has, "the table of `{}` has no speed for {threads} threads; take others with `--threads`", machine.name);
        return Ok((Some(machine), String::new()));
    }
    Ok(match machine::of_this(arch, threads) {
        Ok(None) => (None, "no table of it for so many threads: `nas calibrate` makes one, and times are predicted".to_owned()),
        Ok(found) => (found, String::new()),
        Err(error) => (None, format!("{error:#}; `nas calibrate` makes its table anew")),
    })
}

/// The steps' places in the order that is asked for.
fn ordered(found: &Found, order: Order) -> Vec<usize> {
    let mut places: Vec<usize> = (0..found.steps.len()).collect();
    let step = |place: &usize| -> &ProfiledStep { &found.steps[*place] };
    match order {
        Order::Run => {}
        Order::Time => places.sort_by_key(|place| std::cmp::Reverse(step(place).ns())),
        Order::Rate => places.sort_by(|a, b| {
            let (a, b) = (step(a), step(b));
            let has_none = |step: &ProfiledStep| step.madds == 0;
            let rates = (u128::from(a.madds) * u128::from(b.ns())).cmp(&(u128::from(b.madds) * u128::from(a.ns())));
            has_none(a).cmp(&has_none(b)).then(rates)
        }),
    }
    places
}
