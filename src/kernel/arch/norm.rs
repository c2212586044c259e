//! The gradients of batch normalisation (Ioffe and Szegedy 2015, section 3) over one channel block, through the rectifier behind it.
//!
//! What the rectifier gave is not read again: it is computed anew from the norm's input, by the same operations as in forward, which is
//! one product and one sum against a walk through memory. Sums go over pieces of 256 pixels in `f32` and over pieces in `f64`.

#![allow(unsafe_code)]

use crate::kernel::LANES;
use crate::kernel::arch::vector::Vector;

/// Elements that are summed up in `f32`.
const PIECE: usize = 256 * LANES;

/// Which gradients pass the rectifier behind a norm: those where `0 < in * factor + offset < high`.
#[derive(Clone, Copy, Debug)]
pub struct Passes<'a> {
    /// The norm's factor for each lane.
    pub factor: &'a [f32; LANES],
    /// The norm's offset for each lane.
    pub offset: &'a [f32; LANES],
    /// Where the rectifier ends.
    pub high: f32,
}

/// The sums over pixels that the gradients of scale, shift and input are made of.
#[derive(Clone, Copy, Debug)]
pub struct NormSums<'a> {
    /// The norm's input.
    pub input: &'a [f32],
    /// The gradient of the output of the norm, or of the rectifier.
    pub d_out: &'a [f32],
    /// The input's mean for each lane.
    pub mean: &'a [f32; LANES],
    /// The rectifier, if there is one.
    pub passes: Option<Passes<'a>>,
}

/// The gradient of a norm's input: `d_out * a + in * b + c`.
#[derive(Debug)]
pub struct NormGradient<'a> {
    /// The norm's input.
    pub input: &'a [f32],
    /// The gradient of the output of the norm, or of the rectifier.
    pub d_out: &'a [f32],
    /// `a`, `b` and `c` for each lane.
    pub factors: &'a [[f32; LANES]; 3],
    /// The rectifier, if there is one.
    pub passes: Option<Passes<'a>>,
    /// Gets the gradient.
    pub d_input: &'a mut [f32],
    /// Whether it is added to; else it is replaced.
    pub adds: bool,
}

impl NormSums<'_> {
    /// Panics unless every access of [`norm_sums`] lies in its slice.
    pub(super) fn check(&self) {
        assert!(self.input.len().is_multiple_of(LANES) && self.d_out.len() == self.input.len());
    }
}

impl NormGradient<'_> {
    /// Panics unless every access of [`norm_gradient`] lies in its slice.
    pub(super) fn check(&self) {
        assert!(self.input.len().is_multiple_of(LANES));
        assert!(self.d_out.len() == self.input.len() && self.d_input.len() == self.input.len());
    }
}

/// A rectifier in registers.
#[derive(Clone, Copy)]
struct Gate<V> {
    factor: V,
    offset: V,
    high: V,
}

impl<V: Vector> Gate<V> {
    /// # Safety
    /// The processor has the instruction set of `V`.
    #[inline(always)]
    unsafe fn new(passes: &Passes<'_>) -> Gate<V> {
        // SAFETY: the caller's; the arrays have sixteen elements.
        unsafe {
            Gate { factor: V::load(passes.factor.as_ptr()), offset: V::load(passes.offset.as_ptr()), high: V::splat(passes.high) }
        }
    }

    /// The gradients that pass, 0 for the others.
    ///
    /// # Safety
    /// The processor has the instruction set of `V`.
    #[inline(always)]
    unsafe fn passed(gate: Option<Gate<V>>, input: V, gradient: V) -> V {
        // SAFETY: the caller's.
        unsafe {
            let Some(Gate { factor, offset, high }) = gate else { return gradient };
            let zero = V::splat(0.0);
            gradient.or(input.mul(factor).add(offset).is_between(zero, high), zero)
        }
    }
}

/// # Safety
/// The processor has the instruction set of `V`, and [`NormSums::check`] passed.
#[inline(always)]
pub(super) unsafe fn norm_sums<V: Vector>(job: &NormSums<'_>) -> [[f64; LANES]; 2] {
    let mut all = [[0.0; LANES]; 2];
    // SAFETY: `check` held the slices against each other: pieces of both are alike, of whole pixels.
    unsafe {
        let mean = V::load(job.mean.as_ptr());
        let gate = job.passes.as_ref().map(|passes| Gate::<V>::new(passes));
        for (input, d_out) in job.input.chunks(PIECE).zip(job.d_out.chunks(PIECE)) {
            let mut sums = [V::splat(0.0); 2];
            for at in (0..input.len()).step_by(LANES) {
                let value = V::load(input.as_ptr().add(at));
                let gradient = Gate::passed(gate, value, V::load(d_out.as_ptr().add(at)));
                sums = [sums[0].add(gradient), sums[1].madd(gradient, value.sub(mean))];
            }
            for (all, sum) in all.iter_mut().zip(sums) {
                let mut lanes = [0.0; LANES];
                sum.store(lanes.as_mut_ptr());
                all.iter_mut().zip(lanes).for_each(|(all, lane)| *all += f64::from(lane));
            }
        }
    }
    all
}

