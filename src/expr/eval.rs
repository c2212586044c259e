//! The value of an expression in an environment: exact numbers, truth values and words, and no conversion between them.
//!
//! What is not evaluated (the other branch of `if`, the rest of `and` and `or`, the values of other copies) is still searched for
//! unknown names, and its variables count as used.

use std::sync::Arc;

use crate::base::{Code, Diagnostic, Span};
use crate::expr::{Binding, Environment, Expr, ExprKind, Fault, Function, Operator, Rational, Value};

impl Expr {
    /// Its value, and whether that hangs on a decision or on the width of an input. A name that means nothing here is a word
    /// where it is the whole value: alone, in a branch of `if`, between `then`s, and beside a word in `==` and `!=`.
    pub fn value(&self, env: &Environment<'_>) -> Result<(Value, bool), Fault> {
        if let ExprKind::Number(number) = self.kind {
            return Ok((Value::Number(number), false));
        }
        let mut evaluation = Evaluation { env, decided: false };
        let value = evaluation.value(self)?;
        Ok((value, evaluation.decided))
    }
}

struct Evaluation<'e> {
    env: &'e Environment<'e>,
    /// Something evaluated so far hangs on a decision.
    decided: bool,
}

impl Evaluation<'_> {
    /// A whole value, where a word may stand.
    fn value(&mut self, expr: &Expr) -> Result<Value, Fault> {
        match &expr.kind {
            ExprKind::If(parts) => self.branch(parts, Evaluation::value, true),
            ExprKind::Then(parts) => self.of_copy(parts, expr.span),
            _ => match self.word(expr) {
                Some(word) => Ok(Value::Word(word.clone())),
                None => self.operand(expr),
            },
        }
    }

    /// Part of a larger expression.
    fn operand(&mut self, expr: &Expr) -> Result<Value, Fault> {
        match &expr.kind {
            ExprKind::Number(number) => Ok(Value::Number(*number)),
            ExprKind::Truth(truth) => Ok(Value::Truth(*truth)),
            ExprKind::Name(name) => self.name(name, expr.span),
            ExprKind::Decision(path) => match self.env.vars.iter().find(|variable| variable.name == *path) {
                Some(variable) => self.bound(Binding::Variable(variable)),
                None => Err(self.env.unknown_decision(path, expr.span).into()),
            },
            ExprKind::Minus(inner) => Ok(Value::Number(-self.number(inner, "-")?)),
            ExprKind::Not(inner) => Ok(Value::Truth(!self.truth(inner, "not")?)),
            ExprKind::Chain(first, rest) => match rest[0].0 {
                Operator::And => self.logic(first, rest, "and", true),
                Operator::Or => self.logic(first, rest, "or", false),
                operator if operator.is_equality() => self.equality(first, operator, &rest[0].1),
                operator @ (Operator::Less | Operator::AtMost | Operator::Greater | Operator::AtLeast) => {
                    self.order(first, operator, &rest[0].1)
                }
                _ => self.arithmetic(first, rest),
            },
            ExprKind::Call(function, arguments) => self.call(*function, arguments, expr.span),
            ExprKind::If(parts) => self.branch(parts, Evaluation::operand, false),
            ExprKind::Then(parts) => self.of_copy(parts, expr.span),
        }
    }

    /// The word that a name is if it stands alone.
    fn word<'x>(&self, expr: &'x Expr) -> Option<&'x Arc<str>> {
        match &expr.kind {
            ExprKind::Name(name) if self.env.is_word(name) => Some(name),
            _ => None,
        }
    }

    fn name(&mut self, name: &str, span: Span) -> Result<Value, Fault> {
        match self.env.find(name) {
            Some(binding) => self.bound(binding),
            None => Err(self.env.unknown(name, span).into()),
        }
    }

    fn bound(&mut self, binding: Binding<'_>) -> Result<Value, Fault> {
        match binding {
            Binding::Copy(copy) => Ok(Value::Number(copy.into())),
            Binding::Input(input) => {
                self.decided = true;
                input.channels.map(|channels| Value::Number(channels.into())).ok_or(Fault::Silent)
            }
            Binding::Variable(variable) => {
                variable.used.set(true);
                self.decided |= variable.decided;
                variable.value.clone().ok_or(Fault::Silent)
            }
        }
    }

    fn number(&mut self, expr: &Expr, operator: &str) -> Result<Rational, Fault> {
        match self.operand(expr)? {
            Value::Number(number) => Ok(number),
            other => Err(mistyped(expr.span, &format!("`{operator}` takes numbers"), &other)),
        }
    }

    fn truth(&mut self, expr: &Expr, operator: &str) -> Result<bool, Fault> {
        match self.operand(expr)? {
            Value::Truth(truth) => Ok(truth),
            other => Err(mistyped(expr.span, &format!("`{operator}` takes truth values"), &other)),
        }
    }

    /// `value if test else otherwise`
    fn branch(
        &mut self,
        [value, test, otherwise]: &[Expr; 3],
        read: impl Fn(&mut Self, &Expr) -> Result<Value, Fault>,
        may_be_word: bool,
    ) -> Result<Value, Fault> {
        let (taken, left) = if self.truth(test, "if")? { (value, otherwise) } else { (otherwise, value) };
        self.skip(left, may_be_word)?;
        read(self, taken)
    }

    /// `a then b then c`
    fn of_copy(&mut self, parts: &[Expr], span: Span) -> Result<Value, Fault> {
        let Some(copy) = self.env.copy else {
            let fault = Diagnostic::new(Code::E0306, span, "`then` tells copies apart, and there is no `repeat` here", "");
            return Err(fault.with_help("write `repeat` on this layer, or one value").into());
        };
        let taken = (copy.max(1) as usize).min(parts.len()) - 1;
        for (at, part) in parts.iter().enumerate() {
            if at != taken {
                self.skip(part, true)?;
            }
        }
        self.value(&parts[taken])
    }

    /// `and` goes on while all are true, `or` while all are false.
    fn logic(&mut self, first: &Expr, rest: &[(Operator, Expr)], name: &str, goes_on: bool) -> Result<Value, Fault> {
        let mut value = self.truth(first, name)?;
        for (_, side) in rest {
            if value == goes_on {
                value = self.truth(side, name)?;
            } else {
                self.skip(side, false)?;
            }
        }
        Ok(Value::Truth(value))
    }

    /// `==` and `!=` between values of one type; a name that means nothing is a word if the other side is one.
    fn equality(&mut self, left: &Expr, operator: Operator, right: &Expr) -> Result<Value, Fault> {
        let values = match (self.word(left), self.word(right)) {
            (None, None) => (self.operand(left)?, self.operand(right)?),
            (Some(word), None) => (Value::Word(word.clone()), self.beside_word(right, left)?),
            (None, Some(word)) => (self.beside_word(left, right)?, Value::Word(word.clone())),
            (Some(word), Some(_)) => return Err(self.env.unknown(word, left.span).into()),
        };
        let equal = match &values {
            (Value::Number(left), Value::Number(right)) => left == right,
            (Value::Truth(left), Value::Truth(right)) => left == right,
            (Value::Word(left), Value::Word(right)) => left == right,
            (Value::Shares(left), Value::Shares(right)) => left == right,
            (left_value, right_value) => {
                let message = format!("`{}` compares values of one type", operator.name());
                let fault = Diagnostic::new(Code::E0302, right.span, message, format!("this is {}", right_value.describe()));
                return Err(fault.with_label(left.span, format!("this is {}", left_value.describe())).into());
            }
        };
        Ok(Value::Truth(equal == (operator == Operator::Equal)))
    }

    /// A side whose other side is the word `unknown`: unless it is a word too, that is an unknown variable.
    fn beside_word(&mut self, side: &Expr, unknown: &Expr) -> Result<Value, Fault> {
        match self.operand(side)? {
            Value::Word(word) => Ok(Value::Word(word)),
            Value::Number(_) | Value::Truth(_) | Value::Shares(_) => {
                let name = self.word(unknown).map_or("", |name| name);
                Err(self.env.unknown(name, unknown.span).into())
            }
        }
    }

    fn order(&mut self, left: &Expr, operator: Operator, right: &Expr) -> Result<Value, Fault> {
        let order = self.number(left, operator.name())?.cmp(&self.number(right, operator.name())?);
        Ok(Value::Truth(match operator {
            Operator::Less => order.is_lt(),
            Operator::AtMost => order.is_le(),
            Operator::Greater => order.is_gt(),
            _ => order.is_ge(),
        }))
    }

    /// `+ -`, `* / %` and `^`, from left to right.
    fn arithmetic(&mut self, first: &Expr, rest: &[(Operator, Expr)]) -> Result<Value, Fault> {
        let mut value = self.number(first, rest[0].0.name())?;
        for (operator, side) in rest {
            let other = self.number(side, operator.name())?;
            let result = match operator {
                Operator::Add => value.add(other),
                Operator::Subtract => value.sub(other),
                Operator::Multiply => value.mul(other),
                Operator::Divide => value.div(other),
                Operator::Remainder => value.rem(other),
                _ => {
                    let Some(exponent) = other.to_integer() else {
                        let label = format!("evaluates to {other}");
                        return Err(Diagnostic::new(Code::E0303, side.span, "an exponent must be an integer", label).into());
                    };
                    value.pow(exponent)
                }
            };
            let divides = matches!(operator, Operator::Divide | Operator::Remainder) && other == Rational::ZERO;
            let inverts = *operator == Operator::Power && value == Rational::ZERO && other < Rational::ZERO;
            value = match result {
                Some(result) => result,
                None if divides => {
                    return Err(Diagnostic::new(Code::E0304, side.span, "division by zero", "evaluates to 0").into());
                }
                None if inverts => {
                    return Err(Diagnostic::new(Code::E0304, first.span, "division by zero", "evaluates to 0").into());
                }
                None => return Err(too_large(first.span.to(side.span), operator.name())),
            };
        }
        Ok(Value::Number(value))
    }

    fn call(&mut self, function: Function, arguments: &[Expr], span: Span) -> Result<Value, Fault> {
        let mut result = None;
        for argument in arguments {
            let number = self.number(argument, function.name())?;
            result = Some(function.apply(result, number).ok_or_else(|| too_large(span, function.name()))?);
        }
        result.map(Value::Number).ok_or(Fault::Silent)
    }

    /// Marks the variables of what is not evaluated as used, and finds its unknown names.
    fn skip(&self, expr: &Expr, may_be_word: bool) -> Result<(), Fault> {
        match &expr.kind {
            ExprKind::Number(_) | ExprKind::Truth(_) => Ok(()),
            ExprKind::Decision(path) => match self.env.variable(path) {
                Some(_) => Ok(()),
                None => Err(self.env.unknown_decision(path, expr.span).into()),
            },
            ExprKind::Name(name) => match self.env.find(name) {
                Some(Binding::Variable(variable)) => {
                    variable.used.set(true);
                    Ok(())
                }
                Some(Binding::Copy(_) | Binding::Input(_)) => Ok(()),
                None if may_be_word && self.env.is_word(name) => Ok(()),
                None => Err(self.env.unknown(name, expr.span).into()),
            },
            ExprKind::Minus(inner) | ExprKind::Not(inner) => self.skip(inner, false),
            ExprKind::Chain(first, rest) => {
                let beside = rest[0].0.is_equality();
                self.skip(first, beside)?;
                rest.iter().try_for_each(|(_, side)| self.skip(side, beside))
            }
            ExprKind::Call(_, arguments) => arguments.iter().try_for_each(|argument| self.skip(argument, false)),
            ExprKind::If(parts) => {
                let [value, test, otherwise] = &**parts;
                self.skip(value, may_be_word)?;
                self.skip(test, false)?;
                self.skip(otherwise, may_be_word)
            }
            ExprKind::Then(parts) => parts.iter().try_for_each(|part| self.skip(part, true)),
        }
    }
}

fn mistyped(span: Span, rule: &str, found: &Value) -> Fault {
    Diagnostic::new(Code::E0302, span, format!("{rule}, not {}", found.describe()), format!("evaluates to {found}")).into()
}

fn too_large(span: Span, operator: &str) -> Fault {
    Diagnostic::new(Code::E0304, span, format!("the result of `{operator}` is too large to be exact"), "")
        .with_note("numbers are fractions of 128-bit integers")
        .into()
}
