//! The least and the most that a candidate of a space can cost.
//!
//! Up to [`MAX_POINTS`] candidates are counted one by one. Beyond that,
//!
//! - decisions in which every width only grows ([`Monotone`](crate::spec::monotone::Monotone)) are taken at both ends: a network's
//!   multiply-adds and parameters never fall when a width grows. Where branches share a total, each branch's width is taken at its own
//!   extreme; no candidate may have all of them, so the result is a bound, and says so;
//! - all others are taken one by one, but stretch by stretch: networks that look the same to the layers below (the planes they can
//!   still read, the decisions they still ask for) go on as one, so that n layers with k kinds each are n * k stretches, not k^n nets.
//!   What each adds is counted back from the outputs, for only what leads to one costs. This, too, is exact.
//!
//! A bound that some candidate may not reach remains where too much is visible at once: then variables are forgotten between layers,
//! as if each layer chose their values anew, and where that is not enough, nothing is said but what holds for every network.

mod extremes;
#[cfg(test)]
mod laws;
mod one_by_one;
mod reach;
mod step;
mod stretches;

#[cfg(test)]
pub(in crate::spec) use extremes::tests;
pub use extremes::{Certainty, Corners, Counted, MAX_POINTS, NoCorners, corners};
