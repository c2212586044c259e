//! Cost by module: which module costs what, which branch of it, and whether the network fits its budget.
//!
//! Bars in order of depth, their parts in written order; multiply-adds and share at the right, and the stages' on a page's width.
//! Below them the whole network as one bar on its own scale, with the budget's tick, and the finding in a sentence.

use crate::analyze::Analysis;
use crate::report::numbers::exact;
use crate::report::numbers::percent;
use crate::report::picture::Anchor;
use crate::report::picture::Area;
use crate::report::picture::Kind;
use crate::report::picture::Panel;
use crate::report::picture::Picture;
use crate::report::picture::Role;
use crate::report::picture::Scene;
use crate::report::picture::Stroke;
use crate::report::picture::Tag;
use crate::report::picture::Text;
use crate::report::picture::Unit;
use crate::report::picture::Width;
use crate::report::picture::step;
use crate::report::plot::bars::Bar;
use crate::report::plot::bars::Group;
use crate::report::plot::bars::groups;
use crate::report::plot::bars::kinds;
use crate::report::plot::bars::legend_of;
use crate::report::plot::bars::word_of;
use crate::report::plot::segment::Segment;
use crate::report::plot::sheet::MARGIN;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::whole;

/// The gap between two parts.
const SEAM: i32 = 12;
/// What a number inside a part needs beside its own width.
const AROUND: i32 = 140;

/// The picture of one network.
pub fn cost_by_module(analysis: &Analysis, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let groups = groups(analysis);
    let kinds = kinds(&groups);
    let y = sheet.title(Some(&analysis.name), "where the multiply-adds go");
    let y = sheet.legend(&legend_of(&kinds), y);
    let chart = Chart::new(&sheet, analysis, &groups);
    let em = sheet.em;
    let y = chart.draw(&mut sheet, y + em * 17 / 10);
    let y = whole::draw(&mut sheet, analysis, &kinds, chart.left, y + em);
    sheet.finish(y)
}

/// What a page is told of a part.
pub(super) fn tag(path: Option<&str>, what: &str, madds: u64) -> Tag {
    let title = format!("{what}: {} multiply-adds", exact(madds));
    Tag { class: "part", path: path.map(str::to_owned), title: Some(title) }
}

/// Parts side by side from the left edge of `place` on, all of it for `whole`.
pub(super) fn stack(scene: &mut Scene, parts: &[(Kind, u64, Tag)], place: Area, whole: u64) -> Vec<Area> {
    let at = |madds: u64| place.reach(madds, whole);
    let mut done = 0;
    let mut areas = Vec::with_capacity(parts.len());
    for (kind, madds, tag) in parts {
        let area = Area { left: at(done), right: at(done + madds), ..place };
        done += madds;
        scene.group(tag.clone(), |scene| {
            // Yellow needs an outline on white.
            let edge = (*kind == Kind::Classifier).then_some(Stroke::solid(20, Role::Sub));
            scene.panel(Panel { area, radius: 0, fill: Some(Role::Fill(*kind)), edge });
            scene.hatch(area, *kind);
        });
        areas.push(area);
    }
    for pair in areas.windows(2) {
        if pair[0].width() > 2 * SEAM && pair[1].width() > 2 * SEAM {
            let left = pair[1].left - SEAM / 2;
            scene.fill(Area { left, right: left + SEAM, ..place }, Role::Background);
        }
    }
    areas
}

/// A row of numbers: multiply-adds and share.
struct Numbers {
    madds: String,
    share: String,
    strong: bool,
}

/// The bars' chart: where its columns stand and what they show.
struct Chart<'a> {
    groups: &'a [Group],
    unit: Unit,
    total: u64,
    most: u64,
    title: String,
    left: i32,
    right: i32,
    /// Right edges of the layers' two columns of numbers.
    columns: [i32; 2],
    /// The stages' rule, names and two columns.
    stages: Option<(i32, i32, [i32; 2])>,
}

