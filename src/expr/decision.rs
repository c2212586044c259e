//! The decisions of a spec: what was chosen for them beforehand, and which were met on a walk, in order.

use std::collections::{BTreeMap, HashMap};

use crate::base::{Code, Diagnostic, Span};
use crate::expr::{Options, Value, Variable};

/// Longer lists of alternatives are cut in messages.
const SHOWN: usize = 20;

/// A decision that was met.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// `w` for a variable, `3a:kernel` for a layer's setting, `s2.1:k` for an argument's default in one copy (rule R14).
    pub path: String,
    /// Where it is written.
    pub span: Span,
    /// What is taken without a search.
    pub start: Value,
    /// What may be taken.
    pub options: Options,
}

/// Choices made, and decisions met. A decision that is met again is the same one if its path is the same.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    chosen: BTreeMap<String, Value>,
    found: Vec<Decision>,
    /// What each decision found takes.
    taken: Vec<Value>,
    /// The number of a decision by its path.
    numbers: HashMap<String, usize>,
    warnings: Vec<Diagnostic>,
}

impl Decisions {
    /// Nothing met yet; `chosen` gives values by path, from `--set` or a search.
    pub fn new(chosen: impl IntoIterator<Item = (String, Value)>) -> Decisions {
        Decisions { chosen: chosen.into_iter().collect(), ..Decisions::default() }
    }

    /// The value that the decision takes: what was chosen for its path, else its start. A choice that is none of its options is a
    /// fault, told once; the start then stands in.
    pub fn decide(
        &mut self,
        path: impl FnOnce() -> String,
        span: Span,
        options: Options,
        start: Value,
    ) -> Result<Value, Box<Diagnostic>> {
        let path = path();
        if let Some(&number) = self.numbers.get(&path) {
            return Ok(self.taken[number].clone());
        }
        let chosen = self.chosen.get(&path);
        let fault = chosen.filter(|chosen| !options.contains(chosen)).map(|chosen| refusal(&path, span, &options, chosen));
        let value = chosen.filter(|_| fault.is_none()).unwrap_or(&start).clone();
        self.numbers.insert(path.clone(), self.found.len());
        self.taken.push(value.clone());
        self.found.push(Decision { path, span, start, options });
        fault.map_or(Ok(value), Err)
    }

    /// The decisions met, in order, each once.
    pub fn found(&self) -> &[Decision] {
        &self.found
    }

    /// The decisions met with what they take.
    pub fn taken(&self) -> impl Iterator<Item = (&Decision, &Value)> {
        self.found.iter().zip(&self.taken)
    }

    /// What they take as variables named by their paths: the environment of `search: where`.
    pub fn variables(&self) -> Vec<Variable> {
        let variable = |(decision, value): (&Decision, &Value)| {
            Variable::new(decision.path.as_str(), decision.span, Some(value.clone()), true)
        };
        self.taken().map(variable).collect()
    }

    /// Whether a decision with this path was met.
    pub fn has_met(&self, path: &str) -> bool {
        self.numbers.contains_key(path)
    }

    /// The paths something was chosen for and no decision had, sorted.
    pub fn unused(&self) -> Vec<&str> {
        self.chosen.keys().map(String::as_str).filter(|path| !self.has_met(path)).collect()
    }

    /// Keeps a warning about a decision.
    pub fn warn(&mut self, warning: Diagnostic) {
        self.warnings.push(warning);
    }

    /// The warnings kept.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }
}

/// A choice that is not offered.
fn refusal(path: &str, span: Span, options: &Options, chosen: &Value) -> Box<Diagnostic> {
    let message = format!("{chosen} is no alternative of `{path}`");
    let more = match options {
        Options::List(_) | Options::Shares(_) if options.len() > SHOWN => {
            let first: Vec<String> = options.iter().take(SHOWN).map(|value| value.to_string()).collect();
            format!("{} | ... ({} in all)", first.join(" | "), options.len())
        }
        Options::List(_) | Options::Shares(_) | Options::Range(_) => options.to_string(),
    };
    Box::new(Diagnostic::new(Code::E0311, span, message, "the decision").with_note(format!("alternatives: {more}")))
}
