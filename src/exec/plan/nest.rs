//! Memory that is collected piece by piece, some of it parts of other, and then laid into one arena.

use crate::exec::Room;
use crate::graph::Extent;
use crate::graph::place;

/// Bytes of an element.
const BYTES: u64 = size_of::<f32>() as u64;
/// Pieces begin at multiples of so many bytes.
const ALIGNMENT: u64 = 64;

/// Where something lies: in which piece, and behind how many elements of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) piece: usize,
    pub(super) at: usize,
}

/// Pieces of memory with the moments at which they are written first and read last.
#[derive(Clone, Debug, Default)]
pub(super) struct Nest {
    extents: Vec<Extent>,
    /// For each the bytes that carry something.
    carried: Vec<u64>,
    /// For each the memory that it is a part of.
    within: Vec<Option<Place>>,
}

impl Nest {
    /// A piece of so many elements, of which some carry something.
    pub(super) fn add(&mut self, [elements, carried]: [usize; 2], from: u32, until: u32) -> Place {
        self.carried.push(carried as u64 * BYTES);
        self.within.push(None);
        self.extents.push(Extent { size: elements as u64 * BYTES, from, until });
        Place { piece: self.extents.len() - 1, at: 0 }
    }

    /// Whether it is no part of another.
    pub(super) fn is_apart(&self, piece: usize) -> bool {
        self.within[piece].is_none()
    }

    /// The last moment at which what was put into the piece itself, or what it is a whole of, is read.
    pub(super) fn until(&self, piece: usize) -> usize {
        self.extents[piece].until as usize
    }

    /// Makes a piece a part of other memory, which lives as long as both.
    pub(super) fn join(&mut self, part: usize, whole: Place) {
        self.within[part] = Some(whole);
        let Extent { from, until, .. } = self.extents[part];
        self.lives(whole, from, until);
    }

    /// Memory that lives at these moments, too.
    pub(super) fn lives(&mut self, place: Place, from: u32, until: u32) {
        let root = self.root(place).piece;
        let whole = &mut self.extents[root];
        whole.from = whole.from.min(from);
        whole.until = whole.until.max(until);
    }

    /// Where it lies in a piece that is no part of another.
    pub(super) fn root(&self, mut place: Place) -> Place {
        while let Some(whole) = self.within[place.piece] {
            place = Place { piece: whole.piece, at: whole.at + place.at };
        }
        place
    }

    /// Lays all into one arena.
    pub(super) fn placed(self) -> Laid {
        let roots: Vec<usize> = (0..self.extents.len()).filter(|&piece| self.is_apart(piece)).collect();
        let extents: Vec<Extent> = roots.iter().map(|&root| self.extents[root]).collect();
        let placement = place(&extents, ALIGNMENT);
        let mut begins = vec![0; self.extents.len()];
        for (&root, &offset) in roots.iter().zip(&placement.offsets) {
            begins[root] = (offset / BYTES) as usize;
        }
        let live = most_alive(&extents, &roots.iter().map(|&root| self.carried[root]).collect::<Vec<u64>>());
        let padded = most_alive(&extents, &extents.iter().map(|extent| extent.size).collect::<Vec<u64>>());
        let room = Room { live, padding: padded - live, arena: placement.arena, ..Room::default() };
        Laid { nest: self, begins, room }
    }
}

/// Memory in its arena.
pub(super) struct Laid {
    nest: Nest,
    begins: Vec<usize>,
    /// What it takes.
    pub(super) room: Room,
}

impl Laid {
    /// The element of the arena at which something begins.
    pub(super) fn begin(&self, place: Place) -> usize {
        let Place { piece, at } = self.nest.root(place);
        self.begins[piece] + at
    }
}

/// The largest sum of sizes that are alive together.
fn most_alive(extents: &[Extent], sizes: &[u64]) -> u64 {
    let alive = |moment: u32| {
        let those = extents.iter().zip(sizes).filter(|(extent, _)| extent.from <= moment && moment <= extent.until);
        those.map(|(_, size)| size).sum()
    };
    extents.iter().map(|extent| alive(extent.from)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sixteen elements of which three carry something, joined behind eight of others, and a piece that is alive later.
    #[test]
    fn a_part_lies_where_its_whole_does_and_keeps_it_alive() {
        let mut nest = Nest::default();
        let part = nest.add([16, 3], 0, 2);
        let whole = nest.add([32, 8], 3, 4);
        let later = nest.add([16, 16], 5, 6);
        let early = nest.add([16, 1], 1, 1);
        nest.join(part.piece, Place { at: 8, ..whole });
        assert!(!nest.is_apart(part.piece) && nest.is_apart(whole.piece));
        assert_eq!(nest.root(Place { at: 2, ..part }), Place { piece: whole.piece, at: 10 });
        let laid = nest.placed();
        assert_eq!(laid.begin(part), laid.begin(whole) + 8);
        let (first, second) = (laid.begin(whole), laid.begin(early));
        assert!(first + 32 <= second || second + 16 <= first, "alive together, apart");
        assert!(laid.begin(later) < 48, "memory is used again");
        assert_eq!((laid.room.live, laid.room.live + laid.room.padding, laid.room.arena), (64, 48 * 4, 48 * 4));
    }
}
