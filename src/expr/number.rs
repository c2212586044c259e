//! Exact rational numbers: `num / den` in 128-bit integers, always reduced, `den > 0`.
//!
//! Arithmetic that does not fit, and division by zero, is `None`; nothing is ever rounded but by the four
//! roundings.

use std::cmp::Ordering;
use std::ops::Neg;

use crate::base::greatest_divisor;

/// An exact fraction. The numerator is never `i128::MIN`, so that a sign can always be turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rational {
    num: i128,
    den: i128,
}

#[expect(clippy::should_implement_trait, reason = "the operators of `std::ops` cannot say that a result does not fit")]
impl Rational {
    /// Nought.
    pub const ZERO: Rational = Rational::integer(0);
    /// One.
    pub const ONE: Rational = Rational::integer(1);

    /// An integer.
    ///
    /// # Panics
    /// On `i128::MIN`, whose opposite is no `i128`.
    pub const fn integer(value: i128) -> Rational {
        assert!(value != i128::MIN, "an integer has an opposite");
        Rational { num: value, den: 1 }
    }

    /// `num / den`, reduced; `None` if `den` is 0 or the reduced fraction does not fit.
    pub fn new(num: i128, den: i128) -> Option<Rational> {
        if den == 0 {
            return None;
        }
        let common = greatest_divisor(num.unsigned_abs(), den.unsigned_abs());
        let size = i128::try_from(num.unsigned_abs() / common).ok()?;
        let den_size = i128::try_from(den.unsigned_abs() / common).ok()?;
        Some(Rational { num: if (num < 0) == (den < 0) { size } else { -size }, den: den_size })
    }

    /// The numerator of the reduced fraction; it bears the sign.
    pub const fn numerator(self) -> i128 {
        self.num
    }

    /// The denominator of the reduced fraction, at least 1.
    pub const fn denominator(self) -> i128 {
        self.den
    }

    /// The integer it is, if it is one.
    pub const fn to_integer(self) -> Option<i128> {
        if self.den == 1 { Some(self.num) } else { None }
    }

    /// The sum.
    pub fn add(self, other: Rational) -> Option<Rational> {
        if self.den == 1 && other.den == 1 {
            return whole(self.num.checked_add(other.num)?);
        }
        let shared = common(self.den, other.den);
        let left = self.num.checked_mul(other.den / shared)?;
        let right = other.num.checked_mul(self.den / shared)?;
        let num = left.checked_add(right)?;
        // What is left to cancel divides `shared` (Knuth, 4.5.1), so that the product of the denominators is never formed.
        let rest = common(num, shared);
        Rational::new(num / rest, (self.den / shared).checked_mul(other.den / rest)?)
    }

    /// The difference.
    pub fn sub(self, other: Rational) -> Option<Rational> {
        self.add(-other)
    }

    /// The product; `None` only if the product itself does not fit.
    pub fn mul(self, other: Rational) -> Option<Rational> {
        if self.den == 1 && other.den == 1 {
            return whole(self.num.checked_mul(other.num)?);
        }
        let left = common(self.num, other.den);
        let right = common(other.num, self.den);
        let num = whole((self.num / left).checked_mul(other.num / right)?)?.num;
        Some(Rational { num, den: (self.den / right).checked_mul(other.den / left)? })
    }

    /// The quotient; `None` for a divisor of 0.
    pub fn div(self, other: Rational) -> Option<Rational> {
        match other.num {
            0 => None,
            1.. => self.mul(Rational { num: other.den, den: other.num }),
            _ => self.mul(Rational { num: -other.den, den: -other.num }),
        }
    }

    /// The floored remainder `self - other * floor(self / other)`: it has the sign of `other`.
    pub fn rem(self, other: Rational) -> Option<Rational> {
        if self.den == 1 && other.den == 1 {
            let rest = self.num.checked_rem(other.num)?;
            return Some(Rational::integer(if rest != 0 && (rest < 0) != (other.num < 0) { rest + other.num } else { rest }));
        }
        self.sub(other.mul(self.div(other)?.floor())?)
    }

