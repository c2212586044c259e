//! The memory of a plan, each figure for itself.

use schemars::JsonSchema;
use serde::Serialize;

/// The memory of a plan, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Room {
    /// The largest sum of values that are alive together.
    pub live: u64,
    /// What lanes that carry nothing add to that: channels are kept in blocks of 16.
    pub padding: u64,
    /// The arena in which all values lie: both together, and holes that nothing fits.
    pub arena: u64,
    /// Memory beside the arena that steps share.
    pub scratch: u64,
    /// Weights as kernels read them, beside the network's own.
    pub packed: u64,
}

impl Room {
    /// Of so many arenas side by side; what is apart from them stays.
    pub(super) fn times(self, arenas: u64) -> Room {
        Room { live: self.live * arenas, padding: self.padding * arenas, arena: self.arena * arenas, ..self }
    }
}
