//! Cumulative cost: where along the depth the multiply-adds are spent, and where the budget is used up.
//!
//! One line a network from zero at the image to its total. Networks whose layers have the same names share the columns of the first;
//! else the depth is the share of each network's layers that are done.

use crate::analyze::Analysis;
use crate::report::numbers::distance;
use crate::report::numbers::exact;
use crate::report::numbers::short;
use crate::report::numbers::times;
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
use crate::report::plot::bars::groups;
use crate::report::plot::budget::Budget;
use crate::report::plot::columns;
use crate::report::plot::columns::Column;
use crate::report::plot::frame::Ticks;
use crate::report::plot::remark::Line;
use crate::report::plot::remark::Reach;
use crate::report::plot::remark::remark;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::taken::Taken;
use crate::report::plot::taken::spread;

/// One network's line.
struct Curve {
    name: String,
    line: Role,
    text: Role,
    /// The top-level layers that cost something, each with its stage and multiply-adds.
    layers: Vec<(String, Option<String>, u64)>,
    total: u64,
}

impl Curve {
    fn of(analysis: &Analysis, line: Role, text: Role) -> Curve {
        let groups = groups(analysis);
        let layers = groups.iter().flat_map(|group| {
            let stage = group.stage.as_ref().map(|(name, _)| name.clone());
            group.bars.iter().map(move |bar| (bar.name.clone(), stage.clone(), bar.madds))
        });
        Curve { name: analysis.name.clone(), line, text, layers: layers.collect(), total: analysis.totals.madds }
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        self.layers.iter().map(|(name, ..)| name)
    }

    /// Its points in an area: at the image, and after each layer.
    fn points(&self, area: Area, top: u64) -> Vec<Point> {
        let count = self.layers.len().max(1) as u64;
        let mut sum = 0;
        let mut points = vec![Point::at(area.left, area.bottom)];
        for (at, (.., madds)) in self.layers.iter().enumerate() {
            sum += madds;
            points.push(Point::at(area.reach(at as u64 + 1, count), area.rise(sum, top)));
        }
        points
    }
}

/// The lines of networks: the one at hand first, the others beside it, and the naive twin of the first if it is given.
pub fn cumulative(analyses: &[&Analysis], naive: Option<&Analysis>, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let role = |at: usize| if at == 0 { (Role::This, Role::This) } else { (Role::Variant, Role::VariantText) };
    let curves: Vec<Curve> =
        analyses.iter().enumerate().map(|(at, analysis)| Curve::of(analysis, role(at).0, role(at).1)).collect();
    let aligned = curves.windows(2).all(|pair| pair[0].names().eq(pair[1].names()));
    let naive = naive.map(|analysis| Curve::of(analysis, Role::Naive, Role::NaiveText));
    let budget = analyses.first().and_then(|analysis| Budget::of(analysis));
    let limit = budget.as_ref().map(|budget| budget.madds);
    let y = match analyses {
        [only] => sheet.title(Some(&only.name), "cumulative cost along depth"),
        _ => sheet.title(None, "Cumulative cost along depth"),
    };
    let what = if aligned { "multiply-adds up to and including each module" } else { "multiply-adds of the layers done so far" };
    let y = sheet.subtitle(what, y);
    let most = curves.iter().map(|curve| curve.total).chain(limit).max().unwrap_or(0);
    let ticks = Ticks::upto(most, 4, "");
    let em = sheet.em;
    let left = ticks.left(&sheet);
    let labels: Vec<[String; 2]> = curves.iter().map(|curve| label(&sheet, curve, limit)).collect();
    let widest = labels.iter().flatten().map(|words| sheet.scene.measure(words, sheet.small, true)).max().unwrap_or(0);
    let top = y + em * 2;
    let area = Area {
        left,
        top,
        right: sheet.right() - widest - 360,
        bottom: top + sheet.scene.width * if sheet.is_page() { 34 } else { 62 } / 100,
    };
    ticks.draw(&mut sheet, area);
    let bottom = if aligned { names(&mut sheet, &curves[..], area) } else { shares(&mut sheet, area) };
    let mut taken = Taken::of(sheet.scene.texts());
    let lines: Vec<Vec<Point>> = curves.iter().map(|curve| curve.points(area, ticks.top)).collect();
    lines.iter().for_each(|points| taken.line(points));
    if let Some(budget) = &budget {
        limit_line(&mut sheet, &mut taken, area, area.rise(budget.madds, ticks.top), budget);
    }
    if let (Some(naive), Some(first)) = (&naive, curves.first()) {
        leave(&mut sheet, &mut taken, naive, first, area, ticks.top);
    }
    for (curve, points) in curves.iter().zip(&lines).rev() {
        draw(&mut sheet, curve, points);
    }
    ends(&mut sheet, &curves, &lines, &labels, area);
    if let (Some(curve), Some(points)) = (curves.first(), lines.first()) {
        half(&mut sheet, &mut taken, curve, points, area, aligned);
    }
    sheet.finish(bottom)
}

