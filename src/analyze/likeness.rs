//! How alike two rows are: by the operators in them, what they are called, how they are made up.

use std::hash::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;

use crate::analyze::NodeRow;
use crate::analyze::Row;
use crate::graph::Graph;

/// A row with what an alignment goes by.
pub(super) struct Part<'a> {
    pub(super) row: &'a Row,
    /// The nodes that the row holds itself, apart from its inner rows: the layer that bears the row's own path.
    pub(super) is_end: bool,
    /// Its operators with all their settings, and how they are nested; no names, no shapes.
    pub(super) form: u64,
    /// The same without settings.
    pub(super) outline: u64,
    /// The words of its operators, each with its number, sorted.
    kinds: Vec<(&'static str, u64)>,
    /// What it is made of.
    pub(super) parts: Vec<Part<'a>>,
}

impl<'a> Part<'a> {
    /// A row and all that is in it.
    pub(super) fn of(row: &'a Row, graph: &Graph) -> Part<'a> {
        let mut parts: Vec<Part<'a>> = row.children.iter().map(|child| Part::of(child, graph)).collect();
        let end = Part::end(row, graph);
        let mut part = Part { is_end: false, ..end };
        if parts.is_empty() {
            return part;
        }
        let end = Part::end(row, graph);
        let [mut form, mut outline] = [end.form, end.outline].map(|own| {
            let mut hasher = DefaultHasher::new();
            own.hash(&mut hasher);
            hasher
        });
        for inner in &parts {
            inner.form.hash(&mut form);
            inner.outline.hash(&mut outline);
            part.kinds.extend(&inner.kinds);
        }
        part.kinds = summed(part.kinds);
        [part.form, part.outline] = [form, outline].map(|hasher| hasher.finish());
        if end.counts() {
            parts.push(end);
        }
        part.parts = parts;
        part
    }

    /// The nodes that a row holds itself.
    pub(super) fn end(row: &'a Row, graph: &Graph) -> Part<'a> {
        let [mut form, mut outline] = [DefaultHasher::new(), DefaultHasher::new()];
        for node in &row.nodes {
            graph.node(node.index).op.hash(&mut form);
            node.kind.hash(&mut outline);
        }
        Part {
            row,
            is_end: true,
            form: form.finish(),
            outline: outline.finish(),
            kinds: summed(row.nodes.iter().map(|node| (node.kind, 1)).collect()),
            parts: Vec::new(),
        }
    }

    /// Whether the nodes that it holds itself cost something; joins do not.
    fn counts(&self) -> bool {
        self.row.nodes.iter().any(|node| node.madds > 0 || node.params > 0)
    }

    pub(super) fn madds(&self) -> u64 {
        if self.is_end { self.own(|node| node.madds) } else { self.row.madds }
    }

    pub(super) fn params(&self) -> u64 {
        if self.is_end { self.own(|node| node.params) } else { self.row.params }
    }

    fn own(&self, field: fn(&NodeRow) -> u64) -> u64 {
        self.row.nodes.iter().map(field).sum()
    }

    /// What is equal for an alignment.
    pub(super) fn key(&self) -> (u64, &'a str, bool) {
        (self.form, &self.row.name, self.is_end)
    }

    /// How well another part stands for this one; 0 if it does not. The same operators with the same settings are worth more than a name
    /// and an outline, so that what stands behind an insertion is found under its new name.
    pub(super) fn likeness(&self, other: &Part<'_>) -> u32 {
        let name = if self.row.name == other.row.name { 4 } else { 0 };
        if self.form == other.form {
            return 12 + name;
        }
        if self.outline == other.outline {
            return 6 + name;
        }
        let (shared, all) = self.shared_kinds(other);
        let is_kin = shared * 2 >= all && self.parts.is_empty() == other.parts.is_empty();
        if name > 0 || is_kin { 1 + name + (shared * 3).checked_div(all).unwrap_or(0) as u32 } else { 0 }
    }

    /// How many operators both have by their words, and how many one of them has.
    fn shared_kinds(&self, other: &Part<'_>) -> (u64, u64) {
        let (mut shared, mut left, mut right) = (0, &self.kinds[..], &other.kinds[..]);
        while let ([(a, some), left_rest @ ..], [(b, others), right_rest @ ..]) = (left, right) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => left = left_rest,
                std::cmp::Ordering::Greater => right = right_rest,
                std::cmp::Ordering::Equal => {
                    shared += some.min(others);
                    (left, right) = (left_rest, right_rest);
                }
            }
        }
        let count = |kinds: &[(&str, u64)]| kinds.iter().map(|(_, count)| count).sum::<u64>();
        (shared, count(&self.kinds) + count(&other.kinds) - shared)
    }
}

fn summed(mut kinds: Vec<(&'static str, u64)>) -> Vec<(&'static str, u64)> {
    kinds.sort_unstable();
    kinds.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    kinds
}
