//! Hues: a branch of a module keeps one colour in every picture and on the terminal; a reduction has its lighter tint.

use crate::spec::kernel_of;

/// What a branch's colour is taken from: the words that the language gives to branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hue {
    /// `1x1`.
    One,
    /// `3x3`, and every window but 1x1 and 5x5.
    Three,
    /// `5x5`.
    Five,
    /// `pool`.
    Pool,
    /// A branch with a name of its own.
    Named,
}

/// The name that the language gives to a 1x1 convolution in front of a wider one.
pub(super) const REDUCE: &str = "reduce";

/// Whether a layer of a branch is tinted as its reduction.
pub(super) fn reduces(layer: &str) -> bool {
    layer == REDUCE
}

impl Hue {
    /// The hue of a branch with this name.
    pub(super) fn of(branch: &str) -> Hue {
        match kernel_of(branch) {
            Some([1, 1]) => Hue::One,
            Some([5, 5]) => Hue::Five,
            Some(_) => Hue::Three,
            None if branch.starts_with("pool") => Hue::Pool,
            None => Hue::Named,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_told_by_their_window() {
        let table = [("1x1", Hue::One), ("3x3", Hue::Three), ("3x3b", Hue::Three), ("5x5", Hue::Five), ("15x5", Hue::Three)];
        let named = [("7x1", Hue::Three), ("pool", Hue::Pool), ("left", Hue::Named), ("box", Hue::Named), ("3xé", Hue::Named)];
        for (name, hue) in table.into_iter().chain(named) {
            assert_eq!(Hue::of(name), hue, "{name}");
        }
    }
}