impl<'a> Chart<'a> {
    fn new(sheet: &Sheet, analysis: &Analysis, groups: &'a [Group]) -> Chart<'a> {
        let em = sheet.em;
        let all = || groups.iter().flat_map(|group| &group.bars);
        let most = all().map(|bar| bar.madds).max().unwrap_or(1);
        let (unit, total) = (Unit::of(most), analysis.totals.madds);
        let wide = |text: &str, bold: bool| sheet.scene.measure(text, em, bold);
        let widest = |texts: &mut dyn Iterator<Item = i32>| texts.max().unwrap_or(0);
        let name = widest(&mut all().map(|bar| wide(&bar_name(sheet, bar), true))).max(wide("all", true));
        let of = |madds: u64, limit: u64| numbers(unit, madds, total, limit);
        let columns = |madds: &mut dyn Iterator<Item = u64>, limit: u64, right: i32| {
            let all: Vec<Numbers> = madds.map(|madds| of(madds, limit)).collect();
            let share = widest(&mut all.iter().map(|numbers| wide(&numbers.share, true)).chain([wide("share", false)]));
            let madds = widest(&mut all.iter().map(|numbers| wide(&numbers.madds, false)).chain([wide(unit.prefix, false)]));
            let madds_right = right - share - em * 12 / 10;
            ([madds_right, right], madds_right - madds)
        };
        let mut right = sheet.right();
        let staged = || groups.iter().filter_map(|group| group.stage.as_ref());
        let mut stages = None;
        if sheet.is_page() && staged().next().is_some() {
            let (columns, start) = columns(&mut staged().map(|(_, madds)| *madds), STAGE_LIMIT, right);
            let names = start - em - widest(&mut staged().map(|(name, _)| wide(name, false)));
            stages = Some((names - em / 2, names, columns));
            right = names - em * 14 / 10;
        }
        let (columns, start) = columns(&mut all().map(|bar| bar.madds), BAR_LIMIT, right);
        let inputs: Vec<String> =
            analysis.inputs.iter().map(|input| input.shape.map(|side| side.to_string()).join("×")).collect();
        let prefix = if unit.prefix.is_empty() { String::new() } else { format!(" ({})", unit.prefix) };
        let title = format!("multiply-adds{prefix}, batch {}, {}", analysis.batch, inputs.join(" and "));
        Chart { groups, unit, total, most, title, left: MARGIN + name + em / 2, right: start - em, columns, stages }
    }

    /// Draws it from `top` down; gives where it ends.
    fn draw(&self, sheet: &mut Sheet, top: i32) -> i32 {
        let em = sheet.em;
        let pitch = em * 14 / 10;
        let gap = pitch * 45 / 100;
        let rows: i32 = self.groups.iter().map(|group| group.bars.iter().map(|_| pitch).sum::<i32>() + gap).sum();
        let bottom = top + rows - gap + pitch * 8 / 10;
        self.axis(sheet, [top - pitch / 3, bottom]);
        let heads = |sheet: &mut Sheet, [madds, share]: [i32; 2]| {
            for (text, x) in [(self.unit.prefix, madds), ("share", share)] {
                sheet.put(sheet.sub(text, x, top, Anchor::End));
            }
        };
        heads(sheet, self.columns);
        if let Some((_, _, columns)) = self.stages {
            heads(sheet, columns);
        }
        let mut y = top + pitch;
        for group in self.groups {
            let first = y;
            for bar in &group.bars {
                self.bar(sheet, bar, y);
                y += pitch;
            }
            if let (Some((rule, names, columns)), Some((name, madds))) = (self.stages, &group.stage) {
                let half = pitch * 36 / 100;
                sheet.scene.fill(Area { left: rule, top: first - half, right: rule + 25, bottom: y - pitch + half }, Role::Sub);
                let middle = first + (y - pitch - first) / 2;
                sheet.put(sheet.text(name, names, middle, Anchor::Start));
                Chart::numbers(sheet, &numbers(self.unit, *madds, self.total, STAGE_LIMIT), columns, middle);
            }
            y += gap;
        }
        bottom + em * 25 / 10
    }

    fn axis(&self, sheet: &mut Sheet, [top, bottom]: [i32; 2]) {
        let em = sheet.em;
        let step = step(self.most, if sheet.is_page() { 5 } else { 4 });
        let place = Area { left: self.left, top, right: self.right, bottom };
        for tick in (0..=self.most / step).map(|count| count * step) {
            let x = place.reach(tick, self.most);
            sheet.scene.fill(Area { left: x - 8, top, right: x + 8, bottom }, Role::Grid);
            sheet.scene.fill(Area { left: x - 8, top: bottom, right: x + 8, bottom: bottom + 60 }, Role::Rule);
            let text = self.unit.write_tick(tick, step);
            sheet.put(sheet.sub(&text, x, bottom + em * 8 / 10, Anchor::Middle));
        }
        sheet.scene.fill(Area { left: self.left, top: bottom, right: self.right, bottom: bottom + 20 }, Role::Rule);
        let (title, em_title) = sheet.scene.fit(&self.title, sheet.small, false, sheet.scene.width - 2 * MARGIN);
        let half = sheet.scene.measure(&title, em_title, false) / 2 + 1;
        let x = i32::midpoint(self.left, self.right).clamp(MARGIN + half, (sheet.right() - half).max(MARGIN + half));
        sheet.put(Text { em: em_title, ..sheet.sub(&title, x, bottom + em * 19 / 10, Anchor::Middle) });
    }

    fn bar(&self, sheet: &mut Sheet, bar: &Bar, y: i32) {
        let half = sheet.em * 50 / 100;
        let name = bar_name(sheet, bar);
        sheet.put(Text { bold: true, ..sheet.text(&name, self.left - sheet.em / 2, y, Anchor::End) });
        let place = Area { left: self.left, top: y - half, right: self.right, bottom: y + half };
        let part = |part: &Segment| {
            let what = if part.branch.is_empty() { bar.name.clone() } else { format!("{}, {}", bar.name, word_of(part)) };
            (part.kind, part.madds, tag(Some(&part.path), &what, part.madds))
        };
        let parts: Vec<(Kind, u64, Tag)> = bar.parts.iter().map(part).collect();
        let areas = stack(&mut sheet.scene, &parts, place, self.most);
        if sheet.is_page() {
            for ((kind, madds, _), area) in parts.into_iter().zip(areas) {
                inside(sheet, &self.unit.write(madds), area, kind);
            }
        }
        Chart::numbers(sheet, &numbers(self.unit, bar.madds, self.total, BAR_LIMIT), self.columns, y);
    }

    fn numbers(sheet: &mut Sheet, numbers: &Numbers, [madds, share]: [i32; 2], y: i32) {
        sheet.put(sheet.text(&numbers.madds, madds, y, Anchor::End));
        let text = sheet.text(&numbers.share, share, y, Anchor::End);
        sheet.put(Text { role: Role::Sub, bold: numbers.strong, ..text });
    }
}

/// A bar's share is bold from this many per cent on, a stage's from that.
const BAR_LIMIT: u64 = 15;
const STAGE_LIMIT: u64 = 30;

fn numbers(unit: Unit, madds: u64, total: u64, limit: u64) -> Numbers {
    let strong = u128::from(madds) * 100 >= u128::from(total) * u128::from(limit);
    Numbers { madds: unit.write(madds), share: percent(madds, total), strong }
}

fn bar_name(sheet: &Sheet, bar: &Bar) -> String {
    sheet.scene.cut(&bar.name, sheet.em, true, sheet.em * 10)
}

/// A text in the middle of a part, if there is room.
pub(super) fn inside(sheet: &mut Sheet, text: &str, area: Area, kind: Kind) {
    if sheet.scene.measure(text, sheet.small, false) + AROUND <= area.width() {
        let middle = area.middle();
        let text = Text { role: Role::On(kind), ..sheet.sub(text, middle.x, middle.y, Anchor::Middle) };
        sheet.put(text);
    }
}

#[cfg(test)]
mod tests;
