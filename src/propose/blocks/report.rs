//! What blocks cost and what they lose, exactly.

use crate::propose::blocks::Blocks;
use crate::propose::blocks::BlocksError;
use crate::propose::blocks::Table;

/// Counts of blocks and of the table they were made for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockReport {
    /// Groups.
    pub groups: usize,
    /// Links of the table.
    pub links: u64,
    /// Rows times columns, summed over groups: weights of the dense convolutions for each tap of the kernel.
    pub area: u64,
    /// Links of the table inside the blocks.
    pub covered: u64,
    /// Links of the table outside of the blocks: they are not computed.
    pub lost: u64,
    /// Share of the blocks' area that are links; 1 if the area is 0.
    pub fill: f64,
    /// The blocks' area as a share of rows times columns of the table.
    pub ratio: f64,
    /// Input channels that are gathered, summed over groups.
    pub gathered: u64,
}

impl Blocks {
    /// Counts the blocks of a table. Error: the table has other numbers of rows or columns.
    pub fn report(&self, table: &Table) -> Result<BlockReport, BlocksError> {
        let (rows, columns) = (self.rows(), self.columns());
        if (rows, columns) != (table.rows().len(), table.columns()) {
            let (table_rows, table_columns) = (table.rows().len(), table.columns());
            return Err(BlocksError::Different { rows, columns, table_rows, table_columns });
        }
        let (mut covered, mut gathered) = (0, 0);
        for block in self.groups() {
            gathered += block.columns.len() as u64;
            let reads = block.rows.iter().flat_map(|&row| &table.rows()[row]);
            covered += reads.filter(|column| block.columns.binary_search(column).is_ok()).count() as u64;
        }
        let (links, area) = (table.links(), self.area());
        Ok(BlockReport {
            groups: self.groups().len(),
            links,
            area,
            covered,
            lost: links - covered,
            fill: if area == 0 { 1.0 } else { covered as f64 / area as f64 },
            ratio: area as f64 / table.area() as f64,
            gathered,
        })
    }

    /// Rows times columns, summed over groups.
    pub fn area(&self) -> u64 {
        self.groups().iter().map(|block| block.rows.len() as u64 * block.columns.len() as u64).sum()
    }

    /// Multiply-adds of the dense convolutions for one image, with a kernel of `[height, width]` taps and so many output positions. Error: they
    /// exceed 64 bits.
    pub fn madds(&self, kernel: [u32; 2], positions: u64) -> Result<u64, BlocksError> {
        madds(self.area(), kernel, positions)
    }
}

/// Multiply-adds of so many pairs of a row and a column.
pub(super) fn madds(pairs: u64, [height, width]: [u32; 2], positions: u64) -> Result<u64, BlocksError> {
    let taps = u64::from(height) * u64::from(width);
    let madds = pairs.checked_mul(taps).and_then(|madds| madds.checked_mul(positions));
    madds.ok_or(BlocksError::Overflow { area: pairs, height, width, positions })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::blocks::Search;

    #[test]
    fn c3_alone_costs_what_the_paper_says() {
        let table = Table::lenet_c3();
        let blocks = Blocks::new(&table, (0..16).map(|row| vec![row]).collect()).expect("is a partition");
        let report = blocks.report(&table).expect("is of the table");
        assert_eq!((report.groups, report.links, report.area, report.covered, report.lost), (16, 60, 60, 60, 0));
        assert!((report.fill - 1.0).abs() < 1e-15 && (report.ratio - 0.625).abs() < 1e-15);
        assert_eq!(report.gathered, 60);
        // 1516 parameters with 16 biases, 151 600 connections on maps of 10x10 (section II-B).
        assert_eq!(blocks.madds([5, 5], 1), Ok(1516 - 16));
        assert_eq!(blocks.madds([5, 5], 100), Ok(151_600 - 1_600));
    }

    #[test]
    fn lost_links_are_those_outside() {
        let table = Table::from_text("1100\n1101\n0010\n0011").expect("is valid");
        let blocks = Blocks::disjoint(&table, 2, &Search::new(0.0)).expect("2 divides 4");
        let report = blocks.report(&table).expect("is of the table");
        assert_eq!((report.groups, report.area, report.covered, report.lost, report.gathered), (2, 8, 7, 1, 4));
        assert!((report.fill - 7.0 / 8.0).abs() < 1e-15 && (report.ratio - 0.5).abs() < 1e-15);
        let other = Table::from_text("11\n11").expect("is valid");
        let error = BlocksError::Different { rows: 4, columns: 4, table_rows: 2, table_columns: 2 };
        assert_eq!(blocks.report(&other), Err(error));
    }

    #[test]
    fn counts_beyond_64_bits_are_errors() {
        let table = Table::from_text("11\n11").expect("is valid");
        let blocks = Blocks::new(&table, vec![vec![0, 1]]).expect("is a partition");
        assert_eq!(blocks.madds([1, 1], u64::MAX / 4), Ok(u64::MAX - 3));
        assert!(matches!(blocks.madds([1, 1], u64::MAX / 4 + 1), Err(BlocksError::Overflow { area: 4, .. })));
        assert!(blocks.madds([u32::MAX, u32::MAX], 1).is_err());
    }
}
