//! The least and the most that a candidate of a space can cost.
//!
//! Up to [`MAX_POINTS`] candidates are counted one by one. Beyond that, decisions in which every width only grows
//! ([`Monotone`]) are taken at both ends, all others one by one: exact again, for a network's multiply-adds and parameters
//! never fall when a width grows. Where branches share a total, each branch's width is taken at its own extreme; no candidate may
//! have all of them, so the result is a bound, and says so.

use serde::Serialize;

use crate::expr::Decisions;
use crate::expr::Value;
use crate::graph::Totals;
use crate::spec::Spec;
use crate::spec::lower::Extreme;
use crate::spec::lower::lower_at;
use crate::spec::monotone::Monotone;
use crate::spec::space::Choices;
use crate::spec::space::Space;
use crate::spec::space::is_broken;
use crate::spec::space::keeps_conditions;

/// Candidates that are counted one by one.
pub const MAX_POINTS: u128 = 100_000;

/// How the extremes were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Some candidate costs exactly that.
    Exact,
    /// No candidate lies beyond, but none may lie there.
    Bound,
}

/// The extremes of a space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Corners {
    /// `nas.corners/1`.
    pub schema: &'static str,
    /// The spec's name.
    pub name: String,
    /// Its decisions: path and number of values.
    pub decisions: Vec<(String, usize)>,
    /// Combinations of all values; nothing if more than 2^128.
    pub points: Option<u128>,
    /// Whether candidates lie at the extremes.
    pub certainty: Certainty,
    /// `[least, most]` multiply-adds.
    pub madds: [u64; 2],
    /// `[least, most]` parameters.
    pub params: [u64; 2],
    /// What counting one by one gave beside the extremes.
    pub counted: Option<Counted>,
}

/// Combinations of a space that was counted one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Different networks walked: decisions that a candidate does not meet are not told apart.
    pub walked: u64,
    /// Combinations that are no valid network.
    pub invalid: u64,
    /// Combinations within the budget.
    pub within_budget: u64,
    /// Of these, those that keep the conditions of `search: where`.
    pub within_conditions: u64,
}

/// Why there are no extremes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCorners {
    /// No decision.
    #[error("the spec has no decisions")]
    NoDecisions,
    /// Too many combinations of decisions that change more than widths.
    #[error("more than {MAX_POINTS} combinations of decisions that change more than widths: {0}")]
    TooMany(String),
    /// No combination is a valid network.
    #[error("no combination that was tried is a valid network")]
    NoneValid,
}

/// Finds the extremes of a spec whose start is valid.
pub fn corners(spec: &Spec) -> Result<Corners, NoCorners> {
    corners_by(spec, MAX_POINTS)
}

/// As [`corners`], counting one by one only up to `counted` candidates.
fn corners_by(spec: &Spec, counted: u128) -> Result<Corners, NoCorners> {
    let space = Space::of(spec);
    if space.decisions.is_empty() {
        return Err(NoCorners::NoDecisions);
    }
    let points = space.points();
    let mut search = Search { spec, space: &space, fixed: Vec::new(), extremes: None, counted: Counted::default() };
    let mut certainty = Certainty::Exact;
    let few = points.is_some_and(|points| points <= counted);
    if few {
        search.walk(&mut Vec::new(), None);
    } else {
        let monotone = Monotone::of(spec);
        let (grows, others): (Vec<_>, Vec<_>) = space.decisions.iter().partition(|decision| monotone.grows(decision));
        let shares: Vec<_> = others.iter().filter(|decision| decision.path.ends_with(":share")).collect();
        let structural: Vec<_> = others.iter().filter(|decision| !decision.path.ends_with(":share")).collect();
        let combinations = structural.iter().try_fold(1u128, |all, decision| all.checked_mul(decision.options.len() as u128));
        if combinations.is_none_or(|combinations| combinations > MAX_POINTS) {
            let names: Vec<&str> = structural.iter().take(8).map(|decision| &*decision.path).collect();
            return Err(NoCorners::TooMany(names.join(", ")));
        }
        if !shares.is_empty() {
            certainty = Certainty::Bound;
        }
        for extreme in [Extreme::Least, Extreme::Most] {
            search.fixed = shares.iter().map(|share| (share.path.clone(), share.start.clone())).collect();
            search.fixed.extend(grows.iter().filter_map(|decision| {
                let numbers = decision.options.iter().filter(|value| matches!(value, Value::Number(_)));
                let by_number = |value: &Value| if let Value::Number(number) = value { Some(*number) } else { None };
                let end = match extreme {
                    Extreme::Least => numbers.min_by_key(by_number),
                    Extreme::Most => numbers.max_by_key(by_number),
                };
                Some((decision.path.clone(), end?))
            }));
            search.walk(&mut Vec::new(), Some(extreme));
        }
    }
    let Some((madds, params)) = search.extremes else { return Err(NoCorners::NoneValid) };
    Ok(Corners {
        schema: "nas.corners/1",
        name: spec.name.clone(),
        decisions: space.decisions.iter().map(|decision| (decision.path.clone(), decision.options.len())).collect(),
        points,
        certainty,
        madds,
        params,
        counted: few.then_some(search.counted),
    })
}

