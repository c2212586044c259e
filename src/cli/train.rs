//! `nas train`: a network, images and settings become a run, a folder that can be gone on with.

pub(super) mod flags;
pub(super) mod outcome;
pub(super) mod plan;
pub(super) mod reading;
pub(super) mod running;
pub(super) mod stopping;

use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use anyhow::bail;
use clap::Args;

use crate::cli::Exit;
use crate::cli::arguments;
use crate::cli::files;
use crate::cli::findings::Findings;
use crate::cli::images;
use crate::cli::loading::Network;
use crate::cli::output;
use crate::cli::train::flags::Flags;
use crate::cli::train::plan::Plan;
use crate::cli::train::running::Start;
use crate::cli::train::stopping::Stopping;
use crate::cli::trained;
use crate::cli::trained::Opened;
use crate::data::Dataset;
use crate::graph::initialise;
use crate::kernel::Arch;
use crate::spec;
use crate::train::Beginning;
use crate::train::Ending;
use crate::train::Material;
use crate::train::Normalisation;
use crate::train::Run;
use crate::train::RunFolder;
use crate::train::Session;
use crate::train::Subject;
use crate::train::TrainError;
use crate::train::begin_with;

/// Arguments of `nas train`.
#[derive(Debug, Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "A DATA is a folder, a .tar or a .tar.gz as `nas data` reads it, or `shapes`, a generated set that needs no download. \
A share of the training images is set aside to choose the best epoch by; images for testing are left to `nas eval`.

Ctrl-C writes a checkpoint and ends with exit code 130. A run that was stopped or killed goes on by `--resume`, and ends with the \
same bytes as one that was not. Exit code 4: numbers became infinite; the last good checkpoint stays.

Examples:
  nas train cifar-inception-small --data shapes --epochs 3 -o runs/shapes
  nas train cifar-inception --data cifar10.tar.gz --epochs 10 --augment cifar -o runs/cifar
  nas train --resume runs/cifar
  nas train googlenet --data photos --batch 32 --dry-run"
)]
pub(super) struct Train {
    /// A spec file, `-`, or the name of a built-in spec
    #[arg(value_name = "SPEC", required_unless_present = "resume", conflicts_with = "resume")]
    spec: Option<String>,
    #[command(flatten)]
    reading: arguments::Reading,
    /// What to learn from: a folder or archive of images, or `shapes`
    #[arg(long, value_name = "DATA", required_unless_present = "resume")]
    data: Option<String>,
    /// The run's folder, new or empty
    #[arg(short, long, value_name = "RUN", required_unless_present_any = ["resume", "dry_run"], conflicts_with = "resume")]
    output: Option<PathBuf>,
    /// Goes on with a run that was stopped or killed
    #[arg(long, value_name = "RUN")]
    resume: Option<PathBuf>,
    /// Says memory, steps and minutes an epoch, and does nothing else
    #[arg(long, conflicts_with = "resume")]
    dry_run: bool,
    /// Of a dry run: steps to measure
    #[arg(long, value_name = "N", default_value_t = 2, requires = "dry_run", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    measure: u32,
    /// Of a dry run: prints JSON, nas.plan/1
    #[arg(long, requires = "dry_run")]
    json: bool,
    /// Begins with the tensors of a run's best epoch, or of a safetensors file, that fit
    #[arg(long, value_name = "RUN", conflicts_with = "resume")]
    init_from: Option<PathBuf>,
    /// Threads; the result does not hang on them [default: all processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Instruction set: scalar, neon, avx2, avx512 [default: that of the environment's `NAS_ARCH`, or the best that is there]
    #[arg(long, value_name = "NAME", conflicts_with = "resume")]
    arch: Option<String>,
    /// Seconds between two checkpoints within an epoch
    #[arg(long, value_name = "N", default_value_t = 120)]
    keep_every: u64,
    /// Of the generated set `shapes`: images for training [default: 5000]
    #[arg(long, value_name = "N", help_heading = "Images", conflicts_with = "resume")]
    images: Option<usize>,
    #[command(flatten)]
    of_images: images::ImageReading,
    #[command(flatten)]
    flags: Flags,
}

/// What a training needs, read and checked.
struct Prepared {
    network: Network,
    settings: spec::Train,
    arch: Arch,
    dataset: Dataset,
    normalisation: Normalisation,
}

