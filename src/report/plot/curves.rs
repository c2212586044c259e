//! How trainings went: loss and accuracy over the epochs, of one run or of several side by side.

use crate::report::hue::Hue;
use crate::report::picture::Kind;
use crate::report::picture::Marker;
use crate::report::picture::Path;
use crate::report::picture::Picture;
use crate::report::picture::Point;
use crate::report::picture::Role;
use crate::report::picture::Stroke;
use crate::report::picture::Width;
use crate::report::plot::epochs::Axis;
use crate::report::plot::epochs::Panel;
use crate::report::plot::frame::with_unit;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::sheet::Swatch;
use crate::train::Epoch;

/// Most times the first epoch's mean loss that a panel is high: a start that flew off must not flatten the rest.
const HIGHEST: f64 = 1.5;
/// Epochs that have a marker each, at most.
const DOTTED: u32 = 30;

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
        let reached = best.validation_accuracy.map(|share| format!(": {}", with_unit(&format!("{:.2}", share * 100.0), "%")));
        let words = format!("best epoch, {}{}", best.epoch, reached.unwrap_or_default());
        legend.push((Swatch::Marker(Marker::Circle, Role::Background, Some(Role::This)), words));
    }
    let y = sheet.legend(&legend, y + sheet.em / 2);
    let values: [[Value; 2]; 2] = [
        [|epoch| Some(epoch.loss), |epoch| epoch.validation_loss],
        [|epoch| Some(epoch.accuracy), |epoch| epoch.validation_accuracy],
    ];
    let axes = [Axis::Loss(highest(epochs, &values[0])), Axis::Share];
    let planned = epochs.last().map_or(planned, |epoch| planned.max(epoch.epoch));
    let frames = panels(&mut sheet, &axes, y, planned);
    for ((panel, axis), values) in frames.iter().zip(axes).zip(values) {
        for (value, role) in values.into_iter().zip([Role::Variant, Role::This]) {
            let points: Vec<Point> =
                epochs.iter().filter_map(|epoch| Some(panel.place(axis, epoch.epoch, value(epoch)?))).collect();
            draw(&mut sheet, &points, Stroke::solid(50, role), planned);
        }
        if let Some((best, value)) = best.and_then(|best| Some((best, values[1](best)?))) {
            let at = panel.place(axis, best.epoch, value);
            sheet.scene.marker(Marker::Circle, at, 75, Role::Background, Some(Stroke::solid(40, Role::This)));
        }
    }
    let bottom = frames[frames.len() - 1].name_epochs(&mut sheet);
    sheet.finish(bottom)
}

/// Validation loss and accuracy of several runs. Runs of one name share a colour: a line for the mean of those that have an epoch, and a
/// band from the least of them to the most.
pub fn curves_of_runs(runs: &[RunCurve], width: Width) -> Picture {
    let mut sheet = Sheet::new(width);
    let y = sheet.title(None, "validation over epochs");
    let mut names: Vec<&str> = Vec::new();
    for run in runs {
        if !names.contains(&&*run.name) {
            names.push(&run.name);
        }
    }
    let of_name = |name: &str| runs.iter().filter(|run| run.name == name).collect::<Vec<&RunCurve>>();
    let legend: Vec<(Swatch, String)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let seeds = of_name(name).len();
            let seeds = if seeds > 1 { format!(", mean and range of {seeds} seeds") } else { String::new() };
            let dashed = if line(at).dash.is_some() { ", dashed" } else { "" };
            (Swatch::Fill(line(at).role), format!("{name}{seeds}{dashed}"))
        })
        .collect();
    let y = sheet.legend(&legend, y + sheet.em / 2);
    let values: [Value; 2] = [|epoch| epoch.validation_loss, |epoch| epoch.validation_accuracy];
    let all: Vec<Epoch> = runs.iter().flat_map(|run| run.epochs.iter().cloned()).collect();
    let axes = [Axis::Loss(highest(&all, &values[..1])), Axis::Share];
    let planned = all.iter().map(|epoch| epoch.epoch).max().unwrap_or(1);
    let frames = panels(&mut sheet, &axes, y, planned);
    for ((panel, axis), value) in frames.iter().zip(axes).zip(values) {
        let spreads: Vec<Vec<(u32, Vec<f64>)>> = names.iter().map(|name| spread(&of_name(name), value)).collect();
        let along = |spread: &[(u32, Vec<f64>)], pick: fn(&[f64]) -> f64| -> Vec<Point> {
            spread.iter().map(|(epoch, values)| panel.place(axis, *epoch, pick(values))).collect()
        };
        // All bands lie under all lines.
        for (at, spread) in spreads.iter().enumerate().filter(|(_, spread)| spread.iter().any(|(_, values)| values.len() > 1)) {
            let mut band = along(spread, |values| values.iter().copied().fold(f64::MIN, f64::max));
            band.extend(along(spread, |values| values.iter().copied().fold(f64::MAX, f64::min)).into_iter().rev());
            if band.len() > 2 {
                sheet.scene.shape(Path::around(&band), line(at).role, 20);
            }
        }
        for (at, spread) in spreads.iter().enumerate() {
            let mean = along(spread, |values| values.iter().sum::<f64>() / values.len() as f64);
            draw(&mut sheet, &mean, line(at), planned);
        }
    }
    let bottom = frames[frames.len() - 1].name_epochs(&mut sheet);
    sheet.finish(bottom)
}

