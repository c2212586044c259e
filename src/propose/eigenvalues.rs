//! Eigenvalues of symmetric matrices.

use faer::MatRef;
use faer::Side;

/// The eigenvalues of a symmetric matrix `[row][column]`, the largest first; what is below zero is rounding, or no variance: it counts zero.
///
/// # Panics
/// If the matrix is not square.
pub fn eigenvalues(matrix: &[f64], size: usize) -> Vec<f64> {
    assert_eq!(matrix.len(), size * size, "a square matrix");
    let view = MatRef::from_row_major_slice(matrix, size, size);
    // It fails for values that are not finite only: nothing can be said of those.
    let mut values = view.self_adjoint_eigenvalues(Side::Lower).unwrap_or_else(|_| vec![0.0; size]);
    values.reverse();
    values.iter_mut().for_each(|value| *value = value.max(0.0));
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_come_largest_first_and_none_is_negative() {
        let values = eigenvalues(&[2.0, 1.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, -1.0], 3);
        let want = [3.0, 1.0, 0.0];
        assert!(values.iter().zip(want).all(|(value, want)| (value - want).abs() < 1e-12), "{values:?}");
    }
}
