//! What a formula can give: a field of the cost, or the parameters.

use std::fmt;

use crate::op::Cost;

/// A number that an operator claims of one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Figure {
    /// [`Cost::madds`].
    Madds,
    /// [`Cost::adds`].
    Adds,
    /// [`Cost::muls`].
    Muls,
    /// [`Cost::cmps`].
    Cmps,
    /// [`Cost::divs`].
    Divs,
    /// [`Cost::exps`].
    Exps,
    /// [`Cost::on_padding`].
    OnPadding,
    /// Learned numbers, which are no operations.
    Params,
}

impl Figure {
    /// All, in the order of [`Cost`]'s fields.
    pub const ALL: [Figure; 8] =
        [Figure::Madds, Figure::Adds, Figure::Muls, Figure::Cmps, Figure::Divs, Figure::Exps, Figure::OnPadding, Figure::Params];

    /// This number of an operator with that cost and so many parameters.
    pub fn of(self, cost: Cost, params: u128) -> u128 {
        match self {
            Figure::Madds => cost.madds,
            Figure::Adds => cost.adds,
            Figure::Muls => cost.muls,
            Figure::Cmps => cost.cmps,
            Figure::Divs => cost.divs,
            Figure::Exps => cost.exps,
            Figure::OnPadding => cost.on_padding,
            Figure::Params => params,
        }
    }

    /// The word that stands before its formula.
    pub fn word(self) -> &'static str {
        match self {
            Figure::Madds => "madds",
            Figure::Adds => "adds",
            Figure::Muls => "muls",
            Figure::Cmps => "cmps",
            Figure::Divs => "divs",
            Figure::Exps => "exps",
            Figure::OnPadding => "on_padding",
            Figure::Params => "params",
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}
