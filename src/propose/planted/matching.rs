//! The assignment of rows to columns with the largest sum (Kuhn 1955), by shortest augmenting paths over the given pairs alone
//! (Jonker and Volgenant 1987). A row may stay alone, which is worth 0.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// For each row the column it is assigned to. `values[row]` lists the columns a row may take with what each is worth.
///
/// ```
/// use nas::propose::planted::assign;
///
/// // Both rows would have column 0; together they are worth most with row 0 at column 1.
/// assert_eq!(assign(&[vec![(0, 9), (1, 8)], vec![(0, 5)], vec![]], 2), [Some(1), Some(0), None]);
/// ```
pub fn assign(values: &[Vec<(usize, u64)>], columns: usize) -> Vec<Option<usize>> {
    // Costs are what is lost against the most; each row has a column of its own, at the end, where it loses all.
    let most = values.iter().flatten().map(|&(_, value)| value).max().unwrap_or(0) as i64;
    let rows = values.len();
    let mut row_of: Vec<Option<usize>> = vec![None; columns + rows];
    let mut column_of: Vec<Option<usize>> = vec![None; rows];
    let mut price = vec![0_i64; columns + rows];
    let edges = |row: usize| values[row].iter().map(move |&(to, value)| (to, most - value as i64)).chain([(columns + row, most)]);
    let mut distance = vec![i64::MAX; columns + rows];
    let mut from: Vec<usize> = vec![0; columns + rows];
    let mut is_settled = vec![false; columns + rows];
    for start in 0..rows {
        let mut touched = Vec::new();
        let mut settled: Vec<usize> = Vec::new();
        let mut heap = BinaryHeap::new();
        // Reduced costs of a row are not negative once the least of them, its potential, is taken off.
        let mut row = start;
        let mut reached = 0;
        let last = loop {
            let potential = match column_of[row] {
                Some(own) => edges(row).find(|&(to, _)| to == own).map_or(0, |(_, cost)| cost - price[own]),
                None => 0,
            };
            for (to, cost) in edges(row) {
                let length = reached + cost - price[to] - potential;
                if length < distance[to] {
                    if distance[to] == i64::MAX {
                        touched.push(to);
                    }
                    distance[to] = length;
                    from[to] = row;
                    heap.push(Reverse((length, to)));
                }
            }
            // The row's own column is always there; entries that a shorter way has replaced are left out.
            let (length, column) = loop {
                let Some(Reverse((length, column))) = heap.pop() else { unreachable!() };
                if length == distance[column] && !is_settled[column] {
                    break (length, column);
                }
            };
            reached = length;
            settled.push(column);
            is_settled[column] = true;
            match row_of[column] {
                Some(next) => row = next,
                None => break column,
            }
        };
        for &column in &settled {
            is_settled[column] = false;
            price[column] += distance[column] - reached;
        }
        let mut column = last;
        loop {
            let row = from[column];
            row_of[column] = Some(row);
            let before = column_of[row].replace(column);
            match before {
                Some(before) if row != start => column = before,
                _ => break,
            }
        }
        touched.iter().for_each(|&column| distance[column] = i64::MAX);
    }
    column_of.into_iter().map(|column| column.filter(|&column| column < columns)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Purpose;
    use crate::base::Random;

    /// The largest sum by trying all.
    fn best(values: &[Vec<(usize, u64)>], taken: &mut Vec<usize>) -> u64 {
        let Some((first, rest)) = values.split_first() else { return 0 };
        let mut most = best(rest, taken);
        for &(column, value) in first {
            if !taken.contains(&column) {
                taken.push(column);
                most = most.max(value + best(rest, taken));
                taken.pop();
            }
        }
        most
    }

    #[test]
    fn no_assignment_is_worth_more() {
        let mut random = Random::new(0, Purpose::Planted, 0);
        for _ in 0..1000 {
            let (rows, columns) = (4 + random.below(3), 4 + random.below(3));
            let mut row = || (0..columns).map(|to| (to, random.below(100) as u64)).filter(|pair| pair.1 > 20).collect();
            let values: Vec<Vec<(usize, u64)>> = (0..rows).map(|_| row()).collect();
            let found = assign(&values, columns);
            let mut used: Vec<usize> = found.iter().flatten().copied().collect();
            used.sort_unstable();
            assert!(used.windows(2).all(|pair| pair[0] < pair[1]));
            let worth = |(row, to): (&Vec<(usize, u64)>, &Option<usize>)| {
                to.map_or(0, |to| row.iter().find(|pair| pair.0 == to).expect("is allowed").1)
            };
            let sum: u64 = values.iter().zip(&found).map(worth).sum();
            assert_eq!(sum, best(&values, &mut Vec::new()), "{values:?} {found:?}");
        }
    }
}
