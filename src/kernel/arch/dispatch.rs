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
use crate::kernel::arch::vector::share;
use crate::kernel::arch::winograd::Filters;
use crate::kernel::arch::winograd::InputTiles;
use crate::kernel::arch::winograd::OutputTiles;
use crate::kernel::arch::winograd::Product;
use crate::kernel::arch::winograd::TileShape;
use crate::kernel::arch::winograd::WindowGradient;

/// The kernels of one instruction set: for each number of blocks the numbers of rows that a register block may have.
macro_rules! kernels {
    (
        $set:ident, $vector:ty, $(#[$feature:meta])?
        contract: $($blocks:literal x $($rows:literal)*;)*
        weights: $($columns:literal x $($lines:literal)*;)*
    ) => {
        pub(super) mod $set {
            use super::*;
            use crate::kernel::arch::contract;
            use crate::kernel::arch::norm;
            use crate::kernel::arch::pool;
            use crate::kernel::arch::weights;
            use crate::kernel::arch::winograd;

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            pub(in crate::kernel::arch) unsafe fn max_pool(job: &mut MaxPool<'_>) {
                // SAFETY: the caller's.
                unsafe { pool::max_pool::<$vector>(job) }
            }

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            pub(in crate::kernel::arch) unsafe fn max_pool_gradient(job: &mut MaxPoolGradient<'_>) {
                // SAFETY: the caller's.
                unsafe { pool::max_pool_gradient::<$vector>(job) }
            }

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            pub(in crate::kernel::arch) unsafe fn norm_sums(job: &NormSums<'_>) -> [[f64; LANES]; 2] {
                // SAFETY: the caller's.
                unsafe { norm::norm_sums::<$vector>(job) }
            }

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            pub(in crate::kernel::arch) unsafe fn norm_gradient(job: &mut NormGradient<'_>) {
                // SAFETY: the caller's.
                unsafe { norm::norm_gradient::<$vector>(job) }
            }

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            pub(in crate::kernel::arch) unsafe fn input_tiles(job: &mut InputTiles<'_>) {
                // SAFETY: the caller's.
                unsafe {
                    match job.shape {
                        TileShape::F2x3 => winograd::input_tiles::<$vector, 4>(job),
                        TileShape::F4x3 | TileShape::F2x5 | TileShape::F3x4 => winograd::input_tiles::<$vector, 6>(job),
                        TileShape::F4x5 => winograd::input_tiles::<$vector, 8>(job),
                    }
                }
            }

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            pub(in crate::kernel::arch) unsafe fn gradient_tiles(job: &mut InputTiles<'_>) {
                // SAFETY: the caller's.
                unsafe {
                    match job.shape {
                        TileShape::F2x3 => winograd::gradient_tiles::<$vector, 4, 2>(job),
                        TileShape::F4x3 => winograd::gradient_tiles::<$vector, 6, 4>(job),
                        TileShape::F2x5 => winograd::gradient_tiles::<$vector, 6, 2>(job),
                        TileShape::F4x5 => winograd::gradient_tiles::<$vector, 8, 4>(job),
                        TileShape::F3x4 => winograd::gradient_tiles::<$vector, 6, 3>(job),
                    }
                }
            }

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            pub(in crate::kernel::arch) unsafe fn output_tiles(job: &mut OutputTiles<'_, '_>) {
                // SAFETY: the caller's.
                unsafe {
                    match job.shape {
                        TileShape::F2x3 => winograd::output_tiles::<$vector, 4, 2>(job),
                        TileShape::F4x3 => winograd::output_tiles::<$vector, 6, 4>(job),
                        TileShape::F2x5 => winograd::output_tiles::<$vector, 6, 2>(job),
                        TileShape::F4x5 => winograd::output_tiles::<$vector, 8, 4>(job),
                        TileShape::F3x4 => winograd::output_tiles::<$vector, 6, 3>(job),
                    }
                }
            }

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            pub(in crate::kernel::arch) unsafe fn filters(job: &mut Filters<'_>) {
                // SAFETY: the caller's.
                unsafe {
                    match job.shape {
                        TileShape::F2x3 => winograd::filters::<$vector, 4, 3>(job),
                        TileShape::F4x3 => winograd::filters::<$vector, 6, 3>(job),
                        TileShape::F2x5 => winograd::filters::<$vector, 6, 5>(job),
                        TileShape::F4x5 => winograd::filters::<$vector, 8, 5>(job),
                        TileShape::F3x4 => winograd::filters::<$vector, 6, 4>(job),
                    }
                }
            }

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            pub(in crate::kernel::arch) unsafe fn window_gradient(job: &mut WindowGradient<'_>) {
                // SAFETY: the caller's.
                unsafe {
                    match job.shape {
                        TileShape::F2x3 => winograd::window_gradient::<$vector, 4, 3>(job),
                        TileShape::F4x3 => winograd::window_gradient::<$vector, 6, 3>(job),
                        TileShape::F2x5 => winograd::window_gradient::<$vector, 6, 5>(job),
                        TileShape::F4x5 => winograd::window_gradient::<$vector, 8, 5>(job),
                        TileShape::F3x4 => winograd::window_gradient::<$vector, 6, 4>(job),
                    }
                }
            }

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            unsafe fn products<const B: usize, const R: usize>(
                job: &Product<'_>, first: usize, sums: &mut [f32], next: &[f32],
            ) {
                // SAFETY: the caller's.
                unsafe { winograd::product::<$vector, B, R>(job, first, sums, next) }
            }

            /// # Safety
            /// As for `products`.
            pub(in crate::kernel::arch) unsafe fn product(job: &Product<'_>, sums: &mut [f32]) {
                let most = match job.columns {
                    $($blocks => [$($rows),*].len(),)*
                    other => unreachable!("a panel of {other} blocks"),
                };
                let count = job.count.div_ceil(most);
                for number in 0..count {
                    let [first, end] = [number, number + 1].map(|edge| job.count * edge / count);
                    let next = share(job.next, number, count);
                    match (job.columns, end - first) {
                        // SAFETY: the caller's.
                        $($(($blocks, $rows) => unsafe { products::<$blocks, $rows>(job, first, sums, next) },)*)*
                        other => unreachable!("a register block of {other:?}"),
                    }
                }
            }

            /// The most blocks of a panel.
            pub(in crate::kernel::arch) const BLOCKS: usize = [$($blocks),*].len();

            /// # Safety
            /// The processor has the instruction set, and the job's check passed.
            $(#[$feature])?
            unsafe fn tile<const B: usize, const R: usize>(
                job: &Contract<'_>, first: usize, start: usize, out: &mut [&mut [f32]], next: &[f32],
            ) {
                // SAFETY: the caller's.
                unsafe { contract::tile::<$vector, B, R>(job, first, start, out, next) }
            }

            /// # Safety
            /// As for `tile`.
            pub(in crate::kernel::arch) unsafe fn contract(job: &Contract<'_>, pixels: Range<usize>, start: usize, out: &mut [&mut [f32]]) {
                let most = match out.len() {
                    $($blocks => [$($rows),*].len(),)*
                    other => unreachable!("a panel of {other} blocks"),
                };
                // Tiles are as alike as they can be: no short one at the end.
                let count = pixels.len().div_ceil(most);
                for number in 0..count {
                    let [first, end] = [number, number + 1].map(|edge| pixels.start + pixels.len() * edge / count);
                    let next = share(job.next, number, count);
                    match (out.len(), end - first) {
                        // SAFETY: the caller's.
                        $($(($blocks, $rows) => unsafe { tile::<$blocks, $rows>(job, first, start, out, next) },)*)*
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
            pub(in crate::kernel::arch) unsafe fn weight_gradient(job: &WeightGradient<'_>, d_weights: &mut [f32]) {
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
#[cfg(target_arch = "aarch64")]
kernels! {
    neon, crate::kernel::arch::neon::Quad, #[target_feature(enable = "neon")]
    contract: 1 x 1 2 3 4 5 6;
    weights: 1 x 1 2 3 4 5 6;
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
            Set::Scalar => unsafe { $crate::kernel::arch::dispatch::scalar::$kernel($($argument),*) },
            #[cfg(target_arch = "aarch64")]
            // SAFETY: an `Arch` of this set was found on this processor; the job was checked.
            Set::Neon => unsafe { $crate::kernel::arch::dispatch::neon::$kernel($($argument),*) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: an `Arch` of this set was found on this processor; the job was checked.
            Set::Avx2 => unsafe { $crate::kernel::arch::dispatch::avx2::$kernel($($argument),*) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: an `Arch` of this set was found on this processor; the job was checked.
            Set::Avx512 => unsafe { $crate::kernel::arch::dispatch::avx512::$kernel($($argument),*) },
            #[allow(unreachable_patterns)]
            Set::Neon | Set::Avx2 | Set::Avx512 => unreachable!("no `Arch` of this set is made here"),
        }
    };
}

impl Arch {
    /// The most blocks of output channels that a panel may have.
    pub const fn blocks_of_panel(self) -> usize {
        match self.set() {
            Set::Scalar => scalar::BLOCKS,
            #[cfg(target_arch = "aarch64")]
            Set::Neon => neon::BLOCKS,
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => avx2::BLOCKS,
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => avx512::BLOCKS,
            #[allow(unreachable_patterns)]
            Set::Neon | Set::Avx2 | Set::Avx512 => unreachable!(),
        }
    }
}

pub(super) use dispatch;
