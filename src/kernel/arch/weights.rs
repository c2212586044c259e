//! Gradients of weights: `d_weight[i][o] += sum over pixels of in[pixel under tap][i] * d_out[pixel][o]`.
//!
//! The same register block as in contractions, turned: rows are input channels, columns are blocks of output channels, and the sum goes
//! along pixels. Where the taps of neighbouring output pixels lie at even steps, they are one [`Run`].

#![allow(unsafe_code)]

use crate::kernel::LANES;
use crate::kernel::arch::vector::Vector;

/// Output pixels side by side whose input pixels lie at even steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The element at which the first input pixel begins, within a channel block.
    pub input: u32,
    /// The element at which the first output pixel begins, within a channel block.
    pub output: u32,
    /// Pixels.
    pub pixels: u32,
}

/// The gradient of the weights between one tap of one block of input channels and a panel of output blocks.
#[derive(Clone, Copy, Debug)]
pub struct WeightGradient<'a> {
    /// The block of input channels.
    pub input: &'a [f32],
    /// Elements between the input pixels of a run.
    pub step: usize,
    /// Lanes that carry channels.
    pub lanes: usize,
    /// Gradients of the output, block by block.
    pub d_out: &'a [&'a [f32]],
    /// The pixels to sum over.
    pub runs: &'a [Run],
}

impl WeightGradient<'_> {
    /// Panics unless every access of [`rows`] lies in its slice.
    pub(super) fn check(&self, d_weights: &[f32]) {
        assert!(self.lanes <= LANES, "a block has sixteen lanes");
        assert_eq!(d_weights.len(), self.lanes * self.d_out.len() * LANES, "gradients of the panel");
        for run in self.runs.iter().filter(|run| run.pixels > 0) {
            let last = run.pixels as usize - 1;
            assert!(run.input as usize + last * self.step + LANES <= self.input.len());
            assert!(self.d_out.iter().all(|block| run.output as usize + (last + 1) * LANES <= block.len()));
        }
    }
}

/// Adds to the gradients of `R` input channels from `first` on, and `B` blocks from `block` on.
///
/// # Safety
/// The processor has the instruction set of `V`; [`WeightGradient::check`] passed; `first + R` is at most the lanes, `block + B` the blocks.
#[inline(always)]
pub(super) unsafe fn rows<V: Vector, const B: usize, const R: usize>(
    job: &WeightGradient<'_>,
    first: usize,
    block: usize,
    d_weights: &mut [f32],
) {
    // SAFETY: `check` held runs and gradients against the slices.
    unsafe {
        let columns = job.d_out.len() * LANES;
        let mut sums = [[V::splat(0.0); B]; R];
        let mut blocks = [std::ptr::null(); B];
        for (b, pointer) in blocks.iter_mut().enumerate() {
            *pointer = job.d_out.get_unchecked(block + b).as_ptr();
        }
        for run in job.runs {
            let mut input = job.input.as_ptr().add(run.input as usize + first);
            let mut output = run.output as usize;
            for _ in 0..run.pixels {
                let mut gradients = [V::splat(0.0); B];
                for b in 0..B {
                    gradients[b] = V::load(blocks[b].add(output));
                }
                for r in 0..R {
                    let value = V::splat_at(input.add(r));
                    for b in 0..B {
                        sums[r][b] = sums[r][b].madd(value, gradients[b]);
                    }
                }
                input = input.wrapping_add(job.step);
                output += LANES;
            }
        }
        for (r, row) in sums.iter().enumerate() {
            for (b, &sum) in row.iter().enumerate() {
                let at = d_weights.as_mut_ptr().add((first + r) * columns + (block + b) * LANES);
                sum.add(V::load(at)).store(at);
            }
        }
    }
}
