//! Average pools over one channel block, and the gradient of their input, which is read back through the reversed table.

use crate::kernel::LANES;
use crate::kernel::NOWHERE;
use crate::kernel::Taps;
use crate::kernel::arch::vectorized;

vectorized! {
    /// The sum under each output pixel, divided by its divisor.
    pub fn avg_pool(arch, taps: &Taps, divisors: &[f32], input: &[f32], out: &mut [f32]) {
        for (pixel, (&to, &divisor)) in taps.to().iter().zip(divisors).enumerate() {
            let mut sum = [0.0; LANES];
            for tap in 0..taps.taps() {
                let from = taps.from(tap)[pixel];
                if from != NOWHERE {
                    let values = lanes(input, from);
                    for lane in 0..LANES {
                        sum[lane] += values[lane];
                    }
                }
            }
            for (out, sum) in lanes_mut(out, to).iter_mut().zip(sum) {
                *out = sum / divisor;
            }
        }
    }

    /// The gradient of the input of [`avg_pool`]: `back` is its reversed table, `divisors` are those of the output pixels, as they lie in
    /// memory. Adds to `d_input`, or replaces it.
    pub fn avg_pool_gradient(arch, back: &Taps, divisors: &[f32], d_out: &[f32], d_input: &mut [f32], adds: bool) {
        for (pixel, &to) in back.to().iter().enumerate() {
            let target = lanes_mut(d_input, to);
            let mut sum = if adds { *target } else { [0.0; LANES] };
            for tap in 0..back.taps() {
                let from = back.from(tap)[pixel];
                if from == NOWHERE {
                    continue;
                }
                let (divisor, gradients) = (divisors[from as usize / LANES], lanes(d_out, from));
                for lane in 0..LANES {
                    sum[lane] += gradients[lane] / divisor;
                }
            }
            *target = sum;
        }
    }
}

/// The lanes of the pixel that begins at an element.
#[inline(always)]
pub(super) fn lanes(values: &[f32], at: u32) -> &[f32; LANES] {
    let at = at as usize;
    values[at..at + LANES].try_into().expect("sixteen lanes")
}

/// The lanes of the pixel that begins at an element, to change.
#[inline(always)]
pub(super) fn lanes_mut(values: &mut [f32], at: u32) -> &mut [f32; LANES] {
    let at = at as usize;
    (&mut values[at..at + LANES]).try_into().expect("sixteen lanes")
}
