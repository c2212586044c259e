//! Warnings: what is valid but probably not meant.

use std::collections::HashSet;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Span;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::graph::ScopeId;
use crate::op::Term;
use crate::op::TermKind;
use crate::spec::Body;
use crate::spec::Inception;
use crate::spec::Kind;
use crate::spec::Layer;
use crate::spec::Main;
use crate::spec::Module;
use crate::spec::Spec;
use crate::yaml::Key;

/// Variables, arguments and modules that nobody uses.
pub(super) fn unused(spec: &Spec, found: &mut Vec<Diagnostic>) {
    let mut uses = Uses::default();
    let of_inputs = spec.inputs.iter().flat_map(|plane| &plane.sides).flatten();
    of_inputs.chain(spec.vars.iter().map(|(_, term)| term)).for_each(|term| uses.term(term));
    uses.defaults(&spec.defaults);
    uses.body(&spec.net);
    for head in &spec.heads {
        uses.layer(&head.layer);
        head.weight.iter().chain(&head.train_only).for_each(|term| uses.term(term));
    }
    let mut waiting: Vec<usize> = uses.modules.iter().copied().collect();
    let mut reached: HashSet<usize> = uses.modules.clone();
    while let Some(at) = waiting.pop() {
        let module = &spec.modules[at];
        let mut own = Uses::default();
        own.module(module);
        for argument in module.args.iter().filter(|argument| !own.names.contains(&*argument.key.text)) {
            found.push(never_read(&argument.key, "argument"));
        }
        uses.names.extend(own.names);
        waiting.extend(own.modules.iter().filter(|used| !reached.contains(used)));
        reached.extend(own.modules);
    }
    for (key, _) in spec.vars.iter().filter(|(key, _)| !uses.names.contains(&*key.text)) {
        found.push(never_read(key, "variable"));
    }
    for (_, module) in spec.modules.iter().enumerate().filter(|(at, _)| !reached.contains(at)) {
        let message = format!("module `{}` is never used", module.key.text);
        found.push(Diagnostic::new(Code::W0002, module.key.span, message, ""));
    }
}

fn never_read(key: &Key, what: &str) -> Diagnostic {
    Diagnostic::new(Code::W0001, key.span, format!("{what} `{}` is never read", key.text), "")
}

/// Names that formulas mention and modules that layers use.
#[derive(Default)]
pub(super) struct Uses<'a> {
    pub(super) names: HashSet<&'a str>,
    pub(super) modules: HashSet<usize>,
}

impl<'a> Uses<'a> {
    pub(super) fn term(&mut self, term: &'a Term) {
        match &term.kind {
            TermKind::Scalar(_, Ok(formula)) => self.names.extend(formula.names()),
            TermKind::Scalar(_, Err(_)) => {}
            TermKind::List(items) => items.iter().for_each(|item| self.term(item)),
            TermKind::Map(entries) => entries.iter().for_each(|(_, value)| self.term(value)),
        }
    }

    pub(super) fn defaults(&mut self, defaults: &'a [(Key, Vec<(Key, Term)>)]) {
        defaults.iter().flat_map(|(_, settings)| settings).for_each(|(_, term)| self.term(term));
    }

    pub(super) fn module(&mut self, module: &'a Module) {
        module.args.iter().filter_map(|argument| argument.default.as_ref()).for_each(|term| self.term(term));
        self.defaults(&module.defaults);
        self.body(&module.body);
    }

    fn body(&mut self, body: &'a Body) {
        body.layers.iter().for_each(|layer| self.layer(layer));
    }

    pub(super) fn layer(&mut self, layer: &'a Layer) {
        let structural = [&layer.norm, &layer.act, &layer.repeat, &layer.when, &layer.by];
        structural.into_iter().flatten().chain(layer.settings.iter().map(|(_, term)| term)).for_each(|term| self.term(term));
        for kind in &layer.kinds {
            if let Kind::Module(at) = kind.kind {
                self.modules.insert(at);
            }
            match &kind.main {
                Main::Value(value) => value.iter().for_each(|term| self.term(term)),
                Main::Layers(_) => {}
                Main::Arguments(arguments) => arguments.iter().for_each(|(_, term)| self.term(term)),
                Main::Body(body) => self.body(body),
                Main::Inception(Inception::Branches(branches)) => branches.iter().for_each(|branch| self.body(&branch.body)),
                Main::Inception(Inception::Ratios(ratios)) => {
                    let parts = ratios.share.iter().chain(&ratios.reduce).map(|(_, term)| term);
                    parts.chain(&ratios.unit).chain([&ratios.total]).for_each(|term| self.term(term));
                }
            }
        }
    }
}