    /// `self` multiplied `exponent` times, or divided for a negative exponent; `0 ^ 0` is 1.
    pub fn pow(self, exponent: i128) -> Option<Rational> {
        let base = if exponent < 0 { Rational::ONE.div(self)? } else { self };
        if base.den == 1 && (-1..=1).contains(&base.num) {
            return Some(match (base.num, exponent) {
                (_, 0) => Rational::ONE,
                (-1, _) if exponent % 2 == 0 => Rational::ONE,
                _ => base,
            });
        }
        // Anything else has a part of at least 2, and 2^127 does not fit.
        let exponent = u32::try_from(exponent.unsigned_abs()).ok()?;
        Some(Rational { num: whole(base.num.checked_pow(exponent)?)?.num, den: base.den.checked_pow(exponent)? })
    }
}

impl Neg for Rational {
    type Output = Rational;

    fn neg(self) -> Rational {
        Rational { num: -self.num, den: self.den }
    }
}

impl From<u32> for Rational {
    fn from(value: u32) -> Rational {
        Rational::integer(i128::from(value))
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Rational) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Rational) -> Ordering {
        if self.den == other.den {
            return self.num.cmp(&other.num);
        }
        match (self.num.checked_mul(other.den), other.num.checked_mul(self.den)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => compare_by_parts(*self, *other),
        }
    }
}

/// Compares where cross products do not fit: integer parts first, then the reciprocals of what is left, as in Euclid.
fn compare_by_parts(left: Rational, right: Rational) -> Ordering {
    let (mut a, mut b, mut c, mut d) = (left.num, left.den, right.num, right.den);
    loop {
        let order = a.div_euclid(b).cmp(&c.div_euclid(d));
        let (rest_left, rest_right) = (a.rem_euclid(b), c.rem_euclid(d));
        if order.is_ne() || rest_left == 0 || rest_right == 0 {
            return order.then(rest_left.cmp(&rest_right));
        }
        // rest_left / b < rest_right / d  iff  d / rest_right < b / rest_left
        (a, b, c, d) = (d, rest_right, b, rest_left);
    }
}

/// The integer `value`, unless it has no opposite.
const fn whole(value: i128) -> Option<Rational> {
    if value == i128::MIN { None } else { Some(Rational { num: value, den: 1 }) }
}

