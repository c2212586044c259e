//! From a spec to a graph: one walk that evaluates, resolves references and builds.
//!
//! Layers come in topological order, so channels are known when a formula asks for them (`in`). A fault makes what the layer gives
//! unknown, and everything that follows from an unknown is silent. Faults inside a module show each use that led to it.

use std::collections::HashMap;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Real64;
use crate::base::Severity;
use crate::base::Shape;
use crate::base::Span;
use crate::expr::Decisions;
use crate::expr::Environment;
use crate::expr::Input;
use crate::expr::Place;
use crate::expr::Value;
use crate::expr::Variable;
use crate::graph::Graph;
use crate::graph::GraphBuilder;
use crate::graph::NodeIndex;
use crate::graph::Output;
use crate::graph::ScopeId;
use crate::graph::drop_dead;
use crate::op::MAX_COUNT;
use crate::op::MAX_REAL;
use crate::op::MAX_SIDE;
use crate::op::Term;
use crate::op::evaluate;
use crate::op::integer;
use crate::op::real;
use crate::op::unfit;
use crate::spec::InputPlane;
use crate::spec::Layer;
use crate::spec::Spec;
use crate::spec::lint;

use super::Met;
use super::course::Course;
use super::merge;
use super::naive::Within;

/// How many layers a walk may visit, copies and layers left out included.
pub(in crate::spec) const MAX_VISITS: u32 = 100_000;
/// How many bytes of formulas and lists a walk may evaluate, those of copies each time.
pub(in crate::spec) const MAX_WORK: usize = 1 << 25;
/// How many findings a walk may have, those of one place counted for each use; then it ends.
pub(super) const MAX_FOUND: usize = 500;

/// What a walk gives.
#[derive(Debug)]
pub struct Lowered {
    /// The graph, unless something is wrong.
    pub graph: Option<Graph>,
    /// Errors and warnings.
    pub found: Vec<Diagnostic>,
    /// The decisions met on the way, with the values taken.
    pub decisions: Decisions,
    /// Layers visited, for walks that are repeated.
    pub(in crate::spec) visits: u32,
    /// Whether it has walked all that is written, without a fault: nothing is left to be told of ([`super::untaken`]).
    pub(super) is_whole: bool,
    /// The `inception`s met in a walk for a naive twin.
    pub(in crate::spec) met: Vec<Met>,
}

/// Builds the graph that a spec means when its decisions are taken as `decisions` says, at their starting points otherwise.
/// `input` replaces the shape of every input.
pub fn lower(spec: &Spec, decisions: Decisions, input: Option<Shape>) -> Lowered {
    lower_for(Purpose::Candidate, spec, decisions, input)
}

/// What a walk over a spec is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::spec) enum Purpose {
    /// To build one candidate.
    Candidate,
    /// To build what no candidate exceeds: branches that share a total are each as wide as any candidate has them, whatever their sum.
    Widest,
    /// As the widest, at the other end.
    Narrowest,
    /// To meet all that is written: layers are walked whatever `when` says, and of several kinds each. Nothing is built, and only what
    /// is wrong wherever it is read is a fault ([`super::untaken`]).
    Everything,
    /// To build the naive twin: every `inception` without reductions and projections, on whatever reaches it then.
    Naive,
    /// To build the candidate with each `inception`'s naive form beside it, on the same input, as a result that nobody reads.
    Beside,
}

/// As [`lower`], for a purpose.
pub(in crate::spec) fn lower_for(purpose: Purpose, spec: &Spec, decisions: Decisions, input: Option<Shape>) -> Lowered {
    let mut lowering = Lowering::new(purpose, spec, decisions);
    let vars = lowering.vars();
    lowering.network(&vars, input);
    if purpose == Purpose::Everything {
        // Nobody can decide what nobody uses.
        let decisions = std::mem::take(&mut lowering.decisions);
        lowering.unused(&vars);
        lowering.settle();
        return Lowered {
            graph: None,
            found: lowering.kept,
            decisions,
            visits: lowering.visits,
            is_whole: true,
            met: Vec::new(),
        };
    }
    lowering.finish()
}

/// What a path stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub(super) node: NodeIndex,
    /// The layer's name.
    pub(super) span: Span,
    /// The `when` or `repeat` that left the layer out; the node is what its readers read instead.
    pub(super) left_out: Option<Span>,
}

