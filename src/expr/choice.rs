//! Decisions as they are written, `[start of] alternatives` (rules R12 and R14, A9), and the value of a whole scalar.

use crate::base::{Code, Diagnostic};
use crate::expr::{
    Alternatives, Binding, Choice, Decisions, Environment, Expr, Fault, Formula, Options, Place, Range, Rational, Value,
};

/// What a decision offers.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// What is taken without a search.
    pub start: Value,
    /// All that may be taken, the start among them.
    pub options: Options,
    /// A range that stops before its end.
    pub warning: Option<Diagnostic>,
}

impl Choice {
    /// Evaluates start and alternatives, none of which may hang on another decision, on an input or on the copy.
    pub fn open(&self, env: &Environment<'_>) -> Result<Opening, Fault> {
        self.parts().try_for_each(|part| fixed(part, env))?;
        let start = self.start.as_ref().map(|start| start.value(env)).transpose()?.map(|(start, _)| start);
        match &self.alternatives {
            Alternatives::List(list) => {
                let mut values = Vec::with_capacity(list.len());
                for item in list {
                    values.push(item.value(env)?.0);
                }
                let start = start.unwrap_or_else(|| values[0].clone());
                Ok(Opening { options: Options::list(values, &start), start, warning: None })
            }
            Alternatives::Range { low, high, by } => self.range(env, start, low, high, by.as_ref()),
        }
    }

    fn range(
        &self,
        env: &Environment<'_>,
        start: Option<Value>,
        low: &Expr,
        high: &Expr,
        by: Option<&Expr>,
    ) -> Result<Opening, Fault> {
        let (first, last) = (number(low, env)?, number(high, env)?);
        let step = match by {
            Some(by) => number(by, env)?,
            None if first.to_integer().is_some() && last.to_integer().is_some() => Rational::ONE,
            None => {
                let fault = Diagnostic::new(Code::E0308, self.span, "a range of fractions needs its step", "`by` is missing");
                return Err(fault.with_help(format!("write `{first} .. {last} by 1/32`")).into());
            }
        };
        let start = match start {
            None => first,
            Some(Value::Number(start)) => start,
            Some(other) => {
                let span = self.start.as_ref().map_or(self.span, |start| start.span);
                let message = format!("a range holds numbers, and its start is {}", other.describe());
                return Err(Diagnostic::new(Code::E0302, span, message, "").into());
            }
        };
        if step <= Rational::ZERO {
            let span = by.map_or(self.span, |by| by.span);
            return Err(Diagnostic::new(Code::E0308, span, format!("a range goes upwards, not by {step}"), "").into());
        }
        if first > last {
            let fault = Diagnostic::new(Code::E0308, self.span, format!("the range from {first} to {last} is empty"), "");
            return Err(fault.with_help("the lower end comes first").into());
        }
        let Some(range) = Range::new(first, last, step, start) else {
            return Err(Diagnostic::new(Code::E0308, self.span, "the range has more values than can be counted", "").into());
        };
        let reached = range.high();
        let warning = (reached != last).then(|| {
            let message = format!("the range stops at {reached}, before its end {last}");
            Diagnostic::new(Code::W0005, high.span, message, format!("not on the grid of {step} from {first}"))
                .with_help(format!("end it at {reached}"))
        });
        Ok(Opening { start: Value::Number(start), options: Options::Range(range), warning })
    }
}

impl Formula {
    /// Its value, and whether that hangs on a decision or on the width of an input. A decision takes what `decisions` has chosen
    /// for it, else its start; its path is `place` and `key`, or the key alone for a variable of the file.
    pub fn value(
        &self,
        env: &Environment<'_>,
        decisions: &mut Decisions,
        place: Option<&Place<'_>>,
        key: &str,
    ) -> Result<(Value, bool), Fault> {
        match self {
            Formula::Plain(expr) => expr.value(env),
            Formula::Choice(choice) => {
                let Opening { start, options, warning } = choice.open(env)?;
                let path = place.map_or_else(|| key.to_owned(), |place| place.decision(key));
                if let Some(warning) = warning.filter(|_| !decisions.has_met(&path)) {
                    decisions.warn(warning);
                }
                Ok((decisions.decide(|| path, choice.span, options, start)?, true))
            }
        }
    }
}

fn number(expr: &Expr, env: &Environment<'_>) -> Result<Rational, Fault> {
    match expr.value(env)?.0 {
        Value::Number(number) => Ok(number),
        other => {
            let message = format!("a range holds numbers, not {}", other.describe());
            Err(Diagnostic::new(Code::E0302, expr.span, message, "").into())
        }
    }
}