/// What stands at a line's end: its name, its total and how far that is from the budget.
fn label(sheet: &Sheet, curve: &Curve, limit: Option<u64>) -> [String; 2] {
    let name = sheet.scene.cut(&curve.name, sheet.small, true, sheet.scene.width * 3 / 10);
    let distance = limit.map_or_else(String::new, |limit| format!("  {}", distance(curve.total, limit)));
    [name, short(curve.total) + &distance]
}

/// Columns' names under the chart and a line up at the end of each stage; gives where they end.
fn names(sheet: &mut Sheet, curves: &[Curve], area: Area) -> i32 {
    let layers = curves.first().map_or(&[][..], |curve| &curve.layers[..]);
    let count = layers.len().max(1) as u64;
    let at = |index: usize| area.reach(index as u64, count);
    let column = |(index, (name, stage, _)): (usize, &(String, Option<String>, u64))| Column {
        name: name.clone(),
        stage: stage.clone(),
        left: at(index),
        right: at(index + 1),
    };
    let all: Vec<Column> = layers.iter().enumerate().map(column).collect();
    for stage in columns::stages(&all).into_iter().filter(|stage| stage[0].stage.is_some()) {
        let right = stage[stage.len() - 1].right;
        sheet.scene.fill(Area { left: right - 8, right: right + 8, ..area }, Role::Grid);
    }
    let y = area.bottom + sheet.em * 8 / 10;
    columns::names(sheet, &all, y);
    y + sheet.em / 2
}

fn shares(sheet: &mut Sheet, area: Area) -> i32 {
    let y = area.bottom + sheet.em * 8 / 10;
    let mut taken: Vec<Area> = Vec::new();
    for (share, word) in [(0, "image"), (100, "100\u{202F}% of the layers"), (50, "50"), (25, "25"), (75, "75")] {
        let x = area.reach(share, 100);
        let anchor = match share {
            0 => Anchor::Start,
            100 => Anchor::End,
            _ => Anchor::Middle,
        };
        let text = sheet.sub(word, x, y, anchor);
        let place = sheet.scene.area(&text).grown(30);
        if !taken.iter().any(|other| other.meets(place)) {
            taken.push(place);
            sheet.put(text);
        }
    }
    y + sheet.em / 2
}

fn limit_line(sheet: &mut Sheet, taken: &mut Taken, area: Area, y: i32, budget: &Budget) {
    let ends = [Point::at(area.left, y), Point::at(area.right, y)];
    sheet.budget_line(ends[0], ends[1]);
    taken.line(&ends);
    let words = format!("budget {}", budget.words);
    let text = sheet.sub(&words, area.left + sheet.em / 2, y - sheet.em * 8 / 10, Anchor::Start);
    taken.area(sheet.scene.area(&text).grown(20));
    sheet.put(Text { role: Role::Ink, ..text });
}

fn draw(sheet: &mut Sheet, curve: &Curve, points: &[Point]) {
    let width = if sheet.is_page() { 60 } else { 55 };
    let tag = Tag { class: "curve", path: None, title: Some(format!("{}: {} multiply-adds", curve.name, exact(curve.total))) };
    let apart = points.windows(2).map(|pair| pair[1].x - pair[0].x).min().unwrap_or(0);
    sheet.scene.group(tag, |scene| {
        scene.line(points, Stroke::solid(width, curve.line));
        if apart > 3 * width {
            for &point in &points[1..] {
                scene.marker(Marker::Circle, point, width * 95 / 100, curve.line, None);
            }
        }
    });
}

