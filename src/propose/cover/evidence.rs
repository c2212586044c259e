//! What the search for a cover went through.

/// One level of thresholds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Level {
    /// The least deviance of the level's pairs, in standard deviations.
    pub threshold: f64,
    /// The least deviance that passes the false discovery rate.
    pub floor: f64,
    /// Pairs that pass the false discovery rate.
    pub pairs: usize,
    /// Pairs from which a group was grown.
    pub seeds: usize,
    /// Those that gave a group.
    pub accepted: usize,
    /// Those whose group is held by, or holds, one that is known.
    pub known: usize,
    /// Groups after the level's rounds.
    pub groups: usize,
}

/// The whole search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Its levels in order.
    pub levels: Vec<Level>,
    /// The mean number of groups that hold a covered unit.
    pub memberships: f64,
    /// Whether the groups are disjoint, found in partition mode.
    pub disjoint: bool,
}
