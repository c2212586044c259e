//! Parameters against multiply-adds: where networks stand beside each other.
//!
//! Both axes are logarithmic; on a dotted line every parameter is used equally often. Points nearer than half a millimetre share a
//! label.

use crate::analyze::Analysis;
use crate::base::Quantity;
use crate::report::numbers::exact;
use crate::report::numbers::round;
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
use crate::report::plot::labels::Labelled;
use crate::report::plot::labels::labels;
use crate::report::plot::logarithmic::Logarithmic;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::taken::crosses;

/// Nearer points share a label.
const TOGETHER: i64 = 50;

/// One network.
struct Net {
    name: String,
    madds: u64,
    params: u64,
    rank: Rank,
}

/// What it is to the reader.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    This,
    Other,
    Naive,
}

impl Rank {
    const fn roles(self) -> [Role; 2] {
        match self {
            Rank::This => [Role::This, Role::This],
            Rank::Other => [Role::Faint, Role::Sub],
            Rank::Naive => [Role::Naive, Role::NaiveText],
        }
    }

    /// The marker and its radius.
    const fn marker(self) -> (Marker, i32) {
        match self {
            Rank::This => (Marker::Circle, 95),
            Rank::Other => (Marker::Circle, 52),
            Rank::Naive => (Marker::Diamond, 100),
        }
    }
}

/// The first network among others, and the naive twin of the first if it is given. Networks without parameters or multiply-adds have no
/// place.
pub fn standing(analyses: &[&Analysis], naive: Option<&Analysis>, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let net = |analysis: &Analysis, name: String, rank: Rank| Net {
        name,
        madds: analysis.quantity(Quantity::Madds),
        params: analysis.totals.params,
        rank,
    };
    let rank = |at: usize| if at == 0 { Rank::This } else { Rank::Other };
    let named = analyses.iter().enumerate().map(|(at, analysis)| net(analysis, analysis.name.clone(), rank(at)));
    let twin = naive.map(|analysis| net(analysis, "naive".to_owned(), Rank::Naive));
    let nets: Vec<Net> = named.chain(twin).filter(|net| net.madds > 0 && net.params > 0).collect();
    let limit = analyses.first().and_then(|analysis| analysis.budget.iter().find(|limit| limit.quantity == Quantity::Madds));
    let limit = limit.map(|limit| limit.limit).filter(|&limit| limit > 0);
    let across = Logarithmic::of(nets.iter().map(|net| net.madds).chain(limit), 0.12);
    let up = Logarithmic::of(nets.iter().map(|net| net.params), 0.1);
    let y = sheet.title(None, "Parameters against multiply-adds");
    let em = sheet.em;
    let y = sheet.subtitle("parameters (log scale)", y);
    let (named, plain) = up.ticks(1.3);
    let widest = named.iter().map(|(_, word)| sheet.scene.measure(word, sheet.small, false)).max().unwrap_or(0);
    let top = y + em * 22 / 10;
    let height = sheet.scene.width * if sheet.is_page() { 48 } else { 95 } / 100;
    let right = sheet.right() - em * 18 / 10;
    let area = Area { left: MARGIN + widest + em * 8 / 10, top, right, bottom: top + height };
    let dotted = uses(&mut sheet, area, &across, &up, y);
    for (value, word) in named.into_iter().chain(plain.into_iter().map(|value| (value, String::new()))) {
        let y = up.place(value as f64, area.bottom, area.top);
        let long = if word.is_empty() { 40 } else { 80 };
        sheet.level(area.left - long, area.left, y, Role::Rule);
        sheet.put(sheet.sub(&word, area.left - 80 - em / 4, y, Anchor::End));
    }
    let bottom = axis(&mut sheet, area, &across);
    let mut lines = Vec::new();
    let mut fixed = sheet.scene.texts();
    if let Some(limit) = limit {
        let x = across.place(limit as f64, area.left, area.right);
        let ends = [Point::at(x, area.top), Point::at(x, area.bottom)];
        lines.push(ends);
        let words = format!("budget {}", round(limit));
        let text = sheet.text(&words, x - em / 3, area.top + em * 7 / 10, Anchor::End);
        let left = Text { em: sheet.small, ..text };
        let text =
            if sheet.scene.area(&left).left > area.left { left } else { Text { x: x + em / 3, anchor: Anchor::Start, ..left } };
        fixed.push(sheet.scene.area(&text).grown(20));
        sheet.put(text);
    }
    let places: Vec<Point> = nets
        .iter()
        .map(|net| {
            Point::at(across.place(net.madds as f64, area.left, area.right), up.place(net.params as f64, area.bottom, area.top))
        })
        .collect();
    points(&mut sheet, &nets, &places, area, &fixed, &lines, &dotted);
    sheet.finish(bottom)
}

