//! Our count beside every convention, in every form: each difference with the terms that it is the sum of.

use std::fmt::Write;

use crate::analyze::Reconciled;
use crate::analyze::Reconciliation;
use crate::base::units;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::csv::quoted;
use crate::report::grid::WIDEST;
use crate::report::grid::wrap;
use crate::report::latex::escaped;
use crate::report::markdown::escaped as in_markdown;

/// Where what is said of a number begins.
const SAYS: usize = 50;

fn images(batch: u32) -> String {
    if batch == 1 { "one image".to_owned() } else { format!("{batch} images") }
}

/// A number that stands by itself, without the sign of a difference.
fn total(number: i128) -> String {
    units::signed(number).trim_start_matches('+').to_owned()
}

fn whose(convention: &Reconciled) -> String {
    let folded = if convention.batch_norm_folded { ", batch norm folded" } else { "" };
    format!("{}, {}{folded}; {}", convention.unit, convention.tool, convention.users)
}

/// The table for a terminal.
pub(super) fn table(found: &Reconciliation, paint: &Paint) -> String {
    let head = format!("   {} multiply-adds, {}", total(found.madds), images(found.batch));
    let mut text = format!("{}{}\n\n", paint.text(Colour::Bold, &found.name), paint.text(Colour::Faint, &head));
    let head = format!("{:11}{:>17}{:>19}   unit, tool, who uses it; what differs", "convention", "total", "difference");
    text += &format!("{}\n", paint.text(Colour::Faint, &head));
    for convention in &found.conventions {
        let numbers = format!("{:>17}{:>19}", total(convention.total), units::signed(convention.difference));
        let name = format!("{:11}", convention.name);
        said(&mut text, &(paint.text(Colour::Bold, &name) + &numbers), &whose(convention), Colour::Faint, paint);
        for term in &convention.terms {
            said(&mut text, &format!("{:11}{:17}{:>19}", "", "", units::signed(term.count)), term.what, Colour::Ink, paint);
        }
    }
    text
}

/// A number and what is said of it, in as many lines as that needs.
fn said(text: &mut String, numbers: &str, says: &str, colour: Colour, paint: &Paint) {
    let mut lines = wrap(says, paint.width.min(WIDEST).saturating_sub(SAYS).max(30)).into_iter();
    let first = lines.next().unwrap_or_default();
    writeln!(text, "{numbers}   {}", paint.text(colour, &first)).expect("writing to a string");
    for line in lines {
        writeln!(text, "{:SAYS$}{}", "", paint.text(colour, &line)).expect("writing to a string");
    }
}

/// A line for each term; those of a convention sum to `total` less `madds`.
pub(super) fn csv(all: &[Reconciliation]) -> String {
    let mut text = "spec,convention,unit,madds,total,term,count\n".to_owned();
    for found in all {
        for convention in &found.conventions {
            let none = [("", 0)];
            let terms: Vec<(&str, i128)> = convention.terms.iter().map(|term| (term.what, term.count)).collect();
            for (what, count) in if terms.is_empty() { &none[..] } else { &terms } {
                let Reconciled { name, unit, total, .. } = convention;
                writeln!(text, "{},{name},{unit},{},{total},{},{count}", quoted(&found.name), found.madds, quoted(what))
                    .expect("writing to a string");
            }
        }
    }
    text
}

/// A table for a pull request.
pub(super) fn markdown(found: &Reconciliation) -> String {
    let mut text = format!("**{}**: {} multiply-adds, {}\n\n", in_markdown(&found.name), total(found.madds), images(found.batch));
    text += "| convention | total | difference | what differs; unit, tool, who uses it |\n|:--|--:|--:|:--|\n";
    for convention in &found.conventions {
        let (total, difference) = (total(convention.total), units::signed(convention.difference));
        writeln!(text, "| {} | {total} | {difference} | {} |", convention.name, whose(convention)).expect("writing to a string");
        for term in &convention.terms {
            writeln!(text, "| | | {} | {} |", units::signed(term.count), term.what).expect("writing to a string");
        }
    }
    text
}

/// A booktabs table.
pub(super) fn latex(found: &Reconciliation) -> String {
    let number = |number: i128| format!("${}$", units::signed(number).replace(' ', "\\,"));
    let mut text = "% \\usepackage{booktabs}\n\\begin{tabular}{llrrl}\n\\toprule\n".to_owned();
    text += "convention & unit & total & difference & what differs \\\\\n";
    for convention in &found.conventions {
        let total = number(convention.total).replace('+', "");
        let Reconciled { name, unit, difference, tool, .. } = convention;
        writeln!(text, "\\midrule\n{name} & {unit} & {total} & {} & {} \\\\", number(*difference), escaped(tool))
            .expect("a string");
        for term in &convention.terms {
            writeln!(text, " & & & {} & {} \\\\", number(term.count), escaped(term.what)).expect("writing to a string");
        }
    }
    text + "\\bottomrule\n\\end{tabular}\n"
}
