//! Texts and places in them: a [`Span`] is a byte range of one file, kept from the YAML text to the last assertion.

use std::sync::Arc;

/// The number of a text in [`Sources`]. What `extends` names, a `--set` flag and a git revision are texts too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A byte range `start..end` of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text it lies in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The smallest span that holds both; both lie in one file.
    #[must_use]
    pub fn to(self, end: Span) -> Span {
        debug_assert_eq!(self.file, end.file);
        Span { file: self.file, start: self.start.min(end.start), end: self.end.max(end.end) }
    }

    /// The part `start..end` of this span, counted from its first byte.
    #[must_use]
    pub fn part(self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: self.start + start as u32, end: self.start + end as u32 }
    }
}

/// One text with the name it is shown under.
#[derive(Clone, Debug)]
pub struct Source {
    /// A path, `<stdin>`, `--set`, or the name of a built-in spec.
    pub name: String,
    /// The whole text, UTF-8.
    pub text: Arc<str>,
    /// Whether it was given on the command line: a fault in it is a fault of usage.
    pub is_argument: bool,
}

/// All texts of one run, in the order they were read.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a text; spans of it carry the number returned.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.push(Source { name: name.into(), text: text.into(), is_argument: false })
    }

    /// Adds the value of a flag of the command line, such as `--set`.
    pub fn add_argument(&mut self, flag: &str, value: &str) -> FileId {
        self.push(Source { name: flag.to_owned(), text: value.into(), is_argument: true })
    }

    fn push(&mut self, source: Source) -> FileId {
        self.files.push(source);
        FileId(self.files.len() as u32 - 1)
    }

    /// The text with this number.
    pub fn get(&self, file: FileId) -> &Source {
        &self.files[file.0 as usize]
    }

    /// The text under a span.
    pub fn text(&self, span: Span) -> &str {
        &self.get(span.file).text[span.start as usize..span.end as usize]
    }

    /// The span of a whole text.
    pub fn whole(&self, file: FileId) -> Span {
        Span { file, start: 0, end: self.get(file).text.len() as u32 }
    }

    /// Line and column of a span's start, both from 1, the column in characters.
    pub fn place(&self, span: Span) -> (usize, usize) {
        let before = &self.get(span.file).text[..span.start as usize];
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        let column = before.chars().rev().take_while(|&char| char != '\n').count() + 1;
        (line, column)
    }
}
