//! `y = A^T M A` of tiles of one panel, with bias, what stood there before, and the rectifier, in one pass.

#![allow(unsafe_code)]

use std::ops::Range;

use crate::kernel::LANES;
use crate::kernel::arch::Clamp;
use crate::kernel::arch::vector::Vector;
use crate::kernel::arch::winograd::Grid;
use crate::kernel::arch::winograd::TileShape;
use crate::kernel::arch::winograd::transform::Output;
use crate::kernel::arch::winograd::transform::Transform;

/// Sums of tiles made outputs of one panel.
#[derive(Debug)]
pub struct OutputTiles<'a, 'o> {
    /// Which tiles.
    pub shape: TileShape,
    /// How they cover the map.
    pub grid: Grid,
    /// Some of them, counted through all images.
    pub tiles: Range<usize>,
    /// The sums, `[tile][point][panel's channels]`.
    pub sums: &'a [f32],
    /// What is added to them, for each of the panel's channels; empty is nothing.
    pub bias: &'a [f32],
    /// Whether they are added to what stands in the output; else they replace it.
    pub adds: bool,
    /// Where outputs end.
    pub clamp: Option<Clamp>,
    /// For each block of the panel a part of the output.
    pub out: &'a mut [&'o mut [f32]],
    /// The pixel at which these parts begin, counted through all images.
    pub begin: usize,
}

impl OutputTiles<'_, '_> {
    /// Panics unless every access of [`output_tiles`] lies in its slice.
    pub(in crate::kernel::arch) fn check(&self) {
        let columns = self.out.len() * LANES;
        assert_eq!(self.grid.side, self.shape.outputs(), "tiles of the shape");
        assert!(self.tiles.len() * self.shape.points() * columns <= self.sums.len(), "sums of the tiles");
        assert!(self.bias.is_empty() || self.bias.len() == columns, "biases of the panel");
        if self.tiles.is_empty() {
            return;
        }
        let [_, of_row] = self.grid.tiles();
        let first = self.grid.pixels_before(self.tiles.start / of_row);
        let end = self.grid.pixels_before((self.tiles.end - 1) / of_row + 1);
        assert!(first >= self.begin, "the output begins before the slice");
        assert!(self.out.iter().all(|block| (end - self.begin) * LANES <= block.len()), "the output ends behind the slice");
    }
}

/// # Safety
/// The processor has the instruction set of `V`, and [`OutputTiles::check`] passed for tiles of `M x M` from `T x T`.
#[inline(always)]
pub(in crate::kernel::arch) unsafe fn output_tiles<V: Vector, const T: usize, const M: usize>(job: &mut OutputTiles<'_, '_>) {
    let Grid { output, .. } = job.grid;
    let columns = job.out.len() * LANES;
    for (number, tile) in job.tiles.clone().enumerate() {
        let (image, [row, column]) = job.grid.place(tile);
        let [height, width] = [M.min(output[0] - row), M.min(output[1] - column)];
        let first = (image * output[0] + row) * output[1] + column - job.begin;
        for block in 0..job.out.len() {
            // SAFETY: `check` held tiles against sums and output; rows and columns that hang over are not written.
            unsafe {
                let sums = job.sums.as_ptr().add(number * T * T * columns + block * LANES);
                let mut points = [[V::splat(0.0); T]; T];
                for (i, row) in points.iter_mut().enumerate() {
                    for (j, sum) in row.iter_mut().enumerate() {
                        *sum = V::load(sums.add((i * T + j) * columns));
                    }
                }
                let tile: [[V; M]; M] = Output::square(points);
                let out = job.out.get_unchecked_mut(block).as_mut_ptr().add(first * LANES);
                let bias = if job.bias.is_empty() { V::splat(0.0) } else { V::load(job.bias.as_ptr().add(block * LANES)) };
                for (i, row) in tile.into_iter().enumerate().take(height) {
                    for (j, sum) in row.into_iter().enumerate().take(width) {
                        let at = out.add((i * output[1] + j) * LANES);
                        let sum = sum.add(bias);
                        let mut sum = if job.adds { sum.add(V::load(at)) } else { sum };
                        if let Some(Clamp { low, high }) = job.clamp {
                            sum = V::splat(high).min(V::splat(low).max(sum));
                        }
                        sum.store(at);
                    }
                }
            }
        }
    }
}
