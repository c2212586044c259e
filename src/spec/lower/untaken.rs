//! Faults in what the network at hand does not reach: layers that `when` leaves out, kinds that are not taken, modules that nobody uses.
//!
//! A number that is out of range there may never be reached with that value, for instance behind the `when` that keeps it away. So only
//! what is wrong whatever the values are is told: forms, names, arguments, references, circles of modules.

use std::collections::HashSet;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Span;
use crate::expr::Decisions;
use crate::expr::Environment;
use crate::expr::Input;
use crate::expr::Variable;
use crate::spec::Spec;

use super::Frame;
use super::Lowering;
use super::Purpose;
use super::lower_for;
use super::merge;

/// What is wrong whatever the values are.
const WRONG_ANYWHERE: [Code; 10] = [
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
];

/// The faults in what a walk did not reach; `told` are those that it found.
pub fn untaken(spec: &Spec, told: &[Diagnostic]) -> Vec<Diagnostic> {
    let known: HashSet<(Code, Span)> = told.iter().map(|finding| (finding.code, finding.span())).collect();
    let mut found = lower_for(Purpose::Everything, spec, Decisions::default(), None).found;
    found.retain(|fault| !known.contains(&(fault.code, fault.span())) && !spec.told.contains(&fault.span()));
    merge::merged(found)
}

impl Lowering<'_> {
    /// Keeps what is wrong whatever the values are, and forgets the rest.
    pub(super) fn settle(&mut self) {
        let wrong = self.found.drain(..).filter(|fault| WRONG_ANYWHERE.contains(&fault.code));
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
