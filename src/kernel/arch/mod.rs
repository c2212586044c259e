//! The instruction sets, and the only unsafe code of the crate: one file each implements `vector::Vector`, sixteen lanes of `f32`; every
//! kernel is written once over that trait and compiled for each set.

// Inner loops count: pairs of iterators are not taken apart by every optimisation level, and then cost ten times what they do.
#![allow(clippy::needless_range_loop)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod choice;
mod contract;
mod dispatch;
mod jobs;
#[cfg(target_arch = "aarch64")]
mod neon;
mod norm;
mod pool;
mod scalar;
mod vector;
mod vectorized;
mod weights;
mod winograd;

pub(in crate::kernel) use choice::Set;
pub use choice::{Arch, Unavailable};
pub use contract::{Clamp, Contract};
pub use norm::{NormGradient, NormSums, Passes};
pub use pool::{MaxPool, MaxPoolGradient};
pub(in crate::kernel) use vectorized::vectorized;
pub use weights::{Run, WeightGradient};
pub use winograd::{Filters, Grid, InputTiles, OutputTiles, Product, TileShape, WindowGradient};
