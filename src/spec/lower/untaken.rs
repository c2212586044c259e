//! Faults in what the network at hand does not reach: layers that `when` leaves out, kinds that are not taken, modules that nobody uses.
//!
//! A number that is out of range there may never be reached with that value, for instance behind the `when` that keeps it away. So only
//! what is wrong whatever the values are is told: forms, names, arguments, references, circles of modules, constants that are out of
//! place, and alternatives of a decision that are.

use std::collections::HashSet;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Sources;
use crate::base::Span;
use crate::expr::Decision;
use crate::expr::Decisions;
use crate::expr::Environment;
use crate::expr::Expr;
use crate::expr::ExprKind;
use crate::expr::Formula;
use crate::expr::Input;
use crate::expr::Options;
use crate::expr::Value;
use crate::expr::Variable;
use crate::expr::parse;
use crate::spec::Spec;

use super::Frame;
use super::Lowered;
use super::Lowering;
use super::Purpose;
use super::lower_for;
use super::merge;

/// What may be wrong with a value.
const WRONG_VALUES: [Code; 5] = [Code::E0302, Code::E0303, Code::E0304, Code::E0305, Code::E0308];
/// Alternatives of one decision that are tried; of a range its ends are.
const MAX_ALTERNATIVES: usize = 16;
/// Layers that trying may visit in all.
const MAX_TRIED: u32 = 200_000;
/// What is wrong whatever the values are.
const WRONG_ANYWHERE: [Code; 11] = [
    Code::E0104,
    Code::E0200,
    Code::E0203,
    Code::E0206,
    Code::E0207,
    Code::E0208,
    Code::E0216,
    Code::E0300,
    Code::E0301,
    Code::E0306,
    Code::E0307,
];

/// The faults in what a walk did not reach, alternatives of its decisions among them. `sources` hold the spec's texts.
pub fn untaken(spec: &Spec, sources: &Sources, lowered: &Lowered) -> Vec<Diagnostic> {
    if lowered.is_whole {
        return Vec::new();
    }
    let walked = lower_for(Purpose::Everything, spec, Decisions::default(), None);
    let is_value = |fault: &Diagnostic| WRONG_VALUES.contains(&fault.code);
    let mut found = walked.found;
    found.retain(|fault| !is_value(fault) || is_constant(spec, sources, fault.span()));
    let (mut visits, mut tried) = (0, HashSet::new());
    for (decision, value) in alternatives(walked.decisions.found()) {
        // A decision of each copy is one text: it is wrong in all of them or in none.
        if visits > MAX_TRIED || !tried.insert((decision.span, value.clone())) {
            continue;
        }
        let choice = [(decision.path.clone(), value)];
        let walked = lower_for(Purpose::Everything, spec, Decisions::new(choice), None);
        visits += walked.visits;
        found.extend(walked.found.into_iter().filter(|fault| is_value(fault) && fault.span() == decision.span));
    }
    let mut known: HashSet<(Code, Span)> = lowered.found.iter().map(|finding| (finding.code, finding.span())).collect();
    found.retain(|fault| !known.contains(&(fault.code, fault.span())) && !spec.told.contains(&fault.span()));
    let mut found = merge::merged(found);
    found.retain(|fault| !is_value(fault) || known.insert((fault.code, fault.span())));
    found
}

/// What decisions may take beside their start.
fn alternatives(decisions: &[Decision]) -> impl Iterator<Item = (&Decision, Value)> {
    decisions.iter().flat_map(|decision| {
        let values: Vec<Value> = match &decision.options {
            Options::List(list) => list.iter().take(MAX_ALTERNATIVES).cloned().collect(),
            Options::Range(_) => decision.options.ends().into_iter().flatten().map(Value::Number).collect(),
            Options::Shares(_) => Vec::new(),
        };
        values.into_iter().filter(|value| *value != decision.start).map(move |value| (decision, value))
    })
}

/// Whether a scalar means the same wherever it is read: it and its alternatives name nothing, or are words that nothing bears as its
/// name.
fn is_constant(spec: &Spec, sources: &Sources, span: Span) -> bool {
    let text = &sources.get(span.file).text[span.start as usize..span.end as usize];
    let args = spec.modules.iter().flat_map(|module| module.args.iter().map(|argument| &argument.key).chain(&module.inputs));
    let bears = |name: &str| spec.vars.iter().map(|(key, _)| key).chain(args.clone()).any(|key| &*key.text == name);
    let names_nothing = |expr: &Expr| match &expr.kind {
        ExprKind::Name(name) => &**name != "in" && &**name != "i" && !bears(name),
        _ => expr.names().next().is_none(),
    };
    match parse(text, span) {
        Ok(Formula::Plain(expr)) => names_nothing(&expr),
        Ok(Formula::Choice(choice)) => choice.parts().all(names_nothing),
        Err(_) => false,
    }
}

impl Lowering<'_> {
    /// Keeps what is wrong whatever the values are, and forgets the rest.
    pub(super) fn settle(&mut self) {
        let wrong =
            self.found.drain(..).filter(|fault| WRONG_ANYWHERE.contains(&fault.code) || WRONG_VALUES.contains(&fault.code));
        self.kept.extend(wrong.take(super::MAX_FOUND.saturating_sub(self.kept.len())));
    }

    /// Walks the modules that nobody uses, with inputs and required arguments that have no value.
    pub(super) fn unused(&mut self, vars: &[Variable]) {
        let spec = self.spec;
        for (at, module) in spec.modules.iter().enumerate() {
            if self.walked[at] {
                continue;
            }
            self.settle();
            let names = module.inputs.iter().map(|key| key.text.clone()).chain(["in".into()]);
            let inputs: Vec<Input> = names.map(|name| Input { name, channels: None }).collect();
            let nodes = vec![self.net.add_unknown(); inputs.len()];
            let mut args: Vec<Variable> = Vec::with_capacity(module.args.len());
            for argument in &module.args {
                let env = Environment { vars, args: &args, inputs: &inputs, copy: None };
                args.push(match &argument.default {
                    Some(default) => self.variable(&env, None, &argument.key, default),
                    None => Variable::new(argument.key.text.clone(), argument.key.span, None, false),
                });
            }
            let frame = Frame { args: &args, inputs: &inputs, nodes: &nodes, defaults: &module.defaults, ..Frame::bare(vars) };
            self.walked[at] = true;
            self.modules.push(at);
            self.path = module.key.text.to_string();
            self.places.clear();
            let frame = Frame { prefix: self.path.len(), ..frame };
            self.body(&module.body, &frame, nodes[0]);
            self.path.clear();
            self.modules.pop();
        }
    }
}