/// The greatest common divisor with a denominator, which it divides: so it fits.
fn common(num: i128, den: i128) -> i128 {
    greatest_divisor(num.unsigned_abs(), den.unsigned_abs()).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ratio(num: i128, den: i128) -> Rational {
        Rational::new(num, den).unwrap()
    }

    #[test]
    fn what_does_not_fit_is_none() {
        let largest = Rational::integer(i128::MAX);
        assert_eq!(largest.add(Rational::ONE), None);
        assert_eq!((-largest).sub(Rational::ONE), None, "i128::MIN is no numerator");
        assert_eq!(largest.mul(Rational::integer(2)), None);
        assert_eq!(Rational::integer(-2).pow(127), None, "i128::MIN again");
        assert_eq!(largest.mul(ratio(1, i128::MAX)), Some(Rational::ONE));
        assert_eq!(ratio(1, i128::MAX).div(Rational::integer(2)), None);
        assert_eq!(Rational::ONE.div(Rational::ZERO), None);
        assert_eq!(Rational::ONE.rem(Rational::ZERO), None);
        assert_eq!(Rational::ZERO.pow(-1), None);
        assert_eq!(Rational::ZERO.pow(0), Some(Rational::ONE));
        assert_eq!(Rational::integer(2).pow(i128::MAX), None);
        assert_eq!(ratio(1, 2).pow(i128::MIN), None);
        assert_eq!(Rational::integer(-1).pow(i128::MIN), Some(Rational::ONE));
        assert_eq!(ratio(-2, 3).pow(-3), Some(ratio(-27, 8)));
        assert_eq!(Rational::new(1, 0), None);
        assert_eq!(Rational::new(i128::MIN, 1), None);
        assert_eq!(Rational::new(i128::MIN, i128::MIN), Some(Rational::ONE));
    }

    #[test]
    fn the_remainder_is_floored() {
        for (a, b, rest) in [(7, 3, 1), (-7, 3, 2), (7, -3, -2), (-7, -3, -1), (6, 3, 0), (-6, 3, 0)] {
            assert_eq!(Rational::integer(a).rem(Rational::integer(b)), Some(Rational::integer(rest)), "{a} % {b}");
            assert_eq!(ratio(a, 5).rem(ratio(b, 5)), Some(ratio(rest, 5)), "{a}/5 % {b}/5");
        }
    }

    /// Compares by parts what cross products cannot.
    #[test]
    fn order_needs_no_products() {
        let big = i128::MAX;
        for (left, right, order) in [
            (ratio(big, big - 1), ratio(big - 1, big - 2), Ordering::Less),
            (ratio(big - 1, big), ratio(big - 2, big - 1), Ordering::Greater),
            (ratio(-big, big - 1), ratio(-(big - 1), big - 2), Ordering::Greater),
            (ratio(-big, 2), ratio(big, 3), Ordering::Less),
            (ratio(big, 2), ratio(big, 3), Ordering::Greater),
        ] {
            assert_eq!(left.cmp(&right), order, "{left:?} {right:?}");
            assert_eq!(right.cmp(&left), order.reverse(), "{right:?} {left:?}");
        }
    }

    fn fraction() -> impl Strategy<Value = Rational> {
        (any::<i32>(), 1..=i32::MAX).prop_map(|(num, den)| ratio(i128::from(num), i128::from(den)))
    }

    fn any_fraction() -> impl Strategy<Value = Rational> {
        (any::<i128>(), any::<i128>()).prop_filter_map("no fraction", |(num, den)| Rational::new(num, den))
    }

    proptest! {
        /// With parts below 2^31 nothing overflows, and results must match products of plain integers.
        #[test]
        fn arithmetic_is_that_of_fractions(a in fraction(), b in fraction()) {
            let (sum, product) = (a.add(b).unwrap(), a.mul(b).unwrap());
            prop_assert_eq!(sum.num * a.den * b.den, (a.num * b.den + b.num * a.den) * sum.den);
            prop_assert_eq!(product.num * a.den * b.den, a.num * b.num * product.den);
            for x in [sum, product, -a] {
                prop_assert!(x.den > 0 && greatest_divisor(x.num.unsigned_abs(), x.den.unsigned_abs()) == 1);
            }
            prop_assert_eq!(sum.sub(b), Some(a));
            prop_assert_eq!(a.cmp(&b), (a.num * b.den).cmp(&(b.num * a.den)));
            prop_assert_eq!(compare_by_parts(a, b), a.cmp(&b));
            if b.num != 0 {
                prop_assert_eq!(product.div(b), Some(a));
                let rest = a.rem(b).unwrap();
                prop_assert!(rest.num == 0 || (rest < Rational::ZERO) == (b < Rational::ZERO));
                prop_assert!(a.sub(rest).unwrap().div(b).unwrap().to_integer().is_some());
            }
        }

        #[test]
        fn ring_laws(a in -999i128..999, b in -999i128..999, c in -999i128..999, p in 1i128..99, q in 1i128..99, r in 1i128..99) {
            let (a, b, c) = (ratio(a, p), ratio(b, q), ratio(c, r));
            prop_assert_eq!(a.add(b), b.add(a));
            prop_assert_eq!(a.add(b).unwrap().add(c), a.add(b.add(c).unwrap()));
            prop_assert_eq!(a.mul(b).unwrap().mul(c), a.mul(b.mul(c).unwrap()));
            prop_assert_eq!(a.mul(b.add(c).unwrap()), a.mul(b).unwrap().add(a.mul(c).unwrap()));
        }

        /// The whole range: no panic, and what is returned is reduced.
        #[test]
        fn never_panics(a in any_fraction(), b in any_fraction(), exponent in any::<i128>()) {
            let results = [a.add(b), a.sub(b), a.mul(b), a.div(b), a.rem(b), a.pow(exponent), a.round8()];
            for x in results.into_iter().flatten().chain([a.floor(), a.ceil(), a.round(), -a]) {
                prop_assert!(x.den > 0 && x.num != i128::MIN && greatest_divisor(x.num.unsigned_abs(), x.den.unsigned_abs()) == 1);
            }
            prop_assert!(a.floor() <= a && a <= a.ceil());
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(compare_by_parts(a, b), a.cmp(&b));
        }
    }
}
