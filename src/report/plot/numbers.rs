//! Numbers as pictures write them: narrow spaces that do not break, a minus that is one.

use crate::base::units;
use crate::report::picture::spaced;

/// `21.9 %`.
pub(in crate::report) fn percent(part: u64, whole: u64) -> String {
    spaced(&format!("{} %", units::share(part.into(), whole.into())))
}

/// `+5.51 %` or `−0.09 %`: how far a number is from a limit.
pub(super) fn distance(number: u64, limit: u64) -> String {
    spaced(&format!("{} %", units::signed_share(number.into(), limit.into()))).replace('-', "\u{2212}")
}

/// `1.583 G`.
pub(in crate::report) fn short(number: u64) -> String {
    spaced(&units::si(number.into()))
}

/// `1 582 671 872`.
pub(in crate::report) fn exact(number: u64) -> String {
    spaced(&units::grouped(number.into()))
}

/// `7.94×`: how many times `whole` a number is.
pub(in crate::report) fn times(number: u64, whole: u64) -> String {
    spaced(&units::fixed(number.into(), whole.max(1).into(), 2)) + "×"
}

/// A round number without zeros that say nothing: `500 M`, `1 G`.
pub(in crate::report) fn round(number: u64) -> String {
    spaced(&crate::report::limit_text(number))
}

/// `4.82 MB`: bytes with three digits.
pub(super) fn bytes(number: u64) -> String {
    let units: [(u64, &str); 4] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB"), (1, "B")];
    let (size, unit) = units.into_iter().find(|(size, _)| number >= *size).unwrap_or((1, "B"));
    let decimals = match number / size {
        _ if size == 1 => 0,
        0..10 => 2,
        10..100 => 1,
        _ => 0,
    };
    format!("{}\u{202F}{unit}", spaced(&units::fixed(number.into(), size.into(), decimals)))
}
