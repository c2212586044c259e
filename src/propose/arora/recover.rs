//! `RecoverGraph`: the graph square root. An edge's common neighbours, if they are few, hold one hidden unit's neighbourhood.

use std::collections::BTreeSet;

use crate::propose::Group;
use crate::propose::arora::Related;

/// The most common neighbours of an edge inside one neighbourhood, and the least neighbours of a member among them, in parts of the degree.
const MOST: f64 = 1.3;
const LEAST: f64 = 0.8;

/// Neighbourhoods of about `degree` units whose pairs are all related: for each edge (u, v) left, with S the units related to both, and
/// `|S| < 1.3 d`, those in S that are related to at least `0.8 d - 1` others of S. Their edges are taken away.
pub fn recover(related: &Related, degree: f64) -> Vec<Group> {
    let upper = |(u, list): (usize, &Vec<u32>)| {
        let u = u as u32;
        list.iter().filter(move |&&v| v > u).map(move |&v| (u, v)).collect::<Vec<_>>()
    };
    let edges: Vec<(u32, u32)> = related.iter().enumerate().flat_map(upper).collect();
    let mut left: BTreeSet<(u32, u32)> = edges.iter().copied().collect();
    let is_related = |u: u32, v: u32| u != v && related[u as usize].binary_search(&v).is_ok();
    let mut groups = Vec::new();
    for edge in edges {
        if !left.contains(&edge) {
            continue;
        }
        let (u, v) = edge;
        let common = related[u as usize].iter().copied().filter(|&w| w == v || is_related(w, v));
        let mut set: Vec<u32> = common.chain([u]).collect();
        set.sort_unstable();
        if set.len() as f64 >= MOST * degree {
            continue;
        }
        let inner = |w: u32| set.iter().filter(|&&other| is_related(w, other)).count() as f64;
        let positive: Vec<u32> = set.iter().copied().filter(|&w| inner(w) >= LEAST * degree - 1.0).collect();
        if positive.len() < 2 {
            continue;
        }
        for (at, &v) in positive.iter().enumerate() {
            positive[..at].iter().for_each(|&u| {
                left.remove(&(u, v));
            });
        }
        left.remove(&edge);
        groups.push(Group { positive, negative: Vec::new() });
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_cliques_that_share_a_unit_are_found() {
        let cliques = [[0, 1, 2, 3, 4], [4, 5, 6, 7, 8]];
        let mut related = vec![Vec::new(); 9];
        for clique in cliques {
            for u in clique {
                related[u as usize].extend(clique.iter().filter(|&&v| v != u));
            }
        }
        related.iter_mut().for_each(|list| list.sort_unstable());
        let groups = recover(&related, 5.0);
        assert_eq!(groups.iter().map(|group| &group.positive[..]).collect::<Vec<_>>(), cliques);
        // Common neighbours are too many for so small a degree.
        assert!(recover(&related, 3.0).is_empty());
    }
}
