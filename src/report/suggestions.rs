//! Proposed changes of widths on a terminal and as CSV.

use std::fmt::Write;

use crate::analyze::Fixed;
use crate::analyze::Limit;
use crate::analyze::Proposed;
use crate::analyze::Ratio;
use crate::analyze::Suggestion;
use crate::analyze::Suggestions;
use crate::analyze::WidthChange;
use crate::base::Quantity;
use crate::base::units;
use crate::report::Colour;
use crate::report::Paint;
use crate::report::csv::quoted;
use crate::report::gauge::distance;
use crate::report::gauge::limit_text;
use crate::report::grid::wrap;

/// Columns of running text, at most.
const PAGE: usize = 100;
/// More changes than this are set in running text.
const IN_LINES: usize = 6;
/// Layers whose widths are fixed for the same reason, shown of many.
const SHOWN: usize = 6;

/// The proposals, each with its changes.
pub fn suggestions_table(found: &Suggestions, paint: &Paint) -> String {
    let states: Vec<String> = found.limits.iter().map(state).collect();
    let head = format!("   {}", states.join(", "));
    let mut text = format!("{}{}\n", paint.text(Colour::Bold, &found.name), paint.text(Colour::Faint, &head));
    if found.inside {
        text += "\ninside the budget, nothing has to change; `nas analyze SPEC --marginal` tells how far each width may grow\n";
        return text;
    }
    if found.proposals.is_empty() {
        // What lies beyond the ways that widths follow their numbers was not looked at.
        let is_cut = found.not_editable.iter().any(|width| width.is_cut_short);
        let (what, far) =
            if is_cut { ("nothing found fits", ", as far as they follow their numbers") } else { ("nothing fits", "") };
        writeln!(
            text,
            "\n{what}: the widths that can be changed, at the smallest multiples of {}{far}, are still too many",
            found.multiple
        )
        .expect("writing to a string");
    }
    for proposal in &found.proposals {
        text.push('\n');
        text += &one(proposal, paint);
    }
    text.push('\n');
    let mut notes: Vec<String> = found.find(Proposed::Mixed).map(|mixed| proof(found, mixed)).into_iter().collect();
    notes.extend(fixed(&found.not_editable));
    for line in notes.iter().flat_map(|note| wrap(note, paint.width.min(PAGE))) {
        text += &paint.text(Colour::Faint, &line);
        text.push('\n');
    }
    text
}

/// What is proven of the mixed proposal.
fn proof(found: &Suggestions, mixed: &Suggestion) -> String {
    let percent = |ratio: Ratio| units::fixed(ratio.part * 100, ratio.whole, 2);
    match found.lower_bound {
        Some(_) if found.is_proven() => {
            format!("mixed is proven least: no set of changes to multiples of {} sums to less", found.multiple)
        }
        Some(lower) => format!(
            "mixed sums to {} %; that no set sums to less than {} % is proven, what lies between is not",
            percent(mixed.relative_change),
            percent(lower)
        ),
        None => "mixed is not proven least: some widths do not follow their numbers in proportion".to_owned(),
    }
}

fn state(limit: &Limit) -> String {
    let share = units::signed_share(limit.actual.into(), limit.limit.into());
    format!("{} of {} {} ({share} %)", units::si(limit.actual.into()), limit_text(limit.limit), limit.quantity)
}

fn one(proposal: &Suggestion, paint: &Paint) -> String {
    let sum = units::fixed(proposal.relative_change.part * 100, proposal.relative_change.whole, 1);
    let mut text = paint.text(Colour::Bold, &format!("{:9}", proposal.kind.name()));
    for (quantity, count) in [(Quantity::Madds, proposal.madds), (Quantity::Params, proposal.params)] {
        let width = if quantity == Quantity::Madds { 14 } else { 12 };
        text += &format!("{:>width$} {quantity}", units::grouped(count.into()));
        let limit = proposal.limits.iter().find(|limit| limit.quantity == quantity);
        text += &limit.map_or(String::new(), |limit| distance(limit, paint).right(9));
    }
    text += &format!("   changes sum to {sum} %\n");
    let name = |change: &WidthChange| match &change.layers[..] {
        [] => String::new(),
        [only] => only.path.clone(),
        [first, rest @ ..] => format!("{} with {} more", first.path, rest.len()),
    };
    if proposal.changes.len() > IN_LINES {
        let all: Vec<String> =
            proposal.changes.iter().map(|change| format!("{} {} -> {}", name(change), change.from, change.to)).collect();
        for line in wrap(&all.join(", "), paint.width.min(PAGE).saturating_sub(9)) {
            text += &format!("         {line}\n");
        }
        return text;
    }
    let longest = proposal.changes.iter().map(|change| name(change).chars().count()).max().unwrap_or(0);
    for change in &proposal.changes {
        let share = units::fixed(u128::from(change.from - change.to) * 100, change.from.into(), 1);
        let name = name(change);
        text += &format!("         {name:longest$}  {:>5} -> {:<5}{:>9}\n", change.from, change.to, format!("-{share} %"));
    }
    text
}

/// One note for each reason.
fn fixed(all: &[Fixed]) -> Vec<String> {
    let mut reasons: Vec<&str> = Vec::new();
    for width in all {
        if !reasons.contains(&&*width.because) {
            reasons.push(&width.because);
        }
    }
    let note = |because: &&str| {
        let alike = || all.iter().filter(|width| width.because == **because);
        let layers: Vec<&str> = alike().map(|width| &*width.path).collect();
        let is_partly = alike().all(|width| width.is_cut_short);
        let more = layers.len().saturating_sub(SHOWN);
        let shown = layers[..layers.len() - more].join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let what = if is_partly { "editable in part" } else { "not editable" };
        format!("{what}: {shown}{more}; {because}")
    };
    reasons.iter().map(note).collect()
}

/// One line a change.
pub fn suggestions_csv(all: &[Suggestions]) -> String {
    let mut text = "spec,proposal,madds,params,memory_bytes,relative_change,line,column,from,to,layers\n".to_owned();
    for found in all {
        for proposal in &found.proposals {
            for change in &proposal.changes {
                let layers: Vec<&str> = change.layers.iter().map(|layer| &*layer.path).collect();
                writeln!(
                    text,
                    "{},{},{},{},{},{},{},{},{},{},{}",
                    quoted(&found.name),
                    proposal.kind.name(),
                    proposal.madds,
                    proposal.params,
                    proposal.memory_bytes,
                    proposal.relative_change.fixed(6),
                    change.line,
                    change.column,
                    change.from,
                    change.to,
                    quoted(&layers.join(" ")),
                )
                .expect("writing to a string");
            }
        }
    }
    text
}
