//! From a graph to steps: what is fused, where values lie, which kernels compute them.

mod fusion;
mod gathers;
mod group;
mod homes;
mod lesson;
mod lifetimes;
mod lower;
mod nest;
mod rectifiers;
mod teach;
mod tiles;
mod work;

pub(super) use fusion::{Fused, fuse, high_of};
pub(super) use gathers::Gathers;
pub(super) use group::{Traffic, group};
pub(super) use homes::Homes;
pub(super) use lesson::{Contract, Lesson, TrainingSite, Wanted};
pub(super) use lifetimes::Lifetimes;
pub(super) use lower::lower;
pub(super) use rectifiers::{Done, Rectifiers};
pub(super) use teach::{Setting, leaves, teach};
pub(super) use work::{Packed, Site, Work};
