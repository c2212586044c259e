//! Labels of points in a plane: each beside its point or a leader's length away, where it hides nothing and nobody else's marker is
//! nearer to it than its own.
//!
//! Sixty places a label, tried by annealing with a fixed seed, then each label in turn moved to its best place until none moves.

use crate::report::picture::Area;
use crate::report::picture::Point;
use crate::report::plot::taken::crosses;

/// A point with the size of its label.
pub(super) struct Labelled {
    pub(super) at: Point,
    /// From the marker's middle to its edge.
    pub(super) radius: i32,
    /// The label's width and height.
    pub(super) size: [i32; 2],
}

/// Where a label stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) area: Area,
    /// From the marker's edge to the label, if they are apart.
    pub(super) leader: Option<[Point; 2]>,
    /// What it costs by itself.
    cost: i64,
}

/// Sines of a twelfth of a turn's multiples in thousandths.
const SINES: [i32; 12] = [0, 500, 866, 1000, 866, 500, 0, -500, -866, -1000, -866, -500];
/// Distances of the label from the marker's edge, in hundredths of a millimetre.
const DISTANCES: [i32; 5] = [50, 90, 180, 320, 500];
const STEPS: u32 = 16_000;

/// The places of all labels within an area, clear of fixed boxes and lines.
pub(super) fn labels(points: &[Labelled], within: Area, fixed: &[Area], lines: &[[Point; 2]]) -> Vec<Place> {
    let places: Vec<Vec<Place>> = points.iter().map(|point| candidates(point, points, within, fixed, lines)).collect();
    let mut chosen: Vec<usize> = places.iter().map(|places| best(places, |place| place.cost)).collect();
    let cost_of = |chosen: &[usize], at: usize, place: &Place| {
        let others = chosen.iter().enumerate().filter(|&(other, _)| other != at);
        place.cost + others.map(|(other, &index)| pair_cost(place, &places[other][index])).sum::<i64>()
    };
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for step in 0..STEPS {
        if points.len() < 2 {
            break;
        }
        let at = random.below(points.len());
        let tried = random.below(places[at].len());
        let now = cost_of(&chosen, at, &places[at][chosen[at]]);
        let then = cost_of(&chosen, at, &places[at][tried]);
        let heat = 400.0 * f64::from(STEPS - step) / f64::from(STEPS);
        let worse = (then - now) as f64;
        if worse <= 0.0 || libm::exp(-worse / heat.max(1.0)) > random.share() {
            chosen[at] = tried;
        }
    }
    loop {
        let mut moved = false;
        for at in 0..points.len() {
            let better = best(&places[at], |place| cost_of(&chosen, at, place));
            let gain = cost_of(&chosen, at, &places[at][chosen[at]]) - cost_of(&chosen, at, &places[at][better]);
            if gain > 0 {
                chosen[at] = better;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    chosen.iter().zip(places).map(|(&index, places)| places[index]).collect()
}

fn best(places: &[Place], cost: impl Fn(&Place) -> i64) -> usize {
    (0..places.len()).min_by_key(|&index| cost(&places[index])).unwrap_or(0)
}

fn candidates(point: &Labelled, points: &[Labelled], within: Area, fixed: &[Area], lines: &[[Point; 2]]) -> Vec<Place> {
    let mut places = Vec::new();
    for (step, distance) in DISTANCES.into_iter().enumerate() {
        for direction in 0..12 {
            let (along, down) = (SINES[(direction + 3) % 12], SINES[direction]);
            let far = point.radius + distance;
            let touch = Point::at(point.at.x + far * along / 1000, point.at.y + far * down / 1000);
            let [width, height] = point.size;
            // The side that faces the marker touches; straight above and below the label is centred.
            let left = touch.x - width / 2 + width / 2 * along.signum() * i32::from(along.abs() > 400);
            let top = touch.y - height / 2 + height * down / 2000;
            let area = Area { left, top, right: left + width, bottom: top + height };
            places.push(place(point, points, area, touch, step, direction, within, fixed, lines));
        }
    }
    places
}

#[expect(clippy::too_many_arguments, reason = "a place is judged by all that stands around it")]
fn place(
    point: &Labelled,
    points: &[Labelled],
    area: Area,
    touch: Point,
    step: usize,
    direction: usize,
    within: Area,
    fixed: &[Area],
    lines: &[[Point; 2]],
) -> Place {
    let leader = (step >= 2).then(|| {
        let edge = Point::at(
            point.at.x + (touch.x - point.at.x) * (point.radius + 20) / (point.radius + DISTANCES[step]),
            point.at.y + (touch.y - point.at.y) * (point.radius + 20) / (point.radius + DISTANCES[step]),
        );
        let near = Point::at(touch.x.clamp(area.left, area.right), touch.y.clamp(area.top, area.bottom));
        [edge, near]
    });
    // Right, then left, above and below are the natural sides.
    let side = [0, 12, 20, 14, 20, 12, 6, 12, 20, 10, 20, 12][direction];
    let mut cost = side + i64::from(DISTANCES[step]) * 2 / 5;
    let outside = area.left < within.left || area.right > within.right || area.top < within.top || area.bottom > within.bottom;
    cost += i64::from(outside) * 100_000;
    cost += fixed.iter().map(|taken| overlap(area, *taken)).sum::<i64>();
    cost += 9000 * lines.iter().filter(|&&line| crosses(line, area.grown(40))).count() as i64;
    cost += 1200 * lines.iter().filter(|&&line| leader.is_some_and(|leader| meet(leader, line))).count() as i64;
    for other in points.iter().filter(|other| other.at != point.at) {
        let marker = Area { left: other.at.x, right: other.at.x, top: other.at.y, bottom: other.at.y }.grown(other.radius + 15);
        cost += 3 * overlap(area, marker);
        if let Some(leader) = leader
            && crosses(leader, marker)
        {
            cost += 6000;
        }
        let (own, foreign) = (gap(point.at, area) - i64::from(point.radius), gap(other.at, area) - i64::from(other.radius));
        if leader.is_none() && foreign < own + 40 {
            cost += 700;
        }
        // Of two markers over each other each has its label on its own side.
        let reach = i64::from(point.radius + other.radius);
        let apart = Point::at(point.at.x - other.at.x, point.at.y - other.at.y);
        if i64::from(apart.x).pow(2) + i64::from(apart.y).pow(2) < reach * reach {
            let middle = area.middle();
            let towards =
                i64::from(middle.x - point.at.x) * i64::from(apart.x) + i64::from(middle.y - point.at.y) * i64::from(apart.y);
            cost += if towards < 0 { 500 } else { 0 };
        }
    }
    Place { area, leader, cost }
}

fn pair_cost(one: &Place, other: &Place) -> i64 {
    let mut cost = 2 * overlap(one.area.grown(20), other.area.grown(20));
    for (line, area) in [(one.leader, other.area), (other.leader, one.area)] {
        if line.is_some_and(|line| crosses(line, area.grown(15))) {
            cost += 3000;
        }
    }
    if let (Some(first), Some(second)) = (one.leader, other.leader)
        && meet(first, second)
    {
        cost += 2500;
    }
    cost
}

/// What is hidden, with a charge for hiding anything.
fn overlap(one: Area, other: Area) -> i64 {
    if !one.meets(other) {
        return 0;
    }
    let across = i64::from(one.right.min(other.right) - one.left.max(other.left));
    let down = i64::from(one.bottom.min(other.bottom) - one.top.max(other.top));
    4000 + across * down / 20
}

fn gap(point: Point, area: Area) -> i64 {
    let across = i64::from((area.left - point.x).max(point.x - area.right).max(0));
    let down = i64::from((area.top - point.y).max(point.y - area.bottom).max(0));
    (across * across + down * down).isqrt()
}

/// Whether two lines cross.
fn meet([a, b]: [Point; 2], [c, d]: [Point; 2]) -> bool {
    let side = |from: Point, to: Point, point: Point| {
        let across =
            i64::from(to.x - from.x) * i64::from(point.y - from.y) - i64::from(to.y - from.y) * i64::from(point.x - from.x);
        across.signum()
    };
    side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}

/// A small generator for the annealing alone (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.next()) * count as u128) >> 64) as usize
    }

    /// From 0 up to 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_a_cluster_meet_nothing() {
        let point = |x: i32, y: i32| Labelled { at: Point::at(x, y), radius: 50, size: [800, 220] };
        let points: Vec<Labelled> = (0..9).map(|at| point(3000 + 130 * (at % 3), 3000 + 130 * (at / 3))).collect();
        let within = Area { left: 0, top: 0, right: 6000, bottom: 6000 };
        let wall = [Point::at(3400, 0), Point::at(3400, 6000)];
        let places = labels(&points, within, &[], &[wall]);
        for (at, place) in places.iter().enumerate() {
            assert!(!crosses(wall, place.area));
            for other in &places[..at] {
                assert!(!place.area.meets(other.area));
            }
        }
        assert_eq!(places, labels(&points, within, &[], &[wall]));
    }
}
