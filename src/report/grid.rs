//! Cells of text set in columns, and lines broken at a width.

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

/// A text in lines of at most `width` characters, broken at spaces; a longer word has a line of its own.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one from the start");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
