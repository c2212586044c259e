//! Marks as outlines in pixels, for a bitmap: texts, curves, and lines with their width, joints and dashes.
//!
//! What covers a pixel in part colours it in part. Pieces of one outline all turn the same way, so that where they overlap they add up
//! to more than a full cover, never to less.

use ab_glyph::OutlineCurve;

use crate::report::picture::mark::Point;
use crate::report::picture::mark::Stroke;
use crate::report::picture::path::Path;
use crate::report::picture::path::Step;

/// A place in pixels.
pub(super) type Pixel = [f32; 2];

/// Straight parts of a curve.
const PARTS: u16 = 16;

/// Straight edges, each from one pixel to another.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    pub(super) edges: Vec<[Pixel; 2]>,
}

impl Outline {
    /// A closed polygon.
    fn polygon(&mut self, corners: &[Pixel]) {
        let after = corners.iter().cycle().skip(1);
        self.edges.extend(corners.iter().zip(after).map(|(&from, &to)| [from, to]));
    }

    /// The fill of a path, every piece closed.
    pub(super) fn filled(path: &Path, scale: f32) -> Outline {
        let mut outline = Outline::default();
        for piece in pieces(path, scale) {
            outline.polygon(&piece.corners);
        }
        outline
    }

    /// The stroke along a path.
    pub(super) fn stroked(path: &Path, stroke: &Stroke, scale: f32) -> Outline {
        let half = stroke.width as f32 * scale / 2.0;
        let mut outline = Outline::default();
        for Piece { mut corners, closed } in pieces(path, scale) {
            if closed && let Some(&first) = corners.first() {
                corners.push(first);
            }
            match stroke.dash {
                Some(dash) => {
                    for dash in dashes(&corners, dash.map(|length| length as f32 * scale)) {
                        outline.limb(&dash, half, false);
                    }
                }
                None => outline.limb(&corners, half, closed),
            }
        }
        outline
    }

    /// A line with a width: a strip wherever it bends gently, with round joints where it bends sharply.
    fn limb(&mut self, corners: &[Pixel], half: f32, closed: bool) {
        let mut line: Vec<Pixel> = corners.to_vec();
        line.dedup();
        let aside: Vec<Pixel> = line.windows(2).map(|pair| across(pair[0], pair[1])).collect();
        let (Some(&first), Some(&last)) = (aside.first(), aside.last()) else { return };
        let is_gentle = |before: Pixel, after: Pixel| before[0] * after[0] + before[1] * after[1] > 0.9;
        let seam = (closed && is_gentle(last, first)).then(|| between(last, first));
        // The sides of the strip at hand, there and back.
        let (mut there, mut back) = (Vec::new(), Vec::new());
        let mut step = |[x, y]: Pixel, [along, down]: Pixel, there: &mut Vec<Pixel>| {
            there.push([x - along * half, y - down * half]);
            back.push([x + along * half, y + down * half]);
        };
        let mut joints = Vec::new();
        let mut strips = Vec::new();
        step(line[0], seam.unwrap_or(first), &mut there);
        for (at, pair) in aside.windows(2).enumerate() {
            let corner = line[at + 1];
            if is_gentle(pair[0], pair[1]) {
                step(corner, between(pair[0], pair[1]), &mut there);
            } else {
                step(corner, pair[0], &mut there);
                strips.push(there.len());
                joints.push(corner);
                step(corner, pair[1], &mut there);
            }
        }
        step(line[line.len() - 1], seam.unwrap_or(last), &mut there);
        strips.push(there.len());
        if closed && seam.is_none() {
            joints.push(line[0]);
        }
        let mut from = 0;
        for to in strips {
            let strip: Vec<Pixel> = there[from..to].iter().chain(back[from..to].iter().rev()).copied().collect();
            self.polygon(&strip);
            from = to;
        }
        for [x, y] in joints {
            let around = TWELFTHS.map(|[along, down]| [x + along * half, y + down * half]);
            self.polygon(&around);
        }
    }

    /// Letters at a place, their line `turned` upwards or not.
    pub(super) fn letters(letters: &[(f32, Vec<OutlineCurve>)], size: f32, [x, y]: Pixel, turned: bool) -> Outline {
        let mut outline = Outline::default();
        for (before, curves) in letters {
            let put = |point: &ab_glyph::Point| {
                let (along, up) = ((point.x + before) * size, point.y * size);
                if turned { [x - up, y - along] } else { [x + along, y - up] }
            };
            for curve in curves {
                match curve {
                    OutlineCurve::Line(from, to) => outline.edges.push([put(from), put(to)]),
                    OutlineCurve::Quad(from, by, to) => {
                        let [from, by, to] = [put(from), put(by), put(to)];
                        let third = |end: Pixel| [0, 1].map(|axis| end[axis] + (by[axis] - end[axis]) * 2.0 / 3.0);
                        outline.curve([from, third(from), third(to), to]);
                    }
                    OutlineCurve::Cubic(from, first, second, to) => outline.curve([from, first, second, to].map(put)),
                }
            }
        }
        outline
    }

    fn curve(&mut self, ends: [Pixel; 4]) {
        let mut from = ends[0];
        for to in along(ends) {
            self.edges.push([from, to]);
            from = to;
        }
    }
}

