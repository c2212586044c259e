//! Loops over slices of `f32`: what the fast executor's steps are made of. No graph, no operators, no threads.
//!
//! A batch of maps lies blocked, as `[block of 16 channels][image, row, column][16]`: all pixels of a batch are one flat axis, and the
//! 16 channels of a block at one pixel are one vector. A channel count that is no multiple of 16 ends in lanes that carry nothing:
//! what stands in them is finite, and nobody reads it.
//!
//! [`Arch`] chooses the instruction set at run time. Every kernel is written once over 16 lanes ([`arch`]); it adds in the same order
//! whatever is beside it, so that its result hangs on the instruction set alone, not on how work was cut.

#![allow(clippy::inline_always, reason = "what is not inlined loses its caller's instruction set")]

pub mod arch;
mod blocked;
mod channels;
mod depthwise;
mod lanes;
mod lrn;
mod norm;
mod pack;
mod pointwise;
mod pool;
mod stream;
mod taps;

pub use arch::{Arch, Clamp, Contract, MaxPool, MaxPoolGradient, Run, Unavailable, WeightGradient};
pub use arch::{Filters, Grid, InputTiles, OutputTiles, Product, TileShape, WindowGradient};
pub use arch::{NormGradient, NormSums, Passes};
pub use blocked::{Blocked, LANES};
pub use channels::Channels;
pub use depthwise::{depthwise, depthwise_weight_gradient};
pub use lanes::{LaneRun, add_lanes, copy_lanes};
pub use lrn::{Planes, Response, lrn, lrn_gradient};
pub use norm::{Moments, moments, scale_shift, scale_shift_in_place, sum};
pub use pack::{Direction, Links, Panel, Panels};
pub use pointwise::{add, add_in_place, clamp, clamp_gradient, clamp_gradient_in_place, clamp_in_place, gate};
pub use pool::{avg_pool, avg_pool_gradient};
pub use stream::{stream_copy, stream_read};
pub use taps::{NOWHERE, Taps};