/// Layers that lead to no output, and widths off the grid of eight that the network otherwise keeps.
pub(super) fn built(graph: &Graph, found: &mut Vec<Diagnostic>) {
    dead(graph, found);
    off_grid(graph, found);
}

fn dead(graph: &Graph, found: &mut Vec<Diagnostic>) {
    let leads = graph.leading_to(|_| true);
    let scopes = graph.scopes();
    let mut alive = vec![false; scopes.count()];
    let mut dead = vec![false; alive.len()];
    for node in graph.nodes().filter(|&node| graph.node(node).op.is_some()) {
        let marks = if leads[node.index()] { &mut alive } else { &mut dead };
        scopes.ancestors(graph.node(node).scope).for_each(|scope| marks[scope.index()] = true);
    }
    let wholly_dead = |scope: ScopeId| dead[scope.index()] && !alive[scope.index()];
    // Of a chain that leads nowhere only the end is told: with it the others come alive.
    let lies_in = |node: NodeIndex, scope: ScopeId| scopes.ancestors(graph.node(node).scope).any(|around| around == scope);
    let mut is_read = vec![false; alive.len()];
    for node in graph.nodes().filter(|node| !leads[node.index()]) {
        for scope in scopes.ancestors(graph.node(node).scope).filter(|&scope| wholly_dead(scope)) {
            is_read[scope.index()] |= graph.readers(node).any(|reader| !lies_in(reader, scope));
        }
    }
    let is_end = |scope: ScopeId| wholly_dead(scope) && !is_read[scope.index()];
    let mut told: HashSet<Span> = HashSet::new();
    for scope in scopes.all().filter(|&scope| is_end(scope) && !wholly_dead(scopes.get(scope).parent)) {
        if let Some(span) = scopes.get(scope).span
            && told.insert(span)
        {
            let message = format!("layer `{}` feeds no output, it is not counted", scopes.path(scope));
            let help = "read it in a layer below, name it in `heads` or `compare`, or drop it";
            found.push(Diagnostic::new(Code::W0003, span, message, "").with_help(help));
        }
    }
}

fn off_grid(graph: &Graph, found: &mut Vec<Diagnostic>) {
    const GRID: u32 = 8;
    let contraction = |node: NodeIndex| graph.node(node).op.as_ref().filter(|op| op.class().is_contraction());
    // A width that no further layer with weights reads is a number of classes, which nobody can choose.
    let mut is_read = vec![false; graph.nodes().len()];
    for node in graph.nodes().rev() {
        is_read[node.index()] = graph.readers(node).any(|reader| contraction(reader).is_some() || is_read[reader.index()]);
    }
    let widths: Vec<(ScopeId, u32)> = (graph.nodes())
        .filter(|node| is_read[node.index()])
        .filter_map(|node| Some((graph.node(node).scope, contraction(node)?.width()?)))
        .collect();
    let off: Vec<&(ScopeId, u32)> = widths.iter().filter(|(_, width)| !width.is_multiple_of(GRID)).collect();
    if off.is_empty() || off.len() * 10 > widths.len() {
        return;
    }
    for &&(scope, width) in &off {
        if let Some(span) = graph.scopes().get(scope).span {
            let message = format!(
                "`{}` has {width} channels, no multiple of {GRID} as the network otherwise has",
                graph.scopes().path(scope)
            );
            let (below, above) = (width / GRID * GRID, (width / GRID + 1) * GRID);
            let near = if below == 0 { format!("{above} fills") } else { format!("{below} or {above} fill") };
            let help = format!("{near} the lanes of a processor");
            found.push(Diagnostic::new(Code::W0006, span, message, "").with_help(help));
        }
    }
}
