//! Maxima of windows over one channel block, and the gradient of their input.

#![allow(unsafe_code)]

use crate::kernel::LANES;
use crate::kernel::NOWHERE;
use crate::kernel::Taps;
use crate::kernel::arch::vector::Vector;

/// The largest under each output pixel of a channel block; NaN if one is NaN.
#[derive(Debug)]
pub struct MaxPool<'a> {
    /// Where input pixels lie.
    pub taps: &'a Taps,
    /// The input's block.
    pub input: &'a [f32],
    /// The output's block.
    pub out: &'a mut [f32],
    /// Gets the tap of each maximum, the first of equals; or empty.
    pub places: &'a mut [f32],
}

/// The gradient of the input of [`MaxPool`].
#[derive(Debug)]
pub struct MaxPoolGradient<'a> {
    /// The reversed table.
    pub back: &'a Taps,
    /// The tap of each maximum.
    pub places: &'a [f32],
    /// The gradient of the output's block.
    pub d_out: &'a [f32],
    /// The gradient of the input's block.
    pub d_input: &'a mut [f32],
    /// Whether it is added to; else it is replaced.
    pub adds: bool,
}

impl MaxPool<'_> {
    /// Panics unless every access of [`max_pool`] lies in its slice.
    pub(super) fn check(&self) {
        assert!(self.taps.reads() <= self.input.len() && self.taps.writes() <= self.out.len());
        assert!(self.places.is_empty() || self.taps.writes() <= self.places.len());
    }
}

impl MaxPoolGradient<'_> {
    /// Panics unless every access of [`max_pool_gradient`] lies in its slice.
    pub(super) fn check(&self) {
        let read = self.back.reads();
        assert!(read <= self.places.len() && read <= self.d_out.len() && self.back.writes() <= self.d_input.len());
    }
}

/// # Safety
/// The processor has the instruction set of `V`, and [`MaxPool::check`] passed.
#[inline(always)]
pub(super) unsafe fn max_pool<V: Vector>(job: &mut MaxPool<'_>) {
    let (taps, pixels) = (job.taps, job.taps.pixels());
    if taps.is_filled() && job.places.is_empty() {
        // SAFETY: the caller's.
        return unsafe { filled_max_pool::<V>(job) };
    }
    for pixel in 0..pixels {
        let to = taps.to()[pixel] as usize;
        let is_there = |&tap: &usize| taps.from(tap)[pixel] != NOWHERE;
        let Some(first) = (0..taps.taps()).find(is_there) else { continue };
        // SAFETY: offsets of `Taps` lie below `reads` and `writes`, which `check` held against the slices.
        unsafe {
            let mut largest = V::load(job.input.as_ptr().add(taps.from(first)[pixel] as usize));
            let mut place = V::splat(first as f32);
            for tap in first + 1..taps.taps() {
                let from = taps.from(tap)[pixel];
                if from != NOWHERE {
                    let values = V::load(job.input.as_ptr().add(from as usize));
                    let is_greater = values.is_greater_or_nan(largest);
                    largest = values.or(is_greater, largest);
                    place = V::splat(tap as f32).or(is_greater, place);
                }
            }
            largest.store(job.out.as_mut_ptr().add(to));
            if !job.places.is_empty() {
                place.store(job.places.as_mut_ptr().add(to));
            }
        }
    }
}

/// The same where no tap lies on padding and places are not asked for: two taps at a time, and NaN, which maxima may lose, apart from them.
///
/// # Safety
/// The processor has the instruction set of `V`, and [`MaxPool::check`] passed.
#[inline(always)]
unsafe fn filled_max_pool<V: Vector>(job: &mut MaxPool<'_>) {
    let (pixels, taps) = (job.taps.pixels(), job.taps.taps());
    let (offsets, input) = (job.taps.offsets().as_ptr(), job.input.as_ptr());
    for pixel in 0..pixels {
        // SAFETY: there are `taps` rows of offsets, one for each pixel, that lie below `reads` and `writes`, which `check` held against the slices.
        unsafe {
            let under = |tap: usize| V::load(input.add(*offsets.add(tap * pixels + pixel) as usize));
            let mut largest = under(taps - 1);
            let mut has_nan = largest.is_nan_beside(largest);
            for pair in 0..taps / 2 {
                let [one, other] = [under(2 * pair), under(2 * pair + 1)];
                has_nan = V::either(has_nan, one.is_nan_beside(other));
                largest = largest.max(one.max(other));
            }
            let to = *job.taps.to().get_unchecked(pixel) as usize;
            V::splat(f32::NAN).or(has_nan, largest).store(job.out.as_mut_ptr().add(to));
        }
    }
}

/// # Safety
/// The processor has the instruction set of `V`, and [`MaxPoolGradient::check`] passed.
#[inline(always)]
pub(super) unsafe fn max_pool_gradient<V: Vector>(job: &mut MaxPoolGradient<'_>) {
    let (back, pixels) = (job.back, job.back.pixels());
    for pixel in 0..pixels {
        // SAFETY: offsets of `Taps` lie below `reads` and `writes`, which `check` held against the slices.
        unsafe {
            let target = job.d_input.as_mut_ptr().add(back.to()[pixel] as usize);
            let mut sum = if job.adds { V::load(target) } else { V::splat(0.0) };
            for tap in 0..back.taps() {
                let from = back.from(tap)[pixel];
                if from != NOWHERE {
                    let is_place = V::load(job.places.as_ptr().add(from as usize)).is_equal(V::splat(tap as f32));
                    let gradient = V::load(job.d_out.as_ptr().add(from as usize));
                    sum = sum.add(gradient.or(is_place, V::splat(0.0)));
                }
            }
            sum.store(target);
        }
    }
}

const _: () = assert!(LANES == 16, "a vector has sixteen lanes");
