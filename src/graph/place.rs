//! Offsets of buffers in one arena, so that none that live together overlap and the arena is small.
//!
//! The smallest arena is hard to find (NP-complete), its lower bound is not: the largest sum of sizes that live together. Several
//! greedy orders are tried and the best is kept; what remains above the bound is told. Same extents, same offsets.

mod beside;
mod online;
mod packing;

use packing::Packing;

/// Memory to be placed: a size in any unit, and the moments from and until which it is live, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// How much.
    pub size: u64,
    /// The first moment.
    pub from: u32,
    /// The last moment, not before the first.
    pub until: u32,
}

/// Where extents lie. `arena` is `live` and `padding` and `gap` together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The beginning of each extent, in the order in which they were given; multiples of the alignment.
    pub offsets: Vec<u64>,
    /// The end of the last.
    pub arena: u64,
    /// The largest sum of sizes that live together: no arena is smaller.
    pub live: u64,
    /// By how much that sum grows when every size is rounded up to the alignment.
    pub padding: u64,
    /// What the arena has beyond: holes that nothing fits.
    pub gap: u64,
}

/// Pairs that live together up to which more than the plain order of birth is tried: what that takes grows with them.
const MOST_OVERLAPS: usize = 1 << 18;

/// Orders that are tried after the plain ones, fewer where many extents live together.
const ROUNDS: usize = 48;

/// Places extents in one arena at multiples of `alignment`.
///
/// ```
/// use nas::graph::{Extent, place};
///
/// // A chain of three: the third may lie where the first was.
/// let chain = [(40, 0, 1), (24, 1, 2), (40, 2, 3)].map(|(size, from, until)| Extent { size, from, until });
/// let placed = place(&chain, 8);
/// assert_eq!((placed.live, placed.arena), (64, 64));
/// assert_eq!(placed.offsets[0], placed.offsets[2]);
/// ```
///
/// # Panics
/// If the alignment is zero, or the sum of all sizes with their padding leaves a `u64`.
pub fn place(extents: &[Extent], alignment: u64) -> Placement {
    let rounded: Vec<Extent> =
        extents.iter().map(|extent| Extent { size: extent.size.next_multiple_of(alignment), ..*extent }).collect();
    let (live, bound) = (most_live(extents), most_live(&rounded));
    let mut best = online::offsets(&rounded);
    let mut arena = end(&rounded, &best);
    for place in [beside::offsets, beside::offsets_backward] {
        if arena > bound
            && let Some(other) = place(&rounded, bound, MOST_OVERLAPS)
            && end(&rounded, &other) < arena
        {
            arena = end(&rounded, &other);
            best = other;
        }
    }
    if arena > bound
        && let Some(mut packing) = Packing::new(&rounded, MOST_OVERLAPS)
        && let Some(better) = packing.improve(arena, bound, ROUNDS)
    {
        arena = end(&rounded, &better);
        best = better;
    }
    Placement { offsets: best, arena, live, padding: bound - live, gap: arena - bound }
}

/// The end of the last of some extents at their offsets.
fn end(extents: &[Extent], offsets: &[u64]) -> u64 {
    extents.iter().zip(offsets).map(|(extent, offset)| offset + extent.size).max().unwrap_or(0)
}

/// The largest sum of sizes that live together.
fn most_live(extents: &[Extent]) -> u64 {
    // At one moment what begins counts before what has ended is taken off.
    let starts = extents.iter().map(|extent| (extent.from, false, extent.size));
    let mut events: Vec<(u32, bool, u64)> = starts.chain(extents.iter().map(|e| (e.until, true, e.size))).collect();
    events.sort_unstable();
    let (mut live, mut most) = (0_u64, 0);
    for (_, ends, size) in events {
        if ends {
            live -= size;
        } else {
            live = live.checked_add(size).expect("the sum of all sizes fits 64 bits");
            most = most.max(live);
        }
    }
    most
}
