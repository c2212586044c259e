//! What each channel says by itself, and how far images differ as wholes.
//!
//! Sums of squares of two sets of numbers become those of both by Chan, Golub and `LeVeque` (1979):
//! `M = M_a + M_b + (m_a - m_b)^2 n_a n_b / (n_a + n_b)`.

use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

use crate::propose::StatisticsError;
use crate::propose::statistics::MapShape;

/// A channel whose deviation is less than this part of the median one is dead.
pub(in crate::propose) const DEAD: f64 = 1e-3;

/// Sums over images, for each channel.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Marginals {
    pub(super) images: u64,
    /// Means over all positions.
    pub(super) mean: Vec<f64>,
    /// Sums over positions of squared deviations.
    pub(super) squares: Vec<f64>,
    /// Sums over images of squared deviations of an image's mean.
    pub(super) between: Vec<f64>,
    /// The sum over positions of the fourth power of the length of the standardised channels.
    pub(super) fourth: f64,
}

impl Marginals {
    pub(super) fn new(channels: usize) -> Marginals {
        let zeros = vec![0.0; channels];
        Marginals { images: 0, mean: zeros.clone(), squares: zeros.clone(), between: zeros, fourth: 0.0 }
    }

    /// Of images `[image, channel, row, column]` of which `first` is the number of the first; without fourth powers.
    pub(super) fn of(batch: &[f32], shape: MapShape, first: u64) -> Result<Marginals, StatisticsError> {
        let images = batch.len() / shape.values();
        let of_channel = |channel: usize| -> Result<[f64; 3], StatisticsError> {
            let map = |image: usize| &batch[image * shape.values() + channel * shape.positions()..][..shape.positions()];
            let sum = |image: usize| map(image).iter().map(|&value| f64::from(value)).sum::<f64>();
            let means: Vec<f64> = (0..images).map(|image| sum(image) / shape.positions() as f64).collect();
            if let Some(image) = means.iter().position(|mean| !mean.is_finite()) {
                return Err(StatisticsError::NotFinite { channel, image: first + image as u64 });
            }
            let mean = means.iter().sum::<f64>() / images as f64;
            let apart = |value: f64| (value - mean) * (value - mean);
            let squares = |image: usize| map(image).iter().map(|&value| apart(f64::from(value))).sum::<f64>();
            Ok([mean, (0..images).map(squares).sum(), means.iter().map(|&mean| apart(mean)).sum()])
        };
        let all: Vec<_> = (0..shape.channels).into_par_iter().map(of_channel).collect();
        let all = all.into_iter().collect::<Result<Vec<_>, _>>()?;
        let column = |number: usize| all.iter().map(|sums| sums[number]).collect();
        let [mean, squares, between] = [0, 1, 2].map(column);
        Ok(Marginals { images: images as u64, mean, squares, between, fourth: 0.0 })
    }

    /// Adds what others say; `positions` are those of a map.
    pub(super) fn merge(&mut self, other: &Marginals, positions: usize) {
        if other.images == 0 {
            return;
        }
        let [ours, theirs] = [self.images, other.images].map(|images| images as f64);
        let both = ours + theirs;
        for channel in 0..self.mean.len() {
            let apart = other.mean[channel] - self.mean[channel];
            let more = apart * apart * ours * theirs / both;
            self.mean[channel] += apart * theirs / both;
            self.squares[channel] += other.squares[channel] + more * positions as f64;
            self.between[channel] += other.between[channel] + more;
        }
        self.fourth += other.fourth;
        self.images += other.images;
    }
}

/// The deviation below which a channel is dead: that part of the median of those that vary. Infinite where none does.
pub(in crate::propose) fn threshold(deviations: &[f64]) -> f64 {
    let mut varying: Vec<f64> = deviations.iter().copied().filter(|&deviation| deviation > 0.0).collect();
    varying.sort_by(f64::total_cmp);
    varying.get(varying.len() / 2).map_or(f64::INFINITY, |median| DEAD * median)
}
