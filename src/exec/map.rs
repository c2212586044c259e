//! Where a node's value, or the gradient of it, lies for a batch.

use std::ops::Range;
use std::sync::Arc;

use crate::base::Shape;
use crate::kernel::Blocked;
use crate::kernel::Channels;
use crate::kernel::LANES;

/// A batch of maps, blocked.
#[derive(Clone, Debug)]
pub struct Map {
    /// The shape of one image.
    pub shape: Shape,
    /// Images.
    pub images: usize,
    /// Which channel each lane carries.
    pub channels: Arc<Channels>,
    /// The first element in the arena.
    pub begin: usize,
}

impl Map {
    /// Pixels of one image.
    pub fn pixels(&self) -> usize {
        self.shape.pixels() as usize
    }

    /// Elements of a channel block.
    pub fn plane(&self) -> usize {
        self.images * self.pixels() * LANES
    }

    /// Elements of all of it.
    pub fn elements(&self) -> usize {
        self.channels.blocks() * self.plane()
    }

    /// Its part of the arena.
    pub fn part(&self) -> Range<usize> {
        self.begin..self.begin + self.elements()
    }

    /// Its layout.
    pub fn blocked(&self) -> Blocked<'_> {
        Blocked { channels: &self.channels, images: self.images, pixels: self.pixels() }
    }
}
