//! The kernels compiled for each instruction set, and the choice among them.

#![allow(unsafe_code)]

use std::ops::Range;

use crate::kernel::LANES;
use crate::kernel::arch::Arch;
use crate::kernel::arch::Contract;
use crate::kernel::arch::MaxPool;
use crate::kernel::arch::MaxPoolGradient;
use crate::kernel::arch::NormGradient;
use crate::kernel::arch::NormSums;
use crate::kernel::arch::WeightGradient;
use crate::kernel::arch::choice::Set;

/// The kernels of one instruction set: for each number of blocks the numbers of rows that a register block may have.
macro_rules! kernels {
    (
        $set:ident, $vector:ty, $(#[$feature:meta])?
        contract: $($blocks:literal x $($rows:literal)*;)*
        weights: $($columns:literal x $($lines:literal)*;)*
    ) => {
        mod $set {
            use super::*;
            use crate::kernel::arch::contract;
            use crate::kernel::arch::norm;
            use crate::kernel::arch::pool;
            use crate::kernel::arch::weights;

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            pub(super) unsafe fn max_pool(job: &mut MaxPool<'_>) {
                // SAFETY: the caller's.
                unsafe { pool::max_pool::<$vector>(job) }
            }

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            pub(super) unsafe fn max_pool_gradient(job: &mut MaxPoolGradient<'_>) {
                // SAFETY: the caller's.
                unsafe { pool::max_pool_gradient::<$vector>(job) }
            }

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            pub(super) unsafe fn norm_sums(job: &NormSums<'_>) -> [[f64; LANES]; 2] {
                // SAFETY: the caller's.
                unsafe { norm::norm_sums::<$vector>(job) }
            }

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            pub(super) unsafe fn norm_gradient(job: &mut NormGradient<'_>) {
                // SAFETY: the caller's.
                unsafe { norm::norm_gradient::<$vector>(job) }
            }

            /// The most blocks of a panel.
            pub(super) const BLOCKS: usize = [$($blocks),*].len();

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            unsafe fn tile<const B: usize, const R: usize>(
                job: &Contract<'_>, first: usize, start: usize, out: &mut [&mut [f32]],
            ) {
                // SAFETY: the caller's.
                unsafe { contract::tile::<$vector, B, R>(job, first, start, out) }
            }

            /// # Safety
            /// As for `tile`.
            pub(super) unsafe fn contract(job: &Contract<'_>, pixels: Range<usize>, start: usize, out: &mut [&mut [f32]]) {
                let most = match out.len() {
                    $($blocks => [$($rows),*].len(),)*
                    other => unreachable!("a panel of {other} blocks"),
                };
                // Tiles are as alike as they can be: no short one at the end.
                let count = pixels.len().div_ceil(most);
                for number in 0..count {
                    let [first, end] = [number, number + 1].map(|edge| pixels.start + pixels.len() * edge / count);
                    match (out.len(), end - first) {
                        // SAFETY: the caller's.
                        $($(($blocks, $rows) => unsafe { tile::<$blocks, $rows>(job, first, start, out) },)*)*
                        other => unreachable!("a register block of {other:?}"),
                    }
                }
            }

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            unsafe fn lines<const B: usize, const R: usize>(
                job: &WeightGradient<'_>, first: usize, block: usize, d_weights: &mut [f32],
            ) {
                // SAFETY: the caller's.
                unsafe { weights::rows::<$vector, B, R>(job, first, block, d_weights) }
            }

            /// # Safety
            /// As for `lines`.
            pub(super) unsafe fn weight_gradient(job: &WeightGradient<'_>, d_weights: &mut [f32]) {
                let most = [$($columns),*].len();
                for block in (0..job.d_out.len()).step_by(most) {
                    let blocks = most.min(job.d_out.len() - block);
                    let most = match blocks {
                        $($columns => [$($lines),*].len(),)*
                        other => unreachable!("a panel of {other} blocks"),
                    };
                    for first in (0..job.lanes).step_by(most) {
                        match (blocks, most.min(job.lanes - first)) {
                            // SAFETY: the caller's.
                            $($(($columns, $lines) => unsafe { lines::<$columns, $lines>(job, first, block, d_weights) },)*)*
                            other => unreachable!("a register block of {other:?}"),
                        }
                    }
                }
            }
        }
    };
}

kernels! {
    scalar, crate::kernel::arch::scalar::Plain,
    contract: 1 x 1 2;
    weights: 1 x 1 2;
}
#[cfg(target_arch = "x86_64")]
kernels! {
    avx2, crate::kernel::arch::avx2::Ymm, #[target_feature(enable = "avx2,fma")]
    contract: 1 x 1 2 3 4 5 6;
    weights: 1 x 1 2 3 4 5 6;
}
#[cfg(target_arch = "x86_64")]
kernels! {
    avx512, crate::kernel::arch::avx512::Zmm, #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
    contract:
        1 x 1 2 3 4 5 6 7 8 9 10 11 12 13 14;
        2 x 1 2 3 4 5 6 7 8 9 10 11 12;
        3 x 1 2 3 4 5 6 7 8;
        4 x 1 2 3 4 5 6;
    weights:
        1 x 1 2 3 4 5 6 7 8;
        2 x 1 2 3 4 5 6 7 8;
        3 x 1 2 3 4 5 6 7 8;
}

/// Calls a kernel of the chosen set. An [`Arch`] is only made where the processor has it.
macro_rules! dispatch {
    ($arch:expr, $kernel:ident($($argument:expr),*)) => {
        match $arch.set() {
            // SAFETY: every processor has this; the job was checked.
            Set::Scalar => unsafe { scalar::$kernel($($argument),*) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: an `Arch` of this set was found on this processor; the job was checked.
            Set::Avx2 => unsafe { avx2::$kernel($($argument),*) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: an `Arch` of this set was found on this processor; the job was checked.
            Set::Avx512 => unsafe { avx512::$kernel($($argument),*) },
            #[cfg(not(target_arch = "x86_64"))]
            Set::Avx2 | Set::Avx512 => unreachable!("no `Arch` of this set is made here"),
        }
    };
}

impl Arch {
    /// The most blocks of output channels that a panel may have.
    pub const fn blocks_of_panel(self) -> usize {
        match self.set() {
            Set::Scalar => scalar::BLOCKS,
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => avx2::BLOCKS,
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => avx512::BLOCKS,
            #[cfg(not(target_arch = "x86_64"))]
            Set::Avx2 | Set::Avx512 => unreachable!(),
        }
    }
}

impl Contract<'_> {
    /// Computes some output pixels of a panel, by their place in [`crate::kernel::Taps::to`]. `out` has a slice for each block of the panel, which
    /// begins at the element `start` of its channel block.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&self, arch: Arch, pixels: Range<usize>, start: usize, out: &mut [&mut [f32]]) {
        self.check(&pixels, start, out);
        dispatch!(arch, contract(self, pixels, start, out));
    }
}

impl WeightGradient<'_> {
    /// Adds to `d_weights`, `[lane][panel's channels]`.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&self, arch: Arch, d_weights: &mut [f32]) {
        self.check(d_weights);
        dispatch!(arch, weight_gradient(self, d_weights));
    }
}

impl MaxPool<'_> {
    /// Finds the maxima.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&mut self, arch: Arch) {
        self.check();
        dispatch!(arch, max_pool(self));
    }
}

impl MaxPoolGradient<'_> {
    /// Hands gradients back to where the maxima were.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&mut self, arch: Arch) {
        self.check();
        dispatch!(arch, max_pool_gradient(self));
    }
}

impl NormSums<'_> {
    /// The sums over pixels of the gradients, and of the gradients times what the input is away from its mean.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&self, arch: Arch) -> [[f64; LANES]; 2] {
        self.check();
        dispatch!(arch, norm_sums(self))
    }
}

impl NormGradient<'_> {
    /// Writes the gradient of the input.
    ///
    /// # Panics
    /// If something does not fit together.
    pub fn run(&mut self, arch: Arch) {
        self.check();
        dispatch!(arch, norm_gradient(self));
    }
}
