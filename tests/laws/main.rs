//! The laws of the operators: every one of them, on every example of every operator, with nothing about a single operator in it.
//!
//! - `values`: forward fills the inferred shape with finite numbers; `f32` agrees with `f64`.
//! - `counting`: forward on the counting number makes exactly the claimed cost, and reads exactly the claimed parameters.
//! - `gradients`: backward gives the slopes of forward, in inference and in training, and reads no more than is kept for it.
//! - `formulas`: what `explain` prints evaluates to what is claimed.
//! - `language`: writing and reading are inverse, and documented defaults are the real ones.
//! - `structure`: storage, reach and affine growth are as declared.
//! - `windows`: all of this on random windows.
//! - `golden`: values worked out by hand.

mod counting;
mod formulas;
mod golden;
mod gradients;
mod language;
mod run;
mod structure;
mod values;
mod windows;
