//! `nas analyze --memory` and `--training`: what a network holds, and what it takes to train it.

use clap::Args;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;

use crate::analyze;
use crate::analyze::Footprint;
use crate::analyze::Optimizer;
use crate::analyze::Plan;
use crate::analyze::TrainingRun;
use crate::analyze::training_run;
use crate::base::nearest;
use crate::cli::loading::Network;
use crate::graph::Graph;
use crate::graph::Learning;
use crate::spec;

/// The group of flags that give another result than the analysis: one at a time.
pub(super) const INSTEAD: &str = "instead";

/// What is to be said of memory and training; what is not given is taken from the spec's `train` section.
#[derive(Debug, Args)]
pub(super) struct Wanted {
    /// Instead: live memory step by step, its peak by name, the arena, a training step, several batches side by side
    #[arg(long, group = INSTEAD)]
    pub(super) memory: bool,
    /// Instead: what a training step and all epochs cost, layer by layer; the batch is the spec's unless given
    #[arg(long, group = INSTEAD)]
    pub(super) training: bool,
    /// Batches that `--memory` puts side by side
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_values_t = [1, 8, 32, 128], requires = "memory",
          value_parser = clap::value_parser!(u32).range(1..=65536))]
    batches: Vec<u32>,
    /// Images of an epoch, for `--training`
    #[arg(long, value_name = "N", requires = "training", value_parser = clap::value_parser!(u32).range(1..))]
    images: Option<u32>,
    /// Passes over them
    #[arg(long, value_name = "N", requires = "training", value_parser = clap::value_parser!(u32).range(1..))]
    epochs: Option<u32>,
    /// How learned numbers follow their gradients
    #[arg(long, value_name = "OPTIMIZER", value_parser = optimizers())]
    optimizer: Option<Optimizer>,
    /// Layers whose learned numbers stay as they are, for `--training`; once for each path
    #[arg(long, value_name = "PATH", requires = "training")]
    freeze: Vec<String>,
}

/// The names of optimizers, read as optimizers.
fn optimizers() -> impl TypedValueParser<Value = Optimizer> {
    let names = Optimizer::ALL.iter().map(|(_, name)| *name);
    let find = |name: String| Optimizer::ALL.iter().find(|(_, known)| *known == name).map(|(optimizer, _)| *optimizer);
    PossibleValuesParser::new(names).try_map(move |name| find(name).ok_or("there is no such optimizer"))
}

impl Wanted {
    /// The batch of the training: the one that is given, or the spec's, or one image.
    pub(super) fn batch(&self, given: Option<u32>, network: &Network) -> u32 {
        let of_spec = network.spec.train.as_ref().filter(|_| self.training).map(|train| train.batch);
        given.or(of_spec).unwrap_or(1)
    }

    /// The largest batch that is looked at beside this one.
    pub(super) fn largest_batch(&self, batch: u32) -> u32 {
        let listed = self.batches.iter().copied().filter(|_| self.memory);
        listed.fold(batch, u32::max)
    }

    /// What the network holds.
    pub(super) fn footprint(&self, network: &Network, batch: u32) -> Footprint {
        analyze::footprint(&network.graph, batch, &self.batches, self.optimizer(network))
    }

    /// What it takes to train it.
    pub(super) fn training(&self, named: &str, network: &Network, batch: u32) -> anyhow::Result<TrainingRun> {
        let learning = self.learning(named, &network.graph)?;
        let epochs = self.epochs.or(network.spec.train.as_ref().map(|train| train.epochs));
        let plan = Plan { batch, images: self.images, epochs, optimizer: self.optimizer(network) };
        Ok(training_run(&network.graph, &learning, &plan))
    }

    fn optimizer(&self, network: &Network) -> Optimizer {
        let of_spec = network.spec.train.as_ref().map(|train| match train.optimizer {
            spec::Optimizer::AdamW => Optimizer::AdamW,
            spec::Optimizer::Sgd if train.momentum.get() == 0.0 => Optimizer::Sgd,
            spec::Optimizer::Sgd if train.nesterov => Optimizer::Nesterov,
            spec::Optimizer::Sgd => Optimizer::Momentum,
        });
        self.optimizer.or(of_spec).unwrap_or_default()
    }

    /// What learns once the layers that are named do not.
    fn learning(&self, named: &str, graph: &Graph) -> anyhow::Result<Learning> {
        let scopes = graph.scopes();
        let mut frozen = vec![false; scopes.count()];
        for path in &self.freeze {
            let found = analyze::copied_paths(graph, path);
            if found.is_empty() {
                let known = analyze::paths(graph);
                let near = nearest(path, known.iter().map(String::as_str));
                let advice = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                anyhow::bail!("`{named}` has no layer `{path}` to freeze{advice}");
            }
            for scope in found.iter().filter_map(|path| scopes.find(path)) {
                frozen[scope.index()] = true;
            }
        }
        Ok(Learning::without(graph, |node| scopes.ancestors(graph.node(node).scope).any(|scope| frozen[scope.index()])))
    }
}
