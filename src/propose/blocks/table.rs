//! The connection table of a convolution: which input channels (columns) each output channel (row) reads.

use crate::propose::blocks::TableError;

/// Most rows and most columns: counts of links in a column have 16 bits.
const MOST: usize = u16::MAX as usize;

/// Rows of ascending column numbers, both from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    rows: Vec<Vec<u32>>,
    columns: usize,
}

impl Table {
    /// The table of given rows. From 1 to 65535 rows and columns; the columns of a row ascend and are below `columns`. A row may be empty.
    pub fn new(columns: usize, rows: Vec<Vec<u32>>) -> Result<Table, TableError> {
        Table::check_size(rows.len(), columns)?;
        for (row, reads) in rows.iter().enumerate() {
            if let Some(&column) = reads.iter().find(|column| **column as usize >= columns) {
                return Err(TableError::OutOfRange { row, column, columns });
            }
            if let Some(pair) = reads.windows(2).find(|pair| pair[0] >= pair[1]) {
                return Err(TableError::NotAscending { row, column: pair[1] });
            }
        }
        Ok(Table { rows, columns })
    }

    /// Table I of "Gradient-based learning applied to document recognition" (LeNet-5, 1998): the 60 of 96 links from S2 to C3.
    pub fn lenet_c3() -> Table {
        let threes = (0..6).map(|first| (0..3).map(|next| (first + next) % 6).collect());
        let fours = (0..6).map(|first| (0..4).map(|next| (first + next) % 6).collect());
        let pairs = (0..3).map(|first| vec![first, first + 1, (first + 3) % 6, (first + 4) % 6]);
        let mut rows: Vec<Vec<u32>> = threes.chain(fours).chain(pairs).chain([(0..6).collect()]).collect();
        rows.iter_mut().for_each(|row| row.sort_unstable());
        Table { rows, columns: 6 }
    }

    /// Says whether a table may be so large.
    pub(super) fn check_size(rows: usize, columns: usize) -> Result<(), TableError> {
        match (rows, columns) {
            (0, _) | (_, 0) => Err(TableError::Empty { rows, columns }),
            _ if rows > MOST || columns > MOST => Err(TableError::TooLarge { rows, columns }),
            _ => Ok(()),
        }
    }

    /// For each output channel the input channels it reads, ascending.
    pub fn rows(&self) -> &[Vec<u32>] {
        &self.rows
    }

    /// Number of input channels.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Number of links.
    pub fn links(&self) -> u64 {
        self.rows.iter().map(|row| row.len() as u64).sum()
    }

    /// Rows times columns.
    pub fn area(&self) -> u64 {
        self.rows.len() as u64 * self.columns as u64
    }

    /// For each column the rows that read it, ascending.
    pub(super) fn readers(&self) -> Vec<Vec<u32>> {
        let mut readers = vec![Vec::new(); self.columns];
        for (row, reads) in self.rows.iter().enumerate() {
            reads.iter().for_each(|&column| readers[column as usize].push(row as u32));
        }
        readers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c3_is_table_one_of_the_paper() {
        // The crosses of table I, one column of the paper a line, counted from 1.
        let paper: [&[u32]; 16] = [
            &[1, 2, 3],
            &[2, 3, 4],
            &[3, 4, 5],
            &[4, 5, 6],
            &[1, 5, 6],
            &[1, 2, 6],
            &[1, 2, 3, 4],
            &[2, 3, 4, 5],
            &[3, 4, 5, 6],
            &[1, 4, 5, 6],
            &[1, 2, 5, 6],
            &[1, 2, 3, 6],
            &[1, 2, 4, 5],
            &[2, 3, 5, 6],
            &[1, 3, 4, 6],
            &[1, 2, 3, 4, 5, 6],
        ];
        let rows = paper.iter().map(|row| row.iter().map(|column| column - 1).collect()).collect();
        assert_eq!(Table::lenet_c3(), Table::new(6, rows).expect("is valid"));
        assert_eq!(Table::lenet_c3().links(), 60);
        assert_eq!(Table::lenet_c3().area(), 96);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(Table::new(0, vec![vec![]]), Err(TableError::Empty { rows: 1, columns: 0 }));
        assert_eq!(Table::new(3, vec![]), Err(TableError::Empty { rows: 0, columns: 3 }));
        assert_eq!(Table::new(65536, vec![vec![]]), Err(TableError::TooLarge { rows: 1, columns: 65536 }));
        assert_eq!(Table::new(3, vec![vec![0], vec![1, 3]]), Err(TableError::OutOfRange { row: 1, column: 3, columns: 3 }));
        assert_eq!(Table::new(3, vec![vec![1, 1]]), Err(TableError::NotAscending { row: 0, column: 1 }));
        assert_eq!(Table::new(3, vec![vec![2, 0]]), Err(TableError::NotAscending { row: 0, column: 0 }));
        let text = Table::new(3, vec![vec![3]]).expect_err("column 3 is not there").to_string();
        assert_eq!(text, "row 0 reads column 3, but columns end at 2");
    }

    #[test]
    fn readers_are_the_transpose() {
        let table = Table::new(3, vec![vec![0, 2], vec![2], vec![]]).expect("is valid");
        assert_eq!(table.readers(), [vec![0], vec![], vec![0, 1]]);
    }
}
