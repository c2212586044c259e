//! Tiles that cover a convolution, and their transform from a map: straight from its pixels, or row by row from folded ones.

use std::ops::Range;

use crate::exec::steps::Folding;
use crate::kernel::Arch;
use crate::kernel::Channels;
use crate::kernel::Grid;
use crate::kernel::InputTiles;
use crate::kernel::LANES;
use crate::kernel::Panels;
use crate::kernel::TileShape;

/// Which tiles a convolution is computed by.
#[derive(Clone, Copy, Debug)]
pub(in crate::exec) struct Tiling {
    /// Their sides.
    pub(in crate::exec) shape: TileShape,
    /// Where they lie; of the folded input where it is folded.
    pub(in crate::exec) grid: Grid,
    /// Whether the input is folded first.
    pub(in crate::exec) folding: Option<Folding>,
}

impl Tiling {
    /// Rows of tiles of an image, and tiles of a row.
    pub(super) fn tiles(&self) -> [usize; 2] {
        self.grid.tiles()
    }

    /// Multiply-adds of so many rows of tiles at all points.
    pub(super) fn products(&self, panels: &Panels, rows: usize) -> u64 {
        let count = |channels: &Channels| channels.lanes().iter().map(|&lanes| u64::from(lanes)).sum::<u64>();
        let tiles = (rows * self.tiles()[1] * self.shape.points()) as u64;
        tiles * count(panels.rows()) * count(panels.columns())
    }

    /// Elements of the folded pixels under a row of tiles; none where nothing is folded.
    pub(super) fn band(&self) -> usize {
        self.folding.map_or(0, |_| self.shape.inputs() * self.band_columns() * LANES)
    }

    fn band_columns(&self) -> usize {
        self.tiles()[1] * self.shape.outputs() + self.shape.window() - 1
    }

    /// Transforms rows of tiles, counted through all images, of a block of the input into `[point][tile][16]`, points `step` elements apart.
    /// `band` is room for [`Tiling::band`].
    pub(super) fn transform(&self, arch: Arch, rows: Range<usize>, map: &[f32], band: &mut [f32], out: &mut [f32], step: usize) {
        let &Tiling { shape, grid, folding } = self;
        let [of_image, columns] = self.tiles();
        let Some(folding) = folding else {
            let tiles = rows.start * columns..rows.end * columns;
            return InputTiles { shape, grid, tiles, map, out, step }.run(arch);
        };
        let sides = [shape.inputs(), self.band_columns()];
        let image = folding.input[0] * folding.input[1] * LANES;
        let output = [shape.outputs(), columns * shape.outputs()];
        let grid = Grid { input: sides, output, pads: [0, 0], side: shape.outputs() };
        for (number, row) in rows.enumerate() {
            let map = &map[row / of_image * image..][..image];
            folding.band(map, [row % of_image * shape.outputs(), 0], sides, band);
            let out = &mut out[number * columns * LANES..];
            InputTiles { shape, grid, tiles: 0..columns, map: band, out, step }.run(arch);
        }
    }
}
