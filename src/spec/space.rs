//! The space of a spec: every decision that some candidate meets.
//!
//! A decision is a place in the text and the path of the layer whose line holds it (language rule R14). It is found by walking layers
//! whatever `when` says and every kind, with repeats as long as they get: at the start, with all numbers at their ends, and with each
//! decision at its other values.

use std::collections::HashSet;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Severity;
use crate::expr::Decision;
use crate::expr::Decisions;
use crate::expr::Environment;
use crate::expr::Expr;
use crate::expr::Fault;
use crate::expr::Options;
use crate::expr::Value;
use crate::expr::Variable;
use crate::spec::Spec;
use crate::spec::lower::Purpose;
use crate::spec::lower::lower_for;

/// Values chosen for some decisions.
pub type Choices = Vec<(String, Value)>;

/// A numeric decision with more values than this is walked at its ends only.
const ALL_VALUES: usize = 8;
/// Walks, at most.
const MAX_WALKS: usize = 2_000;
/// Layers that they may visit in all.
const MAX_VISITS: u32 = 2_000_000;

/// The decisions of a spec, in the order in which walks met them.
#[derive(Clone, Debug, Default)]
pub struct Space {
    /// All that were met.
    pub decisions: Vec<Decision>,
}

impl Space {
    /// Walks a spec whose start is valid.
    pub fn of(spec: &Spec) -> Space {
        let mut search = Search { spec, known: HashSet::new(), space: Space::default(), left: MAX_WALKS, visits: 0 };
        search.walk(&Choices::new());
        search.at_all_ends();
        // What a word chooses, as in `repeat: 3 if deep == yes else 2`.
        let mut next = 0;
        while let Some(decision) = search.space.decisions.get(next).cloned() {
            next += 1;
            for value in values_to_walk(&decision).into_iter().filter(|value| *value != decision.start) {
                if search.walk(&[(decision.path.clone(), value)]) {
                    search.at_all_ends();
                }
            }
        }
        search.space
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

/// Walks that look for decisions.
struct Search<'s> {
    spec: &'s Spec,
    known: HashSet<String>,
    space: Space,
    /// Walks that are left.
    left: usize,
    /// Layers visited so far.
    visits: u32,
}

impl Search<'_> {
    /// Whether a walk met decisions that were not known.
    fn walk(&mut self, choices: &[(String, Value)]) -> bool {
        let Some(left) = self.left.checked_sub(1).filter(|_| self.visits <= MAX_VISITS) else { return false };
        self.left = left;
        let before = self.space.decisions.len();
        let walked = lower_for(Purpose::Everything, self.spec, Decisions::new(choices.iter().cloned()), None);
        self.visits += walked.visits;
        for decision in walked.decisions.found() {
            if self.known.insert(decision.path.clone()) {
                self.space.decisions.push(decision.clone());
            }
        }
        self.space.decisions.len() > before
    }

    /// Walks with all numbers at their greatest, which is where repeats are longest unless a number shortens one, and at their
    /// least, until nothing new is met.
    fn at_all_ends(&mut self) {
        loop {
            let ends: Vec<[(String, Value); 2]> = self.space.decisions.iter().filter_map(ends).collect();
            let greatest: Choices = ends.iter().map(|[_, greatest]| greatest.clone()).collect();
            let least: Choices = ends.into_iter().map(|[least, _]| least).collect();
            let more = self.walk(&greatest);
            if !(self.walk(&least) || more) {
                return;
            }
        }
    }
}

/// The choices of a numeric decision's least and greatest value.
fn ends(decision: &Decision) -> Option<[(String, Value); 2]> {
    let ends = decision.options.ends()?;
    Some(ends.map(|end| (decision.path.clone(), Value::Number(end))))
}

/// Combinations of some decisions; nothing if they leave a `u128`. Equal vectors of shares, as in copies, are counted once.
pub(super) fn combinations<'d>(decisions: impl IntoIterator<Item = &'d Decision>) -> Option<u128> {
    let mut counted: Vec<(&Options, usize)> = Vec::new();
    decisions.into_iter().try_fold(1u128, |all, decision| {
        let options = &decision.options;
        let known = counted.iter().find(|(known, _)| *known == options).map(|(_, count)| *count);
        let count = known.unwrap_or_else(|| options.len());
        if known.is_none() && matches!(options, Options::Shares(_)) {
            counted.push((options, count));
        }
        all.checked_mul(count as u128)
    })
}

/// Words and truths one by one; of many numbers the ends. Shares lead nowhere: they are widths.
fn values_to_walk(decision: &Decision) -> Vec<Value> {
    let options = &decision.options;
    let is_number = matches!(decision.start, Value::Number(_));
    match options {
        Options::Shares(_) => Vec::new(),
        _ if is_number && options.len() > ALL_VALUES => options.ends().into_iter().flatten().map(Value::Number).collect(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::corners::tests::spec;

    fn paths(rest: &str) -> Vec<String> {
        Space::of(&spec(rest)).decisions.into_iter().map(|decision| decision.path).collect()
    }

    #[test]
    fn layers_that_only_several_choices_lead_to_are_met() {
        let space = "vars: {x: 1 .. 99, y: 1 .. 99, z: on | off}
net: {a: {conv: 4 | 8, when: x == 50 and y == 51 and z == off}, b: {fc: 3}}
";
        assert_eq!(paths(space), ["x", "y", "z", "a:conv"]);
    }

    #[test]
    fn all_kinds_are_met_with_what_is_in_them() {
        let space = "modules: {m: {conv: 8, kernel: 1 | 3}, n: {one | two: {}}, one: {conv: 8, act: relu | none}, two: {avg: 1 | 3, pad: same}}
net: {a: {m | n: {}, repeat: 2}, b: {fc: 3}}
";
        let of_copy = |copy| ["kernel", "kind", "act", "avg"].map(|key| format!("a.{copy}:{key}"));
        assert_eq!(paths(space), [vec!["a:kind".to_owned()], of_copy(1).to_vec(), of_copy(2).to_vec()].concat());
    }

    #[test]
    fn repeats_are_walked_at_their_longest() {
        for repeat in ["2 * x", "9 - x", "8 if z == off else 1", "x * x if y > 2 else 1"] {
            let space = format!(
                "vars: {{x: 1 .. 4, y: 1 .. 4, z: on | off}}\nmodules: {{m: {{conv: 8, kernel: 1 | 3}}}}\nnet: {{a: {{m: {{}}, repeat: {repeat}}}, b: {{conv: x * y}}, c: {{fc: 3}}}}\n"
            );
            let found = paths(&space);
            assert!(found.contains(&"a.8:kernel".to_owned()), "{repeat}: {found:?}");
        }
    }
}
