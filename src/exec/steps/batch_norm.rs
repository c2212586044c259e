//! Batch normalisation in training (Ioffe and Szegedy 2015): statistics of the batch, and the gradients through them; with the rectifier
//! behind it in the same pass.
//!
//! Each channel block is one task: its sums go over the batch in order.

use crate::exec::map::Map;
use crate::exec::pieces::for_blocks;
use crate::exec::steps::of_block;
use crate::kernel::Arch;
use crate::kernel::Clamp;
use crate::kernel::LANES;
use crate::kernel::Moments;
use crate::kernel::NormGradient;
use crate::kernel::NormSums;
use crate::kernel::Passes;
use crate::kernel::moments;
use crate::kernel::scale_shift;

/// A batch norm over a batch.
#[derive(Clone, Copy, Debug)]
pub(in crate::exec) struct BatchNorm {
    /// Added to the variance.
    pub(in crate::exec) eps: f64,
    /// The share of a new batch in the running statistics.
    pub(in crate::exec) momentum: f64,
    /// Where the rectifier behind it ends, if there is one.
    pub(in crate::exec) high: Option<f32>,
}

/// The gradients of scale and shift, one for each lane.
pub(in crate::exec) type Sums = [Vec<f32>; 2];

impl BatchNorm {
    /// Writes the output; `saved` takes mean and inverse deviation of each lane, `statistics` mean and unbiased variance.
    pub(in crate::exec) fn forward(
        &self,
        arch: Arch,
        map: &Map,
        [input, scale, shift]: [&[f32]; 3],
        out: &mut [f32],
        saved: &mut [f32],
    ) -> Vec<[f32; 2]> {
        let plane = map.plane();
        let count = (plane / LANES) as f64;
        let (means, inverses) = saved.split_at_mut(map.channels.blocks() * LANES);
        let mut moments_of = vec![Moments::default(); map.channels.blocks()];
        for_each(&mut moments_of, |block, found| *found = moments(arch, &input[block * plane..][..plane]));
        let mut statistics = vec![[0.0; 2]; means.len()];
        for (block, moments) in moments_of.iter().enumerate() {
            for lane in 0..LANES {
                let at = block * LANES + lane;
                let variance = moments.squares[lane] / count;
                means[at] = moments.mean[lane] as f32;
                inverses[at] = (1.0 / (variance + self.eps).sqrt()) as f32;
                statistics[at] = [means[at], (moments.squares[lane] / (count - 1.0).max(1.0)) as f32];
            }
        }
        let [factors, offsets] = affine([scale, shift], [means, inverses]);
        let clamp = self.high.map(|high| Clamp { low: 0.0, high });
        for_blocks(out, plane, |block, out| {
            let input = &input[block * plane..][..plane];
            scale_shift(arch, input, of_block(&factors, block), of_block(&offsets, block), clamp, out);
        });
        statistics
    }

    /// The gradient of the input, if it is wanted, with whether it is added; gives those of scale and shift.
    pub(in crate::exec) fn backward(
        &self,
        arch: Arch,
        map: &Map,
        [input, d_out]: [&[f32]; 2],
        [scale, shift, saved]: [&[f32]; 3],
        d_input: Option<(&mut [f32], bool)>,
    ) -> Sums {
        let (plane, blocks) = (map.plane(), map.channels.blocks());
        let count = (plane / LANES) as f64;
        let (means, inverses) = saved.split_at(blocks * LANES);
        let affine = affine([scale, shift], [means, inverses]);
        let passes = |block: usize| {
            let [factor, offset] = [0, 1].map(|which: usize| of_block(&affine[which], block));
            self.high.map(|high| Passes { factor, offset, high })
        };
        let mut sums = vec![[[0.0; LANES]; 2]; blocks];
        for_each(&mut sums, |block, sums| {
            let [input, d_out] = [input, d_out].map(|values| &values[block * plane..][..plane]);
            *sums = NormSums { input, d_out, mean: of_block(means, block), passes: passes(block) }.run(arch);
        });
        if let Some((d_input, adds)) = d_input {
            for_blocks(d_input, plane, |block, d_input| {
                let mut factors = [[0.0; LANES]; 3];
                for lane in 0..LANES {
                    let at = block * LANES + lane;
                    let (inverse, mean) = (f64::from(inverses[at]), f64::from(means[at]));
                    let factor = f64::from(scale[at]) * inverse;
                    let slope = factor * inverse * inverse * sums[block][1][lane] / count;
                    factors[0][lane] = factor as f32;
                    factors[1][lane] = -slope as f32;
                    factors[2][lane] = (slope * mean - factor * sums[block][0][lane] / count) as f32;
                }
                let [input, d_out] = [input, d_out].map(|values| &values[block * plane..][..plane]);
                NormGradient { input, d_out, factors: &factors, passes: passes(block), d_input, adds }.run(arch);
            });
        }
        let scales = sums
            .iter()
            .zip(inverses.chunks_exact(LANES))
            .flat_map(|(sums, inverses)| (0..LANES).map(move |lane| (sums[1][lane] * f64::from(inverses[lane])) as f32));
        let shifts = sums.iter().flat_map(|sums| sums[0].map(|sum| sum as f32));
        [scales.collect(), shifts.collect()]
    }
}

/// Factor and offset of each lane, from scale and shift, mean and inverse deviation.
fn affine([scale, shift]: [&[f32]; 2], [means, inverses]: [&[f32]; 2]) -> [Vec<f32>; 2] {
    let factors: Vec<f32> = scale.iter().zip(inverses).map(|(scale, inverse)| scale * inverse).collect();
    let offsets = shift.iter().zip(means).zip(&factors).map(|((shift, mean), factor)| shift - mean * factor).collect();
    [factors, offsets]
}

/// Calls `each` for every element with its number.
fn for_each<T: Send>(elements: &mut [T], each: impl Fn(usize, &mut T) + Sync) {
    use rayon::iter::IndexedParallelIterator;
    use rayon::iter::IntoParallelRefMutIterator;
    use rayon::iter::ParallelIterator;
    elements.par_iter_mut().enumerate().for_each(|(number, element)| each(number, element));
}
