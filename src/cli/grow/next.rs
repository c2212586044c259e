//! The next stage: the seed, or one module more by what the last map before the head says.

use anyhow::anyhow;

use crate::base::units;
use crate::cli::grow::candidate::Candidate;
use crate::cli::grow::candidate::Layer;
use crate::cli::grow::candidate::free_name;
use crate::cli::grow::ended::Outcome;
use crate::cli::grow::stage::Growing;
use crate::cli::layers;
use crate::cli::layers::Watching;
use crate::cli::look::Look;
use crate::cli::look::of_all_classes;
use crate::data::Part;
use crate::graph::Layout;
use crate::propose::Added;
use crate::propose::Asked;
use crate::propose::GrownStage;
use crate::propose::Growth;
use crate::propose::LayerClusters;
use crate::propose::NewModule;
use crate::propose::Resampling;
use crate::propose::Stopped;
use crate::propose::modules_on;
use crate::propose::prior;
use crate::propose::widths::Evidence;
use crate::train::Checkpoint;
use crate::train::Run;
use crate::train::Showing;
use crate::train::Subject;

/// Images at a time.
const BATCH: usize = 64;

/// What comes next.
pub(super) enum Next {
    /// A stage to train.
    Stage(Box<GrownStage>),
    /// Nothing.
    Over(Stopped),
    /// It was asked to stop.
    Interrupted,
}

impl Growing<'_> {
    /// Decides on the next stage.
    pub(super) fn next(&self) -> Outcome<Next> {
        if let Some(why) = self.is_over() {
            return Ok(Next::Over(why));
        }
        let before = self.candidate(&self.layers())?;
        if self.grown.stages.is_empty() {
            return Ok(Next::Stage(Box::new(self.stage(&before, None))));
        }
        let asked = &self.grown.asked;
        let growth = Growth { width: asked.width, align: asked.align, pool_every: asked.pool_every };
        let number = self.grown.stages.len();
        let (path, pool) =
            (free_name(&before.graph, &format!("g{number}")), free_name(&before.graph, &format!("g{number}-pool")));
        let pool = Some(pool).filter(|_| growth.pools(sides(&before), modules_on(sides(&before), &before.graph) as u32));
        let mut behind = self.layers();
        behind.extend(pool.as_deref().map(Layer::pool));
        let open = self.candidate(&behind)?;
        let Some(layer) = self.look(&open, &path)? else { return Ok(Next::Interrupted) };
        let covers = Growth::covers(sides(&open));
        let nothing_known = prior(&covers);
        let evidence = Evidence::of(&covers, &layer, &nothing_known, asked.basis, asked.rank);
        let wanted = growth.module(&covers, &evidence.aim, layer.channels as u32);
        let with = |module: &NewModule| {
            let mut layers = behind.clone();
            layers.push(Layer::module(&path, module));
            self.candidate(&layers)
        };
        let count = |module: &NewModule| with(module).ok().map(|found| units::whole(found.graph.inference_totals().cost.madds));
        // What is wrong with the network itself is told, and no reason to narrow it.
        with(&wanted)?;
        let module = match asked.budget {
            None => Some(wanted.clone()),
            Some(budget) => growth.fitted(&wanted, budget, count),
        };
        let Some(module) = module else { return Ok(Next::Over(Stopped::Budget)) };
        let shares: Vec<f64> = nothing_known.branches.iter().map(|branch| branch.share).collect();
        let added = Added::of((path.clone(), pool), &layer, &evidence, &shares, asked.rank, [&wanted, &module]);
        Ok(Next::Stage(Box::new(self.stage(&with(&module)?, Some(added)))))
    }

    fn stage(&self, candidate: &Candidate, added: Option<Added>) -> GrownStage {
        let totals = candidate.graph.inference_totals();
        GrownStage {
            stage: self.grown.stages.len() as u32,
            added,
            madds: units::whole(totals.cost.madds),
            params: units::whole(totals.params),
            trained: false,
            validation: None,
            test: None,
            seconds: None,
        }
    }

    /// What the images that the last stage learned from say of the map in front of the head, trained and untrained; nothing if it was asked to stop.
    fn look(&self, open: &Candidate, path: &str) -> Outcome<Option<LayerClusters>> {
        let Asked { controls, images_looked, .. } = self.grown.asked;
        let train = &self.seed.train;
        let subject = Subject::of(&open.graph)?;
        let material = self.material(&subject)?;
        let mut learned = material.learned;
        learned.sort_unstable();
        let places = of_all_classes(&learned, &material.feed.labels(&learned), images_looked as usize);
        // A pooling has no numbers: the run's are those of the network with it, too.
        let layout = std::sync::Arc::new(Layout::of(&open.graph));
        let run = Run::open(&self.run(self.grown.stages.len() - 1))?;
        let best = Checkpoint::read(&run.best(), &layout)?;
        let look = Look {
            name: open.graph.name(),
            subject: &subject,
            state: best.average.as_ref().unwrap_or(&best.state),
            labels: material.feed.labels(&places),
            classes: &self.images.dataset.classes,
            part: Part::Train.name(),
            feed: &material.feed,
            places: &places,
            showing: Showing { batch: BATCH.min(places.len()), kernels: self.arch.into() },
        };
        let watching = Watching {
            threshold: layers::THRESHOLD,
            groups: layers::GROUPS,
            // The network began with its own seed; those beside it begin with others.
            resampling: Resampling { replicates: layers::REPLICATES.into(), seed: u64::from(train.seed) + 1 },
            controls,
            untrained: false,
        };
        let layer = layers::Layer { name: path, node: open.tip.map };
        let found = layers::of_look(&look, &[layer], watching, &self.stopping)?;
        let first = |found: Vec<LayerClusters>| found.into_iter().next().ok_or_else(|| anyhow!("no layer was looked at"));
        Ok(found.map(first).transpose()?)
    }
}

/// The sides of the last map, `[height, width]`.
fn sides(candidate: &Candidate) -> [u32; 2] {
    let shape = candidate.graph.node(candidate.tip.map).shape;
    [shape.h, shape.w]
}
