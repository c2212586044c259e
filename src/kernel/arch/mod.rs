//! The instruction sets, and the only unsafe code of the crate: one file each implements `vector::Vector`, sixteen lanes of `f32`; every
//! kernel is written once over that trait and compiled for each set.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod choice;
mod contract;
mod dispatch;
mod jobs;
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
