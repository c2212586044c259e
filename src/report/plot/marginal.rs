//! Marginal cost: which width to change. Bars are what one filter more costs, in all layers that it touches, the dearest first.

use std::collections::HashMap;

use crate::analyze::Analysis;
use crate::analyze::Level;
use crate::analyze::Marginal;
use crate::analyze::Marginals;
use crate::base::Quantity;
use crate::base::units;
use crate::report::numbers::exact;
use crate::report::numbers::round;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Kind;
use crate::report::picture::Picture;
use crate::report::picture::Role;
use crate::report::picture::Tag;
use crate::report::picture::Text;
use crate::report::picture::Width;
use crate::report::picture::spaced;
use crate::report::plot::bars::groups;
use crate::report::plot::bars::kinds;
use crate::report::plot::bars::legend_of;
use crate::report::plot::cell::cells;
use crate::report::plot::frame::Ticks;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;

/// The last ones that are shown beside the first.
const LAST: usize = 3;
/// An elasticity is bold from this many per cent on.
const STRONG: u128 = 5;

/// A column of texts at the right.
struct Side {
    head: &'static str,
    cells: Vec<(String, bool, Role)>,
}

/// The picture of a network's widths.
pub fn marginal_ranking(analysis: &Analysis, found: &Marginals, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let knobs: Vec<&Marginal> = found.knobs.iter().filter(|knob| knob.madds > 0).collect();
    let most_rows = if sheet.is_page() { 20 } else { 16 };
    let whole = knobs.len() <= most_rows + LAST + 1;
    let first = if whole { knobs.len() } else { most_rows };
    let shown: Vec<&Marginal> =
        knobs[..first].iter().chain(if whole { &[] } else { &knobs[knobs.len() - LAST..] }).copied().collect();
    let staged = analysis.tree.children.iter().any(|row| row.level == Level::Stage);
    let of_path: HashMap<&str, Kind> = cells(&analysis.tree, staged)
        .iter()
        .filter(|cell| !cell.is_pale)
        .filter_map(|cell| Some((&*cell.row.path, cell.kind?)))
        .collect();
    let kind = |knob: &Marginal| of_path.get(&*knob.path).copied().unwrap_or(Kind::Layer);
    let y = sheet.title(Some(&found.name), "what one more filter costs");
    let used: Vec<Kind> = shown.iter().map(|knob| kind(knob)).collect();
    let all = kinds(&groups(analysis));
    let entries: Vec<_> = all.into_iter().filter(|(kind, ..)| used.contains(kind)).collect();
    let y = sheet.legend(&legend_of(&entries), y);
    let em = sheet.em;
    let head = y + em * 22 / 10;
    let sides = sides(&sheet, found, &shown);
    let mut right = sheet.right();
    let mut edges = Vec::new();
    for side in sides.iter().rev() {
        edges.push(right);
        let cell = |(text, bold, _): &(String, bool, Role)| sheet.scene.measure(text, sheet.small, *bold);
        let widest = side.cells.iter().map(cell).max().unwrap_or(0).max(sheet.scene.measure(side.head, sheet.small, false));
        right -= widest + em * 9 / 10;
    }
    edges.reverse();
    let dearest = shown.iter().map(|knob| knob.madds / u64::from(knob.step)).max().unwrap_or(1);
    let per_filter = |knob: &Marginal| (u128::from(knob.madds), u128::from(knob.step));
    let (unit, prefix) = unit(dearest);
    let number = |knob: &Marginal| {
        let (madds, step) = per_filter(knob);
        spaced(&units::fixed(madds, step * unit, if unit == 1 { 0 } else { 3 }))
    };
    let names: Vec<String> =
        shown.iter().map(|knob| sheet.scene.cut(&knob.path, em, false, sheet.scene.width * 3 / 10)).collect();
    let left = MARGIN + names.iter().map(|name| sheet.scene.measure(name, em, false)).max().unwrap_or(0) + em / 2;
    let label = shown.iter().map(|knob| sheet.scene.measure(&number(knob), sheet.small, false)).max().unwrap_or(0) + em / 2;
    let pitch = em * 145 / 100;
    let rows = shown.len() as i32 + i32::from(!whole);
    let area = Area { left, right: right - label, top: head + em * 8 / 10, bottom: head + em * 8 / 10 + pitch * rows + em / 2 };
    axis(&mut sheet, dearest, area);
    let title =
        if prefix.is_empty() { "multiply-adds per filter".to_owned() } else { format!("multiply-adds per filter ({prefix})") };
    let (title, small) = sheet.scene.fit(&title, sheet.small, false, area.right + label - area.left);
    sheet.put(Text { em: small, ..sheet.sub(&title, left, head, Anchor::Start) });
    for (side, &x) in sides.iter().zip(&edges) {
        sheet.put(sheet.sub(side.head, x, head, Anchor::End));
    }
    let mut y = area.top + pitch / 2 + em / 4;
    for (at, knob) in shown.iter().enumerate() {
        if at == first {
            let words = format!("… {} more", knobs.len() - shown.len());
            sheet.put(sheet.sub(&words, left + em / 2, y, Anchor::Start));
            y += pitch;
        }
        sheet.put(sheet.text(&names[at], left - em / 2, y, Anchor::End));
        let (madds, step) = per_filter(knob);
        let end = left + (i128::from(area.width()) * madds as i128 / (step as i128 * i128::from(dearest.max(1)))) as i32;
        let bar = Area { left, right: end, top: y - em / 2, bottom: y + em / 2 };
        let title = format!(
            "{}: {} multiply-adds, {} parameters for {} more",
            knob.path,
            exact(knob.madds),
            exact(knob.params),
            knob.step
        );
        sheet
            .scene
            .group(Tag { class: "part", path: Some(knob.path.clone()), title: Some(title) }, |scene| scene.part(bar, kind(knob)));
        sheet.put(sheet.sub(&number(knob), end + em / 3, y, Anchor::Start));
        for (side, &x) in sides.iter().zip(&edges) {
            let (text, bold, role) = &side.cells[at];
            sheet.put(Text { bold: *bold, role: *role, ..sheet.sub(text, x, y, Anchor::End) });
        }
        y += pitch;
    }
    let bottom = sheet.remark(&remark(found, sheet.is_page()), area.bottom + em * 24 / 10);
    sheet.finish(bottom)
}

