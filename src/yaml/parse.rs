//! Text to tree: the events of the YAML crate, and its syntax errors in our words. This file alone names the crate.
//!
//! The events are taken rather than the crate's serde side: they keep the characters of a plain text as they are written (serde
//! would make a number of `2.10` and `017`), tell a quoted text from a plain one and a missing value from `~`, carry tags,
//! anchors and the starts of documents with their places, and go on after a repeated key, so that one run reports all.

use serde_yaml::granit_parser::{ErrorKind, Event, Marker, Options, Parser, ScalarStyle, ScanError, Span as Range};

use super::build::{Builder, MAX_DEPTH, Stop, Style, empty_file, too_deep};
use super::text::{MAX_BYTES, find_control};
use super::tree::Node;
use crate::base::{Code, Diagnostic, FileId, Sources, Span};

/// Reads a text. There is no tree if its syntax is wrong, if it is empty, or if it passes a limit; then there is a finding.
/// A tree may come with findings too: repeated keys, tags, missing values, a second document.
pub fn parse(sources: &Sources, file: FileId) -> (Option<Node>, Vec<Diagnostic>) {
    let text = &*sources.get(file).text;
    if text.len() > MAX_BYTES {
        let start = Span { file, start: 0, end: 0 };
        return (None, vec![Diagnostic::new(Code::E0104, start, "the text is larger than 16 MiB", "")]);
    }
    if let Some(found) = find_control(text, file) {
        return (None, vec![found]);
    }
    let mut reader = Reader { text, file, builder: Builder::new(), documents: 0 };
    // A stop has left its reason among the findings.
    let _ = reader.read();
    reader.builder.finish()
}

struct Reader<'text> {
    text: &'text str,
    file: FileId,
    builder: Builder,
    documents: usize,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), Stop> {
        let mut options = Options::default();
        options.disallow_directives = true;
        options.emit_unresolved_aliases = true;
        options.emit_comments = false;
        // The builder counts lists and maps of both styles together; these bound the scanner, which reads ahead of it.
        options.flow_nesting_limit = MAX_DEPTH;
        options.block_nesting_limit = MAX_DEPTH;
        for event in Parser::new_from_str_with_options(self.text, options) {
            match event {
                Ok((event, range)) => self.take(event, &range)?,
                Err(error) => {
                    let fault = self.explain(&error);
                    return self.builder.report(fault);
                }
            }
        }
        if self.documents == 0 { self.builder.report(empty_file(self.span(0, 0))) } else { Ok(()) }
    }

    fn take(&mut self, event: Event<'_>, range: &Range) -> Result<(), Stop> {
        if event.tag().is_some() {
            let tag = range.tag_span().unwrap_or(*range);
            let span = self.place(&tag);
            let fault = Diagnostic::new(Code::E0102, span, "specs do not use tags", "a word that starts with `!` is a tag");
            self.builder.report(fault.with_help("remove it, or quote the text"))?;
        }
        let span = self.place(range);
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    let fault = Diagnostic::new(Code::E0102, span, "a second document starts here", "");
                    self.builder.report(fault.with_help("a spec is one document; move the second into a file of its own"))?;
                    return Err(Stop);
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let style = match style {
                    // The crate says `~` for a value that is not there; only its empty span tells it from a written one.
                    ScalarStyle::Plain if span.start == span.end && tag.is_none() => Style::Missing,
                    ScalarStyle::Plain => Style::Plain,
                    _ => Style::Decoded,
                };
                let span = self.fit(&text, style, span);
                self.builder.scalar(&text, style, span, anchor)
            }
            Event::SequenceStart(_, anchor, _) => self.builder.open_list(span, anchor),
            Event::MappingStart(_, anchor, _) => self.builder.open_map(span, anchor),
            Event::SequenceEnd | Event::MappingEnd => self.builder.close((span.start < span.end).then_some(span)),
            Event::Alias(anchor) => self.builder.alias(anchor, span),
            Event::UnresolvedAlias(name) => self.builder.unknown_alias(&name, span),
            _ => Ok(()),
        }
    }

    /// The span of a text: without its quotes where they hold just the text, without the line break at the end of a block,
    /// and on the `-` of a list item that is missing.
    fn fit(&self, text: &str, style: Style, span: Span) -> Span {
        let written = &self.text[span.start as usize..span.end as usize];
        match style {
            Style::Plain => span,
            Style::Missing => {
                let before = self.text[..span.start as usize].trim_end_matches(' ');
                let dash = before.ends_with('-') && !before.ends_with("--");
                if dash { self.span(before.len() - 1, before.len()) } else { span }
            }
            Style::Decoded => match written.get(1..written.len().saturating_sub(1)) {
                Some(inner) if inner == text && !inner.is_empty() => span.part(1, 1 + inner.len()),
                _ => span.part(0, written.trim_end().len()),
            },
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: start as u32, end: end as u32 }
    }

    /// The byte offset of a place. It is always known, for the crate reads from a `str`; the end of the text stands in for it.
    fn offset(&self, marker: &Marker) -> usize {
        let offset = marker.byte_offset().unwrap_or(self.text.len()).min(self.text.len());
        (0..=offset).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or(0)
    }

    fn place(&self, range: &Range) -> Span {
        let start = self.offset(&range.start);
        self.span(start, self.offset(&range.end).max(start))
    }

    /// A syntax error, in our words.
    fn explain(&self, error: &ScanError) -> Diagnostic {
        let at = self.offset(error.marker());
        let here = self.text[at..].chars().next().filter(|char| !matches!(char, '\n' | '\r'));
        let span = self.span(at, at + here.map_or(0, char::len_utf8));
        if let Some(tab) = self.find_tab(at, error.kind()) {
            return Diagnostic::new(Code::E0100, self.span(tab, tab + 1), "a tab indents this line", "a tab")
                .with_help("indent with spaces");
        }
        let (code, message, help) = match error.kind() {
            ErrorKind::RecursionLimitExceeded => return too_deep(span),
            ErrorKind::BomInsideDocument => (Code::E0103, "a byte order mark stands inside the text".to_owned(), "remove it"),
            kind => describe(kind, self.text[at..].trim().is_empty()),
        };
        let mut found = Diagnostic::new(code, span, message, "");
        if !help.is_empty() {
            found = found.with_help(help);
        }
        match self.builder.bracket() {
            Some(bracket) if bracket != span => {
                let text = format!("this `{}` is still open", &self.text[bracket.start as usize..bracket.end as usize]);
                found.with_label(bracket, text)
            }
            _ => found,
        }
    }

    /// The tab that is to blame: in the indentation of the line of the error or, if the crate complains of a tab without
    /// saying where, of one of the lines that follow.
    fn find_tab(&self, at: usize, kind: &ErrorKind) -> Option<usize> {
        let named = matches!(
            kind,
            ErrorKind::TabNotAllowed
                | ErrorKind::TabInBlockIndentation
                | ErrorKind::TabInIndentation
                | ErrorKind::TabInPlainScalar
                | ErrorKind::TabAtBlockScalarStart
        );
        let start = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let mut line_start = start;
        for line in self.text[start..].split_inclusive('\n').take(if named { usize::MAX } else { 1 }) {
            let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
            if let Some(tab) = line[..indentation].find('\t') {
                return Some(line_start + tab);
            }
            line_start += line.len();
        }
        let behind = self.text[at..].find('\t').map(|tab| at + tab);
        if named { behind } else { None }
    }
}

