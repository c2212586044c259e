//! Rows with equal columns, made one: they are never apart in a search.

use crate::propose::blocks::Table;

/// Rows that read the same columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// The rows, ascending.
    pub(super) rows: Vec<usize>,
    /// The columns they read, ascending.
    pub(super) columns: Vec<u32>,
}

/// The units of a table, by their first rows.
pub(super) fn units(table: &Table) -> Vec<Unit> {
    let rows = table.rows();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|&one, &other| rows[one].cmp(&rows[other]));
    let mut units: Vec<Unit> = Vec::new();
    for row in order {
        match units.last_mut() {
            Some(unit) if unit.columns == rows[row] => unit.rows.push(row),
            _ => units.push(Unit { rows: vec![row], columns: rows[row].clone() }),
        }
    }
    units.sort_by_key(|unit| unit.rows[0]);
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_are_one() {
        let table = Table::new(3, vec![vec![1, 2], vec![], vec![0], vec![1, 2], vec![], vec![1]]).expect("is valid");
        let unit = |rows: &[usize], columns: &[u32]| Unit { rows: rows.to_vec(), columns: columns.to_vec() };
        assert_eq!(units(&table), [unit(&[0, 3], &[1, 2]), unit(&[1, 4], &[]), unit(&[2], &[0]), unit(&[5], &[1])]);
    }
}
