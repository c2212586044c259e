//! What a stretch of a network costs, by which of the planes at its end are needed.

use std::collections::BTreeMap;

use crate::graph::Graph;
use crate::graph::MAX_TOTAL;

/// Planes, as bits.
pub(super) type Planes = u128;

/// The least and the most multiply-adds and parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) madds: [u128; 2],
    pub(super) params: [u128; 2],
}

impl Extent {
    /// Of nothing.
    const EMPTY: Extent = Extent { madds: [0; 2], params: [0; 2] };
    /// What holds for every network.
    pub(super) const ANY: Extent = Extent { madds: [0, MAX_TOTAL], params: [0, MAX_TOTAL] };

    /// Of one network.
    pub(super) fn of([madds, params]: [u64; 2]) -> Extent {
        Extent { madds: [madds.into(); 2], params: [params.into(); 2] }
    }

    /// Holds both.
    pub(super) fn or(self, other: Extent) -> Extent {
        let hull = |a: [u128; 2], b: [u128; 2]| [a[0].min(b[0]), a[1].max(b[1])];
        Extent { madds: hull(self.madds, other.madds), params: hull(self.params, other.params) }
    }

    fn plus(self, [madds, params]: [u128; 2]) -> Extent {
        Extent { madds: self.madds.map(|number| number + madds), params: self.params.map(|number| number + params) }
    }
}

/// A stretch from one stage to another.
pub(super) struct Step {
    /// The stage it leads to; nothing for the network's end, whose planes are the results of inference.
    to: Option<usize>,
    /// For each plane at its beginning those at its end that hang on it.
    leads: Vec<Planes>,
    /// Multiply-adds and parameters of nodes, by what hangs on them.
    costs: Vec<(Planes, [u128; 2])>,
}

impl Step {
    /// Reads a stretch whose first nodes are the planes at its beginning; nothing if it has more planes than bits.
    pub(super) fn of(graph: &Graph, begin: usize, to: Option<usize>) -> Option<Step> {
        let mut leads: Vec<Planes> = vec![0; graph.nodes().len()];
        let results = graph.outputs().iter().filter(|output| !output.train_only);
        for (at, output) in results.enumerate() {
            leads[output.node.index()] |= 1u128.checked_shl(u32::try_from(at).ok()?)?;
        }
        let mut costs: Vec<(Planes, [u128; 2])> = Vec::new();
        let mut sources = Vec::new();
        for node in graph.nodes().rev() {
            let planes = leads[node.index()];
            graph.sources_into(node, &mut sources);
            for source in &sources {
                leads[source.index()] |= planes;
            }
            let own = [graph.cost(node).madds, graph.params(node)];
            match costs.iter_mut().find(|(known, _)| *known == planes) {
                Some((_, sum)) => *sum = [sum[0] + own[0], sum[1] + own[1]],
                None if own != [0; 2] => costs.push((planes, own)),
                None => {}
            }
        }
        leads.truncate(begin);
        Some(Step { to, leads, costs })
    }

    /// What it costs when some planes at its end are needed, and which planes at its beginning are needed then.
    fn back(&self, needed: Planes) -> (Planes, [u128; 2]) {
        let before = self.leads.iter().enumerate().filter(|(_, leads)| **leads & needed != 0);
        let before = before.fold(0, |planes, (at, _)| planes | 1 << at);
        let costs = self.costs.iter().filter(|(planes, _)| planes & needed != 0);
        (before, costs.fold([0; 2], |[madds, params], (_, own)| [madds + own[0], params + own[1]]))
    }
}

/// The extent of all ways from the first stage to the end, `order` being one in which each stage comes before those it leads to;
/// nothing if there is no way.
pub(super) fn extent(steps: &[Vec<Step>], order: &[usize]) -> Option<Extent> {
    // For each stage what follows it, by which of its planes that needs.
    let mut after: Vec<BTreeMap<Planes, Extent>> = vec![BTreeMap::new(); steps.len()];
    let end = BTreeMap::from([(Planes::MAX, Extent::EMPTY)]);
    for &stage in order.iter().rev() {
        let mut here: BTreeMap<Planes, Extent> = BTreeMap::new();
        for step in &steps[stage] {
            for (&needed, &rest) in step.to.map_or(&end, |to| &after[to]) {
                let (before, own) = step.back(needed);
                let whole = rest.plus(own);
                here.entry(before).and_modify(|known| *known = known.or(whole)).or_insert(whole);
            }
        }
        after[stage] = here;
    }
    after.first()?.values().copied().reduce(Extent::or)
}
