//! From a text to a network, through the library, as the binary does it.

use nas::analyze::Analysis;
use nas::analyze::Options;
use nas::analyze::analyze;
use nas::base::Diagnostic;
use nas::base::Severity;
use nas::base::Sources;
use nas::cli::BUILT_IN;
use nas::expr::Decisions;
use nas::graph::Graph;
use nas::spec::Spec;
use nas::spec::load;
use nas::spec::lower;
use nas::spec::untaken;

/// A network with all that came up on the way to it.
pub(crate) struct Network {
    pub(crate) spec: Spec,
    pub(crate) graph: Graph,
    pub(crate) decisions: Decisions,
    pub(crate) found: Vec<Diagnostic>,
}

/// What a text gives: a network, or only findings.
pub(crate) fn read(sources: &mut Sources, name: &str, text: &str, decisions: Decisions) -> Result<Network, Vec<Diagnostic>> {
    let file = sources.add(name, text);
    let mut loaded = load(sources, file, &mut |wanted, _| {
        let name = wanted.strip_suffix(".yaml").unwrap_or(wanted);
        let built_in = BUILT_IN.iter().find(|(built_in, _)| *built_in == name);
        built_in.map(|(name, text)| (format!("{name}.yaml"), (*text).to_owned())).ok_or_else(|| "no such file".to_owned())
    });
    let Some(spec) = loaded.spec else { return Err(loaded.found) };
    let lowered = lower(&spec, decisions, None);
    let untaken = untaken(&spec, sources, &lowered);
    loaded.found.extend(lowered.found.into_iter().chain(untaken));
    let broken = loaded.found.iter().any(|finding| finding.severity() == Severity::Error);
    match lowered.graph.filter(|_| !broken) {
        Some(graph) => Ok(Network { spec, graph, decisions: lowered.decisions, found: loaded.found }),
        None => Err(loaded.found),
    }
}

/// The network of a text that is right.
pub(crate) fn of(name: &str, text: &str, decisions: Decisions) -> Network {
    read(&mut Sources::default(), name, text, decisions).unwrap_or_else(|found| panic!("{name}: {found:#?}\n{text}"))
}

/// A built-in spec at its starting point.
pub(crate) fn built_in(name: &str) -> Network {
    let (_, text) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name).unwrap_or_else(|| panic!("no spec `{name}`"));
    of(&format!("{name}.yaml"), text, Decisions::default())
}

impl Network {
    /// Channels, height and width of its first input.
    pub(crate) fn input(&self) -> [u64; 3] {
        let shape = self.graph.node(self.graph.inputs().next().unwrap()).shape;
        [shape.c, shape.h, shape.w].map(u64::from)
    }

    /// Its analysis with the budget of its spec.
    pub(crate) fn analysis(&self) -> Analysis {
        let limits = self.spec.budget.iter().flat_map(|budget| &budget.limits);
        let limits = limits.map(|limit| (limit.quantity, limit.whole()));
        analyze(&self.graph, &Options::default()).with_limits(limits)
    }
}
