//! The laws of `place`: what lives together does not overlap, offsets keep the alignment, the arena is its parts' sum and ends where the
//! last extent does. What lives together is found here pair by pair, moment by moment.

use nas::cli::BUILT_IN;
use nas::graph::Extent;
use nas::graph::Placement;
use nas::graph::Schedule;
use nas::graph::place;
use rand::Rng;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::built_in::built_in;
use crate::nets::pick;

/// The most that lives at one moment.
fn fullest(extents: &[Extent], size: impl Fn(&Extent) -> u64) -> u64 {
    let moments = extents.iter().map(|extent| extent.from);
    let sums = moments.map(|at| extents.iter().filter(|e| e.from <= at && at <= e.until).map(&size).sum());
    sums.max().unwrap_or(0)
}

fn check(extents: &[Extent], alignment: u64) -> Placement {
    let placed = place(extents, alignment);
    assert_eq!(placed.offsets.len(), extents.len());
    for (at, (one, &begins)) in extents.iter().zip(&placed.offsets).enumerate() {
        assert!(begins.is_multiple_of(alignment));
        for (other, &also) in extents[..at].iter().zip(&placed.offsets) {
            let together = one.from <= other.until && other.from <= one.until;
            let apart = begins + one.size <= also || also + other.size <= begins;
            assert!(!together || apart, "{one:?} at {begins}, {other:?} at {also}");
        }
    }
    let end = extents.iter().zip(&placed.offsets).map(|(extent, at)| (at + extent.size).div_ceil(alignment) * alignment).max();
    assert_eq!(placed.arena, end.unwrap_or(0));
    assert_eq!(placed.live, fullest(extents, |extent| extent.size));
    assert_eq!(placed.live + placed.padding, fullest(extents, |extent| extent.size.div_ceil(alignment) * alignment));
    assert_eq!(placed.arena, placed.live + placed.padding + placed.gap);
    assert_eq!(place(extents, alignment), placed, "the same again");
    placed
}

#[test]
fn drawn_extents_do_not_overlap() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for _ in 0..1500 {
        let (count, moments, longest) = (pick(&mut rng, 40), 1 + pick(&mut rng, 40), 1 + pick(&mut rng, 12));
        let extents: Vec<Extent> = (0..count)
            .map(|_| {
                let from = pick(&mut rng, moments) as u32;
                Extent { size: 1 + rng.next_u64() % 50, from, until: from + pick(&mut rng, longest) as u32 }
            })
            .collect();
        check(&extents, 1);
        check(&extents, 16);
    }
    assert_eq!(check(&[], 64).arena, 0);
}

/// Five buffers that fit 6 units, but not in the order of birth: by birth, `c` (2) keeps `d` (4) from the hole that `a` and `b` leave.
#[test]
fn a_better_order_than_birth_is_found() {
    let of = |(size, from, until)| Extent { size, from, until };
    let extents = [(2, 0, 1), (2, 0, 0), (2, 1, 2), (4, 2, 3)].map(of);
    let placed = check(&extents, 1);
    assert_eq!((placed.live, placed.arena), (6, 6));
}

/// The built-in networks lie in as little as is live at their peaks.
#[test]
fn built_in_networks_are_packed_tightly() {
    let with_gaps: Vec<(&str, u64, u64)> = BUILT_IN
        .iter()
        .filter_map(|(name, _)| {
            let buffers = Schedule::inference(&built_in(name)).buffers;
            let extents: Vec<Extent> = buffers.iter().map(|buffer| buffer.extent(1, 4)).collect();
            let placed = check(&extents, 64);
            (placed.gap > 0).then_some((*name, placed.live, placed.arena))
        })
        .collect();
    assert_eq!(with_gaps, []);
}

/// Features that grow: each is read until the next is there, with two tensors for its making between them. 7 + 7 + 4 is the most.
#[test]
fn growing_features_lie_at_the_ends_by_turns() {
    let features = (0..6_u32).flat_map(|at| {
        let (size, begin) = (u64::from(at) + 2, 10 * at);
        let last = if at == 5 { begin + 5 } else { begin + 10 };
        [(size, begin, last), (size, begin + 1, begin + 5), (4, begin + 5, begin + 9), (1, begin + 9, begin + 10)]
    });
    let extents: Vec<Extent> = features.map(|(size, from, until)| Extent { size, from, until }).collect();
    let placed = check(&extents, 1);
    assert_eq!((placed.live, placed.arena), (18, 18));
}

/// Twenty thousand layers in a chain, then as many branches of one concatenation: no pass over all pairs.
#[test]
fn very_many_extents_are_placed_at_once() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let mut sizes = (0..20_000).map(|_| 1 + rng.next_u64() % 5000).collect::<Vec<_>>().into_iter();
    let chain: Vec<Extent> =
        sizes.clone().enumerate().map(|(at, size)| Extent { size, from: at as u32, until: at as u32 + 1 }).collect();
    let placed = place(&chain, 64);
    assert!(placed.gap * 3 <= placed.live, "{} beyond {}", placed.gap, placed.live);
    let branches: Vec<Extent> =
        (0..20_000).map(|at| Extent { size: sizes.next().expect("as many"), from: at, until: 20_000 }).collect();
    assert_eq!(place(&branches, 64).gap, 0);
}
