//! What a block's standardised values say before they are multiplied: means over windows, and how long the vector of channels is.

use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

use crate::kernel::LANES;
use crate::propose::statistics::MapShape;
use crate::propose::statistics::Offsets;
use crate::propose::statistics::marginals::threshold;
use crate::propose::statistics::means::Means;
use crate::propose::statistics::offsets::head;
use crate::propose::statistics::offsets::tail;
use crate::propose::statistics::transform::Block;

/// Of one block of images.
#[derive(Clone, Debug)]
pub(super) struct Survey {
    /// Means over windows, away from the channels' means over all positions, in the channels' own units.
    pub(super) centres: Means,
    /// The sum over positions of the fourth power of the length of the standardised channels, dead ones left out.
    pub(super) fourth: f64,
}

impl Survey {
    pub(super) fn of(block: &Block<'_>, offsets: &Offsets, scale: &[f64]) -> Survey {
        let dead = threshold(&scale[..block.shape.channels]);
        let of_channels = |channels: usize| {
            let mut plane = vec![0.0; block.images * block.shape.positions() * LANES];
            block.standardise(channels, &mut plane);
            let alive = std::array::from_fn(|lane| scale[channels * LANES + lane] >= dead);
            (window_sums(&plane, block.shape, offsets), squared_lengths(&plane, &alive))
        };
        let (sums, lengths): (Vec<_>, Vec<_>) = (0..block.blocks()).into_par_iter().map(of_channels).unzip();
        Survey { centres: Means::of(&sums, block.shape, block.images, offsets, scale), fourth: fourth(&lengths) }
    }
}

/// Sums over the images and the windows of one block of channels, `[kept offset][head, tail][16]`, of `[image, row, column][16]`.
fn window_sums(plane: &[f32], shape: MapShape, offsets: &Offsets) -> Vec<f64> {
    let mut map = vec![[0.0_f64; LANES]; shape.positions()];
    for image in plane.chunks_exact(shape.positions() * LANES) {
        for (sums, pixel) in map.iter_mut().zip(image.chunks_exact(LANES)) {
            for (sum, &value) in sums.iter_mut().zip(pixel) {
                *sum += f64::from(value);
            }
        }
    }
    let mut all = Vec::with_capacity(offsets.half().len() * 2 * LANES);
    for &offset in offsets.half() {
        for [rows, columns] in [head(shape.sides(), offset), tail(shape.sides(), offset)] {
            let mut window = [0.0; LANES];
            for row in rows {
                for sums in &map[row * shape.width..][columns.clone()] {
                    for (sum, &more) in window.iter_mut().zip(sums) {
                        *sum += more;
                    }
                }
            }
            all.extend(window);
        }
    }
    all
}

/// For each position the squared length of some lanes.
fn squared_lengths(plane: &[f32], alive: &[bool; LANES]) -> Vec<f32> {
    let kept = alive.map(|alive| f32::from(u8::from(alive)));
    let length = |pixel: &[f32]| pixel.iter().zip(kept).map(|(value, kept)| value * value * kept).sum();
    plane.chunks_exact(LANES).map(length).collect()
}

/// The sum over positions of squared squared lengths, from those of each block of channels.
fn fourth(lengths: &[Vec<f32>]) -> f64 {
    let positions = lengths.first().map_or(0, Vec::len);
    let length = |position: usize| lengths.iter().map(|lengths| f64::from(lengths[position])).sum::<f64>();
    (0..positions).map(|position| length(position).powi(2)).sum()
}
