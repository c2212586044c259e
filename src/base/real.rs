//! A finite real setting (an epsilon, a rate) that can be compared and hashed by its bits.

use std::fmt;
use std::hash::{Hash, Hasher};

use schemars::JsonSchema;
use serde::Serialize;

/// An `f64` with equality and hash by bits; `-0.0` is stored as `0.0`.
#[derive(Clone, Copy, Default, Serialize, JsonSchema)]
pub struct Real64(f64);

impl Real64 {
    /// Wraps a finite number.
    ///
    /// # Panics
    /// On NaN or an infinity: settings are checked before they get here.
    pub fn new(value: f64) -> Real64 {
        assert!(value.is_finite(), "a setting is finite, not {value}");
        Real64(value + 0.0)
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl PartialEq for Real64 {
    fn eq(&self, other: &Real64) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Real64 {}

impl Hash for Real64 {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl fmt::Debug for Real64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The shortest text that reads back to the same bits.
impl fmt::Display for Real64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
