//! Runs taken up again: their network, settings, images; and how their failures end.

use std::path::Path;
use std::sync::Arc;

use clap::ValueEnum;

use crate::cli::Exit;
use crate::cli::arguments;
use crate::cli::arguments::Showing;
use crate::cli::data;
use crate::cli::findings::Findings;
use crate::cli::images;
use crate::cli::images::ImageReading;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::data::DataError;
use crate::data::Dataset;
use crate::graph::Layout;
use crate::graph::State;
use crate::spec;
use crate::spec::Augment;
use crate::train::Checkpoint;
use crate::train::Normalisation;
use crate::train::Run;
use crate::train::Subject;
use crate::train::TrainError;
use crate::train::digest;

/// Tells what kept a run from going on; how the command then ends.
pub(super) fn fail(error: &TrainError, findings: &mut Findings<'_>) -> Exit {
    let help = match error {
        TrainError::NonFinite(_) => {
            "; the folder keeps what was sound last: begin anew in another one, with a lower `--lr`, a longer `--warmup` or `--clip`"
        }
        _ => "",
    };
    findings.fail(&anyhow::anyhow!("{error}{help}"));
    match error {
        TrainError::Files { .. } | TrainError::Refused { .. } => Exit::Usage,
        TrainError::Foreign { .. } | TrainError::Unfit(_) => Exit::Invalid,
        TrainError::NonFinite(_) => Exit::Failed,
    }
}

/// The same of images; a set that is read well and has nothing to learn from makes the run fail.
pub(super) fn fail_of_data(error: &DataError, findings: &mut Findings<'_>) -> Exit {
    findings.fail(&anyhow::anyhow!("{}", data::told(error)));
    match error {
        DataError::NoImages { .. } | DataError::OneClass { .. } => Exit::Failed,
        _ => data::exit(error),
    }
}

/// A run with its network, off its own spec.
pub(super) struct Opened {
    pub(super) run: Run,
    pub(super) network: Network,
}

/// A run's network with its weights, and images for it.
pub(super) struct Shown<'n> {
    pub(super) subject: Subject<'n>,
    pub(super) state: State,
    /// How the images are called.
    pub(super) named: &'n str,
    pub(super) dataset: Dataset,
}

impl Opened {
    /// Reads what a run's folder says; on a failure, which is told, how the command ends.
    pub(super) fn at(path: &Path, showing: &Showing, findings: &mut Findings<'_>) -> Result<Opened, Exit> {
        let run = Run::open(path).map_err(|error| fail(&error, findings))?;
        Opened::of(run, showing, findings)
    }

    /// The same of a run that is held already.
    pub(super) fn of(run: Run, showing: &Showing, findings: &mut Findings<'_>) -> Result<Opened, Exit> {
        let reading = arguments::Reading { set: Vec::new(), input: None, showing: showing.clone() };
        let spec = run.spec();
        if !spec.exists() {
            return Err(findings.fail(&anyhow::anyhow!("`{}` is no whole run: it has no `spec.yaml`", run.path().display())));
        }
        let outcome = loading::network(&spec.display().to_string(), &reading, findings);
        Ok(Opened { network: outcome.network.ok_or(outcome.exit)?, run })
    }

    /// What is trained, and its weights.
    pub(super) fn weights(&self, which: Which, findings: &mut Findings<'_>) -> Result<(Subject<'_>, State), Exit> {
        let found = Subject::of(&self.network.graph).and_then(|subject| Ok((subject, self.state(which)?)));
        found.map_err(|error| fail(&error, findings))
    }

    /// The images `named`, or else the run's own, as the network wants them; with how they are called.
    pub(super) fn images<'n>(
        &'n self,
        named: Option<&'n str>,
        reading: &ImageReading,
        subject: &Subject<'_>,
        findings: &mut Findings<'_>,
    ) -> Result<(&'n str, Dataset), Exit> {
        let named = named.unwrap_or(&self.run.about.data.source);
        let generated = self.run.about.data.generated.filter(|_| named == images::SHAPES);
        let read = images::read(named, generated, reading, subject, self.augment());
        read.map(|dataset| (named, dataset)).map_err(|error| fail_of_data(&error, findings))
    }

    /// The network with its weights, and images to show it.
    pub(super) fn shown<'n>(
        &'n self,
        which: Which,
        named: Option<&'n str>,
        reading: &ImageReading,
        findings: &mut Findings<'_>,
    ) -> Result<Shown<'n>, Exit> {
        let (subject, state) = self.weights(which, findings)?;
        let (named, dataset) = self.images(named, reading, &subject, findings)?;
        Ok(Shown { subject, state, named, dataset })
    }

    /// Whether it learned from these images, wherever they lie now.
    pub(super) fn learned_from(&self, dataset: &Dataset) -> bool {
        digest(dataset) == self.run.about.data.digest
    }

    /// The run's settings.
    pub(super) fn settings(&self) -> Result<spec::Train, TrainError> {
        let reason = || "has no section `train`".to_owned();
        self.network.spec.train.clone().ok_or_else(|| TrainError::Foreign { path: self.run.spec(), reason: reason() })
    }

    /// How its images were varied, which says at what size they are stored.
    pub(super) fn augment(&self) -> Augment {
        self.settings().map_or(Augment::None, |settings| settings.augment)
    }

    /// What its network is shown.
    pub(super) fn normalisation(&self) -> Normalisation {
        Normalisation { mean: self.run.about.mean.clone(), deviation: self.run.about.deviation.clone() }
    }

    fn state(&self, which: Which) -> Result<State, TrainError> {
        let (run, layout) = (&self.run, Arc::new(Layout::of(&self.network.graph)));
        let refused = |reason| TrainError::Refused { path: run.path().to_owned(), reason };
        match which {
            Which::Best if !run.best().exists() => Err(refused("has no best epoch yet; `--which last` takes it as it stands")),
            Which::Best => Checkpoint::read(&run.best(), &layout).map(|found| found.average.unwrap_or(found.state)),
            Which::Last => Checkpoint::read(&run.last(), &layout).map(|found| found.state),
            Which::Ema => {
                let average = Checkpoint::read(&run.last(), &layout)?.average;
                average.ok_or_else(|| refused("keeps no running average; its setting `ema` is 0"))
            }
        }
    }
}

/// A path that means the same from everywhere; the name of the generated set stays.
pub(super) fn absolute(named: &str) -> String {
    let path = Path::new(named);
    if named == images::SHAPES {
        return named.to_owned();
    }
    if path.exists() {
        std::path::absolute(path).map_or_else(|_| named.to_owned(), |path| path.display().to_string())
    } else {
        named.to_owned()
    }
}

/// Which of a run's weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Which {
    /// Of the best epoch: the average where the run keeps one
    Best,
    /// As training stands
    Last,
    /// Their running average, as training stands
    Ema,
}

impl Which {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Which::Best => "best",
            Which::Last => "last",
            Which::Ema => "ema",
        }
    }
}
