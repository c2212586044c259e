//! Depthwise convolutions: channel blocks and groups of images are independent of each other.

use crate::exec::pieces::for_blocks;
use crate::exec::pieces::for_pieces_of;
use crate::kernel::Arch;
use crate::kernel::Channels;
use crate::kernel::LANES;
use crate::kernel::Taps;
use crate::kernel::depthwise;
use crate::kernel::depthwise_weight_gradient;

/// A depthwise convolution over a batch, one output for each input channel.
#[derive(Debug)]
pub(in crate::exec) struct Depthwise {
    /// Where input pixels lie, for a group of images.
    pub(in crate::exec) taps: Taps,
    /// The way back, where the gradient of the input is wanted.
    pub(in crate::exec) back: Option<Taps>,
}

impl Depthwise {
    /// Weights `[channel, 1, kh, kw]` as `[block][tap][16]`.
    pub(in crate::exec) fn pack(&self, channels: &Channels, weights: &[f32], packed: &mut [f32]) {
        packed.fill(0.0);
        let taps = self.taps.taps();
        for (block, packed) in packed.chunks_exact_mut(taps * LANES).enumerate() {
            for (lane, &channel) in channels.of_block(block).iter().enumerate() {
                for tap in 0..taps {
                    packed[tap * LANES + lane] = weights[channel as usize * taps + tap];
                }
            }
        }
    }

    /// The output; `bias` for each lane, or empty.
    pub(in crate::exec) fn run(&self, arch: Arch, [weights, bias, input]: [&[f32]; 3], [from, to]: [usize; 2], out: &mut [f32]) {
        convolve(arch, &self.taps, [weights, bias, input], [from, to], out, false);
    }

    /// The gradient of the input.
    pub(in crate::exec) fn input_gradient(
        &self,
        arch: Arch,
        [weights, d_out]: [&[f32]; 2],
        [from, to]: [usize; 2],
        d_input: &mut [f32],
        adds: bool,
    ) {
        let back = self.back.as_ref().expect("a table for gradients");
        convolve(arch, back, [weights, &[], d_out], [to, from], d_input, adds);
    }

    /// Adds to the gradients of the weights; `scratch` has as many elements as packed weights.
    pub(in crate::exec) fn weight_gradient(
        &self,
        arch: Arch,
        channels: &Channels,
        [input, d_out]: [&[f32]; 2],
        [from, to]: [usize; 2],
        scratch: &mut [f32],
        d_weights: &mut [f32],
    ) {
        let (taps, reads, writes) = (self.taps.taps(), self.taps.reads(), self.taps.writes());
        scratch.fill(0.0);
        for_blocks(scratch, taps * LANES, |block, packed| {
            let input = input[block * from..][..from].chunks_exact(reads);
            for (input, d_out) in input.zip(d_out[block * to..][..to].chunks_exact(writes)) {
                depthwise_weight_gradient(arch, &self.taps, input, d_out, packed);
            }
        });
        for (block, packed) in scratch.chunks_exact(taps * LANES).enumerate() {
            for (lane, &channel) in channels.of_block(block).iter().enumerate() {
                for tap in 0..taps {
                    d_weights[channel as usize * taps + tap] += packed[tap * LANES + lane];
                }
            }
        }
    }
}

fn convolve(arch: Arch, taps: &Taps, [weights, bias, input]: [&[f32]; 3], [from, to]: [usize; 2], out: &mut [f32], adds: bool) {
    let (reads, writes) = (taps.reads(), taps.writes());
    for_pieces_of(writes, out, to, |block, at, out| {
        let weights = &weights[block * taps.taps() * LANES..][..taps.taps() * LANES];
        let bias = bias.get(block * LANES..).and_then(|bias| bias.first_chunk()).unwrap_or(&[0.0; LANES]);
        depthwise(arch, taps, weights, bias, &input[block * from + at / writes * reads..][..reads], out, adds);
    });
}
