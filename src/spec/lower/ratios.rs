//! `inception` by a total and shares (language rule R13): exact shares, widths in multiples of `unit` that sum to `total`.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::expr::Axis;
use crate::expr::Choice;
use crate::expr::Fault;
use crate::expr::Formula;
use crate::expr::Options;
use crate::expr::Place;
use crate::expr::Rational;
use crate::expr::Share;
use crate::expr::Shares;
use crate::expr::Value;
use crate::expr::filled;
use crate::graph::NodeIndex;
use crate::op::MAX_COUNT;
use crate::op::Term;
use crate::op::TermKind;
use crate::spec::Branch;
use crate::spec::Ratios;
use crate::spec::inception::kernel_of;
use crate::spec::inception::number_branch;
use crate::spec::inception::pool_branch;

use super::Frame;
use super::Lowering;
use super::Purpose;
use super::Target;

/// What the shares of a module's branches may be.
enum Offered {
    /// No decision.
    One(Vec<Share>),
    /// All that sum to one.
    Several(Shares),
}

impl Lowering<'_> {
    /// The branches that the shares give; nothing if they cannot be had, which has then been told. Whether widths fit hangs on several
    /// values, so that a walk over everything does not judge it.
    pub(super) fn ratio_branches(&mut self, ratios: &Ratios, frame: &Frame<'_>, line: &Place<'_>) -> Option<Vec<Branch>> {
        let before = self.found.len();
        let branches = self.parted(ratios, frame, line);
        if self.purpose == Purpose::Everything {
            let found = self.found.split_off(before.min(self.found.len()));
            self.found.extend(found.into_iter().filter(|fault| fault.code != Code::E0303));
        }
        branches
    }

    fn parted(&mut self, ratios: &Ratios, frame: &Frame<'_>, line: &Place<'_>) -> Option<Vec<Branch>> {
        let total = self.count(&ratios.total, frame, line, "total", 1, MAX_COUNT);
        let unit = match &ratios.unit {
            Some(unit) => self.count(unit, frame, line, "unit", 1, MAX_COUNT),
            None => Some(1),
        };
        if let (Purpose::Narrowest | Purpose::Widest, Some(total), Some(unit)) = (self.purpose, total, unit)
            && let Some(widths) = self.extreme_widths(ratios, frame, total, unit)
        {
            return self.branches(ratios, frame, line, widths, unit);
        }
        let shares = self.shares(ratios, frame, line);
        let (total, unit, shares) = (total?, unit?, shares?);
        if !total.is_multiple_of(unit) {
            let message = format!("`total` must be a multiple of `unit`, got {total} and {unit}");
            self.fault(Diagnostic::new(Code::E0303, ratios.total.span, message, ""));
            return None;
        }
        let widths = self.widths(ratios, total, unit, &shares)?;
        self.branches(ratios, frame, line, widths, unit)
    }

    fn branches(
        &mut self,
        ratios: &Ratios,
        frame: &Frame<'_>,
        line: &Place<'_>,
        widths: Vec<u32>,
        unit: u32,
    ) -> Option<Vec<Branch>> {
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
        if let Some(whole) = filled(&shares) {
            return Some(whole);
        }
        let rests: Vec<usize> = (0..shares.len()).filter(|&at| shares[at].is_none()).collect();
        if let [first, second, ..] = rests[..] {
            let fault = Diagnostic::new(Code::E0309, ratios.share[second].1.span, "two branches take the rest", "the second");
            self.fault(fault.with_label(ratios.share[first].1.span, "the first"));
            return None;
        }
        let sum = shares.iter().flatten().try_fold(Rational::ZERO, |sum, &share| sum.add(share));
        let Some(sum) = sum else {
            self.fault(Diagnostic::new(Code::E0304, ratios.share_span, "the shares have no exact sum", ""));
            return None;
        };
        let (message, help) = if rests.is_empty() {
            (format!("the shares sum to {sum}, not to 1"), "let one branch take the `rest`")
        } else {
            (format!("the other shares sum to {sum} and leave no rest"), "the shares before the rest sum to less than 1")
        };
        self.fault(Diagnostic::new(Code::E0309, ratios.share_span, message, "").with_help(help));
        None
    }

    /// The shares as written or chosen. Several alternatives are one decision, `PATH:share`, whose values are the vectors that sum to
    /// one: drawn independently, most candidates would not.
    fn joint_shares(&mut self, ratios: &Ratios, frame: &Frame<'_>, line: &Place<'_>) -> Option<Vec<Share>> {
        let shares = match self.offered(ratios, frame)? {
            Offered::One(shares) => return Some(shares),
            Offered::Several(shares) => shares,
        };
        let start = Value::Shares(shares.start().into());
        let options = Options::Shares(Box::new(shares));
        match self.decisions.decide(|| line.decision("share"), ratios.share_span, options, start) {
            Ok(Value::Shares(chosen)) => Some(chosen.to_vec()),
            Ok(_) => None,
            Err(fault) => {
                self.fault(*fault);
                None
            }
        }
    }

    /// Branches whose widths cannot be had: what reads them follows from a fault that was told.
    pub(super) fn unknown_branches(&mut self, ratios: &Ratios) -> NodeIndex {
        let node = self.net.add_unknown();
        for (key, _) in &ratios.share {
            for inside in ["", "/reduce", "/max"] {
                let path = format!("{}/{}{inside}", self.path, key.text);
                self.places.insert(path, Target { node, span: key.span, left_out: None });
            }
        }
        node
    }

    /// What the shares may be.
    fn offered(&mut self, ratios: &Ratios, frame: &Frame<'_>) -> Option<Offered> {
        let (mut start, mut axes) = (Vec::with_capacity(ratios.share.len()), Vec::with_capacity(ratios.share.len()));
        let mut several = false;
        for (_, term) in &ratios.share {
            let (first, axis) = match &term.kind {
                _ if term.text() == Some("rest") => (None, Axis::Rest),
                TermKind::Scalar(_, Ok(Formula::Choice(choice))) => {
                    several = true;
                    let (first, options) = self.opened(choice, term, frame)?;
                    (Some(first), Axis::Of(options))
                }
                _ => {
                    let place = frame.place.copied().unwrap_or(Place { up: None, name: "", copy: None });
                    let share = self.share(term, frame, &place, "share")?;
                    (Some(share), Axis::Of(Options::List(vec![Value::Number(share)])))
                }
            };
            start.push(first);
            axes.push(axis);
        }
        if !several {
            return Some(Offered::One(start));
        }
        let Some(shares) = Shares::new(axes, start) else {
            let message = "the shares together have more alternatives than can be counted";
            let fault = Diagnostic::new(Code::E0308, ratios.share_span, message, "");
            self.fault(fault.with_help("take larger steps, all of them multiples of one fraction"));
            return None;
        };
        Some(Offered::Several(shares))
    }

    /// For shares that are a decision, each branch's width at its own extreme over all vectors, rounding included; nothing else.
    fn extreme_widths(&mut self, ratios: &Ratios, frame: &Frame<'_>, total: u32, unit: u32) -> Option<Vec<u32>> {
        let Offered::Several(shares) = self.offered(ratios, frame)? else { return None };
        let units = Rational::integer(i128::from(total / unit));
        let mut widths = Vec::with_capacity(ratios.share.len());
        for branch in 0..ratios.share.len() {
            let [least, most] = shares.ends(branch)?;
            // What is left over gives a branch at most one unit more than its share rounded down.
            let width = match self.purpose {
                Purpose::Narrowest => least.mul(units)?.floor().to_integer()?.max(1),
                _ => most.mul(units)?.floor().to_integer()? + 1,
            };
            widths.push(u32::try_from(width).ok()?.checked_mul(unit)?);
        }
        Some(widths)
    }

    /// The start of one branch's alternatives and those on their grid.
    fn opened(&mut self, choice: &Choice, term: &Term, frame: &Frame<'_>) -> Option<(Rational, Options)> {
        let opening = match choice.open(&frame.env()) {
            Ok(opening) => opening,
            Err(Fault::Silent) => return None,
            Err(Fault::Found(fault)) => {
                self.fault(*fault);
                return None;
            }
        };
        if let Some(warning) = opening.warning {
            self.decisions.warn(warning);
        }
        let start = self.as_share(&opening.start, term)?;
        let options = opening.options.on_grid();
        match &options {
            Options::Range(range) => {
                self.as_share(&Value::Number(range.low()), term)?;
                self.as_share(&Value::Number(range.high()), term)?;
            }
            Options::List(list) => list.iter().try_for_each(|value| self.as_share(value, term).map(|_| ()))?,
            Options::Shares(_) => return None,
        }
        Some((start, options))
    }

    /// A number above 0 and at most 1.
    fn share(&mut self, term: &Term, frame: &Frame<'_>, line: &Place<'_>, key: &str) -> Option<Rational> {
        let value = self.value(term, frame, line, key)?;
        self.as_share(&value, term)
    }

    fn as_share(&mut self, value: &Value, term: &Term) -> Option<Rational> {
        match value {
            Value::Number(share) if *share > Rational::ZERO && *share <= Rational::ONE => Some(*share),
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
            if unit == 1 && remainder != Rational::ZERO {
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
