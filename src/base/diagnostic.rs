//! One concrete diagnostic for every floor: a code, a sentence, labelled places, help, at most one patch.
//!
//! Passes return `(T, Vec<Diagnostic>)` and go on; only I/O returns early. Rendering belongs to the command line.

use super::{Code, Severity, Span};

/// A place with what is to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What; may be empty.
    pub text: String,
    /// The place of the fault itself (`^^^`) rather than a place that explains it (`---`).
    pub primary: bool,
}

/// A replacement the user may want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// What is replaced.
    pub span: Span,
    /// The new text.
    pub text: String,
    /// The question that introduces it, such as "did you mean `stride`?".
    pub title: String,
}

/// A finding about the user's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its code, with a manual page (`nas explain E0403`).
    pub code: Code,
    /// One sentence without a full stop, names in backticks.
    pub message: String,
    /// Places, the primary one first.
    pub labels: Vec<Label>,
    /// Facts that help to understand it.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Vec<String>,
    /// A replacement, if one is likely.
    pub patch: Option<Patch>,
}

impl Diagnostic {
    /// A finding at `span`; `label` says what stands there, and may be empty.
    pub fn new(code: Code, span: Span, message: impl Into<String>, label: impl Into<String>) -> Diagnostic {
        let primary = Label { span, text: label.into(), primary: true };
        Diagnostic { code, message: message.into(), labels: vec![primary], notes: Vec::new(), help: Vec::new(), patch: None }
    }

    /// Adds a second place that explains the first.
    #[must_use]
    pub fn with_label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into(), primary: false });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// Adds an advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }

    /// Offers `text` in place of the primary span.
    #[must_use]
    pub fn with_patch(mut self, title: impl Into<String>, text: impl Into<String>) -> Diagnostic {
        self.patch = Some(Patch { span: self.span(), text: text.into(), title: title.into() });
        self
    }

    /// The primary place.
    pub fn span(&self) -> Span {
        self.labels[0].span
    }

    /// Error, warning or budget finding, by the code's letter.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}
