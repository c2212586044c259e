//! Correlations of channels over offsets: `R_d[c][c'] = S_d[c][c'] / (s_c s_c')`, shrunk to `(1 - lambda) R_d`; a channel with itself is 1.

use crate::propose::Sampling;
use crate::propose::statistics::Offsets;
use crate::propose::statistics::Statistics;

/// Correlations of the channels that vary.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlations {
    channels: Vec<usize>,
    offsets: Offsets,
    /// `[kept offset][head][tail]`
    values: Vec<f32>,
}

impl Correlations {
    /// Of the live channels. They are shrunk if `shrink` says so, or if there are fewer independent samples than channels.
    pub fn of(statistics: &Statistics, sampling: &Sampling, shrink: bool) -> Correlations {
        let kept = sampling.kept(shrink);
        let inverse: Vec<f64> = statistics.variances().iter().map(|variance| variance.sqrt().recip()).collect();
        let channels = sampling.live.clone();
        let all = statistics.shape().channels;
        let mut values = Vec::with_capacity(statistics.offsets().half().len() * channels.len() * channels.len());
        for offset in 0..statistics.offsets().half().len() {
            let covariances = statistics.covariances(offset);
            for &head in &channels {
                let row = &covariances[head * all..][..all];
                let one = |&tail: &usize| {
                    if offset == 0 && head == tail { 1.0 } else { kept * row[tail] * inverse[head] * inverse[tail] }
                };
                values.extend(channels.iter().map(|tail| one(tail).clamp(-1.0, 1.0) as f32));
            }
        }
        Correlations { channels, offsets: statistics.offsets().clone(), values }
    }

    /// Those of a table `[kept offset][head][tail]`.
    #[cfg(test)]
    pub(in crate::propose) fn from_table(channels: usize, offsets: Offsets, values: Vec<f32>) -> Correlations {
        Correlations { channels: (0..channels).collect(), offsets, values }
    }

    /// The channels, by their numbers in the layer. Below they are counted among themselves.
    pub fn channels(&self) -> &[usize] {
        &self.channels
    }

    /// The offsets.
    pub fn offsets(&self) -> &Offsets {
        &self.offsets
    }

    /// The correlation of a channel with another so far away, `[down, right]`; none where the offset is not kept.
    pub fn at(&self, offset: [isize; 2], channel: usize, other: usize) -> Option<f32> {
        self.offsets.find(offset).map(|place| self.of_place(place, channel, other))
    }

    /// The same, by the offset's place among those kept and whether it is the opposite.
    pub(in crate::propose) fn of_place(&self, (offset, opposite): (usize, bool), channel: usize, other: usize) -> f32 {
        let [head, tail] = if opposite { [other, channel] } else { [channel, other] };
        let count = self.channels.len();
        self.values[(offset * count + head) * count + tail]
    }

    /// The largest correlation of two channels wherever in the window, without its sign.
    pub(in crate::propose) fn strongest(&self, channel: usize, other: usize) -> f32 {
        let both = |number| [self.of_place((number, false), channel, other), self.of_place((number, true), channel, other)];
        (0..self.offsets.half().len()).flat_map(both).map(f32::abs).fold(0.0, f32::max)
    }
}
