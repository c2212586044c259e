//! Puts the tree together: aliases, merges (`<<`), repeated keys, and the limits that keep a small file from becoming a large tree.
//!
//! A fault does not stop the work unless a limit is passed, so that one run shows them all.

mod cut;

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

use super::repeat::find_repeats;
use super::text::is_control;
use super::tree::{Key, Kind, Node};
use crate::base::{Code, Diagnostic, Span};

/// Lists and maps that may stand inside one another.
pub(super) const MAX_DEPTH: usize = 64;
/// Values of one tree, and values copied for its anchors. A network of 20 000 layers has about 200 000.
pub(super) const MAX_NODES: usize = 1_000_000;
/// Faults of one text that are kept.
const MAX_FAULTS: usize = 100;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Nothing is written: `key:` and no more.
    Missing,
    /// Without quotes.
    Plain,
    /// Quoted, a block of text (`|`, `>`), or behind an alias.
    Decoded,
}

/// The work has to end here; the reason is among the faults.
pub(super) struct Stop;

/// The tree so far: the collections that are open, from the outermost in.
pub(super) struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
    faults: Vec<Diagnostic>,
}

/// A list or map that is not complete.
struct Open {
    span: Span,
    anchor: usize,
    /// Number of nodes before it, to know how many are inside.
    before: usize,
    /// Levels of lists and maps, with itself.
    height: usize,
    body: Body,
}

enum Body {
    List(Vec<Node>),
    Map { entries: Vec<(Key, Node)>, next: Next, merge: Option<Span> },
}

/// What comes next in a map.
enum Next {
    Key,
    Value(Key),
    /// A value whose key is no text; it is left out.
    Dropped,
}

/// A value that aliases may repeat.
struct Anchored {
    node: Node,
    nodes: usize,
    height: usize,
}

impl Builder {
    pub(super) fn new() -> Builder {
        Builder { open: Vec::new(), root: None, anchors: HashMap::new(), nodes: 0, faults: Vec::new() }
    }

    /// The tree, if the whole text was read, and all faults.
    pub(super) fn finish(self) -> (Option<Node>, Vec<Diagnostic>) {
        (self.root, self.faults)
    }

    /// The innermost bracket that is open.
    pub(super) fn bracket(&self) -> Option<Span> {
        self.open.last().map(|open| open.span).filter(|span| span.start < span.end)
    }

    /// Notes a fault.
    pub(super) fn report(&mut self, fault: Diagnostic) -> Result<(), Stop> {
        self.faults.push(fault);
        if self.faults.len() < MAX_FAULTS {
            return Ok(());
        }
        if let Some(last) = self.faults.last_mut() {
            last.notes.push(format!("reading ends here, after {MAX_FAULTS} faults"));
        }
        Err(Stop)
    }

    /// A text. `anchor` is its number for aliases, or 0.
    pub(super) fn scalar(&mut self, text: &str, style: Style, span: Span, anchor: usize) -> Result<(), Stop> {
        let mut span = span;
        match style {
            Style::Missing if self.mend_cut_expression() || self.mend_cut_list() => return Ok(()),
            Style::Missing => span = self.report_missing(span)?,
            Style::Plain if matches!(text, "~" | "null" | "Null" | "NULL") => {
                let fault = Diagnostic::new(Code::E0102, span, format!("specs do not use the null value `{text}`"), "");
                self.report(fault.with_help("leave the key out, or write a value; an empty map is `{}`, an empty list `[]`"))?;
            }
            // Only an escape can bring in a control character: those of the file itself are found before.
            Style::Decoded if text.chars().any(is_control) => {
                self.report(Diagnostic::new(Code::E0103, span, "the quoted text contains a control character", ""))?;
            }
            Style::Plain | Style::Decoded => {}
        }
        let node = Node { span, kind: Kind::Scalar(Arc::from(if style == Style::Missing { "" } else { text })) };
        self.count(1, span)?;
        self.keep(anchor, &node, 1, 0)?;
        self.add(node, style, 0)
    }

    /// The start of a list.
    pub(super) fn open_list(&mut self, span: Span, anchor: usize) -> Result<(), Stop> {
        self.open(span, anchor, Body::List(Vec::new()))
    }

