//! How much statistics can carry: which channels vary, as how many independent samples the positions count, and how far correlations
//! are to be drawn to zero.
//!
//! Positions of an image hang on each other. Leaving out one image at a time, the variance of a channel's mean over `n` images is
//! `v = sum over images (mean of the image - mean)^2 / (n (n - 1))` (Tukey 1958); samples that were independent would give `s^2 / P`, so
//! that there are as good as `P_eff = s^2 / v` of them: here from the mean of `v / s^2` over the channels, and at most all positions.
//!
//! Ledoit and Wolf (2004, lemmas 3.2 to 3.5), for channels in units of their deviations, so that `m = 1` and the target is the identity:
//! `lambda = min(1, b^2 / d^2)`, `d^2 = ||R - I||^2`, `b^2 = (mean over positions of ||z||^4 - ||R||^2) / P_eff`. Their `n` is the number of
//! independent samples; `P_eff` stands for it.

use std::fmt;

use crate::propose::StatisticsError;
use crate::propose::statistics::Statistics;
use crate::propose::statistics::threshold;

/// Means of images scatter by no less than this part of what independent positions would give; what is less is rounding.
const ALIKE: f64 = 1e-6;

/// What a proposal may lean on.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampling {
    /// The channels that vary, in order.
    pub live: Vec<usize>,
    /// Those whose deviation is less than a thousandth of the median one.
    pub dead: Vec<usize>,
    /// Those that never change.
    pub constant: Vec<usize>,
    /// Images.
    pub images: u64,
    /// Positions of all images.
    pub positions: f64,
    /// As many independent samples they are worth.
    pub effective: f64,
    /// The intensity of shrinkage, from 0 to 1.
    pub shrinkage: f64,
}

impl Sampling {
    /// Of at least two images and one channel that varies.
    pub fn of(statistics: &Statistics) -> Result<Sampling, StatisticsError> {
        let images = statistics.images();
        if images < 2 {
            return Err(StatisticsError::FewImages { images, needed: 2 });
        }
        let variances = statistics.variances();
        let deviations: Vec<f64> = variances.iter().map(|variance| variance.sqrt()).collect();
        let least = threshold(&deviations);
        let those = |keep: &dyn Fn(f64) -> bool| -> Vec<usize> {
            deviations.iter().enumerate().filter(|&(_, &deviation)| keep(deviation)).map(|(channel, _)| channel).collect()
        };
        let live = those(&|deviation| deviation >= least);
        if live.is_empty() {
            return Err(StatisticsError::AllConstant { channels: deviations.len() });
        }
        let positions = statistics.count([0, 0]);
        let count = images as f64;
        let between = statistics.between_images();
        let of_mean: f64 = live.iter().map(|&channel| between[channel] / (count * (count - 1.0)) / variances[channel]).sum();
        // Images whose means do not differ at all are one image over and over.
        let are_alike = of_mean * positions < ALIKE * live.len() as f64;
        let effective = if are_alike { 1.0 } else { (live.len() as f64 / of_mean).clamp(1.0, positions) };
        Ok(Sampling {
            shrinkage: shrinkage(statistics, &live, &variances, effective),
            dead: those(&|deviation| deviation > 0.0 && deviation < least),
            constant: those(&|deviation| deviation == 0.0),
            live,
            images,
            positions,
            effective,
        })
    }

    /// Whether there are fewer independent samples than channels: correlations must be shrunk then, and ranks mean less.
    pub fn few_samples(&self) -> bool {
        self.effective < self.live.len() as f64
    }

    /// What correlations are multiplied with: shrunk where it is asked for, and where samples are few.
    pub fn kept(&self, shrink: bool) -> f64 {
        if shrink || self.few_samples() { 1.0 - self.shrinkage } else { 1.0 }
    }

    /// The most that a rank can be: so many samples span no more, about their mean.
    pub fn most_rank(&self) -> f64 {
        if self.few_samples() { (self.effective - 1.0).max(1.0) } else { self.live.len() as f64 }
    }
}

/// In a sentence; what is wrong with the samples in further ones.
impl fmt::Display for Sampling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sampling { images, positions, effective, shrinkage, .. } = self;
        write!(f, "{positions} positions of {images} images are worth {effective:.0} independent samples")?;
        let [live, dead, constant] = [&self.live, &self.dead, &self.constant].map(Vec::len);
        if dead + constant > 0 {
            write!(f, "; {constant} constant and {dead} dead channels are set aside")?;
        }
        if self.few_samples() {
            let most = self.most_rank();
            write!(
                f,
                "; that is less than {live} channels: correlations are shrunk by {shrinkage:.2}, ranks are at most {most:.0}"
            )?;
        }
        Ok(())
    }
}