impl Train {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.reading.showing.clone();
        Findings::gather(&showing, |findings| {
            arguments::pool(self.threads)?.install(|| match &self.resume {
                Some(run) => self.resumed(run, findings),
                None => self.begun(findings),
            })
        })
    }

    fn begun(&self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        if let Some(folder) = &self.output
            && let Err(error) = RunFolder::may_begin(folder)
        {
            return Ok(trained::fail(&error, findings));
        }
        let arch = arguments::arch(self.arch.as_deref())?;
        let named = self.spec.as_deref().unwrap_or("-");
        let (network, settings) = match reading::network(named, &self.reading, &self.flags, findings) {
            Ok(read) => read,
            Err(exit) => return Ok(exit),
        };
        let subject = Subject::of(&network.graph)?;
        let named = self.data.as_deref().unwrap_or_default();
        let dataset = match images::read(named, self.images, &self.of_images, &subject, settings.augment) {
            Ok(dataset) => dataset,
            Err(error) => return Ok(trained::fail_of_data(&error, findings)),
        };
        let normalisation = Normalisation::of(&dataset.train().statistics(), subject.image.c as usize);
        let prepared = Prepared { network, settings, arch, dataset, normalisation };
        self.train_anew(&prepared, named, findings)
    }

    fn train_anew(&self, prepared: &Prepared, named: &str, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let Prepared { network, settings, arch, dataset, normalisation } = prepared;
        let graph = &network.graph;
        let subject = Subject::of(graph)?;
        let mut state = initialise(graph, u64::from(settings.seed));
        if let Some(from) = &self.init_from {
            match begin_with(&Run::weights(from), &mut state) {
                Ok(beginning) => output::give(&told(from, &beginning), None)?,
                Err(error) => return Ok(trained::fail(&error, findings)),
            }
        }
        let material = match Material::of(dataset, &subject, settings, normalisation) {
            Ok(material) => material,
            Err(error) => return Ok(trained::fail(&error, findings)),
        };
        let head = plan::head(graph, dataset, &material, settings);
        let counts = [material.learned.len(), material.validation.len(), dataset.test().len()];
        let mut session = Session::new(subject, settings, material, state, *arch);
        if self.dry_run {
            let plan = match Plan::of(graph, settings, dataset, &mut session, self.measure) {
                Ok(plan) => plan,
                Err(error) => return Ok(trained::fail(&error, findings)),
            };
            let text = if self.json { serde_json::to_string_pretty(&plan)? + "\n" } else { head + &plan.table() };
            output::give(&text, None)?;
            return Ok(Exit::Ok);
        }
        let Some(folder) = &self.output else { bail!("-o RUN names the run's folder") };
        let began_with = self.init_from.as_ref().map(|from| from.display().to_string());
        let data = running::data_of(dataset, named, counts, self.images);
        let start = Start { spec: &network.spec, graph, settings, arch: *arch, data, dataset, normalisation, began_with };
        let made = match start.create(folder, &session) {
            Ok(made) => made,
            Err(error) => return Ok(trained::fail(&error, findings)),
        };
        output::give(&head, None)?;
        self.train(&mut session, &made, folder, dataset, findings)
    }

    fn resumed(&self, path: &Path, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        if let Some((name, _)) = self.flags.written().first() {
            bail!("a run goes on with its own settings: `--{}` cannot be given with `--resume`", name.replace('_', "-"));
        }
        let (folder, run) = match RunFolder::resume(path) {
            Ok(resumed) => resumed,
            Err(error) => return Ok(trained::fail(&error, findings)),
        };
        let arch =
            arguments::arch(Some(&run.about.arch)).context("the run was begun on another processor, whose numbers differ")?;
        let opened = match Opened::of(run, &self.reading.showing, findings) {
            Ok(opened) => opened,
            Err(exit) => return Ok(exit),
        };
        let resumed = || -> Result<_, TrainError> { Ok((Subject::of(&opened.network.graph)?, opened.settings()?)) };
        let (subject, settings) = match resumed() {
            Ok(resumed) => resumed,
            Err(error) => return Ok(trained::fail(&error, findings)),
        };
        let (named, dataset) = match opened.images(self.data.as_deref(), &self.of_images, &subject, findings) {
            Ok(found) => found,
            Err(exit) => return Ok(exit),
        };
        if !opened.learned_from(&dataset) {
            let error = TrainError::Unfit(format!("the images of `{named}` are not those that the run began with"));
            return Ok(trained::fail(&error, findings));
        }
        let normalisation = opened.normalisation();
        let taken_up = Material::of(&dataset, &subject, &settings, &normalisation)
            .and_then(|material| running::taken_up(&opened.run, subject, &settings, material, arch));
        match taken_up {
            Ok(mut session) => {
                let position = session.position();
                output::give(&format!("going on after epoch {}, step {}\n", position.epoch, position.step), None)?;
                self.train(&mut session, &folder, path, &dataset, findings)
            }
            Err(error) => Ok(trained::fail(&error, findings)),
        }
    }

    fn train(
        &self,
        session: &mut Session<'_>,
        folder: &RunFolder,
        path: &Path,
        dataset: &Dataset,
        findings: &mut Findings<'_>,
    ) -> anyhow::Result<Exit> {
        let stopping = Stopping::listen()?;
        let ended = running::train(session, folder, path, Duration::from_secs(self.keep_every), &stopping);
        match ended {
            Ok(Ending::Stopped) => {
                output::give(&format!("stopped; `nas train --resume {}` goes on\n", files::as_argument(path)), None)?;
                Ok(Exit::Interrupted)
            }
            Ok(ending) => {
                let run = match Run::open(path) {
                    Ok(run) => run,
                    Err(error) => return Ok(trained::fail(&error, findings)),
                };
                let text = outcome::show(session, &run, dataset, ending)?;
                output::give(&text, None)?;
                Ok(Exit::Ok)
            }
            Err(error) => Ok(trained::fail(&error, findings)),
        }
    }
}

/// What became of the tensors that were to be taken over.
fn told(from: &Path, beginning: &Beginning) -> String {
    let mut text = format!("{} tensors taken from `{}`", beginning.taken.len(), from.display());
    let names = |names: &[String]| names.iter().fold(String::new(), |text, name| text + "  " + name + "\n");
    if beginning.taken.is_empty() || !beginning.missing.is_empty() || !beginning.unlike.is_empty() {
        text += &format!(", {} begin anew\n", beginning.missing.len() + beginning.unlike.len());
        text += &names(&beginning.missing);
        for (name, here, there) in &beginning.unlike {
            text += &format!("  {name}: {here:?} here, {there:?} there\n");
        }
    } else {
        text += ", all there are\n";
    }
    if !beginning.unused.is_empty() {
        text += &format!("{} tensors are not used\n", beginning.unused.len());
        text += &names(&beginning.unused);
    }
    text
}
