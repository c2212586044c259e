//! What a group of rows costs, and which columns it keeps.

/// More than any group costs; for groups that would lose all their links.
const BARRIER: f64 = 1e15;

/// Prices, in links of a dense block (one row that reads one column), and the share of rows below which a column is dropped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// Least share of a group's rows that read a column it keeps; 0 keeps all columns.
    pub(super) least: f64,
    /// Price of a group.
    pub(super) group: f64,
    /// Price of a lost link.
    pub(super) lost: f64,
}

impl Rule {
    /// Fewest readers of a column that a group of `size` rows keeps; at least 1.
    pub(super) fn need(&self, size: usize) -> usize {
        // Products that decimals meet only nearly count as met.
        ((self.least * size as f64 - 1e-9).ceil() as usize).max(1)
    }

    /// Whether no link is ever lost.
    pub(super) fn is_lossless(&self) -> bool {
        self.least == 0.0
    }

    /// Price of a group with so many rows, kept columns and lost links. A group that keeps nothing of what its rows read is never worth it.
    pub(super) fn cost(&self, size: usize, kept: usize, lost: u64) -> f64 {
        let area = size as f64 * kept as f64;
        let barrier = if kept == 0 && lost > 0 { BARRIER } else { 0.0 };
        area + self.group + self.lost * lost as f64 + barrier
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn need_is_the_least_whole_number_of_readers() {
        let rule = |least| Rule { least, group: 0.0, lost: 0.0 };
        assert_eq!([1, 2, 3, 4, 5].map(|size| rule(0.5).need(size)), [1, 1, 2, 2, 3]);
        assert_eq!([1, 2, 20].map(|size| rule(0.55).need(size)), [1, 2, 11]);
        assert_eq!([1, 9].map(|size| rule(1.0).need(size)), [1, 9]);
        assert_eq!([1, 900].map(|size| rule(0.0).need(size)), [1, 1]);
        assert!(rule(0.0).is_lossless() && !rule(0.1).is_lossless());
    }

    #[test]
    fn cost_is_area_and_prices() {
        let rule = Rule { least: 0.5, group: 7.0, lost: 2.0 };
        assert!((rule.cost(3, 4, 5) - 29.0).abs() < 1e-12);
        assert!((rule.cost(3, 0, 0) - 7.0).abs() < 1e-12);
        assert!(rule.cost(3, 0, 1) > 1e12);
    }
}
