//! What a coloured part of a picture stands for.

use crate::report::hue::Hue;

/// What a part is, for its colour and its word in a legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum Kind {
    /// A branch of a module.
    Branch {
        hue: Hue,
        /// Whether another branch of the same hue stands before it in its module, or its window is not square.
        hatched: bool,
        /// Its reduction.
        reduces: bool,
    },
    /// Layers outside branches.
    Layer,
    /// The same on a grid of one position.
    Classifier,
}

impl Kind {
    /// Whether its fill has lines at 45 degrees.
    pub(in crate::report) const fn is_hatched(self) -> bool {
        matches!(self, Kind::Branch { hatched: true, .. })
    }
}
