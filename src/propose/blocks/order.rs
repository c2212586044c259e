//! Orders of rows and columns in which blocks can be seen, and the way back to the table's order.

use crate::propose::blocks::Blocks;

/// Rows and columns of a table in the order of their blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The rows, group by group: what the joined outputs of the groups are.
    pub rows: Vec<usize>,
    /// The columns, by the first group that reads them, then by the last; columns that none reads come last.
    pub columns: Vec<u32>,
    /// For each row its place in `rows`: channel `row` of the table is channel `outputs[row]` of the joined outputs.
    pub outputs: Vec<usize>,
}

impl Blocks {
    /// The order that shows the blocks.
    pub fn order(&self) -> Order {
        let rows: Vec<usize> = self.groups().iter().flat_map(|block| block.rows.iter().copied()).collect();
        let mut outputs = vec![0; rows.len()];
        rows.iter().enumerate().for_each(|(place, &row)| outputs[row] = place);
        let mut read = vec![(usize::MAX, usize::MAX); self.columns()];
        for (group, block) in self.groups().iter().enumerate() {
            for &column in &block.columns {
                let (first, last) = &mut read[column as usize];
                (*first, *last) = ((*first).min(group), group);
            }
        }
        let mut columns: Vec<u32> = (0..self.columns() as u32).collect();
        columns.sort_by_key(|&column| (read[column as usize], column));
        Order { rows, columns, outputs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::blocks::Table;

    #[test]
    fn blocks_stand_on_the_diagonal() {
        let table = Table::from_text("100100\n010010\n000100\n110010").expect("is valid");
        let blocks = Blocks::new(&table, vec![vec![0, 2], vec![1, 3]]).expect("is a partition");
        let order = blocks.order();
        assert_eq!(order.rows, [0, 2, 1, 3]);
        // Column 0 is read by both groups, 3 by the first, 1 and 4 by the second, 2 and 5 by none.
        assert_eq!(order.columns, [3, 0, 1, 4, 2, 5]);
        assert_eq!(order.outputs, [0, 2, 1, 3]);
    }

    #[test]
    fn outputs_undo_rows() {
        let table = Table::lenet_c3();
        let groups = vec![vec![15, 3, 9], vec![0, 7, 12, 1], vec![14, 2, 4, 13], vec![5, 6, 8, 10, 11]];
        let order = Blocks::new(&table, groups).expect("is a partition").order();
        assert!((0..16).all(|row| order.rows[order.outputs[row]] == row));
        let mut columns = order.columns;
        columns.sort_unstable();
        assert_eq!(columns, [0, 1, 2, 3, 4, 5]);
    }
}
