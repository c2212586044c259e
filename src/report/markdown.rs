//! The tree as a Markdown table, for pull requests and issues.

use std::fmt::Write;

use crate::analyze::Analysis;
use crate::base::Shape;
use crate::base::units;
use crate::report::Opening;
use crate::report::count_heading::CountHeading;
use crate::report::outline::lines;

/// One table for each analysis, exact integers, rows indented by depth.
pub fn markdown(analyses: &[Analysis], opening: Opening) -> String {
    let tables: Vec<String> = analyses.iter().map(|analysis| one(analysis, opening)).collect();
    tables.join("\n")
}

fn one(analysis: &Analysis, opening: Opening) -> String {
    let mut text = format!("**{}**: ", escaped(&analysis.name));
    let totals = &analysis.totals;
    let (total, params) = (units::grouped(analysis.counted()), units::grouped(totals.params.into()));
    let what = match &analysis.convention {
        Some(counted) => format!("{} by the convention of {}", counted.unit, counted.tool),
        None => "multiply-adds".to_owned(),
    };
    writeln!(text, "{total} {what}, {params} parameters, {} layers deep", analysis.depth.longest_path).expect("a string");
    for limit in &analysis.budget {
        let distance = units::signed_share(limit.actual.into(), limit.limit.into());
        writeln!(text, "Budget of {} {}: {distance} %", units::grouped(limit.limit.into()), limit.quantity).expect("a string");
    }
    let heading = CountHeading::of(analysis, "").in_words();
    write!(text, "\n| layer | output | {heading} | share | params |\n|:--|--:|--:|--:|--:|\n").expect("a string");
    for line in lines(&analysis.tree, opening) {
        let [c, h, w] = line.row.output;
        let indent = "&nbsp;&nbsp;".repeat(line.last.len());
        let share = units::share(line.count, analysis.counted());
        let (count, params) = (units::grouped(line.count), units::grouped(line.params.into()));
        writeln!(text, "| {indent}{} | {} | {count} | {share} % | {params} |", escaped(line.name), Shape::new(c, h, w))
            .expect("a string");
    }
    text
}

/// A text as Markdown shows it: nothing in it is emphasis, code, a link, an element or the end of a cell. An underscore within a word
/// stands for itself.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let is_within = before.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        match char {
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '&' => escaped += "&amp;",
            '\n' | '\r' => escaped.push(' '),
            '\\' | '`' | '*' | '|' | '[' | ']' | '~' => escaped.extend(['\\', char]),
            '_' if !is_within => escaped.extend(['\\', char]),
            _ => escaped.push(char),
        }
        before = char;
    }
    escaped
}

/// Lines as the points of a list.
pub(super) fn list(lines: &[String]) -> String {
    lines.iter().fold(String::new(), |text, line| text + "- " + &escaped(line) + "\n")
}

/// Heads and rows as a table, the first column to the left, the others to the right.
pub(super) fn table(heads: &[&str], rows: Vec<Vec<String>>) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(heads.iter().map(|head| (*head).to_owned()).collect());
    text += &line(heads.iter().enumerate().map(|(at, _)| if at == 0 { ":--".to_owned() } else { "--:".to_owned() }).collect());
    rows.into_iter().for_each(|row| text += &line(row.iter().map(|cell| escaped(cell)).collect()));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_as_they_are() {
        assert_eq!(escaped("a|b *x* <img src=x>"), "a\\|b \\*x\\* &lt;img src=x&gt;");
        assert_eq!(escaped("[a](b) `c` _d_ ~e~"), "\\[a\\](b) \\`c\\` \\_d\\_ \\~e\\~");
        assert_eq!(escaped("mobilenet_v2 3b/3x3/reduce"), "mobilenet_v2 3b/3x3/reduce");
        assert_eq!(escaped("R&D\\"), "R&amp;D\\\\");
    }
}
