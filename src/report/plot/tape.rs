//! Channels along the modules as a tape: as thick as there are channels, level after each module, in a soft step inside it.

use crate::report::picture::Area;
use crate::report::picture::Path;
use crate::report::picture::Point;

/// The part of a column in which the tape steps.
const STEP: i32 = 45;

/// A tape around the middle of an area.
pub(super) struct Tape {
    /// Its upper edge: where each level part begins and ends.
    edge: Vec<[Point; 2]>,
    middle: i32,
}

impl Tape {
    /// Channels before the first module and after each, `most` of them as thick as the area is high. The first column is before the
    /// modules.
    pub(super) fn of(channels: &[u32], most: u32, area: Area) -> Tape {
        let count = channels.len().max(1) as u64;
        let middle = area.middle().y;
        let level = |(at, &channels): (usize, &u32)| {
            let left = area.reach(at as u64, count);
            let right = area.reach(at as u64 + 1, count);
            let begin = if at == 0 { left } else { left + (right - left) * STEP / 100 };
            let half = i64::from(area.height()) * i64::from(channels) / (2 * i64::from(most.max(1)));
            let y = middle - half as i32;
            [Point::at(begin, y), Point::at(right, y)]
        };
        Tape { edge: channels.iter().enumerate().map(level).collect(), middle }
    }

    /// Its outline.
    pub(super) fn path(&self) -> Path {
        let below = |point: Point| Point::at(point.x, 2 * self.middle - point.y);
        let Some(&[first, _]) = self.edge.first() else { return Path::default() };
        let mut path = Path::default().from(first);
        for (at, &[begin, end]) in self.edge.iter().enumerate() {
            if at > 0 {
                path = step(path, self.edge[at - 1][1], begin);
            }
            path = path.line(end);
        }
        for (at, &[begin, end]) in self.edge.iter().enumerate().rev() {
            path = match self.edge.get(at + 1) {
                Some(&[after, _]) => step(path, below(after), below(end)),
                None => path.line(below(end)),
            };
            path = path.line(below(begin));
        }
        path.close()
    }

    /// The end of each level part of its upper edge.
    pub(super) fn ends(&self) -> Vec<Point> {
        self.edge.iter().map(|[_, end]| *end).collect()
    }

    /// Points along its upper edge.
    pub(super) fn outline(&self) -> Vec<Point> {
        self.edge.iter().flatten().copied().collect()
    }
}

fn step(path: Path, from: Point, to: Point) -> Path {
    let half = i32::midpoint(from.x, to.x);
    path.curve(Point::at(half, from.y), Point::at(half, to.y), to)
}
