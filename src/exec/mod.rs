//! Running networks: plans of steps over blocked maps in one arena.

mod arena;
mod geometry;
mod inference;
mod map;
mod pieces;
mod plan;
mod running;
mod steps;
mod training;

pub use inference::{Inference, InferencePlan};
pub use training::Training;