struct Search<'s> {
    spec: &'s Spec,
    space: &'s Space,
    /// Decisions that are taken once and for all.
    fixed: Choices,
    /// Least and most multiply-adds and parameters so far.
    extremes: Option<([u64; 2], [u64; 2])>,
    counted: Counted,
}

impl Search<'_> {
    /// Walks all candidates that extend `choices`: lowers once, then branches on the first decision met that is not chosen yet.
    fn walk(&mut self, choices: &mut Choices, extreme: Option<Extreme>) {
        let all = choices.iter().chain(&self.fixed).cloned();
        let lowered = lower_at(self.spec, Decisions::new(all), None, extreme);
        let is_chosen = |path: &str| choices.iter().chain(&self.fixed).any(|(chosen, _)| chosen == path);
        let open = lowered.decisions.found().iter().find(|decision| !is_chosen(&decision.path));
        if let Some(decision) = open {
            for value in decision.options.iter() {
                choices.push((decision.path.clone(), value));
                self.walk(choices, extreme);
                choices.pop();
            }
            return;
        }
        // What this candidate does not meet may take any value: that many combinations are this one network.
        let idle = self.space.decisions.iter().filter(|decision| !lowered.decisions.has_met(&decision.path));
        let weight = idle.map(|decision| decision.options.len() as u64).product::<u64>();
        self.counted.walked += 1;
        let Some(graph) = lowered.graph.filter(|_| !is_broken(&lowered.found)) else {
            self.counted.invalid += weight;
            return;
        };
        let needed = graph.in_inference();
        let totals: Totals = graph.totals(graph.nodes().filter(|node| needed[node.index()]));
        let (madds, params) = (totals.cost.madds as u64, totals.params as u64);
        let widen = |[least, most]: [u64; 2], number: u64| [least.min(number), most.max(number)];
        let (old_madds, old_params) = self.extremes.unwrap_or(([madds; 2], [params; 2]));
        self.extremes = Some((widen(old_madds, madds), widen(old_params, params)));
        let limits = self.spec.budget.iter().flat_map(|budget| &budget.limits);
        let within = limits.clone().all(|limit| match &*limit.quantity.text {
            "madds" => madds <= limit.whole(),
            "params" => params <= limit.whole(),
            _ => true,
        });
        if within {
            self.counted.within_budget += weight;
            self.counted.within_conditions += if keeps_conditions(self.spec, &lowered.decisions) { weight } else { 0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Sources;

    fn spec(rest: &str) -> Spec {
        let text = format!("nas: 1\ninput: {{image: [8, 9, 9]}}\n{rest}");
        let mut sources = Sources::default();
        let file = sources.add("spec", text);
        let loaded = crate::spec::load(&mut sources, file, &mut |_, _| Err("none".to_owned()));
        loaded.spec.unwrap_or_else(|| panic!("{:?}", loaded.found))
    }

    const GROWING: &str = "vars: {w: 1 | 2 | 4}
modules: {mix: {args: {n: required}, inception: {1x1: n, 3x3: [n / 2, 2 * n], pool: \"max(n, 8)\"}}}
net: {a: {conv: 8 .. 16 by 4, kernel: 3}, b: {mix: 8 * w}, c: {mix: 16 of 8 | 16}, d: {fc: 3}}
";

    #[test]
    fn decisions_that_grow_are_exact_at_their_ends() {
        let spec = spec(GROWING);
        let one_by_one = corners(&spec).unwrap();
        let at_the_ends = corners_by(&spec, 0).unwrap();
        assert_eq!(at_the_ends.certainty, Certainty::Exact);
        assert_eq!(one_by_one.points, Some(3 * 3 * 2));
        assert_eq!((one_by_one.madds, one_by_one.params), (at_the_ends.madds, at_the_ends.params));
        assert!(one_by_one.madds[0] < one_by_one.madds[1]);
    }

    #[test]
    fn what_may_shrink_is_counted_one_by_one() {
        let falling = "vars: {w: 1 | 2 | 4, k: 1 | 3}
net: {a: {conv: 24 - 4 * w, kernel: k, pad: 0}, b: {conv: 12, kernel: 3, when: w > 1}, c: {fc: 3}}
";
        let spec = spec(falling);
        let (one_by_one, at_the_ends) = (corners(&spec).unwrap(), corners_by(&spec, 0).unwrap());
        assert_eq!((one_by_one.madds, one_by_one.params), (at_the_ends.madds, at_the_ends.params));
    }

    #[test]
    fn shares_bound_what_their_candidates_cost() {
        let shared = "net:
  a: {inception: {total: 32 .. 64 by 16, share: {1x1: 1/8 .. 1/2 by 1/8, 3x3: 1/4 .. 1/2 by 1/8, 5x5: 1/8, pool: rest}, \
                    reduce: {3x3: 1/4 | 1/2}, unit: 8}}
  b: {fc: 3}
"
        .replace("\\\n", "");
        let spec = spec(&shared);
        let (one_by_one, bound) = (corners(&spec).unwrap(), corners_by(&spec, 0).unwrap());
        assert_eq!((one_by_one.certainty, bound.certainty), (Certainty::Exact, Certainty::Bound));
        assert!(bound.madds[0] <= one_by_one.madds[0] && bound.madds[1] >= one_by_one.madds[1], "{bound:?} {one_by_one:?}");
        assert!(bound.params[0] <= one_by_one.params[0] && bound.params[1] >= one_by_one.params[1]);
    }
}
