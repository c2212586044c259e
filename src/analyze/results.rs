//! The results of two networks: heads whose name, weight in the loss, use or source differ, which no layer shows.

use crate::analyze::wiring::Wiring;
use crate::graph::Graph;
use crate::graph::Output;

/// A sentence for each head that differs. Heads stand for one another by name, the others in their order.
pub(super) fn remarks(wiring: &Wiring<'_>) -> Vec<String> {
    let [base, other] = wiring.graphs.map(Graph::outputs);
    let has = |outputs: &[Output], name: &str| outputs.iter().any(|output| output.name == name);
    let others = || other.iter().filter(|output| !has(base, &output.name));
    let mut rest = others();
    let mut remarks = Vec::new();
    for old in base {
        let new = other.iter().find(|output| output.name == old.name).or_else(|| rest.next());
        match new {
            Some(new) => remarks.extend(between(wiring, old, new)),
            None => remarks.extend(alone(wiring.graphs[0], old, "here")),
        }
    }
    remarks.extend(rest.filter_map(|new| alone(wiring.graphs[1], new, "there")));
    remarks
}

fn between(wiring: &Wiring<'_>, old: &Output, new: &Output) -> Option<String> {
    let mut says = Vec::new();
    // A head that bears its layer's name is renamed with it, and the layer's row says so.
    if old.name != new.name && !is_of_layer(wiring.graphs[0], old) && !is_of_layer(wiring.graphs[1], new) {
        says.push(format!("is called `{}` there", new.name));
    }
    if old.weight != new.weight {
        says.push(format!("weighs {} in the loss here, {} there", old.weight, new.weight));
    }
    if old.train_only != new.train_only {
        let place = if new.train_only { "there" } else { "here" };
        says.push(format!("is for training only {place}"));
    }
    if !wiring.is_alike(old.node, new.node) {
        says.push("is the result of another layer there".to_owned());
    }
    (!says.is_empty()).then(|| format!("the head `{}` {}", old.name, says.join(", ")))
}

/// A head without layers of its own, which would be in the rows.
fn alone(graph: &Graph, output: &Output, side: &str) -> Option<String> {
    (!is_of_layer(graph, output)).then(|| format!("the head `{}` is {side} alone", output.name))
}

/// Whether it bears the name of the layer whose result it is.
fn is_of_layer(graph: &Graph, output: &Output) -> bool {
    let layer = graph.scopes().path(graph.node(output.node).scope);
    layer.split('/').next() == Some(output.name.as_str())
}
