//! A group of rows during a search: how many of them read each column, and what it would cost with a unit more or less.

use crate::propose::blocks::rule::Rule;
use crate::propose::blocks::unit::Unit;

/// Columns whose counts are added in 16 bits before they are added up in 64.
const CHUNK: usize = 1 << 12;

/// A group of rows.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    /// Rows.
    size: usize,
    /// For each column the rows that read it.
    counts: Vec<u16>,
    /// Links of its rows.
    links: u64,
    /// Sum of the squared counts.
    squares: u64,
    /// For each threshold up to the size the columns with at least so many readers.
    kept: Vec<u32>,
    /// For each threshold up to the size the links in columns with fewer readers.
    lost: Vec<u64>,
    /// Its price; 0 without rows.
    cost: f64,
}

impl Cluster {
    /// The group of some units.
    pub(super) fn new<'a>(columns: usize, units: impl IntoIterator<Item = &'a Unit>, rule: &Rule) -> Cluster {
        let mut cluster =
            Cluster { size: 0, counts: vec![0; columns], links: 0, squares: 0, kept: Vec::new(), lost: Vec::new(), cost: 0.0 };
        for unit in units {
            cluster.add(unit);
        }
        cluster.count(rule);
        cluster
    }

    /// Rows.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Its price.
    pub(super) fn cost(&self) -> f64 {
        self.cost
    }

    /// The price with a unit that it does not hold.
    pub(super) fn cost_with(&self, unit: &Unit, rule: &Rule) -> f64 {
        let more = unit.rows.len();
        let size = self.size + more;
        let need = rule.need(size);
        let (mut kept, mut lost) = self.at(need);
        if rule.is_lossless() {
            kept += unit.columns.iter().filter(|column| self.counts[**column as usize] == 0).count();
            return rule.cost(size, kept, 0);
        }
        for &column in &unit.columns {
            let count = usize::from(self.counts[column as usize]);
            if count + more < need {
                lost += more as u64;
            } else if count < need {
                kept += 1;
                lost -= count as u64;
            }
        }
        rule.cost(size, kept, lost)
    }

    /// The price without a unit that it holds; 0 if none is left.
    pub(super) fn cost_without(&self, unit: &Unit, rule: &Rule) -> f64 {
        let less = unit.rows.len();
        let size = self.size - less;
        if size == 0 {
            return 0.0;
        }
        let need = rule.need(size);
        let (mut kept, mut lost) = self.at(need);
        for &column in &unit.columns {
            let count = usize::from(self.counts[column as usize]);
            if count < need {
                lost -= less as u64;
            } else if count - less < need {
                kept -= 1;
                lost += (count - less) as u64;
            }
        }
        rule.cost(size, kept, lost)
    }

    /// The price of the group of all rows of both.
    pub(super) fn cost_merged(&self, other: &Cluster, rule: &Rule) -> f64 {
        let size = self.size + other.size;
        // A size fits 16 bits, as the number of rows does.
        let need = rule.need(size) as u16;
        let (mut kept, mut links) = (0, 0);
        for (ours, theirs) in self.counts.chunks(CHUNK).zip(other.counts.chunks(CHUNK)) {
            if rule.is_lossless() {
                kept += usize::from(ours.iter().zip(theirs).map(|(one, two)| u16::from((one | two) != 0)).sum::<u16>());
                continue;
            }
            let (mut some, mut sum) = (0_u16, 0_u32);
            for (one, two) in ours.iter().zip(theirs) {
                let count = one + two;
                let keeps = count >= need;
                some += u16::from(keeps);
                sum += u32::from(if keeps { count } else { 0 });
            }
            kept += usize::from(some);
            links += u64::from(sum);
        }
        let lost = if rule.is_lossless() { 0 } else { self.links + other.links - links };
        rule.cost(size, kept, lost)
    }

    /// By how much the squared distances of rows from the mean row of their group grow if two groups are one (Ward 1963).
    pub(super) fn spread_merged(&self, other: &Cluster) -> f64 {
        // So many columns that products do not exceed 32 bits.
        let chunk = (u32::MAX as usize / (self.size * other.size)).max(1);
        let mut product = 0;
        for (ours, theirs) in self.counts.chunks(chunk).zip(other.counts.chunks(chunk)) {
            product += u64::from(ours.iter().zip(theirs).map(|(one, two)| u32::from(*one) * u32::from(*two)).sum::<u32>());
        }
        let (size, other_size) = (self.size as f64, other.size as f64);
        let both = self.squares + other.squares + 2 * product;
        self.squares as f64 / size + other.squares as f64 / other_size - both as f64 / (size + other_size)
    }

    /// Takes a unit in.
    pub(super) fn join(&mut self, unit: &Unit, rule: &Rule) {
        self.add(unit);
        self.count(rule);
    }

    /// Lets a unit go.
    pub(super) fn leave(&mut self, unit: &Unit, rule: &Rule) {
        let less = unit.rows.len();
        unit.columns.iter().for_each(|&column| self.counts[column as usize] -= less as u16);
        self.size -= less;
        self.links -= (less * unit.columns.len()) as u64;
        self.count(rule);
    }

    /// Takes all rows of another in.
    pub(super) fn merge(&mut self, other: &Cluster, rule: &Rule) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(one, two)| *one += two);
        self.size += other.size;
        self.links += other.links;
        self.count(rule);
    }

    fn add(&mut self, unit: &Unit) {
        let more = unit.rows.len();
        unit.columns.iter().for_each(|&column| self.counts[column as usize] += more as u16);
        self.size += more;
        self.links += (more * unit.columns.len()) as u64;
    }

    /// Kept columns and lost links at a threshold.
    fn at(&self, need: usize) -> (usize, u64) {
        if need > self.size { (0, self.links) } else { (self.kept[need] as usize, self.lost[need]) }
    }

    fn count(&mut self, rule: &Rule) {
        self.kept.clear();
        self.kept.resize(self.size + 1, 0);
        self.lost.clear();
        self.lost.resize(self.size + 1, 0);
        self.squares = 0;
        for &count in &self.counts {
            self.kept[usize::from(count)] += 1;
            self.squares += u64::from(count) * u64::from(count);
        }
        for need in 1..=self.size {
            self.lost[need] = self.lost[need - 1] + (need as u64 - 1) * u64::from(self.kept[need - 1]);
        }
        for need in (0..self.size).rev() {
            self.kept[need] += self.kept[need + 1];
        }
        let (kept, lost) = self.at(rule.need(self.size));
        self.cost = if self.size == 0 { 0.0 } else { rule.cost(self.size, kept, lost) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::blocks::laws::price;
    use crate::propose::blocks::planted;
    use crate::propose::blocks::unit::units;

    #[test]
    fn prices_are_those_of_the_definition() {
        for (least, seed) in [(0.0, 1), (0.3, 2), (0.5, 3), (0.75, 4), (1.0, 5)] {
            let table = planted(12, 7, 2, 0.8, 0.3, seed).expect("is valid").table;
            let rule = Rule { least, group: 3.0, lost: 1.5 };
            let units = units(&table);
            let defined = |from: usize, to: usize| {
                let rows: Vec<usize> = units[from..to].iter().flat_map(|unit| unit.rows.clone()).collect();
                price(&table, &rows, &rule)
            };
            let of = |from: usize, to: usize| Cluster::new(7, &units[from..to], &rule);
            for to in 2..units.len() {
                let cluster = of(0, to);
                assert!((cluster.cost() - defined(0, to)).abs() < 1e-6, "{least} {to}");
                assert!((cluster.cost_with(&units[to], &rule) - defined(0, to + 1)).abs() < 1e-6, "{least} {to}");
                assert!((cluster.cost_without(&units[0], &rule) - defined(1, to)).abs() < 1e-6, "{least} {to}");
                assert!((cluster.cost_merged(&of(to, units.len()), &rule) - defined(0, units.len())).abs() < 1e-6);
                let mut changed = cluster.clone();
                changed.join(&units[to], &rule);
                changed.leave(&units[0], &rule);
                changed.merge(&of(to + 1, units.len()), &rule);
                assert!((changed.cost() - defined(1, units.len())).abs() < 1e-6, "{least} {to}");
            }
            let mut left = of(0, 1);
            assert!(left.cost_without(&units[0], &rule).abs() < 1e-12);
            left.leave(&units[0], &rule);
            assert!(left.cost().abs() < 1e-12 && left.size() == 0);
        }
    }

    #[test]
    fn spread_is_wards() {
        let table = planted(9, 8, 2, 0.7, 0.3, 3).expect("is valid").table;
        let rule = Rule { least: 0.0, group: 0.0, lost: 0.0 };
        let units = units(&table);
        // The squared distances of rows from their mean, by its definition.
        let spread = |from: usize, to: usize| {
            let rows: Vec<usize> = units[from..to].iter().flat_map(|unit| unit.rows.clone()).collect();
            let mut sum = 0.0;
            for column in 0..8 {
                let reads = |row: &usize| f64::from(u8::from(table.rows()[*row].contains(&column)));
                let mean = rows.iter().map(reads).sum::<f64>() / rows.len() as f64;
                sum += rows.iter().map(|row| (reads(row) - mean).powi(2)).sum::<f64>();
            }
            sum
        };
        let count = units.len();
        for middle in 1..count {
            let of = |from: usize, to: usize| Cluster::new(8, &units[from..to], &rule);
            let grows = spread(0, count) - spread(0, middle) - spread(middle, count);
            assert!((of(0, middle).spread_merged(&of(middle, count)) - grows).abs() < 1e-9);
        }
    }
}
