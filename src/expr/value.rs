//! What an expression yields: a number, a truth value or a word. Nothing is converted into another (rule R11).

use std::fmt;
use std::sync::Arc;

use crate::expr::{Rational, Share};

/// The value of an expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// An exact number.
    Number(Rational),
    /// `true` or `false`.
    Truth(bool),
    /// A name that is no variable, such as `relu`; what takes it checks it.
    Word(Arc<str>),
    /// The shares of a module's branches (rule R13), which are one choice.
    Shares(Arc<[Share]>),
}

impl Value {
    /// A word.
    pub fn word(text: impl Into<Arc<str>>) -> Value {
        Value::Word(text.into())
    }

    /// The number it is, if it is one.
    pub const fn number(&self) -> Option<Rational> {
        if let Value::Number(number) = self { Some(*number) } else { None }
    }

    /// The value with its type, for messages: `the number 3`, `the word relu` with the word in backticks.
    pub fn describe(&self) -> String {
        match self {
            Value::Number(number) => format!("the number {number}"),
            Value::Truth(truth) => format!("the truth value `{truth}`"),
            Value::Word(word) => format!("the word `{word}`"),
            Value::Shares(_) => format!("the shares {self}"),
        }
    }
}

/// As it is written in a spec.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => fmt::Display::fmt(number, f),
            Value::Truth(truth) => fmt::Display::fmt(truth, f),
            Value::Word(word) => f.pad(word),
            Value::Shares(shares) => {
                f.write_str("[")?;
                for (at, share) in shares.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    match share {
                        Some(share) => fmt::Display::fmt(share, f)?,
                        None => f.write_str("rest")?,
                    }
                }
                f.write_str("]")
            }
        }
    }
}
