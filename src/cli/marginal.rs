//! `nas analyze --marginal`, and the same beside an analysis: what one filter more costs.

use crate::analyze;
use crate::analyze::MarginalChange;
use crate::analyze::Marginals;
use crate::analyze::VariableMarginal;
use crate::base::nearest;
use crate::cli::loading::Network;
use crate::graph::Graph;

/// The marginal costs of a network and of its spec's variables.
pub(super) fn of(network: &Network) -> Marginals {
    let mut found = analyze::marginals(&network.graph, &network.limits());
    let steps = network.candidate().steps(&network.graph);
    found.variables = steps
        .into_iter()
        .map(|(step, graph)| VariableMarginal {
            name: step.name,
            from: step.from.to_string(),
            to: step.to.to_string(),
            change: graph.map(|graph| change(&network.graph, &graph)),
        })
        .collect();
    found
}

/// The same, `buys` counted in filters of the layer that the user names.
pub(super) fn against(network: &Network, layer: Option<&str>) -> anyhow::Result<Marginals> {
    let found = of(network);
    let Some(layer) = layer else { return Ok(found) };
    let known: Vec<String> = found.knobs.iter().flat_map(|knob| knob.layers.clone()).collect();
    found.priced_in(layer).ok_or_else(|| anyhow::anyhow!(unknown(&network.graph, layer, &known)))
}

/// Why a path is no width that can be changed.
pub(super) fn unknown(graph: &Graph, path: &str, known: &[String]) -> String {
    let name = graph.name();
    if graph.scopes().find(path).is_some() && !known.iter().any(|known| known == path) {
        return format!("`{path}` of `{name}` has no width that can be changed: it has none of its own, or the network fixes it");
    }
    match nearest(path, known.iter().map(String::as_str)) {
        Some(near) => format!("`{name}` has no layer `{path}`; did you mean `{near}`?"),
        None => format!("`{name}` has no layer `{path}`; `nas analyze SPEC --marginal` lists the widths that can be changed"),
    }
}

fn change(from: &Graph, to: &Graph) -> MarginalChange {
    let (from, to) = (from.inference_totals(), to.inference_totals());
    let difference = |to: u128, from: u128| to.cast_signed() - from.cast_signed();
    MarginalChange { madds: difference(to.cost.madds, from.cost.madds), params: difference(to.params, from.params) }
}
