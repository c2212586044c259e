//! `nas eval`: how well a run's network does on images that it has not seen.

use std::path::PathBuf;

use anyhow::bail;
use anyhow::ensure;
use clap::Args;
use clap::ValueEnum;

use crate::cli::Exit;
use crate::cli::arguments::Computing;
use crate::cli::arguments::Showing;
use crate::cli::findings::Findings;
use crate::cli::images;
use crate::cli::judged;
use crate::cli::output;
use crate::cli::trained;
use crate::cli::trained::Opened;
use crate::cli::trained::Shown;
use crate::cli::trained::Which;
use crate::data::Dataset;
use crate::data::Part;
use crate::report;
use crate::train;
use crate::train::Judgement;

/// Images at a time.
pub(super) const BATCH: u32 = 64;

/// Arguments of `nas eval`.
#[derive(Debug, Args)]
#[command(
    after_help = "Writes evaluation.json, confusion.csv, confusion.svg, wrong.csv and wrong.png into RUN/test, or -o DIR. Other weights \
have a folder of their own, RUN/test-last, and so have other images, RUN/test-other: `nas runs` shows RUN/test.

Examples:
  nas eval runs/cifar
  nas eval runs/cifar --which ema --json
  nas eval runs/cifar --data other-images --part train -o other"
)]
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
    #[arg(long, value_name = "N", default_value_t = BATCH, value_parser = clap::value_parser!(u32).range(1..=65536))]
    batch: u32,
    #[command(flatten)]
    computing: Computing,
    /// Prints JSON instead of a table
    #[arg(long)]
    json: bool,
    /// The folder that figures, matrix and sheet go to [default: the part's name in RUN, with `-last` or `-ema` for these weights and `-other` for other images]
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
        Findings::gather(&showing, |findings| self.computing.pool()?.install(|| self.evaluate(findings)))
    }

    /// Where figures go in the run's folder: those of other weights or images do not take the place of the run's own, wherever these lie now.
    fn folder_of(&self, dataset: &Dataset, opened: &Opened) -> String {
        let mut name = self.part.part().name().to_owned();
        if self.which != Which::Best {
            name += &format!("-{}", self.which.name());
        }
        if self.data.is_some() && !opened.learned_from(dataset) {
            name += "-other";
        }
        name
    }

    fn evaluate(&self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        let opened = match Opened::at(&self.run, &self.showing, findings) {
            Ok(opened) => opened,
            Err(exit) => return Ok(exit),
        };
        let shown = match opened.shown(self.which, self.data.as_deref(), &self.of_images, findings) {
            Ok(shown) => shown,
            Err(exit) => return Ok(exit),
        };
        let Shown { subject, state, named, dataset } = shown;
        if dataset.classes != opened.run.about.classes {
            let known = &opened.run.about.classes;
            let lacks = |of: &[String], from: &[String]| of.iter().find(|class| !from.contains(class)).cloned();
            match (lacks(known, &dataset.classes), lacks(&dataset.classes, known)) {
                (Some(class), _) => bail!("`{named}` lacks the class `{class}`, which the run learned"),
                (None, Some(class)) => bail!("`{named}` has the class `{class}`, which the run did not learn"),
                (None, None) => bail!("`{named}` has its classes in another order than the run learned them"),
            }
        }
        let part = self.part.part();
        let images = dataset.part(part);
        ensure!(!images.is_empty(), "`{named}` has no images for `--part {}`", part.name());
        let by_taps = self.computing.by_taps(&opened.network)?;
        let showing = train::Showing { batch: self.batch as usize, kernels: self.computing.kernels(&by_taps)? };
        let found = match judged::shown(&subject, &state, images, &opened.normalisation(), showing) {
            Ok(found) => found,
            Err(error) => return Ok(trained::fail(&error, findings)),
        };
        let judgement =
            Judgement::of(&found, [&opened.run.about.name, self.which.name(), part.name()], &opened.run.about.classes);
        let folder = self.output.clone().unwrap_or_else(|| opened.run.path().join(self.folder_of(&dataset, &opened)));
        judged::write(&folder, &judgement, &found, images)?;
        let text =
            if self.json { serde_json::to_string_pretty(&judgement)? + "\n" } else { report::evaluation_table(&judgement) };
        output::give(&text, None)?;
        Ok(Exit::Ok)
    }
}
