//! Wiring: whether rows that stand for one another read what stands for one another.

use crate::analyze::pairing::Pairing;
use crate::graph::Graph;
use crate::graph::NodeIndex;

/// Layers that a result is followed to at most; beyond that nothing is said of it.
const MOST: usize = 64;
/// The number of all that stands outside a part that is compared.
const OUTSIDE: u32 = 0;

/// What each node of two graphs stands for in the other.
pub(super) struct Wiring<'g> {
    pub(super) graphs: [&'g Graph; 2],
    /// For each node of each graph the numbers of the pairs that its value comes from: its own, or where it stands for nothing in the
    /// other graph those of what it reads, sorted; none where they are more than [`MOST`].
    origins: [Vec<Option<Vec<u32>>>; 2],
}

impl<'g> Wiring<'g> {
    /// Of rows that were paired. The inputs of networks stand for one another in their order; what a part reads of the network around
    /// it is not told apart.
    pub(super) fn new<'r, 'p: 'r, 'a: 'p>(
        graphs: [&'g Graph; 2],
        rows: impl Iterator<Item = &'r Pairing<'p, 'a>> + Clone,
        are_networks: bool,
    ) -> Wiring<'g> {
        let around = if are_networks { None } else { Some(OUTSIDE) };
        let mut numbers = graphs.map(|graph| vec![around; graph.nodes().len()]);
        if !are_networks {
            rows.clone().for_each(|row| clear(row, &mut numbers));
        }
        let mut next = OUTSIDE + 1;
        let mut pair = |nodes: [NodeIndex; 2]| {
            let [base, other] = nodes.map(NodeIndex::index);
            if numbers[0][base].is_none() && numbers[1][other].is_none() {
                (numbers[0][base], numbers[1][other]) = (Some(next), Some(next));
                next += 1;
            }
        };
        if are_networks {
            graphs[0].inputs().zip(graphs[1].inputs()).for_each(|(base, other)| pair([base, other]));
        }
        rows.for_each(|row| number(row, &mut pair));
        let [base, other] = numbers;
        Wiring { graphs, origins: [origins(graphs[0], &base), origins(graphs[1], &other)] }
    }

    /// Whether the nodes that both sides of a row hold themselves read the same, input by input.
    pub(super) fn reads_alike(&self, row: &Pairing<'_, '_>) -> bool {
        row.nodes().into_iter().all(|(base, other)| {
            let [base, other] = [self.graphs[0].sources(base), self.graphs[1].sources(other)];
            base.len() == other.len() && base.into_iter().zip(other).all(|(base, other)| self.is_alike(base, other))
        })
    }

    /// Whether two nodes give the same, apart from what only one of the networks has in between.
    pub(super) fn is_alike(&self, base: NodeIndex, other: NodeIndex) -> bool {
        match (&self.origins[0][base.index()], &self.origins[1][other.index()]) {
            (Some(base), Some(other)) => {
                base.is_empty() && other.is_empty() || base.iter().any(|number| other.binary_search(number).is_ok())
            }
            _ => true,
        }
    }
}

/// Takes what is in a row from what is outside.
fn clear(row: &Pairing<'_, '_>, numbers: &mut [Vec<Option<u32>>; 2]) {
    for (part, numbers) in [row.base, row.other].into_iter().zip(numbers) {
        for node in part.iter().flat_map(|part| part.row.all_nodes()) {
            numbers[node.index.index()] = None;
        }
    }
}

/// Numbers the nodes of a row, inner rows first.
fn number(row: &Pairing<'_, '_>, pair: &mut impl FnMut([NodeIndex; 2])) {
    row.children.iter().for_each(|child| number(child, pair));
    row.nodes().into_iter().for_each(|(base, other)| pair([base, other]));
}

fn origins(graph: &Graph, numbers: &[Option<u32>]) -> Vec<Option<Vec<u32>>> {
    let mut origins: Vec<Option<Vec<u32>>> = Vec::with_capacity(numbers.len());
    for node in graph.nodes() {
        let found = match numbers[node.index()] {
            Some(number) => Some(vec![number]),
            None => {
                let all: Option<Vec<&Vec<u32>>> =
                    graph.sources(node).into_iter().map(|source| origins[source.index()].as_ref()).collect();
                all.map(|all| {
                    let mut all: Vec<u32> = all.into_iter().flatten().copied().collect();
                    all.sort_unstable();
                    all.dedup();
                    all
                })
                .filter(|all| all.len() <= MOST)
            }
        };
        origins.push(found);
    }
    origins
}
