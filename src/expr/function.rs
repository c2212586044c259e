//! The functions of the expression language: `min max floor ceil round round8`.

use crate::expr::Rational;

/// A function of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// The smallest of its arguments.
    Min,
    /// The largest of its arguments.
    Max,
    /// The largest integer not above.
    Floor,
    /// The smallest integer not below.
    Ceil,
    /// The nearest integer, the upper of two.
    Round,
    /// The nearest multiple of 8 as `MobileNet` takes it, see [`Rational::round8`].
    Round8,
}

impl Function {
    /// Every function.
    pub const ALL: [Function; 6] =
        [Function::Min, Function::Max, Function::Floor, Function::Ceil, Function::Round, Function::Round8];

    /// Its name in a spec.
    pub const fn name(self) -> &'static str {
        match self {
            Function::Min => "min",
            Function::Max => "max",
            Function::Floor => "floor",
            Function::Ceil => "ceil",
            Function::Round => "round",
            Function::Round8 => "round8",
        }
    }

    /// The function with this name.
    pub fn find(name: &str) -> Option<Function> {
        Function::ALL.into_iter().find(|function| function.name() == name)
    }

    /// Whether it takes any number of arguments rather than one.
    pub const fn takes_many(self) -> bool {
        matches!(self, Function::Min | Function::Max)
    }

    /// Takes in one more argument: `so_far` is the result for those before it. `None` if the result does not fit.
    pub(super) fn apply(self, so_far: Option<Rational>, argument: Rational) -> Option<Rational> {
        match self {
            Function::Min => Some(so_far.map_or(argument, |least| least.min(argument))),
            Function::Max => Some(so_far.map_or(argument, |most| most.max(argument))),
            Function::Floor => Some(argument.floor()),
            Function::Ceil => Some(argument.ceil()),
            Function::Round => Some(argument.round()),
            Function::Round8 => argument.round8(),
        }
    }
}