/// A unit that leaves the dearest filter some digits before the point.
const fn unit(most: u64) -> (u128, &'static str) {
    match most {
        0..10_000 => (1, ""),
        10_000..1_000_000 => (1000, "k"),
        1_000_000..1_000_000_000 => (1_000_000, "M"),
        _ => (1_000_000_000, "G"),
    }
}

fn axis(sheet: &mut Sheet, most: u64, area: Area) {
    let em = sheet.em;
    let ticks = Ticks::upto(most, if sheet.is_page() { 5 } else { 4 }, "");
    let inside: Vec<_> = ticks.all.iter().filter(|(value, _)| *value <= most).collect();
    for (at, (value, word)) in inside.iter().enumerate() {
        let x = area.reach(*value, most);
        sheet.scene.fill(Area { left: x - 8, right: x + 8, ..area }, Role::Grid);
        sheet.scene.fill(Area { left: x - 8, right: x + 8, top: area.bottom, bottom: area.bottom + 60 }, Role::Rule);
        let last = at + 1 == inside.len();
        let unit = ticks.all.last().and_then(|(_, word)| word.split_once('\u{202F}')).map_or("", |(_, unit)| unit);
        let word = if last && !word.ends_with(unit) { format!("{word}\u{202F}{unit}") } else { word.clone() };
        sheet.put(sheet.sub(&word, x, area.bottom + em * 9 / 10, Anchor::Middle));
    }
    sheet.level(area.left, area.right, area.bottom, Role::Rule);
}

/// The columns beside the bars: a page has room for all of them.
fn sides(sheet: &Sheet, found: &Marginals, shown: &[&Marginal]) -> Vec<Side> {
    let page = sheet.is_page();
    let limit = found.limits.iter().position(|limit| limit.quantity == Quantity::Madds);
    let over = limit.is_some_and(|at| found.madds > found.limits[at].limit);
    let plain = |text: String| (text, false, Role::Ink);
    let elasticity = |knob: &&Marginal| {
        let ratio = knob.elasticity_madds;
        let text = units::fixed(ratio.part * 100, ratio.whole, if page { 2 } else { 1 });
        (format!("{text}\u{202F}%"), ratio.part * 100 >= ratio.whole * STRONG, Role::Ink)
    };
    let headroom = |knob: &&Marginal| {
        let room = limit.map(|at| knob.headroom[at]);
        let (filters, reachable) = room.map_or((None, false), |room| (room.filters, room.to.is_some()));
        let count = |filters: i64| exact(filters.unsigned_abs());
        match filters {
            None => ("–".to_owned(), false, Role::Faint),
            Some(filters) if over => {
                let text = format!("{} of {}", count(filters), exact(u64::from(knob.width)));
                (text, reachable, if reachable { Role::Good } else { Role::Faint })
            }
            Some(filters) => (format!("+{}", count(filters)), false, Role::Ink),
        }
    };
    let mut sides = Vec::new();
    if page {
        sides.push(Side { head: "width", cells: shown.iter().map(|knob| plain(exact(u64::from(knob.width)))).collect() });
    }
    let head = if page { "elasticity" } else { "elastic." };
    sides.push(Side { head, cells: shown.iter().map(elasticity).collect() });
    if limit.is_some() {
        let head = match (over, page) {
            (true, true) => "filters to shed",
            (true, false) => "to shed",
            (false, true) => "filters to add",
            (false, false) => "to add",
        };
        sides.push(Side { head, cells: shown.iter().map(headroom).collect() });
    }
    if page {
        let params = |knob: &&Marginal| plain(format!("+{}", spaced(&units::fixed(knob.params.into(), knob.step.into(), 0))));
        sides.push(Side { head: "parameters", cells: shown.iter().map(params).collect() });
    }
    sides
}

fn remark(found: &Marginals, page: bool) -> String {
    let elasticity = if page {
        "elasticity: change of the network's multiply-adds per 100\u{202F}% of this width"
    } else {
        "elastic.: per 100\u{202F}% of this width"
    };
    let Some(limit) = found.limits.iter().find(|limit| limit.quantity == Quantity::Madds) else { return elasticity.to_owned() };
    let budget = round(limit.limit);
    if found.madds > limit.limit {
        format!("{elasticity} · to shed: filters fewer to reach {budget} by this width alone (grey: impossible)")
    } else {
        format!("{elasticity} · to add: filters more within {budget} by this width alone")
    }
}
