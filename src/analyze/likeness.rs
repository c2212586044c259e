//! How alike two rows are: by the operators in them, what they are called, how they are made up.

use crate::analyze::End;
use crate::analyze::Level;
use crate::analyze::Row;
use crate::base::Digest;
use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::op::Op;

/// A row with what an alignment goes by.
pub(super) struct Part<'a> {
    pub(super) row: &'a Row,
    /// The nodes that the row holds itself, if it is these alone and not its inner rows: the layer that bears the row's own path.
    pub(super) end: Option<End<'a>>,
    /// Its operators with all their settings, and how they are nested; no names, no shapes, nothing of what they read.
    pub(super) form: Digest,
    /// The same without settings.
    outline: Digest,
    /// The words of its operators, each with its number, sorted.
    kinds: Vec<(&'static str, u64)>,
    /// What it is made of.
    pub(super) parts: Vec<Part<'a>>,
    /// Of a layer the same as an end, which stands for it among the parts of a module.
    alone: Vec<Part<'a>>,
}

impl<'a> Part<'a> {
    /// A row and all that is in it.
    pub(super) fn of(row: &'a Row, graph: &Graph) -> Part<'a> {
        let own = Part::own(row, graph);
        if row.children.is_empty() {
            let alone = Part { end: End::of(&row.nodes), ..Part::own(row, graph) };
            return Part { alone: vec![alone], ..own };
        }
        let mut parts: Vec<Part<'a>> = row.children.iter().map(|child| Part::of(child, graph)).collect();
        let nested = |digest: fn(&Part<'a>) -> Digest| {
            let texts: Vec<String> = std::iter::once(&own).chain(&parts).map(|part| digest(part).to_string()).collect();
            Digest::of(format!("{texts:?}").as_bytes())
        };
        let [form, outline] = [nested(|part| part.form), nested(|part| part.outline)];
        let kinds = std::iter::once(&own).chain(&parts).flat_map(|part| &part.kinds).copied().collect();
        if let Some(end) = row.end() {
            parts.push(Part { end: Some(end), ..Part::own(row, graph) });
        }
        Part { row, end: None, form, outline, kinds: summed(kinds), parts, alone: Vec::new() }
    }

    /// The nodes that a row holds itself.
    fn own(row: &'a Row, graph: &Graph) -> Part<'a> {
        let (mut form, mut outline) = (Vec::new(), Vec::new());
        for node in &row.nodes {
            form.push(graph.node(node.index).op.as_ref().map(Op::write));
            outline.push(node.kind);
        }
        Part {
            row,
            end: None,
            form: Digest::of(format!("{form:?}").as_bytes()),
            outline: Digest::of(format!("{outline:?}").as_bytes()),
            kinds: summed(row.nodes.iter().map(|node| (node.kind, 1)).collect()),
            parts: Vec::new(),
            alone: Vec::new(),
        }
    }

    /// It alone, as a layer among the parts of a module.
    pub(super) fn alone(&self) -> &[Part<'a>] {
        if self.end.is_some() { std::slice::from_ref(self) } else { &self.alone }
    }

    pub(super) fn level(&self) -> Level {
        if self.end.is_some() { Level::Layer } else { self.row.level }
    }

    /// The nodes that are its own and of none of its parts.
    pub(super) fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeIndex, &'static str)> + use<'a> {
        self.row.nodes.iter().map(|node| (node.index, node.kind))
    }

    /// What is equal for an alignment.
    pub(super) fn key(&self) -> (Digest, &'a str, bool) {
        (self.form, &self.row.name, self.end.is_some())
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
