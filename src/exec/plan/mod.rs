//! From a graph to steps: what is fused, where values lie, which kernels compute them.

mod fusion;
mod homes;
mod lower;
mod work;

pub(super) use fusion::{Fused, fuse};
pub(super) use homes::Homes;
pub(super) use lower::lower;
pub(super) use work::{Packed, Site, Work};
