//! How many directions a layer's channels need: the widths of 1x1 reductions ("even low dimensional embeddings might contain a lot of
//! information about a relatively large image patch", section 5).
//!
//! With the eigenvalues `l` of a covariance matrix and `p = l / sum l`: the entropic rank is `exp(- sum p ln p)` (Roy and Vetterli 2007), the
//! participation ratio `(sum l)^2 / sum l^2`, and PCA-95 as many as hold 95 % of the sum. The coherent rank of ring `q` is the entropic
//! rank of `mean over offsets d of ring q of (S_d + S_d^T) / 2`, what neighbours `q` apart share, eigenvalues below zero left out: what varies
//! from one position to the next alone does not count. Ring 1 is for a 3x3 branch, ring 2 for a 5x5 one.

use crate::propose::Sampling;
use crate::propose::eigenvalues;
use crate::propose::statistics::Statistics;
use crate::propose::statistics::ring;

/// What neighbours share.
#[derive(Clone, Debug, PartialEq)]
pub struct Coherent {
    /// How far apart they are.
    pub ring: usize,
    /// The entropic rank.
    pub rank: f64,
    /// Eigenvalues, the largest first.
    pub spectrum: Vec<f64>,
}

/// Directions among the channels that vary. None is more than [`Sampling::most_rank`].
#[derive(Clone, Debug, PartialEq)]
pub struct Rank {
    /// Of each ring from 1 on.
    pub coherent: Vec<Coherent>,
    /// The entropic rank at one position.
    pub entropic: f64,
    /// The participation ratio at one position.
    pub participation: f64,
    /// As many hold 95 % of the variance at one position.
    pub pca95: f64,
    /// As many hold 99 %.
    pub pca99: f64,
    /// Eigenvalues at one position, the largest first.
    pub spectrum: Vec<f64>,
}

impl Rank {
    /// Of covariances, which are shrunk towards variances alone as correlations are towards the identity.
    pub fn of(statistics: &Statistics, sampling: &Sampling, shrink: bool) -> Rank {
        let kept = sampling.kept(shrink);
        let most = sampling.most_rank();
        let mut point = mean(statistics, sampling, 0);
        let live = sampling.live.len();
        for at in (0..live * live).filter(|at| at / live != at % live) {
            point[at] *= kept;
        }
        let spectrum = eigenvalues(&point, live);
        let coherent = |ring: usize| Coherent::of(statistics, sampling, ring);
        Rank {
            coherent: (1..=statistics.offsets().radius()).map(coherent).collect(),
            entropic: entropic(&spectrum).min(most),
            participation: participation(&spectrum).min(most),
            pca95: principal(&spectrum, 0.95).min(most),
            pca99: principal(&spectrum, 0.99).min(most),
            spectrum,
        }
    }
}

impl Coherent {
    /// Of a ring of offsets.
    pub fn of(statistics: &Statistics, sampling: &Sampling, ring: usize) -> Coherent {
        let spectrum = eigenvalues(&mean(statistics, sampling, ring), sampling.live.len());
        Coherent { ring, rank: entropic(&spectrum).min(sampling.most_rank()), spectrum }
    }
}

/// The mean of a ring's covariances, made symmetric, of the live channels.
fn mean(statistics: &Statistics, sampling: &Sampling, wanted: usize) -> Vec<f64> {
    let (all, live) = (statistics.shape().channels, &sampling.live);
    let offsets = statistics.offsets().half().iter().enumerate().filter(|&(_, &offset)| ring(offset) == wanted);
    let mut sum = vec![0.0; live.len() * live.len()];
    let mut count = 0.0;
    for (offset, _) in offsets {
        let covariances = statistics.covariances(offset);
        for (row, &channel) in sum.chunks_exact_mut(live.len()).zip(live) {
            for (sum, &other) in row.iter_mut().zip(live) {
                *sum += covariances[channel * all + other].midpoint(covariances[other * all + channel]);
            }
        }
        count += 1.0;
    }
    sum.iter_mut().for_each(|sum| *sum /= count);
    sum
}

fn entropic(spectrum: &[f64]) -> f64 {
    let all: f64 = spectrum.iter().sum();
    let parts = spectrum.iter().map(|value| value / all).filter(|&part| part > 0.0);
    (-parts.map(|part| part * part.ln()).sum::<f64>()).exp()
}

fn participation(spectrum: &[f64]) -> f64 {
    let all: f64 = spectrum.iter().sum();
    let squares: f64 = spectrum.iter().map(|value| value * value).sum();
    if squares > 0.0 { all * all / squares } else { 0.0 }
}

fn principal(spectrum: &[f64], part: f64) -> f64 {
    let all: f64 = spectrum.iter().sum();
    let mut held = 0.0;
    let enough = |value: &f64| {
        held += value;
        held >= part * all
    };
    (spectrum.iter().position(enough).unwrap_or(spectrum.len().saturating_sub(1)) + 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::sample::covariance;
    use crate::propose::sample::noise;
    use crate::propose::sample::statistics;
    use crate::propose::statistics::MapShape;

    /// The second channel shows what the first one shows, a position further: their covariance hangs on the direction.
    #[test]
    fn rings_are_means_over_all_their_offsets() {
        let shape = MapShape { channels: 2, height: 6, width: 7 };
        let mut values = noise(shape, 50, 1);
        for image in values.chunks_exact_mut(84) {
            let (first, second) = image.split_at_mut(42);
            second[1..].copy_from_slice(&first[..41]);
        }
        let statistics = statistics(shape, 2, &values);
        let found = mean(&statistics, &Sampling::of(&statistics).unwrap(), 1);
        for (at, found) in found.into_iter().enumerate() {
            let around = (-1..=1).flat_map(|down| (-1..=1).map(move |right| [down, right])).filter(|&offset| ring(offset) == 1);
            let want = around.map(|offset| covariance(shape, &values, offset, at / 2, at % 2)).sum::<f64>() / 8.0;
            assert!((found - want).abs() < 1e-6, "{at}: {found} {want}");
        }
    }

    #[test]
    fn ranks_of_known_spectra() {
        let near = |value: f64, want: f64| assert!((value - want).abs() < 1e-12, "{value} {want}");
        let even = [1.0, 1.0, 1.0, 1.0, 0.0];
        near(entropic(&even), 4.0);
        near(participation(&even), 4.0);
        near(principal(&even, 0.95), 4.0);
        let steep = [90.0, 6.0, 3.5, 0.5];
        near(principal(&steep, 0.95), 2.0);
        near(principal(&steep, 0.99), 3.0);
        near(entropic(&[0.5, 0.25, 0.25]), 8.0_f64.sqrt());
        near(participation(&[3.0, 1.0]), 1.6);
    }
}
