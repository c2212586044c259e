//! Which rows are shown: the tree opens by itself where a row takes a tenth of the time.

use std::borrow::Cow;

use crate::analyze::Level;
use crate::analyze::RoofRow;
use crate::analyze::RoofStep;
use crate::analyze::Roofline;
use crate::base::units;
use crate::report::Opening;
use crate::report::outline::depth;

/// A row as shown.
pub(super) struct Line<'a> {
    pub(super) row: Cow<'a, RoofRow>,
    /// For each level around it, and it, whether it is the last there.
    pub(super) last: Vec<bool>,
    /// The branch it lies in.
    pub(super) branch: Option<&'a str>,
}

/// The rows in order, the network first. What takes no time is shown only where all layers are.
pub(super) fn lines(found: &Roofline, opening: Opening) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    add(&found.tree, None, &[], opening, found.tree.predicted_ns, &mut lines);
    lines
}

fn add<'a>(row: &'a RoofRow, branch: Option<&'a str>, last: &[bool], opening: Opening, total: u128, lines: &mut Vec<Line<'a>>) {
    let branch = branch.or((row.level == Level::Branch).then_some(&*row.name));
    lines.push(Line { row: Cow::Borrowed(row), last: last.to_vec(), branch });
    let open = match opening {
        Opening::WhereItMatters => row.level == Level::Network || row.predicted_ns * 10 >= total,
        Opening::Down(level) => row.children.iter().any(|child| depth(child.level) <= depth(level)),
    };
    if !open {
        return;
    }
    let all = opening == Opening::Down(Level::Layer);
    let children: Vec<&RoofRow> = row.children.iter().filter(|child| all || child.predicted_ns > 0).collect();
    // The layer that a branch ends with stands beside its inner layers.
    let end = Some(row.own()).filter(|own| !children.is_empty() && own.predicted_ns > 0);
    let within = |is_last: bool| last.iter().copied().chain([is_last]).collect::<Vec<bool>>();
    for (at, child) in children.iter().enumerate() {
        add(child, branch, &within(at + 1 == children.len() && end.is_none()), opening, total, lines);
    }
    if let Some(own) = end {
        lines.push(Line { row: Cow::Owned(own), last: within(true), branch });
    }
}

/// What a row waits for: one thing, or memory for a part of its time.
pub(super) fn bound(row: &RoofRow) -> String {
    match row.bound {
        None => "-".to_owned(),
        Some(bound) if row.memory_bound_ns == 0 || row.memory_bound_ns == row.predicted_ns => bound.word().to_owned(),
        Some(_) => format!("{} % memory", units::share(row.memory_bound_ns, row.predicted_ns)),
    }
}

/// Multiply-adds a byte; a dash where there is nothing of either.
pub(super) fn intensity(madds: u128, bytes: u128) -> String {
    if madds == 0 || bytes == 0 { "-".to_owned() } else { units::fixed(madds * 10, bytes * 10, 2) }
}

/// The step that says what a row of one layer is.
pub(super) fn only_step(row: &RoofRow) -> Option<&RoofStep> {
    let mut timed = row.steps.iter().filter(|step| step.predicted_ns > 0);
    let step = timed.next().filter(|_| row.children.is_empty())?;
    timed.next().is_none().then_some(step)
}
