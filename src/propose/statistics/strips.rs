//! Where cross products lie: tiles of 16 x 16 channels on and above the diagonal, up to three side by side in a strip.
//!
//! A strip is what one call of the kernel sums up and what one thread writes. It lies as `[lag][16 rows][columns of its tiles]`: first the
//! kept offsets, then, off the diagonal, their opposites but for the first; below the diagonal nothing is kept, because swapping the
//! channels turns the offset round. That makes `(half + opposites) C^2 / 2` numbers, as many as there are different ones.

use std::ops::Range;

use crate::kernel::LANES;

/// Tiles of a strip, at most: with three the kernel reads least for what it computes.
const TILES: usize = 3;

/// The cross products of a block of 16 channels with some other blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Strip {
    /// The block of channels at the head.
    pub(super) row: usize,
    /// The blocks at the tail: only `row`, or only later ones.
    pub(super) columns: Range<usize>,
    /// How many lags are kept.
    pub(super) lags: usize,
    /// Where its products begin.
    pub(super) begin: usize,
}

impl Strip {
    /// Channels side by side.
    pub(super) fn width(&self) -> usize {
        self.columns.len() * LANES
    }

    /// Numbers of one lag.
    pub(super) fn area(&self) -> usize {
        LANES * self.width()
    }
}

/// All strips of some channels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Strips {
    all: Vec<Strip>,
    /// For each pair of blocks, row by row, its strip.
    of_tile: Vec<u32>,
    blocks: usize,
    half: usize,
    len: usize,
}

impl Strips {
    /// For so many blocks of channels and kept offsets. Strips that read the same columns follow each other, so that these stay cached.
    pub(super) fn new(blocks: usize, half: usize) -> Strips {
        let mut all = Strips { all: Vec::new(), of_tile: vec![u32::MAX; blocks * blocks], blocks, half, len: 0 };
        for first in (0..blocks).step_by(TILES) {
            let end = (first + TILES).min(blocks);
            for row in 0..end {
                if row >= first {
                    all.push(row, row..row + 1, half);
                }
                all.push(row, first.max(row + 1)..end, 2 * half - 1);
            }
        }
        all
    }

    fn push(&mut self, row: usize, columns: Range<usize>, lags: usize) {
        if columns.is_empty() {
            return;
        }
        for column in columns.clone() {
            self.of_tile[row * self.blocks + column] = self.all.len() as u32;
        }
        let strip = Strip { row, columns, lags, begin: self.len };
        self.len += strip.lags * strip.area();
        self.all.push(strip);
    }

    /// Numbers of all.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Each strip with its part of the products.
    pub(super) fn cut<'a>(&self, products: &'a mut [f64]) -> Vec<(&Strip, &'a mut [f64])> {
        let mut rest = products;
        let mut parts = Vec::with_capacity(self.all.len());
        for strip in &self.all {
            let (part, others) = rest.split_at_mut(strip.lags * strip.area());
            parts.push((strip, part));
            rest = others;
        }
        parts
    }

    /// Where the product of a channel with another at a kept offset, or its opposite, lies.
    pub(super) fn find(&self, (offset, opposite): (usize, bool), channel: usize, other: usize) -> usize {
        let turned = channel / LANES > other / LANES || (channel / LANES == other / LANES && opposite);
        let (row, column) = if turned { (other, channel) } else { (channel, other) };
        let lag = if turned == opposite || offset == 0 { offset } else { self.half + offset - 1 };
        let strip = &self.all[self.of_tile[row / LANES * self.blocks + column / LANES] as usize];
        let within = column - strip.columns.start * LANES;
        strip.begin + lag * strip.area() + row % LANES * strip.width() + within
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_product_has_one_place_and_swapping_turns_the_offset() {
        let (blocks, half) = (5, 5);
        let strips = Strips::new(blocks, half);
        let mut places = BTreeSet::new();
        for channel in 0..blocks * LANES {
            for other in 0..blocks * LANES {
                for offset in 0..half {
                    let place = strips.find((offset, false), channel, other);
                    assert!(place < strips.len());
                    if offset > 0 || channel / LANES != other / LANES {
                        assert_eq!(place, strips.find((offset, offset > 0), other, channel));
                    }
                    places.insert(place);
                }
            }
        }
        assert_eq!(places.len(), strips.len());
    }
}
