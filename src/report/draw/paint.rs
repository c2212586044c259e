//! A plan as marks: boxes in the colours of their branches, ribbons in those of what they leave, all in groups that a page can find by
//! their paths.

use crate::report::draw::columns::Connector;
use crate::report::draw::net::Form;
use crate::report::draw::net::Net;
use crate::report::draw::plan::Framed;
use crate::report::draw::plan::Placed;
use crate::report::draw::plan::Plan;
use crate::report::draw::plan::Ribbon;
use crate::report::draw::style::Style;
use crate::report::draw::style::bytes;
use crate::report::draw::words;
use crate::report::numbers::exact;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Kind;
use crate::report::picture::Panel;
use crate::report::picture::Path;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Scene;
use crate::report::picture::Stroke;
use crate::report::picture::Tag;
use crate::report::picture::Text;
use crate::report::picture::spaced;

/// Draws all of it.
pub(super) fn paint(scene: &mut Scene, net: &Net, style: &Style, plan: &Plan, connectors: &[Connector]) {
    for connector in connectors {
        let width = connector.width;
        scene.stroke(round(&connector.points, width), Stroke::solid(width, Role::Edge));
    }
    for framed in &plan.frames {
        frame(scene, net, style, framed);
    }
    for trunk in &plan.trunks {
        scene.shape(strip(&trunk.points, trunk.width), Role::Edge, 100);
    }
    for ribbon in &plan.ribbons {
        paint_ribbon(scene, net, ribbon);
    }
    for tagged in &plan.tags {
        scene.line(&tagged.lead, dashed(style));
    }
    for placed in &plan.boxes {
        paint_box(scene, net, style, placed);
    }
    for tagged in &plan.tags {
        let head = &net.heads[tagged.head];
        let title =
            format!("{}: {} multiply-adds, {} parameters; training only", head.name, exact(head.madds), exact(head.params));
        scene.group(Tag { class: "head", path: Some(head.name.clone()), title: Some(title) }, |scene| {
            let edge = Some(dashed(style));
            scene.panel(Panel { area: tagged.area, radius: style.tenths(3), fill: Some(Role::Background), edge });
            let middle = tagged.area.middle();
            text(scene, &tagged.words, middle, style.em, Role::Sub, Anchor::Middle);
        });
    }
    for label in &plan.labels {
        let anchor = if label.to_left { Anchor::End } else { Anchor::Start };
        let Point { x, y } = label.at;
        let words = label.words.clone();
        scene.text(Text { words, x, y, em: label.em, bold: label.bold, anchor, role: label.role, rotated: false });
    }
}

fn dashed(style: &Style) -> Stroke {
    Stroke { width: style.em / 12, role: Role::Sub, dash: Some([style.em / 3, style.em / 5]) }
}

fn text(scene: &mut Scene, words: &str, at: Point, em: i32, role: Role, anchor: Anchor) {
    scene.text(Text { words: words.to_owned(), x: at.x, y: at.y, em, bold: false, anchor, role, rotated: false });
}

fn frame(scene: &mut Scene, net: &Net, style: &Style, framed: &Framed) {
    let edge = Some(Stroke::solid(style.em / 12, Role::Rule));
    let radius = style.tenths(5);
    let shown = match (framed.paths.first(), framed.paths.last()) {
        (Some(first), Some(last)) if framed.paths.len() > 1 => format!("{} modules alike, {first} to {last}", framed.paths.len()),
        (first, _) => first.cloned().unwrap_or_default(),
    };
    let params: u64 = framed.copies.iter().flatten().map(|&at| net.layers[at].params).sum();
    let title = format!("{shown}: {} multiply-adds, {} parameters", exact(framed.madds), exact(params));
    scene.group(Tag { class: "module", path: framed.paths.first().cloned(), title: Some(title) }, |scene| {
        if framed.paths.len() > 1 {
            let by = style.tenths(5);
            let Area { left, top, right, bottom } = framed.area;
            let area = Area { left: left + by, top: top + by, right: right + by, bottom: bottom + by };
            scene.panel(Panel { area, radius, fill: Some(Role::Panel), edge });
        }
        scene.panel(Panel { area: framed.area, radius, fill: Some(Role::Panel), edge });
    });
}

/// The colour of what a box gives.
fn tone(net: &Net, at: usize, fans: bool) -> (Role, u8) {
    let layer = &net.layers[at];
    match layer.kind {
        Kind::Branch { .. } if layer.madds > 0 && layer.form == Form::Layer => (Role::Fill(layer.kind), 75),
        _ => (Role::Edge, if fans { 60 } else { 100 }),
    }
}

