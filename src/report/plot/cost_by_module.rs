//! Cost by module: which module costs what, which branch of it, and whether the network fits its budget.
//!
//! Bars in order of depth, their parts in written order; multiply-adds and share at the right, and the stages' on a page's width.
//! Below them the whole network as one bar on its own scale, with the budget's tick, and the finding in a sentence.

use crate::analyze::Analysis;
use crate::base::units;
use crate::report::plot::Theme;
use crate::report::plot::Width;
use crate::report::plot::axis;
use crate::report::plot::axis::Unit;
use crate::report::plot::axis::spaced;
use crate::report::plot::bars::Bar;
use crate::report::plot::bars::Group;
use crate::report::plot::bars::groups;
use crate::report::plot::bars::kinds;
use crate::report::plot::palette::Palette;
use crate::report::plot::palette::Rgb;
use crate::report::plot::scene::Anchor;
use crate::report::plot::scene::Area;
use crate::report::plot::scene::Mark;
use crate::report::plot::scene::Scene;
use crate::report::plot::scene::Text;
use crate::report::plot::segment::Kind;
use crate::report::plot::svg::svg;
use crate::report::plot::whole;

/// The page's edge.
pub(super) const MARGIN: i32 = 140;
/// The gap between two parts.
const SEAM: i32 = 12;
/// What a number inside a part needs beside its own width.
const AROUND: i32 = 140;

/// The picture as SVG.
pub fn cost_by_module(analysis: &Analysis, theme: Theme, width: Width) -> String {
    svg(&scene(analysis, theme, width))
}

/// What all parts of the picture are set with.
pub(super) struct Setting {
    pub(super) palette: Palette,
    pub(super) width: Width,
    pub(super) em: i32,
    pub(super) small: i32,
}

impl Setting {
    /// Plain text.
    pub(super) fn text(&self, text: &str, x: i32, y: i32, anchor: Anchor) -> Text {
        Text { words: text.to_owned(), x, y, em: self.em, bold: false, anchor, colour: self.palette.ink }
    }

    /// Parts side by side from `left` on, `scale` units long in all for `whole`, hatched where their kind is.
    pub(super) fn stack(&self, scene: &mut Scene, parts: &[(Kind, u64)], place: Area, whole: u64) -> Vec<Area> {
        let at = |madds: u64| place.reach(madds, whole);
        let mut done = 0;
        let mut areas = Vec::with_capacity(parts.len());
        for &(kind, madds) in parts {
            let area = Area { left: at(done), right: at(done + madds), ..place };
            done += madds;
            if kind == Kind::Classifier {
                let edge = Area { left: area.left - 10, top: area.top - 10, right: area.right + 10, bottom: area.bottom + 10 };
                scene.fill(edge, self.palette.sub);
            }
            scene.marks.push(Mark::Bar(area, self.palette.fill(kind), madds));
            if matches!(kind, Kind::Branch { hatched: true, .. }) {
                self.hatch(scene, area);
            }
            areas.push(area);
        }
        for pair in areas.windows(2) {
            if pair[0].width() > 2 * SEAM && pair[1].width() > 2 * SEAM {
                let left = pair[1].left - SEAM / 2;
                scene.fill(Area { left, right: left + SEAM, ..place }, self.palette.background);
            }
        }
        areas
    }

    /// Lines at 45 degrees, cut at the edges.
    pub(super) fn hatch(&self, scene: &mut Scene, area: Area) {
        const APART: i32 = 90;
        let height = area.bottom - area.top;
        let mut foot = area.left - height + APART / 2;
        while foot < area.right {
            let (left, right) = (foot.max(area.left), (foot + height).min(area.right));
            if left < right {
                let ends = [(left, area.bottom - (left - foot)), (right, area.bottom - (right - foot))];
                scene.marks.push(Mark::Stroke(ends, 14, self.palette.background));
            }
            foot += APART;
        }
    }
}

/// The picture before it is written.
fn scene(analysis: &Analysis, theme: Theme, width: Width) -> Scene {
    let setting = Setting { palette: Palette::of(theme), width, em: width.em(0), small: width.em(-5) };
    let groups = groups(analysis);
    let kinds = kinds(&groups);
    let mut scene = Scene::new(width.extent());
    let page = Area { left: 0, top: 0, right: scene.width, bottom: 0 };
    scene.fill(page, setting.palette.background);
    let mut y = MARGIN + width.em(16) / 2;
    let name = scene.cut(&analysis.name, width.em(16), true, scene.width * 6 / 10);
    let title = format!("{name}: where the multiply-adds go");
    let (title, em) = scene.fit(&title, width.em(16), true, scene.width - 2 * MARGIN);
    scene.text(Text { em, bold: true, ..setting.text(&title, MARGIN, y, Anchor::Start) });
    y += setting.em * 17 / 10;
    y = legend(&mut scene, &setting, &kinds, y);
    let chart = Chart::new(&scene, &setting, analysis, &groups);
    y = chart.draw(&mut scene, &setting, y + setting.em * 17 / 10);
    y = whole::draw(&mut scene, &setting, analysis, &kinds, chart.left, y + setting.em);
    scene.height = y + MARGIN;
    if let Some(Mark::Fill(page, _)) = scene.marks.first_mut() {
        page.bottom = scene.height;
    }
    scene
}

