//! Local search on a partition: the best move of one node until none gains, and merges of whole clusters.

use std::collections::BTreeMap;

use crate::propose::partition::Graph;

/// Gains below this are rounding.
const GAIN: f64 = 1e-9;

/// Moves nodes, in order, each to the cluster where it gains the most, or to one of its own, until none gains. A node that is not alone
/// costs `penalty`. Labels are below the number of nodes and stay so.
pub fn improve(graph: &Graph, labels: &mut [u32], penalty: f64) {
    let nodes = graph.nodes();
    let mut sizes = vec![0_usize; nodes];
    labels.iter().for_each(|&label| sizes[label as usize] += 1);
    let mut free: Vec<u32> = (0..nodes as u32).rev().filter(|&label| sizes[label as usize] == 0).collect();
    let mut sums = vec![0.0; nodes];
    let mut moved = true;
    while moved {
        moved = false;
        for node in 0..nodes {
            let own = labels[node];
            let mut near: Vec<u32> = graph.neighbours(node).iter().map(|other| labels[other.0 as usize]).collect();
            graph.neighbours(node).iter().for_each(|other| sums[labels[other.0 as usize] as usize] += other.1);
            near.sort_unstable();
            near.dedup();
            let others = |label: u32| sizes[label as usize] - usize::from(label == own);
            let value = |label: u32| match others(label) {
                0 => 0.0,
                count => sums[label as usize] - graph.gamma() * count as f64 - penalty,
            };
            let stay = value(own);
            let mut best = (stay.max(0.0), if stay < -GAIN { None } else { Some(own) });
            // Where unlisted pairs gain, clusters without a listed pair count too.
            if graph.gamma() < 0.0 {
                near = (0..nodes as u32).filter(|&label| sizes[label as usize] > 0).collect();
            }
            for &label in &near {
                if label != own && value(label) > best.0 + GAIN {
                    best = (value(label), Some(label));
                }
            }
            graph.neighbours(node).iter().for_each(|other| sums[labels[other.0 as usize] as usize] = 0.0);
            let to = match best.1 {
                Some(to) => to,
                None => free.pop().unwrap_or(own),
            };
            if to != own {
                sizes[own as usize] -= 1;
                sizes[to as usize] += 1;
                if sizes[own as usize] == 0 {
                    free.push(own);
                }
                labels[node] = to;
                moved = true;
            }
        }
    }
}

/// Merges the two clusters whose cross sum of `w_uv - gamma` is largest, while that is more than `penalty`.
pub fn merge(graph: &Graph, labels: &mut [u32], penalty: f64) {
    loop {
        let mut sizes = vec![0_usize; graph.nodes()];
        labels.iter().for_each(|&label| sizes[label as usize] += 1);
        let mut cross: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        for node in 0..graph.nodes() {
            for &(other, weight) in graph.neighbours(node) {
                let (a, b) = (labels[node], labels[other as usize]);
                if a < b {
                    *cross.entry((a, b)).or_default() += weight;
                }
            }
        }
        let gain = |((a, b), sum): (&(u32, u32), &f64)| {
            let pairs = (sizes[*a as usize] * sizes[*b as usize]) as f64;
            (sum - graph.gamma() * pairs, *a, *b)
        };
        let best =
            cross.iter().map(gain).max_by(|one, other| one.0.total_cmp(&other.0).then((other.1, other.2).cmp(&(one.1, one.2))));
        let Some((_, a, b)) = best.filter(|best| best.0 > penalty + GAIN) else { break };
        labels.iter_mut().filter(|label| **label == b).for_each(|label| *label = a);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Purpose;
    use crate::base::Random;
    use crate::propose::partition::within;

    #[test]
    fn moves_and_merges_never_lose() {
        let mut random = Random::new(1, Purpose::Partition, 0);
        for _ in 0..200 {
            let nodes = 2 + random.below(12);
            let upper = (0..nodes as u32).flat_map(|v| (0..v).map(move |u| (u, v)));
            let pairs: Vec<(u32, u32, f64)> =
                upper.map(|(u, v)| (u, v, random.between(-2.0, 2.0))).filter(|pair| pair.2.abs() < 1.2).collect();
            let graph = Graph::new(nodes, &pairs, random.between(-0.5, 1.0)).expect("is valid");
            let mut labels: Vec<u32> = (0..nodes).map(|_| random.below(nodes) as u32).collect();
            let before = within(&graph, &labels);
            improve(&graph, &mut labels, 0.0);
            let moved = within(&graph, &labels);
            assert!(moved >= before - 1e-9, "{moved} {before}");
            for node in 0..nodes {
                for to in 0..nodes as u32 {
                    let mut other = labels.clone();
                    other[node] = to;
                    assert!(within(&graph, &other) <= moved + 1e-6, "node {node} would gain");
                }
            }
            merge(&graph, &mut labels, 0.0);
            assert!(within(&graph, &labels) >= moved - 1e-9);
        }
    }

    #[test]
    fn halves_merge_where_no_single_node_would_move() {
        let cross = [(0, 2, 0.4), (0, 3, 0.4), (1, 2, 0.4), (1, 3, 0.4)];
        let graph = Graph::new(4, &[&[(0, 1, 1.0), (2, 3, 1.0)][..], &cross[..]].concat(), 0.0).expect("is valid");
        let mut labels = [0, 0, 1, 1];
        improve(&graph, &mut labels, 0.0);
        assert_eq!(labels, [0, 0, 1, 1]);
        merge(&graph, &mut labels, 2.0);
        assert_eq!(labels, [0, 0, 1, 1]);
        merge(&graph, &mut labels, 0.0);
        assert_eq!(labels, [0, 0, 0, 0]);
    }

    #[test]
    fn two_cliques_are_told_apart() {
        let clique = |from: u32| (from..from + 4).flat_map(move |v| (from..v).map(move |u| (u, v, 1.0)));
        let pairs: Vec<(u32, u32, f64)> = clique(0).chain(clique(4)).chain([(3, 4, 1.0)]).collect();
        let graph = Graph::new(8, &pairs, 0.5).expect("is valid");
        let mut labels: Vec<u32> = (0..8).collect();
        improve(&graph, &mut labels, 0.0);
        merge(&graph, &mut labels, 0.0);
        assert!(labels[..4].iter().all(|&label| label == labels[0]) && labels[4..].iter().all(|&label| label == labels[4]));
        assert_ne!(labels[0], labels[4]);
        // Where joining costs more than three neighbours give, all stay alone.
        let mut alone: Vec<u32> = (0..8).collect();
        improve(&graph, &mut alone, 2.0);
        assert!(alone.into_iter().eq(0..8));
    }
}
