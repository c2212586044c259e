//! `inception` by a total and shares (language rule R13): exact shares, widths in multiples of `unit` that sum to `total`.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::expr::Place;
use crate::expr::Rational;
use crate::expr::Value;
use crate::op::MAX_COUNT;
use crate::op::Term;
use crate::spec::Branch;
use crate::spec::Ratios;
use crate::spec::inception::kernel_of;
use crate::spec::inception::number_branch;
use crate::spec::inception::pool_branch;

use super::Frame;
use super::Lowering;

impl Lowering<'_> {
    /// The branches that the shares give; nothing if they cannot be had, which has then been told.
    pub(super) fn ratio_branches(&mut self, ratios: &Ratios, frame: &Frame<'_>, line: &Place<'_>) -> Option<Vec<Branch>> {
        let total = self.count(&ratios.total, frame, line, "total", 1, MAX_COUNT);
        let unit = match &ratios.unit {
            Some(unit) => self.count(unit, frame, line, "unit", 1, MAX_COUNT),
            None => Some(1),
        };
        let shares = self.shares(ratios, frame, line);
        let (total, unit, shares) = (total?, unit?, shares?);
        if !total.is_multiple_of(unit) {
            let message = format!("`total` must be a multiple of `unit`, got {total} and {unit}");
            self.fault(Diagnostic::new(Code::E0303, ratios.total.span, message, ""));
            return None;
        }
        let widths = self.widths(ratios, total, unit, &shares)?;
        let mut branches = Vec::with_capacity(widths.len());
        for ((key, share), width) in ratios.share.iter().zip(widths) {
            let number = |number| Term::integer(number, share.span);
            let Some(kernel) = kernel_of(&key.text) else {
                branches.push(pool_branch(key, number(width)));
                continue;
            };
            let reduce = ratios.reduce.iter().find(|(branch, _)| branch.text == key.text);
            let mut numbers = Vec::with_capacity(2);
            if let Some((_, term)) = reduce {
                let place = format!("reduce.{}", key.text);
                let part = self.share(term, frame, line, &place)?;
                numbers.push(Term::integer(self.reduced(term, part, width, unit)?, term.span));
            }
            numbers.push(number(width));
            branches.push(number_branch(key, kernel, numbers));
        }
        Some(branches)
    }

    /// Each branch's share, `rest` filled in; they sum to one.
    fn shares(&mut self, ratios: &Ratios, frame: &Frame<'_>, line: &Place<'_>) -> Option<Vec<Rational>> {
        let shares = self.joint_shares(ratios, frame, line)?;
        let rests: Vec<usize> = (0..shares.len()).filter(|&at| shares[at].is_none()).collect();
        let sum = shares.iter().flatten().try_fold(Rational::integer(0), |sum, &share| sum.add(share));
        let left = sum.and_then(|sum| Rational::integer(1).sub(sum));
        let Some(left) = left else {
            self.fault(Diagnostic::new(Code::E0304, ratios.share_span, "the shares have no exact sum", ""));
            return None;
        };
        match rests[..] {
            [] if left == Rational::integer(0) => {}
            [_] if left > Rational::integer(0) => {}
            [_, second, ..] => {
                let fault = Diagnostic::new(Code::E0309, ratios.share[second].1.span, "two branches take the rest", "the second");
                self.fault(fault.with_label(ratios.share[rests[0]].1.span, "the first"));
                return None;
            }
            _ => {
                let sum = Rational::integer(1).sub(left).unwrap_or(left);
                let (message, help) = if rests.is_empty() {
                    (format!("the shares sum to {sum}, not to 1"), "let one branch take the `rest`")
                } else {
                    (format!("the other shares sum to {sum} and leave no rest"), "the shares before the rest sum to less than 1")
                };
                self.fault(Diagnostic::new(Code::E0309, ratios.share_span, message, "").with_help(help));
                return None;
            }
        }
        Some(shares.into_iter().map(|share| share.unwrap_or(left)).collect())
    }

    /// The shares as written; `None` is `rest`.
    fn joint_shares(&mut self, ratios: &Ratios, frame: &Frame<'_>, line: &Place<'_>) -> Option<Vec<Option<Rational>>> {
        let shares: Vec<Option<Option<Rational>>> = (ratios.share.iter())
            .map(|(key, term)| match term.text() {
                Some("rest") => Some(None),
                _ => self.share(term, frame, line, &format!("share.{}", key.text)).map(Some),
            })
            .collect();
        shares.into_iter().collect()
    }

    /// A number above 0 and at most 1.
    fn share(&mut self, term: &Term, frame: &Frame<'_>, line: &Place<'_>, key: &str) -> Option<Rational> {
        match self.value(term, frame, line, key)? {
            Value::Number(share) if share > Rational::integer(0) && share <= Rational::integer(1) => Some(share),
            other => {
                let message = format!("a share is a number above 0 and at most 1, got {other}");
                self.fault(Diagnostic::new(Code::E0309, term.span, message, ""));
                None
            }
        }
    }

    /// Multiples of `unit` that sum to `total`: each share rounded down, what is left to the largest remainders, ties to the earlier
    /// branch. With `unit` 1 a fractional width is a fault, since nothing says that it may be rounded.
    fn widths(&mut self, ratios: &Ratios, total: u32, unit: u32, shares: &[Rational]) -> Option<Vec<u32>> {
        let units = Rational::integer(i128::from(total / unit));
        let mut widths = Vec::with_capacity(shares.len());
        let mut remainders = Vec::with_capacity(shares.len());
        for (at, share) in shares.iter().enumerate() {
            let (exact, span) = (share.mul(units)?, ratios.share[at].1.span);
            let whole = exact.floor();
            let remainder = exact.sub(whole)?;
            if unit == 1 && remainder != Rational::integer(0) {
                let message = format!("branch `{}` must be an integer wide, got {exact}", ratios.share[at].0.text);
                let fault = Diagnostic::new(Code::E0303, span, message, format!("{share} of {total}"));
                self.fault(fault.with_help("choose shares that part the total, or round on purpose with `unit: 8`"));
                return None;
            }
            widths.push(u32::try_from(whole.to_integer()?).ok()?);
            remainders.push((remainder, at));
        }
        remainders.sort_by(|(a, left), (b, right)| b.cmp(a).then(left.cmp(right)));
        let missing = total / unit - widths.iter().sum::<u32>();
        for &(_, at) in remainders.iter().take(missing as usize) {
            widths[at] += 1;
        }
        if let Some(empty) = widths.iter().position(|&width| width == 0) {
            let message = format!("branch `{}` is left without a channel", ratios.share[empty].0.text);
            let label = format!("{} of {total} is less than half a unit of {unit}", shares[empty]);
            self.fault(Diagnostic::new(Code::E0303, ratios.share[empty].1.span, message, label));
            return None;
        }
        Some(widths.into_iter().map(|width| width * unit).collect())
    }

    /// A share of a width, rounded to the nearest unit, at least one.
    fn reduced(&mut self, term: &Term, share: Rational, width: u32, unit: u32) -> Option<u32> {
        let units = share.mul(Rational::integer(i128::from(width)))?.div(Rational::integer(i128::from(unit)))?;
        if unit == 1 && units.to_integer().is_none() {
            let message = format!("the reduction must be an integer wide, got {units}");
            let fault = Diagnostic::new(Code::E0303, term.span, message, format!("{share} of {width}"));
            self.fault(fault.with_help("choose a share that parts the width, or round on purpose with `unit: 8`"));
            return None;
        }
        let units = u32::try_from(units.round().to_integer()?).ok()?.max(1);
        Some(units * unit)
    }
}
