//! Limits of a budget: a number with a suffix, `1.5G` or `256 MiB`.
//!
//! `k M G T` are powers of 1000, `Ki Mi Gi Ti` of 1024; a `B` for bytes may follow and changes nothing.

use crate::base::{Code, Diagnostic, Span};
use crate::expr::Rational;

const UNITS: [(&str, i128); 9] = [
    ("", 1),
    ("k", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
    ("T", 1_000_000_000_000),
    ("Ki", 1 << 10),
    ("Mi", 1 << 20),
    ("Gi", 1 << 30),
    ("Ti", 1 << 40),
];

/// Reads `NUMBER [UNIT]`; `at` is its place.
pub fn parse_quantity(text: &str, at: Span) -> Result<Rational, Box<Diagnostic>> {
    let text = text.trim();
    // A decimal exponent is an `e` with digits behind it; no suffix begins with one.
    let end = text.find(|char: char| !char.is_ascii_digit() && !matches!(char, '.' | 'e' | '-')).unwrap_or(text.len());
    let (number, suffix) = (text[..end].trim_end(), text[end..].trim_start());
    let shape = |message: String| {
        Box::new(Diagnostic::new(Code::E0300, at, message, "").with_help("write a number such as `1.5G`, `7M` or `256 MiB`"))
    };
    if !number.starts_with(|char: char| char.is_ascii_digit()) {
        return Err(shape(format!("`{text}` is no quantity")));
    }
    let unit = suffix.strip_suffix('B').unwrap_or(suffix);
    let Some((_, factor)) = UNITS.into_iter().find(|(name, _)| *name == unit) else {
        let near = UNITS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(unit));
        let fault = shape(format!("unknown suffix `{suffix}`"));
        return Err(match near {
            Some((near, _)) => Box::new(fault.with_patch(format!("did you mean `{near}`?"), format!("{number}{near}"))),
            None => fault,
        });
    };
    let Some(number) = Rational::parse(number) else {
        return Err(shape(format!("`{number}` is no number, or one too large to be exact")));
    };
    number
        .mul(Rational::integer(factor))
        .ok_or_else(|| Box::new(Diagnostic::new(Code::E0304, at, format!("`{text}` is too large to be exact"), "")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;

    #[test]
    fn reads_suffixes() {
        let at = Span { file: FileId(0), start: 0, end: 0 };
        for (text, value) in [
            ("1.5G", 1_500_000_000),
            ("7M", 7_000_000),
            ("256 MiB", 268_435_456),
            ("1KiB", 1024),
            ("2kB", 2000),
            ("100", 100),
            ("100 B", 100),
            ("1e3k", 1_000_000),
            ("0.5Ti", 549_755_813_888),
        ] {
            assert_eq!(parse_quantity(text, at), Ok(Rational::integer(value)), "{text}");
        }
        for (text, code) in [
            ("", Code::E0300),
            ("G", Code::E0300),
            ("-1G", Code::E0300),
            ("1.5X", Code::E0300),
            ("1K", Code::E0300),
            ("1.G", Code::E0300),
            ("1e", Code::E0300),
            ("1 2", Code::E0300),
            ("5 × 3", Code::E0300),
            ("1e38T", Code::E0304),
        ] {
            assert_eq!(parse_quantity(text, at).map_err(|fault| fault.code), Err(code), "{text}");
        }
        assert_eq!(parse_quantity("1.5g", at).unwrap_err().patch.unwrap().text, "1.5G");
    }
}
