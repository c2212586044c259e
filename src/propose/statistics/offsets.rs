//! Offsets between two positions of a map: a square window, and the half of it that tells the rest.
//!
//! `sum over p of x_c(p) x_c'(p + d)` and the sum with `-d` are the same numbers with `c` and `c'` swapped, so that of `(2 r + 1)^2`
//! offsets only `((2 r + 1)^2 + 1) / 2` are kept: those below, and those on the same row to the right.

use std::ops::Range;

/// The offsets `[down, right]` of at most a radius, ring by ring; the first is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offsets {
    radius: usize,
    half: Vec<[isize; 2]>,
    /// For each offset of the window, row by row, its place in `half` or that of its opposite.
    places: Vec<usize>,
}

impl Offsets {
    /// 13 offsets, those of a 5x5 window.
    pub fn five() -> Offsets {
        Offsets::new(2)
    }

    /// 41 offsets, those of a 9x9 window: all differences between two places of a 5x5 window.
    pub fn nine() -> Offsets {
        Offsets::new(4)
    }

    /// All up to a radius.
    pub fn new(radius: usize) -> Offsets {
        let reach = radius as isize;
        let mut half: Vec<[isize; 2]> = (0..=reach)
            .flat_map(|down| (-reach..=reach).map(move |right| [down, right]))
            .filter(|&[down, right]| down > 0 || right >= 0)
            .collect();
        half.sort_by_key(|&offset| ring(offset));
        let mut places = vec![0; (2 * radius + 1).pow(2)];
        for (place, &[down, right]) in half.iter().enumerate() {
            for sign in [-1, 1] {
                places[((reach + sign * down) * (2 * reach + 1) + reach + sign * right) as usize] = place;
            }
        }
        Offsets { radius, half, places }
    }

    /// The largest offset along either side.
    pub fn radius(&self) -> usize {
        self.radius
    }

    /// The offsets that are kept.
    pub fn half(&self) -> &[[isize; 2]] {
        &self.half
    }

    /// Where an offset or its opposite is kept, and whether it is the opposite.
    #[inline]
    pub fn find(&self, offset: [isize; 2]) -> Option<(usize, bool)> {
        let [down, right] = offset;
        let reach = self.radius as isize;
        if ring(offset) > self.radius {
            return None;
        }
        let place = self.places[((reach + down) * (2 * reach + 1) + reach + right) as usize];
        Some((place, down < 0 || (down == 0 && right < 0)))
    }
}

/// How far out an offset lies: the larger of its sides.
#[inline]
pub fn ring([down, right]: [isize; 2]) -> usize {
    down.unsigned_abs().max(right.unsigned_abs())
}

/// The positions `[rows, columns]` of a map `[height, width]` that still lie in it when they are moved by an offset.
pub(super) fn head([height, width]: [usize; 2], [down, right]: [isize; 2]) -> [Range<usize>; 2] {
    [stays(height, down), stays(width, right)]
}

/// Where those positions are moved to.
pub(super) fn tail(map: [usize; 2], [down, right]: [isize; 2]) -> [Range<usize>; 2] {
    head(map, [-down, -right])
}

/// How many pairs of positions lie so far apart.
pub(super) fn pairs(map: [usize; 2], offset: [isize; 2]) -> usize {
    head(map, offset).map(|side| side.len()).iter().product()
}

fn stays(length: usize, offset: isize) -> Range<usize> {
    let lost = offset.unsigned_abs();
    if offset < 0 { lost..length } else { 0..length.saturating_sub(lost) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_window_tells_the_other_half() {
        assert_eq!([0, 1, 2, 4].map(|radius| Offsets::new(radius).half().len()), [1, 5, 13, 41]);
        let offsets = Offsets::nine();
        for (number, &[down, right]) in offsets.half().iter().enumerate() {
            assert_eq!(offsets.find([down, right]), Some((number, false)));
            assert_eq!(offsets.find([-down, -right]), Some((number, number > 0)));
        }
        assert_eq!(offsets.find([0, 5]), None);
        assert_eq!(offsets.find([-5, 1]), None);
    }

    #[test]
    fn heads_and_tails_lie_an_offset_apart() {
        for &offset in Offsets::nine().half() {
            let [head, tail] = [head([6, 7], offset), tail([6, 7], offset)];
            for side in 0..2 {
                assert_eq!(head[side].len(), tail[side].len());
                assert_eq!(head[side].start as isize + offset[side], tail[side].start as isize);
                assert!(head[side].end.max(tail[side].end) == [6, 7][side]);
            }
        }
        assert_eq!(pairs([6, 7], [2, -1]), 4 * 6);
    }
}
