//! `--fail-above madds=+1%`: by how much a network may be costlier than the one it is compared with.

use anyhow::Context;
use anyhow::bail;

use crate::analyze::Comparison;
use crate::base::Quantity;
use crate::base::Sources;
use crate::base::nearest;
use crate::base::units;
use crate::expr::Rational;
use crate::expr::parse_quantity;

/// The most that one quantity may rise.
#[derive(Clone, Debug)]
pub(super) struct Allowance {
    quantity: Quantity,
    most: Rational,
    /// In hundredths of what the first has.
    is_share: bool,
    text: String,
}

impl Allowance {
    /// Reads `madds=+1%`, `params=+100k`, `memory=0`.
    pub(super) fn read(text: &str) -> anyhow::Result<Allowance> {
        const FORM: &str = "write it as in `madds=+1%` or `params=+100k`";
        let Some((word, amount)) = text.split_once('=') else { bail!("`--fail-above {text}` has no amount; {FORM}") };
        let words = Quantity::ALL.map(Quantity::word);
        let Some(quantity) = Quantity::find(word) else {
            let near = nearest(word, words).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            bail!("`--fail-above` knows {}, not `{word}`{near}", words.join(", "));
        };
        let number = amount.strip_prefix('+').unwrap_or(amount);
        let (number, is_share) = number.strip_suffix('%').map_or((number, false), |number| (number.trim_end(), true));
        let mut sources = Sources::default();
        let file = sources.add_argument("--fail-above", number);
        let suffixed = is_share && number.ends_with(|char: char| char.is_alphabetic());
        let most = parse_quantity(number, sources.whole(file)).ok().filter(|_| !suffixed);
        let Some(most) = most else { bail!("`--fail-above {text}`: `{amount}` is no amount to rise by; {FORM}") };
        Ok(Allowance { quantity, most, is_share, text: amount.to_owned() })
    }

    /// Whether `other` is more than is allowed above `base`.
    fn is_exceeded(&self, base: u64, other: u64) -> anyhow::Result<bool> {
        let [old, new] = [base, other].map(|number| Rational::integer(number.into()));
        let too_large = || format!("`{}` is too large to be exact", self.text);
        let rise = new.sub(old).with_context(too_large)?;
        if !self.is_share {
            return Ok(rise > self.most);
        }
        let allowed = self.most.mul(old).with_context(too_large)?;
        Ok(rise.mul(Rational::integer(100)).with_context(too_large)? > allowed)
    }
}

/// What rose by more than is allowed, one sentence each.
pub(super) fn risen(comparison: &Comparison, allowances: &[Allowance]) -> anyhow::Result<Vec<String>> {
    let mut risen = Vec::new();
    for against in &comparison.others {
        for allowance in allowances {
            let [old, new] = [&comparison.base, &against.other].map(|net| net.measures.quantity(allowance.quantity));
            if allowance.is_exceeded(old, new)? {
                let share =
                    if old == 0 { String::new() } else { format!(" ({} %)", units::signed_share(new.into(), old.into())) };
                risen.push(format!(
                    "{} of `{}` rose from {} to {}, by {}{share}; {} is allowed",
                    allowance.quantity,
                    against.other.name,
                    units::grouped(old.into()),
                    units::grouped(new.into()),
                    units::signed(i128::from(new) - i128::from(old)),
                    allowance.text
                ));
            }
        }
    }
    Ok(risen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, base: u64, other: u64, expected: bool) {
        assert_eq!(Allowance::read(text).unwrap().is_exceeded(base, other).unwrap(), expected, "{text} {base} {other}");
    }

    #[test]
    fn an_allowance_is_exact() {
        check("madds=+1%", 1_000_000_000, 1_010_000_000, false);
        check("madds=+1%", 1_000_000_000, 1_010_000_001, true);
        check("madds=0.5 %", 1000, 1005, false);
        check("params=+100k", 7, 100_007, false);
        check("params=100k", 7, 100_008, true);
        check("memory=0", 10, 9, false);
        check("memory=+0%", 10, 11, true);
        check("memory=+0%", 0, 1, true);
    }

    #[test]
    fn what_is_no_allowance_is_refused() {
        for text in ["madds", "madds=", "madds=x", "madds=-1%", "madds=1k%", "flops=1%", "=1", "madds=1%%", "madds=++1"] {
            assert!(Allowance::read(text).is_err(), "{text}");
        }
        assert!(Allowance::read("parms=1").unwrap_err().to_string().contains("`params`"));
    }
}
