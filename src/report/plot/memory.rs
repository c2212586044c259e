//! Live memory along the order of execution: what each step reads and writes and what waits beside it, with the peak and its parts.

use std::collections::HashMap;

use crate::analyze::Analysis;
use crate::analyze::Level;
use crate::analyze::Moment;
use crate::base::units::F32_BYTES;
use crate::report::numbers::bytes;
use crate::report::numbers::exact;
use crate::report::numbers::times;
use crate::report::picture::Area;
use crate::report::picture::Marker;
use crate::report::picture::Path;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Tag;
use crate::report::picture::Width;
use crate::report::plot::columns;
use crate::report::plot::columns::Column;
use crate::report::plot::frame::Ticks;
use crate::report::plot::remark::Line;
use crate::report::plot::remark::Reach;
use crate::report::plot::remark::remark;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::sheet::Swatch;
use crate::report::plot::taken::Taken;

/// The picture of one network's inference.
pub fn memory_timeline(analysis: &Analysis, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let (memory, moments) = (&analysis.memory, &analysis.memory.timeline[..]);
    let y = sheet.title(Some(&analysis.name), "live memory along the execution order");
    let waiting = if sheet.is_page() { "waiting (for a later step)" } else { "waiting" };
    let entries = [(Role::Variant, "read by this step"), (Role::This, "written by this step"), (Role::Rule, waiting)];
    let y = sheet.legend(&entries.map(|(role, word)| (Swatch::Fill(role), word.to_owned())), y);
    // Room above the peak for its marker and its name.
    let high = memory.peak_bytes + memory.peak_bytes / 5;
    let ticks = Ticks::upto(high, if sheet.is_page() { 6 } else { 4 }, "B");
    let em = sheet.em;
    let top = y + em * 19 / 10;
    let height = sheet.scene.width * if sheet.is_page() { 28 } else { 52 } / 100;
    let area = Area { left: ticks.left(&sheet), top, right: sheet.right(), bottom: top + height };
    ticks.draw(&mut sheet, area);
    let chart = Chart { moments, area, top: ticks.top };
    chart.draw(&mut sheet);
    let columns = chart.columns(analysis);
    let narrow = columns.iter().any(|column| !column.name.is_empty() && column.right - column.left < em * 12 / 10);
    let runs: Vec<&[Column]> = if narrow { columns::stages(&columns) } else { columns.chunks(1).collect() };
    for column in runs.iter().skip(1).filter_map(|run| run.first()) {
        let (top, bottom) = (area.bottom, area.bottom + em * 12 / 10);
        sheet.scene.fill(Area { left: column.left - 8, right: column.left + 8, top, bottom }, Role::Rule);
    }
    columns::names(&mut sheet, &columns, area.bottom + em * 8 / 10);
    let mut taken = Taken::of(sheet.scene.texts());
    taken.line(&chart.line());
    for (at, moment) in moments.iter().enumerate() {
        taken.area(chart.step(at, 0, moment.live_bytes));
    }
    peaks(&mut sheet, &mut taken, analysis, &chart);
    let ratio = times(memory.sum_bytes, memory.peak_bytes);
    let lines = [
        Line::plain(format!("sum of all activations: {} ({ratio} the peak)", bytes(memory.sum_bytes))),
        Line::plain(format!("parameters: {}", bytes(analysis.totals.params * F32_BYTES))),
    ];
    let corner = Point::at(area.right - em / 3, area.top + area.height() * 4 / 10);
    let anywhere = Reach { least: 0, most: i32::MAX, leads: false };
    remark(&mut sheet, &mut taken, &lines, corner, anywhere, area);
    let note = format!(
        "{} steps, f32, batch {}; activations and dropout in place, freed after last use, concat copies",
        moments.len(),
        analysis.batch
    );
    let bottom = sheet.remark(&note, area.bottom + em * 26 / 10);
    sheet.finish(bottom)
}

/// Steps side by side, equally wide.
struct Chart<'a> {
    moments: &'a [Moment],
    area: Area,
    top: u64,
}