/// Refuses what differs between candidates or copies: the space of a search is a product of its decisions.
fn fixed(part: &Expr, env: &Environment<'_>) -> Result<(), Fault> {
    for name in part.names() {
        let (label, help) = match env.find(name) {
            Some(Binding::Copy(_)) => {
                ("`i` differs from copy to copy", "write the decision in a module's body: there it is one per copy")
            }
            Some(Binding::Input(_)) => ("the width of an input may hang on other decisions", "write the numbers out"),
            Some(Binding::Variable(variable)) if variable.decided => {
                let fault = Diagnostic::new(Code::E0307, part.span, format!("a decision cannot hang on `{name}`"), "");
                let fault = fault.with_label(variable.span, "its value hangs on another decision or on an input");
                return Err(fault.with_help("state how decisions relate in `search: where`").into());
            }
            Some(Binding::Variable(_)) | None => continue,
        };
        let fault = Diagnostic::new(Code::E0307, part.span, format!("a decision cannot hang on `{name}`"), label);
        return Err(fault.with_help(help).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{FileId, Span};
    use crate::expr::{Input, Variable, parse};

    fn at(text: &str) -> Span {
        Span { file: FileId(0), start: 0, end: text.len() as u32 }
    }

    fn value(text: &str, decisions: &mut Decisions, place: Option<&Place<'_>>, key: &str) -> Result<Value, Fault> {
        let number = |name, decided| Variable::new(name, at(""), Some(Value::Number(Rational::integer(6))), decided);
        let vars = [number("six", false), number("free", true)];
        let inputs = [Input { name: "in".into(), channels: Some(48) }];
        let env = Environment { vars: &vars, inputs: &inputs, copy: Some(2), ..Environment::default() };
        parse(text, at(text))?.value(&env, decisions, place, key).map(|(value, decided)| {
            assert!(decided, "{text}");
            value
        })
    }

    #[test]
    fn start_and_options_are_as_written() {
        for (text, start, options) in [
            ("64 of 32 .. 96 by 8", "64", "32 .. 96 by 8"),
            ("50 of 32 .. 96 by 8", "50", "32 .. 96 by 8, and 50"),
            ("3 | 5 | 7", "3", "3 | 5 | 7"),
            ("5 of 3 | 5 | 7", "5", "3 | 5 | 7"),
            ("4 of 3 | 5", "4", "3 | 5 | 4"),
            ("2 * 64 | 3 * 64", "128", "128 | 192"),
            ("1 .. 3", "1", "1 .. 3 by 1"),
            ("1..3", "1", "1 .. 3 by 1"),
            ("six * 2 of six .. 18 by six", "12", "6 .. 18 by 6"),
            ("1/8 .. 1/2 by 1/32", "0.125", "0.125 .. 0.5 by 0.03125"),
            ("r | max | skip", "r", "r | max | skip"),
            ("true | false", "true", "true | false"),
            ("3 | global", "3", "3 | global"),
            ("6 | six", "6", "6"),
        ] {
            let mut decisions = Decisions::default();
            assert_eq!(value(text, &mut decisions, None, "w").unwrap().to_string(), start, "{text}");
            let [found] = decisions.found() else { panic!("one decision: {text}") };
            assert_eq!(
                (found.path.as_str(), found.start.to_string().as_str(), found.options.to_string().as_str()),
                ("w", start, options)
            );
            assert_eq!(decisions.warnings(), [], "{text}");
        }
    }

    #[test]
    fn a_decision_hangs_on_nothing_that_varies() {
        for (text, code, part) in [
            ("3 | free", Code::E0307, "free"),
            ("free of 3 | 5", Code::E0307, "free"),
            ("32 .. 4 * in by 8", Code::E0307, "4 * in"),
            ("1 | i", Code::E0307, "i"),
            ("1/2 .. 1", Code::E0308, "1/2 .. 1"),
            ("1 .. 3 by 0", Code::E0308, "0"),
            ("1 .. 3 by -1", Code::E0308, "-1"),
            ("3 .. 1", Code::E0308, "3 .. 1"),
            ("0 .. 1e30", Code::E0308, "0 .. 1e30"),
            ("relu .. 3", Code::E0302, "relu"),
            ("1 .. 3 by true", Code::E0302, "true"),
            ("relu of 1 .. 3", Code::E0302, "relu"),
            ("2 * x | 3", Code::E0301, "x"),
        ] {
            let Err(Fault::Found(fault)) = value(text, &mut Decisions::default(), None, "w") else { panic!("no fault: {text}") };
            let span = fault.span();
            assert_eq!((fault.code, &text[span.start as usize..span.end as usize]), (code, part), "{text}");
        }
    }

    #[test]
    fn what_was_chosen_is_taken_and_each_path_is_met_once() {
        let number = |value| Value::Number(Rational::integer(value));
        let chosen = [("s3:n".to_owned(), number(48)), ("s3:typo".to_owned(), number(1)), ("w".to_owned(), number(40))];
        let mut decisions = Decisions::new(chosen);
        let place = Place { up: None, name: "s3", copy: Some(1) };
        for copy in [1, 2] {
            let line = place.of_copy(Some(copy)).line();
            assert_eq!(value("32 of 16 .. 50 by 16", &mut decisions, Some(&line), "n"), Ok(number(48)));
        }
        assert_eq!(decisions.warnings().iter().map(|warning| warning.code).collect::<Vec<_>>(), [Code::W0005], "once a decision");
        assert_eq!(value("1 | 2", &mut decisions, Some(&place), "k"), Ok(number(1)));

        let Err(Fault::Found(refused)) = value("32 | 64", &mut decisions, None, "w") else { panic!("40 is no alternative") };
        assert_eq!((refused.code, refused.message.as_str()), (Code::E0311, "40 is no alternative of `w`"));
        assert_eq!(refused.notes, ["alternatives: 32 | 64"]);
        assert_eq!(value("32 | 64", &mut decisions, None, "w"), Ok(number(32)), "told once");

        let found: Vec<_> = decisions.taken().map(|(decision, taken)| format!("{}={taken}", decision.path)).collect();
        assert_eq!(found, ["s3:n=48", "s3.1:k=1", "w=32"]);
        assert_eq!(decisions.unused(), ["s3:typo"]);
        assert_eq!(decisions.variables().iter().map(|variable| &*variable.name).collect::<Vec<_>>(), ["s3:n", "s3.1:k", "w"]);
    }

    /// The start may be chosen although it is off the grid (A14).
    #[test]
    fn the_start_is_an_alternative() {
        let chosen = [("w".to_owned(), Value::Number(Rational::parse("0.6").unwrap()))];
        assert_eq!(value("0.6 of 0.5 | 0.75", &mut Decisions::new(chosen.clone()), None, "w").unwrap().to_string(), "0.6");
        assert!(value("0.5 | 0.75", &mut Decisions::new(chosen), None, "w").is_err());
    }
}
