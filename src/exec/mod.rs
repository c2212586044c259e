//! Running networks: plans of steps over blocked maps in one arena.

mod algorithm;
mod arena;
mod calibrate;
mod geometry;
mod inference;
mod kernels;
mod map;
mod pieces;
mod plan;
mod profile;
mod room;
mod running;
mod steps;
mod training;

pub use algorithm::Algorithm;
pub use calibrate::{Calibration, calibrate};
pub use inference::{Inference, InferencePlan};
pub use kernels::Kernels;
pub use profile::{PROFILE, PredictedBatch, Profile, ProfiledStep, Sweeper, profile_inference, profile_training};
pub use room::Room;
pub use training::Training;
