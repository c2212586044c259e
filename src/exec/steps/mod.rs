//! What plans are made of: one file a kind of step, each over slices of the arena.

mod batch_norm;
mod contraction;
mod convolution;
mod depthwise;
mod folding;
mod gathering;
mod lrn;
mod naive;
mod norm;
mod pointwise;
mod pools;
mod tiling;
mod weighing;
mod winograd;
mod winograd_weighing;

pub(super) use batch_norm::BatchNorm;
pub(super) use contraction::{Contraction, Operands};
pub(super) use convolution::{Convolution, WeightGradients};
pub(super) use depthwise::Depthwise;
pub(super) use folding::Folding;
pub(super) use gathering::{Gathering, Origin};
pub(super) use lrn::{gradient as lrn_gradient, respond};
pub(super) use naive::{Kept, Plain, unpacked};
pub(super) use naive::{backward as naive_backward, forward as naive_forward};
pub(super) use norm::{affine, of_block};
pub(super) use pointwise::{gated, rectify, rectify_gradient, sum, sum_lanes};
pub(super) use pools::Pool;
pub(super) use tiling::Tiling;
pub(super) use weighing::Weighing;
pub(super) use winograd::Winograd;
pub(super) use winograd_weighing::WinogradWeighing;