fn shrinkage(statistics: &Statistics, live: &[usize], variances: &[f64], effective: f64) -> f64 {
    let channels = variances.len();
    let covariances = statistics.covariances(0);
    let mut apart = 0.0;
    for &channel in live {
        for &other in live.iter().filter(|&&other| other != channel) {
            let covariance = covariances[channel * channels + other];
            apart += covariance * covariance / (variances[channel] * variances[other]);
        }
    }
    let spread = (statistics.fourth() - apart - live.len() as f64).max(0.0) / effective;
    // A spread alone, without any correlation, leaves nothing to keep.
    if spread >= apart { 1.0 } else { spread / apart }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::sample::noise;
    use crate::propose::sample::statistics;
    use crate::propose::statistics::MapShape;

    /// One image over and over tells no more than one.
    #[test]
    fn images_that_are_alike_are_one() {
        let shape = MapShape { channels: 3, height: 6, width: 5 };
        let image = noise(shape, 1, 4);
        let sampling = Sampling::of(&statistics(shape, 2, &image.repeat(12))).expect("varies");
        assert!((sampling.effective - 1.0).abs() < 1e-12 && sampling.few_samples(), "{sampling:?}");
    }

    #[test]
    fn positions_count_as_often_as_they_are_independent() {
        let shape = MapShape { channels: 8, height: 5, width: 5 };
        let free = noise(shape, 400, 1);
        let sampling = Sampling::of(&statistics(shape, 2, &free)).unwrap();
        assert!((sampling.effective / sampling.positions - 1.0).abs() < 0.15, "{sampling:?}");
        // Every position of a map is the same: only images are independent.
        let mut flat = free;
        for map in flat.chunks_exact_mut(shape.positions()) {
            let value = map[0];
            map.fill(value);
        }
        let sampling = Sampling::of(&statistics(shape, 2, &flat)).unwrap();
        assert!((sampling.effective / 400.0 - 1.0).abs() < 0.01, "{sampling:?}");
    }

    /// Against the formula position by position: independent Gaussians, where almost everything is chance, and one factor in all channels.
    #[test]
    fn shrinkage_follows_its_formula() {
        let shape = MapShape { channels: 20, height: 3, width: 3 };
        for strength in [0.0, 1.5] {
            let mut values = noise(shape, 24, 5);
            let factor = noise(MapShape { channels: 1, ..shape }, 24, 6);
            for (image, factor) in values.chunks_exact_mut(shape.values()).zip(factor.chunks_exact(9)) {
                image
                    .chunks_exact_mut(9)
                    .for_each(|map| map.iter_mut().zip(factor).for_each(|(value, f)| *value += strength * f));
            }
            let sampling = Sampling::of(&statistics(shape, 1, &values)).unwrap();
            let want = by_positions(shape, &values, sampling.effective);
            assert!((sampling.shrinkage - want).abs() < 1e-4, "{} {want}", sampling.shrinkage);
            assert!(if strength > 0.0 { want < 0.1 } else { want > 0.8 }, "{want}");
        }
    }

    fn by_positions(shape: MapShape, values: &[f32], effective: f64) -> f64 {
        let channels = shape.channels;
        let mut samples: Vec<Vec<f64>> = values
            .chunks_exact(shape.values())
            .flat_map(|image| (0..9).map(move |p| (0..channels).map(|c| f64::from(image[c * 9 + p])).collect()))
            .collect();
        let count = samples.len() as f64;
        for channel in 0..channels {
            let mean = samples.iter().map(|sample| sample[channel]).sum::<f64>() / count;
            let deviation = (samples.iter().map(|sample| (sample[channel] - mean).powi(2)).sum::<f64>() / count).sqrt();
            samples.iter_mut().for_each(|sample| sample[channel] = (sample[channel] - mean) / deviation);
        }
        let r = |i: usize, j: usize| samples.iter().map(|sample| sample[i] * sample[j]).sum::<f64>() / count;
        let cells = (0..channels).flat_map(|i| (0..channels).map(move |j| (i, j)));
        let (mut d, mut b) = (0.0, 0.0);
        for (i, j) in cells {
            let r = r(i, j);
            d += (r - f64::from(u8::from(i == j))).powi(2);
            b += samples.iter().map(|sample| (sample[i] * sample[j] - r).powi(2)).sum::<f64>() / count / effective;
        }
        (b / d).min(1.0)
    }

    #[test]
    fn few_samples_force_shrinkage_and_cap_ranks() {
        let shape = MapShape { channels: 40, height: 3, width: 3 };
        let sampling = Sampling::of(&statistics(shape, 1, &noise(shape, 3, 2))).unwrap();
        assert!(sampling.few_samples() && sampling.kept(false) < 1.0 && sampling.most_rank() <= 26.0, "{sampling:?}");
        assert!(sampling.to_string().starts_with("27 positions of 3 images are worth "), "{sampling}");
        assert!(sampling.to_string().contains("less than 40 channels: correlations are shrunk by "), "{sampling}");
        let sampling = Sampling::of(&statistics(shape, 1, &noise(shape, 50, 2))).unwrap();
        assert!(!sampling.few_samples() && sampling.kept(false) > 0.999_999 && sampling.most_rank() > 39.999, "{sampling:?}");
    }

    #[test]
    fn what_cannot_be_told_is_said() {
        let shape = MapShape { channels: 2, height: 3, width: 3 };
        let one = Sampling::of(&statistics(shape, 1, &noise(shape, 1, 3))).unwrap_err();
        assert_eq!(one.to_string(), "1 images are too few: at least 2 are needed");
        let flat = Sampling::of(&statistics(shape, 1, &vec![3.0; shape.values() * 4])).unwrap_err();
        assert_eq!(flat, StatisticsError::AllConstant { channels: 2 });
    }
}