/// What the layers of one body see.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    /// The file's variables.
    pub(super) vars: &'a [Variable],
    /// The arguments of the module whose text holds the body.
    pub(super) args: &'a [Variable],
    /// Names of the module's inputs with their channels.
    pub(super) inputs: &'a [Input],
    /// The nodes behind those names.
    pub(super) nodes: &'a [NodeIndex],
    /// `i`, under `repeat`.
    pub(super) copy: Option<u32>,
    /// The `defaults` of the module whose text holds the body.
    pub(super) defaults: &'a [(crate::yaml::Key, Vec<(crate::yaml::Key, Term)>)],
    /// How much of [`Lowering::path`] is the body's own path.
    pub(super) prefix: usize,
    /// The body's layers, those below the one at hand too.
    pub(super) layers: &'a [Layer],
    /// The body around a branch's list: where names are looked up next.
    pub(super) outer: Option<&'a Frame<'a>>,
    /// The layer that the body belongs to.
    pub(super) place: Option<&'a Place<'a>>,
}

impl<'a> Frame<'a> {
    /// Sees the file's variables and nothing else.
    pub(super) fn bare(vars: &'a [Variable]) -> Frame<'a> {
        Frame {
            vars,
            args: &[],
            inputs: &[],
            nodes: &[],
            copy: None,
            defaults: &[],
            prefix: 0,
            layers: &[],
            outer: None,
            place: None,
        }
    }

    pub(super) fn env(&self) -> Environment<'a> {
        Environment { vars: self.vars, args: self.args, inputs: self.inputs, copy: self.copy }
    }
}

pub(super) struct Lowering<'s> {
    pub(super) spec: &'s Spec,
    pub(super) net: GraphBuilder,
    pub(super) decisions: Decisions,
    pub(super) found: Vec<Diagnostic>,
    /// Layers so far by their whole path.
    pub(super) places: HashMap<String, Target>,
    /// The path of the body or layer at hand.
    pub(super) path: String,
    /// Scopes that names written as whole paths have opened.
    pub(super) flat: HashMap<String, ScopeId>,
    /// Whether there are such names.
    pub(super) is_flat: bool,
    /// The modules being walked, outermost first.
    pub(super) modules: Vec<usize>,
    /// Where those modules are used.
    pub(super) uses: Vec<Span>,
    /// Modules that were walked.
    pub(super) walked: Vec<bool>,
    /// Whether a layer or a kind of one was left out.
    pub(super) has_left: bool,
    /// Of a walk over everything, what it found that is wrong wherever it is read.
    pub(super) kept: Vec<Diagnostic>,
    /// Circles of modules that were told, each sorted.
    pub(super) circles: Vec<Vec<usize>>,
    pub(super) visits: u32,
    /// Bytes of formulas and lists so far.
    pub(super) work: usize,
    pub(super) purpose: Purpose,
    /// The `inception`s met for a naive twin.
    pub(super) met: Vec<Met>,
    /// In what kind of them the walk is.
    pub(super) within: Within,
    /// Of a walk in stretches, where it halts.
    pub(super) course: Option<Course<'s>>,
}

impl<'s> Lowering<'s> {
    pub(super) fn new(purpose: Purpose, spec: &'s Spec, decisions: Decisions) -> Lowering<'s> {
        let name = if purpose == Purpose::Naive { format!("{}-naive", spec.name) } else { spec.name.clone() };
        Lowering {
            spec,
            net: GraphBuilder::at(&name, Some(spec.span)),
            decisions,
            found: Vec::new(),
            places: HashMap::new(),
            path: String::new(),
            flat: HashMap::new(),
            is_flat: spec.net.layers.iter().any(|layer| layer.key.text.contains('/')),
            modules: Vec::new(),
            uses: Vec::new(),
            walked: vec![false; spec.modules.len()],
            has_left: false,
            kept: Vec::new(),
            circles: Vec::new(),
            visits: 0,
            work: 0,
            purpose,
            met: Vec::new(),
            within: Within::default(),
            course: None,
        }
    }
}

impl Lowering<'_> {
    /// The file's variables, from top to bottom.
    pub(super) fn vars(&mut self) -> Vec<Variable> {
        let mut vars: Vec<Variable> = Vec::with_capacity(self.spec.vars.len());
        for (key, term) in &self.spec.vars {
            let env = Environment { vars: &vars, args: &[], inputs: &[], copy: None };
            let variable = self.variable(&env, None, key, term);
            vars.push(variable);
        }
        vars
    }

