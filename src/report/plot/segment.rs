//! The parts of a bar: what a top-level layer is made of, in written order, each part with its kind.

use crate::analyze::Level;
use crate::analyze::Row;
use crate::report::hue::Hue;
use crate::report::hue::reduces;
use crate::report::picture::Kind;
use crate::spec::kernel_of;

/// A part of a bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) kind: Kind,
    /// The branch's own name; empty outside branches.
    pub(super) branch: String,
    /// The path of its first layer.
    pub(super) path: String,
    pub(super) madds: u64,
}

/// The parts of one top-level row that cost something; they add up to the row.
pub(super) fn segments(row: &Row) -> Vec<Segment> {
    let mut parts = Vec::new();
    add(row, outer_kind(row), "", &mut parts);
    parts
}

/// The kinds of a row's children, if it has that kind itself.
pub(in crate::report) fn inner_kinds(row: &Row, kind: Kind) -> Vec<Kind> {
    let mut before: Vec<Hue> = Vec::new();
    let inner = |child: &Row| match kind {
        Kind::Branch { hue, hatched, .. } => Kind::Branch { hue, hatched, reduces: reduces(&child.name) },
        Kind::Layer | Kind::Classifier if child.level == Level::Branch => {
            let hue = Hue::of(&child.name);
            let square = kernel_of(&child.name).is_none_or(|[height, width]| height == width);
            let hatched = before.contains(&hue) || !square;
            before.push(hue);
            Kind::Branch { hue, hatched, reduces: false }
        }
        Kind::Layer | Kind::Classifier => kind,
    };
    row.children.iter().map(inner).collect()
}

/// The kind of a layer outside branches.
pub(in crate::report) fn outer_kind(row: &Row) -> Kind {
    if row.output[1..] == [1, 1] { Kind::Classifier } else { Kind::Layer }
}

fn add(row: &Row, kind: Kind, branch: &str, parts: &mut Vec<Segment>) {
    let inside = matches!(kind, Kind::Branch { .. });
    let mut has_branches = false;
    for (child, inner) in row.children.iter().zip(inner_kinds(row, kind)) {
        if !inside && child.level == Level::Branch {
            has_branches = true;
            let start = parts.len();
            add(child, inner, &child.name, parts);
            join(parts, start);
        } else {
            add(child, inner, branch, parts);
        }
    }
    let madds = row.nodes.iter().map(|node| node.madds).sum();
    if madds > 0 {
        parts.push(Segment { kind, branch: branch.to_owned(), path: row.path.clone(), madds });
    }
    if !inside && !has_branches {
        join(parts, 0);
    }
}

/// Joins neighbours of one kind from `start` on.
fn join(parts: &mut Vec<Segment>, start: usize) {
    let tail = parts.split_off(start.min(parts.len()));
    for part in tail {
        let joined = parts.len() > start;
        match parts.last_mut() {
            Some(last) if joined && last.kind == part.kind && last.branch == part.branch => last.madds += part.madds,
            _ => parts.push(part),
        }
    }
}