/// # Safety
/// The processor has the instruction set of `V`, and [`NormGradient::check`] passed.
#[inline(always)]
pub(super) unsafe fn norm_gradient<V: Vector>(job: &mut NormGradient<'_>) {
    // SAFETY: `check` held the slices against each other, and they are whole pixels.
    unsafe {
        let [a, b, c] = [0, 1, 2].map(|which: usize| V::load(job.factors[which].as_ptr()));
        let gate = job.passes.as_ref().map(|passes| Gate::<V>::new(passes));
        for at in (0..job.input.len()).step_by(LANES) {
            let value = V::load(job.input.as_ptr().add(at));
            let gradient = Gate::passed(gate, value, V::load(job.d_out.as_ptr().add(at)));
            let target = job.d_input.as_mut_ptr().add(at);
            let sum = c.madd(value, b).madd(gradient, a);
            let sum = if job.adds { sum.add(V::load(target)) } else { sum };
            sum.store(target);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Arch;
    use crate::kernel::Clamp;
    use crate::kernel::scale_shift;

    /// Sums and gradients against plain ones in `f64`, over more and less than a piece; what passes is what forward left between the ends.
    #[test]
    fn they_are_those_of_the_formula() {
        let lanes = |first: f32, step: f32| -> [f32; LANES] { std::array::from_fn(|lane| first + step * lane as f32) };
        let (factor, offset, mean) = (lanes(-0.9, 0.11), lanes(0.8, -0.07), lanes(-0.3, 0.04));
        let factors = [lanes(0.5, 0.1), lanes(-0.2, 0.03), lanes(0.1, -0.02)];
        for (pixels, high) in [(1, 1.0), (255, f32::INFINITY), (257, 0.9), (700, 6.0)] {
            let values = |scale: f32, step: usize| -> Vec<f32> {
                (0..pixels * LANES).map(|at| ((at * step % 1009) as f32 / 1009.0 - 0.5) * scale).collect()
            };
            let (input, d_out) = (values(4.0, 271), values(2.0, 613));
            for arch in Arch::all() {
                let mut out = vec![0.0; input.len()];
                scale_shift(arch, &input, &factor, &offset, Some(Clamp { low: 0.0, high }), &mut out);
                for passes in [None, Some(Passes { factor: &factor, offset: &offset, high })] {
                    let passed = |at: usize| {
                        let stops = passes.is_some() && !(out[at] > 0.0 && out[at] < high);
                        if stops { 0.0 } else { f64::from(d_out[at]) }
                    };
                    let sums = NormSums { input: &input, d_out: &d_out, mean: &mean, passes }.run(arch);
                    for lane in 0..LANES {
                        let of_lane = || (lane..input.len()).step_by(LANES);
                        let apart = |at: usize| f64::from(input[at]) - f64::from(mean[lane]);
                        let wanted = [of_lane().map(passed).sum::<f64>(), of_lane().map(|at| passed(at) * apart(at)).sum()];
                        for (sum, wanted) in [sums[0][lane], sums[1][lane]].into_iter().zip(wanted) {
                            assert!((sum - wanted).abs() < 1e-3, "{arch}, {pixels} pixels, lane {lane}: {sum} for {wanted}");
                        }
                    }
                    for adds in [false, true] {
                        let mut d_input = vec![0.25; input.len()];
                        NormGradient { input: &input, d_out: &d_out, factors: &factors, passes, d_input: &mut d_input, adds }
                            .run(arch);
                        for (at, &ours) in d_input.iter().enumerate() {
                            let [a, b, c] = factors.map(|factor| f64::from(factor[at % LANES]));
                            let before = if adds { 0.25 } else { 0.0 };
                            let wanted = before + passed(at) * a + f64::from(input[at]) * b + c;
                            assert!(
                                (f64::from(ours) - wanted).abs() < 1e-5,
                                "{arch}, {pixels} pixels, {at}: {ours} for {wanted}"
                            );
                        }
                    }
                }
            }
        }
    }
}
