//! Runs taken up again: their network, settings, images; and how their failures end.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;

use crate::cli::Exit;
use crate::cli::arguments;
use crate::cli::arguments::Showing;
use crate::cli::data;
use crate::cli::findings::Findings;
use crate::cli::images;
use crate::cli::loading;
use crate::cli::loading::Network;
use crate::data::DataError;
use crate::graph::Layout;
use crate::graph::State;
use crate::spec;
use crate::train::Checkpoint;
use crate::train::Normalisation;
use crate::train::Run;
use crate::train::TrainError;

/// Tells what kept a run from going on; how the command then ends.
pub(super) fn fail(error: &TrainError, findings: &mut Findings<'_>) -> Exit {
    findings.fail(&anyhow::anyhow!("{error}"));
    match error {
        TrainError::Files { .. } | TrainError::Refused { .. } => Exit::Usage,
        TrainError::Foreign { .. } | TrainError::Unfit(_) => Exit::Invalid,
        TrainError::NonFinite(_) => Exit::Failed,
    }
}

/// The same of images; a set that is read well and has nothing to learn from makes the run fail.
pub(super) fn fail_of_data(error: &DataError, findings: &mut Findings<'_>) -> Exit {
    findings.fail(&anyhow::anyhow!("{error}"));
    match error {
        DataError::NoImages { .. } | DataError::OneClass { .. } => Exit::Failed,
        _ => data::exit(error),
    }
}

/// A run's network, off its own spec.
pub(super) fn network(run: &Run, showing: &Showing, findings: &mut Findings<'_>) -> Result<Network, Exit> {
    let reading = arguments::Reading { set: Vec::new(), input: None, showing: showing.clone() };
    let outcome = loading::network(&run.spec().display().to_string(), &reading, findings);
    outcome.network.ok_or(outcome.exit)
}

/// A run's settings.
pub(super) fn settings(network: &Network, run: &Run) -> Result<spec::Train, TrainError> {
    let reason = || "has no section `train`".to_owned();
    network.spec.train.clone().ok_or_else(|| TrainError::Foreign { path: run.spec(), reason: reason() })
}

/// What a run's network is shown.
pub(super) fn normalisation(run: &Run) -> Normalisation {
    Normalisation { mean: run.about.mean.clone(), deviation: run.about.deviation.clone() }
}

/// The file with the weights of a run, its best epoch if there is one; what is no folder is taken for such a file.
pub(super) fn weights(named: &Path) -> PathBuf {
    if !named.is_dir() {
        return named.to_owned();
    }
    let best = named.join("best.safetensors");
    if best.exists() { best } else { named.join("last.safetensors") }
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

/// A run's weights.
pub(super) fn state(run: &Run, network: &Network, which: Which) -> Result<State, TrainError> {
    let layout = Arc::new(Layout::of(&network.graph));
    match which {
        Which::Best if !run.best().exists() => Err(TrainError::Refused {
            path: run.path().to_owned(),
            reason: "has no best epoch yet; `--which last` takes it as it stands",
        }),
        Which::Best => Checkpoint::read(&run.best(), &layout).map(|found| found.average.unwrap_or(found.state)),
        Which::Last => Checkpoint::read(&run.last(), &layout).map(|found| found.state),
        Which::Ema => Checkpoint::read(&run.last(), &layout)?.average.ok_or(TrainError::Refused {
            path: run.path().to_owned(),
            reason: "keeps no running average; its setting `ema` is 0",
        }),
    }
}
