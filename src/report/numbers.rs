//! Numbers as pictures write them: narrow spaces that do not break, a minus that is one.

use crate::base::units;
use crate::report::picture::spaced;

/// `21.9 %`.
pub(super) fn percent(part: u64, whole: u64) -> String {
    spaced(&format!("{} %", units::share(part.into(), whole.into())))
}

/// `+5.51 %` or `−0.09 %`: how far a number is from a limit.
pub(super) fn distance(number: u64, limit: u64) -> String {
    spaced(&format!("{} %", units::signed_share(number.into(), limit.into()))).replace('-', "\u{2212}")
}

/// `1.583 G`.
pub(super) fn short(number: u64) -> String {
    spaced(&units::si(number.into()))
}

/// `1 582 671 872`.
pub(super) fn exact(number: u64) -> String {
    spaced(&units::grouped(number.into()))
}

/// `7.94×`: how many times `whole` a number is.
pub(super) fn times(number: u64, whole: u64) -> String {
    spaced(&units::fixed(number.into(), whole.max(1).into(), 2)) + "×"
}

/// A round number without zeros that say nothing: `500 M`, `1 G`.
pub(super) fn round(number: u64) -> String {
    spaced(&crate::report::limit_text(number))
}

/// `4.82 MB`: bytes with three digits.
pub(super) fn bytes(number: u64) -> String {
    let (size, _) = units::bytes_unit(number.into());
    let decimals = match u128::from(number) / size {
        0..10 => 2,
        10..100 => 1,
        _ => 0,
    };
    spaced(&units::bytes(number.into(), decimals))
}
