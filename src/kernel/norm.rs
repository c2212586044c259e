//! Normalisation over one channel block: moments of each lane, and the affine map.
//!
//! Sums go over pieces of 256 pixels in `f32` and over pieces in `f64`, always in this order.

use crate::kernel::Clamp;
use crate::kernel::LANES;
use crate::kernel::arch::vectorized;

/// Pixels that are summed up in `f32`.
const PIECE: usize = 256 * LANES;

/// Mean and sum of squared deviations of some numbers, for each lane.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// How many.
    pub count: f64,
    /// Their mean.
    pub mean: [f64; LANES],
    /// The sum of their squared deviations from it.
    pub squares: [f64; LANES],
}

impl Moments {
    /// Those of both (Chan, Golub and `LeVeque` 1979).
    #[must_use]
    pub fn and(self, other: Moments) -> Moments {
        let count = self.count + other.count;
        if count == 0.0 {
            return self;
        }
        let mut both = Moments { count, ..self };
        for lane in 0..LANES {
            let apart = other.mean[lane] - self.mean[lane];
            both.mean[lane] += apart * other.count / count;
            both.squares[lane] += other.squares[lane] + apart * apart * self.count * other.count / count;
        }
        both
    }
}

vectorized! {
    /// The moments of a plane.
    pub fn moments(arch, plane: &[f32]) -> Moments {
        let mut all = Moments::default();
        for piece in plane.chunks(PIECE) {
            let pixels = piece.len() / LANES;
            let mut sum = [0.0_f32; LANES];
            for pixel in piece.chunks_exact(LANES) {
                for lane in 0..LANES {
                    sum[lane] += pixel[lane];
                }
            }
            let mean = sum.map(|sum| sum / pixels as f32);
            let mut squares = [0.0_f32; LANES];
            for pixel in piece.chunks_exact(LANES) {
                for lane in 0..LANES {
                    let apart = pixel[lane] - mean[lane];
                    squares[lane] += apart * apart;
                }
            }
            all = all.and(Moments { count: pixels as f64, mean: mean.map(f64::from), squares: squares.map(f64::from) });
        }
        all
    }

    /// `out = in * factor + offset`, then the clamp.
    pub fn scale_shift(arch, input: &[f32], factor: &[f32; LANES], offset: &[f32; LANES], clamp: Option<Clamp>, out: &mut [f32]) {
        let Clamp { low, high } = clamp.unwrap_or(Clamp { low: f32::NEG_INFINITY, high: f32::INFINITY });
        for (out, pixel) in out.chunks_exact_mut(LANES).zip(input.chunks_exact(LANES)) {
            for lane in 0..LANES {
                let value = pixel[lane] * factor[lane] + offset[lane];
                let value = if value < low { low } else { value };
                out[lane] = if value > high { high } else { value };
            }
        }
    }

    /// `value = value * factor + offset`, then the clamp, in place.
    pub fn scale_shift_in_place(arch, plane: &mut [f32], factor: &[f32; LANES], offset: &[f32; LANES], clamp: Option<Clamp>) {
        let Clamp { low, high } = clamp.unwrap_or(Clamp { low: f32::NEG_INFINITY, high: f32::INFINITY });
        for pixel in plane.chunks_exact_mut(LANES) {
            for lane in 0..LANES {
                let value = pixel[lane] * factor[lane] + offset[lane];
                let value = if value < low { low } else { value };
                pixel[lane] = if value > high { high } else { value };
            }
        }
    }

    /// The sum over pixels.
    pub fn sum(arch, plane: &[f32]) -> [f64; LANES] {
        let mut all = [0.0_f64; LANES];
        for piece in plane.chunks(PIECE) {
            let mut sum = [0.0_f32; LANES];
            for pixel in piece.chunks_exact(LANES) {
                for lane in 0..LANES {
                    sum[lane] += pixel[lane];
                }
            }
            for lane in 0..LANES {
                all[lane] += f64::from(sum[lane]);
            }
        }
        all
    }
}
