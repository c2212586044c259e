//! `inception` by a total and shares (language rule R13): exact shares, widths in multiples of `unit` that sum to `total`.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::expr::Choice;
use crate::expr::Fault;
use crate::expr::Formula;
use crate::expr::Options;
use crate::expr::Place;
use crate::expr::Rational;
use crate::expr::Value;
use crate::op::MAX_COUNT;
use crate::op::Term;
use crate::op::TermKind;
use crate::spec::Branch;
use crate::spec::Ratios;
use crate::spec::inception::kernel_of;
use crate::spec::inception::number_branch;
use crate::spec::inception::pool_branch;

use super::Extreme;
use super::Frame;
use super::Lowering;

/// The most joint alternatives that the shares of all modules together may have.
pub(super) const MAX_VECTORS: usize = 200_000;
/// For each of those how many sums may be tried, most of which are not one.
const TRIES: usize = 8;

/// The shares of a module's branches; `None` is the rest.
type Shares = Vec<Option<Rational>>;

/// All vectors with one value of each axis that sum to one, or to less where one takes the rest; nothing if they are more than `most`
/// or too many are tried on the way.
fn joint(axes: &[Vec<Option<Rational>>], most: usize) -> Option<Vec<Shares>> {
    let mut tries = most * TRIES;
    let rests = axes.iter().any(|axis| axis.contains(&None));
    let mut partial: Vec<(Shares, Rational)> = vec![(Vec::new(), Rational::ZERO)];
    for axis in axes {
        tries = tries.checked_sub(partial.len().checked_mul(axis.len())?)?;
        let mut longer = Vec::new();
        for (vector, sum) in &partial {
            for share in axis {
                let sum = share.map_or(Some(*sum), |share| sum.add(share))?;
                if sum <= Rational::ONE {
                    longer.push(([&vector[..], &[*share]].concat(), sum));
                }
            }
        }
        partial = longer;
        if partial.len() > most {
            return None;
        }
    }
    let whole = |(_, sum): &(Shares, Rational)| if rests { *sum < Rational::ONE } else { *sum == Rational::ONE };
    Some(partial.into_iter().filter(whole).map(|(vector, _)| vector).collect())
}

/// A vector as `--set PATH:share=[1/4, 3/8, 1/4, rest]` writes it.
fn written(shares: &[Option<Rational>]) -> String {
    let texts: Vec<String> =
        shares.iter().map(|share| share.map_or_else(|| "rest".to_owned(), |share| share.to_string())).collect();
    format!("[{}]", texts.join(", "))
}