    /// Evaluates a variable or argument; its decision is written as its name.
    pub(super) fn variable(
        &mut self,
        env: &Environment<'_>,
        place: Option<&Place<'_>>,
        key: &crate::yaml::Key,
        term: &Term,
    ) -> Variable {
        let before = self.found.len();
        let result = crate::op::evaluate_decided(term, env, place, &key.text, &mut self.decisions, &mut self.found);
        self.show_uses(before);
        let (value, decided) = result.map_or((None, false), |(value, decided)| (Some(value), decided));
        Variable::new(key.text.clone(), key.span, value, decided)
    }

    pub(super) fn network(&mut self, vars: &[Variable], input: Option<Shape>) {
        let bare = Frame::bare(vars);
        let spec = self.spec;
        let nodes = self.known_inputs().unwrap_or_else(|| {
            let nodes: Vec<NodeIndex> = spec.inputs.iter().map(|plane| self.input(plane, &bare, input)).collect();
            self.know_inputs(&nodes);
            for (plane, &node) in spec.inputs.iter().zip(&nodes) {
                self.enter_path(&plane.key.text, Target { node, span: plane.key.span, left_out: None });
            }
            nodes
        });
        let first = nodes.first().copied().unwrap_or_else(|| self.net.add_unknown());
        let mut inputs = Vec::with_capacity(nodes.len() + 1);
        let channels = |net: &GraphBuilder, node| net.shape(node).map(|shape| shape.c);
        inputs.push(Input { name: "in".into(), channels: channels(&self.net, first) });
        for (plane, &node) in spec.inputs.iter().zip(&nodes) {
            inputs.push(Input { name: plane.key.text.clone(), channels: channels(&self.net, node) });
        }
        let nodes: Vec<NodeIndex> = std::iter::once(first).chain(nodes).collect();
        let frame = Frame { inputs: &inputs, nodes: &nodes, layers: &spec.net.layers, ..bare };
        let last = self.body(&spec.net, &frame, first);
        if !self.has_halted() {
            self.without_halts(|lowering| lowering.heads(&frame, last));
        }
    }

    fn input(&mut self, plane: &InputPlane, frame: &Frame<'_>, input: Option<Shape>) -> NodeIndex {
        let names = ["channels", "height", "width"];
        let mut sides = [1; 3];
        let mut known = plane.sides.is_some();
        for (at, side) in plane.sides.iter().flatten().enumerate() {
            let most = if at == 0 { MAX_COUNT } else { MAX_SIDE };
            let place = Place { up: None, name: &plane.key.text, copy: None };
            match self.count(side, frame, &place, names[at], 1, most) {
                Some(side) => sides[at] = side,
                None => known = false,
            }
        }
        let [c, h, w] = sides;
        let shape = input.unwrap_or(Shape::new(c, h, w));
        if (known || input.is_some()) && !self.spec.shapeless {
            self.net.input_at(&plane.key.text, shape, Some(plane.key.span))
        } else {
            self.net.add_unknown()
        }
    }

    fn heads(&mut self, frame: &Frame<'_>, last: NodeIndex) {
        let spec = self.spec;
        for head in &spec.heads {
            let node = match itself(&head.layer) {
                Some(from) => self.reference(from, frame).map_or_else(|| self.net.add_unknown(), |(node, _)| node),
                None => self.layer(&head.layer, frame, last),
            };
            let place = Place { up: None, name: &head.layer.key.text, copy: None };
            let weight = head.weight.as_ref().and_then(|term| self.weight(term, frame, &place));
            let train_only = match &head.train_only {
                Some(term) => self.truth(term, frame, &place, "train_only").unwrap_or(false),
                None => false,
            };
            self.net.add_output(Output {
                name: head.layer.key.text.to_string(),
                node,
                weight: weight.unwrap_or(Real64::new(1.0)),
                train_only,
                span: Some(head.layer.key.span),
            });
        }
        if spec.heads.is_empty() {
            let layer = spec.net.layers.last();
            let (name, span) = layer.map_or(("main".into(), spec.span), |layer| (layer.key.text.clone(), layer.key.span));
            self.net.add_output(Output {
                name: name.to_string(),
                node: last,
                weight: Real64::new(1.0),
                train_only: false,
                span: Some(span),
            });
        }
        for term in &spec.compare {
            let Some((node, span)) = self.reference(term, frame) else { continue };
            let name = term.text().unwrap_or_default().to_owned();
            self.net.add_output(Output { name, node, weight: Real64::new(0.0), train_only: false, span: Some(span) });
        }
    }

