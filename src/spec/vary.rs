//! Variables of a spec at other values than the written ones.

use crate::base::Shape;
use crate::expr::Decisions;
use crate::expr::ExprKind;
use crate::expr::Formula;
use crate::expr::Rational;
use crate::expr::Value;
use crate::graph::Graph;
use crate::op::Term;
use crate::op::TermKind;
use crate::spec::Lowered;
use crate::spec::Spec;
use crate::spec::lower;

/// A candidate of a spec, to be lowered again with one variable changed.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'s> {
    /// The spec.
    pub spec: &'s Spec,
    /// What its decisions take.
    pub decisions: &'s Decisions,
    /// The shape that replaces that of every input.
    pub input: Option<Shape>,
}

/// What a variable takes now, and what one step further is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The variable.
    pub name: String,
    /// Its value.
    pub from: Value,
    /// The next one.
    pub to: Value,
}

impl Candidate<'_> {
    /// The network if decisions, by their paths, and variables had other values. What is neither changes nothing.
    pub fn at(&self, values: &[(&str, Value)]) -> Lowered {
        let is_given = |path: &str| values.iter().any(|(name, _)| *name == path);
        let taken = self.decisions.taken().map(|(decision, value)| (decision.path.clone(), value.clone()));
        let given = values
            .iter()
            .filter(|(name, _)| self.decisions.has_met(name))
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        let chosen = Decisions::new(taken.filter(|(path, _)| !is_given(path)).chain(given));
        if values.iter().all(|(name, _)| self.decisions.has_met(name)) {
            return lower(self.spec, chosen, self.input);
        }
        let mut spec = self.spec.clone();
        for (key, term) in &mut spec.vars {
            if let Some((_, value)) = values.iter().find(|(name, _)| **name == *key.text && !self.decisions.has_met(name)) {
                *term = Term::word(&value.to_string(), term.span);
            }
        }
        lower(&spec, chosen, self.input)
    }

    /// The variables that widths hang on, each with the network a step further where it is one: of a decision the next of its options,
    /// of a number a unit more in the last digit that is written. What is computed from other variables is none of its own.
    pub fn steps(&self, graph: &Graph) -> Vec<(Step, Option<Graph>)> {
        let mut steps = Vec::new();
        for (key, term) in &self.spec.vars {
            let Some([before, from, after]) = self.around(&key.text, term) else { continue };
            let Some(to) = after else { continue };
            let changed = self.at(&[(&key.text, to.clone())]).graph;
            let seen = match &changed {
                Some(changed) => widths(changed) != widths(graph),
                None => {
                    let shorter = before.and_then(|before| self.at(&[(&key.text, before)]).graph);
                    shorter.is_some_and(|shorter| widths(&shorter) != widths(graph))
                }
            };
            if seen {
                let from = from.expect("a variable has a value");
                steps.push((Step { name: key.text.to_string(), from, to }, changed));
            }
        }
        steps
    }

    /// The value before, the value at hand, the value after.
    fn around(&self, name: &str, term: &Term) -> Option<[Option<Value>; 3]> {
        if let Some((decision, taken)) = self.decisions.taken().find(|(decision, _)| decision.path == name) {
            let at = decision.options.position(taken)?;
            let before = at.checked_sub(1).and_then(|at| decision.options.get(at));
            return Some([before, Some(taken.clone()), decision.options.get(at + 1)]);
        }
        let TermKind::Scalar(text, Ok(Formula::Plain(formula))) = &term.kind else { return None };
        let ExprKind::Number(number) = formula.kind else { return None };
        let digits = text.split_once('.').map_or(0, |(_, digits)| digits.bytes().take_while(u8::is_ascii_digit).count());
        let unit = Rational::new(1, 10i128.checked_pow(digits as u32)?)?;
        Some([number.sub(unit), Some(number), number.add(unit)].map(|number| number.map(Value::Number)))
    }
}

/// The width of every operator that sets its own.
fn widths(graph: &Graph) -> Vec<u32> {
    graph.nodes().filter_map(|node| graph.node(node).op.as_ref()?.width()).collect()
}
