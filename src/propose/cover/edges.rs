//! Signed edges between units and groups, listed from either side.

use crate::propose::Group;

/// One end of an edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    /// The unit or the group at the other end.
    pub(super) to: u32,
    /// Its weight, -1 or +1.
    pub(super) sign: i32,
}

/// For each unit, or for each group, its edges.
#[derive(Clone, Debug)]
pub(super) struct Edges {
    starts: Vec<usize>,
    edges: Vec<Edge>,
}

impl Edges {
    /// For each group its units.
    pub(super) fn of_groups(groups: &[Group]) -> Edges {
        let mut all = Edges { starts: vec![0], edges: Vec::new() };
        for group in groups {
            all.edges.extend(group.iter().map(|(to, sign)| Edge { to, sign }));
            all.starts.push(all.edges.len());
        }
        all
    }

    /// For each of `units` units its groups, in order.
    pub(super) fn of_units(groups: &[Group], units: usize) -> Edges {
        let mut starts = vec![0; units + 1];
        groups.iter().flat_map(Group::iter).for_each(|(unit, _)| starts[unit as usize + 1] += 1);
        for at in 0..units {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut edges = vec![Edge { to: 0, sign: 0 }; starts[units]];
        for (to, group) in groups.iter().enumerate() {
            for (unit, sign) in group.iter() {
                edges[next[unit as usize]] = Edge { to: to as u32, sign };
                next[unit as usize] += 1;
            }
        }
        Edges { starts, edges }
    }

    /// The edges of one.
    pub(super) fn get(&self, at: usize) -> &[Edge] {
        &self.edges[self.starts[at]..self.starts[at + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_list_the_same_edges() {
        let group = |positive: &[u32], negative: &[u32]| Group { positive: positive.to_vec(), negative: negative.to_vec() };
        let groups = [group(&[0, 2], &[1]), group(&[1], &[]), group(&[2], &[0])];
        let listed = |edges: &Edges, at| edges.get(at).iter().map(|edge| (edge.to, edge.sign)).collect::<Vec<_>>();
        let units = Edges::of_units(&groups, 4);
        assert_eq!(
            [0, 1, 2, 3].map(|unit| listed(&units, unit)),
            [vec![(0, 1), (2, -1)], vec![(0, -1), (1, 1)], vec![(0, 1), (2, 1)], vec![]]
        );
        let of_groups = Edges::of_groups(&groups);
        assert_eq!(
            [0, 1, 2].map(|at| listed(&of_groups, at)),
            [vec![(0, 1), (2, 1), (1, -1)], vec![(1, 1)], vec![(2, 1), (0, -1)]]
        );
    }
}
