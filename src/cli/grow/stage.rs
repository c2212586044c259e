//! One stage's training, a run as of `nas train`: begun with what the run before it learned, or taken up where it stands.

use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use crate::base::units;
use crate::cli::grow::candidate::Candidate;
use crate::cli::grow::candidate::Layer;
use crate::cli::grow::candidate::Seed;
use crate::cli::grow::ended::Outcome;
use crate::cli::output;
use crate::cli::train::outcome;
use crate::cli::train::plan;
use crate::cli::train::running;
use crate::cli::train::running::Start;
use crate::cli::train::stopping::Stopping;
use crate::data::Dataset;
use crate::graph::Graph;
use crate::graph::State;
use crate::graph::initialise;
use crate::kernel::Arch;
use crate::propose::Added;
use crate::propose::Grown;
use crate::propose::GrownStage;
use crate::propose::widths::annotated;
use crate::spec;
use crate::train::Ending;
use crate::train::Judgement;
use crate::train::Material;
use crate::train::Normalisation;
use crate::train::Run;
use crate::train::RunFolder;
use crate::train::Session;
use crate::train::Subject;
use crate::train::TrainError;
use crate::train::begin_with_some;

/// Images that all stages learn from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Images<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) normalisation: &'a Normalisation,
}

/// A network that grows.
pub(super) struct Growing<'g> {
    pub(super) folder: &'g Path,
    pub(super) seed: Seed,
    pub(super) images: Images<'g>,
    pub(super) arch: Arch,
    /// Time between two checkpoints within an epoch.
    pub(super) keep_every: Duration,
    pub(super) stopping: Stopping,
    pub(super) grown: Grown,
}

impl<'g> Growing<'g> {
    /// The folder of a stage.
    pub(super) fn run(&self, stage: usize) -> PathBuf {
        self.folder.join(stage.to_string())
    }

    /// The layers that were put in so far.
    pub(super) fn layers(&self) -> Vec<Layer> {
        self.grown.stages.iter().filter_map(|stage| stage.added.as_ref()).flat_map(Layer::of).collect()
    }

    /// The network with these, under the name of the last stage.
    pub(super) fn candidate(&self, layers: &[Layer]) -> anyhow::Result<Candidate> {
        let (name, stage) = (&self.grown.name, self.grown.stages.len().saturating_sub(1));
        self.seed.with(&if stage == 0 { name.clone() } else { format!("{name}-{stage}") }, layers)
    }

    /// Trains the last stage and judges its best epoch; false if it was asked to stop.
    pub(super) fn train(&mut self, begun: Instant) -> Outcome<bool> {
        let candidate = self.candidate(&self.layers())?;
        let Some(number) = self.grown.stages.len().checked_sub(1) else { return Ok(true) };
        let path = self.run(number);
        plan::fits(&candidate.graph, &self.seed.train)?;
        let subject = Subject::of(&candidate.graph)?;
        let (folder, mut session) = if Run::is_in(&path) {
            let (folder, run) = RunFolder::resume(&path)?;
            let material = self.material(&subject)?;
            (folder, running::taken_up(&run, subject, &self.seed.train, material, self.arch)?)
        } else {
            self.begin(&candidate, subject, &path, &self.grown.stages[number])?
        };
        output::give(&told(&self.grown.stages[number], &session), None)?;
        if running::train(&mut session, &folder, &path, self.keep_every, &self.stopping)? == Ending::Stopped {
            return Ok(false);
        }
        let run = Run::open(&path)?;
        let right = |judgement: Judgement| judgement.top1 as f64 / judgement.images as f64;
        let validation = outcome::judge_validation(&session, &run, self.images.dataset)?.map(right);
        let test = outcome::judge_test(&session, &run, self.images.dataset, self.images.normalisation)?.map(right);
        let stage = &mut self.grown.stages[number];
        (stage.trained, stage.validation, stage.test) = (true, validation, test);
        stage.seconds = Some(begun.elapsed().as_secs_f64());
        Ok(true)
    }

