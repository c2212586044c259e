//! Placing in the order of birth below an end that is known: each at that end of its hole whose neighbour is freed next after it, so
//! that what is freed together lies together. In a chain of ever larger tensors, of which two live at a time, they come to lie at the two
//! ends of the arena by turns.

use crate::graph::Extent;

/// The offset of each extent, below `end` if that works out; nothing once more than `most` neighbours have been looked at.
pub(super) fn offsets(extents: &[Extent], end: u64, most: usize) -> Option<Vec<u64>> {
    let mut births: Vec<usize> = (0..extents.len()).collect();
    births.sort_by_key(|&extent| (extents[extent].from, u64::MAX - extents[extent].size, extent));
    let mut offsets = vec![0; extents.len()];
    // By their offsets.
    let (mut alive, mut seen): (Vec<usize>, usize) = (Vec::new(), 0);
    for birth in births {
        seen += alive.len();
        if seen > most {
            return None;
        }
        alive.retain(|&other| extents[other].until >= extents[birth].from);
        let taken = alive.iter().map(|&other| Taken {
            from: offsets[other],
            to: offsets[other] + extents[other].size,
            until: extents[other].until,
        });
        offsets[birth] = offset(extents[birth], taken, end);
        let place = alive.partition_point(|&other| offsets[other] < offsets[birth]);
        alive.insert(place, birth);
    }
    Some(offsets)
}

/// The same with time turned round.
pub(super) fn offsets_backward(extents: &[Extent], end: u64, most: usize) -> Option<Vec<u64>> {
    let last = extents.iter().map(|extent| extent.until).max().unwrap_or(0);
    let turned = extents.iter().map(|extent| Extent { from: last - extent.until, until: last - extent.from, ..*extent });
    offsets(&turned.collect::<Vec<_>>(), end, most)
}

/// A stretch of the arena, or one of its walls, and when it is freed.
#[derive(Clone, Copy)]
struct Taken {
    from: u64,
    to: u64,
    until: u32,
}

/// Where an extent goes: into the smallest hole that it fits, else beyond all that is taken.
fn offset(extent: Extent, taken: impl Iterator<Item = Taken>, end: u64) -> u64 {
    let top = Taken { from: end, to: end, until: u32::MAX };
    let mut below = Taken { from: 0, to: 0, until: u32::MAX };
    let mut best: Option<(u64, u64)> = None;
    for above in taken.chain([top]) {
        let hole = above.from.saturating_sub(below.to);
        if hole >= extent.size && best.is_none_or(|(smallest, _)| hole < smallest) {
            let is_low = distance(extent, below) <= distance(extent, above);
            best = Some((hole, if is_low { below.to } else { above.from - extent.size }));
        }
        if above.to >= below.to {
            below = above;
        }
    }
    best.map_or(below.to, |(_, at)| at)
}

/// How long after an extent its neighbour is freed; whatever is freed before it is farther than all that is not.
fn distance(extent: Extent, neighbour: Taken) -> (bool, u32) {
    (neighbour.until < extent.until, neighbour.until.abs_diff(extent.until))
}
