//! Expressions of a spec: exact numbers, the grammar of a value, environments and decisions.

mod choice;
mod decision;
mod environment;
mod eval;
mod function;
mod lex;
mod number;
mod options;
mod parse;
mod place;
mod quantity;
mod rounding;
mod shares;
mod symbol;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod value;
mod wording;

pub use choice::Opening;
pub use decision::{Decision, Decisions};
pub use environment::{Binding, Environment, Fault, Input, Variable};
pub use function::Function;
pub use number::Rational;
pub use options::{Options, Range};
pub use parse::{parse, parse_condition};
pub use place::Place;
pub use quantity::parse_quantity;
pub use shares::{Axis, Share, Shares, filled, parse_shares};
pub use symbol::KEYWORDS;
pub use tree::{Alternatives, Choice, Expr, ExprKind, Formula, Operator};
pub use value::Value;
