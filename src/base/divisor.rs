//! The greatest common divisor.

/// The greatest common divisor of two numbers, by Euclid; the other one for 0. 64-bit division as soon as both fit, for it is several
/// times as fast.
pub fn greatest_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        if let (Ok(a), Ok(b)) = (u64::try_from(a), u64::try_from(b)) {
            return greatest_divisor_u64(a, b).into();
        }
        (a, b) = (b, a % b);
    }
    a
}

/// The same within 64 bits.
pub fn greatest_divisor_u64(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the definition.
    #[test]
    fn is_the_largest_that_divides_both() {
        for a in 0..40u64 {
            for b in 0..40u64 {
                let found = (1..=a.max(b)).rev().find(|part| a % part == 0 && b % part == 0).unwrap_or_default();
                assert_eq!(greatest_divisor_u64(a, b), found, "{a}, {b}");
                let large = u128::from(u64::MAX) + 2;
                assert_eq!(greatest_divisor(u128::from(a) * large, u128::from(b) * large), u128::from(found) * large, "{a}, {b}");
            }
        }
    }
}
