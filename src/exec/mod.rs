//! Running networks: plans of steps over blocked maps in one arena.

mod arena;
mod geometry;
mod inference;
mod map;
mod pieces;
mod plan;
mod steps;

pub use inference::{Inference, InferencePlan};
