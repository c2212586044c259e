//! Means over the two windows of every kept offset: the positions that an offset leaves in the map, and those it leads to.

use crate::kernel::LANES;
use crate::propose::statistics::MapShape;
use crate::propose::statistics::Offsets;
use crate::propose::statistics::offsets::pairs;

/// Numbers `[kept offset][head, tail][channel]`, channels filled up to blocks of 16.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Means {
    padded: usize,
    numbers: Vec<f64>,
}

impl Means {
    pub(super) fn zeros(offsets: &Offsets, channels: usize) -> Means {
        let padded = channels.next_multiple_of(LANES);
        Means { padded, numbers: vec![0.0; offsets.half().len() * 2 * padded] }
    }

    /// Of an offset's head (0) or tail (1).
    pub(super) fn side(&self, offset: usize, side: usize) -> &[f64] {
        &self.numbers[(offset * 2 + side) * self.padded..][..self.padded]
    }

    /// From sums over windows `[kept offset][head, tail][16]` of each block of channels in so many images, times each channel's scale.
    pub(super) fn of(sums: &[Vec<f64>], shape: MapShape, images: usize, offsets: &Offsets, scale: &[f64]) -> Means {
        let mut means = Means::zeros(offsets, shape.channels);
        for (block, sums) in sums.iter().enumerate() {
            let scale = &scale[block * LANES..];
            for (number, sums) in sums.chunks_exact(LANES).enumerate() {
                let count = images * pairs(shape.sides(), offsets.half()[number / 2]);
                let row = &mut means.numbers[number * means.padded + block * LANES..];
                for ((mean, sum), scale) in row.iter_mut().zip(sums).zip(scale) {
                    *mean = sum * scale / count as f64;
                }
            }
        }
        means
    }

    /// For each number one that hangs on it, its channel and its counterpart; nothing where no channel is.
    pub(super) fn map(&self, other: &Means, channels: usize, of: impl Fn(usize, f64, f64) -> f64) -> Means {
        let mut out = self.clone();
        for (row, others) in out.numbers.chunks_exact_mut(self.padded).zip(other.numbers.chunks_exact(self.padded)) {
            for channel in 0..channels {
                row[channel] = of(channel, row[channel], others[channel]);
            }
        }
        out
    }
}
