//! How trainings went: loss and accuracy over the epochs, of one run or of several side by side.

use crate::report::hue::Hue;
use crate::report::picture::Kind;
use crate::report::picture::Marker;
use crate::report::picture::Path;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Tag;
use crate::report::picture::Width;
use crate::report::plot::epochs::Axis;
use crate::report::plot::epochs::Panel;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::sheet::Swatch;
use crate::train::Epoch;

/// Most times the first epoch's mean loss that a panel is high: a start that flew off must not flatten the rest.
const HIGHEST: f64 = 1.5;

/// A run, to be set beside others.
#[derive(Clone, Debug)]
pub struct RunCurve {
    /// What it is called; runs that differ in their seed alone have one name.
    pub name: String,
    /// Its epochs.
    pub epochs: Vec<Epoch>,
}

/// One value of an epoch.
type Value = fn(&Epoch) -> Option<f64>;

/// Loss and accuracy of one training, of what it learned from and of what was set aside, the best epoch marked.
pub fn training_curves(name: &str, epochs: &[Epoch], planned: u32, width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let y = sheet.title(Some(name), "training");
    let validated = epochs.iter().any(|epoch| epoch.validation_loss.is_some());
    let mut legend = vec![(line_of(Role::Variant), "training, as images were varied".to_owned())];
    if validated {
        legend.insert(0, (line_of(Role::This), "validation".to_owned()));
    }
    let best = epochs.iter().rev().find(|epoch| epoch.best && validated);
    if let Some(best) = best {
        legend.push((Swatch::Marker(Marker::Circle, Role::Background, Some(Role::This)), format!("best epoch, {}", best.epoch)));
    }
    let y = sheet.legend(&legend, y + sheet.em / 2);
    let axes = [Axis::Loss(highest(epochs)), Axis::Share];
    let values: [[Value; 2]; 2] = [
        [|epoch| Some(epoch.loss), |epoch| epoch.validation_loss],
        [|epoch| Some(epoch.accuracy), |epoch| epoch.validation_accuracy],
    ];
    let frames = panels(&mut sheet, &axes, y, planned);
    for ((panel, axis), values) in frames.iter().zip(axes).zip(values) {
        for (value, role) in values.into_iter().zip([Role::Variant, Role::This]) {
            let points: Vec<Point> =
                epochs.iter().filter_map(|epoch| Some(panel.place(axis, epoch.epoch, value(epoch)?))).collect();
            draw(&mut sheet, &points, role);
        }
        if let Some((best, value)) = best.and_then(|best| Some((best, values[1](best)?))) {
            let at = panel.place(axis, best.epoch, value);
            sheet.scene.marker(Marker::Circle, at, 75, Role::Background, Some(Stroke::solid(40, Role::This)));
        }
    }
    let bottom = frames[frames.len() - 1].name_epochs(&mut sheet);
    sheet.finish(bottom)
}

/// Validation loss and accuracy of several runs. Runs of one name share a colour: each a thin line, their mean a thick one where all have an
/// epoch, and between the least and the most a band.
pub fn curves_of_runs(runs: &[RunCurve], width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let y = sheet.title(None, "validation over epochs");
    let mut names: Vec<&str> = Vec::new();
    for run in runs {
        if !names.contains(&&*run.name) {
            names.push(&run.name);
        }
    }
    let legend: Vec<(Swatch, String)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let count = runs.iter().filter(|run| run.name == *name).count();
            (line_of(role(at)), if count > 1 { format!("{name}, {count} runs") } else { (*name).to_owned() })
        })
        .collect();
    let y = sheet.legend(&legend, y + sheet.em / 2);
    let all: Vec<Epoch> = runs.iter().flat_map(|run| run.epochs.iter().cloned()).collect();
    let axes = [Axis::Loss(highest(&all)), Axis::Share];
    let values: [Value; 2] = [|epoch| epoch.validation_loss, |epoch| epoch.validation_accuracy];
    let planned = all.iter().map(|epoch| epoch.epoch).max().unwrap_or(1);
    let frames = panels(&mut sheet, &axes, y, planned);
    for ((panel, axis), value) in frames.iter().zip(axes).zip(values) {
        for (at, name) in names.iter().enumerate() {
            let of_name: Vec<&RunCurve> = runs.iter().filter(|run| run.name == *name).collect();
            group(&mut sheet, panel, axis, value, &of_name, role(at));
        }
    }
    let bottom = frames[frames.len() - 1].name_epochs(&mut sheet);
    sheet.finish(bottom)
}

