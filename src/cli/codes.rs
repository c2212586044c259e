//! The manual of the codes, `docs/codes.md`, cut into the sections of each code.

use crate::base::Code;

const PAGE: &str = include_str!("../../docs/codes.md");

/// The section of a code in Markdown, its heading without the marks.
pub(super) fn section(code: Code) -> Option<&'static str> {
    let mut sections = PAGE.split("\n## ").skip(1);
    sections.find(|section| section.starts_with(code.name())).map(str::trim_end)
}

/// What a section says below its heading.
pub(super) fn text(code: Code) -> Option<&'static str> {
    section(code)?.split_once('\n').map(|(_, text)| text.trim_start())
}
