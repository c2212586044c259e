//! What a comma cut apart in braces or brackets, put together again and told as one fault.
//!
//! In YAML a comma ends a value there, and what follows it without a `:` is a key without a value, or an item more.

use std::sync::Arc;

use super::Body;
use super::Builder;
use super::Next;
use super::Open;
use super::crop;
use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Span;
use crate::yaml::Kind;
use crate::yaml::Node;

impl Builder {
    /// Puts an expression together that a comma cut in two, as in `{conv: min(w, 64)}`, where YAML reads a key `64)` without a value.
    /// Whether there was one.
    pub(super) fn mend_cut_expression(&mut self) -> bool {
        let Some(Open { body: Body::Map { next, entries, .. }, span, .. }) = self.open.last_mut() else { return false };
        if span.start == span.end {
            return false;
        }
        let (Next::Value(key), Some((_, value))) = (&*next, entries.last_mut()) else { return false };
        let Some(cut) = mended(value, &key.text, key.span) else { return false };
        *next = Next::Key;
        self.report_cut(cut);
        true
    }

    /// Makes a list of numbers that lack its brackets, as in `{pad: 1, 2}`, where YAML reads a key `2` without a value; no key of the
    /// language is a number. Whether there was one. One fault, however many numbers.
    pub(super) fn mend_cut_list(&mut self) -> bool {
        let is_number = |text: &str| text.starts_with(|char: char| char.is_ascii_digit()) && text.parse::<f64>().is_ok();
        let Some(Open { body: Body::Map { next, entries, .. }, span, height, .. }) = self.open.last_mut() else { return false };
        let (Next::Value(number), Some((key, value))) = (&*next, entries.last_mut()) else { return false };
        if span.start == span.end || !is_number(&number.text) {
            return false;
        }
        let mut items = match &value.kind {
            Kind::Scalar(text) if is_number(text) => vec![value.clone()],
            Kind::List(items) if self.faults.pop_if(|fault| fault.span() == value.span).is_some() => items.clone(),
            Kind::Scalar(_) | Kind::List(_) | Kind::Map(_) => return false,
        };
        items.push(Node { span: number.span, kind: Kind::Scalar(Arc::clone(&number.text)) });
        let written: Vec<&str> = items.iter().filter_map(Node::scalar).collect();
        let list = format!("[{}]", written.join(", "));
        let span = value.span.to(number.span);
        let message = format!("the numbers of `{}` have no brackets around them", crop(&key.text));
        let fault = Diagnostic::new(Code::E0102, span, message, "").with_patch("did you mean a list?", list);
        self.faults.push(fault.with_help(format!("alternatives are written `{}`", written.join(" | "))));
        *value = Node { span, kind: Kind::List(items) };
        *height = (*height).max(2);
        *next = Next::Key;
        true
    }

    /// The same in a list in brackets, where YAML reads two items.
    pub(super) fn mend_cut_items(&mut self, items: Vec<Node>) -> Vec<Node> {
        let closes = |node: &Node| node.scalar().is_some_and(|text| text.contains(')'));
        let mut mended_items: Vec<Node> = Vec::with_capacity(items.len());
        let mut waiting = items.iter().filter(|item| closes(item)).count();
        for item in items {
            let cut = match (item.scalar(), mended_items.last_mut()) {
                (Some(text), Some(before)) if waiting > 0 => mended(before, text, item.span),
                _ => None,
            };
            waiting -= usize::from(closes(&item));
            match cut {
                Some(cut) => self.report_cut(cut),
                None => mended_items.push(item),
            }
        }
        mended_items
    }

    /// One fault for each expression, however many commas it has.
    fn report_cut(&mut self, (span, text): (Span, String)) {
        self.faults.retain(|fault| fault.code != Code::E0300 || fault.span().start != span.start);
        let fault = Diagnostic::new(Code::E0300, span, "an expression with a comma must be quoted inside `{ }` and `[ ]`", "");
        self.faults.push(fault.with_patch("quote it", format!("\"{text}\"")));
    }
}

/// Appends to a text whose parentheses are open what a comma cut off; returns where the whole stands, and the whole.
fn mended(before: &mut Node, rest: &str, span: Span) -> Option<(Span, String)> {
    let Kind::Scalar(text) = &before.kind else { return None };
    if text.matches('(').count() <= text.matches(')').count() || before.span.end > span.start {
        return None;
    }
    let whole = format!("{text}, {rest}");
    *before = Node { span: before.span.to(span), kind: Kind::Scalar(Arc::from(&*whole)) };
    Some((before.span, whole))
}
