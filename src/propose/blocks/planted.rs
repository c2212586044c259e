//! Tables with known blocks, for tests and measurements: links inside planted groups and between them by chance, rows and columns shuffled.

use crate::base::Purpose;
use crate::base::Random;
use crate::propose::blocks::Table;
use crate::propose::blocks::TableError;

/// A table and the groups that it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlantedTable {
    /// The links.
    pub table: Table,
    /// The group of each row, from 0.
    pub row_groups: Vec<usize>,
    /// The group of each column, from 0.
    pub column_groups: Vec<usize>,
}

/// A table of `rows` x `columns` with `groups` groups whose sizes differ by at most one. A link inside a group is there with probability `inside`,
/// another with `outside`. Errors: probabilities beyond 0 to 1, groups other than 1 to the lesser of rows and columns.
pub fn planted(
    rows: usize,
    columns: usize,
    groups: usize,
    inside: f64,
    outside: f64,
    seed: u64,
) -> Result<PlantedTable, TableError> {
    Table::check_size(rows, columns)?;
    if groups == 0 || groups > rows.min(columns) {
        return Err(TableError::Groups { groups, rows, columns });
    }
    if let Some(&share) = [inside, outside].iter().find(|share| !(0.0..=1.0).contains(*share)) {
        return Err(TableError::Share { share });
    }
    let mut random = Random::new(seed, Purpose::Planted, 0);
    let mut shuffled = |size: usize| {
        let mut of: Vec<usize> = (0..size).map(|item| item * groups / size).collect();
        random.shuffle(&mut of);
        of
    };
    let (row_groups, column_groups) = (shuffled(rows), shuffled(columns));
    let mut links = Vec::with_capacity(rows);
    for row in &row_groups {
        let mut reads = Vec::new();
        for (column, group) in column_groups.iter().enumerate() {
            let share = if row == group { inside } else { outside };
            if random.between(0.0, 1.0) < share {
                reads.push(column as u32);
            }
        }
        links.push(reads);
    }
    Ok(PlantedTable { table: Table::new(columns, links)?, row_groups, column_groups })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_blocks_are_all_links() {
        let made = planted(7, 9, 3, 1.0, 0.0, 4).expect("is valid");
        for (row, reads) in made.table.rows().iter().enumerate() {
            let expected: Vec<u32> =
                (0..9).filter(|&column| made.column_groups[column as usize] == made.row_groups[row]).collect();
            assert_eq!(reads, &expected);
        }
        let size = |of: &[usize], group: usize| of.iter().filter(|&&other| other == group).count();
        assert!((0..3).all(|group| size(&made.column_groups, group) == 3 && (2..=3).contains(&size(&made.row_groups, group))));
        assert!(!made.row_groups.is_sorted() && !made.column_groups.is_sorted());
    }

    #[test]
    fn shares_of_links_are_as_asked() {
        // 160 000 links in 4 groups: 40 000 inside, 120 000 outside; five standard deviations are 0.0115 and 0.0043.
        let made = planted(400, 400, 4, 0.3, 0.1, 1).expect("is valid");
        let inside = made.table.rows().iter().zip(&made.row_groups).flat_map(|(reads, group)| {
            let columns = &made.column_groups;
            reads.iter().filter(move |&&column| columns[column as usize] == *group)
        });
        let inside = inside.count() as f64;
        assert!((inside / 40_000.0 - 0.3).abs() < 0.0115);
        assert!(((made.table.links() as f64 - inside) / 120_000.0 - 0.1).abs() < 0.0043);
        assert_eq!(made, planted(400, 400, 4, 0.3, 0.1, 1).expect("is valid"));
        assert_ne!(made, planted(400, 400, 4, 0.3, 0.1, 2).expect("is valid"));
    }

    #[test]
    fn what_cannot_be_planted_is_refused() {
        assert_eq!(planted(4, 3, 4, 1.0, 0.0, 0), Err(TableError::Groups { groups: 4, rows: 4, columns: 3 }));
        assert_eq!(planted(4, 3, 0, 1.0, 0.0, 0), Err(TableError::Groups { groups: 0, rows: 4, columns: 3 }));
        assert_eq!(planted(4, 3, 2, 1.0, -0.1, 0), Err(TableError::Share { share: -0.1 }));
    }
}