/// Dotted lines of equal use, their numbers outside the frame; gives the lines.
fn uses(sheet: &mut Sheet, area: Area, across: &Logarithmic, up: &Logarithmic, above: i32) -> Vec<[Point; 2]> {
    let mut lines = Vec::new();
    let em = sheet.em;
    let words = if sheet.is_page() { "dotted: multiply-adds per parameter" } else { "dotted: uses per parameter" };
    let text = Text { em: sheet.note, role: Role::Faint, ..sheet.text(words, sheet.right(), above, Anchor::End) };
    sheet.put(text);
    for power in 0..8 {
        let ratio = libm::pow(10.0, f64::from(power));
        // Ends of the line where it leaves the frame.
        let mut ends: Vec<(Point, bool)> = Vec::new();
        let at =
            |madds: f64| Point::at(across.place(madds, area.left, area.right), up.place(madds / ratio, area.bottom, area.top));
        let frame = area.grown(2);
        let inside =
            |point: Point| point.x >= frame.left && point.x <= frame.right && point.y >= frame.top && point.y <= frame.bottom;
        for (madds, is_top) in [across.end(false), across.end(true)]
            .map(|madds| (madds, false))
            .into_iter()
            .chain([(up.end(false) * ratio, false), (up.end(true) * ratio, true)])
        {
            let point = at(madds);
            if inside(point) && !ends.iter().any(|(end, _)| *end == point) {
                ends.push((point, is_top));
            }
        }
        ends.sort_by_key(|(point, _)| point.x);
        let [(from, _), .., (to, is_top)] = ends[..] else { continue };
        sheet.scene.line(&[from, to], Stroke::dotted(16, Role::Rule));
        lines.push([from, to]);
        let number = spaced_ratio(power);
        let text = Text { em: sheet.note, role: Role::Faint, ..sheet.text(&number, to.x, to.y, Anchor::Middle) };
        let text = if is_top {
            Text { y: area.top - em * 7 / 10, ..text }
        } else {
            Text { x: area.right + em / 4, anchor: Anchor::Start, ..text }
        };
        let place = sheet.scene.area(&text);
        let free = !sheet.scene.texts().iter().any(|taken| taken.meets(place));
        if free && place.right <= sheet.right() + em / 2 {
            sheet.put(text);
        }
    }
    lines
}

fn spaced_ratio(power: u32) -> String {
    exact(10u64.pow(power))
}

