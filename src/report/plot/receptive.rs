//! Receptive fields along the depth: what one position of each branch sees of the image, and where that is more than the image has.
//!
//! A column a module, and one a plain layer that sees more than the layer before it. A band from the branch that sees least to the one
//! that sees most, a marker a branch in written order, and under all how far apart neighbouring positions are.

use crate::analyze::Analysis;
use crate::analyze::Level;
use crate::analyze::Row;
use crate::report::hue::Hue;
use crate::report::numbers::exact;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Kind;
use crate::report::picture::Marker;
use crate::report::picture::Panel;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Tag;
use crate::report::picture::Text;
use crate::report::picture::Width;
use crate::report::plot::bars::branch_name;
use crate::report::plot::columns;
use crate::report::plot::columns::Column;
use crate::report::plot::frame::Ticks;
use crate::report::plot::remark::Line;
use crate::report::plot::remark::Reach;
use crate::report::plot::remark::remark;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::sheet::Swatch;
use crate::report::plot::taken::Taken;

/// What one column shows.
struct Slot {
    name: String,
    path: String,
    stage: Option<String>,
    is_module: bool,
    jump: u64,
    /// Each branch, or the layer itself, with what it sees.
    sights: Vec<Sight>,
}

struct Sight {
    kind: Kind,
    name: String,
    size: u64,
}

impl Slot {
    fn least(&self) -> u64 {
        self.sights.iter().map(|sight| sight.size).min().unwrap_or(0)
    }

    fn most(&self) -> u64 {
        self.sights.iter().map(|sight| sight.size).max().unwrap_or(0)
    }

    /// Its width beside others'.
    fn share(&self, sheet: &Sheet) -> i32 {
        match (self.is_module, sheet.is_page()) {
            (true, _) => 100,
            (false, true) => 62,
            (false, false) => 55,
        }
    }
}

/// The larger of both sides.
fn side(sides: [u64; 2]) -> u64 {
    sides[0].max(sides[1])
}

/// The columns of a network up to where all positions see the same.
fn slots(analysis: &Analysis) -> Vec<Slot> {
    let tops = &analysis.tree.children;
    let rows = tops.iter().flat_map(|row| {
        let staged = row.level == Level::Stage;
        let inner = if staged { &row.children[..] } else { std::slice::from_ref(row) };
        inner.iter().map(move |inner| (inner, staged.then(|| row.name.clone())))
    });
    let mut slots: Vec<Slot> = Vec::new();
    for (row, stage) in rows {
        let jump = side(row.receptive_field.jump);
        if jump == 0 {
            continue;
        }
        let sights = sights(row);
        let is_module = row.level == Level::Module;
        let size = sights.iter().map(|sight| sight.size).max();
        let same = slots.last().is_some_and(|slot| slot.jump == jump && Some(slot.most()) == size);
        if is_module || !same {
            slots.push(Slot { name: row.name.clone(), path: row.path.clone(), stage, is_module, jump, sights });
        }
    }
    slots
}

fn sights(row: &Row) -> Vec<Sight> {
    let branches: Vec<&Row> = row.children.iter().filter(|child| child.level == Level::Branch).collect();
    let mut before: Vec<Hue> = Vec::new();
    let of_branch = |branch: &&Row| {
        let hue = Hue::of(&branch.name);
        let hatched = before.contains(&hue);
        before.push(hue);
        let kind = Kind::Branch { hue, hatched, reduces: false };
        Sight { kind, name: branch.name.clone(), size: side(branch.receptive_field.size) }
    };
    if branches.is_empty() {
        vec![Sight { kind: Kind::Layer, name: String::new(), size: side(row.receptive_field.size) }]
    } else {
        branches.iter().map(of_branch).collect()
    }
}

/// The picture of one network.
pub fn receptive(analysis: &Analysis, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let slots = slots(analysis);
    let branched = slots.iter().any(|slot| slot.sights.len() > 1);
    let what = if branched { "receptive field of each branch along depth" } else { "receptive field along depth" };
    let y = sheet.title(Some(&analysis.name), what);
    let y = sheet.legend(&legend(&slots), y);
    let image = match &analysis.inputs[..] {
        [input] => Some(u64::from(input.shape[1].max(input.shape[2]))),
        _ => None,
    };
    let most = slots.iter().map(Slot::most).chain(image).max().unwrap_or(0);
    let mut ticks = Ticks::upto(most, 4, "px");
    // The axis ends a little above the highest mark.
    ticks.top = most + most / 9 + 1;
    ticks.all.retain(|(value, _)| *value <= ticks.top);
    let (em, left) = (sheet.em, ticks.left(&sheet));
    if let Some((_, word)) = ticks.all.last_mut()
        && !word.ends_with("px")
    {
        *word += "\u{202F}px";
    }
    let left = left.max(ticks.left(&sheet));
    let top = y + em * 18 / 10;
    let height = sheet.scene.width * if sheet.is_page() { 32 } else { 60 } / 100;
    let area = Area { left, top, right: sheet.right(), bottom: top + height };
    if let Some(image) = image.filter(|&image| image < most) {
        sheet.scene.fill(Area { bottom: area.rise(image, ticks.top), ..area }, Role::Panel);
    }
    ticks.draw(&mut sheet, area);
    let columns = columns_of(&sheet, &slots, area);
    let mut taken = Taken::of(sheet.scene.texts());
    marks(&mut sheet, &mut taken, &slots, &columns, area, ticks.top);
    if let Some(image) = image {
        image_line(&mut sheet, &mut taken, area, image, ticks.top, image < most);
    }
    numbers(&mut sheet, &mut taken, &slots, &columns, area, ticks.top);
    if branched {
        let corner = Point::at(area.right - em / 2, area.bottom - em);
        remark(
            &mut sheet,
            &mut taken,
            &[Line::plain("grey band: minimum to maximum at the concat")],
            corner,
            Reach::at(em),
            area.grown(-em / 3),
        );
    }
    let bottom = under(&mut sheet, &slots, &columns, area);
    sheet.finish(bottom)
}

