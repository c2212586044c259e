//! Contractions: `out[pixel][o] = finish(sum over input blocks, taps and lanes of weight[o][lane] * in[pixel under tap][lane])`.
//!
//! A register block holds `R` output pixels times `B` blocks of output channels: each weight vector that is loaded serves `R` pixels, each
//! input element `B` blocks (Goto and van de Geijn 2008). Input pixels come through a table of offsets ([`Taps`]), so that every
//! convolution, its gradient by the input and a fully connected layer are this one loop (Dukhan 2019, indirect convolution).

#![allow(unsafe_code)]

use std::ops::Range;

use crate::kernel::LANES;
use crate::kernel::NOWHERE;
use crate::kernel::Taps;
use crate::kernel::arch::vector::Vector;
use crate::kernel::arch::vector::prefetch;

/// What is done to sums before they are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clamp {
    /// Nothing less is written.
    pub low: f32,
    /// Nothing more is written.
    pub high: f32,
}

impl Clamp {
    /// A rectifier.
    pub const RELU: Clamp = Clamp { low: 0.0, high: f32::INFINITY };
    /// A rectifier that ends at 6.
    pub const RELU6: Clamp = Clamp { low: 0.0, high: 6.0 };
}

/// A contraction into one panel of output blocks.
#[derive(Clone, Copy, Debug)]
pub struct Contract<'a> {
    /// From the first image of the group on, channel blocks `plane` elements apart.
    pub input: &'a [f32],
    /// Elements from one channel block of the input to the next.
    pub plane: usize,
    /// The input's blocks that the panel reads, by number.
    pub blocks: &'a Range<usize>,
    /// For each block of the input the lanes that carry channels, from lane 0 on.
    pub lanes: &'a [u8],
    /// Where input pixels lie.
    pub taps: &'a Taps,
    /// `[block][tap][lane][panel's channels]`.
    pub weights: &'a [f32],
    /// What sums start with, for each of the panel's channels; empty is nothing.
    pub bias: &'a [f32],
    /// Whether sums are added to what stands in the output; else they replace it.
    pub adds: bool,
    /// Where sums end up at the least and at the most.
    pub clamp: Option<Clamp>,
    /// The weights that come next: they are asked for while these are multiplied.
    pub next: &'a [f32],
}

impl Contract<'_> {
    /// Panics unless every access of [`tile`] to `pixels` lies in its slice; `start` is the element at which the slices of `out` begin.
    pub(super) fn check(&self, pixels: &Range<usize>, start: usize, out: &[&mut [f32]]) {
        let columns = out.len() * LANES;
        let channels: usize = self.lanes[self.blocks.clone()].iter().map(|&lanes| lanes as usize).sum();
        assert!(self.lanes[self.blocks.clone()].iter().all(|&lanes| lanes as usize <= LANES), "a block has sixteen lanes");
        assert!(self.blocks.is_empty() || (self.blocks.end - 1) * self.plane + self.taps.reads() <= self.input.len());
        assert_eq!(self.weights.len(), channels * self.taps.taps() * columns, "weights of the panel");
        assert!(self.bias.is_empty() || self.bias.len() == columns, "biases of the panel");
        let to = &self.taps.to()[pixels.clone()];
        let (first, last) = to.iter().fold((usize::MAX, 0), |(low, high), &to| (low.min(to as usize), high.max(to as usize)));
        assert!(to.is_empty() || first >= start, "the output begins before the slice");
        assert!(to.is_empty() || out.iter().all(|block| last - start + LANES <= block.len()), "the output ends behind the slice");
    }
}

/// What stands under a tap on padding.
static ZEROS: [f32; LANES] = [0.0; LANES];

