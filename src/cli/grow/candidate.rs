//! The seed with modules between its last map and its head: layers of the language put into its net, so that defaults and formulas hold for them.

use anyhow::Context;
use anyhow::anyhow;
use anyhow::ensure;

use crate::base::Quantity;
use crate::base::Sources;
use crate::cli::files;
use crate::cli::loading::Network;
use crate::expr::Decisions;
use crate::expr::Rational;
use crate::graph::Graph;
use crate::propose::Added;
use crate::propose::NewBranch;
use crate::propose::NewModule;
use crate::propose::Tip;
use crate::spec;
use crate::spec::Budget;
use crate::spec::Limit;
use crate::spec::Spec;
use crate::spec::Train;
use crate::spec::lower;

/// What a network grows from.
#[derive(Debug)]
pub(super) struct Seed {
    spec: Spec,
    decisions: Decisions,
    /// The layer of the net before which modules go.
    place: usize,
    /// How training goes.
    pub(super) train: Train,
}

/// A network on the way.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) spec: Spec,
    pub(super) graph: Graph,
    pub(super) tip: Tip,
}

/// A layer that is put in.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    /// Its name.
    name: String,
    /// What stands behind it.
    text: String,
}

impl Layer {
    /// A pooling that halves the sides of maps.
    pub(super) fn pool(name: &str) -> Layer {
        Layer { name: name.to_owned(), text: "{max: 2, stride: 2}".to_owned() }
    }

    /// A module.
    pub(super) fn module(name: &str, module: &NewModule) -> Layer {
        let branch = |branch: &NewBranch| (branch.covers.name(), branch.reduction, branch.width);
        Layer { name: name.to_owned(), text: inception(module.branches.iter().map(branch)) }
    }

    /// Those of a stage.
    pub(super) fn of(added: &Added) -> Vec<Layer> {
        let branches = added.branches.iter();
        let branch =
            branches.map(|branch| (branch.covers.name(), branch.reduction.as_ref().map(|found| found.width), branch.width));
        let module = Layer { name: added.path.clone(), text: inception(branch) };
        added.pool.as_deref().map(Layer::pool).into_iter().chain([module]).collect()
    }
}

fn inception<'a>(branches: impl Iterator<Item = (&'a str, Option<u32>, u32)>) -> String {
    let branch = |(covers, reduction, width): (&str, Option<u32>, u32)| {
        reduction.map_or_else(|| format!("{covers}: {width}"), |reduction| format!("{covers}: [{reduction}, {width}]"))
    };
    format!("{{inception: {{{}}}}}", branches.map(branch).collect::<Vec<String>>().join(", "))
}

impl Seed {
    /// Of a spec's network with this end. A budget takes the place of the spec's limit of multiply-adds.
    pub(super) fn of(network: &Network, tip: Tip, train: Train, budget: Option<u64>) -> anyhow::Result<Seed> {
        let graph = &network.graph;
        let path = graph.scopes().path(graph.node(tip.pool).scope);
        let mut spec = network.spec.clone();
        let holds = |layer: &spec::Layer| {
            path.strip_prefix(&*layer.key.text).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let place = spec.net.layers.iter().position(holds);
        let place =
            place.with_context(|| format!("the global pool `{path}` stands in no layer of the section `net`; write it there"))?;
        let map = graph.node(tip.map).shape;
        ensure!(
            map.h.min(map.w) > 2,
            "the last map of `{}` is {}x{}: too small for positions two apart, by which clusters are told; grow a seed with a larger one",
            graph.name(),
            map.h,
            map.w
        );
        super::within(graph.inference_totals().cost.madds, budget, graph.name())?;
        if let Some(budget) = budget {
            let mut limits = spec.budget.take().map(|budget| budget.limits).unwrap_or_default();
            limits.retain(|limit| limit.quantity != Quantity::Madds);
            limits.insert(0, Limit { quantity: Quantity::Madds, most: Rational::integer(budget.into()), span: spec.span });
            spec.budget = Some(Budget { limits });
        }
        spec.train = Some(train.clone());
        let taken = network.decisions.taken().map(|(decision, value)| (decision.path.clone(), value.clone()));
        let seed = Seed { spec, decisions: Decisions::new(taken), place, train };
        // Where layers cannot be put in front of the pool, it is told before anything is trained.
        let (name, free) = (graph.name(), free_name(graph, "g"));
        let whole = Tip::of(&seed.with(name, &[Layer { name: free, text: "{act: relu}".to_owned() }])?.graph);
        whole.map_err(|error| anyhow!(error))?;
        Ok(seed)
    }

    /// The seed with layers in front of its head, under a name.
    pub(super) fn with(&self, name: &str, layers: &[Layer]) -> anyhow::Result<Candidate> {
        let mut spec = self.spec.clone();
        name.clone_into(&mut spec.name);
        let mut new = read(layers)?;
        if let Some(first) = new.first_mut() {
            first.from = spec.net.layers[self.place].from.take();
        }
        spec.net.layers.splice(self.place..self.place, new);
        let lowered = lower(&spec, self.decisions.clone(), None);
        let why = || lowered.found.first().map_or_else(String::new, |finding| format!(": {}", finding.message));
        let graph =
            lowered.graph.with_context(|| format!("with another module in front of its head the seed is no network{}", why()))?;
        let tip = Tip::of(&graph).map_err(|error| anyhow!(error))?;
        if let Some(last) = layers.last() {
            let read = graph.scopes().path(graph.node(tip.map).scope);
            ensure!(
                read == last.name,
                "what is put before `{}` does not reach its global pool, which reads `{read}`; write the pool as a layer of the section `net`",
                spec.net.layers[self.place + layers.len()].key.text
            );
        }
        Ok(Candidate { spec, graph, tip })
    }
}

/// Layers as the language reads them.
fn read(layers: &[Layer]) -> anyhow::Result<Vec<spec::Layer>> {
    if layers.is_empty() {
        return Ok(Vec::new());
    }
    let lines: Vec<String> = layers.iter().map(|layer| format!("  {}: {}\n", layer.name, layer.text)).collect();
    let lines = lines.concat();
    let mut sources = Sources::default();
    let file = sources.add("grown", format!("nas: 1\ninput: {{image: [1, 8, 8]}}\nnet:\n{lines}"));
    let loaded = spec::load(&mut sources, file, &mut files::read_extended);
    ensure!(!loaded.has_errors(), "the layers to add are not read: {lines}");
    Ok(loaded.spec.context("the layers to add are no spec")?.net.layers)
}

/// A name that begins so and that no layer of the network's has.
pub(super) fn free_name(graph: &Graph, begin: &str) -> String {
    let mut name = begin.to_owned();
    while graph.scopes().find(&name).is_some() {
        name.push('_');
    }
    name
}
