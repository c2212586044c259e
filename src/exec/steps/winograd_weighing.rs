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

use crate::exec::steps::Folding;
use crate::exec::steps::winograd::folded_tiles;
use crate::exec::steps::winograd::with_band;
use crate::kernel::Arch;
use crate::kernel::Grid;
use crate::kernel::InputTiles;
use crate::kernel::LANES;
use crate::kernel::Panel;
use crate::kernel::Panels;
use crate::kernel::Run;
use crate::kernel::TileShape;
use crate::kernel::WeightGradient;
use crate::kernel::WindowGradient;

/// Bytes of transformed tiles of a group of images, unless one image has more: a last cache holds them.
const GROUP: usize = 8 << 20;

/// The gradients of a convolution's weights over a batch: at every point a product of tiles of the input with those of the gradient, summed over
/// groups of images one after the other.
#[derive(Debug)]
pub(in crate::exec) struct WinogradWeighing {
    shape: TileShape,
    grid: Grid,
    panels: Panels,
    images: usize,
    folding: Option<Folding>,
    /// Images whose tiles are transformed together.
    group: usize,
}

impl WinogradWeighing {
    /// For panels whose rows and columns are all connected.
    pub(in crate::exec) fn new(shape: TileShape, grid: Grid, panels: Panels, images: usize) -> WinogradWeighing {
        let [rows, columns] = grid.tiles();
        let blocks = panels.rows().blocks() + panels.columns().blocks();
        let of_image = shape.points() * rows * columns * blocks * LANES * size_of::<f32>();
        let group = (GROUP / of_image.max(1)).clamp(1, images.max(1));
        WinogradWeighing { shape, grid, panels, images, folding: None, group }
    }

    /// With an input that is folded first; grid and panels are those of the folded input.
    pub(in crate::exec) fn folded(self, folding: Folding) -> WinogradWeighing {
        WinogradWeighing { folding: Some(folding), ..self }
    }

    /// Elements of the sums, `[point][panel]`.
    fn sums(&self) -> usize {
        self.panels.elements() / self.shape.window().pow(2) * self.shape.points()
    }

    /// Elements from one block of a group's transformed tiles to the next.
    fn of_block(&self) -> usize {
        let [rows, columns] = self.grid.tiles();
        self.shape.points() * step(self.group * rows * columns)
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
        let [rows, columns] = self.grid.tiles();
        let (of_image, points) = (rows * columns, self.shape.points());
        let (sums, tiles) = scratch[..self.scratch()].split_at_mut(self.sums());
        sums.fill(0.0);
        for first in (0..self.images).step_by(self.group) {
            let images = first..(first + self.group).min(self.images);
            let count = images.len() * of_image;
            let step = step(count);
            tiles.par_chunks_exact_mut(self.of_block()).enumerate().for_each(|(block, out)| {
                let of_columns = block.checked_sub(self.panels.rows().blocks());
                let tiles = images.start * of_image..images.end * of_image;
                let (shape, grid) = (self.shape, self.grid);
                match (of_columns, self.folding) {
                    (None, Some(folding)) => with_band(shape, grid, |of_band| {
                        let of_rows = images.start * rows..images.end * rows;
                        folded_tiles(arch, shape, grid, folding, of_rows, input, of_band, out, step);
                    }),
                    (None, None) => {
                        let map = &input[block * planes[0]..][..planes[0]];
                        InputTiles { shape, grid, tiles, map, out, step }.run(arch);
                    }
                    (Some(block), _) => {
                        let map = &d_out[block * planes[1]..][..planes[1]];
                        InputTiles { shape, grid, tiles, map, out, step }.run_gradient(arch);
                    }
                }
            });
            let (inputs, gradients) = tiles.split_at(self.panels.rows().blocks() * self.of_block());
            let runs = [Run { input: 0, output: 0, pixels: count as u32 }];
            let mut tasks = Vec::with_capacity(points * self.panels.panels().len());
            let mut rest = &mut *sums;
            for panel in self.panels.panels() {
                let (of_panel, behind) = rest.split_at_mut(panel.part.len() / self.shape.window().pow(2) * points);
                rest = behind;
                let of_point = of_panel.len() / points;
                tasks.extend(of_panel.chunks_exact_mut(of_point).enumerate().map(|(point, sums)| (panel, point, sums)));
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
        let mut begin = 0;
        let parts: Vec<(&Panel, &[f32])> = self
            .panels
            .panels()
            .iter()
            .map(|panel| {
                let length = panel.part.len() / self.shape.window().pow(2) * points;
                begin += length;
                (panel, &sums[begin - length..begin])
            })
            .collect();
        let windows: Vec<Vec<f32>> = parts
            .par_iter()
            .map(|(panel, sums)| {
                let mut out = vec![0.0; panel.part.len()];
                let lanes = &self.panels.rows().lanes()[panel.rows.clone()];
                WindowGradient { shape: self.shape, lanes, columns: panel.columns.len(), sums, out: &mut out }.run(arch);
                out
            })
            .collect();
        let Some(folding) = self.folding else {
            return self.add(&windows, d_weights);
        };
        let channels = [self.panels.columns(), self.panels.rows()].map(|channels| channels.count() as usize);
        let mut folded = vec![0.0; channels[0] * channels[1] * self.shape.window().pow(2)];
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
