//! `M = V * U` at one point: tiles by channels times channels by a panel, in register blocks of `R` tiles and `B` blocks of columns.

#![allow(unsafe_code)]

use crate::kernel::LANES;
use crate::kernel::arch::vector::Vector;
use crate::kernel::arch::vector::prefetch;
use crate::kernel::arch::vector::share;

/// A product of matrices at one point.
#[derive(Clone, Copy, Debug)]
pub struct Product<'a> {
    /// `V` at the point, `[block][tile][16]`.
    pub tiles: &'a [f32],
    /// How many tiles there are.
    pub count: usize,
    /// For each block of rows the lanes that carry channels.
    pub lanes: &'a [u8],
    /// `U` at the point, `[block][lane][panel's channels]`.
    pub filters: &'a [f32],
    /// Blocks of columns.
    pub columns: usize,
    /// Elements from one tile's sums to the next's.
    pub step: usize,
    /// The filters that come next: they are asked for while these are multiplied.
    pub next: &'a [f32],
}

impl Product<'_> {
    /// Panics unless every access of [`product`] lies in its slice.
    pub(in crate::kernel::arch) fn check(&self, sums: &[f32]) {
        let rows: usize = self.lanes.iter().map(|&lanes| lanes as usize).sum();
        assert!(self.lanes.iter().all(|&lanes| lanes as usize <= LANES), "a block has sixteen lanes");
        assert_eq!(self.tiles.len(), self.lanes.len() * self.count * LANES, "tiles of the point");
        assert_eq!(self.filters.len(), rows * self.columns * LANES, "filters of the panel");
        assert!(self.count == 0 || (self.count - 1) * self.step + self.columns * LANES <= sums.len(), "room for the sums");
    }
}

/// The sums of `R` tiles from `first` on.
///
/// # Safety
/// The processor has the instruction set of `V`; [`Product::check`] passed for the panel's `B` blocks; `first + R` is at most the count.
#[inline(always)]
pub(in crate::kernel::arch) unsafe fn product<V: Vector, const B: usize, const R: usize>(
    job: &Product<'_>,
    first: usize,
    sums: &mut [f32],
    next: &[f32],
) {
    // SAFETY: `check` held tiles, filters and sums against their slices; filters are walked once from beginning to end.
    unsafe {
        let mut block_sums = [[V::splat(0.0); B]; R];
        let mut filters = job.filters.as_ptr();
        for (block, &lanes) in job.lanes.iter().enumerate() {
            let tiles = job.tiles.as_ptr().add((block * job.count + first) * LANES);
            for line in share(next, block, job.lanes.len()).chunks(LANES) {
                prefetch(line);
            }
            for lane in 0..lanes as usize {
                let mut columns = [V::splat(0.0); B];
                for b in 0..B {
                    columns[b] = V::load(filters.add(b * LANES));
                }
                for r in 0..R {
                    let value = V::splat_at(tiles.add(r * LANES + lane));
                    for b in 0..B {
                        block_sums[r][b] = block_sums[r][b].madd(value, columns[b]);
                    }
                }
                filters = filters.add(B * LANES);
            }
        }
        for (r, row) in block_sums.into_iter().enumerate() {
            for (b, sum) in row.into_iter().enumerate() {
                sum.store(sums.as_mut_ptr().add((first + r) * job.step + b * LANES));
            }
        }
    }
}