    /// A head's weight in the loss.
    fn weight(&mut self, term: &Term, frame: &Frame<'_>, place: &Place<'_>) -> Option<Real64> {
        let value = self.value(term, frame, place, "weight")?;
        match real(&value, 0.0, MAX_REAL) {
            Ok(weight) => Some(weight),
            Err(because) => {
                let message = format!("`weight` must be {because}, got {value}");
                self.fault(Diagnostic::new(Code::E0303, term.span, message, ""));
                None
            }
        }
    }

    fn finish(mut self) -> Lowered {
        let mut graph = None;
        match self.net.finish() {
            Ok(whole) => {
                lint::built(&whole, &mut self.found);
                graph = Some(drop_dead(whole));
            }
            Err(misfits) => self.found.extend(misfits.iter().filter_map(crate::graph::Misfit::diagnostic)),
        }
        self.found.extend_from_slice(self.decisions.warnings());
        self.found.retain(|finding| !self.spec.told.contains(&finding.span()));
        let full = self.found.len() >= MAX_FOUND;
        let mut found = merge::merged(self.found);
        if let Some(last) = found.last_mut().filter(|_| full) {
            last.notes.push("there may be more: too much was found to go on".to_owned());
        }
        let broken = !self.spec.told.is_empty() || found.iter().any(|finding| finding.severity() == Severity::Error);
        // A default that each use overrides was not read.
        let modules = self.spec.modules.iter().zip(&self.walked);
        let has_read = modules.into_iter().all(|(module, &walked)| walked && module.args.iter().all(|arg| arg.default.is_none()));
        let is_whole = !broken && !self.has_left && has_read && self.decisions.found().is_empty();
        let graph = graph.filter(|_| !broken);
        Lowered { graph, found, decisions: self.decisions, visits: self.visits, is_whole, met: self.met }
    }

    /// Takes note of terms that are about to be evaluated; false if they are too many.
    pub(super) fn charge(&mut self, bytes: usize) -> bool {
        self.work += bytes;
        self.work <= MAX_WORK
    }

    pub(super) fn fault(&mut self, fault: Diagnostic) {
        self.found.push(fault);
        self.show_uses(self.found.len() - 1);
    }

    /// Labels the findings from `from` on with the uses of the modules being walked.
    pub(super) fn show_uses(&mut self, from: usize) {
        for finding in &mut self.found[from..] {
            for &user in self.uses.iter().rev() {
                if finding.labels.iter().all(|label| label.span != user) {
                    *finding = finding.clone().with_label(user, merge::USED);
                }
            }
        }
    }

    /// A value; nothing if there is none, in which case that has been told.
    pub(super) fn value(&mut self, term: &Term, frame: &Frame<'_>, place: &Place<'_>, key: &str) -> Option<Value> {
        let before = self.found.len();
        let value = evaluate(term, &frame.env(), Some(place), key, &mut self.decisions, &mut self.found);
        self.show_uses(before);
        value
    }

    /// An integer in `low..=high`.
    pub(super) fn count(
        &mut self,
        term: &Term,
        frame: &Frame<'_>,
        place: &Place<'_>,
        key: &str,
        low: u32,
        high: u32,
    ) -> Option<u32> {
        let value = self.value(term, frame, place, key)?;
        match integer(&value, low, high) {
            Ok(number) => Some(number),
            Err(because) => {
                let fault = unfit(Code::E0303, &format!("`{key}`"), &because, &value, term, &frame.env());
                self.fault(fault);
                None
            }
        }
    }

    /// True or false.
    pub(super) fn truth(&mut self, term: &Term, frame: &Frame<'_>, place: &Place<'_>, key: &str) -> Option<bool> {
        match self.value(term, frame, place, key)? {
            Value::Truth(truth) => Some(truth),
            other => {
                self.fault(unfit(Code::E0302, &format!("`{key}`"), "true or false", &other, term, &frame.env()));
                None
            }
        }
    }
}

/// What a head reads that only declares the layer of its own name to be a result, as `expand` writes heads.
fn itself(layer: &Layer) -> Option<&Term> {
    let bare = layer.kinds.is_empty() && layer.norm.is_none() && layer.act.is_none() && layer.when.is_none();
    layer.from.as_ref().filter(|from| bare && from.text() == Some(&layer.key.text))
}
