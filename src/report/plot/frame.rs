//! A chart's value axis: level lines at round numbers from zero up, the unit on the last tick only.

use crate::base::units;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Role;
use crate::report::picture::spaced;
use crate::report::picture::step;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;

/// Ticks from zero to the first that is not below `most`.
#[derive(Clone, Debug)]
pub(super) struct Ticks {
    pub(super) top: u64,
    pub(super) all: Vec<(u64, String)>,
}

impl Ticks {
    /// At most `count` of them after zero, up to one more; `unit` such as `B` or `px`, with prefixes or without.
    pub(super) fn upto(most: u64, count: u64, unit: &str) -> Ticks {
        let step = step(most.max(1), count);
        let last = most.max(1).div_ceil(step);
        let top = step.saturating_mul(last);
        let (size, prefix) = prefix_of(top, unit != "px");
        let decimals = (0..4).find(|&decimals| (u128::from(step) * 10u128.pow(decimals)).is_multiple_of(size)).unwrap_or(4);
        let number = |at: u64| spaced(&units::fixed(u128::from(step * at), size, decimals));
        let word = |at: u64| match at {
            0 => "0".to_owned(),
            _ if at == last => with_unit(&number(at), &format!("{prefix}{unit}")),
            _ => number(at),
        };
        Ticks { top, all: (0..=last).map(|at| (step * at, word(at))).collect() }
    }

    /// From zero to all in quarters, with a word for each.
    pub(super) fn quarters(word: impl Fn(u64) -> String) -> Ticks {
        Ticks { top: 4, all: (0..=4).map(|quarter| (quarter, word(quarter))).collect() }
    }

    /// The room that their words need at the left.
    pub(super) fn widest(&self, sheet: &Sheet) -> i32 {
        self.all.iter().map(|(_, word)| sheet.scene.measure(word, sheet.small, false)).max().unwrap_or(0)
    }

    /// Where a chart begins that has them at its left.
    pub(super) fn left(&self, sheet: &Sheet) -> i32 {
        MARGIN + self.widest(sheet) + sheet.em / 2
    }

    /// Draws the level lines of an area, and the axis at its bottom.
    pub(super) fn draw(&self, sheet: &mut Sheet, area: Area) {
        for (value, word) in &self.all {
            let y = area.rise(*value, self.top);
            sheet.level(area.left, area.right, y, if *value == 0 { Role::Rule } else { Role::Grid });
            sheet.put(sheet.sub(word, area.left - sheet.em / 2, y, Anchor::End));
        }
    }
}

/// A number with its unit behind a narrow space; without one, none.
pub(super) fn with_unit(number: &str, unit: &str) -> String {
    if unit.is_empty() { number.to_owned() } else { format!("{number}\u{202F}{unit}") }
}

fn prefix_of(most: u64, prefixes: bool) -> (u128, &'static str) {
    match most {
        _ if !prefixes => (1, ""),
        0..1000 => (1, ""),
        1000..1_000_000 => (1000, "k"),
        1_000_000..1_000_000_000 => (1_000_000, "M"),
        1_000_000_000..1_000_000_000_000 => (1_000_000_000, "G"),
        _ => (1_000_000_000_000, "T"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(most: u64, count: u64, unit: &str) -> Vec<String> {
        Ticks::upto(most, count, unit).all.into_iter().map(|(_, word)| word).collect()
    }

    #[test]
    fn the_unit_stands_on_the_last_tick_only() {
        assert_eq!(words(1_600_000_000, 4, ""), ["0", "0.5", "1.0", "1.5", "2.0\u{202F}G"]);
        assert_eq!(words(4_816_896, 6, "B"), ["0", "1", "2", "3", "4", "5\u{202F}MB"]);
        assert_eq!(words(715, 4, "px"), ["0", "200", "400", "600", "800\u{202F}px"]);
        assert_eq!(words(0, 4, ""), ["0", "1"]);
    }
}
