//! Convolutions of stride 2 over few channels as convolutions of stride 1 over four times as many: each 2 x 2 pixels become one, its phases
//! side by side as channels (space to depth), and the window is folded likewise.
//!
//! ```text
//!   out(y) = sum over d of g(d) in(2 y + d - p)        p zeros before the input, o = p rounded up to an even number, s = o - p
//!          = sum over e of g(e - s) in(2 (y - o/2) + e)                                    e = 2 k + phase, k along the folded window
//! ```

use crate::kernel::LANES;

/// How a convolution is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::exec) struct Folding {
    /// Input channels before.
    pub(in crate::exec) channels: usize,
    /// Rows and columns of the input before.
    pub(in crate::exec) input: [usize; 2],
    /// Rows and columns of the window before.
    pub(in crate::exec) window: [usize; 2],
    /// Zeros before the input.
    pub(in crate::exec) pads: [usize; 2],
}

/// Pixels of a side that become one.
const STRIDE: usize = 2;

impl Folding {
    /// Phases of a pixel.
    pub(in crate::exec) const PHASES: usize = STRIDE * STRIDE;

    /// Zeros before the folded input.
    pub(in crate::exec) fn pads(&self) -> [usize; 2] {
        self.pads.map(|pad| pad.div_ceil(STRIDE))
    }

    /// By how much the window begins later than the first folded pixel.
    fn shifts(&self) -> [usize; 2] {
        self.pads.map(|pad| pad.next_multiple_of(STRIDE) - pad)
    }

    /// Rows and columns of the folded window.
    pub(in crate::exec) fn window(&self) -> [usize; 2] {
        let shifts = self.shifts();
        [0, 1].map(|axis| (shifts[axis] + self.window[axis]).div_ceil(STRIDE))
    }

    /// Calls `each` for every weight of an output channel, with its place among the folded ones, `[phase and channel][tap]`.
    fn walk(&self, mut each: impl FnMut(usize, usize)) {
        let ([height, width], [rows, columns], shifts) = (self.window, self.window(), self.shifts());
        for channel in 0..self.channels {
            for tap in 0..height * width {
                let [y, x] = [tap / width + shifts[0], tap % width + shifts[1]];
                let phase = y % STRIDE * STRIDE + x % STRIDE;
                let folded = (phase * self.channels + channel) * rows * columns + y / STRIDE * columns + x / STRIDE;
                each(channel * height * width + tap, folded);
            }
        }
    }

    /// Weights and folded weights of an output channel.
    fn sizes(&self) -> [usize; 2] {
        let [rows, columns] = self.window();
        [self.channels * self.window[0] * self.window[1], Folding::PHASES * self.channels * rows * columns]
    }

    /// Folds weights, `[out, in, kh, kw]`.
    pub(in crate::exec) fn fold(&self, weights: &[f32]) -> Vec<f32> {
        let [plain, folded] = self.sizes();
        let mut all = vec![0.0; weights.len() / plain * folded];
        for (from, to) in weights.chunks_exact(plain).zip(all.chunks_exact_mut(folded)) {
            self.walk(|from_at, to_at| to[to_at] = from[from_at]);
        }
        all
    }

    /// Adds gradients of folded weights to those of the weights.
    pub(in crate::exec) fn unfold_add(&self, gradients: &[f32], d_weights: &mut [f32]) {
        let [plain, folded] = self.sizes();
        for (to, from) in d_weights.chunks_exact_mut(plain).zip(gradients.chunks_exact(folded)) {
            self.walk(|to_at, from_at| to[to_at] += from[from_at]);
        }
    }

    /// Writes folded rows of an image's only channel block, `[row][column][16]`, from the row and column `first` of the padded input on;
    /// zeros where nothing is.
    pub(in crate::exec) fn band(&self, image: &[f32], first: [usize; 2], [rows, columns]: [usize; 2], band: &mut [f32]) {
        let pads = self.pads();
        band[..rows * columns * LANES].fill(0.0);
        for (number, row) in band[..rows * columns * LANES].chunks_exact_mut(columns * LANES).enumerate() {
            for phase in 0..Folding::PHASES {
                let y = (STRIDE * (first[0] + number) + phase / STRIDE).checked_sub(STRIDE * pads[0]);
                let Some(y) = y.filter(|&y| y < self.input[0]) else { continue };
                let line = &image[y * self.input[1] * LANES..][..self.input[1] * LANES];
                // The columns whose pixel of this phase lies on the map.
                let before = pads[1].saturating_sub(first[1]);
                let x = STRIDE * (first[1] + before - pads[1]) + phase % STRIDE;
                let (row, line) = (&mut row[before * LANES..], &line[x.min(self.input[1]) * LANES..]);
                let at = phase * self.channels;
                match self.channels {
                    1 => lay::<1>(row, line, at),
                    2 => lay::<2>(row, line, at),
                    3 => lay::<3>(row, line, at),
                    _ => lay::<4>(row, line, at),
                }
            }
        }
    }
}

/// Copies the `C` channels of every second pixel of a line to a place in each folded pixel.
fn lay<const C: usize>(row: &mut [f32], line: &[f32], at: usize) {
    let pixels = line.chunks_exact(LANES).step_by(STRIDE);
    for (to, from) in row.chunks_exact_mut(LANES).zip(pixels) {
        to[at..at + C].copy_from_slice(&from[..C]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums over folded windows are those over the windows, for every kind of padding.
    #[test]
    fn a_folded_window_sees_what_the_window_saw() {
        for (window, pads) in [([7, 7], [3, 3]), ([7, 6], [2, 3]), ([3, 5], [0, 1])] {
            let folding = Folding { channels: 3, input: [9, 12], window, pads };
            let [height, width] = folding.input;
            let image: Vec<f32> = (0..height * width * LANES).map(|at| (at % 31) as f32 - 15.0).collect();
            let weights: Vec<f32> = (0..3 * window[0] * window[1]).map(|at| (at % 7) as f32 - 3.0).collect();
            let (folded, [rows, columns]) = (folding.fold(&weights), folding.window());
            for [y, x] in [[0, 0], [1, 2], [2, 4]] {
                let mut wanted = 0.0;
                for (at, weight) in weights.iter().enumerate() {
                    let (channel, tap) = (at / (window[0] * window[1]), at % (window[0] * window[1]));
                    let row = (2 * y + tap / window[1]).checked_sub(pads[0]).filter(|&row| row < height);
                    let column = (2 * x + tap % window[1]).checked_sub(pads[1]).filter(|&column| column < width);
                    if let (Some(row), Some(column)) = (row, column) {
                        wanted += weight * image[(row * width + column) * LANES + channel];
                    }
                }
                let mut band = vec![f32::NAN; rows * columns * LANES];
                folding.band(&image, [y, x], [rows, columns], &mut band);
                let sum: f32 =
                    (0..folded.len()).map(|at| folded[at] * band[at % (rows * columns) * LANES + at / (rows * columns)]).sum();
                assert!((sum - wanted).abs() < 1e-3, "{window:?} {pads:?} at {y}, {x}: {sum} for {wanted}");
            }
            let mut d_weights = vec![1.0; weights.len()];
            folding.unfold_add(&folded, &mut d_weights);
            assert!(d_weights.iter().zip(&weights).all(|(d, w)| (d - 1.0 - w).abs() < 1e-6), "back again");
        }
    }
}
