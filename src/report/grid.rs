//! Cells of text set in columns.

/// A cell: what is printed and how wide that is without colour codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) width: usize,
}

impl Cell {
    /// A cell whose drawn form is `text`, as wide as `plain`.
    pub(super) fn new(text: impl Into<String>, plain: &str) -> Cell {
        Cell { text: text.into(), width: plain.chars().count() }
    }

    /// Set against the left edge of `width` columns.
    pub(super) fn left(&self, width: usize) -> String {
        format!("{}{}", self.text, " ".repeat(width.saturating_sub(self.width)))
    }

    /// Set against the right edge.
    pub(super) fn right(&self, width: usize) -> String {
        format!("{}{}", " ".repeat(width.saturating_sub(self.width)), self.text)
    }
}