/// The naive twin's line; where it leaves the chart, an arrow along its slope and its end in words.
fn leave(sheet: &mut Sheet, taken: &mut Taken, naive: &Curve, first: &Curve, area: Area, top: u64) {
    let mut sum = 0;
    let count = naive.layers.len().max(1) as u64;
    let mut points = vec![Point::at(area.left, area.bottom)];
    let mut left_in = None;
    for (at, (name, _, madds)) in naive.layers.iter().enumerate() {
        let before = points[points.len() - 1];
        sum += madds;
        let x = area.reach(at as u64 + 1, count);
        if sum > top {
            // As far along the slot as the chart's top is along the slope.
            let along = area.rise(sum - madds, top) - area.top;
            let whole = i128::from(area.height()) * i128::from(*madds) / i128::from(top.max(1));
            let reached = (i128::from(x - before.x) * i128::from(along) / whole.max(1)) as i32;
            points.push(Point::at(before.x + reached, area.top));
            left_in = Some(name.clone());
            break;
        }
        points.push(Point::at(x, area.rise(sum, top)));
    }
    taken.line(&points);
    let end = points[points.len() - 1];
    let title = format!("naive twin: {} multiply-adds", exact(naive.total));
    sheet.scene.group(Tag { class: "curve", path: None, title: Some(title) }, |scene| {
        scene.line(&points, Stroke::solid(50, Role::Naive));
        if left_in.is_some() {
            scene.marker(Marker::Up, end, 110, Role::Naive, None);
        }
    });
    let ratio = times(naive.total, first.total);
    let line = |words: String| Line { words, bold: false, role: Role::NaiveText };
    let lines = match left_in {
        Some(name) => {
            vec![line(format!("naive leaves the chart in {name}")), line(format!("and ends at {} ({ratio})", short(naive.total)))]
        }
        None => vec![line(format!("naive: {} ({ratio})", short(naive.total)))],
    };
    remark(sheet, taken, &lines, Point::at(end.x, end.y + sheet.em / 2), Reach::of(sheet.em), area);
}

/// Labels at the right of the lines' ends, spread, with leaders.
fn ends(sheet: &mut Sheet, curves: &[Curve], lines: &[Vec<Point>], labels: &[[String; 2]], area: Area) {
    let pitch = sheet.small * 13 / 10;
    let end = |at: usize| lines[at][lines[at].len() - 1];
    let mut order: Vec<usize> = (0..curves.len()).collect();
    order.sort_by_key(|&at| end(at).y);
    let wanted: Vec<i32> = order.iter().map(|&at| end(at).y).collect();
    let heights = spread(&wanted, 2 * pitch + pitch / 3, [area.top + pitch / 2, area.bottom - pitch]);
    for (&at, height) in order.iter().zip(heights) {
        let Point { y, .. } = end(at);
        let x = area.right + 360;
        let bold = at == 0;
        let leader = [Point::at(area.right + 70, y), Point::at(x - 60, height)];
        sheet.scene.line(&leader, Stroke::solid(18, curves[at].line));
        for (words, y) in labels[at].iter().zip([height - pitch / 2, height + pitch / 2]) {
            sheet.put(Text { bold, role: curves[at].text, ..sheet.sub(words, x, y, Anchor::Start) });
        }
    }
}

/// The point where half of the first network's cost is spent.
fn half(sheet: &mut Sheet, taken: &mut Taken, curve: &Curve, points: &[Point], area: Area, aligned: bool) {
    let mut sum = 0;
    for ((name, _, madds), pair) in curve.layers.iter().zip(points.windows(2)) {
        let before = sum;
        sum += madds;
        if 2 * u128::from(sum) < u128::from(curve.total) || *madds == 0 {
            continue;
        }
        let along = |from: i32, to: i32| {
            let part = i128::from(curve.total) - 2 * i128::from(before);
            from + (i128::from(to - from) * part / (2 * i128::from(*madds))) as i32
        };
        let point = Point::at(along(pair[0].x, pair[1].x), along(pair[0].y, pair[1].y));
        let foot = Point::at(point.x, area.bottom);
        sheet.scene.line(&[point, foot], Stroke::dotted(20, curve.line));
        taken.line(&[point, foot]);
        let ring = Stroke::solid(40, curve.line);
        sheet.scene.marker(Marker::Circle, point, 75, Role::Background, Some(ring));
        taken.area(Area { left: point.x, right: point.x, top: point.y, bottom: point.y }.grown(95));
        let end = if aligned { name.clone() } else { format!("{}’s {name}", curve.name) };
        let lines = [Line::plain("half of the cost is spent"), Line::plain(format!("before the end of {end}"))];
        remark(sheet, taken, &lines, point, Reach::of(sheet.em), area);
        return;
    }
}
