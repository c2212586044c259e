//! The mean of a few independent values: how sure it is, and whether it differs from zero by more than chance.

use schemars::JsonSchema;
use serde::Serialize;

use crate::train::series::Spread;
use crate::train::study::sign_flip::sign_flip_p;
use crate::train::study::student::t_quantile;

/// What intervals leave out, on both sides together.
const TAIL: f64 = 0.05;

/// The mean of some values, one of each seed, in their unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Estimate {
    /// Values.
    pub seeds: usize,
    /// Their mean.
    pub mean: f64,
    /// The deviation of a sample; none of a single value.
    pub deviation: Option<f64>,
    /// Half the width of the 95 % interval around the mean: Student's t times deviation / sqrt(seeds); none of a single value.
    pub half_width: Option<f64>,
    /// The interval.
    pub interval: Option<[f64; 2]>,
    /// Of a mean as far from zero, two-sided, by the exact test of flipped signs.
    pub p: f64,
}

impl Estimate {
    /// Of some values; none without any.
    pub fn of(values: &[f64]) -> Option<Estimate> {
        let Spread { mean, deviation, seeds } = Spread::of(values)?;
        let half_width = deviation.map(|deviation| t_quantile(seeds as u32 - 1, TAIL) * deviation / libm::sqrt(seeds as f64));
        let interval = half_width.map(|half| [mean - half, mean + half]);
        Some(Estimate { seeds, mean, deviation, half_width, interval, p: sign_flip_p(values) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_that_of_students_t() {
        // 1, 2, 4, 5: mean 3, squares 4 + 1 + 1 + 4 over 3, 3.182 of the table for three degrees, over the root of 4.
        let found = Estimate::of(&[1.0, 2.0, 4.0, 5.0]).unwrap();
        let half = 3.1824 * libm::sqrt(10.0 / 3.0) / 2.0;
        let near = |found: f64, wanted: f64| (found - wanted).abs() < 1e-4;
        assert!(near(found.mean, 3.0) && near(found.half_width.unwrap(), half), "{found:?}");
        let [low, high] = found.interval.unwrap();
        assert!(near(low, 3.0 - half) && near(high, 3.0 + half) && near(found.p, 2.0 / 16.0), "{found:?}");
        let one = Estimate::of(&[1.0]).unwrap();
        assert_eq!((one.seeds, one.deviation, one.interval), (1, None, None));
        assert!(near(one.p, 1.0));
        assert_eq!(Estimate::of(&[]), None);
    }
}