/// The way to the right of a line from one pixel to another, one pixel long.
fn across(from: Pixel, to: Pixel) -> Pixel {
    let (along, down) = (to[0] - from[0], to[1] - from[1]);
    let length = (along * along + down * down).sqrt();
    [-down / length, along / length]
}

/// The way that a joint of two strips takes, as long as keeps the line's width.
fn between(before: Pixel, after: Pixel) -> Pixel {
    let sum = [before[0] + after[0], before[1] + after[1]];
    let scale = 2.0 / (sum[0] * sum[0] + sum[1] * sum[1]);
    sum.map(|part| part * scale)
}

/// A circle's points at every twelfth, the way round in which a line's sides are drawn.
const TWELFTHS: [Pixel; 12] = [
    [1.0, 0.0],
    [0.866_025_4, 0.5],
    [0.5, 0.866_025_4],
    [0.0, 1.0],
    [-0.5, 0.866_025_4],
    [-0.866_025_4, 0.5],
    [-1.0, 0.0],
    [-0.866_025_4, -0.5],
    [-0.5, -0.866_025_4],
    [0.0, -1.0],
    [0.5, -0.866_025_4],
    [0.866_025_4, -0.5],
];

/// A piece of a path in pixels, its curves made straight.
struct Piece {
    corners: Vec<Pixel>,
    closed: bool,
}

fn pieces(path: &Path, scale: f32) -> Vec<Piece> {
    let pixel = |point: Point| [point.x as f32 * scale, point.y as f32 * scale];
    let mut pieces: Vec<Piece> = Vec::new();
    for step in &path.steps {
        match (step, pieces.last_mut()) {
            (Step::Move(point), _) => pieces.push(Piece { corners: vec![pixel(*point)], closed: false }),
            (_, None) => {}
            (Step::Line(point), Some(piece)) => piece.corners.push(pixel(*point)),
            (Step::Curve(points), Some(piece)) => {
                let [first, second, end] = points.map(pixel);
                let from = piece.corners.last().copied().unwrap_or(first);
                piece.corners.extend(along([from, first, second, end]));
            }
            (Step::Close, Some(piece)) => piece.closed = true,
        }
    }
    pieces
}

/// Points along a cubic curve after its first.
fn along(ends: [Pixel; 4]) -> impl Iterator<Item = Pixel> {
    (1..=PARTS).map(move |part| {
        let (done, left) = (f32::from(part) / f32::from(PARTS), f32::from(PARTS - part) / f32::from(PARTS));
        let weights = [left * left * left, 3.0 * left * left * done, 3.0 * left * done * done, done * done * done];
        [0, 1].map(|axis| ends.iter().zip(weights).map(|(end, weight)| end[axis] * weight).sum())
    })
}

/// The dashes along a line.
fn dashes(corners: &[Pixel], [dash, gap]: [f32; 2]) -> Vec<Vec<Pixel>> {
    let mut dashes = Vec::new();
    let (mut drawn, mut left) = (true, dash);
    let mut open: Vec<Pixel> = corners.first().copied().into_iter().collect();
    for pair in corners.windows(2) {
        let [mut from, to] = [pair[0], pair[1]];
        loop {
            let (x, y) = (to[0] - from[0], to[1] - from[1]);
            let length = (x * x + y * y).sqrt();
            if length <= left {
                left -= length;
                open.push(to);
                break;
            }
            from = [from[0] + x * left / length, from[1] + y * left / length];
            open.push(from);
            let done = std::mem::replace(&mut open, vec![from]);
            if drawn {
                dashes.push(done);
            }
            drawn = !drawn;
            left = if drawn { dash } else { gap };
        }
    }
    if drawn && open.len() > 1 {
        dashes.push(open);
    }
    dashes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twice the area that the edges go round.
    fn area(outline: &Outline) -> f32 {
        outline.edges.iter().map(|[from, to]| from[0] * to[1] - from[1] * to[0]).sum()
    }

    #[test]
    fn a_line_covers_its_length_times_its_width() {
        let stroke = Stroke::solid(10, crate::report::picture::role::Role::Ink);
        let across = Path::through(&[Point::at(0, 0), Point::at(300, 400)]);
        assert!((area(&Outline::stroked(&across, &stroke, 0.1)).abs() / 2.0 - 50.0).abs() < 0.01);
        let dashed = Stroke { dash: Some([50, 50]), ..stroke };
        assert!((area(&Outline::stroked(&across, &dashed, 0.1)).abs() / 2.0 - 25.0).abs() < 0.01);
    }

    #[test]
    fn pieces_of_a_line_turn_the_same_way() {
        let stroke = Stroke::solid(10, crate::report::picture::role::Role::Ink);
        let bent = Path::through(&[Point::at(0, 0), Point::at(300, 0), Point::at(300, 300), Point::at(0, 0)]);
        let outline = Outline::stroked(&bent, &stroke, 1.0);
        // Three limbs, and two joints of twelve corners.
        assert_eq!(outline.edges.len(), 3 * 4 + 2 * 12);
        let polygons = outline.edges[..12].chunks(4).chain(outline.edges[12..].chunks(12));
        for polygon in polygons {
            assert!(area(&Outline { edges: polygon.to_vec() }) > 0.0);
        }
    }
}
