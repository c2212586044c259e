//! `nas eval`: how well a run's network does on images that it has not seen.

use std::path::PathBuf;

use anyhow::Context;
use anyhow::bail;
use anyhow::ensure;
use clap::Args;
use clap::ValueEnum;

use crate::cli::Exit;
use crate::cli::arguments::Showing;
use crate::cli::findings::Findings;
use crate::cli::images;
use crate::cli::judged;
use crate::cli::output;
use crate::cli::profile;
use crate::cli::progress;
use crate::cli::trained;
use crate::cli::trained::Which;
use crate::data::Part;
use crate::report;
use crate::spec::Augment;
use crate::train;
use crate::train::Feed;
use crate::train::Judgement;
use crate::train::Run;
use crate::train::Subject;
use crate::train::evaluate;

/// Images at a time, unless the training took another number.
const BATCH: usize = 64;

/// Arguments of `nas eval`.
#[derive(Debug, Args)]
#[command(after_help = "Writes evaluation.json, confusion.csv, confusion.svg, wrong.csv and wrong.png into RUN/test, or -o DIR.

Examples:
  nas eval runs/cifar
  nas eval runs/cifar --which ema --json
  nas eval runs/cifar --data other-images --part train -o other")]
pub(super) struct Eval {
    /// A run's folder
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// Other images than the run's own: a folder or archive with the same classes
    #[arg(long, value_name = "DATA")]
    data: Option<String>,
    /// Which images
    #[arg(long, value_enum, default_value_t = Of::Test, value_name = "PART")]
    part: Of,
    /// Which weights
    #[arg(long, value_enum, default_value_t = Which::Best)]
    which: Which,
    /// Images at a time
    #[arg(long, value_name = "N", default_value_t = BATCH as u32, value_parser = clap::value_parser!(u32).range(1..=65536))]
    batch: u32,
    /// Threads [default: all processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Instruction set: scalar, avx2, avx512 [default: that of the environment's `NAS_ARCH`, or the best that is there]
    #[arg(long, value_name = "NAME")]
    arch: Option<String>,
    /// Prints JSON instead of a table
    #[arg(long)]
    json: bool,
    /// The folder that figures, matrix and sheet go to [default: the part's name in RUN]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    of_images: images::ImageReading,
    #[command(flatten)]
    showing: Showing,
}

/// Which images are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Of {
    /// Those for testing
    Test,
    /// Those that the data set itself keeps for validation
    Val,
    /// Those for training, all of them
    Train,
}

impl Of {
    pub(super) fn part(self) -> Part {
        match self {
            Of::Test => Part::Test,
            Of::Val => Part::Validation,
            Of::Train => Part::Train,
        }
    }
}

impl Eval {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.showing.clone();
        Findings::gather(&showing, |findings| {
            let threads = usize::from(self.threads.unwrap_or(0));
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().context("threads cannot be started")?;
            pool.install(|| self.evaluate(findings))
        })
    }

    fn evaluate(&self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let run = match Run::open(&self.run) {
            Ok(run) => run,
            Err(error) => return Ok(trained::fail(&error, findings)),
        };
        let network = match trained::network(&run, &self.showing, findings) {
            Ok(network) => network,
            Err(exit) => return Ok(exit),
        };
        let loaded = Subject::of(&network.graph).and_then(|subject| Ok((subject, trained::state(&run, &network, self.which)?)));
        let (subject, state) = match loaded {
            Ok(loaded) => loaded,
            Err(error) => return Ok(trained::fail(&error, findings)),
        };
        let named = self.data.as_deref().unwrap_or(&run.about.data.source);
        let generated = run.about.data.generated.filter(|_| named == images::SHAPES);
        let augment = trained::settings(&network, &run).map_or(Augment::None, |settings| settings.augment);
        let dataset = match images::read(named, generated, &self.of_images, &subject, augment) {
            Ok(dataset) => dataset,
            Err(error) => return Ok(trained::fail_of_data(&error, findings)),
        };
        if dataset.classes != run.about.classes {
            let known = &run.about.classes;
            let other = dataset.classes.iter().zip(known).find(|(found, known)| found != known);
            match other {
                Some((found, known)) => bail!("`{named}` has the class `{found}` where the run learned `{known}`"),
                None => bail!("`{named}` has {} classes, the run learned {}", dataset.classes.len(), known.len()),
            }
        }
        let part = self.part.part();
        let images = dataset.part(part);
        ensure!(!images.is_empty(), "`{named}` has no images for `--part {}`", part.name());
        let normalisation = trained::normalisation(&run);
        let feed = match Feed::new(images, subject.image, &normalisation) {
            Ok(feed) => feed,
            Err(error) => return Ok(trained::fail(&error, findings)),
        };
        let places: Vec<usize> = (0..images.len()).collect();
        let showing = train::Showing { batch: self.batch as usize, arch: profile::arch(self.arch.as_deref())? };
        let shown = progress::images(places.len());
        let after = |done| {
            shown.at(done);
            true
        };
        let found = evaluate(&subject, &state, &feed, &places, showing, after).unwrap_or_default();
        drop(shown);
        let judgement = Judgement::of(&found, [&run.about.name, self.which.name(), part.name()], &run.about.classes);
        let folder = self.output.clone().unwrap_or_else(|| run.path().join(part.name()));
        judged::write(&folder, &judgement, &found, images)?;
        let text =
            if self.json { serde_json::to_string_pretty(&judgement)? + "\n" } else { report::evaluation_table(&judgement) };
        output::give(&text, None)?;
        Ok(Exit::Ok)
    }
}
