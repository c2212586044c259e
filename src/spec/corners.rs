//! The least and the most that a candidate of a space can cost.
//!
//! Up to [`MAX_POINTS`] candidates are counted one by one. Beyond that, decisions in which every width only grows
//! ([`Monotone`]) are taken at both ends, all others one by one: exact again, for a network's multiply-adds and parameters
//! never fall when a width grows. Where branches share a total, each branch's width is taken at its own extreme; no candidate may
//! have all of them, so the result is a bound, and says so.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::Quantity;
use crate::base::units::F32_BYTES;
use crate::base::units::whole;
use crate::expr::Decisions;
use crate::expr::Options;
use crate::expr::Value;
use crate::graph::Graph;
use crate::graph::Schedule;
use crate::spec::Limit;
use crate::spec::Spec;
use crate::spec::lower::Purpose;
use crate::spec::lower::lower_for;
use crate::spec::monotone::Monotone;
use crate::spec::space::Choices;
use crate::spec::space::Space;
use crate::spec::space::combinations;
use crate::spec::space::is_broken;
use crate::spec::space::keeps_conditions;

/// The name of the JSON's form; within `/1` keys are only added.
const SCHEMA: &str = "nas.corners/1";
/// Candidates that are counted one by one.
pub const MAX_POINTS: u128 = 100_000;

/// How the extremes were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Some candidate costs exactly that.
    Exact,
    /// No candidate lies beyond, but none may lie there.
    Bound,
}

/// The extremes of a space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Corners {
    /// `nas.corners/1`.
    #[schemars(extend("const" = SCHEMA))]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counted {
    /// Different networks walked: decisions that a candidate does not meet are not told apart.
    pub walked: u64,
    /// Combinations that are no valid network.
    pub invalid: u64,
    /// Combinations within the budget, if there is one.
    pub within_budget: Option<u64>,
    /// Of these, those that keep the conditions of `search: where`, if there are any.
    pub within_conditions: Option<u64>,
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
    /// At an end of the space, which is too large to be counted one by one.
    #[error("the space is too large to count one by one, and a network at one of its ends is invalid")]
    Invalid,
}

/// Finds the extremes of a spec whose start is valid, in its space as it was walked before.
pub fn corners(spec: &Spec, space: &Space) -> Result<Corners, NoCorners> {
    corners_by(spec, space, MAX_POINTS)
}

/// As [`corners`], counting one by one only up to `counted` candidates.
fn corners_by(spec: &Spec, space: &Space, counted: u128) -> Result<Corners, NoCorners> {
    if space.decisions.is_empty() {
        return Err(NoCorners::NoDecisions);
    }
    let mut search = Search::new(spec);
    let few = space.points().is_some_and(|points| points <= counted) && search.walk(&mut Vec::new());
    let certainty = if few { Certainty::Exact } else { at_the_ends(&mut search, space)? };
    let points = space.points();
    let valid = search.leaves.iter().filter_map(|leaf| leaf.numbers);
    let Some(first) = valid.clone().next() else { return Err(NoCorners::NoneValid) };
    let span = |of: fn([u64; 2]) -> u64| {
        valid.clone().map(of).fold([of(first); 2], |[low, high], number| [low.min(number), high.max(number)])
    };
    let (madds, params) = (span(|[madds, _]| madds), span(|[_, params]| params));
    let counted = points.filter(|_| few).map(|points| {
        // What a candidate does not meet may take any value: that many combinations are this one network.
        let weight = |leaf: &Leaf| leaf.combinations.map_or(0, |combinations| whole(points / combinations));
        let sum = |keep: fn(&Leaf) -> bool| search.leaves.iter().filter(|leaf| keep(leaf)).map(weight).sum();
        Counted {
            walked: search.leaves.len() as u64,
            invalid: sum(|leaf| leaf.numbers.is_none()),
            within_budget: spec.budget.as_ref().map(|_| sum(|leaf| leaf.within_budget)),
            within_conditions: spec.search.as_ref().map(|_| sum(|leaf| leaf.within_budget && leaf.within_conditions)),
        }
    });
    Ok(Corners {
        schema: SCHEMA,
        name: spec.name.clone(),
        decisions: space.decisions.iter().map(|decision| (decision.path.clone(), decision.options.len())).collect(),
        points,
        certainty,
        madds,
        params,
        counted,
    })
}

