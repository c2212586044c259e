//! The exact test of paired differences by flipping signs: under the hypothesis that both of a pair are drawn alike, each sign of each
//! difference is as likely (Fisher 1935, The Design of Experiments, section 21).
//!
//! All `2^n` sums are counted without walking them: those of the first half and of the second half of the differences are sorted, and pairs
//! that reach the observed sum are counted from both ends (Horowitz and Sahni 1974).

/// Part of the sum of absolute differences within which two sums are equal, for sums in another order are rounded otherwise.
const EQUAL: f64 = 1e-12;
/// How far a difference of two shares from 0 to 1, each a rounded quotient or a mean of some, may be from the exact one.
const ROUNDED: f64 = 4.0 * f64::EPSILON;

/// Of differences of numbers from -1 to 1: the share of the `2^n` ways to set signs whose sum is at least as far from 0 as the one observed; 1 without a difference. The least
/// that `n` differences can have is `2 / 2^n`. Its time and memory grow as `2^(n / 2)`.
pub fn sign_flip_p(differences: &[f64]) -> f64 {
    let whole: f64 = differences.iter().map(|difference| difference.abs()).sum();
    let reached = differences.iter().sum::<f64>().abs() - EQUAL * whole - ROUNDED * differences.len() as f64;
    if reached <= 0.0 {
        return 1.0;
    }
    let (first, second) = differences.split_at(differences.len() / 2);
    let (first, second) = (sums(first), sums(second));
    let (mut count, mut from) = (0_u64, second.len());
    for &sum in &first {
        // As the first sum grows, ever smaller second ones reach.
        while from > 0 && sum + second[from - 1] >= reached {
            from -= 1;
        }
        count += (second.len() - from) as u64;
    }
    // With all signs turned, a sum at one end is one at the other.
    2.0 * count as f64 / (first.len() as f64 * second.len() as f64)
}

/// The sums under every choice of signs, rising.
fn sums(differences: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0];
    for difference in differences {
        sums = sums.iter().flat_map(|sum| [sum - difference, sum + difference]).collect();
    }
    sums.sort_by(f64::total_cmp);
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every choice of signs, one by one.
    fn walked(differences: &[f64]) -> f64 {
        let n = differences.len();
        let sum =
            |signs: u32| -> f64 { (0..n).map(|at| if signs >> at & 1 == 1 { -differences[at] } else { differences[at] }).sum() };
        let reaches = |signs: &u32| sum(*signs).abs() >= sum(0).abs() - 1e-9;
        (0..1 << n).filter(reaches).count() as f64 / f64::from(1 << n)
    }

    #[test]
    fn all_signs_are_counted() {
        // 3, 1, -2: the sums are 6, 4, 2, 0 and their negatives; all but 0 and 0 are as far as 2.
        assert!((sign_flip_p(&[3.0, 1.0, -2.0]) - 0.75).abs() < 1e-15);
        assert!((sign_flip_p(&[0.5, 1.5, 1.0, 0.25, 2.0]) - 0.0625).abs() < 1e-15, "all of one sign: 2 of 32");
        assert_eq!((sign_flip_p(&[]).to_bits(), sign_flip_p(&[0.0, 0.0]).to_bits()), (1f64.to_bits(), 1f64.to_bits()));
        assert!((sign_flip_p(&[0.7]) - 1.0).abs() < 1e-15, "one pair tells nothing");
        // Of 50 000 images one more or fewer: steps of 1, -1, 0, -1, -1, -1, whose sums reach -3 in 24 of 64 ways.
        let reference = [36192, 31558, 34475, 35368, 47256, 31066];
        let paired = |(right, more): (i32, i32)| f64::from(right + more) / 50_000.0 - f64::from(right) / 50_000.0;
        let near: Vec<f64> = reference.into_iter().zip([1, -1, 0, -1, -1, -1]).map(paired).collect();
        assert!((sign_flip_p(&near) - 0.375).abs() < 1e-12, "ties of shares that hardly differ: {}", sign_flip_p(&near));
        let mut state = 7_u64;
        for n in 1..=11 {
            let mut next = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // Few steps, so that there are ties; in tenths, which are no doubles.
                ((state >> 33) % 9) as f64 * 0.1 - 0.3
            };
            let differences: Vec<f64> = (0..n).map(|_| next()).collect();
            assert!((sign_flip_p(&differences) - walked(&differences)).abs() < 1e-12, "{differences:?}");
        }
    }
}
