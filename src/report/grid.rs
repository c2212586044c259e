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

/// The longest line of running text beside or under a table, however wide the terminal.
pub(super) const WIDEST: usize = 110;

/// A text in lines of at most `width` characters, broken at spaces, within words that are longer.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        let mut line = lines.last_mut().expect("there is one from the start");
        if !line.is_empty() && line.chars().count() + 1 + word.len() <= width {
            line.push(' ');
        } else if !line.is_empty() {
            lines.push(String::new());
            line = lines.last_mut().expect("just added");
        }
        while word.len() > width {
            line.extend(word.drain(..width));
            lines.push(String::new());
            line = lines.last_mut().expect("just added");
        }
        line.extend(word);
    }
    lines
}

/// Running text, each line broken at `width` or where it is too long to read.
pub(super) fn paragraphs(lines: &[String], width: usize) -> String {
    lines.iter().flat_map(|line| wrap(line, width.min(WIDEST))).map(|line| line + "\n").collect()
}

/// Heads and rows in columns, `left` of them set to the left, the others to the right.
pub(super) fn aligned(heads: &[&str], left: usize, mut rows: Vec<Vec<String>>) -> String {
    rows.insert(0, heads.iter().map(|&head| head.to_owned()).collect());
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: &Vec<String>| {
        let cells = cells.iter().zip(&widths).enumerate();
        let cell = |(at, (cell, &width)): (usize, (&String, &usize))| {
            if at < left { format!("{cell:width$}") } else { format!("{cell:>width$}") }
        };
        cells.map(cell).collect::<Vec<String>>().join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// The same, the line of heads apart, without its end.
pub(super) fn headed(heads: &[&str], left: usize, rows: Vec<Vec<String>>) -> (String, String) {
    let text = aligned(heads, left, rows);
    let end = text.find('\n').unwrap_or(text.len());
    (text[..end].to_owned(), text[end..].to_owned())
}
