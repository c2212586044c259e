//! What names mean where an expression stands: `i`, the inputs of the module, its arguments, the file's variables, in this order.

use std::cell::Cell;
use std::sync::Arc;

use crate::base::listed;
use crate::base::nearest;
use crate::base::{Code, Diagnostic, Span};
use crate::expr::{Function, Value};

/// A variable of the file or an argument of a module.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name; for a decision in `search: where`, its path.
    pub name: Arc<str>,
    /// Where it is written.
    pub span: Span,
    /// What it is; nothing if that could not be said and the fault was told.
    pub value: Option<Value>,
    /// Its value hangs on a decision, or on the width of an input, which may hang on one.
    pub decided: bool,
    /// An expression read it.
    pub used: Cell<bool>,
}

impl Variable {
    /// A variable that nobody has read yet.
    pub fn new(name: impl Into<Arc<str>>, span: Span, value: Option<Value>, decided: bool) -> Variable {
        Variable { name: name.into(), span, value, decided, used: Cell::new(false) }
    }
}

/// An input of the enclosing module, whose number of channels expressions may read.
#[derive(Clone, Debug)]
pub struct Input {
    /// `in`, or a name of the module's `inputs` (rule R18).
    pub name: Arc<str>,
    /// Its channels; nothing after a fault.
    pub channels: Option<u32>,
}

/// The names in scope.
#[derive(Clone, Copy, Debug, Default)]
pub struct Environment<'a> {
    /// The variables of the file.
    pub vars: &'a [Variable],
    /// The arguments of the module.
    pub args: &'a [Variable],
    /// The inputs of the module.
    pub inputs: &'a [Input],
    /// `i`, from 1; only in the lines of a layer with `repeat`.
    pub copy: Option<u32>,
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It hangs on something whose fault was told already.
    Silent,
    /// A fault to tell.
    Found(Box<Diagnostic>),
}

impl From<Box<Diagnostic>> for Fault {
    fn from(fault: Box<Diagnostic>) -> Fault {
        Fault::Found(fault)
    }
}

impl From<Diagnostic> for Fault {
    fn from(fault: Diagnostic) -> Fault {
        Fault::Found(Box::new(fault))
    }
}

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub enum Binding<'a> {
    /// `i`, the number of the copy.
    Copy(u32),
    /// The channels of an input.
    Input(&'a Input),
    /// A variable or an argument.
    Variable(&'a Variable),
}

impl<'a> Environment<'a> {
    /// What `name` stands for, if anything. Nothing is marked as used.
    pub fn find(&self, name: &str) -> Option<Binding<'a>> {
        if let (Some(copy), "i") = (self.copy, name) {
            return Some(Binding::Copy(copy));
        }
        let input = self.inputs.iter().find(|input| *input.name == *name).map(Binding::Input);
        input.or_else(|| self.variable(name).map(Binding::Variable))
    }

    /// The argument or else the variable with this name.
    pub fn variable(&self, name: &str) -> Option<&'a Variable> {
        self.args.iter().chain(self.vars).find(|variable| *variable.name == *name)
    }

    /// Whether `name`, standing alone, is a word: it means nothing here, and is none of `i` and `in`, which never are words.
    pub fn is_word(&self, name: &str) -> bool {
        name != "i" && name != "in" && self.find(name).is_none()
    }

    /// The names in scope, sorted, each once.
    pub fn names(&self) -> Vec<&'a str> {
        let variables = self.args.iter().chain(self.vars).map(|variable| &*variable.name);
        let inputs = self.inputs.iter().map(|input| &*input.name);
        let mut names: Vec<&str> = variables.chain(inputs).chain(self.copy.map(|_| "i")).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The fault of a name that means nothing here.
    pub(super) fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        match name {
            "i" => Diagnostic::new(Code::E0306, span, "`i` counts copies, and there is no `repeat` here", "")
                .with_help("`i` is known in the lines of a layer with `repeat`; a module takes it as an argument"),
            "in" => Diagnostic::new(Code::E0301, span, "`in` means nothing here", "no input of a net or module is in sight"),
            _ if Function::find(name).is_some() => {
                Diagnostic::new(Code::E0301, span, format!("`{name}` is a function, not a variable"), "its arguments are missing")
                    .with_help(format!("write `{name}(...)`"))
            }
            _ => {
                let known = self.names();
                let mut fault = Diagnostic::new(Code::E0301, span, format!("unknown variable `{name}`"), "in this expression");
                if !known.is_empty() {
                    fault = fault.with_note(format!("known variables: {}", listed(&known)));
                }
                match nearest(name, known) {
                    Some(near) => fault.with_patch(format!("did you mean `{near}`?"), near),
                    None => fault,
                }
            }
        }
    }

    /// The fault of a `[PATH:KEY]` that is no decision.
    pub(super) fn unknown_decision(&self, path: &str, span: Span) -> Diagnostic {
        const SHOWN: usize = 20;
        let known: Vec<&str> = self.vars.iter().map(|variable| &*variable.name).collect();
        let fault = Diagnostic::new(Code::E0301, span, format!("unknown decision `{path}`"), "");
        match nearest(path, known.iter().copied()) {
            Some(near) => fault.with_patch(format!("did you mean `{near}`?"), format!("[{near}]")),
            None if known.is_empty() => fault.with_note("the spec has no decisions"),
            None => {
                let more = if known.len() > SHOWN { format!(" and {} more", known.len() - SHOWN) } else { String::new() };
                fault.with_note(format!("decisions: {}{more}", known[..known.len().min(SHOWN)].join(", ")))
            }
        }
    }
}
