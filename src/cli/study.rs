//! `nas study`: several networks and seeds on the same images as one command that can be gone on with, and what they say together.

mod agreement;
mod beginning;
mod course;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use anyhow::anyhow;
use clap::Args;
use clap::ValueEnum;

use crate::cli::Exit;
use crate::cli::arguments;
use crate::cli::arguments::Looks;
use crate::cli::arguments::Reading;
use crate::cli::arguments::Showing;
use crate::cli::findings::Findings;
use crate::cli::images;
use crate::cli::images::ImageReading;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::cli::output;
use crate::cli::study::beginning::Beginning;
use crate::cli::study::course::Course;
use crate::cli::tabular::Format;
use crate::cli::train::stopping::Stopping;
use crate::cli::trained;
use crate::data::Dataset;
use crate::report;
use crate::spec::Augment;
use crate::train::Keep;
use crate::train::Normalisation;
use crate::train::Outcome;
use crate::train::StudyFolder;
use crate::train::Subject;
use crate::train::TrainError;
use crate::train::digest;
use crate::train::test_digest;

/// Arguments of `nas study`.
#[derive(Debug, Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "With `--arm`, `--data` and `--seeds` a study begins; without them it goes on, seed by seed, the arms in turn, and shows the \
result when all runs are done. `--format` or `-o` shows what is done so far and trains nothing.

Arms are compared by the test accuracy that `nas runs` shows, that of the best epoch: paired by seed, with the 95 % interval of \
Student's t, and p of the exact test by flipped signs, corrected by Holm's method.

Ctrl-C writes a checkpoint and ends with exit code 130. Exit code 4: numbers of a run became infinite; the others are run.

Examples:
  nas study studies/naive --arm inception=cifar-inception-small --arm naive=naive.yaml --data shapes --seeds 6
  nas study studies/naive
  nas study studies/naive --format markdown
  nas study studies/naive -o naive.svg"
)]
pub(super) struct Study {
    /// The study's folder: new or empty to begin
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    #[command(flatten)]
    beginning: Beginning,
    /// Form of the result; by the extension of `--output` unless given
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Writes the result to a file; a picture if it ends in .svg or .png
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What stays of a run's checkpoints when it is done
    #[arg(long, value_enum, default_value_t = Kept::All, value_name = "WHAT")]
    keep: Kept,
    /// Threads; the result does not hang on them [default: all processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Seconds between two checkpoints within an epoch
    #[arg(long, value_name = "N", default_value_t = 120)]
    keep_every: u64,
    #[command(flatten)]
    of_images: ImageReading,
    #[command(flatten)]
    looks: Looks,
    #[command(flatten)]
    showing: Showing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kept {
    /// Those of the last epoch and of the best
    All,
    /// Those of the last epoch
    Last,
    /// None
    None,
}

impl Kept {
    const fn of_runs(self) -> Keep {
        match self {
            Kept::All => Keep::All,
            Kept::Last => Keep::Last,
            Kept::None => Keep::None,
        }
    }
}

impl Study {
    /// Runs it.
    pub(super) fn run(self) -> anyhow::Result<Exit> {
        let showing = self.showing.clone();
        Findings::gather(&showing, |findings| {
            if self.format.is_some() || self.output.is_some() {
                return self.show_what_is_done(findings);
            }
            arguments::pool(self.threads)?.install(|| self.trained(findings).or_else(Ok))
        })
    }

    fn show_what_is_done(&self, findings: &mut Findings<'_>) -> anyhow::Result<Exit> {
        anyhow::ensure!(
            !self.beginning.is_asked(),
            "`--format` and `-o` show what is done of a study; begin it, or go on with it, without them"
        );
        let read = || -> Result<Outcome, TrainError> {
            let folder = StudyFolder::open(&self.folder)?;
            Ok(Outcome::of(&folder.plan, &folder.rows()?))
        };
        match read() {
            Ok(outcome) => self.give(&outcome),
            Err(error) => Ok(trained::fail(&error, findings)),
        }
    }

    fn give(&self, outcome: &Outcome) -> anyhow::Result<Exit> {
        let picture = |width| report::study_picture(outcome, width);
        if self.format.is_none() && self.looks.give(self.output.as_deref(), picture)? {
            return Ok(Exit::Ok);
        }
        let text = match Format::of(self.format, self.output.as_deref())? {
            Format::Table => report::study_table(outcome, self.showing.color.paint().width),
            Format::Json => report::json(std::slice::from_ref(outcome)),
            Format::Csv => report::study_csv(outcome),
            Format::Markdown => report::study_markdown(outcome),
        };
        output::give(&text, self.output.as_deref())?;
        Ok(Exit::Ok)
    }