    /// Makes the run's folder; layers that the stage before had begin with what they learned there, what reads the new module anew.
    fn begin<'c>(
        &self,
        candidate: &'c Candidate,
        subject: Subject<'c>,
        path: &Path,
        stage: &GrownStage,
    ) -> Outcome<(RunFolder, Session<'c>)>
    where
        'g: 'c,
    {
        let mut state = initialise(&candidate.graph, u64::from(self.seed.train.seed));
        let before = stage.stage.checked_sub(1).map(|before| self.run(before as usize));
        if let (Some(before), Some(added)) = (&before, &stage.added) {
            keep(&candidate.graph, &added.path, before, &mut state)?;
        }
        let material = self.material(&subject)?;
        let counts = [material.learned.len(), material.validation.len(), self.images.dataset.test().len()];
        let session = Session::new(subject, &self.seed.train, material, state, self.arch);
        let start = Start {
            spec: &candidate.spec,
            graph: &candidate.graph,
            settings: &self.seed.train,
            arch: self.arch,
            data: running::data_of(self.images.dataset, &self.grown.asked.data, counts, self.grown.asked.images),
            dataset: self.images.dataset,
            normalisation: self.images.normalisation,
            // Beside this run, wherever the growth lies.
            began_with: stage.stage.checked_sub(1).map(|before| format!("../{before}")),
        };
        let folder = start.create_with(&self.text(candidate, stage), path, &session)?;
        Ok((folder, session))
    }

    /// What a stage learns from and is judged by.
    pub(super) fn material(&self, subject: &Subject<'_>) -> Result<Material<'g>, TrainError> {
        Material::of(self.images.dataset, subject, &self.seed.train, self.images.normalisation)
    }

    /// The spec of a stage, with what speaks for each module above it.
    fn text(&self, candidate: &Candidate, stage: &GrownStage) -> String {
        let text = spec::expand(&candidate.spec, &candidate.graph);
        let line = |begin: String| text.find(&begin).map(|at| at + 1);
        // The first line of the module, or of the pooling in front of it.
        let place = |added: &Added| {
            let pool = added.pool.as_ref().and_then(|pool| line(format!("\n  {pool}: ")));
            pool.or_else(|| line(format!("\n  {}/", added.path)))
        };
        let stages = self.grown.stages.iter().filter_map(|stage| stage.added.as_ref());
        let notes = stages.filter_map(|added| Some((place(added)?, added.notes())));
        annotated(&text, &[], &self.grown.head(stage), &notes.collect::<Vec<_>>())
    }
}

/// Takes over what a run learned, but for the module at `path` and all that reads it.
fn keep(graph: &Graph, path: &str, run: &Path, state: &mut State) -> Result<(), TrainError> {
    let mut is_new = vec![false; graph.nodes().len()];
    for node in graph.nodes() {
        let scope = graph.scopes().path(graph.node(node).scope);
        let is_inside = scope.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_new[node.index()] = is_inside || graph.sources(node).iter().any(|source| is_new[source.index()]);
    }
    begin_with_some(&Run::weights(run), state, |node| !is_new[node.index()]).map(|_| ())
}

/// What is about to be trained.
fn told(stage: &GrownStage, session: &Session<'_>) -> String {
    let [madds, params] = [stage.madds, stage.params].map(|count| units::grouped(count.into()));
    let what = stage.added.as_ref().map_or_else(
        || "the seed".to_owned(),
        |added| format!("{}, {} channels behind {}", added.path, added.width, added.reads[0]),
    );
    let position = session.position();
    let from = if position.steps == 0 {
        String::new()
    } else {
        format!(", going on after epoch {}, step {}", position.epoch, position.step)
    };
    format!("stage {}: {what}: {madds} multiply-adds, {params} parameters{from}\n", stage.stage)
}
