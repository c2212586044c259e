//! Values on the command line: `64..160 by 8`, `64,96,128`, `max,avg`.

use anyhow::Context;
use anyhow::ensure;

use crate::analyze::MAX_SWEPT;
use crate::base::Diagnostic;
use crate::base::Sources;
use crate::expr::Decisions;
use crate::expr::Environment;
use crate::expr::Rational;
use crate::expr::Value;
use crate::op::Term;
use crate::op::evaluate;

/// Reads the values of `what`.
pub(super) fn values(what: &str, text: &str) -> anyhow::Result<Vec<Value>> {
    if let Some((low, rest)) = text.split_once("..") {
        let (high, by) = rest.split_once(" by ").unwrap_or((rest, "1"));
        let number = |text: &str| {
            let value = value(what, text.trim())?;
            value
                .number()
                .with_context(|| format!("`{what}`: the ends and the step of a range are numbers, not `{}`", text.trim()))
        };
        return range(what, number(low)?, number(high)?, number(by)?);
    }
    let values: Vec<Value> = text.split(',').map(|text| value(what, text.trim())).collect::<anyhow::Result<_>>()?;
    let twice = values.iter().enumerate().find(|(at, value)| values[..*at].contains(value));
    ensure!(twice.is_none(), "`{what}` is given the value {} twice", twice.map_or(String::new(), |(_, value)| value.to_string()));
    Ok(values)
}

fn range(what: &str, low: Rational, high: Rational, by: Rational) -> anyhow::Result<Vec<Value>> {
    ensure!(by > Rational::ZERO, "`{what}`: the step behind `by` must be above 0, got {by}");
    ensure!(low <= high, "`{what}`: nothing lies from {low} to {high}; the lower end comes first");
    let steps = high.sub(low).and_then(|far| far.div(by)).and_then(|steps| steps.floor().to_integer());
    let steps = steps.filter(|&steps| steps < MAX_SWEPT as i128);
    let steps =
        steps.with_context(|| format!("`{what}` would have more than {MAX_SWEPT} values; give a larger step behind `by`"))?;
    let nth = |at: i128| Rational::integer(at).mul(by).and_then(|far| low.add(far)).map(Value::Number);
    (0..=steps).map(nth).collect::<Option<_>>().with_context(|| format!("`{what}`: the values are too large to be exact"))
}

/// One value: a number, a word or a truth.
fn value(what: &str, text: &str) -> anyhow::Result<Value> {
    ensure!(!text.is_empty(), "`{what}` is given no value; write a range such as `64..160 by 8`, or a list such as `64,96,128`");
    let mut sources = Sources::default();
    let file = sources.add_argument("sweep", text);
    let term = Term::word(text, sources.whole(file));
    let (mut none, mut found): (Decisions, Vec<Diagnostic>) = (Decisions::default(), Vec::new());
    let value = evaluate(&term, &Environment::default(), None, what, &mut none, &mut found);
    let because = || found.first().map_or_else(|| "it is no value".to_owned(), |fault| fault.message.clone());
    value.with_context(|| format!("`{what}`: {}", because()))
}
