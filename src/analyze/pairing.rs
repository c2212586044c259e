//! Which rows stand for one another, at every level.

use crate::analyze::align::align;
use crate::analyze::likeness::Part;
use crate::graph::NodeIndex;

/// A row of one, of the other, or of both, with what is in it.
pub(super) struct Pairing<'p, 'a> {
    pub(super) base: Option<&'p Part<'a>>,
    pub(super) other: Option<&'p Part<'a>>,
    /// What both are made of; nothing where only one of them is there.
    pub(super) children: Vec<Pairing<'p, 'a>>,
}

/// Aligns two sequences of rows and all that is in rows of both.
pub(super) fn paired<'p, 'a>(base: &'p [Part<'a>], other: &'p [Part<'a>]) -> Vec<Pairing<'p, 'a>> {
    let matches = align(base, other, Part::key, Part::likeness);
    let mut rows = Vec::with_capacity(base.len().max(other.len()));
    let mut done = [0, 0];
    for (i, j) in matches.into_iter().chain([(base.len(), other.len())]) {
        rows.extend(base[done[0]..i].iter().map(|part| Pairing { base: Some(part), other: None, children: Vec::new() }));
        rows.extend(other[done[1]..j].iter().map(|part| Pairing { base: None, other: Some(part), children: Vec::new() }));
        if let (Some(base), Some(other)) = (base.get(i), other.get(j)) {
            rows.push(both(base, other));
        }
        done = [i + 1, j + 1];
    }
    rows
}

fn both<'p, 'a>(base: &'p Part<'a>, other: &'p Part<'a>) -> Pairing<'p, 'a> {
    let children = match (base.parts.is_empty(), other.parts.is_empty()) {
        (true, true) => Vec::new(),
        (false, false) => paired(&base.parts, &other.parts),
        // A layer that became a module, or the other way round, is the layer at the module's end.
        (true, false) => paired(base.alone(), &other.parts),
        (false, true) => paired(&base.parts, other.alone()),
    };
    Pairing { base: Some(base), other: Some(other), children }
}

impl Pairing<'_, '_> {
    /// Whether both sides are there and have the same operators with the same settings.
    pub(super) fn has_one_form(&self) -> bool {
        self.base.zip(self.other).is_some_and(|(base, other)| base.form == other.form)
    }

    /// The nodes of both that stand for one another, without those of inner rows: all of them if the operators are of the same kinds,
    /// else what both give.
    pub(super) fn nodes(&self) -> Vec<(NodeIndex, NodeIndex)> {
        let Some((base, other)) = self.base.zip(self.other) else { return Vec::new() };
        let pairs = base.nodes().zip(other.nodes());
        if base.nodes().map(|(_, kind)| kind).eq(other.nodes().map(|(_, kind)| kind)) {
            pairs.map(|((base, _), (other, _))| (base, other)).collect()
        } else {
            base.nodes().last().zip(other.nodes().last()).map(|((base, _), (other, _))| (base, other)).into_iter().collect()
        }
    }
}
