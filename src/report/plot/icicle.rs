//! Icicle: the network, its stages, their modules, branches and layers, each as large as its multiply-adds, in the order of the spec.
//!
//! Top-down on a page; from left to right in a column, where names stay level.

use crate::analyze::Analysis;
use crate::analyze::Level;
use crate::analyze::Row;
use crate::base::Quantity;
use crate::report::limit_text;
use crate::report::numbers::exact;
use crate::report::numbers::percent;
use crate::report::numbers::short;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Kind;
use crate::report::picture::Picture;
use crate::report::picture::Role;
use crate::report::picture::Tag;
use crate::report::picture::Text;
use crate::report::picture::Width;
use crate::report::picture::spaced;
use crate::report::place;
use crate::report::plot::bars::branch_name;
use crate::report::plot::bars::groups;
use crate::report::plot::bars::kinds;
use crate::report::plot::bars::legend_of;
use crate::report::plot::cell::Cell;
use crate::report::plot::cell::cells;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;

/// What is narrower is left out.
const LEAST: i32 = 16;
/// The seam between two cells.
const SEAM: i32 = 16;

/// Which way the cells go deeper, and how thick their levels are.
struct Layout {
    area: Area,
    downwards: bool,
    /// Where each level begins, and where the last one ends.
    levels: Vec<i32>,
    total: u64,
}

impl Layout {
    /// The box of a cell.
    fn place(&self, cell: &Cell<'_>) -> Area {
        let (first, last) = (self.levels[cell.level], self.levels[cell.until]);
        let across = if self.downwards { self.area } else { Area { left: self.area.top, right: self.area.bottom, ..self.area } };
        let (from, to) = (across.reach(cell.from, self.total), across.reach(cell.from + cell.madds, self.total));
        if self.downwards {
            Area { left: from, right: to, top: first, bottom: last }
        } else {
            Area { left: first, right: last, top: from, bottom: to }
        }
    }
}

/// The picture of one network.
pub fn icicle(analysis: &Analysis, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let staged = analysis.tree.children.iter().any(|row| row.level == Level::Stage);
    let cells = cells(&analysis.tree, staged);
    let has_branches = cells.iter().any(|cell| cell.is_pale);
    let levels = [("network", true), ("stage", staged), ("module", true), ("branch", has_branches), ("layer", true)];
    let levels: Vec<&str> = levels.into_iter().filter(|(_, is_there)| *is_there).map(|(level, _)| level).collect();
    let y = sheet.title(Some(&analysis.name), &levels.join(" → "));
    let y = sheet.legend(&legend_of(&kinds(&groups(analysis))), y);
    let em = sheet.em;
    let layout = layout(&sheet, &cells, y + em * 14 / 10, staged, analysis.totals.madds);
    for cell in &cells {
        let place = layout.place(cell);
        let along = if layout.downwards { place.width() } else { place.height() };
        if along >= LEAST {
            draw(&mut sheet, cell, place, &layout);
        }
    }
    let bottom = foot(&mut sheet, analysis, &layout);
    sheet.finish(bottom)
}

