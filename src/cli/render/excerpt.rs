//! The lines that a finding shows: from its first label to its last, cut where a line is very long or the labels are far apart.

use std::ops::Range;

use super::place::{Places, floor};
use crate::base::{FileId, Label, Span};

/// Lines of one excerpt at most; labels further apart get excerpts of their own.
const MAX_LINES: usize = 2000;
/// The longest line that is kept whole, in bytes.
const LONG_LINE: usize = 2000;
/// Bytes kept on each side of a label on a longer line. Wider than a terminal, so that the cut is never seen.
const AROUND: usize = 600;

/// Some lines of a text with marks on them.
pub(super) struct Excerpt {
    pub(super) file: FileId,
    /// Number of the first line, from 1.
    pub(super) line: usize,
    pub(super) text: String,
    pub(super) marks: Vec<Mark>,
    /// Where a long line was cut: the place as the excerpt alone would have it, and the true one.
    pub(super) moved: Option<(String, String)>,
}

/// A label in an excerpt; the range counts from the excerpt's start and stays on one line.
pub(super) struct Mark {
    pub(super) range: Range<usize>,
    pub(super) text: String,
    pub(super) primary: bool,
}

/// A label on its line. A label of several lines marks the first.
struct Placed<'label> {
    label: &'label Label,
    range: Range<usize>,
    line: usize,
}

/// The excerpts for labels, that of the first label first. A label that does not fit beside another one on a very long line
/// becomes a note with its place.
pub(super) fn cut(places: &Places, labels: &[Label]) -> (Vec<Excerpt>, Vec<String>) {
    let mut groups: Vec<Vec<Placed>> = Vec::new();
    let mut sorted: Vec<Placed> = labels.iter().map(|label| place(places, label)).collect();
    sorted.sort_by_key(|placed| (placed.label.span.file, placed.line));
    for placed in sorted {
        match groups.last_mut() {
            Some(group) if group[0].label.span.file == placed.label.span.file && placed.line - group[0].line < MAX_LINES => {
                group.push(placed);
            }
            _ => groups.push(vec![placed]),
        }
    }
    // Groups in the order of the labels: the one with the primary label leads.
    groups.sort_by_key(|group| group.iter().filter_map(|placed| labels.iter().position(|label| label == placed.label)).min());
    let mut notes = Vec::new();
    let excerpts = groups.iter().map(|group| cut_group(places, group, &mut notes)).collect();
    (excerpts, notes)
}

/// The line of a patch with the place to replace, unless the line is very long or the patch spans several.
pub(super) fn cut_patch(places: &Places, span: Span) -> Option<Excerpt> {
    let range = places.range(span);
    let line = places.line(span.file, range.start);
    let whole = places.line_range(span.file, line);
    if whole.len() > LONG_LINE || range.end > whole.end {
        return None;
    }
    let range = range.start - whole.start..range.end - whole.start;
    let mark = Mark { range, text: String::new(), primary: true };
    let text = places.text(span.file)[whole].to_owned();
    Some(Excerpt { file: span.file, line: line + 1, text, marks: vec![mark], moved: None })
}

fn place<'label>(places: &Places, label: &'label Label) -> Placed<'label> {
    let file = label.span.file;
    let Range { start, end } = places.range(label.span);
    let line = places.line(file, start);
    let line_end = places.line_range(file, line).end;
    let start = start.min(line_end);
    Placed { label, range: start..end.clamp(start, line_end), line }
}

fn cut_group(places: &Places, group: &[Placed], notes: &mut Vec<String>) -> Excerpt {
    let file = group[0].label.span.file;
    let (first, last) = (group[0].line, group[group.len() - 1].line);
    let source = places.text(file);
    let mut excerpt = Excerpt { file, line: first + 1, text: String::new(), marks: Vec::new(), moved: None };
    for line in first..=last {
        let whole = places.line_range(file, line);
        let labels: Vec<&Placed> = group.iter().filter(|placed| placed.line == line).collect();
        let Range { start, end } = window(source, &whole, &labels);
        let base = excerpt.text.len();
        excerpt.text.push_str(&source[start..end]);
        excerpt.text.push('\n');
        for placed in labels {
            let Label { text, primary, .. } = placed.label;
            if placed.range.start < start || placed.range.start > end {
                let (line, column) = places.position(file, placed.range.start);
                notes.push(format!("{}:{line}:{column}: {text}", places.shown_name(file)));
                continue;
            }
            let at = base + placed.range.start - start;
            let range = at..at + placed.range.end.min(end) - placed.range.start;
            excerpt.marks.push(Mark { range, text: text.clone(), primary: *primary });
            // The library names the place of the primary label, or of the first one where there is none.
            if start > whole.start && (*primary || excerpt.moved.is_none()) {
                let shown = source[start..placed.range.start].chars().count() + 1;
                let (line, column) = places.position(file, placed.range.start);
                let name = places.shown_name(file);
                excerpt.moved = Some((format!("{name}:{line}:{shown}"), format!("{name}:{line}:{column}")));
            }
        }
    }
    excerpt
}

/// What is kept of a line: all of it, or what is around its primary label, or its first.
fn window(source: &str, whole: &Range<usize>, labels: &[&Placed]) -> Range<usize> {
    if whole.len() <= LONG_LINE {
        return whole.clone();
    }
    let leading = labels.iter().find(|placed| placed.label.primary).or(labels.first());
    let at = leading.map_or(whole.start, |placed| placed.range.start);
    let start = floor(source, at.saturating_sub(AROUND).max(whole.start));
    start..floor(source, (at + AROUND).min(whole.end))
}
