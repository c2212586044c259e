//! Gauges: a bar whose tick is a limit, and the table of them that `nas check` ends with.

use crate::analyze::Analysis;
use crate::analyze::Limit;
use crate::base::Quantity;
use crate::base::units;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::grid::Cell;

/// Cells up to the tick in the table.
const CELLS: usize = 25;
/// Cells behind it.
const BEYOND: usize = 7;

/// The limit without zeros that say nothing: `1.5 G`.
pub(crate) fn limit_text(limit: u64) -> String {
    let text = units::si(limit.into());
    let (number, prefix) = text.split_once(' ').unwrap_or((&text, ""));
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    format!("{number} {prefix}").trim_end().to_owned()
}

/// A bar with the limit's tick after `cells` cells; what is over goes on behind it for at most `beyond` cells.
pub(super) fn gauge(limit: &Limit, cells: usize, beyond: usize, paint: &Paint) -> Cell {
    let (actual, most) = (u128::from(limit.actual), u128::from(limit.limit));
    let within = paint.bar(actual.min(most), most, cells);
    let tick = if paint.unicode { "┃" } else { "|" };
    let excess = paint.bar(actual.saturating_sub(most).min(most * beyond as u128 / cells as u128), most, cells);
    let pad = " ".repeat(cells.saturating_sub(within.chars().count()));
    let plain = format!("{within}{pad}{tick}{excess}");
    Cell::new(format!("{}{pad}{tick}{}", paint.text(Colour::Stem, &within), paint.text(Colour::Over, &excess)), &plain)
}

/// The signed distance to the limit in per cent, in its colour.
pub(super) fn distance(limit: &Limit, paint: &Paint) -> Cell {
    let plain = format!("{} %", units::signed_share(limit.actual.into(), limit.limit.into()));
    let colour = if limit.is_over() { Colour::Over } else { Colour::Good };
    Cell::new(paint.text(colour, &plain), &plain)
}

/// A spec that was checked.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What it was named, or names itself.
    pub name: String,
    /// Its analysis, unless it is invalid.
    pub analysis: Option<Analysis>,
    /// Whether it has warnings that are denied.
    pub is_denied: bool,
}

/// A line for each limit of each spec, and a verdict.
pub fn gauges(specs: &[Checked], paint: &Paint) -> String {
    let names = specs.iter().map(|spec| spec.name.chars().count()).max().unwrap_or(0).max(20);
    let head = format!("{:<width$}{:>12}{:>9}", "spec", "madds", "budget", width = names + 5);
    let mut text = format!("{}\n", paint.text(Colour::Faint, &head));
    let mut line = |state: &str, colour: Colour, name: &str, rest: &str| {
        let state = Cell::new(paint.text(colour, state), state).left(5);
        text += format!("{state}{}{rest}", Cell::new(name, name).left(names)).trim_end();
        text.push('\n');
    };
    let (mut over, mut bad) = (0, 0);
    for Checked { name, analysis, is_denied } in specs {
        let (fine, colour) = if *is_denied { ("warn", Colour::Over) } else { ("ok", Colour::Good) };
        let Some(analysis) = analysis else {
            bad += 1;
            line("bad", Colour::Over, name, "");
            continue;
        };
        if analysis.budget.is_empty() {
            line(fine, colour, name, &format!("{:>12}{:>9}", units::si(analysis.totals.madds.into()), "none"));
        }
        for limit in &analysis.budget {
            let (state, colour) = if limit.is_over() { ("over", Colour::Over) } else { (fine, colour) };
            let quantity = if limit.quantity == Quantity::Madds { String::new() } else { format!("  {}", limit.quantity) };
            let numbers = format!("{:>12}{:>9}", units::si(limit.actual.into()), limit_text(limit.limit));
            let bar = gauge(limit, CELLS, BEYOND, paint).left(CELLS + 1 + BEYOND);
            line(state, colour, name, &format!("{numbers}   {bar}{}{quantity}", distance(limit, paint).right(11)));
        }
        over += usize::from(analysis.budget.iter().any(Limit::is_over));
    }
    let count = if specs.len() == 1 { "1 spec".to_owned() } else { format!("{} specs", specs.len()) };
    let bad = if bad == 0 { String::new() } else { format!(", {bad} invalid") };
    let denied = specs.iter().filter(|spec| spec.is_denied).count();
    let denied = if denied == 0 { String::new() } else { format!(", {denied} with denied warnings") };
    text + &format!("{count} checked: {over} over budget{denied}{bad}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(actual: u64, limit: u64, expected: &str) {
        let limit = Limit { quantity: Quantity::Madds, limit, actual };
        let drawn = gauge(&limit, 10, 3, &Paint::PLAIN);
        assert_eq!((drawn.text.as_str(), drawn.width), (expected, expected.chars().count()));
    }

    #[test]
    fn the_tick_is_the_limit() {
        check(50, 100, "█████     ┃");
        check(100, 100, "██████████┃");
        check(125, 100, "██████████┃██▌");
        check(1000, 100, "██████████┃███");
        check(0, 100, "          ┃");
    }

    #[test]
    fn a_limit_has_no_zeros_that_say_nothing() {
        assert_eq!([1_500_000_000, 30_000_000, 100, 1_582_671_872].map(limit_text), ["1.5 G", "30 M", "100", "1.583 G"]);
    }
}
