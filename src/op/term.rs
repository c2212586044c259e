//! A setting's value as written: a YAML node whose scalars have been read as formulas once, so that a search can evaluate them often.

use std::sync::Arc;

use crate::base::Diagnostic;
use crate::base::Span;
use crate::expr::Formula;
use crate::yaml::Key;
use crate::yaml::Kind;
use crate::yaml::Node;

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Term {
    /// Where it stands.
    pub span: Span,
    /// What stands there.
    pub kind: TermKind,
}

/// The forms of a value.
#[derive(Clone, Debug)]
pub enum TermKind {
    /// Text, and what it means as a formula. Names of layers are no formulas: the fault is told only where a formula is wanted.
    Scalar(Arc<str>, Result<Formula, Box<Diagnostic>>),
    /// A list.
    List(Vec<Term>),
    /// A map in written order.
    Map(Vec<(Key, Term)>),
}

impl Term {
    /// What an item of a list counts beside its text in [`Term::size`].
    pub const ITEM: usize = 16;

    /// Reads the scalars of a node.
    pub fn new(node: &Node) -> Term {
        let kind = match &node.kind {
            Kind::Scalar(text) => TermKind::Scalar(text.clone(), crate::expr::parse(text, node.span)),
            Kind::List(items) => TermKind::List(items.iter().map(Term::new).collect()),
            Kind::Map(entries) => TermKind::Map(entries.iter().map(|(key, value)| (key.clone(), Term::new(value))).collect()),
        };
        Term { span: node.span, kind }
    }

    /// A number that the language writes for the user, shown at `span`.
    pub fn integer(number: u32, span: Span) -> Term {
        Term::word(&number.to_string(), span)
    }

    /// A word or formula that the language writes for the user, shown at `span`.
    pub fn word(text: &str, span: Span) -> Term {
        Term { span, kind: TermKind::Scalar(Arc::from(text), crate::expr::parse(text, span)) }
    }

    /// How long it takes to evaluate, in bytes of text; an item of a list counts as a few.
    pub fn size(&self) -> usize {
        match &self.kind {
            TermKind::Scalar(text, _) => text.len(),
            TermKind::List(items) => items.iter().map(|item| Self::ITEM + item.size()).sum(),
            TermKind::Map(entries) => entries.iter().map(|(_, value)| Self::ITEM + value.size()).sum(),
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            TermKind::Scalar(text, _) => Some(text),
            TermKind::List(_) | TermKind::Map(_) => None,
        }
    }

    /// The items, if it is a list.
    pub fn list(&self) -> Option<&[Term]> {
        match &self.kind {
            TermKind::List(items) => Some(items),
            TermKind::Scalar(..) | TermKind::Map(_) => None,
        }
    }

    /// The entries, if it is a map.
    pub fn map(&self) -> Option<&[(Key, Term)]> {
        match &self.kind {
            TermKind::Map(entries) => Some(entries),
            TermKind::Scalar(..) | TermKind::List(_) => None,
        }
    }

    /// "text", "a list" or "a map", for messages.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            TermKind::Scalar(..) => "text",
            TermKind::List(_) => "a list",
            TermKind::Map(_) => "a map",
        }
    }
}
