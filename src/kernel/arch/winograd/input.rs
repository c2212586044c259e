//! `V = B^T d B` of tiles of a map; and of the gradients of outputs what a window's transform makes of them, for the gradient of weights.

#![allow(unsafe_code)]

use std::ops::Range;

use crate::kernel::LANES;
use crate::kernel::arch::vector::Vector;
use crate::kernel::arch::winograd::Grid;
use crate::kernel::arch::winograd::TileShape;
use crate::kernel::arch::winograd::transform::Filter;
use crate::kernel::arch::winograd::transform::Input;
use crate::kernel::arch::winograd::transform::Transform;

/// Tiles of one channel block, transformed.
#[derive(Debug)]
pub struct InputTiles<'a> {
    /// Which tiles.
    pub shape: TileShape,
    /// How they cover the map.
    pub grid: Grid,
    /// Some of them, counted through all images.
    pub tiles: Range<usize>,
    /// The map's block, all images.
    pub map: &'a [f32],
    /// Gets the tiles, `[point][tile][16]`.
    pub out: &'a mut [f32],
    /// Elements from one point to the next.
    pub step: usize,
}

impl InputTiles<'_> {
    /// Panics unless every access of [`input_tiles`] and [`gradient_tiles`] to a map with sides `sides` lies in its slice.
    pub(in crate::kernel::arch) fn check(&self, sides: [usize; 2]) {
        let [rows, columns] = self.grid.tiles();
        assert_eq!(self.grid.side, self.shape.outputs(), "tiles of the shape");
        let images = self.tiles.end.div_ceil((rows * columns).max(1));
        assert!(images * sides[0] * sides[1] * LANES <= self.map.len(), "the map's images");
        let last = (self.shape.points() - 1) * self.step + self.tiles.len() * LANES;
        assert!(self.tiles.is_empty() || last <= self.out.len(), "room for the tiles");
    }
}

/// The pixels `[T][T]` of a map from a place on, zeros beside it.
///
/// # Safety
/// The processor has the instruction set of `V`; the image's pixels lie at `map`.
#[inline(always)]
unsafe fn load<V: Vector, const T: usize>(map: *const f32, sides: [usize; 2], first: [isize; 2]) -> [[V; T]; T] {
    // SAFETY: the caller's; rows and columns are held against the sides.
    unsafe {
        let zero = V::splat(0.0);
        let mut pixels = [[zero; T]; T];
        let is_within = |axis: usize| first[axis] >= 0 && first[axis] as usize + T <= sides[axis];
        if is_within(0) && is_within(1) {
            let map = map.add((first[0] as usize * sides[1] + first[1] as usize) * LANES);
            for (i, row) in pixels.iter_mut().enumerate() {
                for (j, pixel) in row.iter_mut().enumerate() {
                    *pixel = V::load(map.add((i * sides[1] + j) * LANES));
                }
            }
            return pixels;
        }
        for (i, row) in pixels.iter_mut().enumerate() {
            let y = first[0] + i as isize;
            if y < 0 || y as usize >= sides[0] {
                continue;
            }
            for (j, pixel) in row.iter_mut().enumerate() {
                let x = first[1] + j as isize;
                if x >= 0 && (x as usize) < sides[1] {
                    *pixel = V::load(map.add((y as usize * sides[1] + x as usize) * LANES));
                }
            }
        }
        pixels
    }
}

/// `B^T d B` of each tile.
///
/// # Safety
/// The processor has the instruction set of `V`, and [`InputTiles::check`] passed for the input's sides and tiles of side `T`.
#[inline(always)]
pub(in crate::kernel::arch) unsafe fn input_tiles<V: Vector, const T: usize>(job: &mut InputTiles<'_>) {
    let Grid { input, pads, .. } = job.grid;
    for (number, tile) in job.tiles.clone().enumerate() {
        let (image, [row, column]) = job.grid.place(tile);
        let first = [row as isize - pads[0] as isize, column as isize - pads[1] as isize];
        // SAFETY: `check` held images and tiles against the slices.
        unsafe {
            let map = job.map.as_ptr().add(image * input[0] * input[1] * LANES);
            let pixels: [[V; T]; T] = load(map, input, first);
            let out = job.out.as_mut_ptr().add(number * LANES);
            for (i, row) in Input::square(pixels).into_iter().enumerate() {
                for (j, value) in row.into_iter().enumerate() {
                    value.store(out.add((i * T + j) * job.step));
                }
            }
        }
    }
}

/// `G d G^T` of each tile of `R x R` outputs, zeros where it hangs over.
///
/// # Safety
/// The processor has the instruction set of `V`, and [`InputTiles::check`] passed for the output's sides and tiles of side `T`.
#[inline(always)]
pub(in crate::kernel::arch) unsafe fn gradient_tiles<V: Vector, const T: usize, const R: usize>(job: &mut InputTiles<'_>) {
    let Grid { output, .. } = job.grid;
    for (number, tile) in job.tiles.clone().enumerate() {
        let (image, [row, column]) = job.grid.place(tile);
        // SAFETY: `check` held images and tiles against the slices.
        unsafe {
            let map = job.map.as_ptr().add(image * output[0] * output[1] * LANES);
            let pixels: [[V; R]; R] = load(map, output, [row as isize, column as isize]);
            let tile: [[V; T]; T] = Filter::square(pixels);
            let out = job.out.as_mut_ptr().add(number * LANES);
            for (i, row) in tile.into_iter().enumerate() {
                for (j, value) in row.into_iter().enumerate() {
                    value.store(out.add((i * T + j) * job.step));
                }
            }
        }
    }
}
