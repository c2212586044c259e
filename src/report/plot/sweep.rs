//! Sweep curves: how the multiply-adds move with a width, a variable or the input's size, and where they meet the budget.
//!
//! The first axis goes to the right; each setting of the others is a line.

use crate::analyze::Sweep;
use crate::analyze::SweepAxis;
use crate::base::Quantity;
use crate::report::numbers::exact;
use crate::report::numbers::round;
use crate::report::numbers::short;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Marker;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Tag;
use crate::report::picture::Text;
use crate::report::picture::Width;
use crate::report::plot::frame::Ticks;
use crate::report::plot::remark::Line;
use crate::report::plot::remark::Reach;
use crate::report::plot::remark::remark;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::taken::Taken;
use crate::report::plot::taken::spread;

/// Lines that have a label; of more every so many-th has one.
const LABELS: usize = 12;

/// One line: a setting of all axes but the first.
struct Curve {
    name: String,
    /// The place on the first axis and the multiply-adds; settings that make no network are left out.
    points: Vec<(usize, u64)>,
}

fn curves(sweep: &Sweep) -> Vec<Curve> {
    let [first, others @ ..] = &sweep.axes[..] else { return Vec::new() };
    let inner: usize = others.iter().map(|axis| axis.values.len()).product();
    let curve = |number: usize| {
        let at = |place: usize| &sweep.points[place * inner + number];
        let named = at(0).at[1..].iter().zip(others).map(|(value, axis)| format!("{}={value}", axis.name));
        let points = (0..first.values.len()).filter_map(|place| Some((place, at(place).totals.as_ref()?.madds)));
        Curve { name: named.collect::<Vec<_>>().join(", "), points: points.collect() }
    };
    (0..inner).map(curve).collect()
}

/// Where values stand on the axis: as numbers where all are, else one beside the other.
fn positions(axis: &SweepAxis) -> Vec<f64> {
    let numbers: Option<Vec<f64>> =
        axis.values.iter().map(|value| value.parse().ok().filter(|number: &f64| number.is_finite())).collect();
    numbers.unwrap_or_else(|| (0..axis.values.len()).map(|at| at as f64).collect())
}

/// The picture of a sweep.
pub fn sweep_curves(sweep: &Sweep, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let axis = sweep.axes.first();
    let name = axis.map_or("nothing", |axis| &axis.name);
    let y = sheet.title(Some(&sweep.name), &format!("multiply-adds over {name}"));
    let curves = curves(sweep);
    let limit = sweep.points.iter().filter_map(|point| point.totals.as_ref()).flat_map(|totals| &totals.budget);
    let limit = limit.filter(|limit| limit.quantity == Quantity::Madds).map(|limit| limit.limit).next();
    let most = curves.iter().flat_map(|curve| &curve.points).map(|(_, madds)| *madds).chain(limit).max().unwrap_or(0);
    let ticks = Ticks::upto(most, 4, "");
    let em = sheet.em;
    let labels: Vec<String> =
        curves.iter().map(|curve| sheet.scene.cut(&curve.name, sheet.small, false, sheet.scene.width / 4)).collect();
    let widest = labels.iter().map(|label| sheet.scene.measure(label, sheet.small, false)).max().unwrap_or(0);
    let right = if widest > 0 { sheet.right() - widest - 360 } else { sheet.right() - em };
    let top = y + em * 22 / 10;
    let height = sheet.scene.width * if sheet.is_page() { 34 } else { 58 } / 100;
    let area = Area { left: ticks.left(&sheet), top, right, bottom: top + height };
    ticks.draw(&mut sheet, area);
    let places = axis.map(positions).unwrap_or_default();
    let (least, far) = places.iter().fold((f64::MAX, f64::MIN), |(least, far), &at| (least.min(at), far.max(at)));
    let x = |at: usize| {
        let share = if far > least { (places[at] - least) / (far - least) } else { 0.5 };
        area.left + (f64::from(area.width()) * share).round() as i32
    };
    let bottom = axis.map_or(area.bottom, |axis| under(&mut sheet, axis, &x, area));
    let mut taken = Taken::of(sheet.scene.texts());
    let lines: Vec<Vec<Point>> = curves
        .iter()
        .map(|curve| curve.points.iter().map(|&(at, madds)| Point::at(x(at), area.rise(madds, ticks.top))).collect())
        .collect();
    lines.iter().for_each(|line| taken.line(line));
    if let Some(limit) = limit {
        let y = area.rise(limit, ticks.top);
        let ends = [Point::at(area.left, y), Point::at(area.right, y)];
        sheet.budget_line(ends[0], ends[1]);
        taken.area(Area { top: y - 30, bottom: y + 30, ..area });
        let line = Line { words: format!("budget {}", round(limit)), bold: false, role: Role::Ink };
        remark(
            &mut sheet,
            &mut taken,
            &[line],
            Point::at(area.left + em / 2, y - em / 2),
            Reach { least: 0, most: i32::MAX, leads: false },
            area,
        );
    }
    for (curve, line) in curves.iter().zip(&lines) {
        draw(&mut sheet, axis, curve, line);
    }
    now(&mut sheet, &mut taken, axis, &curves, &lines, area);
    ends(&mut sheet, &labels, &lines, area);
    sheet.finish(bottom)
}