/// For each epoch that one of the runs has the values of all that have it.
fn spread(runs: &[&RunCurve], value: Value) -> Vec<(u32, Vec<f64>)> {
    let last = runs.iter().filter_map(|run| run.epochs.last()).map(|epoch| epoch.epoch).max().unwrap_or(0);
    let at = |number: u32| -> Vec<f64> {
        let of_run = |run: &&RunCurve| run.epochs.iter().find(|epoch| epoch.epoch == number).and_then(value);
        runs.iter().filter_map(of_run).collect()
    };
    (1..=last).map(|number| (number, at(number))).filter(|(_, values)| !values.is_empty()).collect()
}

fn panels(sheet: &mut Sheet, axes: &[Axis], above: i32, planned: u32) -> Vec<Panel> {
    let left = Panel::left(sheet, axes);
    let height = sheet.scene.width * if sheet.is_page() { 22 } else { 40 } / 100;
    // The last epoch's number stands in the middle under the panel's end.
    let right = sheet.right() - sheet.scene.measure(&planned.to_string(), sheet.small, false) / 2;
    let mut top = above + sheet.em * 31 / 10;
    axes.iter()
        .map(|&axis| {
            let panel = Panel::draw(sheet, axis, [top, height], [left, right], planned);
            top += height + sheet.em * 40 / 10;
            panel
        })
        .collect()
}

fn draw(sheet: &mut Sheet, points: &[Point], stroke: Stroke, planned: u32) {
    sheet.scene.line(points, stroke);
    // A single epoch is no line.
    if planned <= DOTTED || points.len() == 1 {
        for &point in points {
            sheet.scene.marker(Marker::Circle, point, 40, stroke.role, None);
        }
    }
}

/// The highest loss that is shown.
fn highest(epochs: &[Epoch], values: &[Value]) -> f64 {
    let shown =
        |epoch: &Epoch| values.iter().filter_map(|value| value(epoch)).filter(|value| value.is_finite()).fold(0.0, f64::max);
    let most = |epochs: &mut dyn Iterator<Item = &Epoch>| epochs.map(shown).fold(0.0, f64::max);
    let first = most(&mut epochs.iter().filter(|epoch| epoch.epoch == 1));
    let all = most(&mut epochs.iter());
    if first > 0.0 { all.min(first * HIGHEST) } else { all }
}

fn line_of(role: Role) -> Swatch {
    Swatch::Fill(role)
}

/// Lines of runs, in the order in which they are named: seven colours, then the same dashed.
pub(super) fn line(at: usize) -> Stroke {
    let hue = |hue| Role::Fill(Kind::Branch { hue, hatched: false, reduces: false });
    let roles =
        [Role::This, Role::Naive, hue(Hue::One), hue(Hue::Five), hue(Hue::Pool), hue(Hue::Three), Role::Fill(Kind::Layer)];
    let role = roles[at % roles.len()];
    if (at / roles.len()).is_multiple_of(2) { Stroke::solid(50, role) } else { Stroke::dashed(50, role) }
}
