//! Counting a space's candidates one by one.

use crate::base::Quantity;
use crate::base::units::F32_BYTES;
use crate::base::units::whole;
use crate::expr::Decisions;
use crate::graph::Graph;
use crate::graph::Schedule;
use crate::spec::Limit;
use crate::spec::Spec;
use crate::spec::lower::lower;
use crate::spec::space::Choices;
use crate::spec::space::combinations;
use crate::spec::space::is_broken;
use crate::spec::space::keeps_conditions;

use super::extremes::MAX_POINTS;

/// A candidate.
pub(super) struct Leaf {
    /// Multiply-adds and parameters; nothing if it is no valid network.
    pub(super) numbers: Option<[u64; 2]>,
    /// Combinations of the decisions it meets; nothing if they leave a `u128`, as the whole space then does.
    pub(super) combinations: Option<u128>,
    pub(super) within_budget: bool,
    pub(super) within_conditions: bool,
}

/// All candidates; nothing if they are more than [`MAX_POINTS`].
pub(super) fn one_by_one(spec: &Spec) -> Option<Vec<Leaf>> {
    let mut search = Search { spec, leaves: Vec::new() };
    search.walk(&mut Choices::new()).then_some(search.leaves)
}

struct Search<'s> {
    spec: &'s Spec,
    leaves: Vec<Leaf>,
}

impl Search<'_> {
    /// Walks all candidates that extend `choices`: lowers once, then branches on the first decision met that is not chosen yet.
    /// Stops, and says so with `false`, after [`MAX_POINTS`] candidates.
    fn walk(&mut self, choices: &mut Choices) -> bool {
        let lowered = lower(self.spec, Decisions::new(choices.iter().cloned()), None);
        let is_chosen = |path: &str| choices.iter().any(|(chosen, _)| chosen == path);
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
            let totals = graph.inference_totals();
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
