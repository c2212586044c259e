//! How far a number may be off by the choice of images (Efron 1979): it is computed again from groups of images drawn with replacement.
//!
//! Images are kept in groups, each with its own statistics; a replicate merges as many groups as there are, some more than once. That holds
//! the dependence within images, and takes no second pass. Groups should be twenty or more, and alike in size.

use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::base::Purpose;
use crate::base::Random;
use crate::propose::StatisticsError;
use crate::propose::statistics::Statistics;

/// Where a number lies in nine of ten replicates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    /// What one replicate in twenty is below.
    pub low: f64,
    /// What one replicate in twenty is above.
    pub high: f64,
    /// The mean of replicates.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
}

impl Interval {
    /// The same about an estimate in place of the replicates' mean, by which their bias is taken away (Efron and Tibshirani 1993, section 10.2).
    pub(super) fn around(self, estimate: f64) -> Interval {
        let by = estimate - self.mean;
        Interval { low: self.low + by, high: self.high + by, ..self }
    }
}

/// The intervals of some numbers that `measure` reads off statistics.
///
/// # Errors
/// Fewer than two groups, groups of other maps, or what `measure` refuses.
pub fn bootstrap(
    groups: &[Statistics],
    replicates: u64,
    seed: u64,
    measure: impl Fn(&Statistics) -> Result<Vec<f64>, StatisticsError> + Sync,
) -> Result<Vec<Interval>, StatisticsError> {
    let few = StatisticsError::FewImages { images: groups.iter().map(Statistics::images).sum(), needed: 2 };
    if groups.len() < 2 {
        return Err(few);
    }
    let of_replicate = |replicate| {
        let mut random = Random::new(seed, Purpose::Bootstrap, replicate);
        let mut drawn = groups[random.below(groups.len())].clone();
        for _ in 1..groups.len() {
            drawn.merge(&groups[random.below(groups.len())])?;
        }
        measure(&drawn)
    };
    let measured: Vec<Vec<f64>> = (0..replicates).into_par_iter().map(of_replicate).collect::<Result<_, _>>()?;
    let numbers = measured.first().map_or(0, Vec::len);
    Ok((0..numbers).map(|number| interval(measured.iter().map(|all| all[number]).collect())).collect())
}

fn interval(mut values: Vec<f64>) -> Interval {
    values.sort_by(f64::total_cmp);
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Interval {
        low: quantile(&values, 0.05),
        high: quantile(&values, 0.95),
        mean,
        deviation: (squares / (count - 1.0).max(1.0)).sqrt(),
    }
}

/// Between the two sorted values that it lies between, by its distance from each.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let low = place as usize;
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (sorted[high] - sorted[low]) * (place - low as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::sample::noise;
    use crate::propose::sample::statistics;
    use crate::propose::statistics::MapShape;

    #[test]
    fn the_mean_of_independent_values_spreads_as_theory_says() {
        let shape = MapShape { channels: 2, height: 3, width: 3 };
        let values = noise(shape, 40 * 8, 1);
        let groups: Vec<Statistics> = values.chunks_exact(8 * shape.values()).map(|group| statistics(shape, 1, group)).collect();
        let measure = |statistics: &Statistics| Ok(vec![statistics.means()[0]]);
        let intervals = bootstrap(&groups, 400, 7, measure).unwrap();
        let want = (1.0 / f64::from(40 * 8 * 9)).sqrt();
        let Interval { low, high, deviation, .. } = intervals[0];
        assert!((deviation / want - 1.0).abs() < 0.25, "{deviation} {want}");
        assert!(((high - low) / (2.0 * 1.645 * want) - 1.0).abs() < 0.25);
        assert_eq!(bootstrap(&groups, 400, 7, measure).unwrap(), intervals);
        assert!(bootstrap(&groups[..1], 1, 7, measure).is_err());
    }

    #[test]
    fn quantiles_lie_between_values() {
        let sorted: Vec<f64> = (0..=10).map(f64::from).collect();
        assert!((quantile(&sorted, 0.05) - 0.5).abs() < 1e-12 && (quantile(&sorted, 0.95) - 9.5).abs() < 1e-12);
        assert!((quantile(&[3.0], 0.95) - 3.0).abs() < 1e-12);
    }
}
