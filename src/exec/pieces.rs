//! Work cut into pieces by its size alone, never by the number of threads, so that results are the same bytes for any.

use rayon::iter::IndexedParallelIterator;
use rayon::iter::IntoParallelIterator;
use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSliceMut;

/// Elements below which a loop is not worth a second thread.
const ALONE: usize = 1 << 14;

/// Elements of a piece, a multiple of the lanes of many pixels.
pub(super) const PIECE: usize = 1 << 13;

/// Calls `each` for every channel block with its number.
pub(super) fn for_blocks(out: &mut [f32], plane: usize, each: impl Fn(usize, &mut [f32]) + Sync) {
    if out.len() < ALONE {
        out.chunks_mut(plane.max(1)).enumerate().for_each(|(block, out)| each(block, out));
    } else {
        out.par_chunks_mut(plane.max(1)).enumerate().for_each(|(block, out)| each(block, out));
    }
}

/// Calls `each` for pieces of every channel block, with the number of the block and the place within it.
pub(super) fn for_pieces(out: &mut [f32], plane: usize, each: impl Fn(usize, usize, &mut [f32]) + Sync) {
    for_pieces_of(PIECE, out, plane, each);
}

/// As [`for_pieces`], with pieces of a size of one's own.
pub(super) fn for_pieces_of(size: usize, out: &mut [f32], plane: usize, each: impl Fn(usize, usize, &mut [f32]) + Sync) {
    let (plane, alone) = (plane.max(1), out.len() < ALONE);
    let pieces = out
        .chunks_mut(plane)
        .enumerate()
        .flat_map(|(block, plane)| plane.chunks_mut(size).enumerate().map(move |(number, piece)| (block, number * size, piece)));
    if alone {
        pieces.for_each(|(block, at, piece)| each(block, at, piece));
    } else {
        let pieces: Vec<(usize, usize, &mut [f32])> = pieces.collect();
        pieces.into_par_iter().for_each(|(block, at, piece)| each(block, at, piece));
    }
}