/// `R` output pixels from `first` on, `B` blocks; `next` is what is asked for meanwhile.
///
/// # Safety
/// The processor has the instruction set of `V`; [`Contract::check`] passed for these pixels, `start` and `out`, and `out` has `B` slices.
#[inline(always)]
pub(super) unsafe fn tile<V: Vector, const B: usize, const R: usize>(
    job: &Contract<'_>,
    first: usize,
    start: usize,
    out: &mut [&mut [f32]],
    mut next: &[f32],
) {
    let of_block = next.len().div_ceil((job.blocks.len() * job.taps.taps()).max(1)).next_multiple_of(LANES);
    let mut ask = || {
        let (now, rest) = next.split_at(of_block.min(next.len()));
        next = rest;
        now.chunks(LANES).for_each(prefetch);
    };
    // SAFETY: offsets of `Taps` are below `reads` and `writes`, which `check` held against the slices; lanes are at most sixteen; weights
    // are walked once from beginning to end.
    unsafe {
        let mut sums = [[V::splat(0.0); B]; R];
        if !job.bias.is_empty() {
            for b in 0..B {
                let bias = V::load(job.bias.as_ptr().add(b * LANES));
                for row in &mut sums {
                    row[b] = bias;
                }
            }
        }
        let mut weights = job.weights.as_ptr();
        let in_row = if job.taps.taps() == 1 { row::<R>(&job.taps.from(0)[first..first + R]) } else { None };
        if let Some(begin) = in_row {
            for block in job.blocks.clone() {
                let input = job.input.as_ptr().add(block * job.plane + begin);
                let mut pixels = [input; R];
                for (r, pixel) in pixels.iter_mut().enumerate() {
                    *pixel = input.add(r * LANES);
                }
                let lanes = *job.lanes.get_unchecked(block) as usize;
                ask();
                all_lanes::<V, B, R>(&mut sums, &pixels, lanes, weights);
                weights = weights.add(lanes * B * LANES);
            }
        }
        let others = if in_row.is_some() { 0..0 } else { job.blocks.clone() };
        for block in others {
            let input = job.input.as_ptr().add(block * job.plane);
            let lanes = *job.lanes.get_unchecked(block) as usize;
            for tap in 0..job.taps.taps() {
                let from = job.taps.from(tap).as_ptr().add(first);
                let mut pixels = [ZEROS.as_ptr(); R];
                let mut is_there = false;
                for (r, pixel) in pixels.iter_mut().enumerate() {
                    let offset = *from.add(r);
                    if offset != NOWHERE {
                        *pixel = input.add(offset as usize);
                        is_there = true;
                    }
                }
                ask();
                if is_there {
                    all_lanes::<V, B, R>(&mut sums, &pixels, lanes, weights);
                }
                weights = weights.add(lanes * B * LANES);
            }
        }
        for (r, row) in sums.iter().enumerate() {
            let to = *job.taps.to().get_unchecked(first + r) as usize - start;
            for (b, &sum) in row.iter().enumerate() {
                let at = out.get_unchecked_mut(b).as_mut_ptr().add(to);
                let mut sum = if job.adds { sum.add(V::load(at)) } else { sum };
                if let Some(Clamp { low, high }) = job.clamp {
                    sum = V::splat(high).min(V::splat(low).max(sum));
                }
                sum.store(at);
            }
        }
    }
}

/// Where the first of some input pixels begins, if they lie side by side.
#[inline(always)]
fn row<const R: usize>(from: &[u32]) -> Option<usize> {
    let first = from[0];
    let is_row = from.iter().zip(0_u32..).all(|(&from, r)| from == first.wrapping_add(r * LANES as u32));
    (first != NOWHERE && is_row).then_some(first as usize)
}

/// All lanes of a block.
///
/// # Safety
/// As for [`tile`].
#[inline(always)]
unsafe fn all_lanes<V: Vector, const B: usize, const R: usize>(
    sums: &mut [[V; B]; R],
    pixels: &[*const f32; R],
    lanes: usize,
    weights: *const f32,
) {
    // SAFETY: the caller's.
    unsafe {
        if lanes == LANES {
            for lane in 0..LANES {
                step::<V, B, R>(sums, pixels, lane, weights.add(lane * B * LANES));
            }
        } else {
            for lane in 0..lanes {
                step::<V, B, R>(sums, pixels, lane, weights.add(lane * B * LANES));
            }
        }
    }
}

/// One lane of the input: a vector of weights for each block, an element for each pixel.
///
/// # Safety
/// As for [`tile`].
#[inline(always)]
unsafe fn step<V: Vector, const B: usize, const R: usize>(
    sums: &mut [[V; B]; R],
    pixels: &[*const f32; R],
    lane: usize,
    weights: *const f32,
) {
    // SAFETY: the caller's.
    unsafe {
        let mut columns = [V::splat(0.0); B];
        for b in 0..B {
            columns[b] = V::load(weights.add(b * LANES));
        }
        for r in 0..R {
            let value = V::splat_at(pixels[r].add(lane));
            for b in 0..B {
                sums[r][b] = sums[r][b].madd(value, columns[b]);
            }
        }
    }
}
