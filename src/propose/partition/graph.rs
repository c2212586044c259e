//! A graph with signed weights `w_uv - gamma`: few pairs have a weight `w_uv`, all others have 0.

use thiserror::Error;

use crate::propose::Samples;
use crate::propose::cover::deviant;
use crate::propose::cover::together;

/// Pairs of nodes with weights, and what is taken off each pair, listed or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    gamma: f64,
    starts: Vec<usize>,
    neighbours: Vec<(u32, f64)>,
}

/// Why weights are no graph.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum GraphError {
    /// A pair names a node that does not exist, or one node twice.
    #[error("pair ({0}, {1}) is not of two of the nodes")]
    Pair(u32, u32),
    /// A pair is listed twice.
    #[error("pair ({0}, {1}) is listed twice")]
    Twice(u32, u32),
    /// A weight or gamma is infinite or not a number.
    #[error("weights are finite")]
    NotFinite,
}

impl Graph {
    /// A graph of `nodes` nodes with the weights of some pairs.
    ///
    /// ```
    /// use nas::propose::partition::{Graph, within};
    ///
    /// let graph = Graph::new(3, &[(0, 1, 1.0)], 0.25)?;
    /// assert_eq!(within(&graph, &[0, 0, 1]), 0.75);
    /// assert_eq!(within(&graph, &[0, 0, 0]), 0.25);
    /// # Ok::<(), nas::propose::partition::GraphError>(())
    /// ```
    pub fn new(nodes: usize, pairs: &[(u32, u32, f64)], gamma: f64) -> Result<Graph, GraphError> {
        if let Some(&(u, v, _)) = pairs.iter().find(|(u, v, _)| u == v || (*u).max(*v) as usize >= nodes) {
            return Err(GraphError::Pair(u, v));
        }
        if !gamma.is_finite() || pairs.iter().any(|pair| !pair.2.is_finite()) {
            return Err(GraphError::NotFinite);
        }
        let mut starts = vec![0; nodes + 1];
        pairs.iter().flat_map(|&(u, v, _)| [u, v]).for_each(|node| starts[node as usize + 1] += 1);
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut neighbours = vec![(0, 0.0); 2 * pairs.len()];
        for &(u, v, weight) in pairs {
            for (node, other) in [(u, v), (v, u)] {
                neighbours[next[node as usize]] = (other, weight);
                next[node as usize] += 1;
            }
        }
        for (node, ends) in starts.windows(2).enumerate() {
            let list = &mut neighbours[ends[0]..ends[1]];
            list.sort_unstable_by_key(|other| other.0);
            if let Some(twice) = list.windows(2).find(|two| two[0].0 == two[1].0) {
                return Err(GraphError::Twice(twice[0].0.min(node as u32), twice[0].0.max(node as u32)));
            }
        }
        Ok(Graph { gamma, starts, neighbours })
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    /// What is taken off the weight of each pair.
    pub fn gamma(&self) -> f64 {
        self.gamma
    }

    /// The nodes whose pairs with a node are listed, ascending, and the weights.
    pub fn neighbours(&self, node: usize) -> &[(u32, f64)] {
        &self.neighbours[self.starts[node]..self.starts[node + 1]]
    }
}

/// Units as nodes: pairs that are on together more often than chance has it weigh 1, at a false discovery rate of 1 %; gamma is a half.
pub fn joined(samples: &Samples) -> Graph {
    let columns = samples.columns();
    let (pairs, _) = deviant(samples.lists(), &columns);
    let pairs: Vec<(u32, u32, f64)> = pairs.iter().map(|pair| (pair.u, pair.v, 1.0)).collect();
    Graph::new(samples.units(), &pairs, 0.5).unwrap_or_else(|_| unreachable!("pairs are of two units, each once"))
}

/// Units as nodes: pairs that are ever on together weigh their correlation.
pub fn correlations(samples: &Samples, gamma: f64) -> Result<Graph, GraphError> {
    let columns = samples.columns();
    let count = samples.len() as f64;
    let mean: Vec<f64> = columns.iter().map(|ones| ones.len() as f64 / count).collect();
    let weigh = |u: u32, v: u32, both: u32| {
        let (p, q) = (mean[u as usize], mean[v as usize]);
        let spread = (p * (1.0 - p) * q * (1.0 - q)).sqrt();
        (spread > 0.0).then(|| (u, v, (f64::from(both) / count - p * q) / spread))
    };
    Graph::new(samples.units(), &together(samples.lists(), &columns, weigh), gamma)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_named() {
        assert_eq!(Graph::new(2, &[(0, 2, 1.0)], 0.0), Err(GraphError::Pair(0, 2)));
        assert_eq!(Graph::new(2, &[(1, 1, 1.0)], 0.0), Err(GraphError::Pair(1, 1)));
        assert_eq!(Graph::new(2, &[(0, 1, 1.0), (1, 0, 1.0)], 0.0), Err(GraphError::Twice(0, 1)));
        assert_eq!(Graph::new(2, &[(0, 1, f64::NAN)], 0.0), Err(GraphError::NotFinite));
        assert!(Graph::new(0, &[], 0.0).is_ok());
    }

    #[test]
    fn equal_units_have_correlation_one() {
        let samples = Samples::new(3, [vec![0, 1], vec![0, 1, 2], vec![], vec![2]]).expect("is valid");
        let graph = correlations(&samples, 0.5).expect("is finite");
        assert_eq!(graph.neighbours(0).iter().map(|pair| pair.0).collect::<Vec<_>>(), [1, 2]);
        assert!((graph.neighbours(0)[0].1 - 1.0).abs() < 1e-12 && graph.neighbours(0)[1].1.abs() < 1e-12);
    }
}
