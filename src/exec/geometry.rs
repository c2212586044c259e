//! Tables of taps for windows.

use crate::base::Shape;
use crate::kernel::Taps;
use crate::op::Window;

/// Output pixels that a table should have at least, so that register blocks are full.
const PIXELS: usize = 96;

/// A table for a group of images, as many as make up enough pixels, and how many images that are: a divisor of the batch.
pub(super) fn table(window: Window, input: Shape, out: Shape, images: usize, pixels: u64) -> (Taps, usize) {
    let group = group(images, pixels as usize);
    let [kh, kw] = window.kernel;
    let under = |pixel: usize, tap: usize| {
        let (y, x) = (pixel as u32 / out.w, pixel as u32 % out.w);
        let (dy, dx) = (tap as u32 / kw, tap as u32 % kw);
        let (row, column) = (window.tap(0, input.h, y, dy)?, window.tap(1, input.w, x, dx)?);
        Some((row * input.w + column) as usize)
    };
    let sides = [input.pixels() as usize, out.pixels() as usize];
    (Taps::new(group, sides, (kh * kw) as usize, under), group)
}

/// The least divisor of the batch that gives enough pixels.
fn group(images: usize, pixels: usize) -> usize {
    let divisors = (1..=images).filter(|group| images.is_multiple_of(*group));
    divisors.into_iter().find(|group| group * pixels >= PIXELS).unwrap_or(images)
}
