//! What is said of a space's extremes, and by which way it is found.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::units::whole;
use crate::expr::Decision;
use crate::expr::Options;
use crate::expr::Rational;
use crate::expr::Value;
use crate::graph::MAX_TOTAL;
use crate::spec::Spec;
use crate::spec::lower::Purpose;
use crate::spec::monotone::Monotone;
use crate::spec::space::Choices;
use crate::spec::space::Space;

use super::one_by_one::Leaf;
use super::one_by_one::one_by_one;
use super::step::Extent;
use super::stretches::Manner;
use super::stretches::Outcome;
use super::stretches::all_ways;

/// The name of the JSON's form; within `/1` keys are only added.
const SCHEMA: &str = "nas.corners/1";
/// Candidates that are counted one by one, and stretches that are walked.
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
    /// No combination is a valid network.
    #[error("no combination that was tried is a valid network")]
    NoneValid,
}

/// Finds the extremes of a spec whose start is valid, in its space as it was walked before.
pub fn corners(spec: &Spec, space: &Space) -> Result<Corners, NoCorners> {
    corners_by(spec, space, MAX_POINTS)
}

/// As [`corners`], counting one by one only up to `counted` candidates.
pub(super) fn corners_by(spec: &Spec, space: &Space, counted: u128) -> Result<Corners, NoCorners> {
    if space.decisions.is_empty() {
        return Err(NoCorners::NoDecisions);
    }
    let points = space.points();
    let leaves = points.filter(|&points| points <= counted).and_then(|_| one_by_one(spec));
    let (certainty, extent) = match &leaves {
        Some(leaves) => (Certainty::Exact, leaves.iter().filter_map(|leaf| leaf.numbers).map(Extent::of).reduce(Extent::or)),
        None => stretch_by_stretch(spec, space),
    };
    let Extent { madds, params } = extent.ok_or(NoCorners::NoneValid)?;
    let counted = points.zip(leaves).map(|(points, leaves)| {
        // What a candidate does not meet may take any value: that many combinations are this one network.
        let weight = |leaf: &Leaf| leaf.combinations.map_or(0, |combinations| whole(points / combinations));
        let sum = |keep: fn(&Leaf) -> bool| leaves.iter().filter(|leaf| keep(leaf)).map(weight).sum();
        Counted {
            walked: leaves.len() as u64,
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
        // A valid network's totals are at most that.
        madds: madds.map(|number| whole(number.min(MAX_TOTAL))),
        params: params.map(|number| whole(number.min(MAX_TOTAL))),
        counted,
    })
}

/// Takes decisions that only grow at both ends and all others stretch by stretch; no extent if no network is valid.
fn stretch_by_stretch(spec: &Spec, space: &Space) -> (Certainty, Option<Extent>) {
    let monotone = Monotone::of(spec, &space.decisions);
    let is_share = |decision: &Decision| matches!(decision.options, Options::Shares(_));
    let shares = || space.decisions.iter().filter(|decision| is_share(decision));
    let at_start = |decision: &Decision| (decision.path.clone(), decision.start.clone());
    let free: Choices = space.decisions.iter().filter(|decision| monotone.is_free(decision)).map(at_start).collect();
    let grows = space.decisions.iter().filter(|decision| monotone.grows(decision));
    let ends: Vec<(&str, [Rational; 2])> =
        grows.filter_map(|decision| Some((&*decision.path, decision.options.ends()?))).collect();
    let has_shares = shares().next().is_some();
    let at_the_ends = |manner: Manner| -> Option<Outcome> {
        let mut both: Option<Outcome> = None;
        for (purpose, end) in [(Purpose::Narrowest, 0), (Purpose::Widest, 1)] {
            let at_end = ends.iter().map(|(path, ends)| ((*path).to_owned(), Value::Number(ends[end])));
            let fixed: Choices = free.iter().cloned().chain(shares().map(at_start)).chain(at_end).collect();
            // What is invalid at an end may be valid before it, so that the extreme lies elsewhere.
            let outcome = all_ways(spec, purpose, &fixed, manner).filter(|outcome| !outcome.invalid)?;
            both = Some(match both {
                Some(other) => other.or(outcome),
                None => outcome,
            });
        }
        both.map(|outcome| Outcome { is_exact: outcome.is_exact && !has_shares, ..outcome })
    };
    let has_ends = has_shares || !ends.is_empty();
    let outcome = [Manner::Whole, Manner::Forgetful].into_iter().find_map(|manner| {
        let ends = if has_ends { at_the_ends(manner) } else { None };
        ends.or_else(|| all_ways(spec, Purpose::Candidate, &free, manner))
    });
    match outcome {
        Some(outcome) => (if outcome.is_exact { Certainty::Exact } else { Certainty::Bound }, outcome.extent),
        None => (Certainty::Bound, Some(Extent::ANY)),
    }
}

#[cfg(test)]
pub(in crate::spec) mod tests {
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
        let (one_by_one, stretches) =
            (corners(&spec, &Space::of(&spec)).unwrap(), corners_by(&spec, &Space::of(&spec), 0).unwrap());
        assert_eq!(one_by_one.counted.unwrap().invalid, 72);
        assert_eq!(stretches, Corners { counted: None, ..one_by_one });
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
