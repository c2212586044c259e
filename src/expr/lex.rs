//! The text of a scalar, cut into tokens: numbers, names, marks and keywords (grammar in section 3 of the language reference).

use crate::base::{Code, Diagnostic, Span};
use crate::expr::Rational;
use crate::expr::symbol::{FOREIGN, KEYWORDS, MARKS};

/// Longer scalars are refused.
const LONGEST: usize = 64 * 1024;

/// A piece of the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'t> {
    /// A number.
    Number(Rational),
    /// A name that is no keyword.
    Name(&'t str),
    /// A mark or a keyword.
    Mark(&'static str),
    /// What stands in `[ ]`.
    Bracket(&'t str),
    /// The end of the text.
    End,
}

/// Cuts one scalar into tokens. `at` is its place; where it is as long as the text, bytes of the text are bytes of the file.
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: Span,
    position: usize,
}

impl<'t> Lexer<'t> {
    /// Begins at the start of `text`; refuses one that is too long.
    pub(super) fn new(text: &'t str, at: Span) -> Result<Lexer<'t>, Box<Diagnostic>> {
        if text.len() <= LONGEST {
            return Ok(Lexer { text, at, position: 0 });
        }
        let label = format!("{} bytes", text.len());
        Err(Box::new(Diagnostic::new(Code::E0104, at, format!("an expression has at most {LONGEST} bytes"), label)))
    }

    /// The place of the bytes `start..end`, or of the whole scalar if its text is not what stands in the file.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        if (self.at.end - self.at.start) as usize == self.text.len() { self.at.part(start, end) } else { self.at }
    }

    /// The bytes `start..end`.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        &self.text[start..end]
    }

    /// The next token with its first byte and the one past its last.
    pub(super) fn next(&mut self) -> Result<(Token<'t>, usize, usize), Box<Diagnostic>> {
        let rest = &self.text[self.position..];
        let rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let start = self.text.len() - rest.len();
        let token = match rest.bytes().next() {
            None => Token::End,
            Some(b'0'..=b'9') => return self.number(start),
            Some(b'A'..=b'Z' | b'a'..=b'z' | b'_') => {
                let name = &rest[..name_length(rest)];
                self.position = start + name.len();
                KEYWORDS.into_iter().find(|&keyword| keyword == name).map_or(Token::Name(name), Token::Mark)
            }
            Some(b'[') => {
                let length = rest.find(']').ok_or_else(|| self.fault(start, start + 1, "`[` is never closed", "opened here"))?;
                self.position = start + length + 1;
                Token::Bracket(&rest[1..length])
            }
            Some(_) => {
                let foreign = FOREIGN.into_iter().find(|(mark, _)| rest.starts_with(mark));
                let mark = MARKS.into_iter().find(|mark| rest.starts_with(mark));
                match (mark, foreign) {
                    (Some(mark), other) if other.is_none_or(|(foreign, _)| foreign.len() <= mark.len()) => {
                        self.position = start + mark.len();
                        Token::Mark(mark)
                    }
                    (_, Some((mark, ours))) => return Err(self.foreign(start, mark, ours)),
                    _ => return Err(self.stray(start)),
                }
            }
        };
        if token == Token::End {
            self.position = start;
        }
        Ok((token, start, self.position))
    }

    /// `digits ["." digits] ["e" ["-"] digits]`, and nothing glued to it.
    fn number(&mut self, start: usize) -> Result<(Token<'t>, usize, usize), Box<Diagnostic>> {
        let bytes = self.text.as_bytes();
        let digits = |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let mut end = digits(start);
        if bytes.get(end) == Some(&b'.') && bytes.get(end + 1) != Some(&b'.') {
            if !is_digit(end + 1) {
                return Err(self.fault(start, end + 1, "a number does not end with a point", "a digit is missing"));
            }
            end = digits(end + 1);
        }
        if bytes.get(end) == Some(&b'e') {
            let sign = usize::from(bytes.get(end + 1) == Some(&b'-'));
            if is_digit(end + 1 + sign) {
                end = digits(end + 1 + sign);
            }
        }
        let glued = name_length(&self.text[end..]);
        if glued > 0 {
            return Err(self.glued(start, end, end + glued));
        }
        self.position = end;
        match Rational::parse(&self.text[start..end]) {
            Some(number) => Ok((Token::Number(number), start, end)),
            None => Err(Box::new(Diagnostic::new(
                Code::E0304,
                self.span(start, end),
                "a number is too large or too small to be exact",
                "beyond fractions of 128-bit integers",
            ))),
        }
    }

    /// Letters right behind a number.
    fn glued(&self, start: usize, middle: usize, end: usize) -> Box<Diagnostic> {
        let (number, tail) = (&self.text[start..middle], &self.text[middle..end]);
        let fault = self.fault(start, end, format!("`{number}{tail}` is neither a number nor a name"), "");
        Box::new(match tail {
            "k" | "M" | "G" | "T" | "Ki" | "Mi" | "Gi" | "Ti" | "KiB" | "MiB" | "GiB" | "TiB" => {
                fault.with_help("suffixes are read in `budget` only; write the number out")
            }
            _ if tail.starts_with('_') && tail.bytes().all(|byte| byte == b'_' || byte.is_ascii_digit()) => {
                fault.with_patch("digits are not grouped", format!("{number}{}", tail.replace('_', "")))
            }
            _ => fault.with_help(format!("a product is written `{number} * {tail}`")),
        })
    }

    /// A mark of another language.
    fn foreign(&self, start: usize, mark: &str, ours: &str) -> Box<Diagnostic> {
        let fault = self.fault(start, start + mark.len(), format!("`{mark}` is no operator"), "");
        Box::new(fault.with_patch(format!("did you mean `{ours}`?"), ours))
    }

    /// A character without any meaning.
    fn stray(&self, start: usize) -> Box<Diagnostic> {
        let stray = self.text[start..].chars().next().unwrap_or_default();
        let shown = stray.escape_debug();
        let fault = self.fault(start, start + stray.len_utf8(), format!("`{shown}` has no meaning in an expression"), "");
        Box::new(if stray == '.' {
            fault.with_help("a number begins with a digit: `0.5`; a range is `low .. high`")
        } else {
            *fault
        })
    }

    fn fault(&self, start: usize, end: usize, message: impl Into<String>, label: &str) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(Code::E0300, self.span(start, end), message, label))
    }
}

/// How many bytes of a name `text` begins with; digits may lead, for a glued tail is measured with it too.
fn name_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}
