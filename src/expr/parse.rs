//! From the text of a scalar to its tree, by recursive descent over the grammar of `VALUE`.
//!
//! Ranks, loosest first: `|` and `..`; `then`; `if else`; `or`; `and`; `not`; comparisons, which do not chain; `+ -`; `* / %`;
//! unary `-`; `^`, whose right side may bear a sign.

use crate::base::nearest;
use crate::base::{Code, Diagnostic, Span};
use crate::expr::lex::{Lexer, Token};
use crate::expr::symbol::COMMA;
use crate::expr::{Alternatives, Choice, Expr, ExprKind, Formula, Function, Operator, Rational};

/// How deep parentheses, signs and `else` may nest; an unoptimised build then stays within a megabyte of stack.
const DEEPEST: u32 = 32;

/// The operators that stand in chains, loosest rank first.
const RANKS: [&[Operator]; 5] = [
    &[Operator::Or],
    &[Operator::And],
    &[Operator::Equal, Operator::Unequal, Operator::AtMost, Operator::AtLeast, Operator::Less, Operator::Greater],
    &[Operator::Add, Operator::Subtract],
    &[Operator::Multiply, Operator::Divide, Operator::Remainder],
];

/// The rank of comparisons, where `not` may lead.
const COMPARISONS: usize = 2;

type Parsed<T> = Result<T, Box<Diagnostic>>;

/// Reads what a scalar holds. `at` is its place: spans point into it byte by byte if it is as long as `text`, else at all of it.
pub fn parse(text: &str, at: Span) -> Result<Formula, Box<Diagnostic>> {
    if let Some(number) = small_integer(text) {
        return Ok(Formula::Plain(Expr { span: at, kind: ExprKind::Number(number) }));
    }
    let mut parser = Parser::new(text, at, false)?;
    let formula = parser.formula()?;
    parser.finish()?;
    Ok(formula)
}

/// Reads a condition of `search: where`, in which `[PATH:KEY]` is the value of a decision.
pub fn parse_condition(text: &str, at: Span) -> Result<Expr, Box<Diagnostic>> {
    let mut parser = Parser::new(text, at, true)?;
    let condition = parser.condition()?;
    parser.finish()?;
    Ok(condition)
}

/// The commonest scalar by far, read without a lexer.
fn small_integer(text: &str) -> Option<Rational> {
    let digits = text.as_bytes();
    let read = |value: i128, digit: &u8| digit.is_ascii_digit().then(|| value * 10 + i128::from(digit - b'0'));
    if (1..=18).contains(&digits.len()) { digits.iter().try_fold(0, read).map(Rational::integer) } else { None }
}

