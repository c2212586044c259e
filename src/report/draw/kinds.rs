//! Which branch a layer belongs to, for its colour.

use std::collections::BTreeMap;

use crate::analyze::Level;
use crate::analyze::Row;
use crate::report::picture::Kind;
use crate::report::plot::inner_kinds;
use crate::report::plot::outer_kind;

/// The kind of every layer of a network, by its path.
pub(super) fn kinds(tree: &Row) -> BTreeMap<String, Kind> {
    let mut kinds = BTreeMap::new();
    match tree.level {
        Level::Network | Level::Stage => {
            for row in &tree.children {
                kinds.extend(self::kinds(row));
            }
        }
        Level::Module | Level::Branch | Level::Layer => add(tree, outer_kind(tree), &mut kinds),
    }
    kinds
}

fn add(row: &Row, kind: Kind, kinds: &mut BTreeMap<String, Kind>) {
    kinds.insert(row.path.clone(), kind);
    for (child, inner) in row.children.iter().zip(inner_kinds(row, kind)) {
        add(child, inner, kinds);
    }
}
