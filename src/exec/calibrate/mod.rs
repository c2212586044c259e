//! What this machine can do, measured: the matrix kernel at its best, memory from end to end, and layers as networks have them.

mod bandwidth;
mod gauge;
mod layers;
mod peak;

pub use gauge::{Calibration, calibrate};
