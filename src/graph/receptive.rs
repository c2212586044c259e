//! Receptive fields: which pixels of the input one position of a map can see, through every branch.
//!
//! Along an axis, a window of `k` taps at distance `d`, stride `s` and `p` zeros before the map turns size `r`, jump `j` and start `a`
//! into `r + d (k - 1) j`, `s j` and `a - p j` (Araujo, Norris, Sim, "Computing Receptive Fields of Convolutional Neural Networks",
//! 2019). Where branches meet, a position sees what any of them sees; the least of them is kept beside it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::graph::Graph;
use crate::graph::NodeIndex;
use crate::op::Op;
use crate::op::Reach;

/// What the first position of a map sees of the input, padding included; every pair is `[height, width]`, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct ReceptiveField {
    /// From the first pixel to the last.
    pub size: [u64; 2],
    /// The same through the path that sees least.
    pub smallest: [u64; 2],
    /// How far the next position sees from this one; 0 where all positions see the same.
    pub jump: [u64; 2],
    /// The first pixel; below zero on padding.
    pub start: [i64; 2],
}

impl ReceptiveField {
    /// A pixel of the input sees itself.
    pub const PIXEL: ReceptiveField = ReceptiveField { size: [1; 2], smallest: [1; 2], jump: [1; 2], start: [0; 2] };

    fn of([height, width]: [Sight; 2]) -> ReceptiveField {
        let both = [height, width];
        let [start, last] = [0, 1].map(|end| both.map(|sight| sight.ends()[end]));
        ReceptiveField {
            size: [0, 1].map(|axis| last[axis].abs_diff(start[axis]).saturating_add(1)),
            smallest: both.map(|sight| sight.smallest),
            jump: both.map(|sight| sight.jump),
            start,
        }
    }
}

/// What positions see along one axis: pixels that move with the position and pixels that all positions see, as behind a gate that
/// reads the whole map.
#[derive(Clone, Copy, Debug)]
struct Sight {
    /// First and last pixel that the first position sees.
    moving: Option<[i64; 2]>,
    jump: u64,
    fixed: Option<[i64; 2]>,
    smallest: u64,
}

impl Sight {
    const PIXEL: Sight = Sight { moving: Some([0; 2]), jump: 1, fixed: None, smallest: 1 };

    fn ends(self) -> [i64; 2] {
        union(self.moving, self.fixed).unwrap_or([0; 2])
    }

    /// Through an operator that reads `side` positions.
    fn through(self, reach: Reach, side: u32, axis: usize) -> Sight {
        let far = |taps: u64| i64::try_from(taps.saturating_mul(self.jump)).unwrap_or(i64::MAX);
        let less = |taps: u64| self.smallest.saturating_add(taps.saturating_mul(self.jump));
        match reach {
            Reach::Point => self,
            Reach::Global => {
                let taps = u64::from(side) - 1;
                let moved = self.moving.map(|[first, last]| [first, last.saturating_add(far(taps))]);
                Sight { moving: None, jump: 0, fixed: union(moved, self.fixed), smallest: less(taps) }
            }
            Reach::Window(window) => {
                let taps = u64::from(window.dilation[axis]) * (u64::from(window.kernel[axis]) - 1);
                let before = far(window.pads(axis)[0].into());
                let moved = |[first, last]: [i64; 2]| {
                    [first.saturating_sub(before), last.saturating_sub(before).saturating_add(far(taps))]
                };
                let jump = self.jump.saturating_mul(window.stride[axis].into());
                Sight { moving: self.moving.map(moved), jump, smallest: less(taps), ..self }
            }
        }
    }

    /// What is seen through either of two maps with one grid.
    fn and(self, other: Sight) -> Sight {
        Sight {
            moving: union(self.moving, other.moving),
            jump: self.jump.max(other.jump),
            fixed: union(self.fixed, other.fixed),
            smallest: self.smallest.min(other.smallest),
        }
    }
}

fn union(left: Option<[i64; 2]>, right: Option<[i64; 2]>) -> Option<[i64; 2]> {
    match (left, right) {
        (Some([first, last]), Some([begin, end])) => Some([first.min(begin), last.max(end)]),
        (one, other) => one.or(other),
    }
}

/// The receptive field of every node, by index.
pub fn receptive_fields(graph: &Graph) -> Vec<ReceptiveField> {
    let mut sights: Vec<[Sight; 2]> = Vec::with_capacity(graph.nodes().len());
    for node in graph.nodes() {
        let reach = graph.node(node).op.as_ref().map_or(Reach::Point, Op::reach);
        let through = |source: NodeIndex| {
            let shape = graph.node(source).shape;
            let [height, width] = sights[source.index()];
            [height.through(reach, shape.h, 0), width.through(reach, shape.w, 1)]
        };
        let seen = graph.sources(node).into_iter().map(through).reduce(|[h, w], [height, width]| [h.and(height), w.and(width)]);
        sights.push(seen.unwrap_or([Sight::PIXEL; 2]));
    }
    sights.into_iter().map(ReceptiveField::of).collect()
}
