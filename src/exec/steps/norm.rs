//! A factor and an offset for each channel: norms with known statistics, scales.

use crate::exec::pieces::for_pieces;
use crate::kernel::Arch;
use crate::kernel::Clamp;
use crate::kernel::LANES;
use crate::kernel::scale_shift;
use crate::kernel::scale_shift_in_place;

/// `out = in * factor + offset`, then the clamp; without an input in place. Factors and offsets are one for each lane.
pub(in crate::exec) fn affine(
    arch: Arch,
    input: Option<&[f32]>,
    [factors, offsets]: [&[f32]; 2],
    plane: usize,
    clamp: Option<Clamp>,
    out: &mut [f32],
) {
    for_pieces(out, plane, |block, at, out| {
        let (factor, offset) = (of_block(factors, block), of_block(offsets, block));
        match input {
            Some(input) => scale_shift(arch, &input[block * plane + at..][..out.len()], factor, offset, clamp, out),
            None => scale_shift_in_place(arch, out, factor, offset, clamp),
        }
    });
}

/// The lanes of a block.
pub(in crate::exec) fn of_block(lanes: &[f32], block: usize) -> &[f32; LANES] {
    lanes[block * LANES..][..LANES].try_into().expect("sixteen lanes")
}