fn legend(slots: &[Slot]) -> Vec<(Swatch, String)> {
    let mut entries: Vec<(Kind, Vec<String>)> = Vec::new();
    for sight in slots.iter().flat_map(|slot| &slot.sights) {
        match entries.iter_mut().find(|(kind, _)| *kind == sight.kind) {
            None => entries.push((sight.kind, vec![sight.name.clone()])),
            Some((_, names)) if !names.contains(&sight.name) => names.push(sight.name.clone()),
            Some(_) => {}
        }
    }
    if entries.iter().all(|(kind, _)| *kind == Kind::Layer) {
        return Vec::new();
    }
    let word = |names: &[String]| {
        let shown: Vec<String> = names.iter().take(2).map(|name| branch_name(name)).collect();
        shown.join(", ") + if names.len() > 2 { ", …" } else { "" }
    };
    let entry = |(kind, names): &(Kind, Vec<String>)| match kind {
        Kind::Branch { .. } => (Swatch::Marker(form(*kind), Role::Fill(*kind), edge_of(*kind)), word(names)),
        Kind::Layer | Kind::Classifier => {
            (Swatch::Marker(Marker::Square, Role::Fill(*kind), None), "layer outside branches".to_owned())
        }
    };
    entries.iter().map(entry).collect()
}

/// A pool sees what a 3x3 does and would hide it.
fn form(kind: Kind) -> Marker {
    match kind {
        Kind::Branch { hue: Hue::Pool, .. } => Marker::Diamond,
        Kind::Branch { .. } => Marker::Circle,
        Kind::Layer | Kind::Classifier => Marker::Square,
    }
}

/// The second branch of a hue is told by its ring.
fn edge_of(kind: Kind) -> Option<Role> {
    kind.is_hatched().then_some(Role::Ink)
}

fn columns_of(sheet: &Sheet, slots: &[Slot], area: Area) -> Vec<Column> {
    let all: i32 = slots.iter().map(|slot| slot.share(sheet)).sum();
    let mut done = 0;
    let column = |slot: &Slot| {
        let at = |done: i32| area.reach(done as u64, all as u64);
        let left = at(done);
        done += slot.share(sheet);
        Column { name: slot.name.clone(), stage: slot.stage.clone(), left, right: at(done) }
    };
    slots.iter().map(column).collect()
}

/// Where the markers of one column stand.
fn places(slot: &Slot, column: &Column, area: Area, top: u64) -> Vec<Point> {
    let count = slot.sights.len() as i32;
    let inner = (column.right - column.left) * 88 / 100;
    let x = |at: usize| i32::midpoint(column.left, column.right) - inner / 2 + inner * (2 * at as i32 + 1) / (2 * count);
    slot.sights.iter().enumerate().map(|(at, sight)| Point::at(x(at), area.rise(sight.size, top))).collect()
}

fn radius(sheet: &Sheet, columns: &[Column]) -> i32 {
    let narrow = columns.iter().map(|column| column.right - column.left).min().unwrap_or(0);
    let large = if sheet.is_page() { 70 } else { 62 };
    large.min(narrow / 3).max(22)
}

fn band(column: &Column, slot: &Slot, area: Area, top: u64) -> Area {
    let gap = (column.right - column.left) * 6 / 100;
    let (high, low) = (area.rise(slot.most(), top), area.rise(slot.least(), top));
    Area { left: column.left + gap, right: column.right - gap, top: high, bottom: low }
}

