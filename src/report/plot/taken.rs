//! Where a remark may stand: the nearest place to what it is about that meets no text, no fill and no line.

use crate::report::picture::Area;
use crate::report::picture::Point;

/// What stands already.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    areas: Vec<Area>,
    lines: Vec<[Point; 2]>,
}

/// The grid of places that are tried.
const GRID: i32 = 50;

impl Taken {
    /// Nothing but these boxes.
    pub(super) fn of(areas: Vec<Area>) -> Taken {
        Taken { areas, lines: Vec::new() }
    }

    pub(super) fn area(&mut self, area: Area) {
        self.areas.push(area);
    }

    /// A line through points.
    pub(super) fn line(&mut self, points: &[Point]) {
        self.lines.extend(points.windows(2).map(|pair| [pair[0], pair[1]]));
    }

    /// Whether a box meets nothing.
    pub(super) fn is_free(&self, area: Area) -> bool {
        !self.areas.iter().any(|taken| taken.meets(area)) && !self.lines.iter().any(|&line| crosses(line, area))
    }

    /// The free box of a size that is nearest to a point, at least `away` from it, right of it rather than left and below it rather
    /// than above where two are as near.
    pub(super) fn nearest(&self, [width, height]: [i32; 2], to: Point, away: i32, within: Area) -> Option<Area> {
        let mut best: Option<(i64, Area)> = None;
        let columns = (within.left..=within.right - width).step_by(GRID as usize);
        for left in columns {
            for top in (within.top..=within.bottom - height).step_by(GRID as usize) {
                let area = Area { left, top, right: left + width, bottom: top + height };
                let (across, down) = (gap(to.x, area.left, area.right), gap(to.y, area.top, area.bottom));
                let distance = across * across + down * down;
                if distance < i64::from(away) * i64::from(away) {
                    continue;
                }
                // A little is added for the less natural sides.
                let (is_left, is_above) = (area.middle().x < to.x, area.bottom <= to.y);
                let rank = distance + distance / 4 * i64::from(is_left) + distance / 8 * i64::from(is_above);
                if best.is_none_or(|(least, _)| rank < least) && self.is_free(area.grown(GRID / 2)) {
                    best = Some((rank, area));
                }
            }
        }
        best.map(|(_, area)| area)
    }
}

/// How far a coordinate lies outside a span.
fn gap(at: i32, from: i32, to: i32) -> i64 {
    i64::from((from - at).max(at - to).max(0))
}

/// Whether a line and a box have a point in common.
pub(super) fn crosses([from, to]: [Point; 2], area: Area) -> bool {
    let inside = |point: Point| point.x > area.left && point.x < area.right && point.y > area.top && point.y < area.bottom;
    if inside(from) || inside(to) {
        return true;
    }
    let box_of_line =
        Area { left: from.x.min(to.x), right: from.x.max(to.x) + 1, top: from.y.min(to.y), bottom: from.y.max(to.y) + 1 };
    if !box_of_line.meets(area) {
        return false;
    }
    let side = |x: i32, y: i32| {
        let across = i64::from(to.x - from.x) * i64::from(y - from.y) - i64::from(to.y - from.y) * i64::from(x - from.x);
        across.signum()
    };
    let corners =
        [side(area.left, area.top), side(area.right, area.top), side(area.left, area.bottom), side(area.right, area.bottom)];
    !(corners.iter().all(|&side| side > 0) || corners.iter().all(|&side| side < 0))
}

/// Heights of labels spread so that they are `apart`, each as near to where it belongs as the others let it, between two edges.
/// They come and go in the order of where they belong.
pub(super) fn spread(wanted: &[i32], apart: i32, [top, bottom]: [i32; 2]) -> Vec<i32> {
    let mut heights: Vec<i32> = Vec::with_capacity(wanted.len());
    // Groups that touch stand around the mean of what their members want.
    let mut groups: Vec<(i64, i32)> = Vec::new();
    for &want in wanted {
        groups.push((i64::from(want), 1));
        while let [.., before, last] = groups[..] {
            let start = |(sum, count): (i64, i32)| (sum / i64::from(count)) as i32 - apart * (count - 1) / 2;
            if start(last) - (start(before) + apart * (before.1 - 1)) >= apart {
                break;
            }
            groups.truncate(groups.len() - 2);
            groups.push((before.0 + last.0, before.1 + last.1));
        }
    }
    for (sum, count) in groups {
        let start = (sum / i64::from(count)) as i32 - apart * (count - 1) / 2;
        heights.extend((0..count).map(|at| start + at * apart));
    }
    // The edges win over what is wanted, the top one over the bottom one.
    let count = heights.len() as i32;
    for (at, height) in heights.iter_mut().enumerate() {
        *height = (*height).min(bottom - apart * (count - 1 - at as i32)).max(top + apart * at as i32);
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_distance_and_their_order() {
        assert_eq!(spread(&[100, 110, 500], 50, [0, 1000]), [80, 130, 500]);
        assert_eq!(spread(&[0, 0, 0], 50, [0, 1000]), [0, 50, 100]);
        assert_eq!(spread(&[990, 1000], 50, [0, 1000]), [950, 1000]);
        assert_eq!(spread(&[100, 120, 140, 160], 50, [0, 1000]), [55, 105, 155, 205]);
    }

    #[test]
    fn a_line_crosses_what_it_goes_through() {
        let area = Area { left: 0, top: 0, right: 100, bottom: 100 };
        let line = |x: i32, y: i32, to_x: i32, to_y: i32| [Point::at(x, y), Point::at(to_x, to_y)];
        for through in [line(-50, 50, 150, 50), line(50, 50, 60, 60), line(-10, 50, 60, 120)] {
            assert!(crosses(through, area), "{through:?}");
        }
        for beside in [line(-10, 95, 90, 195), line(200, 0, 200, 100)] {
            assert!(!crosses(beside, area), "{beside:?}");
        }
    }

    #[test]
    fn the_nearest_place_is_free() {
        let mut taken = Taken::of(vec![Area { left: 0, top: 0, right: 1000, bottom: 500 }]);
        taken.line(&[Point::at(0, 700), Point::at(1000, 700)]);
        let within = Area { left: 0, top: 0, right: 1000, bottom: 1000 };
        let place = taken.nearest([200, 100], Point::at(500, 550), 60, within).expect("there is room");
        assert!(taken.is_free(place), "{place:?}");
        assert_eq!(taken.nearest([1200, 100], Point::at(500, 550), 60, within), None);
    }
}
