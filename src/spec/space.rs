//! The space of a spec: every decision that some candidate meets.
//!
//! A decision is a place in the text and the path of the layer whose line holds it (language rule R14), so it is found by walking:
//! the start, then each decision at its other values, then what those walks met anew, each under the values that led to it.

use std::collections::HashSet;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Severity;
use crate::expr::Decision;
use crate::expr::Decisions;
use crate::expr::Environment;
use crate::expr::Expr;
use crate::expr::Fault;
use crate::expr::Value;
use crate::expr::Variable;
use crate::spec::Spec;
use crate::spec::lower;

/// Values chosen for some decisions.
pub type Choices = Vec<(String, Value)>;

/// A numeric decision with more values than this is walked at its ends only.
const ALL_VALUES: usize = 8;
/// Walks, at most.
const MAX_WALKS: usize = 20_000;

/// The decisions of a spec, in the order in which walks met them.
#[derive(Clone, Debug, Default)]
pub struct Space {
    /// All that were met.
    pub decisions: Vec<Decision>,
}

impl Space {
    /// Walks a spec whose start is valid.
    pub fn of(spec: &Spec) -> Space {
        let mut space = Space::default();
        let mut known = HashSet::new();
        let mut waiting: Vec<Choices> = vec![Vec::new()];
        let mut walks = 0;
        while let Some(choices) = (walks < MAX_WALKS).then(|| waiting.pop()).flatten() {
            walks += 1;
            let walked = lower(spec, Decisions::new(choices.iter().cloned()), None);
            for decision in walked.decisions.found() {
                if known.insert(decision.path.clone()) {
                    let others = values_to_walk(decision).into_iter().filter(|value| *value != decision.start);
                    waiting.extend(others.map(|value| [&choices[..], &[(decision.path.clone(), value)]].concat()));
                    space.decisions.push(decision.clone());
                }
            }
        }
        space
    }

    /// Combinations of all decisions, idle ones included; nothing if they leave a `u128`.
    pub fn points(&self) -> Option<u128> {
        combinations(&self.decisions)
    }

    /// Faults of the `search` section's conditions: decisions that the space does not have, values that are not true or false.
    pub fn check_conditions(&self, spec: &Spec) -> Vec<Diagnostic> {
        let start =
            |decision: &Decision| Variable::new(decision.path.as_str(), decision.span, Some(decision.start.clone()), true);
        let variables: Vec<Variable> = self.decisions.iter().map(start).collect();
        let env = Environment { vars: &variables, ..Environment::default() };
        let conditions = spec.search.iter().flat_map(|search| &search.conditions);
        let fault = |condition: &Expr| match condition.value(&env) {
            Ok((Value::Truth(_), _)) | Err(Fault::Silent) => None,
            Ok((other, _)) => {
                let message = format!("a condition is true or false, got {}", other.describe());
                Some(Diagnostic::new(Code::E0302, condition.span, message, "").with_help("compare, as in `[b:conv] >= [a:conv]`"))
            }
            Err(Fault::Found(fault)) => Some(*fault),
        };
        conditions.filter_map(fault).collect()
    }
}

/// Combinations of some decisions; nothing if they leave a `u128`.
pub(super) fn combinations<'d>(decisions: impl IntoIterator<Item = &'d Decision>) -> Option<u128> {
    decisions.into_iter().try_fold(1u128, |all, decision| all.checked_mul(decision.options.len() as u128))
}

/// Words and truths one by one; of many numbers the ends.
fn values_to_walk(decision: &Decision) -> Vec<Value> {
    let options = &decision.options;
    let numeric = matches!(decision.start, Value::Number(_));
    let vectors = decision.is_joint();
    match options.len() {
        count if vectors || numeric && count > ALL_VALUES => {
            [0, count - 1].into_iter().filter_map(|at| options.get(at)).collect()
        }
        _ => options.iter().collect(),
    }
}

/// Whether a candidate keeps all conditions of `search: where`; one that names an idle decision is kept.
pub(super) fn keeps_conditions(spec: &Spec, decisions: &Decisions) -> bool {
    let variables = decisions.variables();
    let env = Environment { vars: &variables, ..Environment::default() };
    let conditions = spec.search.iter().flat_map(|search| &search.conditions);
    conditions
        .filter(|condition| condition.decisions().all(|path| decisions.has_met(path)))
        .all(|condition| matches!(condition.value(&env), Ok((Value::Truth(true), _))))
}

/// Whether a walk found an error.
pub(super) fn is_broken(found: &[Diagnostic]) -> bool {
    found.iter().any(|finding| finding.severity() == Severity::Error)
}