pub(super) struct Parser<'t> {
    pub(super) lexer: Lexer<'t>,
    /// The token at hand, its first byte and the one past its last.
    pub(super) token: Token<'t>,
    pub(super) start: usize,
    pub(super) end: usize,
    /// One past the last byte of the token before.
    behind: usize,
    depth: u32,
    /// Whether `[PATH:KEY]` may stand here.
    pub(super) brackets: bool,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, at: Span, brackets: bool) -> Parsed<Parser<'t>> {
        let mut parser =
            Parser { lexer: Lexer::new(text, at)?, token: Token::End, start: 0, end: 0, behind: 0, depth: 0, brackets };
        parser.step()?;
        Ok(parser)
    }

    /// On to the next token.
    fn step(&mut self) -> Parsed<()> {
        self.behind = self.end;
        (self.token, self.start, self.end) = self.lexer.next()?;
        Ok(())
    }

    /// Takes the mark if it is at hand.
    fn take(&mut self, mark: &str) -> Parsed<bool> {
        let found = self.sees(mark);
        if found {
            self.step()?;
        }
        Ok(found)
    }

    fn sees(&self, mark: &str) -> bool {
        matches!(self.token, Token::Mark(found) if found == mark)
    }

    /// From byte `start` to the end of the last token taken.
    fn since(&self, start: usize, kind: ExprKind) -> Expr {
        Expr { span: self.lexer.span(start, self.behind), kind }
    }

    /// `CHOICE | SEQ | COND`
    fn formula(&mut self) -> Parsed<Formula> {
        let start = self.start;
        let first = self.condition()?;
        if self.sees("then") {
            let parts = self.list(first, "then")?;
            return Ok(Formula::Plain(self.since(start, ExprKind::Then(parts))));
        }
        let (start_value, first) = if self.take("of")? { (Some(first), self.condition()?) } else { (None, first) };
        let alternatives = if self.sees("|") {
            Alternatives::List(self.list(first, "|")?)
        } else if self.take("..")? {
            let high = self.condition()?;
            let by = if self.take("by")? { Some(self.condition()?) } else { None };
            Alternatives::Range { low: first, high, by }
        } else if start_value.is_some() {
            return Err(self
                .fault("`of` needs alternatives behind it", "")
                .with_help("write `64 of 32 .. 96 by 8` or `3 of 3 | 5 | 7`")
                .into());
        } else {
            return Ok(Formula::Plain(first));
        };
        let span = self.lexer.span(start, self.behind);
        Ok(Formula::Choice(Box::new(Choice { span, start: start_value, alternatives })))
    }

    /// The rest of conditions joined by `mark`.
    fn list(&mut self, first: Expr, mark: &str) -> Parsed<Vec<Expr>> {
        let mut list = vec![first];
        while self.take(mark)? {
            list.push(self.condition()?);
        }
        Ok(list)
    }

    /// `OR ["if" OR "else" COND]`
    fn condition(&mut self) -> Parsed<Expr> {
        self.nested(|parser| {
            let start = parser.start;
            let value = parser.chain(0)?;
            if !parser.take("if")? {
                return Ok(value);
            }
            let test = parser.chain(0)?;
            if !parser.take("else")? {
                return Err(parser.fault("`if` needs an `else`", "").with_help("write `a if test else b`").into());
            }
            let otherwise = parser.condition()?;
            Ok(parser.since(start, ExprKind::If(Box::new([value, test, otherwise]))))
        })
    }

    /// Operators of one rank between operands of the next.
    fn chain(&mut self, rank: usize) -> Parsed<Expr> {
        let Some(operators) = RANKS.get(rank) else { return self.unary() };
        let start = self.start;
        if rank == COMPARISONS && self.take("not")? {
            let inner = self.nested(|parser| parser.chain(rank))?;
            return Ok(self.since(start, ExprKind::Not(Box::new(inner))));
        }
        let first = self.chain(rank + 1)?;
        let mut rest = Vec::new();
        while let Some(&operator) = operators.iter().find(|operator| self.sees(operator.name())) {
            if rank == COMPARISONS && !rest.is_empty() {
                return Err(self
                    .fault("comparisons do not chain", "a second comparison")
                    .with_help("write `a < b and b < c`")
                    .into());
            }
            self.step()?;
            rest.push((operator, self.chain(rank + 1)?));
        }
        Ok(if rest.is_empty() { first } else { self.since(start, ExprKind::Chain(Box::new(first), rest)) })
    }

    /// `"-" UNARY | ATOM ["^" UNARY]`
    fn unary(&mut self) -> Parsed<Expr> {
        let start = self.start;
        if self.take("-")? {
            let inner = self.nested(Parser::unary)?;
            return Ok(self.since(start, ExprKind::Minus(Box::new(inner))));
        }
        let base = self.atom()?;
        if !self.take("^")? {
            return Ok(base);
        }
        let exponent = self.nested(Parser::unary)?;
        Ok(self.since(start, ExprKind::Chain(Box::new(base), vec![(Operator::Power, exponent)])))
    }

    fn atom(&mut self) -> Parsed<Expr> {
        let start = self.start;
        let kind = match self.token {
            Token::Number(number) => ExprKind::Number(number),
            Token::Mark("true") => ExprKind::Truth(true),
            Token::Mark("false") => ExprKind::Truth(false),
            Token::Name(name) => {
                let end = self.end;
                self.step()?;
                if self.sees("(") {
                    return self.call(name, start, end);
                }
                return Ok(self.since(start, ExprKind::Name(name.into())));
            }
            Token::Bracket(path) if self.brackets && is_decision(path) => ExprKind::Decision(path.into()),
            Token::Mark("(") => {
                self.step()?;
                let inner = self.condition()?;
                self.close(start, false)?;
                return Ok(self.since(start, inner.kind));
            }
            Token::Mark(_) | Token::Bracket(_) | Token::End => return Err(self.no_operand().into()),
        };
        self.step()?;
        Ok(self.since(start, kind))
    }

    /// `FUN "(" COND {"," COND} ")"`; the name is taken, the parenthesis is at hand.
    fn call(&mut self, name: &str, start: usize, end: usize) -> Parsed<Expr> {
        let Some(function) = Function::find(name) else {
            let known = Function::ALL.map(Function::name);
            let fault = Diagnostic::new(Code::E0300, self.lexer.span(start, end), format!("unknown function `{name}`"), "")
                .with_note(format!("functions: {}", known.join(", ")));
            return Err(Box::new(match nearest(name, known) {
                Some(near) => fault.with_patch(format!("did you mean `{near}`?"), near),
                None => fault,
            }));
        };
        let open = self.start;
        self.step()?;
        let first = self.condition()?;
        let arguments = self.list(first, ",")?;
        self.close(open, true)?;
        let call = self.since(start, ExprKind::Call(function, Vec::new()));
        if arguments.len() > 1 && !function.takes_many() {
            let message = format!("`{name}` takes one argument");
            return Err(Box::new(Diagnostic::new(Code::E0300, call.span, message, format!("{} arguments", arguments.len()))));
        }
        Ok(Expr { kind: ExprKind::Call(function, arguments), ..call })
    }

    /// Takes the `)` of the parenthesis at byte `open`.
    fn close(&mut self, open: usize, of_call: bool) -> Parsed<()> {
        if self.take(")")? {
            return Ok(());
        }
        if self.token != Token::End {
            return Err(self.stray(true).into());
        }
        let fault = Diagnostic::new(Code::E0300, self.lexer.span(open, open + 1), "`(` is never closed", "opened here");
        Err(Box::new(if of_call { fault.with_help(COMMA) } else { fault }))
    }

    /// Runs `read` one level deeper, unless that is too deep.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let fault = Diagnostic::new(Code::E0104, self.here(), format!("an expression nests at most {DEEPEST} deep"), "");
            return Err(Box::new(fault.with_help("name a part of it in `vars`")));
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Nothing may be left.
    fn finish(&self) -> Parsed<()> {
        if self.token == Token::End { Ok(()) } else { Err(self.stray(false).into()) }
    }
}

