//! Pools: channel blocks and groups of images are independent of each other.

use crate::exec::pieces::for_pieces_of;
use crate::kernel::Arch;
use crate::kernel::MaxPool;
use crate::kernel::MaxPoolGradient;
use crate::kernel::Taps;
use crate::kernel::avg_pool;
use crate::kernel::avg_pool_gradient;

/// The window of a pool over a batch.
#[derive(Debug)]
pub(in crate::exec) struct Pool {
    /// Where input pixels lie, for a group of images.
    pub(in crate::exec) taps: Taps,
    /// The way back, where gradients are wanted.
    pub(in crate::exec) back: Option<Taps>,
    /// What sums are divided by, for each output pixel of a group; empty for maxima.
    pub(in crate::exec) divisors: Vec<f32>,
}

impl Pool {
    /// The maxima; their taps into `places` unless that is empty.
    pub(in crate::exec) fn max(&self, arch: Arch, input: &[f32], [from, to]: [usize; 2], out: &mut [f32], places: &mut [f32]) {
        let (reads, writes) = (self.taps.reads(), self.taps.writes());
        let source = |block: usize, at: usize| &input[block * from + at / writes * reads..][..reads];
        if places.is_empty() {
            for_pieces_of(writes, out, to, |block, at, out| {
                MaxPool { taps: &self.taps, input: source(block, at), out, places: &mut [] }.run(arch);
            });
        } else {
            for_pairs(writes, [out, places], to, |block, at, [out, places]| {
                MaxPool { taps: &self.taps, input: source(block, at), out, places }.run(arch);
            });
        }
    }

    /// The gradient of the input of [`Pool::max`].
    pub(in crate::exec) fn max_gradient(
        &self,
        arch: Arch,
        [places, d_out]: [&[f32]; 2],
        [from, to]: [usize; 2],
        d_input: &mut [f32],
        adds: bool,
    ) {
        let back = self.back.as_ref().expect("a table for gradients");
        let (reads, writes) = (back.reads(), back.writes());
        for_pieces_of(writes, d_input, from, |block, at, d_input| {
            let part = block * to + at / writes * reads..block * to + (at / writes + 1) * reads;
            MaxPoolGradient { back, places: &places[part.clone()], d_out: &d_out[part], d_input, adds }.run(arch);
        });
    }

    /// The means.
    pub(in crate::exec) fn avg(&self, arch: Arch, input: &[f32], [from, to]: [usize; 2], out: &mut [f32]) {
        let (reads, writes) = (self.taps.reads(), self.taps.writes());
        for_pieces_of(writes, out, to, |block, at, out| {
            let input = &input[block * from + at / writes * reads..][..reads];
            avg_pool(arch, &self.taps, &self.divisors, input, out);
        });
    }

    /// The gradient of the input of [`Pool::avg`].
    pub(in crate::exec) fn avg_gradient(
        &self,
        arch: Arch,
        d_out: &[f32],
        [from, to]: [usize; 2],
        d_input: &mut [f32],
        adds: bool,
    ) {
        let back = self.back.as_ref().expect("a table for gradients");
        let (reads, writes) = (back.reads(), back.writes());
        for_pieces_of(writes, d_input, from, |block, at, d_input| {
            let d_out = &d_out[block * to + at / writes * reads..][..reads];
            avg_pool_gradient(arch, back, &self.divisors, d_out, d_input, adds);
        });
    }
}

/// Calls `each` for pieces of two like maps.
fn for_pairs(size: usize, [first, second]: [&mut [f32]; 2], plane: usize, each: impl Fn(usize, usize, [&mut [f32]; 2]) + Sync) {
    use rayon::iter::IntoParallelIterator;
    use rayon::iter::ParallelIterator;
    let mut pieces = Vec::new();
    for (block, (first, second)) in first.chunks_mut(plane).zip(second.chunks_mut(plane)).enumerate() {
        for (number, (first, second)) in first.chunks_mut(size).zip(second.chunks_mut(size)).enumerate() {
            pieces.push((block, number * size, [first, second]));
        }
    }
    pieces.into_par_iter().for_each(|(block, at, pair)| each(block, at, pair));
}