/// The axis of multiply-adds; gives where its title ends.
fn axis(sheet: &mut Sheet, area: Area, across: &Logarithmic) -> i32 {
    let em = sheet.em;
    sheet.scene.fill(Area { left: area.left - 10, right: area.left + 10, ..area }, Role::Rule);
    sheet.scene.fill(Area { top: area.bottom - 10, bottom: area.bottom + 10, ..area }, Role::Rule);
    let (named, plain) = across.ticks(1.3);
    let mut last = i32::MIN;
    for (value, word) in named.into_iter().chain(plain.into_iter().map(|value| (value, String::new()))) {
        let x = across.place(value as f64, area.left, area.right);
        let long = if word.is_empty() { 40 } else { 80 };
        sheet.scene.fill(Area { left: x - 8, right: x + 8, top: area.bottom, bottom: area.bottom + long }, Role::Rule);
        let text = sheet.sub(&word, x, area.bottom + em * 11 / 10, Anchor::Middle);
        let place = sheet.scene.area(&text);
        if place.left > last && place.right <= sheet.right() {
            last = place.right.max(last);
            sheet.put(text);
        }
    }
    let y = area.bottom + em * 23 / 10;
    let title = "multiply-adds per image (conv + linear), log scale";
    sheet.put(sheet.sub(title, area.middle().x, y, Anchor::Middle));
    y + em / 2
}

fn points(
    sheet: &mut Sheet,
    nets: &[Net],
    places: &[Point],
    area: Area,
    fixed: &[Area],
    lines: &[[Point; 2]],
    dotted: &[[Point; 2]],
) {
    // The first of points that lie together has the label of all; those of a rank only.
    let mut owners: Vec<(usize, String)> = Vec::new();
    for (at, net) in nets.iter().enumerate() {
        let near = |&(owner, _): &(usize, String)| {
            let (x, y) = (i64::from(places[owner].x - places[at].x), i64::from(places[owner].y - places[at].y));
            nets[owner].rank == net.rank && x * x + y * y < TOGETHER * TOGETHER
        };
        match owners.iter().position(near) {
            Some(owner) => owners[owner].1 += &format!(", {}", net.name),
            None => owners.push((at, net.name.clone())),
        }
    }
    let em = sheet.small;
    let labelled: Vec<Labelled> = owners
        .iter_mut()
        .map(|(at, name)| {
            let bold = nets[*at].rank != Rank::Other;
            *name = sheet.scene.cut(name, em, bold, area.width() * 4 / 10);
            let size = [sheet.scene.measure(name, em, bold), em * 98 / 100];
            Labelled { at: places[*at], radius: nets[*at].rank.marker().1, size }
        })
        .collect();
    let within = Area { right: sheet.right(), ..area.grown(-20) };
    let found = labels(&labelled, within, fixed, lines);
    // A label that hides a dotted line stands on the background.
    for place in found.iter().filter(|place| dotted.iter().any(|&line| crosses(line, place.area))) {
        sheet.scene.fill(place.area.grown(6), Role::Background);
    }
    for &[from, to] in lines {
        sheet.budget_line(from, to);
    }
    for place in &found {
        if let Some([from, to]) = place.leader {
            sheet.scene.line(&[from, to], Stroke::solid(18, Role::Faint));
        }
    }
    let mut order: Vec<usize> = (0..nets.len()).collect();
    order.sort_by_key(|&at| nets[at].rank != Rank::Other);
    for at in order {
        let net = &nets[at];
        let (form, radius) = net.rank.marker();
        let title = format!("{}: {} parameters, {} multiply-adds", net.name, exact(net.params), exact(net.madds));
        let tag = Tag { class: "net", path: None, title: Some(title) };
        let edge = Stroke::solid(20, Role::Background);
        sheet.scene.group(tag, |scene| scene.marker(form, places[at], radius, net.rank.roles()[0], Some(edge)));
    }
    let mut shown: Vec<Area> = Vec::new();
    for ((at, name), place) in owners.iter().zip(found) {
        let rank = nets[*at].rank;
        let y = place.area.top + em * 38 / 100;
        let text =
            Text { bold: rank != Rank::Other, role: rank.roles()[1], ..sheet.sub(name, place.area.left, y, Anchor::Start) };
        // Where there is no room for all, the earlier one is named.
        let box_of = sheet.scene.area(&text);
        if !shown.iter().chain(fixed).any(|taken| taken.meets(box_of)) {
            shown.push(box_of);
            sheet.put(text);
        }
    }
}