fn draw(sheet: &mut Sheet, axis: Option<&SweepAxis>, curve: &Curve, line: &[Point]) {
    sheet.scene.line(line, Stroke::solid(50, Role::This));
    let apart = line.windows(2).map(|pair| (pair[1].x - pair[0].x).abs()).min().unwrap_or(i32::MAX);
    for (&point, &(at, madds)) in line.iter().zip(&curve.points) {
        let value = axis.map_or("", |axis| &axis.values[at]);
        let title = format!("{value} {}: {} multiply-adds", curve.name, exact(madds));
        let tag = Tag { class: "point", path: None, title: Some(title) };
        let radius = if apart > 150 { 50 } else { 25 };
        sheet.scene.group(tag, |scene| scene.marker(Marker::Circle, point, radius, Role::This, None));
    }
}

/// The spec as it is, on a line of its own.
fn now(sheet: &mut Sheet, taken: &mut Taken, axis: Option<&SweepAxis>, curves: &[Curve], lines: &[Vec<Point>], area: Area) {
    let ([curve], [line], Some(axis)) = (curves, lines, axis) else { return };
    let Some(at) = axis.now.as_ref().and_then(|now| axis.values.iter().position(|value| value == now)) else { return };
    let Some(index) = curve.points.iter().position(|(place, _)| *place == at) else { return };
    let point = line[index];
    sheet.scene.marker(Marker::Circle, point, 75, Role::Background, Some(Stroke::solid(40, Role::This)));
    taken.area(Area { left: point.x, right: point.x, top: point.y, bottom: point.y }.grown(95));
    let words = format!("as written: {}, {}", axis.values[at], short(curve.points[index].1));
    let line = Line { words, bold: false, role: Role::This };
    remark(sheet, taken, &[line], point, Reach::of(sheet.em), area);
}

/// Labels at the right of the lines' ends, spread, with leaders.
fn ends(sheet: &mut Sheet, labels: &[String], lines: &[Vec<Point>], area: Area) {
    let every = labels.len().div_ceil(LABELS).max(1);
    let mut named: Vec<(Point, &String)> = lines
        .iter()
        .zip(labels)
        .step_by(every)
        .filter_map(|(line, label)| Some((*line.last()?, label)))
        .filter(|(_, label)| !label.is_empty())
        .collect();
    named.sort_by_key(|(end, _)| end.y);
    let wanted: Vec<i32> = named.iter().map(|(end, _)| end.y).collect();
    let heights = spread(&wanted, sheet.small * 125 / 100, [area.top, area.bottom]);
    for ((end, label), y) in named.into_iter().zip(heights) {
        let x = area.right + 360;
        sheet.scene.line(&[Point::at(end.x + 70, end.y), Point::at(x - 60, y)], Stroke::solid(18, Role::This));
        sheet.put(sheet.sub(label, x, y, Anchor::Start));
    }
}

/// Values under the axis where there is room, and its name; gives where it ends.
fn under(sheet: &mut Sheet, axis: &SweepAxis, x: &impl Fn(usize) -> i32, area: Area) -> i32 {
    let em = sheet.em;
    let mut last = i32::MIN;
    let mut order: Vec<usize> = (0..axis.values.len()).collect();
    order.sort_by_key(|&at| x(at));
    for at in order {
        let text = sheet.sub(&axis.values[at], x(at), area.bottom + em * 11 / 10, Anchor::Middle);
        let place = sheet.scene.area(&text);
        sheet.scene.fill(Area { left: x(at) - 8, right: x(at) + 8, top: area.bottom, bottom: area.bottom + 60 }, Role::Rule);
        if place.left > last && place.left >= 0 && place.right <= sheet.scene.width {
            last = place.right.saturating_add(em / 2);
            sheet.put(text);
        }
    }
    let y = area.bottom + em * 23 / 10;
    let title = if axis.name == "input" { "side of the input (px)".to_owned() } else { axis.name.clone() };
    let title = sheet.scene.cut(&title, sheet.small, false, area.width());
    sheet.put(Text { role: Role::Sub, ..sheet.sub(&title, area.middle().x, y, Anchor::Middle) });
    y + em / 2
}