impl Chart<'_> {
    fn x(&self, at: usize) -> i32 {
        self.area.reach(at as u64, self.moments.len().max(1) as u64)
    }

    /// The box of a step between two numbers of bytes.
    fn step(&self, at: usize, from: u64, to: u64) -> Area {
        let y = |bytes: u64| self.area.rise(bytes, self.top);
        Area { left: self.x(at), right: self.x(at + 1), top: y(to), bottom: y(from) }
    }

    /// Corners along the upper ends of the steps.
    fn edge(&self, bytes: impl Fn(&Moment) -> u64) -> Vec<Point> {
        let mut points: Vec<Point> = Vec::with_capacity(2 * self.moments.len());
        for (at, moment) in self.moments.iter().enumerate() {
            let y = self.area.rise(bytes(moment), self.top);
            match points.last_mut() {
                Some(last) if last.y == y => last.x = self.x(at + 1),
                _ => points.extend([Point::at(self.x(at), y), Point::at(self.x(at + 1), y)]),
            }
        }
        points
    }

    fn line(&self) -> Vec<Point> {
        self.edge(|moment| moment.live_bytes)
    }

    fn draw(&self, sheet: &mut Sheet) {
        let live = |moment: &Moment| moment.live_bytes;
        let kept = |moment: &Moment| (moment.waiting_elements + moment.read_elements) * F32_BYTES;
        let waiting = |moment: &Moment| moment.waiting_elements * F32_BYTES;
        let feet = [Point::at(self.area.right, self.area.bottom), Point::at(self.area.left, self.area.bottom)];
        let layers = [(self.edge(live), Role::This), (self.edge(kept), Role::Variant), (self.edge(waiting), Role::Rule)];
        for (edge, role) in layers {
            let corners: Vec<Point> = edge.into_iter().chain(feet).collect();
            sheet.scene.shape(Path::around(&corners), role, 100);
        }
        sheet.scene.line(&self.line(), Stroke::solid(20, Role::Ink));
        sheet.level(self.area.left, self.area.right, self.area.bottom, Role::Faint);
        for (at, moment) in self.moments.iter().enumerate() {
            let title = format!("{}: {} bytes", moment.path, exact(moment.live_bytes));
            let tag = Tag { class: "step", path: Some(moment.layer.clone()), title: Some(title) };
            // Nothing to be seen, but something to point at.
            let area = self.step(at, 0, moment.live_bytes);
            let corners = [(area.left, area.top), (area.right, area.top), (area.right, area.bottom), (area.left, area.bottom)];
            let path = Path::around(&corners.map(|(x, y)| Point::at(x, y)));
            sheet.scene.group(tag, |scene| scene.shape(path, Role::This, 0));
        }
    }

    /// Runs of steps of one module, and of layers outside modules.
    fn columns(&self, analysis: &Analysis) -> Vec<Column> {
        let tops = analysis.tree.children.iter().filter(|row| row.level == Level::Stage);
        let stages: HashMap<&str, &str> =
            tops.flat_map(|stage| stage.children.iter().map(|row| (&*row.name, &*stage.name))).collect();
        let module = |moment: &Moment| {
            let first = moment.layer.split('/').next().unwrap_or_default();
            moment.in_module.then(|| first.to_owned())
        };
        let mut columns: Vec<(Option<String>, Column)> = Vec::new();
        for (at, moment) in self.moments.iter().enumerate() {
            let name = module(moment);
            let right = self.x(at + 1);
            match columns.last_mut() {
                Some((last, column)) if *last == name => column.right = right,
                _ => {
                    let word = match &name {
                        Some(name) => name.clone(),
                        None if columns.is_empty() => "stem".to_owned(),
                        None => String::new(),
                    };
                    let first = moment.layer.split('/').next().unwrap_or_default();
                    let stage = stages.get(first).map(|&stage| stage.to_owned());
                    columns.push((name, Column { name: word, stage, left: self.x(at), right }));
                }
            }
        }
        columns.into_iter().map(|(_, column)| column).collect()
    }
}

/// The peak by name, and the highest inside a module.
fn peaks(sheet: &mut Sheet, taken: &mut Taken, analysis: &Analysis, chart: &Chart<'_>) {
    let memory = &analysis.memory;
    let em = sheet.em;
    let at = |live: u64, within: bool| {
        chart.moments.iter().position(|moment| moment.live_bytes == live && (moment.in_module || !within))
    };
    let over = |index: usize| {
        let area = chart.step(index, 0, chart.moments[index].live_bytes);
        Point::at(area.middle().x, area.top)
    };
    let Some(peak) = at(memory.peak_bytes, false) else { return };
    let tip = over(peak);
    let marker = Point::at(tip.x, tip.y - 95);
    sheet.scene.marker(Marker::Down, marker, 80, Role::Ink, None);
    taken.area(Area { left: marker.x - 90, right: marker.x + 90, top: marker.y - 90, bottom: marker.y + 90 });
    let moment = &chart.moments[peak];
    let part = |elements: u64| bytes(elements * F32_BYTES);
    let mut parts = vec![format!("reads {}", part(moment.read_elements)), format!("writes {}", part(moment.written_elements))];
    if moment.waiting_elements > 0 {
        parts.push(format!("{} waits", part(moment.waiting_elements)));
    }
    let bold = Line { words: format!("peak {} at {}", bytes(memory.peak_bytes), memory.peak_at), bold: true, role: Role::Ink };
    let reach = Reach { least: em * 6 / 10, most: i32::MAX, leads: true };
    let within = Area { top: chart.area.top - em, ..chart.area };
    remark(sheet, taken, &[bold, Line::plain(parts.join(", "))], marker, reach, within);
    let inside = memory.peak_in_modules.as_ref().filter(|inside| inside.bytes < memory.peak_bytes);
    if let Some((inside, index)) = inside.and_then(|inside| Some((inside, at(inside.bytes, true)?))) {
        let words = format!("inside the modules: {} at {}", bytes(inside.bytes), inside.path);
        remark(sheet, taken, &[Line::plain(words)], over(index), Reach::of(em), chart.area);
    }
}
