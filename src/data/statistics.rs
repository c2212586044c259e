//! Mean and deviation of each channel.

use rayon::prelude::*;

use crate::data::images::Images;

/// Mean and deviation of each channel, of values from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Of each channel.
    pub mean: Vec<f64>,
    /// Of each channel: the root of the mean square distance from the mean, of all pixels and not of a sample.
    pub deviation: Vec<f64>,
}

impl Images {
    /// Mean and deviation of each channel over all pixels; zeros where there are none. Sums are exact, so nothing hangs on threads.
    pub fn statistics(&self) -> Statistics {
        let [channels, height, width] = self.shape();
        let sums = (0..self.len()).into_par_iter().fold(
            || vec![[0_u64; 2]; channels],
            |mut sums, at| {
                for (sum, plane) in sums.iter_mut().zip(self.image(at).chunks_exact((height * width).max(1))) {
                    sum[0] += plane.iter().map(|&value| u64::from(value)).sum::<u64>();
                    sum[1] += plane.iter().map(|&value| u64::from(value) * u64::from(value)).sum::<u64>();
                }
                sums
            },
        );
        let sums = sums.reduce(
            || vec![[0; 2]; channels],
            |mut sums, others| {
                sums.iter_mut().zip(others).for_each(|(sum, other)| *sum = [sum[0] + other[0], sum[1] + other[1]]);
                sums
            },
        );
        let pixels = (self.len() * height * width).max(1) as u128;
        let mean = sums.iter().map(|&[sum, _]| sum as f64 / (255.0 * pixels as f64)).collect();
        let deviation = sums.iter().map(|&[sum, squares]| {
            let spread = pixels * u128::from(squares) - u128::from(sum) * u128::from(sum);
            (spread as f64).sqrt() / (255.0 * pixels as f64)
        });
        Statistics { deviation: deviation.collect(), mean }
    }
}
