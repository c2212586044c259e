//! A hidden unit as its edges: `x_i = 1[sum_j G_ij h_j > 0]` with `G_ij` in -1, 0, +1.

/// The edges of a hidden unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// Units with weight +1, ascending.
    pub positive: Vec<u32>,
    /// Units with weight -1, ascending.
    pub negative: Vec<u32>,
}

impl Group {
    /// The number of edges of both signs.
    pub fn edges(&self) -> usize {
        self.positive.len() + self.negative.len()
    }

    /// Each edge: the unit and its weight.
    pub fn iter(&self) -> impl Iterator<Item = (u32, i32)> {
        let positive = self.positive.iter().map(|&unit| (unit, 1));
        positive.chain(self.negative.iter().map(|&unit| (unit, -1)))
    }
}
