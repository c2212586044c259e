//! What one operator does to one image, exactly.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::Serialize;

/// Operations for one image in inference, by kind. A reduction of m terms costs m operations (it starts from a neutral constant),
/// taps on padding are run and counted, copies, sign flips and arithmetic on parameters alone are free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Cost {
    /// Multiply-adds; only convolutions and linear layers have them.
    pub madds: u128,
    /// Additions and subtractions.
    pub adds: u128,
    /// Multiplications.
    pub muls: u128,
    /// Comparisons.
    pub cmps: u128,
    /// Divisions.
    pub divs: u128,
    /// Exponentials, tangents, error functions, roots, powers.
    pub exps: u128,
    /// Those of all the above with an operand beside the input.
    pub on_padding: u128,
}

impl Cost {
    /// No operation at all: a copy, a view, an identity.
    pub const FREE: Cost = Cost { madds: 0, adds: 0, muls: 0, cmps: 0, divs: 0, exps: 0, on_padding: 0 };

    /// The same done `times` over.
    #[must_use]
    pub fn times(self, times: u128) -> Cost {
        let Cost { madds, adds, muls, cmps, divs, exps, on_padding } = self;
        Cost {
            madds: madds * times,
            adds: adds * times,
            muls: muls * times,
            cmps: cmps * times,
            divs: divs * times,
            exps: exps * times,
            on_padding: on_padding * times,
        }
    }
}

impl Add for Cost {
    type Output = Cost;
    fn add(self, more: Cost) -> Cost {
        Cost {
            madds: self.madds + more.madds,
            adds: self.adds + more.adds,
            muls: self.muls + more.muls,
            cmps: self.cmps + more.cmps,
            divs: self.divs + more.divs,
            exps: self.exps + more.exps,
            on_padding: self.on_padding + more.on_padding,
        }
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, more: Cost) {
        *self = *self + more;
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Cost>>(costs: I) -> Cost {
        costs.fold(Cost::FREE, Add::add)
    }
}
