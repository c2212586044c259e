//! Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3), pixel by pixel over all blocks.
//!
//! With `s[c] = k + share * sum of in[j]^2 over the neighbours j of c`: `out[c] = in[c] * s[c]^-beta`, and
//! `d_in[c] = d_out[c] * s[c]^-beta - 2 share beta in[c] * sum over neighbours j of d_out[j] in[j] s[j]^(-beta-1)`.

use crate::kernel::LANES;
use crate::kernel::arch::vectorized;

/// The constants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// Channels on either side of the middle.
    pub side: usize,
    /// `alpha` divided by the number of channels in the neighbourhood.
    pub share: f32,
    /// The power.
    pub beta: f32,
    /// What is added to the scaled sum.
    pub k: f32,
}

/// The planes of a map: channel blocks of one image or several, each `[pixel][16]`.
#[derive(Clone, Copy, Debug)]
pub struct Planes<'a> {
    /// From the first pixel on.
    pub data: &'a [f32],
    /// Elements from one block to the next.
    pub plane: usize,
    /// For each block the lanes that carry channels.
    pub lanes: &'a [u8],
}

impl Planes<'_> {
    /// The channels of a pixel one behind the other, from `side` on in `row`.
    #[inline(always)]
    fn gather(&self, pixel: usize, side: usize, row: &mut [f32]) {
        let mut at = side;
        for (block, &lanes) in self.lanes.iter().enumerate() {
            let lanes = lanes as usize;
            row[at..at + lanes].copy_from_slice(&self.data[block * self.plane + pixel * LANES..][..lanes]);
            at += lanes;
        }
    }
}

/// The sum over `2 side + 1` neighbours of each element; `row` has `side` more at each end.
#[inline(always)]
fn neighbourhood(row: &[f32], side: usize, sums: &mut [f32]) {
    sums.fill(0.0);
    for offset in 0..=2 * side {
        for (sum, &value) in sums.iter_mut().zip(&row[offset..]) {
            *sum += value;
        }
    }
}

/// `base ^ -beta` for each.
#[inline(always)]
fn powers(bases: &[f32], beta: f32, powers: &mut [f32]) {
    if beta.to_bits() == 0.75_f32.to_bits() {
        for (power, &base) in powers.iter_mut().zip(bases) {
            let root = 1.0 / base.sqrt();
            *power = root * root.sqrt();
        }
    } else {
        for (power, &base) in powers.iter_mut().zip(bases) {
            *power = base.powf(-beta);
        }
    }
}

vectorized! {
    /// The channels of some pixels, `[pixel][channel]` into `out`.
    pub fn lrn(arch, response: Response, input: Planes<'_>, pixels: usize, out: &mut [f32]) {
        let Response { side, share, beta, k } = response;
        let channels: usize = input.lanes.iter().map(|&lanes| lanes as usize).sum();
        let mut row = vec![0.0; channels + 2 * side];
        let mut squares = row.clone();
        let mut bases = vec![0.0; channels];
        for (pixel, out) in (0..pixels).zip(out.chunks_exact_mut(channels)) {
            input.gather(pixel, side, &mut row);
            for (square, &value) in squares.iter_mut().zip(&row) {
                *square = value * value;
            }
            neighbourhood(&squares, side, &mut bases);
            bases.iter_mut().for_each(|base| *base = k + share * *base);
            powers(&bases, beta, out);
            for (out, &value) in out.iter_mut().zip(&row[side..]) {
                *out *= value;
            }
        }
    }

    /// The gradients of some pixels' channels, `[pixel][channel]` into `d_input`.
    pub fn lrn_gradient(arch, response: Response, input: Planes<'_>, d_out: Planes<'_>, pixels: usize, d_input: &mut [f32]) {
        let Response { side, share, beta, k } = response;
        let channels: usize = input.lanes.iter().map(|&lanes| lanes as usize).sum();
        let mut row = vec![0.0; channels + 2 * side];
        let (mut gradients, mut squares) = (row.clone(), row.clone());
        let mut bases = vec![0.0; channels];
        let mut factors = bases.clone();
        for (pixel, d_input) in (0..pixels).zip(d_input.chunks_exact_mut(channels)) {
            input.gather(pixel, side, &mut row);
            d_out.gather(pixel, side, &mut gradients);
            for (square, &value) in squares.iter_mut().zip(&row) {
                *square = value * value;
            }
            neighbourhood(&squares, side, &mut bases);
            bases.iter_mut().for_each(|base| *base = k + share * *base);
            powers(&bases, beta, &mut factors);
            // What each channel contributes to the sums of its neighbours; squares are no longer needed.
            for channel in 0..channels {
                squares[side + channel] = gradients[side + channel] * row[side + channel] * factors[channel] / bases[channel];
            }
            neighbourhood(&squares, side, d_input);
            for channel in 0..channels {
                let through = 2.0 * share * beta * row[side + channel] * d_input[channel];
                d_input[channel] = gradients[side + channel] * factors[channel] - through;
            }
        }
    }
}
