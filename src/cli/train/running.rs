//! A run from its first checkpoint, or from where it stands, to its end.

use std::path::Path;
use std::time::Duration;

use crate::base::units;
use crate::cli::progress::Progress;
use crate::cli::train::outcome;
use crate::cli::train::stopping::Stopping;
use crate::cli::trained;
use crate::data::Dataset;
use crate::graph::Graph;
use crate::graph::initialise;
use crate::kernel::Arch;
use crate::spec;
use crate::spec::Spec;
use crate::train::About;
use crate::train::Checkpoint;
use crate::train::Data;
use crate::train::Ending;
use crate::train::Event;
use crate::train::Go;
use crate::train::Material;
use crate::train::Normalisation;
use crate::train::RUN;
use crate::train::Run;
use crate::train::RunFolder;
use crate::train::Session;
use crate::train::Subject;
use crate::train::TrainError;
use crate::train::digest;

/// What a run is started with.
pub(in crate::cli) struct Start<'a> {
    /// The network, with the settings of the run in its section `train`.
    pub(in crate::cli) spec: &'a Spec,
    pub(in crate::cli) graph: &'a Graph,
    pub(in crate::cli) settings: &'a spec::Train,
    pub(in crate::cli) arch: Arch,
    pub(in crate::cli) data: Data,
    pub(in crate::cli) dataset: &'a Dataset,
    pub(in crate::cli) normalisation: &'a Normalisation,
    /// The run or file whose numbers it begins with.
    pub(in crate::cli) began_with: Option<String>,
}

impl Start<'_> {
    /// Makes the run's folder, with the first checkpoint of a session.
    pub(in crate::cli) fn create(self, folder: &Path, session: &Session<'_>) -> Result<RunFolder, TrainError> {
        let text = spec::expand(self.spec, self.graph);
        self.create_with(&text, folder, session)
    }

    /// The same with a text of the spec's that is written already.
    pub(in crate::cli) fn create_with(self, text: &str, folder: &Path, session: &Session<'_>) -> Result<RunFolder, TrainError> {
        let totals = self.graph.inference_totals();
        let about = About {
            schema: RUN.to_owned(),
            name: self.graph.name().to_owned(),
            madds: units::whole(totals.cost.madds),
            params: units::whole(totals.params),
            settings: self.settings.written().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            arch: self.arch.name().to_owned(),
            data: self.data,
            classes: self.dataset.classes.clone(),
            mean: self.normalisation.mean.clone(),
            deviation: self.normalisation.deviation.clone(),
            began_with: self.began_with,
        };
        RunFolder::create(folder, text, &about, &session.checkpoint())
    }
}

/// A data set as runs name it.
pub(in crate::cli) fn data_of(dataset: &Dataset, named: &str, images: [usize; 3], generated: Option<usize>) -> Data {
    Data {
        source: trained::absolute(named),
        kind: dataset.kind.name().to_owned(),
        images,
        digest: digest(dataset),
        left_out: dataset.bad.len(),
        generated,
    }
}

/// A run's training as it stands.
pub(in crate::cli) fn taken_up<'a>(
    run: &Run,
    subject: Subject<'a>,
    settings: &spec::Train,
    material: Material<'a>,
    arch: Arch,
) -> Result<Session<'a>, TrainError> {
    let state = initialise(subject.graph, u64::from(settings.seed));
    let last = run.last();
    let checkpoint = Checkpoint::read(&last, state.layout())?;
    let mut session = Session::new(subject, settings, material, state, arch);
    session.go_to(&last, checkpoint, run.log()?)?;
    Ok(session)
}

/// Trains to the end or until somebody asks to stop, shows each epoch and draws those that are over.
pub(in crate::cli) fn train(
    session: &mut Session<'_>,
    folder: &RunFolder,
    path: &Path,
    keep_every: Duration,
    stopping: &Stopping,
) -> Result<Ending, TrainError> {
    session.set_keep_every(keep_every);
    let (planned, name) = (session.settings().epochs, session.subject().graph.name().to_owned());
    let progress = Progress::new(planned);
    let ended = session.run(folder, |event| {
        progress.show(&event);
        if let Event::Epoch(epochs) = event {
            // A picture that cannot be written is no reason to stop training.
            let _ = outcome::draw(path, &name, epochs, planned);
        }
        if stopping.is_asked() { Go::Stop } else { Go::On }
    });
    progress.end();
    ended
}
