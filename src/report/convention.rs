//! The manual's pages of conventions, made from the table that also counts.

use crate::analyze::Convention;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::manual::list;
use crate::report::manual::wrapped;

/// The page of one.
pub fn convention(convention: &Convention, paint: &Paint) -> String {
    let head = format!("convention of {}, in {}", convention.tool, convention.unit.name());
    let mut text = format!("{}   {}\n\n", paint.text(Colour::Bold, convention.name), paint.text(Colour::Faint, &head));
    text += &wrapped(&format!("Who uses it: {}.", convention.users), "", paint);
    let formulas = convention.terms.iter().map(|term| format!("{} x {}", term.weight, term.measure.name()));
    let formulas: Vec<String> = formulas.collect();
    let width = formulas.iter().map(String::len).max().unwrap_or(0).max(6) + 3;
    text += &format!("\n{}\n", paint.text(Colour::Faint, &format!("{:width$}what is counted", "counts")));
    for (formula, term) in formulas.iter().zip(convention.terms) {
        text += &format!("{formula:width$}{}\n", term.what);
    }
    for note in convention.notes {
        text += &format!("\n{}", wrapped(note, "", paint));
    }
    text + &format!("\nExample: nas analyze googlenet-torchvision --convention {}\n", convention.name)
}

/// All of them, a line each.
pub fn conventions(paint: &Paint) -> String {
    let line = |convention: &Convention| {
        (convention.name.to_owned(), format!("how {} counts, in {}", convention.tool, convention.unit.name()))
    };
    list("Conventions", &Convention::ALL.iter().map(line).collect::<Vec<_>>(), paint)
}