fn marks(sheet: &mut Sheet, taken: &mut Taken, slots: &[Slot], columns: &[Column], area: Area, top: u64) {
    let radius = radius(sheet, columns);
    for (slot, column) in slots.iter().zip(columns) {
        let band = band(column, slot, area, top);
        if slot.sights.len() > 1 {
            sheet.scene.panel(Panel { area: band, radius: 0, fill: Some(Role::Rule), edge: None });
            taken.area(band);
        }
        for (sight, at) in slot.sights.iter().zip(places(slot, column, area, top)) {
            let what = if sight.name.is_empty() { slot.name.clone() } else { format!("{}/{}", slot.name, sight.name) };
            let path = if sight.name.is_empty() { slot.path.clone() } else { format!("{}/{}", slot.path, sight.name) };
            let tag = Tag { class: "sight", path: Some(path), title: Some(format!("{what}: {} px", sight.size)) };
            let edge = Stroke::solid(18, edge_of(sight.kind).unwrap_or(Role::Background));
            sheet.scene.group(tag, |scene| {
                scene.marker(form(sight.kind), at, radius, Role::Fill(sight.kind), Some(edge));
            });
            taken.area(Area { left: at.x, right: at.x, top: at.y, bottom: at.y }.grown(radius + 15));
        }
    }
}

fn image_line(sheet: &mut Sheet, taken: &mut Taken, area: Area, image: u64, top: u64, is_passed: bool) {
    let y = area.rise(image, top);
    let ends = [Point::at(area.left, y), Point::at(area.right, y)];
    sheet.budget_line(ends[0], ends[1]);
    taken.area(Area { top: y - 45, bottom: y + 45, ..area });
    let em = sheet.em;
    let within = Area { left: area.left + em / 3, bottom: y - em / 4, ..area };
    let at = Point::at(area.left + em / 2, y - em / 2);
    let line = [Line { words: format!("image: {image}\u{202F}px"), bold: false, role: Role::Ink }];
    remark(sheet, taken, &line, at, Reach::at(em), within);
    if is_passed {
        let lines = [Line::plain("above: the field covers the whole image"), Line::plain("and reaches into the padding")];
        remark(sheet, taken, &lines, Point::at(at.x, y - em * 16 / 10), Reach::at(em), within);
    }
}

/// The most that a module sees above its band, the least under it, where there is room.
fn numbers(sheet: &mut Sheet, taken: &mut Taken, slots: &[Slot], columns: &[Column], area: Area, top: u64) {
    let radius = radius(sheet, columns);
    for (slot, column) in slots.iter().zip(columns).filter(|(slot, _)| slot.is_module) {
        let band = band(column, slot, area, top);
        let places = places(slot, column, area, top);
        let at = |size: u64| {
            let at = slot.sights.iter().position(|sight| sight.size == size);
            at.map_or(band.middle().x, |at| places[at].x)
        };
        let high = (slot.most(), at(slot.most()), band.top - radius - 30 - sheet.small * 62 / 100, Role::Ink);
        let low = (slot.least(), band.middle().x, band.bottom + radius / 3 + sheet.small * 7 / 10, Role::Sub);
        for (size, x, y, role) in if slot.sights.len() > 1 { vec![high, low] } else { vec![high] } {
            let text = Text { role, ..sheet.sub(&exact(size), x, y, Anchor::Middle) };
            let place = sheet.scene.area(&text).grown(12);
            if taken.is_free(place) && place.top >= area.top && place.bottom <= area.bottom && place.right <= sheet.right() + 12 {
                taken.area(place);
                sheet.put(text);
            }
        }
    }
}

/// Names and, under them, how far apart neighbouring positions are; gives where they end.
fn under(sheet: &mut Sheet, slots: &[Slot], columns: &[Column], area: Area) -> i32 {
    let em = sheet.em;
    let y = area.bottom + em * 9 / 10;
    let mut last = i32::MIN;
    for (slot, column) in slots.iter().zip(columns) {
        let text = sheet.text(&slot.name, i32::midpoint(column.left, column.right), y, Anchor::Middle);
        let text = if slot.is_module { Text { bold: true, ..text } } else { Text { em: sheet.note, role: Role::Sub, ..text } };
        let place = sheet.scene.area(&text);
        let fits = if slot.is_module { place.width() + 20 <= column.right - column.left } else { sheet.is_page() };
        let room = place.left > last + em / 4 && place.left >= MARGIN && place.right <= sheet.right();
        let before_next = slot.is_module || place.width() <= column.right - column.left + em / 2;
        if fits && room && before_next {
            last = place.right;
            sheet.put(text);
        }
    }
    // A run of modules too narrow for their names has those of their stages.
    if last == i32::MIN {
        columns::names(sheet, columns, y);
    }
    let y = y + em * 12 / 10;
    let all: Vec<(&Slot, &Column)> = slots.iter().zip(columns).collect();
    for run in all.chunk_by(|before, after| before.0.jump == after.0.jump) {
        let (left, right) = (run[0].1.left + 30, run[run.len() - 1].1.right - 30);
        sheet.scene.fill(Area { left, right, top: y, bottom: y + 25 }, Role::Faint);
        let jump = run[0].0.jump;
        let words = [format!("jump {jump}\u{202F}px"), jump.to_string()];
        let fits = |words: &String| sheet.scene.measure(words, sheet.small, false) <= right - left;
        if let Some(words) = words.iter().find(|words| fits(words)) {
            sheet.put(sheet.sub(words, i32::midpoint(left, right), y + em * 8 / 10, Anchor::Middle));
        }
    }
    y + em * 14 / 10
}
