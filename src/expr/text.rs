//! Numbers as text: a decimal is read exactly, never through a float, and what is printed reads back as the same number.
//!
//! `NUMBER = digits ["." digits] ["e" ["-"] digits]`

use std::fmt;

use crate::expr::Rational;

/// Decimals with more digits behind the point are printed as fractions.
const SHORT: u32 = 6;

impl Rational {
    /// Reads a `NUMBER`, or one behind a `-`; `None` if the text is none, or one that does not fit.
    pub fn parse(text: &str) -> Option<Rational> {
        match text.strip_prefix('-') {
            Some(text) => Some(-Rational::parse_unsigned(text)?),
            None => Rational::parse_unsigned(text),
        }
    }

    fn parse_unsigned(text: &str) -> Option<Rational> {
        let (decimal, exponent) = match text.split_once('e') {
            Some((decimal, exponent)) => (decimal, read_exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = match decimal.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (decimal, ""),
        };
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut value: i128 = 0;
        // Zeros are held back until another digit follows, so that those at the end never overflow.
        let mut zeros: u32 = 0;
        for digit in whole.bytes().chain(fraction.bytes()).map(|byte| byte - b'0') {
            if digit == 0 {
                zeros += u32::from(value != 0);
            } else {
                let shifted = if value == 0 { 0 } else { value.checked_mul(10_i128.checked_pow(zeros + 1)?)? };
                value = shifted.checked_add(i128::from(digit))?;
                zeros = 0;
            }
        }
        if value == 0 {
            return Some(Rational::ZERO);
        }
        let shift = i64::from(zeros) + exponent - i64::try_from(fraction.len()).ok()?;
        let power = 10_i128.checked_pow(u32::try_from(shift.unsigned_abs()).ok()?)?;
        if shift >= 0 { Rational::new(value.checked_mul(power)?, 1) } else { Rational::new(value, power) }
    }
}

/// The exponent, cut at a size no number reaches.
fn read_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.bytes().fold(0, |size: i64, byte| (size * 10 + i64::from(byte - b'0')).min(1_000_000_000));
    Some(if digits.len() == text.len() { size } else { -size })
}

/// An integer; else a decimal if it ends within six digits (`0.25`); else a reduced fraction (`4/15`).
impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (num, den) = (self.numerator(), self.denominator());
        if den == 1 {
            return fmt::Display::fmt(&num, f);
        }
        let decimal = (1..=SHORT).find_map(|digits| {
            let unit = 10_u128.pow(digits);
            let times = unit.is_multiple_of(den.unsigned_abs()).then(|| unit / den.unsigned_abs())?;
            let units = num.unsigned_abs().checked_mul(times)?;
            let sign = if num < 0 { "-" } else { "" };
            Some(format!("{sign}{}.{:0width$}", units / unit, units % unit, width = digits as usize))
        });
        f.pad(&decimal.unwrap_or_else(|| format!("{num}/{den}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimals_are_exact() {
        for (text, num, den) in [
            ("0", 0, 1),
            ("017", 17, 1),
            ("1.5", 3, 2),
            ("0.1", 1, 10),
            ("2.10", 21, 10),
            ("1e3", 1000, 1),
            ("1e-4", 1, 10_000),
            ("2.5e1", 25, 1),
            ("100e-2", 1, 1),
            ("-0.5", -1, 2),
            ("0e999999999999999999999", 0, 1),
            ("170141183460469231731687303715884105727", i128::MAX, 1),
        ] {
            assert_eq!(Rational::parse(text), Rational::new(num, den), "{text}");
        }
        let zeros = "0".repeat(60);
        assert_eq!(Rational::parse(&format!("{zeros}1.{zeros}")), Some(Rational::ONE));
        assert_eq!(Rational::parse(&format!("1{zeros}e-60")), Some(Rational::ONE));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", ".", "1.", ".5", "1e", "1e-", "1e+5", "--1", "-", "1_000", "1.5.2", "e5", "1e5e5", "1.e5", "½"] {
            assert_eq!(Rational::parse(text), None, "{text}");
        }
        for text in ["1e39", "1e-39", "1e99999999999999999999", "170141183460469231731687303715884105728"] {
            assert_eq!(Rational::parse(text), None, "{text}");
        }
    }

    #[test]
    fn prints_the_shortest_exact_form() {
        for (num, den, text) in [
            (64, 1, "64"),
            (-3, 1, "-3"),
            (1, 4, "0.25"),
            (-1, 8, "-0.125"),
            (128, 480, "4/15"),
            (-1, 3, "-1/3"),
            (1, 64, "0.015625"),
            (1, 128, "1/128"),
            (7, 2, "3.5"),
            (1001, 1000, "1.001"),
            (i128::MAX, 2, "170141183460469231731687303715884105727/2"),
        ] {
            assert_eq!(Rational::new(num, den).unwrap().to_string(), text);
        }
        assert_eq!(format!("{:>6}|{:<6}|", Rational::integer(7), Rational::new(1, 4).unwrap()), "     7|0.25  |");
    }

    proptest! {
        #[test]
        fn decimals_agree_with_integers(digits in 0i128..1_000_000_000_000, behind in 0usize..12) {
            let text = format!("{digits:013}");
            let (whole, fraction) = text.split_at(13 - behind);
            let text = if behind == 0 { text.clone() } else { format!("{whole}.{fraction}") };
            prop_assert_eq!(Rational::parse(&text), Rational::new(digits, 10_i128.pow(behind as u32)));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9.e-]{0,60}|.*") {
            let _ = Rational::parse(&text);
        }
    }
}
