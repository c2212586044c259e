//! How large a window a cluster needs: the smallest of 1x1, 3x3 and 5x5 that, put where it fits best, holds nine tenths of the mass.

/// The side of the filter that covers a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// 1x1.
    One,
    /// 3x3.
    Three,
    /// 5x5, or what no smaller window holds.
    Five,
}

/// The part of the mass that a window must hold: a stray unit does not widen a cluster.
const HELD: f64 = 0.9;

impl Extent {
    /// All, the smallest first.
    pub const ALL: [Extent; 3] = [Extent::One, Extent::Three, Extent::Five];

    /// Positions along a side.
    pub fn side(self) -> usize {
        match self {
            Extent::One => 1,
            Extent::Three => 3,
            Extent::Five => 5,
        }
    }

    /// Of masses at offsets `[down, right]`.
    pub fn of(masses: &[([isize; 2], f64)]) -> Extent {
        let all: f64 = masses.iter().map(|(_, mass)| mass).sum();
        let holds = |extent: &Extent| most(masses, extent.side() as isize) >= HELD * all;
        Extent::ALL.into_iter().find(holds).unwrap_or(Extent::Five)
    }
}

/// The most mass under a window of a side.
fn most(masses: &[([isize; 2], f64)], side: isize) -> f64 {
    let firsts = |axis: usize| masses.iter().map(move |(offset, _)| offset[axis]);
    let under = |top: isize, left: isize| -> f64 {
        let within = |offset: &[isize; 2]| (top..top + side).contains(&offset[0]) && (left..left + side).contains(&offset[1]);
        masses.iter().filter(|(offset, _)| within(offset)).map(|(_, mass)| mass).sum()
    };
    let range = |axis: usize| match (firsts(axis).min(), firsts(axis).max()) {
        (Some(least), Some(largest)) => least..=largest,
        _ => 0..=0,
    };
    range(0).flat_map(|top| range(1).map(move |left| (top, left))).map(|(top, left)| under(top, left)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_window_that_holds_nine_tenths_wherever_it_lies() {
        let check = |masses: &[([isize; 2], f64)], want| assert_eq!(Extent::of(masses), want, "{masses:?}");
        check(&[([0, 0], 1.0)], Extent::One);
        check(&[([0, 0], 9.0), ([0, 1], 1.0)], Extent::One);
        check(&[([0, 0], 8.9), ([0, 1], 1.1)], Extent::Three);
        check(&[([0, 0], 1.0), ([2, 1], 1.0)], Extent::Three);
        check(&[([0, 0], 1.0), ([2, -1], 1.0)], Extent::Three);
        check(&[([-2, 0], 1.0), ([0, 1], 1.0), ([1, 0], 1.0)], Extent::Five);
        check(&[([-4, 0], 1.0), ([4, 4], 1.0)], Extent::Five);
    }
}
