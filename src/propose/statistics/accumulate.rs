//! Adds to a strip's cross products those of more images (Chan, Golub and `LeVeque` 1979, for two channels over two windows):
//! `M = M_a + M_b + (a_a - a_b)(b_a - b_b) n_a n_b / (n_a + n_b)`, with the head's means `a` and the tail's `b`.

use crate::kernel::LANES;
use crate::propose::statistics::means::Means;
use crate::propose::statistics::strips::Strip;

/// A product of two channels' numbers times one of the offset, which is added to all cross products.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rank1<'a> {
    pub(super) means: &'a Means,
    /// For each kept offset.
    pub(super) weights: &'a [f64],
}

impl Rank1<'_> {
    /// Adds it to the products of a strip.
    pub(super) fn add(&self, strip: &Strip, products: &mut [f64]) {
        let width = strip.width();
        for (lag, products) in products.chunks_exact_mut(strip.area()).enumerate() {
            let (offset, turned) = source(lag, self.weights.len());
            let rows = &self.means.side(offset, usize::from(turned))[strip.row * LANES..][..LANES];
            let columns = &self.means.side(offset, usize::from(!turned))[strip.columns.start * LANES..][..width];
            for (products, row) in products.chunks_exact_mut(width).zip(rows) {
                let factor = row * self.weights[offset];
                for (product, column) in products.iter_mut().zip(columns) {
                    *product += factor * column;
                }
            }
        }
    }
}

/// The kept offset of a lag, and whether the lag is its opposite.
pub(super) fn source(lag: usize, half: usize) -> (usize, bool) {
    if lag < half { (lag, false) } else { (lag - half + 1, true) }
}

/// Adds `scale_i scale_j (even + odd)`, for opposites `scale_i scale_j (even - odd)`.
pub(super) fn add_raw(strip: &Strip, half: usize, scale: &[f64], [even, odd]: [&[f32]; 2], products: &mut [f64]) {
    let (area, width) = (strip.area(), strip.width());
    let rows = &scale[strip.row * LANES..][..LANES];
    let columns = &scale[strip.columns.start * LANES..][..width];
    for (lag, products) in products.chunks_exact_mut(area).enumerate() {
        let (offset, turned) = source(lag, half);
        let sign = if turned { -1.0 } else { 1.0 };
        let pairs = even[offset * area..][..area].chunks_exact(width).zip(odd[offset * area..][..area].chunks_exact(width));
        for ((products, (even, odd)), row) in products.chunks_exact_mut(width).zip(pairs).zip(rows) {
            for (((product, &even), &odd), column) in products.iter_mut().zip(even).zip(odd).zip(columns) {
                *product += f64::from(even + sign * odd) * (row * column);
            }
        }
    }
}