/// Whether the text in brackets may be the path of a decision.
fn is_decision(path: &str) -> bool {
    !path.is_empty() && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-/.:".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;
    use proptest::prelude::*;

    const OFFSET: u32 = 100;

    fn at(text: &str) -> Span {
        Span { file: FileId(0), start: OFFSET, end: OFFSET + text.len() as u32 }
    }

    #[test]
    fn spans_lie_in_the_text_or_cover_all_of_it() {
        let text = "2 * (a + bc)";
        let Ok(Formula::Plain(Expr { span, kind: ExprKind::Chain(_, rest) })) = parse(text, at(text)) else {
            panic!("a product")
        };
        assert_eq!((span, rest[0].1.span), (at(text), at(text).part(4, 12)));
        let elsewhere = Span { file: FileId(3), start: 7, end: 9 };
        assert_eq!(parse("2 + ", elsewhere).unwrap_err().span(), elsewhere);
    }

    #[test]
    fn small_integers_need_no_lexer() {
        for (text, value) in [
            ("0", 0),
            ("64", 64),
            ("007", 7),
            ("999999999999999999", 999_999_999_999_999_999),
            ("1234567890123456789", 1_234_567_890_123_456_789),
        ] {
            assert_eq!(parse(text, at(text)).unwrap().constant(), Some(Rational::integer(value)));
        }
    }

    #[test]
    fn size_and_depth_are_bounded() {
        let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
        assert!(parse(&nested(31), at("")).is_ok());
        let long_chain = format!("1{}", " + 1".repeat(16_000));
        assert!(parse(&long_chain, at("")).is_ok());
        for text in [
            nested(32),
            nested(10_000),
            "-".repeat(60_000),
            "not ".repeat(16_000),
            "2 ^ ".repeat(16_000),
            "1 if 1 else ".repeat(5000),
            "9".repeat(65_537),
        ] {
            assert_eq!(parse(&text, at("")).unwrap_err().code, Code::E0104, "{}", &text[..12]);
        }
    }

    #[test]
    fn names_are_found_everywhere() {
        let text = "a of b .. -c by max(d, e ^ f)";
        assert_eq!(parse(text, at(text)).unwrap().names().collect::<Vec<_>>(), ["a", "b", "c", "d", "e", "f"]);
        let text = "a if not b else in then relu";
        assert_eq!(parse(text, at(text)).unwrap().names().collect::<Vec<_>>(), ["a", "b", "in", "relu"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}|[-0-9a-z+*/%^()|,.<>=! \\[\\]:]{0,60}") {
            for fault in [parse(&text, at(&text)).err(), parse_condition(&text, at(&text)).err()].into_iter().flatten() {
                let span = fault.span();
                prop_assert!(text.get((span.start - OFFSET) as usize..(span.end - OFFSET) as usize).is_some());
            }
        }
    }
}