fn group(sheet: &mut Sheet, panel: &Panel, axis: Axis, value: Value, runs: &[&RunCurve], role: Role) {
    let last = runs.iter().filter_map(|run| run.epochs.last()).map(|epoch| epoch.epoch).min().unwrap_or(0);
    let spread: Vec<(u32, Vec<f64>)> = (1..=last)
        .map(|number| {
            let of_run = |run: &&RunCurve| run.epochs.iter().find(|epoch| epoch.epoch == number).and_then(value);
            (number, runs.iter().filter_map(of_run).collect())
        })
        .filter(|(_, values): &(u32, Vec<f64>)| !values.is_empty())
        .collect();
    let along = |pick: fn(&[f64]) -> f64| -> Vec<Point> {
        spread.iter().map(|(epoch, values)| panel.place(axis, *epoch, pick(values))).collect()
    };
    if runs.len() > 1 {
        let mut band = along(|values| values.iter().copied().fold(f64::MIN, f64::max));
        band.extend(along(|values| values.iter().copied().fold(f64::MAX, f64::min)).into_iter().rev());
        if band.len() > 2 {
            sheet.scene.shape(Path::around(&band), role, 18);
        }
    }
    let mean = along(|values| values.iter().sum::<f64>() / values.len() as f64);
    draw(sheet, &mean, role);
}

fn panels(sheet: &mut Sheet, axes: &[Axis], above: i32, planned: u32) -> Vec<Panel> {
    let left = Panel::left(sheet, axes);
    let height = sheet.scene.width * if sheet.is_page() { 22 } else { 40 } / 100;
    let mut top = above + sheet.em * 31 / 10;
    axes.iter()
        .map(|&axis| {
            let right = sheet.right() - sheet.em / 2;
            let panel = Panel::draw(sheet, axis, [top, height], [left, right], planned);
            top += height + sheet.em * 40 / 10;
            panel
        })
        .collect()
}

fn draw(sheet: &mut Sheet, points: &[Point], role: Role) {
    sheet.scene.line(points, Stroke::solid(50, role));
    if points.len() <= 30 {
        for &point in points {
            let tag = Tag { class: "point", path: None, title: None };
            sheet.scene.group(tag, |scene| scene.marker(Marker::Circle, point, 40, role, None));
        }
    }
}

/// The highest loss that is shown.
fn highest(epochs: &[Epoch]) -> f64 {
    let first = epochs.iter().map(|epoch| epoch.loss).filter(|loss| loss.is_finite()).fold(0.0, f64::max);
    let most = epochs.iter().flat_map(|epoch| [Some(epoch.loss), epoch.validation_loss]).flatten().fold(0.0, f64::max);
    most.min(first * HIGHEST)
}

fn line_of(role: Role) -> Swatch {
    Swatch::Fill(role)
}

/// Colours of runs, in the order in which they are named.
fn role(at: usize) -> Role {
    let hue = |hue| Role::Fill(Kind::Branch { hue, hatched: false, reduces: false });
    let roles =
        [Role::This, Role::Naive, Role::Variant, hue(Hue::Five), hue(Hue::Pool), hue(Hue::Three), hue(Hue::One), hue(Hue::Named)];
    roles[at % roles.len()]
}
