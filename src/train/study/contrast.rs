//! One arm against the reference: the mean of paired differences, its interval, and the probability of one as large by chance.

use schemars::JsonSchema;
use serde::Serialize;

use crate::train::study::estimate::Estimate;

/// An arm against the reference, over the seeds that both have. Differences are of shares: 0.01 is a point.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Contrast {
    /// The arm.
    pub arm: String,
    /// Seeds that both have.
    pub seeds: usize,
    /// Mean of the arm's accuracy less the reference's, seed by seed; none without a common seed.
    pub difference: Option<f64>,
    /// The deviation of a sample of these differences; none of a single seed.
    pub deviation: Option<f64>,
    /// Half the width of the 95 % interval around it: Student's t times deviation / sqrt(seeds); none of a single seed.
    pub half_width: Option<f64>,
    /// The interval.
    pub interval: Option<[f64; 2]>,
    /// Two-sided, of the exact test by flipped signs.
    pub p: Option<f64>,
    /// The same, corrected by Holm's method over all contrasts of the study.
    pub p_holm: Option<f64>,
}

impl Contrast {
    /// Of paired differences; `p_holm` is left to who has all contrasts.
    pub(super) fn of(arm: &str, differences: &[f64]) -> Contrast {
        let found = Estimate::of(differences);
        Contrast {
            arm: arm.to_owned(),
            seeds: differences.len(),
            difference: found.map(|found| found.mean),
            deviation: found.and_then(|found| found.deviation),
            half_width: found.and_then(|found| found.half_width),
            interval: found.and_then(|found| found.interval),
            p: found.map(|found| found.p),
            p_holm: None,
        }
    }
}

/// Probabilities corrected for their number by Holm's step-down method (Holm 1979), in the order in which they are given. One that is not
/// known counts in their number, as one above all others.
pub fn holm(all: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(f64, usize)> = all.iter().enumerate().filter_map(|(at, p)| Some(((*p)?, at))).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (mut corrected, mut most) = (vec![None; all.len()], 0.0_f64);
    for (rank, (p, at)) in order.into_iter().enumerate() {
        most = most.max((all.len() - rank) as f64 * p).min(1.0);
        corrected[at] = Some(most);
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, wanted: f64) -> bool {
        found.is_some_and(|found| (found - wanted).abs() < 1e-4)
    }

    #[test]
    fn a_single_pair_has_no_interval_and_none_no_difference() {
        let one = Contrast::of("a", &[1.0]);
        assert_eq!((one.seeds, one.deviation, one.interval, one.p), (1, None, None, Some(1.0)));
        let none = Contrast::of("a", &[]);
        assert_eq!((none.seeds, none.difference, none.p), (0, None, None));
    }

    /// By hand: 4 x 0.005, 3 x 0.01, 2 x 0.03, and 1 x 0.04, which may not be less than the one before.
    #[test]
    fn holms_factors_fall_and_results_rise() {
        let found = holm(&[Some(0.01), Some(0.04), Some(0.03), Some(0.005)]);
        assert!([0.03, 0.06, 0.06, 0.02].into_iter().zip(&found).all(|(wanted, found)| near(*found, wanted)), "{found:?}");
        let found = holm(&[Some(0.6), None, Some(0.02)]);
        assert!(near(found[0], 1.0) && found[1].is_none() && near(found[2], 0.06), "{found:?}");
    }
}
