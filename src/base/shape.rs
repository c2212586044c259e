//! The shape of one image's activations: channels, height, width.

use std::fmt;

/// `[channels, height, width]` of one image; the batch is never part of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shape {
    /// Channels.
    pub c: u32,
    /// Rows.
    pub h: u32,
    /// Columns.
    pub w: u32,
}

impl Shape {
    /// `c` channels of `h` x `w`.
    pub const fn new(c: u32, h: u32, w: u32) -> Shape {
        Shape { c, h, w }
    }

    /// Elements of one channel, `h * w`.
    pub const fn pixels(self) -> u64 {
        self.h as u64 * self.w as u64
    }

    /// All elements, `c * h * w`; exact, for no product of three `u32` exceeds a `u128`.
    pub const fn elements(self) -> u128 {
        self.c as u128 * self.pixels() as u128
    }

    /// The same channels on another grid.
    #[must_use]
    pub const fn on_grid(self, [h, w]: [u32; 2]) -> Shape {
        Shape { c: self.c, h, w }
    }

    /// The same grid with another number of channels.
    #[must_use]
    pub const fn with_channels(self, c: u32) -> Shape {
        Shape { c, h: self.h, w: self.w }
    }
}

/// `64x112x112`, and just `1000` for a vector (a 1 x 1 grid).
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.h == 1 && self.w == 1 { f.pad(&self.c.to_string()) } else { f.pad(&format!("{}x{}x{}", self.c, self.h, self.w)) }
    }
}
