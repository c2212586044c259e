//! Where a node's value, or the gradient of it, lies for a batch.

use std::ops::Range;
use std::sync::Arc;

use crate::base::Shape;
use crate::kernel::Blocked;
use crate::kernel::Channels;
use crate::kernel::LANES;

/// A batch of maps, blocked.
#[derive(Clone, Debug)]
pub(super) struct Map {
    /// The shape of one image.
    pub(super) shape: Shape,
    /// Images.
    pub(super) images: usize,
    /// Which channel each lane carries.
    pub(super) channels: Arc<Channels>,
    /// The first element in the arena.
    pub(super) begin: usize,
}

impl Map {
    /// Pixels of one image.
    pub(super) fn pixels(&self) -> usize {
        self.shape.pixels() as usize
    }

    /// Elements of a channel block.
    pub(super) fn plane(&self) -> usize {
        self.images * self.pixels() * LANES
    }

    /// Elements of all of it.
    pub(super) fn elements(&self) -> usize {
        self.channels.blocks() * self.plane()
    }

    /// Its part of the arena.
    pub(super) fn part(&self) -> Range<usize> {
        self.begin..self.begin + self.elements()
    }

    /// Its layout.
    pub(super) fn blocked(&self) -> Blocked<'_> {
        Blocked { channels: &self.channels, images: self.images, pixels: self.pixels() }
    }
}
