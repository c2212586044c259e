//! Pivot (Ailon, Charikar, Newman 2008): a random node takes all free nodes that are joined to it. For weights of one size the expected
//! disagreements are at most three times the least.

use crate::base::Purpose;
use crate::base::Random;
use crate::propose::partition::Graph;
use crate::propose::partition::improve;
use crate::propose::partition::merge;
use crate::propose::partition::within;

/// One run of Pivot: a label for each node, below the number of nodes.
pub fn pivot(graph: &Graph, random: &mut Random) -> Vec<u32> {
    let nodes = graph.nodes();
    let mut order: Vec<u32> = (0..nodes as u32).collect();
    random.shuffle(&mut order);
    let mut labels = vec![u32::MAX; nodes];
    for node in order {
        if labels[node as usize] != u32::MAX {
            continue;
        }
        let mut weights = vec![0.0; nodes];
        graph.neighbours(node as usize).iter().for_each(|other| weights[other.0 as usize] = other.1);
        for other in 0..nodes {
            if labels[other] == u32::MAX && weights[other] > graph.gamma() {
                labels[other] = node;
            }
        }
        labels[node as usize] = node;
    }
    labels
}

/// The best of `restarts` runs of Pivot, each followed by local search; at least one is run.
pub fn cluster(graph: &Graph, restarts: usize, seed: u64) -> Vec<u32> {
    let run = |index: usize| {
        let mut labels = pivot(graph, &mut Random::new(seed, Purpose::Partition, index as u64));
        improve(graph, &mut labels, 0.0);
        merge(graph, &mut labels, 0.0);
        improve(graph, &mut labels, 0.0);
        labels
    };
    let mut best = run(0);
    for index in 1..restarts {
        let labels = run(index);
        if within(graph, &labels) > within(graph, &best) {
            best = labels;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::partition::disagreements;

    /// The least disagreements of all partitions: each node joins a cluster there is, or starts one.
    fn least(graph: &Graph, labels: &mut Vec<u32>) -> f64 {
        if labels.len() == graph.nodes() {
            return disagreements(graph, labels);
        }
        let used = labels.iter().max().map_or(0, |label| label + 1);
        let mut best = f64::INFINITY;
        for label in 0..=used {
            labels.push(label);
            best = best.min(least(graph, labels));
            labels.pop();
        }
        best
    }

    #[test]
    fn pivot_stays_within_three_times_the_least_and_search_is_near_it() {
        let mut random = Random::new(5, Purpose::Partition, 0);
        for _ in 0..12 {
            let nodes = 5 + random.below(4);
            let upper = (0..nodes as u32).flat_map(|v| (0..v).map(move |u| (u, v)));
            let pairs: Vec<(u32, u32, f64)> = upper.filter_map(|(u, v)| random.coin().then_some((u, v, 1.0))).collect();
            let graph = Graph::new(nodes, &pairs, 0.5).expect("is valid");
            let least = least(&graph, &mut Vec::new());
            let runs = 400;
            let cost = |index: u64| disagreements(&graph, &pivot(&graph, &mut Random::new(9, Purpose::Partition, index)));
            let mean = (0..runs).map(cost).sum::<f64>() / runs as f64;
            assert!(mean >= least - 1e-9 && mean <= 3.0 * least + 1e-9, "{mean} {least}");
            assert!(disagreements(&graph, &cluster(&graph, 16, 0)) <= least + 1e-9);
        }
    }
}