    /// The start of a map.
    pub(super) fn open_map(&mut self, span: Span, anchor: usize) -> Result<(), Stop> {
        self.open(span, anchor, Body::Map { entries: Vec::new(), next: Next::Key, merge: None })
    }

    fn open(&mut self, span: Span, anchor: usize, body: Body) -> Result<(), Stop> {
        if self.open.len() == MAX_DEPTH {
            return self.stop_too_deep(span);
        }
        self.count(1, span)?;
        self.open.push(Open { span, anchor, before: self.nodes - 1, height: 1, body });
        Ok(())
    }

    /// The end of the innermost list or map; `end` is its closing bracket, if it is written with brackets.
    pub(super) fn close(&mut self, end: Option<Span>) -> Result<(), Stop> {
        let Some(Open { mut span, anchor, before, height, body }) = self.open.pop() else { return Ok(()) };
        let kind = match body {
            Body::List(items) => {
                span = items.last().map_or(span, |last| span.to(last.span));
                Kind::List(if end.is_some() { self.mend_cut_items(items) } else { items })
            }
            Body::Map { entries, merge, .. } => {
                span = entries.last().map_or(span, |(key, value)| span.to(key.span).to(value.span));
                let entries = self.drop_repeated(entries)?;
                Kind::Map(match merge {
                    Some(merge) => self.merge(entries, merge)?,
                    None => entries,
                })
            }
        };
        let node = Node { span: end.map_or(span, |end| span.to(end)), kind };
        self.keep(anchor, &node, self.nodes - before, height)?;
        self.add(node, Style::Decoded, height)
    }