fn layout(sheet: &Sheet, cells: &[Cell<'_>], top: i32, staged: bool, total: u64) -> Layout {
    let deep = cells.iter().map(|cell| cell.until).max().unwrap_or(1);
    // Thickness of the levels in hundredths of all.
    let shares: &[i32] = match (staged, sheet.is_page()) {
        (true, true) => &[12, 12, 15, 21, 40],
        (false, true) => &[14, 18, 26, 42],
        (true, false) => &[7, 15, 18, 25, 35],
        (false, false) => &[9, 23, 28, 40],
    };
    let shares = &shares[..deep.min(shares.len())];
    let area = if sheet.is_page() {
        Area { left: MARGIN, right: sheet.right(), top, bottom: top + if sheet.width == Width::Wide { 8600 } else { 6600 } }
    } else {
        Area { left: MARGIN, right: sheet.right(), top, bottom: top + 13_000 }
    };
    let (start, length) = if sheet.is_page() { (area.top, area.height()) } else { (area.left, area.width()) };
    let all: i32 = shares.iter().sum();
    let mut levels = vec![start];
    let mut done = 0;
    for share in shares {
        done += share;
        levels.push(start + length * done / all);
    }
    Layout { area, downwards: sheet.is_page(), levels, total }
}

fn draw(sheet: &mut Sheet, cell: &Cell<'_>, area: Area, layout: &Layout) {
    let fill = match (cell.row.level, cell.kind) {
        (Level::Network, _) => Role::Panel,
        (Level::Stage, _) => Role::Rule,
        (_, None) => Role::Grid,
        (_, Some(kind)) if cell.is_pale => Role::Pale(kind),
        (_, Some(kind)) => Role::Fill(kind),
    };
    let title = format!("{}: {} multiply-adds, {}", cell.row.name, exact(cell.madds), percent(cell.madds, layout.total));
    let is_end = cell.kind.is_some() && !cell.is_pale && !cell.row.children.is_empty();
    let path = if is_end { place::of_end(cell.row) } else { place::of_row(cell.row) };
    let tag = Tag { class: "cell", path: Some(path), title: Some(title) };
    // Narrow cells have no seam that would hide them.
    let room = |length: i32| if length > 3 * SEAM { SEAM } else { 4 };
    let inner = Area { right: area.right - room(area.width()), bottom: area.bottom - room(area.height()), ..area };
    let texts = words(sheet, cell, layout, inner);
    sheet.scene.group(tag, |scene| {
        scene.fill(inner, fill);
        if let Some(kind) = cell.kind.filter(|_| !cell.is_pale) {
            scene.hatch(inner, kind);
        }
        texts.into_iter().for_each(|text| scene.text(text));
    });
}

/// The texts in a cell: its lines, the last ones dropped until the rest fits; in a narrow cell all in one, upwards.
fn words(sheet: &Sheet, cell: &Cell<'_>, layout: &Layout, place: Area) -> Vec<Text> {
    let row = cell.row;
    let share = percent(cell.madds, layout.total);
    let is_deep = cell.kind.is_some();
    let channels = row.output[0].to_string();
    let name = branch_name(&row.name);
    let lines: Vec<String> = match (row.level, is_deep && !cell.is_pale) {
        (Level::Network, _) => vec![format!("{}  {} multiply-adds", row.name, short(cell.madds))],
        (Level::Stage, _) if layout.downwards => vec![format!("{}  {share}", row.name)],
        (_, true) if layout.downwards => vec![name, channels, short(cell.madds)],
        (_, true) => vec![format!("{name}  {channels}"), short(cell.madds)],
        _ => vec![name, share],
    };
    let role = |at: usize| match cell.kind {
        Some(kind) if cell.is_pale => Role::OnPale(kind),
        Some(kind) => Role::On(kind),
        None if at == 0 => Role::Ink,
        None => Role::Sub,
    };
    let em = sheet.small;
    let pitch = em * 125 / 100;
    let pad = em * 35 / 100;
    let fits = |lines: &[String], bold: bool| {
        let wide = lines.iter().map(|line| sheet.scene.measure(line, em, bold)).max().unwrap_or(0) + 2 * pad;
        wide <= place.width() && pitch * (lines.len() as i32 - 1) + em <= place.height()
    };
    let bold = !is_deep;
    // All of it on two lines or on one, before the last is dropped.
    let kept = (1..=lines.len()).rev().flat_map(|count| [lines[..count].to_vec(), vec![lines[..count].join("  ")]]);
    let mut candidates: Vec<Vec<String>> = kept.collect();
    if row.level == Level::Stage {
        candidates.push(vec![row.name.clone()]);
        candidates.extend(row.name.strip_prefix("stage ").map(|number| vec![number.to_owned()]));
    }
    if let Some(lines) = candidates.iter().find(|lines| fits(lines, bold)) {
        let middled = is_deep && layout.downwards;
        let (x, anchor) = if middled { (place.middle().x, Anchor::Middle) } else { (place.left + pad, Anchor::Start) };
        let first = place.middle().y - pitch * (lines.len() as i32 - 1) / 2;
        let text = |(at, line): (usize, &String)| Text {
            bold: bold && at == 0,
            role: role(at),
            ..sheet.sub(line, x, first + pitch * at as i32, anchor)
        };
        return lines.iter().enumerate().map(text).collect();
    }
    let may_turn = is_deep || (row.level == Level::Network && !layout.downwards);
    let turned = (1..=lines.len()).rev().map(|count| lines[..count].join("  "));
    let fits = |line: &String| sheet.scene.measure(line, em, bold) + 2 * pad <= place.height() && em + pad <= place.width();
    let line = turned.into_iter().find(fits).filter(|_| may_turn);
    let middle = place.middle();
    let text = |line: String| Text { bold, rotated: true, role: role(0), ..sheet.sub(&line, middle.x, middle.y, Anchor::Middle) };
    line.map(text).into_iter().collect()
}

/// What the sizes mean, and the budget's ticks outside the cells; gives where all ends.
fn foot(sheet: &mut Sheet, analysis: &Analysis, layout: &Layout) -> i32 {
    let em = sheet.em;
    let what = if layout.downwards { "widths" } else { "heights" };
    let order = format!("{what} are proportional to multiply-adds; the order is that of the spec");
    let limit = analysis.budget.iter().find(|limit| limit.quantity == Quantity::Madds).map(|limit| limit.limit);
    let area = layout.area;
    let mut y = area.bottom + em * 9 / 10;
    let shown = limit.filter(|&limit| limit < layout.total);
    if let Some(limit) = shown {
        let budget = format!("budget {}", spaced(&limit_text(limit)));
        if layout.downwards {
            let x = area.reach(limit, layout.total);
            for (top, bottom) in [(area.top - em * 6 / 10, area.top + em / 6), (area.bottom - em / 6, area.bottom + em * 4 / 10)]
            {
                sheet.scene.fill(Area { left: x - 18, right: x + 18, top, bottom }, Role::Ink);
            }
            let half = sheet.scene.measure(&budget, sheet.small, false) / 2 + 1;
            let x = x.clamp(area.left + half, area.right - half);
            let text = Text { role: Role::Ink, ..sheet.sub(&budget, x, y, Anchor::Middle) };
            let reached = MARGIN + sheet.scene.measure(&order, sheet.note, false) + em;
            let first = sheet.scene.area(&text).left;
            sheet.put(text);
            if first < reached {
                y += em * 13 / 10;
            }
        } else {
            let at = area.top + (i128::from(area.height()) * i128::from(limit) / i128::from(layout.total.max(1))) as i32;
            for (left, right) in [(0, area.left + em / 4), (area.right - em / 4, sheet.scene.width)] {
                sheet.scene.fill(Area { left, right, top: at - 18, bottom: at + 18 }, Role::Ink);
            }
        }
    }
    let remark = match (shown, limit) {
        (Some(limit), _) if !layout.downwards => format!("{order}; black ticks: the {} budget", spaced(&limit_text(limit))),
        (None, Some(limit)) => format!("{order}; all of it is within the {} budget", spaced(&limit_text(limit))),
        _ => order,
    };
    sheet.remark(&remark, y)
}

/// What a cell's row is, for its colour.
pub(super) fn kind_of(row: &Row) -> Kind {
    if row.output[1..] == [1, 1] { Kind::Classifier } else { Kind::Layer }
}