/// Walks decisions that change more than widths one by one, all others at both ends.
fn at_the_ends(search: &mut Search<'_>, space: &Space) -> Result<Certainty, NoCorners> {
    let monotone = Monotone::of(search.spec, &space.decisions);
    let (grows, others): (Vec<_>, Vec<_>) = space.decisions.iter().partition(|decision| monotone.grows(decision));
    let (shares, structural): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|decision| matches!(decision.options, Options::Shares(_)));
    let (free, structural): (Vec<_>, Vec<_>) = structural.into_iter().partition(|decision| monotone.is_free(decision));
    let too_many = || {
        let names: Vec<&str> = structural.iter().take(8).map(|decision| &*decision.path).collect();
        let more = structural.len() - names.len();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        NoCorners::TooMany(names.join(", ") + &more)
    };
    if combinations(structural.iter().copied()).is_none_or(|combinations| combinations > MAX_POINTS) {
        return Err(too_many());
    }
    search.leaves.clear();
    for purpose in [Purpose::Narrowest, Purpose::Widest] {
        search.purpose = purpose;
        search.fixed = shares.iter().chain(&free).map(|share| (share.path.clone(), share.start.clone())).collect();
        search.fixed.extend(grows.iter().filter_map(|decision| {
            let [least, most] = decision.options.ends()?;
            Some((decision.path.clone(), Value::Number(if purpose == Purpose::Narrowest { least } else { most })))
        }));
        if !search.walk(&mut Vec::new()) {
            return Err(too_many());
        }
    }
    if search.leaves.iter().any(|leaf| leaf.numbers.is_none()) {
        return Err(NoCorners::Invalid);
    }
    Ok(if shares.is_empty() { Certainty::Exact } else { Certainty::Bound })
}

/// A candidate.
struct Leaf {
    /// Multiply-adds and parameters; nothing if it is no valid network.
    numbers: Option<[u64; 2]>,
    /// Combinations of the decisions it meets; nothing if they leave a `u128`, as the whole space then does.
    combinations: Option<u128>,
    within_budget: bool,
    within_conditions: bool,
}

struct Search<'s> {
    spec: &'s Spec,
    /// Decisions that are taken once and for all.
    fixed: Choices,
    purpose: Purpose,
    leaves: Vec<Leaf>,
}

