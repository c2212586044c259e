//! Layer upon layer: the hidden units of a cover are the units of the next.

use crate::propose::Samples;
use crate::propose::cover::Cover;
use crate::propose::cover::cover;

/// Covers samples, then the hidden units of that cover, and so on: at most `most` layers, and none without a group.
pub fn layers(samples: &Samples, most: usize) -> Vec<Cover> {
    let mut found: Vec<Cover> = Vec::new();
    while found.len() < most {
        let next = cover(found.last().map_or(samples, |below| &below.hidden));
        if next.groups.is_empty() {
            break;
        }
        found.push(next);
    }
    found
}