/// Code, sentence and help for a kind of syntax error; `at_end` if nothing follows its place.
fn describe(kind: &ErrorKind, at_end: bool) -> (Code, String, &'static str) {
    const QUOTE: &str = "quote the text";
    let syntax = |message: &str, help| (Code::E0100, message.to_owned(), help);
    match kind {
        ErrorKind::UnclosedFlowCollection { open } => syntax(&format!("this `{open}` is never closed"), ""),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => syntax(&format!("this `{open}` is closed by `{close}`"), ""),
        ErrorKind::MisplacedFlowCollectionEnd => syntax("this bracket closes nothing", "quote a text that has brackets"),
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => syntax("this quote is never closed", ""),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            syntax("more text follows a closing quote", "quote the whole text, or none of it")
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => {
            syntax("this quoted text has an escape that YAML does not know", "use single quotes, which know no escapes")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            syntax(&format!("a text without quotes cannot start with `{}`", character.escape_default()), QUOTE)
        }
        ErrorKind::MissingAnchorOrAliasName => {
            syntax("a name is missing after `&` or `*`", "quote a text that starts with `&` or `*`")
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement | ErrorKind::InvalidMappingValueWhitespace => {
            let help = "start each entry of a map on a line of its own; quote a text that contains `: `";
            syntax("a `:` cannot stand here", help)
        }
        ErrorKind::ExpectedBlockMappingKey => {
            syntax("a key of the map above is expected here", "all keys of one map start in one column")
        }
        ErrorKind::ExpectedBlockSequenceEntry => {
            syntax("an item of the list above is expected here", "all items of one list start with `- ` in one column")
        }
        ErrorKind::ExpectedFlowMappingSeparator => syntax("`,` or `}` is expected here", ""),
        ErrorKind::ExpectedFlowSequenceSeparator => syntax("`,` or `]` is expected here", ""),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            syntax("an entry of a map without its `:`", "an entry is `key: value`, the key on one line")
        }
        ErrorKind::BlockEntryInFlowCollection
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::InvalidBlockEntryWhitespace
        | ErrorKind::PlainScalarStartsWithDashFlowIndicator => {
            syntax("a `-` cannot stand here", "start an item on a line of its own, or quote the text")
        }
        ErrorKind::CommentNotSeparated | ErrorKind::CommentInterceptedScalar => {
            syntax("a comment cannot stand here", "put a space before `#`, and no comment inside a text of several lines")
        }
        ErrorKind::InvalidIndentation
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::ZeroBlockScalarIndent => {
            syntax("the indentation does not fit the lines above", "indent what belongs to a key deeper than the key")
        }
        ErrorKind::InvalidBlockScalarHeader => syntax("text follows `|` or `>` on its line", QUOTE),
        ErrorKind::DirectiveDisallowed => (Code::E0102, "specs do not use YAML directives".to_owned(), "remove the line"),
        ErrorKind::UndeclaredTagHandle
        | ErrorKind::ExpectedTagBang
        | ErrorKind::InvalidGlobalTagCharacter
        | ErrorKind::InvalidTagTerminator
        | ErrorKind::MissingTagUri
        | ErrorKind::UnclosedVerbatimTag
        | ErrorKind::InvalidTagEscape
        | ErrorKind::InvalidTagUtf8LeadingByte
        | ErrorKind::InvalidTagUtf8TrailingByte
        | ErrorKind::InvalidTagUtf8 => (Code::E0102, "specs do not use tags".to_owned(), "quote a text that starts with `!`"),
        _ if at_end => syntax("the text ends too early", ""),
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedNodeContent => syntax("a value is missing here", ""),
        _ => syntax("the text is not valid YAML here", ""),
    }
}