impl Search<'_> {
    fn new(spec: &Spec) -> Search<'_> {
        Search { spec, fixed: Vec::new(), purpose: Purpose::Candidate, leaves: Vec::new() }
    }

    /// Walks all candidates that extend `choices`: lowers once, then branches on the first decision met that is not chosen yet.
    /// Stops, and says so with `false`, after [`MAX_POINTS`] candidates.
    fn walk(&mut self, choices: &mut Choices) -> bool {
        let all = choices.iter().chain(&self.fixed).cloned();
        let lowered = lower_for(self.purpose, self.spec, Decisions::new(all), None);
        let is_chosen = |path: &str| choices.iter().chain(&self.fixed).any(|(chosen, _)| chosen == path);
        let open = lowered.decisions.found().iter().find(|decision| !is_chosen(&decision.path));
        if let Some(decision) = open {
            if decision.options.len() as u128 > MAX_POINTS {
                return false;
            }
            return decision.options.iter().all(|value| {
                choices.push((decision.path.clone(), value));
                let whole = self.walk(choices);
                choices.pop();
                whole
            });
        }
        let found = lowered.decisions.found();
        let numbers = lowered.graph.filter(|_| !is_broken(&lowered.found)).map(|graph| {
            let needed = graph.in_inference();
            let totals = graph.totals(graph.nodes().filter(|node| needed[node.index()]));
            let numbers = [whole(totals.cost.madds), whole(totals.params)];
            (numbers, self.is_within(numbers, &graph))
        });
        self.leaves.push(Leaf {
            numbers: numbers.map(|(numbers, _)| numbers),
            combinations: combinations(found),
            within_budget: numbers.is_some_and(|(_, within)| within),
            within_conditions: keeps_conditions(self.spec, &lowered.decisions),
        });
        self.leaves.len() as u128 <= MAX_POINTS
    }

    fn is_within(&self, [madds, params]: [u64; 2], graph: &Graph) -> bool {
        let limits = self.spec.budget.iter().flat_map(|budget| &budget.limits);
        let keeps = |limit: &Limit| match limit.quantity {
            Quantity::Madds => madds <= limit.whole(),
            Quantity::Params => params <= limit.whole(),
            Quantity::Memory => Schedule::inference(graph).peak().is_none_or(|step| step.live * F32_BYTES <= limit.whole()),
        };
        limits.into_iter().all(keeps)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::base::Sources;

    pub(in crate::spec) fn spec(rest: &str) -> Spec {
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
        let one_by_one = corners(&spec, &Space::of(&spec)).unwrap();
        let at_the_ends = corners_by(&spec, &Space::of(&spec), 0).unwrap();
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
        let (one_by_one, at_the_ends) =
            (corners(&spec, &Space::of(&spec)).unwrap(), corners_by(&spec, &Space::of(&spec), 0).unwrap());
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
        let (one_by_one, bound) = (corners(&spec, &Space::of(&spec)).unwrap(), corners_by(&spec, &Space::of(&spec), 0).unwrap());
        assert_eq!((one_by_one.certainty, bound.certainty), (Certainty::Exact, Certainty::Bound));
        assert!(bound.madds[0] <= one_by_one.madds[0] && bound.madds[1] >= one_by_one.madds[1], "{bound:?} {one_by_one:?}");
        assert!(bound.params[0] <= one_by_one.params[0] && bound.params[1] >= one_by_one.params[1]);
    }

    #[test]
    fn kernels_grow_and_activations_are_free() {
        let spec = spec("modules: {m: {args: {a: required}, conv: 6, kernel: 1 | 3 | 5, act: a}}
net: {a: {conv: 8, kernel: 3 | 5, act: relu | gelu}, b: {m: {a: none | tanh}}, c: {depthwise: 3, dilation: 1, stride: 2}, d: {dropout: 0.1 | 0.5}, e: {conv: 4, kernel: 3 | 1, pad: 1}, f: {fc: 3}}
");
        let (one_by_one, at_the_ends) =
            (corners(&spec, &Space::of(&spec)).unwrap(), corners_by(&spec, &Space::of(&spec), 0).unwrap());
        assert_eq!(at_the_ends.certainty, Certainty::Exact);
        assert_eq!((one_by_one.madds, one_by_one.params), (at_the_ends.madds, at_the_ends.params));
        let many: Vec<String> = (0..30).map(|at| format!("l{at}: {{conv: 8, kernel: 3 | 5, act: relu | gelu}}")).collect();
        let many = self::spec(&format!("net: {{{}, b: {{fc: 3}}}}\n", many.join(", ")));
        let corners = corners(&many, &Space::of(&many)).unwrap();
        // 8 channels to 8 on 9 x 9, thirty times, then a linear layer; a bias each.
        assert_eq!(corners.madds, [9u64, 25].map(|taps| 30 * 81 * 64 * taps + 81 * 8 * 3));
        assert_eq!(corners.params, [9u64, 25].map(|taps| 30 * (64 * taps + 8) + 81 * 8 * 3 + 3));
    }

    #[test]
    fn a_number_below_zero_turns_growing_around() {
        let spec = spec("vars: {n: -1, w: 1 .. 9, v: 1 .. 9}\nnet: {a: {conv: 20 + n * w + v}, b: {fc: 3}}\n");
        let (one_by_one, at_the_ends) =
            (corners(&spec, &Space::of(&spec)).unwrap(), corners_by(&spec, &Space::of(&spec), 0).unwrap());
        assert_eq!((one_by_one.madds, one_by_one.params), (at_the_ends.madds, at_the_ends.params));
        // Widths 12 to 28 on 8 channels of 9 x 9, then a linear layer.
        assert_eq!(one_by_one.madds, [12u64, 28].map(|width| 81 * width * 8 + 81 * width * 3));
    }

    #[test]
    fn an_invalid_end_is_no_corner() {
        let spec = spec("net: {a: {conv: 8 of 5 .. 100}, b: {conv: 8, groups: 4}, c: {fc: 3}}\n");
        assert_eq!(corners_by(&spec, &Space::of(&spec), 0), Err(NoCorners::Invalid));
        assert_eq!(corners(&spec, &Space::of(&spec)).unwrap().counted.unwrap().invalid, 72);
    }

    #[test]
    fn what_only_two_choices_lead_to_is_found() {
        let spec = spec("vars: {x: 1 | 2 | 3, y: 1 | 2 | 3}\nnet: {a: {conv: 4 | 8, when: x == 2 and y == 2}, b: {fc: 3}}\n");
        let corners = corners(&spec, &Space::of(&spec)).unwrap();
        assert_eq!((corners.decisions.len(), corners.points), (3, Some(18)));
        assert_eq!(corners.counted.unwrap().walked, 8 + 2);
    }

    #[test]
    fn an_argument_called_share_is_no_vector() {
        let spec =
            spec("modules: {m: {args: {share: required}, conv: 8, kernel: share}}\nnet: {a: {m: {share: 3 | 5}}, b: {fc: 3}}\n");
        assert_eq!(corners_by(&spec, &Space::of(&spec), 0).unwrap().certainty, Certainty::Exact);
    }

    #[test]
    fn a_long_range_is_not_walked_for_its_ends() {
        let spec = spec("net: {a: {conv: 8 of 1 .. 150000}, b: {fc: 3}}\n");
        assert_eq!(corners(&spec, &Space::of(&spec)).unwrap().certainty, Certainty::Exact);
    }

    #[test]
    fn more_combinations_than_can_be_counted_are_no_overflow() {
        let layers: Vec<String> = (0..20).map(|at| format!("l{at}: {{conv: 8 of 1 .. 1000}}")).collect();
        let spec = spec(&format!("net: {{{}, b: {{fc: 3}}}}\n", layers.join(", ")));
        let corners = corners(&spec, &Space::of(&spec)).unwrap();
        assert_eq!((corners.points, corners.certainty), (None, Certainty::Exact));
    }
}
