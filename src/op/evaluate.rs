//! From a term to a value to the integer or real that a setting takes.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Real64;
use crate::base::listed;
use crate::base::nearest;
use crate::expr::Decisions;
use crate::expr::Environment;
use crate::expr::Fault;
use crate::expr::Place;
use crate::expr::Rational;
use crate::expr::Value;
use crate::op::Term;
use crate::op::TermKind;

/// The largest magnitude of a real setting. Between [`MIN_REAL`] and this, 17 digits and their power of ten fit an exact rational.
pub const MAX_REAL: f64 = 1e15;
/// The smallest magnitude of a real setting that is not zero.
pub const MIN_REAL: f64 = 1e-15;

/// Evaluates a scalar term; nothing if that failed, in which case its fault stands in `faults` or was told before.
pub fn evaluate(
    term: &Term,
    env: &Environment<'_>,
    place: Option<&Place<'_>>,
    key: &str,
    decisions: &mut Decisions,
    faults: &mut Vec<Diagnostic>,
) -> Option<Value> {
    evaluate_decided(term, env, place, key, decisions, faults).map(|(value, _)| value)
}

/// As [`evaluate`], with whether the value hangs on a decision.
pub fn evaluate_decided(
    term: &Term,
    env: &Environment<'_>,
    place: Option<&Place<'_>>,
    key: &str,
    decisions: &mut Decisions,
    faults: &mut Vec<Diagnostic>,
) -> Option<(Value, bool)> {
    match &term.kind {
        TermKind::Scalar(_, Ok(formula)) => match formula.value(env, decisions, place, key) {
            Ok(found) => Some(found),
            Err(Fault::Silent) => None,
            Err(Fault::Found(fault)) => {
                faults.push(*fault);
                None
            }
        },
        TermKind::Scalar(_, Err(fault)) => {
            faults.push((**fault).clone());
            None
        }
        TermKind::List(_) | TermKind::Map(_) => {
            let message = format!("`{key}` takes one value, not {}", term.describe());
            faults.push(Diagnostic::new(Code::E0200, term.span, message, ""));
            None
        }
    }
}

/// The fault of a value that its setting does not take: `what` must be `wanted`. A word may be a misspelt variable; a fraction may be
/// meant to be rounded.
pub fn unfit(code: Code, what: &str, wanted: &str, value: &Value, term: &Term, env: &Environment<'_>) -> Diagnostic {
    let shown = match value {
        Value::Number(number) => number.to_string(),
        Value::Truth(_) | Value::Word(_) | Value::Shares(_) => value.describe(),
    };
    let plain = value.to_string();
    let is_itself = term.text() == Some(&*plain);
    let label = if is_itself { String::new() } else { format!("evaluates to {plain}") };
    let fault = Diagnostic::new(code, term.span, format!("{what} must be {wanted}, got {shown}"), label);
    match value {
        Value::Word(word) if is_itself && env.is_word(word) => {
            let names = env.names();
            match nearest(word, names.iter().copied()) {
                Some(near) => fault.with_patch(format!("did you mean the variable `{near}`?"), near),
                None if names.is_empty() => fault,
                None => fault.with_note(format!("known variables: {}", listed(&names))),
            }
        }
        Value::Number(number) if number.to_integer().is_none() && wanted.contains("integer") => fault.with_help(
            "widths and counts are never rounded silently; use `floor(...)`, `ceil(...)`, `round(...)` or `round8(...)`",
        ),
        _ => fault,
    }
}

/// The integer that a value is, or what it should have been.
pub fn integer(value: &Value, low: u32, high: u32) -> Result<u32, String> {
    match value.number().and_then(Rational::to_integer) {
        Some(number) if (i128::from(low)..=i128::from(high)).contains(&number) => Ok(number as u32),
        Some(number) if number > i128::from(high) => Err(format!("at most {high}")),
        _ if low == 0 => Err("an integer from 0".to_owned()),
        _ => Err("a positive integer".to_owned()),
    }
}

/// The real that a value is, or what it should have been.
pub fn real(value: &Value, low: f64, high: f64) -> Result<Real64, String> {
    let number = value.number().ok_or("a number")?.to_f64();
    if !(low..=high).contains(&number) {
        return Err(match high {
            MAX_REAL if number > high => "at most 1e15".to_owned(),
            MAX_REAL => format!("a number from {low}"),
            _ if low > 0.0 && low < 1e-3 => format!("a number from {low:e} to {high}"),
            _ => format!("a number from {low} to {high}"),
        });
    }
    if number != 0.0 && number.abs() < MIN_REAL {
        return Err("0 or at least 1e-15 in size".to_owned());
    }
    Ok(Real64::new(number))
}
