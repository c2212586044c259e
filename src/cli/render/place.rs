//! Lines and columns of places, found by bisection: a text is searched for its line breaks once a run.

use std::collections::BTreeMap;
use std::ops::Range;

use super::clean_line;
use crate::base::{Diagnostic, FileId, Sources, Span};

/// The texts with the starts of their lines.
pub(super) struct Places<'run> {
    sources: &'run Sources,
    starts: BTreeMap<FileId, Vec<usize>>,
}

impl<'run> Places<'run> {
    /// Prepares the texts that the findings speak of.
    pub(super) fn new(sources: &'run Sources, found: &[&Diagnostic]) -> Places<'run> {
        let mut starts = BTreeMap::new();
        for found in found {
            let labels = found.labels.iter().map(|label| label.span);
            for span in labels.chain(found.patch.iter().map(|patch| patch.span)) {
                starts.entry(span.file).or_insert_with(|| {
                    let breaks = sources.get(span.file).text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
                    [0].into_iter().chain(breaks.map(|(at, _)| at + 1)).collect()
                });
            }
        }
        Places { sources, starts }
    }

    /// The name a file is shown under.
    pub(super) fn name(&self, file: FileId) -> &'run str {
        &self.sources.get(file).name
    }

    /// The same for a terminal.
    pub(super) fn shown_name(&self, file: FileId) -> String {
        clean_line(self.name(file))
    }

    /// The text of a file.
    pub(super) fn text(&self, file: FileId) -> &'run str {
        &self.sources.get(file).text
    }

    /// A span as bytes of its text, moved into the text and off the middle of characters.
    pub(super) fn range(&self, span: Span) -> Range<usize> {
        let text = self.text(span.file);
        let start = floor(text, span.start as usize);
        start..floor(text, span.end as usize).max(start)
    }

    /// The line, from 0, that holds a byte.
    pub(super) fn line(&self, file: FileId, at: usize) -> usize {
        self.starts[&file].partition_point(|&start| start <= at) - 1
    }

    /// The bytes of a line, counted from 0, without its line feed.
    pub(super) fn line_range(&self, file: FileId, line: usize) -> Range<usize> {
        let starts = &self.starts[&file];
        let text = self.text(file);
        let end = starts.get(line + 1).map_or(text.len(), |next| next - 1);
        starts[line]..end
    }

    /// Line and column of a byte, both from 1, the column in characters.
    pub(super) fn position(&self, file: FileId, at: usize) -> (usize, usize) {
        let line = self.line(file, at);
        (line + 1, self.text(file)[self.starts[&file][line]..at].chars().count() + 1)
    }
}

/// The last character boundary at or before a byte.
pub(super) fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
