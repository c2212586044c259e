//! Which input pixel lies under which tap of which output pixel: the geometry of convolutions and pools as one table of offsets.
//!
//! The table stands for a group of images; a kernel walks its output pixels in any number at a time. That it may list output pixels in any
//! order makes the gradient of a convolution's input a convolution like any other, strides included: pixels under which
//! the same taps lie stand side by side, and a tap that lies under none of them is left out.

use crate::kernel::LANES;

/// The offset of a tap that lies on padding.
pub const NOWHERE: u32 = u32::MAX;

/// Offsets of input pixels by output pixel and tap.
#[allow(clippy::struct_field_names, reason = "how many there are is named like them")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taps {
    /// `[tap][pixel]`: the element at which the input pixel begins, within a channel block and the first image of a group.
    from: Vec<u32>,
    /// For each output pixel the element at which it begins.
    to: Vec<u32>,
    taps: usize,
    /// Elements of a channel block that a group reads.
    reads: usize,
    /// Elements of a channel block that a group writes.
    writes: usize,
    /// Whether it is known that no tap lies on padding.
    is_filled: bool,
}

impl Taps {
    /// The table of a group of images. `under` gives, for an output pixel and a tap of one image, the input pixel, if there is one;
    /// `pixels` are those of one image of the input and of the output.
    pub fn new(images: usize, pixels: [usize; 2], taps: usize, under: impl Fn(usize, usize) -> Option<usize>) -> Taps {
        let [inputs, outputs] = pixels;
        let (reads, writes) = (images * inputs * LANES, images * outputs * LANES);
        assert!(reads.max(writes) < NOWHERE as usize, "a group of images is small enough for offsets of 32 bits");
        let mut from = Vec::with_capacity(taps * images * outputs);
        for tap in 0..taps {
            let of_image: Vec<Option<usize>> = (0..outputs).map(|pixel| under(pixel, tap)).collect();
            assert!(of_image.iter().flatten().all(|&pixel| pixel < inputs), "a tap lies on the map or on padding");
            for image in 0..images {
                let offset = |pixel: usize| ((image * inputs + pixel) * LANES) as u32;
                from.extend(of_image.iter().map(|pixel| pixel.map_or(NOWHERE, offset)));
            }
        }
        let to = (0..images * outputs).map(|pixel| (pixel * LANES) as u32).collect();
        Taps { from, to, taps, reads, writes, is_filled: false }
    }

    /// The table that leads back: under each input pixel the output pixels that read it, with the same taps. Pixels with the same
    /// taps stand together.
    #[must_use]
    pub fn reversed(&self) -> Taps {
        let pixels = self.reads / LANES;
        let mut from = vec![NOWHERE; self.taps * pixels];
        for (tap, row) in self.from.chunks_exact(self.pixels()).enumerate() {
            for (&input, &output) in row.iter().zip(&self.to).filter(|&(&input, _)| input != NOWHERE) {
                from[tap * pixels + input as usize / LANES] = output;
            }
        }
        let key = |pixel: usize| (0..self.taps).map(|tap| from[tap * pixels + pixel] == NOWHERE).collect::<Vec<bool>>();
        let mut order: Vec<usize> = (0..pixels).collect();
        order.sort_by_cached_key(|&pixel| key(pixel));
        let from =
            (0..self.taps).flat_map(|tap| order.iter().map(move |&pixel| tap * pixels + pixel)).map(|at| from[at]).collect();
        let to = order.iter().map(|&pixel| (pixel * LANES) as u32).collect();
        Taps { from, to, taps: self.taps, reads: self.writes, writes: self.reads, is_filled: false }
    }

    /// The table that leads back where it does not matter by which tap an output pixel reads: under each input pixel those that read it, in the
    /// order of their taps, as many as read the pixel that most of them read. A global pool's has one tap.
    #[must_use]
    pub fn readers(&self) -> Taps {
        let mut readers = vec![Vec::new(); self.reads / LANES];
        for row in self.from.chunks_exact(self.pixels().max(1)) {
            for (&input, &output) in row.iter().zip(&self.to).filter(|&(&input, _)| input != NOWHERE) {
                readers[input as usize / LANES].push(output);
            }
        }
        let taps = readers.iter().map(Vec::len).max().unwrap_or(0);
        let of_tap = |tap: usize| readers.iter().map(move |readers| readers.get(tap).copied().unwrap_or(NOWHERE));
        let from = (0..taps).flat_map(of_tap).collect();
        let to = (0..readers.len()).map(|pixel| (pixel * LANES) as u32).collect();
        Taps { from, to, taps, reads: self.writes, writes: self.reads, is_filled: false }
    }

    /// The table for what does not mind that a pixel is read twice: taps on padding read what the first other tap of their window reads. The
    /// same table where a window lies on padding as a whole.
    #[must_use]
    pub fn filled(mut self) -> Taps {
        let pixels = self.pixels();
        let first = |pixel: usize| (0..self.taps).map(|tap| self.from[tap * pixels + pixel]).find(|&from| from != NOWHERE);
        let Some(firsts) = (0..pixels).map(first).collect::<Option<Vec<u32>>>() else { return self };
        for row in self.from.chunks_exact_mut(pixels.max(1)) {
            row.iter_mut().zip(&firsts).filter(|(from, _)| **from == NOWHERE).for_each(|(from, &first)| *from = first);
        }
        self.is_filled = true;
        self
    }

    /// Whether it is known that no tap lies on padding.
    pub fn is_filled(&self) -> bool {
        self.is_filled
    }

    /// The input offsets of all taps, `[tap][pixel]`.
    pub fn offsets(&self) -> &[u32] {
        &self.from
    }

    /// How many taps a window has.
    pub fn taps(&self) -> usize {
        self.taps
    }

    /// Output pixels of the group.
    pub fn pixels(&self) -> usize {
        self.to.len()
    }

    /// Elements of a channel block that a group reads.
    pub fn reads(&self) -> usize {
        self.reads
    }

    /// Elements of a channel block that a group writes.
    pub fn writes(&self) -> usize {
        self.writes
    }

    /// The input offsets of a tap, for each output pixel in order; [`NOWHERE`] on padding. All others are multiples of 16 below
    /// [`Taps::reads`].
    pub fn from(&self, tap: usize) -> &[u32] {
        &self.from[tap * self.pixels()..][..self.pixels()]
    }

    /// The offsets of the output pixels in order; multiples of 16 below [`Taps::writes`].
    pub fn to(&self) -> &[u32] {
        &self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_are_those_that_read_a_pixel_and_no_more() {
        // Two images of nine pixels, all of them under one window.
        let global = Taps::new(2, [9, 1], 9, |_, tap| Some(tap)).readers();
        assert_eq!((global.taps(), global.pixels(), global.reads(), global.writes()), (1, 18, 2 * LANES, 18 * LANES));
        assert!((0..18).all(|pixel| global.from(0)[pixel] as usize == pixel / 9 * LANES));
        // Windows of three pixels at every second of five, the first half on padding.
        let row = Taps::new(1, [5, 3], 3, |pixel, tap| (2 * pixel + tap).checked_sub(1).filter(|&at| at < 5)).readers();
        let at = |tap: usize, pixel: usize| {
            Some(row.from(tap)[pixel]).filter(|&from| from != NOWHERE).map(|from| from as usize / LANES)
        };
        assert_eq!(row.taps(), 2);
        assert_eq!(
            [0, 1, 2, 3, 4].map(|pixel| [at(0, pixel), at(1, pixel)]),
            [[Some(0), None], [Some(1), Some(0)], [Some(1), None], [Some(2), Some(1)], [Some(2), None]]
        );
    }
}