    /// The value with this anchor once more; `span` is the alias.
    pub(super) fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Stop> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            self.report(Diagnostic::new(Code::E0102, span, "an alias stands inside the value that it repeats", ""))?;
            return self.add_nothing(span);
        };
        let &Anchored { nodes, height, .. } = anchored;
        if self.open.len() + height > MAX_DEPTH {
            return self.stop_too_deep(span);
        }
        self.count(nodes, span)?;
        let node = Node { span, kind: self.anchors[&anchor].node.kind.clone() };
        self.add(node, Style::Decoded, height)
    }

    /// An alias that repeats nothing.
    pub(super) fn unknown_alias(&mut self, name: &str, span: Span) -> Result<(), Stop> {
        let name = crop(name);
        let fault = Diagnostic::new(Code::E0102, span, format!("there is no anchor `&{name}` above this alias"), "");
        self.report(fault.with_help("quote a text that starts with `*`"))?;
        self.add_nothing(span)
    }

    fn add_nothing(&mut self, span: Span) -> Result<(), Stop> {
        self.count(1, span)?;
        self.add(Node { span, kind: Kind::Scalar(Arc::from("")) }, Style::Decoded, 0)
    }

    /// Puts a finished value in its place.
    fn add(&mut self, node: Node, style: Style, height: usize) -> Result<(), Stop> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.height = open.height.max(height + 1);
        match &mut open.body {
            Body::List(items) => items.push(node),
            Body::Map { entries, next, merge } => match mem::replace(next, Next::Key) {
                Next::Value(key) => entries.push((key, node)),
                Next::Dropped => {}
                Next::Key => {
                    let describes = node.describes();
                    if let Kind::Scalar(text) = node.kind {
                        if style == Style::Plain && &*text == "<<" {
                            merge.get_or_insert(node.span);
                        }
                        *next = Next::Value(Key { text, span: node.span });
                    } else {
                        *next = Next::Dropped;
                        let message = format!("a key is text, not {describes}");
                        return self.report(Diagnostic::new(Code::E0102, node.span, message, ""));
                    }
                }
            },
        }
        Ok(())
    }

    /// Copies a value that has an anchor, for aliases.
    fn keep(&mut self, anchor: usize, node: &Node, nodes: usize, height: usize) -> Result<(), Stop> {
        if anchor == 0 {
            return Ok(());
        }
        self.count(nodes, node.span)?;
        self.anchors.insert(anchor, Anchored { node: node.clone(), nodes, height });
        Ok(())
    }

    fn count(&mut self, nodes: usize, span: Span) -> Result<(), Stop> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        let message = format!("the text has more than {MAX_NODES} values, those behind aliases included");
        self.report(Diagnostic::new(Code::E0104, span, message, "too many from here on"))?;
        Err(Stop)
    }

    fn stop_too_deep(&mut self, span: Span) -> Result<(), Stop> {
        self.report(too_deep(span))?;
        Err(Stop)
    }

    /// Reports a value that is not there; returns the place that stands for it.
    fn report_missing(&mut self, span: Span) -> Result<Span, Stop> {
        let in_braces = self.open.last().is_some_and(|open| open.span.start < open.span.end);
        let fault = match self.open.last().map(|open| &open.body) {
            Some(Body::Map { next: Next::Value(key), entries, .. }) => {
                let message = format!("`{}` has no value", crop(&key.text));
                let fault = Diagnostic::new(Code::E0102, key.span, message, "a value is missing here")
                    .with_help("leave the key out, or write a value; an empty map is `{}`, an empty list `[]`");
                // In braces it may be the rest of what stands before it.
                match entries.last().filter(|_| in_braces).map(|(before, value)| (crop(&before.text), value.scalar())) {
                    Some((before, Some(value))) if value.starts_with(char::is_alphabetic) => {
                        let list = format!("{before}: [{}, {}]", crop(value), crop(&key.text));
                        fault.with_help(format!("if it belongs to `{before}`, write a list, as in `{list}`"))
                    }
                    _ => fault,
                }
            }
            Some(Body::Map { .. }) => Diagnostic::new(Code::E0102, span, "a key is missing here", ""),
            Some(Body::List(_)) => Diagnostic::new(Code::E0102, span, "a value is missing here", "an item of a list"),
            None => empty_file(span),
        };
        let place = fault.span();
        self.report(fault)?;
        Ok(place)
    }

    /// Leaves the first of each key.
    fn drop_repeated(&mut self, entries: Vec<(Key, Node)>) -> Result<Vec<(Key, Node)>, Stop> {
        let repeats = find_repeats(&entries);
        if repeats.is_empty() {
            return Ok(entries);
        }
        for &(first, again) in &repeats {
            let key = &entries[again].0;
            let fault = Diagnostic::new(Code::E0101, key.span, format!("`{}` is defined twice", crop(&key.text)), "again here");
            self.report(fault.with_label(entries[first].0.span, "first here"))?;
        }
        let mut repeats = repeats.into_iter().map(|(_, again)| again).peekable();
        let kept = entries.into_iter().enumerate().filter(|(index, _)| repeats.next_if_eq(index).is_none());
        Ok(kept.map(|(_, entry)| entry).collect())
    }

    /// Puts the entries of the maps under `<<` in its place. A key of the map itself wins over them, an earlier map over a later.
    fn merge(&mut self, mut entries: Vec<(Key, Node)>, merge: Span) -> Result<Vec<(Key, Node)>, Stop> {
        let Some(place) = entries.iter().position(|(key, _)| key.span == merge) else { return Ok(entries) };
        let (_, value) = entries.remove(place);
        let sources = match value.kind {
            Kind::List(items) => items,
            Kind::Map(_) | Kind::Scalar(_) => vec![value],
        };
        let mut merged = Vec::new();
        for source in sources {
            if let Kind::Map(more) = source.kind {
                merged.extend(more);
            } else {
                let message = format!("`<<` takes a map or a list of maps, not {}", source.describes());
                self.report(Diagnostic::new(Code::E0200, source.span, message, "").with_label(merge, "merged here"))?;
            }
        }
        // Own keys first, so that what repeats is always a merged key.
        let own = entries.len();
        entries.extend(merged);
        let mut repeats = find_repeats(&entries).into_iter().map(|(_, again)| again).peekable();
        let merged: Vec<_> = entries.drain(own..).enumerate().collect();
        let kept = merged.into_iter().filter(|(index, _)| repeats.next_if_eq(&(own + index)).is_none()).map(|(_, entry)| entry);
        entries.splice(place..place, kept);
        Ok(entries)
    }
}

/// Lists or maps too deep inside one another.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("lists and maps stand more than {MAX_DEPTH} deep inside one another");
    Diagnostic::new(Code::E0104, span, message, "too deep from here on")
}

/// A text without any value.
pub(super) fn empty_file(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0201, span, "the file has no content", "").with_help("a spec starts with the line `nas: 1`")
}

/// A text as it is shown in a message.
fn crop(text: &str) -> String {
    const LENGTH: usize = 60;
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