fn paint_ribbon(scene: &mut Scene, net: &Net, ribbon: &Ribbon) {
    let link = net.links[ribbon.link];
    let (role, opacity) = tone(net, link.from, ribbon.fans);
    let kilobytes = bytes(net, ribbon.link).div_ceil(1000);
    let [from, to] = [link.from, link.to].map(|at| &net.layers[at].path);
    let size = spaced(&format!("{}, {kilobytes} kB", words::shape(link.shape)));
    let title = format!("{size}: {from} to {to}");
    scene.group(Tag { class: "link", path: None, title: Some(title) }, |scene| {
        scene.shape(strip(&ribbon.points, ribbon.width), role, opacity);
    });
}

fn paint_box(scene: &mut Scene, net: &Net, style: &Style, placed: &Placed) {
    let layer = &net.layers[placed.at];
    let is_bar = matches!(layer.form, Form::Join | Form::Outside);
    let costs = layer.madds > 0;
    let what = layer.ops.iter().map(|op| said(op.write())).collect::<Vec<_>>().join("; ");
    let alike = if placed.times > 1 { format!(" in {} modules alike", placed.times) } else { String::new() };
    let cost = format!("{} multiply-adds, {} parameters{alike}", exact(placed.madds), exact(layer.params * placed.times as u64));
    let title = format!("{}: {what}{}{}; {cost}", layer.path, if what.is_empty() { "" } else { "; " }, words::shape(layer.shape));
    let class = if is_bar { "join" } else { "layer" };
    scene.group(Tag { class, path: Some(layer.path.clone()), title: Some(title) }, |scene| {
        let area = placed.area;
        let radius = if is_bar { style.tenths(1) } else { style.tenths(2) };
        let (fill, edge) = match (is_bar, costs, layer.kind) {
            (true, ..) => (Role::Fill(Kind::Layer), None),
            (_, false, _) => (Role::Background, Some(Stroke::solid(style.em / 12, Role::Rule))),
            (.., Kind::Classifier) => (Role::Fill(layer.kind), Some(Stroke::solid(style.em / 12, Role::Sub))),
            _ => (Role::Fill(layer.kind), None),
        };
        scene.panel(Panel { area, radius, fill: Some(fill), edge });
        if costs && !is_bar && layer.kind.is_hatched() {
            // Under a text lines would be in the way.
            let right = area.left + (style.em * 45 / 100).min(area.width() / 6);
            scene.hatch(Area { right, top: area.top + radius / 2, bottom: area.bottom - radius / 2, ..area }, layer.kind);
        }
        let role = if costs { Role::On(layer.kind) } else { Role::Ink };
        let count = placed.lines.len() as i32;
        for (number, line) in placed.lines.iter().enumerate() {
            let y = area.middle().y + (2 * number as i32 + 1 - count) * style.line() / 2;
            text(scene, line, Point::at(area.middle().x, y), style.em, role, Anchor::Middle);
        }
    });
}

fn said(written: crate::op::Written) -> String {
    let settings: Vec<String> = written.settings.iter().map(|(name, value)| format!("{name} {value}")).collect();
    let main = if written.main == "{}" { String::new() } else { written.main };
    format!("{} {main} {}", written.word, settings.join(", ")).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A ribbon's outline: down one side, up the other.
fn strip(points: &[Point], width: i32) -> Path {
    let Some((&first, _)) = points.split_first() else { return Path::default() };
    let aside = |point: Point, by: i32| Point::at(point.x + by, point.y);
    let [left, right] = [-(width / 2), width - width / 2];
    let mut path = Path::default().from(aside(first, left));
    for pair in points.windows(2) {
        path = bend(path, aside(pair[0], left), aside(pair[1], left));
    }
    if let Some(&last) = points.last() {
        path = path.line(aside(last, right));
    }
    for pair in points.windows(2).rev() {
        path = bend(path, aside(pair[1], right), aside(pair[0], right));
    }
    path.close()
}

fn bend(path: Path, from: Point, to: Point) -> Path {
    if from.x == to.x {
        return path.line(to);
    }
    let y = i32::midpoint(from.y, to.y);
    path.curve(Point::at(from.x, y), Point::at(to.x, y), to)
}

/// A way with round corners.
fn round(points: &[Point], width: i32) -> Path {
    let Some((&first, rest)) = points.split_first() else { return Path::default() };
    let mut path = Path::default().from(first);
    for (at, &corner) in rest.iter().enumerate() {
        let Some(&next) = rest.get(at + 1) else { return path.line(corner) };
        let before = points[at];
        let length = |a: Point, b: Point| (a.x - b.x).abs() + (a.y - b.y).abs();
        let radius = (width * 8 / 10).min(length(before, corner) / 2).min(length(corner, next) / 2);
        let towards =
            |to: Point| Point::at(corner.x + (to.x - corner.x).signum() * radius, corner.y + (to.y - corner.y).signum() * radius);
        let (start, end) = (towards(before), towards(next));
        let near = |point: Point| Point::at(i32::midpoint(point.x, corner.x), i32::midpoint(point.y, corner.y));
        path = path.line(start).curve(near(start), near(end), end);
    }
    path
}
