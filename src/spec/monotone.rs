//! Which decisions can only make widths grow, read off the text.
//!
//! A decision grows if every value it reaches is a width, by sums, products and roundings alone: no difference, quotient, remainder,
//! comparison, condition or number below zero, no stride, padding, group, repeat or `when`. A kernel that pads by `same` counts as a
//! width: the map stays as large and the cost grows. Activations and real settings, such as a dropout's, cost no multiply-add and no
//! parameter: what reaches only them is free. What `in` reaches is reached by every decision. Names are taken for one another wherever they are equal, which can only make the answer more careful.

use std::collections::HashMap;
use std::collections::HashSet;

use crate::base::Span;
use crate::expr::Decision;
use crate::expr::Expr;
use crate::expr::ExprKind;
use crate::expr::Formula;
use crate::expr::Operator;
use crate::expr::Options;
use crate::expr::Rational;
use crate::op::Op;
use crate::op::Role;
use crate::op::Takes;
use crate::op::Term;
use crate::op::TermKind;
use crate::spec::Body;
use crate::spec::Inception;
use crate::spec::Kind;
use crate::spec::KindUse;
use crate::spec::Layer;
use crate::spec::Main;
use crate::spec::Spec;

/// The decisions that do not only grow.
pub(super) struct Monotone {
    /// Where they are written.
    others: HashSet<Span>,
    /// Whether nothing can be said of any.
    none: bool,
}

impl Monotone {
    /// Reads a spec whose space has these decisions.
    pub(super) fn of(spec: &Spec, decisions: &[Decision]) -> Monotone {
        let of_modules = spec.modules.iter().flat_map(|module| &module.inputs);
        let inputs = of_modules.chain(spec.inputs.iter().map(|plane| &plane.key)).map(|key| key.text.to_string());
        let mut flow = Flow { inputs: inputs.chain(["in".to_owned()]).collect(), ..Flow::default() };
        // What a name holds hangs on the names in its value: until nothing new is found.
        loop {
            let before = flow.size();
            flow.others.clear();
            flow.spec(spec);
            if flow.size() == before {
                break;
            }
        }
        // A number below zero turns growing into shrinking wherever it is a factor.
        let below = |decision: &Decision| decision.options.ends().is_some_and(|[least, _]| least < Rational::ZERO);
        Monotone { others: flow.others, none: flow.all_stop || decisions.iter().any(below) }
    }

    /// Whether a decision among words or truths reaches nothing that costs.
    pub(super) fn is_free(&self, decision: &Decision) -> bool {
        matches!(&decision.options, Options::List(_))
            && decision.options.ends().is_none()
            && !self.others.contains(&decision.span)
    }

    /// Whether a decision only makes widths grow.
    pub(super) fn grows(&self, decision: &Decision) -> bool {
        decision.options.ends().is_some() && !self.none && !self.others.contains(&decision.span)
    }
}

/// Whether a setting of a layer is a real number for each kind that has it; norms have no others.
fn is_real(layer: &Layer, name: &str) -> bool {
    let entries = layer.kinds.iter().filter_map(|kind| if let Kind::Op(entry) = kind.kind { Some(entry) } else { None });
    let norms = Op::ENTRIES.iter().filter(|entry| (entry.manual)().role == Role::Norm);
    let settings = entries.chain(norms).flat_map(|entry| (entry.manual)().settings).filter(|setting| setting.name == name);
    let mut takes = settings.map(|setting| setting.takes).peekable();
    takes.peek().is_some() && takes.all(|takes| takes == Takes::Number)
}

/// Whether nothing gives a layer another padding than the `same` that all its kinds have by themselves.
fn pads_by_same(spec: &Spec, layer: &Layer) -> bool {
    let by_default = |kind: &str| {
        let all = spec.defaults.iter().chain(spec.modules.iter().flat_map(|module| &module.defaults));
        all.filter(|(key, _)| &*key.text == kind).flat_map(|(_, settings)| settings).any(|(key, _)| &*key.text == "pad")
    };
    let own = |kind: &KindUse| match kind.kind {
        Kind::Op(entry) => (entry.manual)().settings.iter().any(|setting| setting.name == "pad" && setting.default == "same"),
        _ => false,
    };
    let written = layer.settings.iter().any(|(key, _)| &*key.text == "pad");
    !written && layer.kinds.iter().all(|kind| own(kind) && !by_default(&kind.word.text))
}

#[derive(Default)]
struct Flow {
    /// For each name the decisions that reach it.
    reaches: HashMap<String, HashSet<Span>>,
    others: HashSet<Span>,
    /// `in`, and the names that modules and the file give their inputs: channels, which hang on every decision before them.
    inputs: HashSet<String>,
    /// A width of some layer reaches a place where it may make things smaller.
    all_stop: bool,
}

impl Flow {
    fn size(&self) -> usize {
        self.reaches.values().map(HashSet::len).sum::<usize>() + self.reaches.len()
    }

