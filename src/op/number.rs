//! The numbers an operator can run on: `f32`, `f64` (the oracle) and [`Count`], which tallies every operation done to data.
//!
//! An operator's forward is written once, over [`Real`]. Run on [`Count`] it yields what it costs, so that a claimed cost can be
//! held against the code that causes it.

use std::cell::Cell;
use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::op::Cost;

/// A real number with the functions that operators use. Each method says what [`Count`] tallies for it.
pub trait Real:
    Copy + Debug + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// A constant of the operator; arithmetic on constants and parameters alone is preparation and free.
    fn of(constant: f64) -> Self;
    /// The plain value.
    fn value(self) -> f64;
    /// `self + a * b`: one multiply-add.
    #[must_use]
    fn madd(self, a: Self, b: Self) -> Self;
    /// The larger, NaN if either is NaN: one comparison.
    #[must_use]
    fn max(self, other: Self) -> Self;
    /// The smaller, NaN if either is NaN: one comparison.
    #[must_use]
    fn min(self, other: Self) -> Self;
    /// `e^self`: one exponential.
    #[must_use]
    fn exp(self) -> Self;
    /// Hyperbolic tangent: one exponential.
    #[must_use]
    fn tanh(self) -> Self;
    /// The error function: one exponential.
    #[must_use]
    fn erf(self) -> Self;
    /// Square root: one exponential.
    #[must_use]
    fn sqrt(self) -> Self;
    /// `self^power`: one exponential.
    #[must_use]
    fn powf(self, power: f64) -> Self;
    /// The value of a tap that lies beside the input. `self` is any element of that input: what is done to the tap is tallied
    /// as done to data, and as done on padding.
    #[must_use]
    fn outside(self, value: f64) -> Self;
}

macro_rules! float {
    ($float:ident, $erf:path) => {
        impl Real for $float {
            fn of(constant: f64) -> $float {
                constant as $float
            }
            fn value(self) -> f64 {
                f64::from(self)
            }
            fn madd(self, a: $float, b: $float) -> $float {
                self + a * b
            }
            fn max(self, other: $float) -> $float {
                if self > other || self.is_nan() { self } else { other }
            }
            fn min(self, other: $float) -> $float {
                if self < other || self.is_nan() { self } else { other }
            }
            fn exp(self) -> $float {
                self.exp()
            }
            fn tanh(self) -> $float {
                self.tanh()
            }
            fn erf(self) -> $float {
                $erf(self)
            }
            fn sqrt(self) -> $float {
                self.sqrt()
            }
            fn powf(self, power: f64) -> $float {
                self.powf(power as $float)
            }
            fn outside(self, value: f64) -> $float {
                value as $float
            }
        }
    };
}

float!(f32, libm::erff);
float!(f64, libm::erf);

/// What has been done to data so far.
#[derive(Debug, Default)]
pub struct Tally(Cell<Cost>);

impl Tally {
    /// The operations so far.
    pub fn cost(&self) -> Cost {
        self.0.get()
    }

    fn add(&self, more: impl FnOnce(&mut Cost)) {
        let mut cost = self.0.get();
        more(&mut cost);
        self.0.set(cost);
    }
}

/// The counting number: a value that, if it is data, knows the tally of its run.
#[derive(Clone, Copy, Debug)]
pub struct Count<'t> {
    value: f64,
    tally: Option<&'t Tally>,
    outside: bool,
}

impl<'t> Count<'t> {
    /// An element of the input: every operation on it is tallied.
    pub fn data(value: f64, tally: &'t Tally) -> Count<'t> {
        Count { value, tally: Some(tally), outside: false }
    }

    /// A learned parameter: free until it meets data.
    pub fn parameter(value: f64) -> Count<'t> {
        Count { value, tally: None, outside: false }
    }

    /// Whether the value hangs on the input.
    pub fn is_data(&self) -> bool {
        self.tally.is_some()
    }

    /// The result of an operation on `operands`; `note` enters it into the tally.
    fn made<const N: usize>(value: f64, operands: [Count<'t>; N], note: impl FnOnce(&mut Cost)) -> Count<'t> {
        let tally = operands.iter().find_map(|operand| operand.tally);
        if let Some(tally) = tally {
            tally.add(|cost| {
                note(cost);
                cost.on_padding += u128::from(operands.iter().any(|operand| operand.outside));
            });
        }
        Count { value, tally, outside: false }
    }
}

macro_rules! counted {
    ($($operator:ident $method:ident $field:ident;)*) => {$(
        impl $operator for Count<'_> {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                Count::made(self.value.$method(other.value), [self, other], |cost| cost.$field += 1)
            }
        }
    )*};
}

counted! { Add add adds; Sub sub adds; Mul mul muls; Div div divs; }

/// A flip of the sign is free.
impl Neg for Count<'_> {
    type Output = Self;
    fn neg(self) -> Self {
        Count { value: -self.value, ..self }
    }
}

impl Real for Count<'_> {
    fn of(constant: f64) -> Self {
        Count::parameter(constant)
    }
    fn value(self) -> f64 {
        self.value
    }
    fn madd(self, a: Self, b: Self) -> Self {
        Count::made(self.value + a.value * b.value, [self, a, b], |cost| cost.madds += 1)
    }
    fn max(self, other: Self) -> Self {
        Count::made(Real::max(self.value, other.value), [self, other], |cost| cost.cmps += 1)
    }
    fn min(self, other: Self) -> Self {
        Count::made(Real::min(self.value, other.value), [self, other], |cost| cost.cmps += 1)
    }
    fn exp(self) -> Self {
        Count::made(self.value.exp(), [self], |cost| cost.exps += 1)
    }
    fn tanh(self) -> Self {
        Count::made(self.value.tanh(), [self], |cost| cost.exps += 1)
    }
    fn erf(self) -> Self {
        Count::made(libm::erf(self.value), [self], |cost| cost.exps += 1)
    }
    fn sqrt(self) -> Self {
        Count::made(self.value.sqrt(), [self], |cost| cost.exps += 1)
    }
    fn powf(self, power: f64) -> Self {
        Count::made(self.value.powf(power), [self], |cost| cost.exps += 1)
    }
    fn outside(self, value: f64) -> Self {
        Count { value, tally: self.tally, outside: true }
    }
}