    /// Begins or goes on, to the end.
    fn trained(&self, findings: &mut Findings<'_>) -> Result<Exit, Exit> {
        let (folder, read) = if StudyFolder::is_in(&self.folder) {
            (StudyFolder::open(&self.folder).map_err(|error| trained::fail(&error, findings))?, None)
        } else if self.beginning.is_asked() {
            let (folder, dataset) = self.beginning.begin(&self.folder, &self.of_images, &self.showing, findings)?;
            (folder, Some(dataset))
        } else {
            let what = "holds no study; `--arm NAME=SPEC` twice or more, `--data DATA` and `--seeds N` begin one";
            return Err(findings.fail(&anyhow!("`{}` {what}", self.folder.display())));
        };
        let networks = self.networks(&folder, findings)?;
        if read.is_none() {
            agreement::check(&self.beginning, &folder.plan, &networks, &self.reading(), findings)?;
        }
        let rows = folder.rows().map_err(|error| trained::fail(&error, findings))?;
        if let Some(named) = self.beginning.data.as_deref().filter(|_| read.is_none()) {
            // Images that are named are looked at, also where nothing is left to train.
            let subject = Subject::of(&networks[0][0].graph).map_err(|error| trained::fail(&error, findings))?;
            self.images(named, &folder, &networks, &subject, findings)?;
        }
        let failed = if Outcome::of(&folder.plan, &rows).is_whole() {
            let _held = folder.hold().map_err(|error| trained::fail(&error, findings))?;
            let tidied = folder.plan.runs().iter().try_for_each(|run| folder.tidy(run, self.keep.of_runs()));
            tidied.map_err(|error| trained::fail(&error, findings))?;
            0
        } else {
            self.train_what_is_left(&folder, &networks, read, findings)?
        };
        let rows = folder.rows().map_err(|error| trained::fail(&error, findings))?;
        self.give(&Outcome::of(&folder.plan, &rows)).map_err(|error| findings.fail(&error))?;
        Ok(if failed > 0 { Exit::Failed } else { Exit::Ok })
    }

    /// How many runs failed.
    fn train_what_is_left(
        &self,
        folder: &StudyFolder,
        networks: &[Vec<Network>],
        read: Option<Dataset>,
        findings: &mut Findings<'_>,
    ) -> Result<usize, Exit> {
        let arch = arguments::arch(Some(&folder.plan.arch))
            .context("the study was begun on another processor, whose numbers differ")
            .map_err(|error| findings.fail(&error))?;
        let subject = Subject::of(&networks[0][0].graph).map_err(|error| trained::fail(&error, findings))?;
        let named = self.beginning.data.as_deref().unwrap_or(&folder.plan.data.source);
        let dataset = match read {
            Some(dataset) => dataset,
            None => self.images(named, folder, networks, &subject, findings)?,
        };
        let course = Course {
            folder,
            networks,
            named,
            dataset: &dataset,
            normalisation: Normalisation::of(&dataset.train().statistics(), subject.image.c as usize),
            arch,
            keep: self.keep.of_runs(),
            keep_every: Duration::from_secs(self.keep_every),
            stopping: Stopping::listen().map_err(|error| findings.fail(&error))?,
        };
        course.train(findings)
    }

    fn reading(&self) -> Reading {
        Reading { set: Vec::new(), input: None, showing: self.showing.clone() }
    }

    /// The networks of each arm, off the study's own specs.
    fn networks(&self, folder: &StudyFolder, findings: &mut Findings<'_>) -> Result<Vec<Vec<Network>>, Exit> {
        let reading = self.reading();
        let mut networks = Vec::new();
        for (number, arm) in folder.plan.arms.iter().enumerate() {
            let mut own = Vec::new();
            for draw in 0..arm.draws.len() {
                let path = folder.spec(number, draw).map_err(|error| trained::fail(&error, findings))?;
                let outcome = loading::network(&path.display().to_string(), &reading, findings);
                own.push(outcome.network.ok_or(outcome.exit)?);
            }
            networks.push(own);
        }
        Ok(networks)
    }

    /// The images that the study began with, wherever they lie now.
    fn images(
        &self,
        named: &str,
        folder: &StudyFolder,
        networks: &[Vec<Network>],
        subject: &Subject<'_>,
        findings: &mut Findings<'_>,
    ) -> Result<Dataset, Exit> {
        let plan = &folder.plan;
        let augment = networks[0][0].spec.train.as_ref().map_or(Augment::None, |train| train.augment);
        let generated = plan.data.generated.filter(|_| named == images::SHAPES);
        let dataset = images::read(named, generated, &self.of_images, subject, augment)
            .map_err(|error| trained::fail_of_data(&error, findings))?;
        if digest(&dataset) != plan.data.digest || test_digest(&dataset) != plan.test_digest {
            let error = TrainError::Unfit(format!("the images of `{named}` are not those that the study began with"));
            return Err(trained::fail(&error, findings));
        }
        Ok(dataset)
    }
}
