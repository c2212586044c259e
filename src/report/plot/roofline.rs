//! The roofline: what each layer's intensity lets a machine do, and where it stands under the roof.
//!
//! Both axes are logarithmic. Dots are steps with multiply-adds, as large as those, in the colour of their branch; where a close shape
//! was timed they stand as high as that ran, else on the roof. What the axes leave out is said below.

use crate::analyze::Analysis;
use crate::analyze::Roof;
use crate::analyze::RoofRow;
use crate::analyze::RoofStep;
use crate::analyze::Roofline;
use crate::analyze::Row;
use crate::base::units;
use crate::report::numbers::exact;
use crate::report::numbers::percent;
use crate::report::numbers::round;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Kind;
use crate::report::picture::Marker;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Tag;
use crate::report::picture::Text;
use crate::report::picture::Width;
use crate::report::picture::spaced;
use crate::report::plot::bars::groups;
use crate::report::plot::bars::kinds;
use crate::report::plot::bars::legend_of;
use crate::report::plot::labels::Labelled;
use crate::report::plot::labels::labels;
use crate::report::plot::logarithmic::Logarithmic;
use crate::report::plot::segment::inner_kinds;
use crate::report::plot::segment::outer_kind;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::taken::crosses;

/// The axis of intensities is in thousandths of a multiply-add a byte.
const FINE: u64 = 1000;
/// Radii of the largest and the smallest dot.
const RADII: [i32; 2] = [190, 42];

/// A dot.
struct Dot<'a> {
    step: &'a RoofStep,
    path: &'a str,
    kind: Kind,
    /// Multiply-adds a byte in thousandths.
    intensity: u64,
    /// Multiply-adds a second.
    rate: u64,
}

/// The picture of one network on one machine; `analysis` is that of the same network.
pub fn roofline(analysis: &Analysis, found: &Roofline, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let em = sheet.em;
    let mut dots = Vec::new();
    add(&analysis.tree, &found.tree, outer_kind(&analysis.tree), &mut dots);
    let roof = &found.machine;
    let y = sheet.title(Some(&found.name), "what each layer waits for");
    let threads = if roof.threads == 1 { "1 thread".to_owned() } else { format!("{} threads", roof.threads) };
    let y = sheet.subtitle(&format!("on {}, {threads}, {}, batch {}", roof.name, roof.arch, found.batch), y);
    let y = sheet.legend(&legend_of(&kinds(&groups(analysis))), y);
    let y = sheet.subtitle("multiply-adds a second (log scale)", y);
    let ridge = (u128::from(FINE) * u128::from(roof.peak_madds_per_second) / u128::from(roof.read_bytes_per_second)) as u64;
    let across = Logarithmic::of(dots.iter().map(|dot| dot.intensity).chain([ridge.max(1)]), 0.08);
    let rates = dots.iter().map(|dot| dot.rate).chain([roof.peak_madds_per_second]);
    let up = Logarithmic::of(rates, 0.14);
    let (named, _) = up.ticks(1.3);
    let widest = named.iter().map(|(_, word)| sheet.scene.measure(word, sheet.small, false)).max().unwrap_or(0);
    let top = y + em * 12 / 10;
    let height = sheet.scene.width * if sheet.is_page() { 46 } else { 90 } / 100;
    let area = Area { left: MARGIN + widest + em * 8 / 10, top, right: sheet.right() - em / 2, bottom: top + height };
    let bottom = axes(&mut sheet, area, &across, &up);
    let place = |intensity: f64, rate: f64| {
        Point::at(across.place(intensity, area.left, area.right), up.place(rate, area.bottom, area.top))
    };
    let lines = roof_lines(&mut sheet, roof, area, &across, &up, &place);
    points(&mut sheet, &dots, area, &lines, &place);
    let y = sheet.remark(&remark(found, &dots), bottom + em);
    sheet.finish(y)
}

/// The steps of a row and below it that have multiply-adds.
fn add<'a>(of: &'a Row, row: &'a RoofRow, kind: Kind, dots: &mut Vec<Dot<'a>>) {
    for ((child, inner), kind) in of.children.iter().zip(&row.children).zip(inner_kinds(of, kind)) {
        let kind = if kind == Kind::Layer || kind == Kind::Classifier { outer_kind(child) } else { kind };
        add(child, inner, kind, dots);
    }
    for step in row.steps.iter().filter(|step| step.madds > 0 && step.bytes() > 0 && step.predicted_ns > 0) {
        let intensity = (step.madds * u128::from(FINE) / step.bytes()).max(1) as u64;
        let rate = (step.madds * 1_000_000_000 / step.predicted_ns).max(1) as u64;
        dots.push(Dot { step, path: &row.path, kind, intensity, rate });
    }
}

