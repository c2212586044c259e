//! The runs of a study, one after the other: what is done is left, what was stopped goes on.

use std::path::Path;
use std::time::Duration;

use crate::cli::Exit;
use crate::cli::eval;
use crate::cli::files;
use crate::cli::findings::Findings;
use crate::cli::judged;
use crate::cli::loading::Network;
use crate::cli::output;
use crate::cli::train::outcome;
use crate::cli::train::running;
use crate::cli::train::running::Start;
use crate::cli::train::stopping::Stopping;
use crate::cli::trained;
use crate::data::Dataset;
use crate::data::Part;
use crate::graph::initialise;
use crate::kernel::Arch;
use crate::spec;
use crate::train::Checkpoint;
use crate::train::Ending;
use crate::train::Judgement;
use crate::train::Keep;
use crate::train::Material;
use crate::train::Normalisation;
use crate::train::PlannedRun;
use crate::train::Row;
use crate::train::Run;
use crate::train::RunFolder;
use crate::train::Session;
use crate::train::Showing;
use crate::train::StudyFolder;
use crate::train::Subject;
use crate::train::TrainError;

/// All that runs need.
pub(super) struct Course<'a> {
    pub(super) folder: &'a StudyFolder,
    /// Those of each arm.
    pub(super) networks: &'a [Vec<Network>],
    pub(super) named: &'a str,
    pub(super) dataset: &'a Dataset,
    pub(super) normalisation: Normalisation,
    pub(super) arch: Arch,
    pub(super) keep: Keep,
    pub(super) keep_every: Duration,
    pub(super) stopping: Stopping,
}

/// Why a run came to no end.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Train(#[from] TrainError),
    #[error("{0:#}")]
    Other(#[from] anyhow::Error),
}

impl Course<'_> {
    /// Trains what is left. A run whose numbers become infinite is told and left without a row, and the others go on; how many
    /// there were of them.
    pub(super) fn train(&self, findings: &mut Findings<'_>) -> Result<usize, Exit> {
        let _held = self.folder.hold().map_err(|error| trained::fail(&error, findings))?;
        let rows = self.folder.rows().map_err(|error| trained::fail(&error, findings))?;
        let runs = self.folder.plan.runs();
        let mut failed = 0;
        for (number, run) in runs.iter().enumerate() {
            if !rows.iter().any(|row| self.folder.is_of(row, run)) {
                output::give(&format!("run {} of {}: {}\n", number + 1, runs.len(), run.name), None)
                    .map_err(|error| findings.fail(&error))?;
                match self.run(run) {
                    Ok(Some(row)) => {
                        self.folder.append(&row).map_err(|error| trained::fail(&error, findings))?;
                        let text = format!("{}: {:.2} % of the images for testing\n", run.name, row.test_accuracy * 100.0);
                        output::give(&text, None).map_err(|error| findings.fail(&error))?;
                    }
                    Ok(None) => return Err(self.stopped(findings)),
                    Err(Fault::Train(error @ TrainError::NonFinite(_))) => {
                        findings.fail(&anyhow::anyhow!("run `{}`: {error}; it is left out", run.name));
                        failed += 1;
                        continue;
                    }
                    Err(Fault::Train(error)) => return Err(trained::fail(&error, findings)),
                    Err(Fault::Other(error)) => return Err(findings.fail(&error)),
                }
            }
            self.folder.tidy(run, self.keep).map_err(|error| trained::fail(&error, findings))?;
        }
        Ok(failed)
    }

    fn stopped(&self, findings: &mut Findings<'_>) -> Exit {
        let text = format!("stopped; `nas study {}` goes on\n", files::as_argument(self.folder.path()));
        output::give(&text, None).map_or_else(|error| findings.fail(&error), |()| Exit::Interrupted)
    }

    /// One run to its end and its row; nothing if somebody asked to stop.
    fn run(&self, run: &PlannedRun) -> Result<Option<Row>, Fault> {
        let network = &self.networks[run.arm][run.draw];
        let path = self.folder.run(run);
        let mut spec = network.spec.clone();
        let without = || TrainError::Unfit(format!("the spec of run `{}` has no section `train`", run.name));
        let mut settings = spec.train.take().ok_or_else(without)?;
        settings.seed = run.seed;
        spec.train = Some(settings.clone());
        let subject = Subject::of(&network.graph)?;
        let material = Material::of(self.dataset, &subject, &settings, &self.normalisation)?;
        let (held, mut session) = if Run::is_in(&path) {
            let (held, found) = RunFolder::resume(&path)?;
            self.is_own(&found, &spec::expand(&spec, &network.graph))?;
            (held, running::taken_up(&found, subject, &settings, material, self.arch)?)
        } else {
            let plan = &self.folder.plan;
            let counts = [material.learned.len(), material.validation.len(), self.dataset.test().len()];
            let data = running::data_of(self.dataset, self.named, counts, plan.data.generated);
            let state = initialise(&network.graph, u64::from(settings.seed));
            let session = Session::new(subject, &settings, material, state, self.arch);
            let start = Start {
                spec: &spec,
                graph: &network.graph,
                settings: &settings,
                arch: self.arch,
                data,
                dataset: self.dataset,
                normalisation: &self.normalisation,
                began_with: None,
            };
            (start.create(&path, &session)?, session)
        };
        let ending = running::train(&mut session, &held, &path, self.keep_every, &self.stopping)?;
        if ending == Ending::Stopped {
            return Ok(None);
        }
        let done = Run::open(&path)?;
        outcome::show(&session, &done, self.dataset, ending)?;
        let last = self.judge(&session, &done, &path)?;
        if self.stopping.is_asked() {
            return Ok(None);
        }
        Ok(Some(Row::of(&done, &self.folder.plan.arms[run.arm].name, run.draw + 1, last)?))
    }

    /// Shows the best epoch the images for testing, which is kept as `nas eval` does, and gives the accuracy of the last.
    fn judge(&self, session: &Session<'_>, run: &Run, path: &Path) -> Result<f64, Fault> {
        let (subject, images) = (session.subject(), self.dataset.test());
        let showing = Showing { batch: eval::BATCH as usize, kernels: self.arch.into() };
        let best = Checkpoint::read(&run.best(), session.learner().state.layout())?;
        let is_last = best.position.epoch == session.position().epoch;
        let state = best.average.unwrap_or(best.state);
        let found = judged::shown(subject, &state, images, &self.normalisation, showing)?;
        let words = [&*run.about.name, trained::Which::Best.name(), Part::Test.name()];
        let judgement = Judgement::of(&found, words, &self.dataset.classes);
        judged::write(&path.join(Part::Test.name()), &judgement, &found, images)?;
        if is_last {
            return Ok(found.accuracy());
        }
        Ok(judged::shown(subject, session.learner().judged(), images, &self.normalisation, showing)?.accuracy())
    }

    /// Refuses a folder with another run in it.
    fn is_own(&self, run: &Run, spec: &str) -> Result<(), TrainError> {
        let (plan, about) = (&self.folder.plan, &run.about);
        let text = std::fs::read(run.spec()).unwrap_or_default();
        let same = text == spec.as_bytes() && about.data.digest == plan.data.digest && about.arch == plan.arch;
        if same && about.began_with.is_none() {
            return Ok(());
        }
        let reason = "is no run of this study: its network, settings, images, instruction set or beginning are others".to_owned();
        Err(TrainError::Foreign { path: run.path().to_owned(), reason })
    }
}
