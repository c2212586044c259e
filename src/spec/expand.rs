//! `nas expand`: the flat spec that a graph is, one line a layer, named by its path, every setting written out, shapes as comments.
//!
//! Its output is a spec with the same names, nodes and costs; expanding it again changes nothing.

use std::collections::HashSet;
use std::fmt::Write;

use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::Output;
use crate::graph::ScopeId;
use crate::op::Role;
use crate::spec::Spec;

/// The expansion of a spec that was lowered to `graph`; its decisions are taken, so that a `search` section has no place in it.
pub fn expand(spec: &Spec, graph: &Graph) -> String {
    let expansion = Expansion { graph, names: input_names(graph) };
    let mut text = "nas: 1\n".to_owned();
    line(&mut text, format_args!("name: {}", quoted(graph.name())));
    let inputs: Vec<String> = graph.inputs().map(|node| expansion.input(node)).collect();
    line(&mut text, format_args!("input: {{{}}}", inputs.join(", ")));
    if let Some(budget) = &spec.budget {
        let limits: Vec<String> = budget.limits.iter().map(|limit| format!("{}: {}", limit.quantity, limit.whole())).collect();
        line(&mut text, format_args!("budget: {{{}}}", limits.join(", ")));
    }
    let (heads, compared) = graph.outputs().split_at(graph.outputs().len() - spec.compare.len());
    let layers = expansion.layers();
    text += "net:\n";
    for (scope, nodes) in &layers {
        let name = key(&graph.scopes().path(*scope));
        line(&mut text, format_args!("  {name}: {{{}}}  # {}", expansion.layer(nodes), expansion.shape(nodes)));
    }
    if layers.is_empty() {
        // A body has a layer; this one makes no node.
        let name = if spec.heads.is_empty() { heads[0].name.clone() } else { expansion.free_name() };
        line(&mut text, format_args!("  {}: {{}}", key(&name)));
    }
    let last = layers.last().and_then(|(_, nodes)| nodes.last()).copied().or(graph.inputs().next());
    let plain = spec.heads.is_empty() && heads.iter().all(|head| Some(head.node) == last);
    if !plain {
        text += "heads:\n";
        for head in heads {
            // Without the section the last layer bears the head, whose name may be one that heads cannot have.
            let name = if spec.heads.is_empty() { expansion.free_name() } else { head.name.clone() };
            line(&mut text, format_args!("  {name}: {{from: {}{}}}", expansion.reference(head.node), settings(head)));
        }
    }
    if let Some(train) = &spec.train {
        let settings: Vec<String> = train.written().into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
        line(&mut text, format_args!("train: {{{}}}", settings.join(", ")));
    }
    if !compared.is_empty() {
        let names: Vec<String> = compared.iter().map(|output| expansion.reference(output.node)).collect();
        line(&mut text, format_args!("compare: [{}]", names.join(", ")));
    }
    text
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    writeln!(text, "{content}").expect("writing to a string");
}

fn settings(head: &Output) -> String {
    let mut text = format!(", weight: {}", head.weight);
    if head.train_only {
        text += ", train_only: true";
    }
    text
}

/// A text that YAML reads back as it is.
fn quoted(text: &str) -> String {
    let plain = text.starts_with(|char: char| char.is_ascii_alphanumeric())
        && text.chars().all(|char| char.is_ascii_alphanumeric() || "_-.".contains(char))
        && !text.eq_ignore_ascii_case("null");
    if plain { text.to_owned() } else { serde_json::to_string(text).expect("a text") }
}

/// A layer's path as a key: quoted where other tools would take it for a number.
fn key(path: &str) -> String {
    if path.contains(|char: char| char.is_ascii_alphabetic()) { path.to_owned() } else { format!("\"{path}\"") }
}

/// What the network's inputs are called in references: `in` for the first.
fn input_names(graph: &Graph) -> Vec<(NodeIndex, String)> {
    let name = |(at, node): (usize, NodeIndex)| {
        let own = graph.scopes().name(graph.node(node).scope).to_owned();
        (node, if at == 0 { "in".to_owned() } else { own })
    };
    graph.inputs().enumerate().map(name).collect()
}

struct Expansion<'g> {
    graph: &'g Graph,
    names: Vec<(NodeIndex, String)>,
}

impl Expansion<'_> {
    fn input(&self, node: NodeIndex) -> String {
        let shape = self.graph.node(node).shape;
        format!("{}: [{}, {}, {}]", self.graph.scopes().name(self.graph.node(node).scope), shape.c, shape.h, shape.w)
    }

    /// The nodes of each layer, in order of execution: at most a kind, a norm and an activation in one scope.
    fn layers(&self) -> Vec<(ScopeId, Vec<NodeIndex>)> {
        let mut layers: Vec<(ScopeId, Vec<NodeIndex>)> = Vec::new();
        for node in self.graph.nodes().filter(|&node| self.graph.node(node).op.is_some()) {
            let scope = self.graph.node(node).scope;
            match layers.last_mut() {
                Some((last, nodes)) if *last == scope => nodes.push(node),
                _ => layers.push((scope, vec![node])),
            }
        }
        layers
    }

    fn layer(&self, nodes: &[NodeIndex]) -> String {
        let mut entries = Vec::new();
        let sources: Vec<String> = self.graph.sources(nodes[0]).into_iter().map(|source| self.reference(source)).collect();
        let mut joins = false;
        for &node in nodes {
            let op = self.graph.node(node).op.as_ref().expect("layers are made of operators");
            let written = op.write();
            match op.manual().role {
                Role::Kind if op.manual().main.takes == crate::op::Takes::Layers => {
                    joins = true;
                    entries.push(format!("{}: [{}]", written.word, sources.join(", ")));
                }
                Role::Kind => entries.push(format!("{}: {}", written.word, written.main)),
                Role::Norm => entries.push(format!("norm: {}", written.word)),
                Role::Act => entries.push(format!("act: {}", written.word)),
            }
            entries.extend(written.settings.iter().map(|(name, value)| format!("{name}: {value}")));
        }
        if !joins {
            entries.push(format!("from: {}", sources[0]));
        }
        entries.join(", ")
    }

    fn shape(&self, nodes: &[NodeIndex]) -> String {
        nodes.last().map(|&node| self.graph.node(node).shape.to_string()).unwrap_or_default()
    }

    /// `main`, or the first longer name that no layer and no result has.
    fn free_name(&self) -> String {
        let scopes = self.graph.scopes();
        let mut taken: HashSet<&str> = scopes.children(ScopeId::NETWORK).map(|scope| scopes.name(scope)).collect();
        taken.extend(self.graph.outputs().iter().map(|output| &*output.name));
        let mut name = "main".to_owned();
        while taken.contains(&*name) {
            name.push('_');
        }
        name
    }

    fn reference(&self, node: NodeIndex) -> String {
        let input = self.names.iter().find(|(input, _)| *input == node);
        input.map_or_else(|| self.graph.scopes().path(self.graph.node(node).scope), |(_, name)| name.clone())
    }
}
