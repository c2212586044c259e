//! Some lanes of every pixel of a channel block, to other lanes of another block.

use crate::kernel::LANES;
use crate::kernel::arch::vectorized;

/// Lanes that lie side by side in what is read and in what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneRun {
    /// The first lane that is read.
    pub from: usize,
    /// The first lane that is written.
    pub to: usize,
    /// How many lanes.
    pub width: usize,
}

vectorized! {
    /// Copies lanes of pixels `[pixel][16]`; the other lanes of `out` stay.
    ///
    /// # Panics
    /// If there are not so many lanes.
    pub fn copy_lanes(arch, input: &[f32], run: LaneRun, out: &mut [f32]) {
        if run.width == LANES {
            return out.copy_from_slice(input);
        }
        run.parts(input, out, |out, value| *out = value);
    }

    /// Adds lanes of pixels `[pixel][16]` to those of `out`.
    ///
    /// # Panics
    /// If there are not so many lanes.
    pub fn add_lanes(arch, input: &[f32], run: LaneRun, out: &mut [f32]) {
        run.parts(input, out, |out, value| *out += value);
    }
}

impl LaneRun {
    /// Calls `each` with the elements of all pixels, powers of two of them at a time, so that their number is known to the compiler.
    #[inline(always)]
    fn parts(self, input: &[f32], out: &mut [f32], each: impl Fn(&mut f32, f32) + Copy) {
        let LaneRun { mut from, mut to, mut width } = self;
        assert!(from + width <= LANES && to + width <= LANES, "a block has sixteen lanes");
        while width > 0 {
            let part = 1 << width.ilog2();
            match part {
                1 => lay::<1>(input, from, out, to, each),
                2 => lay::<2>(input, from, out, to, each),
                4 => lay::<4>(input, from, out, to, each),
                8 => lay::<8>(input, from, out, to, each),
                _ => lay::<LANES>(input, from, out, to, each),
            }
            (from, to, width) = (from + part, to + part, width - part);
        }
    }
}

/// `N` lanes of every pixel.
#[inline(always)]
fn lay<const N: usize>(input: &[f32], from: usize, out: &mut [f32], to: usize, each: impl Fn(&mut f32, f32)) {
    for (out, pixel) in out.chunks_exact_mut(LANES).zip(input.chunks_exact(LANES)) {
        let (out, pixel) = (&mut out[to..to + N], &pixel[from..from + N]);
        for lane in 0..N {
            each(&mut out[lane], pixel[lane]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Arch;

    /// Every run of lanes from and to every place; all other lanes stay.
    #[test]
    fn lanes_go_where_they_should_and_nowhere_else() {
        let input: Vec<f32> = (0..3 * LANES).map(|at| at as f32 + 1.0).collect();
        let before: Vec<f32> = (0..3 * LANES).map(|at| 0.5 - at as f32).collect();
        for arch in Arch::all() {
            for (from, to) in (0..LANES).flat_map(|from| (0..LANES).map(move |to| (from, to))) {
                for width in 0..=LANES - from.max(to) {
                    let run = LaneRun { from, to, width };
                    let (mut copied, mut added) = (before.clone(), before.clone());
                    copy_lanes(arch, &input, run, &mut copied);
                    add_lanes(arch, &input, run, &mut added);
                    for (at, &before) in before.iter().enumerate() {
                        let lane = (at % LANES).checked_sub(to).filter(|&lane| lane < width);
                        let value = lane.map(|lane| input[at / LANES * LANES + from + lane]);
                        let wanted = (value.unwrap_or(before), before + value.unwrap_or(0.0));
                        assert_eq!((copied[at], added[at]), wanted, "{arch}, {run:?}, {at}");
                    }
                }
            }
        }
    }
}