impl Lowering<'_> {
    /// The branches that the shares give; nothing if they cannot be had, which has then been told.
    pub(super) fn ratio_branches(&mut self, ratios: &Ratios, frame: &Frame<'_>, line: &Place<'_>) -> Option<Vec<Branch>> {
        let total = self.count(&ratios.total, frame, line, "total", 1, MAX_COUNT);
        let unit = match &ratios.unit {
            Some(unit) => self.count(unit, frame, line, "unit", 1, MAX_COUNT),
            None => Some(1),
        };
        if let (Some(extreme), Some(total), Some(unit)) = (self.extreme, total, unit)
            && let Some(widths) = self.extreme_widths(ratios, frame, total, unit, extreme)
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

    /// The shares as written or chosen; `None` is `rest`. Several alternatives are one decision, `PATH:share`, whose values are the
    /// vectors that sum to one: drawn independently, most candidates would not.
    fn joint_shares(&mut self, ratios: &Ratios, frame: &Frame<'_>, line: &Place<'_>) -> Option<Vec<Option<Rational>>> {
        let (start, axes): (Shares, Vec<Shares>) = self.axes(ratios, frame)?.into_iter().unzip();
        if axes.iter().all(|axis| axis.len() == 1) {
            return Some(start);
        }
        let Some(mut vectors) = joint(&axes, self.vectors) else {
            self.vectors = 0;
            let message = format!("all shares together have more than {MAX_VECTORS} joint alternatives");
            self.fault(Diagnostic::new(Code::E0308, ratios.share_span, message, "").with_help("take larger steps"));
            return None;
        };
        self.vectors = self.vectors.saturating_sub(vectors.len());
        if !vectors.contains(&start) {
            vectors.push(start.clone());
        }
        let options = Options::List(vectors.iter().map(|vector| Value::word(written(vector))).collect());
        let chosen = self.decisions.decide(|| line.decision("share"), ratios.share_span, options, Value::word(written(&start)));
        match chosen {
            Ok(chosen) => {
                let chosen = chosen.to_string();
                vectors.into_iter().find(|vector| written(vector) == chosen)
            }
            Err(fault) => {
                self.fault(*fault);
                None
            }
        }
    }

    /// For each branch its share at the start and all the values that it may take; `None` is the rest.
    fn axes(&mut self, ratios: &Ratios, frame: &Frame<'_>) -> Option<Vec<(Option<Rational>, Shares)>> {
        let mut axes = Vec::with_capacity(ratios.share.len());
        for (_, term) in &ratios.share {
            if term.text() == Some("rest") {
                axes.push((None, vec![None]));
                continue;
            }
            let (first, axis) = match &term.kind {
                TermKind::Scalar(_, Ok(Formula::Choice(choice))) => self.opened(choice, term, frame)?,
                _ => {
                    let place = frame.place.copied().unwrap_or(Place { up: None, name: "", copy: None });
                    let share = self.share(term, frame, &place, "share")?;
                    (share, vec![share])
                }
            };
            axes.push((Some(first), axis.into_iter().map(Some).collect()));
        }
        Some(axes)
    }

    /// For shares that are a decision, each branch's width at its own extreme over all vectors, rounding included; nothing else.
    fn extreme_widths(
        &mut self,
        ratios: &Ratios,
        frame: &Frame<'_>,
        total: u32,
        unit: u32,
        extreme: Extreme,
    ) -> Option<Vec<u32>> {
        let axes = self.axes(ratios, frame)?;
        if axes.iter().all(|(_, axis)| axis.len() == 1) {
            return None;
        }
        let start: Shares = axes.iter().map(|(start, _)| *start).collect();
        let grids: Vec<Vec<Option<Rational>>> = axes.into_iter().map(|(_, axis)| axis).collect();
        let mut vectors = joint(&grids, self.vectors)?;
        vectors.push(start);
        let units = Rational::integer(i128::from(total / unit));
        let mut widths = Vec::with_capacity(grids.len());
        for branch in 0..grids.len() {
            let of = |vector: &Shares| {
                let sum = vector.iter().flatten().try_fold(Rational::ZERO, |sum, share| sum.add(*share))?;
                vector[branch].or(Rational::ONE.sub(sum))
            };
            let all = vectors.iter().map(of).collect::<Option<Vec<Rational>>>()?;
            let (least, most) = (all.iter().min()?, all.iter().max()?);
            // What is left over gives a branch at most one unit more than its share rounded down.
            let width = match extreme {
                Extreme::Least => least.mul(units)?.floor().to_integer()?.max(1),
                Extreme::Most => most.mul(units)?.floor().to_integer()? + 1,
            };
            widths.push(u32::try_from(width).ok()?.checked_mul(unit)?);
        }
        Some(widths)
    }

    /// The start of one branch's alternatives and the values on their grid.
    fn opened(&mut self, choice: &Choice, term: &Term, frame: &Frame<'_>) -> Option<(Rational, Vec<Rational>)> {
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
        if opening.options.len() > MAX_VECTORS {
            let message = format!("a share has more than {MAX_VECTORS} alternatives");
            self.fault(Diagnostic::new(Code::E0308, term.span, message, "").with_help("take larger steps"));
            return None;
        }
        let on_grid = opening.options.iter().filter(|value| match &opening.options {
            Options::Range(range) => Value::Number(range.start().unwrap_or(Rational::ZERO)) != *value,
            Options::List(_) => true,
        });
        let values: Vec<Value> = on_grid.chain([opening.start]).collect();
        let mut shares = Vec::with_capacity(values.len());
        for value in values {
            shares.push(self.as_share(&value, term)?);
        }
        let start = shares.pop()?;
        Some((start, shares))
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
