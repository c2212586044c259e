//! Paths of straight lines and cubic curves.

use crate::report::picture::mark::Area;
use crate::report::picture::mark::Marker;
use crate::report::picture::mark::Point;

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Move(Point),
    Line(Point),
    /// Two control points and the end.
    Curve([Point; 3]),
    Close,
}

/// A path, open or closed, of one piece or of several. A filled one must not cross itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::report) struct Path {
    pub(super) steps: Vec<Step>,
}

/// The distance of a cubic curve's control points, in 10 000ths of the radius, that draws a quarter of a circle.
const QUARTER: i32 = 5523;

impl Path {
    /// Through points in a row.
    pub(in crate::report) fn through(points: &[Point]) -> Path {
        let mut path = Path::default();
        let (first, rest) = points.split_first().map_or((None, points), |(first, rest)| (Some(*first), rest));
        if let Some(first) = first {
            path = path.from(first);
        }
        rest.iter().fold(path, |path, &point| path.line(point))
    }

    /// The outline of points in a row.
    pub(in crate::report) fn around(points: &[Point]) -> Path {
        Path::through(points).close()
    }

    /// Begins a piece.
    #[must_use]
    pub(in crate::report) fn from(mut self, point: Point) -> Path {
        self.steps.push(Step::Move(point));
        self
    }

    /// Goes on straight.
    #[must_use]
    pub(in crate::report) fn line(mut self, point: Point) -> Path {
        self.steps.push(Step::Line(point));
        self
    }

    /// Goes on along a cubic curve.
    #[must_use]
    pub(in crate::report) fn curve(mut self, first: Point, second: Point, end: Point) -> Path {
        self.steps.push(Step::Curve([first, second, end]));
        self
    }

    /// Goes back to the piece's beginning.
    #[must_use]
    pub(in crate::report) fn close(mut self) -> Path {
        self.steps.push(Step::Close);
        self
    }

    /// A rectangle with round corners.
    pub(super) fn rounded(area: Area, radius: i32) -> Path {
        let Area { left, top, right, bottom } = area;
        let radius = radius.min(area.width() / 2).min(area.height() / 2).max(0);
        if radius == 0 {
            return Path::around(&[
                Point::at(left, top),
                Point::at(right, top),
                Point::at(right, bottom),
                Point::at(left, bottom),
            ]);
        }
        let near = radius - radius * QUARTER / 10_000;
        Path::default()
            .from(Point::at(left + radius, top))
            .line(Point::at(right - radius, top))
            .curve(Point::at(right - near, top), Point::at(right, top + near), Point::at(right, top + radius))
            .line(Point::at(right, bottom - radius))
            .curve(Point::at(right, bottom - near), Point::at(right - near, bottom), Point::at(right - radius, bottom))
            .line(Point::at(left + radius, bottom))
            .curve(Point::at(left + near, bottom), Point::at(left, bottom - near), Point::at(left, bottom - radius))
            .line(Point::at(left, top + radius))
            .curve(Point::at(left, top + near), Point::at(left + near, top), Point::at(left + radius, top))
            .close()
    }

    /// The outline of a marker.
    pub(super) fn of_marker(form: Marker, at: Point, radius: i32) -> Path {
        let Point { x, y } = at;
        let square = Area { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
        let half = radius * 6 / 10;
        match form {
            Marker::Circle => Path::rounded(square, radius),
            Marker::Square => Path::rounded(square.grown(-radius / 8), 0),
            Marker::Diamond => {
                let far = radius * 12 / 10;
                Path::around(&[Point::at(x, y - far), Point::at(x + far, y), Point::at(x, y + far), Point::at(x - far, y)])
            }
            Marker::Down => {
                Path::around(&[Point::at(x - radius, y - half), Point::at(x + radius, y - half), Point::at(x, y + radius)])
            }
            Marker::Up => {
                Path::around(&[Point::at(x, y - radius), Point::at(x + radius, y + half), Point::at(x - radius, y + half)])
            }
        }
    }
}

/// The lines at 45 degrees over a hatched area, cut at its edges.
pub(super) fn hatching(area: Area) -> Path {
    const APART: i32 = 90;
    let mut path = Path::default();
    let mut foot = area.left - area.height() + APART / 2;
    while foot < area.right {
        let (left, right) = (foot.max(area.left), (foot + area.height()).min(area.right));
        if left < right {
            let at = |x: i32| Point::at(x, area.bottom - (x - foot));
            path = path.from(at(left)).line(at(right));
        }
        foot += APART;
    }
    path
}