/// Ticks and their words; gives where the title of the lower axis ends.
fn axes(sheet: &mut Sheet, area: Area, across: &Logarithmic, up: &Logarithmic) -> i32 {
    let em = sheet.em;
    let (named, plain) = up.ticks(1.3);
    for (value, word) in named.into_iter().chain(plain.into_iter().map(|value| (value, String::new()))) {
        let y = up.place(value as f64, area.bottom, area.top);
        if !word.is_empty() {
            sheet.level(area.left, area.right, y, Role::Grid);
        }
        sheet.level(area.left - if word.is_empty() { 40 } else { 80 }, area.left, y, Role::Rule);
        sheet.put(sheet.sub(&word, area.left - 80 - em / 4, y, Anchor::End));
    }
    sheet.scene.fill(Area { left: area.left - 10, right: area.left + 10, ..area }, Role::Rule);
    sheet.scene.fill(Area { top: area.bottom - 10, bottom: area.bottom + 10, ..area }, Role::Rule);
    let (named, plain) = across.ticks(1.3);
    let named: Vec<u64> = named.into_iter().map(|(value, _)| value).collect();
    let mut last = i32::MIN;
    for value in named.iter().chain(&plain) {
        let (x, is_named) = (across.place(*value as f64, area.left, area.right), named.contains(value));
        let long = if is_named { 80 } else { 40 };
        sheet.scene.fill(Area { left: x - 8, right: x + 8, top: area.bottom, bottom: area.bottom + long }, Role::Rule);
        let text = sheet.sub(&per_byte(*value), x, area.bottom + em * 11 / 10, Anchor::Middle);
        let place = sheet.scene.area(&text);
        if is_named && place.left > last && place.right <= sheet.scene.width {
            last = place.right;
            sheet.put(text);
        }
    }
    let y = area.bottom + em * 23 / 10;
    sheet.put(sheet.sub("multiply-adds a byte moved, log scale", area.middle().x, y, Anchor::Middle));
    y + em / 2
}

