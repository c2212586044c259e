//! Rectifiers, sums and gates.

use crate::exec::pieces::for_pieces;
use crate::exec::pieces::for_pieces_of;
use crate::kernel::Arch;
use crate::kernel::LANES;
use crate::kernel::add;
use crate::kernel::add_in_place;
use crate::kernel::clamp;
use crate::kernel::clamp_gradient;
use crate::kernel::clamp_gradient_in_place;
use crate::kernel::clamp_in_place;
use crate::kernel::gate;

/// `min(max(in, 0), high)`; without an input in place.
pub(in crate::exec) fn rectify(arch: Arch, input: Option<&[f32]>, high: f32, plane: usize, out: &mut [f32]) {
    for_pieces(out, plane, |block, at, out| match input {
        Some(input) => clamp(arch, &input[block * plane + at..][..out.len()], high, out),
        None => clamp_in_place(arch, out, high),
    });
}

/// The gradient of [`rectify`], from its output; without `d_out` in place.
pub(in crate::exec) fn rectify_gradient(
    arch: Arch,
    out: &[f32],
    d_out: Option<&[f32]>,
    high: f32,
    plane: usize,
    d_input: &mut [f32],
    adds: bool,
) {
    for_pieces(d_input, plane, |block, at, d_input| {
        let part = block * plane + at..block * plane + at + d_input.len();
        match d_out {
            Some(d_out) => clamp_gradient(arch, &out[part.clone()], high, &d_out[part], d_input, adds),
            None => clamp_gradient_in_place(arch, &out[part], high, d_input),
        }
    });
}

/// The sum over pixels for each lane.
pub(in crate::exec) fn sum_lanes(arch: Arch, map: &[f32], plane: usize) -> Vec<f32> {
    map.chunks_exact(plane).flat_map(|plane| crate::kernel::sum(arch, plane).map(|sum| sum as f32)).collect()
}

/// The sum of inputs; `None` is the one that lies where the sum goes.
pub(in crate::exec) fn sum(arch: Arch, inputs: &[Option<&[f32]>], plane: usize, out: &mut [f32]) {
    let is_in_place = inputs.iter().any(Option::is_none);
    let others: Vec<&[f32]> = inputs.iter().flatten().copied().collect();
    for_pieces(out, plane, |block, at, out| {
        let part = |input: &'_ [f32]| -> std::ops::Range<usize> {
            let begin = block * plane + at;
            debug_assert!(begin + out.len() <= input.len());
            begin..begin + out.len()
        };
        let parts: Vec<&[f32]> = others.iter().map(|input| &input[part(input)]).collect();
        let rest = match (is_in_place, &parts[..]) {
            (true, rest) => rest,
            (false, [first]) => {
                out.copy_from_slice(first);
                &[]
            }
            (false, [first, second, rest @ ..]) => {
                add(arch, first, second, out);
                rest
            }
            (false, []) => unreachable!("a sum has an input"),
        };
        rest.iter().for_each(|other| add_in_place(arch, out, other));
    });
}

/// `in * gate`, a gate of one pixel for each image.
pub(in crate::exec) fn gated(arch: Arch, [input, gates]: [&[f32]; 2], plane: usize, images: usize, out: &mut [f32]) {
    let size = plane / images;
    for_pieces_of(size, out, plane, |block, at, out| {
        let gates = &gates[(block * images + at / size) * LANES..];
        let gates = gates.first_chunk().expect("sixteen lanes");
        gate(arch, &input[block * plane + at..][..out.len()], gates, out);
    });
}