    fn spec(&mut self, spec: &Spec) {
        for (key, term) in &spec.vars {
            self.named(&key.text, term);
        }
        spec.inputs.iter().flat_map(|plane| plane.sides.iter().flatten()).for_each(|side| self.fixed(side));
        let own = spec.defaults.iter().chain(spec.modules.iter().flat_map(|module| &module.defaults));
        own.flat_map(|(_, settings)| settings).for_each(|(_, term)| self.fixed(term));
        for module in &spec.modules {
            for argument in &module.args {
                if let Some(default) = &argument.default {
                    self.named(&argument.key.text, default);
                }
            }
            self.body(spec, &module.body);
        }
        self.body(spec, &spec.net);
        spec.heads.iter().for_each(|head| self.layer(spec, &head.layer));
    }

    fn body(&mut self, spec: &Spec, body: &Body) {
        body.layers.iter().for_each(|layer| self.layer(spec, layer));
    }

    fn layer(&mut self, spec: &Spec, layer: &Layer) {
        let structural = [&layer.norm, &layer.repeat, &layer.when, &layer.by];
        structural.into_iter().flatten().for_each(|term| self.fixed(term));
        for (key, term) in &layer.settings {
            match &*key.text {
                _ if is_real(layer, &key.text) => {}
                "kernel" if pads_by_same(spec, layer) => {
                    self.width(term);
                }
                _ => self.fixed(term),
            }
        }
        if layer.kinds.len() > 1 {
            self.others.insert(layer.kind_span);
        }
        for kind in &layer.kinds {
            match (&kind.main, kind.kind) {
                (Main::Value(Some(term)), Kind::Op(entry)) => match (entry.manual)().main.takes {
                    Takes::Count if (entry.manual)().main.name == "width" => {
                        self.width(term);
                    }
                    Takes::Number => {}
                    _ => self.fixed(term),
                },
                (Main::Arguments(arguments), Kind::Module(at)) => {
                    for (key, term) in arguments {
                        let first = spec.modules[at].args.first().map(|argument| &argument.key.text);
                        if let Some(name) = key.as_ref().map(|key| &key.text).or(first) {
                            self.named(name, term);
                        }
                    }
                }
                (Main::Body(body), _) => self.body(spec, body),
                (Main::Inception(Inception::Branches(branches)), _) => {
                    for branch in branches {
                        self.body(spec, &branch.body);
                    }
                }
                (Main::Inception(Inception::Ratios(ratios)), _) => {
                    self.width(&ratios.total);
                    ratios.share.iter().chain(&ratios.reduce).for_each(|(_, term)| {
                        self.width(term);
                    });
                    ratios.unit.iter().for_each(|unit| self.fixed(unit));
                }
                _ => {}
            }
        }
    }

    /// A variable or argument takes a value.
    fn named(&mut self, name: &str, term: &Term) {
        let reached = self.width(term);
        self.reaches.entry(name.to_owned()).or_default().extend(reached);
    }

    /// A place where growing is harmless: returns the decisions that reach it.
    fn width(&mut self, term: &Term) -> HashSet<Span> {
        match &term.kind {
            TermKind::Scalar(_, Ok(Formula::Plain(expr))) => self.growing(expr),
            TermKind::Scalar(_, Ok(Formula::Choice(choice))) => HashSet::from([choice.span]),
            TermKind::Scalar(_, Err(_)) | TermKind::List(_) | TermKind::Map(_) => {
                self.fixed(term);
                HashSet::new()
            }
        }
    }

    /// A place where a decision changes more than widths.
    fn fixed(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Scalar(_, Ok(Formula::Plain(expr))) => self.stop(expr),
            TermKind::Scalar(_, Ok(Formula::Choice(choice))) => {
                self.others.insert(choice.span);
            }
            TermKind::Scalar(_, Err(_)) => {}
            TermKind::List(items) => items.iter().for_each(|item| self.fixed(item)),
            TermKind::Map(entries) => entries.iter().for_each(|(_, value)| self.fixed(value)),
        }
    }

    /// The decisions that reach an expression, if it only grows with them; what may make it fall is stopped.
    fn growing(&mut self, expr: &Expr) -> HashSet<Span> {
        match &expr.kind {
            ExprKind::Name(name) => self.reaches.get(&**name).cloned().unwrap_or_default(),
            ExprKind::Chain(first, rest)
                if rest.iter().all(|(operator, _)| matches!(operator, Operator::Add | Operator::Multiply)) =>
            {
                let mut reached = self.growing(first);
                for (_, side) in rest {
                    reached.extend(self.growing(side));
                }
                reached
            }
            ExprKind::Chain(first, rest) if matches!(rest[..], [(Operator::Divide, _)]) => {
                self.stop(&rest[0].1);
                self.growing(first)
            }
            ExprKind::Call(_, parts) => parts.iter().flat_map(|part| self.growing(part)).collect(),
            ExprKind::Minus(_) => {
                // What is negative turns growing into shrinking wherever it is a factor.
                self.all_stop = true;
                HashSet::new()
            }
            ExprKind::Chain(_, rest) if rest.iter().any(|(operator, _)| *operator == Operator::Subtract) => {
                self.all_stop = true;
                HashSet::new()
            }
            _ => {
                self.stop(expr);
                HashSet::new()
            }
        }
    }

    /// Every decision that reaches an expression changes more than widths.
    fn stop(&mut self, expr: &Expr) {
        for name in expr.names() {
            self.all_stop |= self.inputs.contains(name);
            if let Some(reached) = self.reaches.get(name) {
                self.others.extend(reached.iter().copied());
            }
        }
    }
}
