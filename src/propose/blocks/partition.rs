//! Blocks of a table: groups of rows, each with the columns that it reads, in the order in which their outputs are joined.

use crate::propose::blocks::BlocksError;
use crate::propose::blocks::Table;
use crate::propose::blocks::rule::Rule;

/// Rows that one dense convolution computes from some columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Output channels, ascending, from 0.
    pub rows: Vec<usize>,
    /// Input channels, ascending, from 0.
    pub columns: Vec<u32>,
}

/// A partition of a table's rows, with the columns of each group. Groups stand in the order of their outputs: from the group of row 0 on always
/// the one that shares the largest part of its columns with the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocks {
    rows: usize,
    columns: usize,
    groups: Vec<Block>,
}

impl Blocks {
    /// The blocks of a given partition of the rows, each with all columns that its rows read. Errors: a group without rows, a row that is
    /// not there, or one that stands in no group or in several.
    pub fn new(table: &Table, groups: Vec<Vec<usize>>) -> Result<Blocks, BlocksError> {
        let mut times = vec![0; table.rows().len()];
        for (group, held) in groups.iter().enumerate() {
            if held.is_empty() {
                return Err(BlocksError::NoRows { group });
            }
            for &row in held {
                *times.get_mut(row).ok_or(BlocksError::OutOfRange { group, row, rows: table.rows().len() })? += 1;
            }
        }
        match times.iter().position(|&times| times != 1) {
            Some(row) => Err(BlocksError::Partition { row, times: times[row] }),
            None => Ok(Blocks::of_rows(table, groups, &Rule { least: 0.0, group: 0.0, lost: 0.0 })),
        }
    }

    /// The blocks of a partition of the rows, with the columns that a rule keeps.
    pub(super) fn of_rows(table: &Table, groups: Vec<Vec<usize>>, rule: &Rule) -> Blocks {
        let block = |mut rows: Vec<usize>| {
            rows.sort_unstable();
            let mut counts = vec![0; table.columns()];
            rows.iter().flat_map(|&row| &table.rows()[row]).for_each(|&column| counts[column as usize] += 1);
            let need = rule.need(rows.len());
            let columns = (0..table.columns() as u32).filter(|&column| counts[column as usize] >= need).collect();
            Block { rows, columns }
        };
        Blocks::of_blocks(table, groups.into_iter().map(block).collect())
    }

    /// Blocks of given rows and columns, both ascending.
    pub(super) fn of_blocks(table: &Table, mut groups: Vec<Block>) -> Blocks {
        groups.sort_by_key(|block| block.rows[0]);
        let mut blocks = Blocks { rows: table.rows().len(), columns: table.columns(), groups: Vec::with_capacity(groups.len()) };
        let sets: Vec<Vec<u64>> = groups.iter().map(|block| set(table.columns(), &block.columns)).collect();
        let mut left: Vec<usize> = (1..groups.len()).collect();
        let mut order = vec![0];
        while !left.is_empty() {
            let last = &sets[order[order.len() - 1]];
            let mut best = (-1.0, 0);
            for (at, &group) in left.iter().enumerate() {
                let common = common(last, &sets[group]);
                if common > best.0 {
                    best = (common, at);
                }
            }
            order.push(left.remove(best.1));
        }
        blocks.groups.extend(order.into_iter().map(|group| groups[group].clone()));
        blocks
    }

    /// The groups, in the order of their outputs.
    pub fn groups(&self) -> &[Block] {
        &self.groups
    }

    /// Rows of the table.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns of the table.
    pub fn columns(&self) -> usize {
        self.columns
    }
}

/// Columns as bits.
fn set(size: usize, columns: &[u32]) -> Vec<u64> {
    let mut words = vec![0; size.div_ceil(64)];
    columns.iter().for_each(|column| words[*column as usize / 64] |= 1 << (column % 64));
    words
}

/// Columns that two sets share, of those that either has (the Jaccard index); 0 for two empty sets.
fn common(one: &[u64], other: &[u64]) -> f64 {
    let both: u32 = one.iter().zip(other).map(|(one, other)| (one & other).count_ones()).sum();
    let either: u32 = one.iter().zip(other).map(|(one, other)| (one | other).count_ones()).sum();
    f64::from(both) / f64::from(either.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_with_common_columns_are_neighbours() {
        let table = Table::from_text("1100000\n0000110\n0110000\n0001111\n0011000").expect("is valid");
        let blocks = Blocks::new(&table, vec![vec![3], vec![1], vec![4], vec![2], vec![0]]).expect("is a partition");
        let rows: Vec<usize> = blocks.groups().iter().flat_map(|block| block.rows.clone()).collect();
        assert_eq!(rows, [0, 2, 4, 3, 1]);
        assert_eq!((blocks.rows(), blocks.columns()), (5, 7));
    }

    #[test]
    fn columns_are_those_that_enough_rows_read() {
        let table = Table::from_text("11100\n11010\n10010\n00001").expect("is valid");
        let blocks = Blocks::new(&table, vec![vec![3], vec![2, 0, 1]]).expect("is a partition");
        assert_eq!(blocks.groups()[0], Block { rows: vec![0, 1, 2], columns: vec![0, 1, 2, 3] });
        assert_eq!(blocks.groups()[1], Block { rows: vec![3], columns: vec![4] });
        let rule = Rule { least: 0.5, group: 0.0, lost: 0.0 };
        let blocks = Blocks::of_rows(&table, vec![vec![0, 1, 2, 3]], &rule);
        assert_eq!(blocks.groups()[0].columns, [0, 1, 3]);
    }

    #[test]
    fn what_is_no_partition_is_refused() {
        let table = Table::from_text("10\n01\n11").expect("is valid");
        let error = |groups| Blocks::new(&table, groups).expect_err("is no partition");
        assert_eq!(error(vec![vec![0, 1], vec![]]), BlocksError::NoRows { group: 1 });
        assert_eq!(error(vec![vec![0, 1]]), BlocksError::Partition { row: 2, times: 0 });
        assert_eq!(error(vec![vec![0, 1], vec![2, 1]]), BlocksError::Partition { row: 1, times: 2 });
        assert_eq!(error(vec![vec![0, 1, 2, 3]]), BlocksError::OutOfRange { group: 0, row: 3, rows: 3 });
    }
}