/// Thousandths without zeros that say nothing.
fn per_byte(thousandths: u64) -> String {
    let text = spaced(&units::fixed(thousandths.into(), FINE.into(), 3));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The slope, the level and the ridge; gives their lines.
fn roof_lines(
    sheet: &mut Sheet,
    roof: &Roof,
    area: Area,
    across: &Logarithmic,
    up: &Logarithmic,
    place: &impl Fn(f64, f64) -> Point,
) -> Vec<[Point; 2]> {
    let em = sheet.em;
    let (peak, bandwidth) = (roof.peak_madds_per_second as f64, roof.read_bytes_per_second as f64 / FINE as f64);
    let ridge = peak / bandwidth;
    // The slope begins where it enters the frame.
    let begin = across.end(false).max(up.end(false) / bandwidth);
    let foot = place(begin, begin * bandwidth);
    let (top, end) = (place(ridge, peak), place(across.end(true), peak));
    sheet.scene.line(&[foot, top, end], Stroke::solid(45, Role::Ink));
    let drop = Point::at(top.x, area.bottom);
    sheet.scene.line(&[top, drop], Stroke::dotted(20, Role::Sub));
    let ridge_words = spaced(&format!("ridge {:.2}", roof.ridge.get()));
    // Beside the dotted line, above the axis, on the side with more room.
    let (x, anchor) = if top.x > area.middle().x { (top.x - em / 3, Anchor::End) } else { (top.x + em / 3, Anchor::Start) };
    sheet.put(sheet.sub(&ridge_words, x, area.bottom - em * 7 / 10, anchor));
    let words = format!("{}madds/s", round(roof.peak_madds_per_second));
    let text = sheet.sub(&words, area.right, area.top + em / 2, Anchor::End);
    sheet.put(text);
    let words = format!("{}B/s", round(roof.read_bytes_per_second));
    let half = Point::at(i32::midpoint(foot.x, top.x), i32::midpoint(foot.y, top.y));
    let text = sheet.sub(&words, half.x - em / 2, half.y - em * 4 / 10, Anchor::End);
    // Where there is no room left of the slope it stands right of it.
    let text = if sheet.scene.area(&text).left > area.left + em / 4 {
        text
    } else {
        Text { x: half.x + em * 6 / 10, y: half.y + em * 6 / 10, anchor: Anchor::Start, ..text }
    };
    sheet.put(text);
    vec![[foot, top], [top, end], [top, drop]]
}

fn points(sheet: &mut Sheet, dots: &[Dot<'_>], area: Area, lines: &[[Point; 2]], place: &impl Fn(f64, f64) -> Point) {
    let most = dots.iter().map(|dot| dot.step.madds).max().unwrap_or(1);
    let radius = |dot: &Dot<'_>| {
        let share = dot.step.madds as f64 / most as f64;
        (f64::from(RADII[0]) * share.sqrt()).round().max(f64::from(RADII[1])) as i32
    };
    let at = |dot: &Dot<'_>| place(dot.intensity as f64, dot.rate as f64);
    // Small dots lie over large ones.
    let mut order: Vec<&Dot<'_>> = dots.iter().collect();
    order.sort_by_key(|dot| std::cmp::Reverse(dot.step.madds));
    for dot in &order {
        let waits = dot.step.bound.map_or("nothing", crate::analyze::Bound::word);
        let [madds, bytes] = [dot.step.madds, dot.step.bytes()].map(|number| exact(units::whole(number)));
        let title = format!("{}: {madds} multiply-adds, {bytes} bytes, waits for {waits}", dot.path);
        let tag = Tag { class: "step", path: Some(dot.path.to_owned()), title: Some(title) };
        let edge = Stroke::solid(16, Role::Background);
        sheet.scene.group(tag, |scene| scene.marker(Marker::Circle, at(dot), radius(dot), Role::Fill(dot.kind), Some(edge)));
    }
    // The layers that take longest are named.
    let mut named = order;
    named.sort_by_key(|dot| std::cmp::Reverse(dot.step.predicted_ns));
    named.truncate(if sheet.is_page() { 10 } else { 5 });
    let em = sheet.small;
    let words: Vec<String> = named.iter().map(|dot| sheet.scene.cut(dot.path, em, false, area.width() / 3)).collect();
    let labelled: Vec<Labelled> = named
        .iter()
        .zip(&words)
        .map(|(dot, words)| {
            let size = [sheet.scene.measure(words, em, false), em * 98 / 100];
            Labelled { at: at(dot), radius: radius(dot), size }
        })
        .collect();
    let fixed: Vec<Area> = sheet.scene.texts();
    let dotted: Vec<Area> = dots.iter().map(|dot| around(at(dot), radius(dot))).collect();
    let blocked: Vec<Area> = fixed.iter().chain(&dotted).copied().collect();
    let (mut shown, mut leaders): (Vec<Area>, Vec<[Point; 2]>) = (Vec::new(), Vec::new());
    for (place, words) in labels(&labelled, area.grown(-20), &blocked, lines).into_iter().zip(&words) {
        let text = sheet.sub(words, place.area.left, place.area.top + em * 38 / 100, Anchor::Start);
        let taken = sheet.scene.area(&text);
        let is_over =
            shown.iter().chain(&fixed).any(|other| other.meets(taken) || place.leader.is_some_and(|line| crosses(line, *other)));
        if is_over || leaders.iter().any(|&line| crosses(line, taken)) {
            continue;
        }
        if let Some([from, to]) = place.leader {
            sheet.scene.line(&[from, to], Stroke::solid(18, Role::Faint));
            leaders.push([from, to]);
        }
        shown.push(taken);
        sheet.put(text);
    }
}

fn around(point: Point, radius: i32) -> Area {
    Area { left: point.x, right: point.x, top: point.y, bottom: point.y }.grown(radius)
}

fn remark(found: &Roofline, dots: &[Dot<'_>]) -> String {
    let tree = &found.tree;
    let ms = |ns: u128| spaced(&format!("{} ms", units::fixed(ns, 1_000_000, 2)));
    let shown: u128 = dots.iter().map(|dot| dot.step.predicted_ns).sum();
    let waits = percent(units::whole(tree.memory_bound_ns), units::whole(tree.predicted_ns));
    let timed = match found.close_steps {
        0 => "",
        _ => " Dots under the roof stand as high as a layer of close shape ran.",
    };
    let predicted = ms(tree.predicted_ns);
    let rest = ms(tree.predicted_ns.saturating_sub(shown));
    format!(
        "{predicted} predicted, {waits} of it waiting for memory. Left of the ridge memory is waited for, right of it multiply-adds; \
         dots are as large as their multiply-adds.{timed} Pools, norms and the like have none: {rest}."
    )
}
