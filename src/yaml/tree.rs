//! The tree that a text is read into: only texts, lists and maps, for nothing is typed by YAML (R17 of the spec language).

use std::sync::Arc;

use crate::base::Span;

/// The key of a map entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key as it is written, or decoded where it is quoted.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// A value with its place.
///
/// The span of a text is what stands in the file: [`crate::base::Sources::text`] of it equals the text, unless the text is
/// folded over lines, written with escapes, or stands behind an alias (then the span is that of the `*alias`). Quotes
/// are outside the span wherever the text between them is the value. The span of a list or map reaches from its first to its
/// last character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text: `2.10` and `017` are the characters as written. A value that is missing (a fault already reported) is empty.
    Scalar(Arc<str>),
    /// Values in written order.
    List(Vec<Node>),
    /// Entries in written order, each key once.
    Map(Vec<(Key, Node)>),
}

impl Node {
    /// The text, if it is one.
    pub fn scalar(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text) => Some(text),
            Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// The values, if it is a list.
    pub fn list(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            Kind::Scalar(_) | Kind::Map(_) => None,
        }
    }

    /// The entries, if it is a map.
    pub fn map(&self) -> Option<&[(Key, Node)]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            Kind::Scalar(_) | Kind::List(_) => None,
        }
    }

    /// The entry with this key, if it is a map that has one.
    pub fn get(&self, key: &str) -> Option<&(Key, Node)> {
        self.map()?.iter().find(|(found, _)| &*found.text == key)
    }

    /// Its form in words, for messages: "text", "a list" or "a map".
    pub fn describes(&self) -> &'static str {
        match self.kind {
            Kind::Scalar(_) => "text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }
}
