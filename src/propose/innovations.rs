//! What a channel has that its own neighbourhood does not foretell: `x(p) - beta_c m(p)`, with `m` the mean of the eight positions around `p`.
//!
//! `beta_c` is the channel's ridge regression (Hoerl and Kennard 1970) of `x` on `m` from the covariances of a first pass,
//! `cov(x, m) / (var(m) + k var(x))`, where `cov(x, m)` is the mean of `S_d` over the eight offsets of ring 1 and `var(m)` that of `S_(d' - d)` over
//! all 64 pairs of them. A second pass takes the innovations in. Positions at the edge, which have no eight neighbours, are left out.

use rayon::iter::IndexedParallelIterator;
use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;
use rayon::slice::ParallelSliceMut;

use crate::propose::StatisticsError;
use crate::propose::statistics::MapShape;
use crate::propose::statistics::Statistics;
use crate::propose::statistics::ring;

/// The ridge, in units of the channel's variance.
const RIDGE: f64 = 1e-3;

/// How each channel hangs on its neighbourhood.
#[derive(Clone, Debug, PartialEq)]
pub struct Innovations {
    shape: MapShape,
    betas: Vec<f64>,
}

impl Innovations {
    /// From a first pass, whose offsets reach 2 at least.
    pub fn of(statistics: &Statistics) -> Result<Innovations, StatisticsError> {
        let found = statistics.offsets().radius();
        let shape = statistics.shape();
        let covariance =
            |offset, channel| statistics.covariance(offset, channel, channel).ok_or(StatisticsError::Reach { radius: 2, found });
        let beta = |channel: usize| -> Result<f64, StatisticsError> {
            let [mut shared, mut of_mean] = [0.0; 2];
            for one in around() {
                shared += covariance(one, channel)? / 8.0;
                for other in around() {
                    of_mean += covariance([other[0] - one[0], other[1] - one[1]], channel)? / 64.0;
                }
            }
            let spread = of_mean + RIDGE * covariance([0, 0], channel)?;
            Ok(if spread > 0.0 { shared / spread } else { 0.0 })
        };
        let betas = (0..shape.channels).map(beta).collect::<Result<Vec<_>, _>>()?;
        Ok(Innovations { shape, betas })
    }

    /// For each channel what it takes over from the mean of its neighbours.
    pub fn betas(&self) -> &[f64] {
        &self.betas
    }

    /// The shape of an image's innovations: a position less on each side.
    pub fn shape(&self) -> MapShape {
        let [height, width] = [self.shape.height, self.shape.width].map(|side| side.saturating_sub(2));
        MapShape { height, width, ..self.shape }
    }

    /// Of images `[image, channel, row, column]`, laid the same way.
    pub fn apply(&self, batch: &[f32]) -> Result<Vec<f32>, StatisticsError> {
        self.shape.images(batch)?;
        let MapShape { channels, height, width } = self.shape;
        let left = self.shape();
        let mut all = vec![0.0; batch.len() / self.shape.positions() * left.positions()];
        let maps = all.par_chunks_exact_mut(left.positions().max(1)).zip(batch.par_chunks_exact(height * width));
        maps.enumerate().for_each(|(number, (innovations, map))| {
            let beta = self.betas[number % channels] / 8.0;
            for row in 0..left.height {
                // Sums over three rows, so that each value is read three times and not nine.
                let rows = [0, 1, 2].map(|below| &map[(row + below) * width..][..width]);
                let sum = |column: usize| f64::from(rows[0][column]) + f64::from(rows[1][column]) + f64::from(rows[2][column]);
                let mut sums = [sum(0), sum(1), 0.0];
                for column in 0..left.width {
                    sums[2] = sum(column + 2);
                    let own = f64::from(rows[1][column + 1]);
                    let around = sums[0] + sums[1] + sums[2] - own;
                    innovations[row * left.width + column] = (own - beta * around) as f32;
                    sums = [sums[1], sums[2], 0.0];
                }
            }
        });
        Ok(all)
    }
}

/// The offsets of ring 1.
fn around() -> impl Iterator<Item = [isize; 2]> {
    (-1..=1).flat_map(|down| (-1..=1).map(move |right| [down, right])).filter(|&offset| ring(offset) == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::sample::noise;
    use crate::propose::sample::smooth;
    use crate::propose::sample::statistics;

    const SHAPE: MapShape = MapShape { channels: 3, height: 9, width: 8 };

    fn blurred(seed: u64) -> Vec<f32> {
        let shape = MapShape { height: 11, width: 10, ..SHAPE };
        smooth(shape, &noise(shape, 300, seed), 1).1
    }

    #[test]
    fn betas_are_those_of_a_regression_on_the_values() {
        let values = blurred(1);
        let innovations = Innovations::of(&statistics(SHAPE, 2, &values)).unwrap();
        for channel in 0..3 {
            let mut samples = Vec::new();
            for map in values.chunks_exact(72).skip(channel).step_by(3) {
                for row in 1..8 {
                    for column in 1..7 {
                        let sum: f32 = (0..9).map(|k| map[(row + k / 3 - 1) * 8 + column + k % 3 - 1]).sum();
                        let own = map[row * 8 + column];
                        samples.push([f64::from(own), f64::from(sum - own) / 8.0]);
                    }
                }
            }
            let mean = |side: usize| samples.iter().map(|sample| sample[side]).sum::<f64>() / samples.len() as f64;
            let means = [mean(0), mean(1)];
            let product =
                |a: usize, b: usize| samples.iter().map(|sample| (sample[a] - means[a]) * (sample[b] - means[b])).sum::<f64>();
            let want = product(0, 1) / (product(1, 1) + RIDGE * product(0, 0));
            let got = innovations.betas()[channel];
            assert!((got - want).abs() < 0.02 * want && want > 0.5, "{got} {want}");
        }
    }

    #[test]
    fn what_neighbours_foretell_is_gone_and_white_noise_stays() {
        let values = blurred(2);
        let first = statistics(SHAPE, 2, &values);
        let innovations = Innovations::of(&first).unwrap();
        assert_eq!(innovations.shape(), MapShape { channels: 3, height: 7, width: 6 });
        let left = statistics(innovations.shape(), 2, &innovations.apply(&values).unwrap());
        let correlation = |statistics: &Statistics| statistics.covariance([0, 1], 0, 0).unwrap() / statistics.variances()[0];
        assert!(correlation(&first) > 0.6 && correlation(&left).abs() < 0.3, "{} {}", correlation(&first), correlation(&left));
        let white = Innovations::of(&statistics(SHAPE, 2, &noise(SHAPE, 300, 3))).unwrap();
        assert!(white.betas().iter().all(|beta| beta.abs() < 0.1), "{:?}", white.betas());
    }

    /// Where neighbours foretell everything, all but the ridge is taken over.
    #[test]
    fn the_ridge_is_a_thousandth_of_the_variance() {
        let mut values = noise(SHAPE, 60, 4);
        for map in values.chunks_exact_mut(72) {
            let value = map[0];
            map.fill(value);
        }
        let innovations = Innovations::of(&statistics(SHAPE, 2, &values)).unwrap();
        assert!(innovations.betas().iter().all(|beta| (beta - 1.0 / 1.001).abs() < 1e-5), "{:?}", innovations.betas());
    }

    #[test]
    fn a_first_pass_must_reach_two_positions() {
        let near = statistics(SHAPE, 1, &noise(SHAPE, 3, 1));
        assert_eq!(Innovations::of(&near), Err(StatisticsError::Reach { radius: 2, found: 1 }));
    }
}
