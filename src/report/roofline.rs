//! The roofline of a network as a tree for a terminal, as CSV, Markdown and LaTeX.

mod outline;
mod table;
mod texts;

pub use table::roofline_table;
pub use texts::{roofline_csv, roofline_latex, roofline_markdown};
