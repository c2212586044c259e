//! Which branch a layer belongs to, for its colour.

use std::collections::BTreeMap;

use crate::analyze::Level;
use crate::analyze::Row;
use crate::report::hue::Hue;
use crate::report::hue::REDUCE;
use crate::report::picture::Kind;
use crate::spec::kernel_of;

/// The kind of every layer of a network, by its path.
pub(super) fn kinds(tree: &Row) -> BTreeMap<String, Kind> {
    let mut kinds = BTreeMap::new();
    for row in &tree.children {
        let layers = if row.level == Level::Stage { &row.children[..] } else { std::slice::from_ref(row) };
        for layer in layers {
            let outside = if layer.output[1..] == [1, 1] { Kind::Classifier } else { Kind::Layer };
            add(layer, outside, &mut kinds);
        }
    }
    kinds
}

fn add(row: &Row, kind: Kind, kinds: &mut BTreeMap<String, Kind>) {
    kinds.insert(row.path.clone(), kind);
    let mut before: Vec<Hue> = Vec::new();
    for child in &row.children {
        let kind = match kind {
            Kind::Branch { hue, hatched, .. } => {
                // A fork inside a branch: its windows that are not square stay told apart.
                let hatched = hatched || !is_square(&child.name);
                Kind::Branch { hue, hatched, reduces: child.name == REDUCE }
            }
            Kind::Layer | Kind::Classifier if child.level == Level::Branch => {
                let hue = Hue::of(&child.name);
                let hatched = before.contains(&hue) || !is_square(&child.name);
                before.push(hue);
                Kind::Branch { hue, hatched, reduces: false }
            }
            Kind::Layer | Kind::Classifier => kind,
        };
        add(child, kind, kinds);
    }
}

fn is_square(name: &str) -> bool {
    kernel_of(name).is_none_or(|[height, width]| height == width)
}
