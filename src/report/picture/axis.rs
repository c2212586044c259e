//! Ticks at round numbers, and the unit that keeps numbers short.

use crate::base::units;

/// A unit with how many decimals are shown in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Unit {
    pub(in crate::report) size: u128,
    pub(in crate::report) prefix: &'static str,
    decimals: u32,
}

impl Unit {
    /// The unit in which the largest number of a column has one to four digits before the point.
    pub(in crate::report) fn of(most: u64) -> Unit {
        let (size, prefix) = match most {
            0..10_000 => return Unit { size: 1, prefix: "", decimals: 0 },
            10_000..1_000_000 => (1000, "k"),
            1_000_000..10_000_000_000 => (1_000_000, "M"),
            10_000_000_000..10_000_000_000_000 => (1_000_000_000, "G"),
            _ => (1_000_000_000_000, "T"),
        };
        Unit { size, prefix, decimals: if u128::from(most) >= 100 * size { 1 } else { 2 } }
    }

    /// A number of a column.
    pub(in crate::report) fn write(self, number: u64) -> String {
        if number == 0 { "0".to_owned() } else { spaced(&units::fixed(number.into(), self.size, self.decimals)) }
    }

    /// A tick, with no more decimals than ticks `step` apart need.
    pub(in crate::report) fn write_tick(self, number: u64, step: u64) -> String {
        let step = u128::from(step);
        let decimals = (0..4).find(|&decimals| (step * 10u128.pow(decimals)).is_multiple_of(self.size)).unwrap_or(4);
        if number == 0 { "0".to_owned() } else { spaced(&units::fixed(number.into(), self.size, decimals)) }
    }
}

/// Narrow spaces, which do not break, where the terminal has plain ones.
pub(in crate::report) fn spaced(text: &str) -> String {
    text.replace(' ', "\u{202F}")
}

/// Distance of the ticks on an axis from 0 to `most`: 1, 2 or 5 times a power of ten, at most `count` of them after the first.
pub(in crate::report) fn step(most: u64, count: u64) -> u64 {
    let mut power = 1u64;
    loop {
        for step in [1, 2, 5].map(|digit| power.saturating_mul(digit)) {
            if most / step <= count {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(step(359_700_000, 4), 100_000_000);
        assert_eq!(step(1_000_000, 4), 500_000);
        assert_eq!(step(0, 4), 1);
        assert_eq!(step(u64::MAX, 4), 5_000_000_000_000_000_000);
        let unit = Unit::of(1_200_000);
        assert_eq!((unit.write_tick(500_000, 500_000), unit.write_tick(0, 1)), ("0.5".into(), "0".into()));
        assert_eq!(Unit::of(346_816_512).write(118_013_952), "118.0");
        assert_eq!(Unit::of(9999).write(9999), "9\u{202F}999");
    }
}
