//! Gradients of weights by Winograd's tiles: the gradient of a tile of outputs takes the window's place, and what comes out is a window.
//!
//! ```text
//!   for each group of images:  transform tiles of the input and of the gradient      [block][point][tile][16]
//!                              at every point  S += V^T W, summed over tiles         S [panel][point][block][lane][panel's channels]
//!   in the end:                transform S into windows, once
//! ```
//!
//! Groups follow one another and a point's sum is one task, so the order of sums hangs on the layer's size alone.

use rayon::iter::IndexedParallelIterator;
use rayon::iter::IntoParallelIterator;
use rayon::iter::IntoParallelRefIterator;
use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSliceMut;

use crate::exec::steps::Tiling;
use crate::exec::steps::winograd::with_room;
use crate::kernel::Arch;
use crate::kernel::InputTiles;
use crate::kernel::LANES;
use crate::kernel::Panels;
use crate::kernel::Run;
use crate::kernel::WeightGradient;
use crate::kernel::WindowGradient;

/// Bytes of transformed tiles of a group of images, unless one image has more: a last cache holds them.
const GROUP: usize = 8 << 20;

/// The gradients of a convolution's weights over a batch: at every point a product of tiles of the input with those of the gradient, summed over
/// groups of images one after the other.
#[derive(Debug)]
pub(in crate::exec) struct WinogradWeighing {
    tiling: Tiling,
    panels: Panels,
    images: usize,
    /// Images whose tiles are transformed together.
    group: usize,
}

impl WinogradWeighing {
    /// For panels whose rows and columns are all connected; those of the folded input where it is folded.
    pub(in crate::exec) fn new(tiling: Tiling, panels: Panels, images: usize) -> WinogradWeighing {
        let [rows, columns] = tiling.tiles();
        let blocks = panels.rows().blocks() + panels.columns().blocks();
        let of_image = tiling.shape.points() * rows * columns * blocks * LANES * size_of::<f32>();
        let group = (GROUP / of_image.max(1)).clamp(1, images.max(1));
        WinogradWeighing { tiling, panels, images, group }
    }

    /// Multiply-adds at all points.
    pub(super) fn products(&self) -> u64 {
        self.tiling.products(&self.panels, self.images * self.tiling.tiles()[0])
    }

    /// Elements of the sums.
    fn sums(&self) -> usize {
        self.panels.elements_at(self.tiling.shape.points())
    }

    /// Elements from one block of a group's transformed tiles to the next.
    fn of_block(&self) -> usize {
        let [rows, columns] = self.tiling.tiles();
        self.tiling.shape.points() * step(self.group * rows * columns)
    }

    /// Elements that are needed beside: sums, and a group's tiles of both maps.
    pub(in crate::exec) fn scratch(&self) -> usize {
        self.sums() + (self.panels.rows().blocks() + self.panels.columns().blocks()) * self.of_block()
    }

    /// Adds to `d_weights`.
    pub(in crate::exec) fn run(
        &self,
        arch: Arch,
        [input, d_out]: [&[f32]; 2],
        planes: [usize; 2],
        scratch: &mut [f32],
        d_weights: &mut [f32],
    ) {
        let Tiling { shape, grid, folding } = self.tiling;
        let [rows, columns] = grid.tiles();
        let (of_image, points) = (rows * columns, shape.points());
        let (sums, tiles) = scratch[..self.scratch()].split_at_mut(self.sums());
        sums.fill(0.0);
        for first in (0..self.images).step_by(self.group) {
            let images = first..(first + self.group).min(self.images);
            let count = images.len() * of_image;
            let step = step(count);
            tiles.par_chunks_exact_mut(self.of_block()).enumerate().for_each(|(block, out)| {
                if let Some(block) = block.checked_sub(self.panels.rows().blocks()) {
                    let map = &d_out[block * planes[1]..][..planes[1]];
                    let tiles = images.start * of_image..images.end * of_image;
                    return InputTiles { shape, grid, tiles, map, out, step }.run_gradient(arch);
                }
                let (of_rows, map) = (images.start * rows..images.end * rows, &input[block * planes[0]..][..planes[0]]);
                with_room(self.tiling.band(), |band| self.tiling.transform(arch, of_rows, map, band, out, step));
            });
            let (inputs, gradients) = tiles.split_at(self.panels.rows().blocks() * self.of_block());
            let runs = [Run { input: 0, output: 0, pixels: count as u32 }];
            let mut tasks = Vec::with_capacity(points * self.panels.panels().len());
            for (panel, sums) in self.panels.cut(points, sums) {
                let of_point = sums.len() / points;
                tasks.extend(sums.chunks_exact_mut(of_point).enumerate().map(|(point, sums)| (panel, point, sums)));
            }
            tasks.into_par_iter().for_each(|(panel, point, sums)| {
                let of =
                    |block: usize| block * self.of_block() + point * step..block * self.of_block() + point * step + count * LANES;
                let d_out: Vec<&[f32]> = panel.columns.clone().map(|block| &gradients[of(block)]).collect();
                let mut rest = sums;
                for block in panel.rows.clone() {
                    let lanes = self.panels.rows().lanes()[block] as usize;
                    let (of_block, behind) = rest.split_at_mut(lanes * d_out.len() * LANES);
                    rest = behind;
                    let input = &inputs[of(block)];
                    WeightGradient { input, step: LANES, lanes, d_out: &d_out, runs: &runs }.run(arch, of_block);
                }
            });
        }
        let windows: Vec<Vec<f32>> = self
            .panels
            .panels()
            .par_iter()
            .map(|panel| {
                let mut out = vec![0.0; panel.part.len()];
                let lanes = &self.panels.rows().lanes()[panel.rows.clone()];
                let sums = &sums[self.panels.part(panel, points)];
                WindowGradient { shape, lanes, columns: panel.columns.len(), sums, out: &mut out }.run(arch);
                out
            })
            .collect();
        let Some(folding) = folding else {
            return self.add(&windows, d_weights);
        };
        let channels = [self.panels.columns(), self.panels.rows()].map(|channels| channels.count() as usize);
        let mut folded = vec![0.0; channels[0] * channels[1] * shape.window().pow(2)];
        self.add(&windows, &mut folded);
        folding.unfold_add(&folded, d_weights);
    }

    fn add(&self, windows: &[Vec<f32>], d_weights: &mut [f32]) {
        for (panel, windows) in self.panels.panels().iter().zip(windows) {
            self.panels.unpack_add(panel, windows, d_weights);
        }
    }
}

/// Elements from one point of so many tiles of a block to the next: points do not share cache sets.
const fn step(tiles: usize) -> usize {
    tiles * LANES + LANES
}
