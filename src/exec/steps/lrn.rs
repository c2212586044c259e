//! Local response normalisation: pixels are independent of each other, channels are not.

use rayon::iter::IndexedParallelIterator;
use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;

use crate::exec::map::Map;
use crate::kernel::Arch;
use crate::kernel::LANES;
use crate::kernel::Planes;
use crate::kernel::Response;
use crate::kernel::lrn;
use crate::kernel::lrn_gradient;

/// Pixels of a task.
const PIXELS: usize = 256;

/// The output.
pub(in crate::exec) fn respond(arch: Arch, response: Response, map: &Map, input: &[f32], out: &mut [f32]) {
    by_pixels(map, out, |first, pixels, rows| {
        let planes = |data| Planes { data, plane: map.plane(), lanes: map.channels.lanes() };
        lrn(arch, response, planes(&input[first * LANES..]), pixels, rows);
        false
    });
}

/// The gradient of the input.
pub(in crate::exec) fn gradient(
    arch: Arch,
    response: Response,
    map: &Map,
    [input, d_out]: [&[f32]; 2],
    d_input: &mut [f32],
    adds: bool,
) {
    by_pixels(map, d_input, |first, pixels, rows| {
        let planes = |data| Planes { data, plane: map.plane(), lanes: map.channels.lanes() };
        lrn_gradient(arch, response, planes(&input[first * LANES..]), planes(&d_out[first * LANES..]), pixels, rows);
        adds
    });
}

/// Has `rows` fill `[pixel][channel]` for pieces of the pixels and writes, or adds where it says so, that to the lanes of `out`.
fn by_pixels(map: &Map, out: &mut [f32], rows: impl Fn(usize, usize, &mut [f32]) -> bool + Sync) {
    let channels = map.channels.count() as usize;
    let count = (map.images * map.pixels()).div_ceil(PIXELS);
    let mut pieces: Vec<Vec<&mut [f32]>> = (0..count).map(|_| Vec::with_capacity(map.channels.blocks())).collect();
    for plane in out.chunks_mut(map.plane()) {
        for (piece, of_plane) in pieces.iter_mut().zip(plane.chunks_mut(PIXELS * LANES)) {
            piece.push(of_plane);
        }
    }
    pieces.into_par_iter().enumerate().for_each(|(number, blocks)| {
        let pixels = blocks[0].len() / LANES;
        let mut values = vec![0.0; pixels * channels];
        let adds = rows(number * PIXELS, pixels, &mut values);
        let mut begin = 0;
        for (block, &lanes) in blocks.into_iter().zip(map.channels.lanes()) {
            let lanes = lanes as usize;
            for (target, row) in block.chunks_exact_mut(LANES).zip(values.chunks_exact(channels)) {
                let values = &row[begin..begin + lanes];
                if adds {
                    target.iter_mut().zip(values).for_each(|(target, value)| *target += value);
                } else {
                    target[..lanes].copy_from_slice(values);
                    target[lanes..].fill(0.0);
                }
            }
            begin += lanes;
        }
    });
}
