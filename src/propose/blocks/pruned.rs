//! A connection table from the weights of a dense convolution: the links of largest L2 norm over the kernel stay.

use crate::propose::blocks::Table;
use crate::propose::blocks::TableError;

/// A table and what it keeps of the weights it was made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Pruned {
    /// The links that stay.
    pub table: Table,
    /// Their share of the sum of all squared weights; 1 if all weights are 0.
    pub kept: f64,
}

/// Of weights `[out, in, kh, kw]`, last index fastest, the share `keep` of all pairs (out, in), rounded half up to whole links, that have the
/// largest L2 norm over kh x kw. Of equal norms the pair with the lesser number out * in + in stays.
pub fn pruned(weights: &[f32], shape: [usize; 4], keep: f64) -> Result<Pruned, TableError> {
    let [rows, columns, height, width] = shape;
    Table::check_size(rows, columns)?;
    if !(0.0..=1.0).contains(&keep) {
        return Err(TableError::Share { share: keep });
    }
    let expected = shape.iter().map(|&side| side as u128).product();
    if weights.len() as u128 != expected {
        return Err(TableError::Weights { found: weights.len(), expected, shape });
    }
    if let Some(at) = weights.iter().position(|weight| !weight.is_finite()) {
        return Err(TableError::NotFinite { at });
    }
    let taps = height * width;
    let norm = |link: usize| weights[link * taps..(link + 1) * taps].iter().map(|&weight| f64::from(weight).powi(2)).sum();
    let norms: Vec<f64> = (0..rows * columns).map(norm).collect();
    let mut links: Vec<usize> = (0..norms.len()).collect();
    links.sort_unstable_by(|&one, &other| norms[other].total_cmp(&norms[one]).then(one.cmp(&other)));
    links.truncate(rounded(keep, links.len()));
    links.sort_unstable();
    let total: f64 = norms.iter().sum();
    let stay: f64 = links.iter().map(|&link| norms[link]).sum();
    let mut table = vec![Vec::new(); rows];
    links.iter().for_each(|link| table[link / columns].push((link % columns) as u32));
    Ok(Pruned { table: Table::new(columns, table)?, kept: if total > 0.0 { stay / total } else { 1.0 } })
}

/// A share of a count, half up; shares that decimals meet only nearly, as 0.145 of 100, count as met.
fn rounded(share: f64, count: usize) -> usize {
    let exact = share * count as f64;
    ((exact + 4.0 * f64::EPSILON * exact + 0.5).floor() as usize).min(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_norms_stay() {
        // Norms squared: 25, 4, 0; 4, 1, 16.
        let weights = [3.0, 4.0, 0.0, 2.0, 0.0, 0.0, -2.0, 0.0, 0.0, -1.0, 4.0, 0.0];
        let of = |keep| pruned(&weights, [2, 3, 1, 2], keep).expect("is valid");
        assert_eq!(of(0.5).table.rows(), [vec![0, 1], vec![2]]);
        assert!((of(0.5).kept - 45.0 / 50.0).abs() < 1e-15);
        assert_eq!(of(0.34).table.rows(), [vec![0], vec![2]]);
        assert_eq!(of(4.0 / 6.0).table.rows(), [vec![0, 1], vec![0, 2]]);
        assert_eq!(of(1.0).table.links(), 6);
        assert!((of(1.0).kept - 1.0).abs() < 1e-15);
        assert_eq!((of(0.0).table.links(), of(0.0).kept), (0, 0.0));
    }

    #[test]
    fn halves_are_rounded_up() {
        let cases = [(0.5, 3, 2), (0.145, 100, 15), (0.15, 10, 2), (0.25, 2, 1), (0.249, 2, 0), (1.0, 7, 7), (0.0, 7, 0)];
        cases.iter().for_each(|&(share, count, links)| assert_eq!(rounded(share, count), links, "{share} of {count}"));
    }

    #[test]
    fn what_is_no_weight_is_refused() {
        assert_eq!(pruned(&[1.0], [1, 1, 1, 1], 1.5), Err(TableError::Share { share: 1.5 }));
        assert!(pruned(&[1.0], [1, 1, 1, 1], f64::NAN).is_err());
        let shape = [1, 2, 1, 1];
        assert_eq!(pruned(&[1.0], shape, 0.5), Err(TableError::Weights { found: 1, expected: 2, shape }));
        assert_eq!(pruned(&[1.0, f32::NAN], shape, 0.5), Err(TableError::NotFinite { at: 1 }));
        assert_eq!(pruned(&[], [0, 2, 1, 1], 0.5), Err(TableError::Empty { rows: 0, columns: 2 }));
        assert!((pruned(&[0.0, 0.0], shape, 0.5).expect("is valid").kept - 1.0).abs() < 1e-15);
    }
}
