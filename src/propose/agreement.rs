//! How far two clusterings agree: the adjusted Rand index (Hubert and Arabie 1985), 1 for the same, about 0 for what chance gives.

/// Of two lists of labels, one a thing each.
///
/// # Panics
/// If the lists differ in length.
pub fn adjusted_rand(one: &[usize], other: &[usize]) -> f64 {
    assert_eq!(one.len(), other.len(), "each thing has two labels");
    let size = |labels: &[usize]| labels.iter().max().map_or(0, |most| most + 1);
    let (rows, columns) = (size(one), size(other));
    let mut together = vec![0_u64; rows * columns];
    let [mut of_one, mut of_other] = [vec![0_u64; rows], vec![0_u64; columns]];
    for (&a, &b) in one.iter().zip(other) {
        together[a * columns + b] += 1;
        of_one[a] += 1;
        of_other[b] += 1;
    }
    let pairs = |counts: &[u64]| counts.iter().map(|&count| count * count.saturating_sub(1) / 2).sum::<u64>() as f64;
    let all = pairs(&[one.len() as u64]);
    let [both, in_one, in_other] = [&together, &of_one, &of_other].map(|counts| pairs(counts));
    let expected = if all > 0.0 { in_one * in_other / all } else { 0.0 };
    let most = in_one.midpoint(in_other);
    // Each thing alone in both, or all in one: there is nothing to disagree about.
    if most > expected { (both - expected) / (most - expected) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        let near = |found: f64, want: f64| assert!((found - want).abs() < 1e-12, "{found} {want}");
        near(adjusted_rand(&[0, 0, 1, 1], &[1, 1, 0, 0]), 1.0);
        // scikit-learn's documentation of `adjusted_rand_score`.
        near(adjusted_rand(&[0, 0, 1, 2], &[0, 0, 1, 1]), 4.0 / 7.0);
        near(adjusted_rand(&[0, 0, 0, 0], &[0, 1, 2, 3]), 0.0);
        near(adjusted_rand(&[0, 1, 2], &[2, 0, 1]), 1.0);
        near(adjusted_rand(&[], &[]), 1.0);
    }
}
