//! Placing in the order of birth, as an allocator would that sees one step at a time: best fit, in time linear but for a logarithm.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::graph::Extent;

/// Holes below the top of the arena, by place and by size. Two holes never touch, and none touches the top.
#[derive(Default)]
struct Holes {
    by_place: BTreeMap<u64, u64>,
    by_size: BTreeSet<(u64, u64)>,
    top: u64,
}

impl Holes {
    /// The beginning of `size` free units: in the smallest hole that has them, else at the top.
    fn take(&mut self, size: u64) -> u64 {
        let Some(&(found, at)) = self.by_size.range((size, 0)..).next() else {
            self.top += size;
            return self.top - size;
        };
        self.remove(at, found);
        if found > size {
            self.insert(at + size, found - size);
        }
        at
    }

    /// Gives units back, joined with the holes around them.
    fn free(&mut self, at: u64, size: u64) {
        let (mut from, mut to) = (at, at + size);
        if let Some((&before, &length)) = self.by_place.range(..at).next_back()
            && before + length == at
        {
            self.remove(before, length);
            from = before;
        }
        if let Some(&length) = self.by_place.get(&to) {
            self.remove(to, length);
            to += length;
        }
        if to == self.top {
            self.top = from;
        } else {
            self.insert(from, to - from);
        }
    }

    fn insert(&mut self, at: u64, size: u64) {
        self.by_place.insert(at, size);
        self.by_size.insert((size, at));
    }

    fn remove(&mut self, at: u64, size: u64) {
        self.by_place.remove(&at);
        self.by_size.remove(&(size, at));
    }
}

/// The offset of each extent.
pub(super) fn offsets(extents: &[Extent]) -> Vec<u64> {
    let mut births: Vec<usize> = (0..extents.len()).collect();
    births.sort_by_key(|&extent| (extents[extent].from, u64::MAX - extents[extent].size, extent));
    let mut deaths = births.clone();
    deaths.sort_by_key(|&extent| extents[extent].until);
    let mut deaths = deaths.into_iter().peekable();
    let mut offsets = vec![0; extents.len()];
    let mut holes = Holes::default();
    for birth in births {
        // Whatever has ended before was born before.
        while let Some(dead) = deaths.next_if(|&extent| extents[extent].until < extents[birth].from) {
            holes.free(offsets[dead], extents[dead].size);
        }
        offsets[birth] = holes.take(extents[birth].size);
    }
    offsets
}
