//! What the parser says of a token that cannot stand where it stands, and what to write instead.

use crate::base::{Code, Diagnostic, Span};
use crate::expr::lex::Token;
use crate::expr::parse::Parser;
use crate::expr::symbol::COMMA;

impl Parser<'_> {
    /// The token at hand.
    pub(super) fn here(&self) -> Span {
        self.lexer.span(self.start, self.end)
    }

    /// A fault of the grammar at the token at hand.
    pub(super) fn fault(&self, message: impl Into<String>, label: &str) -> Diagnostic {
        let label = if label.is_empty() && self.token == Token::End { "the expression ends here" } else { label };
        Diagnostic::new(Code::E0300, self.here(), message, label)
    }

    /// Something else where a number, a name or a parenthesis should begin.
    pub(super) fn no_operand(&self) -> Diagnostic {
        let shown = self.lexer.slice(self.start, self.end);
        match self.token {
            Token::End => self.fault("a number or a name is missing", ""),
            Token::Bracket(path) if self.brackets => {
                self.fault(format!("`[{path}]` names no decision"), "").with_help("write `[w]` or `[3a/3x3:conv]`")
            }
            Token::Bracket(_) => self
                .fault("a list cannot stand in an expression", "")
                .with_help("`[PATH:KEY]`, the value of a decision, is read in `search: where` only"),
            Token::Mark("not") => self.fault("`not` cannot stand here", "").with_help("put it in parentheses: `(not a)`"),
            _ => self.fault(format!("a number or a name is missing before `{shown}`"), ""),
        }
    }

    /// A token where the expression should be at its end, or, `inside` parentheses, at a `)`.
    pub(super) fn stray(&self, inside: bool) -> Diagnostic {
        let shown = self.lexer.slice(self.start, self.end);
        match self.token {
            Token::Mark("|" | ".." | "of") => {
                let part = "a decision cannot be part of an expression";
                let message = if inside { part } else { "a decision is one list or one range" };
                Diagnostic::new(Code::E0307, self.here(), message, "")
                    .with_help("name it in `vars` or `args`, and use the name here")
            }
            Token::Mark("then") => self
                .fault("`then` cannot be part of an expression or a decision", "")
                .with_help("it stands between whole values: `2 then 1`"),
            Token::Mark(")") => self.fault("`)` closes nothing", "").with_help(COMMA),
            Token::Mark(",") => self.fault("a comma stands in calls only", "").with_help("a pair is a list: `[3, 1]`"),
            Token::Mark("by") => self.fault("`by` belongs to a range", "").with_help("write `32 .. 96 by 8`"),
            Token::Mark("else") => self.fault("`else` without `if`", "").with_help("write `a if test else b`"),
            Token::Bracket(_) if !self.brackets => self.no_operand(),
            _ => self.fault(format!("an operator is missing before `{shown}`"), ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::{FileId, Span};
    use crate::expr::parse;
    use crate::expr::symbol::COMMA;

    fn at(text: &str) -> Span {
        Span { file: FileId(0), start: 0, end: text.len() as u32 }
    }

    /// Code, marked text and message of the fault.
    fn fault(text: &str) -> String {
        match parse(text, at(text)) {
            Ok(formula) => format!("{formula:?}"),
            Err(fault) => {
                let span = fault.span();
                format!("{} [{}] {}", fault.code, &text[span.start as usize..span.end as usize], fault.message)
            }
        }
    }

    #[test]
    fn faults_are_told_at_their_place() {
        for (text, told) in [
            ("", "E0300 [] a number or a name is missing"),
            ("2 +", "E0300 [] a number or a name is missing"),
            ("2 + * 3", "E0300 [*] a number or a name is missing before `*`"),
            ("2 3", "E0300 [3] an operator is missing before `3`"),
            ("2w", "E0300 [2w] `2w` is neither a number nor a name"),
            ("1.5G", "E0300 [1.5G] `1.5G` is neither a number nor a name"),
            ("1_000", "E0300 [1_000] `1_000` is neither a number nor a name"),
            ("1.", "E0300 [1.] a number does not end with a point"),
            (".5", "E0300 [.] `.` has no meaning in an expression"),
            ("1 .5", "E0300 [.] `.` has no meaning in an expression"),
            ("min(w", "E0300 [(] `(` is never closed"),
            ("64)", "E0300 [)] `)` closes nothing"),
            ("(2 + 3", "E0300 [(] `(` is never closed"),
            ("(2 3)", "E0300 [3] an operator is missing before `3`"),
            ("3, 1", "E0300 [,] a comma stands in calls only"),
            ("min()", "E0300 [)] a number or a name is missing before `)`"),
            ("floor(1, 2)", "E0300 [floor(1, 2)] `floor` takes one argument"),
            ("rond(3)", "E0300 [rond] unknown function `rond`"),
            ("max 3", "E0300 [3] an operator is missing before `3`"),
            ("1 < 2 < 3", "E0300 [<] comparisons do not chain"),
            ("1 + not a", "E0300 [not] `not` cannot stand here"),
            ("a = 1", "E0300 [=] `=` is no operator"),
            ("a && b", "E0300 [&&] `&&` is no operator"),
            ("a || b", "E0300 [||] `||` is no operator"),
            ("2 ** 3", "E0300 [**] `**` is no operator"),
            ("2 × 3", "E0300 [×] `×` is no operator"),
            ("ä", "E0300 [ä] `ä` has no meaning in an expression"),
            ("a if b", "E0300 [] `if` needs an `else`"),
            ("a else b", "E0300 [else] `else` without `if`"),
            ("64 of 32", "E0300 [] `of` needs alternatives behind it"),
            ("32 by 8", "E0300 [by] `by` belongs to a range"),
            ("[1, 2]", "E0300 [[1, 2]] a list cannot stand in an expression"),
            ("[1", "E0300 [[] `[` is never closed"),
            ("2 * (32 | 64)", "E0307 [|] a decision cannot be part of an expression"),
            ("max(1 .. 3)", "E0307 [..] a decision cannot be part of an expression"),
            ("1 | 2 .. 3", "E0307 [..] a decision is one list or one range"),
            ("1 .. 3 | 5", "E0307 [|] a decision is one list or one range"),
            ("1 of 2 of 3 | 4", "E0300 [of] `of` needs alternatives behind it"),
            ("2 then 1 | 3", "E0307 [|] a decision is one list or one range"),
            ("1 | 2 then 3", "E0300 [then] `then` cannot be part of an expression or a decision"),
            ("(2 then 1)", "E0300 [then] `then` cannot be part of an expression or a decision"),
            ("1e39", "E0304 [1e39] a number is too large or too small to be exact"),
            (
                "99999999999999999999999999999999999999999",
                "E0304 [99999999999999999999999999999999999999999] a number is too large or too small to be exact",
            ),
        ] {
            assert_eq!(fault(text), told, "{text}");
        }
    }

    #[test]
    fn a_cut_comma_is_explained() {
        for text in ["min(w", "64)", "round8(max(3"] {
            assert_eq!(parse(text, at(text)).unwrap_err().help, [COMMA], "{text}");
        }
    }
}
