//! The roundings, and the nearest float: the only ways from a fraction to something else.

use crate::expr::Rational;

impl Rational {
    /// The largest integer that is not above it.
    #[must_use]
    pub const fn floor(self) -> Rational {
        Rational::integer(self.numerator().div_euclid(self.denominator()))
    }

    /// The smallest integer that is not below it.
    #[must_use]
    pub fn ceil(self) -> Rational {
        -(-self).floor()
    }

    /// `floor(self + 1/2)`: the nearest integer, the upper of two.
    #[must_use]
    pub const fn round(self) -> Rational {
        let floor = self.numerator().div_euclid(self.denominator());
        let rest = self.numerator().rem_euclid(self.denominator());
        Rational::integer(if rest >= self.denominator() - rest { floor + 1 } else { floor })
    }

    /// `MobileNet`'s rounding of a width to a multiple of 8: `max(8, floor((x + 4) / 8) * 8)`, plus 8 if that is below `0.9 x`.
    pub fn round8(self) -> Option<Rational> {
        let eight = Rational::integer(8);
        let near = self.add(Rational::integer(4))?.div(eight)?.floor().mul(eight)?.max(eight);
        let least = self.mul(Rational::new(9, 10)?)?;
        if near < least { near.add(eight) } else { Some(near) }
    }

    /// The nearest `f64`, ties to even.
    pub fn to_f64(self) -> f64 {
        const EXACT: u128 = 1 << 53;
        let (size, den) = (self.numerator().unsigned_abs(), self.denominator().unsigned_abs());
        if size < EXACT && den < EXACT || size == 0 {
            return self.numerator() as f64 / self.denominator() as f64;
        }
        // Long division until the quotient has two bits more than a mantissa; the last stands for all that is left.
        let (mut quotient, mut rest, mut scale) = (size / den, size % den, 0);
        while quotient < EXACT << 2 {
            rest <<= 1;
            let bit = rest >= den;
            rest -= if bit { den } else { 0 };
            quotient = quotient << 1 | u128::from(bit);
            scale -= 1;
        }
        let value = (quotient | u128::from(rest != 0)) as f64 * 2_f64.powi(scale);
        if self.numerator() < 0 { -value } else { value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ratio(num: i128, den: i128) -> Rational {
        Rational::new(num, den).unwrap()
    }

    #[test]
    fn rounds_as_defined() {
        // (numerator, denominator, floor, ceil, round)
        for (num, den, floor, ceil, round) in [
            (7, 2, 3, 4, 4),
            (-7, 2, -4, -3, -3),
            (1, 3, 0, 1, 0),
            (-1, 3, -1, 0, 0),
            (-2, 3, -1, 0, -1),
            (5, 1, 5, 5, 5),
            (-5, 2, -3, -2, -2),
        ] {
            let x = ratio(num, den);
            assert_eq!([x.floor(), x.ceil(), x.round()], [floor, ceil, round].map(Rational::integer), "{num}/{den}");
        }
    }

    /// Widths of torchvision's `MobileNetV2` at 0.35 and squeezed widths of its `MobileNetV3`, made there by `_make_divisible`.
    #[test]
    fn rounds_widths_as_mobilenet_does() {
        for (num, den, width) in [
            (112, 10, 16), // 32 * 0.35: 8 would be below 0.9 * 11.2
            (56, 10, 8),
            (84, 10, 8),
            (224, 10, 24),
            (336, 10, 32),
            (56, 1, 56),
            (112, 1, 112),
            (80, 9, 8), // 8 is exactly 0.9 of it, not below
            (12, 1, 16),
            (4, 1, 8),
            (18, 1, 24), // 72 / 4: 16 would be below 16.2
            (24, 1, 24),
            (30, 1, 32),
            (36, 1, 40),
            (60, 1, 64),
            (72, 1, 72),
            (120, 1, 120),
            (144, 1, 144),
            (168, 1, 168),
            (240, 1, 240),
        ] {
            assert_eq!(ratio(num, den).round8(), Some(Rational::integer(width)), "{num}/{den}");
        }
        assert_eq!(Rational::integer(-100).round8(), Some(Rational::integer(8)));
    }

    /// Against the standard library's reading of decimals, which rounds correctly.
    #[test]
    fn becomes_the_nearest_float() {
        let decimals = [
            "0.1",
            "0.12345678901234568",
            "1234567.8901234567",
            "0.30000000000000004",
            "9007199254740993",
            "1e-30",
            "2.2250738585072e-15",
        ];
        for text in decimals {
            let number = Rational::parse(text).unwrap();
            assert_eq!(number.to_f64().to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
            assert_eq!((-number).to_f64().to_bits(), (-text.parse::<f64>().unwrap()).to_bits(), "-{text}");
        }
        assert_eq!(Rational::ZERO.to_f64().to_bits(), 0.0_f64.to_bits());
        assert_eq!(ratio(1, i128::MAX).to_f64().to_bits(), 2_f64.powi(-127).to_bits());
        assert_eq!(ratio(i128::MAX, 1).to_f64().to_bits(), 2_f64.powi(127).to_bits());
    }

    proptest! {
        #[test]
        fn floats_agree_with_decimals(digits in 1i128..100_000_000_000_000_000, behind in 0i32..30) {
            let text = format!("{digits}e-{behind}");
            prop_assert_eq!(Rational::parse(&text).unwrap().to_f64().to_bits(), text.parse::<f64>().unwrap().to_bits());
        }
    }
}
