//! `U = G g G^T` of packed weights, and back: the gradient of windows from sums over tiles, `A^T S A`.

#![allow(unsafe_code)]

use crate::kernel::LANES;
use crate::kernel::arch::vector::Vector;
use crate::kernel::arch::winograd::TileShape;
use crate::kernel::arch::winograd::transform::Filter;
use crate::kernel::arch::winograd::transform::Output;
use crate::kernel::arch::winograd::transform::Transform;

/// One panel's weights, transformed.
#[derive(Debug)]
pub struct Filters<'a> {
    /// Which tiles.
    pub shape: TileShape,
    /// For each block of rows the lanes that carry channels.
    pub lanes: &'a [u8],
    /// Blocks of columns.
    pub columns: usize,
    /// Whether windows are turned about, as the gradient of an input takes them.
    pub turned: bool,
    /// As contractions read them, `[block][tap][lane][panel's channels]`.
    pub weights: &'a [f32],
    /// Gets them as `[point][block][lane][panel's channels]`.
    pub out: &'a mut [f32],
}

/// The gradient of one panel's windows.
#[derive(Debug)]
pub struct WindowGradient<'a> {
    /// Which tiles.
    pub shape: TileShape,
    /// For each block of rows the lanes that carry channels.
    pub lanes: &'a [u8],
    /// Blocks of columns.
    pub columns: usize,
    /// Sums over tiles, `[point][block][lane][panel's channels]`.
    pub sums: &'a [f32],
    /// Gets the gradient, `[block][tap][lane][panel's channels]`.
    pub out: &'a mut [f32],
}

/// Vectors of all lanes of a panel.
fn vectors(lanes: &[u8], columns: usize) -> usize {
    assert!(lanes.iter().all(|&lanes| lanes as usize <= LANES), "a block has sixteen lanes");
    lanes.iter().map(|&lanes| lanes as usize).sum::<usize>() * columns
}

impl Filters<'_> {
    /// Panics unless every access of [`filters`] lies in its slice.
    pub(in crate::kernel::arch) fn check(&self) {
        let vectors = vectors(self.lanes, self.columns);
        assert_eq!(self.weights.len(), vectors * self.shape.window().pow(2) * LANES, "weights of the panel");
        assert_eq!(self.out.len(), vectors * self.shape.points() * LANES, "room for the panel");
    }
}

impl WindowGradient<'_> {
    /// Panics unless every access of [`window_gradient`] lies in its slice.
    pub(in crate::kernel::arch) fn check(&self) {
        let vectors = vectors(self.lanes, self.columns);
        assert_eq!(self.sums.len(), vectors * self.shape.points() * LANES, "sums of the panel");
        assert_eq!(self.out.len(), vectors * self.shape.window().pow(2) * LANES, "room for the panel");
    }
}

/// # Safety
/// The processor has the instruction set of `V`, and [`Filters::check`] passed for windows of `R x R` and `T x T` points.
#[inline(always)]
pub(in crate::kernel::arch) unsafe fn filters<V: Vector, const T: usize, const R: usize>(job: &mut Filters<'_>) {
    let step = job.out.len() / (T * T);
    let mut begin = 0;
    for &lanes in job.lanes {
        let vectors = lanes as usize * job.columns;
        for vector in 0..vectors {
            // SAFETY: `check` held both slices against the vectors of all lanes.
            unsafe {
                let weights = job.weights.as_ptr().add((begin * R * R + vector) * LANES);
                let mut window = [[V::splat(0.0); R]; R];
                for (i, row) in window.iter_mut().enumerate() {
                    for (j, weight) in row.iter_mut().enumerate() {
                        let tap = if job.turned { R * R - 1 - (i * R + j) } else { i * R + j };
                        *weight = V::load(weights.add(tap * vectors * LANES));
                    }
                }
                let points: [[V; T]; T] = Filter::square(window);
                let out = job.out.as_mut_ptr().add((begin + vector) * LANES);
                for (i, row) in points.into_iter().enumerate() {
                    for (j, value) in row.into_iter().enumerate() {
                        value.store(out.add((i * T + j) * step));
                    }
                }
            }
        }
        begin += vectors;
    }
}

/// # Safety
/// The processor has the instruction set of `V`, and [`WindowGradient::check`] passed for windows of `R x R` and `T x T` points.
#[inline(always)]
pub(in crate::kernel::arch) unsafe fn window_gradient<V: Vector, const T: usize, const R: usize>(job: &mut WindowGradient<'_>) {
    let step = job.sums.len() / (T * T);
    let mut begin = 0;
    for &lanes in job.lanes {
        let vectors = lanes as usize * job.columns;
        for vector in 0..vectors {
            // SAFETY: `check` held both slices against the vectors of all lanes.
            unsafe {
                let sums = job.sums.as_ptr().add((begin + vector) * LANES);
                let mut points = [[V::splat(0.0); T]; T];
                for (i, row) in points.iter_mut().enumerate() {
                    for (j, sum) in row.iter_mut().enumerate() {
                        *sum = V::load(sums.add((i * T + j) * step));
                    }
                }
                let window: [[V; R]; R] = Output::square(points);
                let out = job.out.as_mut_ptr().add((begin * R * R + vector) * LANES);
                for (i, row) in window.into_iter().enumerate() {
                    for (j, value) in row.into_iter().enumerate() {
                        value.store(out.add((i * R + j) * vectors * LANES));
                    }
                }
            }
        }
        begin += vectors;
    }
}
