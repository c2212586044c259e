//! The tree of an expression and what a scalar holds: one expression, or a decision between several.

use std::sync::Arc;

use crate::base::Span;
use crate::expr::{Function, Rational};

/// An expression with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A number.
    Number(Rational),
    /// `true` or `false`.
    Truth(bool),
    /// A variable, `in`, `i`, or a word.
    Name(Arc<str>),
    /// `[PATH:KEY]`, the value a decision takes; only in `search: where`.
    Decision(Arc<str>),
    /// `-x`.
    Minus(Box<Expr>),
    /// `not x`.
    Not(Box<Expr>),
    /// Operators of one rank, from left to right; never empty. Comparisons and `^` stand alone in their chain.
    Chain(Box<Expr>, Vec<(Operator, Expr)>),
    /// A function and its arguments, never none.
    Call(Function, Vec<Expr>),
    /// `value if test else otherwise`: value, test, otherwise.
    If(Box<[Expr; 3]>),
    /// `a then b then c`: a value for each copy, the last for all further ones.
    Then(Vec<Expr>),
}

/// An operator with two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the operator of its name")]
pub enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

impl Operator {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Operator::Or => "or",
            Operator::And => "and",
            Operator::Equal => "==",
            Operator::Unequal => "!=",
            Operator::Less => "<",
            Operator::AtMost => "<=",
            Operator::Greater => ">",
            Operator::AtLeast => ">=",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Remainder => "%",
            Operator::Power => "^",
        }
    }

    /// Whether it is `==` or `!=`.
    pub const fn is_equality(self) -> bool {
        matches!(self, Operator::Equal | Operator::Unequal)
    }
}

/// A decision as written: `[start of] alternatives`.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The whole of it.
    pub span: Span,
    /// What analysis without a search takes, where it is written (rule R12).
    pub start: Option<Expr>,
    /// What a search may take.
    pub alternatives: Alternatives,
}

/// The alternatives as written.
#[derive(Clone, Debug, PartialEq)]
pub enum Alternatives {
    /// `a | b | c`, at least two.
    List(Vec<Expr>),
    /// `low .. high [by step]`, both ends included.
    Range {
        /// The lower end.
        low: Expr,
        /// The upper end.
        high: Expr,
        /// The distance of neighbours; 1 where it is not written and both ends are integers.
        by: Option<Expr>,
    },
}

/// What a scalar holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// An expression, or `a then b`.
    Plain(Expr),
    /// A decision.
    Choice(Box<Choice>),
}

impl Expr {
    /// The names it reads, in order, with repetitions: variables, `in`, `i` and words.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let mut names = Vec::new();
        self.visit(&mut |expr| {
            if let ExprKind::Name(name) = &expr.kind {
                names.push(&**name);
            }
        });
        names.into_iter()
    }

    /// The paths of the decisions it names, `[3a:total]`.
    pub fn decisions(&self) -> impl Iterator<Item = &str> {
        let mut found = Vec::new();
        self.visit(&mut |expr| {
            if let ExprKind::Decision(path) = &expr.kind {
                found.push(&**path);
            }
        });
        found.into_iter()
    }

    /// Shows `see` this expression and all those in it.
    fn visit<'e>(&'e self, see: &mut impl FnMut(&'e Expr)) {
        see(self);
        match &self.kind {
            ExprKind::Number(_) | ExprKind::Truth(_) | ExprKind::Name(_) | ExprKind::Decision(_) => {}
            ExprKind::Minus(inner) | ExprKind::Not(inner) => inner.visit(see),
            ExprKind::Chain(first, rest) => {
                first.visit(see);
                for (_, side) in rest {
                    side.visit(see);
                }
            }
            ExprKind::Call(_, parts) | ExprKind::Then(parts) => parts.iter().for_each(|part| part.visit(see)),
            ExprKind::If(parts) => parts.iter().for_each(|part| part.visit(see)),
        }
    }
}

impl Choice {
    /// The start and the alternatives, or the ends and the step of the range, as written.
    pub fn parts(&self) -> impl Iterator<Item = &Expr> {
        let parts: Vec<&Expr> = match &self.alternatives {
            Alternatives::List(list) => list.iter().collect(),
            Alternatives::Range { low, high, by } => [low, high].into_iter().chain(by).collect(),
        };
        self.start.iter().chain(parts)
    }
}

impl Formula {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Formula::Plain(expr) => expr.span,
            Formula::Choice(choice) => choice.span,
        }
    }

    /// The names it reads, in order, with repetitions: variables, `in`, `i` and words.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names: Vec<&str> = match self {
            Formula::Plain(expr) => expr.names().collect(),
            Formula::Choice(choice) => choice.parts().flat_map(Expr::names).collect(),
        };
        names.into_iter()
    }

    /// The number, if it is a bare one.
    pub fn constant(&self) -> Option<Rational> {
        match self {
            Formula::Plain(Expr { kind: ExprKind::Number(number), .. }) => Some(*number),
            _ => None,
        }
    }
}
