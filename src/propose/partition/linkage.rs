//! Hierarchical linkage of nodes, cut where clusters are joined less than gamma.

use kodama::Method;
use kodama::linkage;

use crate::propose::partition::Graph;

/// How near two clusters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linkage {
    /// By the mean weight between them.
    Average,
    /// By the least weight between them.
    Complete,
}

/// Labels of the clusters that are joined by more than gamma; below the number of nodes. Memory is quadratic in the nodes.
pub fn link(graph: &Graph, method: Linkage) -> Vec<u32> {
    let nodes = graph.nodes();
    let mut apart = Vec::with_capacity(nodes * nodes.saturating_sub(1) / 2);
    let mut row = vec![0.0; nodes];
    for node in 0..nodes {
        graph.neighbours(node).iter().for_each(|other| row[other.0 as usize] = other.1);
        apart.extend(row[node + 1..].iter().map(|weight| -weight));
        graph.neighbours(node).iter().for_each(|other| row[other.0 as usize] = 0.0);
    }
    let method = match method {
        Linkage::Average => Method::Average,
        Linkage::Complete => Method::Complete,
    };
    let tree = linkage(&mut apart, nodes, method);
    // Cluster `nodes + k` is made by step k; its label is the lesser of the two.
    let mut labels: Vec<u32> = (0..nodes as u32).collect();
    let mut firsts: Vec<u32> = labels.clone();
    for step in tree.steps() {
        let (first, second) = (firsts[step.cluster1], firsts[step.cluster2]);
        let (one, other) = (first.min(second), first.max(second));
        if -step.dissimilarity > graph.gamma() {
            labels.iter_mut().filter(|label| **label == other).for_each(|label| *label = one);
        }
        firsts.push(one);
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_cut_at_gamma() {
        let pairs = [(0, 1, 0.9), (1, 2, 0.8), (0, 2, 0.2), (3, 4, 0.6)];
        let labels = |gamma, method| link(&Graph::new(5, &pairs, gamma).expect("is valid"), method);
        assert_eq!(labels(0.4, Linkage::Average), [0, 0, 0, 3, 3]);
        assert_eq!(labels(0.4, Linkage::Complete), [0, 0, 2, 3, 3]);
        assert_eq!(labels(0.7, Linkage::Average), [0, 0, 2, 3, 4]);
        assert!(link(&Graph::new(0, &[], 0.0).expect("is valid"), Linkage::Average).is_empty());
    }
}
