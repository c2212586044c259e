//! What plans are made of: one file a kind of step, each over slices of the arena.

mod contraction;
mod depthwise;
mod lrn;
mod naive;
mod norm;
mod pointwise;
mod pools;
mod weighing;

pub(super) use contraction::{Contraction, Operands};
pub(super) use depthwise::Depthwise;
pub(super) use lrn::{gradient as lrn_gradient, respond};
pub(super) use naive::forward as naive_forward;
pub(super) use naive::unpacked;
pub(super) use norm::{affine, of_block};
pub(super) use pointwise::{gated, rectify, sum};
pub(super) use pools::Pool;
pub(super) use weighing::Weighing;
