//! What a budget can limit.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// A quantity that a network has exactly one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Quantity {
    /// Multiply-adds of inference.
    Madds,
    /// Learned numbers.
    Params,
    /// Bytes of activations live at once, in `f32`.
    Memory,
}

impl Quantity {
    /// All of them.
    pub const ALL: [Quantity; 3] = [Quantity::Madds, Quantity::Params, Quantity::Memory];

    /// The word that a `budget` uses.
    pub const fn word(self) -> &'static str {
        match self {
            Quantity::Madds => "madds",
            Quantity::Params => "params",
            Quantity::Memory => "memory",
        }
    }

    /// The quantity with this word.
    pub fn find(word: &str) -> Option<Quantity> {
        Quantity::ALL.into_iter().find(|quantity| quantity.word() == word)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