/// A swatch and a word for each kind, branches first; gives the last line's height.
fn legend(scene: &mut Scene, setting: &Setting, kinds: &[(Kind, u64, String)], top: i32) -> i32 {
    let Setting { em, .. } = *setting;
    let (mut x, mut y) = (MARGIN, top);
    let (branches, rest): (Vec<_>, Vec<_>) = kinds.iter().partition(|(kind, ..)| matches!(kind, Kind::Branch { .. }));
    for (kind, _, word) in branches.into_iter().chain(rest) {
        let word = scene.cut(word, em, false, scene.width / 3);
        let after = x + em + em / 4 + scene.measure(&word, em, false);
        if after > scene.width - MARGIN && x > MARGIN {
            (x, y) = (MARGIN, y + em * 17 / 10);
        }
        let swatch = Area { left: x, top: y - em * 4 / 10, right: x + em * 8 / 10, bottom: y + em * 4 / 10 };
        scene.fill(swatch, setting.palette.fill(*kind));
        if matches!(kind, Kind::Branch { hatched: true, .. }) {
            setting.hatch(scene, swatch);
        }
        let text = setting.text(&word, x + em + em / 4, y, Anchor::Start);
        x = scene.area(&text).right + em * 12 / 10;
        scene.text(text);
    }
    y
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
    fn new(scene: &Scene, setting: &Setting, analysis: &Analysis, groups: &'a [Group]) -> Chart<'a> {
        let em = setting.em;
        let all = || groups.iter().flat_map(|group| &group.bars);
        let most = all().map(|bar| bar.madds).max().unwrap_or(1);
        let (unit, total) = (Unit::of(most), analysis.totals.madds);
        let wide = |text: &str, bold: bool| scene.measure(text, em, bold);
        let widest = |texts: &mut dyn Iterator<Item = i32>| texts.max().unwrap_or(0);
        let name = widest(&mut all().map(|bar| wide(&bar_name(scene, setting, bar), true))).max(wide("all", true));
        let of = |madds: u64, limit: u64| numbers(unit, madds, total, limit);
        let columns = |madds: &mut dyn Iterator<Item = u64>, limit: u64, right: i32| {
            let all: Vec<Numbers> = madds.map(|madds| of(madds, limit)).collect();
            let share = widest(&mut all.iter().map(|numbers| wide(&numbers.share, true)).chain([wide("share", false)]));
            let madds = widest(&mut all.iter().map(|numbers| wide(&numbers.madds, false)).chain([wide(unit.prefix, false)]));
            let madds_right = right - share - em * 12 / 10;
            ([madds_right, right], madds_right - madds)
        };
        let mut right = scene.width - MARGIN;
        let staged = || groups.iter().filter_map(|group| group.stage.as_ref());
        let mut stages = None;
        if setting.width == Width::Page && staged().next().is_some() {
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
    fn draw(&self, scene: &mut Scene, setting: &Setting, top: i32) -> i32 {
        let em = setting.em;
        let palette = &setting.palette;
        let pitch = em * 14 / 10;
        let gap = pitch * 45 / 100;
        let rows: i32 = self.groups.iter().map(|group| group.bars.iter().map(|_| pitch).sum::<i32>() + gap).sum();
        let bottom = top + rows - gap + pitch * 8 / 10;
        self.axis(scene, setting, [top - pitch / 3, bottom]);
        let heads = |scene: &mut Scene, [madds, share]: [i32; 2]| {
            for (text, x) in [(self.unit.prefix, madds), ("share", share)] {
                scene.text(Text { colour: palette.sub, em: setting.small, ..setting.text(text, x, top, Anchor::End) });
            }
        };
        heads(scene, self.columns);
        if let Some((_, _, columns)) = self.stages {
            heads(scene, columns);
        }
        let mut y = top + pitch;
        for group in self.groups {
            let first = y;
            for bar in &group.bars {
                self.bar(scene, setting, bar, y);
                y += pitch;
            }
            if let (Some((rule, names, columns)), Some((name, madds))) = (self.stages, &group.stage) {
                let half = pitch * 36 / 100;
                scene.fill(Area { left: rule, top: first - half, right: rule + 25, bottom: y - pitch + half }, palette.sub);
                let middle = first + (y - pitch - first) / 2;
                scene.text(setting.text(name, names, middle, Anchor::Start));
                Chart::numbers(scene, setting, &numbers(self.unit, *madds, self.total, STAGE_LIMIT), columns, middle);
            }
            y += gap;
        }
        bottom + em * 25 / 10
    }

    fn axis(&self, scene: &mut Scene, setting: &Setting, [top, bottom]: [i32; 2]) {
        let Setting { em, small, palette, .. } = setting;
        let step = axis::step(self.most, if setting.width == Width::Page { 5 } else { 4 });
        let place = Area { left: self.left, top, right: self.right, bottom };
        for tick in (0..=self.most / step).map(|count| count * step) {
            let x = place.reach(tick, self.most);
            scene.fill(Area { left: x - 8, top, right: x + 8, bottom }, palette.grid);
            scene.fill(Area { left: x - 8, top: bottom, right: x + 8, bottom: bottom + 60 }, palette.rule);
            let text = setting.text(&self.unit.write_tick(tick, step), x, bottom + em * 8 / 10, Anchor::Middle);
            scene.text(Text { colour: palette.sub, em: *small, ..text });
        }
        scene.fill(Area { left: self.left, top: bottom, right: self.right, bottom: bottom + 20 }, palette.rule);
        let (title, em_title) = scene.fit(&self.title, *small, false, scene.width - 2 * MARGIN);
        let half = scene.measure(&title, em_title, false) / 2 + 1;
        let x = i32::midpoint(self.left, self.right).clamp(MARGIN + half, (scene.width - MARGIN - half).max(MARGIN + half));
        let text = setting.text(&title, x, bottom + em * 19 / 10, Anchor::Middle);
        scene.text(Text { colour: palette.sub, em: em_title, ..text });
    }

    fn bar(&self, scene: &mut Scene, setting: &Setting, bar: &Bar, y: i32) {
        let half = setting.em * 50 / 100;
        let name = bar_name(scene, setting, bar);
        scene.text(Text { bold: true, ..setting.text(&name, self.left - setting.em / 2, y, Anchor::End) });
        let place = Area { left: self.left, top: y - half, right: self.right, bottom: y + half };
        let parts: Vec<(Kind, u64)> = bar.parts.iter().map(|part| (part.kind, part.madds)).collect();
        let areas = setting.stack(scene, &parts, place, self.most);
        if setting.width == Width::Page {
            for ((kind, madds), area) in parts.into_iter().zip(areas) {
                inside(scene, setting, &self.unit.write(madds), area, setting.palette.fill(kind));
            }
        }
        Chart::numbers(scene, setting, &numbers(self.unit, bar.madds, self.total, BAR_LIMIT), self.columns, y);
    }

    fn numbers(scene: &mut Scene, setting: &Setting, numbers: &Numbers, [madds, share]: [i32; 2], y: i32) {
        scene.text(setting.text(&numbers.madds, madds, y, Anchor::End));
        let text = setting.text(&numbers.share, share, y, Anchor::End);
        scene.text(Text { colour: setting.palette.sub, bold: numbers.strong, ..text });
    }
}

/// A bar's share is bold from this many per cent on, a stage's from that.
const BAR_LIMIT: u64 = 15;
const STAGE_LIMIT: u64 = 30;

fn numbers(unit: Unit, madds: u64, total: u64, limit: u64) -> Numbers {
    let strong = u128::from(madds) * 100 >= u128::from(total) * u128::from(limit);
    Numbers { madds: unit.write(madds), share: percent(madds, total), strong }
}

/// `21.9 %` with a narrow space.
pub(super) fn percent(part: u64, whole: u64) -> String {
    spaced(&format!("{} %", units::share(part.into(), whole.into())))
}

fn bar_name(scene: &Scene, setting: &Setting, bar: &Bar) -> String {
    scene.cut(&bar.name, setting.em, true, setting.em * 10)
}

/// A text in the middle of a part, if there is room; gives whether there was.
pub(super) fn inside(scene: &mut Scene, setting: &Setting, text: &str, area: Area, fill: Rgb) {
    if scene.measure(text, setting.small, false) + AROUND <= area.width() {
        let middle = (i32::midpoint(area.left, area.right), i32::midpoint(area.top, area.bottom));
        let text = setting.text(text, middle.0, middle.1, Anchor::Middle);
        scene.text(Text { colour: fill.text_on(), em: setting.small, ..text });
    }
}

#[cfg(test)]
mod tests;
