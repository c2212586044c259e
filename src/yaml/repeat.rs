//! Keys that stand twice in one map.

use std::collections::HashMap;

use super::tree::{Key, Node};

/// Maps up to this size are compared key by key.
const SMALL_MAP: usize = 12;

/// Pairs of the first place of a key and a later one, by the later.
pub(super) fn find_repeats(entries: &[(Key, Node)]) -> Vec<(usize, usize)> {
    let mut repeats = Vec::new();
    if entries.len() <= SMALL_MAP {
        for (again, (key, _)) in entries.iter().enumerate() {
            if let Some(first) = entries[..again].iter().position(|(earlier, _)| earlier.text == key.text) {
                repeats.push((first, again));
            }
        }
    } else {
        let mut seen = HashMap::with_capacity(entries.len());
        for (again, (key, _)) in entries.iter().enumerate() {
            let first = *seen.entry(&*key.text).or_insert(again);
            if first != again {
                repeats.push((first, again));
            }
        }
    }
    repeats
}
