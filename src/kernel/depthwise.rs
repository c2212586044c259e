//! Depthwise convolution over one channel block: each lane has its own weight under each tap.

use crate::kernel::LANES;
use crate::kernel::NOWHERE;
use crate::kernel::Taps;
use crate::kernel::arch::vectorized;
use crate::kernel::pool::lanes;
use crate::kernel::pool::lanes_mut;

vectorized! {
    /// `out = bias + sum over taps of weight * in`, weights `[tap][16]`; added to what stands there where `adds`. With the reversed
    /// table it gives the gradient of the input.
    pub fn depthwise(arch, taps: &Taps, weights: &[f32], bias: &[f32; LANES], input: &[f32], out: &mut [f32], adds: bool) {
        for (pixel, &to) in taps.to().iter().enumerate() {
            let target = lanes_mut(out, to);
            let mut sum = if adds { *target } else { *bias };
            for (tap, weights) in weights.chunks_exact(LANES).enumerate() {
                let from = taps.from(tap)[pixel];
                if from != NOWHERE {
                    let values = lanes(input, from);
                    for lane in 0..LANES {
                        sum[lane] += weights[lane] * values[lane];
                    }
                }
            }
            *target = sum;
        }
    }

    /// Adds to the gradients of the weights, `[tap][16]`.
    pub fn depthwise_weight_gradient(arch, taps: &Taps, input: &[f32], d_out: &[f32], d_weights: &mut [f32]) {
        for (tap, d_weights) in d_weights.chunks_exact_mut(LANES).enumerate() {
            let mut sum = [0.0; LANES];
            for (&from, &to) in taps.from(tap).iter().zip(taps.to()) {
                if from != NOWHERE {
                    let (values, gradients) = (lanes(input, from), lanes(d_out, to));
                    for lane in 0..LANES {
                        sum[lane] += values[lane] * gradients[lane];
                    }
                }
            }
            for (d_weight, sum) in d_weights.iter_mut().zip(sum) {
                *d_weight += sum;
            }
        }
    }
}
