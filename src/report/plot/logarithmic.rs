//! A logarithmic axis: decades that hold all values, ticks at powers of ten, or at 1, 2 and 5 of them where there are few.

use crate::report::numbers::round;

/// From the least to the most that it shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Logarithmic {
    least: f64,
    most: f64,
}

impl Logarithmic {
    /// Holds all values with some room at both ends, a share of what is between them; zeros have no place.
    pub(super) fn of(values: impl Iterator<Item = u64>, room: f64) -> Logarithmic {
        let logs = values.filter(|&value| value > 0).map(|value| libm::log10(value as f64));
        let ends = logs
            .fold(None, |ends: Option<[f64; 2]>, log| Some(ends.map_or([log; 2], |[low, high]| [low.min(log), high.max(log)])));
        let [least, most] = ends.unwrap_or([0.0, 1.0]);
        // A decade at least, so that there are ticks.
        let room = ((most - least) * room).max((1.1 - (most - least)) / 2.0);
        Logarithmic { least: least - room, most: most + room }
    }

    /// Where a value stands between two ends.
    pub(super) fn place(&self, value: f64, from: i32, to: i32) -> i32 {
        let share = (libm::log10(value) - self.least) / (self.most - self.least);
        from + (f64::from(to - from) * share).round() as i32
    }

    /// The value at its end, or at its beginning.
    pub(super) fn end(&self, last: bool) -> f64 {
        libm::pow(10.0, if last { self.most } else { self.least })
    }

    /// Whether a value is shown.
    pub(super) fn holds(&self, value: f64) -> bool {
        (self.least..=self.most).contains(&libm::log10(value))
    }

    /// Values with their words, and those that have a tick only. On fewer than `fine` decades 2 and 5 have words too.
    pub(super) fn ticks(&self, fine: f64) -> (Vec<(u64, String)>, Vec<u64>) {
        let digits: &[u64] = if self.most - self.least < fine { &[1, 2, 5] } else { &[1] };
        let (mut named, mut plain) = (Vec::new(), Vec::new());
        for power in 0..19 {
            for digit in 1..10 {
                let value = digit * 10u64.pow(power);
                if !self.holds(value as f64) {
                    continue;
                }
                if digits.contains(&digit) { named.push((value, round(value))) } else { plain.push(value) }
            }
        }
        (named, plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decades_are_named() {
        let axis = Logarithmic::of([50_000_000, 20_000_000_000].into_iter(), 0.1);
        let words: Vec<String> = axis.ticks(2.0).0.into_iter().map(|(_, word)| word).collect();
        assert_eq!(words, ["100\u{202F}M", "1\u{202F}G", "10\u{202F}G"]);
        assert_eq!((axis.place(1e9, 0, 0), axis.holds(0.5)), (0, false));
        let narrow = Logarithmic::of([51_000_000, 3_278_000_000].into_iter(), 0.05);
        let words: Vec<String> = narrow.ticks(2.6).0.into_iter().map(|(_, word)| word).collect();
        assert_eq!(words, ["50\u{202F}M", "100\u{202F}M", "200\u{202F}M", "500\u{202F}M", "1\u{202F}G", "2\u{202F}G"]);
    }
}
