//! Spearman's rank correlation.

/// How nearly two lists rise together: the correlation of their ranks, equal values at the mean of theirs (Spearman 1904; Kendall 1945 on ties),
/// from -1 to 1; 0 where all values of one list are equal.
///
/// # Panics
/// Where the lists are not as long as each other.
pub fn spearman(first: &[f64], second: &[f64]) -> f64 {
    assert_eq!(first.len(), second.len(), "pairs");
    let [first, second] = [ranks(first), ranks(second)];
    // Ranks of n values have this mean, with ties or without.
    let mean = (first.len() as f64 - 1.0) / 2.0;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    let both = libm::sqrt(product(&first, &first) * product(&second, &second));
    if both > 0.0 { product(&first, &second) / both } else { 0.0 }
}

/// Ranks from 0; those of equal values are their mean.
fn ranks(values: &[f64]) -> Vec<f64> {
    let below = |value: f64| values.iter().filter(|other| **other < value).count();
    let equal = |value: f64| values.iter().filter(|other| other.total_cmp(&value).is_eq()).count();
    values.iter().map(|&value| below(value) as f64 + (equal(value) as f64 - 1.0) / 2.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_alone_count() {
        let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-12, "{found}, {wanted}");
        near(spearman(&[1.0, 2.0, 3.0, 4.0], &[0.1, 7.0, 7.5, 1e9]), 1.0);
        near(spearman(&[1.0, 2.0, 3.0, 4.0], &[4.0, 3.0, 1.0, -5.0]), -1.0);
        // Without ties 1 - 6 d^2 / (n (n^2 - 1)): ranks 1 2 3 4 5 beside 2 1 4 3 5 differ by 1 four times.
        near(spearman(&[1.0, 2.0, 3.0, 4.0, 5.0], &[20.0, 10.0, 40.0, 30.0, 50.0]), 1.0 - 6.0 * 4.0 / (5.0 * 24.0));
        // Ranks 1 2 3 beside 1.5 1.5 3: products 1.5, squares 2 and 1.5.
        near(spearman(&[1.0, 2.0, 3.0], &[5.0, 5.0, 6.0]), 1.5 / libm::sqrt(3.0));
        near(spearman(&[1.0, 2.0, 3.0], &[5.0, 5.0, 5.0]), 0.0);
        near(spearman(&[], &[]), 0.0);
    }
}
