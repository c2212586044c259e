//! Which tiles there are, and how they cover a map.

/// `F(m x m, r x r)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TileShape {
    /// 2 x 2 outputs of 3 x 3 windows: 16 products for 36.
    F2x3,
    /// 4 x 4 outputs of 3 x 3 windows: 36 products for 144.
    F4x3,
    /// 2 x 2 outputs of 5 x 5 windows: 36 products for 100.
    F2x5,
    /// 4 x 4 outputs of 5 x 5 windows: 64 products for 400.
    F4x5,
    /// 3 x 3 outputs of 4 x 4 windows: 36 products for 144.
    F3x4,
}

impl TileShape {
    /// All of them.
    pub const ALL: [TileShape; 5] = [TileShape::F2x3, TileShape::F4x3, TileShape::F2x5, TileShape::F4x5, TileShape::F3x4];

    /// Outputs along a side.
    pub const fn outputs(self) -> usize {
        match self {
            TileShape::F2x3 | TileShape::F2x5 => 2,
            TileShape::F3x4 => 3,
            TileShape::F4x3 | TileShape::F4x5 => 4,
        }
    }

    /// Taps along a side of the window.
    pub const fn window(self) -> usize {
        match self {
            TileShape::F2x3 | TileShape::F4x3 => 3,
            TileShape::F3x4 => 4,
            TileShape::F2x5 | TileShape::F4x5 => 5,
        }
    }

    /// Inputs along a side.
    pub const fn inputs(self) -> usize {
        self.outputs() + self.window() - 1
    }

    /// Points, at each of which channels are multiplied.
    pub const fn points(self) -> usize {
        self.inputs() * self.inputs()
    }
}

/// A map cut into tiles, row by row and image by image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Rows and columns of the input.
    pub input: [usize; 2],
    /// Rows and columns of the output.
    pub output: [usize; 2],
    /// Rows and columns of zeros before the input.
    pub pads: [usize; 2],
    /// Outputs along a side of a tile.
    pub side: usize,
}

impl Grid {
    /// Rows and columns of tiles of an image.
    pub const fn tiles(&self) -> [usize; 2] {
        [self.output[0].div_ceil(self.side), self.output[1].div_ceil(self.side)]
    }

    /// Output pixels before the tile row of that number, rows of images one behind the other.
    pub const fn pixels_before(&self, row: usize) -> usize {
        let [rows, _] = self.tiles();
        let within = row % rows * self.side;
        let within = if within < self.output[0] { within } else { self.output[0] };
        (row / rows * self.output[0] + within) * self.output[1]
    }

    /// A tile's image, and the first row and column of its outputs.
    pub(super) const fn place(&self, tile: usize) -> (usize, [usize; 2]) {
        let [rows, columns] = self.tiles();
        let (row, column) = (tile / columns, tile % columns);
        (row / rows, [row % rows * self.side, column * self.side])
    }
}
