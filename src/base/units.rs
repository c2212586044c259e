//! Exact integers as people read them: thousands apart, SI prefixes, shares.

/// Bytes of an `f32`, the number that memory is counted in.
pub const F32_BYTES: u64 = 4;

/// A sum as it is printed. Every sum over a graph fits, for its builder takes no larger one, and every one over a batch that is
/// refused beyond the largest that can be counted; a sum that does not is a bug here, never cut short.
///
/// # Panics
/// On a sum of 2^64 or more.
pub fn whole(sum: u128) -> u64 {
    u64::try_from(sum).expect("a sum that is printed fits 64 bits")
}

/// `1582671872` as `1 582 671 872`.
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A difference, signed: `+6 502 496`, `-1`; `0` for none.
pub fn signed(number: i128) -> String {
    let digits = grouped(number.unsigned_abs());
    match number {
        0 => digits,
        1.. => format!("+{digits}"),
        _ => format!("-{digits}"),
    }
}

/// Four significant digits with a prefix: `1.583 G`, `118.0 M`, `34.02 M`, `912`.
pub fn si(number: u128) -> String {
    const PREFIXES: [(u128, &str); 6] = [
        (1_000_000_000_000_000_000, "E"),
        (1_000_000_000_000_000, "P"),
        (1_000_000_000_000, "T"),
        (1_000_000_000, "G"),
        (1_000_000, "M"),
        (1000, "k"),
    ];
    // A number that rounds up to the next prefix's 1.000 is written with that prefix.
    for (unit, prefix) in PREFIXES {
        let rounded = |decimals: u32| (number * 10u128.pow(decimals) + unit / 2) / unit;
        let decimals = match rounded(3) {
            0..1000 => continue,
            1000..10_000 => 3,
            10_000..100_000 => 2,
            _ => 1,
        };
        return format!("{} {prefix}", decimal(rounded(decimals), decimals as usize));
    }
    number.to_string()
}

/// `number / 10^decimals` written out, thousands apart.
fn decimal(number: u128, decimals: usize) -> String {
    let scale = 10u128.pow(decimals as u32);
    if decimals == 0 { grouped(number) } else { format!("{}.{:0decimals$}", grouped(number / scale), number % scale) }
}

/// A difference with four significant digits, signed: `+1.583 G`, `-912`; `0` for none.
pub fn signed_si(number: i128) -> String {
    let digits = si(number.unsigned_abs());
    match number {
        0 => digits,
        1.. => format!("+{digits}"),
        _ => format!("-{digits}"),
    }
}

/// `number / unit` with a fixed number of decimals, rounded half up: the columns of a table.
pub fn fixed(number: u128, unit: u128, decimals: u32) -> String {
    decimal((number * 10u128.pow(decimals) + unit / 2) / unit, decimals as usize)
}

/// The unit of sizes of which this is the largest: bytes, kB, MB, and from 10 GB on GB; powers of 1000.
pub fn bytes_unit(most: u128) -> (u128, &'static str) {
    match most {
        0..1000 => (1, "B"),
        1000..1_000_000 => (1000, "kB"),
        1_000_000..10_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    }
}

/// A size in its unit, bytes whole: `9.63 MB`, `912 B`.
pub fn bytes(number: u128, decimals: u32) -> String {
    let (unit, name) = bytes_unit(number);
    format!("{} {name}", fixed(number, unit, if unit == 1 { 0 } else { decimals }))
}

/// A share in per cent with one decimal; `0` for none, `<0.1` for a trace.
pub fn share(part: u128, whole: u128) -> String {
    match (part, fixed(part * 100, whole.max(1), 1)) {
        (0, _) => "0".to_owned(),
        (_, text) if text == "0.0" => "<0.1".to_owned(),
        (_, text) => text,
    }
}

/// A signed difference to a limit in per cent with two decimals: `+5.51`, `-0.09`.
pub fn signed_share(number: u128, limit: u128) -> String {
    let (sign, gap) = if number >= limit { ('+', number - limit) } else { ('-', limit - number) };
    format!("{sign}{}", fixed(gap * 100, limit.max(1), 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_in_the_figures() {
        let table: [(u128, &str); 10] = [
            (0, "0"),
            (999, "999"),
            (1000, "1.000 k"),
            (118_013_952, "118.0 M"),
            (34_019_328, "34.02 M"),
            (9_633_792, "9.634 M"),
            (1_582_671_872, "1.583 G"),
            (999_999, "1.000 M"),
            (9_999_999, "10.00 M"),
            (12_568_061_056, "12.57 G"),
        ];
        for (number, text) in table {
            assert_eq!(si(number), text);
        }
        assert_eq!(grouped(1_582_671_872), "1 582 671 872");
        assert_eq!(grouped(7), "7");
        assert_eq!(fixed(1_582_671_872, 1_000_000, 1), "1 582.7");
        assert_eq!([signed(6_502_496), signed(-1000), signed(0)], ["+6 502 496", "-1 000", "0"]);
        let sizes = [0, 999, 1000, 999_999, 1_000_000, 9_633_792, 9_999_000_000, 10_000_000_000];
        let words = ["0 B", "999 B", "1.00 kB", "1 000.00 kB", "1.00 MB", "9.63 MB", "9 999.00 MB", "10.00 GB"];
        assert_eq!(sizes.map(|size| bytes(size, 2)), words);
        assert_eq!(signed_share(1_582_671_872, 1_500_000_000), "+5.51");
        assert_eq!(signed_share(1_498_677_248, 1_500_000_000), "-0.09");
        assert_eq!((share(1, 1_000_000), share(0, 5), share(219, 1000)), ("<0.1".into(), "0".into(), "21.9".into()));
    }
}
